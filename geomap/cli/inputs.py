"""What commands that read articles share: their inputs, the readings, where the result goes."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from geomap.cli.options import with_options
from geomap.cli.terminal import complain, open_gazetteer, stdout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from geomap.articles.online import Online
    from geomap.errors import ArticleError
    from geomap.gazetteer import Gazetteer
    from geomap.model import Reading
    from geomap.pipeline import Pipeline

__all__ = [
    "STREAM",
    "How",
    "Inputs",
    "OptionalInputs",
    "counted",
    "make_pipeline",
    "read_inputs",
    "require_place",
    "sink",
    "watched",
    "with_reading",
]

STREAM = "-"


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise typer.BadParameter(f"{given!r} is no day: write it as 2023-01-31") from None


_INPUT = typer.Argument(
    metavar="INPUT",
    help="A .txt, .md, .html, .jsonl or .csv file, a saved feed (.xml), a folder, a glob,"
    " - for stdin, or with --online the address of a page or a feed.",
)
Inputs = Annotated[list[str], _INPUT]
OptionalInputs = Annotated[list[str] | None, _INPUT]
_CONTACT = "GEOMAP_CONTACT"
# Of each field of `How`: the type on the command line, and the default.
_OPTIONS: dict[str, tuple[Any, Any]] = {
    "published": (
        Annotated[
            date | None,
            typer.Option(
                metavar="DATE",
                parser=_day,
                help="Publication day (YYYY-MM-DD) of the articles that do not carry one.",
            ),
        ],
        None,
    ),
    "workers": (
        Annotated[int, typer.Option(min=1, help="How many processes read articles.")],
        1,
    ),
    "online": (
        Annotated[
            bool,
            typer.Option(
                "--online",
                help="Fetch inputs that are http(s) addresses; $GEOMAP_CONTACT, an e-mail address"
                " or a page, tells the sites who asks.",
            ),
        ],
        False,
    ),
    "outlets": (
        Annotated[
            Path | None,
            typer.Option(metavar="FILE", help="Homes of publishers, from `geomap outlets learn`."),
        ],
        None,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a command shall read articles."""

    published: date | None = None
    workers: int = 1
    online: bool = False
    outlets: Path | None = None

    def fetcher(self) -> Online | None:
        """Return what fetches addresses; None where the network is not asked for."""
        if not self.online:
            return None
        from geomap.articles.online import Online

        return Online(contact=os.environ.get(_CONTACT) or None)


def with_reading(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of reading, which it gets as one value named `how`."""
    return with_options("how", _OPTIONS, How)(command)


@contextmanager
def read_inputs(inputs: list[str], how: How, *, count: bool = True) -> Iterator[Iterator[Reading]]:
    """Give the readings of some inputs; what cannot be read is told, and fails the command."""
    from geomap.articles import read_articles

    problems: list[ArticleError] = []

    def tell(error: ArticleError) -> None:
        complain(error)
        problems.append(error)

    articles = read_articles(inputs, published=how.published, on_error=tell, online=how.fetcher())
    pipeline = make_pipeline(open_gazetteer(), how.outlets)
    readings = pipeline.read_all(articles, workers=how.workers, on_error=tell)
    if count:
        readings = counted(readings)
    first = tuple(islice(readings, 1))
    if first or not problems:  # with nothing read, an older result is left alone
        yield chain(first, readings)
    if problems:
        raise typer.Exit(1)


@contextmanager
def sink(output: str) -> Iterator[IO[bytes]]:
    """Open where a result goes: stdout, or a file that is replaced when all is written."""
    from geomap.output import replacing

    if output == STREAM:
        yield stdout()
        return
    with replacing(output) as file:
        yield file


def require_place(output: str) -> None:
    """Check, before long work, that a result can go where it shall."""
    from geomap.output import require_folder

    if output == STREAM:
        stdout()
    else:
        require_folder(output)


def make_pipeline(gazetteer: Gazetteer, outlets: Path | None = None) -> Pipeline:
    """Return a pipeline over a gazetteer, with the homes of publishers where a file gives them."""
    from geomap.pipeline import Pipeline

    return Pipeline(gazetteer=gazetteer, outlets=outlets)


def counted(readings: Iterable[Reading]) -> Iterator[Reading]:
    """Pass readings on and count them on stderr, where both ends are a person's terminal."""
    if not sys.stderr.isatty():
        yield from readings
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:.0f} articles read"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("read", total=None)
        for reading in readings:
            bar.advance(task)
            yield reading


@contextmanager
def watched(inputs: list[str]) -> Iterator[Callable[[int, int], None] | None]:
    """Show articles, rate and time left on a terminal while a block runs; give what is told."""
    if not sys.stderr.isatty():
        yield None
        return
    import threading

    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from geomap.articles.parts import total_bytes

    columns = (
        BarColumn(),
        TextColumn("{task.fields[articles]:,} articles, {task.fields[rate]:.1f} a second,"),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    began, articles = time.monotonic(), 0
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("read", total=None, articles=0, rate=0.0)

        def count() -> None:
            bar.update(task, total=total_bytes(inputs) or None)

        def show(more: int, size: int) -> None:
            nonlocal articles
            articles += more
            rate = articles / max(time.monotonic() - began, 1e-9)
            bar.update(task, advance=size, articles=articles, rate=rate)

        # A folder of a million files is counted while it is read.
        threading.Thread(target=count, daemon=True).start()
        yield show

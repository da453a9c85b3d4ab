"""What commands that read articles share: their inputs, the readings, where the result goes."""

from __future__ import annotations

import sys
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from geomap.cli.terminal import complain, open_gazetteer, stdout
from geomap.errors import GeomapError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from geomap.errors import ArticleError
    from geomap.gazetteer import Gazetteer
    from geomap.model import Article, Reading
    from geomap.pipeline import Pipeline

__all__ = [
    "READING_OPTIONS",
    "STREAM",
    "Inputs",
    "OptionalInputs",
    "Published",
    "Workers",
    "counted",
    "make_pipeline",
    "read_inputs",
    "read_with",
    "require_place",
    "sink",
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
    " or - for stdin.",
)
Inputs = Annotated[list[str], _INPUT]
OptionalInputs = Annotated[list[str] | None, _INPUT]
Published = Annotated[
    date | None,
    typer.Option(
        metavar="DATE",
        parser=_day,
        help="Publication day (YYYY-MM-DD) of the articles that do not carry one.",
    ),
]
Workers = Annotated[int, typer.Option(min=1, help="How many processes read articles.")]
READING_OPTIONS = {
    "published": Published,
    "workers": Annotated[
        int | None, typer.Option(min=1, help="How many processes read articles; default 1.")
    ],
    "outlets": Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Homes of publishers, from `geomap outlets learn`."),
    ],
}


@contextmanager
def read_inputs(
    inputs: list[str],
    *,
    published: date | None = None,
    workers: int = 1,
    outlets: Path | None = None,
    count: bool = True,
) -> Iterator[Iterator[Reading]]:
    """Give the readings of some inputs; what cannot be read is told, and fails the command."""
    from geomap.articles import read_articles

    problems: list[ArticleError] = []

    def tell(error: ArticleError) -> None:
        complain(error)
        problems.append(error)

    articles = read_articles(inputs, published=published, on_error=tell)
    readings = read_with(make_pipeline(open_gazetteer(), outlets), articles, workers)
    if count:
        readings = counted(readings)
    first = tuple(islice(readings, 1))
    if first or not problems:  # with nothing read, an older result is left alone
        yield chain(first, readings)
    if problems:
        raise typer.Exit(1)


def read_with(pipeline: Pipeline, articles: Iterable[Article], workers: int) -> Iterator[Reading]:
    """Read articles; a worker process that is gone is told in words."""
    try:
        yield from pipeline.read_all(articles, workers=workers)
    except BrokenExecutor as error:
        raise GeomapError(
            "a worker process was ended from outside, perhaps for want of memory:"
            " try again with fewer --workers"
        ) from error


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

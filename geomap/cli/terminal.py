"""What every command shares: one line for an expected failure, tables, a bar while one waits."""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from geomap.errors import GeomapError, OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from geomap.gazetteer import Gazetteer

__all__ = [
    "Commands",
    "can_ask",
    "complain",
    "harmless",
    "open_gazetteer",
    "plain",
    "print_table",
    "progress_bar",
    "stdout",
    "table_text",
    "told",
]

_INTERRUPTED = 130  # 128 + SIGINT
_READER_GONE = 141  # 128 + SIGPIPE
# Wide enough for the widest table, for files and pipes, which have no width of their own.
_PIPE_SIZE = (160, 24)
_DATE_WIDTH = len("2023-01-31")
# Control characters, line separators and what turns the direction of writing.
_STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
# A narrower column breaks every word.
_LEAST_WIDTH = 6
# Blanks between two columns of a table.
_GAP = 2
# Columns of numbers, days and codes, which nobody can read in pieces.
_UNBROKEN = frozenset(
    {
        "type",
        "lat",
        "lon",
        "population",
        "score",
        "feature",
        "country",
        "killed",
        "precision",
        "status",
    }
)


class Commands(TyperGroup):
    """A group of commands that tells an expected failure in one line, without a traceback."""

    def make_context(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401, D102 - as for invoke
        with told():  # --help and --version print while the arguments are read
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401, D102 - typer names the type of ctx differently over its versions
        with told():
            return super().invoke(ctx)


@contextmanager
def told() -> Iterator[None]:
    """Turn what ends a command early into one line on stderr and an exit code."""
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except GeomapError as error:
        complain(error)
        raise typer.Exit(1) from None
    except BrokenPipeError:
        drop_stdout()
        raise typer.Exit(_READER_GONE) from None
    except OSError as error:  # what is read and written by name has told its own
        drop_stdout()
        complain(f"stdout: cannot be written, {(error.strerror or str(error)).lower()}")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(_INTERRUPTED) from None


def stdout() -> IO[bytes]:
    """Return stdout for bytes; it is None where the shell has closed it."""
    if sys.stdout is None:
        raise OutputError("stdout: is closed")
    return sys.stdout.buffer


def open_gazetteer() -> Gazetteer:
    """Open the gazetteer of the project, with a progress bar where its index is built first."""
    from geomap.gazetteer import Gazetteer

    with progress_bar() as progress:
        return Gazetteer.for_project(progress=progress)


@contextmanager
def progress_bar() -> Iterator[Callable[[str, float], None] | None]:
    """Give what shows a step and the share done on a terminal; None where there is none."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("gazetteer", total=1.0, visible=False)

        def show(step: str, done: float) -> None:
            bar.update(task, description=step, completed=done, visible=True)

        yield show


def can_ask() -> bool:
    """Tell whether somebody sits there who can answer a question."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stderr.isatty())


def complain(problem: GeomapError | str) -> None:
    """Print one line on stderr, whatever the message holds."""
    typer.echo(f"geomap: {plain(str(problem))}", err=True)


def drop_stdout() -> None:
    """Point stdout nowhere, so that its last flush cannot fail again."""
    if sys.stdout is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())


def plain(text: str) -> str:
    """Return text without line ends and control characters, which could steer a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def harmless(text: str) -> str:
    """Return text without what could steer a terminal, line ends and tabs kept."""
    return _STEERING.sub("\N{REPLACEMENT CHARACTER}", text)


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table on stdout."""
    stdout()
    typer.echo(table_text(headings, rows), nl=False)


def table_text(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, to_file: bool = False
) -> str:
    """Return a table as wide as the terminal, in colour only there."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    # Markup and emoji codes stay off: the cells hold strangers' text.
    width, _ = shutil.get_terminal_size(_PIPE_SIZE)
    target = io.StringIO() if to_file else None
    console = Console(file=target, width=width, markup=False, emoji=False, highlight=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    shown = [[plain(cell) for cell in row] for row in rows]
    least = _least_widths(headings, shown)
    if sum(least) + len(least) * _GAP > width:
        return "".join(_entry(headings, cells) for cells in shown)
    for heading, narrowest in zip(headings, least, strict=True):
        table.add_column(
            heading, overflow="fold", no_wrap=heading in _UNBROKEN, min_width=narrowest
        )
    for cells in shown:
        table.add_row(*cells)
    with console.capture() as capture:
        console.print(table)
    return capture.get()


def _least_widths(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Return how narrow each column can be and still be read."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    breakable = {"date": _DATE_WIDTH}
    return [
        width if heading in _UNBROKEN else min(width, breakable.get(heading, _LEAST_WIDTH))
        for heading, width in zip(headings, widths, strict=True)
    ]


def _entry(headings: Sequence[str], cells: Sequence[str]) -> str:
    """Return a row of a table as lines, for a terminal that is too narrow for its columns."""
    lines = (f"{h}: {cell}\n" for h, cell in zip(headings, cells, strict=True) if cell)
    return "".join((*lines, "\n"))

"""The command line: a skin, every command has its Python twin.

Exit codes: 0 done, 1 failed, 2 wrong usage; 130 after Ctrl-C, 141 when the reader of a pipe has
gone and 143 when the process is told to end, as shells count them.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import sys
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from geomap import __version__
from geomap.errors import GeomapError, InputError, OutputError, PlaceNotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from geomap.errors import ArticleError
    from geomap.gazetteer import Gazetteer
    from geomap.model import (
        Article,
        Candidate,
        Casualties,
        Incident,
        Place,
        Reading,
        Resolution,
        When,
    )
    from geomap.pipeline import Pipeline

__all__ = ["app", "main"]

_INTERRUPTED = 130  # 128 + SIGINT
_READER_GONE = 141  # 128 + SIGPIPE
_TOLD_TO_END = 143  # 128 + SIGTERM
_STREAM = "-"
# Wide enough for the widest table, for files and pipes, which have no width of their own.
_PIPE_SIZE = (160, 24)
# Longer ones are pasted by mistake.
_SHOWN_NAME = 60
_DEMO_MAP = Path("maps/demo.html")
_COUNTRY_CODE_LETTERS = 2
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


class Format(StrEnum):
    """What `geomap read` prints."""

    JSONL = "jsonl"
    GEOJSON = "geojson"
    CSV = "csv"
    TABLE = "table"


class _Commands(TyperGroup):
    """A group of commands that tells an expected failure in one line, without a traceback."""

    def make_context(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as for invoke
        with _told():  # --help and --version print while the arguments are read
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer names the type of ctx differently over its versions
        with _told():
            return super().invoke(ctx)


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="From news text to mapped, queryable, cited incidents - offline.",
)
gazetteer_app = typer.Typer(no_args_is_help=True, help="What is known of the world's places.")
app.add_typer(
    gazetteer_app,
    name="gazetteer",
    epilog="Examples:\n\n$ geomap gazetteer info\n\n$ geomap gazetteer verify",
)


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise typer.BadParameter(f"{given!r} is no day: write it as 2023-01-31") from None


Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT",
        help="A .txt, .md, .html, .jsonl or .csv file, a saved feed (.xml), a folder, a glob,"
        " or - for stdin.",
    ),
]
Published = Annotated[
    date | None,
    typer.Option(
        metavar="DATE",
        parser=_day,
        help="Publication day (YYYY-MM-DD) of the articles that do not carry one.",
    ),
]
Workers = Annotated[int, typer.Option(min=1, help="How many processes read articles.")]
Title = Annotated[str | None, typer.Option(help="Heading of the map.")]


def main() -> None:
    """Run the command line and end the process with its exit code."""
    signal.signal(signal.SIGTERM, _end)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A letter that a terminal's encoding lacks is a question mark, and not the end.
            stream.reconfigure(errors="replace")
    app(prog_name="geomap")


def _end(_signal: int, _frame: object) -> None:
    """Leave by an exception, so that temporary files are removed."""
    sys.exit(_TOLD_TO_END)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what ends a command early into one line on stderr and an exit code."""
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except GeomapError as error:
        _complain(error)
        raise typer.Exit(1) from None
    except BrokenPipeError:
        _drop_stdout()
        raise typer.Exit(_READER_GONE) from None
    except OSError as error:  # what is read and written by name has told its own
        _drop_stdout()
        _complain(f"stdout: cannot be written, {(error.strerror or str(error)).lower()}")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(_INTERRUPTED) from None


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer gives it by position
    if wanted:
        typer.echo(f"geomap {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Take the options that belong to no command."""


@app.command(epilog="Examples:\n\n$ geomap demo\n\n$ cd /tmp && geomap demo && ls maps")
def demo() -> None:
    """Read the packaged sample articles and draw them to maps/demo.html."""
    from geomap.articles import read_articles
    from geomap.incidents import group
    from geomap.maps import draw

    gazetteer = _gazetteer()
    articles = read_articles(Path(__file__).with_name("samples"))
    incidents = group(_counted(_pipeline(gazetteer).read_all(articles)))
    _make_folder(_DEMO_MAP.parent)
    drawn = draw(incidents, title="geomap demo: invented sample articles", gazetteer=gazetteer)
    drawn.save(_DEMO_MAP)
    _print_table(
        ("date", "type", "place", "precision", "status", "killed", "sources"),
        [_incident_cells(incident) for incident in incidents],
    )
    typer.echo(_DEMO_MAP)


@app.command(
    epilog="Examples:\n\n$ geomap read articles/ -o readings.jsonl\n\n"
    "$ cat story.txt | geomap read - --published 2023-01-03 --format table"
)
def read(
    inputs: Inputs,
    *,
    form: Annotated[Format, typer.Option("--format", help="What to print.")] = Format.JSONL,
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="Where to; - is stdout.")
    ] = _STREAM,
    published: Published = None,
    workers: Workers = 1,
) -> None:
    """Find the places and events of articles.

    One article that cannot be read is a line on stderr; the others go on and the exit code is 1.
    """
    _require_place(output)
    to_terminal = output == _STREAM and sys.stdout.isatty()
    # A spinner would erase the lines that are printed meanwhile.
    quiet = to_terminal and form is not Format.TABLE
    opened = _readings(inputs, published, workers, counted=not quiet)
    with opened as readings, _sink(output) as file:
        guard = _harmless if quiet else str
        for piece in _pieces(readings, form, to_file=output != _STREAM):
            file.write(guard(piece).encode("utf-8", "replace"))


@app.command(
    "map",
    epilog="Examples:\n\n$ geomap map articles/ -o map.html\n\n"
    "$ geomap map 'news/*.jsonl' -o map.html --title 'Border incidents, March'",
)
def map_(
    inputs: Inputs,
    *,
    output: Annotated[
        str,
        typer.Option("-o", "--output", metavar="FILE", help="The HTML file to write; - is stdout."),
    ],
    title: Title = None,
    published: Published = None,
    workers: Workers = 1,
) -> None:
    """Draw the incidents of articles as one self-contained map."""
    from geomap.incidents import group
    from geomap.maps import draw

    _require_place(output)
    with _readings(inputs, published, workers) as readings:
        drawn = draw(group(readings), title=title, gazetteer=_gazetteer())
        if output == _STREAM:
            page = io.BytesIO()
            drawn.save(page, close_file=False)
            _stdout().write(page.getvalue())
        else:
            drawn.save(output)
            typer.echo(output)


@app.command(epilog="Examples:\n\n$ geomap place Kabul\n\n$ geomap place Springfield --country US")
def place(
    name: Annotated[str, typer.Argument(help="A name, abbreviation or demonym, in any script.")],
    *,
    country: Annotated[
        str | None, typer.Option(metavar="CC", help="Only this country: a two-letter ISO code.")
    ] = None,
) -> None:
    """List the places of a name with their scores and the reasons."""
    gazetteer = _gazetteer()
    if country is not None and (
        len(country) != _COUNTRY_CODE_LETTERS or not gazetteer.country(country)
    ):
        raise typer.BadParameter(
            f"{country!r} is no country: use a two-letter ISO code such as PK",
            param_hint="'--country'",
        )
    _print_table(
        ("place", "feature", "admin1", "country", "lat", "lon", "population", "score", "why"),
        [_candidate_cells(candidate) for candidate in _search(gazetteer, name, country)],
    )


@gazetteer_app.command(
    epilog="Examples:\n\n$ geomap gazetteer info\n\n$ GEOMAP_CACHE=/tmp/cache geomap gazetteer info"
)
def info() -> None:
    """Say what the gazetteer holds, where its index lies and whose data it is."""
    for key, value in _gazetteer().info().items():
        typer.echo(f"{key:<16}{value:,}" if isinstance(value, int) else f"{key:<16}{value}")


@gazetteer_app.command(
    epilog="Examples:\n\n$ geomap gazetteer verify\n\n$ geomap gazetteer verify && geomap demo"
)
def verify() -> None:
    """Check the shipped data and the index built from it against their recorded digests."""
    problems = _gazetteer().verify()
    for problem in problems:
        _complain(problem)
    if problems:
        raise typer.Exit(1)
    typer.echo("the gazetteer is whole")


@app.command(
    epilog="Examples:\n\n$ geomap evaluate gold.jsonl\n\n"
    "$ geomap evaluate gold.jsonl --readings readings.jsonl --demonyms demonyms.txt"
)
def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD.jsonl", help="Articles with toponyms.")],
    *,
    readings: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Score these readings instead of reading the articles."),
    ] = None,
    demonyms: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Demonyms, one a line; default the gazetteer's own."),
    ] = None,
) -> None:
    """Score readings against gold: recognition, resolution, end to end."""
    from dataclasses import asdict

    from geomap.evaluate import guesses_of, read_gold, read_guesses, read_word_list, score

    marked = read_gold(gold)
    if not marked:
        raise InputError(f"{gold}: holds no articles")
    is_demonym = read_word_list(demonyms).__contains__ if demonyms else _demonym_test()
    if readings:
        guesses = read_guesses(readings)
    else:
        pipeline = _pipeline(_gazetteer())
        read_one_by_one = (pipeline.read(document.article) for document in marked)
        guesses = {r.article.id: guesses_of(r) for r in _counted(read_one_by_one)}
    for key, value in asdict(score(marked, guesses, is_demonym=is_demonym)).items():
        typer.echo(f"{key:<26} {value:.4f}" if isinstance(value, float) else f"{key:<26} {value}")


@contextmanager
def _readings(
    inputs: list[str], published: date | None, workers: int, *, counted: bool = True
) -> Iterator[Iterator[Reading]]:
    """Give the readings of some inputs; what cannot be read is told, and fails the command."""
    from geomap.articles import read_articles

    problems: list[ArticleError] = []

    def tell(error: ArticleError) -> None:
        _complain(error)
        problems.append(error)

    articles = read_articles(inputs, published=published, on_error=tell)
    readings = _read_all(_pipeline(_gazetteer()), articles, workers)
    if counted:
        readings = _counted(readings)
    first = tuple(islice(readings, 1))
    if first or not problems:  # with nothing read, an older result is left alone
        yield chain(first, readings)
    if problems:
        raise typer.Exit(1)


def _read_all(pipeline: Pipeline, articles: Iterable[Article], workers: int) -> Iterator[Reading]:
    """Read articles; a worker process that is gone is told in words."""
    try:
        yield from pipeline.read_all(articles, workers=workers)
    except BrokenExecutor as error:
        raise GeomapError(
            "a worker process was ended from outside, perhaps for want of memory:"
            " try again with fewer --workers"
        ) from error


def _pieces(readings: Iterable[Reading], form: Format, *, to_file: bool) -> Iterator[str]:
    """Yield what `geomap read` prints in a format, piece by piece."""
    from geomap.serialise import csv_rows, geojson_lines, json_line

    if form is Format.JSONL:
        return map(json_line, readings)
    if form is Format.CSV:
        return csv_rows(readings)
    if form is Format.GEOJSON:
        return geojson_lines(readings, shape=_shape_of(_gazetteer()))
    return iter([_table_text(_EVENT_HEADINGS, _event_rows(readings), to_file=to_file)])


@contextmanager
def _sink(output: str) -> Iterator[IO[bytes]]:
    """Open where a result goes: stdout, or a file that is replaced when all is written."""
    from geomap.output import replacing

    if output == _STREAM:
        yield _stdout()
        return
    with replacing(output) as file:
        yield file


def _stdout() -> IO[bytes]:
    """Return stdout for bytes; it is None where the shell has closed it."""
    if sys.stdout is None:
        raise OutputError("stdout: is closed")
    return sys.stdout.buffer


def _require_place(output: str) -> None:
    """Check, before long work, that a result can go where it shall."""
    from geomap.output import require_folder

    if output == _STREAM:
        _stdout()
    else:
        require_folder(output)


def _gazetteer() -> Gazetteer:
    """Open the gazetteer, with a progress bar on a terminal where its index is built first."""
    from geomap.gazetteer import Gazetteer

    if not sys.stderr.isatty():
        return Gazetteer()
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("gazetteer", total=1.0, visible=False)

        def show(step: str, done: float) -> None:
            bar.update(task, description=step, completed=done, visible=True)

        return Gazetteer(progress=show)


def _pipeline(gazetteer: Gazetteer) -> Pipeline:
    from geomap.pipeline import Pipeline

    return Pipeline(gazetteer=gazetteer)


def _demonym_test() -> Callable[[str], bool]:
    from geomap.mentions import kind_of

    gazetteer = _gazetteer()
    return lambda word: kind_of(word, gazetteer) == "demonym"


def _search(gazetteer: Gazetteer, name: str, country: str | None) -> list[Candidate]:
    """Return the places that are called so; similar names are only proposed."""
    found = gazetteer.search(name, country=country)
    wanted = country and country.upper()
    if any(wanted in (None, n.place.country) for n in gazetteer.places_called(name)):
        return found
    if country:
        similar = tuple(dict.fromkeys(candidate.place.name for candidate in found))[:3]
        raise PlaceNotFoundError(f"{name} ({wanted})", similar)
    shown = name if len(name) <= _SHOWN_NAME else f"{name[:_SHOWN_NAME]}..."
    raise PlaceNotFoundError(shown, gazetteer.suggest(name))


def _shape_of(gazetteer: Gazetteer) -> Callable[[Place], dict[str, Any] | None]:
    """Return what gives a place's outline as GeoJSON, rings turned as RFC 7946 asks."""

    def shape(place: Place) -> dict[str, Any] | None:
        outline = gazetteer.geometry(place)
        if outline is None:
            return None
        import shapely

        turned = shapely.orient_polygons(outline)
        return dict(shapely.geometry.mapping(turned))

    return shape


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        reason = (error.strerror or "").lower()
        raise OutputError(f"{folder.absolute()}: cannot be created, {reason}") from error


def _counted(readings: Iterable[Reading]) -> Iterator[Reading]:
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


def _complain(problem: GeomapError | str) -> None:
    """Print one line on stderr, whatever the message holds."""
    typer.echo(f"geomap: {_plain(str(problem))}", err=True)


def _drop_stdout() -> None:
    """Point stdout nowhere, so that its last flush cannot fail again."""
    if sys.stdout is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())


def _plain(text: str) -> str:
    """Return text without line ends and control characters, which could steer a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def _harmless(text: str) -> str:
    """Return text without what could steer a terminal, line ends and tabs kept."""
    return _STEERING.sub("\N{REPLACEMENT CHARACTER}", text)


def _print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    _stdout()
    typer.echo(_table_text(headings, rows), nl=False)


def _table_text(
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
    plain = [[_plain(cell) for cell in row] for row in rows]
    least = _least_widths(headings, plain)
    if sum(least) + len(least) * _GAP > width:
        return "".join(_entry(headings, cells) for cells in plain)
    for heading, narrowest in zip(headings, least, strict=True):
        table.add_column(
            heading, overflow="fold", no_wrap=heading in _UNBROKEN, min_width=narrowest
        )
    for cells in plain:
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


_EVENT_HEADINGS = ("article", "date", "type", "place", "precision", "status", "killed", "trigger")


def _event_rows(readings: Iterable[Reading]) -> Iterator[tuple[str, ...]]:
    for reading in readings:
        for event in reading.events:
            yield (
                reading.article.id,
                _date_words(event.when),
                event.type,
                _place_words(event.place),
                event.geo_precision,
                event.status,
                _range_words(event.fatalities),
                event.trigger.of(reading.article.text),
            )


def _incident_cells(incident: Incident) -> tuple[str, ...]:
    outlets = dict.fromkeys(_outlet(report.article) for report in incident.reports)
    return (
        _date_words(incident.when),
        incident.type,
        _place_words(incident.place),
        incident.geo_precision,
        incident.status,
        _range_words(incident.fatalities),
        ", ".join(outlets),
    )


def _outlet(article: Article) -> str:
    """Return who published an article, or else what tells it from others."""
    from geomap.articles import dateline

    found = dateline(article.text)
    agency = found.agency if found else None
    return article.source or agency or article.title or article.id


def _candidate_cells(candidate: Candidate) -> tuple[str, ...]:
    found = candidate.place
    return (
        found.name,
        found.feature,
        found.admin1 or "",
        found.country or "",
        f"{found.lat:.3f}",
        f"{found.lon:.3f}",
        f"{found.population:,}" if found.population else "",
        f"{candidate.score:.2f}",
        "; ".join(candidate.reasons),
    )


def _place_words(resolution: Resolution | None) -> str:
    found = resolution.place if resolution else None
    if found is None:
        return "-"
    return f"{found.name}, {found.country}" if found.country else found.name


def _date_words(when: When | None) -> str:
    """Return an interval in words; a phrase whose day cannot be known stays in quotes."""
    if when is None:
        return "-"
    if when.first and when.last:
        return str(when.first) if when.first == when.last else f"{when.first} to {when.last}"
    if when.first or when.last:
        return f"since {when.first}" if when.first else f"until {when.last}"
    return f'"{when.text}"'


def _range_words(casualties: Casualties | None) -> str:
    if casualties is None:
        return ""
    if casualties.high is None:
        return f"{casualties.low}+"
    if casualties.low == casualties.high:
        return str(casualties.best)
    return f"{casualties.low}-{casualties.high}"

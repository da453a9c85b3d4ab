"""The command line: a skin, every command has its Python twin.

Exit codes: 0 done, 1 failed, 2 wrong usage; 130 after Ctrl-C, 141 when the reader of a pipe has
gone and 143 when the process is told to end, as shells count them.
"""

from __future__ import annotations

import io
import os
import signal
import sys
import warnings
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geomap import __version__
from geomap.cli.gazetteer import gazetteer_app
from geomap.cli.inputs import (
    STREAM,
    How,
    Inputs,
    OptionalInputs,
    counted,
    make_pipeline,
    read_inputs,
    require_place,
    sink,
    with_reading,
)
from geomap.cli.options import with_options
from geomap.cli.outlets import outlets_app
from geomap.cli.query import checked_query, with_query
from geomap.cli.report import REPORT_EXAMPLES, report
from geomap.cli.store import (
    ADD_EXAMPLES,
    EVENTS_EXAMPLES,
    EXPLAIN_EXAMPLES,
    MapStore,
    add,
    events,
    explain,
    open_store,
)
from geomap.cli.terminal import (
    Commands,
    complain,
    harmless,
    open_gazetteer,
    print_table,
    stdout,
    table_text,
)
from geomap.cli.words import EVENT_HEADINGS, candidate_cells, event_rows, incident_cells
from geomap.errors import InputError, OutputError, PlaceNotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from geomap.evaluate import GoldArticle
    from geomap.gazetteer import Gazetteer
    from geomap.maps.page import IncidentMap
    from geomap.model import (
        Candidate,
        Place,
        Reading,
    )

__all__ = ["app", "main"]

_TOLD_TO_END = 143  # 128 + SIGTERM
# Longer ones are pasted by mistake.
_SHOWN_NAME = 60
_DEMO_MAP = Path("maps/demo.html")
_COUNTRY_CODE_LETTERS = 2

_LOOK: dict[str, tuple[Any, Any]] = {
    "title": (Annotated[str | None, typer.Option(help="Heading of the map.")], None),
    "layers_by": (
        Annotated[
            str | None,
            typer.Option(help="Layers by type (default), status, source, country or precision."),
        ],
        None,
    ),
    "borders": (
        Annotated[str | None, typer.Option(help="Borders: de_facto (default), claims or none.")],
        None,
    ),
    "language": (
        Annotated[
            str | None,
            typer.Option(metavar="CODE", help="Names of countries and towns, such as ar or fr."),
        ],
        None,
    ),
    "tiles": (
        Annotated[
            str | None,
            typer.Option(
                metavar="NAME",
                help="Online tiles below it, such as OpenTopoMap: it then uses the network.",
            ),
        ],
        None,
    ),
}


class Format(StrEnum):
    """What `geomap read` prints."""

    JSONL = "jsonl"
    GEOJSON = "geojson"
    CSV = "csv"
    TABLE = "table"


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="From news text to mapped, queryable, cited incidents - offline.",
)
app.add_typer(
    gazetteer_app,
    name="gazetteer",
    epilog="Examples:\n\n$ geomap gazetteer info\n\n$ geomap gazetteer verify",
)
app.add_typer(
    outlets_app,
    name="outlets",
    epilog="Examples:\n\n$ geomap outlets learn archive/ -o outlets.json\n\n"
    "$ geomap read news/ --outlets outlets.json",
)


for _command, _epilog in (
    (add, ADD_EXAMPLES),
    (events, EVENTS_EXAMPLES),
    (explain, EXPLAIN_EXAMPLES),
    (report, REPORT_EXAMPLES),
):
    app.command(epilog=_epilog)(_command)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    signal.signal(signal.SIGTERM, _end)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A letter that a terminal's encoding lacks is a question mark, and not the end.
            stream.reconfigure(errors="replace")
    warnings.showwarning = _warn
    app(prog_name="geomap")


def _warn(message: Warning | str, *_where: object, **_more: object) -> None:
    """Say a warning as every other message; where in the code it arose helps no reader."""
    complain(str(message))


def _end(_signal: int, _frame: object) -> None:
    """Leave by an exception, so that temporary files are removed."""
    sys.exit(_TOLD_TO_END)


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
    project: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The geomap.toml that names your lists of places; default $GEOMAP_PROJECT, else"
            " that of this folder or of one above it.",
        ),
    ] = None,
) -> None:
    """Take the options that belong to no command."""
    if project is not None:
        os.environ["GEOMAP_PROJECT"] = str(project)  # worker processes ask for it too


@app.command(epilog="Examples:\n\n$ geomap demo\n\n$ cd /tmp && geomap demo && ls maps")
def demo() -> None:
    """Read the packaged sample articles and draw them to maps/demo.html."""
    from geomap.articles import read_articles
    from geomap.incidents import group
    from geomap.maps import draw

    gazetteer = open_gazetteer()
    articles = read_articles(Path(__file__).parents[1] / "samples")
    incidents = group(counted(make_pipeline(gazetteer).read_all(articles)))
    _make_folder(_DEMO_MAP.parent)
    drawn = draw(incidents, title="geomap demo: invented sample articles", gazetteer=gazetteer)
    drawn.save(_DEMO_MAP)
    print_table(
        ("date", "type", "place", "precision", "status", "killed", "sources"),
        [incident_cells(incident) for incident in incidents],
    )
    typer.echo(_DEMO_MAP)


@app.command(
    epilog="Examples:\n\n$ geomap read articles/ -o readings.jsonl\n\n"
    "$ cat story.txt | geomap read - --published 2023-01-03 --format table"
)
@with_reading
def read(
    inputs: Inputs,
    *,
    form: Annotated[Format, typer.Option("--format", help="What to print.")] = Format.JSONL,
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="Where to; - is stdout.")
    ] = STREAM,
    how: How,
) -> None:
    """Find the places and events of articles.

    One article that cannot be read is a line on stderr; the others go on and the exit code is 1.
    """
    require_place(output)
    to_terminal = output == STREAM and sys.stdout.isatty()
    # A spinner would erase the lines that are printed meanwhile.
    quiet = to_terminal and form is not Format.TABLE
    opened = read_inputs(inputs, how, count=not quiet)
    with opened as readings, sink(output) as file:
        guard = harmless if quiet else str
        for piece in _pieces(readings, form, to_file=output != STREAM):
            file.write(guard(piece).encode("utf-8", "replace"))


@app.command(
    "map",
    epilog="Examples:\n\n$ geomap map articles/ -o map.html\n\n"
    "$ geomap map 'news/*.jsonl' -o map.html --title 'Border incidents, March'\n\n"
    "$ geomap map --store incidents.gpkg --country PK,AF --since 2023-01-01 -o map.html\n\n"
    "$ geomap map articles/ -o map.html --layers-by source --borders claims",
)
@with_options("look", _LOOK)
@with_query
@with_reading
def map_(
    inputs: OptionalInputs = None,
    *,
    output: Annotated[
        str,
        typer.Option("-o", "--output", metavar="FILE", help="The HTML file to write; - is stdout."),
    ],
    store: MapStore = None,
    how: How,
    look: dict[str, Any],
    query: dict[str, Any],
) -> None:
    """Draw incidents as one self-contained map: those of articles, or of a store."""
    from geomap.incidents import group
    from geomap.maps import draw

    if (store is None) == (not inputs):
        raise typer.BadParameter("give articles, or a store with --store", param_hint="'INPUT'")
    if store is None and query:
        named = f"--{next(iter(query)).replace('_', '-')}"
        raise typer.BadParameter("chooses from a store: give --store too", param_hint=f"'{named}'")
    require_place(output)
    if store is not None:
        found = checked_query(query)
        with open_store(store) as opened:
            incidents = opened.incidents(found)
            _write_map(draw(incidents, gazetteer=open_gazetteer(), **look), output)
        return
    with read_inputs(inputs or [], how) as readings:
        _write_map(draw(group(readings), gazetteer=open_gazetteer(), **look), output)


def _write_map(drawn: IncidentMap, output: str) -> None:
    if output == STREAM:
        page = io.BytesIO()
        drawn.save(page, close_file=False)
        stdout().write(page.getvalue())
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
    gazetteer = open_gazetteer()
    if country is not None and (
        len(country) != _COUNTRY_CODE_LETTERS or not gazetteer.country(country)
    ):
        raise typer.BadParameter(
            f"{country!r} is no country: use a two-letter ISO code such as PK",
            param_hint="'--country'",
        )
    print_table(
        ("place", "feature", "admin1", "country", "lat", "lon", "population", "score", "why"),
        [candidate_cells(candidate) for candidate in _search(gazetteer, name, country)],
    )


@app.command(
    epilog="Examples:\n\n$ geomap evaluate gold.jsonl\n\n"
    "$ geomap evaluate gold.jsonl --readings readings.jsonl --demonyms demonyms.txt\n\n"
    "$ geomap evaluate gold.jsonl --gazetteer"
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
    gazetteer: Annotated[
        bool,
        typer.Option("--gazetteer", help="Only how much of the gold the gazetteer could place."),
    ] = False,
) -> None:
    """Score readings against gold: recognition, resolution, end to end."""
    from dataclasses import asdict

    from geomap.evaluate import guesses_of, read_gold, read_guesses, read_word_list, score

    marked = read_gold(gold)
    if not marked:
        raise InputError(f"{gold}: holds no articles")
    if gazetteer:
        print_table(("class", "gold", "within 161 km", "by id"), _coverage_rows(marked))
        return
    is_demonym = read_word_list(demonyms).__contains__ if demonyms else _demonym_test()
    if readings:
        guesses = read_guesses(readings)
    else:
        pipeline = make_pipeline(open_gazetteer())
        read_one_by_one = (pipeline.read(document.article) for document in marked)
        guesses = {r.article.id: guesses_of(r) for r in counted(read_one_by_one)}
    for key, value in asdict(score(marked, guesses, is_demonym=is_demonym)).items():
        typer.echo(f"{key:<26} {value:.4f}" if isinstance(value, float) else f"{key:<26} {value}")


def _coverage_rows(marked: Sequence[GoldArticle]) -> Iterator[tuple[str, ...]]:
    from geomap.evaluate import coverage

    for name, found in coverage(marked, open_gazetteer()).items():
        yield (
            name,
            f"{found.gold}",
            f"{found.near / found.gold:.3f}",
            f"{found.by_id / found.gold:.3f}",
        )


def _pieces(readings: Iterable[Reading], form: Format, *, to_file: bool) -> Iterator[str]:
    """Yield what `geomap read` prints in a format, piece by piece."""
    from geomap.serialise import csv_rows, geojson_lines, json_line

    if form is Format.JSONL:
        return map(json_line, readings)
    if form is Format.CSV:
        return csv_rows(readings)
    if form is Format.GEOJSON:
        return geojson_lines(readings, shape=_shape_of(open_gazetteer()))
    return iter([table_text(EVENT_HEADINGS, event_rows(readings), to_file=to_file)])


def _demonym_test() -> Callable[[str], bool]:
    from geomap.mentions import kind_of

    gazetteer = open_gazetteer()
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

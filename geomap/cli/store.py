"""`geomap add`, `geomap events`, `geomap explain`: a store filled, asked, and asked why."""

from __future__ import annotations

import json
import sys
from collections import Counter
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geomap.cli.inputs import (
    STREAM,
    How,
    Inputs,
    make_pipeline,
    require_place,
    sink,
    watched,
    with_reading,
)
from geomap.cli.query import checked_query, with_query
from geomap.cli.terminal import complain, harmless, open_gazetteer, table_text
from geomap.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from geomap.errors import ArticleError
    from geomap.query import Query
    from geomap.store import Store

    _Problems = tuple[Sequence[ArticleError], int]

__all__ = [
    "ADD_EXAMPLES",
    "EVENTS_EXAMPLES",
    "EXPLAIN_EXAMPLES",
    "MapStore",
    "StorePath",
    "add",
    "events",
    "explain",
    "open_store",
]

ADD_EXAMPLES = (
    "Examples:\n\n$ geomap add news/ --store incidents.gpkg\n\n"
    "$ geomap add 'archive/*.jsonl' --store incidents.gpkg --resume --workers 2\n\n"
    "$ geomap add https://example.org/feed.xml --online --store incidents.gpkg\n\n"
    "$ geomap add archive/ --store results/ --dask tcp://scheduler:8786"
)
EVENTS_EXAMPLES = (
    "Examples:\n\n$ geomap events --store incidents.gpkg --near 'Peshawar, PK' --radius-km 100\n\n"
    "$ geomap events --store incidents.gpkg --type 'violence.*' --since 2023-01-01 -o e.gpkg\n\n"
    "$ geomap events --store incidents.gpkg --country PK,AF --format csv | head\n\n"
    "$ geomap events --store incidents.gpkg --since 2023-01-01 --count-by type,admin1,month"
)
EXPLAIN_EXAMPLES = (
    "Examples:\n\n$ geomap explain 08b329099f29090f --store incidents.gpkg\n\n"
    "$ geomap explain 08b329099f29090f --store incidents.gpkg | less"
)
_HEADINGS = ("event", "date", "type", "place", "precision", "status", "killed", "source", "trigger")
# So many are grouped in some twenty seconds.
_GROUPED_AT_ONCE = 50_000
# A scheduler that is there answers at once.
_CONNECT_S = 10

_STORE_OPTION = typer.Option(
    "--store",
    metavar="FILE",
    help="The store: a GeoPackage of geomap's, or postgresql://USER@HOST/DATABASE.",
)
StorePath = Annotated[str, _STORE_OPTION]
MapStore = Annotated[str | None, _STORE_OPTION]


class EventFormat(StrEnum):
    """What `geomap events` writes."""

    TABLE = "table"
    JSONL = "jsonl"
    GEOJSON = "geojson"
    CSV = "csv"
    GPKG = "gpkg"
    KML = "kml"
    PARQUET = "parquet"
    ACLED = "acled"
    UCDP = "ucdp"


def open_store(path: str, *, create: bool = False) -> Store:
    """Open a store, with the gazetteer that the command line uses."""
    from geomap.store import Store

    return Store(path, create=create)


@with_reading
def add(
    inputs: Inputs,
    *,
    store: StorePath,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume", help="Leave out what the store has: unchanged inputs, known articles."
        ),
    ] = False,
    dask: Annotated[
        str | None,
        typer.Option(
            "--dask",
            metavar="ADDRESS",
            help="Let the workers of this Dask scheduler (tcp://...) read; --store may be a folder"
            " then, which gets GeoParquet and JSON Lines.",
        ),
    ] = None,
    how: How,
) -> None:
    """Read articles and keep what they say in a store; what it has already changes nothing.

    Articles that cannot be read are listed at the end; the others go on and the exit code is 1.
    """
    if dask is not None and (how.online or how.workers > 1):
        raise typer.BadParameter("goes with neither --online nor --workers", param_hint="'--dask'")
    if dask is None:
        problems, number = _add_here(inputs, store, how, resume=resume)
    else:
        problems, number = _add_over(dask, inputs, store, how)
    for problem in problems:
        complain(problem)
    if number > len(problems):
        complain(f"and {number - len(problems):,} more that could not be read")
    if number:
        raise typer.Exit(1)


def _add_here(inputs: list[str], path: str, how: How, *, resume: bool) -> _Problems:
    """Read on this machine."""
    from geomap.scale import Source, add, nothing_in

    nothing = nothing_in(inputs, online=how.online)
    if nothing is not None:  # a store is not made for nothing
        return nothing.kept, nothing.number
    source = Source(inputs=inputs, published=how.published, online=how.fetcher())
    pipeline = make_pipeline(open_gazetteer(), how.outlets)
    with open_store(path, create=True) as opened:
        with watched(inputs) as watch:
            added = add(
                source, opened, pipeline=pipeline, workers=how.workers, resume=resume, watch=watch
            )
        report = added.report
        typer.echo(
            f"{path}: {report.added:,} articles added, {report.replaced:,} replaced,"
            f" {report.unchanged:,} known already; {report.events:,} events written,"
            f" {_grouped(opened)}"
        )
        if added.skipped:
            typer.echo(f"{added.skipped:,} inputs or parts of them were there and are unchanged")
    return added.problems, added.problem_count


def _add_over(address: str, inputs: list[str], to: str, how: How) -> _Problems:
    """Read over a cluster."""
    from geomap import scale

    pipeline = make_pipeline(open_gazetteer(), how.outlets)
    with _client(address) as client, watched(inputs) as watch:
        report = scale.read(
            inputs, client, to=to, pipeline=pipeline, published=how.published, watch=watch
        )
    found = ""
    if scale.is_store(to):
        with open_store(to) as opened:
            found = f", {_grouped(opened)}"
    typer.echo(
        f"{to}: {len(report.parts):,} parts, {report.done_before:,} of them there before;"
        f" {report.articles:,} articles read, {report.events:,} events written{found}"
    )
    return report.problems, report.problem_count


@contextmanager
def _client(address: str) -> Iterator[Any]:
    """Connect to a Dask scheduler; without one there is one line that says so."""
    try:
        import distributed
    except ImportError as error:
        raise InputError(
            f"--dask: needs the package {error.name}: pip install 'geomap[dask]'"
        ) from error
    connect: Any = distributed.Client
    try:
        client = connect(address, timeout=_CONNECT_S)
    except (OSError, ValueError) as error:
        raise InputError(f"--dask: no scheduler answers at {address!r} ({error})") from error
    with client:
        yield client


def _grouped(opened: Store) -> str:
    """Group the events into incidents, where that fits into memory, and say how many there are."""
    if int(opened.info()["events"]) > _GROUPED_AT_ONCE:
        return "incidents are grouped when they are first asked for"
    return f"{opened.regroup():,} incidents in all"


@with_query
def events(
    *,
    store: StorePath,
    form: Annotated[
        EventFormat | None,
        typer.Option("--format", help="What to write; default what -o ends in, else a table."),
    ] = None,
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="Where to; - is stdout.")
    ] = STREAM,
    exact: Annotated[
        bool, typer.Option("--exact", help="CSV: leave what looks like a formula as it is.")
    ] = False,
    count_by: Annotated[
        str | None,
        typer.Option(
            metavar="KEYS",
            help="Count instead (table or csv), by some of type, group, status, country, admin1,"
            " admin2, place, source, geo_precision, year, month, day.",
        ),
    ] = None,
    sql: Annotated[
        bool, typer.Option("--sql", help="Show the statement and its values; ask nothing.")
    ] = False,
    query: dict[str, Any],
) -> None:
    """List the events of a store, export or count them.

    What a format cannot hold is told on stderr.
    """
    from geomap.store.export import form_of

    wanted = checked_query(query)
    require_place(output)
    to_file = output != STREAM
    chosen = form.value if form else form_of(Path(output), None) if to_file else "table"
    with open_store(store) as opened:
        if sql:
            statement, values = opened.sql(wanted)
            typer.echo(f"{statement}\n{json.dumps(values)}")
        elif count_by is not None:
            with sink(output) as file:
                for piece in _counted(opened, wanted, count_by.split(","), chosen, exact=exact):
                    file.write(piece.encode("utf-8", "replace"))
        elif chosen == "table":
            with sink(output) as file:
                table = table_text(_HEADINGS, _rows(opened, wanted), to_file=to_file)
                file.write(table.encode("utf-8", "replace"))
        elif to_file:
            report = opened.export(output, wanted, form=chosen, exact=exact)
            _tell(report.losses)
        else:
            _print_events(opened, wanted, chosen, exact=exact)


def _counted(
    opened: Store, query: Query, keys: Sequence[str], form: str, *, exact: bool
) -> Iterator[str]:
    """Yield the numbers of events by some keys as a table or CSV."""
    from geomap.store.formats import csv_table

    if form not in {"table", "csv"}:
        raise InputError(f"--count-by: {form!r} is no format for counts, take table or csv")
    counts = opened.counts(query, by=[key.strip() for key in keys])
    rows = counts.itertuples(index=False, name=None)
    if form == "csv":
        yield from csv_table([*counts.columns], rows, Counter(), exact=exact)
    else:
        cells = (["-" if value is None else f"{value}" for value in row] for row in rows)
        yield table_text([*counts.columns], cells)


def _print_events(opened: Store, query: Query, form: str, *, exact: bool) -> None:
    from geomap.store.export import text_pieces

    if form in {"gpkg", "parquet"}:
        raise InputError(f"{form} is no text for stdout: name a file with -o")
    losses: Counter[str] = Counter()
    guard = harmless if sys.stdout.isatty() else str
    with sink(STREAM) as file:
        for piece in text_pieces(opened.rows(query), form, losses, exact=exact):
            file.write(guard(piece).encode("utf-8", "replace"))
    _tell(f"{number:,} {what}" for what, number in sorted(losses.items()))


def _tell(losses: Iterable[str]) -> None:
    for loss in losses:
        complain(f"not as it is in the store: {loss}")


def _rows(opened: Store, query: Query) -> Iterator[tuple[str, ...]]:
    """Give one row of words an event, in the order of the headings."""
    for event in opened.iter_events(query):
        place, country = event["place"], event["country"]
        yield (
            event["event_id"],
            _days(event),
            event["type"],
            (f"{place}, {country}" if country else place) if place else "-",
            event["geo_precision"],
            event["status"],
            _killed(event),
            event["source"] or event["title"] or event["article_id"],
            event["trigger"],
        )


def _days(event: dict[str, Any]) -> str:
    first, last = event["date_first"], event["date_last"]
    if first and last:
        return str(first) if first == last else f"{first} to {last}"
    if first or last:
        return f"since {first}" if first else f"until {last}"
    return f'"{event["date_text"]}"' if event["date_text"] else "-"


def _killed(event: dict[str, Any]) -> str:
    low, high = event["fatalities_low"], event["fatalities_high"]
    if low is None:
        return ""
    if high is None:
        return f"{low}+"
    return str(event["fatalities_best"]) if low == high else f"{low}-{high}"


def explain(
    event_id: Annotated[
        str, typer.Argument(metavar="EVENT_ID", help="An id, as `geomap events` lists them.")
    ],
    *,
    store: StorePath,
) -> None:
    """Say what an event rests on: the quote, the places and why, the date, the sources."""
    with open_store(store) as opened:
        typer.echo(harmless(str(opened.explain(event_id))))

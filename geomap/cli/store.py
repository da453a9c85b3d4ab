"""`geomap add`, `geomap events`, `geomap explain`: a store filled, asked, and asked why."""

from __future__ import annotations

import sys
from collections import Counter
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geomap.cli.inputs import (
    STREAM,
    Inputs,
    Published,
    Workers,
    counted,
    make_pipeline,
    read_with,
    require_place,
    sink,
)
from geomap.cli.query import checked_query, with_query
from geomap.cli.terminal import complain, harmless, open_gazetteer, table_text
from geomap.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from geomap.errors import ArticleError
    from geomap.model import Article
    from geomap.query import Query
    from geomap.store import Store

__all__ = [
    "ADD_EXAMPLES",
    "EVENTS_EXAMPLES",
    "EXPLAIN_EXAMPLES",
    "MapStore",
    "add",
    "events",
    "explain",
    "open_store",
]

ADD_EXAMPLES = (
    "Examples:\n\n$ geomap add news/ --store incidents.gpkg\n\n"
    "$ geomap add 'archive/*.jsonl' --store incidents.gpkg --resume --workers 2"
)
EVENTS_EXAMPLES = (
    "Examples:\n\n$ geomap events --store incidents.gpkg --near 'Peshawar, PK' --radius-km 100\n\n"
    "$ geomap events --store incidents.gpkg --type 'violence.*' --since 2023-01-01 -o e.gpkg\n\n"
    "$ geomap events --store incidents.gpkg --country PK,AF --format csv | head"
)
EXPLAIN_EXAMPLES = (
    "Examples:\n\n$ geomap explain 08b329099f29090f --store incidents.gpkg\n\n"
    "$ geomap explain 08b329099f29090f --store incidents.gpkg | less"
)
_HEADINGS = ("event", "date", "type", "place", "precision", "status", "killed", "source", "trigger")
# More bad articles are one mistake made again and again.
_SHOWN_PROBLEMS = 20

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


def add(
    inputs: Inputs,
    *,
    store: StorePath,
    resume: Annotated[
        bool, typer.Option("--resume", help="Leave out the articles that the store has.")
    ] = False,
    published: Published = None,
    workers: Workers = 1,
) -> None:
    """Read articles and keep what they say in a store; what it has already changes nothing.

    Articles that cannot be read are listed at the end; the others go on and the exit code is 1.
    """
    from geomap.articles import read_articles

    problems: list[ArticleError] = []
    articles = read_articles(inputs, published=published, on_error=problems.append)
    first = [*islice(articles, 1)]  # a store is not made for nothing
    if first or not problems:
        _add(_chained(first, articles), store, resume=resume, workers=workers)
    for problem in problems[:_SHOWN_PROBLEMS]:
        complain(problem)
    if len(problems) > _SHOWN_PROBLEMS:
        complain(f"and {len(problems) - _SHOWN_PROBLEMS:,} more that could not be read")
    if problems:
        raise typer.Exit(1)


def _chained(first: list[Article], rest: Iterator[Article]) -> Iterator[Article]:
    yield from first
    yield from rest


def _add(articles: Iterator[Article], path: str, *, resume: bool, workers: int) -> None:
    gazetteer = open_gazetteer()
    with open_store(path, create=True) as opened:
        wanted = (a for a in articles if not opened.has(a)) if resume else articles
        readings = counted(read_with(make_pipeline(gazetteer), wanted, workers))
        report = opened.add(readings)
        incidents = opened.regroup()
        name = opened.name
    typer.echo(
        f"{name}: {report.added:,} articles added, {report.replaced:,} replaced,"
        f" {report.unchanged:,} known already; {report.events:,} events written,"
        f" {incidents:,} incidents in all"
    )


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
    query: dict[str, Any],
) -> None:
    """List the events of a store, or export them.

    What a format cannot hold is told on stderr.
    """
    from geomap.store.export import form_of

    wanted = checked_query(query)
    require_place(output)
    to_file = output != STREAM
    chosen = form.value if form else form_of(Path(output), None) if to_file else "table"
    with open_store(store) as opened:
        if chosen == "table":
            with sink(output) as file:
                table = table_text(_HEADINGS, _rows(opened, wanted), to_file=to_file)
                file.write(table.encode("utf-8", "replace"))
        elif to_file:
            report = opened.export(output, wanted, form=chosen, exact=exact)
            _tell(report.losses)
        else:
            _print_events(opened, wanted, chosen, exact=exact)


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

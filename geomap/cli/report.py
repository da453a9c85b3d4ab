"""`geomap report`: what a query finds, as a report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from geomap.cli.inputs import STREAM, require_place
from geomap.cli.query import checked_query, with_query
from geomap.cli.store import StorePath, open_store
from geomap.cli.terminal import open_gazetteer
from geomap.errors import OutputError

__all__ = ["REPORT_EXAMPLES", "report"]

REPORT_EXAMPLES = (
    "Examples:\n\n$ geomap report --store incidents.gpkg --near 'Peshawar, PK' -o brief.html\n\n"
    "$ geomap report --store incidents.gpkg --country PK,AF --since 2023-01-01 -o brief.docx"
    " --title 'Border, early 2023'"
)


@with_query
def report(
    *,
    store: StorePath,
    output: Annotated[
        str,
        typer.Option(
            "-o", "--output", metavar="FILE", help="What to write: .html, .md, .docx or .ipynb."
        ),
    ],
    title: Annotated[str | None, typer.Option(help="Heading of the report.")] = None,
    borders: Annotated[str, typer.Option(help="Borders: de_facto, claims or none.")] = "de_facto",
    quotes: Annotated[
        int, typer.Option(min=0, metavar="N", help="How many incidents are told with their quotes.")
    ] = 200,
    query: dict[str, Any],
) -> None:
    """Write a report of a store: figures, map, chart, table, quotes with sources, method."""
    from geomap.report import report_form, write_report

    if output == STREAM:
        raise typer.BadParameter("name a file: .html, .md, .docx or .ipynb", param_hint="'-o'")
    try:
        report_form(output)
    except OutputError as error:
        raise typer.BadParameter(str(error), param_hint="'-o'") from None
    wanted = checked_query(query)
    require_place(output)
    with open_store(store) as opened:
        found = opened.incidents(wanted)
    options: dict[str, Any] = {"borders": borders}  # write_report checks it and says what there is
    written = write_report(
        found,
        Path(output),
        title=title,
        asked=_asked(query),
        gazetteer=open_gazetteer(),
        limit=quotes,
        **options,
    )
    for path in written:
        typer.echo(path)


def _asked(query: dict[str, Any]) -> str | None:
    """Return what was asked for, as it was written."""
    words = (f"{name.replace('_', ' ')} {value}" for name, value in query.items())
    return "; ".join(words) or None

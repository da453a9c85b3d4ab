"""The options of a query, the same for every command that reads a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from geomap.cli.options import with_options
from geomap.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from geomap.query import Query

__all__ = ["checked_query", "with_query"]

# The keyword of `Query`, the type on the command line, the option, its metavar and its help.
_OPTIONS: tuple[tuple[str, type, str, str, str], ...] = (
    ("near", str, "--near", "PLACE", "Around a place: 'Peshawar, PK' or LAT,LON."),
    ("radius_km", float, "--radius-km", "KM", "How far from --near; default 50."),
    ("bbox", str, "--bbox", "W,S,E,N", "In a box, degrees; west beyond east crosses 180."),
    ("within", str, "--within", "FILE", "In the polygons of a file (GeoJSON, GeoPackage ...)."),
    ("country", str, "--country", "CC,...", "In these countries: ISO codes."),
    ("admin1", str, "--admin1", "NAME,...", "In these provinces or states."),
    ("types", str, "--type", "TYPE,...", "Of these types: battle.clash, or violence.* for all."),
    ("since", str, "--since", "DATE", "From this day on (YYYY-MM-DD)."),
    ("until", str, "--until", "DATE", "Up to this day."),
    ("dates", str, "--dates", "HOW", "overlap (default), within, or any: undated too."),
    ("status", str, "--status", "STATUS,...", "Only asserted, alleged, planned, denied ..."),
    ("min_confidence", float, "--min-confidence", "P", "As sure as this at least, 0 to 1."),
    ("text", str, "--text", "WORDS", 'Whose quote holds these words; "a phrase", begin*.'),
    ("source", str, "--source", "OUTLET,...", "Told by these outlets."),
    ("where", str, "--where", "HOW", "certain (default): surely in the region; possible: may be."),
    ("order", str, "--order", "KEY", "date (default), -date, confidence, -confidence or id."),
    ("limit", int, "--limit", "N", "At most so many."),
    ("offset", int, "--offset", "N", "Leave out the first N."),
)  # fmt: skip


def with_query(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a query, which it gets as one dict named `query`."""
    added = {
        name: (Annotated[kind | None, typer.Option(option, metavar=metavar, help=text)], None)
        for name, kind, option, metavar, text in _OPTIONS
    }
    return with_options("query", added)(command)


def checked_query(given: dict[str, Any]) -> Query:
    """Return the query of some options; a wrong one is wrong usage."""
    from geomap.query import Query

    try:
        return Query(**given)
    except InputError as error:
        raise typer.BadParameter(str(error)) from None

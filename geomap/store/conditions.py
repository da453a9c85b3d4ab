"""A selection as the conditions of a statement; what databases say differently is asked of them.

Values travel as parameters, never inside the statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from geomap.store.rows import name_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.query import Query
    from geomap.store.base import Selection

__all__ = ["Dialect", "Statement", "conditions", "is_narrow", "ordering"]

# What is left of a condition's parameters, with the text that they belong to.
Statement = tuple[str, list[Any]]


class Dialect(Protocol):
    """What databases say differently. `?` stands for each parameter."""

    def among(self, column: str, values: Sequence[Any]) -> Statement:
        """Return the condition that a column holds one of many values."""

    def holds(self, phrases: Sequence[tuple[str, bool]]) -> Statement:
        """Return the condition that an event's quote holds some phrases."""

    def leafed(self, condition: Statement) -> Statement:
        """Return a condition on days and type so that no event's whole row is read for it."""


# What is counted by these needs of an event no more than a condition on days and type does.
_NARROW = frozenset({"type", "group", "year", "month", "day"})
_OPEN_END = "(e.date_last IS NULL OR e.date_last >= ?)"


def conditions(
    selection: Selection, dialect: Dialect, by: Sequence[str] | None = None
) -> Statement:
    """Return what stands behind WHERE for a selection.

    Parameters
    ----------
    selection
        The selection; `e` is its table of events and `s` its table of sources.
    dialect
        The database's own words.
    by
        What events are counted by; None where their rows are wanted.

    Returns
    -------
    tuple of str and list
        The conditions, "1 = 1" for none, and their parameters in order.
    """
    query = selection.query
    chosen = {
        "e.site": selection.sites,
        "e.event_id": selection.events,
        "e.incident_id": selection.incidents,
    }
    named = [dialect.among(c, values) for c, values in chosen.items() if values is not None]
    parts = _kinds(query, dialect)
    if query.min_confidence:
        parts.append(("e.confidence >= ?", [query.min_confidence]))
    if query.text is not None:
        named.append(dialect.holds(query.phrases()))
    narrow = [*_types(query.types), *_interval(query, narrowed=selection.sites is not None)]
    alone = by is not None and not parts and _NARROW.issuperset(by)
    if narrow and not named and not alone:
        narrow = [dialect.leafed(_all_of(narrow))]
    return _all_of([*parts, *narrow, *named])


def is_narrow(selection: Selection) -> bool:
    """Tell whether a selection asks for nothing but sites, days and types.

    Parameters
    ----------
    selection
        The selection.

    Returns
    -------
    bool
        True where an index by site that holds days and types answers it.
    """
    query = selection.query
    others = (query.country, query.status, query.admin1, query.source, query.min_confidence)
    told = (query.text, selection.events, selection.incidents)
    return selection.sites is not None and not any(others) and told == (None, None, None)


def _all_of(parts: Sequence[Statement]) -> Statement:
    if not parts:
        return "1 = 1", []
    return " AND ".join(part for part, _ in parts), [v for _, values in parts for v in values]


def _kinds(query: Query, dialect: Dialect) -> list[Statement]:
    """Return the conditions on codes and names."""
    return [
        dialect.among(column, values)
        for column, values in (
            ("e.country", query.country),
            ("e.status", query.status),
            ("e.admin1_key", [name_key(name) for name in query.admin1]),
            ("s.key", [name_key(name) for name in query.source]),
        )
        if values
    ]


def _types(types: str | Sequence[str]) -> list[Statement]:
    """Return the condition on the type: whole codes, or groups by the part before the dot."""
    if not types or "*" in types:
        return []
    pieces, values = [], []
    for code in types:
        group, _, subtype = code.partition(".")
        if subtype and subtype != "*":
            pieces.append("e.type = ?")
            values.append(code)
        else:
            # As a range, which an index can serve: "/" follows "." in every collation by bytes.
            pieces.append("(e.type >= ? AND e.type < ?)")
            values += [f"{group}.", f"{group}/"]
    return [(f"({' OR '.join(pieces)})", values)]


def _interval(query: Query, *, narrowed: bool) -> list[Statement]:
    """Return the conditions on days, which are compared as ISO texts.

    Where the sites are told, nothing in them may tempt a database to begin with the index of days,
    which holds most events for any period.
    """
    since, until = query.days
    if since is None and until is None:
        return []
    dated = "(e.date_first IS NOT NULL OR e.date_last IS NOT NULL)"
    if query.dates == "within":
        inside: list[Statement] = []
        if since:
            inside.append(("e.date_first >= ?", [since.isoformat()]))
        if until:
            inside.append(("e.date_last <= ?", [until.isoformat()]))
        return [(dated, []), *inside]
    overlap: list[Statement] = []
    starts, ends = "(e.date_first IS NULL OR e.date_first <= ?)", _OPEN_END
    if narrowed:
        dated = "coalesce(e.date_first, e.date_last) IS NOT NULL"
        starts, ends = "coalesce(e.date_first, '') <= ?", "coalesce(e.date_last, '~') >= ?"
    if until:
        overlap.append((starts, [until.isoformat()]))
    if since:
        overlap.append((ends, [since.isoformat()]))
    return overlap if query.dates == "any" else [(dated, []), *overlap]


def ordering(query: Query) -> str:
    """Return what stands behind ORDER BY: the same order whatever the rows lie in."""
    first = {
        "date": "e.date_first IS NULL, e.date_first, ",
        "-date": "e.date_first IS NULL, e.date_first DESC, ",
        "confidence": "e.confidence NULLS FIRST, ",
        "-confidence": "e.confidence DESC NULLS LAST, ",
        "id": "",
    }[query.order]
    return f"{first}e.event_id"

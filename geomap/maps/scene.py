"""Marks -> a scene: everything that a map shows, as columns that JSON can hold.

A scene has no HTML. What the map is painted and filtered from stands in columns of whole numbers
(`columns`); texts stand in chunks of some thousand marks (`texts`), each with its own table of
strings, so that a page paints before it has read them and keeps in memory what was asked for.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from geomap.maps.layers import STATUSES
from geomap.maps.words import day_words, type_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geomap.maps.layers import Group
    from geomap.maps.marks import Mark, Piece
    from geomap.maps.spots import Spots

__all__ = ["CHUNK", "NO_DAY", "POSITION_SCALE", "build_scene"]

# Steps in a degree: 1 m, what five decimals of a degree tell.
POSITION_SCALE = 100_000
# Stands for an open end or an unknown date in a column of days since 1970-01-01.
NO_DAY = -10_000_000
# Marks in a chunk of texts: some 100 kB packed, unpacked within a frame of the screen.
CHUNK = 2048
_PRECISIONS = ("exact", "town", "district", "province", "country", "none")
_EPOCH = date(1970, 1, 1).toordinal()
# What the columns write for an absent number.
_NONE = -1
_KINDS = {"trigger": 1, "place": 2}
_LAST_UNIT = 0xFFFF  # JavaScript counts code points above this as two


def build_scene(
    marks: Sequence[Mark],
    spots: Spots,
    layers: tuple[list[Group], list[int]],
    *,
    title: str | None = None,
    flows: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """Return all that a map of some marks shows, in their order, without the basemap.

    Parameters
    ----------
    marks
        What to show; none at all gives a scene that says so.
    spots
        Where the marks lie.
    layers
        The layers, and the number of each mark's own.
    title
        The heading of the map; None leaves it out.
    flows
        Lines between capitals and venues, as `flows_of` gives them.

    Returns
    -------
    dict
        JSON values only. `bounds` is [west, south, east, north] in degrees, or None when nothing
        has a place.
    """
    groups, numbers = layers
    present = set(numbers)
    codes = list(dict.fromkeys(mark.type for mark in marks))
    outlets = list(dict.fromkeys(source.outlet for mark in marks for source in mark.sources))
    return {
        "schema": "geomap.scene/2",
        "title": title,
        "summary": _summary(marks),
        "layers": [{**group._asdict(), "present": i in present} for i, group in enumerate(groups)],
        "types": [{"code": code, "label": type_label(code)} for code in codes],
        "statuses": list(STATUSES.items()),
        "outlets": outlets,
        "bounds": spots.bounds(),
        "positionScale": POSITION_SCALE,
        "noDay": NO_DAY,
        "chunk": CHUNK,
        "count": len(marks),
        "columns": _columns(marks, numbers, codes, outlets)
        | {
            "lat": [round(lat * POSITION_SCALE) for lat in spots.lats],
            "lon": [round(lon * POSITION_SCALE) for lon in spots.lons],
        },
        "areas": spots.areas,
        "flows": list(flows),
        "texts": [_texts(marks[at : at + CHUNK]) for at in range(0, len(marks), CHUNK)],
    }


def _summary(marks: Sequence[Mark]) -> str:
    if not marks:
        return "No incidents"
    sources = {
        (source.outlet, source.title, source.url) for mark in marks for source in mark.sources
    }
    days = [day for mark in marks for day in (mark.first, mark.last) if day]
    parts = [_counted(len({mark.incident for mark in marks}), "incident")]
    parts.append(_counted(len(sources), "article"))
    if days:
        ends = dict.fromkeys((day_words(min(days)), day_words(max(days))))
        parts.append(" – ".join(ends))
    return " · ".join(parts)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _columns(
    marks: Sequence[Mark], layers: list[int], codes: list[str], outlets: list[str]
) -> dict[str, list[int]]:
    """Return what the map is painted and filtered from, one whole number a mark."""
    types = {code: number for number, code in enumerate(codes)}
    statuses = {status: number for number, status in enumerate(STATUSES)}
    precisions = {name: number for number, name in enumerate(_PRECISIONS)}
    known = {outlet: number for number, outlet in enumerate(outlets)}
    return {
        "layer": layers,
        "type": [types[mark.type] for mark in marks],
        "status": [statuses[mark.status] for mark in marks],
        "precision": [precisions[mark.precision] for mark in marks],
        "spot": [_NONE if mark.spot is None else mark.spot for mark in marks],
        "placed": [1 if mark.place else 0 for mark in marks],
        "first": [_day(mark.first) for mark in marks],
        "last": [_day(mark.last) for mark in marks],
        "killed": [_number(mark.killed) for mark in marks],
        "injured": [_number(mark.injured) for mark in marks],
        "sources": [len(mark.sources) for mark in marks],
        "outlet": [known[source.outlet] for mark in marks for source in mark.sources],
    }


def _day(day: date | None) -> int:
    return NO_DAY if day is None else day.toordinal() - _EPOCH


def _number(value: int | None) -> int:
    return _NONE if value is None else value


def _share(value: float | None) -> int:
    return _NONE if value is None else round(100 * value)


class _Table(dict[str, int]):
    """Texts by their number, each once."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


def _texts(marks: Sequence[Mark]) -> dict[str, Any]:
    """Return the texts of some marks: a table of strings, and the columns that number them."""
    table = _Table()
    sources = [source for mark in marks for source in mark.sources]
    quotes = [_joined(source.quote) for source in sources]
    columns = {
        "id": [table[mark.id] for mark in marks],
        "title": [table[mark.title] for mark in marks],
        "date": [table[mark.date] for mark in marks],
        "phrase": [table[mark.phrase] for mark in marks],
        "place": [table[mark.place] for mark in marks],
        "within": [table[mark.within] for mark in marks],
        "country": [table[mark.country] for mark in marks],
        "casualties": [table[mark.casualties] for mark in marks],
        "confidence": [_share(mark.confidence) for mark in marks],
        "fields": [[_share(value) for value in mark.fields] for mark in marks],
        "actors": [
            [table[text] for actor in mark.actors for text in actor] for mark in marks
        ],
        "why": [[table[reason] for reason in mark.why] for mark in marks],
        "rejected": [[table[name] for name in mark.rejected] for mark in marks],
    }
    told = {
        "outlet": [table[source.outlet] for source in sources],
        "title": [table[source.title or ""] for source in sources],
        "url": [table[source.url or ""] for source in sources],
        "published": [table[source.published] for source in sources],
        "language": [table[source.language] for source in sources],
        "quote": [table[text] for text, _ in quotes],
        "marks": [marked for _, marked in quotes],
        "said": [table[source.said] for source in sources],
        "status": [table[source.status] for source in sources],
        "basis": [table[source.basis] for source in sources],
    }
    return {"strings": list(table), "marks": _short(columns), "sources": _short(told)}


def _short(columns: dict[str, list[Any]]) -> dict[str, Any]:
    """Write a column that has one value throughout as `{"all": value}`."""
    return {
        name: {"all": values[0]} if values and values.count(values[0]) == len(values) else values
        for name, values in columns.items()
    }


def _joined(pieces: Iterable[Piece]) -> tuple[str, list[int]]:
    """Return a quote's text, and its marks as start, length and kind, three numbers each.

    Starts and lengths count UTF-16 units, as the viewer does.
    """
    text, marked, at = [], [], 0
    for kind, words in pieces:
        units = len(words)
        if not words.isascii():
            units += sum(ord(sign) > _LAST_UNIT for sign in words)
        if kind in _KINDS:
            marked += (at, units, _KINDS[kind])
        text.append(words)
        at += units
    return "".join(text), marked

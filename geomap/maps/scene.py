"""Marks -> a scene: everything that a map shows, as columns that JSON can hold.

A scene has no HTML. What the map is painted and filtered from stands in columns of whole numbers
(`columns`); texts stand in chunks of some thousand marks (`texts`), each with its own table of
strings, so that a page paints before it has read them and keeps in memory what was asked for.
"""

from __future__ import annotations

import base64
import re
from datetime import date
from itertools import chain, islice, repeat
from operator import sub
from typing import TYPE_CHECKING, Any

from geomap.maps.layers import STATUSES
from geomap.maps.marks import Mark, Source, count_articles
from geomap.maps.words import day_words, type_label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from geomap.maps.layers import Group
    from geomap.maps.spots import Spots
    from geomap.records import Piece

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
_DIGESTS = re.compile("[0-9a-f]+")
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
    fields = _fields(marks)
    codes = list(dict.fromkeys(fields["type"]))
    outlets = list(dict.fromkeys(source.outlet for source in chain(*fields["sources"])))
    return {
        "schema": "geomap.scene/3",
        "title": title,
        "summary": _summary(fields),
        "layers": [{**group._asdict(), "present": i in present} for i, group in enumerate(groups)],
        "types": [{"code": code, "label": type_label(code)} for code in codes],
        "statuses": list(STATUSES.items()),
        "outlets": outlets,
        "bounds": spots.bounds(),
        "positionScale": POSITION_SCALE,
        "noDay": NO_DAY,
        "chunk": CHUNK,
        "count": len(marks),
        "columns": _columns(fields, numbers, codes, outlets)
        | {
            "lat": [round(lat * POSITION_SCALE) for lat in spots.lats],
            "lon": [round(lon * POSITION_SCALE) for lon in spots.lons],
        },
        "areas": spots.areas,
        "flows": list(flows),
        "texts": [_texts(marks[at : at + CHUNK]) for at in range(0, len(marks), CHUNK)],
    }


def _fields(rows: Sequence[Mark]) -> dict[str, tuple[Any, ...]]:
    """Return the fields of some marks as columns."""
    columns: Iterable[tuple[Any, ...]] = zip(*rows, strict=True) if rows else repeat(())
    return dict(zip(Mark._fields, columns, strict=False))


def _summary(fields: dict[str, tuple[Any, ...]]) -> str:
    if not fields["id"]:
        return "No incidents"
    days = {*fields["first"], *fields["last"]} - {None}
    parts = [_counted(len(set(fields["incident"])), "incident")]
    parts.append(_counted(count_articles(chain(*fields["sources"])), "article"))
    if days:
        ends = dict.fromkeys((day_words(min(days)), day_words(max(days))))
        parts.append(" – ".join(ends))
    return " · ".join(parts)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _columns(
    fields: dict[str, tuple[Any, ...]], layers: list[int], codes: list[str], outlets: list[str]
) -> dict[str, list[int]]:
    """Return what the map is painted and filtered from, one whole number a mark."""
    types, statuses, precisions, known = (
        {value: number for number, value in enumerate(values)}
        for values in (codes, STATUSES, _PRECISIONS, outlets)
    )
    days = {day: _day(day) for day in {*fields["first"], *fields["last"]}}
    return {
        "layer": layers,
        "type": [types[code] for code in fields["type"]],
        "status": [statuses[status] for status in fields["status"]],
        "precision": [precisions[precision] for precision in fields["precision"]],
        "spot": _steps([_NONE if spot is None else spot for spot in fields["spot"]]),
        "placed": [1 if place else 0 for place in fields["place"]],
        "first": [days[day] for day in fields["first"]],
        # After the first day: most are zero.
        "last": [days[b] - days[a] for a, b in zip(fields["first"], fields["last"], strict=True)],
        "killed": [_NONE if killed is None else killed for killed in fields["killed"]],
        "injured": [_NONE if injured is None else injured for injured in fields["injured"]],
        "sources": [len(sources) for sources in fields["sources"]],
        "outlet": [known[source.outlet] for source in chain(*fields["sources"])],
    }


def _day(day: date | None) -> int:
    return NO_DAY if day is None else day.toordinal() - _EPOCH


def _share(value: float | None) -> int:
    return _NONE if value is None else round(100 * value)


class _Table(dict[str, int]):
    """Texts by their number, each once; the empty one is 0.

    Columns of numbers are written as steps from one to the next, and where all steps are equal as
    the first number and that step: so are texts that stand once each, in order.
    """

    def __init__(self) -> None:
        super().__init__({"": 0})

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number

    def numbers(self, texts: Iterable[str]) -> list[int]:
        """Return the number of each text; new ones are numbered in their order."""
        return list(map(self.__getitem__, texts))

    def column(self, texts: Sequence[str]) -> list[int] | dict[str, int]:
        """Return a column of texts as one of steps, or its first number and its only step."""
        if not any(texts):
            return {"from": 0, "by": 0}
        steps = _steps(self.numbers(texts))
        further = steps[1:]
        step = further[0] if further else 0
        return {"from": steps[0], "by": step} if further.count(step) == len(further) else steps


def _texts(marks: Sequence[Mark]) -> dict[str, Any]:
    """Return the texts of some marks: a table of strings, and the columns that number them."""
    fields, table = _fields(marks), _Table()
    told = dict(zip(Source._fields, zip(*chain(*fields["sources"]), strict=True), strict=False))
    quotes = [_joined(quote) for quote in told.get("quote", ())]
    table.numbers(_woven(fields, [text for text, _ in quotes]))
    columns: dict[str, Any] = {
        name: table.column(fields[name])
        for name in ("title", "date", "phrase", "place", "within", "country", "casualties")
    }
    columns |= {
        "confidence": _each(fields["confidence"], _share),
        "fields": _each(fields["fields"], lambda values: list(map(_share, values))),
        "actors": _each(fields["actors"], lambda actors: table.numbers(chain(*actors))),
        "why": _each(fields["why"], table.numbers),
        "rejected": _each(fields["rejected"], table.numbers),
    }
    sources: dict[str, Any] = {
        name: table.column([text or "" for text in told.get(name, ())])
        for name in ("url", "published", "language", "said", "status", "basis")
    }
    # A headline that is the mark's own is not told twice.
    sources["title"] = table.column(
        [
            "" if source.title == title else source.title or ""
            for title, group in zip(fields["title"], fields["sources"], strict=True)
            for source in group
        ]
    )
    sources["quote"] = table.column([text for text, _ in quotes])
    sources["marks"] = _each([marked for _, marked in quotes], list)
    return {
        "ids": _ids(fields["id"]),
        "strings": list(table),
        "marks": columns,
        "sources": sources,
    }


def _woven(fields: dict[str, tuple[Any, ...]], quotes: Sequence[str]) -> Iterable[str]:
    """Return each headline before its quotes, whose words it shares: so they pack best."""
    rest = iter(quotes)
    counts = map(len, fields["sources"])
    told = (islice(rest, count) for count in counts)
    return chain.from_iterable(map(chain, zip(fields["title"]), told))


def _ids(ids: Sequence[str]) -> Sequence[str] | dict[str, Any]:
    """Return ids as they are, or, as digests of one length, their bytes in base64."""
    joined, length = "".join(ids), len(ids[0])
    if length % 2 or set(map(len, ids)) != {length} or not _DIGESTS.fullmatch(joined):
        return ids
    packed = base64.b64encode(bytes.fromhex(joined)).decode("ascii")
    return {"bytes": packed, "length": length}


def _steps(numbers: Sequence[int]) -> list[int]:
    return list(map(sub, numbers, chain((0,), numbers)))


def _each(values: Sequence[Any], make: Callable[[Any], Any]) -> list[Any] | dict[str, Any]:
    """Return what is made of each value; of one that all share, `{"all": ...}`."""
    if values and values.count(values[0]) == len(values):
        return {"all": make(values[0])}
    return list(map(make, values))


def _joined(pieces: Sequence[Piece]) -> tuple[str, list[int]]:
    """Return a quote's text, and its marks as start, length and kind, three numbers each.

    Starts and lengths count UTF-16 units, as the viewer does.
    """
    if len(pieces) == 1 and pieces[0][0] not in _KINDS:
        return pieces[0][1], []
    text: list[str] = []
    marked: list[int] = []
    at = 0
    for kind, words in pieces:
        units = len(words)
        if not words.isascii():
            units += sum(ord(sign) > _LAST_UNIT for sign in words)
        if kind in _KINDS:
            marked += (at, units, _KINDS[kind])
        text.append(words)
        at += units
    return "".join(text), marked

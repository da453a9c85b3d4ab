"""Readings as compressed JSON and back, exactly: what a store keeps is what was read.

The JSON follows the fields of the values by name, so that a field that a later version adds takes
its default in what an older one stored. The text of the article is kept by itself, where others
can read it, unless it holds what no file can.
"""

from __future__ import annotations

import json
import re
import types
import typing
import zlib
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, Union, cast, get_args, get_origin

from geomap import model
from geomap.errors import StoreError
from geomap.model import Article, Event, Reading, Resolution

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

__all__ = ["decode", "encode", "storable"]

_T = TypeVar("_T")
# Halves the size against level 1; higher ones cost time for one more percent.
_LEVEL = 6
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSTORABLE = {0: "\N{REPLACEMENT CHARACTER}"}


def storable(text: str) -> str:
    """Return a text with what no file can hold replaced, one character for one.

    Parameters
    ----------
    text
        Any text; NUL and lone surrogates become U+FFFD.

    Returns
    -------
    str
        The text itself where nothing is to be replaced.
    """
    if "\0" in text:
        text = text.translate(_UNSTORABLE)
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
    return text


def encode(reading: Reading) -> bytes:
    """Return a reading as compressed JSON, without its text where that can be kept by itself.

    Parameters
    ----------
    reading
        What one article says.

    Returns
    -------
    bytes
        What `decode` takes.
    """
    article = _plain(reading.article)
    if storable(reading.article.text) == reading.article.text:
        del article["text"]
    data = {
        "article": article,
        "resolutions": reading.resolutions,
        "events": [_event(event, reading.resolutions) for event in reading.events],
    }
    # ASCII alone: lone surrogates travel as escapes.
    return zlib.compress(_JSON.encode(data).encode("ascii"), _LEVEL)


def decode(data: bytes, text: str, *, mentions: bool = True) -> Reading:
    """Return the reading that was encoded.

    Parameters
    ----------
    data
        What `encode` gave.
    text
        The text of the article as it was kept.
    mentions
        False leaves the mentions out, which takes half of the time; events keep their places.

    Returns
    -------
    Reading
        Equal to the one that was encoded.

    Raises
    ------
    StoreError
        The data are damaged.
    """
    try:
        raw = json.loads(zlib.decompress(data))
        article = _build(Article, {"text": text} | raw["article"])
        found = raw["resolutions"]
        told = {event["place"] for event in raw["events"] if isinstance(event["place"], int)}
        for number in range(len(found)) if mentions else told:
            found[number] = _build(Resolution, found[number])
        for event in raw["events"]:
            if isinstance(event["place"], int):
                event["place"] = found[event["place"]]
        resolutions = tuple(found) if mentions else ()
        events = tuple(_build(Event, row) for row in raw["events"])
    except (zlib.error, ValueError, KeyError, TypeError, IndexError) as error:
        raise StoreError(f"a stored reading is damaged ({error})") from error
    return Reading(article=article, resolutions=resolutions, events=events)


def _event(event: Event, resolutions: tuple[Resolution, ...]) -> dict[str, Any]:
    """Return an event, its place as the number of the article's mention where it is one."""
    row: dict[str, Any] = _plain(event)
    if event.place is not None and event.place in resolutions:
        row["place"] = resolutions.index(event.place)
    return row


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever JSON does not know
    """Return a value's fields by name, a day as ISO text."""
    if isinstance(value, date):
        return value.isoformat()
    return {name: getattr(value, name) for name in _names(cast("Hashable", type(value)))}


_JSON = json.JSONEncoder(separators=(",", ":"), default=_plain)


@cache
def _names(kind: Hashable) -> tuple[str, ...]:
    """Return the fields that a value is built from."""
    return tuple(field.name for field in fields(cast("type[Any]", kind)) if field.init)


def _build(kind: type[_T], row: dict[str, Any]) -> _T:
    names, readers = _recipe(cast("Hashable", kind))
    made = {name: value for name, value in row.items() if name in names}
    for name, read in readers:
        raw = made.get(name)
        if raw is not None:
            made[name] = read(raw)
    return kind(**made)


@cache
def _recipe(
    kind: Hashable,
) -> tuple[frozenset[str], tuple[tuple[str, Callable[[Any], Any]], ...]]:
    """Return the fields of a value, and what rebuilds those that JSON does not hold as they are."""
    hints = typing.get_type_hints(kind, vars(model))
    names = _names(kind)
    readers = ((name, _reader(hints[name])) for name in names)
    return frozenset(names), tuple((name, read) for name, read in readers if read is not None)


def _reader(hint: Any) -> Callable[[Any], Any] | None:  # noqa: ANN401 - a type hint has no common type
    """Return what rebuilds a value of a hint from its JSON; None where that is the value."""
    origin = get_origin(hint)
    if origin in {Union, types.UnionType}:
        (inner,) = (part for part in get_args(hint) if part is not type(None))
        return _reader(inner)
    if origin is tuple:
        read_one = _reader(get_args(hint)[0])
        return tuple if read_one is None else lambda raw: tuple(map(read_one, raw))
    if hint is date:
        return date.fromisoformat
    if is_dataclass(hint):
        kind = cast("type[Any]", hint)
        return lambda raw: raw if type(raw) is kind else _build(kind, raw)
    return None

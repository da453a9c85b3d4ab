"""The names of a place as they are written, with what the source tells of each.

An index keeps them compressed, in blocks of neighbouring places.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from geomap.gazetteer.ranking import NameKind

__all__ = [
    "PLACES_A_BLOCK",
    "Mark",
    "PlaceName",
    "blocks",
    "encoded",
    "in_language",
    "label_in",
    "merged",
    "names_in",
]

Mark = Literal["preferred", "short", "colloquial", "historic"]

# An entry is a kind of `index.KIND_RANKS` and the first letters of its marks, the language, the
# name, with tabs between them.
_KINDS: dict[str, NameKind] = {
    "c": "canonical",
    "x": "abbreviation",
    "d": "demonym",
    "a": "alternate",
    "h": "historic",
}
_MARKS: dict[str, Mark] = {
    "p": "preferred",
    "s": "short",
    "o": "colloquial",
    "h": "historic",
}
_BREAKS = str.maketrans("\t\r\n\f", "    ")
# Some 10 kB of names: a fifth of a millisecond to unpack, and a third of their size.
PLACES_A_BLOCK = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceName:
    """One name of a place.

    Parameters
    ----------
    text
        The name as it is written.
    language
        Its language as the source codes it, such as "fa" or "zh-Hant"; None where it is not told.
    kind
        What sort of name it is.
    marks
        What GeoNames says of it besides; empty for most names.
    """

    text: str
    language: str | None
    kind: NameKind
    marks: tuple[Mark, ...] = ()


def encoded(name: str, kind: str, language: str | None = None, marks: str = "") -> str:
    """Return a name as one line for an index: `kind` and `marks` are letters, tables above."""
    return f"{kind}{marks}\t{language or ''}\t{name.translate(_BREAKS)}"


def blocks(spelled: Iterable[tuple[int, str]]) -> Iterator[tuple[int, bytes]]:
    """Pack the names of places for an index.

    Parameters
    ----------
    spelled
        Row of a place, in ascending order, and what `encoded` gave for its names, with line feeds
        between them.

    Yields
    ------
    tuple of int and bytes
        Number of the block and its names; blocks of places without names are left out.
    """
    for block, places in groupby(spelled, key=lambda place: place[0] // PLACES_A_BLOCK):
        text = "\f".join(f"{row}\n{lines}" for row, lines in places)
        yield block, zlib.compress(text.encode("utf-8", "replace"))


def names_in(block: bytes, row: int) -> list[PlaceName]:
    """Return the names of a place out of its block, in their order; may be empty."""
    for place in zlib.decompress(block).decode().split("\f"):
        number, _, lines = place.partition("\n")
        if number == str(row):
            return _decoded(lines)
    return []


def _decoded(lines: str) -> list[PlaceName]:
    found = []
    for line in lines.split("\n"):
        letters, language, text = line.split("\t", 2)
        marks = tuple(_MARKS[letter] for letter in letters[1:])
        kind = _KINDS[letters[0]]
        found.append(PlaceName(text=text, language=language or None, kind=kind, marks=marks))
    return found


def merged(usual: str, sources: Iterable[Sequence[PlaceName]]) -> list[PlaceName]:
    """Return all names of a place once each.

    Parameters
    ----------
    usual
        The name that the place is shown by.
    sources
        What each source tells, the weightiest first.

    Returns
    -------
    list of PlaceName
        The usual name first. A name whose language one source tells does not stand there a
        second time without it.
    """
    every = [name for names in sources for name in names]
    told = {name.text for name in every if name.language}
    found: dict[tuple[str, str | None], PlaceName] = {}
    for name in every:
        if name.language or name.text not in told:
            found.setdefault((name.text, name.language), name)
    if not any(name.text == usual for name in found.values()):
        found[usual, None] = PlaceName(text=usual, language=None, kind="canonical")
    return sorted(found.values(), key=lambda name: name.text != usual)


def in_language(names: Iterable[PlaceName], language: str) -> list[PlaceName]:
    """Keep the names of a language; regional ones ("fa-AF" for "fa") stand behind the plain ones.

    Parameters
    ----------
    names
        Any names.
    language
        A code in any case.

    Returns
    -------
    list of PlaceName
        Where the code has a region or script that no name has, those of the bare language.
    """
    exact, regional, bare = _by_language(names, language)
    return exact + regional or bare


def _by_language(names: Iterable[PlaceName], language: str) -> tuple[list[PlaceName], ...]:
    """Return the names of just this code, of its regions, and of the language without its own."""
    wanted = language.lower()
    bare = wanted.partition("-")[0]
    told = [(name.language.lower(), name) for name in names if name.language]
    return (
        [name for code, name in told if code == wanted],
        [name for code, name in told if code.startswith(f"{wanted}-")],
        [name for code, name in told if code == bare != wanted],
    )


def label_in(names: Iterable[PlaceName], language: str) -> str | None:
    """Return the name to write on a map in a language; None where none is fit for it.

    Parameters
    ----------
    names
        Names of any languages.
    language
        A code in any case; names of just this code come before those of its regions.

    Returns
    -------
    str or None
        A preferred name, a short one of them first, else the first; no former, colloquial or
        people's name, and no abbreviation but a short form that is preferred.
    """
    for group in _by_language(names, language):
        fit = [
            name
            for name in group
            if name.kind in ("canonical", "alternate")
            or (name.kind == "abbreviation" and {"preferred", "short"} <= set(name.marks))
        ]
        ranked = sorted(fit, key=lambda n: ("preferred" not in n.marks, "short" not in n.marks))
        if ranked:
            return ranked[0].text
    return None

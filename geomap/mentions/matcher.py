"""Every stretch of a text that the gazetteer knows as a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from geomap.folding import fold_mapped
from geomap.mentions.vocabulary import PARTICLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomap.gazetteer import Gazetteer

__all__ = ["Match", "matches"]

# Where a name may begin, roughly: a scan for one class of characters is twice as fast as one that
# looks behind each, and the few that it finds too many are sorted out one by one.
_CAPITAL = re.compile("[A-Z\u00aa-\U0010ffff]")
# What follows a name's end where the word goes on; the possessive does not count.
_INSIDE = re.compile(r"\w|['’ʼ`](?!s\b)\w")
# Longer names than this are rare, and each character of a slice costs time.
_LONGEST = 60
# One or two letters in mixed case ("Us", "In") are words; a name so short is written in capitals.
_SHORT = 2


class Match(NamedTuple):
    """A stretch of the text and the folded name that it reads as."""

    start: int
    end: int
    name: str


def matches(text: str, gazetteer: Gazetteer) -> Iterator[Match]:
    """Give every stretch of a text that is a name in the gazetteer, overlapping ones too.

    Parameters
    ----------
    text
        Any text; may be empty.
    gazetteer
        Where the names come from.

    Yields
    ------
    Match
        In order of start, then of length. Names begin and end at word boundaries.
    """
    folded = fold_mapped(text)
    line, at, end_of, prefixes = folded.text, folded.at, folded.end, gazetteer.prefixes
    plain, seams = not folded.starts, frozenset(folded.starts)
    inside_word = _INSIDE.match
    for start in _starts(text):
        index = start if plain else at(start)
        for name in prefixes(line[index : index + _LONGEST]):
            until = index + len(name)
            # Most of the names found are beginnings of words; only a dropped mark can part one.
            if line[until : until + 1].isalnum() and until not in seams:
                continue
            end = until if plain else end_of(until)
            if inside_word(text, end):
                continue
            if end - start <= _SHORT and not _short_name(text, start, end):
                continue
            if text[end : end + 1] == "." and text[end - 1 : end] != "." and _dotted(text, end):
                continue
            yield Match(start, end, name)


def _starts(text: str) -> Iterator[int]:
    """Give where words begin that could be names: a letter in upper case or of a caseless script.

    A particle before it ("al-Bab") gives a start of its own, first.
    """
    for capital in _CAPITAL.finditer(text):
        start = capital.start()
        char, before = text[start], text[start - 1] if start else " "
        if before.isalnum() or (char > "\x7f" and (char.islower() or not char.isalpha())):
            continue
        if before == "-":
            for particle in PARTICLES:
                begin = start - len(particle)
                if (
                    text[max(0, begin) : start] == particle
                    and not text[begin - 1 : begin].isalnum()
                ):
                    yield begin
        yield start


def _short_name(text: str, start: int, end: int) -> bool:
    letters = text[start:end]
    return not letters.isascii() or (letters.isupper() and end - start == _SHORT)


def _dotted(text: str, stop: int) -> bool:
    """Tell whether the stop is inside an abbreviation ("U.S" in "U.S.A")."""
    return text[stop - 2 : stop - 1] == "." and text[stop - 1 : stop].isalpha()

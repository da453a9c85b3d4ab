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

# A name begins at the first letter of a word, in upper case or in a script without case (those in
# lower case beyond ASCII are told apart below), or at a particle before such a letter: "al-Bab".
_START = re.compile(
    rf"(?<![^\W_])(?:[^\W\d_a-z]|(?:{'|'.join(map(re.escape, PARTICLES))})(?=[^\W\d_a-z]))"
)
# What follows a name's end where the word goes on; the possessive does not count.
_INSIDE = re.compile(r"\w|['’ʼ`](?!s\b)\w")
# Longer names than this are rare, and each character of a slice costs time.
_LONGEST = 60
# One or two letters in mixed case ("Us", "In") are words; a name so short is written in capitals.
_SHORT = 2


class Match(NamedTuple):
    """A stretch of the text and the key of the name that it reads as."""

    start: int
    end: int
    key: int


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
    plain = not folded.starts
    inside_word = _INSIDE.match
    for begin in _START.finditer(text):
        start = begin.start()
        if not text[start].isascii() and text[start].islower():
            continue
        index = start if plain else at(start)
        for name, key in prefixes(line[index : index + _LONGEST]):
            until = index + len(name)
            end = until if plain else end_of(until)
            if inside_word(text, end):
                continue
            if end - start <= _SHORT and not _short_name(text, start, end):
                continue
            if text[end : end + 1] == "." and text[end - 1 : end] != "." and _dotted(text, end):
                continue
            yield Match(start, end, key)


def _short_name(text: str, start: int, end: int) -> bool:
    letters = text[start:end]
    return not letters.isascii() or (letters.isupper() and end - start == _SHORT)


def _dotted(text: str, stop: int) -> bool:
    """Tell whether the stop is inside an abbreviation ("U.S" in "U.S.A")."""
    return text[stop - 2 : stop - 1] == "." and text[stop - 1 : stop].isalpha()

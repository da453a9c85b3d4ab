"""Words with their offsets, cut the way place names need it."""

from __future__ import annotations

import re
from typing import NamedTuple

from geomap.mentions.vocabulary import ABBREVIATIONS

__all__ = ["Token", "tokens"]

# "U.S.", "N.C.", "D.C" | words with inner apostrophes but without 's | numbers | one other mark.
_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}(?:[^\W\d_](?!\w))?"
    r"|['’]s\b"
    r"|[^\W\d_]+(?:['’ʼ`´](?!s\b)[^\W\d_]+)*"
    r"|\d(?:[\d,.]*\d)?"
    r"|[^\w\s]|_"
)


class Token(NamedTuple):
    """One word, number or mark: its stretch of the text, its lower-case form, its kind.

    `capital` is True for a word that could begin a name: a first letter in upper case, or in a
    script without case.
    """

    start: int
    end: int
    lower: str
    capital: bool
    word: bool


def tokens(text: str) -> list[Token]:
    """Cut a text into tokens.

    Parameters
    ----------
    text
        Any text; may be empty.

    Returns
    -------
    list of Token
        In text order; hyphens part words, a closed list of abbreviations keeps its stop.
    """
    found: list[Token] = []
    append = found.append
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        raw = match.group()
        first = raw[0]
        word = first.isalpha()
        if word and text[end : end + 1] == "." and raw.lower() in ABBREVIATIONS:
            end += 1
        append(Token(start, end, raw.lower(), word and not first.islower(), word))
    return _without_double_stops(found)


def _without_double_stops(found: list[Token]) -> list[Token]:
    """Drop the stop that an abbreviation has taken in."""
    kept: list[Token] = []
    for token in found:
        if not kept or token.start >= kept[-1].end:
            kept.append(token)
    return kept

"""Words with their offsets, cut the way place names need it."""

from __future__ import annotations

import re
from typing import NamedTuple

from geomap.mentions.vocabulary import ABBREVIATIONS

__all__ = ["Token", "tokens"]

# "U.S.", "N.C.", "D.C" | words with inner apostrophes but without 's | numbers | one other mark.
# It is matched against an outline of the text, in which classes of ASCII do: twice as fast.
_TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,}(?:[A-Za-z](?!\w))?"
    r"|['’]s\b"
    r"|[A-Za-z]+(?:['’`´](?!s\b)[A-Za-z]+)*"
    r"|\d(?:[\d,.]*\d)?"
    r"|[^\w\s]|_",
    re.ASCII,
)
# So many different tokens are in a month of news; beyond them what is known of them begins anew.
_MOST = 65_536
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")


class _Outlines(dict[str, str]):
    """A character beyond ASCII -> one of ASCII that stands for its class, or itself."""

    def __missing__(self, char: str) -> str:
        number, letter = re.match(r"\d", char), char.isalnum()
        found = "0" if number else "x" if letter else " " if char.isspace() else char
        self[char] = found
        return found


# A cache of a pure function, filled as characters are met: it never changes an answer.
_OUTLINES = _Outlines()


class _Kinds(dict[str, tuple[str, bool, bool, bool]]):
    """A token as written -> its lower case; a capital, a word, an abbreviation or not."""

    def __missing__(self, raw: str) -> tuple[str, bool, bool, bool]:
        if len(self) > _MOST:
            self.clear()
        lower, word = raw.lower(), raw[0].isalpha()
        kind = lower, word and not raw[0].islower(), word, word and lower in ABBREVIATIONS
        self[raw] = kind
        return kind


_KINDS = _Kinds()


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
    outline = text if text.isascii() else _BEYOND_ASCII.sub(lambda m: _OUTLINES[m.group()], text)
    found: list[Token] = []
    append, new, abbreviated, kinds = found.append, tuple.__new__, False, _KINDS
    for match in _TOKEN.finditer(outline):
        start, end = match.span()
        lower, capital, word, shortened = kinds[text[start:end]]
        if shortened and text.startswith(".", end):
            end += 1
            abbreviated = True
        append(new(Token, (start, end, lower, capital, word)))
    return _without_double_stops(found) if abbreviated else found


def _without_double_stops(found: list[Token]) -> list[Token]:
    """Drop the stop that an abbreviation has taken in."""
    kept: list[Token] = []
    for token in found:
        if not kept or token.start >= kept[-1].end:
            kept.append(token)
    return kept

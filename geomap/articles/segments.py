"""Paragraphs and sentences of news text, by rules that read only the neighbourhood of a stop."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from geomap.articles.stops import is_abbreviation, stop_ends_sentence
from geomap.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["paragraphs", "sentences"]

_BLANK_LINE = re.compile(r"(?:\r\n?+|[\n\u2028])[^\S\n\r\u2028]*[\n\r\u2028]|\u2029")
_NONBLANK = re.compile(r"\S")
_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_WORD = re.compile(r"\S+")

# Columns of hard-wrapped copy: wires and mail have 60 to 80, pages as extracted up to 110.
_NARROWEST_WRAP = 40
_WIDEST_WRAP = 120
# Two lines of equal length are chance; in a column most lines have no room for the next word.
_FEWEST_FULL = 3
_FULL_SHARE = 0.6

_LINE_ENDS = frozenset(".!?…؟。:;")
_BULLETS = frozenset("-•*–—·▪►")
# No headline, list item or sentence ends with one of these, so the next line goes on.
_LINKS = re.compile(
    r"\s(?:and|or|of|the|a|an|at|in|into|from|with|by|near|for|that|who|which|was|were|is|are|has"
    r"|have|had|its|their|his|her)\Z"
)
_LONGEST_LINK = 6

# A run of stops and the quotes and brackets that close behind it; then white space, a footnote
# mark, nothing (Chinese and Japanese), or at once the next sentence, its blank lost.
_STOP = re.compile(
    r"[.!?…؟۔।。！？](?<![.!?…؟۔।。！？]{2})[.!?…؟۔।。！？]*+(?:[ \u00a0]\.){0,8}+"
    r"(?:[\"'”’»)\]›“*」』）]++|[ \u00a0\u202f]»)?+"
    r"(?:(?=\s|\[\d)|(?<=[。！？」』）])|(?=[“\"‘(]?[^\W\d_a-z][^\W\d_A-Z]))"
)
# Before a stop without a blank behind it: the end of a word or number, not an address or initials.
_GLUED = re.compile(r"(?<!\S)(?!www(?:\.|\Z))[^\s@/_]*(?:[^\W\d_A-Z]{2}|\d\d|[)”])\Z")
_NEXT = re.compile(r"\s*(?:\[\d{1,3}\])?[\s\"'“‘«(\[¿¡„‹—–*-]*([^\W_]*)(\.?)")
_LAST_WORD = re.compile(r"[^\W_]+(?:[.’'][^\W_]+)*\Z")

# The longest abbreviation to look back for, with room for a bracket or hyphen before it.
_LOOK_BACK = 16
# How far back an address may begin in which a stop is no stop.
_ADDRESS = 60
_IDEOGRAPHIC = frozenset("。！？」』）")
# Behind an abbreviation a dash or an agency in brackets goes on with a dateline.
_FILED = re.compile(r"\s+(?:[—–-]|\([A-Z]{2,6}\))")

# Margin, start and end of a line: where it begins, and its characters without white space around.
_Line = tuple[int, int, int]


def paragraphs(text: str) -> tuple[Span, ...]:
    """Split a text into paragraphs.

    A blank line ends a paragraph. A single line break does so too, unless the line ends with a word
    that must go on ("of the") or the text is hard-wrapped: then it ends one only where the next
    word would still have fitted on the line.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    tuple of Span
        In order, trimmed of white space, none of them empty; no paragraph for a blank text.
    """
    lines = list(_lines(text))
    if not lines:
        return ()
    width = _wrap_width(text, lines)
    found: list[Span] = []
    start = lines[0][1]
    for line, (_, following, _) in pairwise(lines):
        if not _continues(text, line, following, width):
            found.append(Span(start=start, end=line[2]))
            start = following
    found.append(Span(start=start, end=lines[-1][2]))
    return tuple(found)


def sentences(text: str) -> tuple[Span, ...]:
    """Split a text into sentences.

    The rules know the abbreviations, initials and acronyms of English news, decimals, quotes and
    brackets behind a stop, and the stops of Arabic, Urdu, Hindi and Chinese. A sentence never
    crosses a paragraph.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    tuple of Span
        In order, trimmed of white space; every character that is not white space lies in exactly
        one of them. Empty for a blank text.
    """
    found: list[Span] = []
    for paragraph in paragraphs(text):
        start, end = paragraph.start, paragraph.end
        for stop in _STOP.finditer(text, start, end):
            if stop.end() < end and _ends_sentence(text, start, stop):
                found.append(Span(start=start, end=stop.end()))
                start = _next_start(text, stop.end())
        found.append(Span(start=start, end=end))
    return tuple(found)


def _lines(text: str) -> Iterator[_Line]:
    """Yield the lines that are not blank."""
    for found in _LINE.finditer(text):
        line = found[0]
        bare = line.strip()
        if bare:
            start = found.start() + len(line) - len(line.lstrip())
            yield found.start(), start, start + len(bare)


def _wrap_width(text: str, lines: list[_Line]) -> int | None:
    """Return the column at which a text is hard-wrapped, or None when its lines are paragraphs."""
    columns = (end - margin for margin, _, end in lines)
    width = max((column for column in columns if column <= _WIDEST_WRAP), default=0)
    if width < _NARROWEST_WRAP:
        return None
    breaks = full = 0
    for line, (_, following, _) in pairwise(lines):
        if not _BLANK_LINE.search(text, line[2], following):
            breaks += 1
            full += _is_full(text, line, following, width)
    return width if full >= max(_FEWEST_FULL, _FULL_SHARE * breaks) else None


def _is_full(text: str, line: _Line, following: int, width: int) -> bool:
    """Tell whether the first word of the following line had no room on `line`."""
    word = _WORD.match(text, following)
    column = line[2] - line[0]
    return word is not None and width - len(word[0]) <= column <= width


def _continues(text: str, line: _Line, following: int, width: int | None) -> bool:
    """Tell whether the line break between `line` and the line at `following` is only a wrap."""
    end = line[2]
    if _BLANK_LINE.search(text, end, following):
        return False
    if text[following].islower() and text[end - 1] not in _LINE_ENDS:
        return True
    if _LINKS.search(text, max(line[1], end - _LONGEST_LINK), end):
        return True
    if width is None or text[following] in _BULLETS:
        return False
    return _is_full(text, line, following, width)


def _next_start(text: str, position: int) -> int:
    found = _NONBLANK.search(text, position)
    return found.start() if found else len(text)


def _ends_sentence(text: str, start: int, stop: re.Match[str]) -> bool:
    """Decide on one run of stops, which is not the last thing of its paragraph."""
    first, end = stop.span()
    following = _NEXT.match(text, end)
    word = following[1] if following else ""
    if word[:1].islower():
        return False
    run = stop[0]
    if run[-1] in _IDEOGRAPHIC:
        return True
    if not (text[end].isspace() or text[end] == "["):
        glued = _GLUED.search(text, max(start, first - _ADDRESS), first)
        return glued is not None and not is_abbreviation(_last_word(text, start, first))
    if run[0] != "." or run.startswith(("..", ". .")):
        return bool(word) or run[0] != "."
    before = _last_word(text, start, first)
    if is_abbreviation(before) and _FILED.match(text, end):
        return False
    opens = first - len(before) == start
    return stop_ends_sentence(before, word, closed=len(run) > 1, first=opens)


def _last_word(text: str, start: int, end: int) -> str:
    found = _LAST_WORD.search(text, max(start, end - _LOOK_BACK), end)
    return found[0] if found else ""

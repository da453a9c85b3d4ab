"""What a full stop means after a word of news English."""

from __future__ import annotations

import re

from geomap.articles.vocabulary import (
    AFTER_CLOCK,
    COUNTED,
    GERMAN_MONTHS,
    OPEN_ENDED,
    OPENERS,
    TITLES,
)

__all__ = ["is_abbreviation", "stop_ends_sentence"]


_CLOCK = frozenset(("a.m", "p.m", "A.M", "P.M"))

_ZONE = re.compile(r"[A-Z]{2,4}\Z")


_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+(?:[^\W\d_]|Va|Dak)\Z")


def is_abbreviation(word: str) -> bool:
    """Tell whether a word is a known abbreviation or an acronym.

    Parameters
    ----------
    word
        The word without its last stop.

    Returns
    -------
    bool
        True for "Gen" and "U.S".
    """
    known = word in TITLES or word in COUNTED or word in OPEN_ENDED
    return known or _ACRONYM.match(word) is not None


def stop_ends_sentence(before: str, after: str, *, closed: bool, first: bool) -> bool:
    """Tell whether the full stop between two words ends a sentence.

    Parameters
    ----------
    before
        The word before the stop, stops inside it included ("U.S"). Empty behind a symbol.
    after
        The next word, not in lower case. Empty before a symbol.
    closed
        Whether a quotation mark or bracket closes behind the stop.
    first
        Whether `before` opens its sentence, as the number of a list item does.

    Returns
    -------
    bool
        False for abbreviations that go on, initials, and the numbers of list items.
    """
    if before.isdigit():
        return not (first or after in GERMAN_MONTHS)
    if before in TITLES or (before in COUNTED and after[:1].isdigit()):
        return False
    if len(before) == 1 and before.isalpha():
        return after in OPENERS or (closed and before.islower())
    if before in _CLOCK:
        return closed or not (after in AFTER_CLOCK or _ZONE.match(after))
    if before in OPEN_ENDED or _ACRONYM.match(before):
        return closed or after in OPENERS
    return True

"""What a full stop means after a word of news English."""

from __future__ import annotations

import re

__all__ = ["is_abbreviation", "stop_ends_sentence"]






_CLOCK = frozenset(("a.m", "p.m", "A.M", "P.M"))

_ZONE = re.compile(r"[A-Z]{2,4}\Z")


_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+(?:[^\W\d_]|Va|Dak)\Z")


def is_abbreviation(word: str) -> bool:
    """Tell whether a word, given without its stop, is a known abbreviation or an acronym."""
    known = word in _TITLES or word in _COUNTED or word in _OPEN_ENDED
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
        return not (first or after in _GERMAN_MONTHS)
    if before in _TITLES or (before in _COUNTED and after[:1].isdigit()):
        return False
    if len(before) == 1 and before.isalpha():
        return after in _OPENERS or (closed and before.islower())
    if before in _CLOCK:
        return closed or not (after in _AFTER_CLOCK or _ZONE.match(after))
    if before in _OPEN_ENDED or _ACRONYM.match(before):
        return closed or after in _OPENERS
    return True

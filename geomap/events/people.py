"""People whom an article once names with their office: "Foreign Minister Ann Roe", then "Roe"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.events.names import capitalised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.model import Span

__all__ = ["holders", "two_people"]

_WITH_OFFICE = re.compile(
    r"\b(?i:minister|president|premier|chancellor|king|prince|emir|envoy|ambassador|secretary"
    r"|secretary[- ]general|chief|leader|commissioner|representative|speaker|negotiator|general"
    r"|director)"
    r" (?P<name>[A-Z][\w’'-]+(?: (?:al-|bin |bint |ur-)?[A-Z][\w’'-]+){0,4})"
)
# Shorter words of a name are particles and initials.
_SHORTEST = 3
_TWO = 2


@lru_cache(maxsize=4)
def holders(text: str) -> frozenset[str]:
    """Return the first and last names of the people whom a text names behind an office.

    Parameters
    ----------
    text
        The article's text.

    Returns
    -------
    frozenset[str]
        Single words as written; empty where nobody is named so.
    """
    found: set[str] = set()
    for match in _WITH_OFFICE.finditer(text):
        words = match["name"].removesuffix("'s").removesuffix("’s").split()
        found |= {word for word in (words[0], words[-1]) if len(word) >= _SHORTEST}
    return frozenset(found)


def two_people(words: str, places: Sequence[Span]) -> bool:
    """Tell whether a sentence names two people or more by first and last name.

    Parameters
    ----------
    words
        The sentence.
    places
        Its place names, in offsets of the sentence; they are nobody.

    Returns
    -------
    bool
        True for "Ann Roe held talks with Ben Doe".
    """
    names = [
        run
        for run in capitalised(words)
        if " " in run.of(words) and not any(run.overlaps(place) for place in places)
    ]
    return len(names) >= _TWO

"""Which date phrase says when an event happened."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from geomap.model import Span, When

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["join", "nearest", "overlap"]

# Each of these between a trigger and a phrase costs as much as this many characters.
_CLAUSE_COST = 45
_CLAUSE = re.compile(
    r"[;:”“\"]|,|\b(?:that|which|who|where|when|after|before|while|since|but|as|following|said"
    r"|told|announced)\b",
    re.IGNORECASE,
)
_JOINT = re.compile(r"^\s*(?:and|to|through|until|till|-|–)\s*(?:on\s*)?$", re.IGNORECASE)
# A phrase straight before one of these is the time of speaking.
_SPEAKING = re.compile(
    r"\b(?:said|says|told [\w ]{3,30}?|announced|reported|added|tweeted|confirmed|warned|alleged)"
    r"(?: (?:in|at) (?:a|an|the) [\w ]{3,30}?)?(?: (?:on|late|early))*\s*$",
    re.IGNORECASE,
)


def _span(when: When) -> Span:
    return when.span or Span(start=0, end=0)


def nearest(
    text: str, sentence: Span, trigger: Span, dates: Sequence[When], *, utterance: bool = False
) -> tuple[When, float] | None:
    """Return the date phrase of a sentence that belongs to the event at a trigger.

    Phrases of the same clause come first, then the nearest. The day of speaking ("said on Monday")
    never dates what is spoken of.

    Parameters
    ----------
    text
        The article's text.
    sentence
        The sentence of the trigger.
    trigger
        The event word.
    dates
        The article's date phrases with spans.
    utterance
        Whether the event is itself an act of speaking.

    Returns
    -------
    tuple[When, float] or None
        The phrase and how sure it is, 0 to 1; None where the sentence has no date.
    """
    found = [w for w in join(text, dates) if w.span and sentence.start < w.span.end <= sentence.end]
    best: tuple[float, When] | None = None
    for when in found:
        span = _span(when)
        low, high = min(span.end, trigger.end), max(span.start, trigger.start)
        between = text[low:high]
        cost = len(between) + _CLAUSE_COST * len(_CLAUSE.findall(between))
        spoken = bool(_SPEAKING.search(text[sentence.start : span.start]))
        if spoken and not utterance:
            continue
        if best is None or cost < best[0]:
            best = (cost, when)
    if best is None:
        return None
    return best[1], 0.95 if best[0] < _CLAUSE_COST * 2 else 0.75 if best[
        0
    ] < _CLAUSE_COST * 5 else 0.6


def join(text: str, dates: Sequence[When]) -> list[When]:
    """Join neighbouring days ("Tuesday and Wednesday", "Monday to Friday") to one interval.

    Parameters
    ----------
    text
        The article's text.
    dates
        Date phrases with spans, in text order.

    Returns
    -------
    list[When]
        In text order; phrases without a span are left out.
    """
    out: list[When] = []
    for when in dates:
        last = out[-1] if out else None
        if when.span is None:
            continue
        if (
            last is not None
            and last.span is not None
            and last.precision == when.precision
            and last.span.end <= when.span.start
            and _JOINT.match(text[last.span.end : when.span.start])
        ):
            span = Span(start=last.span.start, end=when.span.end)
            ordered = last.first is None or when.last is None or last.first <= when.last
            if ordered:
                out[-1] = replace(last, last=when.last, text=span.of(text), span=span)
                continue
        out.append(when)
    return out


def overlap(left: When | None, right: When | None) -> bool:
    """Tell whether two dates may be of one happening.

    Parameters
    ----------
    left
        A date, or None for unknown.
    right
        Another.

    Returns
    -------
    bool
        True where the intervals share a day, or an end of one is not known.
    """
    if left is None or right is None:
        return True
    if left.first and right.last and left.first > right.last:
        return False
    return not (right.first and left.last and right.first > left.last)

"""Which date phrase says when an event happened."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from geomap.dates.intervals import months
from geomap.model import Span, When

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ahead", "happened", "nearest", "overlap", "spoken"]

# Each of these between a trigger and a phrase costs as much as this many characters.
_CLAUSE_COST = 45
_CLAUSE = re.compile(
    r"[;:”“\"]|,|\b(?:that|which|who|where|when|after|before|while|since|but|as|following|said"
    r"|told|announced)\b",
    re.IGNORECASE,
)
# What "since January" or "this year" measures when it stands behind a superlative or an ordinal.
_RANKED = re.compile(
    r"\b(?:deadliest|bloodiest|worst|largest|biggest|heaviest|highest|fiercest|longest|most \w+"
    r"|first|second|third|fourth|fifth|sixth|seventh|\d+(?:st|nd|rd|th)|only|lowest)\b[^;:]{0,80}$",
    re.IGNORECASE,
)
# Fighting and marches may last "since Monday"; a single deed does not.
_LASTING = re.compile(
    r"\b(?:has|have|had) (?:been |also )*(?:\w+ ){0,3}?(?:raged|continued|intensified|escalated"
    r"|flared|fought|fighting|clashed|clashing|shelled|shelling|protested|protesting|held|besieged"
    r"|bombed|bombing)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(r",? (?:when|in which|during which) ")
# "Hours after a truce was agreed on Monday" dates the truce; a comma ends that.
_FROM = re.compile(
    r"\b(?:minutes|hours?|days?|weeks?|months?|years?) (?:after|before)\b[^,;:]*$",
    re.IGNORECASE,
)
# What follows is what is said, and so are its dates.
_CONTENT = re.compile(r"\b(?:that|how|who|which|whose)\b|\bof \w+ing\b|[“\"]")
# Behind these words the sentence is back at the speaker: "of shelling X, in a speech on Tuesday".
_OCCASION = re.compile(
    r"\b(?:in|at|during) (?:an?|the|his|her|its|their) (?:[\w-]+ ){0,2}(?:speech|statement|address"
    r"|letter|session|interview|briefing|conference|sermon|broadcast)\b"
)
_BORN = re.compile(r"\bborn (?:\w+ ){0,3}$")
_BARE = re.compile(
    r"(?:(?:on|in|by|early|late|early on|late on) )*(?:[A-Z][a-z]+day(?: \w+)?|[A-Z][a-z]+)"
)
_WEEK = timedelta(7)
# It may be tomorrow already where something happened, in days.
_ZONES = 1
_YEARLESS = re.compile(
    r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b(?!.*\byear\b)", re.IGNORECASE
)
# A phrase straight before one of these is the time of speaking.
_SPEAKING = re.compile(
    r"\b(?:said|says|told [\w ]{3,30}?|announced|reported|added|tweeted|confirmed|warned|alleged)"
    r"(?: (?:in|at|from) (?:(?:a|an|the) [\w ]{3,30}?|[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,3}))?"
    r"(?: (?:on|late|early))*\s*$",
    re.IGNORECASE,
)


def _span(when: When) -> Span:
    return when.span or Span(start=0, end=0)


def nearest(
    text: str, sentence: Span, trigger: Span, dates: Sequence[When], *, utterance: bool = False
) -> tuple[When, float] | None:
    """Return the date phrase of a sentence that belongs to the event at a trigger.

    Phrases of the same clause come first, then the nearest. The day of speaking ("said on Monday")
    never dates what is spoken of, nor does a stretch over which something is counted or compared
    ("the worst since January", "the second this year").

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
    found = [
        when
        for when in dates
        if when.span
        and sentence.start < when.span.end <= sentence.end
        and not _measures(text, sentence, trigger, when)
        and not (utterance and _in_content(text, trigger, when.span))
    ]
    best: tuple[float, When] | None = None
    for when in found:
        span = _span(when)
        low, high = min(span.end, trigger.end), max(span.start, trigger.start)
        between = text[low:high]
        cost = len(between) + _CLAUSE_COST * len(_CLAUSE.findall(between))
        spoken = bool(_SPEAKING.search(text[sentence.start : span.start]))
        if (spoken and not utterance) or _elsewhere(text, sentence, trigger, span):
            continue
        if best is None or cost < best[0]:
            best = (cost, when)
    if best is None:
        return None
    return _closed(text, best[1]), 0.95 if best[0] < _CLAUSE_COST * 2 else 0.75 if best[
        0
    ] < _CLAUSE_COST * 5 else 0.6


def _in_content(text: str, trigger: Span, date_: Span) -> bool:
    """Tell whether a date stands in what is said, not beside the words of saying."""
    between = text[trigger.end : max(trigger.end, date_.start)]
    return bool(_CONTENT.search(_OCCASION.split(between)[-1]))


def _elsewhere(text: str, sentence: Span, trigger: Span, date_: Span) -> bool:
    """Tell whether a date is that of what came before: "hours after a truce on Monday"."""
    if date_.start > trigger.end:
        return bool(_FROM.search(text, trigger.end, date_.start))
    return date_.end < trigger.start and bool(_FROM.search(text, sentence.start, date_.start))


def _closed(text: str, when: When) -> When:
    """Return the month itself for "since January, when a bomb killed 20"."""
    first = when.first
    if first is None or when.last is not None or not _WHEN.match(text, _span(when).end):
        return when
    ends = {"day": first, "month": months(first.year, first.month, 1).last}
    return replace(when, last=ends.get(when.precision, date(first.year, 12, 31)))


def _measures(text: str, sentence: Span, trigger: Span, when: When) -> bool:
    """Tell whether a phrase is the stretch of a comparison or a count and dates nothing."""
    span = _span(when)
    # "The worst since January, when a bomb killed 20" dates what its clause tells.
    if trigger.start > span.end and _WHEN.match(text, span.end):
        return False
    before = text[sentence.start : span.start]
    if _BORN.search(before) or (
        when.precision in {"week", "month", "year"} and _RANKED.search(before)
    ):
        return True
    since = when.text.lower().startswith("since ")
    return since and (bool(_RANKED.search(before)) or not _LASTING.search(before))


def ahead(when: When, published: date | None) -> When:
    """Return the coming day or month that a bare weekday or month means in a plan.

    Parameters
    ----------
    when
        A date as the past would have it.
    published
        The publication day, or None.

    Returns
    -------
    When
        The same, or a week later (a weekday) or a year later (a month) where it lies before the
        publication day; anything else than a bare weekday or month is left alone.
    """
    first, last = when.first, when.last
    if published is None or first is None or last is None or last >= published:
        return when
    if when.basis != "relative" or not _BARE.fullmatch(when.text):
        return when
    if when.precision == "day" and "day" in when.text:
        return replace(when, first=first + _WEEK, last=last + _WEEK)
    if when.precision == "month":
        following = first.replace(year=first.year + 1)
        end = (following.replace(day=1) + timedelta(32)).replace(day=1) - timedelta(1)
        return replace(when, first=following, last=end)
    return when


def spoken(when: When, published: date | None) -> When:
    """Return the past day that a bare weekday means beside words that have been spoken.

    Parameters
    ----------
    when
        A date; "threatened to strike ... on Saturday" has the coming one.
    published
        The publication day, or None.

    Returns
    -------
    When
        The same, or a week earlier where it is a bare weekday after the publication day.
    """
    first, last = when.first, when.last
    if published is None or first is None or last is None or first <= published:
        return when
    if when.precision != "day" or "day" not in when.text or not _BARE.fullmatch(when.text):
        return when
    return replace(when, first=first - _WEEK, last=last - _WEEK)


def happened(when: When, published: date | None) -> When | None:
    """Return the past day that a day without a year means in what has happened.

    Parameters
    ----------
    when
        A date; one of a coming day or month is what the nearest year would have.
    published
        The publication day, or None.

    Returns
    -------
    When or None
        The same, or a year earlier where it begins after the publication day and its year is not
        written; None for any other coming day ("next week").
    """
    first, last = when.first, when.last
    if published is None or first is None or last is None or first <= published:
        return when
    if when.basis != "relative" or not _YEARLESS.search(when.text):
        return when if (first - published).days <= _ZONES else None
    try:
        return replace(
            when, first=first.replace(year=first.year - 1), last=last.replace(year=last.year - 1)
        )
    except ValueError:  # 29 February
        return when


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

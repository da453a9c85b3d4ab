"""From a text to the date phrases in it: what is left and right of a core, ranges, anaphora."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from geomap.dates import absolute, named, relative
from geomap.dates import grammar as g
from geomap.dates.intervals import Days, Reading, around, part_of, read
from geomap.model import Span, When

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["scan"]

_RULES = (*absolute.RULES, *relative.RULES, *named.RULES)
_GAP = r"(?:[^\S\n]*\s[^\S\n]*)"
_CORE = re.compile(
    r"(?<![\w$\u20ac\u00a3#/@])(?<!\d[.,:-])(?:" + "|".join(rule.source for rule in _RULES) + ")"
)
_LEFT_LENGTH = 64  # the longest run of words below: "until some time around the very beginning of the"
_PREPOSITION = (
    r"(?P<prep>since|until|till|by|before|after|prior to|ahead of|up to|up until|as of|starting|"
    r"beginning|effective|in|on|at|during|over|within|throughout|through|from|between|of|for|to|"
    r"around|about|circa|into|and|or)"
)
_PART = (
    r"(?P<part>early(?: on| in)?|late(?: on| in)?|mid|earlier(?: on| in)?|later(?: on| in)?|"
    r"(?:the )?(?:middle|beginning|start|end|close|turn|rest|remainder|week|month|day|year|eve|"
    r"morning|afternoon|evening|night) of|so far|sometime|some time|as early as|as late as|"
    r"as recently as|just|only|nearly|almost|about|around|more than|less than|at least)"
)
_LEFT = re.compile(
    rf"(?<![\w-])(?:{_PREPOSITION} )?(?:{_PART}(?: |-))?(?P<the>the )?$".replace(" ", _GAP)
)
_FUTURE = re.compile(
    r"(?<!\w)(?:will|shall|due|scheduled|plans?|planned|expected|set|to be|upcoming|must|"
    r"deadline|slated|is to|are to|wo|'ll|going to)(?!\w)[^.;!?\n]*$"
)
_FUTURE_REACH = 80
_OPEN_END = {"since", "starting", "beginning", "effective"}
_OPEN_START = {"until", "till", "by", "up to", "up until"}
_OUTSIDE = {"of", "for", "to", "around", "about", "circa", "into", "and", "or"}
_COUNTING = {"of", "by", "to", "for", "over", "about", "around", "from", "after", "at", "and", "or"}
_AMBIGUOUS = {"may", "march", "mar", "sat", "sun", "wed", "mon", "dec", "jan", "sep", "fri"}
_NAMES = ("month", "month2", "wd", "feast", "name")
_SEPARATOR = re.compile(g.SEPARATOR.replace(" ?", f"{_GAP}?").replace(" ", _GAP))
_COUNTED = re.compile(g.COUNTED)
_WEEK = timedelta(7)


@dataclass(frozen=True, slots=True)
class _Found:
    """A date phrase with the words around it: `start` is the core's, `left` the phrase's."""

    left: int
    start: int
    end: int
    reading: Reading
    kind: str
    modified: bool


def scan(text: str, published: date | None, *, lone: bool) -> list[When]:
    """Return the date phrases of a text in order, resolved.

    Parameters
    ----------
    text
        Any text; the empty one has no phrases.
    published
        The publication day, or None.
    lone
        Whether `text` is one phrase given by itself: then case does not matter, and forms count
        that mean nothing in running text ("the quarter", "1989", "19980108").

    Returns
    -------
    list[When]
        The phrases, none overlapping another; `text` and `span` are as in the text given.
    """
    lowered = _lower(text)
    context = g.Context(published=published, lone=lone)
    result: list[_Found] = []
    for found in _cores(text, lowered, context):
        joined = _join(result[-1], found, lowered) if result else None
        if joined is not None:
            result[-1] = joined
        else:
            result.append(found)
    return [_when(text, found) for found in result]


def _lower(text: str) -> str:
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(small if len(small := char.lower()) == 1 else char for char in text)


def _cores(text: str, lowered: str, context: g.Context) -> Iterator[_Found]:
    position, floor = 0, 0
    while match := _CORE.search(lowered, position):
        found, end = _best(text, lowered, match.start(), floor, context)
        position = max(end, match.start() + 1)
        if found is None:
            continue
        floor = position
        if found.reading.first is not None and found.reading.first == found.reading.last:
            context = replace(context, anchor=found.reading.first)
        yield found


def _best(
    text: str, lowered: str, start: int, floor: int, context: g.Context
) -> tuple[_Found | None, int]:
    """Return the longest phrase whose core begins at `start`, and where to go on."""
    matches = [(rule, match) for rule in _RULES if (match := rule.pattern.match(lowered, start))]
    matches.sort(key=lambda pair: -pair[1].end())
    left = _LEFT.search(lowered, max(floor, start - _LEFT_LENGTH), start)
    before = lowered[max(floor, start - _FUTURE_REACH) : start]
    future = (left is not None and left["prep"] == "by") or bool(_FUTURE.search(before))
    context = replace(context, future=future)
    for rule, match in matches:
        if not _admitted(rule, match, left, text, context):
            continue
        try:
            reading = rule.read(match, context)
            if reading is not None and left is not None:
                reading = _modified(reading, left, context)
        except (ValueError, OverflowError):
            reading = None
        if reading is None:
            return None, match.end()
        prep = " ".join((left["prep"] or "").split()) if left else ""
        begin = left.start() if left else start
        if left and prep in _OUTSIDE:
            begin += len(left["prep"])
            begin += len(lowered[begin:start]) - len(lowered[begin:start].lstrip())
        if left and not context.lone and left["part"] in _HEDGES:
            pass
        modified = bool(left and (left["part"] or prep in _OPEN_END | _OPEN_START))
        return _Found(begin, start, match.end(), reading, rule.kind, modified), match.end()
    return None, start + 1


_HEDGES = frozenset({"just"})


def _admitted(
    rule: g.Rule,
    match: re.Match[str],
    left: re.Match[str] | None,
    text: str,
    context: g.Context,
) -> bool:
    """Tell whether a match counts as a date in running text."""
    if context.lone:
        return True
    prep = " ".join((left["prep"] or "").split()) if left else ""
    part = bool(left and left["part"])
    policy = rule.policy
    groups = match.groupdict()
    bare = policy in {"name", "weekday"}
    for name in _NAMES:
        if not groups.get(name):
            continue
        begin = match.start(name)
        word = groups[name].rstrip(".")
        if not text[begin].isupper() and (
            name in {"feast", "name"} or word in _AMBIGUOUS or len(word) <= 4 or bare
        ):
            return False
    if policy == "name":
        return bool(prep and prep not in {"by", "to", "and", "or", "about"}) or part
    if policy == "weekday":
        return len(groups["wd"].rstrip(".")) > 5 or prep in {"on", "since", "until", "by"}
    if policy == "year":
        return _is_year(match, prep, part=part)
    if policy in {"determined", "season"}:
        named_ = prep in {"in", "during", "over", "since", "until", "by", "throughout"}
        has_the = bool(left and left["the"])
        return named_ or (has_the and policy == "determined")
    if policy == "rolling":
        return bool(left and left["the"]) and not part
    return policy != "lone"


def _is_year(match: re.Match[str], prep: str, *, part: bool) -> bool:
    text = match.string
    if part:
        return True
    if text[match.start() - 1 : match.start()] == "(" and text[match.end() : match.end() + 1] == ")":
        return True
    if not prep or prep in {"to", "for", "at", "about", "around", "on", "into", "and", "or", "over"}:
        return False
    return prep not in _COUNTING or not _COUNTED.match(text, match.end())


def _modified(reading: Reading, left: re.Match[str], context: g.Context) -> Reading | None:
    """Apply the words left of a core: "late", "the end of", "since", "before"."""
    first, last, precision, basis = reading
    if first is None or last is None:
        return reading
    part = " ".join((left["part"] or "").split()).removeprefix("the ")
    days = _part(Days(first, last), part, context)
    if days != (first, last):
        first, last, precision, basis = read(days, basis)
        if first is None or last is None:
            return None
    prep = " ".join((left["prep"] or "").split())
    day = timedelta(1)
    if prep in _OPEN_END:
        return Reading(first, None, precision, basis)
    if prep in _OPEN_START:
        return Reading(None, last, precision, basis)
    if prep == "after":
        return Reading(last + day, None, precision, basis)
    if prep in {"before", "prior to", "ahead of"}:
        return Reading(None, first - day, precision, basis)
    return Reading(first, last, precision, basis)


def _part(days: Days, part: str, context: g.Context) -> Days:
    thirds = {
        "early": "early",
        "beginning of": "early",
        "start of": "early",
        "mid": "mid",
        "middle of": "mid",
        "late": "late",
        "end of": "late",
        "close of": "late",
    }
    word = part.removesuffix(" on").removesuffix(" in")
    today = context.published
    if word in thirds:
        return part_of(days, thirds[word])
    if word == "eve of":
        day = days.first - timedelta(1)
        return Days(day, day)
    if word == "week of":
        return around(days.first, "week")
    if today and word in {"earlier", "so far"} and days.first <= today <= days.last:
        return Days(days.first, today)
    if today and word in {"later", "rest of", "remainder of"} and days.first <= today < days.last:
        return Days(today + timedelta(1), days.last)
    return days


def _join(before: _Found, after: _Found, lowered: str) -> _Found | None:
    """Return "Tuesday and Wednesday" as one interval, or None where the two are no pair."""
    if not before.kind or before.kind != after.kind or before.modified or after.modified:
        return None
    if not _SEPARATOR.fullmatch(lowered, before.end, after.start):
        return None
    first, last = before.reading, after.reading
    if first.first is None or first.last is None or last.first is None or last.last is None:
        return None if first.first or last.first else replace(before, end=after.end)
    start = first.first
    if start > last.last and before.kind == "weekday":
        start -= _WEEK
    elif before.kind in {"date", "month"} and first.basis == "relative":
        wanted = last.last.year if last.basis == "explicit" else start.year
        try:
            start = start.replace(year=wanted)
            start = start.replace(year=wanted - 1) if start > last.last else start
        except ValueError:
            return None
    if start > last.last:
        return None
    basis = last.basis if first.basis != "publication" else first.basis
    return replace(before, end=after.end, reading=read(Days(start, last.last), basis))


def _when(text: str, found: _Found) -> When:
    first, last, precision, basis = found.reading
    span = Span(start=found.left, end=found.end)
    return When(
        first=first, last=last, text=span.of(text), precision=precision, basis=basis, span=span
    )

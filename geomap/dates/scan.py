"""From a text to the date phrases in it, in order, pairs joined."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from geomap.dates import absolute, named, parts, relative
from geomap.dates import grammar as g
from geomap.dates.admission import admitted, admitted_alone
from geomap.dates.intervals import Days, Reading, read
from geomap.dates.modifiers import Left, left_of, modified, points_ahead
from geomap.folding import lowered as in_lower_case
from geomap.model import Span, When

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from geomap.model import WhenBasis

__all__ = ["scan"]

_LONE_RULES = (*absolute.RULES, *relative.RULES, *named.RULES, *parts.RULES)
_TEXT_RULES = tuple(rule for rule in _LONE_RULES if rule.policy != "lone")
_SEPARATOR = g.spaced(g.SEPARATOR)
_CLOSING = g.spaced(r" (?:and|or|&) ")
_WEEK = timedelta(7)
# Where a date phrase may begin: a word, a number, or the apostrophe of a short year.
_WORD = re.compile(r"\w+|['\u2019](?=\d)")
_HEAD = 3
# Before "week ago", "noon" and their like.
_ARTICLES = frozenset({"a", "an", "at"})
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
# "On 3 March and 5 October" are two days, "30 March and 2 April" bound one stretch.
_LONGEST_PAIR = timedelta(31)


# The letters that open the core of any date phrase: they are looked for before all the rules.
_OPENINGS = (
    "mon tue wed thu fri sat sun jan feb mar apr may jun jul aug sep oct nov dec few sev som "
    "one two thr fou fiv six eig nin ten ele twe thi for fif las pas pre fol nex com cur sam "
    "tha upc rec lat pri wee yea qua day fis fy q yes tod ton tom ove ear now rig spr sum aut "
    "fal win fir sec fin hou min mom cor chr eas new box val hal goo ash pal mau asc pen whi "
    "eid arb maw ram muh saf rab jum raj sha dhu du ham wra far saw sau sow gha ord jaw jau "
    "ghb kho sar chu tir asa zma mor amo sunb son waz miz tal meh aqr lar aba qaw qau lin aza "
    "jad dey dal sal bah hut hoo kab esf veter armis remem indep women basti victo mothe memor "
    "fathe labo colum lik clo ope lat nawr noro naur"
)
# A phrase by itself may also be an hour or a part of the day.
_LONE_OPENINGS = " mid noo mor nig eve aft daw dus jus mos the hal"


@cache
def _starts(*, lone: bool) -> re.Pattern[str]:
    """Return what finds where the core of any date phrase begins; it takes 50 ms to compile."""
    sources = "|".join(rule.source for rule in (_LONE_RULES if lone else _TEXT_RULES))
    endings: dict[str, list[str]] = {}
    for opening in sorted({*_OPENINGS.split(), *(_LONE_OPENINGS.split() if lone else ())}):
        endings.setdefault(opening[0], []).append(opening[1:])
    words = "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in endings.items())
    gate = rf"(?=\d|['\u2019]\d|an?\s|{words}|at\s)"
    return re.compile(rf"(?<![\w$\u20ac\u00a3#/@&]){gate}(?:(?<!\d[.,:-])|(?=[a-z]))(?:{sources})")


@cache
def _heads(*, lone: bool) -> frozenset[str]:
    """Return the first letters, at most three, of words that may open a date phrase."""
    words = (*_OPENINGS.split(), *(_LONE_OPENINGS.split() if lone else ()))
    return frozenset(word[:_HEAD] for word in words)


def _likely(lowered: str, heads: frozenset[str]) -> Iterator[int]:
    """Yield where words and numbers begin that may open a date phrase; all else is most words."""
    for word in _WORD.finditer(lowered):
        whole = word.group()
        head = whole[:_HEAD]
        # Openings of one and two letters ("q", "fy") count as whole heads too.
        if (
            head in heads
            or whole in _ARTICLES
            or head[:2] in heads
            or head[:1] in heads
            or head[0] not in _LETTERS
        ):
            yield word.start()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A date phrase: where it and its core begin, where it ends, its meaning and its rule."""

    left: Left
    start: int
    end: int
    reading: Reading
    rule: g.Rule
    match: re.Match[str]


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
    list of When
        The phrases, none overlapping another; `text` and `span` are as in the text given.
    """
    lowered = in_lower_case(text)
    starts = _starts(lone=lone)
    context = g.Context(published=published, lone=lone)
    result: list[_Found] = []
    position = 0
    for start in _likely(lowered, _heads(lone=lone)):
        if start < position or not starts.match(lowered, start):
            continue
        before = result[-1] if result else None
        found, position = _longest(text, lowered, start, before, context)
        if found is None:
            continue
        if before is not None and before.start == found.start:
            result.pop()
        result.append(found)
        context = _remembered(context, found.reading)
    return [_when(text, found) for found in result]


def _remembered(context: g.Context, reading: Reading) -> g.Context:
    """Return the context with the date that "the same day", "that year" will mean."""
    topic = reading.first or context.topic
    anchor = reading.last if reading.first == reading.last else None
    return replace(context, topic=topic, anchor=anchor or context.anchor)


def _longest(
    text: str, lowered: str, start: int, before: _Found | None, context: g.Context
) -> tuple[_Found | None, int]:
    """Return the longest phrase whose core begins at `start`, and where the search goes on."""
    rules = _LONE_RULES if context.lone else _TEXT_RULES
    matches = [(rule, match) for rule in rules if (match := rule.pattern.match(lowered, start))]
    matches.sort(key=lambda pair: -pair[1].end())
    floor = before.end if before else 0
    left = left_of(lowered, start, floor, lone=context.lone)
    reach = matches[0][1].end() if matches else start
    ahead = points_ahead(lowered, start, reach, left, floor)
    context = replace(context, the=left.the, future=ahead)
    paired = before is not None and _SEPARATOR.fullmatch(lowered, before.end, start) is not None
    for rule, match in matches:
        joining = (
            paired and before is not None and bool(rule.kind) and rule.kind == before.rule.kind
        )
        if context.lone:
            counts = admitted_alone(rule, match, left)
        else:
            counts = admitted(rule, match, left, text, paired=joining)
        if not counts:
            continue
        try:
            reading = rule.read(match, context)
            if reading is None:
                return None, match.end()
            found = _Found(
                left=left, start=start, end=match.end(), reading=reading, rule=rule, match=match
            )
            if joining and before is not None and (pair := _joined(before, found, lowered)):
                return pair, match.end()
            reading = modified(reading, left, context.published)
        except (ValueError, OverflowError):
            return None, match.end()
        return replace(found, reading=reading), match.end()
    return None, start + 1


def _joined(before: _Found, after: _Found, lowered: str) -> _Found | None:
    """Return "Tuesday and Wednesday" as one interval, or None where the two are no pair."""
    if before.left.bounds:
        return None
    first = _dated(before, after.reading.last, after.reading.basis, future=False)
    last = _dated(after, before.reading.first, before.reading.basis, future=True)
    if first.precision == last.precision == "unknown":
        return replace(before, end=after.end)
    if first.first is None or first.last is None or last.first is None or last.last is None:
        return None
    start, end, kind = first.first, last.last, before.rule.kind
    if start > end and kind == "weekday":
        start -= _WEEK
    elif start > end and kind in {"date", "month"}:
        start = start.replace(year=start.year - 1)
    far = kind == "date" and end - start > _LONGEST_PAIR
    if start > end or (far and _CLOSING.fullmatch(lowered, before.end, after.start)):
        return None
    basis: WhenBasis = "explicit" if "explicit" in {first.basis, last.basis} else first.basis
    reading = read(Days(start, end), basis)
    if first.precision == last.precision == "day":
        reading = reading._replace(precision="day")
    return replace(before, end=after.end, reading=reading)


def _dated(found: _Found, other: date | None, basis: WhenBasis, *, future: bool) -> Reading:
    """Return the reading of one end of a pair, by the year that is written at the other end."""
    bare = found.rule.kind in {"date", "month"} and found.reading.basis == "relative"
    if not bare or basis != "explicit":
        return found.reading
    context = g.Context(published=other, future=future)
    return found.rule.read(found.match, context) or found.reading


def _when(text: str, found: _Found) -> When:
    first, last, precision, basis = found.reading
    span = Span(start=found.left.start, end=found.end)
    return When(
        first=first, last=last, text=span.of(text), precision=precision, basis=basis, span=span
    )

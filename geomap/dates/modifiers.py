"""The words left of a date: "since", "the end of", "late", "at 5 p.m. on"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from geomap.dates import grammar as g
from geomap.dates.intervals import Days, Reading, around, moved, part_of, read

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Left", "left_of", "modified", "points_ahead"]

# The longest run of these words: "until some time around the very beginning of the".
_REACH = 64
# How far back a "will" or "due" still governs a date, within its sentence.
_FUTURE_REACH = 80
# A full stop, a quotation mark and two blanks may stand before a sentence.
_LEAST = 4
# How far behind a date that opens its sentence the "will" may stand.
_AHEAD_REACH = 60
_DAY = timedelta(1)
_MONTH = 31

_PREPOSITION = (
    r"(?P<prep>since|until|till|by|before|after|prior to|ahead of|up to|up until|starting|"
    r"beginning|effective|as of|in|on|at|during|over|within|throughout|through|from|between|of|"
    r"for|to|into)"
)
_HEDGE = (
    r"(?:just(?: (?:over|under))?|a little (?:over|more than)|well over|only|"
    r"nearly|almost|about|around|roughly|exactly|more than|less than|at least|over|"
    r"circa|some|as early as|as late as|as recently as|sometime|some time|early on)"
)
_CLOCK_TIME = (
    r"(?:\d\d?(?:[:.]\d\d)? ?[ap]\.?m\.?|\d\d?:\d\d|noon|midday|midnight|dawn|dusk|nightfall|"
    r"\d{4} ?(?:hours|hrs)|\d{4}(?= ?(?:gmt|utc)(?!\w))|[\w]{1,6} o['\u2019]clock)"
    rf"(?: {g.ZONE})?,?(?: on)?"
)
_PART = (
    r"(?P<part>early(?: on| in)?|late(?: on| in)?|mid|earlier(?: on| in)?|later(?: on| in)?|"
    r"(?:very )?(?:middle|beginning|start|end|close|turn|rest|remainder|week|month|day|"
    r"eve|morning|afternoon|evening|night|weekend) of|so far|end(?=-)|"
    r"early(?:-| )to(?:-| )mid|mid-?(?: |-)to(?:-| )late|"
    r"(?:first|early|opening) (?:part|days|weeks|months|hours) of|small hours of|"
    r"(?:latter|later|last|final|closing) (?:part|days|weeks|months) of|"
    rf"(?:day|morning|night|evening|{g.NUMBER} (?:days?|weeks?)) (?:before|after))"
)
_LEFT = g.spaced(
    rf"(?<![\w-])(?:{_PREPOSITION} )?(?:{_HEDGE} )?(?P<clock>{_CLOCK_TIME} )?"
    rf"(?:(?:the )?{_PART}(?: |-))?(?P<the>the )?\Z"
)
_AHEAD = re.compile(
    r"(?<!\w)(?:will|won't|shall|due|scheduled|slated|(?:plan|plans|planning|expected|set|going|"
    r"is|are|vowed|threatened) to|set for|to be|upcoming|must|deadline|"
    r"(?:agreed|promis(?:e|es|ed)|pledg(?:e|es|ed)|hop(?:e|es|ed)|decided|invited [\w ]{1,30}) to "
    r"(?:meet|hold|return|visit|travel|resume|reconvene|gather|convene|attend|start|begin))(?!\w)"
    r"(?!.*(?<!\w)(?:said|says|told|announced|reported)(?!\w))[^.;!?\n]*$",
    re.DOTALL,
)
# "On Tuesday the minister will travel": the verb stands behind the date.
_AHEAD_BEHIND = re.compile(
    r",?(?: (?!(?:said|says|told|announced|that|who|which|after|when)(?!\w))[\w'\u2019-]+){1,8}? "
    r"(?:will|(?:is|are) (?:due|set|scheduled|expected|to|going to|planning to)|plans? to)(?!\w)"
)
_OPENS = re.compile(r"(?:^|[.!?\n])[\"\u201c]?\s*\Z")
_FROM_THEN = {"since", "starting", "beginning", "effective"}
_UNTIL_THEN = {"until", "till", "by", "up to", "up until"}
_BEFORE_IT = {"before", "prior to", "ahead of"}
# These let a bare month or year count but belong to the noun before them: not part of the phrase.
_OUTSIDE = {"of", "for", "to", "into"}
_THIRDS = {
    "early": "early",
    "beginning of": "early",
    "start of": "early",
    "turn of": "early",
    "mid": "mid",
    "middle of": "mid",
    "late": "late",
    "end of": "late",
    "close of": "late",
    "end": "late",
}
# "The opening days of", "the latter part of".
_OPENING = frozenset({"early", "first", "opening", "small"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """The words left of a date's core; `start` is where the whole phrase begins."""

    start: int
    prep: str
    part: str
    the: bool

    @property
    def bounds(self) -> bool:
        """Whether these words change the interval."""
        return bool(self.part) or self.prep in _FROM_THEN | _UNTIL_THEN | _BEFORE_IT | {"after"}


def left_of(lowered: str, start: int, floor: int, *, lone: bool) -> Left:
    """Return the words left of a core.

    Parameters
    ----------
    lowered
        The text in lower case.
    start
        Where the core begins.
    floor
        Where the phrase before it ends: these words are not taken twice.
    lone
        Whether every preposition belongs to the phrase, since nothing else is there.

    Returns
    -------
    Left
        The words; all empty when there are none.
    """
    match = _LEFT.search(lowered, max(floor, start - _REACH), start)
    if match is None:
        return Left(start=start, prep="", part="", the=False)
    prep, part = (" ".join((match[name] or "").split()) for name in ("prep", "part"))
    begin = match.start()
    if prep in _OUTSIDE and not lone:
        begin = start - len(lowered[match.end("prep") : start].lstrip())
    if match["clock"] and prep not in _OUTSIDE:
        prep = "at"  # "after noon on Saturday" bounds the hour, not the day
    part = part.removeprefix("very ")
    return Left(start=begin, prep=prep, part=part, the=bool(match["the"]))


def points_ahead(lowered: str, start: int, end: int, left: Left, floor: int) -> bool:
    """Tell whether the words around a date say that it is still to come.

    Parameters
    ----------
    lowered
        The text in lower case.
    start
        Where the core begins.
    end
        Where it ends.
    left
        The words left of it.
    floor
        Where the phrase before it ends.

    Returns
    -------
    bool
        True after "will", "due", "scheduled" and their like in the same sentence, before them where
        the date opens the sentence, and after "by".
    """
    if left.prep == "by":
        return True
    opens = _OPENS.search(lowered, max(0, left.start - _LEAST), left.start) or left.start == 0
    if opens and _AHEAD_BEHIND.match(lowered, end, end + _AHEAD_REACH):
        return True
    return _AHEAD.search(lowered, max(floor, start - _FUTURE_REACH), start) is not None


def modified(reading: Reading, left: Left, published: date | None) -> Reading:
    """Return a reading as the words left of it change it.

    Parameters
    ----------
    reading
        The reading of the core. An unknown or open one stays as it is.
    left
        "Early", "mid", "late" and "the beginning, middle, end of" take a third of it; "earlier"
        and "so far" end at the publication day, "later" and "the rest of" begin after it; "the
        eve of" is the day before; "since" leaves the end open, "until" and "by" the beginning;
        "after" and "before" do not include it.
    published
        The publication day, or None.

    Returns
    -------
    Reading
        The changed reading.
    """
    if reading.first is None or reading.last is None:
        return reading
    days = Days(reading.first, reading.last)
    changed = _part(days, left.part, published)
    precision = reading.precision if changed == days else read(changed, reading.basis).precision
    first: date | None = changed.first
    last: date | None = changed.last
    if left.prep in _FROM_THEN:
        last = None
    elif left.prep in _UNTIL_THEN:
        first = None
    elif left.prep == "after":
        first, last = changed.last + _DAY, None
    elif left.prep in _BEFORE_IT:
        first, last = None, changed.first - _DAY
    return Reading(first, last, precision, reading.basis)


def _beside(days: Days, word: str) -> Days:
    """Read "the eve of", "the day after", "two weeks before" a day; longer stretches stay."""
    if word == "eve of":
        return Days(days.first - _DAY, days.first - _DAY)
    count, _, unit = word.rpartition(" ")[0].rpartition(" ")
    if days.first != days.last:
        return days
    shift = (g.count_of(count) if count else 1) * (1 if word.endswith("after") else -1)
    kind = unit.removesuffix("s") if count else "day"
    return around(moved(days.first, kind, shift), kind)


def _edge(days: Days, word: str) -> Days:
    """Read "the opening part of", and "the closing days of" a year as its last month."""
    late = word.split(maxsplit=1)[0] not in _OPENING
    if word.endswith((" days of", " weeks of")) and (days.last - days.first).days > _MONTH:
        return around(days.last if late else days.first, "month")
    return part_of(days, "late" if late else "early")


def _part(days: Days, part: str, published: date | None) -> Days:
    word = part.removesuffix(" on").removesuffix(" in")
    if word in _THIRDS:
        return part_of(days, _THIRDS[word])
    if word in {"weekend of", "week of"}:
        return around(days.first, word.removesuffix(" of"))
    if word == "eve of" or word.endswith((" before", " after")):
        return _beside(days, word)
    if word.endswith((" part of", " days of", " weeks of", " months of", " hours of")):
        return _edge(days, word)
    return _running(days, word, published)


def _running(days: Days, word: str, published: date | None) -> Days:
    """Read "early to mid", and what of a running stretch lies before or after publication."""
    ends = word.replace("-", " ").split()
    if "to" in ends:
        early, late = _THIRDS[ends[0]], _THIRDS[ends[-1]]
        return Days(part_of(days, early).first, part_of(days, late).last)
    running = published is not None and days.first <= published < days.last
    if published is not None and running and word in {"earlier", "so far"}:
        return Days(days.first, published)
    if published is not None and running and word in {"later", "rest of", "remainder of"}:
        return Days(published + _DAY, days.last)
    return days

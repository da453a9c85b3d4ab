"""Phrases that need the publication day or another day of the text."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from geomap.dates import grammar as g
from geomap.dates.absolute import UNKNOWN, nearest
from geomap.dates.intervals import (
    Days,
    Reading,
    around,
    moved,
    read,
    rolling,
)

if TYPE_CHECKING:
    import re

__all__ = ["RULES"]

_PUBLICATION_UNKNOWN = Reading(None, None, "unknown", "publication")
_WEEK = timedelta(7)
_SATURDAY = 5
# "A few weeks ago" covers two to five units back, "several" three to seven: wider than any single
# reading, so that the day meant lies inside.
_VAGUE_AGO = {"few": (2, 5), "several": (3, 7), "some": (2, 5)}
_SHIFT = {
    "last": -1,
    "past": -1,
    "previous": -1,
    "preceding": -1,
    "prior": -1,
    "latest": -1,
    "most recent": -1,
    "this past": -1,
    "same": 0,
    "this": 0,
    "current": 0,
    "that": 0,
    "this coming": 1,
    "next": 1,
    "coming": 1,
    "following": 1,
    "upcoming": 1,
    "before": -1,
    "before last": -2,
    "after": 1,
}
_ANAPHORIC = {"previous", "preceding", "same", "that", "following", "prior", "before", "after"}
_DAYS_FROM_TODAY = {
    "day before yesterday": -2,
    "yesterday": -1,
    "tomorrow": 1,
    "day after tomorrow": 2,
}


def _ago(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "two weeks ago" and, from the day last named, "a day earlier", "two days later"."""
    groups = g.groups_of(match)
    unit, how = g.unit_of(groups["unit"]), groups["how"]
    ahead = how in {"later", "afterward", "afterwards", "after", "from now", "hence", "on"}
    base = context.published
    if how not in {"ago", "from now", "hence"}:
        base = context.anchor or (None if ahead else base)
    if base is None:
        return UNKNOWN
    word = groups["num"].split()[-1]
    if word in _VAGUE_AGO:
        near, far = (count if ahead else -count for count in _VAGUE_AGO[word])
        ends = sorted((moved(base, unit, near), moved(base, unit, far)))
        whole = unit if unit in {"month", "year", "decade", "century"} else "day"
        return read(Days(around(ends[0], whole).first, around(ends[1], whole).last), "relative")
    count = g.count_of(groups["num"])
    if "today" in groups:
        unit = "month" if unit == "month" else unit
        day = moved(base, unit, count if ahead else -count)
        return read(Days(day, day), "relative")
    return read(around(moved(base, unit, count if ahead else -count), unit), "relative")


def _half_ago(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "two and a half years ago" as the month, "half a century ago" as the year."""
    groups = g.groups_of(match)
    base = context.published
    if base is None:
        return UNKNOWN
    unit = groups.get("unit") or groups.get("unit2") or groups["whole"]
    halves = 2 * g.count_of(groups["num"]) + 1 if "num" in groups else 1
    finer, count = {"year": ("month", 6), "decade": ("year", 5), "century": ("year", 50)}[unit]
    back = count * halves if "part" not in groups or groups["part"] == "half" else count // 2
    return read(around(moved(base, finer, -back), finer), "relative")


def _between_ago(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "two or three weeks ago" as the stretch between both, "a day or two ago" likewise."""
    groups = g.groups_of(match)
    base = context.published
    if base is None:
        return UNKNOWN
    unit = g.unit_of(groups.get("unit") or groups["whole"])
    near, far = g.count_of(groups.get("num", "one")), g.count_of(groups.get("far", "two"))
    if far <= near:
        return None
    days = [around(moved(base, unit, -count), unit) for count in (far, near)]
    return read(Days(days[0].first, days[1].last), "relative")


def _then(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "a year ago this week", "two years ago in March", "a week from today"."""
    groups = g.groups_of(match)
    base = context.published
    if base is None:
        return UNKNOWN
    if "base" in groups:
        shift = _DAYS_FROM_TODAY.get(groups["base"], 0)
        unit = g.unit_of(groups["unit"])
        day = moved(base + timedelta(shift), unit, g.count_of(groups["num"]))
        return read(Days(day, day), "relative")
    day = moved(base, "year", -g.count_of(groups["num"]))
    if "month" not in groups:
        return read(around(day, groups["whole"]), "relative")
    number = g.month_number(groups["month"])
    if "day" in groups:
        only = date(day.year, number, g.count_of(groups["day"]))
        return read(Days(only, only), "relative")
    return read(around(date(day.year, number, 1), "month"), "relative")


def _weekday_ago(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "a week ago Monday", "two weeks from Friday"."""
    groups = g.groups_of(match)
    base = context.published
    if base is None:
        return UNKNOWN
    number, weeks = g.weekday_number(groups["wd"]), g.count_of(groups["num"])
    if groups["how"] == "ago":
        day = base - timedelta((base.weekday() - number) % 7) - weeks * _WEEK
    else:
        day = base + timedelta((number - base.weekday()) % 7) + weeks * _WEEK
    return read(Days(day, day), "relative")


def _rolling(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "the past two weeks": as many units back, the publication day included."""
    groups = g.groups_of(match)
    base = context.published
    if base is None:
        return UNKNOWN
    if groups["ref"] == "last" and "num" not in groups and not context.the:
        return _unit(match, context)
    count = g.count_of(groups.get("num", "few" if groups["unit"].endswith("s") else "one"))
    if groups["ref"] in {"next", "coming", "following", "upcoming"}:
        return read(rolling(base, g.unit_of(groups["unit"]), count), "relative")
    return read(rolling(base, g.unit_of(groups["unit"]), -count), "relative")


def _unit(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "last week", "this month", "the following year" as calendar units."""
    groups = g.groups_of(match)
    unit, ref = g.unit_of(groups["unit"]), groups.get("ref", "this")
    base = context.published
    if ref in {"same", "that"}:
        base = context.topic
    elif ref in _ANAPHORIC:
        base = context.anchor or base
    if base is None:
        return UNKNOWN
    return read(around(moved(base, unit, _SHIFT[ref]), unit), "relative")


def _weekend(_: re.Match[str], context: g.Context) -> Reading | None:
    """Read "the weekend" as the latest that has begun."""
    base = context.published
    if base is None:
        return UNKNOWN
    shift = 0 if base.weekday() >= _SATURDAY or context.future else -1
    return read(around(base + shift * _WEEK, "weekend"), "relative")


def _weekday(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read a weekday: the latest up to the publication day, itself included."""
    groups = g.groups_of(match)
    today = context.published
    if today is None:
        return UNKNOWN
    number = g.weekday_number(groups["wd"])
    if "week" in groups:
        base = today
        if groups["week"] in {"same", "that", "following", "previous"}:
            base = context.anchor or today
        day = around(base, "week").first + timedelta(number) + _SHIFT[groups["week"]] * _WEEK
        return read(Days(day, day), "relative")
    back = timedelta((today.weekday() - number) % 7)
    ahead = timedelta((number - today.weekday()) % 7)
    ref = groups.get("ref", "")
    if ref == "this":
        day = around(today, "week").first + timedelta(number)
    elif ref in {"next", "coming", "this coming", "following", "upcoming"}:
        base = (context.anchor if ref == "following" else None) or today
        day = base + (timedelta((number - base.weekday()) % 7) or _WEEK)
    elif ref in {"last", "past", "this past", "previous", "preceding"}:
        base = (context.anchor if ref in _ANAPHORIC else None) or today
        day = base - (timedelta((base.weekday() - number) % 7) or _WEEK)
    else:
        day = today + ahead if context.future else today - back
    return read(Days(day, day), "relative")


def _month_ref(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "last November", "next March", "this May"."""
    groups = g.groups_of(match)
    today = context.published
    if today is None:
        return UNKNOWN
    number, ref = g.month_number(groups["month"]), groups["ref"]
    year = today.year
    if ref == "next":
        year += number <= today.month
    elif ref in {"last", "past", "this past"}:
        year -= number >= today.month
    day = groups.get("day")
    if day:
        only = date(year, number, g.count_of(day))
        return read(Days(only, only), "relative")
    return read(around(date(year, number, 1), "month"), "relative")


def _days_from_today(match: re.Match[str], context: g.Context) -> Reading | None:
    base = context.published
    if base is None:
        return UNKNOWN
    day = base + timedelta(_DAYS_FROM_TODAY[g.groups_of(match)["word"]])
    return read(Days(day, day), "relative")


def _today(_: re.Match[str], context: g.Context) -> Reading | None:
    base = context.published
    return read(Days(base, base), "publication") if base else _PUBLICATION_UNKNOWN


def _last_night(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "last night" as the day before, on which that night began."""
    if context.published is None:
        return UNKNOWN
    day = context.published - timedelta(2 if "ref" in match.groupdict() else 1)
    return read(Days(day, day), "relative")


def _week_ended(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "the week ended Friday" as the seven days up to it."""
    today = context.published
    if today is None:
        return UNKNOWN
    last = today - timedelta((today.weekday() - g.weekday_number(match["wd"])) % 7)
    return read(Days(last - timedelta(6), last), "relative")


def _week_begun(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "the week beginning Feb. 9" as the seven days from it."""
    if context.published is None:
        return UNKNOWN
    number, day = g.month_number(match["month"]), g.count_of(match["day"])

    def make(year: int) -> Days:
        first = date(year, number, day)
        return Days(first, first + timedelta(6))

    return read(nearest(make, context), "relative")


def _overnight(_: re.Match[str], context: g.Context) -> Reading | None:
    base = context.published
    return read(rolling(base, "day", -1), "relative") if base else UNKNOWN


def _same_day(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "the same day", "the next morning" from the day last named."""
    base, ref = context.anchor, match["ref"]
    if ref in {"previous", "preceding", "before"}:
        base = base or context.published
    if base is None:
        return UNKNOWN
    shift = {"next": 1, "following": 1, "after": 1, "previous": -1, "preceding": -1, "before": -1}
    day = base + timedelta(shift.get(ref, 0))
    return read(Days(day, day), "relative")


def _within_day(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "earlier in the day" as the day last named, else the publication day."""
    if context.anchor is None:
        return _today(match, context)
    return read(Days(context.anchor, context.anchor), "relative")


_AFTER = r"(?=[.,;:)!?]|$| (?:and|but|when|in|at|on|as|by|to|with|near|outside)(?!\w))"
_HOW = (
    r"(?P<how>ago|earlier|later|previously|afterwards?|from now|hence|(?:before|after)"
    rf"{_AFTER})"
)
_PART_OF_DAY = r"(?:day|morning|afternoon|evening|night)"
_REF = r"(?:this past|this coming|last|past|this|next|coming|previous|preceding|following|upcoming)"
_FISCAL = r"(?:(?:fiscal|financial|calendar) )?"
_LONG = r"(?:week|month|year|quarter|decade|century)"

RULES = (
    g.build(
        rf"(?P<num>{g.NUMBER})(?: |-)(?:more )?(?P<unit>{g.UNIT})s? {_HOW}(?P<today> today)?", _ago
    ),
    g.build(
        rf"(?P<num>{g.NUMBER}) weeks? (?P<how>ago) (?:on |last )?(?P<wd>{g.WEEKDAY})", _weekday_ago
    ),
    g.build(
        rf"(?:(?P<num>{g.NUMBER}) (?:and a half (?P<unit>year|decade)s?|"
        r"(?P<unit2>year) and a half)|"
        r"(?:an? )?(?P<part>half|quarter)(?: (?:of )?a)?(?: |-)(?P<whole>decade|century|year)) ago",
        _half_ago,
    ),
    g.build(
        rf"(?:(?P<num>{g.NUMBER}) (?:or|to) (?P<far>{g.NUMBER}) (?P<unit>{g.UNIT})s?|"
        rf"an? (?P<whole>{g.UNIT}) or two) ago",
        _between_ago,
    ),
    g.build(
        rf"(?P<num>{g.NUMBER}) years? ago,? (?:this (?P<whole>week|month)|"
        rf"(?:in |last |this |on )?(?P<month>{g.MONTH})(?: (?P<day>{g.DAY}))?)",
        _then,
    ),
    g.build(
        rf"(?P<num>{g.NUMBER}) (?P<unit>{g.UNIT})s? from (?P<base>today|tomorrow|yesterday|now)",
        _then,
    ),
    g.build(rf"(?P<num>{g.NUMBER}) weeks? (?P<how>from) (?P<wd>{g.WEEKDAY})", _weekday_ago),
    g.build(rf"(?P<wd>{g.WEEKDAY}),? (?P<num>{g.NUMBER}) weeks? (?P<how>ago)", _weekday_ago),
    g.build(
        rf"(?P<ref>past|last|previous|preceding|next|coming|following) (?:(?P<num>{g.NUMBER}) )"
        rf"(?P<unit>{g.UNIT})s?",
        _rolling,
    ),
    g.build(
        r"(?P<ref>recent|past|coming|last|previous|upcoming) "
        r"(?P<unit>days|weeks|months|years|decades|hours)",
        _rolling,
    ),
    g.build(rf"(?P<ref>past) (?P<unit>{_LONG}|day)", _rolling),
    g.build(r"(?P<ref>last) (?P<unit>week|month|year|decade|century)", _rolling, policy="rolling"),
    g.build(
        r"(?P<ref>this past|this coming|last|this|next|current|previous|preceding|prior|following|"
        rf"same|coming|that) {_FISCAL}(?P<unit>{_LONG}|weekend|fortnight)",
        _unit,
    ),
    g.build(
        rf"(?P<ref>latest|current|most recent) {_FISCAL}(?P<unit>{_LONG})", _unit, policy="lone"
    ),
    g.build(rf"(?P<unit>{_LONG}|weekend) (?P<ref>before last)", _unit),
    g.build(rf"(?P<unit>{_LONG}) (?P<ref>before|after){_AFTER}", _unit, policy="determined"),
    g.build(
        r"(?P<unit>week|month|year|decade)(?! (?:of|ended|ending|before|after)(?!\w))",
        _unit,
        policy="unit",
    ),
    g.build(r"(?:past )?weekend(?! of(?!\w))", _weekend, policy="determined"),
    g.build(
        rf"(?P<wd>{g.WEEKDAY}){g.DAYPART}?{g.CLOCK}?", _weekday, policy="weekday", kind="weekday"
    ),
    g.build(
        rf"(?P<wd>{g.WEEKDAY}){g.DAYPART}?,? (?:of )?(?:the )?"
        r"(?P<week>last|this|next|same|that|following|previous) week",
        _weekday,
    ),
    g.build(rf"(?P<ref>{_REF}) (?P<wd>{g.WEEKDAY}){g.DAYPART}?{g.CLOCK}?", _weekday),
    g.build(
        rf"(?P<ref>this past|last|past|this|next) (?P<month>{g.MONTH})(?: (?P<day>{g.DAY}))?",
        _month_ref,
    ),
    g.build(rf"(?P<word>{'|'.join(_DAYS_FROM_TODAY)}){g.DAYPART}?{g.CLOCK}?", _days_from_today),
    g.build(
        rf"(?:today|tonight|this (?:early |late )?(?:morning|afternoon|evening)){g.CLOCK}?",
        _today,
        policy="untitled",
    ),
    g.build(r"(?:right )?now|currently|at present|at the moment|nowadays", _today, policy="lone"),
    g.build(r"last (?:night|evening)", _last_night),
    g.build(r"night (?P<ref>before) last", _last_night),
    g.build(r"overnight", _overnight),
    g.build(
        rf"overnight(?: on| into| from)? (?P<wd>{g.WEEKDAY})",
        _weekday,
        policy="weekday",
        kind="weekday",
    ),
    g.build(rf"week (?:ended|ending)(?: on| last)? (?P<wd>{g.WEEKDAY})", _week_ended),
    g.build(
        rf"week (?:beginning|starting|commencing)(?: on)? (?:(?:{g.WEEKDAY}),? )?"
        rf"(?P<month>{g.MONTH}) (?P<day>{g.DAY})",
        _week_begun,
    ),
    g.build(rf"(?P<ref>same|that|next|following|previous|preceding) {_PART_OF_DAY}", _same_day),
    g.build(rf"{_PART_OF_DAY} (?P<ref>before|after){_AFTER}", _same_day, policy="determined"),
    g.build(r"(?:earlier|later|early|late)(?: on)? in the day", _within_day),
    g.build(r"(?P<unit>hour|minute|moment|second)s (?:ago|earlier|later)", _within_day),
)

"""Parts of months and years by count, days of the month, and hours that stand for their day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from geomap.dates import grammar as g
from geomap.dates.absolute import UNKNOWN, WRITTEN, YEAR_BEHIND, nearest, referred_year
from geomap.dates.intervals import Days, Reading, around, month, moved, part_of, read, year

if TYPE_CHECKING:
    import re

__all__ = ["RULES"]

_WEEK = timedelta(7)
# As in ISO 8601 a month's first week is the one with most of its days in it: it holds the 4th.
_MIDDLE_OF_WEEK = 4
_SECOND_HALF = 16
_LONGEST_MONTH = 31
_WHICH = {"first": 0, "opening": 0, "second": 1, "third": 2, "fourth": 3}
_MONTH_FIRSTS = {"first": 1, "second": _SECOND_HALF, "latter": _SECOND_HALF, "last": _SECOND_HALF}


def _whole(groups: dict[str, str], context: g.Context) -> Days | None:
    """Return the month or year that a phrase takes a part of; None where it cannot be known."""
    today = context.published
    if "month" in groups:
        number = g.month_number(groups["month"])
        chosen = referred_year(groups, context)
        if chosen is not None:
            return month(chosen, number)
        if today is None:
            return None
        return nearest(lambda year_: month(year_, number), context)
    if "whole" in groups:
        return year(int(groups["whole"]))
    if today is None:
        return None
    shift = {"last": -1, "next": 1}.get(groups.get("ref", ""), 0)
    return around(moved(today, groups["unit"], shift), groups["unit"])


def _basis(groups: dict[str, str]) -> bool:
    return bool({*WRITTEN, "whole"} & groups.keys())


def _part(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "the second week of October", "the last day of 1990", "the first half of March"."""
    groups = g.groups_of(match)
    days = _whole(groups, context)
    if days is None:
        return UNKNOWN
    which, what = groups["which"], groups["what"]
    last = which in {"last", "final", "closing"}
    if what == "half":
        cut = days.first.replace(day=_MONTH_FIRSTS[which])
        days = Days(cut, days.last) if cut.day > 1 else Days(cut, cut.replace(day=15))
    elif what == "day":
        day = days.last if last else days.first + timedelta(_WHICH[which])
        days = Days(day, day)
    else:
        middle = days.first + timedelta(_MIDDLE_OF_WEEK - 1) + _WEEK * _WHICH.get(which, 0)
        if last:
            middle = days.last - timedelta(_MIDDLE_OF_WEEK - 1)
        days = around(middle, what)
    return read(days, "explicit" if _basis(groups) else "relative")


def _nth_weekday(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "the third Thursday of November"."""
    groups = g.groups_of(match)
    days = _whole(groups, context)
    if days is None:
        return UNKNOWN
    number = g.weekday_number(groups["wd"])
    if groups["which"] in {"last", "final"}:
        day = days.last - timedelta((days.last.weekday() - number) % 7)
    else:
        day = days.first + timedelta((number - days.first.weekday()) % 7)
        day += _WEEK * _WHICH[groups["which"]]
    return read(Days(day, day), "explicit" if _basis(groups) else "relative")


def _end(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "year-end 1989", "month's end" as "the end of" it."""
    groups = g.groups_of(match)
    days = _whole(groups, context)
    if days is None:
        return UNKNOWN
    part = "mid" if match.group().startswith("mid") else "late"
    return read(part_of(days, part), "explicit" if _basis(groups) else "relative")


def _day_of_month(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "the 15th", "Friday the 13th": the latest one, or the coming one in a plan."""
    groups = g.groups_of(match)
    today, number = context.published, g.count_of(groups["day"])
    if today is None or not 1 <= number <= _LONGEST_MONTH:
        return UNKNOWN if today is None else None
    months = range(13) if context.future else range(0, -13, -1)
    for shift in months:
        start = moved(today.replace(day=1), "month", shift)
        try:
            day = start.replace(day=number)
        except ValueError:
            continue
        wrong = "wd" in groups and day.weekday() != g.weekday_number(groups["wd"])
        if not wrong and (day >= today if context.future else day <= today):
            return read(Days(day, day), "relative")
    return None


def _this_day(_: re.Match[str], context: g.Context) -> Reading | None:
    """Read "8:15 a.m.", "the morning" as a time of the publication day."""
    base = context.published
    if base is None:
        return Reading(None, None, "unknown", "publication")
    return read(Days(base, base), "publication")


def _nowruz(match: re.Match[str], context: g.Context) -> Reading | None:
    from geomap.dates.calendars import solar_hijri_date

    groups = g.groups_of(match)

    def make(number: int) -> Days:
        day: date = solar_hijri_date(number - 621, 1, 1)
        return Days(day, day)

    number = referred_year(groups, context)
    if number is not None:
        return read(make(number), "explicit" if WRITTEN & groups.keys() else "relative")
    return read(nearest(make, context), "relative") if context.published else UNKNOWN


_HOUR = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_TIME = (
    r"(?:(?:[01]?\d|2[0-4])[:.][0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?: ?[ap]\.?m(?:\.|(?!\w)))?|"
    rf"\d{{1,2}} ?[ap]\.?m(?:\.|(?!\w))|(?:\d{{1,2}}|{_HOUR}) o['\u2019]clock|"
    r"\d{4} ?(?:hours|hrs)|\d{4}(?= ?(?:gmt|utc)(?!\w)))"
    rf"(?: ?{g.ZONE})?(?: (?:in the (?:morning|afternoon|evening)|at night))?"
)
_OF_UNIT = rf"(?:the |this )?(?:(?P<ref>last|next) )?(?P<unit>month|year)|(?P<whole>{g.YEAR})"
_OF = rf"(?:of|in) (?:{_OF_UNIT}|(?P<month>{g.MONTH}){YEAR_BEHIND}?)"

RULES = (
    g.build(
        rf"(?P<which>first|second|third|fourth|last|final|closing|opening) (?:full )?"
        rf"(?P<what>week|weekend|day) {_OF}",
        _part,
    ),
    g.build(
        rf"(?P<which>first|second|third|fourth|last|final) (?P<wd>{g.WEEKDAY}) {_OF}", _nth_weekday
    ),
    g.build(
        rf"(?P<which>first|second|latter|last) (?P<what>half) of (?P<month>{g.MONTH})"
        rf"{YEAR_BEHIND}?",
        _part,
    ),
    g.build(
        rf"(?P<unit>year|month)(?:['\u2019]s)?(?:-| )?end(?: (?P<whole>{g.YEAR}))?\Z",
        _end,
        policy="lone",
    ),
    g.build(rf"(?P<unit>year|month)(?:-|['\u2019]s )end(?: (?P<whole>{g.YEAR}))?", _end),
    g.build(rf"(?P<whole>{g.YEAR}) (?P<unit>year)-end", _end),
    g.build(r"mid(?P<unit>week|year|month)", _end, policy="lone"),
    g.build(rf"(?P<wd>{g.WEEKDAY}),? the (?P<day>\d\d?(?:st|nd|rd|th))", _day_of_month),
    g.build(r"(?P<day>\d\d?(?:st|nd|rd|th))\Z", _day_of_month, policy="lone"),
    g.build(
        rf"(?:{_TIME}|noon|midday|midnight|dawn|dusk|(?:this|the) day|"
        r"(?:(?:early|late|mid)(?:-| ))?"
        r"(?:morning|afternoon|evening|night))\Z",
        _this_day,
        policy="lone",
    ),
    g.build(rf"(?:n[ao]wr[uo]+z|norooz|nauroz){YEAR_BEHIND}?", _nowruz),
)

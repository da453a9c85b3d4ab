"""Dates, months, years and decades that are written out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from geomap.dates import grammar as g
from geomap.dates.intervals import Days, Reading, decade, month, months, read, year

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

__all__ = [
    "RULES",
    "UNKNOWN",
    "WRITTEN",
    "YEAR_BEHIND",
    "nearest",
    "referred_year",
    "short_year",
]

UNKNOWN = Reading(None, None, "unknown", "relative")
# Papers give the year, or "last", of what lies eleven months back: a month without a year that
# begins up to a month ahead is therefore the coming one.
_AHEAD = timedelta(31)
# A phrase by itself has no verb that says whether it lies ahead: a day up to four months ahead is
# the coming one, for it would else lie eight months back.
_AHEAD_ALONE = timedelta(120)
_SHORTER_THAN_MONTHS = timedelta(27)
_NEXT_LEAP = 8  # 1896 to 1904: the longest gap between two leap days
_SHORT_YEARS = 100
_PIVOT = 69  # POSIX strptime: 69-99 are 1969-1999, 00-68 are 2000-2068

YEAR_BEHIND = (
    rf"(?:(?:,|,? (?:of|in))? ?(?P<year>{g.YEAR})|"
    r",? ?(?:(?:of|in) )?['\u2019](?P<short>\d\d)(?!\w)|"
    rf",? (?P<words>{g.YEAR_WORDS})|"
    r",? (?:of |in )?(?P<yref>last|this|next|the same|that|the previous|the following) year)"
)
# The groups of `YEAR_BEHIND` that hold a year which is written out.
WRITTEN = frozenset({"year", "short", "words"})
_WEEKDAY_BEFORE = rf"(?:(?P<wd>{g.WEEKDAY}),? (?:the )?)?"
_DAYS = rf"(?P<day>{g.DAY}){g.SEPARATOR}(?P<day2>{g.DAY})"


def short_year(digits: str) -> int:
    """Return the year that two digits stand for, by the rule of POSIX.

    Parameters
    ----------
    digits
        Two or four digits.

    Returns
    -------
    int
        69 to 99 are 1969 to 1999, 00 to 68 are 2000 to 2068; four digits stand for themselves.
    """
    value = int(digits)
    if value >= _SHORT_YEARS:
        return value
    return value + (1900 if value >= _PIVOT else 2000)


def referred_year(groups: dict[str, str], context: g.Context) -> int | None:
    """Return the year that stands behind a date.

    Parameters
    ----------
    groups
        The groups of `YEAR_BEHIND`: `year`, `short`, `words` or `yref`.
    context
        "Last year" needs its publication day, "that year" its topic.

    Returns
    -------
    int or None
        The year, or None where there is none or it cannot be known.
    """
    if "year" in groups:
        return int(groups["year"])
    if "short" in groups:
        return short_year(groups["short"])
    if "words" in groups:
        return g.year_of(groups["words"])
    today, words = context.published, groups.get("yref", "")
    if today is None or not words:
        return None
    shift = {"last": -1, "this": 0, "next": 1}
    if words in shift:
        return today.year + shift[words]
    base = (context.topic or today).year
    return base + {"the previous": -1, "the following": 1}.get(words, 0)


def nearest(make: Callable[[int], Days], context: g.Context, weekday: int | None = None) -> Days:
    """Return the yearly recurring interval that a phrase without a year means.

    The latest that has begun by the publication day, or the coming one when the words before it
    point ahead or it begins within 31 days; what is shorter than a month and stands by itself,
    within 120. A weekday that is given chooses among the years.

    Parameters
    ----------
    make
        From a year to the interval; ValueError for a year that lacks it (29 February).
    context
        Must have a publication day.
    weekday
        0 (Monday) to 6, or None.

    Returns
    -------
    Days
        The interval.

    Raises
    ------
    ValueError
        If no year near the publication day has it.
    """
    today = context.published
    if today is None:
        raise ValueError("a recurring date needs a publication day")
    found: list[Days] = []
    for number in range(today.year + 1, today.year - _NEXT_LEAP - 1, -1):
        try:
            found.append(make(number))
        except ValueError:
            continue
    close = range(today.year - 1, today.year + 2)
    fitting = [
        days for days in found if days.first.weekday() == weekday and days.first.year in close
    ]
    found = fitting or found
    coming = [days for days in found if days.first > today]
    past = [days for days in found if days.first <= today]
    if coming and (context.future or _soon(coming[-1], context) or not past):
        running = past and past[0].last >= today
        return past[0] if running else coming[-1]
    if not past:
        raise ValueError("no year near the publication day has this date")
    return past[0]


def _soon(days: Days, context: g.Context) -> bool:
    """Tell whether a coming interval is nearer than it could be without its year being written."""
    alone = context.lone and days.last - days.first < _SHORTER_THAN_MONTHS
    reach = _AHEAD_ALONE if alone else _AHEAD
    return days.first - (context.published or days.first) <= reach


def _recurring(
    make: Callable[[int], Days], groups: dict[str, str], context: g.Context
) -> Reading | None:
    number = referred_year(groups, context)
    basis = "explicit" if WRITTEN & groups.keys() else "relative"
    if number is not None:
        return read(make(number), "explicit" if basis == "explicit" else "relative")
    make(2000)  # a leap year: raises for a day that no year has
    if context.published is None or "yref" in groups:
        return UNKNOWN
    weekday = g.weekday_number(groups["wd"]) if "wd" in groups else None
    return read(nearest(make, context, weekday), "relative")


def _single_day(match: re.Match[str], context: g.Context) -> Reading | None:
    groups = g.groups_of(match)
    number, day = g.month_number(groups["month"]), g.count_of(groups["day"])

    def make(year_: int) -> Days:
        return Days(date(year_, number, day), date(year_, number, day))

    return _recurring(make, groups, context)


def _day_range(match: re.Match[str], context: g.Context) -> Reading | None:
    groups = g.groups_of(match)
    number = g.month_number(groups["month"])
    first, last = g.count_of(groups["day"]), g.count_of(groups["day2"])
    if first >= last:
        return None

    def make(year_: int) -> Days:
        return Days(date(year_, number, first), date(year_, number, last))

    reading = _recurring(make, groups, context)
    known = reading is not None and reading.first is not None
    return reading._replace(precision="day") if reading is not None and known else reading


def _month(match: re.Match[str], context: g.Context) -> Reading | None:
    groups = g.groups_of(match)
    number = g.month_number(groups["month"])
    return _recurring(lambda year_: month(year_, number), groups, context)


def _month_range(match: re.Match[str], context: g.Context) -> Reading | None:
    groups = g.groups_of(match)
    first, last = g.month_number(groups["month"]), g.month_number(groups["month2"])
    count = (last - first) % 12 + 1

    def make(year_: int) -> Days:
        # The year behind a range that passes New Year is that of its end.
        passes = last < first and bool({*WRITTEN, "yref"} & groups.keys())
        return months(year_ - passes, first, count)

    return _recurring(make, groups, context)


def _iso(match: re.Match[str], _: g.Context) -> Reading | None:
    day = date(*(int(match[name]) for name in ("year", "month", "day")))
    return read(Days(day, day), "explicit")


def _iso_month(match: re.Match[str], _: g.Context) -> Reading | None:
    return read(month(int(match["year"]), int(match["month"])), "explicit")


def _iso_week(match: re.Match[str], _: g.Context) -> Reading | None:
    monday = date.fromisocalendar(int(match["year"]), int(match["week"]), 1)
    return read(Days(monday, monday + timedelta(6)), "explicit")


def _eleventh(_: re.Match[str], __: g.Context) -> Reading | None:
    """Read "9/11", the name that the attacks of 11 September 2001 go by."""
    day = date(2001, 9, 11)
    return read(Days(day, day), "explicit")


def _compact(match: re.Match[str], _: g.Context) -> Reading | None:
    day = date(short_year(match["year"]), int(match["month"]), int(match["day"]))
    return read(Days(day, day), "explicit")


def _numeric(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "3.1.2023" day first; "1/3/2023" as the publication day allows, else as its year."""
    first, second, number = int(match["one"]), int(match["two"]), short_year(match["year"])
    orders = (
        [(second, first)] if match.groupdict().get("dot") else [(second, first), (first, second)]
    )
    found: set[date] = set()
    for month_, day in orders:
        try:
            found.add(date(number, month_, day))
        except ValueError:
            continue
    today = context.published
    if len(found) > 1 and today in found:
        found = {today}
    elif len(found) > 1 and today and not context.future:
        found = {day for day in found if day <= today} or found
    if not found:
        return None
    only = found.pop() if len(found) == 1 else None
    return read(Days(only, only) if only else year(number), "explicit")


def _year(match: re.Match[str], _: g.Context) -> Reading | None:
    groups = g.groups_of(match)
    if "words" in groups:
        return read(year(g.year_of(groups["words"])), "explicit")
    return read(year(short_year(groups["year"])), "explicit")


def _year_range(match: re.Match[str], _: g.Context) -> Reading | None:
    groups = g.groups_of(match)
    first, last = int(groups["year"]), int(groups["year2"])
    if last < _SHORT_YEARS:
        last += first - first % _SHORT_YEARS
    if last <= first:
        return None
    return read(Days(year(first).first, year(last).last), "explicit")


_DECADES = {
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "eighties": 80,
    "nineties": 90,
}


def _decade(match: re.Match[str], _: g.Context) -> Reading | None:
    groups = g.groups_of(match)
    if "word" in groups:
        return read(decade(1900 + _DECADES[groups["word"]]), "explicit")
    number = int(groups["decade"])
    # "The 1800s" are the century; "the 2000s" are mostly the decade.
    if number % 100 == 0 and _SHORT_YEARS <= number < 2000:  # noqa: PLR2004
        return read(months(number, 1, 1200), "explicit")
    return read(decade(number + (1900 if number < _SHORT_YEARS else 0)), "explicit")


_CENTURIES = {
    "sixteenth": 16,
    "seventeenth": 17,
    "eighteenth": 18,
    "nineteenth": 19,
    "twentieth": 20,
    "twenty-first": 21,
}


def _century(match: re.Match[str], _: g.Context) -> Reading | None:
    """Read "the 19th century" as 1801 to 1900."""
    word = match["century"]
    number = _CENTURIES.get(word) or int(word[:-2])
    return read(months(100 * (number - 1) + 1, 1, 1200), "explicit")


_DAY_MONTH = (
    rf"{_WEEKDAY_BEFORE}(?P<day>{g.DAY})(?: (?:of )?| ?-)(?P<month>{g.MONTH})"
    rf"(?:-?{YEAR_BEHIND})?{g.CLOCK}?"
)
_MONTH_DAY = (
    rf"{_WEEKDAY_BEFORE}(?P<month>{g.MONTH})(?: (?:the )?|-)(?P<day>{g.DAY})"
    rf"{YEAR_BEHIND}?{g.CLOCK}?"
)
_NUMERIC_DATE = r"(?P<one>\d\d?)(?:(?P<dot>\.)|[/-])(?P<two>\d\d?)[./-](?P<year>(?:1\d|20|21)\d\d"
_END = r"(?![\w/]|[-.:,]\d)"

RULES = (
    g.build(
        rf"(?P<year>(?:1\d|20|21)\d\d)[-/.](?P<month>1[0-2]|0?[1-9])[-/.](?P<day>\d\d?)"
        rf"(?:{_END}|(?=t\d)){g.CLOCK}?",
        _iso,
        kind="date",
    ),
    g.build(
        r"(?P<year>(?:1\d|20|21)?\d\d)(?P<month>1[0-2]|0[1-9])(?P<day>[0-2]\d|3[01])",
        _compact,
        policy="lone",
    ),
    g.build(r"(?P<year>(?:1\d|20|21)\d\d)-(?P<month>0[1-9]|1[0-2])", _iso_month, policy="lone"),
    g.build(r"(?P<year>(?:1\d|20|21)\d\d)-?w(?P<week>\d\d)", _iso_week, policy="lone"),
    g.build(rf"9/11{_END}", _eleventh),
    g.build(rf"{_NUMERIC_DATE}){_END}{g.CLOCK}?", _numeric, kind="date"),
    g.build(rf"(?P<one>\d\d?)/(?P<two>\d\d?)/(?P<year>\d\d){_END}", _numeric),
    g.build(rf"{_NUMERIC_DATE}|\d\d){_END}{g.CLOCK}?", _numeric, policy="lone", kind="date"),
    g.build(_DAY_MONTH, _single_day, kind="date"),
    g.build(
        rf"{_WEEKDAY_BEFORE}(?P<day>{g.DAY_WORD}) (?:day )?of (?P<month>{g.MONTH}){YEAR_BEHIND}?",
        _single_day,
        kind="date",
    ),
    g.build(
        rf"{_WEEKDAY_BEFORE}(?P<month>{g.MONTH}) (?:the )?(?P<day>{g.DAY_WORD})"
        rf"(?! (?:{g.UNIT}|half|person|man|woman|time)s?(?!\w)){YEAR_BEHIND}?",
        _single_day,
        kind="date",
    ),
    g.build(_MONTH_DAY, _single_day, kind="date"),
    g.build(rf"{_DAYS} (?:of )?(?P<month>{g.MONTH}){YEAR_BEHIND}?", _day_range),
    g.build(rf"(?P<month>{g.MONTH}) {_DAYS}{YEAR_BEHIND}?", _day_range),
    g.build(rf"(?P<month>{g.MONTH}){YEAR_BEHIND}", _month, kind="month"),
    g.build(rf"(?P<month>{g.MONTH})", _month, policy="name", kind="month"),
    g.build(
        rf"(?P<month>{g.MONTH}){g.SEPARATOR}(?P<month2>{g.MONTH}){YEAR_BEHIND}",
        _month_range,
    ),
    g.build(
        rf"(?P<month>{g.MONTH}){g.SEPARATOR}(?P<month2>{g.MONTH})", _month_range, policy="name"
    ),
    g.build(rf"(?P<year>{g.YEAR})(?: alone)?", _year, policy="year", kind="year"),
    g.build(rf"(?:['\u2019](?P<year>\d\d)|(?P<words>{g.YEAR_WORDS}))", _year, policy="lone"),
    g.build(
        rf"(?:fiscal(?: year)?|fy)(?: |-)?['\u2019]?(?P<year>{g.YEAR}|\d\d)",
        _year,
    ),
    g.build(
        rf"(?P<year>{g.YEAR}) (?:(?:fiscal|financial|budget|calendar|tax|school|academic) year|"
        r"season|campaign)",
        _year,
    ),
    g.build(rf"(?P<month>{g.MONTH})-(?P<short>[4-9]\d)", _month, policy="lone"),
    g.build(rf"year (?P<year>{g.YEAR})", _year, kind="year"),
    g.build(
        rf"(?P<year>{g.YEAR}){g.SEPARATOR}(?P<year2>{g.YEAR}|\d\d)", _year_range, policy="year"
    ),
    g.build(r"(?P<decade>(?:1\d|20|21)\d0)['\u2019]?s", _decade, kind="decade"),
    g.build(r"['\u2019](?P<decade>\d0)['\u2019]?s", _decade, kind="decade"),
    g.build(r"(?P<decade>[2-9]0)['\u2019]?s", _decade, policy="lone", kind="decade"),
    g.build(
        rf"(?:nineteen(?: |-))?(?P<word>{'|'.join(_DECADES)})",
        _decade,
        policy="lone",
        kind="decade",
    ),
    g.build(
        rf"(?P<century>{'|'.join(_CENTURIES)}|(?:1\d|2[01])(?:st|nd|rd|th))(?: |-)century",
        _century,
    ),
)

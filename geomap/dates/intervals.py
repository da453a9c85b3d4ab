"""Calendar arithmetic on intervals of days; both ends belong to the interval."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from geomap.model import WhenBasis, WhenPrecision

__all__ = [
    "Days",
    "Reading",
    "around",
    "decade",
    "month",
    "months",
    "moved",
    "part_of",
    "read",
    "rolling",
    "season",
    "year",
]

_DAYS_A_WEEK = 7
# A rolling week or month, from a day to the same one in the next, touches one day more.
_LONGEST_WEEK, _LONGEST_MONTH = 8, 32
_MONTHS_A_YEAR = 12
_HOURS_A_DAY = 24
_SATURDAY = 5
_THIRDS = 3
_UNIT_MONTHS = {"month": 1, "quarter": 3, "season": 3, "year": 12, "decade": 120, "century": 1200}
_UNIT_DAYS = {"day": 1, "night": 1, "week": 7, "weekend": 7, "fortnight": 14}
# First months of the meteorological seasons of the northern hemisphere.
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}


class Days(NamedTuple):
    """An interval of days, both ends included."""

    first: date
    last: date


class Reading(NamedTuple):
    """What a phrase means: an interval whose ends may be open, its precision and its basis."""

    first: date | None
    last: date | None
    precision: WhenPrecision
    basis: WhenBasis


def read(days: Days, basis: WhenBasis) -> Reading:
    """Return an interval as a reading; its length alone tells its precision.

    Parameters
    ----------
    days
        The interval. One day is "day", up to 8 are "week", up to 32 "month", more "year".
    basis
        Where the interval comes from.

    Returns
    -------
    Reading
        The interval with its precision.

    Raises
    ------
    ValueError
        If the interval ends before it begins.
    """
    length = (days.last - days.first).days + 1
    if length < 1:
        raise ValueError("an interval of days ends before it begins")
    precision: WhenPrecision = "year"
    if length == 1:
        precision = "day"
    elif length <= _LONGEST_WEEK:
        precision = "week"
    elif length <= _LONGEST_MONTH:
        precision = "month"
    return Reading(days.first, days.last, precision, basis)


def month(year_: int, number: int) -> Days:
    """Return a calendar month.

    Parameters
    ----------
    year_
        Gregorian year, 1 to 9999.
    number
        1 (January) to 12, or on into later years.

    Returns
    -------
    Days
        Its first to its last day.

    Raises
    ------
    ValueError
        If that leaves the years 1 to 9999.
    """
    return months(year_, number, 1)


def months(year_: int, number: int, count: int) -> Days:
    """Return whole calendar months.

    Parameters
    ----------
    year_
        Gregorian year, 1 to 9999.
    number
        The first month: 1 (January) to 12, or on into later years.
    count
        How many, at least 1.

    Returns
    -------
    Days
        The first day of the first to the last day of the last.

    Raises
    ------
    ValueError
        If that leaves the years 1 to 9999.
    """
    first = _month_start(year_ * _MONTHS_A_YEAR + number - 1)
    end = divmod(year_ * _MONTHS_A_YEAR + number + count - 2, _MONTHS_A_YEAR)
    return Days(first, date(end[0], end[1] + 1, calendar.monthrange(end[0], end[1] + 1)[1]))


def year(number: int) -> Days:
    """Return a calendar year.

    Parameters
    ----------
    number
        Gregorian year, 1 to 9999.

    Returns
    -------
    Days
        1 January to 31 December.

    Raises
    ------
    ValueError
        If that leaves the years 1 to 9999.
    """
    return months(number, 1, _MONTHS_A_YEAR)


def decade(number: int) -> Days:
    """Return the ten calendar years of a decade: the 1990s are 1990 to 1999.

    Parameters
    ----------
    number
        Any year of it.

    Returns
    -------
    Days
        Its first to its last day.

    Raises
    ------
    ValueError
        If that leaves the years 1 to 9999.
    """
    return months(number - number % 10, 1, 10 * _MONTHS_A_YEAR)


def season(name: str, year_: int) -> Days:
    """Return a meteorological season of the northern hemisphere.

    Parameters
    ----------
    name
        "spring", "summer", "autumn", "fall" or "winter".
    year_
        The year in which it begins.

    Returns
    -------
    Days
        Three whole months: spring is March to May.

    Raises
    ------
    ValueError
        If that leaves the years 1 to 9999.
    """
    return months(year_, _SEASONS[name], 3)


def around(day: date, unit: str) -> Days:
    """Return the calendar unit that a day lies in.

    Parameters
    ----------
    day
        Any day.
    unit
        "day", "week" (Monday to Sunday), "weekend" (of that week), "month", "quarter", "year",
        "decade", "century" (from year 1 of it); hours and nights count as their day, a fortnight
        as its week.

    Returns
    -------
    Days
        The unit, whole.
    """
    if unit in {"week", "fortnight", "weekend"}:
        monday = day - timedelta(day.weekday())
        skipped = _SATURDAY if unit == "weekend" else 0
        return Days(monday + timedelta(skipped), monday + timedelta(_DAYS_A_WEEK - 1))
    if unit == "century":
        return months((day.year - 1) // 100 * 100 + 1, 1, 1200)
    if unit == "decade":
        return decade(day.year)
    if unit in _UNIT_MONTHS:
        length = _UNIT_MONTHS[unit]
        return months(day.year, (day.month - 1) // length * length + 1, length)
    return Days(day, day)


def moved(day: date, unit: str, count: int) -> date:
    """Return a day moved by whole units.

    Parameters
    ----------
    day
        Any day.
    unit
        "hour", "day", "night", "week", "weekend", "fortnight", "month", "quarter", "year",
        "decade", "century"; 24 hours are a day, fewer none, and so is any other unit.
    count
        How many; below 0 for the past.

    Returns
    -------
    date
        The day; one that the month lacks becomes its last.

    Raises
    ------
    ValueError
        If that leaves the years 1 to 9999.
    OverflowError
        If that leaves the range of days.
    """
    if unit in _UNIT_MONTHS:
        total = day.year * _MONTHS_A_YEAR + day.month - 1 + _UNIT_MONTHS[unit] * count
        start = _month_start(total)
        length = calendar.monthrange(start.year, start.month)[1]
        return start.replace(day=min(day.day, length))
    if unit == "hour":
        hours = abs(count)
        step = hours // _HOURS_A_DAY
        return day + timedelta(step if count > 0 else -step)
    return day + timedelta(_UNIT_DAYS.get(unit, 0) * count)


def rolling(day: date, unit: str, count: int) -> Days:
    """Return the interval between a day and the one that is some units from it.

    Parameters
    ----------
    day
        Any day.
    unit
        As for `moved`.
    count
        How many; below 0 for the past.

    Returns
    -------
    Days
        The interval, both days included.

    Raises
    ------
    ValueError, OverflowError
        If that leaves the range of days.
    """
    other = moved(day, unit, count)
    return Days(min(day, other), max(day, other))


def part_of(days: Days, part: str) -> Days:
    """Return the early, middle or late part of an interval.

    A month falls into days 1-10, 11-20 and 21 to its end; whole years, quarters and seasons into
    thirds of their months; a decade into its years 0-3, 4-6 and 7-9; anything of two weeks or less
    into thirds of its days, and one or two days stay whole.

    Parameters
    ----------
    days
        The interval.
    part
        "early", "mid" or "late".

    Returns
    -------
    Days
        The part.
    """
    index = ("early", "mid", "late").index(part)
    first, last = days
    length = (last - first).days + 1
    count = (last.year - first.year) * _MONTHS_A_YEAR + last.month - first.month + 1
    if length < _THIRDS:
        return days
    if length <= 2 * _DAYS_A_WEEK:
        cuts = (0, length // _THIRDS, 2 * length // _THIRDS, length)
        return Days(first + timedelta(cuts[index]), first + timedelta(cuts[index + 1] - 1))
    if count == 1:
        start, end = (1, 11, 21)[index], (10, 20, last.day)[index]
        return Days(first.replace(day=start), last.replace(day=end))
    if count == _UNIT_MONTHS["decade"]:
        start, years = ((0, 4), (4, 3), (7, 3))[index]
        return months(first.year + start, 1, years * _MONTHS_A_YEAR)
    third = max(count // _THIRDS, 1)
    start = first.month + index * third
    return months(first.year, start, third)


def _month_start(total: int) -> date:
    year_, index = divmod(total, _MONTHS_A_YEAR)
    return date(year_, index + 1, 1)

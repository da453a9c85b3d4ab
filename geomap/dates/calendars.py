"""Other calendars by exact arithmetic: Solar Hijri, tabular Islamic, the western Easter."""

from __future__ import annotations

from datetime import date

__all__ = ["easter", "islamic_date", "solar_hijri_date"]

# 1 Farvardin 1 and 1 Muharram 1 as proleptic Gregorian ordinals (Reingold and Dershowitz,
# Calendrical Calculations, 4th edition, chapters 15 and 7).
_SOLAR_EPOCH = 226895
_ISLAMIC_EPOCH = 227015
# The 33-year rule agrees with the observed equinox in these years (Heydari-Malayeri, 2004).
_SOLAR_YEARS = range(1178, 1502)
_MONTHS = 12
_FIRST_SHORT_MONTH = 7


def solar_hijri_date(year: int, month: int, day: int) -> date:
    """Return the Gregorian day of a Solar Hijri one (Afghanistan, Iran).

    The first six months have 31 days, the next five 30, the last 29 or, in leap years, 30. A year
    is leap when (25 * year + 11) mod 33 is below 8: 8 leap years in 33, which is what was observed
    from 1178 to 1501 (1799 to 2122).

    Parameters
    ----------
    year
        Solar Hijri year, 1178 to 1501.
    month
        1 (Hamal, Farvardin) to 12 (Hut, Esfand).
    day
        1 to the length of the month.

    Returns
    -------
    date
        The same day in the Gregorian calendar.

    Raises
    ------
    ValueError
        If there is no such day, or the year is outside the range where the rule holds.
    """
    leap = (25 * year + 11) % 33 < 8  # noqa: PLR2004
    length = 31 if month < _FIRST_SHORT_MONTH else 30 if month < _MONTHS or leap else 29
    if year not in _SOLAR_YEARS or not 1 <= month <= _MONTHS or not 1 <= day <= length:
        raise ValueError(f"no such Solar Hijri day: {year}-{month}-{day}")
    before = 365 * (year - 1) + (8 * year + 21) // 33
    inside = 31 * (month - 1) if month <= _FIRST_SHORT_MONTH else 30 * (month - 1) + 6
    return date.fromordinal(_SOLAR_EPOCH + before + inside + day - 1)


def islamic_date(year: int, month: int, day: int) -> date:
    """Return the Gregorian day of an Islamic one by the tabular (civil) calendar.

    Odd months have 30 days, even ones 29; the twelfth has 30 in the 11 leap years of each 30
    (2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29). What is proclaimed from sightings of the moon
    differs from it by up to a day either way, and from country to country.

    Parameters
    ----------
    year
        Year of the Hijra, from 1.
    month
        1 (Muharram) to 12 (Dhu al-Hijja).
    day
        1 to the length of the month.

    Returns
    -------
    date
        The same day in the Gregorian calendar, right within one day.

    Raises
    ------
    ValueError
        If there is no such day.
    """
    leap = (14 + 11 * year) % 30 < 11  # noqa: PLR2004
    length = 30 if month % 2 or (month == _MONTHS and leap) else 29
    if year < 1 or not 1 <= month <= _MONTHS or not 1 <= day <= length:
        raise ValueError(f"no such Islamic day: {year}-{month}-{day}")
    before = 354 * (year - 1) + (3 + 11 * year) // 30
    return date.fromordinal(_ISLAMIC_EPOCH + before + 29 * (month - 1) + month // 2 + day - 1)


def easter(year: int) -> date:
    """Return Easter Sunday of the western churches in a Gregorian year.

    The method is the anonymous Gregorian computus (Nature, 20 April 1876; Meeus, Astronomical
    Algorithms, chapter 8).

    Parameters
    ----------
    year
        Gregorian year, from 1583.

    Returns
    -------
    date
        The Sunday.
    """
    golden, (century, rest) = year % 19, divmod(year, 100)
    sunday = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - sunday + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)

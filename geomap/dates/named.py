"""Quarters, seasons, feasts, and the months of the Solar Hijri and Islamic calendars."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

from geomap.dates import grammar as g
from geomap.dates.absolute import UNKNOWN, WRITTEN, YEAR_BEHIND, nearest, referred_year
from geomap.dates.calendars import easter, islamic_date, solar_hijri_date
from geomap.dates.intervals import Days, Reading, around, months, moved, read, season

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["RULES"]

T = TypeVar("T")

_WINTER_END = 2  # a winter begun in December ends in February
_GREGORIAN = 1700  # no Islamic year has come so far: a larger number is a Gregorian year

# Dari, Pashto and Iranian names of the Solar Hijri months, with the spellings of the news.
_SOLAR = (
    "hamal|wray|farvardin",
    "sawr|saur|sowr|thawr|ghwayay|ordibehesht",
    "jawza|jauza|ghbargolay|khordad",
    "saratan|chungash|tir",
    "asad|zmaray|mordad|amordad",
    "sunbula|sonbola|sunbulah|wazhay|shahrivar",
    "mizan|tala|mehr",
    "aqrab|laram|aban",
    "qaws|qaus|lindai|azar",
    "jadi|jady|jaddi|marghumay|dey",
    "dalw|dalwa|dalv|salwagha|bahman",
    "hut|hoot|kab|esfand",
)
_ISLAMIC = (
    "muharram",
    "safar",
    "rabi(?: al-awwal| al-awal| ul-awwal| i)",
    "rabi(?: al-thani| al-akhir| ath-thani| us-sani| ii)",
    "jumada(?: al-ula| al-awwal| i)",
    "jumada(?: al-thani| al-akhira| ath-thani| ii)",
    "rajab",
    "sha['\u2019]?ban",
    "ramadh?an|ramzan",
    "shawwal",
    "dh?u(?:l| al)?-? ?q[ai]['\u2019]?d[ae]h?",
    "dh?u(?:l| al)?-? ?hijj?ah?",
)
# Feasts on a fixed day of the Gregorian calendar: month and day.
_FIXED = {
    r"christmas eve": (12, 24),
    r"christmas(?: day)?(?! (?:island|tree|card|gift|present|market|carol|light)s?(?!\w))": (
        12,
        25,
    ),
    r"boxing day": (12, 26),
    r"new year['\u2019]?s eve": (12, 31),
    r"new year['\u2019]?s(?: day)?": (1, 1),
    r"valentine['\u2019]?s day": (2, 14),
    r"may day": (5, 1),
    r"hallowe['\u2019]?en": (10, 31),
    r"fourth of july|july fourth|(?:u\.?s\.? )?independence day": (7, 4),
    r"veterans['\u2019]? day|armistice day|remembrance day": (11, 11),
    r"(?:international )?women['\u2019]?s day": (3, 8),
    r"bastille day": (7, 14),
    r"victory day": (5, 9),
}
# Feasts on a weekday of a month: month, weekday (0 is Monday) and which one, -1 for the last.
_NTH = {
    r"martin luther king(?:,? jr\.?)?(?:['\u2019]s)? (?:birth)?day": (1, 0, 3),
    r"presidents?['\u2019]?s? day": (2, 0, 3),
    r"mother['\u2019]?s['\u2019]? day": (5, 6, 2),
    r"memorial day": (5, 0, -1),
    r"father['\u2019]?s['\u2019]? day": (6, 6, 3),
    r"labou?r day": (9, 0, 1),
    r"columbus day": (10, 0, 2),
    r"thanksgiving(?: day)?": (11, 3, 4),
}
# Feasts that follow the western Easter: days after Easter Sunday.
_MOVING = {
    r"ash wednesday": -46,
    r"palm sunday": -7,
    r"maundy thursday": -3,
    r"good friday(?! (?:agreement|accord|deal))": -2,
    r"easter monday": 1,
    r"easter(?: sunday)?(?! (?:island|rising|egg)s?(?!\w))": 0,
    r"ascension day": 39,
    r"pentecost|whit sunday": 49,
}
# Feasts of the Islamic calendar: month, first day and length in days.
_FEASTS = {
    r"eid(?: |-)al(?: |-)fitr|eid(?: |-)ul(?: |-)fitr": (10, 1, 3),
    r"eid(?: |-)al(?: |-)adha|eid(?: |-)ul(?: |-)adha|eid(?: |-)ul(?: |-)azha": (12, 10, 4),
    r"ashura": (1, 10, 1),
    r"arba['\u2019]?een": (2, 20, 1),
    r"mawlid(?: al-nabi)?|eid(?: |-)milad(?: |-)un(?: |-)nabi": (3, 12, 1),
    r"ramadh?an|ramzan": (9, 1, 0),
}


def _quarter(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "the third quarter of 2022", "Q3"; without a year the latest that has begun."""
    groups = g.groups_of(match)
    words = groups.get("ordinal", groups.get("digit", ""))
    number = g.ORDINALS.get(words) or int(words)
    length = 12 // {"quarter": 4, "half": 2}[groups.get("unit", "quarter")]
    first = length * (min(number, 12 // length) - 1) + 1
    return _yearly(lambda year: months(year, first, length), groups, context)


def _yearly(
    make: Callable[[int], Days], groups: dict[str, str], context: g.Context
) -> Reading | None:
    year = referred_year(groups, context)
    if year is None and "before" in groups and context.published:
        year = context.published.year + {"last": -1, "this": 0, "next": 1}[groups["before"]]
    if year is not None:
        written = WRITTEN & groups.keys()
        return read(make(year), "explicit" if written else "relative")
    if context.published is None or "yref" in groups or "before" in groups:
        return UNKNOWN
    today = context.published
    if not context.future:
        past = [make(year) for year in (today.year, today.year - 1)]
        return read(max(days for days in past if days.first <= today), "relative")
    return read(nearest(make, context), "relative")


def _named_quarter(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "the December quarter" as the three months up to its end, the latest that has ended."""
    today = context.published
    if today is None:
        return UNKNOWN
    number = g.month_number(match["month"] or match["month2"])
    ends = [months(year, number, 1).last for year in (today.year, today.year - 1)]
    last = max(day for day in ends if day <= today)
    return read(Days(moved(last.replace(day=1), "month", -2), last), "relative")


def _first_months(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "the first nine months of 2022"."""
    groups = g.groups_of(match)
    count = g.count_of(groups["num"])
    if not 1 <= count <= 12:  # noqa: PLR2004
        return None
    today = context.published
    if today and referred_year(groups, context) is None and "yref" not in groups:
        ended = months(today.year, 1, count).last <= today
        return read(months(today.year if ended else today.year - 1, 1, count), "relative")
    return _yearly(lambda year: months(year, 1, count), groups, context)


def _latest_quarter(_: re.Match[str], context: g.Context) -> Reading | None:
    """Read "the latest quarter", of which figures are out, as the last that is complete."""
    today = context.published
    return read(around(moved(today, "quarter", -1), "quarter"), "relative") if today else UNKNOWN


def _year_ago(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "the year-ago quarter"; a period whose length nobody names is that year."""
    groups = g.groups_of(match)
    today = context.anchor or context.published
    if today is None:
        return UNKNOWN
    what = groups.get("what", "period")
    if "year" in groups:
        day = today.replace(year=int(groups["year"]), day=1)
        groups["back"] = "year"
    else:
        day = moved(today, groups["back"], -1)
    if what == "quarter":
        day = moved(day, "quarter", -1)
    whole = what in {"period", "time"}
    return read(around(day, groups["back"] if whole else what), "relative")


def _ended(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "the nine months ended Sept. 30", "the year to March"."""
    groups = g.groups_of(match)
    number = g.month_number(groups["month"])

    def make(year: int) -> Days:
        last = months(year, number, 1).last
        if "day" in groups:
            last = date(year, number, g.count_of(groups["day"]))
        count, unit = g.count_of(groups.get("num", "one")), g.unit_of(groups["unit"])
        first = moved(last + timedelta(1), "month" if unit == "half" else unit, -count)
        return Days(moved(first, "month", -5) if unit == "half" else first, last)

    year = referred_year(groups, context)
    if year is not None:
        return read(make(year), "explicit")
    today = context.published
    if today is None:
        return UNKNOWN
    ends = [make(year) for year in (today.year, today.year - 1)]
    return read(max(days for days in ends if days.last <= today), "relative")


def _season(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "spring 2021", "last summer"; without a year the latest that has begun."""
    groups = g.groups_of(match)
    name, ref, today = groups["season"], groups.get("ref"), context.published
    if referred_year(groups, context) is not None or ref is None:
        return _yearly(lambda year: season(name, year), groups, context)
    if today is None:
        return UNKNOWN
    years = range(today.year - 2, today.year + 3)
    found = [season(name, year) for year in years]
    if ref in {"last", "past", "this past"}:
        return read(max(days for days in found if days.last < today), "relative")
    if ref in {"next", "coming", "this coming"}:
        return read(min(days for days in found if days.first > today), "relative")
    running = [days for days in found if days.first <= today <= days.last]
    return read((running or [season(name, today.year)])[0], "relative")


def _fixed_feast(match: re.Match[str], context: g.Context) -> Reading | None:
    groups = g.groups_of(match)
    month, day = _entry(_FIXED, groups["feast"])
    return _yearly_day(lambda year: date(year, month, day), groups, context)


def _moving_feast(match: re.Match[str], context: g.Context) -> Reading | None:
    groups = g.groups_of(match)
    shift = timedelta(_entry(_MOVING, groups["feast"]))
    return _yearly_day(lambda year: easter(year) + shift, groups, context)


def _nth_feast(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "Thanksgiving" as the fourth Thursday of November."""
    groups = g.groups_of(match)
    number, weekday, which = _entry(_NTH, groups["feast"])

    def make(year: int) -> date:
        whole = months(year, number, 1)
        if which < 0:
            return whole.last - timedelta((whole.last.weekday() - weekday) % 7)
        return whole.first + timedelta((weekday - whole.first.weekday()) % 7 + 7 * (which - 1))

    return _yearly_day(make, groups, context)


def _yearly_day(
    make: Callable[[int], date], groups: dict[str, str], context: g.Context
) -> Reading | None:
    def days(year: int) -> Days:
        return Days(make(year), make(year))

    year = referred_year(groups, context)
    if year is not None:
        return read(days(year), "explicit" if "yref" not in groups else "relative")
    if context.published is None:
        return UNKNOWN
    if "before" in groups:
        today = context.published
        years = [days(today.year + shift) for shift in (-1, 0, 1)]
        if groups["before"] == "next":
            return read(min(day for day in years if day.first > today), "relative")
        return read(max(day for day in years if day.first < today), "relative")
    return read(nearest(days, context), "relative")


def _eid(_: re.Match[str], __: g.Context) -> Reading | None:
    """Read "Eid" as unknown: there are two a year, and nothing says which."""
    return UNKNOWN


def _islamic_feast(match: re.Match[str], context: g.Context) -> Reading | None:
    """Read "Eid al-Fitr 2022" by the tabular calendar (right within one day)."""
    groups = g.groups_of(match)
    month, day, length = _entry(_FEASTS, groups["feast"])

    def make(hijri: int) -> Days:
        first = islamic_date(hijri, month, day)
        last = first + timedelta(length - 1) if length else islamic_date(hijri, month + 1, 1)
        return Days(first, last if length else last - timedelta(1))

    return _hijri(make, groups, context)


def _hijri(
    make: Callable[[int], Days], groups: dict[str, str], context: g.Context
) -> Reading | None:
    year, today = referred_year(groups, context), context.published
    if year is not None and year < _GREGORIAN:
        return read(make(year), "explicit")
    if year is None and today is None:
        return UNKNOWN
    middle = year if year is not None else today.year if today else 0
    # 33 Islamic years are 32 Gregorian ones.
    guess = (middle - 622) * 33 // 32
    found = [make(hijri) for hijri in range(guess - 2, guess + 4)]
    if year is not None:
        inside = min(days for days in found if days.first.year == year)
        return read(inside, "explicit" if "yref" not in groups else "relative")
    if today is None:
        return UNKNOWN
    if context.future:
        return read(min(days for days in found if days.last >= today), "relative")
    return read(max(days for days in found if days.first <= today), "relative")


def _islamic(match: re.Match[str], context: g.Context) -> Reading | None:
    groups = g.groups_of(match)
    month = _index(_ISLAMIC, groups["name"])

    def make(hijri: int) -> Days:
        if "day" in groups:
            day = islamic_date(hijri, month, g.count_of(groups["day"]))
            return Days(day, day)
        after = islamic_date(hijri + month // 12, month % 12 + 1, 1)
        return Days(islamic_date(hijri, month, 1), after - timedelta(1))

    return _hijri(make, groups, context)


def _solar(match: re.Match[str], context: g.Context) -> Reading | None:
    groups = g.groups_of(match)
    month = _index(_SOLAR, groups["name"])

    def make(year: int) -> Days:
        if "day" in groups:
            day = solar_hijri_date(year, month, g.count_of(groups["day"]))
            return Days(day, day)
        after = solar_hijri_date(year + month // 12, month % 12 + 1, 1)
        return Days(solar_hijri_date(year, month, 1), after - timedelta(1))

    if "year" in groups:
        return read(make(int(groups["year"])), "explicit")
    today = context.published
    if today is None:
        return UNKNOWN
    found = [make(today.year - gap) for gap in (621, 622, 623)]
    return read(max(days for days in found if days.first <= today), "relative")


def _entry(table: dict[str, T], phrase: str) -> T:
    return next(value for key, value in table.items() if re.fullmatch(key, phrase))


def _index(names: tuple[str, ...], phrase: str) -> int:
    return next(i for i, name in enumerate(names, 1) if re.fullmatch(name, phrase))


_ORDINAL = "first|second|third|fourth|1st|2nd|3rd|4th|final"
_LATTER = "last|latter|final"
_SAME = r"(?:same|corresponding|comparable|like|similar)"
_HIJRI_YEAR = r"(?:,? (?P<year>1[0-5]\d\d|(?:19|20)\d\d)(?: ?(?:ah|h|a\.h\.)(?!\w))?)"
_SOLAR_YEAR = r"(?:,? (?P<year>1[2-4]\d\d)(?: ?(?:sh|a\.?p|h\.?s)(?!\w))?)"
_SOLAR_NAME = rf"(?P<name>{'|'.join(_SOLAR)})(?!\w)"
_ISLAMIC_NAME = rf"(?P<name>{'|'.join(_ISLAMIC)})(?!\w)"
_ENDED = (
    rf"(?:ended|ending|to|through)(?: on| in)? (?P<month>{g.MONTH})(?: (?P<day>{g.DAY}))?"
    rf"{YEAR_BEHIND}?"
)
_SEASON_REF = "(?P<ref>this past|this coming|last|past|this|next|coming)"

RULES = (
    g.build(
        rf"(?P<before>last|this|next) year['\u2019]s (?:fiscal(?: |-))?"
        rf"(?P<ordinal>{_ORDINAL})(?: |-)(?P<unit>quarter|half)",
        _quarter,
    ),
    g.build(
        rf"(?P<ordinal>{_ORDINAL})(?: |-)(?P<unit>quarter|half){YEAR_BEHIND}",
        _quarter,
    ),
    g.build(rf"(?P<ordinal>{_LATTER}) (?P<unit>quarter|half){YEAR_BEHIND}", _quarter),
    g.build(
        rf"(?P<year>{g.YEAR})(?:['\u2019]s)? (?P<ordinal>{_LATTER}) (?P<unit>quarter|half)",
        _quarter,
    ),
    g.build(r"(?P<ordinal>latter|last) (?P<unit>half)", _quarter, policy="determined"),
    g.build(rf"(?P<ordinal>{_ORDINAL})(?: |-)period", _quarter, policy="lone"),
    g.build(rf"(?P<ordinal>{_ORDINAL})-(?P<unit>quarter)", _quarter),
    g.build(
        rf"(?:fiscal(?: |-))?(?P<ordinal>{_ORDINAL})(?: |-)(?:fiscal(?: |-))?"
        rf"(?P<unit>quarter|half)",
        _quarter,
        policy="determined",
    ),
    g.build(
        rf"(?P<year>{g.YEAR})(?:['\u2019]s)? (?P<ordinal>{_ORDINAL})(?: |-)(?P<unit>quarter|half)",
        _quarter,
    ),
    g.build(rf"q ?(?P<digit>[1-4]){YEAR_BEHIND}", _quarter),
    g.build(rf"(?P<year>{g.YEAR}),?(?: |-)?q(?P<digit>[1-4])", _quarter),
    g.build(r"q(?P<digit>[1-4])", _quarter, policy="lone"),
    g.build(rf"(?P<digit>[1-4])q{YEAR_BEHIND}?", _quarter, policy="lone"),
    g.build(r"(?P<year>(?:1\d|20)\d\d)q(?P<digit>[1-4])", _quarter),
    g.build(
        rf"first (?P<num>{g.NUMBER}) months(?: of(?: fiscal)?(?= (?:\d|['\u2019])))?{YEAR_BEHIND}?",
        _first_months,
    ),
    g.build(
        r"(?:latest|most recent|just-ended|completed) (?:fiscal )?(?:quarter|period)|"
        r"(?:fiscal )?quarter",
        _latest_quarter,
        policy="lone",
    ),
    g.build(
        rf"(?:{_SAME} )?(?P<back>year|month|week|quarter|day)(?: |-)(?:ago|earlier|before)(?: |-)"
        r"(?P<what>period|quarter|month|week)",
        _year_ago,
    ),
    g.build(
        rf"(?:{_SAME}|this) (?P<what>period|time|quarter|month|week)"
        r"(?: of| in)? (?:the (?:previous|prior|preceding)|last|a|one) (?P<back>year)"
        r"(?: ago| earlier| before)?",
        _year_ago,
    ),
    g.build(
        rf"{_SAME} (?P<what>period|time|quarter)(?: of| in| during)? (?P<year>{g.YEAR})", _year_ago
    ),
    g.build(rf"(?:{_SAME} )?(?P<year>{g.YEAR}) (?P<what>quarter|period)", _year_ago),
    g.build(r"(?P<back>year)-(?:ago|earlier|before)", _year_ago, policy="lone"),
    g.build(
        rf"(?:(?P<num>{g.NUMBER})(?: |-))?(?:fiscal )?(?P<unit>weeks?|months?|quarter|half|year) "
        rf"(?:period )?{_ENDED}",
        _ended,
    ),
    g.build(rf"(?:{_SEASON_REF} )?(?P<season>{g.SEASON}){YEAR_BEHIND}", _season),
    g.build(
        rf"(?P<season>{g.SEASON})(?: of)? (?P<year>{g.YEAR}){g.SEPARATOR}(?:\d\d){{1,2}}", _season
    ),
    g.build(rf"{_SEASON_REF} (?P<season>{g.SEASON})", _season),
    g.build(rf"(?P<season>{g.SEASON})", _season, policy="season"),
    g.build(rf"(?P<feast>{'|'.join(_FIXED)})(?!\w){YEAR_BEHIND}?", _fixed_feast, policy="feast"),
    g.build(rf"(?P<before>last|next) (?P<feast>{'|'.join(_FIXED)})(?!\w)", _fixed_feast),
    g.build(rf"(?P<before>last|next) (?P<feast>{'|'.join(_MOVING)})(?!\w)", _moving_feast),
    g.build(rf"(?P<before>last|next) (?P<feast>{'|'.join(_NTH)})(?!\w)", _nth_feast),
    g.build(
        rf"(?:quarter|period) (?:to|ended|ending)? ?(?P<month>{g.MONTH})|"
        rf"(?P<month2>march|june|september|sept\.|december|dec\.) (?P<what>quarter)",
        _named_quarter,
    ),
    g.build(rf"(?P<feast>{'|'.join(_NTH)})(?!\w){YEAR_BEHIND}?", _nth_feast, policy="feast"),
    g.build(rf"(?P<feast>{'|'.join(_MOVING)})(?!\w){YEAR_BEHIND}?", _moving_feast, policy="feast"),
    g.build(rf"(?P<feast>{'|'.join(_FEASTS)})(?!\w){YEAR_BEHIND}?", _islamic_feast, policy="feast"),
    g.build(r"(?<!eve.of.)eid", _eid, policy="lone"),
    g.build(rf"(?P<day>{g.DAY})(?: of)? {_ISLAMIC_NAME}{_HIJRI_YEAR}?", _islamic),
    g.build(rf"{_ISLAMIC_NAME} (?P<day>{g.DAY}){_HIJRI_YEAR}", _islamic),
    g.build(rf"{_ISLAMIC_NAME}{_HIJRI_YEAR}", _islamic),
    g.build(rf"(?P<day>{g.DAY})(?: of)? {_SOLAR_NAME}{_SOLAR_YEAR}", _solar),
    g.build(rf"{_SOLAR_NAME} (?P<day>{g.DAY}){_SOLAR_YEAR}", _solar),
    g.build(rf"{_SOLAR_NAME}{_SOLAR_YEAR}", _solar),
    g.build(rf"(?P<day>{g.DAY})(?: of)? {_SOLAR_NAME}", _solar, policy="lone"),
)

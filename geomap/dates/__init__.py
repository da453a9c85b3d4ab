"""Date phrases as intervals of days: "last month" and a publication day give a `When`.

Both ends of an interval belong to it. Weeks run Monday to Sunday. News tells of the past: a weekday
is the latest one up to the publication day (which may be that day), a month or a day without a year
the latest that has begun, unless it begins within 31 days or the words before it point ahead
("will", "due", "by"). A day without a year that is given by itself has no such words: up to 120
days ahead it is the coming one. "Tuesday night" and "late Tuesday" are that day; times and zones
are left out, and an hour given by itself is one of the publication day.

* Early, mid and late: days 1-10, 11-20 and 21 to the end of a month; thirds of the months of a
  year, quarter or season; years 0-3, 4-6 and 7-9 of a decade.
* Seasons are the meteorological ones of the northern hemisphere; a winter bears the year in which
  it begins. Quarters and fiscal years are those of the calendar.
* "Two weeks ago" is the week, "two months ago" the month, "two years ago" the year that lies so
  far back; "the past two weeks" are the 14 days before the publication day and that day. "A few"
  are three, as in HeidelTime and Recognizers-Text.
* A month's first week is, as in ISO 8601, the one that holds its 4th day; its halves are days 1-15
  and 16 to the end. "The 1800s" are 1800 to 1899, "the 2000s" the decade.
* "The same day", "a day earlier", "two days later" count from the single day named last before.
* "1/3/2023" is the reading that is not after the publication day; where both are possible, all
  that is known is the year. "3.1.2023" is day first.
* Solar Hijri days are exact; Islamic ones follow the tabular calendar and are right within a day.

`precision` tells how long the interval is: one day, up to a week, up to a month, more ("year"); of
an open one, how precise its known end is. Days that are both named ("March 3-5", "between Monday
and Thursday") are known to the day: "day", however far apart they lie. `basis` is "explicit" where
the year is written out, "publication" where the publication day itself is meant ("today"), else
"relative".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from geomap.dates.fallback import foreign
from geomap.dates.scan import scan
from geomap.errors import PublishedError
from geomap.model import When

__all__ = ["find", "normalize"]

_EDGES = ' \t\r\n\u00a0,;:()[]"\u201c\u201d'
# What may close a phrase without being part of its meaning: "Monday's", "last week."
_ENDINGS = ("", "'s", "\u2019s", "'", "\u2019", ".")


def normalize(phrase: str, published: date | str | None = None) -> When | None:
    """Return the interval of days that one date phrase means.

    Parameters
    ----------
    phrase
        The phrase by itself, with or without its preposition; its case does not matter. What is no
        English phrase is offered to dateparser, whose answer counts if it fills nothing in.
    published
        Publication day, as a date or an ISO string; None or "" when unknown: then "last month"
        stays a phrase, with both ends None and precision "unknown".

    Returns
    -------
    When or None
        The interval, its `text` the phrase and its `span` None; or None for what is no date phrase
        or no possible date ("31 February 2023").

    Raises
    ------
    PublishedError
        If `published` is not a date.
    """
    day = _published(published)
    core = phrase.strip(_EDGES)
    for ending in _ENDINGS:
        if not core.endswith(ending):
            continue
        trimmed = core.removesuffix(ending).rstrip()
        found = scan(trimmed, day, lone=True)
        if len(found) == 1 and found[0].text == trimmed:
            return replace(found[0], text=phrase, span=None)
    reading = foreign(core, day)
    if reading is None:
        return None
    first, last, precision, basis = reading
    return When(first=first, last=last, text=phrase, precision=precision, basis=basis)


def find(text: str, published: date | str | None = None) -> list[When]:
    """Return all date phrases of a text, in order.

    A phrase includes the preposition before it ("on Monday", "since August"), but not "of", "for",
    "to" or "into". Pairs and ranges ("Tuesday and Wednesday", "3 to 5 March") are one interval.
    Months and weekdays need their capital, bare months and years a preposition besides, so that
    "may", "the sun" and "2,022 people" are no dates.

    Parameters
    ----------
    text
        Any text; an empty one has no phrases.
    published
        Publication day, as a date or an ISO string; None or "" when unknown.

    Returns
    -------
    list of When
        The phrases, none overlapping another; `span` counts code points of `text`.

    Raises
    ------
    PublishedError
        If `published` is not a date.
    """
    return scan(text, _published(published), lone=False)


def _published(value: date | str | None) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    if not value.strip():
        return None
    try:
        return datetime.fromisoformat(value.strip()).date()
    except ValueError:
        raise PublishedError(
            f"a publication day must be a date such as 2023-01-03, not {value!r}"
        ) from None

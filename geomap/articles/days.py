"""Days as articles print them: strict readings, never a guess about a missing year."""

from __future__ import annotations

import re
import textwrap
from datetime import date, datetime
from typing import TYPE_CHECKING

from geomap.errors import PublishedError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DAY_PHRASE", "FULL_DATE", "first_day", "full_dates", "parse_day"]

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
        start=1,
    )
}
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_WEEKDAY = (
    r"(?:Mon(?:day)?|Tues?(?:day)?|Wed(?:nesday)?|Thu(?:rs?(?:day)?)?|Fri(?:day)?|Sat(?:urday)?"
    r"|Sun(?:day)?)\b\.?"
)
_NUMBER = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?\b"
_YEAR = r"(?:19|20)\d\d\b"

# A day as a dateline has it, the year optional: "March 30", "3 Jan. 2023", "Tuesday, January 3".
DAY_PHRASE = (
    rf"(?:{_WEEKDAY},?\s+)?(?:{_MONTH}\s+{_NUMBER}(?:,?\s+{_YEAR})?"
    rf"|{_NUMBER}(?:\s+of)?\s+{_MONTH}(?:,?\s+{_YEAR})?)"
    rf"|{_YEAR}-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./]{_YEAR}|{_WEEKDAY}"
)

# A day with its year. Of the forms with slashes only those that cannot be read two ways count.
FULL_DATE = re.compile(
    rf"\b(?:(?P<m1>{_MONTH})\s+(?P<d1>{_NUMBER}),?\s+(?P<y1>{_YEAR})"
    rf"|(?P<d2>{_NUMBER})(?:\s+of)?[\s-]+(?P<m2>{_MONTH}),?[\s-]+(?P<y2>{_YEAR})"
    rf"|(?P<y3>{_YEAR})[-/](?P<m3>\d\d)[-/](?P<d3>\d\d)(?!\d)"
    r"|(?P<d4>\d{1,2})\.(?P<m4>\d{1,2})\.(?P<y4>(?:19|20)\d\d)(?!\d))",
    re.IGNORECASE,
)
_ISO_TIME = re.compile(
    r"(\d{4}-?\d\d-?\d\d)[T ]\d\d(?::?\d\d){0,2}(?:[.,]\d+)?\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)?"
)
_SHOWN = 40
_COMPACT = re.compile(r"\d{4}-\d\d-\d\d|\d{8}")
# The weekday before a date and the time of day behind it.
_DECORATED = re.compile(
    rf"(?:{_WEEKDAY},?\s+)?(.+?)"
    r"(?:,?\s+(?:at\s+)?\d{1,2}:\d\d(?::\d\d)?(?:\s?[AP]\.?M\.?)?(?:\s+[A-Z]{2,5})?)?",
    re.IGNORECASE | re.DOTALL,
)


def parse_day(value: date | str | None) -> date | None:
    """Read a publication day strictly.

    ISO dates and times, RFC 2822 dates ("Tue, 03 Jan 2023 10:00:00 +0000") and English dates with
    the month as a word ("3 January 2023", "Jan. 3, 2023") are read. The day is the one written:
    no time zone moves it.

    Parameters
    ----------
    value
        The day. None and blank strings mean that there is none; a datetime gives its date.

    Returns
    -------
    date or None
        The day, or None when none was given.

    Raises
    ------
    PublishedError
        If it is not a date in one of these forms, or could be read in two ways ("03/01/2023").
    """
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    text = " ".join(value.split())
    if not text:
        return None
    day = _iso_day(text) or _written_day(text) or _mail_day(text)
    if day is None:
        shown = textwrap.shorten(text, _SHOWN, placeholder="...")
        raise PublishedError(f"{shown!r} is not a date; write it as YYYY-MM-DD")
    return day


def first_day(*written: str | None) -> date | None:
    """Return the first of several days that can be read.

    Parameters
    ----------
    *written
        The days as written, best first.

    Returns
    -------
    date or None
        The day, or None when none can be read.
    """
    for value in written:
        try:
            day = parse_day(value)
        except PublishedError:
            continue
        if day is not None:
            return day
    return None


def full_dates(
    text: str, start: int = 0, end: int | None = None
) -> Iterator[tuple[int, int, date]]:
    """Yield the days with a year between two offsets of a text.

    Parameters
    ----------
    text
        Any text.
    start
        Where to begin.
    end
        Where to stop; None for the end of the text.

    Yields
    ------
    tuple of int, int and date
        Start and end of the phrase, and the day. Impossible days ("31 February 2023") are left out.
    """
    for found in FULL_DATE.finditer(text, start, len(text) if end is None else end):
        day = _day_of(found)
        if day is not None:
            yield found.start(), found.end(), day


def _iso_day(text: str) -> date | None:
    timed = _ISO_TIME.fullmatch(text)
    day = timed[1] if timed else text
    if not _COMPACT.fullmatch(day):
        return None
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None


def _written_day(text: str) -> date | None:
    bare = _DECORATED.fullmatch(text)
    found = FULL_DATE.fullmatch(bare[1]) if bare else None
    return _day_of(found) if found else None


def _mail_day(text: str) -> date | None:
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(text).date()
    except (TypeError, ValueError):
        return None


def _day_of(found: re.Match[str]) -> date | None:
    parts = found.groupdict()
    form = next(number for number in "1234" if parts["y" + number])
    month = parts["m" + form]
    number = int(month) if month.isdigit() else _MONTHS[month[:3].lower()]
    try:
        return date(int(parts["y" + form]), number, int(re.sub(r"\D", "", parts["d" + form])))
    except ValueError:
        return None

"""What a map says in words: dates with their precision, casualties, places, event types."""

from __future__ import annotations

from calendar import monthrange
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from geomap.model import Casualties, Place, When

__all__ = ["casualty_words", "date_words", "day_words", "place_words", "type_label"]

# The names of strftime depend on the reader's locale; the map is in English everywhere.
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day_words(day: date) -> str:
    """Return a day as "3 January 2023"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def date_words(when: When | None) -> str:
    """Return a date with its precision: "30-31 March 2021, to the day" (with an en dash).

    Parameters
    ----------
    when
        The date; None says that the text gives none.

    Returns
    -------
    str
        One line. An interval that nothing is known of keeps the article's own phrase.
    """
    if when is None:
        return "No date given"
    if when.first is None and when.last is None:
        phrase = f"“{when.text}” – " if when.text else ""
        return f"{phrase}no date can be known"
    interval = _interval_words(when.first, when.last)
    if when.precision == "unknown":
        return f"{interval}, precision unknown"
    return f"{interval}, to the {when.precision}"


def _interval_words(first: date | None, last: date | None) -> str:
    """Return the shortest unambiguous wording of an interval of days."""
    if last is None or first is None:
        return " ".join(
            f"{word} {day_words(day)}" for word, day in (("since", first), ("until", last)) if day
        )
    if first == last:
        return day_words(first)
    return _span_words(first, last)


def _span_words(first: date, last: date) -> str:
    """Return the wording of an interval of two days or more."""
    if first.year != last.year:
        return f"{day_words(first)} – {day_words(last)}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year)
    if first.month != last.month:
        return f"{first.day} {_MONTHS[first.month - 1]} – {day_words(last)}"
    if (first.day, last.day) == (1, monthrange(last.year, last.month)[1]):
        return f"{_MONTHS[first.month - 1]} {first.year}"
    return f"{first.day}–{day_words(last)}"


def casualty_words(fatalities: Casualties | None, injured: int | None) -> str | None:
    """Return casualties as "4–6 killed (most likely 5), 12 injured".

    Parameters
    ----------
    fatalities
        The dead as a range; None when nothing is said of them.
    injured
        The injured; None when nothing is said of them.

    Returns
    -------
    str or None
        One line, or None when nothing is said of either.
    """
    parts = [] if fatalities is None else [_killed_words(fatalities)]
    if injured is not None:
        parts.append(f"{injured} injured")
    return ", ".join(parts) or None


def _killed_words(dead: Casualties) -> str:
    if dead.high is None:
        return f"at least {dead.low} killed"
    if dead.low == dead.high:
        return f"{dead.low} killed" if dead.high else "nobody killed"
    between = dead.low < dead.best < dead.high
    likely = f" (most likely {dead.best})" if between else ""
    return f"{dead.low}–{dead.high} killed{likely}"


def place_words(place: Place, country: str | None) -> str:
    """Return what a place lies in, from small to large: "Bannu, Khyber Pakhtunkhwa, Pakistan".

    Parameters
    ----------
    place
        The place; its own name is not repeated, and stands in no result.
    country
        The country's name, or None for places in none.

    Returns
    -------
    str
        Empty for a country itself and for seas.
    """
    parts = dict.fromkeys(part for part in (place.admin2, place.admin1, country) if part)
    parts.pop(place.name, None)
    return ", ".join(parts)


def type_label(code: str) -> str:
    """Return the human label of an event type; one is made for a code that the table lacks.

    Parameters
    ----------
    code
        Such as "battle.clash".

    Returns
    -------
    str
        "Armed clash"; for an unknown code "Group: sub type".
    """
    from geomap.events.taxonomy import taxonomy

    if known := taxonomy().get(code):
        return known.label
    group, _, kind = code.partition(".")
    words = f"{group}: {kind}" if kind else group
    return words.replace("_", " ").capitalize()

"""Phrases of other languages, by dateparser."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from geomap.dates.intervals import Days, Reading, around, read

__all__ = ["foreign"]

# Languages of the wires and of the regions in the news; each costs some 20 ms when first loaded.
# English is not among them: what the own rules refuse ("31 February", "sat on") stays refused.
_LANGUAGES = ("ar", "de", "es", "fa", "fr", "he", "id", "it", "ja", "pt", "ru", "tr", "uk", "zh")
_SHORTEST, _LONGEST = 3, 60
# Two bases that differ in year, month, day and weekday: what changes with them was not in the text.
_SHIFT = timedelta(401)
_NO_BASE = date(2003, 5, 14)
_UNITS = {"week", "month", "year", "decade"}


def foreign(phrase: str, published: date | None) -> Reading | None:
    """Return what dateparser makes of a phrase in another language than English.

    An answer counts only with all its parts in the phrase (no day or year filled in), or counted
    from the publication day in words.

    Parameters
    ----------
    phrase
        The phrase; one without letters, or longer than 60 characters, is refused at once.
    published
        The publication day, or None: then a relative phrase is unknown.

    Returns
    -------
    Reading or None
        The reading, or None when dateparser knows no such phrase.
    """
    fits = _SHORTEST <= len(phrase) <= _LONGEST
    if not fits or not any(char.isalpha() for char in phrase):
        return None
    base = published or _NO_BASE
    try:
        days, shifted = _parsed(phrase, base), _parsed(phrase, base - _SHIFT)
    except (ValueError, OverflowError, TypeError):
        return None
    if days is None or shifted is None:
        return None
    if days == shifted:
        return read(days, "explicit")
    if published is None:
        return Reading(None, None, "unknown", "relative")
    return read(days, "publication" if days == Days(published, published) else "relative")


def _parsed(phrase: str, base: date) -> Days | None:
    from dateparser.date import DateDataParser

    settings = {
        "RELATIVE_BASE": datetime.combine(base, time(12)),
        "PREFER_DATES_FROM": "past",
        "STRICT_PARSING": True,
        "RETURN_AS_TIMEZONE_AWARE": False,
    }
    found = DateDataParser(languages=list(_LANGUAGES), settings=settings).get_date_data(phrase)
    if found.date_obj is None:
        return None
    return around(found.date_obj.date(), found.period if found.period in _UNITS else "day")

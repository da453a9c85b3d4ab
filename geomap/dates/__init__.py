"""Date phrases as intervals of days: "last month" and a publication day give a `When`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from geomap.dates.scan import scan
from geomap.errors import PublishedError
from geomap.model import When

__all__ = ["find", "normalize"]

_EDGES = " \t\r\n\u00a0,;:()[]\"\u201c\u201d"


def normalize(phrase: str, published: date | str | None = None) -> When | None:
    """Return the interval of days that one date phrase means.

    Parameters
    ----------
    phrase
        The phrase by itself, in any case; white space around it does not matter.
    published
        Publication day, as a date or an ISO string.

    Returns
    -------
    When or None
        The interval, or None when the phrase is no date.

    Raises
    ------
    PublishedError
        If `published` is not a date.
    """
    day = _published(published)
    core = phrase.strip(_EDGES)
    for suffix in ("'s", "\u2019s", "."):
        found = scan(core, day, lone=True)
        if len(found) == 1 and found[0].text == core:
            return replace(found[0], text=phrase, span=None)
        core = core.removesuffix(suffix)
    return None


def find(text: str, published: date | str | None = None) -> list[When]:
    """Return all date phrases of a text, in order.

    Parameters
    ----------
    text
        Any text.
    published
        Publication day, as a date or an ISO string.

    Returns
    -------
    list of When
        The phrases with their spans.

    Raises
    ------
    PublishedError
        If `published` is not a date.
    """
    return scan(text, _published(published), lone=False)


def _published(value: date | str | None) -> date | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(value.strip()).date()
    except (ValueError, AttributeError, TypeError):
        raise PublishedError(
            f"a publication day must be a date such as 2023-01-03, not {value!r}"
        ) from None

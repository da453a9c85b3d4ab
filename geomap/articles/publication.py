"""The publication day of an article, from its text only where that is safe."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from geomap.articles.datelines import dateline
from geomap.articles.days import full_dates
from geomap.articles.segments import sentences
from geomap.model import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from geomap.model import Article

__all__ = ["publication_day", "with_publication_day"]

# Title, standfirst, byline and "Published" stand above the story, newspapers' credits below it.
_HEAD = 800
_HEAD_UNITS = 6
_TAIL = 400
_TAIL_UNITS = 3
# "By First Last and First Last, Staff Writers | Published Wednesday, September 13, 2023 10:30 AM".
_LONGEST_UNIT = 160

# Weekdays, clock times, time zones and the marks between them.
_TIMES = (
    r"(?:[\s,|•·@()/:.–—-]|\b(?:at|on|(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?"
    r"|\d{1,2}(?:[:.]\d\d){0,2}(?:\s?[AaPp]\.?[Mm])?|[AaPp]\.?[Mm]"
    r"|local time|(?:I|E|ED|ES|P|PD|PS|C|CD|CS|M|MD|MS|B|CE|CES|EE|PK)T|GMT|UTC|hrs)\b)*+"
)
_TIMES_BEFORE = re.compile(_TIMES + r"\Z")
_TIMES_AFTER = re.compile(_TIMES)

# These stand before the date. In lower case they are verbs of the story.
_PUBLISHED = re.compile(
    r"\b(?:First |Originally )?(?:Published|Posted|Filed|Issued|PUBLISHED|POSTED|first published)"
    r"(?: in [A-Z][\w.& ]{2,40})?\Z|\A(?:Date|DATE|Publication date|Date published)\Z"
)
_UPDATED = re.compile(r"\b(?:Last (?:updated|modified|revised)|Last Updated|Updated|UPDATED)\Z")
_BYLINE = re.compile(r"\A(?:By|BY)\s+[A-Z][\w.'’-]+\s[^!?]*\Z")

# A label may stand behind a name and before a time or a second date, not in a sentence.
_LONGEST_REST = 80
_CLAUSE = re.compile(r"\b[a-z]{3,}\b")
_MOST_WORDS = 3

# "- Name (@handle) January 3, 2023": a post as pages quote it.
_SIGNATURE = re.compile(r"[—–-]\s?[^\n()]{2,60}\(@\w{1,30}\)[\s,·|-]*(?=[A-Z0-9])")
_SIGNED_DATE = 30
_POSTED = re.compile(
    r"\b(?:re)?tweet\w*|\bposted\b|\bposts?\b|\bTwitter\b|\bsocial media\b", re.IGNORECASE
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TODAY = re.compile(r"\b(?:today|this (?:morning|afternoon|evening))\b", re.IGNORECASE)
_YESTERDAY = re.compile(r"\byesterday\b", re.IGNORECASE)


def publication_day(article: Article) -> date | None:
    """Return the day an article was published, from the text only where that is safe.

    Parameters
    ----------
    article
        The article.

    Returns
    -------
    date or None
        `article.published`; else the full date of a "Published" line, of the dateline, of a byline
        or of an "Updated" line; else the day of a quoted social-media post of which the text
        speaks as of the present. None when only dates without a year, or dates of the story, are
        there.
    """
    if article.published is not None:
        return article.published
    return _printed_day(article.text) or _post_day(article.text)


def with_publication_day(article: Article) -> Article:
    """Return the article with its publication day filled in where the text gives it.

    Parameters
    ----------
    article
        The article.

    Returns
    -------
    Article
        The same article when it has a day or none can be found.
    """
    day = publication_day(article)
    return article if day == article.published else replace(article, published=day)


def _printed_day(text: str) -> date | None:
    """Return the day that a line about the article itself gives."""
    units = _units(text)
    return (
        _first(units, _is_published)
        or _dateline_day(text)
        or _first(units, _is_byline)
        or _first(units, _is_updated)
    )


def _units(text: str) -> list[str]:
    """Return the short lines and sentences at the two ends of a text."""
    tail = text[max(_HEAD, len(text) - _TAIL) :]
    found = [span.of(text) for span in sentences(text[:_HEAD])[:_HEAD_UNITS]]
    found += [span.of(tail) for span in sentences(tail)[-_TAIL_UNITS:]]
    return [unit for unit in found if len(unit) <= _LONGEST_UNIT]


def _first(units: list[str], judge: Callable[[str, str], bool]) -> date | None:
    """Return the first date for which `judge` accepts what stands before and behind it."""
    for unit in units:
        for start, end, day in full_dates(unit):
            if judge(_TIMES_BEFORE.sub("", unit[:start]), unit[end:]):
                return day
    return None


def _is_published(before: str, after: str) -> bool:
    return _PUBLISHED.search(before) is not None and _is_label(before, after)


def _is_updated(before: str, after: str) -> bool:
    return _UPDATED.search(before) is not None and _is_label(before, after)


def _is_label(before: str, after: str) -> bool:
    words = len(_CLAUSE.findall(before)) + len(_CLAUSE.findall(after))
    return len(before) <= _LONGEST_REST and len(after) <= _LONGEST_REST and words <= _MOST_WORDS


def _is_byline(before: str, after: str) -> bool:
    """Tell whether a line is a date and a time, with or without names before them."""
    if not _TIMES_AFTER.fullmatch(after) or not _is_label(before, after):
        return False
    timed = any(map(str.isdigit, after)) and not _CLAUSE.search(before)
    return not before or timed or _BYLINE.match(before) is not None


def _dateline_day(text: str) -> date | None:
    found = dateline(text)
    if found is None or found.day is None:
        return None
    return next((day for _, _, day in full_dates(found.day)), None)


def _post_day(text: str) -> date | None:
    """Return the day of the last quoted post that the text dates by a weekday or "today"."""
    posts = list(_posts(text))
    if not posts:
        return None
    signed, latest = max(posts, key=lambda post: post[1])
    if any(day > latest for _, _, day in full_dates(text)):
        return None
    weekday = re.compile(rf"(?<!last )(?<!next )\b{_WEEKDAYS[latest.weekday()]}\b")
    for span in sentences(text):
        sentence = span.of(text)
        if span.overlaps(signed) or not _POSTED.search(sentence):
            continue
        if weekday.search(sentence) or _TODAY.search(sentence):
            return latest
        if _YESTERDAY.search(sentence):
            return latest + timedelta(days=1)
    return None


def _posts(text: str) -> Iterator[tuple[Span, date]]:
    """Yield where a quoted post is signed, and its day."""
    for signature in _SIGNATURE.finditer(text):
        end = signature.end() + _SIGNED_DATE
        for start, stop, day in full_dates(text, signature.end(), end):
            if start == signature.end():
                yield Span(start=signature.start(), end=stop), day

"""One text to one article: plain text, Markdown, HTML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geomap.articles.page_text import page_parts
from geomap.articles.days import parse_day
from geomap.errors import PublishedError
from geomap.model import Article

if TYPE_CHECKING:
    from datetime import date

__all__ = ["markdown_article", "page_article", "plain_article"]

# A headline: longer lines are standfirsts or first sentences.
_TITLE = re.compile(r"\s*(?P<title>[^\n\r]{8,120}?)[^\S\n\r]*(?:\r?\n)[^\S\n\r]*(?:\r?\n)\s*\S")
_FRONT_MATTER = re.compile(
    r"\A---[^\S\n\r]*\r?\n(?P<body>.*?\r?\n)---[^\S\n\r]*(?:\r?\n|\Z)", re.DOTALL
)
_FRONT_FIELD = re.compile(
    r"^(?P<name>[A-Za-z_]+):[^\S\n\r]*(?P<value>[^\n\r]*?)[^\S\n\r]*$", re.MULTILINE
)
_HEADING = re.compile(r"^#[^\S\n\r]+(?P<title>[^\n\r]+?)[^\S\n\r#]*$", re.MULTILINE)


def plain_article(text: str) -> Article | None:
    """Return the article of a plain text, or None for a blank one."""
    if not text.strip():
        return None
    found = _TITLE.match(text)
    title = (
        found["title"].strip()
        if found and not found["title"].rstrip().endswith(tuple('.!?:;,"”…'))
        else None
    )
    return Article(text=text, title=title)


def markdown_article(text: str) -> Article | None:
    """Return the article of a Markdown text, which keeps all its characters."""
    if not text.strip():
        return None
    front = _FRONT_MATTER.match(text)
    fields = {}
    if front:
        for found in _FRONT_FIELD.finditer(front["body"]):
            fields[found["name"].lower()] = found["value"].strip("\"'")
    heading = _HEADING.search(text, front.end() if front else 0)
    day = _first_day(fields.get("published"), fields.get("date"))
    return Article(
        text=text,
        title=fields.get("title") or (heading["title"] if heading else None),
        published=day,
        source=fields.get("source") or None,
        url=fields.get("url") or None,
    )


def page_article(text: str) -> Article | None:
    """Return the article of an HTML page, or None when it has no text."""
    parts = page_parts(text)
    if not parts.text.strip():
        return None
    return Article(
        text=parts.text,
        title=parts.title,
        published=_first_day(*parts.published),
        source=parts.source,
        url=parts.url,
        language=parts.language,
    )


def _first_day(*written: str | None) -> date | None:
    """Return the first of several days that can be read."""
    for value in written:
        try:
            day = parse_day(value)
        except PublishedError:
            continue
        if day is not None:
            return day
    return None

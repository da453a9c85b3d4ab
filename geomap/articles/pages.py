"""One text to one article: plain text, Markdown, HTML."""

from __future__ import annotations

import re

from geomap.articles.days import first_day
from geomap.articles.page_text import page_parts
from geomap.model import Article

__all__ = ["markdown_article", "page_article", "plain_article"]

# A headline: a short line without a final stop, a blank line behind it; no byline and no date.
_TITLE = re.compile(
    r"\s*(?!By\s|Published|Updated|Posted|\W*\d)(?P<title>\S[^\n\r]{6,118}[^\s.!?:;,\"”…])"
    r"[^\S\n\r]*\r?\n[^\S\n\r]*\r?\n\s*\S"
)
_FRONT_MATTER = re.compile(
    r"\A---[^\S\n\r]*\r?\n(?P<body>.*?\r?\n)---[^\S\n\r]*(?:\r?\n|\Z)", re.DOTALL
)
_FRONT_FIELD = re.compile(
    r"^(?P<name>[A-Za-z_]+):[^\S\n\r]*(?P<value>[^\n\r]*?)[^\S\n\r]*$", re.MULTILINE
)
_HEADING = re.compile(r"^#[^\S\n\r]+(?P<title>[^\n\r]+?)[^\S\n\r]*#*[^\S\n\r]*$", re.MULTILINE)


def plain_article(text: str) -> Article | None:
    """Return the article of a plain text.

    Parameters
    ----------
    text
        The cleaned text, which the article keeps as it is.

    Returns
    -------
    Article or None
        The article, titled when a headline stands above a blank line; None for a blank text.
    """
    if not text.strip():
        return None
    found = _TITLE.match(text)
    return Article(text=text, title=found["title"] if found else None)


def markdown_article(text: str) -> Article | None:
    """Return the article of a Markdown text.

    Parameters
    ----------
    text
        The cleaned text; the article's text is what stands behind the front matter, as it is.

    Returns
    -------
    Article or None
        The article with what its front matter says, titled by its first heading if that does not
        say it; None for a blank text.
    """
    front = _FRONT_MATTER.match(text)
    fields = {}
    if front:
        for found in _FRONT_FIELD.finditer(front["body"]):
            fields[found["name"].lower()] = found["value"].strip("\"'")
        text = text[front.end() :].lstrip("\r\n")
    if not text.strip():
        return None
    heading = _HEADING.search(text)
    day = first_day(fields.get("published"), fields.get("date"))
    return Article(
        text=text,
        title=fields.get("title") or (heading["title"] if heading else None),
        published=day,
        source=fields.get("source") or None,
        url=fields.get("url") or None,
        language=fields.get("language") or None,
    )


def page_article(text: str) -> Article | None:
    """Return the article of an HTML page.

    Parameters
    ----------
    text
        The cleaned page.

    Returns
    -------
    Article or None
        The article, or None when the page has no text.
    """
    parts = page_parts(text)
    if not parts.text.strip():
        return None
    return Article(
        text=parts.text,
        title=parts.title,
        published=first_day(*parts.published),
        source=parts.source,
        url=parts.url,
        language=parts.language,
    )

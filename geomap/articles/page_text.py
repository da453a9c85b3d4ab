"""The article in an HTML page: its text in reading order, and what the head says of it."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser

from geomap.articles.vocabulary import words

__all__ = ["PageParts", "page_parts"]

# Never part of an article's text.
_SKIPPED = words(
    """script style noscript template nav aside footer figcaption svg math iframe object
    button select textarea video audio canvas head dialog menu"""
)
# Mostly furniture, but some sites wrap the whole page in a form or the text in a header.
_DOUBTFUL = frozenset(("form", "header"))
_PROSE = words("p h1 h2 h3 h4 h5 h6 li blockquote pre dd dt")
_BLOCKS = _PROSE | words(
    """address article aside body center details div dl fieldset figure footer form header hr
    html main nav ol section summary table tbody td tfoot th thead title tr ul"""
)
_VOID = words("area base br col embed hr img input link meta param source track wbr")
# These end at the next of their kind, or where any other block begins.
_UNCLOSED = frozenset(("p", "li", "dd", "dt"))

# A teaser in <article> or a cookie notice in <p> is shorter than any article.
_SHORTEST = 200

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_BREAKS = re.compile(r" ?\n[ \n]*\n ?")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_PUBLISHED_NAMES = words(
    """article:published_time og:published_time datepublished date pubdate publishdate
    publication_date publish-date parsely-pub-date sailthru.date dc.date dc.date.issued
    dcterms.created dcterms.date"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageParts:
    """What an HTML page says: `published` holds the candidates as written, best first."""

    text: str
    title: str | None
    published: tuple[str, ...]
    source: str | None
    url: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class _Block:
    text: str
    region: str
    prose: bool
    doubtful: bool


def page_parts(markup: str) -> PageParts:
    """Take a page apart; broken and deeply nested markup never raises.

    Parameters
    ----------
    markup
        The decoded page.

    Returns
    -------
    PageParts
        The paragraphs, headings and list items of the article, joined by blank lines, and the
        metadata. The text is empty for a page without any.
    """
    reader = _PageReader()
    reader.feed(_well_formed(markup))
    reader.close()
    reader.flush()
    heading = reader.headings[0] if reader.headings else None
    title = " ".join("".join(reader.title).split())
    if heading and title.startswith(heading):
        title = heading
    return PageParts(
        text="\n\n".join(block.text for block in _article_blocks(reader.blocks)),
        title=reader.meta.get("og:title") or title or heading,
        published=(*reader.dates, *_json_dates(reader.data), *reader.times),
        source=reader.meta.get("og:site_name"),
        url=reader.canonical or reader.meta.get("og:url"),
        language=reader.language,
    )


def _well_formed(markup: str) -> str:
    """Remove what html.parser raises on or reads in quadratic time."""
    bare = _COMMENT.sub("", markup).replace("<![", "<! [")
    last = bare.rfind(">") + 1
    return bare[:last] + bare[last:].replace("<", "&lt;")


def _article_blocks(blocks: list[_Block]) -> list[_Block]:
    """Choose the blocks of the article: the best region, prose before loose text."""
    sure = [block for block in blocks if not block.doubtful]
    kept = sure if _size(sure) >= min(_SHORTEST, _size(blocks) / 2) else blocks
    for region in ("article", "main"):
        inside = [block for block in kept if block.region == region]
        if _size(inside) >= min(_SHORTEST, _size(kept) / 2) and inside:
            kept = inside
            break
    prose = [block for block in kept if block.prose]
    return prose if _size(prose) * 2 >= _size(kept) else kept


def _size(blocks: list[_Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _json_dates(data: list[str]) -> list[str]:
    """Return the publication days of the page's JSON-LD."""
    found: list[str] = []
    for text in data:
        try:
            pending = [json.loads(text, strict=False)]
        except (ValueError, RecursionError):
            continue
        while pending:
            value = pending.pop(0)
            if isinstance(value, list):
                pending.extend(value)
            elif isinstance(value, dict):
                day = value.get("datePublished")
                found.extend([day] if isinstance(day, str) else [])
                pending.extend(value.values())
    return found


class _PageReader(HTMLParser):
    """Collects the text blocks and the metadata of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[_Block] = []
        self.headings: list[str] = []
        self.title: list[str] = []
        self.meta: dict[str, str] = {}
        self.dates: list[str] = []
        self.times: list[str] = []
        self.data: list[str] = []
        self.canonical: str | None = None
        self.language: str | None = None
        self._stack: list[str] = []
        self._open: Counter[str] = Counter()
        self._skipped = 0
        self._text: list[str] = []
        self._json = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in reversed(attrs)}
        self._note(tag, values)
        if tag == "br":
            self._text.append("\n")
        if tag in _BLOCKS:
            self.flush()
            while self._stack and self._stack[-1] in _UNCLOSED and tag not in {"ul", "ol", "dl"}:
                self._pop()
        if tag not in _VOID:
            self._stack.append(tag)
            self._open[tag] += 1
            self._skipped += tag in _SKIPPED
            self._json = tag == "script" and values.get("type", "").lower() == "application/ld+json"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID and tag not in _BLOCKS:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.flush()
        if self._open[tag]:
            while self._pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._json and self._stack and self._stack[-1] == "script":
            self.data.append(data)
        elif self._open["title"] and not self._open["svg"]:
            self.title.append(data)
        elif not self._skipped:
            self._text.append(data if self._open["pre"] else re.sub(r"\s+", " ", data))
        elif self._open["h1"]:
            self._text.append(data)

    def flush(self) -> None:
        """End the current block of text."""
        if not self._text:
            return
        raw = _INVISIBLE.sub("", "".join(self._text))
        self._text.clear()
        for part in _BREAKS.split(raw):
            text = "\n".join(" ".join(line.split()) for line in part.split("\n")).strip()
            if text and self._open["h1"]:
                self.headings.append(text)
            if text and not self._skipped:
                self.blocks.append(self._block(text))

    def _block(self, text: str) -> _Block:
        region = "article" if self._open["article"] else "main" if self._open["main"] else "body"
        prose = any(self._open[tag] for tag in _PROSE)
        return _Block(text, region, prose, any(self._open[tag] for tag in _DOUBTFUL))

    def _pop(self) -> str:
        tag = self._stack.pop()
        self._open[tag] -= 1
        self._skipped -= tag in _SKIPPED
        return tag

    def _note(self, tag: str, values: dict[str, str]) -> None:
        """Take the metadata that a tag carries."""
        if tag == "html":
            self.language = self.language or values.get("lang", "").strip() or None
        elif tag == "link" and "canonical" in values.get("rel", "").lower().split():
            self.canonical = self.canonical or values.get("href", "").strip() or None
        elif tag == "time" and not self._open["aside"] and not self._open["nav"]:
            self.times.append(values.get("datetime", ""))
        elif tag == "meta":
            name = values.get("property") or values.get("name") or values.get("itemprop") or ""
            content = " ".join(values.get("content", "").split())
            if name.lower() in _PUBLISHED_NAMES:
                self.dates.append(content)
            elif content:
                self.meta.setdefault(name.lower(), content)

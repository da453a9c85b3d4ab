"""RSS and Atom feeds saved as files to articles."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from geomap.articles.days import first_day
from geomap.articles.encoding import REPLACEMENT, clean
from geomap.articles.page_text import page_parts
from geomap.errors import ArticleError
from geomap.model import Article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomap.articles.rows import Item

__all__ = ["feed_articles"]

# RSS 2.0 has none; RSS 1.0, its content module, Dublin Core and Atom. Not media or podcast ones.
_NAMESPACES = frozenset(
    (
        "",
        "http://purl.org/rss/1.0/",
        "http://purl.org/rss/1.0/modules/content/",
        "http://purl.org/dc/elements/1.1/",
        "http://www.w3.org/2005/Atom",
    )
)
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

# XML 1.0 knows five named entities, feeds use HTML's; and it forbids control characters.
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]{1,31};")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class _NoDocumentType(ET.TreeBuilder):
    """Builds the tree of a document that defines no entities."""

    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        raise ValueError("declares a document type; remove it")


def feed_articles(text: str, where: str) -> Iterator[Item]:
    """Yield the articles of an RSS or Atom feed.

    Parameters
    ----------
    text
        The decoded feed.
    where
        The path, for messages.

    Yields
    ------
    Article or ArticleError
        In the feed's order. The text is that of an item's content, else of its description, as
        plain paragraphs; an item with neither is an error.
    """
    # Entities, the matter of XML bombs, need a document type, and that is refused.
    parser = ET.XMLParser(target=_NoDocumentType())  # noqa: S314
    try:
        parser.feed(_FORBIDDEN.sub(REPLACEMENT, _ENTITY.sub(_unescaped, text)))
        root = parser.close()
    except ET.ParseError as error:
        yield ArticleError(f"{where}:{error.position[0]}", f"is not XML ({error})")
        return
    except ValueError as error:
        yield ArticleError(where, str(error))
        return
    items = [element for element in root.iter() if _local(element) in {"item", "entry"}]
    if not items:
        yield ArticleError(where, "holds no items of an RSS or Atom feed")
        return
    channel = root.find("{*}channel")
    head = _fields(root if channel is None else channel)
    language = head.get("language") or root.get(_LANGUAGE)
    for number, item in enumerate(items, start=1):
        article = _article(_fields(item), head.get("title"), language)
        yield article or ArticleError(f"{where}, item {number}", "has no text")


def _article(fields: dict[str, str], source: str | None, language: str | None) -> Article | None:
    bodies = (fields.get(name, "") for name in ("encoded", "content", "description", "summary"))
    text = next(filter(None, (page_parts(body).text for body in bodies)), "")
    if not text:
        return None
    return Article(
        text=clean(text),
        id=fields.get("guid") or fields.get("id") or "",
        title=page_parts(fields.get("title", "")).text or None,
        published=first_day(*map(fields.get, ("pubDate", "published", "date", "updated"))),
        source=source,
        url=fields.get("link"),
        language=language,
    )


def _fields(element: ET.Element) -> dict[str, str]:
    """Return the texts of an element's children by their local names, the first of each."""
    fields: dict[str, str] = {}
    for child in element:
        name = _local(child)
        value = "".join(child.itertext()).strip()
        if name == "link" and child.get("rel", "alternate") == "alternate":
            value = value or child.get("href", "")
        if name and value:
            fields.setdefault(name, value)
    return fields


def _local(element: ET.Element) -> str | None:
    """Return the name of an element of one of the known namespaces, without the namespace."""
    namespace, _, name = element.tag.removeprefix("{").rpartition("}")
    return name if namespace in _NAMESPACES else None


def _unescaped(entity: re.Match[str]) -> str:
    plain = html.unescape(entity[0])
    return plain if plain != entity[0] else f"&amp;{entity[0][1:]}"

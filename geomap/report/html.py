"""The blocks of a report -> one HTML file: no script of its own, no request, prints well."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geomap.elements import Element, element
from geomap.report.blocks import Bullets, Heading, Image, Paragraph, Quote, Table
from geomap.report.frame import framed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.report.blocks import Block, Piece

__all__ = ["to_html"]

_STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --soft: #5b626b; --line: #d9dce0;
  --paper: #fff; --link: #0b5cad; --trigger: #ffe3a3; --place: #cfe5ff; --quote: #f5f6f8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --soft: #a3abb5; --line: #3b424a;
  --paper: #181c21; --link: #8ec5ff; --trigger: #6b4e00; --place: #153e6b; --quote: #20252b; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 28px 20px 60px; max-width: 1000px; background: var(--paper);
  color: var(--ink); font: 16px/1.5 "Helvetica Neue", Helvetica, Arial, "Noto Sans", sans-serif; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 6px; overflow-wrap: anywhere; }
h2 { font-size: 21px; margin: 38px 0 10px; padding-bottom: 4px;
  border-bottom: 1px solid var(--line); }
h3 { font-size: 17px; margin: 28px 0 2px; overflow-wrap: anywhere; }
p { margin: 4px 0; overflow-wrap: anywhere; }
a { color: var(--link); }
a:focus-visible, .scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
small { font-size: 13.5px; color: var(--soft); }
mark { color: inherit; padding: 0 2px; border-radius: 3px; }
mark.trigger { background: var(--trigger); } mark.place { background: var(--place); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; vertical-align: top; padding: 5px 10px 5px 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
/* Known to, status: words of our own, which fit. */
.wide td:nth-child(5), .wide td:nth-child(6) { overflow-wrap: normal; }
thead th { white-space: nowrap; color: var(--soft); font-weight: 600; }
tbody th { font-weight: 600; width: 13em; }
.wide td { min-width: 4em; }
figure { margin: 0; } figcaption { font-size: 13.5px; color: var(--soft); margin-top: 4px; }
figure svg { width: 100%; height: auto; border: 1px solid var(--line); border-radius: 6px; }
iframe { width: 100%; height: 640px; border: 1px solid var(--line); border-radius: 6px; }
.print { display: none; }
blockquote { margin: 10px 0 2px; padding: 8px 14px; background: var(--quote);
  border-left: 3px solid var(--link); border-radius: 0 6px 6px 0; overflow-wrap: anywhere;
  white-space: pre-line; }
@media print { :root { color-scheme: light; --ink: #000; --soft: #444; --line: #bbb; --paper: #fff;
  --link: #000; --trigger: #eee; --place: #eee; --quote: #fff; }
  body { padding: 0; max-width: none; font-size: 11pt; } .screen { display: none; }
  .print { display: block; } h2, h3 { break-after: avoid; }
  tr, blockquote, figure { break-inside: avoid; } table { font-size: 9pt; } }
"""
_HASHES = re.compile(r"script-src ((?:'sha256-[A-Za-z0-9+/=]+' ?)+)")
_KINDS = {"strong": "strong", "soft": "small"}


def to_html(blocks: Sequence[Block]) -> str:
    """Return a report as a page.

    Parameters
    ----------
    blocks
        What it consists of; the first is its title.

    Returns
    -------
    str
        A page with its own content security policy, which its map inherits.
    """
    first = blocks[0]
    title = first.text if isinstance(first, Heading) else "Report"
    pages = [block.page for block in blocks if isinstance(block, Image) and block.page]
    head = element(
        "head",
        {},
        element("meta", {"charset": "utf-8"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": _policy(pages)}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("meta", {"name": "referrer", "content": "no-referrer"}),
        element("title", {}, title),
        Element(f"<style>{_STYLE}</style>"),
    )
    main = element("main", {}, *(_block(block) for block in blocks))
    body = element("html", {"lang": "en"}, head, element("body", {}, main))
    return f"<!DOCTYPE html>\n{body}\n"


def _policy(pages: Sequence[str]) -> str:
    """Return the policy: the scripts of the maps, which a frame within inherits, and no others."""
    hashes = [found[1].strip() for page in pages if (found := _HASHES.search(page))]
    scripts = f"script-src {' '.join(hashes)}; " if hashes else ""
    return (
        f"default-src 'none'; {scripts}style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _block(block: Block) -> Element:
    if isinstance(block, Heading):
        return element(f"h{block.level}", {"id": block.anchor or None, "dir": "auto"}, block.text)
    if isinstance(block, Paragraph):
        return element("p", {"dir": "auto"}, *_inline(block.pieces))
    if isinstance(block, Quote):
        attributes = {"dir": "auto", "lang": block.language or None}
        return element("blockquote", attributes, *_inline(block.pieces))
    if isinstance(block, Bullets):
        return element("ul", {}, *(element("li", {}, *_inline(item)) for item in block.items))
    if isinstance(block, Table):
        return _table(block)
    return _figure(block)


def _inline(pieces: Sequence[Piece]) -> list[Element]:
    return [_piece(piece) for piece in pieces]


def _piece(piece: Piece) -> Element:
    if piece.kind == "link":
        attributes = {"href": piece.target, "rel": "noopener noreferrer"}
        return element("a", attributes, element("bdi", {}, piece.text))
    if piece.kind == "ref":
        return element("a", {"href": f"#{piece.target}"}, piece.text)
    if piece.kind in {"trigger", "place"}:
        return element("mark", {"class": piece.kind}, piece.text)
    return element(_KINDS.get(piece.kind, "span"), {}, piece.text)


def _table(table: Table) -> Element:
    rows = []
    for row in table.rows:
        cells = [element("td", {"dir": "auto"}, *_inline(cell)) for cell in row]
        if not table.head:
            cells[0] = element("th", {"scope": "row"}, *_inline(row[0]))
        rows.append(element("tr", {}, *cells))
    body = element("tbody", {}, *rows)
    if not table.head:
        return element("table", {}, body)
    names = (element("th", {"scope": "col"}, name) for name in table.head)
    head = element("thead", {}, element("tr", {}, *names))
    # What scrolls can be reached by the keyboard.
    box = {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": "Table of incidents"}
    return element("div", box, element("table", {"class": "wide"}, head, body))


def _figure(image: Image) -> Element:
    still = Element(image.picture.svg)
    caption = element("figcaption", {}, image.caption)
    if image.page is None:
        return element("figure", {}, still, caption)
    live = element("div", {"class": "screen"}, framed(image.page, "640px", "Map of incidents"))
    return element("figure", {}, live, element("div", {"class": "print"}, still), caption)

"""The blocks of a report -> Markdown that reads the same in CommonMark, GitHub, pandoc and MkDocs.

Signs that any of them takes for markup are written as numbers, so that text stays text: a backslash
is understood by some and shown by others.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geomap.elements import plain
from geomap.report.blocks import Bullets, Heading, Image, Paragraph, Quote, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geomap.report.blocks import Block, Piece

__all__ = ["escaped", "to_markdown"]

# Markup, HTML, mathematics, short codes of generators, mentions and numbers of issues.
_SIGNS = re.compile(r"[\\`*_{}\[\]<>&#|~$!^@=]")
# What links by itself, what is a smiley's code, and what begins a list at the start of a line.
_LINKS = re.compile(r"(?<=\w):(?=//)|(?<=\bwww)\.|(?<=mailto):|:(?=[a-z0-9_+-]+:)", re.IGNORECASE)
_STARTS = re.compile(r"^(?:[-+:]|\d+(?=[.)]))")
_WRAPS = {"strong": "**", "trigger": "**", "place": "*", "soft": ""}


def escaped(text: str) -> str:
    """Return a text as Markdown in one line that shows it as it is.

    Parameters
    ----------
    text
        Any text; line breaks become blanks.

    Returns
    -------
    str
        Nothing in it is markup, at the start of a line or within one.
    """
    line = " ".join(plain(text).split())
    line = _SIGNS.sub(_number, line)
    line = _LINKS.sub(_number, line)
    return _STARTS.sub(lambda found: "".join(f"&#{ord(sign)};" for sign in found[0]), line)


def _number(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"


def to_markdown(blocks: Sequence[Block], pictures: Mapping[str, str]) -> str:
    """Return a report as Markdown.

    Parameters
    ----------
    blocks
        What it consists of.
    pictures
        The address of each picture by its name.

    Returns
    -------
    str
        Ends with a line break.
    """
    return "\n\n".join(filter(None, (_block(block, pictures) for block in blocks))) + "\n"


def _block(block: Block, pictures: Mapping[str, str]) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {escaped(block.text)}"
    if isinstance(block, Paragraph):
        return _inline(block.pieces)
    if isinstance(block, Quote):
        return f"> {_inline(block.pieces)}"
    if isinstance(block, Image):
        alt = escaped(block.picture.alt)
        return f"![{alt}]({pictures[block.name]})\n\n{escaped(block.caption)}"
    if isinstance(block, Bullets):
        return "\n".join(f"- {_inline(item)}" for item in block.items)
    return _table(block)


def _inline(pieces: Sequence[Piece]) -> str:
    return "".join(map(_piece, pieces)).strip()


def _piece(piece: Piece) -> str:
    words = escaped(piece.text)
    if not words:
        return " " if piece.text else ""
    if piece.kind == "link":
        return f"[{words}](<{piece.target}>)"
    sign = _WRAPS.get(piece.kind, "")
    # Blanks stand outside of the emphasis, else it would be none.
    before = " " if piece.text[:1].isspace() else ""
    after = " " if piece.text[-1:].isspace() else ""
    return f"{before}{sign}{words}{sign}{after}"


def _table(table: Table) -> str:
    head = table.head or [""] * (len(table.rows[0]) if table.rows else 1)
    lines = [_cells([escaped(name) for name in head]), _cells(["---"] * len(head))]
    lines += [_cells([_inline(cell) for cell in row]) for row in table.rows]
    return "\n".join(lines)


def _cells(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"

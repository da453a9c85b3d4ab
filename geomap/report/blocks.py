"""What a report consists of, whatever file it becomes: blocks of pieces of text, and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.maps.still import StaticMap

__all__ = ["Block", "Bullets", "Heading", "Image", "Paragraph", "Piece", "Quote", "Table", "text"]


class Piece(NamedTuple):
    """A stretch of text: text, strong, soft, trigger, place, link, or ref (to a part of the page).

    `target` is the address of a link, or the anchor of a ref.
    """

    kind: str
    text: str
    target: str = ""


Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title, and `anchor` what refs lead to."""

    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    pieces: Pieces


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim quote, and the language it is in where that is known."""

    pieces: Pieces
    language: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: Sequence[Pieces]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `head` may be empty, then the first column names the rows."""

    head: Sequence[str]
    rows: Sequence[Sequence[Pieces]]


@dataclass(frozen=True, slots=True)
class Image:
    """A picture; where the file can hold it, the page stands in its place on the screen."""

    name: str
    picture: StaticMap
    caption: str
    page: str | None = None


Block = Heading | Paragraph | Quote | Bullets | Table | Image


def text(words: str, kind: str = "text") -> Pieces:
    """Return some words as one piece."""
    return (Piece(kind, words),)

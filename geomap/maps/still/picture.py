"""What a still picture consists of: shapes and lines of text, in pixels from its upper left corner.

A picture is the same whatever writes it: SVG, PNG or PDF.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    Point = tuple[float, float]

__all__ = ["FONT", "Anchor", "Disc", "Figure", "Item", "Path", "Picture", "Text", "width_of"]

# What readers have, and last what every system maps to something.
FONT = "Helvetica Neue, Helvetica, Arial, Noto Sans, DejaVu Sans, sans-serif"
Anchor = Literal["start", "middle", "end"]

# Shares of the font's size, of Helvetica and its like; room for a label need not be exact.
_NARROW, _WIDE = frozenset("iljI.,;:'|!()[] ft·"), frozenset("mwMW@%—")
_NARROW_WIDTH, _WIDE_WIDTH, _CAPITAL_WIDTH, _WIDTH, _BOLD = 0.30, 0.86, 0.68, 0.55, 1.07
# Scripts whose letters are as wide as high begin here.
_SQUARE_FROM = "\u2e80"


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """Lines, or closed shapes whose overlaps are holes."""

    lines: Sequence[Sequence[Point]]
    closed: bool = True
    fill: str | None = None
    opacity: float = 1.0
    hatched: bool = False
    stroke: str | None = None
    width: float = 1.0
    dash: tuple[float, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disc:
    """A circle."""

    x: float
    y: float
    radius: float
    fill: str
    stroke: str | None = None
    width: float = 1.0
    dash: tuple[float, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A line of text; `y` is its base line."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    anchor: Anchor = "start"
    bold: bool = False
    halo: bool = False
    spacing: float = 0.0


Item = Path | Disc | Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A part of a picture that nothing sticks out of: left, top, width and height, and items."""

    box: tuple[float, float, float, float]
    items: Sequence[Item]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture with its name and its description in words."""

    width: float
    height: float
    title: str
    description: str
    figure: Figure
    items: Sequence[Item]


def width_of(text: str, size: float, *, bold: bool = False, spacing: float = 0.0) -> float:
    """Return about how wide a line of text is, in pixels; 0 for an empty one."""
    total = 0.0
    for sign in text:
        if sign in _NARROW:
            total += _NARROW_WIDTH
        elif sign in _WIDE:
            total += _WIDE_WIDTH
        elif sign >= _SQUARE_FROM:
            total += 1.0
        else:
            total += _CAPITAL_WIDTH if sign.isupper() else _WIDTH
    return size * total * (_BOLD if bold else 1.0) + spacing * len(text)

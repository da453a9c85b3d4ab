"""The symbols of the map on the web, drawn for a still picture."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from geomap.maps.still.picture import Disc, Path, Text, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geomap.maps.layers import Group
    from geomap.maps.still.picture import Item, Point

__all__ = ["INK", "badge", "symbol", "wheel"]

INK = "#1d1d1d"
_PLUS = (
    (-0.36, -1), (0.36, -1), (0.36, -0.36), (1, -0.36), (1, 0.36), (0.36, 0.36),
    (0.36, 1), (-0.36, 1), (-0.36, 0.36), (-1, 0.36), (-1, -0.36), (-0.36, -0.36),
)  # fmt: skip
_DASHES: dict[str, tuple[float, ...]] = {
    "planned": (3.0, 2.2),
    "threatened": (3.0, 2.2),
    "denied": (1.2, 2.0),
    "hypothetical": (1.2, 2.0),
}
_BADGE_SIZE = 10.0
_WHEEL_CORNERS = 48


class _Pen(NamedTuple):
    """How a symbol is drawn."""

    fill: str
    stroke: str
    width: float
    dash: tuple[float, ...] = ()


def _corners(count: int, turn: float, inner: float = 1.0) -> list[Point]:
    """Return the corners of a star; every second one lies at `inner`."""
    return [
        (
            math.sin(turn + 2 * math.pi * i / count) * (inner if i % 2 else 1.0),
            -math.cos(turn + 2 * math.pi * i / count) * (inner if i % 2 else 1.0),
        )
        for i in range(count)
    ]


def _sized(points: Sequence[Point], scale: float, down: float = 0.0) -> tuple[Point, ...]:
    return tuple((x * scale, y * scale + down) for x, y in points)


_SHAPES: dict[str, tuple[Point, ...]] = {
    "diamond": _sized(_corners(4, 0), 1.15),
    "burst": _sized(_corners(16, 0, 0.62), 1.25),
    "triangle": _sized(_corners(3, 0), 1.2, 0.2),
    "square": _sized(_corners(4, math.pi / 4), 1.2),
    "pentagon": _sized(_corners(5, 0), 1.1),
    "hexagon": _sized(_corners(6, math.pi / 6), 1.05),
    "plus": _PLUS,
    "drop": _sized(_corners(3, math.pi), 1.2, -0.2),
    "bar": ((-1.1, -0.55), (1.1, -0.55), (1.1, 0.55), (-1.1, 0.55)),
}


def symbol(
    group: Group, status: str, at: Point, radius: float = 6.5, *, title: str = ""
) -> Iterator[Item]:
    """Yield a layer's symbol: filled for what is told as fact, hollow else, dashed for the future.

    Parameters
    ----------
    group
        The layer.
    status
        A status of events.
    at
        Its middle, pixels.
    radius
        Its size, pixels.
    title
        What a reader's pointer sees; empty for nothing.
    """
    yield _outline(group.shape, at, radius, _Pen("#fff", "#fff", 5.0))
    if status == "asserted":
        yield _outline(group.shape, at, radius, _Pen(group.colour, INK, 1.0), title)
        if group.shape == "ring":
            inner = _Pen(group.colour, "#fff", 1.6)
            yield _outline("ring", at, radius * 0.5, inner)
        return
    dash = _DASHES.get(status, ())
    yield _outline(group.shape, at, radius, _Pen("#fff", INK, 3.6, dash))
    yield _outline(group.shape, at, radius, _Pen("#fff", group.colour, 2.3, dash), title)


def _outline(shape: str, at: Point, radius: float, pen: _Pen, title: str = "") -> Item:
    x, y = at
    fill, stroke, width, dash = pen
    if shape == "ring":
        return Disc(
            x=x, y=y, radius=radius, fill=fill, stroke=stroke, width=width, dash=dash, title=title
        )
    corners = [(x + dx * radius, y + dy * radius) for dx, dy in _SHAPES[shape]]
    return Path(lines=[corners], fill=fill, stroke=stroke, width=width, dash=dash, title=title)


def wheel(
    shares: Sequence[tuple[str, int]], at: Point, radius: float, *, title: str = ""
) -> Iterator[Item]:
    """Yield a wheel of colours by their counts, with the whole number in its middle."""
    total = sum(count for _, count in shares)
    yield Disc(x=at[0], y=at[1], radius=radius + 1.5, fill="#fff")
    turned = 0.0
    for colour, count in shares:
        turn = 2 * math.pi * count / total
        yield Path(lines=[_slice(at, radius, turned, turn)], fill=colour)
        turned += turn
    yield Disc(x=at[0], y=at[1], radius=radius * 0.64, fill="#fff", title=title)
    text = f"{total:,}"
    size = min(11.0, 1.3 * radius / width_of(text, 1.0, bold=True))
    yield Text(
        x=at[0], y=at[1] + 0.36 * size, text=text, size=size, colour=INK,
        anchor="middle", bold=True,
    )  # fmt: skip


def _slice(at: Point, radius: float, start: float, turn: float) -> list[Point]:
    steps = max(2, math.ceil(_WHEEL_CORNERS * turn / (2 * math.pi)))
    angles = [start + turn * step / steps for step in range(steps + 1)]
    return [at, *((at[0] + math.sin(a) * radius, at[1] - math.cos(a) * radius) for a in angles)]


def badge(count: int, at: Point) -> Iterator[Item]:
    """Yield a number on a dark plate: how many incidents a symbol stands for."""
    text = f"{count:,}"
    half = max(7.0, width_of(text, _BADGE_SIZE, bold=True) / 2 + 4)
    ends = [(at[0] - half + 7, math.pi), (at[0] + half - 7, 0.0)]
    corners = [
        (
            x + 7 * math.sin(turn + step * math.pi / 8),
            at[1] - 7 * math.cos(turn + step * math.pi / 8),
        )
        for x, turn in ends
        for step in range(9)
    ]
    yield Path(lines=[corners], fill=INK, stroke="#fff", width=1.5)
    yield Text(
        x=at[0], y=at[1] + 3.6, text=text, size=_BADGE_SIZE, colour="#fff", anchor="middle",
        bold=True,
    )  # fmt: skip

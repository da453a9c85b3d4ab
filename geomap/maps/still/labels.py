"""Names on a still map, the weightiest first, none over another or over a symbol."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geomap.elements import clipped
from geomap.maps.still.picture import Disc, Text, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from geomap.maps.still.ground import Frame
    from geomap.maps.still.picture import Anchor, Item, Point

    Box = tuple[float, float, float, float]

__all__ = ["Room", "labels"]

_CITY, _COUNTRY, _EVENT = "#4c4a46", "#625b4f", "#1d1d1d"
_SIZE, _EVENT_SIZE = 11.0, 12.0
# Beyond this a name is no name.
_LONGEST = 40
# More names make a map that nobody reads.
_MOST = 45
# Pixels that stay free around the name of a town that nothing happened in.
_AIR = 9.0
# The share of a name's width that stands before its anchor.
_BEFORE: dict[Anchor, float] = {"start": 0.0, "middle": 0.5, "end": 1.0}
# The share of its country's width that a name may take.
_COUNTRY_SHARE = 0.75


@dataclass(slots=True)
class Room:
    """What of a frame is taken already."""

    frame: Frame
    taken: list[Box] = field(default_factory=list)

    def take(self, box: Box) -> None:
        """Keep everything else out of a box: left, top, right, bottom."""
        self.taken.append(box)

    def fits(self, box: Box) -> bool:
        """Tell whether a box lies in the frame and meets nothing."""
        left, top, right, bottom = box
        frame = self.frame
        if left < frame.left + 3 or right > frame.left + frame.width - 3:
            return False
        if top < frame.top + 3 or bottom > frame.top + frame.height - 3:
            return False
        return not any(
            left < other[2] and right > other[0] and top < other[3] and bottom > other[1]
            for other in self.taken
        )


def labels(
    room: Room, events: Sequence[tuple[str, Point, float]], basemap: dict[str, Any]
) -> Iterator[Item]:
    """Yield the names of places where something happened, then of countries, then of towns.

    Parameters
    ----------
    room
        What the symbols have taken.
    events
        Name, pixel and radius of each symbol, the weightiest first.
    basemap
        What `build_basemap` returned.
    """
    written = set()
    for name, at, radius in events[:_MOST]:
        label = _beside(room, clipped(name, _LONGEST), at, radius, bold=True)
        if label:
            written.add(name)
            yield label
    yield from _countries(room, basemap.get("countries", ()))
    yield from _towns(room, basemap.get("cities", ()), written, _MOST - len(written))


def _beside(
    room: Room, name: str, at: Point, radius: float, *, bold: bool, air: float = 0.0
) -> Text | None:
    """Return a name beside a point, at the first of six places that is free."""
    size = _EVENT_SIZE if bold else _SIZE
    width, (x, y), gap = width_of(name, size, bold=bold), at, radius + 4
    middle, up, down = y + 0.36 * size, y - gap, y + gap + 0.7 * size
    colour = _EVENT if bold else _CITY
    tries: tuple[tuple[Anchor, float, float], ...] = (
        ("start", x + gap, middle), ("end", x - gap, middle), ("start", x + 0.7 * gap, up),
        ("start", x + 0.7 * gap, down), ("middle", x, up - 2), ("middle", x, down + 2),
    )  # fmt: skip
    for anchor, start, base in tries:
        left = start - width * _BEFORE[anchor]
        box = (left - 1, base - 0.8 * size, left + width + 1, base + 0.25 * size)
        if room.fits((box[0] - air, box[1] - air, box[2] + air, box[3] + air)):
            room.take(box)
            return Text(
                x=start, y=base, text=name, size=size, colour=colour, anchor=anchor, bold=bold,
                halo=True,
            )  # fmt: skip
    return None


def _countries(room: Room, rows: Sequence[Any]) -> Iterator[Item]:
    for name, lat, lon, degrees, _code in rows:
        x, y = room.frame.at(lat, lon)
        text = name.upper()
        half = width_of(text, _SIZE, bold=True, spacing=2.0) / 2
        box = (x - half, y - 9, x + half, y + 7)
        across = degrees * room.frame.wide * room.frame.scale
        if 2 * half <= _COUNTRY_SHARE * across and room.fits(box):
            room.take(box)
            yield Text(
                x=x, y=y + 4, text=text, size=_SIZE, colour=_COUNTRY, anchor="middle", bold=True,
                halo=True, spacing=2.0,
            )  # fmt: skip


def _towns(room: Room, rows: Sequence[Any], written: set[str], most: int) -> Iterator[Item]:
    for name, lat, lon, capital in rows:
        if most <= 0:
            return
        x, y = room.frame.at(lat, lon)
        radius = 2.4 if capital else 1.7
        dot = (x - radius, y - radius, x + radius, y + radius)
        if name in written or not room.fits(dot):
            continue
        label = _beside(room, name, (x, y), radius, bold=False, air=_AIR)
        if label:
            room.take(dot)
            most -= 1
            yield Disc(x=x, y=y, radius=radius, fill=_CITY)
            yield label

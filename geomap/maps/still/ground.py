"""The ground of a still map: where the frame lies, what projects into it, land and borders."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geomap.maps.basemap import SCALE, WORLD_SCALE
from geomap.maps.still.picture import Path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geomap.maps.still.picture import Item, Point

__all__ = ["SEA", "Frame", "area", "frame_around", "ground"]

LAND, SEA, FAINT, RIVER = "#f4f1ea", "#d3e0e8", "#cfc8ba", "#a9c6d6"
_LINES: tuple[tuple[str, str, float, tuple[float, ...]], ...] = (
    ("rivers", RIVER, 0.9, ()),
    ("provinces", "#c9c2b4", 0.9, (3.0, 3.0)),
    ("coast", "#a9bcc8", 0.9, ()),
    ("borders", "#8a8177", 1.3, ()),
    ("disputed", "#b4553c", 1.5, (2.0, 3.0)),
)
# Around the data an eighth of their size; closer than 100 km from top to bottom, the basemap
# would show nothing but corners.
_MARGIN, _LEAST_HEIGHT = 0.12, 0.9
# Broader than high, as pages are; a map of the world may be broader.
_NARROWEST, _WIDEST = 1.3, 2.4
_WHOLE_WORLD = (-180.0, -58.0, 180.0, 80.0)
# Beyond it a degree of longitude is too short to draw a map by.
_LAST_LAT = 80.0
_TURN = 360.0
# Pixels: what a printed page does not show.
_TOLERANCE, _SHORTEST = 0.45, 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A stretch of the Earth drawn with degrees of its middle latitude, so that scale holds there.

    `west` and `north` are degrees; `wide` is what a degree of longitude has of one of latitude;
    `scale` is pixels in a degree of latitude; `left`, `top`, `width` and `height` are pixels.
    """

    west: float
    north: float
    wide: float
    scale: float
    left: float
    top: float
    width: float
    height: float

    def at(self, lat: float, lon: float) -> Point:
        """Return where a position lies, in the copy of the world that the frame shows."""
        middle = self.west + self.width / self.scale / self.wide / 2
        lon -= _TURN * round((lon - middle) / _TURN)
        return self.x(lon), self.y(lat)

    def x(self, lon: float) -> float:
        """Return the pixel of a longitude, without turns."""
        return self.left + (lon - self.west) * self.wide * self.scale

    def y(self, lat: float) -> float:
        """Return the pixel of a latitude."""
        return self.top + (self.north - lat) * self.scale

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a pixel lies in the frame."""
        inside = self.left <= x <= self.left + self.width
        return inside and self.top <= y <= self.top + self.height


def frame_around(bounds: Sequence[float] | None, width: float, top: float) -> Frame:
    """Return the frame for data within some bounds.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees, the east above 180 for data across the antimeridian;
        None for the whole world.
    width
        Pixels.
    top
        Pixels above the frame.

    Returns
    -------
    Frame
        Its height follows from the shape of the data.
    """
    west, south, east, north = bounds or _WHOLE_WORLD
    middle = (south + north) / 2
    wide = math.cos(math.radians(min(abs(middle), _LAST_LAT)))
    across, high = (east - west) * wide, north - south
    if bounds:
        margin = _MARGIN * max(across, high)
        high = max(high + 2 * margin, _LEAST_HEIGHT)
        across = max(across + 2 * margin, _LEAST_HEIGHT)
    across = max(across, _NARROWEST * high)
    high = max(high, across / _WIDEST)
    if across / wide > _TURN:
        across = _TURN * wide
        high = min(high, across / _NARROWEST)
    scale = width / across
    return Frame(
        west=(west + east) / 2 - across / wide / 2,
        north=min(middle + high / 2, 90.0),
        wide=wide,
        scale=scale,
        left=0.0,
        top=top,
        width=width,
        height=high * scale,
    )


def ground(frame: Frame, basemap: dict[str, Any]) -> Iterator[Item]:
    """Yield the land, and over its detailed part coasts, provinces and borders.

    Parameters
    ----------
    frame
        Where to draw.
    basemap
        What `build_basemap` returned; an empty one gives the sea alone.
    """
    yield _box(frame, SEA)
    for turn in () if _is_covered(frame, basemap) else (-_TURN, 0.0, _TURN):
        world = _areas(basemap.get("world", ()), WORLD_SCALE, frame, turn)
        yield from _filled(world, LAND, stroke=FAINT)
        waters = _areas(basemap.get("waters", ()), WORLD_SCALE, frame, turn)
        yield from _filled(waters, SEA, stroke=FAINT)
    if "extent" not in basemap:
        return
    west, south, east, north = basemap["extent"]
    corners = [
        (frame.x(lon), frame.y(lat))
        for lon, lat in ((west, north), (east, north), (east, south), (west, south))
    ]
    if not _is_covered(frame, basemap):
        yield Path(lines=[corners], fill=SEA)
    yield from _filled(_areas(basemap["land"], SCALE, frame, 0.0), LAND, stroke=LAND)
    lakes = _areas(basemap["lakes"], SCALE, frame, 0.0)
    for key, colour, width, dash in _LINES:
        lines = _clipped(_strings(basemap.get(key, ()), frame), frame)
        points = [line for line in map(_points, lines) if len(line) > 1]
        if points:
            yield Path(lines=points, closed=False, stroke=colour, width=width, dash=dash)
        if key == "rivers":
            yield from _filled(lakes, SEA, stroke=RIVER)


def area(frame: Frame, polygons: Sequence[Any]) -> list[list[Point]]:
    """Return the outline of an area of the scene's, within the frame."""
    shapes = [_polygon(rings, SCALE, frame, None) for rings in polygons]
    return [ring for shape in _clipped(shapes, frame) for ring in _rings(shape)]


def _is_covered(frame: Frame, basemap: dict[str, Any]) -> bool:
    """Tell whether the detailed part of a basemap fills the frame."""
    if "extent" not in basemap:
        return False
    west, south, east, north = basemap["extent"]
    across = frame.x(west) <= frame.left and frame.x(east) >= frame.left + frame.width
    return across and frame.y(north) <= frame.top and frame.y(south) >= frame.top + frame.height


def _box(frame: Frame, fill: str) -> Path:
    right, bottom = frame.left + frame.width, frame.top + frame.height
    left, top = frame.left, frame.top
    return Path(lines=[[(left, top), (right, top), (right, bottom), (left, bottom)]], fill=fill)


def _filled(shapes: Sequence[Any], fill: str, stroke: str) -> Iterator[Item]:
    # One path each: where two overlap by a rounding, a common one would have a hole.
    for shape in shapes:
        if rings := _rings(shape):
            yield Path(lines=rings, fill=fill, stroke=stroke, width=0.8)


def _areas(polygons: Sequence[Any], scale: int, frame: Frame, turn: float) -> list[Any]:
    return _clipped([_polygon(rings, scale, frame, turn) for rings in polygons], frame)


def _polygon(rings: Sequence[Any], scale: int, frame: Frame, turn: float | None) -> Any:  # noqa: ANN401 - shapely's
    """Return a polygon of steps in pixels; without a turn it goes where most of it is seen."""
    import shapely

    outer, *holes = [_degrees(ring, scale) for ring in rings]
    if turn is None:
        middle = frame.west + frame.width / frame.scale / frame.wide / 2
        turn = -_TURN * round((float(outer[:, 0].mean()) - middle) / _TURN)
    pixels = [_pixels(ring, frame, turn) for ring in (outer, *holes)]
    return shapely.Polygon(pixels[0], pixels[1:])


def _strings(lines: Sequence[Any], frame: Frame) -> list[Any]:
    import shapely

    return [shapely.LineString(_pixels(_degrees(line, SCALE), frame, 0.0)) for line in lines]


def _degrees(steps: Sequence[int], scale: int) -> Any:  # noqa: ANN401 - a numpy array
    import numpy as np

    return np.cumsum(np.array(steps, dtype=float).reshape(-1, 2), axis=0) / scale


def _pixels(degrees: Any, frame: Frame, turn: float) -> Any:  # noqa: ANN401 - as above
    import numpy as np

    return np.column_stack([frame.x(degrees[:, 0] + turn), frame.y(degrees[:, 1])])


def _clipped(shapes: list[Any], frame: Frame) -> list[Any]:
    """Return the parts of shapes in pixels within the frame and a little around it."""
    import numpy as np
    import shapely

    if not shapes:
        return []
    box = (
        frame.left - 3, frame.top - 3, frame.left + frame.width + 3, frame.top + frame.height + 3,
    )  # fmt: skip
    given = np.array(shapes, dtype=object)
    near = given[shapely.intersects(shapely.envelope(given), shapely.box(*box))]
    # Rounding may have let rings cross themselves.
    cut = shapely.clip_by_rect(shapely.make_valid(near), *box)
    simple = shapely.simplify(cut, _TOLERANCE)
    parts = shapely.get_parts(shapely.get_parts(simple))
    # A line is as long as the outline of what it bounds: both go where that is below a pixel.
    kept: list[Any] = parts[shapely.length(parts) > _SHORTEST].tolist()
    return kept


def _rings(shape: Any) -> list[list[Point]]:  # noqa: ANN401 - shapely's
    if shape.geom_type != "Polygon":
        return []
    return [_points(ring)[:-1] for ring in (shape.exterior, *shape.interiors)]


def _points(line: Any) -> list[Point]:  # noqa: ANN401 - shapely's
    import shapely

    return [(x, y) for x, y in shapely.get_coordinates(line).tolist()]

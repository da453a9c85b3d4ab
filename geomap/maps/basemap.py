"""The vector basemap: countries, provinces and towns around the data, and a coarse world.

Everything is clipped to the neighbourhood of the data and written as whole numbers, each ring as
its first point and then steps, so that a page carries some 100 kB and needs no tile server.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shapely.geometry.base import BaseGeometry

    from geomap.model import Place

__all__ = [
    "SCALE",
    "WORLD_SCALE",
    "Atlas",
    "Outline",
    "build_basemap",
    "encode_polygon",
    "label_point",
]

# Steps in a degree: 0.001 is 110 m, below one pixel at zoom 9; the world overview needs 5 km.
SCALE, WORLD_SCALE = 1000, 20
# Around the data as much again as they span, at least this many degrees: the first pan stays on
# the detailed map. A screen is about twice as wide as high.
_MARGIN, _MIN_MARGIN, _ASPECT = 0.6, 5.0, 1.8
# Web Mercator ends at 85.05 degrees.
_WORLD = (-180.0, -85.0, 180.0, 85.0)
# A detail below a pixel at the first view shows nothing: 1/2000 of the extent's width; provinces
# are drawn fainter and half as fine.
_PIXELS = 2000
# Beyond this many numbers a basemap takes more than about 300 kB: simplify twice as much.
_MOST_NUMBERS, _ATTEMPTS = 60_000, 4
# Degrees: lines of provinces on a wider map would cover it.
_PROVINCES_BELOW = 75.0
_MOST_CITIES = 500
# Degrees and square degrees: what a coarse world drops.
_WORLD_TOLERANCE, _WORLD_ISLAND = 0.2, 0.1

Box = tuple[float, float, float, float]
Edge = tuple[tuple[int, int], tuple[int, int]]


class Outline(Protocol):
    """A country or first-level unit: what the basemap needs of one."""

    @property
    def country(self) -> str | None:
        """ISO alpha-2 code."""

    @property
    def name(self) -> str:
        """English name."""

    @property
    def wkb(self) -> bytes:
        """Polygon as WKB, x = longitude and y = latitude in degrees."""


class Atlas(Protocol):
    """The part of `geomap.Gazetteer` that maps are drawn from."""

    def shapes(self, kind: Literal["country", "admin1"]) -> Sequence[Outline]:
        """Return all outlines of a kind."""

    def cities(
        self, west: float, south: float, east: float, north: float, *, limit: int
    ) -> Sequence[Place]:
        """Return the towns of a box, the most important first."""

    def geometry(self, place: Place) -> BaseGeometry | None:
        """Return a place's polygon, or None."""

    def country(self, code: str) -> Place | None:
        """Return the country of an ISO alpha-2 code, or None."""


def build_basemap(atlas: Atlas | None, bounds: Sequence[float] | None) -> dict[str, Any]:
    """Return the basemap for data within some bounds.

    Parameters
    ----------
    atlas
        Where outlines and towns come from; without one the map has a plain ground.
    bounds
        West, south, east, north of the data in degrees; None gives the world alone.

    Returns
    -------
    dict
        JSON values: `world` and `land` (lists of polygons, each a list of rings), `coast`,
        `borders`, `provinces` (lists of lines), `cities` and `countries` (labels), `extent`.
        Rings and lines are whole numbers x, y, then steps, in 1/`SCALE` degrees; those of the
        world in 1/`WORLD_SCALE`.
    """
    if atlas is None:
        return {}
    import shapely

    outlines = atlas.shapes("country")
    shapes = shapely.from_wkb([outline.wkb for outline in outlines])
    basemap: dict[str, Any] = {
        "world": _coarse_world(shapes),
        "countries": _names(outlines, shapes),
    }
    if bounds is None:
        return basemap
    extent = _extent(bounds)
    provinces = shapely.from_wkb([outline.wkb for outline in atlas.shapes("admin1")])
    cities = [
        [city.name, city.lat, city.lon, int(city.feature == "PPLC")]
        for city in atlas.cities(*extent, limit=_MOST_CITIES)
    ]
    return basemap | {"extent": list(extent), "cities": cities} | _detail(shapes, provinces, extent)


def encode_polygon(geometry: BaseGeometry) -> list[list[list[int]]]:
    """Return a polygon as lists of rings of whole numbers, simplified to a pixel or so.

    Parameters
    ----------
    geometry
        A polygon or several, longitude and latitude in degrees; other parts are left out.

    Returns
    -------
    list
        A list of rings for each polygon, the outer ring first.
    """
    west, _, east, _ = geometry.bounds
    tolerance = max((east - west) / _PIXELS, 1 / SCALE)
    return _polygons([geometry.simplify(tolerance)], SCALE)


def label_point(geometry: BaseGeometry) -> tuple[float, float]:
    """Return the place for a polygon's label: longitude and latitude of its widest inside."""
    import shapely

    largest = max(shapely.get_parts(geometry), key=shapely.area)
    west, south, east, north = largest.bounds
    # A label is wider than this share of any outline that it fits in.
    close = max(east - west, north - south) / 50
    circle = shapely.maximum_inscribed_circle(largest.simplify(close), close)
    lon, lat = circle.coords[0]
    return round(lon, 4), round(lat, 4)


def _extent(bounds: Sequence[float]) -> Box:
    """Return the box that is drawn in detail, in whole degrees inside the world."""
    west, south, east, north = bounds
    # A telephone held upright shows as much above and below the data as these are wide.
    high = max(_MARGIN * (north - south), (east - west) / 2, _MIN_MARGIN)
    wide = max(_MARGIN * (east - west), _MIN_MARGIN)
    missing = _ASPECT * (north - south + 2 * high) - (east - west + 2 * wide)
    wide += max(missing, 0.0) / 2
    return (
        max(_WORLD[0], float(round(west - wide))),
        max(_WORLD[1], float(round(south - high))),
        min(_WORLD[2], float(round(east + wide))),
        min(_WORLD[3], float(round(north + high))),
    )


def _coarse_world(shapes: Any) -> list[list[list[int]]]:  # noqa: ANN401 - a numpy array
    """Return the land of the whole world, small islands left out."""
    import shapely

    parts = shapely.get_parts(shapes)
    parts = parts[shapely.area(parts) > _WORLD_ISLAND]
    flat = shapely.clip_by_rect(parts, *_WORLD)
    return _polygons(shapely.simplify(flat, _WORLD_TOLERANCE, preserve_topology=False), WORLD_SCALE)


def _names(outlines: Sequence[Outline], shapes: Any) -> list[list[Any]]:  # noqa: ANN401 - as above
    """Return name, latitude, longitude and width in degrees of each country, large ones first."""
    import shapely

    rows = []
    for outline, shape in zip(outlines, shapes, strict=True):
        largest = max(shapely.get_parts(shape), key=shapely.area)
        middle = largest.centroid if largest.contains(largest.centroid) else None
        point = middle or largest.representative_point()
        west, _, east, _ = largest.bounds
        rows.append([outline.name, round(point.y, 1), round(point.x, 1), round(east - west, 1)])
    return sorted(rows, key=lambda row: (-row[3], row[0]))


def _detail(countries: Any, provinces: Any, extent: Box) -> dict[str, Any]:  # noqa: ANN401 - as above
    """Return land, coast, borders and provinces of a box, as fine as its budget allows."""
    wide = extent[2] - extent[0]
    tolerance = max(wide / _PIXELS, 1 / SCALE)
    detail: dict[str, Any] = {}
    for _ in range(_ATTEMPTS):
        land = _covered(countries, extent, tolerance)
        once, twice = _shared_edges(land, extent)
        inner: set[Edge] = set()
        if wide < _PROVINCES_BELOW:
            _, inner = _shared_edges(_covered(provinces, extent, 2 * tolerance), extent)
        detail = {
            "land": _polygons(land, SCALE),
            "coast": _lines(once),
            "borders": _lines(twice),
            "provinces": _lines(inner - twice),
        }
        if _numbers(detail) <= _MOST_NUMBERS:
            break
        tolerance *= 2
    return detail


def _covered(shapes: Any, extent: Box, tolerance: float) -> list[BaseGeometry]:  # noqa: ANN401
    """Clip shapes to a box and simplify them so that neighbours keep a common border."""
    import shapely

    inside = shapes[shapely.intersects(shapely.box(*extent), shapely.envelope(shapes))]
    clipped = shapely.clip_by_rect(inside, *extent)
    parts = shapely.get_parts(shapely.get_parts(clipped))
    # What is smaller than two pixels square, islets and slivers of the cut, would not show.
    polygons = parts[shapely.area(parts) > 4 * tolerance**2]
    simple: list[BaseGeometry] = shapely.coverage_simplify(polygons, tolerance).tolist()
    return [shape for shape in simple if not shape.is_empty]


def _shared_edges(shapes: Iterable[BaseGeometry], extent: Box) -> tuple[set[Edge], set[Edge]]:
    """Return the edges that one shape has alone, and those that two share; none on the frame."""
    west, south, east, north = (round(side * SCALE) for side in extent)
    counted: Counter[Edge] = Counter()
    for shape in shapes:
        for rings in _polygons([shape], SCALE, steps=False):
            for ring in rings:
                points = list(zip(ring[::2], ring[1::2], strict=True))
                counted.update((a, b) if a < b else (b, a) for a, b in pairwise(points))

    def framed(edge: Edge) -> bool:
        (x0, y0), (x1, y1) = edge
        return (x0 == x1 and x0 in {west, east}) or (y0 == y1 and y0 in {south, north})

    once = {edge for edge, count in counted.items() if count == 1 and not framed(edge)}
    twice = {edge for edge, count in counted.items() if count > 1 and not framed(edge)}
    return once, twice


def _lines(edges: set[Edge]) -> list[list[int]]:
    """Join edges to lines, in an order that does not depend on the set's."""
    import shapely

    if not edges:
        return []
    merged = shapely.line_merge(shapely.multilinestrings([sorted(edges)])[0])
    lines = [line.coords for line in shapely.get_parts(merged)]
    return [_steps([(round(x), round(y)) for x, y in line]) for line in lines]


def _polygons(
    shapes: Iterable[BaseGeometry], scale: int, *, steps: bool = True
) -> list[list[list[int]]]:
    """Return the polygons among shapes and their parts as rings of whole numbers."""
    import shapely

    polygons = []
    for part in shapely.get_parts(shapely.get_parts(list(shapes))):
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        rings = [_whole(ring.coords, scale) for ring in (part.exterior, *part.interiors)]
        # A ring of fewer than three different points has no inside left at this scale.
        kept = [ring for ring in rings if len(ring) > 3]  # noqa: PLR2004 - closed: first = last
        if kept and len(rings[0]) > 3:  # noqa: PLR2004 - as above
            polygons.append([_steps(ring) if steps else _flat(ring) for ring in kept])
    return polygons


def _whole(points: Iterable[tuple[float, ...]], scale: int) -> list[tuple[int, int]]:
    """Round points to whole steps and leave out those that fall on the one before."""
    whole: list[tuple[int, int]] = []
    for point in points:
        rounded = (round(point[0] * scale), round(point[1] * scale))
        if not whole or rounded != whole[-1]:
            whole.append(rounded)
    return whole


def _flat(points: list[tuple[int, int]]) -> list[int]:
    return [number for point in points for number in point]


def _steps(points: list[tuple[int, int]]) -> list[int]:
    """Return the first point, then the step from each point to the next."""
    steps = [*points[0]]
    for (x0, y0), (x1, y1) in pairwise(points):
        steps += (x1 - x0, y1 - y0)
    return steps


def _numbers(detail: dict[str, Any]) -> int:
    """Count the numbers of a detailed map."""
    rings = [ring for rings in detail["land"] for ring in rings]
    lines = (line for key in ("coast", "borders", "provinces") for line in detail[key])
    return sum(map(len, rings)) + sum(map(len, lines))

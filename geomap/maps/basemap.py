"""The vector basemap: countries, provinces and towns around the data, and a coarse world.

Everything is clipped to the neighbourhood of the data and written as whole numbers, each ring as
its first point and then steps, so that a page carries some 100 kB and needs no tile server.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from geomap.maps.waters import read_waters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shapely.geometry.base import BaseGeometry

    from geomap.model import Place

__all__ = [
    "BORDERS",
    "SCALE",
    "WORLD_SCALE",
    "Atlas",
    "Borders",
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
_WORLD, _TURN = (-180.0, -85.0, 180.0, 85.0), 360.0
_POLYGON = 3  # the type number of GEOS
# A third of a pixel at the first view, so that two steps of the zoom show no corners; provinces
# are drawn fainter and half as fine.
_PIXELS = 4000
# Beyond this many numbers a basemap takes more than some 300 kB packed: simplify twice as much.
_MOST_NUMBERS, _ATTEMPTS = 100_000, 4
# Degrees: lines of provinces on a wider map would cover it.
_PROVINCES_BELOW, _HALF_THE_WORLD = 75.0, 150.0
_MOST_CITIES = 500
# Degrees and square degrees: what a coarse world drops.
_WORLD_TOLERANCE, _WORLD_ISLAND, _WORLD_LAKE = 0.2, 0.1, 0.5
# Of a map's width: a shorter river, or a lake of less than this squared, would be clutter.
_RIVER_SHARE, _LAKE_SHARE = 0.05, 0.004

# What the footer says of the borders, for each way to draw them.
BORDERS = {
    "de_facto": "Borders: de facto, Natural Earth; lines of control dashed; no position taken.",
    "claims": "Borders: Natural Earth; disputed borders and claims dotted; no position taken.",
    "none": "Borders not drawn.",
}
Borders = Literal["de_facto", "claims", "none"]
# General knowledge, by GeoNames id: units that somebody else than their country administers
# (Crimea, Sevastopol, Abkhazia, Transnistria), and units that a neighbour claims as well (Azad
# Kashmir, Gilgit-Baltistan, Jammu and Kashmir, Ladakh, Arunachal Pradesh, and Guyana west of the
# Essequibo).
_APART = frozenset(f"geonames:{n}" for n in (703883, 694422, 6643410, 858889))
_CLAIMED = _APART | frozenset(
    f"geonames:{n}" for n in (1184196, 1168878, 1269320, 12096464, 1278341, 3379023, 3375463)
)
# Countries whose common border one of them disputes.
_DISPUTED = frozenset(
    frozenset(pair.split())
    for pair in (
        "IN PK", "IN CN", "EH MA", "RS XK", "IL PS", "IL SY", "RU UA", "SD SS", "GY VE",
        "AM AZ", "BT CN",
    )
)  # fmt: skip

# Large odd numbers, as hash functions multiply by.
_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)

Box = tuple[float, float, float, float]


class Outline(Protocol):
    """A country or first-level unit: what the basemap needs of one."""

    @property
    def place_id(self) -> str:
        """Id of its place."""

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

    def __hash__(self) -> int: ...

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

    def names(self, place: Place, language: str | None = None) -> Sequence[object]:
        """Return what a place is called in a language, as far as that is told."""

    def label(self, place: Place, language: str) -> str:
        """Return a place's name for readers of a language."""


@dataclass(frozen=True, slots=True)
class _World:
    """What every map of an atlas shares: its polygons, one by one, and the coarse world."""

    countries: Any
    codes: Any
    provinces: Any
    units: Any
    contested: Any
    labels: list[list[Any]]
    coarse: list[list[list[int]]]
    lakes: list[list[list[int]]]


class _Edges(NamedTuple):
    """Edges of whole numbers x0, y0, x1, y1, each once, and the shapes on their two sides."""

    ends: Any
    counts: Any
    left: Any
    right: Any


@lru_cache(maxsize=2)
def _world(atlas: Atlas) -> _World:
    """Return the shared part of an atlas; reading its outlines takes longer than a map does."""
    import numpy as np
    import shapely

    outlines = atlas.shapes("country")
    shapes = shapely.from_wkb([outline.wkb for outline in outlines])
    units = atlas.shapes("admin1")
    parts, owners = shapely.get_parts(shapes, return_index=True)
    provinces, holders = shapely.get_parts(
        shapely.from_wkb([unit.wkb for unit in units]), return_index=True
    )
    ids = np.array([unit.place_id for unit in units])[holders]
    claimed = np.isin(ids, list(_CLAIMED))
    return _World(
        countries=parts,
        codes=np.array([outline.country or "" for outline in outlines])[owners],
        provinces=provinces,
        units=ids,
        contested=_meeting(shapely.bounds(provinces), claimed),
        labels=_names(outlines, shapes),
        coarse=_coarse_world(shapes, _WORLD_ISLAND),
        lakes=_coarse_world(read_waters().lakes, _WORLD_LAKE),
    )


def _meeting(boxes: Any, chosen: Any) -> Any:  # noqa: ANN401 - numpy arrays
    """Tell which boxes meet one of the chosen."""
    import numpy as np

    meeting = np.zeros(len(boxes), dtype=bool)
    for west, south, east, north in boxes[chosen]:
        meeting |= (
            (boxes[:, 0] <= east) & (boxes[:, 2] >= west)
            & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
        )  # fmt: skip
    return meeting


def build_basemap(
    atlas: Atlas | None,
    bounds: Sequence[float] | None,
    *,
    borders: Borders = "de_facto",
    language: str | None = None,
) -> dict[str, Any]:
    """Return the basemap for data within some bounds.

    Parameters
    ----------
    atlas
        Where outlines and towns come from; without one the map has a plain ground.
    bounds
        West, south, east, north of the data in degrees, the east above 180 for data across the
        antimeridian; None gives the world alone.
    borders
        Whether borders are drawn as they are administered, with the claims of others, or not.
    language
        What the names of towns and countries are written in, as far as the atlas has them; None
        for its usual names.

    Returns
    -------
    dict
        JSON values: `world`, `waters`, `land` and `lakes` (lists of polygons, each a list of
        rings), `coast`, `borders`, `disputed`, `provinces`, `rivers` (lists of lines), `cities` and
        `countries` (labels), `extent`. Rings and lines are whole numbers x, y, then steps, in
        1/`SCALE` degrees; those of `world` and its `waters` in 1/`WORLD_SCALE`.
    """
    if atlas is None:
        return {}
    world = _world(atlas)
    countries = [_translated(row, atlas, language) for row in world.labels]
    basemap: dict[str, Any] = {"world": world.coarse, "waters": world.lakes, "countries": countries}
    if bounds is None:
        return basemap
    extent = _extent(bounds)
    basemap |= {"extent": list(extent), "cities": _cities(atlas, extent, language)}
    return basemap | _detail(world, extent, borders)


def _translated(row: list[Any], atlas: Atlas, language: str | None) -> list[Any]:
    """Name a country in a language; without its code, which a browser would name it by."""
    *rest, code = row
    place = atlas.country(code) if language else None
    told = atlas.label(place, language) if place and language else row[0]
    return row if told == row[0] else [told, *rest[1:], ""]


def _cities(atlas: Atlas, extent: Box, language: str | None) -> list[list[Any]]:
    """Return name, latitude, longitude and whether it is a capital of the towns of a box."""
    found = atlas.cities(*_folded(extent), limit=_MOST_CITIES)
    # Sources give some quarters the people of the whole town.
    towns = [town for town in found if town.feature != "PPLX"]
    names = [atlas.label(town, language) if language else town.name for town in towns]
    is_foreign = language is not None and language.partition("-")[0] != "en"
    if is_foreign and towns and not any(atlas.names(town, language) for town in towns):
        warnings.warn(
            f"language: the gazetteer tells no name of these towns in {language!r}, so they keep"
            " their usual names; add some with `geomap gazetteer build` or `add`",
            UserWarning,
            stacklevel=4,
        )
    return [
        [name, town.lat, town.lon, int(town.feature == "PPLC")]
        for name, town in zip(names, towns, strict=True)
    ]


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
    """Return the box that is drawn in detail, in whole degrees; it may pass the antimeridian."""
    west, south, east, north = bounds
    # A telephone held upright shows as much above and below the data as these are wide.
    high = max(_MARGIN * (north - south), (east - west) / 2, _MIN_MARGIN)
    wide = max(_MARGIN * (east - west), _MIN_MARGIN)
    missing = _ASPECT * (north - south + 2 * high) - (east - west + 2 * wide)
    wide += max(missing, 0.0) / 2
    south, north = (
        max(_WORLD[1], float(round(south - high))),
        min(_WORLD[3], float(round(north + high))),
    )
    if east - west + 2 * wide >= _TURN:
        return _WORLD[0], south, _WORLD[2], north
    return float(round(west - wide)), south, float(round(east + wide)), north


def _folded(extent: Box) -> Box:
    """Return a box with both longitudes on the globe; west > east for one across 180 degrees."""
    west, south, east, north = extent
    if east - west >= _TURN:
        return extent
    return (west + 180) % _TURN - 180, south, (east + 180) % _TURN - 180 or 180.0, north


def _coarse_world(shapes: Any, smallest: float) -> list[list[list[int]]]:  # noqa: ANN401 - a numpy array
    """Return the land or the lakes of the whole world, small ones left out."""
    import shapely

    parts = shapely.get_parts(shapes)
    parts = parts[shapely.area(parts) > smallest]
    flat = shapely.clip_by_rect(parts, *_WORLD)
    return _polygons(shapely.simplify(flat, _WORLD_TOLERANCE, preserve_topology=False), WORLD_SCALE)


def _names(outlines: Sequence[Outline], shapes: Any) -> list[list[Any]]:  # noqa: ANN401 - as above
    """Return name, latitude, longitude, width in degrees and code of each, large ones first."""
    import shapely

    rows = []
    for outline, shape in zip(outlines, shapes, strict=True):
        largest = max(shapely.get_parts(shape), key=shapely.area)
        middle = largest.centroid if largest.contains(largest.centroid) else None
        point = middle or largest.representative_point()
        west, _, east, _ = largest.bounds
        row = [outline.name, round(point.y, 1), round(point.x, 1), round(east - west, 1)]
        rows.append([*row, outline.country or ""])
    return sorted(rows, key=lambda row: (-row[3], row[0]))


def _detail(world: _World, extent: Box, borders: Borders) -> dict[str, Any]:
    """Return land, coast, borders and provinces of a box, as fine as its budget allows."""
    wide = extent[2] - extent[0]
    # Half the world is over its budget otherwise, and would be simplified twice.
    pixels = _PIXELS if wide < _HALF_THE_WORLD else _PIXELS / 2
    tolerance = max(wide / pixels, 1 / SCALE)
    detail: dict[str, Any] = {}
    fine = wide < _PROVINCES_BELOW
    # On a wide map only the provinces that are disputed, and their neighbours, have a line.
    kept = slice(None) if fine else world.contested
    land, codes = _clipped(world.countries, world.codes, extent)
    inner, units = _clipped(world.provinces[kept], world.units[kept], extent)
    for _ in range(_ATTEMPTS):
        # Each attempt goes on from the one before: the first is by far the dearest.
        land, codes = _simplified(land, codes, tolerance)
        inner, units = _simplified(inner, units, 2 * tolerance)
        detail = {"land": _polygons(land, SCALE)} | _edges_drawn(
            _shared(land, codes, extent),
            _shared(inner, units, extent),
            borders,
            provinces=fine,
        )
        detail |= _waters(extent, tolerance)
        if _numbers(detail) <= _MOST_NUMBERS:
            break
        tolerance *= 2
    return detail


def _waters(extent: Box, tolerance: float) -> dict[str, Any]:
    """Return the lakes and rivers of a box: on a wide map only the large ones."""
    import numpy as np
    import shapely

    waters, wide = read_waters(), extent[2] - extent[0]
    long = waters.rivers[shapely.length(waters.rivers) > _RIVER_SHARE * wide]
    large = waters.lakes[shapely.area(waters.lakes) > (_LAKE_SHARE * wide) ** 2]
    lakes, _ = _clipped(large, np.arange(len(large)), extent)
    rivers, _ = _clipped(long, np.arange(len(long)), extent)
    lines = [
        np.rint(shapely.get_coordinates(line) * SCALE).astype(np.int64)
        for line in shapely.simplify(rivers, tolerance)
    ]
    return {
        "lakes": _polygons(shapely.simplify(lakes, tolerance), SCALE),
        "rivers": _stepped(lines),
    }


def _edges_drawn(
    edges: _Edges, inner: _Edges, borders: Borders, *, provinces: bool
) -> dict[str, Any]:
    """Return the lines of a map: what one shape has alone is coast, what two share a border."""
    import numpy as np

    alone, common = edges.counts == 1, (edges.counts > 1) & (edges.left != edges.right)
    drawn: dict[str, Any] = {"coast": _lines(edges.ends[alone])}
    if borders == "none":
        return drawn | {"borders": [], "disputed": [], "provinces": []}
    named = _APART if borders == "de_facto" else _CLAIMED
    # The outline of such a unit within its country.
    marked = np.isin(inner.left, list(named)) ^ np.isin(inner.right, list(named))
    within = (inner.counts > 1) & ~_among(inner.ends, edges.ends[~alone])
    disputed = [inner.ends[within & marked]]
    if borders == "claims":
        pairs = zip(edges.left.tolist(), edges.right.tolist(), strict=True)
        contested = np.array([frozenset(pair) in _DISPUTED for pair in pairs], dtype=bool)
        disputed.append(edges.ends[common & contested])
        common &= ~contested
    return drawn | {
        "borders": _lines(edges.ends[common]),
        "disputed": _lines(np.concatenate(disputed)),
        "provinces": _lines(inner.ends[within & ~marked]) if provinces else [],
    }


def _clipped(shapes: Any, owners: Any, extent: Box) -> tuple[Any, Any]:  # noqa: ANN401 - as above
    """Return the parts of polygons within a box that may pass 180 degrees, and whose each is."""
    import numpy as np
    import shapely

    found, whose = [], []
    boxes = shapely.bounds(shapes)
    for turn in (-_TURN, 0.0, _TURN):
        west, south, east, north = extent[0] - turn, extent[1], extent[2] - turn, extent[3]
        inside = (
            (boxes[:, 0] < east)
            & (boxes[:, 2] > west)
            & (boxes[:, 1] < north)
            & (boxes[:, 3] > south)
        )
        clipped = shapely.clip_by_rect(shapes[inside], west, south, east, north)
        parts, index = shapely.get_parts(clipped, return_index=True)
        if turn and len(parts):
            parts = shapely.transform(parts, partial(np.add, (turn, 0.0)))
        found.append(parts)
        whose.append(owners[inside][index])
    return np.concatenate(found), np.concatenate(whose)


def _simplified(parts: Any, owners: Any, tolerance: float) -> tuple[Any, Any]:  # noqa: ANN401
    """Simplify polygons so that neighbours keep a common border."""
    import shapely

    # What is smaller than two pixels square, islets and slivers of the cut, would not show.
    kept = (shapely.area(parts) > 4 * tolerance**2) & (shapely.get_type_id(parts) == _POLYGON)
    return shapely.coverage_simplify(parts[kept], tolerance), owners[kept]


def _shared(shapes: Any, owners: Any, extent: Box) -> _Edges:  # noqa: ANN401 - numpy arrays
    """Return the edges of polygons that tile the ground; none on the frame or on the seam."""
    import numpy as np

    rings, index = _rings(shapes, SCALE)
    if not rings:
        nothing = np.empty((0, 4), dtype=np.int64)
        return _Edges(nothing, np.empty(0, dtype=int), owners[:0], owners[:0])
    pieces = [np.hstack([ring[:-1], ring[1:]]) for ring in rings]
    ends = np.concatenate(pieces)
    sides = owners[np.repeat(index, [len(piece) for piece in pieces])]
    backwards = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
    ends[backwards] = ends[backwards][:, [2, 3, 0, 1]]
    west, south, east, north = (round(side * SCALE) for side in extent)
    seam = round(180 * SCALE)
    upright, level = ends[:, 0] == ends[:, 2], ends[:, 1] == ends[:, 3]
    framed = (upright & np.isin(ends[:, 0], (west, east, -seam, seam))) | (
        level & np.isin(ends[:, 1], (south, north))
    )
    ends, sides = ends[~framed], sides[~framed]
    order = np.lexsort(ends.T[::-1])
    ends, sides = ends[order], sides[order]
    first = np.ones(len(ends), dtype=bool)
    first[1:] = (ends[1:] != ends[:-1]).any(axis=1)
    starts = np.flatnonzero(first)
    counts = np.diff(np.append(starts, len(ends)))
    return _Edges(ends[starts], counts, sides[starts], sides[starts + counts - 1])


def _among(ends: Any, others: Any) -> Any:  # noqa: ANN401 - numpy arrays
    """Tell which edges stand among some others."""
    import numpy as np

    # One number an edge: that two of 100,000 share theirs happens once in 10^9 maps.
    factors = np.array(_FACTORS, dtype=np.uint64)
    keys, known = (edges.astype(np.uint64) @ factors for edges in (ends, others))
    return np.isin(keys, known)


def _lines(ends: Any) -> list[list[int]]:  # noqa: ANN401 - a numpy array
    """Join edges to lines."""
    import numpy as np
    import shapely

    if not len(ends):
        return []
    edges = shapely.linestrings(ends.reshape(-1, 2, 2).astype(float))
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(edges)))
    points, index = shapely.get_coordinates(merged, return_index=True)
    cuts = np.flatnonzero(np.diff(index)) + 1
    return _stepped(np.split(np.rint(points).astype(np.int64), cuts))


def _polygons(shapes: Iterable[BaseGeometry], scale: int) -> list[list[list[int]]]:
    """Return the polygons among shapes and their parts as rings of whole numbers."""
    import numpy as np
    import shapely

    parts = shapely.get_parts(shapely.get_parts(np.asarray(list(shapes), dtype=object)))
    rings, index = _rings(parts, scale)
    polygons: dict[int, list[list[int]]] = {}
    for ring, number in zip(_stepped(rings), index.tolist(), strict=True):
        polygons.setdefault(number, []).append(ring)
    return list(polygons.values())


def _rings(parts: Any, scale: int) -> tuple[list[Any], Any]:  # noqa: ANN401 - numpy arrays
    """Return the rings of polygons as whole numbers, and the number of each one's polygon.

    Points that fall on the one before are left out, and with them the rings that have no inside
    left; a polygon whose outer ring is such has none.
    """
    import numpy as np
    import shapely

    parts = np.asarray(parts, dtype=object)
    whole = np.flatnonzero((shapely.get_type_id(parts) == _POLYGON) & ~shapely.is_empty(parts))
    rings, owner = shapely.get_rings(parts[whole], return_index=True)
    points, index = shapely.get_coordinates(rings, return_index=True)
    rounded = np.rint(points * scale).astype(np.int64)
    kept = np.ones(len(rounded), dtype=bool)
    kept[1:] = (rounded[1:] != rounded[:-1]).any(axis=1) | (index[1:] != index[:-1])
    rounded, index = rounded[kept], index[kept]
    cut = np.split(rounded, np.flatnonzero(np.diff(index)) + 1) if len(rounded) else []
    out, numbers, lost, last = [], [], -1, -1
    for ring, number in zip(cut, owner.tolist(), strict=True):
        outer, last = number != last, number
        # Closed, first = last: fewer than three different points have no inside.
        if len(ring) <= 3:  # noqa: PLR2004 - as above
            lost = number if outer else lost
        elif number != lost:
            out.append(ring)
            numbers.append(int(whole[number]))
    return out, np.array(numbers, dtype=int)


def _stepped(lines: list[Any]) -> list[list[int]]:
    """Return of each line its first point, then the step from each point to the next."""
    import numpy as np

    if not lines:
        return []
    ends = np.cumsum([len(line) for line in lines])
    points = np.concatenate(lines)
    steps = np.diff(points, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    steps[ends[:-1]] = points[ends[:-1]]
    flat: list[int] = steps.ravel().tolist()
    starts = [0, *(2 * ends).tolist()]
    return [flat[start:end] for start, end in pairwise(starts)]


def _numbers(detail: dict[str, Any]) -> int:
    """Count the numbers of a detailed map."""
    rings = [ring for rings in detail["land"] for ring in rings]
    rings += [ring for rings in detail["lakes"] for ring in rings]
    keys = ("coast", "borders", "disputed", "provinces", "rivers")
    return sum(map(len, rings)) + sum(len(line) for key in keys for line in detail[key])

"""Outlines of countries and first-level units, from Natural Earth, and areas on a round Earth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from geomap.gazetteer.artefact import SHAPES, artefact_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shapely import STRtree
    from shapely.geometry import Polygon
    from shapely.geometry.base import BaseGeometry

    from geomap.model import Place

__all__ = ["Location", "Outlines", "Shape", "read_shapes", "split_at_antimeridian"]

_POLE, _ANTIMERIDIAN, _TURN = 90.0, 180.0, 360.0
_RECTANGLE_CORNERS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One outline: the id of its place, and its simplified polygon as WKB (x = lon, y = lat)."""

    place_id: str
    kind: Literal["country", "admin1"]
    country: str | None
    name: str
    wkb: bytes

    def geometry(self) -> BaseGeometry:
        """Return the polygon."""
        import shapely

        return shapely.from_wkb(self.wkb)


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """What lies at a point.

    Parameters
    ----------
    country
        The country or territory; None at sea.
    admin1
        The first-level unit; None at sea and where its outline is not known.
    nearest
        The nearest populated place.
    distance_km
        Kilometres to that place; None without one.
    """

    country: Place | None
    admin1: Place | None
    nearest: Place | None
    distance_km: float | None


def read_shapes() -> dict[str, Shape]:
    """Return all shipped outlines by the id of their place, in the file's order."""
    import pyarrow.parquet as pq

    # `read_table` would load pandas for this one small file.
    rows = pq.ParquetFile(artefact_path(SHAPES)).read().to_pylist()
    return {
        row["id"]: Shape(
            place_id=row["id"],
            kind=row["kind"],
            country=row["country"],
            name=row["name"],
            wkb=row["wkb"],
        )
        for row in rows
    }


class Outlines:
    """Outlines of one kind, to find the one that a point lies in.

    Parameters
    ----------
    shapes
        The outlines; the tree over them is built at the first question.
    """

    def __init__(self, shapes: Iterable[Shape]) -> None:
        self._shapes = tuple(shapes)

    @cached_property
    def _tree(self) -> tuple[STRtree, list[BaseGeometry]]:
        from shapely import STRtree

        geometries = [shape.geometry() for shape in self._shapes]
        return STRtree(geometries), geometries

    def around(self, lat: float, lon: float) -> Shape | None:
        """Return the smallest outline that holds a point.

        Parameters
        ----------
        lat
            Latitude, degrees.
        lon
            Longitude, degrees; both signs of the antimeridian are the same.

        Returns
        -------
        Shape or None
            None at sea, and for an island that the outlines leave out.
        """
        import shapely

        # An outline that reaches the pole does so along a whole edge of the map.
        lons = [lon] if abs(lon) < _ANTIMERIDIAN else [-_ANTIMERIDIAN, _ANTIMERIDIAN]
        tree, geometries = self._tree
        points = [shapely.Point(x, lat) for x in lons]
        hits = {int(i) for p in points for i in tree.query(p, predicate="intersects")}
        if not hits:
            return None
        return self._shapes[min(hits, key=lambda i: (geometries[i].area, i))]


def split_at_antimeridian(area: BaseGeometry) -> list[BaseGeometry]:
    """Cut a geometry into parts whose longitudes lie between -180 and 180.

    Longitudes beyond 180 go on behind the antimeridian. A ring with an edge of more than half a
    turn takes the short way, across the antimeridian, as RFC 7946 (3.1.9) reads such edges; a
    plain rectangle does so only when its corners run clockwise on a flat map. A ring that runs
    once around the Earth holds the pole on its side of the equator.

    Parameters
    ----------
    area
        Any geometry (x = lon, y = lat, degrees); may be empty.

    Returns
    -------
    list of shapely geometry
        Valid parts; empty for an empty geometry.

    Raises
    ------
    TypeError
        It is no geometry.
    ValueError
        A coordinate is not a number or a latitude lies beyond a pole.
    """
    import shapely
    from shapely.geometry.base import BaseGeometry

    if not isinstance(area, BaseGeometry):
        raise TypeError(f"a shapely geometry is needed, not {type(area).__name__}")
    _require_on_earth(area)
    pieces: list[BaseGeometry] = []
    for part in shapely.get_parts([area]):
        if isinstance(part, shapely.Polygon):
            pieces += _polygon_parts(part)
        elif isinstance(part, shapely.GeometryCollection):
            for member in part.geoms:
                pieces += split_at_antimeridian(member)
        else:
            pieces += _wrapped(part)
    return [piece for piece in pieces if not piece.is_empty]


def _require_on_earth(area: BaseGeometry) -> None:
    import math

    import shapely

    coordinates = shapely.get_coordinates(area).ravel().tolist()
    if not all(map(math.isfinite, coordinates)):
        raise ValueError("a coordinate is not a number")
    if any(abs(lat) > _POLE for lat in coordinates[1::2]):
        raise ValueError("a latitude lies beyond 90 degrees: x is the longitude, y the latitude")
    # More is no drawing but a mistake, and would be cut into endless pieces.
    if any(abs(lon) > 2 * _TURN for lon in coordinates[::2]):
        raise ValueError("a longitude lies more than two turns away")


def _polygon_parts(polygon: Polygon) -> list[BaseGeometry]:
    """Cut one polygon: its outer ring, less each hole."""
    import shapely

    if polygon.is_empty:
        return []
    filled = shapely.union_all(_ring_parts(polygon.exterior.coords))
    for hole in polygon.interiors:
        filled = filled.difference(shapely.union_all(_ring_parts(hole.coords)))
    return list(shapely.get_parts([filled]))


def _ring_parts(coordinates: Iterable[Sequence[float]]) -> list[BaseGeometry]:
    import shapely

    ring = [(point[0], point[1]) for point in coordinates]
    if _takes_short_way(ring):
        ring = _unrolled(ring)
    return _wrapped(shapely.make_valid(shapely.Polygon(ring)))


def _takes_short_way(ring: list[tuple[float, float]]) -> bool:
    """Tell whether an edge of a ring is meant to cross the antimeridian."""
    import shapely

    # An edge of a whole turn is the frame of the map itself.
    long_edges = [b for a, b in pairwise(ring) if _ANTIMERIDIAN < abs(b[0] - a[0]) < _TURN]
    corners = set(ring)
    rectangle = len(corners) == _RECTANGLE_CORNERS == 2 * len({x for x, _ in corners})
    if rectangle and len({y for _, y in corners}) == _RECTANGLE_CORNERS // 2:
        return bool(long_edges) and not shapely.is_ccw(shapely.LinearRing(ring))
    return bool(long_edges)


def _unrolled(ring: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Make the longitudes of a ring go on without jumps; close a turn over its pole."""
    lon = ring[0][0]
    unrolled = [ring[0]]
    for (before, _), (after, lat) in pairwise(ring):
        step = after - before
        if abs(step) < _TURN:
            step = (step + _ANTIMERIDIAN) % _TURN - _ANTIMERIDIAN
        lon += step
        unrolled.append((lon, lat))
    if abs(lon - ring[0][0]) < _ANTIMERIDIAN:
        return unrolled
    pole = _POLE if sum(lat for _, lat in ring) > 0 else -_POLE
    return [*unrolled, (lon, pole), (ring[0][0], pole), ring[0]]


def _wrapped(area: BaseGeometry) -> list[BaseGeometry]:
    """Cut a flat geometry at the antimeridian and move each piece into the map."""
    import shapely
    from shapely.affinity import translate

    if area.is_empty:
        return []
    west, _, east, _ = area.bounds
    if west >= -_ANTIMERIDIAN and east <= _ANTIMERIDIAN:
        return [area]
    pieces = []
    turn = _turns(west)
    while turn * _TURN - _ANTIMERIDIAN <= east:
        middle = turn * _TURN
        strip = shapely.box(middle - _ANTIMERIDIAN, -_POLE, middle + _ANTIMERIDIAN, _POLE)
        piece: Any = area.intersection(strip)
        pieces.append(translate(piece, xoff=-middle))
        turn += 1
    return pieces


def _turns(lon: float) -> int:
    """Count the whole turns between the map's own strip and the one that holds a longitude."""
    return int((lon + _ANTIMERIDIAN) // _TURN)

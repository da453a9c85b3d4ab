"""Where a query looks: the sites that lie in a region, or may.

Distances are those on the WGS 84 ellipsoid. Edges of outlines are straight lines of longitude and
latitude, as in every GIS; where a distance to them is asked for, they are followed in steps of a
tenth of a degree. A database only has to give the sites near the region (`Region.boxes`).
"""

from __future__ import annotations

import math
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from geomap.errors import InputError
from geomap.gazetteer.geodesy import lon_ranges
from geomap.gazetteer.shapes import split_at_antimeridian

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from pyproj import Geod
    from shapely.geometry.base import BaseGeometry

    from geomap.query import Box, Query

    Mask = NDArray[np.bool_]
    Numbers = NDArray[np.float64]
    Near = tuple[float, float] | BaseGeometry

__all__ = ["Region", "region_of"]

_POLE, _ANTIMERIDIAN, _TURN = 90.0, 180.0, 360.0
# The shortest degree of latitude (at the equator), kilometres, less what rounding may take.
_SHORTEST_DEGREE_KM = 110.5
# Degrees between the points that an edge is followed by: at most 2 m off the true distance.
_STEP = 0.1


class _Filter(Protocol):
    """One condition on the place."""

    @property
    def boxes(self) -> list[Box]:
        """Boxes, none across the antimeridian, outside of which nothing fulfils it."""

    def points(self, lons: Numbers, lats: Numbers) -> Mask:
        """Tell which points fulfil it."""

    def area(self, outline: BaseGeometry, *, wholly: bool) -> bool:
        """Tell whether an outline does: all of it, or any point of it."""


class Region:
    """All conditions of a query on the place, every one of which must hold.

    Parameters
    ----------
    filters
        At least one condition.
    wholly
        Whether all of an outline must fulfil them, or any part of it.
    """

    def __init__(self, filters: Sequence[_Filter], *, wholly: bool) -> None:
        self._filters, self._wholly = filters, wholly

    @property
    def boxes(self) -> list[Box]:
        """Boxes outside of which nothing is in the region: those of the narrowest condition."""
        return min((f.boxes for f in self._filters), key=lambda boxes: sum(map(_extent, boxes)))

    def keep(
        self, points: Sequence[tuple[int, float, float]], areas: Iterable[tuple[int, bytes]]
    ) -> list[int]:
        """Choose from some sites.

        Parameters
        ----------
        points
            Number, longitude and latitude of those points that lie in the boxes, and maybe others;
            one may come twice.
        areas
            Number and WKB of those areas that meet the boxes, and maybe others.

        Returns
        -------
        list of int
            The numbers of the sites in the region, sorted, each once.
        """
        import numpy as np
        import shapely

        numbers = np.array([number for number, _, _ in points], dtype=np.int64)
        lons = np.array([lon for _, lon, _ in points], dtype=float)
        lats = np.array([lat for _, _, lat in points], dtype=float)
        mask = np.ones(len(points), dtype=bool)
        for condition in self._filters:
            mask[mask] = condition.points(lons[mask], lats[mask])
        kept = set(numbers[mask].tolist())
        for number, wkb in areas:
            outline = shapely.from_wkb(wkb)
            if all(f.area(outline, wholly=self._wholly) for f in self._filters):
                kept.add(number)
        return sorted(kept)


def region_of(query: Query, locate: Callable[[str], Near]) -> Region | None:
    """Return where a query looks.

    Parameters
    ----------
    query
        The query.
    locate
        Turns a name into a latitude and a longitude, or an outline.

    Returns
    -------
    Region or None
        None when the place does not matter.

    Raises
    ------
    InputError
        A file of polygons cannot be read.
    PlaceNotFoundError
        `locate` knows no such name.
    """
    filters: list[_Filter] = []
    if query.near is not None:
        near = locate(query.near) if isinstance(query.near, str) else query.near
        radius = cast("float", query.radius_km)
        filters.append(_Disc(near, radius) if isinstance(near, tuple) else _Around(near, radius))
    if query.box is not None:
        filters.append(_Boxes(query.box))
    if query.within is not None:
        is_path = isinstance(query.within, str | Path)
        area = _read_polygons(Path(str(query.within))) if is_path else query.within
        filters.append(_Polygon(cast("BaseGeometry", area)))
    return Region(filters, wholly=query.where == "certain") if filters else None


def _extent(box: Box) -> float:
    west, south, east, north = box
    return (east - west) * (north - south)


class _Disc:
    """Within a distance of a point."""

    def __init__(self, centre: tuple[float, float], radius_km: float) -> None:
        self._lat, self._lon = centre
        self._radius_km = radius_km

    @property
    def boxes(self) -> list[Box]:
        reach = self._radius_km / _SHORTEST_DEGREE_KM + 1e-9
        south, north = max(self._lat - reach, -_POLE), min(self._lat + reach, _POLE)
        if reach >= _POLE:
            return [(-_ANTIMERIDIAN, south, _ANTIMERIDIAN, north)]
        ranges = lon_ranges(self._lat, self._lon, reach)
        return [(west, south, east, north) for west, east in ranges]

    def points(self, lons: Numbers, lats: Numbers) -> Mask:
        import numpy as np

        from_lons, from_lats = np.full_like(lons, self._lon), np.full_like(lats, self._lat)
        _, _, metres = _geod().inv(from_lons, from_lats, lons, lats)
        return np.asarray(metres) <= self._radius_km * 1000

    def area(self, outline: BaseGeometry, *, wholly: bool) -> bool:
        import numpy as np
        import shapely

        flat = _seen_from(self._lat, self._lon, outline)
        if wholly:
            coordinates = shapely.get_coordinates(flat)
            return bool(np.hypot(*coordinates.T).max() <= self._radius_km * 1000)
        # The projection may fold what lies around the centre's antipode: ask the map itself.
        holds = shapely.intersects_xy(outline, self._lon, self._lat)
        origin = shapely.Point(0, 0)
        return bool(holds) or bool(shapely.distance(flat, origin) <= self._radius_km * 1000)


class _Around:
    """Within a distance of a geometry."""

    def __init__(self, geometry: BaseGeometry, radius_km: float) -> None:
        import shapely

        self._radius_km = radius_km
        try:
            self._parts = split_at_antimeridian(geometry)
        except ValueError as error:
            raise InputError(f"near: {error}") from error
        self._whole = shapely.union_all(self._parts)
        shapely.prepare(self._whole)

    @cached_property
    def boxes(self) -> list[Box]:
        reach = self._radius_km / _SHORTEST_DEGREE_KM + 1e-9
        boxes: list[Box] = []
        for part in self._parts:
            west, south, east, north = part.bounds
            widest = max(abs(south), abs(north))
            middle, half = (west + east) / 2, (east - west) / 2
            south, north = max(south - reach, -_POLE), min(north + reach, _POLE)
            slack = _half_width(widest, reach)
            boxes += [
                (a, south, b, north)
                for a, b in _ranges(middle - half - slack, middle + half + slack)
            ]
        return boxes

    def points(self, lons: Numbers, lats: Numbers) -> Mask:
        import numpy as np
        import shapely

        mask = cast("Mask", np.asarray(shapely.intersects_xy(self._whole, lons, lats)))
        for index in np.flatnonzero(~mask):
            mask[index] = self._is_near(float(lats[index]), float(lons[index]))
        return mask

    def area(self, outline: BaseGeometry, *, wholly: bool) -> bool:
        import shapely

        if wholly:
            lons, lats = shapely.get_coordinates(shapely.segmentize(outline, _STEP)).T
            return bool(self.points(lons, lats).all())
        if shapely.intersects(self._whole, outline):
            return True
        # Whatever of the two is nearest on the map lies within a hair of the nearest on the Earth.
        lons, lats = shapely.get_coordinates(shapely.segmentize(outline, _STEP)).T
        if bool(self.points(lons, lats).any()):
            return True
        own_lons, own_lats = shapely.get_coordinates(shapely.segmentize(self._whole, _STEP)).T
        other = _Around(outline, self._radius_km)
        return bool(other.points(own_lons, own_lats).any())

    def _is_near(self, lat: float, lon: float) -> bool:
        import shapely

        flat = _seen_from(lat, lon, self._whole)
        return bool(shapely.distance(flat, shapely.Point(0, 0)) <= self._radius_km * 1000)


class _Boxes:
    """In a bounding box, edges included."""

    def __init__(self, box: Box) -> None:
        west, south, east, north = box
        ranges = [(west, east)] if west <= east else [(west, _ANTIMERIDIAN), (-_ANTIMERIDIAN, east)]
        # The antimeridian has two names: who wants the one wants the other.
        if west <= east:
            ranges += [(-edge, -edge) for edge in {west, east} if abs(edge) == _ANTIMERIDIAN]
        self.boxes = [(w, south, e, north) for w, e in ranges]

    def points(self, lons: Numbers, lats: Numbers) -> Mask:
        import numpy as np

        mask = np.zeros(len(lons), dtype=bool)
        for west, south, east, north in self.boxes:
            mask |= (lons >= west) & (lons <= east) & (lats >= south) & (lats <= north)
        return mask

    def area(self, outline: BaseGeometry, *, wholly: bool) -> bool:
        import shapely

        # `envelope` makes a line or a point of a box without an area.
        pieces = [shapely.box(*box).envelope for box in self.boxes]
        if wholly:
            solid = [piece for piece in pieces if piece.area]
            return bool(solid) and bool(shapely.covers(shapely.union_all(solid), outline))
        return any(bool(shapely.intersects(piece, outline)) for piece in pieces)


class _Polygon:
    """In a polygon, its edge included."""

    def __init__(self, area: BaseGeometry) -> None:
        import shapely

        try:
            self._whole = shapely.union_all(split_at_antimeridian(shapely.make_valid(area)))
        except ValueError as error:
            raise InputError(f"within: {error}") from error
        shapely.prepare(self._whole)

    @cached_property
    def boxes(self) -> list[Box]:
        import shapely

        found = [cast("Box", part.bounds) for part in shapely.get_parts([self._whole])]
        twins = [(-edge, box) for box in found for edge in (box[0], box[2])
                 if abs(edge) == _ANTIMERIDIAN]  # fmt: skip
        return [*found, *((lon, box[1], lon, box[3]) for lon, box in twins)]

    def points(self, lons: Numbers, lats: Numbers) -> Mask:
        import numpy as np
        import shapely

        mask = np.asarray(shapely.intersects_xy(self._whole, lons, lats))
        twin = np.abs(lons) == _ANTIMERIDIAN
        mask[twin] |= shapely.intersects_xy(self._whole, -lons[twin], lats[twin])
        return mask

    def area(self, outline: BaseGeometry, *, wholly: bool) -> bool:
        import shapely

        test = shapely.covers if wholly else shapely.intersects
        return bool(test(self._whole, outline))


def _half_width(lat: float, reach: float) -> float:
    """Return how far a distance in degrees reaches along a parallel, half a turn at most."""
    if lat + reach >= _POLE:
        return _ANTIMERIDIAN
    ratio = math.sin(math.radians(reach)) / math.cos(math.radians(lat))
    return math.degrees(math.asin(min(1.0, ratio)))


def _ranges(west: float, east: float) -> list[tuple[float, float]]:
    """Return a range of longitudes as ranges between -180 and 180."""
    if east - west >= _TURN:
        return [(-_ANTIMERIDIAN, _ANTIMERIDIAN)]
    if west <= -_ANTIMERIDIAN:
        return [(west + _TURN, _ANTIMERIDIAN), (-_ANTIMERIDIAN, east)]
    if east >= _ANTIMERIDIAN:
        return [(west, _ANTIMERIDIAN), (-_ANTIMERIDIAN, east - _TURN)]
    return [(west, east)]


def _geod() -> Geod:
    from pyproj import Geod

    return Geod(ellps="WGS84")


def _seen_from(lat: float, lon: float, geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry in metres around a point: its distances from there are the true ones."""
    import numpy as np
    import shapely

    dense = shapely.segmentize(geometry, _STEP)
    coordinates = shapely.get_coordinates(dense)
    lons, lats = np.full(len(coordinates), lon), np.full(len(coordinates), lat)
    azimuths, _, metres = _geod().inv(lons, lats, coordinates[:, 0], coordinates[:, 1])
    turned, metres = np.radians(azimuths), np.asarray(metres)
    flat = np.column_stack((metres * np.sin(turned), metres * np.cos(turned)))
    return shapely.set_coordinates(dense, flat)


def _read_polygons(path: Path) -> BaseGeometry:
    """Return the union of the polygons in a file, in degrees of WGS 84."""
    import geopandas
    import numpy as np
    import shapely

    if not path.exists():
        raise InputError(f"within: no file {path}")
    try:
        frame = geopandas.read_file(path)
        frame = frame.set_crs(4326) if frame.crs is None else frame.to_crs(4326)
    except Exception as error:  # whatever a driver finds wrong with a stranger's file
        raise InputError(f"within: {path} cannot be read as a layer of polygons") from error
    shapes = [shape for shape in frame.geometry if shape is not None and not shape.is_empty]
    if not shapes or any("Polygon" not in shape.geom_type for shape in shapes):
        raise InputError(f"within: {path} holds {'other shapes than' if shapes else 'no'} polygons")
    if not all(np.isfinite(shapely.get_coordinates(shape)).all() for shape in shapes):
        raise InputError(f"within: {path} holds a coordinate that is not a number")
    return shapely.union_all([shapely.make_valid(shape) for shape in shapes])

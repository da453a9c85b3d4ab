"""The circle that a relative place means: "20 km north of X", "near the border with Y"."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.gazetteer.geodesy import course, destination, distance_km
from geomap.model import Area, Place, Resolution

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from geomap.gazetteer import Gazetteer
    from geomap.model import Relation

__all__ = ["Ground", "area"]

# A distance in the news is rounded and runs along the road: half of it may be missing or too much.
_RADIUS_SHARE = 0.5
# "North of X" alone is used of places that one would drive to: they lie some 15 km out.
_DEFAULT_KM = 15.0
# No relative place is known better than this.
_SMALLEST_KM = 1.0
# Cities of the developing world hold some 8,000 people a square kilometre; a town without a known
# population is taken to be 2 km across, and no city reaches further than 30 km.
_DENSITY = 8000.0
_TOWN_KM, _CITY_KM = 1.0, 30.0
# Outskirts lie as far out again as the city's own edge.
_OUTSKIRTS = 2.0
# "Near the border" is within reach of a patrol: what lies 20 km off is told by its own town.
_BORDER_KM = 20.0
# A travel time says nothing of the way taken: a third of it may be bends.
_BENDS = 1.35
# Outlines are drawn to about this, so two countries' shared line is searched this far apart.
_LINE_DEGREES = 0.1
# Without an outline a district spans some 30 km, a province 120 km from its middle.
_DISTRICT_KM, _PROVINCE_KM = 30.0, 120.0
# Rivers, seas, ranges and deserts have one point too, and reach as far as a province.
_WIDE = ("RGN", "TERR", "ZN", "PCL", "STM", "SEA", "OCN", "GULF", "BAY", "LK", "MTS", "DSRT", "PLN")
# A side of a country runs this far to the left and right of its bearing.
_SIDE_DEGREES = 60.0
# Bearings tried for the sea off a port, a compass point apart twice over.
_ROSE = range(0, 360, 10)
_BEARINGS = {
    "north": 0.0,
    "northnortheast": 22.5,
    "northeast": 45.0,
    "eastnortheast": 67.5,
    "east": 90.0,
    "eastsoutheast": 112.5,
    "southeast": 135.0,
    "southsoutheast": 157.5,
    "south": 180.0,
    "southsouthwest": 202.5,
    "southwest": 225.0,
    "westsouthwest": 247.5,
    "west": 270.0,
    "westnorthwest": 292.5,
    "northwest": 315.0,
    "northnorthwest": 337.5,
}


@dataclass(frozen=True, slots=True)
class Ground:
    """What an area is measured on: the article's places, and the gazetteer with its outlines.

    `near` is a place of the same account that says which stretch of a border is meant.
    """

    resolutions: Sequence[Resolution] = ()
    gazetteer: Gazetteer | None = None
    near: Place | None = None

    def called(self, name: str | None, after: int) -> Place | None:
        """Return the place of the first mention of a name behind an offset."""
        if name is None:
            return None
        return next(
            (
                r.place
                for r in self.resolutions
                if r.place is not None
                and r.mention.span.start >= after
                and name.startswith(r.mention.text)
            ),
            None,
        )

    def shape(self, place: Place | None) -> BaseGeometry | None:
        """Return the outline of a place, None where there is none."""
        if place is None or self.gazetteer is None:
            return None
        outline = self.gazetteer.geometry(place)
        return None if outline is None or outline.is_empty else outline

    def land(self, place: Place) -> BaseGeometry | None:
        """Return the outline of the country of a place."""
        if self.gazetteer is None or place.country is None:
            return None
        return self.shape(self.gazetteer.country(place.country))


def area(resolution: Resolution, ground: Ground | None = None) -> Area | None:
    """Return the circle that a relative place means.

    With a distance and a bearing it lies around the great-circle destination from the anchor, half
    the distance wide, since such distances are rounded and seldom measured along the ground.

    Parameters
    ----------
    resolution
        A place name; only one with a relation and a place has an area.
    ground
        The other places of the article, and outlines; None for neither: then borders and ways
        between two places have no area.

    Returns
    -------
    Area or None
        Centre in degrees (WGS 84), radius in km; None for a place that is not relative, and where
        the second anchor or the border is not known.
    """
    relation, place = resolution.mention.relation, resolution.place
    if relation is None or place is None:
        return None
    distance = relation.distance_km
    if distance is not None and (not math.isfinite(distance) or distance < 0):
        return None
    here = ground or Ground()
    if relation.way in {"border", "between"}:
        other = here.called(relation.other, resolution.mention.span.end)
        line = relation.way == "border"
        return _border(place, other, here) if line else _between(place, other)
    return _beside(place, relation, here)


def _beside(place: Place, relation: Relation, ground: Ground) -> Area | None:
    """Return the circle of a relation that has one anchor."""
    distance = relation.distance_km
    if relation.way == "part":
        return _part(place, relation, ground)
    if relation.way == "around":
        return _around(place)
    if relation.way == "travel" and distance is not None:
        return _circle(place.lat, place.lon, distance * _BENDS)
    if relation.way == "offshore" and distance is not None:
        return _offshore(place, distance, ground)
    return _off(place, relation)


def _circle(lat: float, lon: float, radius: float) -> Area:
    return Area(lat=round(lat, 5), lon=round(lon, 5), radius_km=round(max(radius, _SMALLEST_KM), 3))


def _off(place: Place, relation: Relation) -> Area | None:
    """Lay the circle out from the anchor; without a bearing it lies around it."""
    bearing = _BEARINGS.get(relation.bearing or "")
    known = relation.distance_km
    if bearing is None:
        return _circle(place.lat, place.lon, _DEFAULT_KM if known is None else known)
    distance = known
    if distance is None:
        distance = max(_DEFAULT_KM, _extent(place))
    lat, lon = destination(place.lat, place.lon, bearing, distance)
    share = 1.0 if known is None and distance > _DEFAULT_KM else _RADIUS_SHARE
    return _circle(lat, lon, distance * share)


def _extent(place: Place) -> float:
    """Return how far a place without an outline reaches from its point, in km."""
    code = place.feature
    if code == "ADM1" or code.startswith(_WIDE):
        return _PROVINCE_KM
    if code.startswith(("ADM", "PRSH")):
        return _DISTRICT_KM
    across = math.sqrt(place.population / _DENSITY / math.pi)
    return min(max(across, _TOWN_KM), _CITY_KM)


def _around(place: Place) -> Area:
    return _circle(place.lat, place.lon, _extent(place) * _OUTSKIRTS)


def _part(place: Place, relation: Relation, ground: Ground) -> Area | None:
    """Cover the side of a place: of its outline, else of the circle that it fills."""
    bearing = _BEARINGS.get(relation.bearing or "")
    if bearing is None:
        return None
    outline = ground.shape(place)
    if outline is None:
        reach = _extent(place)
        lat, lon = destination(place.lat, place.lon, bearing, reach / 2)
        return _circle(lat, lon, reach / 2)
    middle = outline.centroid
    points = [
        (lat, lon)
        for lon, lat in _corners(outline)
        if _leans(lat - middle.y, (lon - middle.x) * math.cos(math.radians(middle.y)), bearing)
    ]
    return _cover([*points, (middle.y, middle.x)])


def _corners(outline: BaseGeometry) -> list[tuple[float, float]]:
    """Return the corners of the largest piece of an outline as (lon, lat)."""
    pieces = getattr(outline, "geoms", [outline])
    largest = max(pieces, key=lambda piece: float(piece.area))
    return [(float(x), float(y)) for x, y in largest.exterior.coords]


def _leans(north: float, east: float, bearing: float) -> bool:
    """Tell whether a direction lies within 60 degrees of a bearing."""
    heading = math.degrees(math.atan2(east, north))
    return abs((heading - bearing + 180.0) % 360.0 - 180.0) <= _SIDE_DEGREES


def _cover(points: Sequence[tuple[float, float]]) -> Area:
    """Return a circle around points (lat, lon): the middle of their box, out to the furthest."""
    lats, lons = [lat for lat, _ in points], [lon for _, lon in points]
    lat, lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
    return _circle(lat, lon, max(distance_km(lat, lon, *point) for point in points))


def _between(place: Place, other: Place | None) -> Area | None:
    """Cover the whole way between two places: nobody knows how far along it was."""
    if other is None or other.id == place.id:
        return None
    if place.feature.startswith("PCL") and other.feature.startswith("PCL"):
        return None
    length = distance_km(place.lat, place.lon, other.lat, other.lon)
    bearing = course(place.lat, place.lon, other.lat, other.lon)
    lat, lon = destination(place.lat, place.lon, bearing, length / 2)
    return _circle(lat, lon, length / 2)


def _border(place: Place, other: Place | None, ground: Ground) -> Area | None:
    """Cover the stretch of a border that is nearest to the place told beside it, else all of it."""
    from shapely.geometry import Point
    from shapely.ops import nearest_points

    outline = ground.shape(place)
    if outline is None:
        return None
    line = outline.boundary
    near = ground.near if ground.near is not None and ground.near.id != place.id else None
    across = ground.shape(other)
    if across is None and near is not None and near.feature.startswith("PCL"):
        across = ground.shape(near)
    if across is not None:
        shared = line.intersection(across.buffer(_LINE_DEGREES))
        line = shared if not shared.is_empty else line
    if near is not None and not near.feature.startswith("PCL"):
        spot = nearest_points(line, Point(near.lon, near.lat))[0]
        reach = 2 * _BORDER_KM if near.feature == "ADM1" else _BORDER_KM
        return _circle(spot.y, spot.x, reach)
    if across is None:
        return None
    west, south, east, north = line.bounds
    return _cover([(south, west), (north, east)])


def _offshore(place: Place, distance: float, ground: Ground) -> Area:
    """Lay the circle seawards of a port: towards the middle of the bearings that leave the land."""
    from shapely.geometry import Point

    outline = ground.land(place)
    out = []
    if outline is not None:
        for bearing in _ROSE:
            lat, lon = destination(place.lat, place.lon, float(bearing), distance)
            if not outline.contains(Point(lon, lat)):
                out.append(math.radians(bearing))
    east, north = sum(map(math.sin, out)), sum(map(math.cos, out))
    if not out or math.hypot(east, north) < 1.0:
        return _circle(place.lat, place.lon, distance * (1 + _RADIUS_SHARE))
    seawards = math.degrees(math.atan2(east, north)) % 360.0
    lat, lon = destination(place.lat, place.lon, seawards, distance)
    return _circle(lat, lon, distance * _RADIUS_SHARE)

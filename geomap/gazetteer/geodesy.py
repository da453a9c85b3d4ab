"""Distances and boxes on a round Earth."""

from __future__ import annotations

import math

__all__ = [
    "EARTH_RADIUS_KM",
    "KM_PER_DEGREE",
    "course",
    "destination",
    "distance_km",
    "lon_ranges",
    "unit_vector",
]

# Mean Earth radius of the IUGG, kilometres.
EARTH_RADIUS_KM = 6371.0088
KM_PER_DEGREE = math.pi * EARTH_RADIUS_KM / 180
_POLE, _ANTIMERIDIAN, _TURN = 90.0, 180.0, 360.0


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the great-circle distance of two points in kilometres (haversine formula)."""
    south, north = math.radians(lat), math.radians(other_lat)
    half = math.sin((north - south) / 2) ** 2
    half += math.cos(south) * math.cos(north) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def lon_ranges(lat: float, lon: float, reach: float) -> list[tuple[float, float]]:
    """Return the ranges of longitude that a circle touches: two across the antimeridian.

    Parameters
    ----------
    lat
        Latitude of the centre, degrees.
    lon
        Longitude of the centre, degrees.
    reach
        Radius, degrees of a great circle.

    Returns
    -------
    list of tuple
        West and east of each range, degrees; the whole turn for a circle that holds a pole.
    """
    if abs(lat) + reach >= _POLE:
        return [(-_ANTIMERIDIAN, _ANTIMERIDIAN)]
    half = math.degrees(
        math.asin(min(1.0, math.sin(math.radians(reach)) / math.cos(math.radians(lat))))
    )
    west, east = lon - half, lon + half
    # The meridian itself stands under both signs, so a range that touches it goes on behind it.
    if west <= -_ANTIMERIDIAN:
        return [(west + _TURN, _ANTIMERIDIAN), (-_ANTIMERIDIAN, east)]
    if east >= _ANTIMERIDIAN:
        return [(west, _ANTIMERIDIAN), (-_ANTIMERIDIAN, east - _TURN)]
    return [(west, east)]


def unit_vector(lat: float, lon: float) -> tuple[float, float, float]:
    """Return the point of the unit sphere at some coordinates; NaN where they are no numbers."""
    if not (math.isfinite(lat) and math.isfinite(lon)):
        return math.nan, math.nan, math.nan
    phi, theta = math.radians(lat), math.radians(lon)
    return math.cos(phi) * math.cos(theta), math.cos(phi) * math.sin(theta), math.sin(phi)


def course(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the initial bearing of the great circle to another point, degrees from north."""
    south, north = math.radians(lat), math.radians(other_lat)
    turn = math.radians(other_lon - lon)
    east = math.sin(turn) * math.cos(north)
    ahead = math.cos(south) * math.sin(north)
    ahead -= math.sin(south) * math.cos(north) * math.cos(turn)
    return math.degrees(math.atan2(east, ahead)) % 360.0


def destination(lat: float, lon: float, bearing: float, reach: float) -> tuple[float, float]:
    """Return the point (lat, lon) a distance in km along a great circle from a bearing."""
    angle, heading = reach / EARTH_RADIUS_KM, math.radians(bearing)
    phi, lam = math.radians(lat), math.radians(lon)
    sine = math.sin(phi) * math.cos(angle) + math.cos(phi) * math.sin(angle) * math.cos(heading)
    target = math.asin(max(-1.0, min(1.0, sine)))
    lam += math.atan2(
        math.sin(heading) * math.sin(angle) * math.cos(phi),
        math.cos(angle) - math.sin(phi) * math.sin(target),
    )
    return math.degrees(target), (math.degrees(lam) + 540.0) % 360.0 - 180.0

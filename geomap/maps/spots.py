"""The places of a map, each once: points, circles and outlines."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from geomap.maps.basemap import encode_polygon, label_point

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry

    from geomap.maps.basemap import Atlas
    from geomap.model import Place

__all__ = ["Spots"]

# Radii of the circles that stand for an outline we do not have. Half of the world's second-level
# units fit in the first, and of the first-level units in the second.
_DISTRICT_KM, _PROVINCE_KM = 25.0, 80.0
_KM_PER_DEGREE = 111.195  # of latitude, on a sphere of 6371.0088 km
# Degrees: what crossing the antimeridian must save to be worth an unusual map.
_MUCH_SHORTER = 90.0
# Web Mercator ends there, and the cosine would blow a box up.
_LAST_LAT = 85.0


@dataclass(slots=True)
class Spots:
    """The places of a map; each call returns a number, or None for what cannot be drawn.

    Positions are WGS 84 degrees. A position that is no number, or off the Earth, is never drawn.

    Parameters
    ----------
    atlas
        Gives outlines and the names of countries; without one, circles and codes stand for them.
    """

    atlas: Atlas | None
    lats: list[float] = field(default_factory=list)
    lons: list[float] = field(default_factory=list)
    areas: list[dict[str, Any]] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    _numbers: dict[tuple[object, ...], int] = field(default_factory=dict)
    _countries: dict[str, str] = field(default_factory=dict)

    def country(self, code: str | None) -> str | None:
        """Return the English name of an ISO alpha-2 code; the code itself when it has none."""
        if code is None:
            return None
        if code not in self._countries:
            found = self.atlas.country(code) if self.atlas else None
            self._countries[code] = found.name if found else code
        return self._countries[code]

    def point(self, lat: float, lon: float) -> int | None:
        """Return the number of a point."""
        key = (lat, lon)
        number = self._numbers.get(key)
        return number if number is not None else self._new(key, lat, lon)

    def circle(self, lat: float, lon: float, radius_km: float, name: str = "") -> int | None:
        """Return the number of a circle; one without a radius is a point."""
        if not radius_km > 0 or not math.isfinite(radius_km):
            return self.point(lat, lon)
        key = ("circle", lat, lon, radius_km)
        if key in self._numbers:
            return self._numbers[key]
        number = self._new(key, lat, lon)
        if number is None:
            return None
        high = radius_km / _KM_PER_DEGREE
        wide = min(high / math.cos(math.radians(min(abs(lat), _LAST_LAT))), 180.0)
        box = (lon - wide, lat - high, lon + wide, lat + high)
        self._add_area(number, {"name": name, "km": radius_km}, [box])
        return number

    def unit(self, place: Place, precision: str) -> int | None:
        """Return the number of a district or province: its outline, else a circle of usual size."""
        key = ("outline", place.id, precision)
        if key in self._numbers:
            return self._numbers[key]
        geometry = self.atlas.geometry(place) if self.atlas else None
        if geometry is None or geometry.is_empty:
            radius = _DISTRICT_KM if precision == "district" else _PROVINCE_KM
            return self.circle(place.lat, place.lon, radius, place.name)
        return self.outline(geometry, place.name, key)

    def outline(
        self, geometry: BaseGeometry, name: str, key: tuple[object, ...] | None = None
    ) -> int | None:
        """Return the number of a polygon; the same one again for an equal key, else equal bytes."""
        import shapely

        key = key or ("outline", name, geometry.wkb)
        if key in self._numbers:
            return self._numbers[key]
        lon, lat = label_point(geometry)
        number = self._new(key, lat, lon)
        if number is None:
            return None
        parts = [
            tuple(round(side, 4) for side in part.bounds) for part in shapely.get_parts(geometry)
        ]
        self._add_area(number, {"name": name, "polygons": encode_polygon(geometry)}, parts)
        return number

    def bounds(self) -> list[float] | None:
        """Return the narrowest box around all spots.

        Returns
        -------
        list or None
            West, south, east, north in degrees; east is above 180 for a box across the
            antimeridian. None without a spot.
        """
        if not self.lats:
            return None
        import numpy as np

        lats, lons = np.array(self.lats), np.array(self.lons)
        boxes = np.array(self.boxes or np.empty((0, 4)))
        south = np.min([*boxes[:, 1], lats.min()])
        north = np.max([*boxes[:, 3], lats.max()])
        west, east = _narrowest(np.append(lons, boxes[:, 0]), np.append(lons, boxes[:, 2]))
        return [round(float(side), 5) for side in (west, south, east, north)]

    def _new(self, key: tuple[object, ...], lat: float, lon: float) -> int | None:
        # False for NaN and infinity too.
        if not (abs(lat) <= 90 and abs(lon) <= 180):  # noqa: PLR2004 - degrees
            return None
        number = self._numbers[key] = len(self.lats)
        self.lats.append(lat)
        self.lons.append(lon)
        return number

    def _add_area(self, number: int, row: dict[str, Any], parts: Iterable[Any]) -> None:
        """Keep what an area has beyond its point; its box is that of its widest part."""
        boxes = list(parts)
        self.boxes += boxes
        widest = max(boxes, key=lambda box: box[2] - box[0])
        self.areas.append({"spot": number, "box": list(widest)} | row)


def _narrowest(wests: Any, easts: Any) -> tuple[float, float]:  # noqa: ANN401 - numpy arrays
    """Return the ends of the shortest arc that holds all intervals; the east may pass 180."""
    import numpy as np

    order = np.argsort(wests, kind="stable")
    starts, reached = wests[order], np.maximum.accumulate(easts[order])
    gaps = np.append(starts[1:], starts[0] + 360.0) - reached
    widest = int(np.argmax(gaps))
    # The usual way round unless the other is much shorter: China stays east of Mexico.
    if gaps[widest] <= gaps[-1] + _MUCH_SHORTER:
        return float(starts[0]), float(min(reached[-1], starts[0] + 360.0))
    return float(starts[widest + 1]), float(reached[widest] + 360.0)

"""Several layers of places as one: the highest layer that holds an id says what the place is."""

from __future__ import annotations

from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING, Any, NamedTuple

from geomap.gazetteer.geodesy import KM_PER_DEGREE, distance_km, lon_ranges
from geomap.gazetteer.ranking import KINDS, Named, is_own
from geomap.model import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from shapely.geometry.base import BaseGeometry

    from geomap.gazetteer.layers import Layer
    from geomap.gazetteer.spelled import PlaceName

__all__ = ["Found", "Stack"]

_POLE, _ANTIMERIDIAN = 90.0, 180.0
# Radii in which the nearest place is looked for, one after the other; half the Earth's
# circumference is 20,016 km.
_RADII_KM = (10.0, 50.0, 250.0, 1250.0, 5000.0, 20020.0)


class Found(NamedTuple):
    """A row and the layer that it came from."""

    layer: Layer
    row: tuple[Any, ...]


class Stack:
    """Layers of places.

    Parameters
    ----------
    layers
        From the highest to the lowest; at least one.
    """

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = tuple(layers)
        self._upper = self.layers[:-1]
        self._with_twins = tuple(layer for layer in self.layers if layer.has_twins())
        self._unit_name = lru_cache(maxsize=50_000)(self._read_unit_name)

    def prefixes(self, folded: str) -> Iterator[str]:
        """Give every name that a folded text begins with, the shortest first."""
        found = {name for layer in self.layers for name in layer.prefixes(folded)}
        return iter(sorted(found, key=len))

    def called(self, folded: str) -> tuple[Named, ...]:
        """Return the places whose folded name is just this one, those of higher layers first.

        A name in any layer leads to the place as the highest layer has it.
        """
        only = self.layers[0]
        # One layer holds an id once; it is asked for each name of a text.
        if not self._upper and only.units == "codes":
            return tuple(map(_named, only.called_with_units(folded)))
        found: dict[str, Named] = {}
        for layer in self.layers:
            for kind, *row in layer.called(folded):
                this = Found(layer, tuple(row))
                if row[0] not in found and self._twin(this) is None:
                    top = self._topmost(this)
                    listed = bool(top.row[10])
                    found[row[0]] = Named(self.place(top), KINDS[kind], top.row[9], listed)
        return tuple(found.values())

    def get(self, place_id: str) -> Place | None:
        """Return the place of an id, or None."""
        found = self._row(place_id)
        return self.place(found) if found else None

    def names(self, place_id: str) -> list[list[PlaceName]]:
        """Return what each layer calls the place of an id, the highest first."""
        found = self._row(place_id)
        if found is None:
            return []
        return [layer.names(found.row[0]) for layer in self.layers]

    def _row(self, place_id: str) -> Found | None:
        for layer in self.layers:
            if row := layer.row(place_id):
                found = Found(layer, row)
                twin = self._twin(found)
                return self._row(twin) if twin else found
        return None

    def country(self, code: str) -> Place | None:
        """Return the country of a code in upper case, or None."""
        for layer in self.layers:
            if rows := layer.countries(code):
                return self.place(self._topmost(Found(layer, rows[0])))
        return None

    def circle(
        self, lat: float, lon: float, radius_km: float, cls: str | None = None
    ) -> list[tuple[float, Found]]:
        """Return the places in a circle, nearest first, each with its distance in kilometres.

        Parameters
        ----------
        lat
            Latitude of the centre, degrees.
        lon
            Longitude of the centre, degrees.
        radius_km
            Great-circle radius, kilometres.
        cls
            Keep only this feature class; None for all.

        Returns
        -------
        list of tuple
            May be empty; equal distances stand by id.
        """
        reach = radius_km / KM_PER_DEGREE
        rows = {
            row[0]: Found(layer, row)
            # From the lowest up, so that the higher row of an id stays.
            for layer in reversed(self.layers)
            for west, east in lon_ranges(lat, lon, reach)
            for row in layer.box(lat - reach, lat + reach, west, east)
            if cls in (None, row[9])
        }
        measured = (
            (distance_km(lat, lon, found.row[6], found.row[7]), found)
            for found in self._visible(rows.values())
        )
        inside = [entry for entry in measured if entry[0] <= radius_km]
        return sorted(inside, key=lambda entry: (entry[0], entry[1].row[0]))

    def nearest(self, lat: float, lon: float, cls: str) -> tuple[float, Found | None]:
        """Return the nearest place of a feature class and its distance in kilometres."""
        for radius_km in _RADII_KM:
            if found := self.circle(lat, lon, radius_km, cls):
                return found[0]
        return float("inf"), None

    def inside(self, parts: Iterable[BaseGeometry]) -> list[Found]:
        """Return the places in geometries between -180 and 180, the most populous first."""
        rows = {
            row[0]: Found(layer, row)
            for part in parts
            for layer in reversed(self.layers)
            for row in _rows_inside(part, layer)
        }
        return sorted(self._visible(rows.values()), key=lambda f: (-f.row[8], f.row[0]))

    def towns(
        self, west: float, south: float, east: float, north: float, limit: int
    ) -> list[Found]:
        """Return the most important towns of a box in degrees; west > east crosses 180."""
        rows = [
            Found(layer, row)
            for layer in self.layers
            for row in layer.towns(west, south, east, north, limit)
        ]
        ranked = sorted(
            self._visible(rows), key=lambda f: (f.row[2] != "PPLC", -f.row[8], f.row[0])
        )
        return ranked[:limit]

    def place(self, found: Found) -> Place:
        """Return the place of a row."""
        place_id, name, feature, country, admin1, admin2, lat, lon, population, *_ = found.row
        coded = found.layer.units == "codes"
        return Place(
            id=place_id,
            name=name,
            feature=feature,
            country=country,
            admin1=self._unit_name(country, admin1, None) if coded else admin1,
            admin2=self._unit_name(country, admin1, admin2) if coded and admin2 else None,
            lat=lat,
            lon=lon,
            population=population,
        )

    def unit_of(self, found: Found) -> Place | None:
        """Return the first-level unit of a row; None where it is not known by its code."""
        country, admin1 = found.row[3:5]
        if found.layer.units == "names" or not (country and admin1):
            return None
        unit = self._unit(country, admin1, None)
        return self.get(unit[0]) if unit else None

    def _topmost(self, found: Found) -> Found:
        """Return the row of the highest layer that holds the id of a row."""
        for higher in self._upper:
            if higher is found.layer:
                break
            if row := higher.row(found.row[0]):
                return Found(higher, row)
        return found

    def _visible(self, rows: Iterable[Found]) -> list[Found]:
        """Drop the rows whose place another layer shows."""
        return [
            f
            for f in rows
            if not self._upper or (self._topmost(f).layer is f.layer and self._twin(f) is None)
        ]

    def _twin(self, found: Found) -> str | None:
        """Return the GeoNames id of a place of our own tables that a dump holds too."""
        place_id = found.row[0]
        if not self._with_twins or found.layer.units == "names" or not is_own(place_id):
            return None
        twins = (twin for layer in self._with_twins if (twin := layer.twin(place_id)))
        return next(twins, None)

    def _read_unit_name(
        self, country: str | None, admin1: str | None, admin2: str | None
    ) -> str | None:
        if not (country and admin1):
            return None
        row = self._unit(country, admin1, admin2)
        return row[1] if row else None

    def _unit(self, country: str, admin1: str, admin2: str | None) -> tuple[Any, ...] | None:
        """Return the row of a unit by its codes, from the highest layer that knows them."""
        coded = (layer for layer in self.layers if layer.units == "codes")
        return next((row for layer in coded if (row := layer.unit(country, admin1, admin2))), None)


def _named(row: tuple[Any, ...]) -> Named:
    """Return the place of a row with its kind before it and the names of its units behind it."""
    kind, place_id, name, feature, country, code1, code2, lat, lon, population, cls, listed = row[
        :12
    ]
    admin1, admin2 = row[12:]
    place = Place(
        id=place_id,
        name=name,
        feature=feature,
        country=country,
        # Many places share them.
        admin1=intern(admin1) if admin1 and code1 else None,
        admin2=intern(admin2) if admin2 and code2 else None,
        lat=lat,
        lon=lon,
        population=population,
    )
    return Named(place, KINDS[kind], cls, bool(listed))


def _rows_inside(part: BaseGeometry, layer: Layer) -> list[Any]:
    """Return the rows of a layer whose points lie in a geometry between -180 and 180."""
    import shapely

    west, south, east, north = part.bounds
    shapely.prepare(part)
    rows = layer.box(south, north, west, east)
    inside = shapely.intersects_xy(part, [row[7] for row in rows], [row[6] for row in rows])
    found = [row for row, hit in zip(rows, inside, strict=True) if hit]
    # A meridian of 180 degrees has two signs, and a pole has every longitude.
    for edge in (-_ANTIMERIDIAN, _ANTIMERIDIAN):
        if edge in (west, east):
            seam = layer.box(south, north, -edge, -edge)
            found += [row for row in seam if shapely.intersects_xy(part, edge, row[6])]
    for pole in (-_POLE, _POLE):
        if pole in (south, north):
            found += layer.box(pole, pole, -_ANTIMERIDIAN, _ANTIMERIDIAN)
    return found

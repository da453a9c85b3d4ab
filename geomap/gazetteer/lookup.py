"""Look-ups in the gazetteer: by name, by place, by id."""

from __future__ import annotations

import logging
import math
import sqlite3
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from geomap.errors import IndexDamagedError
from geomap.folding import fold
from geomap.gazetteer.artefact import NAMES, PLACES, SHAPES, artefact_digest, check_artefact
from geomap.gazetteer.fuzzy import similar_keys
from geomap.gazetteer.index import Index, ensure_index, index_problems
from geomap.gazetteer.shapes import Shape, read_shapes
from geomap.model import Candidate, Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from geomap.gazetteer.index import Progress

__all__ = ["Gazetteer", "NameKind", "Named", "distance_km", "prominence"]

_log = logging.getLogger(__name__)

NameKind = Literal["canonical", "abbreviation", "alternate", "historic", "demonym"]
# In the order of `index.KIND_RANKS`.
_KINDS: tuple[NameKind, ...] = ("canonical", "abbreviation", "demonym", "alternate", "historic")
_KIND_WORDS: dict[NameKind, str] = {
    "canonical": "its usual name",
    "abbreviation": "a usual short form",
    "alternate": "another of its names",
    "historic": "a former name",
    "demonym": "the people or the adjective of it",
}
# Points of prominence that a weaker kind of name costs: one point is a factor of ten in population.
_KIND_COST: dict[NameKind, float] = {
    "canonical": 0.0,
    "abbreviation": 0.0,
    "alternate": 2.0,
    "historic": 1.5,
    "demonym": 0.5,
}
# Mean Earth radius of the IUGG, kilometres.
_EARTH_RADIUS_KM = 6371.0088
_KM_PER_DEGREE = math.pi * _EARTH_RADIUS_KM / 180
# Notable places that have no population, as if so many powers of ten lived there. Seas and
# continents are named worldwide; a stream or a hill usually only by its neighbours.
_CLASS_PROMINENCE = {"A": 2.5, "P": 1.5, "L": 4.0, "H": 3.0, "T": 3.0, "S": 2.0}
_FEATURE_PROMINENCE = {
    "PCLI": 3.0,
    "PCLD": 1.5,
    "PCLS": 2.5,
    "PCLIX": 2.0,
    "TERR": 1.5,
    "PPLC": 2.5,
    "PPLA": 0.6,
    "CONT": 5.0,
    "OCN": 5.0,
    "SEA": 3.5,
    "PPLX": -1.5,
    "PPLH": -2.0,
    "PPLQ": -2.0,
    "ADM2": -0.6,
    "ADM3": -1.0,
    "ADM4": -1.2,
    "ADM1H": -1.5,
}
# Entries of our own tables are there because news names them.
_OWN_PROMINENCE = 1.5

_PLACE = "id, name, feature, country, admin1, admin2, lat, lon, population, cls"


class Named(NamedTuple):
    """A place under one of its names."""

    place: Place
    kind: NameKind
    feature_class: str


class Gazetteer:
    """The embedded gazetteer.

    Opening it takes milliseconds; the very first time builds the index (some 20 seconds).

    Parameters
    ----------
    folder
        Where the index is kept; None for the user's cache, or $GEOMAP_CACHE.
    progress
        Told the step and the share done while the index is built; None for silence.

    Raises
    ------
    ArtefactError
        The shipped files are damaged.
    GazetteerError
        The cache folder cannot be written.
    """

    def __init__(self, folder: Path | None = None, *, progress: Progress | None = None) -> None:
        self._folder = folder
        self._progress = progress
        self._use(ensure_index(folder, progress))

    def __reduce__(self) -> tuple[type[Gazetteer], tuple[Path | None]]:
        return Gazetteer, (self._folder,)

    def _use(self, index: Index) -> None:
        self._index = index
        # Bound per instance, so that an answer is kept as long as the index it came from.
        self.named = lru_cache(maxsize=50_000)(self._named)
        self._admin_name = lru_cache(maxsize=50_000)(self._read_admin_name)

    def _query(self, sql: str, *values: object) -> list[Any]:
        try:
            return self._index.database.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            _log.warning("%s: damaged (%s): building it again", self._index.folder, error)
            self._index.database.close()
            (self._index.folder / "meta.json").unlink(missing_ok=True)
            self._use(ensure_index(self._folder, self._progress))
            try:
                return self._index.database.execute(sql, values).fetchall()
            except sqlite3.DatabaseError as again:
                raise IndexDamagedError(f"{self._index.folder}: {again}") from again

    def find(
        self,
        name: str,
        *,
        country: str | None = None,
        admin1: str | None = None,
        feature: str | None = None,
        limit: int = 10,
    ) -> list[Place]:
        """Return the places of a name, best first.

        Parameters
        ----------
        name
            A name, abbreviation or demonym in any script; case, diacritics and hyphens are free.
        country
            Keep only places of this country: an ISO alpha-2 code.
        admin1
            Keep only places of this first-level unit, by its name.
        feature
            Keep only this feature code ("PPLC") or feature class ("A").
        limit
            At most so many.

        Returns
        -------
        list of Place
            Empty when nothing is called that. Similar names are tried only when no place has the
            name itself: `search` says which it was.
        """
        found = self.search(name, country=country, admin1=admin1, feature=feature, limit=limit)
        return [candidate.place for candidate in found]

    def search(
        self,
        name: str,
        *,
        country: str | None = None,
        admin1: str | None = None,
        feature: str | None = None,
        limit: int = 10,
    ) -> list[Candidate]:
        """Return the places of a name with scores and reasons, best first.

        Parameters
        ----------
        name
            A name, abbreviation or demonym in any script; case, diacritics and hyphens are free.
        country
            Keep only places of this country: an ISO alpha-2 code.
        admin1
            Keep only places of this first-level unit, by its name.
        feature
            Keep only this feature code ("PPLC") or feature class ("A").
        limit
            At most so many.

        Returns
        -------
        list of Candidate
            Empty when nothing is called that or, failing that, nearly that. The score is the
            share that the place has of all its namesakes' prominence; places found under a
            similar name say so in their reasons and score at most 0.5.
        """
        unit = fold(admin1) if admin1 else None

        def wanted(named: Named) -> bool:
            place = named.place
            return (
                (country is None or place.country == country.upper())
                and (unit is None or fold(place.admin1 or "") == unit)
                and (feature is None or feature in (place.feature, named.feature_class))
            )

        called = self.places_called(name) or self.places_called(fold(name).removeprefix("the "))
        exact = [n for n in called if wanted(n)]
        if exact:
            return _scored(exact, [(_KIND_WORDS[n.kind],) for n in exact], 1.0)[:limit]
        near: list[Named] = []
        reasons: list[tuple[str, ...]] = []
        for key in similar_keys(self._index.trie, fold(name)):
            for named in self.places_called(key):
                if wanted(named) and all(named.place.id != n.place.id for n in near):
                    near.append(named)
                    reasons.append((f"no place has that name: {named.place.name!r} is like it",))
        return _scored(near, reasons, 0.5)[:limit]

    def suggest(self, name: str, *, limit: int = 3) -> tuple[str, ...]:
        """Return existing names that look like a name.

        Parameters
        ----------
        name
            A name that nothing is called.
        limit
            At most so many.

        Returns
        -------
        tuple of str
            Usual names of places, most prominent first; may be empty.
        """
        names: dict[str, float] = {}
        for key in similar_keys(self._index.trie, fold(name)):
            for named in self.places_called(key):
                rank = prominence(named.place, named.feature_class) - _KIND_COST[named.kind]
                names[named.place.name] = max(rank, names.get(named.place.name, 0.0))
        return tuple(sorted(names, key=lambda n: -names[n])[:limit])

    def places_called(self, name: str) -> tuple[Named, ...]:
        """Return every place of a name, folded forms included.

        Parameters
        ----------
        name
            A name in any spelling.

        Returns
        -------
        tuple of Named
            In no particular order; empty when nothing is called that.
        """
        return self.named(fold(name))

    def prefixes(self, folded: str) -> Iterator[str]:
        """Give every name that a folded text begins with.

        Parameters
        ----------
        folded
            A text as `geomap.folding` gives it.

        Returns
        -------
        iterator of str
            Each folded name, the shortest first.
        """
        found: Iterator[str] = self._index.trie.iter_prefixes(folded)
        return found

    def _named(self, name: str) -> tuple[Named, ...]:
        """Return the places of a folded name."""
        key = self._index.trie.get(name)
        if key is None:
            return ()
        rows = self._query(
            f"SELECT posting.kind, {_PLACE} FROM posting JOIN place ON place.row = posting.place "  # noqa: S608 - constants only
            "WHERE key = ?",
            key,
        )
        return tuple(Named(self._place(row[1:]), _KINDS[row[0]], row[10]) for row in rows)

    def get(self, place_id: str) -> Place | None:
        """Return the place of an id.

        Parameters
        ----------
        place_id
            Such as "geonames:1168197".

        Returns
        -------
        Place or None
            None for an id that the gazetteer does not hold.
        """
        rows = self._query(f"SELECT {_PLACE} FROM place WHERE id = ?", place_id)  # noqa: S608
        return self._place(rows[0]) if rows else None

    def country(self, code: str) -> Place | None:
        """Return the country or territory of a code.

        Parameters
        ----------
        code
            ISO 3166-1 alpha-2, in any case.

        Returns
        -------
        Place or None
            None for a code that no country has.
        """
        rows = self._query(
            f"SELECT {_PLACE} FROM place WHERE country = ? "  # noqa: S608
            "AND (feature GLOB 'PCL*' OR feature = 'TERR') ORDER BY population DESC LIMIT 1",
            code.upper(),
        )
        return self._place(rows[0]) if rows else None

    def near(
        self, lat: float, lon: float, *, radius_km: float, limit: int | None = None
    ) -> list[Place]:
        """Return the places within a radius, nearest first.

        Parameters
        ----------
        lat
            Latitude of the centre, degrees.
        lon
            Longitude of the centre, degrees.
        radius_km
            Great-circle radius, kilometres.
        limit
            At most so many; None for all.

        Returns
        -------
        list of Place
            Places whose point lies within the radius; may be empty.

        Raises
        ------
        ValueError
            The centre is not on Earth or the radius is negative.
        """
        if not (-90 <= lat <= 90 and -180 <= lon <= 180 and radius_km >= 0):  # noqa: PLR2004
            raise ValueError(f"lat {lat}, lon {lon}, radius_km {radius_km}: not a circle on Earth")
        reach = radius_km / _KM_PER_DEGREE
        rows = []
        for west, east in _lon_ranges(lat, lon, reach):
            rows += self._query(
                f"SELECT {_PLACE} FROM place WHERE lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?",  # noqa: S608
                lat - reach,
                lat + reach,
                west,
                east,
            )
        measured = [(distance_km(lat, lon, row[6], row[7]), row[0], row) for row in rows]
        inside = sorted(entry for entry in measured if entry[0] <= radius_km)
        return [self._place(row) for *_, row in inside[:limit]]

    def cities(
        self, west: float, south: float, east: float, north: float, *, limit: int
    ) -> list[Place]:
        """Return the most important towns of a box.

        Parameters
        ----------
        west
            Western edge, degrees; east of `east` for a box across the antimeridian.
        south
            Southern edge, degrees.
        east
            Eastern edge, degrees.
        north
            Northern edge, degrees.
        limit
            At most so many.

        Returns
        -------
        list of Place
            Capitals first, then by population; may be empty.
        """
        between = "lon BETWEEN ? AND ?" if west <= east else "(lon >= ? OR lon <= ?)"
        rows = self._query(
            f"SELECT {_PLACE} FROM place WHERE cls = 'P' AND population > 15000 "  # noqa: S608
            f"AND lat BETWEEN ? AND ? AND {between} "
            "ORDER BY feature = 'PPLC' DESC, population DESC, id LIMIT ?",
            south,
            north,
            west,
            east,
            limit,
        )
        return [self._place(row) for row in rows]

    def geometry(self, place: Place) -> BaseGeometry | None:
        """Return the outline of a place.

        Parameters
        ----------
        place
            A place of the gazetteer.

        Returns
        -------
        shapely geometry or None
            A polygon with x = lon and y = lat, degrees; None for all but countries and first-level
            units, and for some of those.

        Raises
        ------
        ArtefactError
            The shipped outlines are damaged.
        """
        shape = self._shapes.get(place.id)
        return shape.geometry() if shape else None

    def shapes(self, kind: Literal["country", "admin1"]) -> list[Shape]:
        """Return all outlines of a kind.

        Parameters
        ----------
        kind
            "country" or "admin1".

        Returns
        -------
        list of Shape
            In a fixed order.
        """
        return [shape for shape in self._shapes.values() if shape.kind == kind]

    @cached_property
    def _shapes(self) -> dict[str, Shape]:
        check_artefact(SHAPES)
        return read_shapes()

    def feature_class(self, feature: str) -> str:
        """Return the class of a feature code.

        Parameters
        ----------
        feature
            A GeoNames feature code.

        Returns
        -------
        str
            A, P, L, H, T, S, R, U or V; P for a code that the gazetteer does not hold.
        """
        return self._feature_classes.get(feature, "P")

    @cached_property
    def _feature_classes(self) -> dict[str, str]:
        return dict(self._query("SELECT DISTINCT feature, cls FROM place"))

    def info(self) -> dict[str, str | int]:
        """Say what the gazetteer holds and where its index lies.

        Returns
        -------
        dict
            Counts of places, names and countries, the digest, the index's folder, the sources.
        """
        ((places, countries),) = self._query("SELECT count(*), count(DISTINCT country) FROM place")
        return {
            "places": places,
            "names": self._index.names,
            "distinct names": len(self._index.trie),
            "countries": countries,
            "digest": artefact_digest(),
            "index": str(self._index.folder),
            "data": "GeoNames (CC BY 4.0, modified), Natural Earth (public domain)",
        }

    def verify(self) -> list[str]:
        """Check the shipped files and the whole index.

        Returns
        -------
        list of str
            One line a problem of the index; empty when all is well.

        Raises
        ------
        ArtefactError
            A shipped file is damaged.
        """
        check_artefact(PLACES, NAMES, SHAPES)
        return index_problems(self._index)

    def _place(self, row: tuple[Any, ...]) -> Place:
        place_id, name, feature, country, admin1, admin2, lat, lon, population, _ = row
        return Place(
            id=place_id,
            name=name,
            feature=feature,
            country=country,
            admin1=self._admin_name(country, admin1, None),
            admin2=self._admin_name(country, admin1, admin2) if admin2 else None,
            lat=lat,
            lon=lon,
            population=population,
        )

    def _read_admin_name(
        self, country: str | None, admin1: str | None, admin2: str | None
    ) -> str | None:
        if not (country and admin1):
            return None
        rows = self._query(
            "SELECT name FROM place WHERE country = ? AND admin1 = ? AND feature = 'ADM1'"
            if admin2 is None
            else "SELECT name FROM place WHERE country = ? AND admin1 = ? AND admin2 = ? "
            "AND feature = 'ADM2'",
            *((country, admin1) if admin2 is None else (country, admin1, admin2)),
        )
        return rows[0][0] if rows else None


def prominence(place: Place, feature_class: str) -> float:
    """Say how likely news means this place when all that is known is its name.

    Parameters
    ----------
    place
        A place of the gazetteer.
    feature_class
        Its GeoNames class, one letter.

    Returns
    -------
    float
        The decimal logarithm of the population, or a stand-in where there is none, with a bonus
        for countries and capitals: a capital outranks the province of its name.
    """
    bonus = _FEATURE_PROMINENCE.get(place.feature, 0.0)
    if place.id.startswith("geomap:"):
        bonus += _OWN_PROMINENCE
    if place.population:
        return math.log10(place.population + 10) + bonus
    return _CLASS_PROMINENCE.get(feature_class, 2.0) + bonus


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the great-circle distance of two points in kilometres (haversine formula)."""
    south, north = math.radians(lat), math.radians(other_lat)
    half = math.sin((north - south) / 2) ** 2
    half += math.cos(south) * math.cos(north) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * _EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def _lon_ranges(lat: float, lon: float, reach: float) -> list[tuple[float, float]]:
    """Return the ranges of longitude that a circle touches: two across the antimeridian."""
    if abs(lat) + reach >= 90:  # noqa: PLR2004 - the circle holds a pole
        return [(-180.0, 180.0)]
    half = math.degrees(
        math.asin(min(1.0, math.sin(math.radians(reach)) / math.cos(math.radians(lat))))
    )
    west, east = lon - half, lon + half
    if west < -180:  # noqa: PLR2004
        return [(west + 360, 180.0), (-180.0, east)]
    if east > 180:  # noqa: PLR2004
        return [(west, 180.0), (-180.0, east - 360)]
    return [(west, east)]


def _scored(named: list[Named], reasons: list[tuple[str, ...]], ceiling: float) -> list[Candidate]:
    """Share `ceiling` among places by ten to the power of their prominence."""
    if not named:
        return []
    ranks = [prominence(n.place, n.feature_class) - _KIND_COST[n.kind] for n in named]
    weights = [10 ** (rank - max(ranks)) for rank in ranks]
    total = sum(weights)
    candidates = [
        Candidate(place=n.place, score=ceiling * weight / total, reasons=why)
        for n, weight, why in zip(named, weights, reasons, strict=True)
    ]
    order = sorted(range(len(named)), key=lambda i: (-ranks[i], named[i].place.id))
    return [candidates[i] for i in order]

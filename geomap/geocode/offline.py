"""A geopy geocoder over the gazetteer; it has no way to the network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeAlias

from geopy.adapters import BaseSyncAdapter
from geopy.exc import GeocoderQueryError, GeocoderServiceError
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point

from geomap.coordinates import checked, parse
from geomap.errors import CoordinateError
from geomap.folding import fold
from geomap.gazetteer import Gazetteer, distance_km

if TYPE_CHECKING:
    from collections.abc import Callable

    from geomap.model import Candidate, Place

    Query: TypeAlias = str | Mapping[str, str] | None
    Centre: TypeAlias = str | Point | tuple[float, float]

__all__ = [
    "GazetteerGeocoder",
    "country_contains",
    "country_set",
    "found",
    "latitude_longitude",
    "query_parts",
]

# More namesakes than any place name has, so that a qualifier is held against all of them.
_ALL_NAMESAKES = 10_000
# How many places `reverse` gives when more than one is asked for and no limit is set.
_USUAL_LIMIT = 10
# Kilometres within which the nearest town is looked for, ever wider: the last reaches any island.
# The steps shrink, because out at sea each new ring may take in a whole coast.
_REACHES_KM = (10.0, 40.0, 120.0, 300.0, 600.0, 900.0, 1200.0, 1500.0, 2000.0)
# Populated places that nobody lives in: abandoned, historical, destroyed.
_DESERTED = frozenset({"PPLQ", "PPLH", "PPLW"})
# geopy's keys of structured queries, the narrowest first; a gazetteer has no streets.
_KEYS = ("name", "city", "county", "state", "country")
_NO_KEYS = frozenset({"street", "postalcode"})
# How numpy and pandas write a missing value; geomap need not load them to know it.
_GAPS = frozenset({"nan", "NaT", "<NA>"})
# By the prefix of the id: whose data a row is.
_ATTRIBUTION = {
    "geonames": "GeoNames, CC BY 4.0, modified",
    "geomap": "geomap",
}


class _NoNetwork(BaseSyncAdapter):  # type: ignore[misc]  # geopy is untyped
    """Stands where geopy wants an HTTP client."""

    def get_text(self, url: str, **_: object) -> NoReturn:
        raise GeocoderServiceError(f"{url}: this geocoder is offline")

    get_json = get_text


class _Answer(NamedTuple):
    """The candidates of a query, best first, and whether any is really called that."""

    candidates: list[Candidate]
    exact: bool


class GazetteerGeocoder(Geocoder):  # type: ignore[misc]  # geopy is untyped
    """Geocode offline with geopy's own calls.

    It works inside ``geopy.extra.rate_limiter.RateLimiter`` and as
    ``geopandas.tools.geocode(names, provider=GazetteerGeocoder)``.

    Parameters
    ----------
    gazetteer
        The gazetteer; None for the embedded one.
    timeout
        Taken for geopy's sake; look-ups take milliseconds.
    """

    def __init__(
        self, *, gazetteer: Gazetteer | None = None, timeout: float | None = DEFAULT_SENTINEL
    ) -> None:
        super().__init__(timeout=timeout, adapter_factory=_NoNetwork)
        self.gazetteer = gazetteer or Gazetteer()

    def geocode(
        self,
        query: Query,
        *,
        exactly_one: bool = True,
        timeout: float | None = DEFAULT_SENTINEL,  # noqa: ARG002 - part of geopy's signature
        limit: int | None = None,
        country_codes: str | list[str] | None = None,
    ) -> Location | list[Location] | None:
        """Return the places of a name.

        Parameters
        ----------
        query
            A name, with what it lies in behind commas: "Peshawar", "Springfield, Illinois",
            "Paris, Texas, USA"; or a dict of name or city, county, state, country.
        exactly_one
            The best only, instead of a list.
        timeout
            Taken for geopy's sake.
        limit
            At most so many in a list; None for all.
        country_codes
            Keep only places of these countries: ISO alpha-2, one ("PK", "PK,AF") or a list.

        Returns
        -------
        Location or list of Location or None
            None for an empty query and when nothing is called that there. Each location's `raw`
            has id, feature, country, admin1, population, score, reasons and attribution; a score
            of at most 0.5 marks a place whose name is only like the one asked for.

        Raises
        ------
        geopy.exc.GeocoderQueryError
            The query is neither text nor a dict, or asks for a street or a postcode.
        """
        answer = found(self.gazetteer, query, country_set(country_codes))
        locations = [self._location(candidate) for candidate in answer.candidates[:limit]]
        if exactly_one:
            return locations[0] if locations else None
        return locations or None

    def reverse(
        self,
        query: Centre,
        *,
        exactly_one: bool = True,
        timeout: float | None = DEFAULT_SENTINEL,  # noqa: ARG002 - part of geopy's signature
        limit: int | None = None,
    ) -> Location | list[Location] | None:
        """Return the populated places nearest to a point.

        Parameters
        ----------
        query
            A geopy Point, (latitude, longitude) in degrees, or text as `geomap.coordinates` reads.
        exactly_one
            The nearest only, instead of a list.
        timeout
            Taken for geopy's sake.
        limit
            At most so many in a list; None for 10.

        Returns
        -------
        Location or list of Location or None
            Nearest first; `raw` has distance_km besides what `geocode` gives. None when nobody
            lives within 2,000 km.

        Raises
        ------
        geopy.exc.GeocoderQueryError
            The query is no pair of coordinates.
        """
        lat, lon = latitude_longitude(query)
        wanted = 1 if exactly_one else limit or _USUAL_LIMIT
        towns: list[Place] = []
        for reach in _REACHES_KM:
            near = self.gazetteer.near(lat, lon, radius_km=reach)
            towns = [place for place in near if self._is_lived_in(place)]
            if len(towns) >= wanted:
                break
        locations = []
        for place in towns[:wanted]:
            away = distance_km(lat, lon, place.lat, place.lon)
            raw = self._raw(place) | {"distance_km": away, "reasons": ["the nearest town"]}
            locations.append(Location(self._address(place), (place.lat, place.lon), raw))
        if exactly_one:
            return locations[0] if locations else None
        return locations or None

    def _is_lived_in(self, place: Place) -> bool:
        is_town = self.gazetteer.feature_class(place.feature) == "P"
        return is_town and place.feature not in _DESERTED

    def _location(self, candidate: Candidate) -> Location:
        place = candidate.place
        raw = self._raw(place) | {"score": candidate.score, "reasons": list(candidate.reasons)}
        return Location(self._address(place), (place.lat, place.lon), raw)

    def _raw(self, place: Place) -> dict[str, Any]:
        source = place.id.partition(":")[0]
        return {
            "provider": "gazetteer",
            "id": place.id,
            "name": place.name,
            "feature": place.feature,
            "country": place.country,
            "admin1": place.admin1,
            "population": place.population,
            "score": 1.0,
            "reasons": [],
            "attribution": _ATTRIBUTION.get(source, source),
        }

    def _address(self, place: Place) -> str:
        country = self.gazetteer.country(place.country) if place.country else None
        parts = (place.name, place.admin1, country and country.name)
        return ", ".join(dict.fromkeys(part for part in parts if part))


def country_contains(gazetteer: Gazetteer, code: str) -> Callable[[float, float], bool]:
    """Make the test that `geomap.coordinates.parse` takes: whether a point lies in a country.

    Parameters
    ----------
    gazetteer
        The gazetteer that has the outline.
    code
        ISO alpha-2 code of the country.

    Returns
    -------
    callable
        Takes latitude and longitude, degrees; points on the border count as inside.

    Raises
    ------
    CoordinateError
        There is no such country, or no outline of it.
    """
    from shapely import Point as Vertex

    place = gazetteer.country(code)
    outline = gazetteer.geometry(place) if place else None
    if outline is None:
        raise CoordinateError(f"{code}: no country of that code has an outline")
    return lambda lat, lon: bool(outline.covers(Vertex(lon, lat)))


def latitude_longitude(query: Centre) -> tuple[float, float]:
    """Read the point that `reverse` is asked about.

    Parameters
    ----------
    query
        A geopy Point, (latitude, longitude) in degrees, or text.

    Returns
    -------
    tuple of float
        Latitude and longitude, degrees.

    Raises
    ------
    geopy.exc.GeocoderQueryError
        It is none of these, or not on Earth.
    """
    try:
        if isinstance(query, str):
            return parse(query)
        lat, lon = (query.latitude, query.longitude) if isinstance(query, Point) else query
        return checked(float(lat), float(lon))
    except (CoordinateError, TypeError, ValueError) as error:
        raise GeocoderQueryError(f"{query!r}: {error}") from error


def query_parts(query: object) -> list[str]:
    """Take a query apart into a name and what it lies in.

    Parameters
    ----------
    query
        Text with commas, or geopy's structured dict.

    Returns
    -------
    list of str
        The narrowest first; empty for an empty query, None and the missing values of pandas.

    Raises
    ------
    geopy.exc.GeocoderQueryError
        It is neither, or asks for a street or a postcode.
    """
    if isinstance(query, str):
        return [part.strip() for part in query.split(",") if part.strip()]
    if query is None or str(query) in _GAPS:
        return []
    if not isinstance(query, Mapping):
        raise GeocoderQueryError(f"{query!r}: neither text nor a dict")
    if unknown := sorted(set(query) - {*_KEYS, *_NO_KEYS}):
        raise GeocoderQueryError(f"{unknown[0]}: not a key of a query, give {', '.join(_KEYS)}")
    if asked := sorted(key for key in _NO_KEYS if query.get(key)):
        raise GeocoderQueryError(f"{asked[0]}: the gazetteer holds places, no addresses")
    return [query[key].strip() for key in _KEYS if (query.get(key) or "").strip()]


def found(gazetteer: Gazetteer, query: Query, codes: frozenset[str] = frozenset()) -> _Answer:
    """Find the places that a query means.

    Parameters
    ----------
    gazetteer
        The gazetteer.
    query
        Text with commas, or geopy's structured dict.
    codes
        Countries to keep, ISO alpha-2 in upper case; empty for all.

    Returns
    -------
    tuple
        The candidates, best first, their scores shared out among those that fit; and whether they
        bear the name itself and not one like it.
    """
    parts = query_parts(query)
    if not parts:
        return _Answer([], exact=False)
    whole = ", ".join(parts)
    if isinstance(query, str) and len(parts) > 1 and gazetteer.places_called(whole):
        parts = [whole]
    head, *qualifiers = parts
    candidates = gazetteer.search(head, limit=_ALL_NAMESAKES)
    ceiling = sum(candidate.score for candidate in candidates)
    fitting = [c for c in candidates if not codes or c.place.country in codes]
    for qualifier in qualifiers:
        units = _units(gazetteer, qualifier)
        fitting = [c for c in fitting if _lies_in(c.place, qualifier, units)]
    exact = bool(
        gazetteer.places_called(head) or gazetteer.places_called(fold(head).removeprefix("the "))
    )
    return _Answer(_shared_out(fitting, ceiling), exact=exact)


def _units(gazetteer: Gazetteer, name: str) -> list[Place]:
    """Return the countries and first-level units that a qualifier may mean."""
    units = [
        named.place
        for named in gazetteer.places_called(name)
        if named.feature_class == "A" and named.kind != "demonym"
    ]
    by_code = gazetteer.country(name) if len(name) == len("PK") else None
    return [*units, by_code] if by_code else units


def _lies_in(place: Place, qualifier: str, units: list[Place]) -> bool:
    """Tell whether a place lies in one of the units, or in a second-level unit of that name."""
    if place.admin2 and fold(place.admin2) == fold(qualifier):
        return True
    for unit in units:
        if unit.id == place.id or unit.country != place.country:
            continue
        if unit.feature.startswith("PCL") or unit.feature == "TERR":
            return True
        if unit.feature == "ADM1" and place.admin1 == unit.name:
            return True
    return False


def _shared_out(candidates: list[Candidate], ceiling: float) -> list[Candidate]:
    """Give the ones that are left the shares of those that a qualifier ruled out."""
    total = sum(candidate.score for candidate in candidates)
    if not total:
        return candidates
    return [replace(c, score=min(1.0, ceiling * c.score / total)) for c in candidates]


def country_set(country_codes: str | list[str] | None) -> frozenset[str]:
    """Read country codes as geopy's Nominatim takes them.

    Parameters
    ----------
    country_codes
        ISO alpha-2 codes in any case, with commas or as a list; None for all countries.

    Returns
    -------
    frozenset of str
        The codes in upper case; empty for all countries.
    """
    if not country_codes:
        return frozenset()
    listed = country_codes.split(",") if isinstance(country_codes, str) else country_codes
    return frozenset(code.strip().upper() for code in listed)

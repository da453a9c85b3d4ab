"""Cache, then gazetteer, then the services that were configured; none are by default."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geopy.exc import GeocoderServiceError, GeopyError
from geopy.geocoders.base import DEFAULT_SENTINEL
from geopy.location import Location

from geomap.errors import InputError
from geomap.fetch import check_contact, is_offline
from geomap.gazetteer.index import cache_folder
from geomap.geocode.cache import Cache, Kept
from geomap.geocode.offline import (
    GazetteerGeocoder,
    country_set,
    found,
    latitude_longitude,
    query_parts,
)
from geomap.geocode.services import Service, ask, geocoder
from geomap.output import require_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.gazetteer import Gazetteer
    from geomap.geocode.offline import Centre, Query

__all__ = ["Chain"]

_log = logging.getLogger(__name__)

# Places seldom move; half a year also keeps a service's later corrections from being missed.
_KEEP_DAYS = 180.0
# What a service lacks today it may have next week.
_KEEP_MISSING_DAYS = 7.0
# Seconds for a turn and for an answer; geopy's one second is too short for a shared server.
_TIMEOUT_S = 10.0
_USUAL_LIMIT = 10


class Chain(GazetteerGeocoder):
    """Geocode with the gazetteer, and with services for what it does not hold.

    A question goes to the cache, to the gazetteer, then to each service in turn. Every answer of
    a service is kept, "there is none" included. GEOMAP_OFFLINE=1 switches the services off.

    Parameters
    ----------
    gazetteer
        The gazetteer; None for the embedded one.
    services
        The services to ask, in order; none by default: then nothing leaves the machine.
    cache
        The SQLite file of kept answers, in an existing folder; None for one in geomap's cache.
    contact
        Your e-mail address or page, told to the services; needed when there are any.
    keep_days
        How long a found place is taken from the cache.
    keep_missing_days
        How long "there is none" is.

    Raises
    ------
    InputError
        There are services but no contact that they could write to.
    OutputError
        There are services and the folder of the cache is missing.
    """

    def __init__(
        self,
        gazetteer: Gazetteer | None = None,
        *,
        services: Sequence[Service] = (),
        cache: str | Path | None = None,
        contact: str | None = None,
        keep_days: float = _KEEP_DAYS,
        keep_missing_days: float = _KEEP_MISSING_DAYS,
    ) -> None:
        if isinstance(services, Service):
            raise InputError("services: give a list of them")
        known_as = check_contact(contact) if services else ""
        super().__init__(gazetteer=gazetteer, timeout=_TIMEOUT_S)
        self.services = tuple(services)
        self._coders = [geocoder(service, contact=known_as) for service in self.services]
        path = Path(cache) if cache else cache_folder() / "geocode.sqlite"
        if services:
            require_folder(path)
        self._cache = Cache(path, keep_days=keep_days, keep_missing_days=keep_missing_days)

    def geocode(
        self,
        query: Query,
        *,
        exactly_one: bool = True,
        timeout: float | None = DEFAULT_SENTINEL,
        limit: int | None = None,
        country_codes: str | list[str] | None = None,
    ) -> Location | list[Location] | None:
        """Return the places of a name.

        Parameters
        ----------
        query
            As `GazetteerGeocoder.geocode` takes it.
        exactly_one
            The best only, instead of a list.
        timeout
            Seconds for a service's turn, and again for its answer; 10 unless told.
        limit
            At most so many in a list; None for all, and for 10 of a service.
        country_codes
            Keep only places of these countries: ISO alpha-2, one ("PK", "PK,AF") or a list.

        Returns
        -------
        Location or list of Location or None
            None when the gazetteer and all services know of none, or nobody may be asked. `raw`
            names provider and attribution; from services also retrieved, cached and response. A
            place of the gazetteer whose name is only like the one asked for comes last.

        Raises
        ------
        geopy.exc.GeocoderQueryError
            The query is neither text nor a dict, or asks for a street or a postcode.
        geopy.exc.GeopyError
            Nothing was found and a service could not answer: "none" would be a guess.
        """
        parts = query_parts(query)
        if not parts:
            return None
        countries = country_set(country_codes)
        params = {
            "query": ", ".join(parts),
            "countries": sorted(countries),
            "limit": 1 if exactly_one else limit or _USUAL_LIMIT,
        }
        locations = self._kept(params)
        if not locations:
            answer = found(self.gazetteer, query, countries)
            own = [self._location(candidate) for candidate in answer.candidates[:limit]]
            locations = own if own and answer.exact else self._asked(params, timeout, own)
        return _shaped(locations, exactly_one=exactly_one)

    def reverse(
        self,
        query: Centre,
        *,
        exactly_one: bool = True,
        timeout: float | None = DEFAULT_SENTINEL,
        limit: int | None = None,
    ) -> Location | list[Location] | None:
        """Return the populated places nearest to a point.

        Parameters
        ----------
        query
            As `GazetteerGeocoder.reverse` takes it.
        exactly_one
            The nearest only, instead of a list.
        timeout
            Seconds for a service's turn, and again for its answer; 10 unless told.
        limit
            At most so many in a list; None for 10.

        Returns
        -------
        Location or list of Location or None
            From the gazetteer wherever somebody lives within its reach, else from a service.

        Raises
        ------
        geopy.exc.GeocoderQueryError
            The query is no pair of coordinates.
        geopy.exc.GeopyError
            Nothing was found and a service could not answer.
        """
        lat, lon = latitude_longitude(query)
        count = 1 if exactly_one else limit or _USUAL_LIMIT
        params = {"lat": lat, "lon": lon, "limit": count}
        locations = self._kept(params)
        if not locations:
            own = super().reverse((lat, lon), exactly_one=False, limit=count)
            locations = own or self._asked(params, timeout, [])
        return _shaped(locations, exactly_one=exactly_one)

    def _kept(self, params: dict[str, Any]) -> list[Location]:
        """Return the first found answer that the cache has of any service."""
        for service in self.services:
            kept = self._cache.get(_name(service), params)
            if kept and kept.found:
                return _locations(service, kept, cached=True)
        return []

    def _asked(
        self, params: dict[str, Any], timeout: float | None, instead: list[Location]
    ) -> list[Location]:
        """Ask the services that have not said yet that they know of none."""
        failure: GeopyError | None = None
        seconds = self.timeout if timeout is DEFAULT_SENTINEL or timeout is None else timeout
        for service, coder in zip(self.services, self._coders, strict=True):
            if is_offline():
                return instead
            if self._cache.get(_name(service), params) is not None:
                continue
            try:
                answers = ask(coder, service, params, seconds)
            except GeocoderServiceError as error:
                _log.warning("%s: %s", service.provider, error)
                failure = error
                continue
            rows = [_row(location) for location in answers]
            kept = self._cache.put(_name(service), params, rows, service.source)
            if rows:
                return _locations(service, kept, cached=False)
        if failure and not instead:
            raise failure
        return instead


def _name(service: Service) -> str:
    """Name a service in the cache: two servers of one kind may hold different data."""
    return f"{service.provider} {service.address}"


def _row(location: Location) -> dict[str, Any]:
    return {
        "address": location.address,
        "lat": location.latitude,
        "lon": location.longitude,
        "response": location.raw,
    }


def _locations(service: Service, kept: Kept, *, cached: bool) -> list[Location]:
    """Build the locations of an answer, each with its source and its day."""
    told = {
        "provider": service.provider,
        "id": None,
        "feature": None,
        "country": None,
        "admin1": None,
        "population": None,
        "score": None,
        "reasons": [f"{service.provider} says so, the gazetteer has no place of that name"],
        "attribution": kept.attribution,
        "retrieved": datetime.fromtimestamp(kept.retrieved, UTC).isoformat(timespec="seconds"),
        "cached": cached,
    }
    return [
        Location(row["address"], (row["lat"], row["lon"]), told | {"response": row["response"]})
        for row in kept.found
    ]


def _shaped(locations: list[Location], *, exactly_one: bool) -> Location | list[Location] | None:
    if exactly_one:
        return locations[0] if locations else None
    return locations or None

"""Photon, GeoNames, Pelias and Nominatim through geopy's classes and geomap's guarded door."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from geopy.adapters import AdapterHTTPError, BaseSyncAdapter, get_retry_after
from geopy.exc import (
    GeocoderParseError,
    GeocoderServiceError,
    GeocoderTimedOut,
    GeocoderUnavailable,
)
from geopy.geocoders import GeoNames, Nominatim, Pelias, Photon

from geomap.coordinates import checked
from geomap.errors import (
    FetchError,
    FetchTimeoutError,
    HttpStatusError,
    InputError,
    OfflineError,
    RefusedAddressError,
)
from geomap.fetch import Limits, get, open_host
from geomap.geocode.pace import hold_off, wait_turn

if TYPE_CHECKING:
    from pathlib import Path

    from geopy.geocoders.base import Geocoder
    from geopy.location import Location

    Provider = Literal["photon", "geonames", "pelias", "nominatim"]

__all__ = ["Service", "ask", "geocoder"]

# Where the providers with a public server have it; GeoNames serves https under this name only.
_PUBLIC = {
    "photon": "https://photon.komoot.io",
    "geonames": "https://secure.geonames.org",
    "nominatim": "https://nominatim.openstreetmap.org",
}
_ATTRIBUTION = {
    "photon": "© OpenStreetMap contributors, ODbL 1.0",
    "geonames": "GeoNames, CC BY 4.0",
    "pelias": "Pelias with OpenStreetMap (ODbL 1.0), Who's On First, OpenAddresses, GeoNames",
    "nominatim": "© OpenStreetMap contributors, ODbL 1.0",
}
# Nominatim's usage policy: "an absolute maximum of 1 request per second"; the others ask for less
# precise restraint, so it holds for all public servers.
_PUBLIC_INTERVAL_S = 1.0
# An answer to a look-up is some kilobytes.
_MAX_BYTES = 2_000_000
# How long a server that says 429 without a time is left alone.
_USUAL_PAUSE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A geocoding service to ask for what the gazetteer does not hold.

    Parameters
    ----------
    provider
        Which kind of service.
    url
        A server of your own, "http://localhost:2322"; it may have a private address. None for the
        provider's public server; Pelias has none.
    key
        GeoNames' user name or the key of a Pelias server; None where none is needed.
    interval_s
        Seconds between two requests, over all processes; at least 1 for public servers.
    attribution
        Whose data it serves; None for what the provider's own server uses.

    Raises
    ------
    InputError
        The provider is unknown, a needed `url` or `key` is missing, the address is not http or
        https or has a path, or the interval is too short.
    """

    provider: Provider
    url: str | None = None
    key: str | None = None
    interval_s: float = _PUBLIC_INTERVAL_S
    attribution: str | None = None

    def __post_init__(self) -> None:
        if self.provider not in _ATTRIBUTION:
            known = ", ".join(_ATTRIBUTION)
            raise InputError(f"{self.provider}: no such geocoding service, there are {known}")
        if self.url is None and self.provider not in _PUBLIC:
            raise InputError(f"{self.provider}: has no public server, give the url of one")
        if self.provider == "geonames" and not self.key:
            raise InputError("geonames: needs a key, the user name of your account")
        try:
            open_host(self.address)
        except RefusedAddressError as error:
            raise InputError(str(error)) from error
        if urlsplit(self.address).path.strip("/"):
            raise InputError(f"{self.url}: give the server only, without a path")
        least = 0.0 if self.is_own else _PUBLIC_INTERVAL_S
        if not least <= self.interval_s < math.inf:
            raise InputError(
                f"{self.provider}: an interval of at least {least:g} seconds is needed"
            )

    @property
    def address(self) -> str:
        """The server's address."""
        return self.url or _PUBLIC[self.provider]

    @property
    def is_own(self) -> bool:
        """Whether it is a server that the user names and not one of the public ones."""
        hosts = {urlsplit(url).hostname for url in _PUBLIC.values()}
        return self.url is not None and urlsplit(self.url).hostname not in hosts

    @property
    def source(self) -> str:
        """Whose data its answers are."""
        return self.attribution or _ATTRIBUTION[self.provider]


class _FetchAdapter(BaseSyncAdapter):  # type: ignore[misc]  # geopy is untyped
    """geopy's way to the network: paced, guarded, and with geopy's own errors."""

    def __init__(self, service: Service, contact: str, folder: Path | None) -> None:
        super().__init__(proxies=None, ssl_context=None)
        self._service = service
        self._contact = contact
        self._folder = folder
        self._host = open_host(service.address)

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> object:
        text = self.get_text(url, timeout=timeout, headers=headers)
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise GeocoderParseError(f"{self._host}: the answer is not JSON") from error

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:  # noqa: ARG002 - fetch writes its own headers
        open_hosts = frozenset({self._host}) if self._service.is_own else frozenset()
        limits = Limits(seconds=timeout, max_bytes=_MAX_BYTES, open_hosts=open_hosts)
        interval = self._service.interval_s
        try:
            wait_turn(self._host, interval_s=interval, timeout_s=timeout, folder=self._folder)
            return get(url, contact=self._contact, limits=limits).text()
        # No causes: their messages hold the whole address, and that may hold a key.
        except HttpStatusError as error:
            self._note_pause(error)
            raise AdapterHTTPError(
                f"{self._host}: the server answers {error.status}",
                status_code=error.status,
                headers=error.headers,
                text="",
            ) from None
        except FetchTimeoutError as error:
            raise GeocoderTimedOut(_without_query(error, url)) from None
        except (OfflineError, RefusedAddressError) as error:
            raise GeocoderServiceError(_without_query(error, url)) from None
        except FetchError as error:
            raise GeocoderUnavailable(_without_query(error, url)) from None

    def _note_pause(self, error: HttpStatusError) -> None:
        """Leave a server alone that says it is asked too often."""
        pause = get_retry_after(error.headers)
        if error.status == 429 and pause is None:  # noqa: PLR2004 - Too Many Requests
            pause = _USUAL_PAUSE_S
        if pause:
            hold_off(self._host, seconds=pause, folder=self._folder)


def _without_query(error: Exception, url: str) -> str:
    """Write an error without the query, which may hold a key."""
    return str(error).replace(url, url.partition("?")[0])


def geocoder(service: Service, *, contact: str, folder: Path | None = None) -> Geocoder:
    """Make geopy's geocoder of a service.

    Parameters
    ----------
    service
        The service.
    contact
        An e-mail address or page, sent in the User-Agent.
    folder
        Where the turns of all processes are kept; None for geomap's cache.

    Returns
    -------
    geopy.geocoders.base.Geocoder
        One of geopy's own classes over geomap's guarded door.
    """

    def adapter_factory(**_: object) -> _FetchAdapter:
        return _FetchAdapter(service, contact, folder)

    scheme, _, domain = service.address.rstrip("/").partition("://")
    options: dict[str, Any] = {
        "scheme": scheme,
        "domain": domain,
        "user_agent": f"geomap ({contact})",
        "adapter_factory": adapter_factory,
    }
    if service.provider == "geonames":
        return GeoNames(service.key, **options)
    if service.provider == "pelias":
        return Pelias(api_key=service.key, **options)
    return (Photon if service.provider == "photon" else Nominatim)(**options)


def ask(
    coder: Geocoder, service: Service, params: dict[str, Any], timeout: float
) -> list[Location]:
    """Ask a service.

    Parameters
    ----------
    coder
        What `geocoder` made of it.
    service
        The service.
    params
        Either query, countries (ISO alpha-2) and limit, or lat, lon and limit.
    timeout
        Seconds for the turn, and again for the answer.

    Returns
    -------
    list of Location
        Best first; empty when the service knows of none. Their points are on Earth.

    Raises
    ------
    geopy.exc.GeopyError
        There is no usable answer.
    """
    try:
        if "query" in params:
            arguments = _arguments(service.provider, params)
            answer = coder.geocode(params["query"], exactly_one=False, timeout=timeout, **arguments)
        else:
            point = (params["lat"], params["lon"])
            answer = coder.reverse(point, exactly_one=False, timeout=timeout)
        locations = list(answer or ())
        for location in locations:
            checked(location.latitude, location.longitude)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise GeocoderParseError(f"{service.address}: an answer of another shape") from error
    if service.provider == "photon" and params.get("countries"):
        locations = [x for x in locations if _photon_country(x) in params["countries"]]
    return locations[: params["limit"]]


def _arguments(provider: str, params: dict[str, Any]) -> dict[str, Any]:
    """Write the filters as each of geopy's classes wants them."""
    countries, limit = params["countries"], params["limit"]
    if provider == "photon":
        # It knows no filter of countries: ask for more, because some are dropped afterwards.
        return {"limit": limit * 5 if countries else limit}
    if provider == "geonames":
        return {"country": countries}
    if provider == "pelias":
        return {"countries": countries or None}
    return {"limit": limit, "country_codes": countries or None}


def _photon_country(location: Location) -> str:
    return str(location.raw["properties"].get("countrycode", "")).upper()

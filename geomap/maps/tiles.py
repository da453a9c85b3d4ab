"""Online tiles below a map, for those who ask for them: whose they are, where they come from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from geomap.errors import InputError

__all__ = ["Tiles", "tiles_of"]

# What Leaflet fills in: the place in the pyramid, and perhaps one of some servers.
_TEMPLATE = re.compile(
    r"https://(?P<server>\{s\}\.)?(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?)/\S+", re.IGNORECASE
)
_PLACES = ("{z}", "{x}", "{y}")
_SERVERS, _MAX_ZOOM = "abc", 19


class Tiles(NamedTuple):
    """A tile server: `host` as a content security policy names it."""

    url: str
    host: str
    attribution: str
    subdomains: str
    max_zoom: int


def tiles_of(asked: str | Mapping[str, Any]) -> Tiles:
    """Return the tiles that somebody asks for.

    Parameters
    ----------
    asked
        A name that xyzservices knows, such as "OpenStreetMap" or "OpenTopoMap", or a mapping
        with `url` (https, with {z}, {x} and {y}) and `attribution`, as its providers are.

    Returns
    -------
    Tiles
        With everything filled in but the place of a tile, and one of several servers.

    Raises
    ------
    InputError
        The name is unknown, a key is needed, or the address or the attribution is missing.
    """
    import xyzservices

    given = _named(asked) if isinstance(asked, str) else asked
    if not isinstance(given, Mapping):
        raise InputError(f"tiles: a name or a mapping is needed, not {type(asked).__name__}")
    url, attribution = str(given.get("url") or ""), str(given.get("attribution") or "").strip()
    if not attribution:
        raise InputError("tiles: their attribution is missing; tile servers ask for it")
    if not all(place in url for place in _PLACES):
        raise InputError(f"tiles: {url!r} is no address with {{z}}, {{x}} and {{y}}")
    provider = xyzservices.TileProvider({"name": "tiles", **given})
    if provider.requires_token():
        raise InputError(f"tiles: {provider['name']} needs a key; give a provider that has it")
    filled = provider.build_url(fill_subdomain=False)
    found = _TEMPLATE.fullmatch(filled)
    if not found:
        raise InputError(f"tiles: {filled!r} is no https address")
    return Tiles(
        url=filled,
        host="https://" + ("*." if found["server"] else "") + found["host"].lower(),
        attribution=attribution,
        subdomains="".join(map(str, given.get("subdomains") or _SERVERS)),
        max_zoom=int(given.get("max_zoom") or _MAX_ZOOM),
    )


def _named(name: str) -> Mapping[str, Any]:
    from xyzservices import providers

    # As folium calls it.
    known = "OpenStreetMap Mapnik" if name.lower() == "openstreetmap" else name
    try:
        found: Mapping[str, Any] = providers.query_name(known)
    except ValueError:
        raise InputError(
            f"tiles: {name!r} is no provider that xyzservices knows, such as 'OpenStreetMap' or"
            " 'OpenTopoMap'; give a mapping with url and attribution for any other"
        ) from None
    return found

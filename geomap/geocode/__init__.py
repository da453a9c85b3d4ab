"""Names -> coordinates and back for users of geopy: the gazetteer first, services only on request.

`GazetteerGeocoder` never leaves the machine. `Chain` asks configured services for what the
gazetteer does not hold, keeps every answer, and paces itself over all processes.
"""

from __future__ import annotations

from geomap.geocode.chain import Chain
from geomap.geocode.offline import GazetteerGeocoder, country_contains
from geomap.geocode.services import Service

__all__ = ["Chain", "GazetteerGeocoder", "Service", "country_contains"]

"""Name -> places: the embedded gazetteer, offline, and the user's own names above it.

`Gazetteer` answers look-ups; `index` builds what it reads, once, into the user's cache; `own` keeps
the user's names.
"""

from __future__ import annotations

from geomap.gazetteer.geodesy import EARTH_RADIUS_KM, distance_km
from geomap.gazetteer.lookup import Gazetteer
from geomap.gazetteer.own import AddReport, add_names, export_names, list_names, remove_names
from geomap.gazetteer.own_rows import OwnName, RowProblem
from geomap.gazetteer.ranking import Named, NameKind, from_own_table, prominence
from geomap.gazetteer.shapes import Location
from geomap.gazetteer.spelled import PlaceName

__all__ = [
    "EARTH_RADIUS_KM",
    "AddReport",
    "Gazetteer",
    "Location",
    "NameKind",
    "Named",
    "OwnName",
    "PlaceName",
    "RowProblem",
    "add_names",
    "distance_km",
    "export_names",
    "from_own_table",
    "list_names",
    "prominence",
    "remove_names",
]

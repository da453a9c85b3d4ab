"""Name -> places: the embedded gazetteer, offline, and the user's own names above it.

`Gazetteer` answers look-ups; `index` builds what it reads, once, into the user's cache; `own` keeps
the user's names, `project` finds those of a project, and `dump` takes GeoNames dumps in.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from geomap.gazetteer.geodesy import EARTH_RADIUS_KM, distance_km, unit_vector
from geomap.gazetteer.lookup import Gazetteer
from geomap.gazetteer.own import (
    AddReport,
    add_names,
    dump_folder,
    export_names,
    list_names,
    remove_names,
)
from geomap.gazetteer.own_rows import OwnName, RowProblem
from geomap.gazetteer.project import Project, find_project
from geomap.gazetteer.ranking import Named, NameKind, from_own_table, prominence
from geomap.gazetteer.shapes import Location
from geomap.gazetteer.spelled import Mark, PlaceName

if TYPE_CHECKING:
    from geomap.gazetteer.dump import (
        DumpReport,
        Origin,
        PlannedFile,
        UpdatePlan,
        UpdateReport,
        build_dump_index,
        update_dump,
    )

__all__ = [
    "EARTH_RADIUS_KM",
    "AddReport",
    "DumpReport",
    "Gazetteer",
    "Location",
    "Mark",
    "NameKind",
    "Named",
    "Origin",
    "OwnName",
    "PlaceName",
    "PlannedFile",
    "Project",
    "RowProblem",
    "UpdatePlan",
    "UpdateReport",
    "add_names",
    "build_dump_index",
    "distance_km",
    "dump_folder",
    "export_names",
    "find_project",
    "from_own_table",
    "list_names",
    "prominence",
    "remove_names",
    "unit_vector",
    "update_dump",
]

# The look-ups of a text need neither zip files nor the network.
_OF_DUMPS = frozenset(
    {
        "DumpReport",
        "Origin",
        "PlannedFile",
        "UpdatePlan",
        "UpdateReport",
        "build_dump_index",
        "update_dump",
    }
)


def __getattr__(name: str) -> object:
    """Load what takes dumps in on its first use."""
    if name not in _OF_DUMPS:
        raise AttributeError(f"module 'geomap.gazetteer' has no attribute {name!r}")
    value: object = getattr(import_module("geomap.gazetteer.dump"), name)
    globals()[name] = value
    return value

"""An index out of GeoNames dump files: the full gazetteer, or any countries of it.

`files` finds and streams them, `rows` reads single lines, `names` and `spellings` sort what the
lines name, `twins` finds our own places among them, `build` puts the index together, and `update`
fetches the files first.
"""

from __future__ import annotations

from geomap.gazetteer.dump.build import DumpReport, build_dump_index
from geomap.gazetteer.dump.origins import Origin
from geomap.gazetteer.dump.update import (
    GEONAMES,
    PlannedFile,
    UpdatePlan,
    UpdateReport,
    update_dump,
)

__all__ = [
    "GEONAMES",
    "DumpReport",
    "Origin",
    "PlannedFile",
    "UpdatePlan",
    "UpdateReport",
    "build_dump_index",
    "update_dump",
]

"""Reading more articles than one sitting holds: `add` on one machine, `read` over a Dask cluster.

Both go on where they were broken off, and give the readings that one process would give.
"""

from __future__ import annotations

from geomap.scale.adding import Added, Source, add, nothing_in
from geomap.scale.cluster import PartReport, ReadReport, is_store, read

__all__ = ["Added", "PartReport", "ReadReport", "Source", "add", "is_store", "nothing_in", "read"]

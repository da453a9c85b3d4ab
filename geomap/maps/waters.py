"""The lakes and rivers of the basemap: Natural Earth's, clipped to a box and written as steps."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from geomap.errors import ArtefactError

__all__ = ["Waters", "read_waters"]

# Printed by gazetteer/waters.py, which builds the file.
_DIGEST = "8ea5be2e26cbcecdfd4ca251824f5bfb51296403603ef874b182bfe1dce1019d"


@dataclass(frozen=True, slots=True)
class Waters:
    """Lakes as polygons and rivers as lines, WGS 84 degrees, in arrays of shapely."""

    lakes: Any
    rivers: Any


@cache
def read_waters() -> Waters:
    """Return the lakes and rivers of the world.

    Raises
    ------
    ArtefactError
        The file is not what was shipped.
    """
    import numpy as np
    import pyarrow.parquet as pq
    import shapely

    file = resources.files("geomap.maps").joinpath("waters.parquet")
    data = file.read_bytes()
    if hashlib.sha256(data).hexdigest() != _DIGEST:
        raise ArtefactError(f"{file}: the lakes and rivers are damaged: install geomap again")
    # `read_table` would load pandas for this one small file.
    table = pq.ParquetFile(io.BytesIO(data)).read()
    shapes = shapely.from_wkb(np.array(table["wkb"].to_pylist(), dtype=object))
    is_lake = np.array(table["kind"].to_pylist()) == "lake"
    return Waters(shapes[is_lake], shapes[~is_lake])

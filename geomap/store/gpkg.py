"""The parts of the GeoPackage standard (OGC 12-128r17, version 1.3) that a store needs.

Metadata tables, the geometry blob, and the R*Tree with the triggers of annex F.3.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

__all__ = [
    "APPLICATION_ID",
    "GPKG_VERSION",
    "METADATA",
    "blob_of",
    "install_functions",
    "register_layer",
    "register_table",
    "rtree",
    "wkb_of",
]

APPLICATION_ID = 0x47504B47  # "GPKG"
# 1.3: what GDAL from 3.3 and QGIS from 3.20 know; 1.4 changed only triggers that never fire here.
GPKG_VERSION = 10300
_SRS = 4326
# 'GP', version 0, flags, the reference system.
_HEADER = struct.Struct("<2sBBi")
_ENVELOPE = struct.Struct("<4d")
# Little-endian; bits 1 to 3 tell the envelope (0 none, 1 x and y), bit 4 an empty geometry.
_PLAIN, _WITH_ENVELOPE, _EMPTY = 0b001, 0b011, 0b10000
_WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,'
    'AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,'
    'AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
    'AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)

METADATA = f"""
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined',
   'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined',
   'undefined geographic coordinate reference system'),
  ('WGS 84 geodetic', {_SRS}, 'EPSG', {_SRS}, '{_WGS84}',
   'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
"""


def register_table(database: sqlite3.Connection, table: str, description: str) -> None:
    """List a table without geometry in the contents.

    Parameters
    ----------
    database
        In a transaction.
    table
        Its name.
    description
        What it holds, in words.
    """
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description)"
        " VALUES (?, 'attributes', ?, ?)",
        (table, table, description),
    )


def register_layer(
    database: sqlite3.Connection, table: str, geometry: str, description: str
) -> None:
    """List a table or view with a column `geom` in the contents.

    Parameters
    ----------
    database
        In a transaction.
    table
        Its name.
    geometry
        "POINT", "MULTIPOLYGON" or "GEOMETRY".
    description
        What it holds, in words.
    """
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)"
        " VALUES (?, 'features', ?, ?, ?)",
        (table, table, description, _SRS),
    )
    database.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)", (table, geometry, _SRS)
    )


def rtree(table: str) -> str:
    """Return the script that gives a table's column `geom` its R*Tree and the triggers to keep it.

    Parameters
    ----------
    table
        A constant name of ours, whose key is `id`.

    Returns
    -------
    str
        For `executescript`, statements of annex F.3 word for word.
    """
    tree = f'"rtree_{table}_geom"'
    new = 'ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"),ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")'
    full = '(NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom"))'
    gone = '(NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom"))'
    return f"""
CREATE VIRTUAL TABLE {tree} USING rtree(id, minx, maxx, miny, maxy);
INSERT INTO gpkg_extensions VALUES ('{table}', 'geom', 'gpkg_rtree_index',
  'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');
CREATE TRIGGER "rtree_{table}_geom_insert" AFTER INSERT ON "{table}"
  WHEN (new."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom"))
BEGIN INSERT OR REPLACE INTO {tree} VALUES (NEW."id",{new}); END;
CREATE TRIGGER "rtree_{table}_geom_update1" AFTER UPDATE OF "geom" ON "{table}"
  WHEN OLD."id" = NEW."id" AND {full}
BEGIN INSERT OR REPLACE INTO {tree} VALUES (NEW."id",{new}); END;
CREATE TRIGGER "rtree_{table}_geom_update2" AFTER UPDATE OF "geom" ON "{table}"
  WHEN OLD."id" = NEW."id" AND {gone}
BEGIN DELETE FROM {tree} WHERE id = OLD."id"; END;
CREATE TRIGGER "rtree_{table}_geom_update3" AFTER UPDATE ON "{table}"
  WHEN OLD."id" != NEW."id" AND {full}
BEGIN DELETE FROM {tree} WHERE id = OLD."id";
  INSERT OR REPLACE INTO {tree} VALUES (NEW."id",{new}); END;
CREATE TRIGGER "rtree_{table}_geom_update4" AFTER UPDATE ON "{table}"
  WHEN OLD."id" != NEW."id" AND {gone}
BEGIN DELETE FROM {tree} WHERE id IN (OLD."id", NEW."id"); END;
CREATE TRIGGER "rtree_{table}_geom_delete" AFTER DELETE ON "{table}"
  WHEN old."geom" NOT NULL
BEGIN DELETE FROM {tree} WHERE id = OLD."id"; END;
"""


def blob_of(wkb: bytes, envelope: tuple[float, float, float, float] | None = None) -> bytes:
    """Return a geometry as the standard's blob.

    Parameters
    ----------
    wkb
        Little-endian well-known binary, not empty.
    envelope
        West, south, east, north; None leaves it out, as points do.

    Returns
    -------
    bytes
        Header, envelope and WKB.
    """
    if envelope is None:
        return _HEADER.pack(b"GP", 0, _PLAIN, _SRS) + wkb
    west, south, east, north = envelope
    box = _ENVELOPE.pack(west, east, south, north)
    return _HEADER.pack(b"GP", 0, _WITH_ENVELOPE, _SRS) + box + wkb


def wkb_of(blob: bytes) -> bytes:
    """Return the well-known binary inside a blob, whatever its envelope."""
    sizes = (0, 32, 48, 48, 64)
    return blob[_HEADER.size + sizes[blob[3] >> 1 & 7] :]


def install_functions(database: sqlite3.Connection) -> None:
    """Give a connection the functions that the triggers call."""
    database.create_function("ST_IsEmpty", 1, _is_empty, deterministic=True)
    for number, name in enumerate(("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY")):
        database.create_function(name, 1, _side(number), deterministic=True)


def _is_empty(blob: bytes | None) -> int | None:
    return None if blob is None else int(bool(blob[3] & _EMPTY))


def _side(number: int) -> Callable[[bytes | None], float | None]:
    def side(blob: bytes | None) -> float | None:
        """Return one side of a geometry's envelope, of a point without one its coordinate."""
        if blob is None or blob[3] & _EMPTY:
            return None
        if blob[3] >> 1 & 7:
            value: float = _ENVELOPE.unpack_from(blob, _HEADER.size)[number]
            return value
        order = "<" if blob[_HEADER.size] == 1 else ">"
        coordinates: tuple[float, float] = struct.unpack_from(f"{order}2d", blob, _HEADER.size + 5)
        return coordinates[number // 2]

    return side

"""The tables of a GeoPackage store, and the steps from older versions of them.

What was read is kept whole in `readings`; `events`, `mentions`, `sites` and `incidents` are made
from it, for queries and for other programs. Events share their geometries: `site_points` and
`site_areas` are feature tables with an R*Tree each, `event_points` and `event_areas` the layers of
events over them. An event's `site` is the number of its point, or that of its area made negative.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from geomap.store.base import ROW_COLUMNS, SCHEMA
from geomap.store.gpkg import (
    APPLICATION_ID,
    GPKG_VERSION,
    METADATA,
    register_layer,
    register_table,
    rtree,
)
from geomap.store.words import TOKENIZER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["MIGRATIONS", "VIEW_COLUMNS", "create", "quoted", "run_script"]

# From each older version of the tables, the step to the next one.
MIGRATIONS: Mapping[int, Callable[[sqlite3.Connection], None]] = {}

_TYPES = {
    "DATE": ("date_first", "date_last"),
    "REAL": ("lat", "lon", "radius_km", "confidence", "confidence_type", "confidence_place",
             "confidence_when", "confidence_status"),
    "INTEGER": ("fatalities_low", "fatalities_best", "fatalities_high", "injured"),
}  # fmt: skip
_TYPE_OF = {column: name for name, columns in _TYPES.items() for column in columns}


def quoted(columns: tuple[str, ...], table: str | None = None) -> str:
    """Return column names in quotation marks, for `trigger` is a word of SQL."""
    prefix = f"{table}." if table else ""
    return ", ".join(f'{prefix}"{column}"' for column in columns)


# The layers carry what the frames do.
VIEW_COLUMNS = f"""
  e.event_id, a.article_id, a.title, s.name AS source, a.url, a.published,
  {quoted(tuple(c for c in ROW_COLUMNS if c != "event_id"), "e")}"""

_EVENT_COLUMNS = ",\n  ".join(
    f'"{column}" {_TYPE_OF.get(column, "TEXT")}' for column in ROW_COLUMNS if column != "event_id"
)

# The index by site holds what most queries for a region ask besides: without it each event there
# would be looked up in its wide row, a tenth as fast. Days and types without a region are looked
# through in it too, 70 ms for a million events; an index of their own cost a fifth of adding.
_TABLES = f"""
CREATE TABLE geomap_meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, kind TEXT NOT NULL, started DATETIME NOT NULL,
  finished DATETIME, version TEXT NOT NULL, gazetteer TEXT NOT NULL, models TEXT NOT NULL);
CREATE TABLE sources (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT NOT NULL UNIQUE, key TEXT NOT NULL);
CREATE TABLE articles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, article_id TEXT NOT NULL UNIQUE,
  digest TEXT NOT NULL, stamp TEXT NOT NULL, version INTEGER NOT NULL, title TEXT, published DATE,
  source INTEGER REFERENCES sources(id), url TEXT, language TEXT,
  run INTEGER NOT NULL REFERENCES runs(id));
CREATE TABLE readings (
  article INTEGER PRIMARY KEY NOT NULL REFERENCES articles(id), text TEXT NOT NULL,
  reading BLOB NOT NULL);
CREATE TABLE article_versions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, article INTEGER NOT NULL REFERENCES articles(id),
  version INTEGER NOT NULL, digest TEXT NOT NULL, stamp TEXT NOT NULL, title TEXT, published DATE,
  run INTEGER NOT NULL REFERENCES runs(id), text TEXT NOT NULL, reading BLOB NOT NULL,
  UNIQUE (article, version));
CREATE TABLE mentions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, article INTEGER NOT NULL REFERENCES articles(id),
  span_start INTEGER NOT NULL, span_end INTEGER NOT NULL, text TEXT NOT NULL, kind TEXT NOT NULL,
  score REAL, place_id TEXT, place TEXT, country TEXT, lat REAL, lon REAL, place_score REAL);
CREATE TABLE site_points (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT NOT NULL, key TEXT NOT NULL UNIQUE,
  west REAL NOT NULL, south REAL NOT NULL, east REAL NOT NULL, north REAL NOT NULL);
CREATE TABLE site_areas (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom MULTIPOLYGON NOT NULL,
  key TEXT NOT NULL UNIQUE, west REAL NOT NULL, south REAL NOT NULL, east REAL NOT NULL,
  north REAL NOT NULL);
CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, event_id TEXT NOT NULL UNIQUE,
  article INTEGER NOT NULL REFERENCES articles(id), site INTEGER, admin1_key TEXT,
  {_EVENT_COLUMNS});
CREATE TABLE incidents (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, incident_id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL, status TEXT NOT NULL, date_first DATE, date_last DATE, place TEXT,
  place_id TEXT, country TEXT, admin1 TEXT, geo_precision TEXT NOT NULL, fatalities_low INTEGER,
  fatalities_best INTEGER, fatalities_high INTEGER, injured INTEGER, confidence REAL,
  articles INTEGER NOT NULL, events INTEGER NOT NULL);
CREATE TABLE decisions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, kind TEXT NOT NULL, left_event TEXT NOT NULL,
  right_event TEXT NOT NULL, made DATE NOT NULL, undone DATE);
CREATE VIRTUAL TABLE quotes USING fts5(
  quote, content='events', content_rowid='id', tokenize='{TOKENIZER}');
CREATE INDEX events_site ON events (site, date_first, date_last, type);
CREATE INDEX events_article ON events (article);
CREATE INDEX events_kind ON events (country, type);
CREATE INDEX events_incident ON events (incident_id) WHERE incident_id IS NOT NULL;
CREATE INDEX mentions_article ON mentions (article);
CREATE INDEX sources_key ON sources (key);
"""

_LAYER = """
CREATE VIEW {name} AS SELECT e.id AS OGC_FID, g.geom AS geom, {columns}
  FROM events e JOIN {sites} g ON g.id = {site} JOIN articles a ON a.id = e.article
  LEFT JOIN sources s ON s.id = a.source;
"""
_LAYERS = (
    ("points", "POINT", "e.site", "Events known to a town or better", "Their points, each once"),
    (
        "areas",
        "MULTIPOLYGON",
        "-e.site",
        "Events known to a district, a province or a circle",
        "Their outlines, each once",
    ),
)
_DESCRIPTIONS = {
    "articles": "Articles, the newest version of each",
    "readings": "Texts of the articles and what was read in them (compressed JSON)",
    "article_versions": "Older versions of articles",
    "mentions": "Place names in the articles, with the best place of each",
    "events": "All events, those without a place on the map too",
    "incidents": "Incidents: the events that report one happening",
    "sources": "Outlets",
    "runs": "What wrote to this store, and when",
    "decisions": "What a person decided of incidents",
}


def create(database: sqlite3.Connection) -> None:
    """Fill an empty database with the tables; the caller holds a transaction."""
    run_script(database, METADATA)
    run_script(database, _TABLES)
    for name, kind, site, what, where in _LAYERS:
        run_script(database, rtree(f"site_{name}"))
        run_script(
            database,
            _LAYER.format(
                name=f"event_{name}", sites=f"site_{name}", site=site, columns=VIEW_COLUMNS
            ),
        )
        register_layer(database, f"event_{name}", kind, what)
        register_layer(database, f"site_{name}", kind, where)
    for table, description in _DESCRIPTIONS.items():
        register_table(database, table, description)
    database.executemany(
        "INSERT INTO geomap_meta VALUES (?, ?)",
        [("schema", str(SCHEMA)), ("revision", "0"), ("grouped", "-1")],
    )
    database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    database.execute(f"PRAGMA user_version = {GPKG_VERSION}")


def run_script(database: sqlite3.Connection, script: str) -> None:
    """Run statements one by one; `executescript` would end the caller's transaction."""
    statement = ""
    for line in script.splitlines():
        statement += f"{line}\n"
        if sqlite3.complete_statement(statement):
            database.execute(statement)
            statement = ""

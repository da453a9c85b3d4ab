"""A store in one GeoPackage file, written by the standard library's sqlite3.

SQLite's write-ahead log lets many read while one writes; each call that writes is one transaction,
on the disk when it returns. Iterators read a snapshot through a connection of their own.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from geomap.errors import StoreError
from geomap.records import EVENT_COLUMNS
from geomap.store.base import (
    SCHEMA,
    AddReport,
    Decision,
    IncidentRow,
    PreparedArticle,
    Provenance,
    Run,
    Selection,
    SiteRow,
    StoredReading,
)
from geomap.store.codec import storable
from geomap.store.conditions import conditions, ordering
from geomap.store.gpkg import wkb_of
from geomap.store.opening import connect, guarded, open_store
from geomap.store.schema import quoted
from geomap.store.writing import SITES, Writer, grow, now, set_number

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from geomap.store.conditions import Statement

__all__ = ["GeoPackage"]

# Rows that an iterator fetches at a time.
_FETCH = 1000
_FROM = """
FROM events e JOIN articles a ON a.id = e.article LEFT JOIN sources s ON s.id = a.source
LEFT JOIN site_points p ON p.id = e.site LEFT JOIN site_areas r ON r.id = -e.site"""
_ARTICLE_SQL = {
    "article_id": "a.article_id",
    "title": "a.title",
    "source": "s.name",
    "url": "a.url",
    "published": "a.published",
}
_COUNTED_SQL = {
    "group": "substr(e.type, 1, instr(e.type || '.', '.') - 1)",
    "source": "s.name",
    "year": "substr(coalesce(e.date_first, e.date_last), 1, 4)",
    "month": "substr(coalesce(e.date_first, e.date_last), 1, 7)",
    "day": "coalesce(e.date_first, e.date_last)",
}
_TABLES = (
    "articles",
    "article_versions",
    "mentions",
    "events",
    "incidents",
    "sources",
    "site_points",
    "site_areas",
)


class GeoPackage:
    """The backend of a store that is a file.

    Parameters
    ----------
    path
        The file.
    create
        Make it where there is none.
    timeout
        Seconds to wait for others who write.
    """

    def __init__(self, path: Path, *, create: bool = True, timeout: float = 30.0) -> None:
        self._path, self._timeout = path, timeout
        self._database, self.writable = open_store(path, create=create, timeout=timeout)
        self._file = _identity(path)
        self._lock = threading.RLock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False

    @property
    def name(self) -> str:
        """What errors call the store."""
        return str(self._path)

    def is_file(self, path: Path) -> bool:
        """Tell whether a path leads to the store's own file."""
        return path.exists() and path.samefile(self._path)

    def close(self) -> None:
        """Let go of the file, its log written back into it."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            for connection in self._idle:
                connection.close()
            with guarded(self._path):
                # The last connection to close writes the log back and removes it.
                self._database.close()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection for one reader, which sees the store as it is now until it ends."""
        with guarded(self._path):
            with self._lock:
                self._require_open()
                idle = self._idle.pop() if self._idle else None
            connection = idle or connect(self._path, "ro", self._timeout)
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                with self._lock:
                    if self._closed:
                        connection.close()
                    else:
                        self._idle.append(connection)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Give the connection that writes, in a transaction that ends with the block."""
        with self._lock, guarded(self._path):
            self._require_open()
            database = self._database
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
                database.execute("COMMIT")
            except BaseException:
                if database.in_transaction:
                    database.execute("ROLLBACK")
                raise

    def _require_open(self) -> None:
        if self._closed:
            raise ValueError(f"{self._path}: the store is closed")
        # SQLite would go on with a log that belongs to the old name, and lose what it writes there.
        if _identity(self._path) != self._file:
            raise StoreError(f"{self._path}: was renamed or replaced while open: open it again")

    def _all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._reading() as database:
            return database.execute(sql, values).fetchall()

    def _each(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        with self._reading() as database:
            cursor = database.execute(sql, values)
            while rows := cursor.fetchmany(_FETCH):
                yield from rows

    # -- dialect ---------------------------------------------------------------------------------

    def among(self, column: str, values: Sequence[Any]) -> Statement:
        """Return the condition that a column holds one of many values."""
        if len(values) == 1:
            return f"{column} = ?", [_bound(values[0])]
        listed = json.dumps([_bound(value) for value in values])
        return f"{column} IN (SELECT value FROM json_each(?))", [listed]

    def holds(self, phrases: Sequence[tuple[str, bool]]) -> Statement:
        """Return the condition that an event's quote holds some phrases."""
        terms = [
            f'"{storable(phrase)}"{" *" if any_ending else ""}' for phrase, any_ending in phrases
        ]
        return "e.id IN (SELECT rowid FROM quotes WHERE quotes MATCH ?)", [" AND ".join(terms)]

    # -- provenance ------------------------------------------------------------------------------

    def revision(self) -> int:
        """Return what grows with every change of events or decisions."""
        return self._number("revision")

    def grouped(self) -> int:
        """Return the revision that the stored incidents were made from; -1 for none."""
        return self._number("grouped")

    def _number(self, key: str) -> int:
        ((value,),) = self._all("SELECT value FROM geomap_meta WHERE key = ?", (key,))
        return int(value)

    def begin_run(self, kind: str, provenance: Provenance) -> int:
        """Record that a run begins and return its number."""
        with self._writing() as database:
            cursor = database.execute(
                "INSERT INTO runs (kind, started, version, gazetteer, models)"
                " VALUES (?, ?, ?, ?, ?)",
                (kind, now(), provenance.version, provenance.gazetteer, provenance.models),
            )
            return int(cursor.lastrowid or 0)

    def finish_run(self, number: int) -> None:
        """Record that a run is complete."""
        with self._writing() as database:
            database.execute("UPDATE runs SET finished = ? WHERE id = ?", (now(), number))

    def runs(self) -> list[Run]:
        """Return all runs, the first first."""
        rows = self._all(
            "SELECT r.id, r.kind, r.started, r.finished, r.version, r.gazetteer, r.models,"
            " (SELECT count(*) FROM articles a WHERE a.run = r.id)"
            " + (SELECT count(*) FROM article_versions v WHERE v.run = r.id)"
            " FROM runs r ORDER BY r.id"
        )
        return [
            Run(
                number=number,
                kind=kind,
                started=started,
                finished=finished,
                articles=articles,
                provenance=Provenance(version=version, gazetteer=gazetteer, models=models),
            )
            for number, kind, started, finished, version, gazetteer, models, articles in rows
        ]

    def outdated(self, provenance: Provenance) -> list[str]:
        """Return the ids of articles whose reading something else than this made."""
        rows = self._all(
            "SELECT a.article_id FROM articles a JOIN runs r ON r.id = a.run"
            " WHERE (r.version, r.gazetteer, r.models) <> (?, ?, ?) ORDER BY a.id",
            (provenance.version, provenance.gazetteer, provenance.models),
        )
        return [article_id for (article_id,) in rows]

    def info(self) -> dict[str, str | int]:
        """Return counts of the tables and the version of the schema."""
        found: dict[str, str | int] = {"store": self.name, "schema": SCHEMA}
        for table in _TABLES:
            ((number,),) = self._all(f"SELECT count(*) FROM {table}")
            found[table] = number
        return found

    # -- articles --------------------------------------------------------------------------------

    def known(self, ids: Collection[str]) -> dict[str, tuple[str, str]]:
        """Return digest and stamp of those articles that the store has."""
        condition, values = self.among("article_id", [*ids])
        rows = self._all(
            f"SELECT article_id, digest, stamp FROM articles WHERE {condition}", values
        )
        return {article_id: (digest, stamp) for article_id, digest, stamp in rows}

    def readings(self, ids: Collection[str] | None = None) -> Iterator[StoredReading]:
        """Give readings by the ids of their articles, in the order of their addition."""
        condition, values = ("1 = 1", []) if ids is None else self.among("a.article_id", [*ids])
        sql = (
            "SELECT a.article_id, r.text, r.reading FROM articles a"
            f" JOIN readings r ON r.article = a.id WHERE {condition} ORDER BY a.id"
        )
        yield from (StoredReading(*row) for row in self._each(sql, values))

    def versions(self, article_id: str) -> list[StoredReading]:
        """Return the older versions of an article, the oldest first."""
        rows = self._all(
            "SELECT a.article_id, v.text, v.reading FROM article_versions v"
            " JOIN articles a ON a.id = v.article WHERE a.article_id = ? ORDER BY v.version",
            (storable(article_id),),
        )
        return [StoredReading(*row) for row in rows]

    def write(self, articles: Sequence[PreparedArticle], run: int, *, anew: bool) -> AddReport:
        """Write articles, each wholly or not at all; those with a known stamp only if `anew`."""
        if not articles:
            return AddReport()
        with self._writing() as database:
            return Writer(database, run).write(articles, anew=anew)

    def flush(self) -> None:
        """Bring what was written from the log into the file itself, as far as readers allow."""
        with self._lock, guarded(self._path):
            self._require_open()
            self._database.execute("PRAGMA wal_checkpoint(PASSIVE)")

    # -- events ----------------------------------------------------------------------------------

    def sites(self, boxes: Sequence[tuple[float, float, float, float]]) -> Iterator[SiteRow]:
        """Give the sites whose envelope meets one of some boxes, each once."""
        seen: set[int] = set()
        for kind, name, sign in SITES:
            geom = "NULL" if kind == "point" else "g.geom"
            sql = (
                f"SELECT g.id, g.west, g.south, g.east, g.north, {geom}"
                f" FROM rtree_site_{name}_geom t JOIN site_{name} g ON g.id = t.id"
                " WHERE t.maxx >= ? AND t.minx <= ? AND t.maxy >= ? AND t.miny <= ?"
            )
            for west, south, east, north in boxes:
                for number, *extent, blob in self._each(sql, (west, east, south, north)):
                    if number * sign not in seen:
                        seen.add(number * sign)
                        wkb = wkb_of(blob) if blob is not None else None
                        yield SiteRow._make((number * sign, kind, *extent, wkb))

    def sql(self, selection: Selection) -> tuple[str, tuple[Any, ...]]:
        """Return the statement of `rows` and its parameters."""
        condition, values = conditions(selection, self)
        columns = ", ".join(_ARTICLE_SQL.get(c, f'e."{c}"') for c in EVENT_COLUMNS)
        query = selection.query
        page = ""
        if query.limit is not None or query.offset:
            page = "\nLIMIT ? OFFSET ?"
            values = [*values, -1 if query.limit is None else query.limit, query.offset]
        statement = (
            f"SELECT {columns}, coalesce(p.geom, r.geom){_FROM}\nWHERE {condition}\n"
            f"ORDER BY {ordering(query)}{page}"
        )
        return statement, tuple(values)

    def rows(self, selection: Selection) -> Iterator[tuple[Any, ...]]:
        """Give what was selected: the values of `EVENT_COLUMNS` and the WKB or None, in order."""
        for *values, blob in self._each(*self.sql(selection)):
            yield (*values, wkb_of(blob) if blob is not None else None)

    def count(self, selection: Selection) -> int:
        """Return how many events are selected, whatever the limit."""
        condition, values = conditions(selection, self)
        ((number,),) = self._all(f"SELECT count(*) {_FROM} WHERE {condition}", values)
        return int(number)

    def counts(self, selection: Selection, by: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return the values of `by` with the number of events, sorted, whatever the limit."""
        condition, values = conditions(selection, self)
        keys = ", ".join(_COUNTED_SQL.get(key, f'e."{key}"') for key in by)
        places = ", ".join(str(number) for number in range(1, len(by) + 1))
        return self._all(
            f"SELECT {keys}, count(*) {_FROM} WHERE {condition}"
            f" GROUP BY {places} ORDER BY {places}",
            values,
        )

    # -- incidents -------------------------------------------------------------------------------

    def write_incidents(self, incidents: Iterable[IncidentRow], revision: int) -> None:
        """Replace the stored incidents, as grouped from a revision."""
        rows = [*incidents]
        columns = IncidentRow._fields[:-1]
        marks = ", ".join("?" * (len(columns) + 1))
        with self._writing() as database:
            database.execute("DELETE FROM incidents")
            database.executemany(
                f"INSERT INTO incidents ({quoted(columns)}, events) VALUES ({marks})",
                ((*row[:-1], len(row.members)) for row in rows),
            )
            database.executemany(
                "UPDATE events SET incident_id = ?1 WHERE event_id = ?2 AND incident_id IS NOT ?1",
                ((row.incident_id, event_id) for row in rows for event_id in row.members),
            )
            set_number(database, "grouped", revision)

    def decisions(self) -> list[Decision]:
        """Return the decisions in force, the first first."""
        rows = self._all(
            "SELECT kind, left_event, right_event FROM decisions WHERE undone IS NULL ORDER BY id"
        )
        return [Decision(*row) for row in rows]

    def decide(self, decisions: Sequence[Decision], made: date) -> None:
        """Record decisions."""
        with self._writing() as database:
            database.executemany(
                "INSERT INTO decisions (kind, left_event, right_event, made) VALUES (?, ?, ?, ?)",
                ((*decision, made.isoformat()) for decision in decisions),
            )
            grow(database)

    def undo(self, decisions: Sequence[Decision], made: date) -> None:
        """Record that decisions hold no more."""
        with self._writing() as database:
            database.executemany(
                "UPDATE decisions SET undone = ? WHERE undone IS NULL AND kind = ?"
                " AND left_event = ? AND right_event = ?",
                ((made.isoformat(), *decision) for decision in decisions),
            )
            grow(database)


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from others, whatever its name; None for no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _bound(value: Any) -> Any:  # noqa: ANN401 - whatever is compared
    return storable(value) if isinstance(value, str) else value

"""A store in one GeoPackage file, written by the standard library's sqlite3.

SQLite's write-ahead log lets many read while one writes; each call that writes is one transaction,
on the disk when it returns. Iterators read a snapshot through a connection of their own.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import closing, contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

from geomap.errors import StoreError
from geomap.store.base import AddReport, IncidentRow
from geomap.store.codec import storable
from geomap.store.conditions import is_narrow
from geomap.store.gpkg import wkb_of
from geomap.store.opening import connect, guarded, open_store
from geomap.store.schema import quoted
from geomap.store.sql import FETCH, SqlBackend
from geomap.store.writing import Writer, grow, now, set_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from geomap.query import Box
    from geomap.store.base import Decision, PreparedArticle, Provenance, Selection
    from geomap.store.conditions import Statement

__all__ = ["GeoPackage"]


# The sites whose envelope, rounded outwards, meets a box of west, east, south and north.
_IN_BOX = (
    "FROM rtree_site_{name}_geom t JOIN site_{name} g ON g.id = t.id"
    " WHERE t.maxx >= ? AND t.minx <= ? AND t.maxy >= ? AND t.miny <= ?"
)
# By the order of a page: what a missing day counts as, which comes last, and how days compare.
_LAST_DAY = {"date": ("~", "<=", "ASC"), "-date": ("", ">=", "DESC")}


class GeoPackage(SqlBackend):
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

    _geometry = "coalesce(p.geom, r.geom)"
    _group = "substr(e.type, 1, instr(e.type || '.', '.') - 1)"

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
            while rows := cursor.fetchmany(FETCH):
                yield from rows

    def _wkb(self, geometry: bytes) -> bytes:
        return wkb_of(geometry)

    # -- dialect ---------------------------------------------------------------------------------

    def among(self, column: str, values: Sequence[Any]) -> Statement:
        """Return the condition that a column holds one of many values."""
        bound = values if column == "e.site" else [storable(value) for value in values]
        if len(bound) == 1:
            return f"{column} = ?", [bound[0]]
        return f"{column} IN (SELECT value FROM json_each(?))", [json.dumps(bound)]

    def holds(self, phrases: Sequence[tuple[str, bool]]) -> Statement:
        """Return the condition that an event's quote holds some phrases."""
        terms = [
            f'"{storable(phrase)}"{" *" if any_ending else ""}' for phrase, any_ending in phrases
        ]
        return "e.id IN (SELECT rowid FROM quotes WHERE quotes MATCH ?)", [" AND ".join(terms)]

    def leafed(self, condition: Statement) -> Statement:
        """Return a condition on days and type, as the events that one look at an index finds."""
        sql, values = condition
        return f"e.id IN (SELECT e.id FROM events e INDEXED BY events_site WHERE {sql})", values

    def _bounded(self, selection: Selection, condition: Statement) -> Statement:
        """Return a condition for rows with the last day of the page, which the index tells.

        Only the rows up to that day are then read whole to be sorted.
        """
        query = selection.query
        if query.limit is None or query.order not in _LAST_DAY or not is_narrow(selection):
            return condition
        missing, beyond, way = _LAST_DAY[query.order]
        sql, values = condition
        day = f"coalesce(e.date_first, '{missing}')"
        last = f"SELECT {day} FROM events e WHERE {sql} ORDER BY 1 {way} LIMIT 1 OFFSET ?"
        place = max(query.offset + query.limit - 1, 0)
        bounded = f"{sql} AND {day} {beyond} coalesce(({last}), '{missing}')"
        return bounded, [*values, *values, place]

    # -- provenance ------------------------------------------------------------------------------

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

    # -- articles --------------------------------------------------------------------------------

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

    def points(self, boxes: Sequence[Box]) -> list[tuple[int, float, float]]:
        """Return the points in some boxes, and maybe others: number, longitude, latitude."""
        sql = f"SELECT g.id, g.west, g.south {_IN_BOX.format(name='points')}"
        return [row for w, s, e, n in boxes for row in self._all(sql, (w, e, s, n))]

    def areas(self, boxes: Sequence[Box]) -> Iterator[tuple[int, bytes]]:
        """Give the areas whose envelope meets one of some boxes, each once: number and WKB."""
        seen: set[int] = set()
        sql = f"SELECT -g.id, g.geom {_IN_BOX.format(name='areas')}"
        for west, south, east, north in boxes:
            for number, blob in self._each(sql, (west, east, south, north)):
                if number not in seen:
                    seen.add(number)
                    yield number, wkb_of(blob)

    # -- incidents -------------------------------------------------------------------------------

    def write_incidents(self, incidents: Iterable[IncidentRow], revision: int) -> int:
        """Replace the stored incidents, as grouped from a revision, and count them."""
        columns = f"{quoted(IncidentRow._fields[:-1])}, events"
        marks = ", ".join("?" * len(IncidentRow._fields))
        # They wait in a file of this connection's own, so that others may write meanwhile.
        with self._spool() as spool:
            spool.execute(f"CREATE TABLE incidents ({columns})")
            spool.execute("CREATE TABLE told (incident_id, event_id)")
            count = 0
            for rows in _chunks(incidents):
                count += len(rows)
                spool.executemany(
                    f"INSERT INTO incidents VALUES ({marks})",
                    ((*row[:-1], len(row.members)) for row in rows),
                )
                spool.executemany(
                    "INSERT INTO told VALUES (?, ?)",
                    ((row.incident_id, event_id) for row in rows for event_id in row.members),
                )
            with self._writing() as database:
                database.execute("DELETE FROM incidents")
                database.executemany(
                    f"INSERT OR IGNORE INTO incidents ({columns}) VALUES ({marks})",
                    spool.execute(f"SELECT {columns} FROM incidents"),
                )
                database.executemany(
                    "UPDATE events SET incident_id = ?1"
                    " WHERE event_id = ?2 AND incident_id IS NOT ?1",
                    spool.execute("SELECT incident_id, event_id FROM told"),
                )
                set_number(database, "grouped", revision)
        return count

    @contextmanager
    def _spool(self) -> Iterator[sqlite3.Connection]:
        """Give an empty database that SQLite keeps in memory until that is too much for it."""
        with guarded(self._path), closing(sqlite3.connect("")) as spool:
            spool.execute("BEGIN")
            yield spool

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


def _chunks(incidents: Iterable[IncidentRow]) -> Iterator[list[IncidentRow]]:
    rows = iter(incidents)
    while chunk := [*islice(rows, FETCH)]:
        yield chunk


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from others, whatever its name; None for no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino

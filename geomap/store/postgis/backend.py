"""A store in a PostgreSQL database: several machines may write, and PostGIS holds the places.

Each call that writes is one transaction, on the server's disk when it returns; writers wait for
each other. Iterators read a snapshot through a connection of their own.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

from geomap.errors import StoreBusyError, StoreError
from geomap.store.base import SCHEMA, AddReport, IncidentRow
from geomap.store.codec import storable
from geomap.store.postgis.address import parse_address
from geomap.store.postgis.connection import Connection, guarded
from geomap.store.postgis.schema import MIGRATIONS, create
from geomap.store.postgis.writing import Writer, grow, lexeme, set_number
from geomap.store.schema import quoted
from geomap.store.sql import FETCH, SqlBackend
from geomap.store.words import words
from geomap.store.writing import now

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from geomap.query import Box
    from geomap.store.base import Decision, PreparedArticle, Provenance
    from geomap.store.conditions import Statement

__all__ = ["PostGIS"]

# Readers go on while one writes; writers wait for each other.
_LOCK = "LOCK TABLE geomap_meta IN SHARE ROW EXCLUSIVE MODE"
_HOLDER = """
SELECT a.pid, a.application_name, coalesce(host(a.client_addr), '') FROM pg_locks l
JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.relation = 'geomap_meta'::regclass AND l.mode = 'ShareRowExclusiveLock' AND l.granted
AND l.pid <> pg_backend_pid()"""
_IN_BOX = "FROM site_{name} g WHERE g.geom && ST_MakeEnvelope(?, ?, ?, ?, 4326)"


class PostGIS(SqlBackend):
    """The backend of a store that is a schema of a PostgreSQL database.

    Parameters
    ----------
    address
        "postgresql://USER:PASSWORD@HOST:PORT/DATABASE?schema=NAME".
    create
        Make the tables where there are none.
    timeout
        Seconds to wait for others who write.
    """

    _geometry = "ST_AsBinary(coalesce(p.geom, r.geom), 'NDR')"
    _group = "split_part(e.type, '.', 1)"

    def __init__(self, address: str, *, create: bool = True, timeout: float = 30.0) -> None:
        self._address, self._timeout = parse_address(address), timeout
        self._lock = threading.Lock()
        self._idle: list[Connection] = []
        self._closed = False
        self.writable = True
        with self._connection() as database:
            self.writable = self._open(database, create=create)

    @property
    def name(self) -> str:
        """What errors call the store: its address without the password."""
        return self._address.name

    def is_file(self, path: Path) -> bool:  # noqa: ARG002 - a server's files are none of ours
        """Return False: no path leads to it."""
        return False

    def close(self) -> None:
        """Let go of the server."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    # -- connections -----------------------------------------------------------------------------

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        """Give a connection for one call; one that an error may have broken is not used again."""
        with guarded(self.name):
            with self._lock:
                if self._closed:
                    raise ValueError(f"{self.name}: the store is closed")
                idle = self._idle.pop() if self._idle else None
            connection = idle or self._connect()
            whole = False
            try:
                yield connection
                whole = True
            finally:
                with self._lock:
                    keep = whole and not self._closed
                    if keep:
                        self._idle.append(connection)
                if not keep:
                    connection.close()

    def _connect(self) -> Connection:
        connection = Connection(self._address, self._timeout)
        rows = connection.all(
            "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
            " WHERE e.extname = 'postgis'"
        )
        if not rows:
            connection.close()
            raise StoreError(
                f"{self.name}: the database has no PostGIS: have its owner run"
                " CREATE EXTENSION postgis"
            )
        path = f'"{self._address.schema}", "{rows[0][0]}"'
        connection.all("SELECT set_config('search_path', ?, false)", (path,))
        return connection

    @contextmanager
    def _snapshot(self) -> Iterator[Connection]:
        """Give a connection that sees the store as it is now until the block ends."""
        with self._connection() as database:
            # Of a cursor all rows are wanted, not the first ones soon.
            database.all(
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
                " SET LOCAL cursor_tuple_fraction = 1"
            )
            yield database
            database.all("ROLLBACK")

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Give a connection in a transaction that ends with the block and keeps others out."""
        with self._transaction() as database:
            database.all(_LOCK)
            yield database

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """Give a connection in a transaction that ends with the block."""
        self._require_writable()
        try:
            with self._connection() as database:
                database.all("BEGIN")
                yield database
                database.all("COMMIT")
        except StoreBusyError as error:
            raise StoreBusyError(
                f"{self.name}: {self._holder()} is writing to it: wait, or end that first"
            ) from error

    def _require_writable(self) -> None:
        if not self.writable:
            raise StoreError(f"{self.name}: is write-protected for user {self._address.user}")

    def _holder(self) -> str:
        """Say who is writing, as far as the server tells."""
        for pid, program, host in self._all(_HOLDER):
            return f"{program or 'a program'} on {host or 'the server'}, its process {pid} there,"
        return "another program"

    def _open(self, database: Connection, *, create: bool) -> bool:
        """Make the tables, or bring them up to date; tell whether they can be written."""
        ((encoding, protected),) = database.all(
            "SELECT getdatabaseencoding(), pg_is_in_recovery()"
            " OR current_setting('default_transaction_read_only')::bool"
        )
        if encoding != "UTF8":
            raise StoreError(f"{self.name}: the database is in {encoding}: make one in UTF8")
        version = self._version(database)
        if version is None:
            if not create or protected:
                raise StoreError(
                    f"{self.name}: no such store, make one with: geomap add ... --store ADDRESS"
                )
            version = self._create(database)
        if version > SCHEMA:
            raise StoreError(
                f"{self.name}: a newer geomap wrote it (tables {version}, this one knows"
                f" {SCHEMA}): upgrade geomap"
            )
        ((granted,),) = database.all("SELECT has_table_privilege('geomap_meta', 'UPDATE')")
        writable = granted and not protected
        if version < SCHEMA:
            if not writable:
                raise StoreError(
                    f"{self.name}: an older geomap wrote it, and it is write-protected: have its"
                    " owner open it once"
                )
            self._migrate(database)
        return bool(writable)

    def _version(self, database: Connection) -> int | None:
        """Return the version of the tables, None for none; refuse a schema with other tables."""
        tables = {
            name
            for (name,) in database.all(
                "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE n.nspname = ? AND c.relkind IN ('r', 'p', 'v', 'm', 'f')",
                (self._address.schema,),
            )
        }
        if "geomap_meta" in tables:
            rows = database.all("SELECT value FROM geomap_meta WHERE key = 'schema'")
            if rows and rows[0][0].isdecimal():
                return int(rows[0][0])
            raise StoreError(f"{self.name}: is damaged (it does not say its version): restore it")
        if tables:
            raise StoreError(
                f"{self.name}: its schema holds other tables, and no store of geomap:"
                " choose another with ?schema=NAME"
            )
        return None

    def _create(self, database: Connection) -> int:
        """Make the tables, once, however many processes want to."""
        database.all("BEGIN")
        database.all(
            "SELECT pg_advisory_xact_lock(hashtext(?))", (f"geomap {self._address.schema}",)
        )
        version = self._version(database)
        if version is None:
            create(database, self._address.schema)
            version = SCHEMA
        database.all("COMMIT")
        return version

    def _migrate(self, database: Connection) -> None:
        """Bring the tables up to date in one transaction."""
        database.all("BEGIN")
        database.all("LOCK TABLE geomap_meta IN ACCESS EXCLUSIVE MODE")
        version = self._version(database) or 0
        while version < SCHEMA:
            MIGRATIONS[version](database)
            version += 1
        set_number(database, "schema", version)
        database.all("COMMIT")

    def _all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._connection() as database:
            return [tuple(row) for row in database.all(sql, values)]

    def _each(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        with self._snapshot() as database:
            database.all(f"DECLARE found NO SCROLL CURSOR FOR {sql}", values)
            while rows := database.all(f"FETCH {FETCH} FROM found"):
                yield from map(tuple, rows)

    def _wkb(self, geometry: bytes) -> bytes:
        return geometry

    # -- dialect ---------------------------------------------------------------------------------

    def among(self, column: str, values: Sequence[Any]) -> Statement:
        """Return the condition that a column holds one of many values."""
        kind = "bigint" if column == "e.site" else "text"
        bound = [storable(value) if isinstance(value, str) else value for value in values]
        return f"{column} = ANY(?::{kind}[])", [bound]

    def holds(self, phrases: Sequence[tuple[str, bool]]) -> Statement:
        """Return the condition that an event's quote holds some phrases."""
        terms = []
        told = words([storable(phrase) for phrase, _ in phrases])
        for found, (_, any_ending) in zip(told, phrases, strict=True):
            if not found:
                return "1 = 0", []
            quoted_words = [f"'{lexeme(word)}'" for word in found]
            quoted_words[-1] += ":*" if any_ending else ""
            terms.append(f"({' <-> '.join(quoted_words)})")
        return "e.words @@ ?::tsquery", [" & ".join(terms)]

    def leafed(self, condition: Statement) -> Statement:
        """Return a condition on days and type as it is: the server chooses among its indexes."""
        return condition

    # -- writing ---------------------------------------------------------------------------------

    def begin_run(self, kind: str, provenance: Provenance) -> int:
        """Record that a run begins and return its number."""
        with self._writing() as database:
            ((number,),) = database.all(
                "INSERT INTO runs (kind, started, version, gazetteer, models)"
                " VALUES (?, ?, ?, ?, ?) RETURNING id",
                (kind, now(), provenance.version, provenance.gazetteer, provenance.models),
            )
            return int(number)

    def finish_run(self, number: int) -> None:
        """Record that a run is complete."""
        with self._writing() as database:
            database.all("UPDATE runs SET finished = ? WHERE id = ?", (now(), number))

    def write(self, articles: Sequence[PreparedArticle], run: int, *, anew: bool) -> AddReport:
        """Write articles, each wholly or not at all; those with a known stamp only if `anew`."""
        if not articles:
            return AddReport()
        with self._writing() as database:
            return Writer(database, run).write(articles, anew=anew)

    def flush(self) -> None:
        """Do nothing: what is committed is where a copy of the database finds it."""

    def points(self, boxes: Sequence[Box]) -> list[tuple[int, float, float]]:
        """Return the points in some boxes, and maybe others: number, longitude, latitude."""
        sql = f"SELECT g.id, g.west, g.south {_IN_BOX.format(name='points')}"
        return [(number, x, y) for box in boxes for number, x, y in self._all(sql, box)]

    def areas(self, boxes: Sequence[Box]) -> Iterator[tuple[int, bytes]]:
        """Give the areas whose envelope meets one of some boxes, each once: number and WKB."""
        seen: set[int] = set()
        sql = f"SELECT -g.id, ST_AsBinary(g.geom, 'NDR') {_IN_BOX.format(name='areas')}"
        for box in boxes:
            for number, wkb in self._each(sql, box):
                if number not in seen:
                    seen.add(number)
                    yield number, wkb

    def write_incidents(self, incidents: Iterable[IncidentRow], revision: int) -> int:
        """Replace the stored incidents, as grouped from a revision, and count them."""
        columns = f"{quoted(IncidentRow._fields[:-1])}, events"
        rows, count = iter(incidents), 0
        with self._transaction() as database:
            # They wait in tables of this connection's own, so that others may write meanwhile.
            database.all(
                f"CREATE TEMP TABLE new_incidents ON COMMIT DROP AS SELECT {columns} FROM incidents"
                " WITH NO DATA"
            )
            database.all("CREATE TEMP TABLE told (event_id text, incident_id text) ON COMMIT DROP")
            while chunk := [*islice(rows, FETCH)]:
                count += len(chunk)
                database.copy(
                    "new_incidents", columns, ((*row[:-1], len(row.members)) for row in chunk)
                )
                database.copy(
                    "told",
                    "event_id, incident_id",
                    ((event_id, row.incident_id) for row in chunk for event_id in row.members),
                )
            database.all(_LOCK)
            database.all("DELETE FROM incidents")
            database.all(
                f"INSERT INTO incidents ({columns}) SELECT {columns} FROM new_incidents"
                " ON CONFLICT DO NOTHING"
            )
            database.all(
                "UPDATE events e SET incident_id = t.incident_id FROM told t"
                " WHERE t.event_id = e.event_id"
                " AND e.incident_id IS DISTINCT FROM t.incident_id"
            )
            set_number(database, "grouped", revision)
        return count

    def decide(self, decisions: Sequence[Decision], made: date) -> None:
        """Record decisions."""
        with self._writing() as database:
            for decision in decisions:
                database.all(
                    "INSERT INTO decisions (kind, left_event, right_event, made)"
                    " VALUES (?, ?, ?, ?)",
                    (*decision, made.isoformat()),
                )
            grow(database)

    def undo(self, decisions: Sequence[Decision], made: date) -> None:
        """Record that decisions hold no more."""
        with self._writing() as database:
            for decision in decisions:
                database.all(
                    "UPDATE decisions SET undone = ? WHERE undone IS NULL AND kind = ?"
                    " AND left_event = ? AND right_event = ?",
                    (made.isoformat(), *decision),
                )
            grow(database)

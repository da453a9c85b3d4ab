"""A store in one GeoPackage file, written by the standard library's sqlite3.

SQLite's write-ahead log lets many read while one writes; each call that writes is one transaction,
on the disk when it returns. Iterators read a snapshot through a connection of their own.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from geomap.records import EVENT_COLUMNS
from geomap.store.base import (
    ROW_COLUMNS,
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
from geomap.store.gpkg import blob_of, wkb_of
from geomap.store.opening import connect, guarded, open_store
from geomap.store.schema import quoted

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from geomap.store.base import MentionRow, Site
    from geomap.store.conditions import Statement

__all__ = ["GeoPackage"]

# Rows that an iterator fetches at a time.
_FETCH = 1000
_FROM = """
FROM events e JOIN articles a ON a.id = e.article LEFT JOIN sources s ON s.id = a.source
LEFT JOIN sites g ON g.id = e.site"""
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
_EVENT_INSERT = (
    f"INSERT INTO events (id, article, site, admin1_key, {quoted(ROW_COLUMNS)})"
    f" VALUES ({', '.join('?' * (4 + len(ROW_COLUMNS)))})"
)
_TABLES = ("articles", "article_versions", "mentions", "events", "incidents", "sources", "sites")


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
                (kind, _now(), provenance.version, provenance.gazetteer, provenance.models),
            )
            return int(cursor.lastrowid or 0)

    def finish_run(self, number: int) -> None:
        """Record that a run is complete."""
        with self._writing() as database:
            database.execute("UPDATE runs SET finished = ? WHERE id = ?", (_now(), number))

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
            return _Writer(database, run).write(articles, anew=anew)

    # -- events ----------------------------------------------------------------------------------

    def sites(self, boxes: Sequence[tuple[float, float, float, float]]) -> Iterator[SiteRow]:
        """Give the sites whose envelope meets one of some boxes, each once."""
        seen: set[int] = set()
        for west, south, east, north in boxes:
            rows = self._each(
                "SELECT g.id, g.kind, g.west, g.south, g.east, g.north,"
                " CASE g.kind WHEN 'area' THEN g.geom END"
                " FROM rtree_sites_geom r JOIN sites g ON g.id = r.id"
                " WHERE r.maxx >= ? AND r.minx <= ? AND r.maxy >= ? AND r.miny <= ?",
                (west, east, south, north),
            )
            for number, kind, *extent, blob in rows:
                if number not in seen:
                    seen.add(number)
                    wkb = wkb_of(blob) if blob is not None else None
                    yield SiteRow._make((number, kind, *extent, wkb))

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
            f"SELECT {columns}, g.geom{_FROM}\nWHERE {condition}\nORDER BY {ordering(query)}{page}"
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
            _set(database, "grouped", revision)

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
            _grow(database)

    def undo(self, decisions: Sequence[Decision], made: date) -> None:
        """Record that decisions hold no more."""
        with self._writing() as database:
            database.executemany(
                "UPDATE decisions SET undone = ? WHERE undone IS NULL AND kind = ?"
                " AND left_event = ? AND right_event = ?",
                ((made.isoformat(), *decision) for decision in decisions),
            )
            _grow(database)


class _Writer:
    """Writes articles in a transaction that is already begun."""

    def __init__(self, database: sqlite3.Connection, run: int) -> None:
        self._database, self._run = database, run
        self._left: set[int] = set()  # sites that events were taken from

    def write(self, articles: Sequence[PreparedArticle], *, anew: bool) -> AddReport:
        """Write what is new or another version, and say how much that was."""
        known = self._known(articles)
        fresh = [article for article in articles if article.article_id not in known]
        stale = [
            article
            for article in articles
            if article.article_id in known
            and (anew or known[article.article_id][1] != article.stamp)
        ]
        removed = sum(self._set_aside(known[article.article_id], article) for article in stale)
        written = [*fresh, *stale]
        sources = self._sources(written)
        numbers = self._insert_articles(fresh, sources)
        numbers |= {article.article_id: known[article.article_id][0] for article in stale}
        self._update_articles(stale, numbers, sources)
        events = self._insert_events(written, numbers)
        self._insert_mentions(written, numbers)
        self._drop_sites()
        if written:
            _grow(self._database)
        return AddReport(
            added=len(fresh),
            replaced=len(stale),
            unchanged=len(articles) - len(written),
            events=events,
            removed=removed,
        )

    def _known(self, articles: Sequence[PreparedArticle]) -> dict[str, tuple[int, str]]:
        ids = json.dumps([article.article_id for article in articles])
        rows = self._database.execute(
            "SELECT article_id, id, stamp FROM articles"
            " WHERE article_id IN (SELECT value FROM json_each(?))",
            (ids,),
        )
        return {article_id: (number, stamp) for article_id, number, stamp in rows}

    def _set_aside(self, known: tuple[int, str], article: PreparedArticle) -> int:
        """Keep the older version where it is another, take its events out and count them."""
        number, stamp = known
        database = self._database
        if stamp != article.stamp:
            database.execute(
                "INSERT INTO article_versions (article, version, digest, stamp, title, published,"
                " run, text, reading)"
                " SELECT a.id, a.version, a.digest, a.stamp, a.title, a.published, a.run, r.text,"
                " r.reading FROM articles a JOIN readings r ON r.article = a.id WHERE a.id = ?",
                (number,),
            )
        self._left.update(
            site
            for (site,) in database.execute(
                "SELECT DISTINCT site FROM events WHERE article = ? AND site IS NOT NULL", (number,)
            )
        )
        database.execute(
            "INSERT INTO quotes (quotes, rowid, quote)"
            " SELECT 'delete', id, quote FROM events WHERE article = ?",
            (number,),
        )
        database.execute("DELETE FROM mentions WHERE article = ?", (number,))
        return database.execute("DELETE FROM events WHERE article = ?", (number,)).rowcount

    def _sources(self, articles: Iterable[PreparedArticle]) -> dict[str | None, int | None]:
        """Return the numbers of the outlets, new ones written."""
        names = {a.source: a.source_key for a in articles if a.source is not None}
        self._database.executemany(
            "INSERT INTO sources (name, key) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
            names.items(),
        )
        rows = self._database.execute(
            "SELECT name, id FROM sources WHERE name IN (SELECT value FROM json_each(?))",
            (json.dumps([*names]),),
        )
        found: dict[str | None, int | None] = dict(rows)
        return found | {None: None}

    def _insert_articles(
        self, articles: Sequence[PreparedArticle], sources: dict[str | None, int | None]
    ) -> dict[str, int]:
        numbers = dict(zip((a.article_id for a in articles), self._free("articles"), strict=False))
        self._database.executemany(
            "INSERT INTO articles (id, article_id, digest, stamp, version, title, published,"
            " source, url, language, run) VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?)",
            (
                (
                    numbers[a.article_id],
                    a.article_id,
                    a.digest,
                    a.stamp,
                    a.title,
                    a.published,
                    sources[a.source],
                    a.url,
                    a.language,
                    self._run,
                )
                for a in articles
            ),
        )
        self._database.executemany(
            "INSERT INTO readings VALUES (?, ?, ?)",
            ((numbers[a.article_id], a.text, a.reading) for a in articles),
        )
        return numbers

    def _update_articles(
        self,
        articles: Sequence[PreparedArticle],
        numbers: dict[str, int],
        sources: dict[str | None, int | None],
    ) -> None:
        for a in articles:
            number = numbers[a.article_id]
            self._database.execute(
                "UPDATE articles SET version = version + (stamp <> ?2), digest = ?1, stamp = ?2,"
                " title = ?3, published = ?4, source = ?5, url = ?6, language = ?7, run = ?8"
                " WHERE id = ?9",
                (
                    a.digest,
                    a.stamp,
                    a.title,
                    a.published,
                    sources[a.source],
                    a.url,
                    a.language,
                    self._run,
                    number,
                ),
            )
            self._database.execute(
                "UPDATE readings SET text = ?, reading = ? WHERE article = ?",
                (a.text, a.reading, number),
            )

    def _insert_events(self, articles: Iterable[PreparedArticle], numbers: dict[str, int]) -> int:
        events = [(numbers[a.article_id], event) for a in articles for event in a.events]
        if not events:
            return 0
        sites = self._sites({event.site for _, event in events if event.site is not None})
        first = next(self._free("events"))
        self._database.executemany(
            _EVENT_INSERT,
            (
                (
                    number,
                    article,
                    sites[event.site.key] if event.site else None,
                    event.admin1_key,
                    *event.values,
                )
                for number, (article, event) in enumerate(events, first)
            ),
        )
        self._database.execute(
            "INSERT INTO quotes (rowid, quote) SELECT id, quote FROM events WHERE id >= ?", (first,)
        )
        return len(events)

    def _sites(self, wanted: set[Site]) -> dict[str, int]:
        """Return the numbers of geometries, new ones written and the layers' extent widened."""
        rows = self._database.execute(
            "SELECT key, id FROM sites WHERE key IN (SELECT value FROM json_each(?))",
            (json.dumps([site.key for site in wanted]),),
        )
        numbers: dict[str, int] = dict(rows)
        fresh = sorted(site for site in wanted if site.key not in numbers)
        numbers |= dict(zip((site.key for site in fresh), self._free("sites"), strict=False))
        self._database.executemany(
            "INSERT INTO sites (id, geom, key, kind, west, south, east, north)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    numbers[site.key],
                    blob_of(site.wkb, None if site.kind == "point" else site[3:]),
                    site.key,
                    site.kind,
                    *site[3:],
                )
                for site in fresh
            ),
        )
        for layer, kinds in (
            ("event_points", {"point"}),
            ("event_areas", {"area"}),
            ("sites", {"point", "area"}),
        ):
            self._widen(layer, [site for site in fresh if site.kind in kinds])
        return numbers

    def _widen(self, layer: str, sites: Sequence[Site]) -> None:
        if not sites:
            return
        wests, souths, easts, norths = zip(*(site[3:] for site in sites), strict=True)
        self._database.execute(
            "UPDATE gpkg_contents SET min_x = min(coalesce(min_x, ?1), ?1),"
            " min_y = min(coalesce(min_y, ?2), ?2), max_x = max(coalesce(max_x, ?3), ?3),"
            " max_y = max(coalesce(max_y, ?4), ?4) WHERE table_name = ?5",
            (min(wests), min(souths), max(easts), max(norths), layer),
        )

    def _insert_mentions(
        self, articles: Iterable[PreparedArticle], numbers: dict[str, int]
    ) -> None:
        def rows() -> Iterator[tuple[Any, ...]]:
            for a in articles:
                mention: MentionRow
                for mention in a.mentions:
                    yield (numbers[a.article_id], *mention)

        self._database.executemany(
            "INSERT INTO mentions (article, span_start, span_end, text, kind, score, place_id,"
            " place, country, lat, lon, place_score) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows(),
        )

    def _drop_sites(self) -> None:
        """Take out the geometries that no event lies at any more."""
        self._database.executemany(
            "DELETE FROM sites WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM events WHERE site = ?1)",
            ((site,) for site in sorted(self._left)),
        )

    def _free(self, table: str) -> count[int]:
        """Count up from the first number that a table never used."""
        row = self._database.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)
        ).fetchone()
        return count((row[0] if row else 0) + 1)


def _bound(value: Any) -> Any:  # noqa: ANN401 - whatever is compared
    return storable(value) if isinstance(value, str) else value


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _set(database: sqlite3.Connection, key: str, value: int) -> None:
    database.execute("UPDATE geomap_meta SET value = ? WHERE key = ?", (str(value), key))


def _grow(database: sqlite3.Connection) -> None:
    """Count a change, and tell other programs when the tables last changed."""
    database.execute(
        "UPDATE geomap_meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'revision'"
    )
    database.execute("UPDATE gpkg_contents SET last_change = ?", (_now(),))

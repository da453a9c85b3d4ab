"""Writing articles to a GeoPackage, within a transaction that the caller holds."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from geomap.store.base import ROW_COLUMNS, AddReport
from geomap.store.gpkg import blob_of
from geomap.store.schema import quoted

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from geomap.store.base import MentionRow, PreparedArticle, Site

__all__ = ["Writer", "grow", "now", "set_number"]

# The tables of geometries, and the sign that tells their numbers apart in `events.site`.
_SITES = (("point", "points", 1), ("area", "areas", -1))
_EVENT_INSERT = (
    f"INSERT INTO events (id, article, site, admin1_key, {quoted(ROW_COLUMNS)})"
    f" VALUES ({', '.join('?' * (4 + len(ROW_COLUMNS)))})"
)


class Writer:
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
            grow(self._database)
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
                    *a.cells(sources[a.source], self._run),
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
                    *a.cells(sources[a.source], self._run),
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
        sites = self._sites({e.site.key: e.site for _, e in events if e.site is not None})
        placed = [
            (sites[event.site.key] if event.site else None, article, event)
            for article, event in events
        ]
        # What lies together stands together: fewer pages are written now and read later.
        placed.sort(key=lambda row: row[0] or 0)
        first = next(self._free("events"))
        self._database.executemany(
            _EVENT_INSERT,
            (
                (number, article, site, admin1_key, *values)
                for number, (site, article, (values, admin1_key, _)) in enumerate(placed, first)
            ),
        )
        self._database.execute(
            "INSERT INTO quotes (rowid, quote) SELECT id, quote FROM events WHERE id >= ?", (first,)
        )
        return len(events)

    def _sites(self, wanted: Mapping[str, Site]) -> dict[str, int]:
        """Return the numbers of geometries, new ones written and the layers' extent widened."""
        found: dict[str, int] = {}
        for kind, name, sign in _SITES:
            table = f"site_{name}"
            mine = [site for site in wanted.values() if site.kind == kind]
            rows = self._database.execute(
                f"SELECT key, id FROM {table} WHERE key IN (SELECT value FROM json_each(?))",
                (json.dumps([site.key for site in mine]),),
            )
            numbers: dict[str, int] = dict(rows)
            fresh = [site for site in mine if site.key not in numbers]
            numbers |= dict(zip((site.key for site in fresh), self._free(table), strict=False))
            self._database.executemany(
                f"INSERT INTO {table} (id, geom, key, west, south, east, north)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        numbers[site.key],
                        blob_of(site.wkb, None if kind == "point" else site[3:]),
                        site.key,
                        *site[3:],
                    )
                    for site in fresh
                ),
            )
            self._widen(table, fresh)
            self._widen(f"event_{name}", fresh)
            found |= {key: number * sign for key, number in numbers.items()}
        return found

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
        for _, name, sign in _SITES:
            self._database.executemany(
                f"DELETE FROM site_{name} WHERE id = ?1"
                " AND NOT EXISTS (SELECT 1 FROM events WHERE site = ?2)",
                ((site * sign, site) for site in sorted(self._left) if site * sign > 0),
            )

    def _free(self, table: str) -> count[int]:
        """Count up from the first number that a table never used."""
        row = self._database.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)
        ).fetchone()
        return count((row[0] if row else 0) + 1)


def now() -> str:
    """Return the time in UTC as ISO 8601 with milliseconds, as the contents table has it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def set_number(database: sqlite3.Connection, key: str, value: int) -> None:
    """Record a number of the store's own."""
    database.execute("UPDATE geomap_meta SET value = ? WHERE key = ?", (str(value), key))


def grow(database: sqlite3.Connection) -> None:
    """Count a change, and tell other programs when the tables last changed."""
    database.execute(
        "UPDATE geomap_meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'revision'"
    )
    database.execute("UPDATE gpkg_contents SET last_change = ?", (now(),))

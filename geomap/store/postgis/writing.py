"""Writing articles to a PostgreSQL store, within a transaction that keeps other writers out."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from geomap.store.base import ROW_COLUMNS, AddReport
from geomap.store.schema import quoted
from geomap.store.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geomap.store.base import PreparedArticle, Site
    from geomap.store.postgis.connection import Connection

__all__ = ["Writer", "grow", "lexeme", "set_number"]

# The tables of geometries, and the sign that tells their numbers apart in `events.site`.
_SITES = (("point", "points", 1), ("area", "areas", -1))
_QUOTE = ROW_COLUMNS.index("quote")
# Bytes of a word, and words of a text, that a tsvector holds at most (textsearch-limitations).
_LONGEST_WORD, _MOST_WORDS = 2046, 16_383
# A flag in the type of a geometry says that the number of its reference system follows.
_HAS_SRID, _SRID = 0x20000000, 4326
_MENTION_COLUMNS = (
    "article, span_start, span_end, text, kind, score, place_id, place, country, lat, lon,"
    " place_score"
)


def lexeme(word: str) -> str:
    """Return a word as the server keeps it: whole, unless it is longer than any word."""
    return word.encode()[:_LONGEST_WORD].decode(errors="ignore")


def set_number(database: Connection, key: str, value: int) -> None:
    """Record a number of the store's own."""
    database.all("UPDATE geomap_meta SET value = ? WHERE key = ?", (str(value), key))


def _vector(found: Sequence[str]) -> str:
    """Return the words of a quote as the server reads them; letters and digits need no escape."""
    numbered = enumerate(found[:_MOST_WORDS], 1)
    return " ".join([f"'{lexeme(word)}':{number}" for number, word in numbered])


def _ewkb(wkb: bytes) -> str:
    kind = int.from_bytes(wkb[1:5], "little") | _HAS_SRID
    head = kind.to_bytes(4, "little") + _SRID.to_bytes(4, "little")
    return (wkb[:1] + head + wkb[5:]).hex()


class Writer:
    """Writes articles in a transaction that is already begun, and that no other writer is in."""

    def __init__(self, database: Connection, run: int) -> None:
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
        self._database.copy(
            "mentions",
            _MENTION_COLUMNS,
            ((numbers[a.article_id], *mention) for a in written for mention in a.mentions),
        )
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
        rows = self._database.all(
            "SELECT article_id, id, stamp FROM articles WHERE article_id = ANY(?::text[])",
            ([article.article_id for article in articles],),
        )
        return {article_id: (number, stamp) for article_id, number, stamp in rows}

    def _set_aside(self, known: tuple[int, str], article: PreparedArticle) -> int:
        """Keep the older version where it is another, take its events out and count them."""
        number, stamp = known
        database = self._database
        if stamp != article.stamp:
            database.all(
                "INSERT INTO article_versions (article, version, digest, stamp, title, published,"
                " run, text, reading)"
                " SELECT a.id, a.version, a.digest, a.stamp, a.title, a.published, a.run, r.text,"
                " r.reading FROM articles a JOIN readings r ON r.article = a.id WHERE a.id = ?",
                (number,),
            )
        self._left.update(
            site
            for (site,) in database.all(
                "SELECT DISTINCT site FROM events WHERE article = ? AND site IS NOT NULL", (number,)
            )
        )
        database.all("DELETE FROM mentions WHERE article = ?", (number,))
        return database.run("DELETE FROM events WHERE article = ?", (number,))

    def _sources(self, articles: Iterable[PreparedArticle]) -> dict[str | None, int | None]:
        """Return the numbers of the outlets, new ones written."""
        keys = {a.source: a.source_key for a in articles if a.source is not None}
        ask = "SELECT name, id FROM sources WHERE name = ANY(?::text[])"
        found: dict[str | None, int | None] = dict(self._database.all(ask, ([*keys],)))
        fresh = [name for name in keys if name not in found]
        numbers = self._free("sources", len(fresh))
        rows = [(number, name, keys[name]) for number, name in zip(numbers, fresh, strict=False)]
        if rows:
            self._database.copy("sources", "id, name, key", rows)
        return found | {name: number for number, name, _ in rows} | {None: None}

    def _insert_articles(
        self, articles: Sequence[PreparedArticle], sources: dict[str | None, int | None]
    ) -> dict[str, int]:
        free = self._free("articles", len(articles))
        numbers = dict(zip((a.article_id for a in articles), free, strict=False))
        self._database.copy(
            "articles",
            "id, article_id, digest, stamp, version, title, published, source, url, language, run",
            (
                (
                    numbers[a.article_id],
                    a.article_id,
                    a.digest,
                    a.stamp,
                    1,
                    *a.cells(sources[a.source], self._run),
                )
                for a in articles
            ),
        )
        self._database.copy(
            "readings",
            "article, text, reading",
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
            self._database.all(
                "UPDATE articles SET version = version + (stamp <> ?)::int, digest = ?, stamp = ?,"
                " title = ?, published = ?, source = ?, url = ?, language = ?, run = ?"
                " WHERE id = ?",
                (
                    a.stamp,
                    a.digest,
                    a.stamp,
                    *a.cells(sources[a.source], self._run),
                    number,
                ),
            )
            self._database.all(
                "UPDATE readings SET text = ?, reading = ? WHERE article = ?",
                (a.text, a.reading, number),
            )

    def _insert_events(self, articles: Iterable[PreparedArticle], numbers: dict[str, int]) -> int:
        events = [(numbers[a.article_id], event) for a in articles for event in a.events]
        if not events:
            return 0
        sites = self._sites({event.site for _, event in events if event.site is not None})
        found = words([event.values[_QUOTE] for _, event in events])
        self._database.copy(
            "events",
            f"article, site, admin1_key, {quoted(ROW_COLUMNS)}, words",
            (
                (
                    article,
                    sites[event.site.key] if event.site else None,
                    event.admin1_key,
                    *event.values,
                    _vector(told),
                )
                for (article, event), told in zip(events, found, strict=True)
            ),
        )
        return len(events)

    def _sites(self, wanted: set[Site]) -> dict[str, int]:
        """Return the numbers of geometries, new ones written."""
        found: dict[str, int] = {}
        for kind, name, sign in _SITES:
            table = f"site_{name}"
            mine = sorted(site for site in wanted if site.kind == kind)
            if not mine:
                continue
            rows: list[list[Any]] = self._database.all(
                f"SELECT key, id FROM {table} WHERE key = ANY(?::text[])",
                ([site.key for site in mine],),
            )
            numbers: dict[str, int] = dict(rows)
            fresh = [site for site in mine if site.key not in numbers]
            free = self._free(table, len(fresh))
            numbers |= dict(zip((site.key for site in fresh), free, strict=False))
            self._database.copy(
                table,
                "id, geom, key, west, south, east, north",
                ((numbers[s.key], _ewkb(s.wkb), s.key, *s[3:]) for s in fresh),
            )
            found |= {key: number * sign for key, number in numbers.items()}
        return found

    def _drop_sites(self) -> None:
        """Take out the geometries that no event lies at any more."""
        for _, name, sign in _SITES:
            left = [site * sign for site in sorted(self._left) if site * sign > 0]
            if left:
                self._database.all(
                    f"DELETE FROM site_{name} g WHERE id = ANY(?::bigint[])"
                    " AND NOT EXISTS (SELECT 1 FROM events WHERE site = g.id * ?)",
                    (left, sign),
                )

    def _free(self, table: str, wanted: int) -> count[int]:
        """Take some numbers that a table never used, and count up from the first of them."""
        if not wanted:
            return count(1)
        sequence = f"{table}_id_seq"
        ((last,),) = self._database.all(
            "SELECT setval(?::regclass, nextval(?::regclass) + ?)", (sequence, sequence, wanted - 1)
        )
        return count(last - wanted + 1)


def grow(database: Connection) -> None:
    """Count a change of events or decisions."""
    database.all("UPDATE geomap_meta SET value = (value::bigint + 1)::text WHERE key = 'revision'")

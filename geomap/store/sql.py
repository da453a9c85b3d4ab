"""What every backend that speaks SQL asks in the same words; only how it asks is its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from geomap.records import EVENT_COLUMNS
from geomap.store.base import SCHEMA, Decision, Provenance, Run, StoredReading
from geomap.store.codec import storable
from geomap.store.conditions import conditions, ordering

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from geomap.store.base import Selection
    from geomap.store.conditions import Statement

__all__ = ["FETCH", "SqlBackend"]

# Rows that an iterator fetches at a time.
FETCH = 1000
_ARTICLE_SQL = {
    "article_id": "a.article_id",
    "title": "a.title",
    "source": "s.name",
    "url": "a.url",
    "published": "a.published",
}
_COUNTED_SQL = {
    "source": "s.name",
    "year": "substr(coalesce(e.date_first, e.date_last), 1, 4)",
    "month": "substr(coalesce(e.date_first, e.date_last), 1, 7)",
    "day": "coalesce(e.date_first, e.date_last)",
}
_WHOLE = """
FROM events e JOIN articles a ON a.id = e.article LEFT JOIN sources s ON s.id = a.source
LEFT JOIN site_points p ON p.id = e.site LEFT JOIN site_areas r ON r.id = -e.site"""
_WITH_SOURCE = (
    "FROM events e JOIN articles a ON a.id = e.article LEFT JOIN sources s ON s.id = a.source"
)
# Without it, SQLite takes no OFFSET.
_NO_LIMIT = 2**63 - 1
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


class SqlBackend(ABC):
    """The half of a backend that is the same in every database; `?` stands for each parameter."""

    # The geometry of a row, and the part of a type before its dot.
    _geometry: str
    _group: str

    @property
    @abstractmethod
    def name(self) -> str:
        """What errors call the store."""

    @abstractmethod
    def among(self, column: str, values: Sequence[Any]) -> Statement:
        """Return the condition that a column holds one of many values."""

    @abstractmethod
    def holds(self, phrases: Sequence[tuple[str, bool]]) -> Statement:
        """Return the condition that an event's quote holds some phrases."""

    @abstractmethod
    def leafed(self, condition: Statement) -> Statement:
        """Return a condition on days and type so that no event's whole row is read for it."""

    def _bounded(
        self,
        selection: Selection,  # noqa: ARG002 - what a database with such an index asks
        condition: Statement,
    ) -> Statement:
        """Return a condition for rows that leaves out what no page of the selection shows."""
        return condition

    @abstractmethod
    def _all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a statement."""

    @abstractmethod
    def _each(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Give the rows of a statement one by one, of one snapshot."""

    @abstractmethod
    def _wkb(self, geometry: Any) -> bytes:  # noqa: ANN401 - whatever the database gives
        """Return a geometry of a row as well-known binary."""

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

    # -- events ----------------------------------------------------------------------------------

    def sql(self, selection: Selection) -> tuple[str, tuple[Any, ...]]:
        """Return the statement of `rows` and its parameters."""
        condition, values = self._bounded(selection, conditions(selection, self))
        columns = ", ".join(_ARTICLE_SQL.get(c, f'e."{c}"') for c in EVENT_COLUMNS)
        query = selection.query
        page = ""
        if query.limit is not None or query.offset:
            page = "\nLIMIT ? OFFSET ?"
            most = _NO_LIMIT if query.limit is None else query.limit
            values = [*values, most, query.offset]
        statement = (
            f"SELECT {columns}, {self._geometry}{_WHOLE}\nWHERE {condition}\n"
            f"ORDER BY {ordering(query)}{page}"
        )
        return statement, tuple(values)

    def rows(self, selection: Selection) -> Iterator[tuple[Any, ...]]:
        """Give what was selected: the values of `EVENT_COLUMNS` and the WKB or None, in order."""
        for *values, geometry in self._each(*self.sql(selection)):
            yield (*values, self._wkb(geometry) if geometry is not None else None)

    def count(self, selection: Selection) -> int:
        """Return how many events are selected, whatever the limit."""
        condition, values = conditions(selection, self, by=())
        ((number,),) = self._all(f"SELECT count(*) {_tables(selection)} WHERE {condition}", values)
        return int(number)

    def counts(self, selection: Selection, by: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return the values of `by` with the number of events, sorted, whatever the limit."""
        condition, values = conditions(selection, self, by=by)
        counted = {"group": self._group, **_COUNTED_SQL}
        keys = ", ".join(counted.get(key, f'e."{key}"') for key in by)
        places = ", ".join(str(number) for number in range(1, len(by) + 1))
        order = ", ".join(f"{number} NULLS FIRST" for number in range(1, len(by) + 1))
        rows = self._all(
            f"SELECT {keys}, count(*) {_tables(selection, by)} WHERE {condition}"
            f" GROUP BY {places} ORDER BY {order}",
            values,
        )
        return [tuple(row) for row in rows]

    # -- incidents -------------------------------------------------------------------------------

    def decisions(self) -> list[Decision]:
        """Return the decisions in force, the first first."""
        rows = self._all(
            "SELECT kind, left_event, right_event FROM decisions WHERE undone IS NULL ORDER BY id"
        )
        return [Decision(*row) for row in rows]


def _tables(selection: Selection, by: Sequence[str] = ()) -> str:
    """Return the tables that counting needs: a join costs more than the counting does."""
    return _WITH_SOURCE if selection.query.source or "source" in by else "FROM events e"

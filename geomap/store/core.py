"""The store: readings go in, events come out by place, time and kind, each with its proof."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from geomap.errors import EventNotFoundError, InputError, StoreError
from geomap.model import Reading
from geomap.query import Query
from geomap.records import EVENT_COLUMNS
from geomap.store.base import COUNTED, AddReport, Change, Decision, RerunReport, Selection
from geomap.store.codec import decode, storable
from geomap.store.explain import Explanation
from geomap.store.geopackage import GeoPackage
from geomap.store.grouping import Blocks, decided_groups, ties_of
from geomap.store.provenance import current
from geomap.store.rows import SiteMaker, incident_row, prepare
from geomap.store.search import Search

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from types import TracebackType

    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from geomap.gazetteer import Gazetteer
    from geomap.model import Article, Event, Incident
    from geomap.pipeline import Pipeline
    from geomap.store.base import Backend, Run
    from geomap.store.export import ExportReport

__all__ = ["Store"]

# Articles in one transaction: a second of reading or so, which a crash may cost.
_BATCH = 64
_INCIDENT = EVENT_COLUMNS.index("incident_id")
_ARTICLE = EVENT_COLUMNS.index("article_id")


class Store:
    """Readings in one GeoPackage file, and the events in them by place, time and kind.

    QGIS, GDAL and GeoPandas open the file as it is. Several processes may use it at once; one
    Store may be shared by threads, whose calls then wait for each other. An iterator gives the
    store as it was when the iteration began. A schema of a PostgreSQL database with PostGIS does
    the same for several machines.

    Parameters
    ----------
    path
        The file, or an address "postgresql://USER:PASSWORD@HOST:PORT/DATABASE?schema=NAME", its
        schema "geomap" unless given; it is made where there is none, the database is not.
    create
        False to refuse a store that is not there.
    gazetteer
        Gives names and outlines; None for the embedded one, loaded when it is needed.
    group
        Whether events are grouped into incidents when those are asked for and new ones have come;
        False leaves that to `regroup`.
    timeout
        Seconds to wait while another process writes.

    Raises
    ------
    StoreError
        It is no store, a newer geomap wrote it, or it cannot be opened or reached.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        create: bool = True,
        gazetteer: Gazetteer | None = None,
        group: bool = True,
        timeout: float = 30.0,
    ) -> None:
        self._backend = _backend(path, create=create, timeout=timeout)
        self._given_gazetteer = gazetteer
        self._group = group
        self._run: int | None = None
        self._site_of = SiteMaker(self._gazetteer)
        self._search = Search(self._backend, self._gazetteer)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Store({self._backend.name!r})"

    @property
    def name(self) -> str:
        """The path, or the address without its password."""
        return self._backend.name

    def close(self) -> None:
        """Let go of the file; a second call does nothing."""
        run, self._run = self._run, None
        if run is not None:
            with suppress(StoreError):  # the articles are there; only the run's end goes unrecorded
                self._backend.finish_run(run)
        self._backend.close()

    def _gazetteer(self) -> Gazetteer:
        if self._given_gazetteer is None:
            from geomap.gazetteer import Gazetteer

            self._given_gazetteer = Gazetteer()
        return self._given_gazetteer

    def add(self, readings: Reading | Iterable[Reading]) -> AddReport:
        """Add readings; those that the store has change nothing.

        An article whose id is known with another text, address, title, day or source is a new
        version of it: its events take the place of the older ones, and the older version is kept.

        Parameters
        ----------
        readings
            One, or any number, which are taken as they come: what was written stays when a later
            one fails.

        Returns
        -------
        AddReport
            What changed.

        Raises
        ------
        StoreBusyError
            Another process has been writing for too long.
        StoreError
            The store cannot be written.
        InputError
            Something else than readings is given, or two articles have an event of one id.
        """
        given = [readings] if isinstance(readings, Reading) else readings
        total = AddReport()
        for batch in _batches(given):
            prepared = [prepare(reading, self._site_of) for reading in batch]
            total += self._backend.write(prepared, self._current_run(), anew=False)
        self._backend.flush()
        return total

    def _current_run(self) -> int:
        if self._run is None:
            self._run = self._backend.begin_run("add", current())
        return self._run

    def rerun(self, pipeline: Pipeline, *, everything: bool = False) -> RerunReport:
        """Read the articles again that another version of geomap has read.

        Parameters
        ----------
        pipeline
            What reads them.
        everything
            Read all articles, those too whose reading is of this version.

        Returns
        -------
        RerunReport
            Which articles read otherwise now, and how.

        Raises
        ------
        StoreError
            The store cannot be written.
        """
        provenance = current()
        ids = [*self._ids()] if everything else self._backend.outdated(provenance)
        run = self._backend.begin_run("rerun", provenance)
        changes = []
        for start in range(0, len(ids), _BATCH):
            old = [*self.readings(ids[start : start + _BATCH])]
            new = [pipeline.read(reading.article) for reading in old]
            changes += [_change(*pair) for pair in zip(old, new, strict=True) if pair[0] != pair[1]]
            rows = [prepare(reading, self._site_of) for reading in new]
            self._backend.write(rows, run, anew=True)
        self._backend.finish_run(run)
        return RerunReport(articles=len(ids), changes=tuple(changes))

    def _ids(self) -> Iterator[str]:
        return (stored.article_id for stored in self._backend.readings())

    def has(self, article: Article) -> bool:
        """Tell whether the store has an article with this text and address.

        Parameters
        ----------
        article
            The article, read or not.

        Returns
        -------
        bool
            False for another version of a known article.
        """
        key = storable(article.id)
        known = self._backend.known([key]).get(key)
        return known is not None and known[0] == article.digest

    def readings(self, ids: Collection[str] | None = None) -> Iterator[Reading]:
        """Give readings as they were added.

        Parameters
        ----------
        ids
            Ids of articles; None for all.

        Yields
        ------
        Reading
            In the order of their addition; unknown ids give none.
        """
        wanted = None if ids is None else [storable(article_id) for article_id in ids]
        for stored in self._backend.readings(wanted):
            yield decode(stored.reading, stored.text)

    def articles(self) -> Iterator[Article]:
        """Give all articles, the newest version of each.

        Yields
        ------
        Article
            In the order of their addition.
        """
        for stored in self._backend.readings():
            yield decode(stored.reading, stored.text, mentions=False).article

    def versions(self, article_id: str) -> list[Reading]:
        """Return what older versions of an article said.

        Parameters
        ----------
        article_id
            Its id.

        Returns
        -------
        list of Reading
            The oldest first; empty for an unknown article, and for one that never changed.
        """
        return [decode(old.reading, old.text) for old in self._backend.versions(article_id)]

    def events(self, query: Query | None = None, **options: Any) -> GeoDataFrame:  # noqa: ANN401 - those of Query
        """Return the events that a query finds.

        Parameters
        ----------
        query
            The filters; None for those given as keywords.
        **options
            Filters of `Query` by name: ``near="Peshawar, PK", radius_km=100``.

        Returns
        -------
        GeoDataFrame
            Indexed by `event_id`, EPSG:4326; its columns are listed in `docs/store.md`. The
            geometry is a point for a town or an exact place, a polygon for a district, a province
            or a circle, None for all others. Empty, with all columns, when nothing is found.

        Raises
        ------
        InputError
            A filter is wrong.
        PlaceNotFoundError
            No place has the name that `near` gives.
        StoreError
            The store cannot be read.
        """
        from geomap.store.frame import to_frame

        return to_frame(self.rows(query, **options))

    def iter_events(self, query: Query | None = None, **options: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - those of Query
        """Give the events that a query finds, one by one, for more than memory holds.

        Parameters
        ----------
        query
            The filters; None for those given as keywords.
        **options
            Filters of `Query` by name.

        Yields
        ------
        dict
            The columns of `events` by name, `event_id` first; days are ISO texts, missing values
            None, the geometry a shapely one or None.

        Raises
        ------
        InputError
            A filter is wrong.
        PlaceNotFoundError
            No place has the name that `near` gives.
        StoreError
            The store cannot be read.
        """
        from geomap.store.frame import geometries

        for *values, wkb in self.rows(query, **options):
            (geometry,) = geometries([wkb])
            yield dict(zip(EVENT_COLUMNS, values, strict=True)) | {"geometry": geometry}

    def rows(self, query: Query | None = None, **options: Any) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - those of Query
        """Give the events that a query finds as plain rows, the fastest of all ways.

        Parameters
        ----------
        query
            The filters; None for those given as keywords.
        **options
            Filters of `Query` by name.

        Returns
        -------
        iterator of tuple
            The values of `geomap.records.EVENT_COLUMNS`, and the geometry as WKB or None.

        Raises
        ------
        InputError
            A filter is wrong.
        PlaceNotFoundError
            No place has the name that `near` gives.
        StoreError
            The store cannot be read.
        """
        self._settle()
        return self._backend.rows(self._search.selection(_query(query, options)))

    def count(self, query: Query | None = None, **options: Any) -> int:  # noqa: ANN401 - those of Query
        """Return how many events a query finds, whatever its limit.

        Parameters
        ----------
        query
            The filters; None for those given as keywords.
        **options
            Filters of `Query` by name.

        Returns
        -------
        int
            The number.
        """
        return self._backend.count(self._search.selection(_query(query, options)))

    def counts(
        self,
        query: Query | None = None,
        *,
        by: str | Sequence[str] = ("type", "admin1", "month"),
        **options: Any,  # noqa: ANN401 - those of Query
    ) -> DataFrame:
        """Count the events that a query finds.

        Parameters
        ----------
        query
            The filters; None for those given as keywords. Its limit does not count.
        by
            One or several of type, group, status, country, admin1, admin2, place, source,
            geo_precision, year, month ("2023-01") and day. Time is that of the first day.
        **options
            Filters of `Query` by name.

        Returns
        -------
        DataFrame
            A row for each combination that occurs, sorted, with the columns of `by` and `events`.
            A missing value is None.

        Raises
        ------
        InputError
            Events cannot be counted by that.
        """
        import pandas as pd

        keys = [by] if isinstance(by, str) else [*by]
        unknown = [key for key in keys if key not in COUNTED]
        if unknown or not keys:
            raise InputError(f"by: {unknown or 'nothing'} is not among {', '.join(COUNTED)}")
        rows = self._backend.counts(self._search.selection(_query(query, options)), keys)
        return pd.DataFrame(rows, columns=[*keys, "events"])

    def sql(self, query: Query | None = None, **options: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ANN401 - those of Query
        """Return the statement that `events` asks the database.

        Parameters
        ----------
        query
            The filters; None for those given as keywords.
        **options
            Filters of `Query` by name.

        Returns
        -------
        tuple of str and tuple
            The statement and the values of its parameters. A region stands in it as the numbers of
            the sites that lie there.
        """
        return self._backend.sql(self._search.selection(_query(query, options)))

    def incidents(self, query: Query | None = None, **options: Any) -> list[Incident]:  # noqa: ANN401 - those of Query
        """Return the incidents that the found events report, each with all its accounts.

        Parameters
        ----------
        query
            The filters; None for those given as keywords.
        **options
            Filters of `Query` by name.

        Returns
        -------
        list of Incident
            By first day (unknown last), place and type; empty when nothing is found.
        """
        found = [*self.rows(query, **options)]
        ids = sorted({row[_INCIDENT] for row in found if row[_INCIDENT] is not None})
        whole = self._backend.rows(Selection(query=Query(order="id"), incidents=ids)) if ids else ()
        loose = [row for row in found if row[_INCIDENT] is None]
        return self._grouped([*whole, *loose])

    def _grouped(self, rows: Sequence[tuple[Any, ...]]) -> list[Incident]:
        """Return the incidents that some events make, and no others."""
        wanted = {row[0] for row in rows}
        articles = {row[_ARTICLE] for row in rows}
        readings = (_with_events(r, wanted) for r in self._event_readings(articles))
        return decided_groups(readings, self._backend.decisions())

    def _event_readings(self, articles: Collection[str] | None = None) -> Iterator[Reading]:
        ids = None if articles is None else [storable(article_id) for article_id in articles]
        for stored in self._backend.readings(ids):
            yield decode(stored.reading, stored.text, mentions=False)

    def explain(self, event_id: str) -> Explanation:
        """Say what an event rests on.

        Parameters
        ----------
        event_id
            Its id.

        Returns
        -------
        Explanation
            Quote, chosen and rejected places with reasons, date, status, sources; `str` gives it
            in words.

        Raises
        ------
        EventNotFoundError
            The store has no such event.
        """
        row = self._row_of(event_id)
        (reading,) = self.readings([row[_ARTICLE]])
        event = _event_of(reading, event_id)
        incident = None
        if row[_INCIDENT] is not None:
            selection = Selection(query=Query(order="id"), incidents=[row[_INCIDENT]])
            groups = self._grouped([*self._backend.rows(selection)])
            holds = (i for i in groups if any(r.event.id == event.id for r in i.reports))
            incident = next(holds, None)
        return Explanation(event=event, article=reading.article, incident=incident)

    def _row_of(self, event_id: str) -> tuple[Any, ...]:
        self._settle()
        for row in self._backend.rows(Selection(query=Query(), events=[storable(event_id)])):
            return row
        raise EventNotFoundError(f"{self._backend.name}: no event {event_id!r:.60}")

    def split(self, incident_id: str, event_id: str) -> None:
        """Decide that an event is not one of an incident, now and whenever events are grouped.

        Parameters
        ----------
        incident_id
            The incident that it is counted to.
        event_id
            The event.

        Raises
        ------
        EventNotFoundError
            The store has no such event, or it is not one of that incident.
        InputError
            The incident has no other event.
        """
        row = self._row_of(event_id)
        if row[_INCIDENT] != incident_id:
            raise EventNotFoundError(
                f"{self._backend.name}: event {event_id} is one of incident {row[_INCIDENT]}, not"
                f" of {incident_id!r:.60}"
            )
        selection = Selection(query=Query(order="id"), incidents=[incident_id])
        others = [other for other, *_ in self._backend.rows(selection) if other != event_id]
        if not others:
            raise InputError(f"incident {incident_id} has no other event to split {event_id} from")
        decisions = [Decision("apart", event_id, other) for other in others]
        self._backend.decide(decisions, datetime.now(UTC).date())

    def undo_split(self, event_id: str) -> None:
        """Take back every decision that an event stands apart.

        Parameters
        ----------
        event_id
            The event; its incident may be gone meanwhile.

        Raises
        ------
        EventNotFoundError
            No decision in force is about that event.
        """
        held = [d for d in self._backend.decisions() if event_id in {d.left, d.right}]
        if not held:
            raise EventNotFoundError(
                f"{self._backend.name}: event {event_id!r:.60} was never split"
            )
        self._backend.undo(held, datetime.now(UTC).date())

    def regroup(self) -> int:
        """Group all events into incidents anew, as the decisions say.

        Returns
        -------
        int
            How many incidents there are.
        """
        revision, decisions = self._backend.revision(), self._backend.decisions()
        blocks = Blocks(self._event_readings, ties_of(decisions))
        for reading in self._event_readings():
            blocks.note(reading)
        incidents = (
            incident_row(incident)
            for readings in blocks.loads()
            for incident in decided_groups(readings, decisions)
        )
        return self._backend.write_incidents(incidents, revision)

    def _settle(self) -> None:
        """Group anew where events or decisions have changed since, and that can be kept."""
        if not self._group or not self._backend.writable:
            return
        if self._backend.grouped() != self._backend.revision():
            self.regroup()

    def export(
        self,
        path: str | Path,
        query: Query | None = None,
        *,
        form: str | None = None,
        exact: bool = False,
        **options: Any,  # noqa: ANN401 - those of Query
    ) -> ExportReport:
        """Write the events that a query finds to a file, which is replaced when it is complete.

        Parameters
        ----------
        path
            The file.
        query
            The filters; None for those given as keywords.
        form
            "geojson", "csv", "gpkg", "kml", "parquet", "jsonl", "acled" or "ucdp"; None for what
            the ending of the path says.
        exact
            Leave cells alone that a spreadsheet would run as formulas (CSV).
        **options
            Filters of `Query` by name.

        Returns
        -------
        ExportReport
            How many events were written, and what the format could not hold.

        Raises
        ------
        InputError
            The format is unknown, or a filter is wrong.
        OutputError
            The file cannot be written; an older one is as it was.
        """
        from geomap.store.export import export_rows

        if self._backend.is_file(Path(path)):
            raise InputError(f"{path}: is the store itself, choose another file")
        return export_rows(self.rows(query, **options), Path(path), form=form, exact=exact)

    def runs(self) -> list[Run]:
        """Return what wrote to the store, and with which version, gazetteer and models.

        Returns
        -------
        list of Run
            The first first.
        """
        return self._backend.runs()

    def info(self) -> dict[str, str | int]:
        """Return what the store holds.

        Returns
        -------
        dict
            Its name, the version of its tables, and how many rows each has.
        """
        return self._backend.info()


def _backend(path: str | Path, *, create: bool, timeout: float) -> Backend:
    """Return the backend for a path or an address."""
    scheme, found, _ = str(path).partition("://")
    if found and scheme in {"postgresql", "postgres"}:
        from geomap.store.postgis import PostGIS

        return PostGIS(str(path), create=create, timeout=timeout)
    if found:
        raise StoreError(
            f"{scheme}://: no such kind of store, give a path or an address postgresql://..."
        )
    return GeoPackage(Path(path), create=create, timeout=timeout)


def _query(query: Query | None, options: dict[str, Any]) -> Query:
    try:
        return Query(**options) if query is None else replace(query, **options)
    except TypeError as error:
        raise InputError(f"no such filter: {error}") from error


def _batches(readings: Iterable[Reading]) -> Iterator[list[Reading]]:
    """Give readings in batches in which no article stands twice."""
    batch: dict[str, Reading] = {}
    for reading in readings:
        if not isinstance(reading, Reading):
            raise InputError(f"a store takes readings, not {type(reading).__name__}")
        key = storable(reading.article.id)
        if key in batch or len(batch) == _BATCH:
            yield [*batch.values()]
            batch = {}
        batch[key] = reading
    if batch:
        yield [*batch.values()]


def _with_events(reading: Reading, wanted: set[str]) -> Reading:
    return replace(reading, events=tuple(e for e in reading.events if storable(e.id) in wanted))


def _event_of(reading: Reading, event_id: str) -> Event:
    return next(e for e in reading.events if storable(e.id) == storable(event_id))


def _change(old: Reading, new: Reading) -> Change:
    before = {event.id: event for event in old.events}
    after = {event.id: event for event in new.events}
    return Change(
        article_id=old.article.id,
        added=tuple(e for e in after if e not in before),
        removed=tuple(e for e in before if e not in after),
        changed=tuple(e for e in after if e in before and after[e] != before[e]),
    )

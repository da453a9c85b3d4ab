"""What every kind of store shares: its prepared rows, its reports, and what a backend must do.

`core.Store` speaks to a backend (`geopackage.GeoPackage`) in these values alone; all SQL is the
backend's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from geomap.records import EVENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from geomap.query import Box, Query

__all__ = [
    "ARTICLE_COLUMNS",
    "COUNTED",
    "ROW_COLUMNS",
    "SCHEMA",
    "AddReport",
    "Backend",
    "Change",
    "Decision",
    "EventRow",
    "IncidentRow",
    "MentionRow",
    "PreparedArticle",
    "Provenance",
    "RerunReport",
    "Run",
    "Selection",
    "Site",
    "StoredReading",
]

# Raise it with every change of the tables, and give the backends a step that migrates to it.
SCHEMA = 1

# Columns of the frame that belong to the article; they are kept once an article.
ARTICLE_COLUMNS = ("article_id", "title", "source", "url", "published")
# Columns of the frame that belong to the event itself, in the order of `EventRow.values`.
ROW_COLUMNS = tuple(column for column in EVENT_COLUMNS if column not in ARTICLE_COLUMNS)

# What events can be counted by.
COUNTED = (
    "type",
    "group",
    "status",
    "country",
    "admin1",
    "admin2",
    "place",
    "source",
    "geo_precision",
    "year",
    "month",
    "day",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What made a reading.

    Parameters
    ----------
    version
        Version of geomap.
    gazetteer
        Digest of the gazetteer.
    models
        Digest of the models and word lists.
    """

    version: str
    gazetteer: str
    models: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One call that wrote to a store.

    Parameters
    ----------
    number
        Counts the runs, from 1.
    kind
        "add" or "rerun".
    started
        When, ISO 8601 in UTC.
    finished
        When it ended; None for one that was broken off.
    articles
        How many articles it wrote.
    provenance
        What made its readings.
    """

    number: int
    kind: str
    started: str
    finished: str | None
    articles: int
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class AddReport:
    """What an addition changed.

    Parameters
    ----------
    added
        Articles that are new.
    replaced
        Articles that were known in another version, which is kept.
    unchanged
        Articles that were known as they are.
    events
        Events that were written.
    removed
        Events of older versions that were taken out.
    """

    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    events: int = 0
    removed: int = 0

    def __add__(self, other: AddReport) -> AddReport:
        return AddReport(
            added=self.added + other.added,
            replaced=self.replaced + other.replaced,
            unchanged=self.unchanged + other.unchanged,
            events=self.events + other.events,
            removed=self.removed + other.removed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How one article reads otherwise than before.

    Parameters
    ----------
    article_id
        The article.
    added
        Ids of events that are new.
    removed
        Ids of events that are gone.
    changed
        Ids of events that say something else now.
    """

    article_id: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RerunReport:
    """What reading the articles of a store again changed.

    Parameters
    ----------
    articles
        How many were read.
    changes
        Those that read otherwise now, in the order of the store.
    """

    articles: int
    changes: tuple[Change, ...]


class Site(NamedTuple):
    """A geometry that events share: a town's point, an outline, a circle."""

    key: str
    kind: Literal["point", "area"]
    wkb: bytes
    west: float
    south: float
    east: float
    north: float


class EventRow(NamedTuple):
    """An event, ready to be written: the values of `ROW_COLUMNS`, and what is searched by."""

    values: tuple[Any, ...]
    admin1_key: str | None
    site: Site | None


class MentionRow(NamedTuple):
    """A mention with its best place, ready to be written."""

    start: int
    end: int
    text: str
    kind: str
    score: float
    place_id: str | None
    place: str | None
    country: str | None
    lat: float | None
    lon: float | None
    place_score: float | None


class PreparedArticle(NamedTuple):
    """An article with its reading, ready to be written; `stamp` tells its versions apart."""

    article_id: str
    digest: str
    stamp: str
    title: str | None
    published: str | None
    source: str | None
    source_key: str | None
    url: str | None
    language: str | None
    text: str
    reading: bytes
    events: list[EventRow]
    mentions: list[MentionRow]

    def cells(self, source: int | None, run: int) -> tuple[str | int | None, ...]:
        """Return the columns title, published, source, url, language and run of its row."""
        return self.title, self.published, source, self.url, self.language, run


class StoredReading(NamedTuple):
    """A reading as it is kept: its article's id and text, and what `codec.decode` takes."""

    article_id: str
    text: str
    reading: bytes


class IncidentRow(NamedTuple):
    """An incident, ready to be written, with the events that report it."""

    incident_id: str
    type: str
    status: str
    date_first: str | None
    date_last: str | None
    place: str | None
    place_id: str | None
    country: str | None
    admin1: str | None
    geo_precision: str
    fatalities_low: int | None
    fatalities_best: int | None
    fatalities_high: int | None
    injured: int | None
    confidence: float
    articles: int
    members: tuple[str, ...]


class Decision(NamedTuple):
    """What a person decided of two events: that they are never one incident."""

    kind: Literal["apart"]
    left: str
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A search that needs no geometry any more.

    Parameters
    ----------
    query
        The filters, of which those of time, text and kind are still to be applied.
    sites
        Numbers of the sites that the region holds; None for anywhere.
    events
        Only these ids; None for all.
    incidents
        Only events of these incidents; None for all.
    """

    query: Query
    sites: Sequence[int] | None = None
    events: Sequence[str] | None = None
    incidents: Sequence[str] | None = None


class Backend(Protocol):
    """What a store is made of. Each call is one transaction, or one snapshot for an iterator."""

    @property
    def name(self) -> str:
        """What errors call the store."""

    @property
    def writable(self) -> bool:
        """Whether it can be written."""

    def is_file(self, path: Path) -> bool:
        """Tell whether a path leads to the store's own file."""

    def close(self) -> None:
        """Let go of it; a second call does nothing."""

    def revision(self) -> int:
        """Return what grows with every change of events or decisions."""

    def grouped(self) -> int:
        """Return the revision that the stored incidents were made from; -1 for none."""

    def begin_run(self, kind: str, provenance: Provenance) -> int:
        """Record that a run begins and return its number."""

    def finish_run(self, number: int) -> None:
        """Record that a run is complete."""

    def runs(self) -> list[Run]:
        """Return all runs, the first first."""

    def known(self, ids: Collection[str]) -> dict[str, tuple[str, str]]:
        """Return digest and stamp of those articles that the store has."""

    def write(self, articles: Sequence[PreparedArticle], run: int, *, anew: bool) -> AddReport:
        """Write articles, each wholly or not at all; those with a known stamp only if `anew`."""

    def flush(self) -> None:
        """Bring what was written to where a copy of the store finds it."""

    def points(self, boxes: Sequence[Box]) -> list[tuple[int, float, float]]:
        """Return the points in some boxes, and maybe others: number, longitude, latitude."""

    def areas(self, boxes: Sequence[Box]) -> Iterator[tuple[int, bytes]]:
        """Give the areas whose envelope meets one of some boxes, each once: number and WKB."""

    def rows(self, selection: Selection) -> Iterator[tuple[Any, ...]]:
        """Give what was selected: the values of `EVENT_COLUMNS` and the WKB or None, in order."""

    def count(self, selection: Selection) -> int:
        """Return how many events are selected, whatever the limit."""

    def counts(self, selection: Selection, by: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return the values of `by` with the number of events, sorted, whatever the limit."""

    def sql(self, selection: Selection) -> tuple[str, tuple[Any, ...]]:
        """Return the statement of `rows` and its parameters."""

    def readings(self, ids: Collection[str] | None = None) -> Iterator[StoredReading]:
        """Give readings by the ids of their articles, in the order of their addition."""

    def versions(self, article_id: str) -> list[StoredReading]:
        """Return the older versions of an article, the oldest first."""

    def outdated(self, provenance: Provenance) -> list[str]:
        """Return the ids of articles whose reading something else than this made."""

    def write_incidents(self, incidents: Iterable[IncidentRow], revision: int) -> int:
        """Replace the stored incidents, as grouped from a revision, and count them.

        Others may write until all have come.
        """

    def decisions(self) -> list[Decision]:
        """Return the decisions in force, the first first."""

    def decide(self, decisions: Sequence[Decision], made: date) -> None:
        """Record decisions."""

    def undo(self, decisions: Sequence[Decision], made: date) -> None:
        """Record that decisions hold no more."""

    def info(self) -> dict[str, str | int]:
        """Return counts of the tables and the version of the schema."""

"""What one worker of a cluster does with one group of parts: read it, and write it once.

Files are written beside their place and renamed; the report comes last, and where it stands the
group is done.
"""

from __future__ import annotations

import json
import pickle
import threading
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.articles.parts import Part, read_part
from geomap.errors import ArticleError, GeomapError
from geomap.model import Reading, digest
from geomap.output import replacing
from geomap.records import EVENT_COLUMNS, full_record
from geomap.scale.problems import Problems
from geomap.serialise import json_line
from geomap.store import Store
from geomap.store.base import AddReport
from geomap.store.codec import storable
from geomap.store.export import export_rows
from geomap.store.provenance import current
from geomap.store.rows import SiteMaker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from geomap.model import Article
    from geomap.pipeline import Pipeline
    from geomap.store.base import Provenance

__all__ = ["FORMS", "Group", "Job", "PartReport", "read_group", "report_of"]

Group = tuple[Part, ...]

# The folders of an output, and the ending of what lies there.
FORMS = {"readings": ".jsonl", "events": ".parquet", "parts": ".json"}
# Articles in one transaction, as in `Store.add`.
_BATCH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class PartReport:
    """What one part of the inputs gave.

    Parameters
    ----------
    name
        The name of its files, without folder and ending.
    inputs
        The files that it is made of, and the bytes where it is not all of them.
    articles
        How many articles were read; into a store, those that it did not have.
    known
        How many articles the store had.
    events
        How many events were written.
    problems
        What could not be read, the first twenty: where and why.
    problem_count
        How much it was in all.
    """

    name: str
    inputs: tuple[str, ...]
    articles: int = 0
    known: int = 0
    events: int = 0
    problems: tuple[tuple[str, str], ...] = ()
    problem_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What every task needs to know; small, for it travels with each of them.

    Parameters
    ----------
    to
        The folder or the store.
    is_store
        Whether it is a store.
    published
        The publication day of articles that do not give their own; None for none.
    pipeline
        The pickled `Pipeline`, which holds the paths of its gazetteer.
    provenance
        What makes the readings.
    """

    to: str
    is_store: bool
    published: date | None
    pipeline: bytes
    provenance: Provenance

    def name_of(self, group: Group) -> str:
        """Name what a group gives.

        Parameters
        ----------
        group
            The parts.

        Returns
        -------
        str
            Another one for other files, other bytes of them, another day, pipeline or version.
        """
        made_by = (self.provenance.version, self.provenance.gazetteer, self.provenance.models)
        how = (str(self.published), self.pipeline.hex(), *made_by)
        return f"part-{digest(*(part.digest for part in group), *how)}"


def report_of(folder: Path, name: str) -> PartReport | None:
    """Read what a group gave at an earlier time.

    Parameters
    ----------
    folder
        The output.
    name
        The name of the group.

    Returns
    -------
    PartReport or None
        None where it is not there, or not whole.
    """
    if not all((folder / kind / f"{name}{ending}").is_file() for kind, ending in FORMS.items()):
        return None
    try:
        said = json.loads((folder / "parts" / f"{name}.json").read_text(encoding="utf-8"))
        problems = tuple((where, reason) for where, reason in said.pop("problems"))
        return PartReport(problems=problems, inputs=tuple(said.pop("inputs")), **said)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def read_group(job: Job, group: Group) -> PartReport:
    """Read a group of parts and write what it says.

    Parameters
    ----------
    job
        How, and where to.
    group
        The parts.

    Returns
    -------
    PartReport
        What it gave; that of the earlier time where it is there already.

    Raises
    ------
    GeomapError
        This machine has another version of geomap or its data, or cannot write.
    """
    try:
        _check_version(job)
        name = job.name_of(group)
        if job.is_store:
            return _into_store(job, name, group)
        return report_of(Path(job.to), name) or _into_files(job, name, group)
    except GeomapError as error:
        # Some of its kinds cannot be sent; their words can.
        raise GeomapError(str(error)) from None


def _check_version(job: Job) -> None:
    own = current()
    if own != job.provenance:
        raise GeomapError(
            f"a worker has geomap {own.version}, the driver {job.provenance.version}, or other data"
            " with it: install the same version everywhere"
        )


# A gazetteer belongs to the thread that opened it, and its caches shall outlive one group.
_kept = threading.local()


def _pipeline(pickled: bytes) -> Pipeline:
    if getattr(_kept, "pickled", None) != pickled:
        _kept.pipeline = pickle.loads(pickled)  # noqa: S301 - from this cluster's own driver
        _kept.site_of = SiteMaker(lambda: _kept.pipeline.gazetteer)
        _kept.pickled = pickled
    pipeline: Pipeline = _kept.pipeline
    return pipeline


def _into_files(job: Job, name: str, group: Group) -> PartReport:
    folder = Path(job.to)
    problems = Problems()
    pipeline = _pipeline(job.pipeline)
    articles = 0
    rows: list[tuple[Any, ...]] = []
    with replacing(folder / "readings" / f"{name}.jsonl") as file:
        for outcome in pipeline.read_each(_articles(job, group, problems)):
            if isinstance(outcome, ArticleError):
                problems.note(outcome)
                continue
            articles += 1
            file.write(json_line(outcome).encode("utf-8", "replace"))
            rows += _event_rows(outcome)
    export_rows(rows, folder / "events" / f"{name}.parquet", form="parquet", exact=True)
    report = PartReport(
        name=name,
        inputs=tuple(map(str, group)),
        articles=articles,
        events=len(rows),
        problems=tuple((p.where, p.reason) for p in problems.kept),
        problem_count=problems.number,
    )
    with replacing(folder / "parts" / f"{name}.json") as file:
        file.write(json.dumps(asdict(report)).encode())
    return report


def _event_rows(reading: Reading) -> Iterator[tuple[Any, ...]]:
    """Give the events as the rows of a store's frame."""
    for event in reading.events:
        record = full_record(reading.article, event)
        values = (record[column] for column in EVENT_COLUMNS)
        site = _kept.site_of(event)
        yield (
            *(storable(value) if isinstance(value, str) else value for value in values),
            site.wkb if site else None,
        )


def _into_store(job: Job, name: str, group: Group) -> PartReport:
    problems = Problems()
    pipeline = _pipeline(job.pipeline)
    total, known = AddReport(), 0
    with Store(job.to, create=False, gazetteer=pipeline.gazetteer, group=False) as store:
        articles = _articles(job, group, problems)
        while batch := list(islice(articles, _BATCH)):
            new = [article for article in batch if not store.has(article)]
            known += len(batch) - len(new)
            total += store.add(_readings(pipeline.read_each(new), problems))
    return PartReport(
        name=name,
        inputs=tuple(map(str, group)),
        articles=total.added + total.replaced,
        known=known + total.unchanged,
        events=total.events,
        problems=tuple((p.where, p.reason) for p in problems.kept),
        problem_count=problems.number,
    )


def _articles(job: Job, group: Group, problems: Problems) -> Iterator[Article]:
    for part in group:
        for item in read_part(part, published=job.published):
            if isinstance(item, ArticleError):
                problems.note(item)
            else:
                yield item


def _readings(outcomes: Iterable[Reading | ArticleError], problems: Problems) -> Iterator[Reading]:
    for outcome in outcomes:
        if isinstance(outcome, ArticleError):
            problems.note(outcome)
        else:
            yield outcome

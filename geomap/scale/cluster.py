"""Articles -> GeoParquet and JSON Lines, or a store, by the workers of a Dask cluster.

Paths travel, not articles: each worker reads its part of the files, opens the gazetteer by its
path, and writes what it found itself (`partition`). The driver only says who reads what.
"""

from __future__ import annotations

import json
import pickle
import uuid
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.articles.parts import PART_BYTES, Part, parts
from geomap.errors import ArticleError, InputError, OutputError
from geomap.output import replacing
from geomap.pipeline import Pipeline
from geomap.scale.partition import FORMS, Group, Job, PartReport, read_group, report_of
from geomap.scale.problems import Problems
from geomap.store import Store
from geomap.store.provenance import current

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    Watch = Callable[[int, int], None]

__all__ = ["PartReport", "ReadReport", "is_store", "read"]

# Small files that are read in one go; each costs little beside the talk about it.
_MOST_FILES = 200
# Tasks waiting at each thread of the cluster: none is idle, and the scheduler, which gets slow over
# some hundred thousand, has few.
_AHEAD = 3
_STORE_ENDING = ".gpkg"
_MANIFEST = "manifest.json"
_STALE = "stale"
_SCHEMA = "geomap.parts/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReport:
    """What a cluster has read.

    Parameters
    ----------
    parts
        What each part gave, in the order of the inputs; those that were there already too.
    done_before
        How many parts were there already.
    problems
        What could not be read, the first twenty; parts that ended every worker that read them are
        among it.
    problem_count
        How much it was in all.
    """

    parts: tuple[PartReport, ...]
    done_before: int
    problems: tuple[ArticleError, ...]
    problem_count: int

    @property
    def articles(self) -> int:
        """How many articles were read, over all parts."""
        return sum(part.articles for part in self.parts)

    @property
    def events(self) -> int:
        """How many events were written, over all parts."""
        return sum(part.events for part in self.parts)


def read(
    paths: str | Path | Iterable[str | Path],
    client: Any,  # noqa: ANN401 - a distributed.Client, and distributed is an extra
    *,
    to: str | Path,
    pipeline: Pipeline | None = None,
    published: date | None = None,
    part_bytes: int = PART_BYTES,
    watch: Watch | None = None,
) -> ReadReport:
    """Read articles over a Dask cluster.

    Every worker must see the inputs and `to` under the same paths, and have this version of
    geomap. A worker that dies loses nothing: others read its parts again. What is there already
    is not read again.

    Parameters
    ----------
    paths
        Files, folders and globs, as for `read_articles`; long JSON Lines and CSV files are cut.
    client
        The `distributed.Client` of the cluster.
    to
        A folder, which gets `readings/*.jsonl` (what `geomap read` prints), `events/*.parquet`
        (GeoParquet) and `manifest.json` (their order); or a store: a path that ends in .gpkg, or
        an address.
    pipeline
        What reads; None for the usual one. Its gazetteer travels as a path.
    published
        The publication day of articles that do not give their own.
    part_bytes
        How much input one task reads, about.
    watch
        Told after each part how many more articles were read and how many more bytes are done.

    Returns
    -------
    ReadReport
        What was read.

    Raises
    ------
    InputError
        Standard input is given.
    OutputError
        The folder cannot be made.
    GeomapError
        A worker has another version of geomap, or cannot write; what was written stays.
    """
    job = Job(
        to=str(to) if "://" in str(to) else str(Path(to).absolute()),
        is_store=is_store(to),
        published=published,
        pipeline=pickle.dumps(pipeline or Pipeline()),
        provenance=current(),
    )
    problems = Problems()
    groups = _groups(parts(paths, part_bytes=part_bytes), problems, part_bytes)
    if job.is_store:
        Store(job.to, group=False).close()  # made here, once
    else:
        _make_folders(Path(job.to))
    driver = _Driver(client, job, problems, watch or (lambda _articles, _bytes: None))
    reports = driver.run(groups)
    if not job.is_store:
        _write_manifest(Path(job.to), reports)
    return ReadReport(
        parts=tuple(reports),
        done_before=driver.done_before,
        problems=tuple(problems.kept),
        problem_count=problems.number,
    )


def is_store(to: str | Path) -> bool:
    """Tell whether results go into a store, and not into a folder.

    Parameters
    ----------
    to
        Where results go.

    Returns
    -------
    bool
        True for an address and for what ends in .gpkg.
    """
    return "://" in str(to) or Path(to).suffix.lower() == _STORE_ENDING


def _groups(
    found: Iterable[Part | ArticleError], problems: Problems, part_bytes: int
) -> Iterator[Group]:
    """Give parts in groups for one task, small files together."""
    group: list[Part] = []
    size = 0
    for given in found:
        if isinstance(given, ArticleError):
            problems.note(given)
            continue
        if given.size < 0:
            raise InputError("-: other machines cannot read standard input, save it as a file")
        part = replace(given, path=str(Path(given.path).absolute()))
        if group and (size + part.length > part_bytes or len(group) == _MOST_FILES):
            yield tuple(group)
            group, size = [], 0
        group.append(part)
        size += part.length
    if group:
        yield tuple(group)


class _Driver:
    """Hands groups to the cluster, a bounded number at a time, and collects their reports."""

    def __init__(self, client: Any, job: Job, problems: Problems, watch: Watch) -> None:  # noqa: ANN401 - as for `read`
        self._client = client
        self._job = job
        self._problems = problems
        self._watch = watch
        self._reports: dict[int, PartReport] = {}
        self._run = uuid.uuid4().hex
        self.done_before = 0

    def run(self, groups: Iterator[Group]) -> list[PartReport]:
        """Read all groups and return their reports, in their order."""
        import distributed

        as_completed: Any = distributed.as_completed
        tasks = self._tasks(groups)
        threads = sum(self._client.nthreads().values())
        under_way = dict(islice(tasks, _AHEAD * max(1, threads)))
        try:
            completed = as_completed(list(under_way))
            for future in completed:
                self._take(future, *under_way.pop(future))
                for following, what in islice(tasks, 1):
                    under_way[following] = what
                    completed.add(following)
        except BaseException:
            self._client.cancel(list(under_way))
            raise
        return [self._reports[number] for number in sorted(self._reports)]

    def _tasks(self, groups: Iterator[Group]) -> Iterator[tuple[Any, tuple[int, Group]]]:
        """Submit the groups that are not there yet, as they are asked for."""
        for number, group in enumerate(groups):
            name = self._job.name_of(group)
            before = None if self._job.is_store else report_of(Path(self._job.to), name)
            if before is None:
                key = f"{name}-{number}-{self._run}"
                yield self._client.submit(read_group, self._job, group, key=key), (number, group)
            else:
                self.done_before += 1
                self._note(number, group, before)

    def _take(self, future: Any, number: int, group: Group) -> None:  # noqa: ANN401 - a distributed.Future
        """Take a report; a group that ends its workers is told and left out."""
        from distributed.scheduler import KilledWorker

        try:
            self._note(number, group, future.result())
        except KilledWorker:
            others = f" and {len(group) - 1} more files" if len(group) > 1 else ""
            reason = "ended every worker that read it: find the article with `geomap add`"
            self._problems.note(ArticleError(f"{group[0]}{others}", reason))

    def _note(self, number: int, group: Group, report: PartReport) -> None:
        self._reports[number] = report
        for where, reason in report.problems:
            self._problems.note(ArticleError(where, reason))
        self._problems.number += report.problem_count - len(report.problems)
        self._watch(report.articles, sum(part.length for part in group))


def _make_folders(folder: Path) -> None:
    try:
        for name in FORMS:
            (folder / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made, {error.strerror or error}") from error


def _write_manifest(folder: Path, reports: list[PartReport]) -> None:
    """List the parts in their order, and put aside those of inputs that are others now."""
    current_names = {report.name for report in reports}
    for kind, ending in FORMS.items():
        for path in sorted((folder / kind).glob(f"part-*{ending}")):
            if path.stem not in current_names:
                (folder / _STALE).mkdir(exist_ok=True)
                path.replace(folder / _STALE / path.name)
    listed = [
        {"name": r.name, "inputs": r.inputs, "articles": r.articles, "events": r.events}
        for r in reports
    ]
    with replacing(folder / _MANIFEST) as file:
        file.write(json.dumps({"schema": _SCHEMA, "parts": listed}, indent=1).encode())

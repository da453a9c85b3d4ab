"""Articles -> a store, on one machine: streamed, in order, and resumed where it was broken off."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.articles.parts import Part, parts, read_part
from geomap.errors import ArticleError
from geomap.model import Reading
from geomap.pipeline import Pipeline
from geomap.scale.checkpoint import Checkpoint
from geomap.scale.problems import Problems
from geomap.store.base import AddReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from geomap.articles.online import Online
    from geomap.model import Article
    from geomap.store import Store

    Watch = Callable[[int, int], None]

__all__ = ["Added", "Source", "add", "nothing_in"]

# Articles in one transaction, as in `Store.add`.
_BATCH = 64
# Parts without a new article that are noted at once.
_KNOWN = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where articles come from.

    Parameters
    ----------
    inputs
        As for `read_articles`.
    published
        The publication day of articles that do not give their own; None for none.
    online
        What fetches inputs that are addresses of the web; None to refuse them.
    """

    inputs: Sequence[str | Path]
    published: date | None = None
    online: Online | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What an addition did.

    Parameters
    ----------
    report
        What changed in the store.
    skipped
        Parts of the inputs that were known to be there and were not even opened.
    problems
        What could not be read, the first twenty.
    problem_count
        How much it was in all.
    """

    report: AddReport
    skipped: int
    problems: tuple[ArticleError, ...]
    problem_count: int


def add(
    source: Source,
    store: Store,
    *,
    pipeline: Pipeline | None = None,
    workers: int = 1,
    resume: bool = False,
    watch: Watch | None = None,
) -> Added:
    """Read articles and keep what they say in a store, in memory that does not grow with them.

    What the store has is never lost: an interruption costs the articles under way. Beside the
    store lies a file that tells which parts of which inputs it has (`Checkpoint`).

    Parameters
    ----------
    source
        The articles.
    store
        The store.
    pipeline
        What reads; None for the usual one.
    workers
        Processes to read with; one that dies is replaced, and what it was at is read again.
    resume
        Leave out parts of inputs that the store has and that are as they were, and articles that
        it has. What could not be read is tried again.
    watch
        Told after each article how many more were read and how many more bytes of the inputs are
        done.

    Returns
    -------
    Added
        What was done.

    Raises
    ------
    StoreError
        The store cannot be written.
    """
    with Checkpoint(store) as checkpoint:
        return _Run(source, store, checkpoint, resume=resume, watch=watch).run(
            pipeline or Pipeline(), workers
        )


@dataclass(slots=True)
class _Open:
    """A part on its way."""

    part: Part
    articles: int = 0
    answered: int = 0
    whole: bool = False
    bad: bool = False
    told: int = 0

    @property
    def complete(self) -> bool:
        return self.whole and self.answered == self.articles


class _Run:
    """One addition, whose articles run ahead of their readings."""

    def __init__(
        self,
        source: Source,
        store: Store,
        checkpoint: Checkpoint,
        *,
        resume: bool,
        watch: Watch | None,
    ) -> None:
        self._source = source
        self._store = store
        self._checkpoint = checkpoint
        self._resume = resume
        self._watch = watch or (lambda _articles, _bytes: None)
        self._open: deque[_Open] = deque()
        self._problems = Problems()
        self._report = AddReport()
        self._skipped = 0
        self._known: list[Part] = []

    def run(self, pipeline: Pipeline, workers: int) -> Added:
        """Read and keep all that there is."""
        batch: list[Reading] = []
        done: list[Part] = []
        for outcome in pipeline.read_each(self._articles(), workers=workers):
            done += self._finished()
            if len(batch) == _BATCH:
                self._keep(batch, done)
            self._answer(outcome)
            if isinstance(outcome, Reading):
                batch.append(outcome)
        done += self._finished()
        self._keep(batch, done)
        self._mark_known()
        return Added(
            report=self._report,
            skipped=self._skipped,
            problems=tuple(self._problems.kept),
            problem_count=self._problems.number,
        )

    def _articles(self) -> Iterator[Article]:
        source = self._source
        known = self._checkpoint.known if self._resume else None
        for part in parts(source.inputs, known=known, online=source.online is not None):
            if isinstance(part, ArticleError):
                self._problems.note(part)
            elif self._resume and self._checkpoint.has(part):
                self._skipped += 1
                self._watch(0, part.length)
            else:
                yield from self._part_articles(part)

    def _part_articles(self, part: Part) -> Iterator[Article]:
        opened = _Open(part)
        self._open.append(opened)
        for item in read_part(part, published=self._source.published, online=self._source.online):
            if isinstance(item, ArticleError):
                opened.bad = True
                self._problems.note(item)
            elif self._resume and self._store.has(item):
                self._report += AddReport(unchanged=1)
            else:
                opened.articles += 1
                yield item
        opened.whole = True
        if not opened.articles:  # no outcome will come back for it
            self._open.pop()
            self._watch(0, part.length)
            self._known += [] if opened.bad else [part]
            if len(self._known) >= _KNOWN:
                self._mark_known()

    def _mark_known(self) -> None:
        self._checkpoint.mark(self._known, 0)
        self._known.clear()

    def _answer(self, outcome: Reading | ArticleError) -> None:
        """Count an outcome to its part: they come in the order of the articles."""
        opened = next(o for o in self._open if o.answered < o.articles)
        opened.answered += 1
        if isinstance(outcome, ArticleError):
            opened.bad = True
            self._problems.note(outcome)
            self._watch(0, 0)
            return
        size = min(len(outcome.article.text), opened.part.length - opened.told)
        opened.told += size
        self._watch(1, size)

    def _finished(self) -> Iterator[Part]:
        """Give the parts whose every article is read; the bad ones are tried again next time."""
        while self._open and self._open[0].complete:
            opened = self._open.popleft()
            self._watch(0, opened.part.length - opened.told)
            if not opened.bad:
                yield opened.part

    def _keep(self, batch: list[Reading], done: list[Part]) -> None:
        """Write readings; what is done is noted after that, never before."""
        report = self._store.add(batch) if batch else AddReport()
        self._report += report
        self._checkpoint.mark(done, report.added)
        batch.clear()
        done.clear()


def nothing_in(inputs: Sequence[str | Path], *, online: bool = False) -> Problems | None:
    """Check, before a store is made, that there is something to read.

    Parameters
    ----------
    inputs
        As for `read_articles`.
    online
        Whether addresses of the web are inputs; those, and standard input, are not looked at.

    Returns
    -------
    Problems or None
        What is wrong with the inputs where no article stands in them; None as soon as one does.
    """
    problems = Problems()
    for part in parts(inputs, online=online):
        if isinstance(part, ArticleError):
            problems.note(part)
            continue
        if part.size < 0:
            return None
        for item in read_part(part):
            if not isinstance(item, ArticleError):
                return None
            problems.note(item)
    return problems if problems.number else None

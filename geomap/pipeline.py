"""The order of the stages, and nothing else: mentions, resolve, events."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from geomap import events, mentions
from geomap.articles import clean, with_publication_day
from geomap.errors import PublishedError
from geomap.gazetteer import Gazetteer
from geomap.model import Article, Mention, Reading
from geomap.outlets import read_homes
from geomap.resolve import resolve
from geomap.whitespace import evened, restored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from geomap.model import Resolution, Span
    from geomap.outlets import Home

__all__ = ["Pipeline"]

# Articles are handed to worker processes in batches, to spare them the talk.
_BATCH = 8


class Pipeline:
    """Articles in, readings out, offline.

    Parameters
    ----------
    gazetteer
        Where places come from; None for the embedded one.
    outlets
        Where publishers are at home, by the `source` of their articles, or the file that
        `geomap outlets learn` wrote; None to decide without.

    Raises
    ------
    InputError
        The file of `outlets` cannot be read.
    """

    def __init__(
        self,
        gazetteer: Gazetteer | None = None,
        *,
        outlets: Mapping[str, Home] | str | Path | None = None,
    ) -> None:
        self.gazetteer = gazetteer or Gazetteer()
        self.outlets = read_homes(Path(outlets)) if isinstance(outlets, (str, Path)) else outlets

    def read(self, article: str | Article, *, published: date | str | None = None) -> Reading:
        """Read one article.

        Parameters
        ----------
        article
            The article, or just its text.
        published
            Its publication day (ISO 8601 if a string); None to take the article's own, or the one
            that its text gives away.

        Returns
        -------
        Reading
            The place names with their places, and the events. Its article says its language,
            where none was given and the text leaves no doubt.

        Raises
        ------
        PublishedError
            `published` is a string that is not an ISO date.
        """
        given = Article(text=clean(article)) if isinstance(article, str) else article
        if published is not None:
            given = replace(given, published=_day(published))
        if given.language is None:
            given = replace(given, language=mentions.language_of(given.text))
        dated = with_publication_day(given)
        even, way = evened(dated)
        found = mentions.find(even.text, self.gazetteer)
        resolutions = resolve(even, found, self.gazetteer, home=self._home(even))
        reading = Reading(
            article=even,
            resolutions=resolutions,
            events=events.extract(even, resolutions, self.gazetteer),
        )
        return reading if way is None else restored(reading, dated, way)

    def read_all(self, articles: Iterable[Article], *, workers: int = 1) -> Iterator[Reading]:
        """Read many articles, each by itself.

        Parameters
        ----------
        articles
            The articles; taken as they are needed.
        workers
            Processes to read with; one reads in this process.

        Yields
        ------
        Reading
            In input order, the same for any number of workers.
        """
        if workers <= 1:
            yield from map(self.read, articles)
        else:
            yield from _read_in_processes(self, articles, workers)

    def resolve(self, article: str | Article, spans: Sequence[Span]) -> list[Resolution]:
        """Decide which places given stretches of an article are.

        Parameters
        ----------
        article
            The article, or just its text.
        spans
            Stretches of its text that name places, in any order; may be empty.

        Returns
        -------
        list of Resolution
            One a span, in the order given.
        """
        given = Article(text=clean(article)) if isinstance(article, str) else article
        ordered = sorted(set(spans))
        found = [
            Mention(
                span=span,
                text=span.of(given.text),
                kind=mentions.kind_of(span.of(given.text), self.gazetteer),
            )
            for span in ordered
        ]
        answers = resolve(given, found, self.gazetteer, home=self._home(given))
        resolved = dict(zip(ordered, answers, strict=True))
        return [resolved[span] for span in spans]

    def classify(self, text: str) -> list[tuple[str, float]]:
        """Rank every event type for a text.

        Parameters
        ----------
        text
            One or a few sentences; may be empty.

        Returns
        -------
        list of (str, float)
            Every type with its score, likeliest first; the scores sum to 1.
        """
        return events.classify(text)

    def locate(self, article: str | Article, trigger: Span) -> list[Resolution]:
        """Return the places that the sentence names for the event at a trigger.

        Parameters
        ----------
        article
            The article, or just its text.
        trigger
            The stretch that tells of the event ("met", "the attack"), of any type or none.

        Returns
        -------
        list of Resolution
            Likeliest first; empty where the sentence names none.
        """
        given = Article(text=clean(article)) if isinstance(article, str) else article
        found = mentions.find(given.text, self.gazetteer)
        resolutions = resolve(given, found, self.gazetteer, home=self._home(given))
        return events.locate(given, trigger, resolutions)

    def _home(self, article: Article) -> Home | None:
        return (self.outlets or {}).get(article.source or "")


def _read_in_processes(
    pipeline: Pipeline, articles: Iterable[Article], workers: int
) -> Iterator[Reading]:
    """Read in worker processes, with a bounded number of articles on their way."""
    context = get_context("spawn")
    rest = iter(articles)
    batches = iter(lambda: tuple(islice(rest, _BATCH)), ())
    with ProcessPoolExecutor(workers, context, _start_worker, (pipeline,)) as pool:
        pending = deque(pool.submit(_read_batch, b) for b in islice(batches, 2 * workers))
        while pending:
            yield from pending.popleft().result()
            pending.extend(pool.submit(_read_batch, b) for b in islice(batches, 1))


# Set once in each worker process, so that its gazetteer's caches outlive one batch.
_worker: list[Pipeline] = []


def _start_worker(pipeline: Pipeline) -> None:
    _worker[:] = [pipeline]


def _read_batch(batch: tuple[Article, ...]) -> list[Reading]:
    return [_worker[0].read(article) for article in batch]


def _day(published: date | str) -> date:
    if isinstance(published, date):
        return published
    try:
        return date.fromisoformat(published)
    except ValueError as error:
        raise PublishedError(
            f"published: {published!r} is not a date: write it as 2023-01-31"
        ) from error

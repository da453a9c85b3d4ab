"""The order of the stages, and nothing else: mentions, resolve, events."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from geomap import crew, events, mentions
from geomap.articles import clean, with_publication_day
from geomap.crew import Failed
from geomap.errors import ArticleError, GeomapError, PublishedError
from geomap.gazetteer import Gazetteer
from geomap.model import Article, Mention, Reading
from geomap.outlets import known_home, read_homes
from geomap.resolve import resolve
from geomap.whitespace import evened, restored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from geomap.model import Resolution, Span
    from geomap.outlets import Home

__all__ = ["Pipeline"]

# Articles are handed to worker processes in batches, to spare them the talk.
_BATCH = 8
# So much text is work enough for a process, and little beside its memory.
_BATCH_CHARS = 200_000


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
        home = self._home(even)
        found = mentions.find(even.text, self.gazetteer, home=home)
        resolutions = resolve(even, found, self.gazetteer, home=home)
        reading = Reading(
            article=even,
            resolutions=resolutions,
            events=events.extract(even, resolutions, self.gazetteer),
        )
        return reading if way is None else restored(reading, dated, way)

    def read_all(
        self,
        articles: Iterable[Article],
        *,
        workers: int = 1,
        on_error: Callable[[ArticleError], None] | None = None,
    ) -> Iterator[Reading]:
        """Read many articles, each by itself.

        Parameters
        ----------
        articles
            The articles; taken as they are needed.
        workers
            Processes to read with; one reads in this process. A process that is killed is
            replaced, and what it was at is read again.
        on_error
            Called with each article that cannot be read, and the rest goes on.

        Yields
        ------
        Reading
            In input order, the same for any number of workers.

        Raises
        ------
        ArticleError
            For the first article that cannot be read, unless `on_error` is given.
        """
        for outcome in self.read_each(articles, workers=workers):
            if isinstance(outcome, Reading):
                yield outcome
            elif on_error is None:
                raise outcome
            else:
                on_error(outcome)

    def read_each(
        self, articles: Iterable[Article], *, workers: int = 1
    ) -> Iterator[Reading | ArticleError]:
        """Read many articles, and tell of each what became of it.

        Parameters
        ----------
        articles
            The articles; taken as they are needed.
        workers
            As for `read_all`.

        Yields
        ------
        Reading or ArticleError
            One an article, in input order.
        """
        if workers <= 1:
            yield from map(self._tried, articles)
            return
        for outcome in crew.each(_batches(articles), partial(_reader, self), workers=workers):
            yield _problem(outcome.item, outcome.reason) if isinstance(outcome, Failed) else outcome

    def _tried(self, article: Article) -> Reading | ArticleError:
        try:
            return self.read(article)
        except GeomapError:
            raise
        except Exception as error:  # noqa: BLE001 - one bad article never stops the others
            return _problem(article, f"cannot be read ({error!r})")

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
        home = self._home(given)
        found = mentions.find(given.text, self.gazetteer, home=home)
        resolutions = resolve(given, found, self.gazetteer, home=home)
        return events.locate(given, trigger, resolutions)

    def _home(self, article: Article) -> Home | None:
        """Return what was learned of the article's publisher, else what is known of it."""
        learned = (self.outlets or {}).get(article.source or "")
        return learned or known_home(article.source, article.url)


def _batches(articles: Iterable[Article]) -> Iterator[tuple[Article, ...]]:
    """Give articles in portions for one process, bounded in number and in size."""
    batch: list[Article] = []
    size = 0
    for article in articles:
        batch.append(article)
        size += len(article.text)
        if len(batch) == _BATCH or size >= _BATCH_CHARS:
            yield tuple(batch)
            batch, size = [], 0
    if batch:
        yield tuple(batch)


def _reader(pipeline: Pipeline) -> Callable[[Article], Reading]:
    """Return what reads an article: unpickled in each process, where its caches stay."""
    return pipeline.read


def _problem(article: Article, reason: str) -> ArticleError:
    where = article.url or article.title or ""
    return ArticleError(f"article {article.id}" + (f" ({where:.80})" if where else ""), reason)


def _day(published: date | str) -> date:
    if isinstance(published, date):
        return published
    try:
        return date.fromisoformat(published)
    except ValueError as error:
        raise PublishedError(
            f"published: {published!r} is not a date: write it as 2023-01-31"
        ) from error

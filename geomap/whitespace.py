"""An article as if its lines were not wrapped and its blanks were single, and the way back.

The rules that read articles are written for one blank between two words. Hard-wrapped lines,
no-break spaces and double blanks must not change a reading, least of all a toll.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from geomap.articles import sentences
from geomap.folding import rewritten
from geomap.model import Reading, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomap.folding import Folded
    from geomap.model import Actor, Article, Event, Resolution, When

__all__ = ["evened", "restored"]

_GAP = re.compile(r"\s{2,}|[^\S ]")
_Worded = TypeVar("_Worded", "Actor", "When")


def evened(article: Article) -> tuple[Article, Folded | None]:
    """Even out the white space inside an article's sentences.

    Parameters
    ----------
    article
        The article as it is.

    Returns
    -------
    (Article, Folded or None)
        The article with one blank between two words of a sentence, and the way back; the article
        itself and None where it is even already. What parts sentences and paragraphs stays.
    """
    changes = list(_changes(article.text))
    if not changes:
        return article, None
    way = rewritten(article.text, changes)
    return replace(article, text=way.text), way


def restored(reading: Reading, article: Article, way: Folded) -> Reading:
    """Give a reading of the evened article in the offsets and the wording of the real one.

    Parameters
    ----------
    reading
        What the evened article says.
    article
        The article as it is.
    way
        The way back, from `evened`.

    Returns
    -------
    Reading
        Every span slices the article's own text.
    """
    resolutions = [_resolution(r, article.text, way) for r in reading.resolutions]
    places = {
        there.mention.span: here
        for there, here in zip(reading.resolutions, resolutions, strict=True)
    }
    return Reading(
        article=article,
        resolutions=tuple(resolutions),
        events=tuple(_event(e, article.text, way, places) for e in reading.events),
    )


def _changes(text: str) -> Iterator[tuple[int, int, str]]:
    """Give the white space inside sentences that is not one blank."""
    for sentence in sentences(text):
        for gap in _GAP.finditer(text, sentence.start, sentence.end):
            yield gap.start(), gap.end(), " "


def _back(span: Span, way: Folded) -> Span:
    return Span(start=way.start(span.start), end=way.end(span.end))


def _worded(value: _Worded, text: str, way: Folded) -> _Worded:
    if value.span is None:
        return value
    span = _back(value.span, way)
    return replace(value, span=span, text=span.of(text))


def _resolution(resolution: Resolution, text: str, way: Folded) -> Resolution:
    mention = resolution.mention
    span = _back(mention.span, way)
    name = span.of(text)
    relation = mention.relation and replace(mention.relation, of=name)
    return replace(resolution, mention=replace(mention, span=span, text=name, relation=relation))


def _event(event: Event, text: str, way: Folded, places: dict[Span, Resolution]) -> Event:
    place = event.place
    return replace(
        event,
        trigger=_back(event.trigger, way),
        evidence=tuple(_back(span, way) for span in event.evidence),
        place=place and (places.get(place.mention.span) or _resolution(place, text, way)),
        when=event.when and _worded(event.when, text, way),
        actors=tuple(_worded(actor, text, way) for actor in event.actors),
        attributed_to=event.attributed_to and _back(event.attributed_to, way),
    )

"""An article cut up for the reading of its events."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap import dates
from geomap.articles import dateline, paragraphs, sentences
from geomap.model import Article, Resolution, Span, When

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Scene", "scene"]

_QUOTE = re.compile(r"“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)")
# A quotation of fewer words only marks a term ("so-called").
_QUOTED_WORDS = 3


@dataclass(frozen=True, slots=True)
class Scene:
    """What the rules look at: sentences with their paragraphs, places, days and quotations.

    `homes` are the resolved places of the dateline; `country` is the country that the article
    names most, which "the country" means.
    """

    article: Article
    sentences: tuple[Span, ...]
    paragraphs: tuple[int, ...]
    resolutions: tuple[Resolution, ...]
    dates: tuple[When, ...]
    dateline: Span | None
    home: Resolution | None
    country: Resolution | None
    quotes: tuple[Span, ...]

    def words(self, index: int) -> str:
        """Return the text of a sentence."""
        return self.sentences[index].of(self.article.text)

    def paragraph_text(self, index: int) -> str:
        """Return the text of the whole paragraph of a sentence."""
        number = self.paragraphs[index]
        mine = [s for s, n in zip(self.sentences, self.paragraphs, strict=True) if n == number]
        return self.article.text[mine[0].start : mine[-1].end]

    def places_in(self, span: Span) -> list[Resolution]:
        """Return the resolutions inside a stretch, in text order."""
        return [r for r in self.resolutions if span.contains(r.mention.span)]

    def quoted(self, span: Span) -> bool:
        """Tell whether a stretch lies inside a quotation."""
        return any(quote.contains(span) for quote in self.quotes)


def scene(article: Article, resolutions: Sequence[Resolution]) -> Scene:
    """Cut an article up.

    Parameters
    ----------
    article
        The article.
    resolutions
        Its place names, resolved.

    Returns
    -------
    Scene
        With no sentences for a blank text.
    """
    text = article.text
    parts = paragraphs(text)
    cut = sentences(text)
    head = dateline(text)
    home = None
    if head is not None:
        named = [r for r in resolutions if r.mention.span.overlaps(head.place) and r.place]
        home = named[0] if named else None
    days = dates.find(text, article.published)
    return Scene(
        article=article,
        sentences=cut,
        paragraphs=_owners(parts, cut),
        resolutions=tuple(resolutions),
        dates=tuple(w for w in days if w.span and not (head and head.span.overlaps(w.span))),
        dateline=None if head is None else head.span,
        home=home,
        country=_country(resolutions),
        quotes=_quotes(text, parts),
    )


def _owners(parts: Sequence[Span], cut: Sequence[Span]) -> tuple[int, ...]:
    """Return the number of each sentence's paragraph."""
    number, owners = 0, []
    for sentence in cut:
        while number + 1 < len(parts) and parts[number + 1].start <= sentence.start:
            number += 1
        owners.append(number)
    return tuple(owners)


def _quotes(text: str, parts: Sequence[Span]) -> tuple[Span, ...]:
    """Return the quotations, which never cross a paragraph."""
    return tuple(
        Span(start=part.start + quote.start(), end=part.start + quote.end())
        for part in parts
        for quote in _QUOTE.finditer(part.of(text))
        if len(quote.group().split()) >= _QUOTED_WORDS
    )


def _country(resolutions: Sequence[Resolution]) -> Resolution | None:
    """Return the mention of the country that most names lie in, if it is itself named."""
    counts = Counter(r.place.country for r in resolutions if r.place and r.place.country)
    if not counts:
        return None
    top = max(counts.values())
    code = next(country for country, count in counts.items() if count == top)
    return next(
        (
            r
            for r in resolutions
            if r.mention.kind == "place"
            and r.place is not None
            and r.place.country == code
            and r.place.feature.startswith("PCL")
        ),
        None,
    )

"""An article cut up for the reading of its events."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap import dates
from geomap.articles import dateline, paragraphs, sentences
from geomap.model import Article, Candidate, Mention, Resolution, Span, When

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.gazetteer import Gazetteer

__all__ = ["Scene", "scene"]

_QUOTE = re.compile(r"“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)")
# The box around a large country holds the capitals of its neighbours too.
_CAPITALS = 60
# "The Qatari capital" is as sure as a name, but for countries with two seats.
_SAID = 0.9
# A quotation of fewer words only marks a term ("so-called").
_QUOTED_WORDS = 3
_FINISHED = re.compile(r"[.!?…:;”\"’)\]]\s*$")
# Headlines run to a dozen words, standfirsts to twice as many.
_HEADLINE_WORDS = 24


@dataclass(frozen=True, slots=True)
class Scene:
    """What the rules look at: sentences with their paragraphs, places, days and quotations.

    `home` is the resolved place of the dateline; `country` is the country that the article names
    most, which "the country" means; `headlines` are the sentences that repeat the title or stand
    as one above the text.
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
    headlines: frozenset[int]
    gazetteer: Gazetteer | None = None

    def words(self, index: int) -> str:
        """Return the text of a sentence."""
        return self.sentences[index].of(self.article.text)

    def paragraph_text(self, index: int) -> str:
        """Return the text of the whole paragraph of a sentence."""
        number = self.paragraphs[index]
        first = bisect_left(self.paragraphs, number)
        last = bisect_right(self.paragraphs, number) - 1
        return self.article.text[self.sentences[first].start : self.sentences[last].end]

    def places_in(self, span: Span) -> list[Resolution]:
        """Return the resolutions inside a stretch, in text order."""
        first = bisect_left(self.resolutions, span.start, key=lambda r: r.mention.span.start)
        last = bisect_right(self.resolutions, span.end, key=lambda r: r.mention.span.start)
        return [r for r in self.resolutions[first:last] if span.contains(r.mention.span)]

    def dates_in(self, span: Span) -> list[When]:
        """Return the date phrases that end inside a stretch, in text order."""
        first = bisect_right(self.dates, span.start, key=_end)
        last = bisect_right(self.dates, span.end, key=_end)
        return list(self.dates[first:last])

    def seat(self, country: str | None) -> Resolution | None:
        """Return a mention of a country's capital, or None where the article names it nowhere."""
        return next(
            (
                r
                for r in self.resolutions
                if r.place is not None
                and r.mention.kind != "demonym"
                and r.place.feature == "PPLC"
                and r.place.country == country
            ),
            None,
        )

    def unnamed_seat(self, country: str | None, span: Span) -> Resolution | None:
        """Return the capital that words without its name stand for: "the Tajik capital".

        Parameters
        ----------
        country
            The country's code, or None.
        span
            The words.

        Returns
        -------
        Resolution or None
            None without a gazetteer, and for countries without an outline or one capital.
        """
        land = self.gazetteer.country(country) if self.gazetteer and country else None
        outline = self.gazetteer.geometry(land) if self.gazetteer and land else None
        if outline is None or self.gazetteer is None:
            return None
        west, south, east, north = outline.bounds
        towns = self.gazetteer.cities(west, south, east, north, limit=_CAPITALS)
        seats = [t for t in towns if t.feature == "PPLC" and t.country == country]
        if len(seats) != 1:
            return None
        said = span.of(self.article.text)
        reason = f"capital of {land.name}" if land else "capital"
        return Resolution(
            mention=Mention(span=span, text=said, score=_SAID),
            candidates=(Candidate(place=seats[0], score=_SAID, reasons=(reason,)),),
        )

    def quoted(self, span: Span) -> bool:
        """Tell whether a stretch lies inside a quotation."""
        return any(quote.contains(span) for quote in self.quotes)


def _end(when: When) -> int:
    return when.span.end if when.span is not None else 0


def scene(
    article: Article, resolutions: Sequence[Resolution], gazetteer: Gazetteer | None = None
) -> Scene:
    """Cut an article up.

    Parameters
    ----------
    article
        The article.
    resolutions
        Its place names, resolved.
    gazetteer
        For capitals that the article does not name; None to do without them.

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
        resolutions=tuple(sorted(resolutions, key=lambda r: r.mention.span)),
        dates=tuple(w for w in days if w.span and not (head and head.span.overlaps(w.span))),
        dateline=None if head is None else head.span,
        home=home,
        country=_country(resolutions),
        quotes=_quotes(text, parts),
        headlines=_headlines(article, cut, _owners(parts, cut)),
        gazetteer=gazetteer,
    )


def _headlines(article: Article, cut: Sequence[Span], owners: Sequence[int]) -> frozenset[int]:
    """Return the sentences that are the title again, or a line above the text that is no sentence.

    An unfinished first line is one only where more paragraphs follow.
    """
    title = _plain(article.title or "")
    words = [sentence.of(article.text) for sentence in cut]
    found = {index for index, line in enumerate(words) if title and _plain(line) == title}
    alone = len(cut) > 1 and owners[1] != owners[0]
    if alone and not _FINISHED.search(words[0]) and len(words[0].split()) <= _HEADLINE_WORDS:
        found.add(0)
    return frozenset(found)


def _plain(line: str) -> str:
    """Return a line without Markdown marks, stops and case."""
    return " ".join(re.findall(r"\w+", line.lower()))


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
            if r.mention.kind != "demonym"
            and r.place is not None
            and r.place.country == code
            and r.place.feature.startswith("PCL")
        ),
        None,
    )

"""Why an event is what it is, where it is: the quote, the places, the reasons, the sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.records import quote_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomap.model import Article, Candidate, Event, Incident

__all__ = ["Explanation"]

_BASIS = {
    "linked": "the place is named with the event",
    "inherited": "the place is carried over from an earlier sentence",
    "document": "the place is the one that the article is about",
    "none": "the text gives no place for the event",
}
# Signs around the trigger and the place in the quote.
_SIGNS = {"trigger": ("[", "]"), "place": ("<", ">"), "text": ("", "")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """An event with all that it rests on; `str` gives it in words.

    Parameters
    ----------
    event
        The event, its place with the rejected candidates and the reasons.
    article
        Where it stands.
    incident
        The incident that it reports, with the other accounts; None where nothing was grouped.
    """

    event: Event
    article: Article
    incident: Incident | None

    @property
    def quote(self) -> str:
        """The evidence, the [trigger] and the <place> in signs."""
        pieces = quote_pieces(self.article, self.event)
        return "".join(f"{_SIGNS[kind][0]}{text}{_SIGNS[kind][1]}" for kind, text in pieces)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        event, sure = self.event, self.event.field_confidence
        yield f"event       {event.id}"
        yield f"type        {event.type} ({sure.type:.2f})"
        yield f"status      {event.status} ({sure.status:.2f})"
        if event.attributed_to:
            yield f"said by     {event.attributed_to.of(self.article.text)}"
        yield f"quote       {' '.join(self.quote.split())}"
        yield f"date        {self._date()}"
        yield from self._places()
        for actor in event.actors:
            yield f"{actor.role:<12}{' '.join(actor.text.split())}"
        killed = event.fatalities
        if killed:
            most = "or more" if killed.high is None else f"to {killed.high}"
            yield f"killed      {killed.best} ({killed.low} {most})"
        if event.injured is not None:
            yield f"injured     {event.injured}"
        yield f"confidence  {event.confidence:.2f}"
        yield from self._sources()

    def _date(self) -> str:
        when = self.event.when
        if when is None:
            return "none is given"
        if when.first is None and when.last is None:
            return f'"{when.text}", which day cannot be known'
        first, last = when.first or "?", when.last or "?"
        days = f"{first}" if first == last else f"{first} to {last}"
        return f'{days}, to the {when.precision}, from "{when.text}" ({when.basis})'

    def _places(self) -> Iterator[str]:
        event = self.event
        if event.place is None:
            yield f"place       none: {_BASIS['none']}"
            return
        chosen = event.place.candidates if event.place.place else ()
        rejected = event.place.candidates[1:] if chosen else event.place.candidates
        if chosen:
            yield f"place       {_place_words(chosen[0])}"
        else:
            yield f'place       "{event.place.mention.text}", which no known place fits'
        yield f"            {_BASIS[event.location_basis]}; known to the {event.geo_precision}"
        for candidate in rejected:
            yield f"rejected    {_place_words(candidate)}"

    def _sources(self) -> Iterator[str]:
        if self.incident is None:
            yield f"source      {_source_words(self.article)}"
            return
        yield f"incident    {self.incident.id}"
        for report in self.incident.reports:
            mark = "" if report.event.id != self.event.id else " (this one)"
            yield f"source      {_source_words(report.article)}{mark}: event {report.event.id}"


def _place_words(candidate: Candidate) -> str:
    place = candidate.place
    within = ", ".join(part for part in (place.name, place.admin1, place.country) if part)
    reasons = f": {'; '.join(candidate.reasons)}" if candidate.reasons else ""
    spot = f"{place.feature}, {place.lat:.3f}, {place.lon:.3f}"
    return f"{within} [{place.id}, {spot}], {candidate.score:.2f}{reasons}"


def _source_words(article: Article) -> str:
    told = (article.source, article.title, article.published, article.url)
    return " | ".join(str(part) for part in told if part) or article.id

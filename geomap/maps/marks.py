"""Incidents -> marks: what a map shows of each incident, where, and with which sources.

A mark has no position that the text does not give: it lies at a spot (a point, a circle or an
outline) or is listed beside the map, as known only to its country or not at all. Quotes travel as
(kind, text) pieces, so that nobody downstream counts characters.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from geomap.maps.words import casualty_words, date_words, day_words, place_words, type_label
from geomap.records import quote_pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from geomap.maps.spots import Spots
    from geomap.model import Incident, Place, Report
    from geomap.records import Piece

__all__ = [
    "BASIS_WORDS",
    "Mark",
    "Source",
    "count_articles",
    "host_of",
    "marks_of_incidents",
]

_ALTERNATIVES = 3
# http or https, perhaps a user, a host, perhaps a port; and the end of all that.
_WEB = re.compile(
    r"https?://(?:[^/?#@\s]*@)?(\[[0-9a-f:.]+\]|[^/?#@:\s\[\]]+)(?::\d*)?(?=[/?#]|$)", re.IGNORECASE
)
_TITLE_WORDS = 12
# A town and the units around it may share a name.
_UNITS = {"ADM1": " (province)", "ADM2": " (district)", "ADM3": " (district)"}

BASIS_WORDS = {
    "linked": "the place is named with the event",
    "inherited": "the place is carried over from an earlier sentence",
    "document": "the place is the one that the article is about",
    "none": "the text gives no place for the event",
}


class Source(NamedTuple):
    """What one article says of an incident; texts as they stand there.

    `article` is the article's id, empty where it is not known.
    """

    outlet: str
    title: str | None
    url: str | None
    published: str
    language: str
    quote: tuple[Piece, ...]
    said: str
    status: str
    basis: str
    article: str = ""


class Mark(NamedTuple):
    """One incident at one place. Absent texts are empty, absent numbers None."""

    id: str
    incident: str
    type: str
    title: str
    status: str
    first: date | None
    last: date | None
    date: str
    phrase: str
    precision: str
    spot: int | None
    place: str
    within: str
    country: str
    casualties: str
    killed: int | None
    injured: int | None
    confidence: float | None
    fields: tuple[float | None, ...]
    actors: tuple[tuple[str, str], ...]
    why: tuple[str, ...]
    rejected: tuple[str, ...]
    sources: tuple[Source, ...]


def marks_of_incidents(incidents: Sequence[Incident], spots: Spots) -> list[Mark]:
    """Return the mark of each incident, in their order.

    Parameters
    ----------
    incidents
        What to show.
    spots
        Takes the places, and gives the outlines and the names of countries.

    Returns
    -------
    list of Mark
        One for each incident.
    """
    return [_mark(incident, spots) for incident in incidents]


def _mark(incident: Incident, spots: Spots) -> Mark:
    resolution, when, dead = incident.place, incident.when, incident.fatalities
    place = resolution.place if resolution else None
    lead = incident.reports[0].event.field_confidence if incident.reports else None
    return Mark(
        id=incident.id,
        incident=incident.id,
        type=incident.type,
        title=_title(incident),
        status=incident.status,
        first=when.first if when else None,
        last=when.last if when else None,
        date=_dates(when.first, when.last, when.text, when.precision) if when else date_words(None),
        phrase=when.text if when else "",
        precision=incident.geo_precision,
        spot=_spot(incident, place, spots),
        place=place.name if place else "",
        within=_within(place, spots) if place else "",
        country=(place.country or "") if place else "",
        casualties=casualty_words(dead, incident.injured) or "",
        killed=dead.best if dead else None,
        injured=incident.injured,
        confidence=incident.confidence,
        fields=(lead.type, lead.place, lead.when, lead.status) if lead else (),
        actors=tuple(_actors(incident)),
        why=resolution.candidates[0].reasons if place and resolution else (),
        rejected=tuple(_rejected(incident, spots)) if place else (),
        sources=tuple(_source(report) for report in incident.reports),
    )


@lru_cache(maxsize=10_000)
def _dates(first: date | None, last: date | None, text: str, precision: str) -> str:
    from geomap.model import When

    # The basis does not show in the words.
    return date_words(
        When(first=first, last=last, text=text, precision=precision, basis="explicit")  # type: ignore[arg-type]  # a precision of a When
    )


def _title(incident: Incident) -> str:
    """Return the first headline among the reports, else the first words of the first quote."""
    for report in incident.reports:
        if report.article.title and (title := report.article.title.strip()):
            return title
    if not incident.reports:
        return type_label(incident.type)
    report = incident.reports[0]
    words = report.event.evidence[0].of(report.article.text).split()
    return " ".join(words[:_TITLE_WORDS]) + (" …" if len(words) > _TITLE_WORDS else "")


def _within(place: Place, spots: Spots) -> str:
    return place_words(place, spots.country(place.country))


def _rejected(incident: Incident, spots: Spots) -> Iterator[str]:
    """Yield the next best candidates in words, best first."""
    candidates = incident.place.candidates[1 : 1 + _ALTERNATIVES] if incident.place else ()
    for candidate in candidates:
        within = _within(candidate.place, spots)
        name = candidate.place.name + _UNITS.get(candidate.place.feature[:4], "")
        yield f"{name}, {within}" if within else name


def _actors(incident: Incident) -> Iterator[tuple[str, str]]:
    """Yield who takes part and as what, each once."""
    if not any(report.event.actors for report in incident.reports):
        return
    seen = dict.fromkeys(
        (actor.text, actor.role) for report in incident.reports for actor in report.event.actors
    )
    yield from seen


def _spot(incident: Incident, place: Place | None, spots: Spots) -> int | None:
    """Return the number of the incident's spot, or None where the map must not show one."""
    if area := incident.area:
        return spots.circle(area.lat, area.lon, area.radius_km)
    if place is None:
        return None
    if incident.geo_precision in {"exact", "town"}:
        return spots.point(place.lat, place.lon)
    if incident.geo_precision in {"district", "province"}:
        return spots.unit(place, incident.geo_precision)
    return None


def _source(report: Report) -> Source:
    article, event = report.article, report.event
    host = host_of(article.url)
    return Source(
        outlet=article.source or host or _agency(article.text) or "Unnamed source",
        title=article.title,
        url=article.url if host else None,
        published=day_words(article.published) if article.published else "",
        language=article.language or "",
        quote=tuple(quote_pieces(article, event)),
        said=event.attributed_to.of(article.text) if event.attributed_to else "",
        status=event.status,
        basis=BASIS_WORDS[event.location_basis],
        article=article.id,
    )


def _agency(text: str) -> str | None:
    """Return the agency that a dateline names, such as Reuters."""
    from geomap.articles import dateline

    found = dateline(text)
    return found.agency if found else None


def count_articles(sources: Iterable[Source]) -> int:
    """Count the articles behind some sources; without ids, by outlet, headline, link and day."""
    return len({source.article or source[:4] for source in sources})


def host_of(url: str | None) -> str | None:
    """Return the host of a web address, None for every other kind of address."""
    found = _WEB.match(url) if url else None
    return found[1].lower() if found else None

"""Values as the words of a table's cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from geomap.model import (
        Article,
        Candidate,
        Casualties,
        Incident,
        Reading,
        Resolution,
        When,
    )

__all__ = [
    "EVENT_HEADINGS",
    "candidate_cells",
    "date_words",
    "event_rows",
    "incident_cells",
    "range_words",
]

EVENT_HEADINGS = ("article", "date", "type", "place", "precision", "status", "killed", "trigger")


def event_rows(readings: Iterable[Reading]) -> Iterator[tuple[str, ...]]:
    """Give one row an event, in the order of `EVENT_HEADINGS`."""
    for reading in readings:
        for event in reading.events:
            yield (
                reading.article.id,
                date_words(event.when),
                event.type,
                _place_words(event.place),
                event.geo_precision,
                event.status,
                range_words(event.fatalities),
                event.trigger.of(reading.article.text),
            )


def incident_cells(incident: Incident) -> tuple[str, ...]:
    """Return the cells of an incident: date, type, place, precision, status, killed, sources."""
    outlets = dict.fromkeys(_outlet(report.article) for report in incident.reports)
    return (
        date_words(incident.when),
        incident.type,
        _place_words(incident.place),
        incident.geo_precision,
        incident.status,
        range_words(incident.fatalities),
        ", ".join(outlets),
    )


def _outlet(article: Article) -> str:
    """Return who published an article, or else what tells it from others."""
    from geomap.articles import dateline

    found = dateline(article.text)
    agency = found.agency if found else None
    return article.source or agency or article.title or article.id


def candidate_cells(candidate: Candidate) -> tuple[str, ...]:
    """Return the cells of a place that a name may mean."""
    found = candidate.place
    return (
        found.name,
        found.feature,
        found.admin1 or "",
        found.country or "",
        f"{found.lat:.3f}",
        f"{found.lon:.3f}",
        f"{found.population:,}" if found.population else "",
        f"{candidate.score:.2f}",
        "; ".join(candidate.reasons),
    )


def _place_words(resolution: Resolution | None) -> str:
    found = resolution.place if resolution else None
    if found is None:
        return "-"
    return f"{found.name}, {found.country}" if found.country else found.name


def date_words(when: When | None) -> str:
    """Return an interval in words; a phrase whose day cannot be known stays in quotes."""
    if when is None:
        return "-"
    if when.first and when.last:
        return str(when.first) if when.first == when.last else f"{when.first} to {when.last}"
    if when.first or when.last:
        return f"since {when.first}" if when.first else f"until {when.last}"
    return f'"{when.text}"'


def range_words(casualties: Casualties | None) -> str:
    """Return a number of people as a range: "12", "11-15", "14+"; empty for None."""
    if casualties is None:
        return ""
    if casualties.high is None:
        return f"{casualties.low}+"
    if casualties.low == casualties.high:
        return str(casualties.best)
    return f"{casualties.low}-{casualties.high}"

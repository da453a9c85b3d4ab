"""Readings as JSON, GeoJSON and CSV: the published shapes, each from one place.

The JSON of a reading is a contract (schema "geomap.reading/1"): keys and their order stay. Offsets
count code points of the article's text, coordinates are WGS 84 degrees.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

from geomap.records import BASIC_COLUMNS, SCORE_DIGITS, event_geometry, event_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from geomap.model import (
        Area,
        Article,
        Candidate,
        Casualties,
        Event,
        FieldConfidence,
        Mention,
        Place,
        Reading,
        Resolution,
        Span,
        When,
    )
    from geomap.records import Shape

__all__ = [
    "CSV_COLUMNS",
    "READING_SCHEMA",
    "csv_rows",
    "event_to_feature",
    "geojson_lines",
    "json_line",
    "json_text",
    "reading_to_dict",
    "safe_cell",
]

READING_SCHEMA = "geomap.reading/1"

CSV_COLUMNS = BASIC_COLUMNS

# A spreadsheet takes a cell that begins with one of these for a formula (OWASP, CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# Some readers take these for line ends, and some terminals for commands: C1 controls, the line and
# paragraph separators, and what turns the direction of writing. JSON may write them as escapes.
_UNSAFE_IN_JSON = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def reading_to_dict(reading: Reading) -> dict[str, Any]:
    """Return a reading as the JSON object of the schema "geomap.reading/1".

    Parameters
    ----------
    reading
        What one article says.

    Returns
    -------
    dict[str, Any]
        Plain dicts, lists, strings, numbers and None, with the keys in their published order.
        `place` is None where "none of these" is the answer; the rejected candidates are kept.
    """
    text = reading.article.text
    return {
        "schema": READING_SCHEMA,
        "article": _article(reading.article),
        "mentions": [_mention(resolution) for resolution in reading.resolutions],
        "events": [_event(event, reading.resolutions, text) for event in reading.events],
    }


def json_line(reading: Reading) -> str:
    """Return a reading as one line of JSON Lines, the newline included.

    Parameters
    ----------
    reading
        What one article says.

    Returns
    -------
    str
        One JSON object; characters beyond ASCII stand as they are, but for those that a reader may
        take for the end of the line or a terminal for a command.
    """
    return json_text(reading_to_dict(reading)) + "\n"


def geojson_lines(readings: Iterable[Reading], *, shape: Shape | None = None) -> Iterator[str]:
    """Yield one GeoJSON FeatureCollection (RFC 7946) in pieces, a feature a line.

    Parameters
    ----------
    readings
        What the articles say; each event becomes one feature.
    shape
        Gives the GeoJSON polygon of a district or province, or None where there is none. Without
        it such events have no geometry.

    Yields
    ------
    str
        Pieces that make one JSON document when joined; no reading gives an empty collection.
    """
    yield '{"type": "FeatureCollection", "features": ['
    separator = "\n"
    for reading in readings:
        for event in reading.events:
            feature = event_to_feature(reading.article, event, shape=shape)
            yield separator + json_text(feature)
            separator = ",\n"
    yield "\n]}\n"


def event_to_feature(
    article: Article, event: Event, *, shape: Shape | None = None
) -> dict[str, Any]:
    """Return one event as a GeoJSON feature that claims no more than the text does.

    Parameters
    ----------
    article
        Where the event stands.
    event
        The event.
    shape
        Gives the GeoJSON polygon of a district or province, or None.

    Returns
    -------
    dict[str, Any]
        A Point (lon, lat) for an exact place or a town, a Polygon for a circle or an area with a
        shape, and a null geometry for a country, or where no place is given.
    """
    return {
        "type": "Feature",
        "id": event.id,
        "geometry": event_geometry(event, shape),
        "properties": event_record(article, event),
    }


def csv_rows(readings: Iterable[Reading]) -> Iterator[str]:
    """Yield the events of some readings as CSV lines, the header first.

    `lat` and `lon` are given where the text supports a point, or the centre of a circle (with
    `radius_km`). Cells that a spreadsheet would take for a formula get a leading apostrophe.

    Parameters
    ----------
    readings
        What the articles say; each event becomes one line.

    Yields
    ------
    str
        Lines ending in CR LF (RFC 4180); no reading gives the header alone.
    """
    yield _csv_line(CSV_COLUMNS)
    for reading in readings:
        for event in reading.events:
            record = event_record(reading.article, event)
            yield _csv_line([safe_cell(record[column]) for column in CSV_COLUMNS])


def safe_cell(value: str | float | None) -> str:
    """Return a value as the text of a CSV cell that no spreadsheet runs as a formula.

    Parameters
    ----------
    value
        A text, a number or None.

    Returns
    -------
    str
        The text, with an apostrophe before it where it begins with ``=``, ``+``, ``-``, ``@``, a
        tab or a carriage return; numbers as they are, "" for None.
    """
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return str(value)


def json_text(value: dict[str, Any]) -> str:
    """Return an object as one line of JSON that no reader takes for two.

    Parameters
    ----------
    value
        What JSON can hold; not a number raises ValueError.

    Returns
    -------
    str
        Without a newline; control characters and line separators stand as escapes.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _UNSAFE_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _csv_line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def _article(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "published": _day(article.published),
        "source": article.source,
        "url": article.url,
        "language": article.language,
        "chars": len(article.text),
    }


def _mention(resolution: Resolution) -> dict[str, Any]:
    mention = resolution.mention
    return {
        "start": mention.span.start,
        "end": mention.span.end,
        "text": mention.text,
        "kind": mention.kind,
        "relation": _relation(mention),
        "score": round(mention.score, SCORE_DIGITS),
        "place": _place(resolution.place),
        "candidates": [_candidate(candidate) for candidate in resolution.candidates],
    }


def _relation(mention: Mention) -> dict[str, Any] | None:
    if mention.relation is None:
        return None
    relation = mention.relation
    return {"bearing": relation.bearing, "distance_km": relation.distance_km, "of": relation.of}


def _place(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {
        "id": place.id,
        "name": place.name,
        "feature": place.feature,
        "country": place.country,
        "admin1": place.admin1,
        "admin2": place.admin2,
        "lat": place.lat,
        "lon": place.lon,
        "population": place.population,
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "id": candidate.place.id,
        "name": candidate.place.name,
        "lat": candidate.place.lat,
        "lon": candidate.place.lon,
        "score": round(candidate.score, SCORE_DIGITS),
        "reasons": list(candidate.reasons),
    }


def _event(event: Event, resolutions: tuple[Resolution, ...], text: str) -> dict[str, Any]:
    return {
        "id": event.id,
        "type": event.type,
        "trigger": _span(event.trigger, text),
        "evidence": [_span(span, text) for span in event.evidence],
        "place": _place(event.place.place) if event.place else None,
        "mention": _index(event.place, resolutions),
        "location_basis": event.location_basis,
        "geo_precision": event.geo_precision,
        "area": _area(event.area),
        "incident": event.incident,
        "attributed_to": _span(event.attributed_to, text) if event.attributed_to else None,
        "when": _when(event.when),
        "actors": [
            {"text": a.text, "role": a.role, "start": a.span.start, "end": a.span.end}
            for a in event.actors
        ],
        "fatalities": _casualties(event.fatalities),
        "injured": event.injured,
        "status": event.status,
        "confidence": round(event.confidence, SCORE_DIGITS),
        "field_confidence": _field_confidence(event.field_confidence),
    }


def _index(place: Resolution | None, resolutions: tuple[Resolution, ...]) -> int | None:
    """Return which mention of the article gave the event its place."""
    if place is None:
        return None
    spans = [resolution.mention.span for resolution in resolutions]
    return spans.index(place.mention.span) if place.mention.span in spans else None


def _span(span: Span, text: str) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "text": span.of(text)}


def _area(area: Area | None) -> dict[str, float] | None:
    if area is None:
        return None
    return {"lat": area.lat, "lon": area.lon, "radius_km": area.radius_km}


def _when(when: When | None) -> dict[str, Any] | None:
    if when is None:
        return None
    return {
        "first": _day(when.first),
        "last": _day(when.last),
        "text": when.text,
        "precision": when.precision,
        "basis": when.basis,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _casualties(casualties: Casualties | None) -> dict[str, int | None] | None:
    if casualties is None:
        return None
    return {"low": casualties.low, "best": casualties.best, "high": casualties.high}


def _field_confidence(confidence: FieldConfidence) -> dict[str, float | None]:
    values = {
        "type": confidence.type,
        "place": confidence.place,
        "when": confidence.when,
        "status": confidence.status,
    }
    return {
        name: None if value is None else round(value, SCORE_DIGITS)
        for name, value in values.items()
    }

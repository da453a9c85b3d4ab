"""An event as one flat row, as a geometry and as a marked quote: each made here and nowhere else.

The CSV, the GeoJSON, the store, its frames and the maps all take theirs from here, so that they
say the same of an event.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from geomap.model import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from geomap.model import Area, Article, Event, Place

    # A kind (text, trigger or place) and the words.
    Piece = tuple[str, str]
    Record = dict[str, str | int | float | None]
    Shape = Callable[[Place], dict[str, Any] | None]

__all__ = [
    "BASIC_COLUMNS",
    "EVENT_COLUMNS",
    "POINT_PRECISIONS",
    "SCORE_DIGITS",
    "circle",
    "event_geometry",
    "event_record",
    "full_record",
    "quote_pieces",
]

BASIC_COLUMNS = (
    "article_id",
    "title",
    "source",
    "url",
    "published",
    "event_id",
    "type",
    "status",
    "date_first",
    "date_last",
    "date_precision",
    "date_text",
    "place",
    "place_id",
    "country",
    "admin1",
    "geo_precision",
    "location_basis",
    "lat",
    "lon",
    "radius_km",
    "fatalities_low",
    "fatalities_best",
    "fatalities_high",
    "injured",
    "attributed_to",
    "trigger",
    "quote",
    "confidence",
)

EVENT_COLUMNS = (
    "event_id",
    "article_id",
    "title",
    "source",
    "url",
    "published",
    "type",
    "status",
    "date_first",
    "date_last",
    "date_precision",
    "date_text",
    "date_basis",
    "place",
    "place_id",
    "country",
    "admin1",
    "admin2",
    "geo_precision",
    "location_basis",
    "lat",
    "lon",
    "radius_km",
    "fatalities_low",
    "fatalities_best",
    "fatalities_high",
    "injured",
    "attributed_to",
    "trigger",
    "quote",
    "marks",
    "actors",
    "reasons",
    "rejected",
    "incident_id",
    "confidence",
    "confidence_type",
    "confidence_place",
    "confidence_when",
    "confidence_status",
)

# Four digits tell more than a calibrated score can, and keep lines short.
SCORE_DIGITS = 4
POINT_PRECISIONS = frozenset({"exact", "town"})
_CIRCLE_CORNERS = 32  # the polygon stays within 1 % of the circle's area
_KM_PER_DEGREE = 111.195  # of latitude, on a sphere of 6371.0088 km
# A sentence longer than this is cut to a window around its trigger, marked with dots.
_QUOTE_LIMIT, _QUOTE_WINDOW = 1200, 400
# More rejected places are listed by `explain` only.
_ALTERNATIVES = 3


def event_record(article: Article, event: Event) -> Record:
    """Return an event as one flat row: the columns of the CSV, the properties of a feature.

    Parameters
    ----------
    article
        Where the event stands.
    event
        The event.

    Returns
    -------
    dict
        The keys of `BASIC_COLUMNS` in their order; days as ISO 8601, None for what is not known.
        `lat` and `lon` are None unless the text supports a point, or the centre of a circle.
    """
    place = event.place.place if event.place else None
    pinned = place if event.geo_precision in POINT_PRECISIONS else None
    when, killed, centre = event.when, event.fatalities, event.area or pinned
    text = article.text
    return {
        "article_id": article.id,
        "title": article.title,
        "source": article.source,
        "url": article.url,
        "published": _iso(article.published),
        "event_id": event.id,
        "type": event.type,
        "status": event.status,
        "date_first": _iso(when.first) if when else None,
        "date_last": _iso(when.last) if when else None,
        "date_precision": when.precision if when else None,
        "date_text": when.text if when else None,
        "place": place.name if place else None,
        "place_id": place.id if place else None,
        "country": place.country if place else None,
        "admin1": place.admin1 if place else None,
        "geo_precision": event.geo_precision,
        "location_basis": event.location_basis,
        "lat": centre.lat if centre else None,
        "lon": centre.lon if centre else None,
        "radius_km": event.area.radius_km if event.area else None,
        "fatalities_low": killed.low if killed else None,
        "fatalities_best": killed.best if killed else None,
        "fatalities_high": killed.high if killed else None,
        "injured": event.injured,
        "attributed_to": event.attributed_to.of(text) if event.attributed_to else None,
        "trigger": event.trigger.of(text),
        "quote": " ".join(span.of(text) for span in event.evidence),
        "confidence": round(event.confidence, SCORE_DIGITS),
    }


def full_record(article: Article, event: Event) -> Record:
    """Return an event as the row of a store's frame.

    Parameters
    ----------
    article
        Where the event stands.
    event
        The event.

    Returns
    -------
    dict
        The keys of `EVENT_COLUMNS` in their order. `marks`, `actors`, `reasons` and `rejected` are
        JSON lists as text; `incident_id` is None until events are grouped.
    """
    sure = event.field_confidence
    place = event.place.place if event.place else None
    candidates = event.place.candidates if event.place else ()
    rejected = candidates[1:] if place else candidates
    record = event_record(article, event) | {
        "date_basis": event.when.basis if event.when else None,
        "admin2": place.admin2 if place else None,
        "marks": _json(quote_pieces(article, event)),
        "actors": _json([{"text": actor.text, "role": actor.role} for actor in event.actors]),
        "reasons": _json(list(candidates[0].reasons) if place else []),
        "rejected": _json([_place_line(found.place) for found in rejected[:_ALTERNATIVES]]),
        "incident_id": None,
        "confidence_type": _rounded(sure.type),
        "confidence_place": _rounded(sure.place),
        "confidence_when": _rounded(sure.when),
        "confidence_status": _rounded(sure.status),
    }
    return {column: record[column] for column in EVENT_COLUMNS}


def _place_line(place: Place) -> str:
    return ", ".join(part for part in (place.name, place.admin1, place.country) if part)


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, SCORE_DIGITS)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _json(value: list[Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def event_geometry(event: Event, shape: Shape | None = None) -> dict[str, Any] | None:
    """Return the GeoJSON geometry of an event, no more precise than its text.

    Parameters
    ----------
    event
        The event.
    shape
        Gives the GeoJSON polygon of a district or province, or None where there is none; None
        leaves all of them without a geometry.

    Returns
    -------
    dict or None
        A Point (lon, lat) for an exact place or a town, a polygon for a circle and for an area
        with a shape; None for a country, or where no place is given.
    """
    place = event.place.place if event.place else None
    if event.area:
        return circle(event.area)
    if place is None:
        return None
    if event.geo_precision in POINT_PRECISIONS:
        return {"type": "Point", "coordinates": [place.lon, place.lat]}
    if event.geo_precision in {"district", "province"} and shape:
        return shape(place)
    return None


def circle(area: Area) -> dict[str, Any]:
    """Return a circle on the ground as a polygon, counter-clockwise as RFC 7946 asks."""
    height = area.radius_km / _KM_PER_DEGREE
    width = height / max(math.cos(math.radians(area.lat)), 0.01)  # bounded near the poles
    turns = [2 * math.pi * corner / _CIRCLE_CORNERS for corner in range(_CIRCLE_CORNERS)]
    ring = [
        [round(area.lon + width * math.cos(t), 5), round(area.lat + height * math.sin(t), 5)]
        for t in turns
    ]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def quote_pieces(article: Article, event: Event) -> list[Piece]:
    """Return the evidence as (kind, text) pieces, so that nobody downstream counts characters.

    Parameters
    ----------
    article
        Where the event stands.
    event
        The event.

    Returns
    -------
    list of (str, str)
        Kinds are "text", "trigger" and "place"; an endless sentence is cut around its trigger.
    """
    marks = [(event.trigger, "trigger")]
    if event.place:
        marks.append((event.place.mention.span, "place"))
    pieces: list[Piece] = []
    for sentence in sorted(event.evidence) if len(event.evidence) > 1 else event.evidence:
        shown = _window(sentence, event.trigger)
        if pieces or shown.start > sentence.start:
            pieces.append(("text", " … " if pieces else "… "))
        pieces += _marked(article.text, shown, marks)
        if shown.end < sentence.end:
            pieces.append(("text", " …"))
    return pieces


def _window(sentence: Span, trigger: Span) -> Span:
    """Return the whole sentence, or of an endless one the part around the trigger."""
    if sentence.end - sentence.start <= _QUOTE_LIMIT:
        return sentence
    middle = min(max(trigger.start, sentence.start), sentence.end)
    start = max(sentence.start, middle - _QUOTE_WINDOW)
    return Span(start=start, end=min(sentence.end, middle + _QUOTE_WINDOW))


def _marked(text: str, shown: Span, marks: Sequence[tuple[Span, str]]) -> list[Piece]:
    """Cut a stretch of text at the marks inside it; of overlapping ones the first counts."""
    inside = sorted((span.start, span.end, kind) for span, kind in marks if shown.contains(span))
    pieces, at = [], shown.start
    for start, end, kind in inside:
        if start < at or start == end:
            continue
        pieces += [("text", text[at:start]), (kind, text[start:end])]
        at = end
    pieces.append(("text", text[at : shown.end]))
    return [piece for piece in pieces if piece[1]]

"""Readings -> rows: what a backend writes, made without knowing where."""

from __future__ import annotations

import math
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from geomap.folding import fold
from geomap.gazetteer.shapes import split_at_antimeridian
from geomap.model import Area, digest
from geomap.records import circle, event_geometry, full_record
from geomap.store.base import ROW_COLUMNS, EventRow, IncidentRow, MentionRow, PreparedArticle, Site
from geomap.store.codec import encode, storable

if TYPE_CHECKING:
    from collections.abc import Callable

    from shapely.geometry.base import BaseGeometry

    from geomap.gazetteer import Gazetteer
    from geomap.model import Article, Event, Incident, Place, Reading, Resolution

    Sites = Callable[[Event], Site | None]

__all__ = ["SiteMaker", "incident_row", "name_key", "prepare", "stamp"]

# Radii of the circles that stand for an outline we do not have, as on the maps: half of the
# world's second-level units fit in the first, and of the first-level units in the second.
_DISTRICT_KM, _PROVINCE_KM = 25.0, 80.0
_AREAS = frozenset({"district", "province"})
_POLE, _ANTIMERIDIAN, _TURN = 90.0, 180.0, 360.0


def stamp(article: Article) -> str:
    """Return what tells one version of an article from another: all that is known of it."""
    known = [getattr(article, field.name) for field in fields(article)]
    return digest(*("" if value is None else f"={value}" for value in known))


def name_key(name: str | None) -> str | None:
    """Return the form in which outlets and units are compared; None for None."""
    return None if name is None else fold(name)


def prepare(reading: Reading, site_of: Sites) -> PreparedArticle:
    """Return a reading as rows.

    Parameters
    ----------
    reading
        What one article says.
    site_of
        Gives the geometry of an event, or None.

    Returns
    -------
    PreparedArticle
        Ready to be written; no text in it holds what a file cannot.
    """
    article = reading.article
    source = _clean(article.source)
    return PreparedArticle(
        article_id=storable(article.id),
        digest=article.digest,
        stamp=stamp(article),
        title=_clean(article.title),
        published=article.published.isoformat() if article.published else None,
        source=source,
        source_key=name_key(source),
        url=_clean(article.url),
        language=_clean(article.language),
        text=storable(article.text),
        reading=encode(reading),
        events=[_event_row(article, event, site_of) for event in reading.events],
        mentions=[_mention_row(resolution) for resolution in reading.resolutions],
    )


def _clean(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    """Return a value that every database takes: no NUL, no half characters, no NaN."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _event_row(article: Article, event: Event, site_of: Sites) -> EventRow:
    record = full_record(article, event)
    return EventRow(
        values=tuple(_clean(record[column]) for column in ROW_COLUMNS),
        admin1_key=name_key(_clean(record["admin1"])),
        site=site_of(event),
    )


def _mention_row(resolution: Resolution) -> MentionRow:
    mention, place = resolution.mention, resolution.place
    return MentionRow(
        start=mention.span.start,
        end=mention.span.end,
        text=storable(mention.text),
        kind=mention.kind,
        score=_clean(mention.score),
        place_id=_clean(place.id) if place else None,
        place=_clean(place.name) if place else None,
        country=_clean(place.country) if place else None,
        lat=_clean(place.lat) if place else None,
        lon=_clean(place.lon) if place else None,
        place_score=_clean(resolution.candidates[0].score) if place else None,
    )


class SiteMaker:
    """Gives each event the geometry that its text supports; outlines are made once a place.

    Parameters
    ----------
    gazetteer
        Gives it when the first outline is needed; the outlines are those of its places.
    """

    def __init__(self, gazetteer: Callable[[], Gazetteer]) -> None:
        self._gazetteer = gazetteer
        self._outlines: dict[tuple[str, str], Site | None] = {}

    def __call__(self, event: Event) -> Site | None:
        """Return the geometry of an event.

        Parameters
        ----------
        event
            The event.

        Returns
        -------
        Site or None
            A point, the outline of a district or province (where there is none, a circle of
            usual size), a circle; None for a country, and without a place on Earth.
        """
        place = event.place.place if event.place else None
        centre = event.area or place
        if centre is None or not _on_earth(centre.lat, centre.lon):
            return None
        if event.area is None and place is not None and event.geo_precision in _AREAS:
            key = (event.geo_precision, place.id)
            if key not in self._outlines:
                self._outlines[key] = _area(self._outline(place, event.geo_precision))
            return self._outlines[key]
        if event.area is not None and not (0 < event.area.radius_km < math.inf):
            return None
        geometry = event_geometry(event)
        if geometry is None:
            return None
        if geometry["type"] == "Point":
            return _point(*geometry["coordinates"])
        return _area(_shape(geometry))

    def _outline(self, place: Place, precision: str) -> BaseGeometry:
        found = self._gazetteer().geometry(place)
        if found is not None and not found.is_empty:
            return found
        radius = _DISTRICT_KM if precision == "district" else _PROVINCE_KM
        return _shape(circle(Area(lat=place.lat, lon=place.lon, radius_km=radius)))


def _on_earth(lat: float, lon: float) -> bool:
    """Tell whether a position is one; false for NaN and infinity."""
    return abs(lat) <= _POLE and abs(lon) <= _ANTIMERIDIAN


def _point(lon: float, lat: float) -> Site:
    import struct

    # Well-known binary of a point, little-endian, without loading shapely for it.
    wkb = struct.pack("<BIdd", 1, 1, lon, lat)
    return Site(digest("point", wkb.hex()), "point", wkb, lon, lat, lon, lat)


def _shape(geometry: dict[str, Any]) -> BaseGeometry:
    from shapely.geometry import shape

    return shape(geometry)


def _area(geometry: BaseGeometry) -> Site | None:
    """Return polygons as one site, cut at the antimeridian; None where nothing is left."""
    import shapely

    west, south, east, north = geometry.bounds
    south, north = max(south, -_POLE), min(north, _POLE)
    if east - west >= _TURN:  # a circle around a pole, or one as wide as the Earth
        geometry = shapely.box(-_ANTIMERIDIAN, south, _ANTIMERIDIAN, north)
    elif (south, north) != (geometry.bounds[1], geometry.bounds[3]):
        geometry = geometry.intersection(shapely.box(west, south, east, north))
    parts = [
        part for piece in split_at_antimeridian(geometry) for part in shapely.get_parts([piece])
    ]
    polygons = [part for part in parts if part.geom_type == "Polygon"]
    if not polygons:
        return None
    multi = shapely.orient_polygons(shapely.MultiPolygon(polygons))
    wkb: bytes = shapely.to_wkb(multi, byte_order=1)
    west, south, east, north = (float(side) for side in multi.bounds)
    return Site(digest("area", wkb.hex()), "area", wkb, west, south, east, north)


def incident_row(incident: Incident) -> IncidentRow:
    """Return an incident as a row.

    Parameters
    ----------
    incident
        The incident.

    Returns
    -------
    IncidentRow
        Ready to be written, with the ids of its events.
    """
    place = incident.place.place if incident.place else None
    when, killed = incident.when, incident.fatalities
    return IncidentRow(
        incident_id=incident.id,
        type=_clean(incident.type),
        status=incident.status,
        date_first=when.first.isoformat() if when and when.first else None,
        date_last=when.last.isoformat() if when and when.last else None,
        place=_clean(place.name) if place else None,
        place_id=_clean(place.id) if place else None,
        country=_clean(place.country) if place else None,
        admin1=_clean(place.admin1) if place else None,
        geo_precision=incident.geo_precision,
        fatalities_low=killed.low if killed else None,
        fatalities_best=killed.best if killed else None,
        fatalities_high=killed.high if killed else None,
        injured=incident.injured,
        confidence=_clean(incident.confidence),
        articles=len({report.article.id for report in incident.reports}),
        members=tuple(storable(report.event.id) for report in incident.reports),
    )

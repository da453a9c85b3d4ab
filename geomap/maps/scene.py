"""Incidents -> a scene: everything that a map shows, as plain values that JSON can hold.

A scene has no HTML and no position that the text does not give. Each incident lies at a spot (a
point, a circle or a polygon) or is `listed` beside the map, as known only to its country or not
at all. Quotes travel as [kind, text] pieces, so that nobody downstream counts characters.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from geomap.maps.basemap import encode_polygon, label_point
from geomap.maps.words import casualty_words, date_words, day_words, place_words, type_label
from geomap.records import quote_pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.maps.basemap import Atlas
    from geomap.model import Incident, Place, Report

__all__ = ["GROUPS", "Group", "build_scene", "group_key"]


class Group(NamedTuple):
    """One layer of the map: event types that share a symbol."""

    key: str
    label: str
    section: str
    shape: str
    colour: str


# Okabe and Ito's palette (colour-blind safe, jfly.uni-koeln.de/color), each with its own shape so
# that the map reads in black and white too; diplomacy alone is round.
GROUPS = (
    Group("battle", "Battles", "Incidents", "diamond", "#D55E00"),
    Group("explosion", "Explosions", "Incidents", "burst", "#E69F00"),
    Group("violence", "Violence against people", "Incidents", "triangle", "#CC79A7"),
    Group("protest", "Protests", "Incidents", "square", "#56B4E9"),
    Group("riot", "Riots", "Incidents", "pentagon", "#F0E442"),
    Group("strategic", "Strategic developments", "Incidents", "hexagon", "#009E73"),
    Group("crime", "Organised crime", "Incidents", "plus", "#2B2B2B"),
    Group("disaster", "Disasters", "Incidents", "drop", "#999999"),
    Group("other", "Other", "Incidents", "bar", "#999999"),
    Group("diplomacy", "Diplomacy", "Diplomacy", "ring", "#0072B2"),
)
_GROUP_KEYS = {group.key: index for index, group in enumerate(GROUPS)}
_OTHER = _GROUP_KEYS["other"]

# Radii of the circles that stand for an outline we do not have. Half of the world's second-level
# units fit in the first, and of the first-level units in the second.
_DISTRICT_KM, _PROVINCE_KM = 25.0, 80.0
_ALTERNATIVES = 3

_BASIS = {
    "linked": "the place is named with the event",
    "inherited": "the place is carried over from an earlier sentence",
    "document": "the place is the one that the article is about",
    "none": "the text gives no place for the event",
}


@dataclass(slots=True)
class _Spots:
    """The places of a map, each once, with the names of their countries."""

    atlas: Atlas | None
    rows: list[dict[str, Any]] = field(default_factory=list)
    index: dict[tuple[object, ...], int] = field(default_factory=dict)
    countries: dict[str, str] = field(default_factory=dict)

    def country(self, code: str | None) -> str | None:
        """Return the English name of an ISO alpha-2 code; the code itself when it has none."""
        if code is None:
            return None
        if code not in self.countries:
            found = self.atlas.country(code) if self.atlas else None
            self.countries[code] = found.name if found else code
        return self.countries[code]

    def add(self, key: tuple[object, ...], row: dict[str, Any]) -> int:
        """Return the number of a spot, giving it one when it is new."""
        if key not in self.index:
            self.index[key] = len(self.rows)
            self.rows.append(row)
        return self.index[key]


def group_key(code: str) -> str:
    """Return the group of an event type, "other" for one that no layer is made for."""
    return GROUPS[_group_index(code)].key


def _group_index(code: str) -> int:
    return _GROUP_KEYS.get(code.partition(".")[0], _OTHER)


def build_scene(
    incidents: Sequence[Incident], *, title: str | None = None, atlas: Atlas | None = None
) -> dict[str, Any]:
    """Return all that a map of some incidents shows, in their order.

    Parameters
    ----------
    incidents
        What to show; none at all gives a scene that says so.
    title
        The heading of the map; None leaves it out.
    atlas
        Gives the outlines of provinces and the names of countries; without one, circles and
        codes stand for them.

    Returns
    -------
    dict
        JSON values only, without the basemap. `bounds` is [west, south, east, north] in degrees
        or None when nothing has a place.
    """
    spots = _Spots(atlas=atlas)
    rows = [_incident_row(incident, spots) for incident in incidents]
    present = {row["group"] for row in rows}
    return {
        "schema": "geomap.scene/1",
        "title": title,
        "summary": _summary(incidents),
        "groups": [
            {**group._asdict(), "present": index in present} for index, group in enumerate(GROUPS)
        ],
        "bounds": _bounds(spots.rows),
        "spots": spots.rows,
        "incidents": rows,
    }


def _summary(incidents: Sequence[Incident]) -> str:
    if not incidents:
        return "No incidents"
    articles = {report.article.id for incident in incidents for report in incident.reports}
    whens = [incident.when for incident in incidents if incident.when]
    days = [day for when in whens for day in (when.first, when.last) if day]
    parts = [_counted(len(incidents), "incident"), _counted(len(articles), "article")]
    if days:
        ends = dict.fromkeys((day_words(min(days)), day_words(max(days))))
        parts.append(" – ".join(ends))
    return " · ".join(parts)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _bounds(spots: list[dict[str, Any]]) -> list[float] | None:
    """Return the box around all spots, circles with their radius, outlines with theirs."""
    if not spots:
        return None
    boxes = [spot.get("box", [spot["lon"], spot["lat"]] * 2) for spot in spots]
    wests, souths, easts, norths = zip(*boxes, strict=True)
    return [min(wests), min(souths), max(easts), max(norths)]


def _incident_row(incident: Incident, spots: _Spots) -> dict[str, Any]:
    place = incident.place.place if incident.place else None
    row = {
        "group": _group_index(incident.type),
        "type": type_label(incident.type),
        "title": _title(incident),
        "date": date_words(incident.when),
        "phrase": incident.when.text if incident.when else None,
        "status": incident.status,
        "precision": incident.geo_precision,
        "casualties": casualty_words(incident.fatalities, incident.injured),
        "confidence": round(incident.confidence, 2),
        "sources": [_source_row(report) for report in incident.reports],
        "spot": _spot(incident, place, spots),
    }
    if place:
        row["place"] = place.name
        row["within"] = place_words(place, spots.country(place.country))
        row["why"] = list(incident.place.candidates[0].reasons) if incident.place else []
        row["rejected"] = _rejected(incident, spots)
    if row["spot"] is None:
        row["listed"] = "country" if place else "none"
    return {key: value for key, value in row.items() if value not in (None, "", [])}


def _title(incident: Incident) -> str:
    """Return the first headline among the reports, else the first words of the first quote."""
    for report in incident.reports:
        if report.article.title and report.article.title.strip():
            return report.article.title.strip()
    if not incident.reports:
        return type_label(incident.type)
    report = incident.reports[0]
    words = report.event.evidence[0].of(report.article.text).split()
    return " ".join(words[:12]) + (" …" if len(words) > 12 else "")  # noqa: PLR2004 - one line


def _rejected(incident: Incident, spots: _Spots) -> list[str]:
    """Return the next best candidates in words, best first."""
    candidates = incident.place.candidates[1 : 1 + _ALTERNATIVES] if incident.place else ()
    names = []
    for candidate in candidates:
        within = place_words(candidate.place, spots.country(candidate.place.country))
        names.append(", ".join(part for part in (candidate.place.name, within) if part))
    return names


def _spot(incident: Incident, place: Place | None, spots: _Spots) -> int | None:
    """Return the number of the incident's spot, or None where the map must not show one."""
    if incident.area and _on_earth(incident.area.lat, incident.area.lon):
        area = incident.area
        return _circle(area.lat, area.lon, area.radius_km, "", spots)
    if place is None or not _on_earth(place.lat, place.lon):
        return None
    if incident.geo_precision in {"exact", "town"}:
        row = {"lat": place.lat, "lon": place.lon}
        return spots.add(("point", place.lat, place.lon), row)
    if incident.geo_precision in {"district", "province"}:
        known = spots.index.get(("outline", place.id))
        return known if known is not None else _outline(incident.geo_precision, place, spots)
    return None


def _outline(precision: str, place: Place, spots: _Spots) -> int:
    """Return the spot of a district or province: its polygon, else a circle of usual size."""
    geometry = spots.atlas.geometry(place) if spots.atlas else None
    if geometry is None or geometry.is_empty:
        radius = _DISTRICT_KM if precision == "district" else _PROVINCE_KM
        return _circle(place.lat, place.lon, radius, place.name, spots)
    lon, lat = label_point(geometry)
    row = {
        "name": place.name,
        "lat": lat,
        "lon": lon,
        "polygons": encode_polygon(geometry),
        "box": [round(side, 4) for side in geometry.bounds],
    }
    return spots.add(("outline", place.id), row)


def _circle(lat: float, lon: float, radius_km: float, name: str, spots: _Spots) -> int:
    high = radius_km / 111.2  # kilometres in a degree of latitude
    # Above 85 degrees, where Web Mercator ends, the cosine would blow the box up.
    wide = high / math.cos(math.radians(min(abs(lat), 85.0)))
    row = {
        "name": name,
        "lat": lat,
        "lon": lon,
        "km": radius_km,
        "box": [lon - wide, lat - high, lon + wide, lat + high],
    }
    return spots.add(("circle", lat, lon, radius_km), row)


def _on_earth(lat: float, lon: float) -> bool:
    """Tell whether a position can be drawn at all; false for NaN and infinity."""
    return abs(lat) <= 90 and abs(lon) <= 180  # noqa: PLR2004 - degrees


def _source_row(report: Report) -> dict[str, Any]:
    article, event = report.article, report.event
    host = _host(article.url)
    row = {
        "outlet": article.source or host or "Unnamed source",
        "title": article.title,
        "url": article.url if host else None,
        "published": day_words(article.published) if article.published else None,
        "language": article.language,
        "quote": quote_pieces(article, event),
        "said": event.attributed_to.of(article.text) if event.attributed_to else None,
        "status": event.status,
        "basis": _BASIS[event.location_basis],
    }
    return {key: value for key, value in row.items() if value is not None}


def _host(url: str | None) -> str | None:
    """Return the host of a web address, None for every other kind of address."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return parts.hostname if parts.scheme in {"http", "https"} else None

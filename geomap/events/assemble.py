"""From merged drafts to the events that a reading holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from geomap.events.areas import Ground, area
from geomap.events.confidence import type_chance
from geomap.events.drafts import Draft, family
from geomap.events.where import precision
from geomap.model import Article, Event, FieldConfidence, Resolution, digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.model import Area, GeoPrecision, Place

__all__ = ["build"]

# How much of the place's chance is left when it comes from another sentence or the dateline.
_BASIS_WORTH = {"linked": 1.0, "inherited": 0.75, "document": 0.8, "none": 1.0}
# Circles up to these radii are as sharp as a district, as a province; wider ones as a country.
_DISTRICT_KM, _PROVINCE_KM = 40.0, 150.0
_WIDTH: dict[GeoPrecision, int] = {
    "exact": 0,
    "town": 0,
    "district": 1,
    "province": 2,
    "country": 3,
    "none": 4,
}
# An event without a place is worth this much of one with a sure place.
_NO_PLACE = 0.6


def build(
    article: Article, drafts: Sequence[Draft], ground: Ground | None = None
) -> tuple[Event, ...]:
    """Return the events of merged drafts, one for each place of each.

    Parameters
    ----------
    article
        The article.
    drafts
        One a happening.
    ground
        What the areas of relative places are measured on; None for distances alone.

    Returns
    -------
    tuple[Event, ...]
        In the order of their triggers; those of one happening share an incident id. Ids are
        digests of the article, the type, the trigger and the place.
    """
    events: dict[str, Event] = {}
    for draft in drafts:
        incident = None
        if len(draft.places) > 1:
            incident = digest("incident", article.id, str(draft.trigger.start), draft.type)
        for place in draft.places or (None,):
            event = _event(article, draft, place, (incident, ground or Ground()))
            events.setdefault(event.id, event)
    return tuple(sorted(events.values(), key=lambda e: (e.trigger, e.id)))


def _event(
    article: Article,
    draft: Draft,
    placed: tuple[float, Resolution] | None,
    setting: tuple[str | None, Ground],
) -> Event:
    incident, ground = setting
    chance, resolution = placed if placed is not None else (0.0, None)
    around = None if resolution is None else area(resolution, _beside(draft, resolution, ground))
    where = resolution.place if resolution is not None else None
    counted = family(draft.type) in {"violence", "crowd"} or draft.type.startswith("disaster.")
    sure = FieldConfidence(
        type=round(type_chance(draft.strength), 3),
        place=_place_chance(chance, resolution, draft) if resolution is not None else None,
        when=round(draft.when_confidence, 3) if draft.when is not None else None,
        status=round(draft.standing.confidence, 3),
    )
    key = (
        "event",
        article.id,
        article.digest,
        draft.type,
        str(draft.trigger.start),
        str(draft.trigger.end),
        where.id if where is not None else "",
    )
    return Event(
        id=digest(*key),
        type=draft.type,
        trigger=draft.trigger,
        evidence=draft.evidence,
        place=resolution,
        location_basis=draft.basis if resolution is not None else "none",
        geo_precision=_sharpness(resolution, around),
        when=draft.when,
        actors=draft.actors,
        fatalities=draft.fatalities if counted else None,
        injured=draft.injured if counted else None,
        status=draft.standing.status,
        attributed_to=draft.standing.attributed_to,
        area=around,
        incident=incident,
        confidence=_confidence(sure),
        field_confidence=sure,
    )


def _place_chance(chance: float, resolution: Resolution, draft: Draft) -> float:
    """Return the chance that the event was at a name, and that the name is this place."""
    known = resolution.candidates[0].score if resolution.candidates else 1.0
    return round(chance * known * _BASIS_WORTH[draft.basis], 3)


def _beside(draft: Draft, resolution: Resolution, ground: Ground) -> Ground:
    """Return the ground with the place, told beside a border, that says which stretch is meant.

    The finest of the same sentences comes first, then the country that the article names most.
    """
    relation = resolution.mention.relation
    if relation is None or relation.way != "border":
        return ground
    told: list[Place] = []
    lands: Counter[str] = Counter()
    named: dict[str, Place] = {}
    for other in ground.resolutions:
        place = other.place
        if place is None or place.id == (resolution.place and resolution.place.id):
            continue
        if other.mention.kind == "place" and any(
            s.contains(other.mention.span) for s in draft.evidence
        ):
            told.append(place)
        if place.feature.startswith("PCL"):
            lands[place.id] += 1
            named[place.id] = place
    told.sort(key=lambda place: _WIDTH[precision(place)])
    if not told and lands:
        told.append(named[lands.most_common(1)[0][0]])
    return replace(ground, near=told[0] if told else None)


def _sharpness(resolution: Resolution | None, around: Area | None) -> GeoPrecision:
    """Return the precision of a place; one that lies off its anchor is as sharp as its circle."""
    if resolution is None:
        return "none"
    found = precision(resolution.place)
    if around is None:
        off = resolution.mention.relation is not None and found in {"exact", "town"}
        return "district" if off else found
    if around.radius_km <= _DISTRICT_KM:
        return "district"
    return "province" if around.radius_km <= _PROVINCE_KM else "country"


def _confidence(sure: FieldConfidence) -> float:
    """Return the geometric mean of the fields that an event always has."""
    place = _NO_PLACE if sure.place is None else sure.place
    return round(float((sure.type * sure.status * place) ** (1 / 3)), 3)

"""What an incident says as a whole: the best of what its reports say."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING

from geomap.model import (
    Casualties,
    Event,
    GeoPrecision,
    Incident,
    Report,
    Status,
    When,
    digest,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["incident", "order"]

_STATUS_ORDER: tuple[Status, ...] = (
    "asserted",
    "alleged",
    "denied",
    "planned",
    "threatened",
    "hypothetical",
)
_PRECISION_ORDER: tuple[GeoPrecision, ...] = (
    "exact",
    "town",
    "district",
    "province",
    "country",
    "none",
)


def order(found: Incident) -> tuple[date, str, str, str]:
    """Return what incidents are sorted by: first day (unknown last), place, type, id."""
    when, place = found.when, found.place
    first = when.first or when.last if when is not None else None
    where = place.place.name if place is not None and place.place is not None else "\uffff"
    return first or date.max, where, found.type, found.id


def incident(reports: Sequence[Report]) -> Incident:
    """Return the incident that some reports tell of.

    Parameters
    ----------
    reports
        At least one, in any order.

    Returns
    -------
    Incident
        The type that most accounts give, the place of the most precise and surest account, the
        tightest date, the most certain status, and the toll of the latest article as best with the
        range of all as low and high: tolls are never summed.
    """
    ordered = sorted(
        reports, key=lambda r: (r.article.published or date.max, r.article.id, r.event.id)
    )
    events = [report.event for report in ordered]
    head = min(events, key=lambda e: (_PRECISION_ORDER.index(e.geo_precision), -e.confidence, e.id))
    kinds = [event.type for event in events]
    surest = max(sorted(set(kinds)), key=lambda code: (kinds.count(code), code == head.type))
    hurt = [event.injured for event in events if event.injured is not None]
    return Incident(
        id=digest("incident", *sorted(event.id for event in events)),
        type=surest,
        place=head.place,
        geo_precision=head.geo_precision,
        area=head.area,
        when=_tightest(events),
        fatalities=_toll(events),
        injured=hurt[-1] if hurt else None,
        status=min((e.status for e in events), key=_STATUS_ORDER.index),
        confidence=_confidence(ordered),
        reports=tuple(ordered),
    )


def _tightest(events: Sequence[Event]) -> When | None:
    dated = [event.when for event in events if event.when is not None]

    def width(when: When) -> tuple[int, date, str]:
        if when.first is None or when.last is None:
            return 10**6, when.first or when.last or date.max, when.text
        return (when.last - when.first).days, when.first, when.text

    return min(dated, key=width) if dated else None


def _toll(events: Sequence[Event]) -> Casualties | None:
    """Return the latest report's toll as best, between the lowest and the highest of all."""
    tolls = [event.fatalities for event in events if event.fatalities is not None]
    if not tolls:
        return None
    best = tolls[-1].best
    highs = [toll.high for toll in tolls if toll.high is not None]
    # What was "at least" early on is settled by a higher figure later.
    beyond = any(toll.high is None and toll.best >= best for toll in tolls)
    high = None if beyond else max([best, *highs])
    return Casualties(low=min(toll.low for toll in tolls), best=best, high=high)


def _confidence(reports: Sequence[Report]) -> float:
    """Return the chance that one account at least is right, of one account an outlet."""
    best: dict[str, float] = {}
    for report in reports:
        outlet = report.article.source or report.article.id
        best[outlet] = max(best.get(outlet, 0.0), report.event.confidence)
    return round(1.0 - math.prod(1.0 - value for value in best.values()), 3)

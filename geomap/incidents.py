"""Group the events of many articles into incidents: one real happening each, explained.

Two events may be one incident only where nothing contradicts it (`_contradict`): their types are
of one kind, both happened or neither did, their days overlap, their places agree or one holds the
other, their tolls are of one order. Among the pairs that may be, the agreement is counted
(`_agreement`), and the best pairs join first, as long as no member of the one group contradicts a
member of the other. Everything is sorted by content first, so the order of the input is nothing.
Only events of one kind and country on overlapping days are compared, and those without a day only
where they share the place and a telling word: the work grows with the busiest day, not with all.
"""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from geomap.gazetteer import distance_km
from geomap.model import (
    Casualties,
    Event,
    GeoPrecision,
    Incident,
    Place,
    Reading,
    Report,
    Status,
    When,
    digest,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Pairing", "group", "in_order", "pairing"]

# Names of one place lie this near: a town and its district's seat, a village and its market.
_NEAR_KM = 15.0
# What one and the same place counts.
_ONE_PLACE = 3.0
# What the same number of dead counts.
_ONE_TOLL = 2.0
# Agreement of two events counts up to 10; the same type on overlapping days at one place has 6.
_ENOUGH = 5.0
# A wider place that holds the other (Bannu, Pakistan) needs toll or actors to agree as well.
_ENOUGH_CONTAINED = 6.0
# Tolls grow as news comes in; beyond both of these they are of two happenings.
_TOLL_RATIO = 3.0
_TOLL_GAP = 5

_FORWARD = frozenset({"planned", "threatened", "hypothetical"})
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
_UTTERANCES = frozenset(
    {
        "diplomacy.statement",
        "diplomacy.accusation",
        "diplomacy.threat",
        "diplomacy.attribution",
    }
)
# Types of one kind: newsrooms call one happening a clash, an attack or a bombing, a protest or a
# riot, a meeting, a visit or talks. What is said and every other type stand for themselves.
_KINDS = {
    "battle": "violence",
    "explosion": "violence",
    "violence": "violence",
    "protest": "crowd",
    "riot": "crowd",
}
_ENCOUNTERS = frozenset({"diplomacy.meeting", "diplomacy.visit", "diplomacy.talks"})
_COMMON_WORDS = frozenset(
    [
        "the",
        "of",
        "and",
        "a",
        "an",
        "in",
        "for",
        "people",
        "security",
        "forces",
        "force",
        "armed",
        "group",
        "men",
        "officials",
        "police",
        "army",
        "government",
        "military",
        "minister",
        "ministers",
        "foreign",
        "president",
        "leaders",
        "state",
        "two",
        "three",
        "four",
        "five",
    ]
)


def group(readings: Iterable[Reading]) -> list[Incident]:
    """Return the incidents that the events of some readings report.

    The headline takes the type and the place of the most precise and surest account, the tightest
    date, the most certain status, and the toll of the latest article as best with the range of all
    accounts as low and high: tolls are never summed.

    Parameters
    ----------
    readings
        In any order; an article given twice counts once.

    Returns
    -------
    list[Incident]
        Every event is in exactly one. By first day (unknown last), place and type; empty for no
        events. An id is the digest of the ids of the events.
    """
    unique = {
        (report.article.id, report.event.id): report
        for reading in readings
        for report in (Report(article=reading.article, event=e) for e in reading.events)
    }
    reports = [unique[key] for key in sorted(unique)]
    groups = _join(reports)
    incidents = [_incident([reports[i] for i in members]) for members in groups]
    return in_order(incidents)


class Pairing(NamedTuple):
    """What decides whether two events may ever be compared.

    Only events of one article and `incident`, of one `kind` and overlapping days, or of one
    `place` of which one has no day, can become one incident.

    Parameters
    ----------
    kind
        Kind of type and country.
    place
        Type and place.
    first
        First day; None for an unknown one.
    last
        Last day; None for an open end.
    """

    kind: tuple[str, str]
    place: tuple[str, str]
    first: date | None
    last: date | None


def pairing(event: Event) -> Pairing | None:
    """Return what events an event may be compared with.

    Parameters
    ----------
    event
        The event.

    Returns
    -------
    Pairing or None
        None for an event without a place, which is compared with none of another article.
    """
    place, when = _place(event), event.when
    if place is None:
        return None
    first = when.first if when else None
    return Pairing(
        kind=(_kind(event.type), place.country or place.id),
        place=(event.type, place.id),
        first=first,
        last=when.last if when and first else None,
    )


def in_order(incidents: Iterable[Incident]) -> list[Incident]:
    """Return incidents by first day (unknown last), place and type."""
    return sorted(incidents, key=_order)


def _order(incident: Incident) -> tuple[date, str, str, str]:
    when, place = incident.when, incident.place
    first = when.first or when.last if when is not None else None
    where = place.place.name if place is not None and place.place is not None else "\uffff"
    return first or date.max, where, incident.type, incident.id


def _join(reports: Sequence[Report]) -> list[list[int]]:
    """Return the groups of reports as sorted indexes: best pairs first, none in conflict."""
    owner = list(range(len(reports)))
    members = {index: [index] for index in owner}
    for _, left, right in sorted(_pairs(reports)):
        a, b = owner[left], owner[right]
        if a == b:
            continue
        if any(_contradict(reports[i], reports[j]) for i in members[a] for j in members[b]):
            continue
        keep, gone = min(a, b), max(a, b)
        for index in members[gone]:
            owner[index] = keep
        members[keep] = sorted(members[keep] + members.pop(gone))
    return [members[key] for key in sorted(members)]


def _pairs(reports: Sequence[Report]) -> Iterator[tuple[float, int, int]]:
    """Yield the pairs that agree enough, with the negative of their agreement."""
    for left, right in _of_one_article(reports):
        yield -math.inf, left, right
    for left, right in sorted({*_of_one_time(reports), *_without_day(reports)}):
        if not _contradict(reports[left], reports[right]):
            agreement, needed = _agreement(reports[left].event, reports[right].event)
            if agreement >= needed:
                yield -agreement, left, right


def _of_one_article(reports: Sequence[Report]) -> Iterator[tuple[int, int]]:
    """Yield the pairs that an article itself ties together: one happening at several places."""
    told: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for index, report in enumerate(reports):
        if report.event.incident is not None:
            told[report.article.id, report.event.incident].append(index)
    for members in told.values():
        yield from combinations(members, 2)


def _of_one_time(reports: Sequence[Report]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of one kind and country whose days overlap, by a sweep along time."""
    blocks: defaultdict[tuple[str, str], list[tuple[date, int]]] = defaultdict(list)
    for index, report in enumerate(reports):
        found = pairing(report.event)
        if found is not None and found.first is not None:
            blocks[found.kind].append((found.first, index))
    for block in blocks.values():
        running: list[tuple[date, int]] = []
        for first, index in sorted(block):
            when = reports[index].event.when
            running = [(last, other) for last, other in running if last >= first]
            yield from ((min(index, other), max(index, other)) for _, other in running)
            running.append(((when.last if when else None) or date.max, index))


def _without_day(reports: Sequence[Report]) -> Iterator[tuple[int, int]]:
    """Yield the pairs with an unknown day that share type, place and a toll or an actor's word.

    Less than that never makes them agree (`_agreement`).
    """
    blocks: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for index, report in enumerate(reports):
        event, place = report.event, _place(report.event)
        if place is None:
            continue
        signs = _words(event)
        if event.fatalities is not None:
            signs = signs | {f"dead={event.fatalities.best}"}
        for sign in signs:
            blocks[event.type, place.id, sign].append(index)
    for block in blocks.values():
        open_ = [index for index in block if not _dated(reports[index].event)]
        yield from ((min(i, j), max(i, j)) for i in open_ for j in block if i != j)


def _dated(event: Event) -> bool:
    return event.when is not None and event.when.first is not None


def _kind(code: str) -> str:
    if code in _ENCOUNTERS:
        return "encounter"
    return _KINDS.get(code.partition(".")[0], code)


def _place(event: Event) -> Place | None:
    return event.place.place if event.place is not None else None


def _contradict(left: Report, right: Report) -> bool:
    """Tell whether two accounts cannot be of one happening."""
    a, b = left.event, right.event
    if left.article.id == right.article.id:
        return a.incident is None or a.incident != b.incident
    if _kind(a.type) != _kind(b.type) or (a.status in _FORWARD) != (b.status in _FORWARD):
        return True
    if not _days_meet(a.when, b.when) or not _tolls_meet(a.fatalities, b.fatalities):
        return True
    if a.incident is not None or b.incident is not None:
        return False
    here, there = _place(a), _place(b)
    return here is not None and there is not None and _nearness(here, there) == 0


def _days_meet(left: When | None, right: When | None) -> bool:
    if left is None or right is None:
        return True
    if left.first and right.last and left.first > right.last:
        return False
    return not (right.first and left.last and right.first > left.last)


def _tolls_meet(left: Casualties | None, right: Casualties | None) -> bool:
    if left is None or right is None:
        return True
    low, high = sorted((left.best, right.best))
    return high - low <= _TOLL_GAP or high <= low * _TOLL_RATIO


def _nearness(left: Place, right: Place) -> float:
    """Return 3 for one place, 2 within 15 km, 1 or 2 where one holds the other, else 0."""
    if left.id == right.id:
        return _ONE_PLACE
    wide = [p for p in (left, right) if p.feature.startswith(("PCL", "ADM1", "ADM2"))]
    if not wide and _km(left, right) <= _NEAR_KM:
        return 2.0
    if left.country != right.country or left.country is None:
        return 0.0
    return max(_held(left, right), _held(right, left))


def _held(inner: Place, outer: Place) -> float:
    """Return 1 where a wider place of the same country holds a finer one, 2 near its middle."""
    if outer.feature.startswith("PCL"):
        return 0.0 if inner.feature.startswith("PCL") else 1.0
    if outer.feature == "ADM1":
        inside = inner.feature != "ADM1" and inner.admin1 in {outer.name, outer.admin1}
        return 1.0 if inside else 0.0
    if outer.feature == "ADM2" and not inner.feature.startswith("ADM"):
        if _km(inner, outer) <= 2 * _NEAR_KM:
            return 2.0
        return 1.0 if inner.admin2 in {outer.name, outer.admin2} else 0.0
    return 0.0


def _km(left: Place, right: Place) -> float:
    """Return the great-circle distance of two places."""
    return distance_km(left.lat, left.lon, right.lat, right.lon)


def _agreement(left: Event, right: Event) -> tuple[float, float]:
    """Return how much two events that do not contradict agree, and how much they need."""
    here, there = _place(left), _place(right)
    near = _nearness(here, there) if here is not None and there is not None else 0.0
    if near == 0:
        return 0.0, _ENOUGH
    day = _day_agreement(left.when, right.when)
    toll = 0.0
    if left.fatalities is not None and right.fatalities is not None:
        toll = _ONE_TOLL if left.fatalities.best == right.fatalities.best else 1.0
    shared = 1.0 if _words(left) & _words(right) else 0.0
    same = left.type == right.type
    if left.type in _UTTERANCES and not (same and shared):
        return 0.0, _ENOUGH
    total = near + day + toll + shared + (2.0 if same else 1.0)
    country = here is not None and here.feature.startswith("PCL")
    vague = day == 0 and not (near == _ONE_PLACE and same and (toll == _ONE_TOLL or shared))
    needed = _ENOUGH_CONTAINED if near == 1 or country else _ENOUGH
    return (0.0 if vague else total), needed


def _day_agreement(left: When | None, right: When | None) -> float:
    """Return 2 for one day, 1 for intervals that overlap, 0 where a date is not known."""
    if left is None or right is None or not (left.first and right.first):
        return 0.0
    days = {left.first, left.last, right.first, right.last}
    return 2.0 if len(days) == 1 else 1.0


def _words(event: Event) -> set[str]:
    """Return the telling words of an event's actors."""
    words = {word.strip("'’s").lower() for actor in event.actors for word in actor.text.split()}
    return words - _COMMON_WORDS


def _incident(reports: Sequence[Report]) -> Incident:
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

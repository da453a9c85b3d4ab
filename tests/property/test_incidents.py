"""Incidents: whatever the order and however it is cut into portions, the result is the same."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.incidents import extend, group
from geomap.model import (
    Actor,
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
    Ties,
    When,
)

HERE = Span(start=0, end=6)
START = date(2023, 3, 6)
TEXTS = ("market", "mosque", "police", "reader")
PLACES = [
    Place(
        id=f"p{number}",
        name=name,
        feature=feature,
        country="PK",
        admin1="A",
        admin2="B",
        lat=lat,
        lon=72.0,
    )
    for number, (name, feature, lat) in enumerate(
        [("Mardan", "PPL", 34.2), ("Bagh", "PPL", 34.28), ("A", "ADM1", 34.0), ("PK", "PCLI", 30.0)]
    )
]
TYPES = ("explosion.remote", "violence.attack", "explosion.grenade", "diplomacy.meeting")


@st.composite
def events(draw: st.DrawFn, number: int) -> Event:
    place = draw(st.sampled_from([*PLACES, PLACES[0], None]))
    first = START + timedelta(draw(st.integers(0, 3)))
    last = first + timedelta(draw(st.sampled_from([0, 0, 0, 3, 20])))
    when = When(first=first, last=last, text="", precision="day", basis="relative", span=HERE)
    dead = draw(st.sampled_from([None, 1, 4, 5, 12, 40]))
    who = draw(st.sampled_from([(), ("TTP",), ("Pakistani Taliban",), ("Lavrov",)]))
    return Event(
        id=f"e{number}",
        type=draw(st.sampled_from(TYPES)),
        trigger=HERE,
        evidence=(HERE,),
        place=None
        if place is None
        else Resolution(
            mention=Mention(span=HERE, text=place.name),
            candidates=(Candidate(place=place, score=0.9),),
        ),
        location_basis="linked",
        geo_precision="town",
        when=draw(st.sampled_from([when, when, when, None])),
        actors=tuple(Actor(span=HERE, text=name, role="attacker") for name in who),
        fatalities=None if dead is None else Casualties(low=dead, best=dead, high=dead),
        injured=None,
        status=draw(st.sampled_from(["asserted", "asserted", "planned"])),
        attributed_to=None,
        area=None,
        incident=draw(st.sampled_from([None, None, "tie"])),
        confidence=0.8,
        field_confidence=FieldConfidence(type=0.9, place=0.9, when=0.9, status=0.9),
    )


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Reading], Ties]:
    found = [draw(events(number)) for number in range(draw(st.integers(1, 9)))]
    readings = []
    while found:
        count = draw(st.integers(1, 2))
        article = Article(
            text=draw(st.sampled_from(TEXTS)), id=f"a{len(readings)}", published=START
        )
        readings.append(Reading(article=article, resolutions=(), events=tuple(found[:count])))
        found = found[count:]
    pair = st.tuples(st.sampled_from(range(10)), st.sampled_from(range(10)))
    pairs = st.frozensets(
        pair.filter(lambda p: p[0] != p[1]).map(lambda p: (f"e{p[0]}", f"e{p[1]}")), max_size=2
    )
    return readings, Ties(together=draw(pairs), apart=draw(pairs))


@settings(deadline=None)
@given(worlds(), st.data())
def test_order_and_portions_are_nothing(world: tuple[list[Reading], Ties], data: st.DataObject):
    readings, ties = world
    whole = group(readings, ties=ties)
    shuffled = data.draw(st.permutations(readings))
    assert group(shuffled, ties=ties) == whole
    cut = data.draw(st.integers(0, len(readings)))
    assert extend(group(shuffled[:cut], ties=ties), shuffled[cut:], ties=ties) == whole
    one_by_one = []
    for reading in shuffled:
        one_by_one = extend(one_by_one, [reading], ties=ties)
    assert one_by_one == whole


@settings(deadline=None)
@given(worlds())
def test_every_event_is_in_one_incident_and_ties_hold(world: tuple[list[Reading], Ties]):
    readings, ties = world
    found = group(readings, ties=ties)
    told = [report.event.id for incident in found for report in incident.reports]
    assert sorted(told) == sorted(event.id for reading in readings for event in reading.events)
    for incident in found:
        ids = {report.event.id for report in incident.reports}
        assert not any(set(pair) <= ids for pair in ties.apart)

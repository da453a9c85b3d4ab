"""Incidents: one real happening each, from the events of many articles."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from geomap.incidents import group
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
    When,
)

HERE = Span(start=0, end=4)
TOWN = Place(
    id="geonames:1",
    name="Mardan",
    feature="PPL",
    country="PK",
    admin1="Khyber Pakhtunkhwa",
    admin2="Mardan",
    lat=34.20,
    lon=72.04,
)
NEAR = replace(TOWN, id="geonames:2", name="Bagh", lat=34.25, lon=72.10)
FAR = replace(TOWN, id="geonames:3", name="Swabi", lat=34.12, lon=72.47)
PROVINCE = replace(TOWN, id="geonames:4", name="Khyber Pakhtunkhwa", feature="ADM1", admin2=None)
COUNTRY = replace(
    TOWN, id="geonames:5", name="Pakistan", feature="PCLI", admin1=None, admin2=None, lat=30.0
)
MONDAY = date(2023, 3, 6)


def _when(first, last=None):
    return When(
        first=first,
        last=last or first,
        text="then",
        precision="day",
        basis="relative",
        span=HERE,
    )


def _toll(best, high=...):
    return Casualties(low=best, best=best, high=best if high is ... else high)


def _event(number, **changes):
    place = changes.pop("place", TOWN)
    event = Event(
        id=f"event{number:02}",
        type="explosion.remote",
        trigger=HERE,
        evidence=(HERE,),
        place=None
        if place is None
        else Resolution(
            mention=Mention(span=HERE, text=place.name),
            candidates=(Candidate(place=place, score=0.9),),
        ),
        location_basis="linked",
        geo_precision={"PPL": "town", "ADM1": "province", "PCLI": "country"}[place.feature]
        if place
        else "none",
        when=_when(MONDAY),
        actors=(Actor(span=HERE, text="Taliban militants", role="attacker"),),
        fatalities=_toll(12),
        injured=None,
        status="asserted",
        attributed_to=None,
        area=None,
        incident=None,
        confidence=0.8,
        field_confidence=FieldConfidence(type=0.9, place=0.9, when=0.9, status=0.9),
    )
    return replace(event, **changes)


def _readings(*events):
    """Return one reading an event, each of its own article, published a day after the other."""
    return [
        Reading(
            article=Article(text="Text", id=f"article{n}", published=date(2023, 3, 7 + n)),
            resolutions=(),
            events=(event,),
        )
        for n, event in enumerate(events)
    ]


def test_nothing_gives_nothing():
    assert group([]) == []


def test_two_reports_of_one_bombing_are_one_incident():
    (incident,) = group(_readings(_event(1), _event(2)))
    assert len(incident.reports) == 2
    assert incident.place.place == TOWN


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "violence.attack"},
        {"place": NEAR},
        {"when": _when(MONDAY, date(2023, 3, 12))},
        {"fatalities": _toll(14)},
        {"fatalities": None},
        {"when": None},
        {"place": PROVINCE},
        {"place": COUNTRY},
        {"status": "alleged"},
    ],
)
def test_accounts_that_agree_merge(changes):
    assert len(group(_readings(_event(1), _event(2, **changes)))) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "diplomacy.meeting"},
        {"place": FAR},
        {"place": None},
        {"when": _when(date(2023, 2, 1))},
        {"fatalities": _toll(70)},
        {"status": "planned"},
        {"place": COUNTRY, "fatalities": None, "actors": (), "type": "violence.attack"},
        {"when": None, "fatalities": None, "actors": ()},
    ],
)
def test_accounts_that_differ_do_not_merge(changes):
    assert len(group(_readings(_event(1), _event(2, **changes)))) == 2


def test_two_events_of_one_article_stay_two_unless_it_ties_them():
    article = Article(text="Text", id="article")
    apart = Reading(article=article, resolutions=(), events=(_event(1), _event(2)))
    assert len(group([apart])) == 2
    tied = Reading(
        article=article,
        resolutions=(),
        events=(_event(1, incident="i"), _event(2, incident="i", place=FAR)),
    )
    assert len(group([tied])) == 1


def test_the_headline_takes_the_best_place_day_and_toll():
    (incident,) = group(
        _readings(
            _event(1, place=PROVINCE, when=_when(MONDAY, date(2023, 3, 12)), fatalities=_toll(9)),
            _event(2, fatalities=_toll(11)),
            _event(3, fatalities=_toll(12)),
        )
    )
    assert (incident.place.place, incident.geo_precision) == (TOWN, "town")
    assert (incident.when.first, incident.when.last) == (MONDAY, MONDAY)
    assert incident.fatalities == Casualties(low=9, best=12, high=12)


def test_at_least_leaves_the_range_open():
    (incident,) = group(_readings(_event(1, fatalities=_toll(12, None)), _event(2)))
    assert incident.fatalities == Casualties(low=12, best=12, high=None)


def test_no_member_contradicts_another():
    monday, week, sunday = (
        _event(1),
        _event(2, when=_when(MONDAY, date(2023, 3, 12))),
        _event(3, when=_when(date(2023, 3, 12))),
    )
    assert sorted(len(i.reports) for i in group(_readings(monday, week, sunday))) == [1, 2]


def test_the_order_of_the_input_is_nothing():
    readings = _readings(_event(1), _event(2, place=NEAR), _event(3, place=FAR), _event(4))
    expected = group(readings)
    assert all(group(order) == expected for order in permutations(readings))


def test_incidents_stand_by_day():
    late = _event(1, when=_when(date(2023, 3, 9)), place=FAR)
    undated = _event(2, when=None, place=PROVINCE, fatalities=None, actors=())
    found = group(_readings(undated, late, _event(3)))
    assert [i.reports[0].event.id for i in found] == ["event03", "event01", "event02"]


def test_confidence_grows_with_outlets():
    (one,) = group(_readings(_event(1)))
    (two,) = group(_readings(_event(1), _event(2)))
    assert (one.confidence, two.confidence) == (0.8, 0.96)


def test_a_later_toll_settles_at_least():
    (incident,) = group(
        _readings(
            _event(1, type="explosion.suicide_bomb", fatalities=_toll(14, None)),
            _event(2, fatalities=_toll(17)),
        )
    )
    assert incident.fatalities == Casualties(low=14, best=17, high=17)
    assert len(incident.reports) == 2


def test_the_same_place_on_other_days_is_another_incident():
    days = [date.fromordinal(MONDAY.toordinal() + 3 * number) for number in range(20)]
    found = group(_readings(*(_event(i, when=_when(day)) for i, day in enumerate(days))))
    assert len(found) == len(days)

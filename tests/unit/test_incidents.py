"""Incidents: one real happening each, from the events of many articles."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from geomap.incidents import compare, explain_merge, extend, group, split, tolls
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
    Report,
    Resolution,
    Span,
    Ties,
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


def _ids(incidents):
    return sorted(sorted(r.event.id for r in i.reports) for i in incidents)


def test_a_reader_sets_two_reports_apart_for_good():
    readings = _readings(_event(1), _event(2), _event(3))
    (found,) = group(readings)
    ties = split(found, {"event03"})
    assert ties.apart == {("event01", "event03"), ("event02", "event03")}
    assert _ids(group(readings, ties=ties)) == [["event01", "event02"], ["event03"]]
    later = group([*readings, *_readings(_event(4), _event(4))[1:]], ties=ties)
    assert not any({"event01", "event03"} <= {r.event.id for r in i.reports} for i in later)


def test_a_reader_joins_what_the_rules_keep_apart():
    readings = _readings(_event(1), _event(2, place=FAR, when=_when(date(2023, 2, 1))))
    assert len(group(readings)) == 2
    ties = Ties(together=frozenset({("event02", "event01")}))
    assert len(group(readings, ties=ties)) == 1
    both = ties | Ties(apart=frozenset({("event01", "event02")}))
    assert len(group(readings, ties=both)) == 2
    (joined,) = group(readings, ties=ties)
    assert len(group(readings, ties=split(joined, ["event01"], ties=ties))) == 2


def test_a_tie_needs_two_events():
    with pytest.raises(ValueError, match="two events"):
        Ties(together=frozenset({("event01", "event01")}))


def test_ties_of_unknown_events_count_nothing():
    readings = _readings(_event(1), _event(2))
    ties = Ties(together=frozenset({("event01", "gone")}), apart=frozenset({("gone", "event02")}))
    assert group(readings, ties=ties) == group(readings)


def test_the_merge_is_told_in_words():
    (found,) = group(_readings(_event(1), _event(2, fatalities=_toll(14))))
    (line,) = explain_merge(found)
    assert line.startswith("article1 with article0: one incident: ")
    for words in ("both at Mardan", "both on 2023-03-06", "12 and 14 dead", "Afghan Taliban"):
        assert words in line
    (alone,) = group(_readings(_event(1)))
    assert explain_merge(alone) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"place": FAR}, "Mardan and Swabi are different places"),
        ({"when": _when(date(2023, 2, 1))}, "2023-03-06, 2023-02-01"),
        ({"fatalities": _toll(70)}, "numbers of dead"),
        ({"status": "planned"}, "planned"),
        ({"type": "diplomacy.meeting"}, "different kinds"),
        ({"place": None}, "too little is known"),
    ],
)
def test_what_keeps_two_reports_apart_is_told_in_words(changes, words):
    left, right = (
        Report(article=reading.article, event=reading.events[0])
        for reading in _readings(_event(1), _event(2, **changes))
    )
    (line,) = compare(left, right)
    assert line.startswith("two incidents: ")
    assert words in line


def test_the_words_of_a_reader_are_told_first():
    left, right = (
        Report(article=reading.article, event=reading.events[0])
        for reading in _readings(_event(1), _event(2))
    )
    pair = frozenset({("event01", "event02")})
    assert compare(left, right, ties=Ties(apart=pair)) == [
        "two incidents: a reader has set them apart"
    ]
    assert compare(left, right, ties=Ties(together=pair)) == [
        "one incident: a reader has joined them"
    ]


def test_every_toll_is_kept_with_its_sources():
    (found,) = group(
        _readings(_event(1), _event(2, fatalities=_toll(14)), _event(3, fatalities=_toll(14)))
    )
    assert tolls(found) == [(_toll(12), ["article0"]), (_toll(14), ["article1", "article2"])]


def _told(text, number, **changes):
    """Return a reading whose one event has the whole text as its evidence."""
    event = replace(_event(number, **changes), evidence=(Span(start=0, end=len(text)),))
    article = Article(text=text, id=f"article{number}", published=date(2023, 3, 7))
    return Reading(article=article, resolutions=(), events=(event,))


SMALL = {"fatalities": _toll(2), "actors": ()}


@pytest.mark.parametrize(
    ("left", "right", "number"),
    [
        ("A bomb hit a market.", "The bazaar was bombed.", 1),
        ("A bomb hit a market.", "A bomb hit a police station.", 2),
        ("A bomb hit a market.", "The wounded were taken to a hospital.", 1),
    ],
)
def test_the_spot_in_a_town_tells_two_attacks_apart(left, right, number):
    assert len(group([_told(left, 1, **SMALL), _told(right, 2, **SMALL)])) == number


@pytest.mark.parametrize(
    ("left", "right", "number"),
    [
        ("Sergey Lavrov", "Lavrov", 1),
        ("Sergey Lavrov", "Rustam Emomali", 2),
    ],
)
def test_other_people_are_another_meeting(left, right, number):
    readings = _readings(
        *(
            _event(
                n,
                type="diplomacy.meeting",
                fatalities=None,
                actors=(Actor(span=HERE, text=name, role="participant"),),
            )
            for n, name in enumerate((left, right))
        )
    )
    assert len(group(readings)) == number


def test_names_of_one_group_agree():
    who = [
        (Actor(span=HERE, text=name, role="attacker"),)
        for name in ("TTP militants", "Tehreek-e-Taliban Pakistan")
    ]
    changes = {"place": NEAR, "fatalities": None, "when": _when(MONDAY)}
    readings = _readings(
        _event(1, actors=who[0], fatalities=None), _event(2, actors=who[1], **changes)
    )
    left, right = (Report(article=reading.article, event=reading.events[0]) for reading in readings)
    assert any("Tehrik-i-Taliban Pakistan" in line for line in compare(left, right))


def test_a_read_again_article_replaces_its_events():
    readings = _readings(_event(1), _event(2), _event(3))
    again = replace(readings[1], events=(_event(4, place=FAR),))
    expected = group([readings[0], again, readings[2]])
    assert extend(group(readings), [again]) == expected

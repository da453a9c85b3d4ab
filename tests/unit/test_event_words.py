"""Sentences of many words for what happened, each read by the whole pipeline."""

from __future__ import annotations

import pytest

from geomap import Pipeline
from geomap.events.drafts import family

PUBLISHED = "2024-07-10"


@pytest.fixture(scope="module")
def pipeline():
    return Pipeline()


def told(pipeline, text):
    """Return family, place as named and status of the events of a text."""
    found = pipeline.read(text, published=PUBLISHED).events
    return [(family(e.type), e.place.mention.text if e.place else None, e.status) for e in found]


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        (
            "Government soldiers traded fire with rebels near Masisi on Monday.",
            "violence",
            "Masisi",
        ),
        ("The Taliban took Kunduz on Monday.", "violence", "Kunduz"),
        ("Rebels entered Goma on Monday.", "violence", "Goma"),
        ("The separatists lost the town of Kidal to the army on Monday.", "violence", "Kidal"),
        ("A convoy hit a mine near Kidal on Monday, wounding eight.", "violence", "Kidal"),
        ("Two shells landed in a schoolyard in Kherson on Monday.", "violence", "Kherson"),
        ("Russia launched 80 drones at Kyiv on Monday.", "violence", "Kyiv"),
        ("Kharkiv came under fire on Monday.", "violence", "Kharkiv"),
        ("A car packed with explosives blew up in Mogadishu on Monday.", "violence", "Mogadishu"),
        ("Masked men broke into a court in Machala on Monday.", "violence", "Machala"),
        (
            "Three engineers were taken captive by militants in Bannu on Monday.",
            "violence",
            "Bannu",
        ),
        ("Police fired tear gas at protesters in Nairobi on Monday.", "crowd", "Nairobi"),
        ("Students burned tyres in Dhaka on Monday.", "crowd", "Dhaka"),
        ("Protesters blocked a highway in Hyderabad on Monday.", "crowd", "Hyderabad"),
        ("Traders kept a shutter-down strike in Quetta on Monday.", "crowd", "Quetta"),
        (
            "Foreign ministers of the EU gathered in Luxembourg on Monday.",
            "encounter",
            "Luxembourg",
        ),
        ("Xi Jinping held talks with Vladimir Putin in Beijing on Monday.", "encounter", "Beijing"),
        ("The two sides inked a deal in Riyadh on Monday.", "diplomacy.agreement", "Riyadh"),
    ],
)
def test_a_sentence_tells_of_one_event_at_its_place(pipeline, text, kind, place):
    assert told(pipeline, text) == [(kind, place, "asserted")]


@pytest.mark.parametrize(
    "text",
    [
        "The general took Monday off in Kabul.",
        "The tourists entered Goma on Monday.",
        "Fans gathered in Luxembourg on Monday for the concert.",
        "The coach was fired on Monday in Lima.",
        "The minister came under fire in Lima on Monday over the price of bread.",
        "Did rebels take Goma on Monday?",
    ],
)
def test_the_same_words_of_other_subjects_tell_of_none(pipeline, text):
    assert told(pipeline, text) == []


def test_a_lead_without_a_place_happened_at_its_dateline(pipeline):
    lead = "The president declared martial law on Tuesday in a late address."
    assert told(pipeline, f"SEOUL, July 9 (Agency) - {lead}") == [
        ("strategic.other", "SEOUL", "asserted")
    ]


def test_a_deal_is_not_struck_at_home_by_one_of_its_parties(pipeline):
    text = "MOSCOW, July 9 (Agency) - Russia and Ukraine agreed on Tuesday to exchange prisoners."
    assert [place for _, place, _ in told(pipeline, text)] == [None]


def test_what_talks_are_about_is_no_venue(pipeline):
    text = "Envoys held consultations on Syria in Tashkent on Tuesday."
    assert told(pipeline, text) == [("encounter", "Tashkent", "asserted")]


def test_a_capital_that_speaks_is_no_place(pipeline):
    text = "Tehran said on Monday that it had nothing to do with the attack."
    assert [place for kind, place, _ in told(pipeline, text) if kind == "violence"] == []


def test_a_meeting_of_a_coming_day_is_planned(pipeline):
    text = "African Union leaders open their yearly summit in Addis Ababa on Saturday."
    found = pipeline.read(text, published=PUBLISHED).events
    assert [(e.status, str(e.when.first)) for e in found] == [("planned", "2024-07-13")]


def test_what_happened_takes_no_coming_day(pipeline):
    text = "The envoys are to meet in Tirana next week after a commission met near Ijevan."
    found = {e.place.mention.text: e for e in pipeline.read(text, published=PUBLISHED).events}
    assert found["Tirana"].status == "planned"
    assert found["Ijevan"].when is None


def test_three_places_of_one_verb_are_three_events_however_sure(pipeline):
    text = "Protesters rallied in Lahore, Karachi and Quetta on Monday."
    assert sorted(place for _, place, _ in told(pipeline, text)) == ["Karachi", "Lahore", "Quetta"]


def test_harm_in_another_town_is_another_event_of_the_attack(pipeline):
    text = (
        "A missile hit an apartment block in Kyiv on Monday, killing six. In Dnipro, a school"
        " was damaged and one person died."
    )
    assert {place for _, place, _ in told(pipeline, text)} == {"Kyiv", "Dnipro"}


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("Gunfire rocked Bentiu on Friday as factions fought.", "battle.clash", "Bentiu"),
        ("Troops mounted an operation near Bannu.", "battle.clash", "Bannu"),
        ("Islamist fighters besieged the town of Djibo.", "battle.clash", "Djibo"),
        ("Rebel forces made gains around Hama on Thursday.", "battle.clash", "Hama"),
        ("Troops cleared militants from Kamango.", "battle.territory_regained", "Kamango"),
        ("Air defence downed nine drones over Odesa.", "strategic.weapons_disrupted", "Odesa"),
        ("Men set fire to homes in Huwara.", "strategic.property_destruction", "Huwara"),
        ("The UN mission closed its base in Kidal.", "strategic.base", "Kidal"),
        ("Guerrillas laid down their arms in Mesetas.", "strategic.group_change", "Mesetas"),
        ("Teachers walked off the job in Lima on Monday.", "protest.peaceful", "Lima"),
        ("Angry crowds attacked a UN convoy in Goma.", "riot.mob", "Goma"),
        ("Mediators brokered a prisoner exchange in Doha.", "diplomacy.agreement", "Doha"),
    ],
)
def test_words_of_war_and_diplomacy_have_their_type(pipeline, text, code, place):
    found = pipeline.read(text, published=PUBLISHED).events
    assert [(e.type, e.place and e.place.mention.text) for e in found] == [(code, place)]


@pytest.mark.parametrize(
    "text",
    [
        "The African Union urged both sides in Addis Ababa to stop fighting.",
        "Mourners filled the streets of Tabriz on Monday.",
        "Soldiers cleared the road from Wabag.",
    ],
)
def test_what_is_only_wished_for_or_peaceful_is_no_fight(pipeline, text):
    found = pipeline.read(text, published=PUBLISHED).events
    assert not any(family(e.type) in {"violence", "crowd"} for e in found)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Clashes with rebels were reported around Sake, 25 km west of Goma.", "Sake"),
        ("Shells hit Toretsk, about 20 km south of Kramatorsk, on Monday.", "Toretsk"),
        ("Gunmen attacked Mingora, a town some 130 miles from Peshawar.", "Mingora"),
    ],
)
def test_what_a_distance_is_told_of_is_the_place(pipeline, text, place):
    (event,) = pipeline.read(text, published=PUBLISHED).events
    assert event.place is not None
    assert event.place.mention.text == place
    assert event.area is None


def test_a_bus_that_shells_hit_had_no_accident(pipeline):
    text = "At least 27 people were killed when shells crashed into a bus in Omdurman on Monday."
    assert {e.type for e in pipeline.read(text, published=PUBLISHED).events} == {
        "explosion.shelling"
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Twin blasts outside the airport in Kabul killed 170 on Monday.", "explosion.remote"),
        ("A gas pipeline exploded in Nabatieh on Monday.", "disaster.man_made"),
        ("Officers said on Monday that they had seized power in Libreville.", "strategic.other"),
    ],
)
def test_what_exploded_and_who_seized_tell_the_type(pipeline, text, code):
    assert code in {e.type for e in pipeline.read(text, published=PUBLISHED).events}


def test_an_ambassador_of_the_us_is_summoned(pipeline):
    text = "Beijing summoned U.S. ambassador Nicholas Burns on Monday."
    assert [e.type for e in pipeline.read(text, published=PUBLISHED).events] == [
        "diplomacy.statement"
    ]


def test_what_was_done_next_has_a_place_of_its_own(pipeline):
    text = (
        "Iran struck two bases in Pakistan with missiles on Monday. Pakistan said the strike near "
        "Panjgur killed two children and recalled its ambassador from Tehran."
    )
    found = pipeline.read(text, published=PUBLISHED).events
    assert {e.place.mention.text for e in found if e.place and family(e.type) == "violence"} == {
        "Panjgur"
    }


def test_the_names_of_a_list_are_all_places_of_the_event(pipeline):
    text = "Explosions were heard in Kyiv, Kharkiv and Odesa before dawn on Monday."
    found = pipeline.read(text, published=PUBLISHED).events
    assert {e.place.mention.text for e in found if e.place} == {"Kyiv", "Kharkiv", "Odesa"}


def test_a_clause_that_opens_with_its_place_happens_there(pipeline):
    text = (
        "In Kalat, 11 people were killed on Monday, and in Bolan, militants blew up a rail bridge "
        "linking Quetta to the rest of the country."
    )
    found = pipeline.read(text, published=PUBLISHED).events
    assert [(e.trigger.of(text), e.place and e.place.mention.text) for e in found] == [
        ("killed", "Kalat"),
        ("blew up", "Bolan"),
    ]

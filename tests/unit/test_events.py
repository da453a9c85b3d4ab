"""Events: what happened, where, when, and whether it is asserted."""

from __future__ import annotations

import re
import time
from datetime import date

import pytest

from geomap.events import classify, extract, locate, taxonomy
from geomap.model import Article, Candidate, Mention, Place, Relation, Resolution, Span

PUBLISHED = date(2023, 3, 7)


def _place(name, feature, country, admin1=None, number=0):
    return Place(
        id=f"geonames:{number or sum(map(ord, name))}",
        name=name,
        feature=feature,
        country=country,
        admin1=admin1,
        admin2=None,
        lat=34.0,
        lon=71.5,
        population=300_000,
    )


PLACES = {
    place.name: place
    for place in (
        _place("Mardan", "PPL", "PK", "Khyber Pakhtunkhwa"),
        _place("Peshawar", "PPLA", "PK", "Khyber Pakhtunkhwa"),
        _place("Swat", "ADM2", "PK", "Khyber Pakhtunkhwa"),
        _place("Khyber Pakhtunkhwa", "ADM1", "PK", "Khyber Pakhtunkhwa"),
        _place("Islamabad", "PPLC", "PK", "Islamabad"),
        _place("Pakistan", "PCLI", "PK"),
        _place("Tajikistan", "PCLI", "TJ"),
        _place("Dushanbe", "PPLC", "TJ", "Dushanbe"),
        _place("Afghanistan", "PCLI", "AF"),
        _place("Kabul", "PPLC", "AF", "Kabul"),
        _place("Herat", "PPLA", "AF", "Herat"),
        _place("Kunduz", "PPLA", "AF", "Kunduz"),
        _place("Russia", "PCLI", "RU"),
        _place("Kharkiv", "PPLA", "UA", "Kharkiv"),
        _place("Geneva", "PPLA", "CH", "Geneva"),
        _place("Doha", "PPLC", "QA", "Doha"),
    )
}
PEOPLES = {"Pakistani": "Pakistan", "Tajik": "Tajikistan", "Afghan": "Afghanistan"}
NAMES = re.compile(rf"\b(?:{'|'.join(sorted((*PLACES, *PEOPLES), key=len, reverse=True))})\b")


def resolve(text):
    """Return the resolutions of the known names of a text, as the pipeline would."""
    return tuple(
        Resolution(
            mention=Mention(
                span=Span(start=found.start(), end=found.end()),
                text=found.group(),
                kind="demonym" if found.group() in PEOPLES else "place",
            ),
            candidates=(
                Candidate(place=PLACES[PEOPLES.get(found.group(), found.group())], score=0.9),
            ),
        )
        for found in NAMES.finditer(text)
    )


def read(text, published=PUBLISHED):
    """Return the events of a text."""
    return extract(Article(text=text, published=published), resolve(text))


def _names(events):
    return [event.place.place.name if event.place else None for event in events]


@pytest.mark.parametrize(
    ("text", "type_", "place", "precision"),
    [
        (
            "A car bomb killed nine people in Mardan on Monday.",
            "explosion.remote",
            "Mardan",
            "town",
        ),
        ("Rebels and soldiers clashed in Swat on Sunday.", "battle.clash", "Swat", "district"),
        (
            "Police arrested four opposition activists in Peshawar on Friday.",
            "strategic.arrest",
            "Peshawar",
            "town",
        ),
        (
            "Fighter jets bombed a rebel camp in Khyber Pakhtunkhwa on Monday.",
            "explosion.air_strike",
            "Khyber Pakhtunkhwa",
            "province",
        ),
        (
            "Floods killed 12 villagers in Pakistan on Monday.",
            "disaster.natural",
            "Pakistan",
            "country",
        ),
        (
            "A suicide bomber blew himself up outside a mosque in Peshawar on Friday.",
            "explosion.suicide_bomb",
            "Peshawar",
            "town",
        ),
        (
            "Insurgents overran an army outpost near Kunduz on Saturday.",
            "battle.territory_taken",
            "Kunduz",
            "town",
        ),
        (
            "Gunmen abducted two engineers near Herat on Sunday.",
            "violence.abduction",
            "Herat",
            "town",
        ),
        (
            "The foreign ministers of Pakistan and Tajikistan met in Dushanbe on Thursday.",
            "diplomacy.meeting",
            "Dushanbe",
            "town",
        ),
        (
            "The two governments signed a ceasefire agreement in Doha on Sunday.",
            "diplomacy.agreement",
            "Doha",
            "town",
        ),
    ],
)
def test_one_event_with_its_type_and_place(text, type_, place, precision):
    (event,) = read(text)
    assert (event.type, event.place.place.name) == (type_, place)
    assert event.geo_precision == precision
    assert (event.status, event.location_basis) == ("asserted", "linked")
    assert event.evidence[0].of(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Railway staff in Peshawar called off a labour strike on Monday.",
        "The actor shot a video in Peshawar on Monday.",
        "Lawmakers in Islamabad killed the bill on Monday.",
        "The striker scored twice in the title clash in Peshawar on Sunday.",
        "A new counter-terrorism centre opened in Mardan on Monday.",
        "War-torn Herat is known for its poets.",
        "No attack took place in Mardan on Monday.",
        "The two presidents failed to reach an agreement in Geneva on Friday.",
        "Attacks on civilians are rising, analysts say.",
        "The school board met in Mardan on Monday to discuss fees.",
        "A heart attack ended his career in Peshawar last year.",
        "The conference call with investors in Geneva was on Tuesday.",
    ],
)
def test_what_only_looks_like_an_event_is_none(text):
    assert read(text) == ()


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("The president will meet his counterpart in Geneva on Friday.", "planned"),
        ("The army is planning to bomb rebel camps near Herat.", "planned"),
        ("The minister alleged that rebels attacked a convoy near Kunduz on Monday.", "alleged"),
        ("Militants reportedly attacked a police post in Swat on Monday.", "alleged"),
        ("The rebels threatened to attack Peshawar.", "threatened"),
        ("The army denied that its jets bombed a village near Herat on Monday.", "denied"),
        ("Rebels could attack Kunduz if the army leaves.", "hypothetical"),
        ("Gunmen attacked a convoy near Kunduz on Monday, police said.", "asserted"),
    ],
)
def test_status(text, status):
    deeds = [e for e in read(text) if not e.type.startswith("diplomacy.a")]
    assert {e.status for e in deeds if e.type != "diplomacy.threat"} == {status}


def test_the_source_of_an_asserted_event_is_named():
    text = "A roadside bomb killed three soldiers near Kunduz on Monday, a police spokesman said."
    (event,) = read(text)
    assert event.attributed_to.of(text) == "a police spokesman"
    assert [a.text for a in event.actors if a.role == "speaker"] == ["a police spokesman"]


@pytest.mark.parametrize(
    "text",
    [
        "Pakistani troops killed four militants on Monday.",
        "Russia's army shelled positions on Monday.",
        "Pakistan and Tajikistan signed a security agreement on Monday.",
        "The Afghan minister met his Tajik counterpart on Monday.",
    ],
)
def test_neither_a_people_nor_a_participating_country_locates(text):
    (event,) = read(text)
    assert event.place is None
    assert (event.location_basis, event.geo_precision) == ("none", "none")


def test_an_office_does_not_locate():
    text = (
        "The envoy flew to Kabul, where he met leaders of the Khyber Pakhtunkhwa region on Monday."
    )
    assert "Khyber Pakhtunkhwa" not in _names(read(text))


def test_one_happening_of_several_verbs_is_one_event():
    text = (
        "Last month, militants overpowered prison guards in Swat and took them hostage. "
        "The two-day siege ended when commandos stormed the jail and killed all 14 militants."
    )
    (event,) = read(text)
    assert event.type == "violence.hostage"
    assert event.place.place.name == "Swat"
    assert (event.fatalities.low, event.fatalities.best, event.fatalities.high) == (14, 14, 14)
    assert (event.when.first, event.when.precision) == (date(2023, 2, 1), "month")
    assert len(event.evidence) == 2


def test_different_places_are_different_events():
    text = (
        "Gunmen killed two farmers in Mardan on Monday. A bomb killed six people in Herat on"
        " Friday."
    )
    first, second = read(text)
    assert _names((first, second)) == ["Mardan", "Herat"]
    assert (first.fatalities.best, second.fatalities.best) == (2, 6)
    assert first.incident is None


def test_several_places_of_one_happening_share_an_incident():
    events = read("Air strikes hit Herat, Kunduz and Kabul on Sunday, killing 20 people.")
    assert sorted(_names(events)) == ["Herat", "Kabul", "Kunduz"]
    assert len({event.incident for event in events}) == 1
    assert events[0].incident is not None


def test_only_the_finest_place_of_a_chain_counts():
    (event,) = read("A bomb killed four people in Mardan, Khyber Pakhtunkhwa, Pakistan, on Monday.")
    assert event.place.place.name == "Mardan"


def test_a_meeting_inherits_its_venue_and_keeps_its_own_day():
    text = (
        "The foreign minister spoke at the Silk Road conference in Dushanbe on Thursday. "
        "He raised the border when he met his Tajik counterpart on Friday."
    )
    conference, talk = read(text)
    assert (talk.place.place.name, talk.location_basis) == ("Dushanbe", "inherited")
    assert (conference.when.first, talk.when.first) == (date(2023, 3, 2), date(2023, 3, 3))


def test_two_mentions_of_a_named_meeting_are_one_at_its_finest_place():
    text = (
        "Leaders came as ministers met for the Silk Road Forum summit in Tajikistan on Thursday"
        " and "
        "Friday.\n\nThe president opened the Silk Road Forum summit in Dushanbe on Thursday."
    )
    (event,) = read(text)
    assert event.place.place.name == "Dushanbe"
    assert (event.when.first, event.when.last) == (date(2023, 3, 2), date(2023, 3, 3))


def test_a_statement_stands_where_it_was_made_else_at_the_dateline():
    told = "The army spokesman told reporters in Kabul on Monday that rebel attacks had to end."
    (event,) = read(told)
    assert (event.type, event.place.place.name, event.location_basis) == (
        "diplomacy.statement",
        "Kabul",
        "linked",
    )
    filed = (
        "ISLAMABAD, March 7 (Example Wire) - The foreign minister condemned the attack on Monday."
    )
    article = Article(text=filed, published=PUBLISHED)
    head = Resolution(
        mention=Mention(span=Span(start=0, end=9), text="ISLAMABAD"),
        candidates=(Candidate(place=PLACES["Islamabad"], score=0.9),),
    )
    (event,) = [e for e in extract(article, (head,)) if e.type == "diplomacy.statement"]
    assert (event.place.place.name, event.location_basis) == ("Islamabad", "document")


def test_the_country_means_the_one_the_article_names_most():
    text = (
        "Afghanistan is uneasy. Afghan officials spoke of a hard week in Afghanistan. "
        "In all, 14 provinces of the country saw fighting between soldiers and rebels on Monday."
    )
    (event,) = read(text)
    assert (event.type, event.geo_precision) == ("battle.clash", "country")
    assert (event.place.place.name, event.location_basis) == ("Afghanistan", "inherited")


def test_the_town_of_an_agreement_is_its_venue():
    (event,) = read(
        "The Doha agreement that the rebels signed with the army in February 2020 failed."
    )
    assert (event.type, event.place.place.name) == ("diplomacy.agreement", "Doha")
    assert (event.when.first, event.when.last) == (date(2020, 2, 1), date(2020, 2, 29))


def test_a_meeting_finds_its_town_behind_the_council_that_meets():
    text = "The prime minister chaired a meeting of the Defence Council in the capital, Islamabad."
    (event,) = read(text)
    assert (event.type, event.place.place.name) == ("diplomacy.meeting", "Islamabad")


def test_without_a_date_phrase_there_is_no_date():
    (event,) = read("A bomb killed four people in Mardan.")
    assert event.when is None
    assert event.field_confidence.when is None


def test_without_a_publication_day_the_phrase_stays():
    (event,) = read("A bomb killed four people in Mardan on Monday.", published=None)
    assert (event.when.first, event.when.precision) == (None, "unknown")
    assert "Monday" in event.when.text


def test_a_relative_place_gives_an_area_off_its_anchor():
    text = "Shells hit a farm 20 km north of Kharkiv on Monday, killing a farmer."
    start = text.index("Kharkiv")
    found = Resolution(
        mention=Mention(
            span=Span(start=start, end=start + 7),
            text="Kharkiv",
            kind="relative",
            relation=Relation(bearing="north", distance_km=20.0, of="Kharkiv"),
        ),
        candidates=(Candidate(place=PLACES["Kharkiv"], score=0.9),),
    )
    (event,) = extract(Article(text=text, published=PUBLISHED), (found,))
    assert event.area.lat == pytest.approx(34.0 + 20 / 111.195, abs=1e-3)
    assert event.area.lon == pytest.approx(71.5, abs=1e-3)
    assert event.area.radius_km == pytest.approx(10.0)
    assert event.geo_precision == "district"


def test_ids_depend_on_the_article_and_nothing_else():
    text = "A bomb killed four people in Mardan on Monday."
    assert [e.id for e in read(text)] == [e.id for e in read(text)]
    other = extract(Article(text=text, id="other", published=PUBLISHED), resolve(text))
    assert other[0].id != read(text)[0].id


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("Two men were shot dead in Mardan, Pakistan, after leaving Kabul.", "shot", ["Mardan"]),
        ("Protesters marched through the village of Tangi Darra.", "marched", ["Tangi Darra"]),
        ("Pakistani police detained six men.", "detained", []),
        ("", "", []),
    ],
)
def test_locate_answers_for_any_trigger(text, word, expected):
    start = text.find(word)
    trigger = Span(start=start, end=start + len(word))
    found = locate(Article(text=text), trigger, resolve(text))
    assert [r.mention.text for r in found] == expected


def test_locate_gives_names_that_no_gazetteer_knows_without_a_place():
    text = "Protesters marched through the village of Tangi Darra."
    (found,) = locate(Article(text=text), Span(start=11, end=18), ())
    assert found.place is None


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Fighter jets bombed two villages held by rebels.", "explosion.air_strike"),
        ("An earthquake of magnitude 6.1 shook the coast.", "disaster.natural"),
        ("The group claimed responsibility for the blast.", "diplomacy.attribution"),
        ("The council imposed new sanctions on four generals.", "diplomacy.sanction"),
        ("Customs officers seized 40 kg of heroin from a smuggling ring.", "crime.organised"),
        ("Sappers defused a bomb found beside the railway.", "strategic.weapons_disrupted"),
        ("A mob lynched a man accused of theft.", "riot.mob"),
    ],
)
def test_classify(text, type_):
    assert classify(text)[0][0] == type_


def test_classify_ranks_every_type_even_of_nothing():
    ranked = classify("")
    assert {code for code, _ in ranked} == set(taxonomy())


def test_taxonomy_rows_are_whole_and_lead_every_case_label():
    table = taxonomy()
    firsts = {info.case[0] for info in table.values()}
    assert len(firsts) == 30
    for code, info in table.items():
        assert info.code == code
        assert info.label
        assert info.definition.endswith(".")
        assert info.example.endswith(".")
        assert info.case


@pytest.mark.parametrize("code", sorted(taxonomy()))
def test_the_example_of_a_type_is_classified_as_it(code):
    info = taxonomy()[code]
    best = classify(info.example)[0][0]
    assert taxonomy()[best].case[0] == info.case[0]


def test_a_headline_makes_no_event_of_its_own():
    body = "A car bomb killed nine people in Mardan on Monday, police said."
    title = "Car bomb kills nine in Mardan"
    text = f"{title}\n\n{body}\n\nShops stayed shut."
    article = Article(text=text, title=title, published=PUBLISHED)
    (event,) = extract(article, resolve(text))
    assert event.evidence[0].of(text) == body


def test_a_headline_counts_where_the_text_does_not_tell():
    text = "Rebels clash with troops in Swat\n\nNothing more is known. Phones are dead."
    (event,) = read(text)
    assert (event.type, event.place.place.name) == ("battle.clash", "Swat")


@pytest.mark.parametrize(
    "text",
    [
        (
            "A suicide bomber killed nine people in Mardan on Monday. Guards had stopped"
            ' him.\n\nThe bomber detonated his vest near the gate.\n\n"He blew himself up," a guard'
            " said."
        ),
        (
            "Gunmen stormed a school in Mardan on Monday and held a class hostage.\n\nThe attackers"
            " shot two guards. The siege ended at dusk, and all four attackers were killed."
        ),
        (
            "Artillery shelled Mardan on Monday, killing two. The shelling began at dawn.\n\n"
            "The attack was the deadliest in the province since January."
        ),
        (
            "A truck bomb hit a bus in Mardan on Monday. Five soldiers were killed. The blast was"
            " the third of its kind this year."
        ),
        (
            "The foreign ministers of Pakistan and Tajikistan met in Mardan on Monday.\n\nThe talks"
            " were frank, both said. Their meeting lasted an hour."
        ),
    ],
)
def test_what_a_text_takes_up_again_is_one_event(text):
    (event,) = read(text)
    assert event.place.place.name == "Mardan"
    assert (event.when.first, event.when.last) == (date(2023, 3, 6), date(2023, 3, 6))


def test_another_happening_is_another_event():
    text = (
        "A bomb killed two people in Mardan on Monday. In a separate attack in Herat, gunmen shot"
        " dead a judge."
    )
    first, second = read(text)
    assert _names((first, second)) == ["Mardan", "Herat"]
    assert second.when is None


@pytest.mark.parametrize(
    "text",
    [
        "More than 30 districts have seen clashes since November, a think tank says.",
        "Fighting in Pakistan has displaced two million people, officials say.",
        "Air strikes have killed 900 people in Herat since January, the army said.",
        "The chief minister visited the wounded in Mardan on Monday.",
        "A woman was hit by a car and killed in Mardan on Monday.",
        "Two men were charged with the killing of a shopkeeper in Mardan on Monday.",
        "The road toll in Pakistan rose to 19 on Monday.",
        "The troops fighting in Swat are tired.",
    ],
)
def test_figures_accidents_and_courts_are_no_events(text):
    assert read(text) == ()


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("Pakistan closed the Mardan border crossing with Afghanistan on Monday.", "closed"),
        ("The Mardan crossing was reopened on Monday.", "crossing"),
    ],
)
def test_a_closed_crossing_is_an_event_there(text, trigger):
    (event,) = read(text)
    assert (event.type, event.place.place.name) == ("strategic.other", "Mardan")
    assert event.trigger.of(text) == trigger


@pytest.mark.parametrize(
    ("text", "place", "basis"),
    [
        (
            "A spokesman for the Taliban said in Kabul on Monday that the border was safe.",
            "Kabul",
            "linked",
        ),
        (
            (
                "In a statement issued in Kabul on Monday, the foreign ministry accused Pakistan of"
                " shelling villages."
            ),
            "Kabul",
            "linked",
        ),
        ("The authorities in Kabul rejected the charge of sheltering rebels.", "Kabul", "linked"),
    ],
)
def test_the_venue_of_a_statement(text, place, basis):
    (event,) = read(f"ISLAMABAD, March 7 (Example Wire) - Rain fell.\n\n{text}")
    assert (event.place.place.name, event.location_basis) == (place, basis)


def test_he_goes_on_where_he_spoke():
    text = (
        "An army spokesman said in Kabul on Monday that the border was quiet. He warned that any"
        " attack would be answered."
    )
    (event,) = read(text)
    assert (event.type, event.place.place.name) == ("diplomacy.threat", "Kabul")
    assert len(event.evidence) == 2


@pytest.mark.parametrize(
    "text",
    [
        "Rain fell on Dushanbe. Ministers signed an agreement in the Tajik capital on Monday.",
        (
            "Dushanbe is cold. The ministers signed an agreement in the capital of"
            " Tajikistan on Monday."
        ),
    ],
)
def test_the_capital_is_the_town_that_the_article_names(text):
    (event,) = read(text)
    assert (event.place.place.name, event.location_basis) == ("Dushanbe", "inherited")


@pytest.mark.parametrize(
    ("text", "place", "first"),
    [
        ("On Friday the minister will travel to Herat to meet rebel leaders.", "Herat", "03-10"),
        ("The ministers left with a promise to meet again in Geneva in June.", "Geneva", "06-01"),
        ("The union called for a march in Peshawar next Monday.", "Peshawar", "03-13"),
    ],
)
def test_a_plan_lies_ahead_of_its_telling(text, place, first):
    (event,) = read(text)
    assert (event.place.place.name, event.status) == (place, "planned")
    assert f"{event.when.first:%m-%d}" == first


def test_a_visit_is_told_once():
    text = (
        "The Afghan foreign minister arrived in Islamabad on Monday for a two-day visit. Traders"
        " demonstrated outside a ministry in Islamabad during the visit."
    )
    visit, protest = read(text)
    assert (visit.type, protest.type) == ("diplomacy.visit", "protest.peaceful")


def test_a_trigger_holds_no_place():
    text = "Protesters in Peshawar burned tyres and looted a shop on Monday."
    (event,) = read(text)
    assert (event.type, event.place.place.name) == ("riot.demonstration", "Peshawar")
    assert "Peshawar" not in event.trigger.of(text)


@pytest.mark.parametrize(
    ("text", "actors"),
    [
        (
            "Taliban fighters attacked a convoy near Herat on Monday, killing two civilians.",
            {("Taliban fighters", "attacker"), ("two civilians", "target")},
        ),
        (
            "Two hostages were killed in Herat on Monday, police said.",
            {("Two hostages", "target"), ("police", "speaker")},
        ),
        (
            "Pakistan and Tajikistan held talks in Geneva on Monday.",
            {("Pakistan", "participant"), ("Tajikistan", "participant")},
        ),
        (
            "Rao met the Afghan foreign minister in Geneva on Monday.",
            {("Rao", "participant"), ("Afghan foreign minister", "participant")},
        ),
    ],
)
def test_actors_and_their_roles(text, actors):
    (event,) = read(text)
    assert {(actor.text, actor.role) for actor in event.actors} == actors


def test_a_toll_that_rises_is_the_toll():
    text = (
        "Missiles struck a block of flats in Kharkiv on Sunday, killing 12 people.\n\n"
        "By Monday evening the death toll had climbed to 21."
    )
    (event,) = read(text)
    assert (event.fatalities.best, event.when.first) == (21, date(2023, 3, 5))
    assert len(event.evidence) == 2


@pytest.mark.parametrize("word", ["the attack ", "killed two men and ", "Gunmen killed a man. "])
def test_a_text_of_nothing_but_event_words_is_read_in_time(word):
    text = word * (20_000 // len(word))
    start = time.process_time()
    assert len(read(text)) < 100
    assert time.process_time() - start < 5


def test_the_injured_of_a_later_sentence_count():
    text = "A bomb killed two people in Mardan on Monday. Eleven people were injured, a nurse said."
    (event,) = read(text)
    assert (event.fatalities.best, event.injured) == (2, 11)

from __future__ import annotations

import pytest

from geomap import mentions
from geomap.model import Article, Mention, Span
from geomap.resolve import believed_context, choices, contains, resolve, shipped_model


def resolved(text, gazetteer):
    found = mentions.find(text, gazetteer)
    return {r.mention.text: r for r in resolve(Article(text=text), found, gazetteer)}


@pytest.mark.parametrize(
    ("text", "name", "country", "admin1"),
    [
        ("He lives in Paris, Texas, near Dallas.", "Paris", "US", "Texas"),
        ("He lives in Paris.", "Paris", "FR", "Île-de-France"),
        ("Long Beach, CA, is a port near Los Angeles.", "Long Beach", "US", "California"),
        ("TROY, N.C. (AP) - A man was jailed in Albemarle.", "TROY", "US", "North Carolina"),
        ("Troops were seen in Hyderabad, Karachi and Sukkur.", "Hyderabad", "PK", "Sindh"),
        ("Tech firms in Hyderabad, Bengaluru and Pune hired.", "Hyderabad", "IN", "Telangana"),
        ("London, Ontario, is west of Toronto.", "London", "CA", "Ontario"),
    ],
)
def test_context_decides(gazetteer, text, name, country, admin1):
    place = resolved(text, gazetteer)[name].place
    assert (place.country, place.admin1) == (country, admin1)


def test_capital_outranks_its_province_and_namesakes(gazetteer):
    found = resolved("Officials in Kabul and Islamabad disagreed.", gazetteer)
    assert found["Kabul"].place.feature == "PPLC"
    assert found["Islamabad"].place.feature == "PPLC"


def test_a_word_beside_the_name_decides_its_kind(gazetteer):
    text = "Militants struck in Bannu district of Khyber Pakhtunkhwa, Pakistan."
    (bannu,) = [r for t, r in resolved(text, gazetteer).items() if t.startswith("Bannu")]
    assert bannu.place.feature == "ADM2"
    assert any("District" in reason for reason in bannu.candidates[0].reasons)


def test_reasons_are_words_about_this_article(gazetteer):
    text = "PESHAWAR, March 7 (Example Wire) - Police in Mardan, in Pakistan, held two men."
    found = resolved(text, gazetteer)
    assert found["PESHAWAR"].candidates[0].reasons[0] == "stands in the dateline"
    assert found["Pakistan"].candidates[0].reasons[0] == "country"
    reasons = " ".join(found["Mardan"].candidates[0].reasons)
    assert "Pakistan" in reasons or "Peshawar" in reasons


def test_a_name_without_an_entry_has_no_place(gazetteer):
    text = "Shots were heard in Qwzzxabad."
    mention = Mention(span=Span(start=20, end=29), text=text[20:29])
    (resolution,) = resolve(Article(text=text), [mention], gazetteer)
    assert resolution.candidates == ()
    assert resolution.place is None


def test_demonyms_stand_for_their_country(gazetteer):
    assert resolved("The Tajik minister left.", gazetteer)["Tajik"].place.country == "TJ"


def test_nothing_to_resolve(gazetteer):
    assert resolve(Article(text=""), [], gazetteer) == ()


def test_contains(gazetteer):
    pakistan = gazetteer.country("PK")
    province = gazetteer.get("geonames:1168873")
    peshawar, kabul = gazetteer.find("Peshawar")[0], gazetteer.find("Kabul")[0]
    assert contains(pakistan, peshawar)
    assert contains(province, peshawar)
    assert not contains(province, kabul)
    assert not contains(pakistan, pakistan)
    assert not contains(peshawar, province)


@pytest.fixture(scope="module")
def bannu(gazetteer):
    """Return the evidence of an article that names a town with its country, and a stranger."""
    text = "A blast hit Bannu, Pakistan. Police came from Kohat and from Qwxyzabad."
    found = [
        Mention(span=Span(start=at, end=at + len(name)), text=name)
        for name in ("Bannu", "Pakistan", "Kohat", "Qwxyzabad")
        for at in [text.index(name)]
    ]
    return believed_context(text, found, gazetteer, shipped_model().weights)


def test_features_are_those_of_one_place(bannu):
    held = [bannu.features(0, p) for p in range(len(bannu.units[0].places))]
    for named, features in zip(bannu.units[0].places, held, strict=True):
        inside = named.place.country == "PK"
        assert ("named with its region" in features) == inside
        assert ("its country is named" in features) == inside
        assert features["prominence"] == named.rank


def test_choices_end_with_none_of_these(bannu):
    offered = choices(bannu, shipped_model().weights)
    for u, unit in enumerate(bannu.units):
        rows, odds = offered.of(u)
        assert len(rows) == len(odds) == (len(unit.places) + 1 if unit.places else 0)
        assert [row.get("is none", 0.0) for row in rows[:-1]] == [0.0] * len(unit.places)
        if rows:
            assert rows[-1]["is none"] == 1.0
            assert rows[-1]["none prominence"] == max(unit.priors)


def test_odds_of_a_place_are_its_weighted_features(bannu):
    weights = shipped_model().weights
    _, odds = choices(bannu, weights).of(0)
    for p in range(len(bannu.units[0].places)):
        features = bannu.features(0, p)
        wanted = sum(weights.get(name, 0.0) * value for name, value in features.items())
        assert odds[p] == pytest.approx(wanted)


def test_a_matrix_holds_what_is_named_and_else_zero(bannu):
    offered = choices(bannu, shipped_model().weights)
    matrix = offered.matrix(["prominence", "no such measure", "is none"])
    ranks = [rank for unit in bannu.units for rank in (*unit.priors, 0.0) if unit.priors]
    assert matrix[:, 0].tolist() == ranks
    assert not matrix[:, 1].any()
    assert matrix[:, 2].sum() == 3


def test_a_list_of_districts_says_so_of_each_name(gazetteer):
    text = "Voters in Cooke, Grayson and Love counties, all in Texas, were called."
    found = resolved(text, gazetteer)
    assert found["Grayson"].place.feature == "ADM2"


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Bank of Japan", "JP"),
        ("Mosul University Hospital", "IQ"),
        ("Lake Qwzzx", None),
    ],
)
def test_what_a_place_lends_its_name_to_lies_in_it(gazetteer, name, place):
    text = f"He worked at the {name} for years."
    start = text.index(name)
    mention = Mention(span=Span(start=start, end=start + len(name)), text=name)
    (resolution,) = resolve(Article(text=text), [mention], gazetteer)
    assert (resolution.place and resolution.place.country) == place
    if place:
        assert any("shorter form" in reason for reason in resolution.candidates[0].reasons)


def test_a_saint_lends_his_name_but_no_place(gazetteer):
    text = "She was taken to St. Michael's Hospital."
    mention = Mention(span=Span(start=17, end=39), text=text[17:39])
    (resolution,) = resolve(Article(text=text), [mention], gazetteer)
    assert resolution.candidates == ()


def test_the_runner_up_says_what_it_lacked(gazetteer):
    found = resolved("He lives in Paris, Texas, near Dallas.", gazetteer)["Paris"]
    assert found.place.admin1 == "Texas"
    (lacked,) = [r for r in found.candidates[1].reasons if r.startswith("lacks: ")]
    assert lacked.removeprefix("lacks: ") in found.candidates[0].reasons


def test_the_largest_of_many_says_of_how_many(gazetteer):
    (said,) = [
        reason
        for reason in resolved("He lives in Paris.", gazetteer)["Paris"].candidates[0].reasons
        if reason.startswith("largest of ")
    ]
    assert said.endswith(" places called Paris")


def test_a_town_abroad_of_its_province_is_not_meant(gazetteer):
    text = "Two soldiers were hurt near Kut in Gegharkunik province, Armenia."
    found = resolved(text, gazetteer)
    assert found["Gegharkunik"].place.country == "AM"
    assert found["Kut"].place is None
    assert found["Kut"].candidates
    assert resolved("Two soldiers were hurt in Kut, Iraq.", gazetteer)["Kut"].place.country == "IQ"

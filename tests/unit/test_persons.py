from __future__ import annotations

import pytest

from geomap.mentions.accept import rows_of
from geomap.mentions.candidates import Scene, candidates
from geomap.mentions.measures import COLUMNS
from geomap.outlets import Home

HOME = Home(
    lat=31.3113,
    lon=-92.4451,
    country="US",
    admin1="Louisiana",
    spread_km=30.0,
    confidence=0.8,
    articles=0,
)


def measured(text, gazetteer, home=None):
    """Return stretch of text -> the numbers of its first occurrence."""
    scene = Scene.of(text)
    stretches = candidates(scene, gazetteer)
    rows = rows_of(scene, stretches, gazetteer, home)
    found = {}
    for stretch, numbers in zip(stretches, rows.numbers.tolist(), strict=True):
        name = text[stretch.start : stretch.end]
        found.setdefault(name, dict(zip(COLUMNS, numbers, strict=True)))
    return found


def test_a_surname_is_known_from_the_full_name_elsewhere(gazetteer):
    found = measured("Emily Jackson, 74, was hurt. Jackson walked home.", gazetteer)["Jackson"]
    assert found["runs behind a given name"] == 1
    assert found["ages behind it"] == 1
    alone = measured("Police in Jackson closed the road.", gazetteer)["Jackson"]
    assert alone["runs behind a given name"] == 0
    assert alone["ages behind it"] == 0


def test_a_unit_word_makes_no_surname(gazetteer):
    found = measured("Emily Lake is frozen. Lake police warned.", gazetteer)
    assert found["Lake"]["runs behind a given name"] == 0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Girls from Cooke, Grayson and Love counties came.", 1),
        ("A crash near Cooke and Grayson avenues closed the road.", -1),
        ("Girls from Cooke, Grayson and Texas came.", 0),
        ("He left Cooke, and counties did not care.", 0),
    ],
)
def test_the_word_behind_a_list_is_said_of_all_of_it(gazetteer, text, value):
    assert measured(text, gazetteer)["Cooke"]["list of"] == value


def test_a_member_of_parliament_stands_for_the_town_behind_the_party(gazetteer):
    found = measured("Rep. Clay Cox (R-Marietta) and Marietta voters agreed.", gazetteer)
    assert found["Marietta"]["behind a party"] == 1


def test_a_home_tells_how_near_a_name_may_lie(gazetteer):
    text = "Police in Alexandria closed the road."
    plain = measured(text, gazetteer)["Alexandria"]
    assert plain["home is known"] == 0
    assert plain["rank near home"] == -1
    local = measured(text, gazetteer, HOME)["Alexandria"]
    assert local["home is known"] == 1
    assert local["home distance"] < 1
    assert local["rank near home"] > 0
    assert local["rank in home's province"] >= local["rank near home"]

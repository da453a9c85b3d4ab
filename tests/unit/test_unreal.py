from __future__ import annotations

from datetime import date

import pytest

from geomap.events.unreal import bygone, everyday, unreal
from geomap.model import When

ATTACK = "violence.attack"


def read(marked, code=ATTACK):
    """Judge the word between asterisks."""
    lead, word, after = marked.split("*")
    return unreal(lead, word, after, lead + word + after, code)


@pytest.mark.parametrize(
    "marked",
    [
        "Her novel tells how rebels *killed* a priest.",
        "The keeper said the defence had been *attacked* all through the second half.",
        "Cadets *stormed* a mock village.",
        "A plaque recalls the anniversary of the *bombing*.",
        "Ten years ago, gunmen *killed* nine people here.",
        "The jury heard how he *shot* the clerk.",
        "The *attack* suspect was flown home.",
        "Wolves *killed* forty sheep.",
        "Rangers *shot dead* two wild elephants.",
        "A herder was *attacked* by a leopard.",
    ],
)
def test_what_did_not_happen_now(marked):
    assert read(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Gunmen *killed* four guards outside the cinema.",
        "Two years after the coup, gunmen *killed* nine soldiers.",
        "On the anniversary of the revolt, soldiers *shot* at a crowd.",
        "A bomb *exploded* outside a court in the capital.",
        "Militants *ambushed* troops on their way to an exercise.",
        "Tamil Tiger rebels *attacked* a camp.",
        "A series of *attacks* shook the town.",
        "Prosecutors said that gunmen *opened fire* on a bus.",
        "Gunmen *shot dead* a judge on her way to work.",
        "Police *killed* two suspects in a raid.",
    ],
)
def test_what_happened_stays(marked):
    assert not read(marked)


def test_protests_and_disasters_are_no_matter_for_the_courts():
    assert not read("Judges *protested* in court robes.", "protest.peaceful")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A man was stabbed outside a pub after an argument.", True),
        ("Gunmen shot a man outside a pub after an argument.", False),
        ("A man was stabbed in the market.", False),
        ("Detectives arrested a woman over a burglary.", True),
    ],
)
def test_crime_of_any_town_needs_a_cue_of_crime_and_none_of_conflict(text, expected):
    assert everyday(text, text, ATTACK) is expected
    assert everyday(text, text, "strategic.arrest") is expected


def test_only_common_violence_and_arrests_are_everyday():
    text = "Detectives said that the grandmother had quarrelled with a neighbour."
    assert not everyday(text, text, "explosion.remote")


def when(last):
    return When(first=last, last=last, text="", precision="day", basis="explicit")


@pytest.mark.parametrize(
    ("last", "code", "expected"),
    [
        (date(2016, 3, 1), ATTACK, True),
        (date(2023, 3, 1), ATTACK, False),
        (date(2016, 3, 1), "diplomacy.agreement", False),
    ],
)
def test_violence_of_years_ago_is_history(last, code, expected):
    assert bygone(when(last), date(2024, 5, 15), code) is expected


def test_without_a_day_nothing_is_history():
    assert not bygone(None, date(2024, 5, 15), ATTACK)
    assert not bygone(when(date(1999, 1, 1)), None, ATTACK)

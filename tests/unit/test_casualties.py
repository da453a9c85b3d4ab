"""Tolls as the text gives them: ranges, lower bounds, never sums."""

from __future__ import annotations

import pytest

from geomap.events.casualties import fatalities, injured


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The blast killed at least 12 people.", (12, 12, None)),
        ("Between 10 and 15 civilians were killed.", (10, 12, 15)),
        ("The army killed all 33 attackers.", (33, 33, 33)),
        ("Up to nine soldiers were killed.", (0, 9, 9)),
        ("Dozens of people died in the fire.", (24, 24, None)),
        ("More than 1,200 people were killed.", (1200, 1200, None)),
        ("Twenty-three villagers were shot dead.", (23, 23, 23)),
        ("Two soldiers were killed and three wounded.", (2, 2, 2)),
        ("The attack killed six people, including two children.", (6, 6, 6)),
        ("The death toll rose to 66.", (66, 66, 66)),
        ("The bomb left five dead and 12 others injured.", (5, 5, 5)),
        ("A soldier was killed.", (1, 1, 1)),
    ],
)
def test_fatalities(text, expected):
    found = fatalities(text)
    assert (found.low, found.best, found.high) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The 40-hour siege ended.",
        "Police arrested 12 people.",
        "Twelve people were wounded.",
        "He died.",
        "Prices rose 12 percent after the killing.",
    ],
)
def test_no_number_of_dead_is_none(text):
    assert fatalities(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two soldiers were killed and three wounded.", 3),
        ("The blast killed two people, injuring 40.", 40),
        ("Fifteen people were hurt.", 15),
        ("Nobody died.", None),
        ("Three of the wounded died overnight.", None),
        ("It wounded 31 at a crowded terminal.", 31),
    ],
)
def test_injured(text, expected):
    assert injured(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The number of people killed in the blast has risen to 17.", (17, 17, 17)),
        ("Two more died, taking the death toll to at least 19.", (19, 19, None)),
        ("The toll climbed from 12 to 15.", (15, 15, 15)),
        ("Six hostages and all four attackers were killed.", (10, 10, 10)),
        ("The raid killed four villagers and two soldiers.", (6, 6, 6)),
        ("It killed two men and three women were wounded.", (2, 2, 2)),
        ('The army killed "several dozen fighters".', (36, 36, None)),
    ],
)
def test_updated_and_joined_tolls(text, expected):
    toll = fatalities(text)
    assert (toll.low, toll.best, toll.high) == expected

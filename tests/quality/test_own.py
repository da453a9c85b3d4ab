from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from geomap import Pipeline
from geomap.events.taxonomy import taxonomy

_spec = importlib.util.spec_from_file_location("own", Path(__file__).with_name("own.py"))
own = importlib.util.module_from_spec(_spec)
sys.modules["own"] = own
_spec.loader.exec_module(own)

# What each part must reach; own.py tells how the held parts came to be.
FLOORS = {
    ("diplomacy", False): {
        "found": 0.97, "type": 0.94, "place": 0.93, "date": 0.94, "status": 0.95,
        "participants": 0.80,
    },
    ("diplomacy", True): {
        "found": 0.84, "type": 0.84, "place": 0.74, "date": 0.82, "status": 0.84,
        "participants": 0.50,
    },
    ("whole", False): {"events": 0.90, "date": 0.88, "articles with nothing made up": 0.93},
    ("whole", True): {"events": 0.90, "date": 0.85, "articles with nothing made up": 0.90},
    ("news", False): {"events": 0.89, "type": 0.94, "date": 0.94, "dead": 0.80, "actors": 0.90},
    ("news", True): {"events": 0.71, "type": 0.85, "date": 0.90, "dead": 0.80},
    ("traps", False): {"passed": 0.97},
    ("traps", True): {"passed": 0.94},
    ("status", False): {"status": 0.92, "source": 0.99},
    ("status", True): {"status": 0.80, "source": 0.99},
}  # fmt: skip
MADE_UP = {False: 2, True: 2}


@pytest.fixture(scope="module")
def pipeline():
    return Pipeline()


@pytest.mark.parametrize(("name", "held"), FLOORS)
def test_no_figure_on_own_texts_is_below_its_floor(pipeline, name, held):
    tally = own.measure(pipeline, name, held=held)
    low = {
        figure: (tally.right[figure], tally.whole[figure])
        for figure, floor in FLOORS[name, held].items()
        if tally.share(figure) < floor
    }
    assert low == {}
    if name == "whole":
        assert tally.right["made up"] <= MADE_UP[held], tally.failures


def test_the_sets_are_as_large_as_they_claim():
    rows = {name: list(own.rows(name)) for name in own.SETS}
    assert len(rows["diplomacy"]) >= 150
    assert sum(row["held"] for row in rows["diplomacy"]) * 3 >= len(rows["diplomacy"])
    assert len(rows["whole"]) >= 40
    assert sum(row["held"] for row in rows["whole"]) >= 10
    assert len(rows["status"]) >= 60
    late = sum(row["late"] for row in rows["traps"])
    assert late * 3 >= len(rows["traps"])


def test_every_type_of_the_sets_is_one_of_the_taxonomy():
    types = {row["type"] for row in own.rows("diplomacy")}
    types |= {gold["type"] for row in own.rows("whole") for gold in row["events"]}
    assert types <= set(taxonomy())


def test_a_wrong_place_is_not_counted_as_right(pipeline):
    row = next(own.rows("diplomacy"))
    tally = own.Tally()
    own.diplomacy(pipeline, {**row, "place_id": "geonames:0"}, tally)
    assert (tally.right["found"], tally.right["place"]) == (1, 0)
    assert tally.failures == [row["text"]]

"""Where whole readings put what happened: rules beyond the sentence, and what never locates.

The rows of `placements.json` were written for these tests: for words of a text "place/basis" ("-"
for none), and the names that no event of it may be at. Those under "later" were written when the
rules stood; 21 of 26 held at first sight.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from geomap import Pipeline

ROWS = json.loads(Path(__file__).with_name("placements.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline()


def test_several_places_share_one_incident(pipeline: Pipeline) -> None:
    reading = pipeline.read("Jets bombed Taiz, Ibb and Dhamar on Monday.", published="2023-01-04")
    assert len(reading.events) == 3
    (incident,) = {event.incident for event in reading.events}
    assert incident is not None


@pytest.mark.parametrize(
    ("text", "anchor", "precision"),
    [
        ("Militants attacked a convoy 20 km north of Kharkiv on Monday.", "Kharkiv", "district"),
        ("Gunmen shot dead a judge on the outskirts of Quetta on Monday.", "Quetta", "district"),
        ("Rebels attacked a bus between Quetta and Chaman on Monday.", "Quetta", "province"),
        ("Troops clashed along the Syria-Lebanon border on Monday.", "Syria", "province"),
        ("Militants killed six soldiers in northern Mali on Monday.", "Mali", "country"),
        ("Gunmen killed four villagers a two-hour drive from Gao on Monday.", "Gao", "country"),
    ],
)
def test_a_relative_place_is_an_area_and_not_its_anchor(
    pipeline: Pipeline, text: str, anchor: str, precision: str
) -> None:
    (event,) = pipeline.read(text, published="2023-01-04").events
    assert event.place is not None
    assert event.place.mention.text == anchor
    assert event.place.mention.kind == "relative"
    assert event.place.mention.relation is not None
    assert event.geo_precision == precision
    assert event.area is not None
    assert event.area.radius_km >= 1


def test_a_local_name_is_placed_by_what_it_is_said_to_lie_beside(pipeline: Pipeline) -> None:
    text = "Shelling killed two people in Nova Hora, 8 km south of Krasnohorivka, on Monday."
    (event,) = pipeline.read(text, published="2023-01-04").events
    assert event.place is not None
    assert event.place.mention.text == "Krasnohorivka"
    assert event.area is not None
    assert event.area.radius_km == 4.0
    (located,) = pipeline.locate(text, event.trigger)
    assert (located.mention.text, located.place) == ("Nova Hora", None)


def test_what_a_pointing_word_means_is_cited(pipeline: Pipeline) -> None:
    text = "Kidal was quiet for a week. On Monday soldiers clashed with rebels there."
    (event,) = pipeline.read(text, published="2023-01-04").events
    assert [span.of(text)[:5] for span in event.evidence] == ["Kidal", "On Mo"]


def _places(pipeline: Pipeline, text: str) -> dict[str, str]:
    """Return "place/basis" of the events at each trigger, in order of the names."""
    found: dict[str, list[str]] = {}
    for event in pipeline.read(text, published="2023-01-04").events:
        told = f"{event.place.mention.text}/{event.location_basis}" if event.place else "-"
        found.setdefault(event.trigger.of(text), []).append(told)
    return {word: ", ".join(sorted(places)) for word, places in found.items()}


@pytest.mark.parametrize("row", ROWS["written"] + ROWS["later"], ids=lambda row: row["text"][:40])
def test_a_happening_is_put_where_the_text_says(pipeline: Pipeline, row: dict[str, Any]) -> None:
    found = _places(pipeline, row["text"])
    assert {word: found.get(word) for word in row["places"]} == row["places"]
    named = {place.partition("/")[0] for told in found.values() for place in told.split(", ")}
    assert named.isdisjoint(row["never"])

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

from __future__ import annotations

import textwrap
from datetime import date

import pytest

from geomap.model import Article
from geomap.pipeline import Pipeline
from geomap.whitespace import evened

TEXT = (
    "A suicide bomber killed at least six people and wounded 20 others in South Waziristan on "
    "Monday, police said. Three soldiers were shot dead 20 km north of Wana last month.\n\n"
    "The foreign ministers of Iran and Saudi Arabia met in New Delhi on Tuesday and signed an "
    "agreement to reopen their embassies."
)
WAYS = {
    "wrapped": lambda t: "\n\n".join(textwrap.fill(p, 40) for p in t.split("\n\n")),
    "wrapped, CRLF": lambda t: "\r\n\r\n".join(
        textwrap.fill(p, 40).replace("\n", "\r\n") for p in t.split("\n\n")
    ),
    "no-break": lambda t: t.replace(" ", "\u00a0"),
    "double": lambda t: t.replace(" ", "  "),
    "tabs": lambda t: t.replace(" ", "\t"),
    "indented": lambda t: "\n\n   " + t + "\n\n",
}


@pytest.fixture(scope="module")
def pipeline(gazetteer):
    return Pipeline(gazetteer)


def told(reading):
    return [
        (
            event.type,
            event.place and event.place.place and event.place.place.id,
            event.when and (event.when.first, event.when.last),
            event.fatalities,
            event.injured,
            event.status,
            [" ".join(actor.text.split()) for actor in event.actors],
        )
        for event in reading.events
    ]


@pytest.mark.parametrize("way", WAYS)
def test_white_space_changes_no_reading(pipeline, way):
    text = WAYS[way](TEXT)
    plain = pipeline.read(TEXT, published=date(2023, 3, 8))
    other = pipeline.read(text, published=date(2023, 3, 8))
    assert told(other) == told(plain)
    assert len(plain.events) >= 3
    assert other.article.text == text


@pytest.mark.parametrize("way", WAYS)
def test_spans_slice_the_text_as_it_was_given(pipeline, way):
    text = WAYS[way](TEXT)
    reading = pipeline.read(text, published=date(2023, 3, 8))
    for resolution in reading.resolutions:
        assert resolution.mention.span.of(text) == resolution.mention.text
    for event in reading.events:
        assert all(actor.span.of(text) == actor.text for actor in event.actors)
        assert all(span.of(text).endswith(".") for span in event.evidence)
        assert event.when is None or event.when.span.of(text) == event.when.text
        assert event.place is None or event.place in reading.resolutions


def test_an_even_article_stays_itself():
    article = Article(text=TEXT)
    assert evened(article) == (article, None)


def test_a_capital_without_its_name_finds_its_way_back(pipeline):
    text = "The ministers met in\n the Qatari\n capital on Tuesday."
    (event,) = pipeline.read(text, published=date(2023, 3, 8)).events
    assert event.place.place.name == "Doha"
    assert event.place.mention.span.of(text) == event.place.mention.text == "Qatari\n capital"

"""Whatever the text, events keep the promises of the model."""

from __future__ import annotations

import math
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.events import classify, extract, locate, taxonomy
from geomap.incidents import group
from geomap.model import Article, Candidate, Mention, Place, Reading, Resolution, Span

WORDS = st.sampled_from(
    [
        "A",
        "bomb",
        "killed",
        "at",
        "least",
        "12",
        "people",
        "in",
        "Mardan",
        "on",
        "Monday",
        ".",
        "Rebels",
        "attacked",
        "the",
        "army",
        "near",
        "Kabul",
        ",",
        "police",
        "said",
        '"',
        "“",
        "”",
        "The",
        "minister",
        "met",
        "his",
        "counterpart",
        "will",
        "not",
        "dozens",
        "wounded",
        "hostages",
        "signed",
        "an",
        "agreement",
        "protesters",
        "marched",
        "Tuesday",
        "and",
        "between",
        "3",
        "5",
        "denied",
        "that",
        "if",
        "\n\n",
        "�",
        "\x00",
        "İ",
        "ß",
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=60).map(" ".join))
PLACE = Place(
    id="geonames:1",
    name="Mardan",
    feature="PPL",
    country="PK",
    admin1=None,
    admin2=None,
    lat=34.2,
    lon=72.0,
)


def _resolve(text):
    found = []
    for name in ("Mardan", "Kabul"):
        start = text.find(name)
        if start >= 0:
            span = Span(start=start, end=start + len(name))
            mention = Mention(span=span, text=name)
            found.append(
                Resolution(mention=mention, candidates=(Candidate(place=PLACE, score=0.9),))
            )
    return tuple(sorted(found, key=lambda r: r.mention.span))


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_events_stay_inside_their_text_and_ranges(text):
    article = Article(text=text, published=date(2023, 3, 7))
    resolutions = _resolve(text)
    for event in extract(article, resolutions):
        assert event.type in taxonomy()
        assert 1 <= len(event.evidence) <= 3
        assert any(sentence.contains(event.trigger) for sentence in event.evidence)
        assert all(span.end <= len(text) for span in event.evidence)
        assert all(actor.span.of(text) == actor.text for actor in event.actors)
        assert 0 <= event.confidence <= 1
        assert event.place is None or event.place in resolutions
        assert (event.place is None) == (event.location_basis == "none")
        if event.fatalities is not None:
            assert event.fatalities.low <= event.fatalities.best
            assert event.fatalities.high is None or event.fatalities.best <= event.fatalities.high


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_reading_twice_gives_the_same(text):
    article = Article(text=text, published=date(2023, 3, 7))
    events = extract(article, _resolve(text))
    assert events == extract(article, _resolve(text))
    assert len({event.id for event in events}) == len(events)


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_classify_gives_shares_best_first(text):
    ranked = classify(text)
    shares = [share for _, share in ranked]
    assert math.isclose(sum(shares), 1.0)
    assert shares == sorted(shares, reverse=True)
    assert {code for code, _ in ranked} == set(taxonomy())


@given(TEXTS, st.data())
@settings(max_examples=60, deadline=None)
def test_locate_never_leaves_the_sentence_it_was_asked_about(text, data):
    start = data.draw(st.integers(0, len(text)))
    trigger = Span(start=start, end=data.draw(st.integers(start, len(text))))
    for found in locate(Article(text=text), trigger, _resolve(text)):
        assert found.mention.span.of(text) == found.mention.text
        assert not found.mention.span.overlaps(trigger)


@given(st.lists(TEXTS, max_size=4))
@settings(max_examples=40, deadline=None)
def test_every_event_is_in_exactly_one_incident(texts):
    readings = []
    for number, text in enumerate(texts):
        article = Article(text=text, id=str(number), published=date(2023, 3, 7))
        events = extract(article, _resolve(text))
        readings.append(Reading(article=article, resolutions=(), events=events))
    incidents = group(readings)
    assert incidents == group(reversed(readings))
    members = [report.event.id for incident in incidents for report in incident.reports]
    assert sorted(members) == sorted(e.id for r in readings for e in r.events)

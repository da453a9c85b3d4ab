from __future__ import annotations

from datetime import date

import pytest

from geomap.errors import PublishedError
from geomap.model import Article, Span
from geomap.pipeline import Pipeline

TEXT = (
    "PESHAWAR, March 7 (Example Wire) - A car bomb killed at least 12 people outside a court in "
    "Mardan on Monday, police said. The foreign ministers of Pakistan and Tajikistan met in "
    "Dushanbe the same day."
)


@pytest.fixture(scope="module")
def pipeline(gazetteer):
    return Pipeline(gazetteer)


def test_a_reading_holds_places_and_events(pipeline):
    reading = pipeline.read(TEXT, published="2023-03-07")
    places = {r.mention.text: r.place for r in reading.resolutions}
    assert places["Mardan"].country == "PK"
    assert places["Dushanbe"].feature == "PPLC"
    bomb, meeting = reading.events
    assert (bomb.type, bomb.place.place.name, bomb.fatalities.low) == (
        "explosion.remote",
        "Mardan",
        12,
    )
    assert bomb.when.first == bomb.when.last == date(2023, 3, 6)
    assert (meeting.type, meeting.place.place.name) == ("diplomacy.meeting", "Dushanbe")
    assert all(span.of(TEXT).endswith(".") for event in reading.events for span in event.evidence)


def test_published_overrides_the_article(pipeline):
    article = Article(text=TEXT, published=date(2020, 1, 1))
    assert pipeline.read(article).article.published == date(2020, 1, 1)
    assert pipeline.read(article, published=date(2023, 3, 7)).article.published.year == 2023


@pytest.mark.parametrize("published", ["7 March", "2023-02-30", ""])
def test_a_wrong_day_is_refused(pipeline, published):
    with pytest.raises(PublishedError, match="is not a date"):
        pipeline.read(TEXT, published=published)


@pytest.mark.parametrize("text", ["", "\n", "\x00\ud800", "?!", "Kabul"])
def test_texts_without_events_are_read(pipeline, text):
    reading = pipeline.read(text)
    assert reading.events == ()
    assert len(reading.article.text) == len(text)


def test_order_workers_and_batches_change_nothing(pipeline):
    articles = [Article(text=f"{TEXT} Report {n}.", id=str(n)) for n in range(20)]
    alone = [pipeline.read(article) for article in articles]
    assert list(pipeline.read_all(articles)) == alone
    assert list(pipeline.read_all(iter(articles), workers=2)) == alone
    assert list(pipeline.read_all(reversed(articles))) == alone[::-1]
    assert list(pipeline.read_all([], workers=2)) == []


def test_workers_take_articles_as_they_need_them(pipeline):
    taken = []

    def endless():
        for n in range(10_000):
            taken.append(n)
            yield Article(text="Kabul was quiet.", id=str(n))

    readings = pipeline.read_all(endless(), workers=2)
    assert next(readings).article.id == "0"
    readings.close()
    assert len(taken) < 200


def test_given_spans_are_resolved_in_their_order(pipeline):
    text = "Troops left Kabul. Afghan officials flew to Doha."
    spans = [Span(start=44, end=48), Span(start=12, end=17), Span(start=19, end=25)]
    doha, kabul, afghan = pipeline.resolve(text, spans)
    assert doha.place.name == "Doha"
    assert kabul.place.feature == "PPLC"
    assert (afghan.mention.kind, afghan.place.country) == ("demonym", "AF")
    assert pipeline.resolve(text, []) == []


def test_locate_answers_for_any_trigger(pipeline):
    text = "Soldiers danced in Kunduz. Nobody slept."
    danced = Span(start=9, end=15)
    assert [r.mention.text for r in pipeline.locate(text, danced)] == ["Kunduz"]
    assert pipeline.locate(text, Span(start=34, end=39)) == []


def test_classify_ranks_every_type(pipeline):
    ranked = pipeline.classify("A suicide bomber blew himself up at a checkpoint.")
    assert ranked[0][0] == "explosion.suicide_bomb"
    assert sum(score for _, score in ranked) == pytest.approx(1)
    assert len(ranked) == len(dict(ranked)) > 30

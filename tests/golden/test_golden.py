from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from geomap import Article, Pipeline, read_articles

HERE = Path(__file__).parent
SAMPLES = sorted(
    path.name
    for path in (HERE.parents[1] / "geomap" / "samples").iterdir()
    if path.suffix in {".txt", ".md", ".html", ".jsonl"}
)


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline()


def compact(reading) -> dict:
    """Return what an analyst would check of a reading; scores and wording are left out."""
    text = reading.article.text
    return {
        "id": reading.article.id,
        "mentions": [
            f"{r.mention.span.start} {r.mention.text} = "
            + (f"{r.place.id} {r.place.name}" if r.place else "none")
            + (f" ({r.mention.kind})" if r.mention.kind != "place" else "")
            for r in reading.resolutions
        ],
        "events": [
            {
                "what": f"{e.type}: {e.trigger.of(text)}",
                "where": f"{named(e)} ({e.geo_precision}, {e.location_basis})",
                "when": f"{e.when.first} {e.when.last} ({e.when.text})" if e.when else None,
                "status": e.status,
                "killed": [e.fatalities.low, e.fatalities.best, e.fatalities.high]
                if e.fatalities
                else None,
            }
            for e in reading.events
        ],
    }


def named(event) -> str | None:
    return event.place.place.name if event.place and event.place.place else None


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_read_as_before(name, pipeline, samples, request):
    found = [compact(r) for r in pipeline.read_all(read_articles(samples / name))]
    golden = HERE / f"{name}.json"
    if request.config.getoption("--update-golden"):
        golden.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert found == json.loads(golden.read_text(encoding="utf-8"))


def test_no_golden_is_left_over():
    assert sorted(path.stem for path in HERE.glob("*.json")) == SAMPLES


def seed(shared: Path, number: str) -> str:
    (path,) = shared.glob(f"seeds/{number}_*.txt")
    return path.read_text(encoding="utf-8")


def shown(reading) -> list[str]:
    return [str(compact(reading)["events"][i]) for i in range(len(reading.events))]


def having(reading, **wanted):
    """Return the events that have all of: type (or its group), place, first, last, status."""

    def fits(event) -> bool:
        facts = {
            "type": event.type,
            "place": named(event),
            "first": event.when and event.when.first,
            "last": event.when and event.when.last,
            "status": event.status,
            "precision": event.geo_precision,
        }
        return all(
            facts[key] in value if isinstance(value, set) else facts[key] == value
            for key, value in wanted.items()
        )

    return [event for event in reading.events if fits(event)]


@pytest.fixture(scope="module")
def border(pipeline, shared):
    """Read the article that quotes a post of 3 January 2023 and carries no day itself."""
    return pipeline.read(seed(shared, "001"))


@pytest.fixture(scope="module")
def conference(pipeline, shared):
    return pipeline.read(seed(shared, "000"), published="2021-04-01")


FOUND_IN_BORDER = {
    "siege": {"type": {"violence.hostage", "battle.clash"}, "place": "Bannu District",
              "first": date(2022, 12, 1), "last": date(2022, 12, 31), "status": "asserted"},
    "committee": {"type": "diplomacy.meeting", "place": "Islamabad",
                  "first": date(2023, 1, 2), "last": date(2023, 1, 2), "status": "asserted"},
    "agreement": {"type": "diplomacy.agreement", "place": "Doha",
                  "first": date(2020, 2, 1), "last": date(2020, 2, 29), "status": "asserted"},
    "answer": {"type": {"diplomacy.statement", "diplomacy.accusation"}, "place": "Kabul"},
}  # fmt: skip
MEETING = {"diplomacy.meeting", "diplomacy.talks"}
FOUND_IN_CONFERENCE = {
    "conference": {"type": MEETING, "place": "Dushanbe", "first": date(2021, 3, 30),
                   "status": "asserted"},
    "its end": {"type": MEETING, "place": "Dushanbe", "last": date(2021, 3, 31),
                "status": "asserted"},
    "press": {"type": {"diplomacy.statement", "diplomacy.accusation"}, "place": "Kabul",
              "first": date(2021, 3, 30), "last": date(2021, 3, 30)},
    "gathering": {"place": "Peshawar", "status": "alleged"},
    "fighting": {"type": "battle.clash", "place": "Afghanistan", "precision": "country"},
}  # fmt: skip


@pytest.mark.parametrize("wanted", FOUND_IN_BORDER.values(), ids=FOUND_IN_BORDER)
def test_what_the_border_article_says_is_found(border, wanted):
    assert having(border, **wanted), shown(border)


def test_the_siege_ended_with_33_dead(border):
    assert any(
        event.fatalities and event.fatalities.best == 33
        for event in having(border, place="Bannu District")
    ), shown(border)


def test_attacks_that_are_only_considered_are_not_asserted(border):
    later = [e for e in having(border, place="Afghanistan") if e.type.startswith("explosion")]
    considered = having(
        border, place="Afghanistan", status={"planned", "hypothetical", "threatened"}
    )
    assert considered, shown(border)
    assert all(event.status != "asserted" for event in later)


@pytest.mark.parametrize("wanted", FOUND_IN_CONFERENCE.values(), ids=FOUND_IN_CONFERENCE)
def test_what_the_conference_article_says_is_found(conference, wanted):
    assert having(conference, **wanted), shown(conference)


def test_what_is_alleged_of_peshawar_is_never_asserted(conference):
    assert having(conference, place="Peshawar", status="asserted") == []


def test_without_a_publication_day_the_days_stay_unknown(pipeline, shared):
    dated = [e.when for e in pipeline.read(seed(shared, "000")).events if e.when]
    assert dated
    assert {when.precision for when in dated} == {"unknown"}
    assert {(when.first, when.last) for when in dated} == {(None, None)}


def test_every_event_is_proved_by_its_article(border, conference):
    for reading in (border, conference):
        text = reading.article.text
        for event in reading.events:
            assert any(quote.contains(event.trigger) for quote in event.evidence)
            assert len(event.evidence) <= 3
            assert all(quote.of(text).strip() for quote in event.evidence)


def test_a_demonym_never_places_an_event(border, conference):
    for reading in (border, conference):
        assert [e for e in reading.events if e.place and e.place.mention.kind == "demonym"] == []


def test_a_reading_does_not_depend_on_its_neighbours(pipeline, samples):
    articles = list(read_articles(samples))
    alone = [pipeline.read(article) for article in reversed(articles)]
    assert list(pipeline.read_all(articles)) == alone[::-1]


def test_an_empty_article_says_nothing(pipeline):
    reading = pipeline.read(Article(text=""))
    assert (reading.resolutions, reading.events) == ((), ())

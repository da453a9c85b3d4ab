from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from geomap.errors import InputError
from geomap.evaluate import (
    Coverage,
    GoldArticle,
    Guess,
    Toponym,
    coverage,
    guesses_of,
    read_gold,
    read_guesses,
    read_word_list,
    score,
)
from geomap.gazetteer.lookup import Named
from geomap.model import Article, Candidate, Mention, Place, Reading, Resolution, Span

SCORER = Path(__file__).parents[3] / "shared" / "tools" / "score.py"
TEXT = "Kabul and Herat lie far apart, said Afghan and Iranian envoys in Ashgabat town."
KABUL, HERAT = (34.53, 69.17), (34.34, 62.2)


def span(word: str) -> Span:
    start = TEXT.index(word)
    return Span(start=start, end=start + len(word))


def toponym(word: str, point=None, geonames_id=None, label=None) -> Toponym:
    return Toponym(span=span(word), text=word, point=point, geonames_id=geonames_id, label=label)


def marked(*toponyms: Toponym) -> list[GoldArticle]:
    return [GoldArticle(article=Article(id="a", text=TEXT), toponyms=toponyms)]


def nobody(_word: str) -> bool:
    return False


def figures(gold, guesses, is_demonym=nobody):
    return score(gold, {"a": guesses}, is_demonym=is_demonym)


def test_everything_right_scores_one():
    gold = marked(toponym("Kabul", KABUL, "1138958"), toponym("Herat", HERAT, "1140026"))
    guesses = [
        Guess(span=span("Kabul"), place_id="geonames:1138958", point=KABUL),
        Guess(span=span("Herat"), place_id="geonames:1140026", point=HERAT),
    ]
    found = asdict(figures(gold, guesses))
    assert found.pop("articles_without_reading") == 0
    assert found.pop("linked_gold") == 2
    assert set(found.values()) == {1.0}


def test_no_gold_and_no_reading_give_zeros():
    assert set(asdict(score([], {}, is_demonym=nobody)).values()) == {0}
    nothing = score(marked(toponym("Kabul", KABUL, "1")), {}, is_demonym=nobody)
    assert (nothing.articles_without_reading, nothing.det_f1) == (1, 0.0)


def test_another_id_nearby_counts_for_distance_only():
    gold = marked(toponym("Kabul", KABUL, "1138958"))
    found = figures(gold, [Guess(span=span("Kabul"), place_id="geonames:7", point=(34.0, 69.0))])
    assert (found.id, found.a161, found.e2e_f1) == (0.0, 1.0, 1.0)


def test_demonyms_are_neither_right_nor_wrong():
    gold = marked(toponym("Kabul", KABUL, "1"), toponym("Afghan", KABUL, "2", "Demonym"))
    guesses = [
        Guess(span=span("Kabul"), place_id="geonames:1", point=KABUL),
        Guess(span=span("Afghan"), place_id="geonames:2", point=KABUL),
        Guess(span=span("Iranian"), place_id="geonames:3", point=KABUL),
    ]
    assert figures(gold, guesses, {"iranian"}.__contains__).det_p == 1.0
    assert figures(gold, guesses).det_p == 0.5


def test_an_overlapping_span_counts_end_to_end_only():
    gold = marked(toponym("Ashgabat", (37.95, 58.38), "162183"))
    guess = Guess(span=span("Ashgabat town"), place_id="geonames:162183", point=(37.95, 58.38))
    found = figures(gold, [guess])
    assert (found.det_f1, found.e2e_f1) == (0.0, 1.0)


def test_what_the_annotators_call_no_place_is_left_out():
    assert figures(marked(toponym("Kabul", KABUL, "1", "Non_Toponym")), []).linked_gold == 0


def test_a_refused_mention_is_found_but_not_placed():
    mention = Mention(span=span("Kabul"), text="Kabul")
    place = Place(
        id="geonames:1", name="Kabul", feature="PPLC", country="AF", admin1=None, admin2=None,
        lat=KABUL[0], lon=KABUL[1],
    )  # fmt: skip
    candidates = (Candidate(place=place, score=0.4),)
    resolutions = tuple(
        Resolution(mention=mention, candidates=candidates, accepted=accepted)
        for accepted in (True, False)
    )
    reading = Reading(article=Article(text=TEXT), resolutions=resolutions, events=())
    assert [guess.point for guess in guesses_of(reading)] == [KABUL, None]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "gold.jsonl:2: is not JSON"),
        ("[" * 100_000, "gold.jsonl:2: is not JSON"),
        ('{"id": 1}', "gold.jsonl:2: has no 'text'"),
        ("[]", "gold.jsonl:2: is not of the expected kind"),
        ('{"id": 1, "text": null, "toponyms": []}', "gold.jsonl:2: is not of the expected kind"),
    ],
)
def test_a_broken_line_is_named(tmp_path, line, message):
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "a", "text": "", "toponyms": []}\n' + line)
    with pytest.raises(InputError, match=message):
        read_gold(path)


def test_gold_is_cleaned_as_articles_are(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text(r'{"id": "a", "text": "Kabul\ud800", "toponyms": []}')
    assert [document.article.text for document in read_gold(path)] == ["Kabul\ufffd"]


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"words\.txt: cannot be read, no such file"):
        read_word_list(tmp_path / "words.txt")


def test_a_word_list_is_folded(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("Afghan \n\nTajik\n", encoding="utf-8")
    assert read_word_list(path) == {"afghan", "tajik"}


def invented() -> tuple[list[dict], list[dict]]:
    """Return gold and readings in which every rule of the scoring has a case."""

    def gold(word, **more):
        where = span(word)
        return {"start": where.start, "end": where.end, "text": word, **more}

    def guess(word, identifier=None, lat=None, lon=None):
        where = span(word)
        place = identifier and {"id": identifier, "lat": lat, "lon": lon}
        return {"start": where.start, "end": where.end, "kind": "place", "place": place}

    toponyms = [
        gold("Kabul", lat=34.53, lon=69.17, geonameid="1138958", type="PPLC"),
        gold("Herat", lat=34.34, lon=62.2, geonameid=1140026),
        gold("Afghan", lat=33.0, lon=66.0, geonameid="1149361", type="Demonym"),
        gold("Iranian", lat=32.0, lon=53.0, geonameid="130758", type="PCLI"),
        gold("Ashgabat", lat=37.95, lon=58.38),
        gold("envoys", type="Non_Toponym", lat=1.0, lon=1.0, geonameid="5"),
        gold("town", type="Literal"),
    ]
    readings = [
        guess("Kabul", "geonames:1138958", 34.53, 69.17),
        guess("Herat and", "geonames:9", 34.0, 62.0) if "Herat and" in TEXT else guess("Herat"),
        guess("Afghan", "geonames:1149361", 33.0, 66.0),
        guess("Iranian", "geonames:130758", 32.0, 53.0),
        guess("Ashgabat town", "geonames:162183", 37.95, 58.38),
        guess("apart", "geonames:3", 10.0, 10.0),
        guess("envoys in", "geonames:4", 1.0, 1.0),
    ]
    second = [gold("Kabul", lat=34.53, lon=69.17, geonameid="1138958")]
    return (
        [
            {"id": "a", "text": TEXT, "toponyms": toponyms},
            {"id": "b", "text": TEXT, "toponyms": second},
            {"id": "c", "text": TEXT, "toponyms": second},
        ],
        [
            {"article": {"id": "a"}, "mentions": readings},
            {"article": {"id": "b"}, "mentions": [guess("Kabul", "geonames:8", 0.0, 0.0)]},
        ],
    )


def test_the_figures_are_those_of_the_reference_scorer(tmp_path):
    if not SCORER.exists():
        pytest.skip(f"needs the reference scorer, {SCORER}")
    paths = [tmp_path / "gold.jsonl", tmp_path / "readings.jsonl"]
    for path, rows in zip(paths, invented(), strict=True):
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    printed = subprocess.run(
        [sys.executable, SCORER, "places", *paths], capture_output=True, text=True, check=True
    ).stdout
    expected = {key: float(value) for key, value in map(str.split, printed.splitlines())}
    words = SCORER.parents[1] / "data" / "geoparsing" / "demonyms.txt"
    found = score(
        read_gold(paths[0]), read_guesses(paths[1]), is_demonym=read_word_list(words).__contains__
    )
    assert {k: round(v, 4) for k, v in asdict(found).items()} == expected
    assert 0 < expected["det_f1"] < 1


class Atlas:
    """Two places: a capital under its id, and a namesake far away."""

    PLACES = (
        Place(
            id="geonames:1138958",
            name="Kabul",
            feature="PPLC",
            country="AF",
            admin1=None,
            admin2=None,
            lat=KABUL[0],
            lon=KABUL[1],
        ),
        Place(
            id="geomap:stm.xx.herat",
            name="Herat",
            feature="STM",
            country=None,
            admin1=None,
            admin2=None,
            lat=34.0,
            lon=62.0,
        ),
    )

    def places_called(self, name):
        return [Named(p, "c", "P") for p in self.PLACES if p.name == name]

    def get(self, place_id):
        return next((p for p in self.PLACES if p.id == place_id), None)


def test_coverage_counts_what_could_be_found_by_class():
    gold = marked(
        toponym("Kabul", KABUL, "1138958"),
        toponym("Herat", HERAT, "1140026", "PPLA"),
        toponym("Ashgabat", (37.9, 58.4), "162183", "LK"),
    )
    assert coverage(gold, Atlas()) == {
        "city": Coverage(gold=2, near=2, by_id=1),
        "other": Coverage(gold=1, near=0, by_id=0),
        "all": Coverage(gold=3, near=2, by_id=1),
    }


def test_coverage_leaves_out_what_has_no_id_or_is_no_place():
    gold = marked(
        toponym("Kabul", KABUL),
        toponym("Herat", None, "1140026"),
        toponym("Ashgabat", KABUL, "1", "Non_Toponym"),
    )
    assert coverage(gold, Atlas()) == {}


@pytest.mark.parametrize("written", ["the Kabul", "Kabul's", "Kabul’s", "The Kabul"])
def test_coverage_looks_behind_article_and_genitive(written):
    gold = [
        GoldArticle(
            article=Article(id="a", text=written),
            toponyms=(
                Toponym(
                    span=Span(start=0, end=len(written)),
                    text=written,
                    point=KABUL,
                    geonames_id="1138958",
                ),
            ),
        )
    ]
    assert coverage(gold, Atlas())["all"] == Coverage(gold=1, near=1, by_id=1)

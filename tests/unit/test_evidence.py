"""What recognition knows of an article's stretches: words, overlaps, features and numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.mentions.accept import rows_of, shipped_model
from geomap.mentions.candidates import Scene, candidates
from geomap.mentions.entries import Entry
from geomap.mentions.evidence import Overlaps
from geomap.mentions.features import LinearModel
from geomap.mentions.measures import COLUMNS
from geomap.mentions.word_rows import FLAGS, WordRows, flags
from geomap.mentions.words import UNSEEN, known

TEXT = (
    "PESHAWAR, Pakistan - Police in Peshawar said on Monday that Jordan Bannu had left Bannu "
    "district.\nThe Peshawar Police Department, outside Mardan, Pakistan, did not comment."
)


@pytest.fixture(scope="module")
def rows(gazetteer):
    scene = Scene.of(TEXT)
    return rows_of(scene, candidates(scene, gazetteer), gazetteer)


def column(rows, name, string):
    """Return a number of the first stretch that reads as a string."""
    return rows.numbers[rows.evidence.raw.index(string), COLUMNS.index(name)]


def names(rows, string):
    return rows.features.names()[rows.evidence.raw.index(string)]


def test_words_have_the_numbers_that_they_have_one_by_one():
    table = WordRows.closed()
    words = ["london", "the", "qqxz", "ali", ",", "said"]
    rows = table.rows(words)
    assert [tuple(table.numbers[row]) for row in rows] == [known(word).numbers for word in words]
    assert [table.habits[row] for row in rows] == [known(word).habit for word in words]


def test_the_first_row_stands_for_no_word():
    table = WordRows.closed()
    assert tuple(table.numbers[0]) == UNSEEN.numbers
    assert not table.flags[0].any()


def test_a_table_of_words_grows_beyond_its_first_room():
    table = WordRows.closed()
    words = [f"word{number}" for number in range(10_000)]
    assert len(set(table.rows(words).tolist())) == len(words)
    assert table.flags[table.rows(["in"])[0], flags("preposition")[0]] == 1


def test_flags_hold_for_the_words_of_their_list_alone():
    table = WordRows.closed()
    for name in ("title", "break", "is the", "opens a region"):
        held = table.flags[table.rows(["sheriff", ".", "the", ",", "london"]), flags(name)[0]]
        wanted = [word in FLAGS[name] for word in ("sheriff", ".", "the", ",", "london")]
        assert held.tolist() == wanted


@given(
    st.sets(st.tuples(st.integers(0, 12), st.integers(1, 4)), max_size=25).map(
        lambda pairs: sorted((first, first + length) for first, length in pairs)
    )
)
def test_overlaps_are_those_of_all_pairs(spans):
    first, last = (np.array([span[i] for span in spans], dtype=np.intp) for i in (0, 1))
    found = Overlaps(first, last)
    nested, crossing = set(), set()
    for i, (a, b) in enumerate(spans):
        for k, (c, d) in enumerate(spans):
            if i != k and a <= c and d <= b:
                nested.add((i, k))
            elif a < c < b < d:
                crossing.add((i, k))
    assert set(zip(found.outer.tolist(), found.inner.tolist(), strict=True)) == nested
    assert len(found.outer) == len(nested)
    assert set(zip(*(side.tolist() for side in found.crossing), strict=True)) == crossing


def test_odds_are_the_weights_of_the_named_features(rows):
    weights = shipped_model().linear.weights
    for _ in range(2):  # once as they are worked out, once as they are remembered
        odds = shipped_model().linear.odds(rows.features)
        sums = [sum(weights.get(n, 0.0) for n in found) for found in rows.features.names()]
        assert odds == pytest.approx(sums)


def test_an_unknown_feature_weighs_nothing(rows):
    assert LinearModel({"bias": 1.5}).odds(rows.features).tolist() == [1.5] * len(rows.numbers)


def test_features_name_what_stands_around(rows):
    assert {"line start g", "caps", "after , its region"} <= {*names(rows, "PESHAWAR")}
    assert {"before=outside", "after=,", "after , its region"} <= {*names(rows, "Mardan")}
    assert {"given name and surname", "run whole"} <= {*names(rows, "Jordan Bannu")}
    assert {"holds shorter", "organisation word inside"} <= {
        *names(rows, "Peshawar Police Department")
    }


def test_numbers_tell_of_runs_strings_and_neighbours(rows):
    assert rows.numbers.shape == (len(rows.evidence.raw), len(COLUMNS))
    assert column(rows, "line start", "PESHAWAR") == 1
    assert column(rows, "region behind", "Mardan") == 3
    assert column(rows, "string count", "Bannu") == 2
    assert column(rows, "after is ,", "Mardan") == 1
    assert column(rows, "run length", "Jordan Bannu") == 2
    assert column(rows, "surname of a person", "Bannu") == 1
    assert column(rows, "demonym", "Bannu") == 0


def test_an_article_without_names_has_no_rows(gazetteer):
    rows = rows_of(Scene.of("nothing here"), [], gazetteer)
    assert rows.numbers.shape == (0, len(COLUMNS))
    assert rows.features.names() == []
    assert shipped_model().probabilities(rows).shape == (0,)


def test_an_entry_sums_up_the_places_of_a_name(gazetteer):
    entry = gazetteer.about("georgia", Entry.of)
    assert gazetteer.about("georgia", Entry.of) is entry
    assert entry.best.place.id in {n.place.id for n in entry.places}
    assert entry.rank == max(n.rank for n in entry.places)
    assert sum(entry.believed.shares) == pytest.approx(1.0)
    assert max(entry.countries.values()) == entry.rank

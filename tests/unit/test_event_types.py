from __future__ import annotations

import math

import pytest

from geomap.events.classify import classify
from geomap.events.grams import LETTER_BUCKETS, WORD_BUCKETS, grams
from geomap.events.lexicon import weigh
from geomap.events.model import _tables, labels, lexical, shares
from geomap.events.taxonomy import taxonomy


def test_grams_of_nothing_are_empty():
    assert grams("") == ({}, {})
    assert grams("12 % 34") == ({}, {})


def test_grams_count_words_pairs_and_letters_whatever_their_case():
    words, letters = grams("Gunmen fled")
    assert words == grams("GUNMEN fled")[0]
    assert len(words) == 3
    assert set(words.values()) == {1.0}
    assert max(words) < WORD_BUCKETS
    assert max(letters) < LETTER_BUCKETS


def test_a_word_told_twice_weighs_more_but_not_double():
    assert max(grams("mine mine")[0].values()) == pytest.approx(1 + math.log(2))


def test_only_the_first_two_thousand_characters_count():
    assert grams("word " * 400 + "bomb") == grams("word " * 400)


def test_the_model_has_a_row_a_bucket_and_a_column_a_label():
    tables = _tables()
    assert tables["words"].shape == (WORD_BUCKETS, len(labels()))
    assert tables["letters"].shape == (LETTER_BUCKETS, len(labels()))
    assert tables["labels"].tolist() == list(labels())


def test_shares_sum_to_one_for_a_text_and_for_nothing():
    for text in ("Rebels shelled the port.", ""):
        found = shares(text, weigh(text, taxonomy()))
        assert set(found) == set(labels())
        assert sum(found.values()) == pytest.approx(1)


def test_the_lexicon_speaks_for_the_label_of_its_likeliest_type():
    text = "The two presidents met for a summit of leaders."
    best = labels()[max(range(len(labels())), key=lambda i: lexical(text)[i])]
    assert best == "DIPLO"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "Villagers were ferried to hospital after a lorry and a coach crashed head-on.",
            "disaster",
        ),
        ("The premier flew to the island for a two-day visit.", "diplomacy.visit"),
        ("The envoys resumed negotiations over the port.", "diplomacy.talks"),
        ("The ministry threatened that it would answer with force.", "diplomacy.threat"),
        ("A crowd of bakers marched to the ministry with placards.", "protest.peaceful"),
        ("Rioters hurled bricks during the demonstration.", "riot.demonstration"),
        ("Soldiers won the hill town back from the insurgents.", "battle.territory_regained"),
        ("Insurgents overran the hill town as soldiers fled.", "battle.territory_taken"),
    ],
)
def test_a_sentence_of_no_corpus_finds_its_type(text, code):
    assert classify(text)[0][0].startswith(code)

"""Place names in other scripts and languages.

In the sentences of `scripts.tsv` a name stands in brackets, with the number of its GeoNames entry.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geomap import Pipeline, mentions
from geomap.gazetteer.inflections import base_forms
from geomap.mentions.languages import foreign, language_of

# Whether it was written with the rules or after them, the language, the sentence.
ROWS = [
    row.split("\t")
    for row in Path(__file__).with_name("scripts.tsv").read_text(encoding="utf-8").splitlines()
]
_MARKED = re.compile(r"\[([^|\]]+)\|([^\]]+)\]")


def unmarked(sentence):
    """Return the text and {(start, end): id} of a marked sentence."""
    text, places, done = "", {}, 0
    for mark in _MARKED.finditer(sentence):
        text += sentence[done : mark.start()]
        places[len(text), len(text) + len(mark[1])] = f"geonames:{mark[2]}"
        text += mark[1]
        done = mark.end()
    return text + sentence[done:], places


@pytest.fixture(scope="module")
def pipeline(gazetteer):
    return Pipeline(gazetteer)


def found_in(pipeline, text):
    return {
        (r.mention.span.start, r.mention.span.end): r.place and r.place.id
        for r in pipeline.read(text).resolutions
        if r.mention.kind != "demonym"
    }


@pytest.mark.parametrize("sentence", [row[2] for row in ROWS])
def test_nothing_but_places_is_found(pipeline, sentence):
    text, places = unmarked(sentence)
    assert found_in(pipeline, text).keys() <= places.keys()


@pytest.mark.parametrize("written", ["with", "after"])
def test_most_places_are_found_and_told(pipeline, written):
    wanted = named = told = 0
    for sentence in (row[2] for row in ROWS if row[0] == written):
        text, places = unmarked(sentence)
        found = found_in(pipeline, text)
        wanted += len(places)
        named += len(places.keys() & found.keys())
        told += sum(found.get(span) == place for span, place in places.items())
    assert named >= 0.93 * wanted
    assert told >= 0.89 * wanted


@pytest.mark.parametrize(("code", "sentence"), [row[1:] for row in ROWS])
def test_the_language_is_told(code, sentence):
    text, _ = unmarked(sentence)
    assert language_of(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The police said on Monday that three people were killed in the attack.", "en"),
        ("La polizia ha detto che tre persone sono morte nella esplosione di ieri.", "it"),
        ("A polícia disse que três pessoas não foram feridas pela explosão de ontem.", "pt"),
        ("De politie zei dat drie mensen zijn omgekomen bij een aanval op het plein.", "nl"),
        ("", None),
        ("Kabul", None),
        ("TROY, N.C. (AP) - A man was jailed in Albemarle.", None),
        ("12.04.2023 !!! ...", None),
        ("😀😀😀", None),
        ("Полиция", None),
        ("ქართული ენა", None),
    ],
)
def test_language(text, code):
    assert language_of(text) == code


def test_unsure_latin_text_is_read_as_english():
    assert foreign("Kabul") is None
    assert foreign("ქართული ენა").code == ""


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("اجتمع الوزراء في الرياض ثم توجهوا إلى بيروت وبغداد ولندن أمس.", ["الرياض", "بيروت", "بغداد", "لندن"]),  # noqa: E501
        ("В Нижнем Новгороде и в Ростове-на-Дону прошли встречи.", ["Нижнем Новгороде", "Ростове-на-Дону"]),  # noqa: E501
        ("У Києві та в Донецькій області було тихо.", ["Києві", "Донецькій області"]),
        ("Ankara'dan gelen heyet ve İzmir'deki yetkililer bir araya geldi.", ["Ankara", "İzmir"]),
        ("東京都と北京で会議が開かれた。", ["東京都", "北京"]),
        ("서울시는 부산에서 온 손님을 맞았다고 밝혔다.", ["서울시", "부산"]),
        ("Die Verhandlungen in München und Berlins Antwort darauf waren das Thema.", ["München", "Berlin"]),  # noqa: E501
        ("Le ministre de la Défense est arrivé à N'Djamena et à Bamako dans la nuit.", ["N'Djamena", "Bamako"]),  # noqa: E501
    ],
)  # fmt: skip
def test_case_endings_clitics_and_unparted_words(gazetteer, text, names):
    assert [m.text for m in mentions.find(text, gazetteer)] == names


@pytest.mark.parametrize(
    "text",
    [
        "Le directeur de la Banque de France et l'équipe du Real Madrid ne se sont pas vus.",
        "El presidente de la Universidad de Chile habló con los jugadores del Real Madrid.",
        "Die Hand am Herd, das Brot auf dem Tisch und die Halle voll: so war der Abend.",
        "Les gens de la rue de Paris ont vu Jean Berlin et sa femme passer.",
        "他说，北京大学的学生希望世界和平。",
        "Роман Владимир сказал, что Победа и Надежда не за горами.",
        "وقال محمد علي إن الحرب والسلام موضوع الكتاب الجديد.",
    ],
)
def test_words_people_and_institutions_are_no_places(gazetteer, text):
    assert [m.text for m in mentions.find(text, gazetteer) if m.kind == "place"] == []


def test_given_language_stays(pipeline):
    from geomap import Article

    read = pipeline.read(Article(text="Взрыв в Москве, и не только.", language="uk"))
    assert read.article.language == "uk"
    assert pipeline.read("Взрыв в Москве, и не только.").article.language == "ru"


@pytest.mark.parametrize(
    ("form", "base"),
    [
        ("москве", "москва"),
        ("харькова", "харьков"),
        ("києві", "київ"),
        ("тернополі", "тернопіль"),
        ("северной корее", "северная корея"),
        ("αθηνας", "αθηνα"),
    ],
)
def test_base_forms(form, base):
    from geomap.folding import fold

    assert fold(base) in base_forms(fold(form))


@pytest.mark.parametrize("name", ["kabul", "рим", "كابل", "", "a b c d", "очень много слов вместе"])
def test_no_base_forms(name):
    assert not base_forms(name) or all(len(w) >= 4 for w in base_forms(name))


def test_a_case_form_needs_a_well_known_place(gazetteer):
    assert gazetteer.places_called("Москве")
    assert not gazetteer.places_called("Абвгдежзе")

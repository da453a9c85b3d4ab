"""Bad text is read like any other, and a reading depends on nothing but its article."""

from __future__ import annotations

import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geomap import Article, Pipeline, mentions
from geomap.mentions.languages import vocabulary
from geomap.mentions.rules import find_by_rules
from geomap.serialise import json_line

pieces = st.sampled_from(
    [
        "Kabul",
        "Ka\u200bbul",
        "K\u200cabul",
        "Ka\u00adbul",
        "Каbul",  # the first two letters are Cyrillic
        "Кабул",
        "в Харькове",
        "كابل",
        "بكابل",
        "قال في",
        "ירושלים",
        "بالقاهرة",
        "北京",
        "東京都で",
        "서울에서",
        "दिल्ली में",
        "Αθήνας",
        "İstanbul'da",
        "à Londres",
        "in der Stadt Köln",
        "ß",
        "ẞ",
        "ﬁ",
        "\u202e",
        "\u202c",
        "\u2066",
        "\ud800",
        "\udfff",
        "\x00",
        "😀",
        "🇦🇫",
        "a\u0301\u0301",
        "\u0640",
        "\ufeff",
        "-",
        "'",
        ".",
        "\n",
        "\n\n",
        " ",
        "20 km north of ",
    ]
)
texts = st.lists(st.one_of(pieces, st.text(max_size=5)), max_size=30).map("".join)
codes = ["", "ar", "de", "el", "es", "fa", "fr", "he", "hi", "ja", "ko", "ru", "tr", "uk", "zh"]
relaxed = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)


@pytest.fixture(scope="module")
def pipeline():
    return Pipeline()


@relaxed
@given(text=texts)
def test_offsets_are_right_in_any_text(pipeline, text):
    reading = pipeline.read(text)
    end = 0
    for resolution in reading.resolutions:
        span = resolution.mention.span
        assert span.of(reading.article.text) == resolution.mention.text != ""
        assert end <= span.start < span.end <= len(text)
        end = span.end


@relaxed
@given(text=texts, code=st.sampled_from(codes))
def test_rules_give_right_offsets_in_any_language(gazetteer, text, code):
    end = 0
    for mention in find_by_rules(text, gazetteer, vocabulary(code)):
        assert mention.span.of(text) == mention.text
        assert mention.text.strip() == mention.text != ""
        assert end <= mention.span.start
        assert 0 <= mention.score <= 1
        end = mention.span.end


LONG = {
    "no blank": "A" * 100_000,
    "no blank, a name": "Kabul" * 20_000,
    "no blank, Chinese": "北京上海喀布尔" * 5_000,
    "hyphens": "Kabul-" * 4_000,
    "emoji": "😀🇦🇫" * 20_000,
    "marks": "a" + "\u0301" * 50_000,
    "mixed directions": "Kabul كابل \u202eKabul\u202c ירושלים " * 500,
    "zero width": "Ka\u200bbul Kan\u200ddahar " * 500,
    "homoglyphs": "Каbul in Кabul Моscow " * 500,
    "lone surrogates": "\ud800Kabul\udfff " * 1_000,
    "names around places": "The New York Times was in Kabul. " * 500,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_long_bad_text_is_read(gazetteer, text):
    for mention in mentions.find(text, gazetteer):
        assert mention.span.of(text) == mention.text


def test_ten_thousand_mentions(pipeline):
    text = "In Kabul and in Herat. " * 5_000
    found = pipeline.read(text).resolutions
    assert len(found) == 10_000
    assert {r.place.name for r in found} == {"Kabul", "Herat"}


def lines_run(work):
    """Count the lines of Python that some work runs."""
    count = 0

    def trace(_frame, event, _arg):
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "sentence",
    [
        "The New York Times was in Kabul and in Herat (St. Louis, Mo.). ",
        "В Москве и в Харькове прошли встречи. ",
        "عقدت اجتماعات في بغداد والقاهرة. ",
        "在北京和喀布尔举行会议。",
    ],
)
def test_work_grows_with_the_text_and_not_with_its_square(gazetteer, sentence):
    mentions.find(sentence, gazetteer)  # look-ups are remembered
    short, long = (
        lines_run(lambda times=times: mentions.find(sentence * times, gazetteer))
        for times in (25, 100)
    )
    assert long < 4.2 * short


SAMPLES = [
    "Gunmen attacked a police post in Bannu district of Khyber Pakhtunkhwa on Monday.",
    "Ministers met in Dushanbe and later flew to Doha.",
    "Взрыв прогремел в центре Харькова, сообщил мэр города.",
    "قال مسؤولون إن انفجارا وقع في كابل أمس.",
    "喀布尔发生爆炸，中国外交部在北京表示关注。",
    "Shells fell 20 km north of Kharkiv; two people were killed in Kharkiv on Friday.",
    "",
    "😀",
    "Paris, Texas, and Paris, France: the mayors met in Springfield.",
    "L'armée a repris la ville d'Alep, selon des sources à Londres.",
    "\ud800Kabul\udfff was quiet.",
    "Kabul " * 60,
]


def articles():
    return [Article(text=text, id=f"a{i}") for i, text in enumerate(SAMPLES)]


def test_a_reading_is_the_same_alone_in_a_batch_and_in_any_order(pipeline):
    alone = {a.id: json_line(Pipeline(pipeline.gazetteer).read(a)) for a in articles()}
    assert {r.article.id: json_line(r) for r in pipeline.read_all(articles())} == alone
    shuffled = [*articles()[::-2], *articles()[::2]]
    assert {r.article.id: json_line(r) for r in pipeline.read_all(shuffled)} == alone


@pytest.mark.parametrize("workers", [2, 3])
def test_a_reading_is_the_same_with_any_number_of_workers(pipeline, workers):
    one = [json_line(r) for r in pipeline.read_all(articles())]
    assert [json_line(r) for r in pipeline.read_all(articles(), workers=workers)] == one

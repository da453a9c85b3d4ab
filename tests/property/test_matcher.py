"""The matcher against its twin, which finds names by another way."""

from __future__ import annotations

import importlib.util
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geomap import mentions

pytest.importorskip("ahocorasick_rs", reason="needs the package ahocorasick_rs")

names = st.sampled_from(
    [
        "Kabul",
        "KABUL",
        "Kābul",
        "Kábul",
        "Sana'a",
        "Sana’a",
        "New",
        "York",
        "New York",
        "St. Louis",
        "St Louis",
        "Saint",
        "Mt.",
        "Mount Vernon",
        "Fort",
        "Ft. Worth",
        "U.S.",
        "U.S",
        "U.S.A.",
        "US",
        "Us",
        "U.K.",
        "D.C",
        "al-Bab",
        "Al Bab",
        "el-Arish",
        "Rio",
        "de",
        "Janeiro",
        "Port-au-Prince",
        "Ivory",
        "Coast",
        "Ha`il",
        "N'Djamena",
        "Côte d'Ivoire",
        "Straße",
        "Gießen",
        "İstanbul'da",
        "Łódź",
        "Ærø",
        "Kabul's",
        "Kabul’s",
        "Tehran-based",
        "Москва",
        "Москве",
        "Ка́бул",
        "Нью-Йорк",
        "Харків",
        "Αθήνα",
        "Αθήνας",
        "كابل",
        "کابل",
        "كـابل",
        "بكابل",
        "والقاهرة",
        "الـقاهرة",
        "می\u200cشهر",
        "تهران\u200cها",
        "هرات",
        "ירושלים",
        "בירושלים",
        "תל אביב",
        "दिल्ली",
        "नई दिल्ली",
        "北京",
        "東京都",
        "カブール",
        "서울에서",
        "Ｋａｂｕｌ",
        "K\u200cabul",
        "Ka\xadbul",
        "Ka\u200dbul",
    ]
)
blanks = st.sampled_from(
    [" ", "", "  ", "\n", "\n\n", "\u00a0", "\u200b", "\u200c", "\u200d", "\u200e", "\u0640"]
)
marks = st.sampled_from([*".,'’ʼ-\u2010–()as😀\ud800", "'s", "’s"])
texts = st.lists(st.one_of(names, blanks, marks, st.text(max_size=4)), max_size=14).map("".join)
relaxed = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200
)


@pytest.fixture(scope="module")
def twin(repository):
    spec = importlib.util.spec_from_file_location("twin", repository / "bench" / "twin.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Twin(module.gazetteer_names())


@relaxed
@given(text=texts)
def test_the_twin_finds_the_same_spans(gazetteer, twin, text):
    ours = [tuple(match) for match in mentions.matches(text, gazetteer)]
    assert ours == twin.matches(text)


@pytest.mark.slow
def test_the_twin_finds_the_same_spans_in_the_development_articles(gazetteer, twin, shared):
    paths = sorted((shared / "data" / "geoparsing").glob("*.dev.jsonl"))
    if not paths:
        pytest.skip("needs the development articles in ../shared")
    for path in paths:
        for line in path.read_text(encoding="utf-8").strip().split("\n"):
            text = json.loads(line)["text"]
            ours = [tuple(match) for match in mentions.matches(text, gazetteer)]
            assert ours == twin.matches(text)

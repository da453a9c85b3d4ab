from __future__ import annotations

import pytest

from geomap.folding import fold, fold_mapped


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Kābul", "kabul"),
        ("KABUL", "kabul"),
        ("Ka\u0304bul", "kabul"),
        ("Sana'a", "sanaa"),
        ("Sana\u2019a", "sanaa"),
        ("Khan-Younis", "khan younis"),
        ("New\n York", "new york"),
        ("New\u00a0York", "new york"),
        ("Gießen", "giessen"),
        ("Łódź", "lodz"),
        ("كابل", "کابل"),
        ("مي\u200cدان", "میدان"),
        ("Ялта́", "ялта"),
        ("가자", "가자"),
        ("दिल्ली", "दिल्ली"),
        ("", ""),
        ("'", ""),
    ],
)
def test_fold(written, folded):
    assert fold(written) == folded


def test_paragraph_break_parts_names():
    assert "new york" not in fold_mapped("in New\n\nYork").text
    assert "new york" in fold_mapped("in New\nYork").text


@pytest.mark.parametrize(
    "text", ["Sana'a's old town", "Straße 5", "Kābul  and\n\nGhaznī", "l’Aquila"]
)
def test_the_way_back_starts_where_the_character_stood(text):
    folded = fold_mapped(text)
    for index in range(len(folded.text)):
        origin = folded.start(index)
        assert folded.start(folded.at(origin)) == origin
        assert fold(text[origin])[:1] in {"", folded.text[index], folded.text[folded.at(origin)]}

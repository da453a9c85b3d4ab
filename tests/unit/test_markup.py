from __future__ import annotations

import geomap as gm

HOSTILE = "<script>alert(1)</script> {{7*7}} hit Kabul & Herat on Monday, killing 3 people."


def test_a_reading_is_marked_up_for_notebooks(gazetteer):
    reading = gm.Pipeline(gazetteer).read("Gunmen attacked a market in Peshawar on Monday.")
    html = reading._repr_html_()
    assert "Peshawar</mark>" in html
    assert "attacked</mark>" in html
    assert "violence.attack" in html
    assert "Khyber Pakhtunkhwa" in html


def test_text_is_escaped(gazetteer):
    article = gm.Article(text=HOSTILE, title='"><img src=x onerror=alert(1)>')
    html = gm.Pipeline(gazetteer).read(article)._repr_html_()
    assert "<script" not in html
    assert "<img" not in html
    assert "&amp;" in html


def test_nothing_found_says_so(gazetteer):
    assert "No events." in gm.Pipeline(gazetteer).read("")._repr_html_()

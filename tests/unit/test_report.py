"""Reports: figures that add up to what the sources say and no more, in four kinds of file."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from markdown_it import MarkdownIt

import geomap as gm
from geomap.maps.layers import GROUPS
from geomap.maps.spots import Spots
from geomap.model import Casualties
from geomap.report import write_report
from geomap.report.cases import cases_of, in_total, prepared
from geomap.report.chart import bins_of, chart
from geomap.report.frame import embed
from geomap.report.markdown import escaped

FORMS = ("html", "md", "docx", "ipynb")


@pytest.fixture
def told(reading_of):
    """Return three readings: two of one attack with different tolls, one of another."""

    def toll(reading, low, best, high, hurt=None):
        event = replace(reading.events[0], fatalities=Casualties(low=low, best=best, high=high))
        return replace(reading, events=(replace(event, injured=hurt),))

    first = reading_of(
        "a", source="The Bell", title="Attack in Bannu", url="https://bell.example/1"
    )
    second = reading_of("b", source="The Post", title="Bannu attacked")
    other = reading_of(
        "c", source="The Bell", told=(("Kohat", 33.58, 71.44),), day=date(2023, 3, 20)
    )
    return [toll(first, 4, 4, 4, 9), toll(second, 6, 6, 6, 12), toll(other, 2, 2, None)]


@pytest.fixture
def write(tmp_path, gazetteer):
    """Return a function that writes a report and gives what it says."""

    def written(events, form="html", **options):
        path = tmp_path / f"brief.{form}"
        write_report(events, path, gazetteer=gazetteer, **options)
        return words_of(path)

    return written


def words_of(path):
    """Return the text of a report."""
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as archive:
            root = ET.fromstring(archive.read("word/document.xml"))  # noqa: S314 - ours
        name = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
        paragraphs = root.iter(f"{name}p")
        return "\n".join("".join(t.text or "" for t in p.iter(f"{name}t")) for p in paragraphs)
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    return text


def test_tolls_of_one_incident_are_a_range_and_only_incidents_add_up(told, gazetteer):
    cases = cases_of(prepared(told), Spots(gazetteer))
    assert [(case.toll.low, case.toll.best, case.toll.high) for case in cases] == [
        (4, 6, 6),
        (2, 2, None),
    ]
    assert in_total([case.toll for case in cases]) == Casualties(low=6, best=8, high=None)
    assert in_total([cases[0].toll]) == Casualties(low=4, best=6, high=6)
    assert in_total([]) is None


def test_a_frame_of_the_store_tells_the_same(told, gazetteer, tmp_path):
    with gm.Store(tmp_path / "s.gpkg") as store:
        store.add(told)
        frame, incidents = store.events(), store.incidents()
    by_frame, by_incident = (cases_of(prepared(g), Spots(gazetteer)) for g in (frame, incidents))
    assert [case.toll for case in by_frame] == [case.toll for case in by_incident]
    assert [len(case.sources) for case in by_frame] == [2, 1]
    assert [case.harm for case in by_frame] == [case.harm for case in by_incident]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_tells_figures_quotes_sources_and_limits(write, told, form):
    words = write(told, form, title="Bannu & Kohat", asked="country PK")
    for said in (
        "Bannu", "Kohat", "country PK", "7 March 2023 – 20 March 2023", "at least 6 killed",
        "4–6 killed", "12 injured", "Gunmen", "The Bell", "The Post", "Attack in Bannu",
        "Method and limits", "CC BY 4.0", "Natural Earth", "never added up",
    ):  # fmt: skip
        assert said in words, said


@pytest.mark.parametrize("form", FORMS)
def test_a_report_of_nothing_says_so(write, form):
    words = write([], form)
    assert "No incidents were found" in words
    assert "Method and limits" in words


@pytest.mark.parametrize("form", FORMS)
def test_the_same_events_give_the_same_bytes(told, gazetteer, tmp_path, form):
    paths = [tmp_path / name / f"brief.{form}" for name in ("one", "two")]
    for path in paths:
        path.parent.mkdir()
        write_report(told, path, gazetteer=gazetteer)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_what_was_written_is_told_and_markdown_keeps_its_pictures_beside_it(
    told, gazetteer, tmp_path
):
    path = tmp_path / "my brief (1).md"
    written = write_report(told, path, gazetteer=gazetteer)
    assert [file.name for file in written] == [
        "my brief (1).md", "my brief (1)-map.svg", "my brief (1)-chart.svg",
    ]  # fmt: skip
    assert all(file.read_text(encoding="utf-8") for file in written)
    assert "](my%20brief%20%281%29-map.svg)" in path.read_text(encoding="utf-8")


def test_what_is_known_to_its_country_is_listed(write, reading_of):
    vague = reading_of("v", told=(("Pakistan", 30.0, 70.0),), precision="country")
    words = write([vague])
    assert "Located only to country, so not drawn: Pakistan 1." in words
    assert "known only to the country 1" in words


def test_only_the_weightiest_are_quoted_and_the_report_says_so(write, told):
    words = write(told, "md", limit=1)
    assert words.count("\n> ") == 2
    assert "Quotes follow for 1 of them" in words
    assert "| – |" in words


def test_old_files_stay_when_a_report_fails(gazetteer, tmp_path):
    path = tmp_path / "brief.html"
    path.write_text("old")
    with pytest.raises(gm.InputError):
        write_report([1], path, gazetteer=gazetteer)
    assert path.read_text() == "old"


def test_wrong_input_is_named(told, gazetteer, tmp_path):
    for wrong in ("text", {"a": 1}, 5, [None]):
        with pytest.raises(gm.InputError, match="a report tells of"):
            write_report(wrong, tmp_path / "a.html", gazetteer=gazetteer)
    with pytest.raises(gm.OutputError, match="a report is"):
        write_report(told, tmp_path / "a.pdf")
    with pytest.raises(gm.OutputError, match="no folder"):
        write_report(told, tmp_path / "none" / "a.html")
    with pytest.raises(gm.InputError, match="limit"):
        write_report(told, tmp_path / "a.html", limit=-1)
    with pytest.raises(gm.InputError, match="borders"):
        write_report(told, tmp_path / "a.html", borders="x")


def test_a_docx_needs_the_extra_and_says_so_before_the_work(monkeypatch, tmp_path):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(gm.OutputError, match=r"pip install 'geomap\[report\]'"):
        write_report([], tmp_path / "a.docx")


def test_a_docx_is_an_archive_of_sound_parts(told, gazetteer, tmp_path):
    path = tmp_path / "brief.docx"
    write_report(told, path, gazetteer=gazetteer)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        parts = {name: archive.read(name) for name in archive.namelist()}
    roots = {
        name: ET.fromstring(part)  # noqa: S314 - ours
        for name, part in parts.items()
        if name.endswith((".xml", ".rels"))
    }
    links = list(roots["word/_rels/document.xml.rels"])
    inside = {f"word/{link.get('Target')}" for link in links if not link.get("TargetMode")}
    assert inside <= set(parts)
    outside = [link.get("Target") for link in links if link.get("TargetMode")]
    assert outside == ["https://bell.example/1"]
    assert sum(name.endswith(".png") for name in parts) == 2
    described = [
        node.get("descr") for node in roots["word/document.xml"].iter() if node.get("descr")
    ]
    assert any(words.startswith("Map of 2 incidents") for words in described)


def test_a_notebook_is_sound_and_its_code_is_ours(told, gazetteer, tmp_path):
    path = tmp_path / "brief.ipynb"
    write_report(told, path, gazetteer=gazetteer, title="import os")
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(ids) == len(set(ids))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert ["".join(cell["source"])[0] for cell in code] == ["#", "#"]
    shown = code[0]["outputs"][0]["data"]
    assert sorted(shown) == ["image/png", "image/svg+xml", "text/html", "text/plain"]
    assert "".join(shown["text/html"]).startswith("<iframe ")


@pytest.mark.parametrize(
    "text",
    [
        "*a* _b_ `c` ~~d~~ **e**",
        "# no heading",
        "1. no list",
        "- no list",
        "+ no list",
        "> no quote",
        "[a](javascript:x) ![b](c) <b>bold</b> &amp; &copy;",
        "http://a.example www.a.example @who #1 :smile:",
        "a | b | c",
        "\\* \\",
        "{{ x }} {% y %} ${z} {{< w >}}",
        "=====",
        "---",
        "    code",
        "<!-- comment -->",
        "[^1]: note",
    ],
)
@pytest.mark.parametrize(
    "where", ["{}", "word {} word", "> {}", "| {} | b |\n| --- | --- |\n| {} |"]
)
def test_markdown_shows_any_text_literally(text, where):
    rendered = MarkdownIt("commonmark").enable("table").render(where.replace("{}", escaped(text)))
    root = ET.fromstring(f"<d>{rendered}</d>")  # noqa: S314 - ours
    assert " ".join(text.split()) in " ".join("".join(root.itertext()).split())
    tags = {node.tag for node in root.iter()}
    assert tags <= {"d", "p", "blockquote", "table", "thead", "tbody", "tr", "th", "td"}


def test_a_chart_counts_by_week_then_month_then_year(told, gazetteer):
    cases = cases_of(prepared(told), Spots(gazetteer))
    bins = bins_of(cases)
    assert (bins.unit, bins.left_out) == ("week", 0)
    assert list(bins.starts) == [date(2023, 3, 6), date(2023, 3, 13), date(2023, 3, 20)]
    assert [sum(count.values()) for count in bins.counts] == [1, 0, 1]
    violence = next(group for group in GROUPS if group.key == "violence")
    assert bins.counts[0] == Counter({violence: 1})
    assert "most in the week of 6 March 2023: 1" in chart(bins).description

    def moved(years):
        mark = cases[0].head._replace(first=date(2023 - years, 1, 5), last=date(2023 - years, 1, 5))
        return [replace(cases[0], head=mark), cases[1]]

    assert bins_of(moved(2)).unit == "week" or len(bins_of(moved(2)).starts) <= 80
    assert bins_of(moved(5)).unit == "month"
    assert bins_of(moved(30)).unit == "year"
    old = bins_of(moved(900))
    assert (old.unit, len(old.starts), old.left_out) == ("year", 80, 1)


def test_a_chart_leaves_out_what_is_dated_less_closely(told, gazetteer):
    cases = cases_of(prepared(told), Spots(gazetteer))
    loose = cases[0].head._replace(first=date(2023, 1, 1), last=date(2023, 12, 31))
    bins = bins_of([replace(cases[0], head=loose), cases[1]])
    assert bins.left_out == 1
    nothing = bins_of([])
    assert (list(nothing.starts), nothing.left_out) == ([], 0)
    assert chart(nothing).description.startswith("A chart without incidents")


def test_embed_gives_one_sandboxed_line(told, gazetteer):
    snippet = embed(gm.draw(told, gazetteer=gazetteer), height="60vh", title='a "b"')
    assert snippet.startswith('<iframe title="a &quot;b&quot;" sandbox="allow-scripts ')
    assert "allow-same-origin" not in snippet
    assert "height:60vh" in snippet
    assert "\n" not in snippet
    for wrong in ("60", "1px;color:red", "", "calc(1px)"):
        with pytest.raises(gm.InputError, match="height"):
            embed(gm.draw([], gazetteer=gazetteer), height=wrong)


def test_a_frame_of_little_is_enough(write):
    frame = pd.DataFrame({"type": ["riot.mob"], "lat": [34.0], "lon": [71.5]})
    words = write(frame, "md")
    assert "Incidents | **1**" in words
    assert "(no quote)" in words


HOSTILE = (
    "{{7*7}} {% x %} {# c #} ${window.hit=1} {{< include x >}}",
    "</w:t></w:r><w:r><w:instrText>DDEAUTO x</w:instrText>",
    "</script><script>hit()</script> <img src=x onerror=hit()>",
    "[a](javascript:hit()) ![b](http://evil.example/b.png) `c` | d",
    "*a* _b_ ~~c~~ $x$ #1 @who :smile: www.evil.example",
    "nul \x00 half \ud800 line\u2028break \u202eturned",
    "=cmd|' /C calc'!A0",
)


@pytest.fixture
def hostile():
    """Return a frame whose every text is hostile, links included."""
    rows = [
        {
            "type": "riot.mob",
            "lat": 34.0,
            "lon": 71.5,
            **dict.fromkeys(("title", "source", "place", "admin1", "attributed_to"), text),
            "url": 'javascript:hit() "' if number % 2 else f"https://a.example/{text}",
            "marks": json.dumps([["text", text], ["trigger", text], ["place", text]]),
            "actors": json.dumps([{"text": text, "role": "actor"}]),
            "reasons": json.dumps([text]),
            "rejected": json.dumps([text]),
        }
        for number, text in enumerate(HOSTILE)
    ]
    return pd.DataFrame(rows, dtype=object)


def as_shown(text):
    """Return a text as a file without line breaks can hold it."""
    clean = text.replace("\x00", "\ufffd").replace("\ud800", "\ufffd").replace("\u2028", " ")
    return clean + ("\u202c" if "\u202e" in clean else "")


def test_a_docx_of_hostile_text_is_text(write, hostile, tmp_path):
    words = write(hostile, "docx", title=HOSTILE[1], asked=HOSTILE[2])
    for text in HOSTILE:
        assert words.count(as_shown(text)) > 5, text
    with zipfile.ZipFile(tmp_path / "brief.docx") as archive:
        document = archive.read("word/document.xml").decode()
        links = archive.read("word/_rels/document.xml.rels").decode()
    assert "<w:instrText" not in document
    assert "<w:fldSimple" not in document
    assert "javascript" not in links
    assert links.count("https://a.example/") == 4


@pytest.mark.parametrize("form", ["md", "ipynb"])
def test_markdown_of_hostile_text_is_text(write, hostile, form):
    words = write(hostile, form, title=HOSTILE[0], asked=HOSTILE[3])
    rendered = MarkdownIt("commonmark").enable("table").render(words)
    root = ET.fromstring(f"<d>{rendered.replace('<br>', '<br/>')}</d>")  # noqa: S314 - ours
    shown = " ".join("".join(root.itertext()).split())
    for text in HOSTILE:
        assert shown.count(" ".join(as_shown(text).split())) > 5, text
    assert {node.get("src") for node in root.iter("img")} <= {"brief-map.svg", "brief-chart.svg"}
    links = {node.get("href") for node in root.iter("a")}
    assert all(link.startswith("https://a.example/") for link in links)
    assert not {node.tag for node in root.iter()} & {"script", "iframe", "svg"}

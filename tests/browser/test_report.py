"""Reports and still maps in a real browser: any text is shown, none of it runs or asks."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from geomap.maps import draw
from geomap.maps.still import static_map
from geomap.report import embed, write_report

HARMLESS = {"hit": "undefined", "console": [], "requests": [], "scripts": 0}


def test_a_report_of_hostile_text_shows_it_and_runs_nothing(
    driver, opened, hostile, payloads, atlas, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    title = " ".join(payloads)
    path = tmp_path / "brief.html"
    write_report(hostile, path, title=title[:290], asked=title, gazetteer=atlas)
    assert opened(path) == HARMLESS
    text = driver.execute_script("return document.querySelector('main').textContent")
    for payload in payloads.values():
        assert payload in text
        assert f"before {payload}" in text
    assert [file.name for file in tmp_path.iterdir()] == ["brief.html"]
    links = driver.execute_script(
        "return [...new Set([...document.querySelectorAll('a')].map((a) => a.protocol))].sort()"
    )
    assert links == ["file:", "https:"]


def test_the_map_of_a_report_runs_in_its_sandbox(driver, hostile, atlas, tmp_path):
    path = tmp_path / "brief.html"
    write_report(hostile.head(3), path, gazetteer=atlas)
    driver.get_log("browser")
    driver.get(path.as_uri())
    frame = driver.execute_script("return document.querySelector('iframe')")
    driver.execute_script("arguments[0].scrollIntoView()", frame)
    driver.switch_to.frame(frame)
    try:
        driver.execute_async_script(
            "const done = arguments[0]; (function wait() {"
            " document.querySelector('[data-ready]') ? done() : setTimeout(wait, 20); })();"
        )
        assert driver.execute_script("return window.origin") == "null"
        assert driver.execute_script("return typeof window.hit") == "undefined"
    finally:
        driver.switch_to.default_content()
    assert driver.get_log("browser") == []


@pytest.mark.parametrize("width", [600, 1000])
def test_a_still_map_of_hostile_text_is_a_picture(driver, opened, hostile, atlas, tmp_path, width):
    path = tmp_path / "map.svg"
    title = "</script><script>window.hit = 1</script>"
    static_map(hostile, title=title, gazetteer=atlas, width=width).save(path)
    assert opened(path) == HARMLESS
    texts = driver.execute_script(
        "return [...document.querySelectorAll('text')].map((node) => node.textContent)"
    )
    assert title in texts


def test_names_on_a_still_map_cover_no_other(driver, gazetteer, tmp_path):
    points = [(34.0, 71.5), (34.1, 71.9), (33.7, 73.0), (34.2, 72.0), (33.6, 71.4), (32.9, 70.6)]
    frame = pd.DataFrame(
        {
            "type": ["battle.clash"] * len(points),
            "lat": [lat for lat, _ in points],
            "lon": [lon for _, lon in points],
            "place": [f"Town number {number}" for number in range(len(points))],
        }
    )
    path = tmp_path / "map.svg"
    static_map(frame, gazetteer=gazetteer).save(path)
    driver.get(path.as_uri())
    boxes = driver.execute_script(
        "return [...document.querySelectorAll('g text')].map((node) => {"
        " const b = node.getBBox(); return [b.x, b.y + 3, b.x + b.width, b.y + b.height - 3]; })"
    )
    assert len(boxes) > len(points)
    meeting = [
        (a, b)
        for number, a in enumerate(boxes)
        for b in boxes[:number]
        if a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1]
    ]
    assert meeting == []


def test_an_embedded_map_works_in_any_page(driver, hostile, atlas, tmp_path):
    snippet = embed(draw(hostile.head(5), gazetteer=atlas), height=300, title='x" onload="hit=1')
    assert "\n" not in snippet
    assert "{{" not in snippet
    page = tmp_path / "page.html"
    page.write_text(f"<!DOCTYPE html><title>p</title><p>Text.</p>{snippet}", encoding="utf-8")
    driver.get_log("browser")
    driver.get(page.as_uri())
    frame = driver.execute_script("return document.querySelector('iframe')")
    assert driver.execute_script("return document.querySelector('iframe').clientHeight") == 300
    driver.switch_to.frame(frame)
    try:
        driver.execute_async_script(
            "const done = arguments[0]; (function wait() {"
            " document.querySelector('[data-ready]') ? done() : setTimeout(wait, 20); })();"
        )
    finally:
        driver.switch_to.default_content()
    assert driver.get_log("browser") == []
    assert driver.execute_script("return typeof window.hit") == "undefined"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_report(driver, gazetteer, reading_of, tmp_path, scheme):
    axe = pytest.importorskip("axe_selenium_python", reason="axe-selenium-python is not installed")
    code = Path(axe.__file__).with_name("node_modules") / "axe-core" / "axe.min.js"
    path = tmp_path / "brief.html"
    article = {"title": "Attack", "url": "https://bell.example/1", "source": "The Bell"}
    write_report([reading_of("a", **article)], path, title="Bannu", gazetteer=gazetteer)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    try:
        driver.get(path.as_uri())
        driver.execute_script(code.read_text("utf-8"))
        # The map has its own audit.
        found = driver.execute_async_script(
            "const done = arguments[0]; axe.run({ exclude: ['iframe'] }).then(({ violations }) =>"
            " done(violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html).join(' | '))))"
        )
    finally:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert found == []


def test_a_report_prints_the_still_map(driver, hostile, atlas, tmp_path):
    path = tmp_path / "brief.html"
    write_report(hostile.head(3), path, gazetteer=atlas)
    driver.get(path.as_uri())
    seen = "return [...document.querySelectorAll('.screen, .print')].map((n) => n.clientHeight > 0)"
    assert driver.execute_script(seen) == [True, False]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert driver.execute_script(seen) == [False, True]
    finally:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})

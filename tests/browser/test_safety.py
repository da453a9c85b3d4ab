"""Every field of a map times every hostile text: shown as it stands, and nothing runs."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET

import folium
import pytest
from folium.plugins import MousePosition

from geomap.maps import draw

GM = "const gm = window.geomapViewer, view = gm.view;"
READY = (
    "const done = arguments[0]; (function wait() {"
    " document.querySelector('[data-ready]') ? done() : setTimeout(wait, 20); })();"
)
# A file may be called nearly anything.
NAME = "{{7*7}} ${window.hit=1} `b` <img src=x onerror='window.hit=1'> {% x %}.html"
# The texts of each card by the part that shows them, everything unfolded.
CARDS = """
const parts = { title: '.gm-title', where: '.gm-strong + bdi', place: 'bdi.gm-strong',
  outlet: '.gm-outlet', quote: '.gm-quote', trigger: 'mark.gm-trigger',
  marked: 'mark.gm-place', lists: '.gm-fold li', facts: '.gm-facts' };
return Array.from({ length: view.data.count }, (_, i) => {
  const card = gm.incidentCard(view, i);
  return Object.fromEntries(Object.entries(parts).map(([name, selector]) =>
    [name, [...card.querySelectorAll(selector)].map((node) => node.textContent)]));
});
"""
LISTED = "return [...document.querySelectorAll(arguments[0])].map((node) => node.textContent)"


def visible(text):
    """Return a text as the page's own script reads it."""
    return text.replace("\ud800", "\ufffd")


@pytest.fixture
def open_map(driver, requests, hostile, atlas, tmp_path, monkeypatch):
    """Return a function that saves a map of hostile text, and opens it."""

    def opened(*parts, **options):
        monkeypatch.chdir(tmp_path)
        drawn = draw(hostile, gazetteer=atlas, title=" ".join(hostile["title"][:-1]), **options)
        for part in parts:
            part.add_to(drawn)
        if parts:
            drawn.get_root().html.add_child(folium.Element(MOUSE))
        drawn.save(NAME)
        driver.get_log("browser")
        driver.get("about:blank")
        requests()
        driver.get((tmp_path / NAME).as_uri())
        driver.execute_async_script(READY)
        return driver

    return opened


# What the script of this plugin would bring, as docs/maps.md embeds it in place of the link.
MOUSE = (
    "{% raw %}<script>const braces = '{{7*7}} {%';"
    "L.Control.MousePosition = L.Control.extend("
    "{ onAdd: () => L.DomUtil.create('div', 'mouse') });"
    "L.control.mousePosition = () => new L.Control.MousePosition();</script>{% endraw %}"
)


def mouse_position():
    plugin = MousePosition()
    plugin.default_js, plugin.default_css = [], []
    return plugin


@pytest.mark.parametrize("plugins", [(), (mouse_position,)], ids=["alone", "with a plugin"])
def test_hostile_text_in_every_field_of_a_map(open_map, requests, hostile, tmp_path, plugins):
    driver = open_map(*(make() for make in plugins), layers_by="source")
    texts = list(map(visible, hostile["title"]))
    run = lambda code, *given: driver.execute_script(GM + code, *given)  # noqa: E731
    assert run("return document.querySelectorAll('.mouse').length") == len(plugins)
    assert run(LISTED, ".gm-heading h1") == [" ".join(texts[:-1])]
    for text, card in zip(texts, run(CARDS), strict=True):
        # The headline is trimmed, and ends of lines are no more in it than blanks.
        assert card["title"] == [text.strip()]
        for part in ("place", "where", "trigger", "marked", "outlet"):
            assert text in card[part][0], part
        assert card["quote"] == [f"before {text}{text}"]
        assert card["lists"] == [text, text]
        assert card["facts"][0].count(text) >= 4
    named = run(LISTED, ".gm-legend .gm-name")
    assert {text.strip() for text in named} & {text.strip() for text in texts}
    run("view.panelButton.click(); view.tableButton.click();")
    run("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    driver.execute_async_script("setTimeout(arguments[0], 200)")
    for selector in (".gm-panel .gm-row-title", ".gm-table tbody th"):
        assert run(LISTED, selector) == [text.strip() for text in texts]
    assert run("return typeof window.hit") == "undefined"
    assert run("return document.querySelectorAll('img[src=x], a[href^=javascript]').length") == 0
    links = run("return [...document.querySelectorAll('.gm-link')].map((a) => a.protocol)")
    assert set(links) <= {"https:"}
    assert driver.get_log("browser") == []
    assert requests() == []
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_hostile_text_in_what_is_taken_along(open_map, hostile):
    driver = open_map()

    def file_of(form):
        return driver.execute_async_script(
            GM + f"const done = arguments[0]; gm.fileOf(view, '{form}').then(done)"
        )

    texts = [visible(text).strip() for text in hostile["title"]]
    features = json.loads(file_of("geojson"))["features"]
    assert [feature["properties"]["title"] for feature in features] == texts
    # The 1 MB text is beyond what Python's reader of CSV takes by itself.
    limit = csv.field_size_limit(3_000_000)
    try:
        rows = list(csv.DictReader(io.StringIO(file_of("csv"), newline="")))
    finally:
        csv.field_size_limit(limit)
    assert [row["title"] for row in rows] == texts
    assert all(
        row["quote"] == f"before {text}{text}"
        for row, text in zip(rows, map(visible, hostile["title"]), strict=True)
    )
    kml = ET.fromstring(file_of("kml"))  # noqa: S314 - our own text
    names = [node.text for node in kml.iter("{http://www.opengis.net/kml/2.2}name")]
    assert names[1:] == [text.replace("\x00", "\ufffd") for text in texts]
    links = [node.text for node in kml.iter("{http://www.opengis.net/kml/2.2}href")]
    assert links == []

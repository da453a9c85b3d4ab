"""What readers do with a map: filter, look for, sort, take along, send on, hear and print."""

from __future__ import annotations

import base64
import csv
import html
import io
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd
import pytest

from geomap.maps import draw

READY = (
    "const done = arguments[0]; (function wait() {"
    " document.querySelector('[data-ready]') ? done() : setTimeout(wait, 20); })();"
)
GM = "const gm = window.geomapViewer, view = gm.view;"
ROWS = (
    ("Depot raided", "violence.attack", "2024-01-10", 45.0, 5.0, "The Bell", 3),
    ("Talks held", "diplomacy.talks", "2024-02-20", 45.5, 6.0, "The Post", None),
    ("Shops looted", "riot.mob", "2024-03-30", 46.0, 7.0, "The Bell", 0),
    ("A rumour", "riot.mob", None, 46.5, 8.0, "The Mail", None),
)


def frame_of(rows=ROWS, **columns):
    frame = pd.DataFrame(
        [
            {
                "title": title,
                "type": kind,
                "date_first": day,
                "date_last": day,
                "date_precision": "day",
                "lat": lat,
                "lon": lon,
                "source": source,
                "fatalities_best": dead,
                "place": f"Town {number}",
                "geo_precision": "town",
                "quote": f"Witnesses told of it, number {number}.",
                "actors": json.dumps([{"text": f"Group {number}", "role": "actor"}]),
            }
            for number, (title, kind, day, lat, lon, source, dead) in enumerate(rows)
        ],
        index=[f"e{number}" for number in range(len(rows))],
    )
    return frame.assign(**columns)


def run(driver, code):
    return driver.execute_script(GM + code)


def wait(driver, milliseconds):
    driver.execute_async_script(f"setTimeout(arguments[0], {milliseconds})")


def titles(driver):
    """Return the headlines of what is shown."""
    return run(
        driver, "return [...gm.shownMarks(view)].map((i) => view.data.texts.text(i, 'title'))"
    )


def file_of(driver, form):
    return driver.execute_async_script(
        GM + f"const done = arguments[0]; gm.fileOf(view, '{form}').then(done)"
    )


def set_handle(driver, number, day):
    run(
        driver,
        f"const input = document.querySelectorAll('.gm-handle')[{number}];"
        f"input.value = gm.dayOf('{day}'); input.dispatchEvent(new Event('input'));",
    )
    wait(driver, 60)


def tick(driver, label):
    run(
        driver,
        "[...document.querySelectorAll('.gm-legend .gm-tick')]"
        f".find((row) => row.textContent.startsWith('{label}')).querySelector('input').click();",
    )


def test_the_handles_choose_days(show):
    driver = show(frame_of())
    set_handle(driver, 0, "2024-02-01")
    assert titles(driver) == ["Talks held", "Shops looted", "A rumour"]
    set_handle(driver, 1, "2024-03-01")
    assert titles(driver) == ["Talks held", "A rumour"]
    run(driver, "document.querySelector('.gm-undated input').click()")
    assert titles(driver) == ["Talks held"]
    assert run(driver, "return document.querySelector('.gm-live').textContent") == "Showing 1 of 4"
    low = run(driver, "return document.querySelector('.gm-handle').getAttribute('aria-valuetext')")
    assert low == "1 Feb 2024"


def test_an_interval_is_shown_while_any_of_it_is_chosen(show):
    rows = [(*ROWS[0][:2], day, *ROWS[0][3:]) for day in ("2024-01-01", "2024-12-31")]
    frame = frame_of((*rows, ROWS[1]), date_last=["2024-01-01", "2024-12-31", "2024-08-31"])
    driver = show(frame.assign(date_precision=["day", "day", "month"]))
    set_handle(driver, 0, "2024-08-15")
    assert titles(driver) == ["Depot raided", "Talks held"]


def test_play_moves_the_chosen_days_and_stops(show):
    driver = show(frame_of())
    run(driver, "document.querySelector('.gm-play').click()")
    first = run(driver, "return view.filter.to")
    wait(driver, 500)
    assert run(driver, "return view.filter.from") > run(driver, "return view.time.from")
    run(driver, "document.querySelector('.gm-play').click()")
    stopped = run(driver, "return view.filter.to || 1e9")
    wait(driver, 300)
    assert run(driver, "return view.filter.to || 1e9") == stopped > first


def test_types_within_a_layer_and_sources_are_switched(show):
    rows = [
        *ROWS,
        ("Hall stormed", "riot.demonstration", "2024-02-02", 45.2, 5.2, "The Post", None),
    ]
    driver = show(frame_of(rows))
    run(driver, "document.querySelector('.gm-unfold').click()")
    tick(driver, "Mob violence")
    assert titles(driver) == ["Depot raided", "Talks held", "Hall stormed"]
    run(driver, "document.querySelector('.gm-section').open = true")
    tick(driver, "The Post")
    assert titles(driver) == ["Depot raided"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("talks", ["Talks held"]),
        ("TOWN 2", ["Shops looted"]),
        ("group 0", ["Depot raided"]),
        ("number 1 told", ["Talks held"]),
        ("Ťálks", ["Talks held"]),
        ("nothing of this", []),
    ],
)
def test_words_are_found_in_titles_places_quotes_and_actors(show, words, found):
    driver = show(frame_of())
    driver.execute_async_script(f"{GM} gm.search(view, {words!r}).then(arguments[0])")
    assert titles(driver) == found


def test_the_table_is_sorted_by_its_heads_and_opens_cards(show):
    driver = show(frame_of())
    run(driver, "view.tableButton.click()")
    wait(driver, 50)
    cells = "return [...document.querySelectorAll('.gm-table tbody th')].map((c) => c.textContent)"
    assert run(driver, cells) == [row[0] for row in ROWS]
    sort = "document.querySelectorAll('.gm-sort')[2].click()"
    run(driver, sort)
    wait(driver, 50)
    assert run(driver, cells) == sorted(row[0] for row in ROWS)
    run(driver, sort)
    wait(driver, 50)
    assert run(driver, cells) == sorted((row[0] for row in ROWS), reverse=True)
    states = "return [...document.querySelectorAll('.gm-table thead th')].map((h) => h.ariaSort)"
    assert run(driver, states)[2] == "descending"
    run(driver, "document.querySelector('.gm-cell-open').click()")
    wait(driver, 50)
    title = run(driver, "return document.querySelector('.gm-popup .gm-title').textContent")
    assert title == "Talks held"


def test_geojson_holds_what_is_shown(show):
    driver = show(frame_of(radius_km=[None, None, 5.0, None]))
    tick(driver, "Diplomacy")
    found = json.loads(file_of(driver, "geojson"))
    assert "GeoNames" in found["attribution"]
    assert [f["properties"]["title"] for f in found["features"]] == [
        "Depot raided",
        "Shops looted",
        "A rumour",
    ]
    point, circle, _ = (feature["geometry"] for feature in found["features"])
    assert point == {"type": "Point", "coordinates": [5, 45]}
    assert circle["type"] == "Polygon"
    assert found["features"][0]["properties"]["fatalities"] == 3


def test_csv_runs_no_formula_and_has_no_dot_for_an_area(show):
    rows = [(text, *ROWS[0][1:]) for text in ("=1+1", "@SUM(A1)", 'a "quoted", one')]
    driver = show(frame_of(rows, radius_km=[None, 5.0, None]))
    found = list(csv.DictReader(io.StringIO(file_of(driver, "csv"))))
    assert [row["title"] for row in found] == ["'=1+1", "'@SUM(A1)", 'a "quoted", one']
    assert [row["lat"] for row in found] == ["45", "", "45"]


def test_kml_can_be_read_whatever_the_text(show):
    driver = show(frame_of([("<b>&\x0b ]]> \U0001f525", *ROWS[0][1:])]))
    root = ET.fromstring(file_of(driver, "kml"))  # noqa: S314 - our own text
    names = [node.text for node in root.iter("{http://www.opengis.net/kml/2.2}name")]
    assert names[1] == "<b>&\ufffd ]]> \U0001f525"


def test_the_address_keeps_view_filters_and_the_open_card(show):
    driver = show(frame_of())
    tick(driver, "Riots")
    set_handle(driver, 1, "2024-03-01")
    run(driver, "gm.pick(view, 1, null)")
    wait(driver, 700)
    state = run(driver, "return window.location.hash")
    zoom = run(driver, "return view.map.getZoom()")
    driver = show(frame_of(), state=state)
    assert titles(driver) == ["Depot raided", "Talks held"]
    assert run(driver, "return view.map.getZoom()") == zoom
    assert (
        run(driver, "return document.querySelector('.gm-popup .gm-title').textContent")
        == "Talks held"
    )


@pytest.mark.parametrize(
    "state",
    [
        "#map=x/y/z",
        "#map=5/99/999",
        "#%E0%A4%A",
        "#days=soon..later&not=%3Cimg%3E&types=,,&off=x",
        "#id=none",
    ],
)
def test_an_address_that_makes_no_sense_is_passed_over(show, state):
    driver = show(frame_of(), state=state)
    assert len(titles(driver)) == 4
    assert run(driver, "return Number.isFinite(view.map.getCenter().lat)")
    assert driver.get_log("browser") == []


def test_measuring_with_the_keyboard_alone(show):
    driver = show(frame_of())
    run(
        driver,
        "view.map.setView([0, 0], 4, { animate: false });"
        "view.measureButton.click(); view.map.getContainer().focus()",
    )
    driver.switch_to.active_element.send_keys("\ue007")
    run(driver, "view.map.setView([0, 10], 4, { animate: false })")
    driver.switch_to.active_element.send_keys("\ue007")
    words = run(driver, "return view.measureNote.textContent")
    # The middle of the map falls on a whole pixel: a tenth of a degree at this zoom.
    assert int(words.removesuffix(" km").replace(",", "")) == pytest.approx(1112, rel=0.01)
    driver.switch_to.active_element.send_keys("\ue00c")
    assert run(driver, "return view.measure") is None


@pytest.mark.parametrize(("language", "name"), [("ar", "العراق"), ("xx-abc-abc", "Iraq")])
def test_countries_are_named_in_the_readers_language(driver, gazetteer, tmp_path, language, name):
    frame = frame_of(lat=33.3, lon=44.4)
    path = tmp_path / "map.html"
    with pytest.warns(UserWarning, match="no name of these towns"):
        drawn = draw(frame, gazetteer=gazetteer, language=language)
    drawn.save(path)
    driver.get_log("browser")
    driver.get(path.as_uri())
    driver.execute_async_script(READY)
    names = run(driver, "return view.data.basemap.countries.map((country) => country.name)")
    assert {"العراق", "Iraq"} & set(names) == {name}
    assert driver.get_log("browser") == []


def test_tiles_that_do_not_come_leave_the_basemap_and_the_footer_tells_of_them(
    driver, atlas, requests, tmp_path
):
    tiles = {"url": "https://127.0.0.1:9/{z}/{x}/{y}.png", "attribution": "<b>Us</b>"}
    path = tmp_path / "map.html"
    with pytest.warns(UserWarning, match="127.0.0.1"):
        draw(frame_of(), gazetteer=atlas, tiles=tiles).save(path)
    driver.get("about:blank")
    requests()
    driver.get(path.as_uri())
    driver.execute_async_script(READY)
    wait(driver, 300)
    said = run(driver, "return document.querySelector('.gm-online').textContent")
    assert said == "Online: tiles from 127.0.0.1:9, <b>Us</b>. "
    assert {url.split("/")[2] for url in requests()} == {"127.0.0.1:9"}
    land = run(driver, "return view.ground._context.getImageData(700, 500, 1, 1).data[3]")
    assert land == 255
    assert run(driver, "return getComputedStyle(view.ground._container).display") != "none"


def test_the_fallback_reads_what_the_browser_packs(show):
    driver = show(frame_of())
    same = driver.execute_async_script(
        GM
        + """
        const done = arguments[0];
        const word = (_, i) => 'word ' + (i * 7919) % 1000 + ' ü';
        const text = Array.from({ length: 3000 }, word).join(' ');
        const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate'));
        new Response(packed).arrayBuffer().then((data) =>
          done(new TextDecoder().decode(gm.inflate(new Uint8Array(data))) === text));
        """
    )
    assert same is True


def test_a_page_without_decompression_opens_too(driver, atlas, tmp_path):
    rows = [(f"{row[0]} {n}", *row[1:]) for n in range(500) for row in ROWS]
    path = tmp_path / "map.html"
    draw(frame_of(rows), gazetteer=atlas).save(path)
    assert '"deflate"' in path.read_text("utf-8")
    script = driver.execute_cdp_cmd(
        "Page.addScriptToEvaluateOnNewDocument", {"source": "delete window.DecompressionStream"}
    )
    try:
        driver.get(path.as_uri())
        driver.execute_async_script(READY)
        assert titles(driver)[1999] == "A rumour 499"
    finally:
        driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)


def test_a_sandboxed_frame_shows_the_same_map(driver, atlas, requests, tmp_path):
    page = draw(frame_of(), gazetteer=atlas).get_root().render()
    frame = f'<iframe sandbox="allow-scripts" width=900 height=600 srcdoc="{html.escape(page)}">'
    path = tmp_path / "outer.html"
    path.write_text(f"<!doctype html><title>x</title>{frame}</iframe>", "utf-8")
    driver.get_log("browser")
    requests()
    driver.get(path.as_uri())
    driver.switch_to.frame(0)
    try:
        driver.execute_async_script(READY)
        assert len(titles(driver)) == 4
        run(driver, "gm.pick(view, 1, null); view.map.setZoom(6)")
        wait(driver, 600)
        assert (
            run(driver, "return document.querySelector('.gm-popup .gm-title').textContent")
            == "Talks held"
        )
        assert run(driver, "return [...document.querySelectorAll('.gm-file')].length") == 3
    finally:
        driver.switch_to.default_content()
    assert driver.current_url == path.as_uri()
    assert driver.get_log("browser") == []
    assert requests() == []


def test_marks_at_the_antimeridian_lie_side_by_side(show):
    rows = [(*ROWS[0][:3], -17.0, lon, *ROWS[0][5:]) for lon in (179.0, -179.0)]
    driver = show(frame_of(rows))
    places = run(driver, "return view.hits.map((hit) => hit.x)")
    assert len(places) == 2
    assert 0 < abs(places[0] - places[1]) < 500


@pytest.mark.parametrize(
    "columns",
    [
        {"lat": 90.0},
        {"lat": -90.0, "lon": 180.0},
        {"geo_precision": "country"},
        {"date_first": None, "date_last": None},
        {"lat": 45.0, "lon": 5.0},
        {"lat": float("nan")},
    ],
)
def test_unusual_maps_open_without_a_complaint(show, columns):
    driver = show(frame_of(**columns))
    assert len(titles(driver)) == 4
    for code in (
        "gm.fitShown(view)",
        "view.heat = true; view.surface.paint()",
        "view.tableButton.click()",
    ):
        run(driver, code)
    wait(driver, 60)
    assert driver.get_log("browser") == []


@pytest.fixture
def emulated(driver):
    """Return a function that sets the size of the window, its zoom, and what readers prefer."""

    def emulate(size=None, zoom=1, media="", **features):
        if size:
            width, height = (length // zoom for length in size)
            metrics = {"width": width, "height": height, "deviceScaleFactor": zoom, "mobile": False}
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        given = [{"name": name.replace("_", "-"), "value": v} for name, v in features.items()]
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": given})

    yield emulate
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})


@pytest.mark.parametrize(
    ("theme", "size"), [("light", (1280, 800)), ("dark", (1280, 800)), ("light", (390, 844))]
)
def test_axe_finds_nothing(show, emulated, theme, size):
    axe = pytest.importorskip("axe_selenium_python", reason="axe-selenium-python is not installed")
    code = Path(axe.__file__).with_name("node_modules") / "axe-core" / "axe.min.js"
    emulated(size)
    driver = show(
        frame_of(geo_precision=["town", "town", "town", "country"]), theme=theme, title="Spring"
    )
    driver.execute_script(code.read_text("utf-8"))
    audit = (
        "const done = arguments[0]; axe.run().then(({ violations }) =>"
        " done(violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html).join(' | '))))"
    )
    states = (
        "",
        "view.panelButton.click()",
        "document.querySelectorAll('.gm-panel details').forEach((d) => d.open = true)",
        "document.querySelectorAll('.gm-panel .gm-row')[1].click()",
        "document.querySelectorAll('.gm-legend details, .gm-share').forEach((d) => d.open = true)",
        "view.tableButton.click()",
    )
    for state in states:
        run(driver, state)
        wait(driver, 400)
        assert driver.execute_async_script(audit) == []


def test_every_control_is_reached_with_the_tab_key(show):
    driver = show(frame_of())
    seen = set()
    run(driver, "document.body.focus()")
    for _ in range(60):
        driver.switch_to.active_element.send_keys("\ue004")
        seen.add(
            run(
                driver,
                "const node = document.activeElement;"
                "const words = node.ariaLabel || node.textContent.slice(0, 20);"
                "return node.className.toString() + ' ' + words",
            )
        )
    wanted = (
        "gm-search",
        "List",
        "Table",
        "Save",
        "Play",
        "From",
        "Until",
        "Fit to",
        "Measure",
        "Light",
    )
    assert [word for word in wanted if not any(word in name for name in seen)] == []


def test_reading_the_list_with_the_keyboard(show):
    driver = show(frame_of())
    run(driver, "view.panelButton.focus()")
    driver.switch_to.active_element.send_keys("\ue007")
    wait(driver, 60)
    run(driver, "document.querySelector('.gm-panel .gm-row').focus()")
    driver.switch_to.active_element.send_keys("\ue007")
    wait(driver, 60)
    assert run(driver, "return document.activeElement.className") == "gm-title"
    driver.switch_to.active_element.send_keys("\ue00c")
    wait(driver, 400)
    assert run(driver, "return document.activeElement.className") == "gm-row"


def test_the_printed_page_has_the_table(show):
    driver = show(frame_of())
    run(driver, "window.dispatchEvent(new Event('beforeprint'))")
    assert run(driver, "return document.querySelectorAll('.gm-table tbody tr').length") == 4
    assert run(driver, "return view.table.node.hidden") is False
    run(driver, "window.dispatchEvent(new Event('afterprint'))")
    assert run(driver, "return view.table.node.hidden") is True


def until(driver, condition):
    """Wait for a condition; the script's time limit is the test's."""
    driver.execute_async_script(
        f"{GM} const done = arguments[0];"
        f"(function look() {{ ({condition}) ? done() : setTimeout(look, 20); }})();"
    )


def test_every_incident_opens_from_the_list_with_the_keyboard_alone(show):
    driver = show(frame_of(geo_precision=["town", "town", "country", "none"]))
    run(driver, "view.panelButton.focus()")
    driver.switch_to.active_element.send_keys("\ue007")
    rows = "document.querySelectorAll('.gm-panel .gm-row')"
    opened = []
    for number in range(len(ROWS)):
        run(
            driver,
            "gm.fillPanel(view); view.selected = null;"
            "document.querySelectorAll('.gm-panel details').forEach((d) => { d.open = true; })",
        )
        until(driver, f"{rows}.length === {len(ROWS)}")
        run(driver, f"{rows}[{number}].focus()")
        driver.switch_to.active_element.send_keys("\ue007")
        until(driver, "view.selected")
        opened.append(run(driver, "return view.selected"))
    assert sorted(opened) == [f"e{number}" for number in range(len(ROWS))]


def test_the_focus_is_seen_wherever_it_is(show):
    driver = show(frame_of())
    run(driver, "document.body.focus()")
    hidden = set()
    for _ in range(40):
        driver.switch_to.active_element.send_keys("\ue004")
        hidden.add(
            run(
                driver,
                "const node = document.activeElement, style = getComputedStyle(node);"
                "return node === document.body || style.outlineStyle !== 'none'"
                " || style.boxShadow !== 'none' ? '' : node.outerHTML.slice(0, 80)",
            )
        )
    assert hidden == {""}


def test_nothing_moves_for_those_who_prefer_that(show, emulated):
    emulated(prefers_reduced_motion="reduce")
    near = [(*row[:3], 45 + number / 500, 5.0, *row[5:]) for number, row in enumerate(ROWS)]
    driver = show(frame_of([*near, (*ROWS[0][:3], 46.5, 9.0, *ROWS[0][5:])]))
    before = run(driver, "return view.map.getZoom()")
    after = run(
        driver,
        "const latlng = L.latLng(45.003, 5);"
        "view.map.fire('click', { latlng, layerPoint: view.map.latLngToLayerPoint(latlng) });"
        "return view.map.getZoom()",
    )
    # At once: an animation would end later.
    assert after > before
    durations = "getComputedStyle(document.querySelector('.gm-open')).transitionDuration"
    assert run(driver, f"return {durations}") == "0s"
    # Play goes on, in steps that can be followed.
    steps = run(
        driver,
        "const steps = [], real = window.setInterval;"
        "window.setInterval = (act, every) => { steps.push(every); return real(act, every); };"
        "document.querySelector('.gm-play').click();"
        "window.setInterval = real; return steps",
    )
    assert steps == [900]


def test_paper_gets_the_map_and_the_table_and_no_buttons(show, emulated):
    driver = show(frame_of(), theme="dark")
    before = run(driver, "return [view.map.getZoom(), view.map.getCenter().lat]")
    emulated(media="print")
    run(driver, "window.dispatchEvent(new Event('beforeprint'))")
    seen = (
        "return [...document.querySelectorAll(arguments[0])].filter((n) => n.offsetHeight).length"
    )
    names = ("tools", "time", "buttons", "search", "legend", "heading")
    shown = [driver.execute_script(seen, f".gm-{name}") for name in names]
    assert shown == [0, 0, 0, 0, 1, 1]
    assert driver.execute_script(seen, ".gm-paper .gm-table tbody tr") == 4
    assert run(driver, "return view.theme") == "light"
    # Marks and ground on one canvas: two are not printed over each other.
    colours = run(
        driver,
        "const { width, height } = view.ground._container;"
        "const { data } = view.ground._context.getImageData(0, 0, width, height);"
        "const seen = new Set();"
        "for (let i = 0; i < data.length; i += 4)"
        "  seen.add([data[i], data[i + 1], data[i + 2]].join());"
        "return [...seen]",
    )
    assert {"244,241,234", "240,228,66"} <= set(colours)
    assert driver.execute_script(seen, ".gm-surface") == 1
    emulated()
    run(driver, "window.dispatchEvent(new Event('afterprint'))")
    assert run(driver, "return view.theme") == "dark"
    after = run(driver, "return [view.map.getZoom(), view.map.getCenter().lat]")
    assert after == pytest.approx(before, abs=0.01)
    assert driver.execute_script(seen, ".gm-surface") == 2
    assert run(driver, "return document.querySelectorAll('.gm-paper').length") == 0


def test_a_map_of_little_is_printed_on_a_sheet_or_two(show):
    driver = show(frame_of(), title="Spring")
    printed = driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"]
    pages = re.findall(rb"/Type\s*/Page\b", base64.b64decode(printed))
    assert 1 <= len(pages) <= 2
    assert run(driver, "return Boolean(view.paper)") is False


# The second is a window of 1280 pixels at twice its size.
@pytest.mark.parametrize(
    ("size", "zoom"), [((390, 844), 1), ((1280, 800), 2), ((1280, 800), 1), ((800, 600), 1)]
)
def test_nothing_covers_the_controls(show, emulated, size, zoom):
    emulated(size, zoom)
    driver = show(
        frame_of(), title="A title that is long enough to need a second line on a telephone"
    )
    covered = run(
        driver,
        """
        const names = '.gm-search, .gm-open, .gm-play, .gm-handle, .gm-tool, .gm-legend > summary';
        return [...document.querySelectorAll(names)].filter((node) => {
          const { left, top, width, height } = node.getBoundingClientRect();
          if (!width) return false;
          let x = left + width / 2;
          if (node === view.time.low) x = left + 8;
          if (node === view.time.high) x = left + width - 8;
          return !node.contains(document.elementFromPoint(x, top + height / 2));
        }).map((node) => node.className + ' ' + node.textContent);
        """,
    )
    assert covered == []
    assert run(driver, "return document.documentElement.scrollWidth <= window.innerWidth")
    run(driver, "document.querySelector('.gm-share').open = true")
    hidden = run(
        driver,
        """
        return [...document.querySelectorAll('.gm-file')].filter((node) => {
          const { left, top, width, height } = node.getBoundingClientRect();
          return !node.contains(document.elementFromPoint(left + width / 2, top + height / 2));
        }).length;
        """,
    )
    assert hidden == 0

"""The saved map in a real browser: nothing runs, nothing loads, everything can be reached."""

from __future__ import annotations

from datetime import date

import pytest

from geomap.maps import draw
from geomap.model import (
    Article,
    Candidate,
    Event,
    FieldConfidence,
    Incident,
    Mention,
    Place,
    Report,
    Resolution,
    Span,
    When,
)

PAYLOADS = (
    "{{7*7}}",
    "{% promo",
    "{# c",
    "${alert(1)}",
    "a `backtick` here",
    "C:\\2019 \\u12",
    "</script><script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 1'>",
    "<!-- <script>",
    "line\u2028break",
    "\u202eright to left",
    "lone \ud800 half",
    "javascript:window.hit=1",
    "<a href='javascript:window.hit=1' onclick='window.hit=1'>link</a>",
)
MAP = "Object.values(window).find((value) => value instanceof L.Map)"


def town(name, lat=45.0, lon=5.0):
    return Place(
        id=f"x:{name}:{lat}",
        name=name,
        feature="PPL",
        country="AA",
        admin1=name,
        admin2=None,
        lat=lat,
        lon=lon,
    )


def incident(text, *, number=0, title=None, place=None, **changes):
    """Return an incident whose first word is the trigger and whose last is the place."""
    place = place or town("Westford")
    first, last = text.split(" ")[0], text.split(" ")[-1]
    mention = Mention(span=Span(start=len(text) - len(last), end=len(text)), text=last)
    candidates = (Candidate(place=place, score=0.9, reasons=(f"named {place.name}",)),) * 2
    when = When(first=None, last=None, text=title or "then", precision="unknown", basis="relative")
    event = Event(
        id=f"e{number}",
        type="riot.mob",
        trigger=Span(start=0, end=len(first)),
        evidence=(Span(start=0, end=len(text)),),
        place=Resolution(mention=mention, candidates=candidates),
        location_basis="linked",
        geo_precision="town",
        when=when,
        actors=(),
        fatalities=None,
        injured=None,
        status="asserted",
        attributed_to=Span(start=0, end=len(text)),
        area=None,
        incident=None,
        confidence=0.7,
        field_confidence=FieldConfidence(type=0.9, place=0.9, when=None, status=0.9),
    )
    article = Article(
        text=text,
        title=title,
        source=changes.pop("source", "The Bell"),
        url=changes.pop("url", "https://bell.example/1"),
        published=date(2024, 5, 6),
        language=changes.pop("language", "en"),
    )
    values = {
        "id": f"i{number}",
        "type": "riot.mob",
        "place": event.place,
        "geo_precision": "town",
        "area": None,
        "when": when,
        "fatalities": None,
        "injured": None,
        "status": "asserted",
        "confidence": 0.7,
        "reports": (Report(article=article, event=event),) * 2,
    }
    return Incident(**values | changes)


def click_at(driver, lat, lon):
    driver.execute_script(
        f"const map = {MAP}; const latlng = L.latLng({lat}, {lon});"
        "map.fire('click', { latlng, layerPoint: map.latLngToLayerPoint(latlng) });"
    )


def text_of(driver, selector):
    return driver.execute_script(
        "return [...document.querySelectorAll(arguments[0])].map((node) => node.textContent)",
        selector,
    )


def run(driver, code):
    return driver.execute_script(code)


def test_hostile_text_is_shown_and_never_runs(show, requests, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    canary = "{{ cycler.__init__.__globals__.os.mkdir(dict(pwned=1)|first) }}"
    hostile = [*PAYLOADS, canary, " ".join(PAYLOADS)]
    shown = [
        incident(
            payload,
            number=number,
            title=payload,
            place=town(payload),
            source=payload,
            url=payload,
            language=payload,
        )
        for number, payload in enumerate(hostile)
    ]
    driver = show(shown, title=" ".join(hostile))
    clean = [payload.replace("\ud800", "\ufffd") for payload in hostile]
    assert text_of(driver, ".gm-heading h1") == [" ".join(clean)]
    click_at(driver, 45, 5)
    assert text_of(driver, ".gm-popup .gm-row-title") == clean
    for number, payload in enumerate(clean):
        run(driver, f"document.querySelectorAll('.gm-popup .gm-row')[{number}].click()")
        run(driver, "document.querySelectorAll('.gm-popup details').forEach((d) => d.open = true)")
        assert text_of(driver, ".gm-popup .gm-quote")[0] == payload
        assert text_of(driver, ".gm-popup .gm-outlet")[0] == payload
        assert text_of(driver, ".gm-popup .gm-title") == [payload]
        run(driver, "document.querySelector('.gm-popup .gm-back').click()")
    assert run(driver, "return typeof window.hit") == "undefined"
    assert run(driver, "return document.images.length") == 0
    assert run(driver, "return document.querySelectorAll('a[href^=javascript]').length") == 0
    assert driver.get_log("browser") == []
    assert requests() == []
    assert [path.name for path in tmp_path.iterdir()] == ["map.html"]


def test_links_lead_away_safely(show):
    driver = show([incident("Looting in Westford")])
    click_at(driver, 45, 5)
    link = run(
        driver,
        "const a = document.querySelector('.gm-popup .gm-link'); return [a.href, a.rel, a.target]",
    )
    assert link == ["https://bell.example/1", "noopener noreferrer", "_blank"]
    assert run(driver, "return document.querySelector('.gm-quote').dir") == "auto"


def test_the_quote_marks_trigger_and_place(show):
    driver = show([incident("Looting in Westford")])
    click_at(driver, 45, 5)
    assert text_of(driver, ".gm-popup mark.gm-trigger")[0] == "Looting"
    assert text_of(driver, ".gm-popup mark.gm-place")[0] == "Westford"


def test_legend_and_layer_control_switch_the_same_layer(show):
    talks = incident("Talks in Eastford", type="diplomacy.talks", place=town("Eastford", 46, 8))
    driver = show([incident("Looting in Westford"), talks])
    run(driver, "document.querySelector('.gm-tick input').click()")
    control = "return [...document.querySelectorAll('.leaflet-control-layers-selector')]"
    assert run(driver, control + ".map((box) => box.checked)") == [False, True]
    click_at(driver, 45, 5)
    assert text_of(driver, ".gm-popup") == []
    run(driver, "document.querySelector('.leaflet-control-layers-selector').click()")
    assert run(driver, "return document.querySelector('.gm-tick input').checked") is True
    click_at(driver, 45, 5)
    assert len(text_of(driver, ".gm-popup")) == 1


def test_denied_incidents_wait_for_the_status_filter(show):
    driver = show([incident("Looting in Westford", status="denied")])
    click_at(driver, 45, 5)
    assert text_of(driver, ".gm-popup") == []
    run(driver, "[...document.querySelectorAll('.gm-tick input')].at(-1).click()")
    click_at(driver, 45, 5)
    assert text_of(driver, ".gm-popup .gm-badge") == ["denied"]


def test_what_is_known_to_its_country_stands_in_the_list(show):
    nowhere = incident("Looting", number=2, geo_precision="none")
    shown = [
        incident("Looting in Westland", title="Shops looted", geo_precision="country"),
        Incident(
            **{name: getattr(nowhere, name) for name in Incident.__slots__ if name != "place"},
            place=None,
        ),
    ]
    driver = show(shown)
    run(driver, "document.querySelector('.gm-open').click()")
    folds = text_of(driver, ".gm-panel .gm-fold summary")
    assert folds == ["Located only to country (1)", "No place given (1)", "On the map (0)"]
    run(driver, "document.querySelector('.gm-panel .gm-row').click()")
    assert text_of(driver, ".gm-panel .gm-title") == ["Shops looted"]
    assert run(driver, "return document.querySelectorAll('.gm-popup').length") == 0


def test_escape_closes_the_popup_then_the_list(show):
    driver = show([incident("Looting in Westford")])
    run(driver, "document.querySelector('.gm-open').focus()")
    driver.switch_to.active_element.send_keys("\ue007")
    run(driver, "document.querySelectorAll('.gm-panel details')[2].open = true")
    driver.execute_async_script("setTimeout(arguments[0], 50)")
    run(driver, "document.querySelector('.gm-panel .gm-row').focus()")
    driver.switch_to.active_element.send_keys("\ue007")
    assert len(text_of(driver, ".gm-popup .gm-card")) == 1
    driver.switch_to.active_element.send_keys("\ue00c")
    driver.execute_async_script("setTimeout(arguments[0], 400)")
    assert text_of(driver, ".gm-popup .gm-card") == []
    assert run(driver, "return document.querySelector('.gm-panel').hidden") is False
    driver.switch_to.active_element.send_keys("\ue00c")
    assert run(driver, "return document.querySelector('.gm-panel').hidden") is True


def test_the_basemap_and_the_marks_are_painted(show):
    driver = show([incident("Looting in Westford")])
    colours = run(
        driver,
        "return [...document.querySelectorAll('canvas.gm-surface')].map((canvas) => {"
        " const { width, height } = canvas;"
        " const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);"
        " const seen = new Set();"
        " for (let i = 0; i < data.length; i += 4)"
        "   if (data[i + 3] === 255) seen.add([data[i], data[i + 1], data[i + 2]].join());"
        " return [...seen]; })",
    )
    ground, marks = colours
    assert "244,241,234" in ground
    assert "240,228,66" in marks


def test_thousands_of_marks_are_gathered(show):
    shown = [
        incident("Looting here", number=n, place=town("T", 42 + n % 50 / 1e3, 2 + n // 50 / 1e3))
        for n in range(2500)
    ]
    driver = show([*shown, incident("Looting there", place=town("T", 48.0, 8.0))])
    assert len(text_of(driver, ".gm-heading")) == 1
    zoom = run(driver, f"return {MAP}.getZoom()")
    click_at(driver, 42.025, 2.025)
    driver.execute_async_script("setTimeout(arguments[0], 600)")
    assert run(driver, f"return {MAP}.getZoom()") > zoom
    assert text_of(driver, ".gm-popup") == []
    assert driver.get_log("browser") == []


def test_the_map_of_nothing_says_so(show):
    driver = show([])
    assert text_of(driver, ".gm-empty") == ["No incidents"]
    assert text_of(driver, ".gm-legend") == []
    assert driver.get_log("browser") == []


def test_markers_and_popups_of_folium_work_beside_ours(driver, atlas, tmp_path):
    folium = pytest.importorskip("folium")
    drawn = draw([incident("Looting in Westford")], gazetteer=atlas)
    folium.Marker([46, 6], popup="my own note").add_to(drawn)
    drawn.save(tmp_path / "map.html")
    driver.get_log("browser")
    driver.get((tmp_path / "map.html").as_uri())
    run(driver, "document.querySelector('.leaflet-marker-icon').click()")
    driver.execute_async_script("setTimeout(arguments[0], 300)")
    assert "my own note" in text_of(driver, ".leaflet-popup-content")[0]
    source = run(driver, "return document.querySelector('.leaflet-marker-icon').src")
    assert source.startswith("data:image/png")
    assert driver.get_log("browser") == []

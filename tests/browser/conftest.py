"""A headless Chromium, and a small world to draw maps of."""

from __future__ import annotations

import json
import re
import shutil

import pandas as pd
import pytest
import shapely

from geomap.maps import draw
from geomap.model import Place

CHROMIUM, CHROMEDRIVER = shutil.which("chromium"), shutil.which("chromedriver")
READY = (
    "const done = arguments[0]; (function wait() {"
    " document.querySelector('[data-ready]') ? done() : setTimeout(wait, 20); })();"
)
PAYLOADS = (
    "{{7*7}}",
    "{{ cycler.__init__.__globals__.os.mkdir(dict(pwned=1)|first) }}",
    "{% promo",
    "{# c",
    "${window.hit=1}",
    "a `backtick` here",
    "C:\\2019 \\u12",
    "</script><script>window.hit = 1</script>",
    "</title></desc></svg><script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 1'>",
    '" onload="window.hit=1" x="',
    "<!-- <script>",
    "]]><script>window.hit=1</script>",
    "[link](javascript:window.hit=1) ![x](http://evil.example/x.png)",
    "http://evil.example/x.png www.evil.example @someone #1 :smile: $x$",
    "line\u2028break",
    "nul \x00 here",
    "\u202eright to left",
    "lone \ud800 half",
)
ADDRESSES = (
    "javascript:window.hit=1",
    "data:text/html,<script>window.hit=1</script>",
    'https://bell.example/"onmouseover="window.hit=1',
    "https://bell.example/) [x](javascript:window.hit=1)",
    "file:///etc/passwd",
)


def shown(text):
    """Return a text as a page shows it: what cannot be written is a sign for that."""
    clean = re.sub("[\x00\ud800]", "\ufffd", text).replace("\u2028", " ")
    return clean + ("\u202c" if "\u202e" in clean else "")


@pytest.fixture
def payloads():
    """Return hostile texts, each with what a page shows of it."""
    return {text: shown(text) for text in PAYLOADS}


class Atlas:
    """One square country, its one town."""

    def shapes(self, _kind):
        shape = type("Shape", (), {})()
        shape.place_id, shape.country, shape.name = "x:1", "AA", "Westland"
        shape.wkb = shapely.to_wkb(shapely.box(0, 40, 10, 50))
        return [shape]

    def cities(self, *_box, limit):
        place = Place(
            id="x:2", name="Westford", feature="PPL", country="AA", admin1="Westford", admin2=None,
            lat=45.0, lon=5.0,
        )  # fmt: skip
        return [place][:limit]

    def geometry(self, _place):
        return None

    def country(self, _code):
        return None


@pytest.fixture
def atlas():
    return Atlas()


@pytest.fixture(scope="session")
def driver():
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    if not (CHROMIUM and CHROMEDRIVER):
        pytest.skip("chromium or chromedriver is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1200,800"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(CHROMEDRIVER)
    browser = webdriver.Chrome(options=options, service=service)
    browser.set_script_timeout(60)
    yield browser
    browser.quit()


@pytest.fixture
def show(driver, tmp_path):
    """Return a function that opens a map and waits until it is drawn."""

    def opened(events, *, state="", **options):
        path = tmp_path / "map.html"
        draw(events, gazetteer=Atlas(), **options).save(path)
        driver.get_log("browser")
        driver.get_log("performance")
        # A change of the hash alone would not load the page anew.
        driver.get("about:blank")
        driver.get(path.as_uri() + state)
        driver.execute_async_script(READY)
        return driver

    return opened


@pytest.fixture
def requests(driver):
    """Return a function that tells what was asked of the network since the map was opened."""

    def asked():
        entries = (json.loads(row["message"])["message"] for row in driver.get_log("performance"))
        sent = (e["params"] for e in entries if e["method"] == "Network.requestWillBeSent")
        addresses = (entry["request"]["url"] for entry in sent)
        inside = ("file:", "data:", "blob:", "about:")
        return [url for url in addresses if not url.startswith(inside)]

    return asked


@pytest.fixture
def hostile():
    """Return a frame whose every text is hostile."""
    texts = [*PAYLOADS, "x" * 1_000_000]
    pieces = [[["text", "before "], ["trigger", text], ["place", text]] for text in texts]
    return pd.DataFrame(
        {
            "type": ["riot.mob"] * len(texts),
            "lat": [45.0 + number / 10 for number in range(len(texts))],
            "lon": [5.0] * len(texts),
            "geo_precision": "town",
            "title": texts,
            "source": texts,
            "url": [ADDRESSES[number % len(ADDRESSES)] for number in range(len(texts))],
            "place": texts,
            "admin1": [f"in {text}" for text in texts],
            "country": texts,
            "date_text": texts,
            "attributed_to": texts,
            "quote": texts,
            "marks": [json.dumps(row) for row in pieces],
            "actors": [json.dumps([{"text": text, "role": "actor"}]) for text in texts],
            "reasons": [json.dumps([text]) for text in texts],
            "rejected": [json.dumps([text]) for text in texts],
            "language": texts,
        },
        index=pd.Index([f"e{number}" for number in range(len(texts))], name="event_id"),
        dtype=object,  # a column of pandas' own texts holds no lone surrogates
    )


@pytest.fixture
def opened(driver, requests):
    """Return a function that opens a page, and tells what is wrong with it."""

    def open_page(path):
        driver.get_log("browser")
        driver.get("about:blank")
        requests()
        driver.get(path.as_uri())
        driver.execute_async_script("setTimeout(arguments[0], 400)")
        return {
            "hit": driver.execute_script("return typeof window.hit"),
            "console": driver.get_log("browser"),
            "requests": requests(),
            "scripts": driver.execute_script(
                "return [...document.querySelectorAll('script, img, [onload], [onerror],"
                " [onmouseover], a[href^=javascript], a[href^=data]')].length"
            ),
        }

    return open_page

"""A headless Chromium, and a small world to draw maps of."""

from __future__ import annotations

import json
import shutil

import pytest
import shapely

from geomap.maps import draw
from geomap.model import Place

CHROMIUM, CHROMEDRIVER = shutil.which("chromium"), shutil.which("chromedriver")
READY = (
    "const done = arguments[0]; (function wait() {"
    " document.querySelector('[data-ready]') ? done() : setTimeout(wait, 20); })();"
)


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

"""What a map looks like, at three sizes, light and dark, against pictures kept small.

A picture is kept as the mean colour of squares of ten pixels: another font, or another browser's
smoothing, moves these a little; a lost legend, basemap or mark moves some of them a lot.
`pytest tests/browser/test_pictures.py --update-golden` rewrites them: look at them then.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geomap.maps import draw

Image = pytest.importorskip("PIL.Image")

FOLDER = Path(__file__).with_name("pictures")
SIZES = {"desk": (1280, 800), "tablet": (800, 600), "phone": (390, 844)}
SIDE = 10
# Of 255: the mean over all squares; and what one square differs by where something is gone.
MEAN, GONE = 3.0, 30
# The share of squares that may look so: text is set differently by another machine's fonts.
SHARE = 0.02
READY = (
    "const done = arguments[0]; (function wait() {"
    " document.querySelector('[data-ready]') ? requestAnimationFrame(() => setTimeout(done, 50))"
    " : setTimeout(wait, 20); })();"
)
KINDS = (
    "battle.clash", "explosion.shelling", "violence.attack", "protest.peaceful", "riot.mob",
    "strategic.arrest", "diplomacy.meeting",
)  # fmt: skip
STATUSES = ("asserted", "asserted", "alleged", "planned")
PRECISIONS = ("town", "town", "town", "province")


@pytest.fixture(scope="module")
def page(gazetteer, tmp_path_factory):
    """Return a map of made-up events in the Sahel, as a file."""
    rows = [
        {
            "type": KINDS[number % len(KINDS)],
            "status": STATUSES[number % len(STATUSES)],
            "geo_precision": PRECISIONS[number % len(PRECISIONS)],
            "lat": 11.5 + 1.3 * (number * 7 % 5) + number / 40,
            "lon": -6.5 + 2.1 * (number * 5 % 9) + number / 30,
            "date_first": f"2024-03-{1 + number % 28:02}",
            "date_last": f"2024-03-{1 + number % 28:02}",
            "date_precision": "day",
            "title": f"Made-up event {number}",
            "source": "Sample Standard",
        }
        for number in range(60)
    ]
    path = tmp_path_factory.mktemp("pictures") / "map.html"
    draw(pd.DataFrame(rows), title="The Sahel in March", gazetteer=gazetteer).save(path)
    return path


def squares(png):
    """Return the mean colours of the squares of a screenshot; what is over at an edge is cut."""
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=float)
    high, wide = (length // SIDE for length in pixels.shape[:2])
    cut = pixels[: high * SIDE, : wide * SIDE]
    return cut.reshape(high, SIDE, wide, SIDE, 3).mean(axis=(1, 3)).round().astype(np.uint8)


def difference(found, kept):
    """Return the mean difference of two pictures, and the share of squares that differ much."""
    gaps = np.abs(found.astype(int) - kept.astype(int)).max(axis=2)
    return gaps.mean(), (gaps > GONE).mean()


@pytest.fixture
def picture(driver, page):
    """Return a function that gives the squares of the map."""

    def taken(size, theme, code=""):
        width, height = SIZES[size]
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        features = [{"name": "prefers-color-scheme", "value": theme}]
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        try:
            driver.get("about:blank")
            driver.get(page.as_uri())
            driver.execute_async_script(READY)
            driver.execute_script(code)
            driver.execute_async_script(READY)
            return squares(driver.get_screenshot_as_png())
        finally:
            driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
            driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})

    return taken


def kept(size, theme):
    return np.asarray(Image.open(FOLDER / f"{size}-{theme}.png").convert("RGB"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_a_map_looks_as_it_did(picture, request, size, theme):
    found = picture(size, theme)
    if request.config.getoption("--update-golden"):
        FOLDER.mkdir(exist_ok=True)
        Image.fromarray(found).save(FOLDER / f"{size}-{theme}.png", optimize=True)
    mean, share = difference(found, kept(size, theme))
    assert mean < MEAN
    assert share < SHARE


@pytest.mark.parametrize(
    "code",
    [
        "document.querySelector('.gm-legend').open = false",
        "geomapViewer.view.surface._container.remove()",
        "geomapViewer.view.ground._container.remove()",
        "document.querySelector('.gm-time').remove()",
        "document.querySelector('.geomap').dataset.theme = 'dark'",
    ],
)
def test_what_is_gone_is_seen(picture, code):
    mean, share = difference(picture("tablet", "light", code), kept("tablet", "light"))
    assert mean > MEAN or share > SHARE


def test_another_font_is_the_same_picture(picture):
    code = (
        "document.querySelector('.geomap').style.fontFamily = 'serif';"
        "geomapViewer.view.ground.paint()"
    )
    mean, share = difference(picture("desk", "light", code), kept("desk", "light"))
    assert mean < MEAN
    assert share < SHARE

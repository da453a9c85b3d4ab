"""Print what a map of many events costs, beside folium's own ways to draw them, in one run.

    python bench/maps.py                         10,000 events: geomap and all peers
    python bench/maps.py --count 100000 --only geomap,fast
    python bench/maps.py --json figures.json     the figures as JSON too

Each page is opened in headless Chromium. Measured are the CPU-seconds to build and save it, its
size, the CPU-seconds of the browser's main thread until it is painted and quiet, the memory of its
scripts, and the CPU-milliseconds of that thread for a zoom step, a filter and a step of the time
slider. Peers load their scripts from the network; they are served from a folder here (--assets),
else their rows have no browser figures. Ratios hold between machines, seconds do not.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MB = 1e6
TOWNS = 60
ROUNDS = 4
SPREAD = 0.35  # degrees around a town, so that nearly every event has a place of its own
WORDS = (
    "armed", "men", "police", "said", "town", "market", "road", "convoy", "soldiers", "residents",
    "officials", "hospital", "wounded", "killed", "near", "district", "after", "before", "night",
    "attack", "blast", "clash", "crowd", "talks",
)  # fmt: skip
TYPES = (
    "battle.clash", "explosion.remote", "violence.attack", "protest.peaceful", "riot.mob",
    "strategic.arrest", "diplomacy.meeting", "disaster.natural",
)  # fmt: skip
Event = dict[str, Any]


def events_of(count: int) -> list[Event]:
    """Return made-up events around some towns, the same at each run."""
    draw = random.Random(7)  # noqa: S311 - no secret
    towns = [(draw.uniform(24, 38), draw.uniform(60, 76), f"Town {n}") for n in range(TOWNS)]
    events = []
    for number in range(count):
        lat, lon, name = draw.choice(towns)
        first = date(2022, 1, 1) + timedelta(days=draw.randrange(730))
        words = " ".join(draw.choices(WORDS, k=22))
        events.append(
            {
                "event_id": f"{draw.getrandbits(64):016x}",
                "type": draw.choice(TYPES),
                "title": f"{' '.join(words.split()[:3]).capitalize()} in {name}",
                "quote": f"{words.capitalize()} in {name}.",
                "source": f"Outlet {draw.randrange(40)}",
                "url": f"https://news.example/{first:%Y/%m/%d}/{number}",
                "date_first": first.isoformat(),
                "date_last": first.isoformat(),
                "date_precision": "day",
                "place": name,
                "country": "PK",
                "geo_precision": "town",
                "lat": round(lat + draw.gauss(0, SPREAD), 5),
                "lon": round(lon + draw.gauss(0, SPREAD), 5),
                "fatalities_best": draw.choice([None, 0, 1, 3, 12]),
                "confidence": round(draw.random(), 2),
            }
        )
    return events


def popup_of(event: Event) -> str:
    """Return a popup as users write it for folium."""
    return (
        f"<b>{event['title']}</b><br>{event['type']} {event['date_first']}<br>{event['place']}"
        f"<blockquote>{event['quote']}</blockquote><a href='{event['url']}'>{event['source']}</a>"
    )


def frame_of(events: list[Event]) -> Any:
    """Return the events as geopandas users have them."""
    import geopandas

    frame = geopandas.GeoDataFrame(events).set_index("event_id")
    return frame.set_geometry(geopandas.points_from_xy(frame["lon"], frame["lat"]), crs=4326)


def with_geomap(events: Any, path: Path) -> None:
    """Draw with geomap."""
    from geomap.maps import draw

    draw(events, title=f"{len(events):,} events", gazetteer=gazetteer()).save(path)


_GAZETTEERS: list[Any] = []


def gazetteer() -> Any:
    """Return one gazetteer for all maps, opened before the clock runs."""
    if not _GAZETTEERS:
        from geomap import Gazetteer

        opened = Gazetteer()
        opened.shapes("country")
        _GAZETTEERS.append(opened)
    return _GAZETTEERS[0]


def with_markers(events: list[Event], path: Path) -> None:
    """Draw one folium marker an event."""
    import folium

    drawn = folium.Map([31, 68], zoom_start=5, tiles=None, maxZoom=18)
    for event in events:
        folium.Marker([event["lat"], event["lon"]], popup=popup_of(event)).add_to(drawn)
    drawn.save(path)


def with_fast_cluster(events: list[Event], path: Path) -> None:
    """Draw with folium's FastMarkerCluster and popups."""
    import folium
    from folium.plugins import FastMarkerCluster

    drawn = folium.Map([31, 68], zoom_start=5, tiles=None, maxZoom=18)
    callback = "function (row) { return L.marker([row[0], row[1]]).bindPopup(row[2]); }"
    rows = [[event["lat"], event["lon"], popup_of(event)] for event in events]
    FastMarkerCluster(rows, callback=callback).add_to(drawn)
    drawn.save(path)


def with_geojson(events: Any, path: Path) -> None:
    """Draw with folium's GeoJson, its popup and a canvas."""
    import folium

    drawn = folium.Map([31, 68], zoom_start=5, tiles=None, maxZoom=18, prefer_canvas=True)
    folium.GeoJson(
        events,
        marker=folium.CircleMarker(radius=5),
        popup=folium.GeoJsonPopup(fields=["title", "type", "date_first", "quote", "url"]),
    ).add_to(drawn)
    drawn.save(path)


def with_explore(events: Any, path: Path) -> None:
    """Draw with geopandas' explore."""
    events.explore(column="type", popup=True, tiles=None, prefer_canvas=True).save(path)


# Those that take a frame get it made, those that take a loop get the list.
TAKES_FRAME = ("geomap", "geojson", "explore")
WAYS: dict[str, tuple[str, Callable[[Any, Path], None]]] = {
    "geomap": ("geomap", with_geomap),
    "markers": ("folium markers", with_markers),
    "fast": ("FastMarkerCluster", with_fast_cluster),
    "geojson": ("folium GeoJson", with_geojson),
    "explore": ("geopandas explore", with_explore),
}

# Resolves once an act has been painted.
FRAME = """
const done = arguments[arguments.length - 1];
(ACT);
requestAnimationFrame(() => setTimeout(done, 0));
"""
MAP = "Object.values(window).find((value) => value instanceof L.Map)"
ZOOM = f"const map = {MAP}; map.setZoom(map.getZoom() + STEP, {{ animate: false }})"
FILTER = "document.querySelectorAll('.gm-tick input')[N].click()"
SLIDE = (
    "const low = document.querySelector('.gm-handle'); low.value = Number(low.value) + 30;"
    "low.dispatchEvent(new Event('input', { bubbles: true }))"
)


class Browser:
    """Headless Chromium that serves the peers' scripts from a folder."""

    def __init__(self) -> None:
        from selenium import webdriver

        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or ""
        for flag in (
            "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,800",
            "--enable-precise-memory-info", "--js-flags=--expose-gc",
        ):  # fmt: skip
            options.add_argument(flag)
        self.driver = webdriver.Chrome(
            options=options, service=webdriver.ChromeService(shutil.which("chromedriver"))
        )
        self.driver.set_script_timeout(120)
        self.driver.set_page_load_timeout(180)
        self.driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})

    def measure(self, path: Path, *, ours: bool) -> dict[str, float]:
        """Open a page and return its figures."""
        before = self._metrics()["TaskDuration"]
        self.driver.get(path.as_uri())
        ready = "[data-ready]" if ours else ".leaflet-pane"
        for _ in range(1200):
            if self.driver.execute_script(f"return !!document.querySelector({ready!r})"):
                break
            time.sleep(0.1)
        time.sleep(0.5)
        after = self._metrics()["TaskDuration"]
        # A new process of the browser counts from nothing.
        figures = {"main_s": after - before if after > before else after}
        self.driver.execute_script("if (window.gc) { gc(); gc(); }")
        figures["heap_mb"] = self._metrics()["JSHeapUsedSize"] / MB
        figures["zoom_ms"] = self._act(*(ZOOM.replace("STEP", step) for step in ("1", "-1")))
        if ours:
            figures["filter_ms"] = self._act(*(FILTER.replace("N", n) for n in ("0", "0")))
            figures["slide_ms"] = self._act(SLIDE, SLIDE)
        return figures

    def _act(self, *acts: str) -> float:
        """Return the median of what some acts take of the main thread, in milliseconds."""
        times = []
        for act in acts * ROUNDS:
            before = self._metrics()["TaskDuration"]
            self.driver.execute_async_script(FRAME.replace("(ACT)", act))
            times.append(1000 * (self._metrics()["TaskDuration"] - before))
        return sorted(times)[len(times) // 2]

    def _metrics(self) -> dict[str, float]:
        found = self.driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
        return {row["name"]: row["value"] for row in found}


def figures_of(
    key: str, events: list[Event], folder: Path, browser: Browser | None
) -> dict[str, float]:
    """Return all figures of one way to draw."""
    path = folder / f"{key}.html"
    given = frame_of(events) if key in TAKES_FRAME else events
    start = time.process_time()
    WAYS[key][1](given, path)
    figures = {"build_s": time.process_time() - start, "mb": path.stat().st_size / MB}
    page = path.read_text("utf-8", "replace")
    if browser and (key == "geomap" or ASSETS):
        local_page(path, page)
        figures |= browser.measure(path, ours=key == "geomap")
    return figures


ASSETS: list[Path] = []


def local_page(path: Path, page: str) -> None:
    """Let a peer's page load its scripts from the folder of assets, by file name."""
    if not ASSETS:
        return
    known = {found.name: found for found in sorted(ASSETS[0].rglob("*.*")) if found.is_file()}

    def local(mark: re.Match[str]) -> str:
        found = known.get(mark[2].rpartition("/")[2])
        return f'{mark[1]}="{found.as_uri()}"' if found else f'{mark[1]}="data:,"'

    path.write_text(re.sub(r'(src|href)="(https?://[^"]+\.(?:js|css))"', local, page), "utf-8")


COLUMNS = ("build_s", "mb", "main_s", "heap_mb", "zoom_ms", "filter_ms", "slide_ms")


def print_table(results: dict[str, dict[str, float]]) -> None:
    """Print the figures, and behind each of the peers' how many times ours it is."""
    print(f"{'':<20}" + "".join(f"{name:>18}" for name in COLUMNS))
    ours = results.get("geomap", {})
    for key, figures in results.items():
        cells = []
        for name in COLUMNS:
            value = figures.get(name)
            times = (
                f" ({value / ours[name]:.1f}x)"
                if value and key != "geomap" and ours.get(name)
                else ""
            )
            cells.append(f"{'-' if value is None else f'{value:,.2f}{times}':>18}")
        print(f"{WAYS[key][0]:<20}" + "".join(cells))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--only", default=",".join(WAYS), help="some of " + ", ".join(WAYS))
    parser.add_argument("--assets", type=Path, help="a folder with the scripts that peers load")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    options = parser.parse_args()
    if options.assets:
        ASSETS.append(options.assets.resolve())
    events = events_of(options.count)
    # What is imported and opened once a process is not part of a map.
    import folium.plugins
    import geopandas

    del folium, geopandas
    gazetteer()
    with tempfile.TemporaryDirectory() as folder:
        with_geomap(frame_of(events[:10]), Path(folder) / "warm.html")
        results = {}
        for key in options.only.split(","):
            # One browser each: whether a page gets a process of its own changes what is counted.
            browser = Browser()
            try:
                results[key] = figures_of(key, events, Path(folder), browser)
            except ImportError as error:
                print(f"{WAYS[key][0]} is left out: {error}", file=sys.stderr)
            finally:
                browser.driver.quit()
    print_table(results)
    if options.json:
        options.json.write_text(json.dumps({"count": options.count, "figures": results}, indent=1))


if __name__ == "__main__":
    sys.exit(main())

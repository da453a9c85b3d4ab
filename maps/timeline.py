"""A year of strikes and marches: play it on the page; intervals are as long as they are vague."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

import geomap as gm

TITLE = "A made-up year of protest in Kenya"
TOWNS = ["Nairobi", "Mombasa", "Kisumu", "Nakuru", "Eldoret"]


def main(folder: Path) -> None:
    """Write the map and its picture; the report of it has the chart by week."""
    gazetteer = gm.Gazetteer()
    places = [gazetteer.find(name, country="KE")[0] for name in TOWNS]
    first = pd.date_range("2023-01-02", periods=60, freq="6D")
    events = pd.DataFrame({"date_first": first, "source": "Sample Standard"})
    # Every fifth is known to its week only, every eleventh turned violent.
    events["date_last"] = [day + pd.Timedelta(days=6 * (n % 5 == 0)) for n, day in enumerate(first)]
    events["type"] = ["riot.mob" if n % 11 == 0 else "protest.peaceful" for n in range(60)]
    chosen = [places[(n * n + n // 3) % len(places)] for n in range(60)]
    events["place"] = [place.name for place in chosen]
    events["lat"], events["lon"] = [p.lat for p in chosen], [p.lon for p in chosen]
    events = events.assign(country="KE", geo_precision="town", quote="Invented for this map.")
    gm.draw(events, title=TITLE).save(folder / "timeline.html")
    gm.static_map(events, title=TITLE, width=600).save(folder / "timeline.svg")
    gm.write_report(events, folder / "timeline-report.html", title=TITLE, limit=20)


if __name__ == "__main__":
    main(Path(*sys.argv[1:2]))

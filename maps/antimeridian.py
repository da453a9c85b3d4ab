"""Both sides of 180 degrees, side by side."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

import geomap as gm

TITLE = "Across the antimeridian"
NAMED = [("Suva", "FJ"), ("Labasa", "FJ"), ("Apia", "WS"), ("Nuku'alofa", "TO"), ("Alofi", "NU")]


def main(folder: Path) -> None:
    """Write the map and its picture."""
    gazetteer = gm.Gazetteer()
    places = [gazetteer.find(name, country=code)[0] for name, code in NAMED]
    events = pd.DataFrame(
        {
            "type": "disaster.natural",
            "place": [place.name for place in places],
            "country": [place.country for place in places],
            "lat": [place.lat for place in places],
            "lon": [place.lon for place in places],
            "title": [f"A made-up cyclone reaches {place.name}" for place in places],
            "geo_precision": "town",
        }
    )
    gm.draw(events, title=TITLE).save(folder / "antimeridian.html")
    gm.static_map(events, title=TITLE, width=600).save(folder / "antimeridian.svg")


if __name__ == "__main__":
    main(Path(*sys.argv[1:2]))

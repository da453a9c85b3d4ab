"""One town in detail: exact places, a circle around one, and what is only known to the district."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

import geomap as gm

TITLE = "Peshawar, invented incidents"
COLUMNS = ["type", "place", "lat", "lon", "geo_precision", "radius_km", "date_first", "status"]
ROWS = [
    ("explosion.remote", "Saddar bazaar", 33.998, 71.545, "exact", None, "2023-03-02", "asserted"),
    ("protest.peaceful", "Press club", 34.005, 71.540, "exact", None, "2023-03-04", "asserted"),
    ("protest.peaceful", "Press club", 34.005, 71.540, "exact", None, "2023-03-11", "planned"),
    ("strategic.arrest", "Hayatabad", 33.978, 71.443, "exact", None, "2023-03-05", "alleged"),
    ("violence.attack", "ring road", 34.030, 71.600, "exact", None, "2023-03-07", "asserted"),
    ("battle.clash", "south of the town", 33.85, 71.52, "district", 12.0, "2023-03-09", "asserted"),
]


def main(folder: Path) -> None:
    """Write the map and its picture."""
    events = pd.DataFrame(ROWS, columns=COLUMNS)
    events["date_first"] = events["date_last"] = pd.to_datetime(events["date_first"])
    events = events.assign(source="Sample Post", country="PK", quote="Invented for this map.")
    gm.draw(events, title=TITLE).save(folder / "one_town.html")
    gm.static_map(events, title=TITLE, width=600).save(folder / "one_town.svg")


if __name__ == "__main__":
    main(Path(*sys.argv[1:2]))

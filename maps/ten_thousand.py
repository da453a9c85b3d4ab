"""Ten thousand made-up events of two years: gathered on the picture, filtered on the page."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

import geomap as gm

TITLE = "10,000 made-up events"
TYPES = ["battle.clash", "explosion.shelling", "violence.attack", "protest.peaceful", "riot.mob"]


def frame() -> pd.DataFrame:
    """Return the events: around 400 towns of eight countries, the same ones each time."""
    dice = np.random.default_rng(7)
    known = gm.Gazetteer().cities(29.0, 12.0, 75.0, 40.0, limit=400)
    towns = [known[i] for i in dice.zipf(1.4, 10_000) % len(known)]
    days = pd.Timestamp("2022-01-01") + pd.to_timedelta(dice.integers(0, 730, 10_000), unit="D")
    events = pd.DataFrame({"type": dice.choice(TYPES, 10_000), "date_first": days})
    events["place"] = [town.name for town in towns]
    events["country"] = [town.country for town in towns]
    events["lat"], events["lon"] = [t.lat for t in towns], [t.lon for t in towns]
    return events.assign(date_last=days, source="The Dice", title="Made up", geo_precision="town")


def main(folder: Path) -> None:
    """Write the map and its picture."""
    gm.draw(frame(), title=TITLE).save(folder / "ten_thousand.html")
    gm.static_map(frame(), title=TITLE, width=600).save(folder / "ten_thousand.svg")


if __name__ == "__main__":
    main(Path(*sys.argv[1:2]))

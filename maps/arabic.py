"""Names, quotes and the basemap's labels in Arabic script, which runs from right to left."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

import geomap as gm

TITLE = "اجتماعات في المنطقة"
TOWNS = [
    ("geonames:98182", "بغداد", "IQ", 33.34, 44.40),
    ("geonames:250441", "عمّان", "JO", 31.96, 35.95),
    ("geonames:170654", "دمشق", "SY", 33.51, 36.29),
    ("geonames:108410", "الرياض", "SA", 24.69, 46.72),
    ("geonames:112931", "طهران", "IR", 35.69, 51.42),
    ("geonames:287286", "مسقط", "OM", 23.59, 58.41),
]


def main(folder: Path) -> None:
    """Write the map and its picture."""
    events = pd.DataFrame(TOWNS, columns=["id", "place", "country", "lat", "lon"])
    events["quote"] = [f"اجتمع وزراء الخارجية في {name} يوم الثلاثاء." for name in events["place"]]
    events = events.assign(type="diplomacy.meeting", source="صحيفة المثال", geo_precision="town")
    # Names of one's own, with their language; countries are named by the reader's browser.
    names = folder / "arabic.csv"
    own = events[["id", "lat", "lon", "country"]].assign(name=events["place"], language="ar")
    own.assign(feature="PPLC", population=1_000_000).to_csv(names, index=False)
    look = {"title": TITLE, "gazetteer": gm.Gazetteer(names=[names]), "language": "ar"}
    gm.draw(events, **look).save(folder / "arabic.html")
    gm.static_map(events, **look, width=600).save(folder / "arabic.svg")


if __name__ == "__main__":
    main(Path(*sys.argv[1:2]))

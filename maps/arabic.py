"""Names and quotes in Arabic script, which run from right to left."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

import geomap as gm

TITLE = "اجتماعات في المنطقة"
TOWNS = [
    ("بغداد", "IQ", 33.34, 44.40),
    ("عمّان", "JO", 31.96, 35.95),
    ("دمشق", "SY", 33.51, 36.29),
    ("الرياض", "SA", 24.69, 46.72),
    ("تهران", "IR", 35.69, 51.42),
    ("مسقط", "OM", 23.59, 58.41),
]


def main(folder: Path) -> None:
    """Write the map and its picture."""
    events = pd.DataFrame(TOWNS, columns=["place", "country", "lat", "lon"])
    events["quote"] = [f"اجتمع وزراء الخارجية في {name} يوم الثلاثاء." for name in events["place"]]
    events = events.assign(type="diplomacy.meeting", source="صحيفة المثال", geo_precision="town")
    gm.draw(events, title=TITLE).save(folder / "arabic.html")
    gm.static_map(events, title=TITLE, width=600).save(folder / "arabic.svg")


if __name__ == "__main__":
    main(Path(*sys.argv[1:2]))

"""Names and quotes in Arabic script, which run from right to left."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

import geomap as gm

TITLE = "اجتماعات في المنطقة"
TOWNS = [("Baghdad", "IQ"), ("Amman", "JO"), ("Damascus", "SY"), ("Riyadh", "SA"), ("Tehran", "IR")]


def main(folder: Path) -> None:
    """Write the map and its picture."""
    gazetteer = gm.Gazetteer()
    places = [gazetteer.find(name, country=code)[0] for name, code in TOWNS]
    names = [gazetteer.label(place, "fa" if place.country == "IR" else "ar") for place in places]
    events = pd.DataFrame(
        {
            "type": "diplomacy.meeting",
            "place": names,
            "country": [place.country for place in places],
            "lat": [place.lat for place in places],
            "lon": [place.lon for place in places],
            "quote": [f"اجتمع وزراء الخارجية في {name} يوم الثلاثاء." for name in names],
            "source": "صحيفة المثال",
            "geo_precision": "town",
        }
    )
    gm.draw(events, title=TITLE).save(folder / "arabic.html")
    gm.static_map(events, title=TITLE, width=600).save(folder / "arabic.svg")


if __name__ == "__main__":
    main(Path(*sys.argv[1:2]))

"""Diplomacy only, with lines from the participants' capitals to where they meet."""

from __future__ import annotations

import sys
from pathlib import Path

import geomap as gm

TITLE = "Who met where"
TEXT = """The foreign ministers of Kenya and Ethiopia met in Addis Ababa on Monday. On Tuesday the
presidents of Rwanda and Uganda held talks in Kampala. Egypt and Sudan signed an agreement on
water in Cairo on Wednesday. The president of Kenya will visit Kigali next week. Officials from
Somalia and Djibouti met in Mogadishu on Thursday."""


def main(folder: Path) -> None:
    """Write the map and its picture."""
    reading = gm.Pipeline().read(
        gm.Article(text=TEXT, source="Sample Diary", title=TITLE), published="2024-02-16"
    )
    with gm.Store(folder / "diplomacy.gpkg") as store:
        store.add(reading)
        incidents = store.incidents(types="diplomacy.*")
    gm.draw(incidents, title=TITLE, flows=True).save(folder / "diplomacy.html")
    gm.static_map(incidents, title=TITLE, width=600).save(folder / "diplomacy.svg")


if __name__ == "__main__":
    main(Path(*sys.argv[1:2]))

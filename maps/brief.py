"""A report of a store, in all its forms."""

from __future__ import annotations

import sys
from pathlib import Path

import geomap as gm

TITLE = "Pakistan and Afghanistan, from invented articles"
ARTICLES = Path(gm.__file__).with_name("samples")


def main(folder: Path) -> None:
    """Write the store and its reports."""
    with gm.Store(folder / "brief.gpkg") as store:
        store.add(gm.Pipeline().read_all(gm.read_articles(ARTICLES)))
        events = store.events(country=["PK", "AF"])
    for form in ("html", "md", "docx", "ipynb"):
        gm.write_report(events, folder / f"brief.{form}", title=TITLE, asked="country PK, AF")


if __name__ == "__main__":
    main(Path(*sys.argv[1:2]))

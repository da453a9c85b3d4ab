"""The articles that come with geomap, invented for it, as a map."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import geomap as gm

if TYPE_CHECKING:
    import folium

ARTICLES = Path(gm.__file__).with_name("samples")


def readings() -> list[gm.Reading]:
    """Return the readings of the articles."""
    return list(gm.Pipeline().read_all(gm.read_articles(ARTICLES)))


def drawn() -> folium.Map:
    """Return the map."""
    return gm.draw(readings(), title="Ten invented articles")


def main(folder: Path) -> None:
    """Write the map and its picture."""
    drawn().save(folder / "samples.html")
    gm.static_map(readings(), title="Ten invented articles", width=600).save(folder / "samples.svg")


if __name__ == "__main__":
    main(Path(*sys.argv[1:2]))

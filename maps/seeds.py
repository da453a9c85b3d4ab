"""A conference in Dushanbe, an accusation in Kabul, an attack in Bannu: two stories retold."""

from __future__ import annotations

import sys
from pathlib import Path

import geomap as gm

TITLE = "Dushanbe, Kabul, Islamabad, Bannu"
ARTICLES = [
    gm.Article(
        source="Retold, March 2021",
        published=gm.dates.normalize("31 March 2021", None).first,
        text="""Foreign ministers of fifteen states met in Dushanbe on Tuesday for the Heart of Asia
conference. In Kabul, a deputy head of Afghanistan's intelligence service accused Pakistan on
Tuesday of calling Taliban commanders to Peshawar. He said an offensive was being prepared there.
The defence ministry warned that insurgents planned attacks on provincial capitals.""",
    ),
    gm.Article(
        source="Retold, January 2023",
        published=gm.dates.normalize("3 January 2023", None).first,
        text="""Pakistan's defence minister said in an interview on Monday that armed groups strike
from Afghan soil. Kabul called that untrue. The National Security Committee met in Islamabad on
Monday. Last month Pakistani Taliban fighters attacked a counter-terrorism centre in Bannu district
of Khyber Pakhtunkhwa and took its guards hostage; the army stormed it and killed 33 of them.""",
    ),
]


def main(folder: Path) -> None:
    """Write the map and its picture."""
    readings = list(gm.Pipeline().read_all(ARTICLES))
    gm.draw(readings, title=TITLE).save(folder / "seeds.html")
    gm.static_map(readings, title=TITLE, width=600).save(folder / "seeds.svg")


if __name__ == "__main__":
    main(Path(*sys.argv[1:2]))

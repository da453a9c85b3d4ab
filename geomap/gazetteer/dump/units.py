"""Which administrative unit a place belongs to, where its own row does not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.gazetteer.dump.files import read_lines
from geomap.gazetteer.dump.ids import IdTable
from geomap.gazetteer.dump.rows import RowError, parse_id, split_row

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from geomap.gazetteer.dump.files import DumpFile
    from geomap.gazetteer.dump.problems import Problems

__all__ = ["fill_units", "seats"]

# A place lies in at most five levels below its country; the bound also ends a loop.
_MAX_STEPS = 8
_BATCH = 50_000
_PREFIX = len("geonames:")
_MIN_COLUMNS = 2
# Other kinds of pairs are of statistics, tourism and history.
_ADMINISTRATIVE = ("", "ADM")

_Unit = tuple[str, str, str | None]


def seats(database: sqlite3.Connection) -> dict[_Unit, tuple[float, float, int]]:
    """Return where each administrative unit's largest town lies, and how many live in its towns.

    Parameters
    ----------
    database
        The database with its places written.

    Returns
    -------
    dict
        Latitude and longitude, degrees, and inhabitants; by country, admin1 and admin2, which is
        None for the first level.
    """
    towns: dict[_Unit, tuple[float, float, int]] = {}
    for level, condition in (("NULL", ""), ("admin2", "AND admin2 IS NOT NULL")):
        # SQLite takes bare columns from the row that has the maximum (lang_select.html, 2.5).
        for country, admin1, admin2, lat, lon, people, _ in database.execute(
            f"SELECT country, admin1, {level}, lat, lon, sum(population), max(population) "  # noqa: S608 - constants only
            "FROM place WHERE cls = 'P' AND country IS NOT NULL AND admin1 IS NOT NULL "
            f"{condition} GROUP BY country, admin1, {level}"
        ):
            towns[country, admin1, admin2] = lat, lon, people
    return towns


def fill_units(
    database: sqlite3.Connection,
    file: DumpFile,
    problems: Problems,
    advance: Callable[[int], None] | None = None,
) -> int:
    """Give places without an administrative unit the one that the hierarchy puts them in.

    Parameters
    ----------
    database
        The database with its places written.
    file
        The hierarchy: parent, child, kind of the pair. Loops and parents that are no place do no
        harm.
    problems
        Told the lines that are no pairs.
    advance
        Told how many bytes were read since the last call; None for silence.

    Returns
    -------
    int
        How many places were given one.

    Raises
    ------
    GazetteerError
        The file is damaged or refused.
    """
    parents = _parents(file, problems, advance)
    units = _units(database)
    last, filled = -1, 0
    while batch := database.execute(
        "SELECT row, id, country FROM place WHERE row > ? AND admin1 IS NULL "
        "AND country IS NOT NULL AND feature NOT GLOB 'PCL*' ORDER BY row LIMIT ?",
        (last, _BATCH),
    ).fetchall():
        last = batch[-1][0]
        changes = [
            (unit[1], unit[2], row)
            for row, place_id, country in batch
            if (unit := _unit_above(int(place_id[_PREFIX:]), country, parents, units))
        ]
        database.executemany(
            "UPDATE place SET admin1 = ?, admin2 = coalesce(admin2, ?) WHERE row = ?", changes
        )
        filled += len(changes)
    return filled


def _units(database: sqlite3.Connection) -> dict[int, _Unit]:
    """Return the units that have rows, by GeoNames id."""
    return {
        int(place_id[_PREFIX:]): (country, admin1, admin2)
        for place_id, country, admin1, admin2 in database.execute(
            "SELECT id, country, admin1, CASE feature WHEN 'ADM2' THEN admin2 END FROM place "
            "WHERE feature IN ('ADM1', 'ADM2') AND country IS NOT NULL AND admin1 IS NOT NULL"
        )
    }


def _parents(file: DumpFile, problems: Problems, advance: Callable[[int], None] | None) -> IdTable:
    """Read the first administrative parent of each child."""
    parents = IdTable()
    for number, line in read_lines(file, advance):
        if not line:
            continue
        try:
            parent, child, kind = _pair(line)
        except RowError as error:
            problems.bad_row(file, number, str(error))
            continue
        if kind in _ADMINISTRATIVE and parents.get(child) < 0:
            parents[child] = parent
    return parents


def _pair(line: bytes) -> tuple[int, int, str]:
    """Read parent, child and kind."""
    columns = split_row(line)
    if len(columns) < _MIN_COLUMNS:
        raise RowError("no pair of ids")
    kind = columns[2].strip() if len(columns) > _MIN_COLUMNS else ""
    return parse_id(columns[0]), parse_id(columns[1]), kind


def _unit_above(
    place: int, country: str, parents: IdTable, units: dict[int, _Unit]
) -> _Unit | None:
    """Climb from a place to the first unit of its country."""
    for _ in range(_MAX_STEPS):
        place = parents.get(place)
        if place < 0:
            return None
        unit = units.get(place)
        if unit and unit[0] == country:
            return unit
    return None

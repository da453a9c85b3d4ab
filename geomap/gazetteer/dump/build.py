"""Building an index out of GeoNames dump files, in memory that does not grow with them.

Places go straight into the index's database; names go to the disk until all are there.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.errors import GazetteerError
from geomap.gazetteer.dump.files import DumpFile, find_dump_files, read_lines
from geomap.gazetteer.dump.ids import IdTable
from geomap.gazetteer.dump.names import NameStore, resolved, sort_postings, write_trie
from geomap.gazetteer.dump.origins import record_origins
from geomap.gazetteer.dump.problems import Problems
from geomap.gazetteer.dump.rows import CODE, COLUMN, RowError, is_code, parse_name, parse_place
from geomap.gazetteer.dump.spellings import SpellingStore
from geomap.gazetteer.dump.tables import Tables, Unit, read_tables
from geomap.gazetteer.dump.twins import Twins
from geomap.gazetteer.dump.units import fill_units, seats
from geomap.gazetteer.index import (
    DATABASE,
    KIND_RANKS,
    TRIE,
    create_database,
    finish_database,
    name_key,
    record_index,
    replacing,
)
from geomap.gazetteer.spelled import blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from geomap.gazetteer.dump.origins import Origin
    from geomap.gazetteer.dump.rows import PlaceRow
    from geomap.gazetteer.index import Progress

__all__ = ["DumpReport", "build_dump_index"]

_INSERT = "INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?,?,?,0)"
# Shares of the time that each step ends at, as measured on two million places.
_READ, _TRIE_DONE, _SORTED, _WRITTEN = 0.55, 0.7, 0.85, 0.93
# They repeat, with the language of each, what the places' own rows list.
_WORLD_NAMES = re.compile(r"alternateNames(V2)?\.txt$")
_CANONICAL = KIND_RANKS["c"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DumpReport:
    """What a build took in and what it left out.

    Parameters
    ----------
    places
        Places in the index.
    names
        Names in the index, each place's own counted.
    files
        The dump files that were read, in that order.
    bad_rows
        Lines that are no rows.
    problems
        The first of those, each as "file:line: reason".
    repeated
        Rows whose place an earlier file had already given.
    unmatched
        Rows of alternate names whose place no file gives: most, unless all countries are there.
    filled
        Places whose administrative unit was found in the hierarchy.
    seated
        Units that only the tables of codes name: they stand at their largest town, with the
        inhabitants of all their towns.
    """

    places: int
    names: int
    files: tuple[str, ...]
    bad_rows: int
    problems: tuple[str, ...]
    repeated: int
    unmatched: int
    filled: int
    seated: int


@dataclass(slots=True, kw_only=True)
class _Build:
    """A build under way."""

    database: sqlite3.Connection
    names: NameStore
    spellings: SpellingStore
    # Whether the places' own rows are all that tells their other names.
    spells_columns: bool
    tables: Tables
    problems: Problems
    advance: Callable[[int], None]
    rows: IdTable = field(default_factory=IdTable)
    twins: Twins = field(default_factory=Twins)
    unplaced: dict[int, Unit] = field(default_factory=dict)
    places: int = 0
    repeated: int = 0
    unmatched: int = 0
    filled: int = 0
    seated: int = 0


def build_dump_index(
    source: str | Path | Sequence[str | Path],
    target: Path,
    *,
    progress: Progress | None = None,
    origins: Sequence[Origin] = (),
) -> DumpReport:
    """Build an index out of GeoNames dump files.

    A place that our own tables have under an id of ours is the dump's from then on: it is shown
    with its GeoNames id and our name, and our other names lead to it.

    Parameters
    ----------
    source
        A folder of dump files under GeoNames's own names, zipped or not: allCountries or any
        countries, cities and no-country; alternateNamesV2 or countries' names (in a folder
        `alternatenames`), hierarchy, admin1CodesASCII, admin2Codes, countryInfo and
        featureCodes_en where they are there. Or one file of places. Or several of these, which
        become one index; where two give a place, the first one stands.
    target
        The index's folder; it is replaced when the new index is whole, and left alone otherwise.
    progress
        Told the step and the share done, 0 to 1; None for silence. An exception that it raises
        ends the build.
    origins
        Where the files came from, to be kept with the index; those that none is told of are
        recorded by name and size.

    Returns
    -------
    DumpReport
        What was taken in, and which lines were not.

    Raises
    ------
    GazetteerError
        No file has places, a file is damaged, encrypted, empty or absurdly large, or the index
        cannot be written.
    """
    from filelock import FileLock

    tell = progress or (lambda _step, _share: None)
    sources = [source] if isinstance(source, (str, Path)) else source
    try:
        files = find_dump_files([Path(path) for path in sources])
        target.parent.mkdir(parents=True, exist_ok=True)
        with (
            FileLock(target.parent / f"{target.name}.lock"),
            replacing(target, target.parent) as work,
        ):
            report = _build(files, work, tell, origins)
    except (OSError, sqlite3.Error, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise GazetteerError(
            f"{target}: the index cannot be written ({reason}): free some space or choose another "
            "folder; what was there before is untouched"
        ) from error
    tell("done", 1.0)
    return report


def _build(
    files: list[DumpFile], work: Path, tell: Progress, origins: Sequence[Origin]
) -> DumpReport:
    scratch = work / "names"
    scratch.mkdir()
    problems = Problems()
    tables = read_tables(files, problems)
    with (
        closing(create_database(work / DATABASE)) as database,
        closing(NameStore(scratch)) as names,
        closing(SpellingStore(scratch)) as spellings,
    ):
        build = _Build(
            database=database,
            names=names,
            spellings=spellings,
            spells_columns=not any(_WORLD_NAMES.search(file.label) for file in files),
            tables=tables,
            problems=problems,
            advance=_meter(files, tell),
            unplaced=dict(tables.units),
        )
        _read_all(build, files)
        if not build.places:
            why = problems.first[0] if problems.first else "no row"
            where = next(file.label for file in files if file.role == "places")
            raise GazetteerError(f"{where}: no place could be read ({why})")
        record_origins(database, files, origins)
        count = _finish(build, work, tell)
    record_index(work, names=count)
    return DumpReport(
        places=build.places,
        names=count,
        files=tuple(file.label for file in files),
        bad_rows=problems.count,
        problems=tuple(problems.first),
        repeated=build.repeated,
        unmatched=build.unmatched,
        filled=build.filled,
        seated=build.seated,
    )


def _meter(files: list[DumpFile], tell: Progress) -> Callable[[int], None]:
    """Return what turns bytes read into progress."""
    total = sum(file.size for file in files)
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        tell("reading the dump", _READ * min(1.0, done / total))

    return advance


def _read_all(build: _Build, files: list[DumpFile]) -> None:
    """Read places, then what is told about them."""
    for file in files:
        if file.role == "places":
            build.database.executemany(_INSERT, _places(build, file))
    build.database.executemany(_INSERT, _unit_rows(build))
    for file in files:
        if file.role == "hierarchy":
            build.filled += fill_units(build.database, file, build.problems, build.advance)
    for file in files:
        if file.role == "alternates":
            build.database.executemany(
                "UPDATE place SET name = ? WHERE row = ?", _alternates(build, file)
            )


def _finish(build: _Build, work: Path, tell: Progress) -> int:
    """Sort the names and write the rest of the index; return how many names it has."""
    build.twins.write(build.database, build.names, build.spellings)
    build.names.close()
    build.rows = IdTable()  # the trie needs the memory
    build.database.executemany(
        "INSERT INTO spelling VALUES (?,?)", blocks(build.spellings.gathered())
    )
    write_trie(
        build.names,
        work / TRIE,
        lambda share: tell("gathering names", _READ + share * (_TRIE_DONE - _READ)),
    )
    postings = sort_postings(
        build.names,
        work / TRIE,
        lambda share: tell("sorting names", _TRIE_DONE + share * (_SORTED - _TRIE_DONE)),
    )
    shutil.rmtree(work / "names", ignore_errors=True)  # the database needs the space
    tell("writing names", _SORTED)
    finish_database(
        build.database,
        work / DATABASE,
        resolved(postings),
        lambda: tell("sorting places", _WRITTEN),
    )
    (count,) = build.database.execute("SELECT count(*) FROM posting").fetchone()
    return int(count)


def _places(build: _Build, file: DumpFile) -> Iterator[tuple[Any, ...]]:
    """Give the rows of a file of places; enter their names."""
    first, rows, problems = build.places, build.rows, build.problems
    for number, line in read_lines(file, build.advance):
        try:
            place = parse_place(line)
            row = rows.get(place.id)
            if row >= first:
                raise RowError(f"id {place.id} stands further up already")  # noqa: TRY301 - counted like all bad rows
        except RowError as error:
            if line:
                problems.bad_row(file, number, str(error))
            continue
        if row >= 0:
            build.repeated += 1
            continue
        yield _enter(build, place)


def _enter(build: _Build, place: PlaceRow) -> tuple[Any, ...]:
    """Give a place its row and its names."""
    row = build.rows[place.id] = build.places
    build.places += 1
    tables = build.tables
    name, country, admin1, admin2 = place.name, place.country, place.admin1, place.admin2
    population, spellings = place.population, [name, place.ascii_name]
    if place.id in tables.countries:
        known = tables.countries[place.id]
        name, country = known.name or name, country or known.code
        population = population or known.population
        spellings.append(name)
    if unit := build.unplaced.pop(place.id, None):
        country, admin1, admin2 = unit.country, unit.admin1, unit.admin2 or admin2
        spellings += (unit.name, unit.ascii_name)
    keys = {key: _CANONICAL for spelling in spellings if (key := name_key(spelling))}
    if place.other_names:
        for other in place.other_names.split(","):
            if not is_code(other, place.cls) and (key := name_key(other)):
                keys.setdefault(key, COLUMN)
                if build.spells_columns:
                    build.spellings.add(row, other, "a")
    for key, kind in keys.items():
        build.names.add(key, row, kind)
    columns = (
        row,
        f"geonames:{place.id}",
        name,
        place.feature or (unit.feature if unit else ""),
        place.cls or ("A" if unit else tables.classes.get(place.feature, "")),
        country or None,
        admin1 or None,
        admin2 or None,
        place.lat,
        place.lon,
        population,
    )
    build.twins.meet(place.id, keys, columns)
    return columns


def _unit_rows(build: _Build) -> Iterator[tuple[Any, ...]]:
    """Give a row to the units that only the tables of codes know, at their largest town."""
    if not build.unplaced:
        return
    towns = seats(build.database)
    for unit_id, unit in build.unplaced.items():
        seat = towns.get((unit.country, unit.admin1, unit.admin2))
        if seat is None:
            continue
        row = build.rows[unit_id] = build.places
        build.places += 1
        build.seated += 1
        keys = {name_key(unit.name), name_key(unit.ascii_name)} - {""}
        for key in keys:
            build.names.add(key, row, _CANONICAL)
        codes = unit.country, unit.admin1, unit.admin2
        columns = row, f"geonames:{unit_id}", unit.name, unit.feature, "A", *codes, *seat
        build.twins.meet(unit_id, keys, columns)
        yield columns


def _alternates(build: _Build, file: DumpFile) -> Iterator[tuple[str, int]]:
    """Enter a file of alternate names; give the name that English prefers with its place's row."""
    rows, names, countries = build.rows, build.names, build.tables.countries
    for number, line in read_lines(file, build.advance):
        try:
            name = parse_name(line)
        except RowError as error:
            if line:
                build.problems.bad_row(file, number, str(error))
            continue
        if name is None:
            continue
        row = rows.get(name.place)
        if row < 0:
            build.unmatched += 1
            continue
        if key := name_key(name.name):
            names.add(key, row, CODE if name.kind is None else KIND_RANKS[name.kind])
            if name.kind is not None:
                build.spellings.add(row, name.name, name.kind, name.language, name.marks)
        if name.preferred_english and name.place not in countries:
            yield name.name, row

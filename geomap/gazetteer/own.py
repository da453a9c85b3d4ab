"""The user's own names: kept in the user's data folder, checked as a whole, replaced as a whole.

They lie in one SQLite file with the tables that look-ups read, so that opening them costs the same
for ten names and for a million. A file is written beside the old one and renamed into its place,
under a lock.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.errors import GazetteerError, InputError, PlaceNotFoundError
from geomap.folding import fold
from geomap.gazetteer.features import FEATURE_CLASSES
from geomap.gazetteer.index import KIND_RANKS, Index, open_index
from geomap.gazetteer.layers import Layer
from geomap.gazetteer.own_rows import (
    OwnName,
    RowProblem,
    is_placed,
    names_as_csv,
    placed,
    read_names,
)
from geomap.gazetteer.spelled import blocks, encoded
from geomap.output import replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from geomap.gazetteer.shapes import Location

__all__ = [
    "AddReport",
    "add_names",
    "dump_folder",
    "dump_layer",
    "export_names",
    "file_layer",
    "list_names",
    "own_folder",
    "own_layer",
    "remove_names",
    "standing_dump",
]

_log = logging.getLogger(__name__)

_FILE, _LOCK = "names.sqlite", "names.lock"
# SQLite's field for whose file it is: "gmon".
_APPLICATION = 0x676D6F6E
# Raise it whenever the tables or the folding change: older files are then read and filled anew.
_LAYOUT = 2

# `place`, `spelling` and `posting` are those of `geomap.gazetteer.index`.
_SCHEMA = """
CREATE TABLE place (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, feature TEXT NOT NULL,
  cls TEXT NOT NULL, country TEXT, admin1 TEXT, admin2 TEXT,
  lat REAL NOT NULL, lon REAL NOT NULL, population INTEGER NOT NULL,
  listed INTEGER NOT NULL DEFAULT 0);
CREATE TABLE spelling (block INTEGER PRIMARY KEY, names BLOB NOT NULL);
CREATE INDEX place_lat_lon ON place (lat, lon);
CREATE TABLE posting (
  key INTEGER NOT NULL, place INTEGER NOT NULL, kind INTEGER NOT NULL,
  PRIMARY KEY (key, place)) WITHOUT ROWID;
CREATE TABLE given (row INTEGER PRIMARY KEY, aliases TEXT NOT NULL, language TEXT);
CREATE TABLE trie (data BLOB NOT NULL, digest TEXT NOT NULL);
"""
_READ = (
    "SELECT id, name, lat, lon, country, admin1, feature, population, aliases, language "
    "FROM place JOIN given USING (row) ORDER BY row"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddReport:
    """What became of a list of names.

    Parameters
    ----------
    path
        The list.
    added
        How many places are new.
    replaced
        How many took the place of one with the same id.
    unchanged
        How many were there already, just so.
    problems
        What is wrong in the list; where there is anything, nothing was added.
    """

    path: Path
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    problems: tuple[RowProblem, ...] = ()


def own_folder(folder: Path | None = None) -> Path:
    """Return the folder of the own names: below a given one, $GEOMAP_CACHE, or the user's data."""
    from platformdirs import user_data_path

    chosen = folder or os.environ.get("GEOMAP_CACHE")
    if chosen:
        return Path(chosen).expanduser() / "own"
    return user_data_path("geomap", appauthor=False)


def dump_folder(folder: Path | None = None) -> Path:
    """Return where the index of a GeoNames dump lies that every look-up takes in."""
    return own_folder(folder) / "dump"


def add_names(csv_path: str | Path, *, folder: Path | None = None) -> AddReport:
    """Add a list of names for good: all of it, or nothing where any row is wrong.

    A place without a country or first-level unit gets those that lie at its point.

    Parameters
    ----------
    csv_path
        A list as `geomap.gazetteer.own_rows.read_names` reads it.
    folder
        As for `Gazetteer`; None for the user's own.

    Returns
    -------
    AddReport
        How many places are new, changed or known already, or what is wrong with the list. A
        `Gazetteer` that is already open keeps the names that it was opened with.

    Raises
    ------
    InputError
        The list cannot be read at all.
    GazetteerError
        The names kept so far cannot be read, or the folder cannot be written.
    """
    names, problems = read_names(csv_path)
    if problems:
        return AddReport(path=Path(csv_path), problems=tuple(problems))
    names = _placed(names, folder)
    with _locked(folder) as file:
        known = {name.id: name for name in _load(file)}
        merged = known | {name.id: name for name in names}
        if merged != known:
            _save(file, list(merged.values()))
    unchanged = sum(known.get(name.id) == name for name in names)
    added = len(merged) - len(known)
    return AddReport(
        path=Path(csv_path),
        added=added,
        replaced=len(names) - unchanged - added,
        unchanged=unchanged,
    )


def _placed(names: list[OwnName], folder: Path | None) -> list[OwnName]:
    """Give names the country and unit of their points, where any lacks them."""
    if all(map(is_placed, names)):
        return names
    from geomap.gazetteer.lookup import Gazetteer  # reads own names itself

    located = Gazetteer(folder, own=False).locate
    return [placed(name, located) for name in names]


def remove_names(names: Sequence[str], *, folder: Path | None = None) -> list[OwnName]:
    """Remove own places, by id or by name.

    Parameters
    ----------
    names
        Ids, with or without "user:", or names and aliases in any spelling.
    folder
        As for `Gazetteer`; None for the user's own.

    Returns
    -------
    list of OwnName
        What was removed.

    Raises
    ------
    PlaceNotFoundError
        No own place is called so; nothing is removed.
    InputError
        Several are: the message gives their ids; nothing is removed.
    GazetteerError
        The names kept so far cannot be read, or the folder cannot be written.
    """
    with _locked(folder) as file:
        known = _load(file)
        gone = list({own.id: own for own in (_one(name, known) for name in names)}.values())
        if gone:
            _save(file, [own for own in known if own not in gone])
    return gone


def _one(wanted: str, known: list[OwnName]) -> OwnName:
    """Return the one own place of an id or a name."""
    for own in known:
        if own.id in (wanted, f"user:{wanted}"):
            return own
    key = fold(wanted)
    found = [own for own in known if key in {fold(name) for name in (own.name, *own.aliases)}]
    if not found:
        raise PlaceNotFoundError(wanted)
    if len(found) > 1:
        ids = ", ".join(own.id for own in found)
        raise InputError(f"{wanted!r} is the name of several own places: give one of {ids}")
    return found[0]


def list_names(*, folder: Path | None = None) -> list[OwnName]:
    """Return the names that were added for good.

    Parameters
    ----------
    folder
        As for `Gazetteer`; None for the user's own.

    Returns
    -------
    list of OwnName
        In the order in which they were first added; empty where there are none.

    Raises
    ------
    GazetteerError
        The file is damaged or no file of own names.
    """
    return _load(own_folder(folder) / _FILE)


def export_names(path: str | Path, *, folder: Path | None = None) -> int:
    """Write the names that were added for good as a CSV that `add_names` reads back unchanged.

    Parameters
    ----------
    path
        The file to write; an older one is replaced.
    folder
        As for `Gazetteer`; None for the user's own.

    Returns
    -------
    int
        How many places were written.

    Raises
    ------
    GazetteerError
        The file of own names is damaged or no such file.
    OutputError
        The file cannot be written.
    """
    names = list_names(folder=folder)
    with replacing(path) as file:
        file.write(names_as_csv(names).encode())
    return len(names)


def own_layer(folder: Path | None = None) -> Layer | None:
    """Open the names that were added for good; a file that cannot be read is one warning.

    Parameters
    ----------
    folder
        As for `Gazetteer`; None for the user's own.

    Returns
    -------
    Layer or None
        None where there are none or they cannot be read.
    """
    file = own_folder(folder) / _FILE
    try:
        index = _open(file)
    except GazetteerError as error:
        _log.warning("%s: left out", error)
        return None
    return Layer(index, label=str(file), units="names") if index else None


def file_layer(path: Path, located: Callable[[float, float], Location]) -> Layer:
    """Open a CSV of names for one gazetteer.

    Parameters
    ----------
    path
        The list.
    located
        Says what lies at a latitude and longitude, for names that do not say it themselves.

    Returns
    -------
    Layer
        Its places.

    Raises
    ------
    InputError
        The first of its wrong rows.
    """
    names, problems = read_names(path)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise InputError(f"{path}: {problems[0]}{more}")
    names = [placed(name, located) for name in names]
    return Layer(_filled(names, path.parent), label=str(path), units="names")


@contextmanager
def _locked(folder: Path | None) -> Iterator[Path]:
    """Hold the lock of the own names; give their file."""
    from filelock import FileLock

    root = own_folder(folder)
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(root / _LOCK)
        lock.acquire()
    except OSError as error:
        raise GazetteerError(
            f"{root}: own names cannot be kept there ({error.strerror or error}): "
            "set GEOMAP_CACHE to a folder that can be written"
        ) from error
    try:
        yield root / _FILE
    finally:
        lock.release()


def _filled(names: Iterable[OwnName], folder: Path) -> Index:
    """Write names into an index in memory."""
    import marisa_trie

    database = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    database.executescript(_SCHEMA)
    postings: dict[tuple[str, int], int] = {}
    spelled: list[tuple[int, str]] = []
    database.execute("BEGIN")
    for row, own in enumerate(names):
        database.execute(
            "INSERT INTO place VALUES (?,?,?,?,?,?,?,NULL,?,?,?,0)",
            (
                row,
                own.id,
                own.name,
                own.feature,
                FEATURE_CLASSES[own.feature],
                own.country,
                own.admin1,
                own.lat,
                own.lon,
                own.population,
            ),
        )
        aliases = json.dumps(own.aliases, ensure_ascii=False)
        database.execute("INSERT INTO given VALUES (?,?,?)", (row, aliases, own.language))
        aliased = [encoded(alias, "a", own.language) for alias in own.aliases]
        spelled.append((row, "\n".join([encoded(own.name, "c", own.language), *aliased])))
        postings[fold(own.name), row] = KIND_RANKS["c"]
        for alias in own.aliases:
            postings.setdefault((fold(alias), row), KIND_RANKS["a"])
    trie = marisa_trie.Trie(key for key, _ in postings)
    database.executemany(
        "INSERT INTO posting VALUES (?,?,?)",
        ((trie[key], row, kind) for (key, row), kind in postings.items()),
    )
    database.executemany("INSERT INTO spelling VALUES (?,?)", blocks(spelled))
    data = trie.tobytes()
    database.execute("INSERT INTO trie VALUES (?,?)", (data, _digest(data)))
    database.execute("COMMIT")
    database.execute(f"PRAGMA application_id = {_APPLICATION}")
    database.execute(f"PRAGMA user_version = {_LAYOUT}")
    return Index(database, trie, folder, len(postings))


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _save(file: Path, names: list[OwnName]) -> None:
    with closing(_filled(names, file.parent).database) as database, replacing(file) as out:
        out.write(database.serialize())


def _load(file: Path) -> list[OwnName]:
    database = _connect(file)
    if database is None:
        return []
    with closing(database):
        return _stored(database, file)


def _stored(database: sqlite3.Connection, file: Path) -> list[OwnName]:
    try:
        rows = database.execute(_READ).fetchall()
        return [
            OwnName(
                id=row[0],
                name=row[1],
                lat=row[2],
                lon=row[3],
                country=row[4],
                admin1=row[5],
                feature=row[6],
                population=row[7],
                aliases=tuple(json.loads(row[8])),
                language=row[9],
            )
            for row in rows
        ]
    except (sqlite3.Error, ValueError, TypeError) as error:
        raise GazetteerError(f"{file}: the own names are damaged ({error})") from error


def _connect(file: Path) -> sqlite3.Connection | None:
    """Open the file of own names; None where there is none."""
    if not file.exists():
        return None
    try:
        # Nobody writes into the file: a new one takes its place.
        uri = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
        database = sqlite3.connect(uri, uri=True, check_same_thread=False)
        (application,) = database.execute("PRAGMA application_id").fetchone()
    except sqlite3.Error as error:
        raise GazetteerError(f"{file}: the own names cannot be read ({error})") from error
    if application != _APPLICATION:
        database.close()
        raise GazetteerError(f"{file}: no file of own names: move it away")
    return database


def _open(file: Path) -> Index | None:
    """Open the own names as an index; None where there are none."""
    import marisa_trie

    database = _connect(file)
    if database is None:
        return None
    try:
        (layout,) = database.execute("PRAGMA user_version").fetchone()
        if layout != _LAYOUT:
            with closing(database):
                return _filled(_stored(database, file), file.parent)
        data, digest = database.execute("SELECT data, digest FROM trie").fetchone()
        (names,) = database.execute("SELECT count(*) FROM posting").fetchone()
        whole = _digest(data) == digest
        trie = marisa_trie.Trie()
        if whole:
            trie.frombytes(data)
    except (sqlite3.Error, ValueError, TypeError, RuntimeError) as error:
        database.close()
        raise GazetteerError(f"{file}: the own names are damaged ({error})") from error
    if not whole:
        database.close()
        raise GazetteerError(f"{file}: the own names are damaged (the list of names)")
    return Index(database, trie, file.parent, names)


def dump_layer(folder: Path) -> Layer:
    """Open a dump's index."""
    try:
        return Layer(open_index(folder), label=str(folder))
    except FileNotFoundError as error:
        raise GazetteerError(f"{folder}: no such folder: build the index first") from error


def standing_dump(folder: Path) -> Layer | None:
    """Open the dump that the user has built in; a damaged one is told of and left out."""
    if not folder.is_dir():
        return None
    try:
        return Layer(open_index(folder), label=str(folder))
    except GazetteerError as error:
        _log.warning("%s: left out: build it again with `geomap gazetteer build`", error)
        return None

"""The index behind look-ups: SQLite rows and a memory-mapped trie of folded names.

It is built once from the shipped parquet files into the user's cache: under a lock, in a folder of
its own that is renamed into place when it is whole. A broken one is noticed by a digest over
samples of its files and built again.
"""

from __future__ import annotations

import glob
import hashlib
import json
import logging
import os
import shutil
import sqlite3
import tempfile
from array import array
from collections.abc import Callable
from contextlib import closing, contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from geomap.errors import GazetteerError, IndexDamagedError
from geomap.folding import fold
from geomap.gazetteer.artefact import NAMES, PLACES, artefact_digest, artefact_path, check_artefact
from geomap.gazetteer.ranking import from_own_table
from geomap.gazetteer.spelled import blocks, encoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import marisa_trie

__all__ = [
    "DATABASE",
    "KIND_BITS",
    "KIND_RANKS",
    "PLACE_BITS",
    "TRIE",
    "Index",
    "Progress",
    "cache_folder",
    "create_database",
    "ensure_index",
    "finish_database",
    "index_problems",
    "name_key",
    "open_index",
    "record_index",
    "replacing",
]

# Told the step in words and the share of the whole that is done.
Progress = Callable[[str, float], None]

_log = logging.getLogger(__name__)

# Raise it whenever the layout below or the folding changes: older indexes are then left alone.
_LAYOUT = 4
DATABASE, TRIE, _META = "places.sqlite", "names.marisa", "meta.json"
# Name kinds from the strongest to the weakest; the rank is what the index stores.
# Sources list some demonyms among the alternates, so a demonym outranks those.
KIND_RANKS = {"c": 0, "x": 1, "d": 2, "a": 3, "h": 4}
# Postings are packed into one integer for a cheap sort: key, then place, then kind.
KIND_BITS, PLACE_BITS = 4, 26
# A name longer than this is a sentence, not a name.
_MAX_NAME = 80
# 16 samples of 4 kB find truncation and overwritten pages without reading 100 MB at each start.
_SAMPLES, _SAMPLE_BYTES = 16, 4096
_BATCH = 50_000

_SCHEMA = """
CREATE TABLE place (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, feature TEXT NOT NULL,
  cls TEXT NOT NULL, country TEXT, admin1 TEXT, admin2 TEXT,
  lat REAL NOT NULL, lon REAL NOT NULL, population INTEGER NOT NULL,
  listed INTEGER NOT NULL DEFAULT 0);
CREATE TABLE spelling (block INTEGER PRIMARY KEY, names BLOB NOT NULL);
CREATE TABLE posting (
  key INTEGER NOT NULL, place INTEGER NOT NULL, kind INTEGER NOT NULL,
  PRIMARY KEY (key, place)) WITHOUT ROWID;
"""
_INDEXES = """
CREATE UNIQUE INDEX place_id ON place (id);
CREATE INDEX place_lat_lon ON place (lat, lon);
CREATE INDEX place_admin1 ON place (country, admin1) WHERE feature = 'ADM1';
CREATE INDEX place_admin2 ON place (country, admin1, admin2) WHERE feature = 'ADM2';
CREATE INDEX place_country ON place (country) WHERE feature GLOB 'PCL*' OR feature = 'TERR';
CREATE INDEX place_prominent ON place (population DESC) WHERE cls = 'P' AND population > 15000;
ANALYZE;
"""


class Index(NamedTuple):
    """An opened index: its database, its trie of distinct names, its folder, how many names."""

    database: sqlite3.Connection
    trie: marisa_trie.Trie
    folder: Path
    names: int


def cache_folder() -> Path:
    """Return the folder for everything that geomap builds once: $GEOMAP_CACHE or the user's."""
    from platformdirs import user_cache_path

    chosen = os.environ.get("GEOMAP_CACHE")
    if chosen:
        return Path(chosen).expanduser()
    return user_cache_path("geomap", appauthor=False)


def ensure_index(folder: Path | None = None, progress: Progress | None = None) -> Index:
    """Open the index of the shipped gazetteer, building it first where it is missing or broken.

    Parameters
    ----------
    folder
        The cache folder; None for `cache_folder()`.
    progress
        Called with a word for the step and the share done, 0 to 1; None for silence.

    Returns
    -------
    Index
        The opened index.

    Raises
    ------
    ArtefactError
        The shipped files are damaged.
    GazetteerError
        The cache folder cannot be written.
    """
    root = folder or cache_folder()
    target = root / f"gazetteer-{artefact_digest()[:12]}-{_LAYOUT}"
    try:
        return open_index(target)
    except FileNotFoundError:
        pass
    except IndexDamagedError as error:
        _log.warning("%s: building it again", error)
    return _build_locked(root, target, progress)


def _build_locked(root: Path, target: Path, progress: Progress | None) -> Index:
    from filelock import FileLock

    try:
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(root / f"{target.name}.lock"):
            try:
                return open_index(target)  # another process may have built it meanwhile
            except (FileNotFoundError, IndexDamagedError):
                _build(root, target, progress)
        return open_index(target)
    except FileExistsError as error:
        raise GazetteerError(
            f"{error.filename or root}: is a file where the gazetteer's index needs a folder: "
            "set GEOMAP_CACHE to another folder"
        ) from error
    except (OSError, sqlite3.Error) as error:
        raise GazetteerError(
            f"{root}: the gazetteer's index cannot be written "
            f"({getattr(error, 'strerror', None) or error}): "
            "set GEOMAP_CACHE to a folder that can, with 200 MB free"
        ) from error


def open_index(folder: Path) -> Index:
    """Open the index that a folder holds.

    Parameters
    ----------
    folder
        The folder that an index was written to.

    Returns
    -------
    Index
        The opened index; closing its database is the caller's.

    Raises
    ------
    FileNotFoundError
        There is no such folder.
    IndexDamagedError
        Its files are not what was recorded, or another version of geomap wrote them.
    """
    import marisa_trie

    meta = _checked_meta(folder)
    trie = marisa_trie.Trie()
    try:
        trie.mmap(str(folder / TRIE))
        uri = f"{(folder / DATABASE).absolute().as_uri()}?mode=ro&immutable=1"
        database = sqlite3.connect(uri, uri=True, check_same_thread=False)
    except (RuntimeError, sqlite3.Error) as error:
        raise IndexDamagedError(f"{folder}: the gazetteer's index is damaged ({error})") from error
    return Index(database, trie, folder, meta["names"])


def _checked_meta(folder: Path) -> dict[str, Any]:
    """Read what was recorded of the files when they were whole; compare samples of them."""
    if not folder.is_dir():
        raise FileNotFoundError(folder)
    try:
        meta: dict[str, Any] = json.loads((folder / _META).read_text(encoding="utf-8"))
        changed = [n for n in (DATABASE, TRIE) if meta["samples"][n] != _sample(folder / n)]
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = f"the gazetteer's index is damaged ({_META}: {error})"
        raise IndexDamagedError(f"{folder}: {problem}") from error
    if meta.get("layout") != _LAYOUT:
        raise IndexDamagedError(f"{folder}: another version of geomap wrote this gazetteer's index")
    if changed or not isinstance(meta.get("names"), int):
        raise IndexDamagedError(
            f"{folder}: the gazetteer's index is damaged ({', '.join(changed or [_META])})"
        )
    return meta


def _sample(path: Path) -> str:
    size = path.stat().st_size
    state = hashlib.blake2b(str(size).encode(), digest_size=16)
    step = max(1, (size - _SAMPLE_BYTES) // (_SAMPLES - 1))
    with path.open("rb") as file:
        for at in range(0, max(1, size), step):
            file.seek(at)
            state.update(file.read(_SAMPLE_BYTES))
    return state.hexdigest()


def index_problems(index: Index) -> list[str]:
    """Check a whole index, slowly: SQLite's own check and every name's rows.

    Parameters
    ----------
    index
        An opened index.

    Returns
    -------
    list of str
        One line a problem; empty when all is well.
    """
    cure = f"delete {index.folder}, and it is built again"
    problems = [
        f"{DATABASE}: {line}: {cure}"
        for (line,) in index.database.execute("PRAGMA integrity_check(5)")
        if line != "ok"
    ]
    (keys,) = index.database.execute("SELECT count(DISTINCT key) FROM posting").fetchone()
    if keys != len(index.trie):
        problems.append(f"{TRIE}: {len(index.trie)} names, but places for {keys}: {cure}")
    return problems


def _build(root: Path, target: Path, progress: Progress | None) -> None:
    tell = progress or (lambda _step, _share: None)
    check_artefact(PLACES, NAMES)
    with replacing(target, root) as work:
        postings = _fold_names(work / TRIE, tell)
        _write_database(work / DATABASE, postings, tell)
        record_index(work, names=len(postings))
    tell("done", 1.0)


@contextmanager
def replacing(target: Path, root: Path) -> Iterator[Path]:
    """Give a new folder that takes the place of `target` when the block ends well.

    The caller holds a lock: what a killed process left of an earlier try is removed.

    Parameters
    ----------
    target
        The folder to replace; it need not exist.
    root
        Where to make the new folder: on the same file system.

    Yields
    ------
    Path
        An empty folder. It is removed, and `target` left alone, when the block raises.
    """
    prefix = f"{target.name}.building-"
    for leftover in root.glob(f"{glob.escape(prefix)}*"):
        if not target.exists() and (leftover / "replaced").exists():
            (leftover / "replaced").rename(target)
        shutil.rmtree(leftover, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix=prefix, dir=root))
    try:
        yield work
        if target.exists():
            target.rename(work / "replaced")
        work.rename(target)
        shutil.rmtree(target / "replaced", ignore_errors=True)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise


def record_index(folder: Path, *, names: int) -> None:
    """Record what an index's files are, so that damage is seen when it is opened.

    Parameters
    ----------
    folder
        The folder with the finished database and trie.
    names
        How many names the index holds, each place's own counted.
    """
    meta = {
        "layout": _LAYOUT,
        "names": names,
        "samples": {name: _sample(folder / name) for name in (DATABASE, TRIE)},
    }
    (folder / _META).write_text(json.dumps(meta), encoding="utf-8")


def name_key(name: str) -> str:
    """Return what the index knows a name by; empty for a name without letters or digits."""
    return fold(name)[:_MAX_NAME]


def _rows(name: str, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(artefact_path(name))
    for batch in file.iter_batches(batch_size=_BATCH, columns=columns):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _fold_names(path: Path, tell: Progress) -> array[int]:
    """Write the trie of folded names; return the packed postings, sorted."""
    import marisa_trie
    import numpy as np
    import pyarrow.parquet as pq

    total = pq.read_metadata(artefact_path(NAMES)).num_rows

    def folded() -> Iterator[str]:
        for count, (name,) in enumerate(_rows(NAMES, ["name"])):
            if count % _BATCH == 0:
                tell("reading names", 0.4 * count / total)
            if key := name_key(name):
                yield key

    # The trie drops doubles itself; a set of the names would cost 140 MB.
    trie = marisa_trie.Trie(folded())
    trie.save(str(path))
    packed = array("q")
    for count, (place, name, kind) in enumerate(_rows(NAMES, ["place", "name", "kind"])):
        key = name_key(name)
        if key:
            packed.append((trie[key] << PLACE_BITS | place) << KIND_BITS | KIND_RANKS[kind])
        if count % _BATCH == 0:
            tell("sorting names", 0.4 + 0.4 * count / total)
    np.frombuffer(packed, dtype=np.int64).sort()
    return packed


def _unpacked(packed: array[int]) -> Iterator[tuple[int, int, int]]:
    """Give (key, place, kind), the strongest kind only where a place has a name twice."""
    before = -1
    for value in packed:
        head, kind = value >> KIND_BITS, value & (1 << KIND_BITS) - 1
        if head != before:
            before = head
            yield head >> PLACE_BITS, head & (1 << PLACE_BITS) - 1, kind


def _write_database(path: Path, postings: array[int], tell: Progress) -> None:
    columns = [
        "id",
        "name",
        "feature",
        "cls",
        "country",
        "admin1",
        "admin2",
        "lat",
        "lon",
        "population",
    ]
    with closing(create_database(path)) as database:
        tell("writing places", 0.8)
        database.executemany(
            "INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                (row, *values, from_own_table(values[0]))
                for row, values in enumerate(_rows(PLACES, columns))
            ),
        )
        database.executemany("INSERT INTO spelling VALUES (?,?)", blocks(_spellings()))
        tell("writing names", 0.85)
        finish_database(database, path, _unpacked(postings), lambda: tell("sorting places", 0.95))


def _spellings() -> Iterator[tuple[int, str]]:
    """Give each place's names as they are spelled; the file has them in the order of the places."""
    rows = _rows(NAMES, ["place", "name", "kind", "lang"])
    for place, names in groupby(rows, key=itemgetter(0)):
        entries = [encoded(name, kind, language) for _, name, kind, language in names]
        if len(entries) > 1:
            yield place, "\n".join(entries)


def create_database(path: Path) -> sqlite3.Connection:
    """Create an index's empty database, in a transaction that `finish_database` ends.

    Parameters
    ----------
    path
        Where; nobody else may read it before it is finished and renamed into place.

    Returns
    -------
    sqlite3.Connection
        Its `place` table awaits rows.
    """
    database = sqlite3.connect(path, isolation_level=None)
    # Nobody reads the file before it is renamed into place, so a crash loses nothing.
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    database.executescript(_SCHEMA)
    database.execute("BEGIN")
    return database


def finish_database(
    database: sqlite3.Connection,
    path: Path,
    postings: Iterable[tuple[int, int, int]],
    sorting: Callable[[], None],
) -> None:
    """Write the postings behind the places, sort both, and bring the file to the disk.

    Parameters
    ----------
    database
        What `create_database` gave, its places written.
    path
        Where it lies.
    postings
        (key, place, kind) in ascending order, each key and place once.
    sorting
        Called when the postings are written and the places are about to be sorted.
    """
    database.executemany("INSERT INTO posting VALUES (?,?,?)", postings)
    database.execute("COMMIT")
    sorting()
    database.executescript(_INDEXES)
    with path.open("rb+") as file:
        os.fsync(file.fileno())

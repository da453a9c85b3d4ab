"""Opening a GeoPackage store: whose file it is, which version, and who else holds it.

Errors of SQLite become one line that says which store, what is wrong and what to do.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.errors import InputError, StoreBusyError, StoreError
from geomap.store import schema
from geomap.store.base import SCHEMA
from geomap.store.gpkg import APPLICATION_ID, install_functions

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["connect", "guarded", "holder", "open_store"]

# SQLite's page cache, in kibibytes: the upper pages of a store of a million events.
_CACHE_KB = 65_536
# Bytes of a page: an article's text and reading fill two of these without much of a rest, which
# makes the file a fifth smaller than pages of 4,096.
_PAGE = 8192
# Pages in the log, 32 MB, before they are written back: each page is then written once for many
# transactions, which makes adding a fifth faster.
_LOG_PAGES = 4096
# Byte of the shared-memory file that a writer locks (sqlite.org/walformat.html, 2.3.1).
_WRITE_LOCK = 120
_LOCK_FIELDS = 8


def open_store(path: Path, *, create: bool, timeout: float) -> tuple[sqlite3.Connection, bool]:
    """Open a store, bringing an older one up to date, its copy kept beside it.

    Parameters
    ----------
    path
        Where it lies, or shall lie.
    create
        Make a new one where there is none.
    timeout
        Seconds to wait for others who write.

    Returns
    -------
    tuple of sqlite3.Connection and bool
        The connection, and whether it can be written.

    Raises
    ------
    StoreError
        There is none, it is no store of geomap's, a newer version wrote it, or it is damaged.
    """
    if path.is_dir():
        raise StoreError(f"{path}: is a folder, name a file in it")
    if not path.exists():
        if not create:
            raise StoreError(f"{path}: no such store, make one with: geomap add ... --store {path}")
        if not path.parent.is_dir():
            raise StoreError(f"{path}: no folder {path.parent}, create it or choose another path")
    with guarded(path):
        writable = _can_write(path)
        database = connect(
            path, "rwc" if writable and create else "rw" if writable else "ro", timeout
        )
        try:
            if writable:
                _prepare(database, path)
            else:
                _check_version(_version(database, path), path, writable=False)
        except BaseException:
            database.close()
            raise
    return database, writable


def _can_write(path: Path) -> bool:
    """Tell whether a store can be written: its folder too, for the log lies beside it."""
    target = path if path.exists() else path.parent
    return os.access(target, os.W_OK) and os.access(path.absolute().parent, os.W_OK)


def connect(path: Path, mode: str, timeout: float) -> sqlite3.Connection:
    """Open a connection, every statement its own transaction unless one is begun.

    Parameters
    ----------
    path
        The store.
    mode
        "rwc", "rw" or "ro", as in SQLite's addresses.
    timeout
        Seconds to wait for others who write.

    Returns
    -------
    sqlite3.Connection
        It may be handed from thread to thread, but used by one at a time.
    """
    # Without a log, and none can be made: nobody else can be writing either.
    frozen = mode == "ro" and not _can_write(path) and not Path(f"{path}-wal").exists()
    uri = f"{path.absolute().as_uri()}?mode={mode}{'&immutable=1' if frozen else ''}"
    database = sqlite3.connect(
        uri, uri=True, timeout=timeout, isolation_level=None, check_same_thread=False
    )
    install_functions(database)
    database.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
    database.execute("PRAGMA foreign_keys = ON")
    database.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
    # Each commit reaches the disk: what was acknowledged outlives a loss of power.
    database.execute("PRAGMA synchronous = FULL")
    return database


def _prepare(database: sqlite3.Connection, path: Path) -> None:
    """Make the tables in an empty file; bring those of an older version up to date."""
    version = _version(database, path)
    if version is None:
        database.execute(f"PRAGMA page_size = {_PAGE}")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("BEGIN IMMEDIATE")
        if _version(database, path) is None:  # another process may have been faster
            schema.create(database)
        database.execute("COMMIT")
        return
    _check_version(version, path, writable=True)
    if version < SCHEMA:
        _migrate(database, path, version)


def _version(database: sqlite3.Connection, path: Path) -> int | None:
    """Return the version of a store's tables, None for an empty file; refuse every other file."""
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    (application,) = database.execute("PRAGMA application_id").fetchone()
    if not tables and not application:
        return None
    if "geomap_meta" not in tables:
        kind = "a GeoPackage" if application == APPLICATION_ID else "an SQLite database"
        raise StoreError(f"{path}: is {kind}, but no store of geomap: choose another path")
    row = database.execute("SELECT value FROM geomap_meta WHERE key = 'schema'").fetchone()
    if row is None or not row[0].isdecimal():
        raise StoreError(f"{path}: is damaged (it does not say its version): restore a copy")
    return int(row[0])


def _check_version(version: int | None, path: Path, *, writable: bool) -> None:
    if version is None:
        raise StoreError(f"{path}: is empty, and write-protected: choose another path")
    if version > SCHEMA:
        raise StoreError(
            f"{path}: a newer geomap wrote it (tables {version}, this one knows {SCHEMA}): "
            "upgrade geomap"
        )
    if version < SCHEMA and not writable:
        raise StoreError(
            f"{path}: an older geomap wrote it, and it is write-protected: copy it elsewhere"
        )


def _migrate(database: sqlite3.Connection, path: Path, version: int) -> None:
    """Bring the tables up to date in one transaction, once a copy lies beside the store."""
    _back_up(database, path.with_name(f"{path.name}.backup-{version}"))
    database.execute("BEGIN IMMEDIATE")
    try:
        version = _version(database, path) or 0
        while version < SCHEMA:
            schema.MIGRATIONS[version](database)
            version += 1
        database.execute("UPDATE geomap_meta SET value = ? WHERE key = 'schema'", (str(version),))
        database.execute("COMMIT")
    except BaseException:
        database.execute("ROLLBACK")
        raise


def _back_up(database: sqlite3.Connection, target: Path) -> None:
    """Copy a store; the copy has its name only when it is whole."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    try:
        with closing(sqlite3.connect(name)) as copy:
            database.backup(copy)
        with Path(name).open("rb") as file:
            os.fsync(file.fileno())
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Turn what SQLite says into one line about a store."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise InputError(f"{path}: two events or articles have one id ({error})") from error
    except sqlite3.Error as error:
        raise _told(path, error) from error


def _told(path: Path, error: sqlite3.Error) -> StoreError:
    said = str(error)
    if "locked" in said or "busy" in said:
        return StoreBusyError(f"{path}: {holder(path)} is writing to it: wait, or end that first")
    if "full" in said or "I/O" in said:
        return StoreError(f"{path}: cannot be written, the disk is full or failing ({said})")
    if "readonly" in said or "read-only" in said or "unable to open" in said:
        return StoreError(f"{path}: is write-protected, or its folder is: choose another path")
    if "not a database" in said:
        return StoreError(f"{path}: is no store of geomap: choose another path")
    if "malformed" in said or "corrupt" in said:
        return StoreError(f"{path}: is damaged ({said}): restore a copy")
    return StoreError(f"{path}: {said}")


def holder(path: Path) -> str:
    """Say who is writing to a store, as far as the system tells.

    Parameters
    ----------
    path
        The store.

    Returns
    -------
    str
        "process 4711 (geomap)"; "another program" where that cannot be known.
    """
    try:
        file = Path(f"{path}-shm").stat()
        lines = Path("/proc/locks").read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return "another program"
    place = f"{os.major(file.st_dev):02x}:{os.minor(file.st_dev):02x}:{file.st_ino}"
    for line in lines:
        words = line.split()
        if len(words) < _LOCK_FIELDS or words[5] != place or words[3] != "WRITE":
            continue
        if words[6].isdecimal() and int(words[6]) <= _WRITE_LOCK <= _last(words[7]):
            return _process(int(words[4]))
    return "another program"


def _last(word: str) -> int:
    return int(word) if word.isdecimal() else _WRITE_LOCK


def _process(number: int) -> str:
    if number == os.getpid():
        return "this process itself, through another Store,"
    try:
        name = Path(f"/proc/{number}/comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return f"process {number}"
    return f"process {number} ({name})"

"""Which parts of the inputs a store has: a small SQLite file beside it, not trusted blindly.

Losing it costs time and nothing else: what the store has is asked of the store then.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from geomap.errors import StoreError
from geomap.gazetteer.index import cache_folder
from geomap.model import digest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geomap.articles.parts import Part
    from geomap.store import Store

__all__ = ["Checkpoint"]

# Raise it with every change of the tables or of what a part's digest means.
_FORMAT = 1
_WAIT_S = 30.0
_TABLES = """
CREATE TABLE IF NOT EXISTS bound (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS parts (began TEXT PRIMARY KEY, ends INTEGER, lines INTEGER)
    WITHOUT ROWID;
"""


class Checkpoint:
    """The parts that a store has.

    It holds for one store: where that was replaced, or holds fewer articles than it did (an older
    copy was put back), everything is forgotten.

    Parameters
    ----------
    store
        The store.

    Raises
    ------
    StoreError
        The file cannot be written.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._first: str | None = None
        self._path = _path(str(store.info()["store"]))
        try:
            self._database = self._opened()
        except sqlite3.DatabaseError:
            with suppress(OSError):
                self._path.unlink()
            try:
                self._database = self._opened()
            except sqlite3.Error as error:
                raise StoreError(f"{self._path}: cannot be written ({error})") from error
        self._articles = self._check()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with closing(self._database):
            pass

    def _opened(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, timeout=_WAIT_S, isolation_level=None)
        try:
            database.executescript(_TABLES)
        except sqlite3.Error:
            database.close()
            raise
        return database

    def _check(self) -> int:
        """Forget all that is not of this store, and return how many articles that has."""
        number = int(self._store.info()["articles"])
        known = dict(self._database.execute("SELECT key, value FROM bound"))
        first = self._first_run()
        same = first and known.get("store") == first and known.get("format") == _FORMAT
        if not same or number < int(known.get("articles", 0)):
            self._database.executescript("DELETE FROM parts; DELETE FROM bound;")
        return number

    def _first_run(self) -> str | None:
        """Return when the first articles came into the store: what tells it from others."""
        if self._first is None:
            runs = self._store.runs()
            self._first = runs[0].started if runs else None
        return self._first

    def known(self, part: Part) -> tuple[int, int] | None:
        """Return how far the part reaches that begins like another, if the store has it.

        Parameters
        ----------
        part
            A part, of which only the beginning counts.

        Returns
        -------
        tuple of int and int, or None
            One behind its last byte, and how many lines it has; None where that is not known.
        """
        end, lines = self._row(part) or (None, None)
        return None if end is None or lines is None else (end, lines)

    def has(self, part: Part) -> bool:
        """Tell whether the store has every article of a part.

        Parameters
        ----------
        part
            The part.

        Returns
        -------
        bool
            False for what has no size: standard input, pages of the web.
        """
        row = self._row(part) if part.size >= 0 else None
        return row is not None and row[0] == part.end

    def _row(self, part: Part) -> tuple[int | None, int | None] | None:
        found: tuple[int | None, int | None] | None = self._database.execute(
            "SELECT ends, lines FROM parts WHERE began = ?", (_began(part),)
        ).fetchone()
        return found

    def mark(self, done: Iterable[Part], added: int) -> None:
        """Note what the store has.

        Parameters
        ----------
        done
            Parts of which it has every article.
        added
            How many articles it got since the last call.

        Raises
        ------
        StoreError
            The file cannot be written; it is as it was.
        """
        self._articles += added
        rows = [(_began(part), part.end, part.lines) for part in done if part.size >= 0]
        if not rows or not self._first_run():
            return
        bound = {
            "store": self._first_run(),
            "format": _FORMAT,
            "articles": self._articles,
        }
        database = self._database
        try:
            database.execute("BEGIN IMMEDIATE")
            database.executemany("INSERT OR REPLACE INTO parts VALUES (?, ?, ?)", rows)
            database.executemany("INSERT OR REPLACE INTO bound VALUES (?, ?)", bound.items())
            database.execute("COMMIT")
        except sqlite3.Error as error:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise StoreError(
                f"{self._path}: cannot be written ({error}): the store has all that was read"
            ) from error


def _began(part: Part) -> str:
    return replace(part, end=None).digest


def _path(name: str) -> Path:
    """Return where the checkpoint of a store is: beside a file, in the cache for a server's."""
    if "://" not in name:
        return Path(f"{name}.resume")
    folder = cache_folder() / "resume"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{digest(name)}.sqlite"

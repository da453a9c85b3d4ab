"""What services answered, kept in one SQLite file with its source and its day."""

from __future__ import annotations

import json
import logging
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["Cache", "Kept"]

_log = logging.getLogger(__name__)

# Seconds to wait for another process that writes.
_BUSY_S = 10.0
_DAY_S = 86_400.0
_TABLE = """
CREATE TABLE IF NOT EXISTS answer (
  provider TEXT NOT NULL, params TEXT NOT NULL, found TEXT NOT NULL,
  attribution TEXT NOT NULL, retrieved REAL NOT NULL,
  PRIMARY KEY (provider, params)) WITHOUT ROWID
"""


class Kept(NamedTuple):
    """An answer: its places (none: the service knows of none), whose data, when it was given."""

    found: list[dict[str, Any]]
    attribution: str
    retrieved: float


class Cache:
    """Answers of services, found ones and "there is none" alike, until they are too old.

    Parameters
    ----------
    path
        The SQLite file; it is made when the first answer comes.
    keep_days
        How long a found place is taken from here.
    keep_missing_days
        How long "there is none" is.
    """

    def __init__(self, path: Path, *, keep_days: float, keep_missing_days: float) -> None:
        self.path = path
        self.keep_days = keep_days
        self.keep_missing_days = keep_missing_days

    def get(self, provider: str, params: dict[str, Any]) -> Kept | None:
        """Return the answer of a provider to a question.

        Parameters
        ----------
        provider
            The service and its address.
        params
            All that the answer depends on.

        Returns
        -------
        Kept or None
            None when it was never asked, or too long ago, or the file is damaged.
        """
        if not self.path.exists():
            return None
        try:
            with closing(self._open()) as database:
                row = database.execute(
                    "SELECT found, attribution, retrieved FROM answer "
                    "WHERE provider = ? AND params = ?",
                    (provider, _key(params)),
                ).fetchone()
            kept = Kept(json.loads(row[0]), row[1], row[2]) if row else None
        except (sqlite3.Error, ValueError) as error:
            _log.warning("%s: cannot be read (%s): asking again", self.path, error)
            return None
        if kept is None:
            return None
        days = self.keep_days if kept.found else self.keep_missing_days
        return kept if 0 <= time.time() - kept.retrieved < days * _DAY_S else None

    def put(
        self, provider: str, params: dict[str, Any], found: Iterable[dict[str, Any]], source: str
    ) -> Kept:
        """Keep an answer; an older one to the same question goes.

        Parameters
        ----------
        provider
            The service and its address.
        params
            All that the answer depends on.
        found
            The places; empty for "there is none".
        source
            Whose data it is, as its licence wants it named.

        Returns
        -------
        Kept
            The answer with its time. When the file cannot be written, that is logged.
        """
        kept = Kept(list(found), source, time.time())
        values = (provider, _key(params), json.dumps(kept.found), source, kept.retrieved)
        try:
            self._write(values)
        except sqlite3.OperationalError as error:
            _log.warning("%s: the answer is not kept (%s)", self.path, error)
        except sqlite3.DatabaseError as error:
            _log.warning("%s: damaged (%s): started anew", self.path, error)
            self.path.replace(self.path.with_name(f"{self.path.name}.damaged"))
            self._write(values)
        return kept

    def _write(self, values: tuple[object, ...]) -> None:
        with closing(self._open()) as database, database:
            database.execute(_TABLE)
            database.execute("INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?)", values)

    def _open(self) -> sqlite3.Connection:
        """Open the file anew each time, so that threads and processes share nothing else."""
        return sqlite3.connect(self.path, timeout=_BUSY_S)


def _key(params: dict[str, Any]) -> str:
    return json.dumps(params, sort_keys=True, ensure_ascii=False)

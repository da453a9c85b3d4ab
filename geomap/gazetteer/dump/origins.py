"""Where the files of a dump's index came from."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from geomap.gazetteer.dump.files import DumpFile

__all__ = ["Origin", "record_origins"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One file of a dump.

    Parameters
    ----------
    name
        Its file name, with the folder where GeoNames keeps it in one.
    size
        Bytes as it came, packed.
    taken
        When it was fetched, or taken in from the disk: ISO 8601, UTC.
    url
        Where it was fetched from; None for a file that was there.
    modified
        The day that the server gives for it, in the server's words; None where it gives none.
    etag
        The server's mark of its version; None where it gives none.
    sha256
        Digest of what was fetched, hexadecimal; None for a file that was there.
    """

    name: str
    size: int
    taken: str
    url: str | None = None
    modified: str | None = None
    etag: str | None = None
    sha256: str | None = None


def record_origins(
    database: sqlite3.Connection, files: Sequence[DumpFile], origins: Sequence[Origin]
) -> None:
    """Write where an index's files came from: as told, else what the disk says of them."""
    database.execute(
        "CREATE TABLE origin (name TEXT NOT NULL, size INTEGER NOT NULL, taken TEXT NOT NULL, "
        "url TEXT, modified TEXT, etag TEXT, sha256 TEXT)"
    )
    now = datetime.now(UTC).isoformat(timespec="seconds")
    found = origins or [
        Origin(name=path.name, size=path.stat().st_size, taken=now)
        for path in dict.fromkeys(file.path for file in files)
    ]
    database.executemany("INSERT INTO origin VALUES (?,?,?,?,?,?,?)", map(astuple, found))

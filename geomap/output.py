"""Writing a result so that the old file or the new one stands there, never half of either."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from geomap.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["replacing", "require_folder"]

# What open() gives a new file where the umask takes nothing away; mkstemp alone would give 0600.
_NEW_FILE_MODE = 0o666


@contextmanager
def replacing(path: str | Path) -> Iterator[IO[bytes]]:
    """Open a file for writing that takes the place of `path` only when all went well.

    The bytes go to a temporary file in the same folder, which is synced and renamed at the end.
    When the block raises, the temporary file is removed and an older file at `path` stays as it is.

    Parameters
    ----------
    path
        Where the result belongs; its folder must exist.

    Yields
    ------
    IO[bytes]
        The file to write to.

    Raises
    ------
    OutputError
        If the folder is missing or read-only, the path is a folder, or the disk is full.
    """
    target = Path(path)
    require_folder(target)
    temporary = _create_beside(target)
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode(target))
        temporary.replace(target)
        _sync_folder(target.parent)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(f"{target}: cannot be written, {_reason(error)}") from error
    finally:
        temporary.unlink(missing_ok=True)


def require_folder(path: str | Path) -> None:
    """Check, before long work, that a result can have its place.

    Parameters
    ----------
    path
        The file to be written later.

    Raises
    ------
    OutputError
        If its folder is missing, or the path itself is a folder.
    """
    target = Path(path)
    if target.is_dir():
        raise OutputError(f"{target}: is a folder, name a file in it")
    if not target.parent.is_dir():
        raise OutputError(f"{target}: no folder {target.parent}, create it or choose another path")


def _create_beside(target: Path) -> Path:
    """Return a new empty file in the folder of `target`."""
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise OutputError(f"{target}: cannot be written, {_reason(error)}") from error
    os.close(handle)
    return Path(name)


def _mode(target: Path) -> int:
    """Return the permissions that the finished file gets: those of the old one, else the usual."""
    if target.exists():
        return target.stat().st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return _NEW_FILE_MODE & ~umask


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, on systems where a folder can be opened."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _reason(error: OSError) -> str:
    """Return what the system says, in lower case to stand inside a sentence."""
    return (error.strerror or str(error)).lower()

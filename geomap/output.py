"""Writing a result so that the old file or the new one stands there, never half of either."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from geomap.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["replacing", "replacing_path", "require_folder"]

# What open() gives a new file where the umask takes nothing away; mkstemp alone would give 0600.
_NEW_FILE_MODE = 0o666
# Leaves room, within the 255 bytes of a file name, for four bytes a letter and a random ending.
_SHORT_NAME, _SHORT_ENDING = 50, 10


@contextmanager
def replacing(path: str | Path) -> Iterator[IO[bytes]]:
    """Open a file for writing that takes the place of `path` only when all went well.

    The bytes go to a temporary file in the same folder, which is synced and renamed at the end.
    When the block raises, the temporary file is removed and an older file at `path` stays as it is.
    A link stays a link: what it leads to is replaced. Devices and pipes are written to as they are.

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
        If the folder is missing or read-only, the path is a folder or a write-protected file, or
        the disk is full.
    """
    given = Path(path)
    require_folder(given)
    if _is_stream(given):
        with _streaming(given) as stream:
            yield stream
        return
    with replacing_path(given) as temporary, temporary.open("wb") as file:
        yield file


@contextmanager
def replacing_path(path: str | Path) -> Iterator[Path]:
    """Give the path of an empty file that takes the place of `path` when all went well.

    For writers that open their files themselves; otherwise as `replacing`, but for devices and
    pipes, which it refuses.

    Parameters
    ----------
    path
        Where the result belongs; its folder must exist.

    Yields
    ------
    Path
        The file to write to, in the same folder and with the same ending.

    Raises
    ------
    OutputError
        As for `replacing`.
    """
    given = Path(path)
    require_folder(given)
    if _is_stream(given):
        raise OutputError(f"{given}: is a device or a pipe, and this format needs a file")
    target = Path(os.path.realpath(given))
    try:
        temporary = _create_beside(target)
    except OSError as error:
        raise OutputError(f"{given}: cannot be written, {_reason(error)}") from error
    try:
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.chmod(_mode(target))
        temporary.replace(target)
        _sync_folder(target.parent)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(f"{given}: cannot be written, {_reason(error)}") from error
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
        If its folder is missing, the path itself is a folder, or an older file there is
        write-protected.
    """
    given = Path(path)
    if given.is_dir():
        raise OutputError(f"{given}: is a folder, name a file in it")
    if _is_stream(given):
        return
    target = Path(os.path.realpath(given))
    if not target.parent.is_dir():
        folder = given.parent if target == given.absolute() else target.parent
        raise OutputError(f"{given}: no folder {folder}, create it or choose another path")
    if target.exists() and not os.access(target, os.W_OK):
        raise OutputError(f"{given}: is write-protected, choose another path")


def _is_stream(path: Path) -> bool:
    """Tell whether a path is a device or a pipe, which a file must never take the place of."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


@contextmanager
def _streaming(path: Path) -> Iterator[IO[bytes]]:
    """Open a device or a pipe; a reader that goes away is left to the caller."""
    try:
        with path.open("wb") as file:
            yield file
    except (OutputError, BrokenPipeError):
        raise
    except OSError as error:
        raise OutputError(f"{path}: cannot be written, {_reason(error)}") from error


def _create_beside(target: Path) -> Path:
    """Return a new empty file in the folder of `target`."""
    # GDAL takes what stands behind a semicolon for options, and writes another file.
    start = target.name[:_SHORT_NAME].replace(";", "_")
    handle, name = tempfile.mkstemp(
        dir=target.parent,
        prefix=f".{start}.",
        suffix=target.suffix[-_SHORT_ENDING:].replace(";", "_"),
    )
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

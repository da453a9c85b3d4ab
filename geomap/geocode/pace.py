"""One request a second to a service, over all threads and processes of a user."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from geomap.errors import FetchTimeoutError, OutputError
from geomap.gazetteer.index import cache_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["hold_off", "wait_turn"]

# A pause asked for is kept, but no longer than this: a wrong clock must not lock a service out.
_LONGEST_PAUSE_S = 3600.0
# The lock is held for one small file; whoever waits longer waits for a process that hangs.
_LOCK_S = 10.0


def wait_turn(
    host: str, *, interval_s: float, timeout_s: float, folder: Path | None = None
) -> None:
    """Wait until this process may ask a server.

    Each caller reserves the next free moment in a small file under a lock and sleeps until then
    without the lock. The wall clock is used, because processes share no other.

    Parameters
    ----------
    host
        The server, as "host:port".
    interval_s
        Seconds between two requests.
    timeout_s
        Seconds to wait at most.
    folder
        Where the files are; None for geomap's cache.

    Raises
    ------
    FetchTimeoutError
        The turn would come too late; nothing is reserved then.
    OutputError
        The folder cannot be written.
    """
    path = _file(host, folder)
    with _locked(path):
        now = time.time()
        turn = max(now, _read(path, now))
        if turn - now > timeout_s:
            raise FetchTimeoutError(f"{host}: asks to be left alone for {turn - now:.0f} s")
        path.write_text(repr(turn + interval_s), encoding="ascii")
    time.sleep(turn - now)


def hold_off(host: str, *, seconds: float, folder: Path | None = None) -> None:
    """Keep all processes from asking a server for a while, as it wished ("Retry-After").

    Parameters
    ----------
    host
        The server, as "host:port".
    seconds
        For how long; at most an hour is kept.
    folder
        Where the files are; None for geomap's cache.

    Raises
    ------
    OutputError
        The folder cannot be written.
    """
    path = _file(host, folder)
    with _locked(path):
        now = time.time()
        until = now + min(max(seconds, 0.0), _LONGEST_PAUSE_S)
        path.write_text(repr(max(until, _read(path, now))), encoding="ascii")


def _file(host: str, folder: Path | None) -> Path:
    root = folder or cache_folder() / "geocode"
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{root}: cannot be made ({error.strerror})") from error
    return root / f"{re.sub('[^a-z0-9.-]', '_', host.lower())}.turn"


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a file's lock, with geomap's errors."""
    lock = FileLock(f"{path}.lock", timeout=_LOCK_S)
    try:
        lock.acquire()
    except Timeout as error:
        raise FetchTimeoutError(f"{path}: locked by another process") from error
    except OSError as error:
        raise OutputError(f"{path}: cannot be locked ({error.strerror})") from error
    try:
        yield
    finally:
        lock.release()


def _read(path: Path, now: float) -> float:
    """Return the next free moment; 0 when the file is missing, broken or from a wrong clock."""
    try:
        turn = float(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0.0
    return turn if now - _LONGEST_PAUSE_S <= turn <= now + _LONGEST_PAUSE_S + _LOCK_S else 0.0

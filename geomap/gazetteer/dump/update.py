"""Fetching GeoNames dump files, and the index built of them: opt-in, shown before it starts.

Whatever goes wrong, the index that was there before stays as it is.
"""

from __future__ import annotations

import io
import re
import shutil
import sqlite3
import tempfile
import time
import zipfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from geomap.errors import FetchError, GazetteerError, HttpStatusError, InputError
from geomap.fetch import Limits, head, open_host, save
from geomap.gazetteer.dump.build import build_dump_index
from geomap.gazetteer.dump.origins import Origin
from geomap.gazetteer.index import DATABASE
from geomap.gazetteer.own import dump_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from geomap.fetch import Saved
    from geomap.gazetteer.dump.build import DumpReport
    from geomap.gazetteer.index import Progress

__all__ = ["GEONAMES", "PlannedFile", "UpdatePlan", "UpdateReport", "update_dump"]

GEONAMES = "https://download.geonames.org/export/dump/"
_WORLD = ("allCountries.zip", "alternateNamesV2.zip")
_TABLES = (
    "no-country.zip",
    "hierarchy.zip",
    "admin1CodesASCII.txt",
    "admin2Codes.txt",
    "countryInfo.txt",
    "featureCodes_en.txt",
)
_SUMS = "SHA256SUMS"
# Two to three times what GeoNames has of each: 400 MB of places, 200 MB of names, 70 MB of the
# largest country.
_MAX_BYTES = {"allCountries.zip": 10**9, "alternateNamesV2.zip": 6 * 10**8}
_MAX_COUNTRY_BYTES, _MAX_TABLE_BYTES, _MAX_SUMS_BYTES = 2 * 10**8, 2 * 10**7, 10**6
# All of it at 60 kB a second; a line that is silent for a minute is dead.
_SECONDS, _STALL_SECONDS, _HEAD_SECONDS = 3 * 3600.0, 60.0, 30.0
# Files of GeoNames grow; one of half the size has lost something.
_LEAST_SHARE = 0.5
# The zips, the index (four times their size) and what its building needs meanwhile.
_ROOM = 8
# What fetching takes of the time of a whole update, on a line of 5 MB a second.
_FETCHED = 0.3
_NO_HEAD = (405, 501)
_DIGEST_LINE = re.compile(r"([0-9a-fA-F]{64}) [ *](.+)")
_COUNTRY = re.compile(r"[A-Z]{2}")
_ZIP_START = b"PK\x03\x04"
# What GeoNames packs beside the file itself.
_COMPANIONS = frozenset({"readme.txt", "iso-languagecodes.txt"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """A file to be fetched.

    Parameters
    ----------
    name
        Its name below the source.
    url
        Its address.
    size
        Bytes, as the server gives them; None where it does not.
    sha256
        The digest that it must have, hexadecimal; None where none is known.
    """

    name: str
    url: str
    size: int | None
    sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePlan:
    """What an update will fetch.

    Parameters
    ----------
    source
        The address that all files lie below.
    files
        The files.
    target
        The folder of the index that will be replaced.
    """

    source: str
    files: tuple[PlannedFile, ...]
    target: Path

    @property
    def size(self) -> int | None:
        """Bytes of all files; None where one's size is not known."""
        sizes = [file.size for file in self.files]
        return None if None in sizes else sum(size or 0 for size in sizes)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateReport:
    """What an update fetched and built.

    Parameters
    ----------
    built
        What the index took in.
    origins
        Where each file came from, with its digest.
    """

    built: DumpReport
    origins: tuple[Origin, ...]


class _Job(NamedTuple):
    """An update under way."""

    plan: UpdatePlan
    least: dict[str, int]
    ends: float
    tell: Progress


def update_dump(
    countries: Sequence[str] = (),
    *,
    source: str = GEONAMES,
    folder: Path | None = None,
    sums: str | Path | None = None,
    confirm: Callable[[UpdatePlan], bool] | None = None,
    accept_smaller: bool = False,
    progress: Progress | None = None,
) -> UpdateReport | None:
    """Fetch GeoNames dump files and build the index of them that every look-up takes in.

    Parameters
    ----------
    countries
        ISO alpha-2 codes in any case; none for the whole world.
    source
        An http or https address that the files lie below under GeoNames's names; one that is
        given may be of a private or loopback server.
    folder
        As for `Gazetteer`; None for the user's own.
    sums
        A file as `sha256sum` writes it, with every file's digest; None for the SHA256SUMS beside
        the files, where there is one.
    confirm
        Shown what is to be fetched before anything is; False ends the update. None for no
        question.
    accept_smaller
        Whether a file may have less than half the size that it had when it was last fetched.
    progress
        Told the step and the share done, 0 to 1; None for silence. An exception that it raises
        ends the update.

    Returns
    -------
    UpdateReport or None
        None when `confirm` said no. A `Gazetteer` that is open keeps what it was opened with.

    Raises
    ------
    InputError
        A country is no code, or `sums` cannot be read.
    FetchError
        The network is switched off, a file cannot be had whole and in time, or is not what was
        announced.
    GazetteerError
        A file is no dump file, or the index cannot be written; the old index stays in each case.
    """
    target = dump_folder(folder)
    base = source if source.endswith("/") else f"{source}/"
    with _alone(target) as room:
        plan = UpdatePlan(source=base, files=_planned(_names(countries), base, sums), target=target)
        least = {} if accept_smaller else _least_sizes(target)
        for file in plan.files:
            _check_growth(file.url, file.size, least.get(file.name))
        _check_room(plan, room)
        if confirm and not confirm(plan):
            return None
        tell = progress or (lambda _step, _share: None)
        job = _Job(plan, least, time.monotonic() + _SECONDS, tell)
        origins = _fetched(job, room)

        def built(step: str, share: float) -> None:
            tell(step, _FETCHED + share * (1 - _FETCHED))

        report = build_dump_index(room, target, progress=built, origins=origins)
    return UpdateReport(built=report, origins=tuple(origins))


@contextmanager
def _alone(target: Path) -> Iterator[Path]:
    """Give an empty folder beside the index, to one update at a time."""
    from filelock import FileLock, Timeout

    prefix = f"{target.name}.fetching-"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.parent / f"{target.name}.update.lock", timeout=0):
            for leftover in target.parent.glob(f"{prefix}*"):
                shutil.rmtree(leftover, ignore_errors=True)
            with tempfile.TemporaryDirectory(prefix=prefix, dir=target.parent) as room:
                yield Path(room)
    except Timeout:
        raise GazetteerError(f"{target}: another update is under way: wait for its end") from None
    except (FetchError, GazetteerError, InputError):
        raise
    except OSError as error:
        raise GazetteerError(
            f"{target.parent}: the dump cannot be kept there ({error.strerror or error}): free "
            "some space, or set GEOMAP_CACHE to another folder; the old gazetteer is untouched"
        ) from error


def _names(countries: Sequence[str]) -> list[str]:
    """Return the names of the files that hold some countries, or the world."""
    codes = list(dict.fromkeys(code.strip().upper() for code in countries))
    for code in codes:
        if not _COUNTRY.fullmatch(code):
            raise InputError(f"{code!r} is no country: use two-letter ISO codes such as PK AF")
    chosen = [f"{kind}{code}.zip" for kind in ("", "alternatenames/") for code in codes]
    return [*(chosen or _WORLD), *_TABLES]


def _planned(names: Sequence[str], base: str, sums: str | Path | None) -> tuple[PlannedFile, ...]:
    """Ask what the files are, without fetching them."""
    given = _read_sums(Path(sums)) if sums else None
    digests = _sums_of_server(base) if given is None else given
    if given is not None and (missing := [name for name in names if name not in given]):
        raise InputError(f"{sums}: has no digest of {missing[0]}: add it, or leave the file away")
    return tuple(
        PlannedFile(name=name, url=base + name, size=_size(base, name), sha256=digests.get(name))
        for name in names
    )


def _size(base: str, name: str) -> int | None:
    """Return how many bytes a file is announced to have, if it may have them."""
    url, most = base + name, _most(name)
    try:
        headers = head(url, limits=_limits(base, _HEAD_SECONDS, most))
    except HttpStatusError as error:
        if error.status in _NO_HEAD:
            return None
        raise FetchError(
            f"{error}: is there such a file? nothing was fetched, the old gazetteer is untouched"
        ) from error
    _refuse_page(url, headers)
    length = headers.get("content-length", "")
    if not length.isdigit():
        return None
    size = int(length)
    if not 0 < size <= most:
        raise FetchError(f"{url}: {size:,} bytes, not what GeoNames has there: refused")
    return size


def _most(name: str) -> int:
    usual = _MAX_TABLE_BYTES if name in _TABLES else _MAX_COUNTRY_BYTES
    return _MAX_BYTES.get(name, usual)


def _limits(base: str, seconds: float, most: int) -> Limits:
    # A server that the user names may be one of the house.
    opened = frozenset() if base == GEONAMES else frozenset({open_host(base)})
    return Limits(
        seconds=seconds,
        max_bytes=most,
        open_hosts=opened,
        stall_seconds=_STALL_SECONDS,
        same_host=True,
    )


def _refuse_page(url: str, headers: dict[str, str]) -> None:
    if "html" in headers.get("content-type", "").lower():
        raise FetchError(f"{url}: a web page instead of the file: refused")


def _sums_of_server(base: str) -> dict[str, str]:
    """Return the digests that lie beside the files; none where there are none."""
    url = base + _SUMS
    out = io.BytesIO()
    try:
        save(url, out, limits=_limits(base, _HEAD_SECONDS, _MAX_SUMS_BYTES))
    except HttpStatusError:
        return {}
    return _parsed_sums(url, out.getvalue().decode("utf-8", "replace"))


def _read_sums(path: Path) -> dict[str, str]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({getattr(error, 'strerror', error)})") from error
    return _parsed_sums(str(path), text)


def _parsed_sums(where: str, text: str) -> dict[str, str]:
    found = {}
    for number, line in enumerate(text.splitlines(), start=1):
        match = _DIGEST_LINE.fullmatch(line.strip())
        if line.strip() and not match:
            raise InputError(f"{where}:{number}: no line as sha256sum writes it: refused")
        if match:
            found[match[2].removeprefix("./")] = match[1].lower()
    return found


def _least_sizes(target: Path) -> dict[str, int]:
    """Return how small each file may be at least, after those that the old index is made of."""
    path = target / DATABASE
    if not path.is_file():
        return {}
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            rows = database.execute("SELECT name, size FROM origin WHERE url IS NOT NULL")
            return {name: int(size * _LEAST_SHARE) for name, size in rows}
    except sqlite3.Error:  # damaged, or of another version: it tells nothing
        return {}


def _check_growth(url: str, size: int | None, least: int | None) -> None:
    if size is not None and least is not None and size < least:
        raise FetchError(
            f"{url}: {size:,} bytes, less than half of the last one: refused; "
            "--accept-smaller takes it all the same"
        )


def _check_room(plan: UpdatePlan, room: Path) -> None:
    free = shutil.disk_usage(room).free
    if plan.size is not None and free < plan.size * _ROOM:
        raise GazetteerError(
            f"{room.parent}: {free / 1e9:.1f} GB free, {plan.size * _ROOM / 1e9:.1f} GB needed: "
            "free some space, or set GEOMAP_CACHE to another folder"
        )


def _fetched(job: _Job, room: Path) -> list[Origin]:
    """Fetch all files into a folder and check each."""
    (room / "alternatenames").mkdir()
    total = job.plan.size or sum(_most(file.name) for file in job.plan.files)
    done = 0
    origins = []
    for file in job.plan.files:
        step = f"fetching {file.name}"

        def advance(count: int, step: str = step) -> None:
            nonlocal done
            done += count
            job.tell(step, _FETCHED * min(1.0, done / total))

        path = room / file.name
        most = _most(file.name) if file.size is None else file.size
        limits = _limits(job.plan.source, job.ends - time.monotonic(), most)
        with path.open("wb") as out:
            saved = save(file.url, out, limits=limits, advance=advance)
        _check_fetched(file, path, saved, job.least.get(file.name))
        origins.append(_origin(file, saved))
    return origins


def _check_fetched(file: PlannedFile, path: Path, saved: Saved, least: int | None) -> None:
    """Refuse what is not the file that was announced."""
    _refuse_page(file.url, saved.headers)
    if file.size is not None and saved.size != file.size:
        raise FetchError(
            f"{file.url}: {saved.size:,} bytes instead of the {file.size:,} announced: refused"
        )
    _check_growth(file.url, saved.size, least)
    if file.sha256 is not None and saved.sha256 != file.sha256:
        raise FetchError(
            f"{file.url}: SHA-256 {saved.sha256[:12]}... instead of {file.sha256[:12]}...: refused"
        )
    with path.open("rb") as data:
        start = data.read(512).lstrip()
    if path.suffix == ".zip":
        _check_zip(file, path, start)
    elif start[:1] in (b"<", b"{", b"") or b"\0" in start:
        raise FetchError(f"{file.url}: no table of GeoNames: refused")


def _check_zip(file: PlannedFile, path: Path, start: bytes) -> None:
    if not start.startswith(_ZIP_START):
        raise FetchError(f"{file.url}: no zip file: refused")
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise FetchError(f"{file.url}: a damaged zip ({error}): refused") from error
    expected = f"{path.stem}.txt"
    odd = [name for name in members if name != expected and name not in _COMPANIONS]
    if odd or members.count(expected) != 1:
        raise FetchError(f"{file.url}: holds {(odd or members)[:1]}, not just {expected}: refused")


def _origin(file: PlannedFile, saved: Saved) -> Origin:
    return Origin(
        name=file.name,
        size=saved.size,
        taken=datetime.now(UTC).isoformat(timespec="seconds"),
        url=saved.url,
        modified=saved.headers.get("last-modified"),
        etag=saved.headers.get("etag"),
        sha256=saved.sha256,
    )

"""Finding GeoNames dump files and streaming their lines, straight out of zip files.

Nothing is ever extracted, so the path that a zip gives a member cannot lead anywhere. Sizes and
ratios are checked before the first byte is unpacked.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Literal, NamedTuple

from geomap.errors import GazetteerError
from geomap.gazetteer.dump.rows import NAME_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

__all__ = ["DumpFile", "Role", "find_dump_files", "read_lines"]

Role = Literal["features", "countries", "admin1", "admin2", "places", "hierarchy", "alternates"]

# In the order in which they are read; the first row of an id stands, so whole dumps lead.
_ROLES: tuple[tuple[re.Pattern[str], Role], ...] = (
    (re.compile(r"featureCodes_en\.txt"), "features"),
    (re.compile(r"countryInfo\.txt"), "countries"),
    (re.compile(r"admin1CodesASCII\.txt"), "admin1"),
    (re.compile(r"admin2Codes\.txt"), "admin2"),
    (re.compile(r"allCountries\.txt"), "places"),
    (re.compile(r"[A-Z]{2}\.txt"), "places"),
    (re.compile(r"no-country\.txt"), "places"),
    (re.compile(r"cities[0-9]+\.txt"), "places"),
    (re.compile(r"hierarchy\.txt"), "hierarchy"),
    (re.compile(r"alternateNames(V2)?\.txt"), "alternates"),
)
_ALTERNATES = len(_ROLES) - 1
# Where GeoNames keeps a country's names, under the country's own file name.
_NAMES_FOLDER = "alternatenames"
# More than the longest row of places.
_HEAD_BYTES = 2**17
# Members of GeoNames's own zips that hold no places.
_NO_PLACES = re.compile(
    r"(readme|iso-languagecodes|timeZones|userTags|shapes_.*)\.txt", re.IGNORECASE
)
# Twice to four times what GeoNames holds of each: 12.5 million places, 18 million other names,
# 0.5 million pairs of the hierarchy, 0.05 million codes. More is a bomb or another kind of file.
_MAX_LINES: dict[Role, int] = {
    "features": 10_000,
    "countries": 10_000,
    "admin1": 50_000,
    "admin2": 500_000,
    "places": 25_000_000,
    "hierarchy": 2_000_000,
    "alternates": 50_000_000,
}
# allCountries.txt has 1.7 GB. Zips of GeoNames unpack to 3 to 5 times their size; small files of
# many equal columns may go higher and do no harm.
_MAX_BYTES = 6 * 2**30
_MAX_RATIO, _SMALL_BYTES = 20, 32 * 2**20
_CHUNK = 2**20
# The longest field, the alternate names of a place, ends at 10,000 characters.
_MAX_LINE_BYTES = 2**18
_ENCRYPTED = 0x1


class DumpFile(NamedTuple):
    """One dump file: a text file, or a member of a zip file; `size` counts unpacked bytes."""

    role: Role
    path: Path
    member: str | None
    size: int

    @property
    def label(self) -> str:
        """The name that messages call it by."""
        return f"{self.path}/{self.member}" if self.member else str(self.path)


def find_dump_files(sources: Sequence[Path]) -> list[DumpFile]:
    """List the dump files of folders and single files.

    Parameters
    ----------
    sources
        Folders with files named as GeoNames names them, zipped or not, a folder `alternatenames`
        within included; and single such files, whose texts may then have any name. A text file
        hides the member of the same name of a zip beside it. A country's names and its places
        go by the same file name: their columns tell them apart.

    Returns
    -------
    list of DumpFile
        In the order in which they are to be read; at least one has places.

    Raises
    ------
    GazetteerError
        There is no dump file with places, or one is empty, damaged, encrypted or far too large.
    """
    found: dict[tuple[Path, str], tuple[int, int, DumpFile]] = {}
    try:
        for order, source in enumerate(sources):
            paths = _paths_in(source) if source.is_dir() else [source]
            for path in sorted(paths, key=lambda p: p.suffix.lower() == ".zip"):
                for name, file in _files_at(path):
                    rank = _rank(name, alone=path == source)
                    if rank is not None:
                        known = rank, order, file._replace(role=_ROLES[rank][1])
                        found.setdefault((path.absolute().parent, name), known)
    except OSError as error:
        raise GazetteerError(
            f"{error.filename or sources[0]}: cannot be read ({error.strerror or error})"
        ) from error
    for *_, file in found.values():
        _check_size(file)
    ranked = [
        (_ALTERNATES if file.role == "places" and _lists_names(file) else rank, order, file)
        for rank, order, file in found.values()
    ]
    files = [
        file._replace(role=_ROLES[rank][1])
        for rank, _, file in sorted(ranked, key=lambda f: (f[0], f[1], f[2].label))
    ]
    if not any(file.role == "places" for file in files):
        raise GazetteerError(
            f"{', '.join(map(str, sources))}: no GeoNames dump file with places: "
            "allCountries.zip, PK.zip, AF.txt ..."
        )
    return files


def _paths_in(folder: Path) -> list[Path]:
    """List a folder of dump files, and the folder of countries' names in it."""
    paths, names = sorted(folder.iterdir()), folder / _NAMES_FOLDER
    return paths + (sorted(names.iterdir()) if names.is_dir() else [])


def _lists_names(file: DumpFile) -> bool:
    """Tell by its first row whether a file holds names of places instead of places."""
    with _reading(file), _opened(file) as stream:
        head = stream.read(_HEAD_BYTES)
    first = next((line for line in head.split(b"\n") if line.strip()), b"")
    return first.count(b"\t") + 1 in NAME_COLUMNS


def read_lines(
    file: DumpFile, advance: Callable[[int], None] | None = None
) -> Iterator[tuple[int, bytes]]:
    """Give the lines of a dump file with their numbers, from 1.

    Parameters
    ----------
    file
        The file.
    advance
        Told how many bytes were read since the last call; None for silence.

    Yields
    ------
    tuple of int and bytes
        A line without its end.

    Raises
    ------
    GazetteerError
        The file is damaged, or has far more or far longer lines than its kind may have.
    """
    number, rest, limit = 0, b"", _MAX_LINES[file.role]
    with _reading(file), _opened(file) as stream:
        while chunk := stream.read(_CHUNK):
            if advance:
                advance(len(chunk))
            *lines, rest = (rest + chunk).split(b"\n")
            if number + len(lines) > limit:
                raise GazetteerError(
                    f"{file.label}: more than {limit:,} lines, far more than GeoNames has: refused"
                )
            if len(rest) > _MAX_LINE_BYTES:
                raise GazetteerError(
                    f"{file.label}:{number + len(lines) + 1}: a line of more than "
                    f"{_MAX_LINE_BYTES:,} bytes: this is no GeoNames dump file"
                )
            for line in lines:
                number += 1
                yield number, line
        if rest:
            yield number + 1, rest


def _files_at(path: Path) -> Iterator[tuple[str, DumpFile]]:
    """Give what may be dump files at a path, by the names that tell their roles."""
    suffix = path.suffix.lower()
    if suffix == ".txt" and path.is_file():
        yield path.name, DumpFile("places", path, None, path.stat().st_size)
    elif suffix == ".zip" and path.is_file():
        try:
            with zipfile.ZipFile(path) as archive:
                members = archive.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            raise GazetteerError(f"{path}: a damaged zip ({error}): download it again") from error
        for info in members:
            if not re.search(r"[/\\]", info.filename):
                yield info.filename, DumpFile("places", path, info.filename, info.file_size)
    elif not path.exists():
        raise FileNotFoundError(2, "no such file or folder", str(path))


def _rank(name: str, *, alone: bool) -> int | None:
    """Return which of `_ROLES` a file plays by its name; None for a file that plays none."""
    for rank, (pattern, _) in enumerate(_ROLES):
        if pattern.fullmatch(name):
            return rank
    if alone and name.lower().endswith(".txt") and not _NO_PLACES.fullmatch(name):
        return next(rank for rank, (_, role) in enumerate(_ROLES) if role == "places")
    return None


def _check_size(file: DumpFile) -> None:
    if not file.size:
        raise GazetteerError(f"{file.label}: the file is empty: download it again")
    if file.size > _MAX_BYTES:
        raise GazetteerError(f"{file.label}: {file.size:,} bytes, far more than GeoNames: refused")
    if not file.member:
        return
    with zipfile.ZipFile(file.path) as archive:
        info = archive.getinfo(file.member)
    if info.flag_bits & _ENCRYPTED:
        raise GazetteerError(f"{file.label}: encrypted: unpack it first")
    if file.size > max(_SMALL_BYTES, _MAX_RATIO * info.compress_size):
        raise GazetteerError(
            f"{file.label}: unpacks {info.compress_size:,} bytes to {file.size:,}, "
            "as no GeoNames file does: refused"
        )


@contextmanager
def _opened(file: DumpFile) -> Iterator[IO[bytes]]:
    if file.member is None:
        with file.path.open("rb") as stream:
            yield stream
    else:
        with zipfile.ZipFile(file.path) as archive, archive.open(file.member) as stream:
            yield stream


@contextmanager
def _reading(file: DumpFile) -> Iterator[None]:
    """Turn what can go wrong with a file into one line."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise GazetteerError(
            f"{file.label}: a damaged zip ({str(error) or 'cut off'}): download it again"
        ) from error
    except OSError as error:
        raise GazetteerError(f"{file.label}: cannot be read ({error.strerror or error})") from error

"""Where the shipped gazetteer lies, and whether it is what was shipped."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from geomap.errors import ArtefactError

__all__ = ["NAMES", "PLACES", "SHAPES", "artefact_digest", "artefact_path", "check_artefact"]

PLACES = "places.parquet"
NAMES = "names.parquet"
SHAPES = "shapes.parquet"
_SUMS = "SHA256SUMS"


@cache
def _data_folder() -> Path:
    packaged = Path(__file__).parents[1] / "_data"
    # A source tree keeps the artefact beside its recipe; the wheel carries it inside the package.
    return packaged if (packaged / _SUMS).exists() else Path(__file__).parents[2] / "gazetteer"


def artefact_path(name: str) -> Path:
    """Return the path of one shipped file; raise `ArtefactError` where it is missing."""
    path = _data_folder() / name
    if not path.is_file():
        raise ArtefactError(f"{path}: the gazetteer file is missing: install geomap again")
    return path


def _recorded() -> dict[str, str]:
    lines = artefact_path(_SUMS).read_text(encoding="ascii").splitlines()
    return {name.lstrip("*"): value for value, name in (line.split() for line in lines if line)}


def artefact_digest() -> str:
    """Return one digest for the whole shipped gazetteer, as recorded."""
    return hashlib.sha256(artefact_path(_SUMS).read_bytes()).hexdigest()


def check_artefact(*names: str) -> None:
    """Compare shipped files with their recorded digests.

    Parameters
    ----------
    *names
        File names, such as `PLACES`.

    Raises
    ------
    ArtefactError
        A file is missing, has no recorded digest, or is not what was shipped.
    """
    recorded = _recorded()
    for name in names:
        path = artefact_path(name)
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if recorded.get(name) != found:
            raise ArtefactError(
                f"{path}: the gazetteer file is damaged (SHA-256 {found[:12]}... instead of "
                f"{recorded.get(name, 'none recorded')[:12]}...): install geomap again"
            )

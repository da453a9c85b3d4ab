"""A project's file, `geomap.toml`: which lists of names belong to the work in a folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from geomap.errors import InputError

__all__ = ["PROJECT_FILE", "Project", "find_project", "read_project"]

PROJECT_FILE = "geomap.toml"
_VARIABLE = "GEOMAP_PROJECT"
_TABLE = "gazetteer"
_KEYS = ("names", "indexes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What a project's file says of the gazetteer.

    Parameters
    ----------
    path
        The file.
    names
        CSV files of own names, the weightiest last.
    indexes
        Folders with indexes of GeoNames dumps.
    """

    path: Path
    names: tuple[Path, ...] = ()
    indexes: tuple[Path, ...] = ()


def find_project(start: str | Path | None = None) -> Project | None:
    """Find and read the project's file that holds for a folder.

    Parameters
    ----------
    start
        The folder, or a project's file itself; None for what $GEOMAP_PROJECT names and, where it
        is not set, the working folder.

    Returns
    -------
    Project or None
        That of the folder or of the nearest folder above it, up to the repository's or the
        user's; None where there is none.

    Raises
    ------
    InputError
        The file cannot be read, or says what no such file says.
    """
    chosen = start or os.environ.get(_VARIABLE)
    given = Path(chosen).expanduser() if chosen else Path.cwd()
    if chosen and not given.is_dir():
        return read_project(given)
    folder = given.absolute()
    home = Path.home()
    for above in (folder, *folder.parents):
        if (above / PROJECT_FILE).is_file():
            return read_project(above / PROJECT_FILE)
        if above == home or (above / ".git").exists():
            return None
    return None


def read_project(path: str | Path) -> Project:
    """Read a project's file.

    Parameters
    ----------
    path
        A TOML file with a table `gazetteer`, whose `names` and `indexes` are lists of paths from
        the file's folder.

    Returns
    -------
    Project
        The paths, absolute.

    Raises
    ------
    InputError
        It cannot be read, is no TOML, has an unknown key, or names what is not there.
    """
    import tomllib

    file = Path(path).absolute()
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: no TOML, {error}") from error
    except OSError as error:
        raise InputError(f"{file}: cannot be read, {error.strerror or error}") from error
    for table in tables:
        if table != _TABLE:
            raise InputError(f"{file}: unknown key {table!r}: write a table [{_TABLE}]")
    said = tables.get(_TABLE, {})
    if not isinstance(said, dict):
        raise InputError(f"{file}: {_TABLE!r} is no table: write [{_TABLE}]")
    for key in said:
        if key not in _KEYS:
            raise InputError(f"{file}: unknown key '{_TABLE}.{key}': use {' or '.join(_KEYS)}")
    return Project(
        path=file,
        names=_paths(file, "names", said.get("names", [])),
        indexes=_paths(file, "indexes", said.get("indexes", [])),
    )


def _paths(file: Path, key: str, said: object) -> tuple[Path, ...]:
    if not isinstance(said, list) or not all(isinstance(path, str) and path for path in said):
        raise InputError(f'{file}: {_TABLE}.{key}: write a list of paths, {key} = ["..."]')
    paths = tuple(file.parent / Path(path).expanduser() for path in said)
    for given, path in zip(said, paths, strict=True):
        if not path.exists():
            raise InputError(f"{file}: {_TABLE}.{key}: no file {given!r} in {file.parent}")
    return paths

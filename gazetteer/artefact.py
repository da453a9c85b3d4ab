"""Writing the built tables, the same bytes for the same rows, and checking them by digest."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
from entries import Entry, feature_class

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

__all__ = ["FILES", "check", "write_places", "write_shapes", "write_sums"]

FILES = ("places.parquet", "names.parquet", "shapes.parquet")
_SUMS = "SHA256SUMS"

# The strongest setting of zstd that does not need long-distance windows to read.
_ZSTD_LEVEL = 19


def write_places(entries: Iterable[Entry], folder: Path) -> tuple[int, int]:
    """Write places.parquet and names.parquet.

    Parameters
    ----------
    entries
        The places; their order does not matter.
    folder
        Where the files go; each is replaced at once.

    Returns
    -------
    tuple[int, int]
        The numbers of places and of names.
    """
    rows = sorted(entries, key=_sort_key)
    _write(folder / "places.parquet", _places_table(rows))
    names = _names_table(rows)
    _write(folder / "names.parquet", names)
    return len(rows), names.num_rows


def write_shapes(rows: Sequence[dict[str, Any]], folder: Path) -> None:
    """Write shapes.parquet.

    Parameters
    ----------
    rows
        id, kind, country, name and wkb of each shape.
    folder
        Where the file goes.
    """
    columns = {
        "id": pa.string(),
        "kind": pa.string(),
        "country": pa.string(),
        "name": pa.string(),
        "wkb": pa.binary(),
    }
    ordered = sorted(rows, key=lambda row: (row["kind"], row["country"] or "", row["id"]))
    table = pa.table(
        {key: pa.array([row[key] for row in ordered], kind) for key, kind in columns.items()}
    )
    _write(folder / "shapes.parquet", table)


def write_sums(folder: Path) -> None:
    """Write SHA256SUMS over the files that are there, in the form that sha256sum reads.

    Parameters
    ----------
    folder
        The folder of the artefact.
    """
    lines = [f"{_digest(folder / name)}  {name}\n" for name in FILES if (folder / name).exists()]
    draft = folder / f"{_SUMS}.new"
    draft.write_text("".join(lines), encoding="ascii")
    draft.replace(folder / _SUMS)


def check(folder: Path) -> list[str]:
    """Return what does not fit SHA256SUMS.

    Parameters
    ----------
    folder
        The folder of the artefact.

    Returns
    -------
    list[str]
        One line a fault; empty when all files are there and fit.
    """
    if not (folder / _SUMS).exists():
        return [f"{folder / _SUMS} is missing"]
    lines = (folder / _SUMS).read_text(encoding="ascii").splitlines()
    recorded = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    faults = [f"{name} is not listed in {_SUMS}" for name in FILES if name not in recorded]
    for name, digest in recorded.items():
        path = folder / name
        if not path.exists():
            faults.append(f"{name} is missing")
        elif _digest(path) != digest:
            faults.append(f"{name} does not have the recorded digest")
    return faults


def _sort_key(entry: Entry) -> tuple[str, str, str, int, str]:
    scheme, _, local = entry.id.partition(":")
    number = int(local) if scheme == "geonames" else 0
    return entry.country or "", entry.admin1 or "", scheme, number, local


def _places_table(rows: Sequence[Entry]) -> pa.Table:
    text = {
        key: pa.array([getattr(row, key) for row in rows], pa.string())
        for key in ("id", "name", "feature", "country", "admin1", "admin2")
    }
    text["cls"] = pa.array([feature_class(row.feature) for row in rows], pa.string())
    order = ("id", "name", "feature", "cls", "country", "admin1", "admin2")
    return pa.table(
        {key: text[key] for key in order}
        | {
            "lat": pa.array([round(row.lat, 5) for row in rows], pa.float64()),
            "lon": pa.array([round(row.lon, 5) for row in rows], pa.float64()),
            "population": pa.array([row.population for row in rows], pa.int64()),
        }
    )


def _names_table(rows: Sequence[Entry]) -> pa.Table:
    places, names, kinds, languages = [], [], [], []
    for number, row in enumerate(rows):
        forms = {name: value for name, value in row.names.items() if name != row.name}
        forms[row.name] = ("c", None)
        for name, (kind, lang) in sorted(forms.items()):
            places.append(number)
            names.append(name)
            kinds.append(kind)
            languages.append(lang)
    return pa.table(
        {
            "place": pa.array(places, pa.int32()),
            "name": pa.array(names, pa.string()),
            "kind": pa.array(kinds, pa.string()),
            "lang": pa.array(languages, pa.string()),
        }
    )


def _write(path: Path, table: pa.Table) -> None:
    draft = path.with_name(f"{path.name}.new")
    plain = {"lat", "lon", "population", "place", "wkb"}
    wordy = {"id", "name"}
    columns = set(table.column_names)
    pq.write_table(
        table,
        draft,
        compression="zstd",
        compression_level=_ZSTD_LEVEL,
        use_dictionary=sorted(columns - plain - wordy),
        column_encoding={
            name: "DELTA_BINARY_PACKED" if name in {"place", "population"} else "DELTA_BYTE_ARRAY"
            for name in sorted(columns & (wordy | {"place", "population"}))
        },
        write_statistics=False,
        store_schema=False,
    )
    draft.replace(path)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

"""The tables in this folder: countries, regions, further places, short forms, corrections."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from entries import Entry, add_name, distance_km, feature_class, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from entries import Kind

__all__ = ["apply_all", "apply_overrides"]

# A source's place of the row's name and kind nearer than this is the row's: it gives the id.
_SAME_PLACE_KM = 15.0

_Row = dict[str, str]
_Index = dict[tuple[str, str, str], list[Entry]]


def apply_all(entries: dict[str, Entry], folder: Path) -> None:
    """Enter the own tables into the places, in the order in which they build on one another.

    Parameters
    ----------
    entries
        The places by id, changed in place.
    folder
        The folder of the CSV files.

    Raises
    ------
    ValueError
        If a row names a place that is not there, or one that it does not single out.
    """
    _apply_countries(entries, _read(folder / "countries.csv"))
    _apply_places(entries, _read(folder / "regions.csv"))
    _apply_places(entries, _read(folder / "places.csv"))
    index = _index(entries.values())
    for row in _read(folder / "abbreviations.csv"):
        entry = _target(row, entries, index)
        add_name(entry, row["name"], _kind(row["kind"]), lang="en")


def apply_overrides(entries: dict[str, Entry], path: Path) -> None:
    """Carry out the corrections of overrides.csv.

    Parameters
    ----------
    entries
        The places by id, changed in place.
    path
        The CSV file.

    Raises
    ------
    ValueError
        If a correction has nothing to correct, so that none goes stale unseen.
    """
    for row in _read(path):
        entry = entries.get(row["id"])
        if entry is None:
            raise ValueError(f"{path.name}: no place {row['id']} to {row['action']}")
        _override(entries, entry, row)


def _override(entries: dict[str, Entry], entry: Entry, row: Mapping[str, str]) -> None:
    action, value = row["action"], row["value"]
    if action == "drop_place":
        del entries[entry.id]
    elif action == "drop_name":
        if value not in entry.names:
            raise ValueError(f"overrides.csv: {entry.id} has no name {value!r} to drop")
        del entry.names[value]
    elif action == "add_name":
        add_name(entry, value)
    elif action == "rename":
        add_name(entry, entry.name)
        entry.name = value
    elif action == "set_feature":
        entry.feature = value
    elif action == "move":
        entry.lat, entry.lon = map(float, value.split(","))
    else:
        raise ValueError(f"overrides.csv: unknown action {action!r}")


def _apply_countries(entries: Mapping[str, Entry], rows: Iterable[_Row]) -> None:
    countries = {e.country: e for e in entries.values() if e.feature.startswith("PCL")}
    for row in rows:
        entry = countries.get(row["iso2"])
        if entry is None:
            raise ValueError(f"countries.csv: no country {row['iso2']}")
        add_name(entry, entry.name)
        entry.name, entry.feature = row["name"], row["feature"]
        if row["lat"]:
            entry.lat, entry.lon = float(row["lat"]), float(row["lon"])
        _add_listed(entry, row)


def _apply_places(entries: dict[str, Entry], rows: Iterable[_Row]) -> None:
    index = _index(entries.values())
    for row in rows:
        known = _target(row, entries, index) if not row["lat"] else _same_place(row, index)
        entry = known or _new_entry(row, entries)
        add_name(entry, row["name"])
        if known and (row["lat"] or feature_class(entry.feature) == "L"):
            # The sources' names are rarely those of the news ("Northern Africa").
            add_name(entry, entry.name)
            entry.name = row["name"]
        _add_listed(entry, row)


def _same_place(row: _Row, index: _Index) -> Entry | None:
    if row.get("geonames_id"):
        return None
    point = float(row["lat"]), float(row["lon"])
    names = [row["name"], *filter(None, row["aliases"].split("|"))]
    near = [
        (distance_km(*point, entry.lat, entry.lon), entry.id, entry)
        for name in names
        for entry in index.get((fold(name), row["country"], feature_class(row["feature"])), ())
        if not entry.id.startswith("geomap:")
    ]
    best = min(near, key=lambda item: item[:2], default=None)
    return best[2] if best and best[0] <= _SAME_PLACE_KM else None


def _new_entry(row: _Row, entries: dict[str, Entry]) -> Entry:
    country = row["country"] or None
    slug = f"geomap:{row['feature'].lower()}.{(country or 'xx').lower()}."
    key = slug + fold(row["name"]).replace(" ", "-")
    if row.get("geonames_id"):
        key = f"geonames:{row['geonames_id']}"
    if key in entries and row.get("admin1"):
        # Villages of one name in two provinces.
        key += f".{row['admin1'].lower()}"
    if key in entries:
        raise ValueError(f"two rows make {key}")
    entries[key] = Entry(
        id=key,
        name=row["name"],
        feature=row["feature"],
        country=country,
        admin1=row.get("admin1") or None,
        admin2=None,
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        population=int(row.get("population") or 0),
    )
    return entries[key]


def _add_listed(entry: Entry, row: Mapping[str, str]) -> None:
    columns: tuple[tuple[str, Kind], ...] = (
        ("aliases", "a"),
        ("short", "x"),
        ("demonyms", "d"),
        ("former", "h"),
    )
    for column, kind in columns:
        for name in filter(None, (row.get(column) or "").split("|")):
            add_name(entry, name, kind, lang="en")
            if name not in entry.names:
                raise ValueError(f"{name!r} of {row['name']} looks like a code: list it as short")


def _index(entries: Iterable[Entry]) -> _Index:
    index: _Index = {}
    for entry in entries:
        for name in {fold(entry.name), *map(fold, entry.names)}:
            for feature in (entry.feature, feature_class(entry.feature)):
                index.setdefault((name, entry.country or "", feature), []).append(entry)
    return index


def _target(row: Mapping[str, str], entries: Mapping[str, Entry], index: _Index) -> Entry:
    """Return the place that a row names by id, or by name, country and feature code or class."""
    if row.get("geonames_id"):
        entry = entries.get(f"geonames:{row['geonames_id']}")
        if entry is None:
            raise ValueError(f"no place geonames:{row['geonames_id']} for {dict(row)}")
        return entry
    name = row.get("target") or row["name"]
    found = index.get((fold(name), row["country"], row["feature"]), [])
    exact = [entry for entry in found if fold(entry.name) == fold(name)] or found
    if not exact:
        raise ValueError(f"no {row['feature']} {name!r} in {row['country'] or 'no country'}")
    return max(exact, key=lambda entry: entry.population)


def _kind(text: str) -> Kind:
    kinds: dict[str, Kind] = {"a": "a", "x": "x", "d": "d", "h": "h"}
    return kinds[text]


def _read(path: Path) -> list[_Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))

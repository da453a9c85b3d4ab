"""Places of our own tables that a dump holds under their GeoNames ids.

The dump's entry is then the one that is shown, under our name, and keeps all names of ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from geomap.gazetteer.artefact import NAMES, PLACES, artefact_path
from geomap.gazetteer.geodesy import distance_km
from geomap.gazetteer.index import KIND_RANKS, name_key
from geomap.gazetteer.ranking import OWN, from_own_table

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from geomap.gazetteer.dump.names import NameStore
    from geomap.gazetteer.dump.spellings import SpellingStore

__all__ = ["Twins"]

_COLUMNS = (
    "id",
    "name",
    "feature",
    "cls",
    "country",
    "admin1",
    "admin2",
    "lat",
    "lon",
    "population",
)
_GEONAMES = "geonames:"
# Our points of towns and buildings are right to 5 km, and GeoNames's to as much; what has an
# extent has its point anywhere within.
_NEAR_KM = {"P": 10.0, "S": 10.0, "R": 10.0}
_WIDE_KM = 50.0
# What spans countries has namesakes only in them: sources put its point hundreds of km apart.
_VAST = frozenset({"SEA", "OCN", "GULF", "STRT", "CHN", "MTS", "DSRT", "RGN", "ISLS", "PLAT"})
_VAST_KM = 300.0
# Units are told by their codes.
_UNITS = frozenset({"ADM1", "ADM2"})


class _Own(NamedTuple):
    """A place of our own tables: its row in the artefact and its columns."""

    row: int
    id: str
    name: str
    feature: str
    cls: str
    country: str | None
    admin1: str | None
    admin2: str | None
    lat: float
    lon: float
    population: int


@dataclass(slots=True)
class Twins:
    """Looks for places of our own tables among the rows of a dump."""

    _owns: dict[int, _Own] = field(default_factory=dict)
    _by_name: dict[str, list[_Own]] = field(default_factory=dict)
    _by_unit: dict[tuple[str | None, ...], _Own] = field(default_factory=dict)
    # Ids that the shipped gazetteer has: whatever stands beside them there is another place.
    _shipped: set[int] = field(default_factory=set)
    # Row of ours -> distance and row of the dump.
    _found: dict[int, tuple[float, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        first = 0
        for batch in pq.ParquetFile(artefact_path(PLACES)).iter_batches(columns=list(_COLUMNS)):
            ids = batch.column(0)
            known = ids.filter(pc.starts_with(ids, pattern=_GEONAMES))
            numbers = pc.utf8_slice_codeunits(known, start=len(_GEONAMES)).cast("int64")
            self._shipped.update(numbers.to_pylist())
            ours = pc.starts_with(ids, pattern=OWN)
            columns = (column.to_pylist() for column in batch.filter(ours).columns)
            for at, *values in zip(pc.indices_nonzero(ours).to_pylist(), *columns, strict=True):
                self._enter(_Own(first + at, *values))
            first += len(batch)

    def _enter(self, own: _Own) -> None:
        self._owns[own.row] = own
        self._by_name.setdefault(name_key(own.name), []).append(own)
        if own.feature in _UNITS:
            self._by_unit[_unit(own)] = own

    def meet(self, geonames_id: int, keys: Iterable[str], row: tuple[Any, ...]) -> None:
        """Look whether a row of the dump is one of ours.

        Parameters
        ----------
        geonames_id
            Its id.
        keys
            What the index knows its own names by.
        row
            Its columns as the index keeps them.
        """
        namesakes = [own for key in keys for own in self._by_name.get(key, ())]
        is_unit = row[3] in _UNITS
        if not (namesakes or is_unit) or geonames_id in self._shipped:
            return
        place = _Own(*row[:11])
        unit = self._by_unit.get(_unit(place)) if is_unit else None
        if unit:
            self._found[unit.row] = 0.0, place.row
            return
        for own in namesakes:
            if own.country != place.country or _kind(own) != _kind(place):
                continue
            gap = distance_km(own.lat, own.lon, place.lat, place.lon)
            known = self._found.get(own.row, (_reach_km(own, place), -1))
            if gap < known[0] or (known[1] < 0 and gap == known[0]):
                self._found[own.row] = gap, place.row

    def write(
        self, database: sqlite3.Connection, names: NameStore, spellings: SpellingStore
    ) -> None:
        """Give the rows that were found our names, and record whose twins they are."""
        database.execute("CREATE TABLE twin (own TEXT PRIMARY KEY, place INTEGER NOT NULL)")
        for at, (_, row) in self._found.items():
            own = self._owns[at]
            database.execute("INSERT INTO twin VALUES (?,?)", (own.id, row))
            database.execute(
                "UPDATE place SET population = max(population, ?) WHERE row = ?",
                (own.population, row),
            )
            if from_own_table(own.id):
                database.execute(
                    "UPDATE place SET name = ?, listed = 1 WHERE row = ?", (own.name, row)
                )
        for at, name, kind, language in _names_of(self._found):
            row = self._found[at][1]
            if key := name_key(name):
                names.add(key, row, KIND_RANKS[kind])
            spellings.add(row, name, kind, language or "")
        for table in (self._owns, self._by_name, self._by_unit, self._shipped, self._found):
            table.clear()  # what comes now needs the memory


def _unit(place: _Own) -> tuple[str | None, ...]:
    admin2 = place.admin2 if place.feature == "ADM2" else None
    return place.feature, place.country, place.admin1, admin2


def _reach_km(own: _Own, place: _Own) -> float:
    """Return how far apart two entries of one thing may stand."""
    if own.feature == place.feature and own.feature in _VAST and own.country is None:
        return _VAST_KM
    return _NEAR_KM.get(own.cls, _WIDE_KM)


def _kind(place: _Own) -> str:
    """Return what must agree for two entries to be of one thing: a lake is not its river."""
    if place.cls in ("P", "L"):
        return place.cls
    if place.cls == "S":
        return "AIR" if place.feature.startswith("AIR") else place.feature
    return place.cls + place.feature[:2]


def _names_of(rows: Iterable[int]) -> Iterator[tuple[int, str, str, str | None]]:
    """Give row, name, kind and language of all names of some shipped places."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    wanted = pa.array(sorted(rows), type=pa.int32())
    file = pq.ParquetFile(artefact_path(NAMES))
    for batch in file.iter_batches(columns=["place", "name", "kind", "lang"]):
        kept = batch.filter(pc.is_in(batch["place"], value_set=wanted))
        yield from zip(*(column.to_pylist() for column in kept.columns), strict=True)

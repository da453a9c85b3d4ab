"""One index of places as a layer: queries of its tables, and what happens when it is damaged."""

from __future__ import annotations

import logging
import sqlite3
import zlib
from typing import TYPE_CHECKING, Any, Literal

from geomap.errors import IndexDamagedError
from geomap.gazetteer.spelled import PLACES_A_BLOCK, names_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from geomap.gazetteer.index import Index
    from geomap.gazetteer.spelled import PlaceName

__all__ = ["Layer"]

_log = logging.getLogger(__name__)

_PLACE = "id, name, feature, country, admin1, admin2, lat, lon, population, cls, listed"

# Asked with the places themselves: a query for each unit would take longer than all the rest.
_UNIT_NAMES = """
    (SELECT name FROM place u WHERE u.country = place.country AND u.admin1 = place.admin1
     AND u.feature = 'ADM1'),
    (SELECT name FROM place u WHERE u.country = place.country AND u.admin1 = place.admin1
     AND u.admin2 = place.admin2 AND u.feature = 'ADM2')
"""


class Layer:
    """An opened index.

    A row of it is (id, name, feature, country, admin1, admin2, lat, lon, population, class,
    listed).

    Parameters
    ----------
    index
        The opened index.
    label
        What it is called in warnings: its path.
    reopen
        Builds a damaged index again; None where there is nothing to build it from: a layer that
        turns out damaged then counts as empty from there on.
    units
        Whether the columns of the administrative units hold codes or the names themselves.
    """

    def __init__(
        self,
        index: Index,
        *,
        label: str,
        reopen: Callable[[], Index] | None = None,
        units: Literal["codes", "names"] = "codes",
    ) -> None:
        self.index = index
        self.label = label
        self.units = units
        self._reopen = reopen
        self._lost = False

    def query(self, sql: str, *values: object) -> list[Any]:
        """Return all rows of a query; an index that is found damaged is mended or left out.

        Parameters
        ----------
        sql
            One SELECT.
        *values
            What its question marks stand for.

        Returns
        -------
        list
            Tuples; empty for a damaged layer that cannot be built again.

        Raises
        ------
        IndexDamagedError
            The index is damaged although it was built again.
        """
        if self._lost:
            return []
        try:
            return self.index.database.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            return self._mended(error, sql, values)

    def _mended(
        self, error: sqlite3.DatabaseError, sql: str, values: tuple[object, ...]
    ) -> list[Any]:
        if self._reopen is None:
            _log.warning("%s: damaged (%s): left out", self.label, error)
            self._lost = True
            return []
        _log.warning("%s: damaged (%s): building it again", self.label, error)
        self.index.database.close()
        self.index = self._reopen()
        try:
            return self.index.database.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as again:
            raise IndexDamagedError(f"{self.label}: {again}") from again

    def called(self, folded: str) -> list[Any]:
        """Return (kind, *row) for each place of a folded name."""
        return self._called(folded, _PLACE)

    def called_with_units(self, folded: str) -> list[Any]:
        """Return (kind, *row, name of admin1, name of admin2), as this layer has these units."""
        return self._called(folded, f"{_PLACE}, {_UNIT_NAMES}")

    def _called(self, folded: str, columns: str) -> list[Any]:
        key = self.index.trie.get(folded)
        if key is None:
            return []
        return self.query(
            f"SELECT posting.kind, {columns} FROM posting JOIN place ON place.row = posting.place "  # noqa: S608 - constants only
            "WHERE key = ?",
            key,
        )

    def prefixes(self, folded: str) -> Iterator[str]:
        """Give every folded name that a folded text begins with, the shortest first."""
        found: Iterator[str] = self.index.trie.iter_prefixes(folded)
        return found

    def row(self, place_id: str) -> Any | None:  # noqa: ANN401 - sqlite3 does not know its rows
        """Return the row of an id, or None."""
        rows = self.query(f"SELECT {_PLACE} FROM place WHERE id = ?", place_id)  # noqa: S608
        return rows[0] if rows else None

    def names(self, place_id: str) -> list[PlaceName]:
        """Return the names of a place as this layer spells them; empty for one with one name."""
        rows = self.query(
            "SELECT row, names FROM place JOIN spelling ON block = row / ? WHERE id = ?",
            PLACES_A_BLOCK,
            place_id,
        )
        try:
            return names_in(rows[0][1], rows[0][0]) if rows else []
        except (zlib.error, UnicodeDecodeError) as error:
            raise IndexDamagedError(
                f"{self.label}: damaged (the spelled names): delete it, and build it again"
            ) from error

    def has_twins(self) -> bool:
        """Tell whether the index knows of places that our own tables have under other ids."""
        return bool(self.query("SELECT 1 FROM sqlite_master WHERE name = 'twin'"))

    def origins(self) -> list[Any]:
        """Return name, size, day taken, address and etag of the files of a dump's index."""
        if not self.query("SELECT 1 FROM sqlite_master WHERE name = 'origin'"):
            return []
        return self.query("SELECT name, size, taken, url, etag FROM origin")

    def twin(self, own_id: str) -> str | None:
        """Return the id that a place of our own tables has here, where it is known to."""
        rows = self.query(
            "SELECT place.id FROM twin JOIN place ON place.row = twin.place WHERE own = ?", own_id
        )
        return rows[0][0] if rows else None

    def countries(self, code: str) -> list[Any]:
        """Return the rows of a country or territory by its code, the most populous first."""
        return self.query(
            f"SELECT {_PLACE} FROM place WHERE country = ? "  # noqa: S608
            "AND (feature GLOB 'PCL*' OR feature = 'TERR') ORDER BY population DESC LIMIT 1",
            code,
        )

    def box(self, south: float, north: float, west: float, east: float) -> list[Any]:
        """Return the rows of a box of degrees that does not cross the antimeridian."""
        return self.query(
            f"SELECT {_PLACE} FROM place WHERE lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?",  # noqa: S608
            south,
            north,
            west,
            east,
        )

    def towns(self, west: float, south: float, east: float, north: float, limit: int) -> list[Any]:
        """Return the rows of the most important towns of a box; west > east crosses 180."""
        between = "lon BETWEEN ? AND ?" if west <= east else "(lon >= ? OR lon <= ?)"
        return self.query(
            f"SELECT {_PLACE} FROM place WHERE cls = 'P' AND population > 15000 "  # noqa: S608
            f"AND lat BETWEEN ? AND ? AND {between} "
            "ORDER BY feature = 'PPLC' DESC, population DESC, id LIMIT ?",
            south,
            north,
            west,
            east,
            limit,
        )

    def unit(self, country: str, admin1: str, admin2: str | None) -> Any | None:  # noqa: ANN401
        """Return the row of a first-order unit, or of a second-order one, by its codes."""
        rows = (
            self.query(
                f"SELECT {_PLACE} FROM place "  # noqa: S608
                "WHERE country = ? AND admin1 = ? AND feature = 'ADM1'",
                country,
                admin1,
            )
            if admin2 is None
            else self.query(
                f"SELECT {_PLACE} FROM place "  # noqa: S608
                "WHERE country = ? AND admin1 = ? AND admin2 = ? AND feature = 'ADM2'",
                country,
                admin1,
                admin2,
            )
        )
        return rows[0] if rows else None

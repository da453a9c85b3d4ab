"""The small tables of a GeoNames dump: feature codes, countries, administrative units."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from geomap.gazetteer.dump.files import read_lines
from geomap.gazetteer.dump.rows import RowError, parse_id, parse_population, split_row

if TYPE_CHECKING:
    from geomap.gazetteer.dump.files import DumpFile
    from geomap.gazetteer.dump.problems import Problems

__all__ = ["Country", "Tables", "Unit", "read_tables"]

# Columns of countryInfo.txt and of the tables of codes.
_ISO, _COUNTRY, _PEOPLE, _COUNTRY_ID = 0, 4, 7, 16
_COUNTRY_COLUMNS, _UNIT_COLUMNS, _UNIT_ID = 19, 4, 3


class Country(NamedTuple):
    """A country's ISO alpha-2 code, the name that English uses, its inhabitants."""

    code: str
    name: str
    population: int


class Unit(NamedTuple):
    """An administrative unit; `admin2` is None for one of the first level."""

    country: str
    admin1: str
    admin2: str | None
    name: str
    ascii_name: str

    @property
    def feature(self) -> str:
        """Its GeoNames feature code."""
        return "ADM1" if self.admin2 is None else "ADM2"


class Tables(NamedTuple):
    """Class by feature code; countries and units by GeoNames id. Empty where no file tells."""

    classes: dict[str, str]
    countries: dict[int, Country]
    units: dict[int, Unit]


def read_tables(files: list[DumpFile], problems: Problems) -> Tables:
    """Read the small tables.

    Parameters
    ----------
    files
        All dump files; those of other roles are left alone.
    problems
        Told the lines that are no rows.

    Returns
    -------
    Tables
        What they tell.

    Raises
    ------
    GazetteerError
        A file is damaged or refused.
    """
    tables = Tables({}, {}, {})
    for file in files:
        if file.role not in ("features", "countries", "admin1", "admin2"):
            continue
        for number, line in read_lines(file):
            if not line.strip() or line.startswith(b"#"):
                continue
            try:
                _read(file.role, split_row(line), tables)
            except RowError as error:
                problems.bad_row(file, number, str(error))
    return tables


def _read(role: str, columns: list[str], tables: Tables) -> None:
    if role == "features":
        cls, dot, code = columns[0].partition(".")
        if dot:  # the last row is "null"
            tables.classes[code] = cls
    elif role == "countries":
        if len(columns) != _COUNTRY_COLUMNS:
            raise RowError(f"{len(columns)} columns instead of {_COUNTRY_COLUMNS}")
        # Countries that are no more have no id; an older file has a heading.
        if columns[_COUNTRY_ID] not in ("", "0", "geonameid"):
            tables.countries[parse_id(columns[_COUNTRY_ID])] = Country(
                columns[_ISO], columns[_COUNTRY].strip(), parse_population(columns[_PEOPLE])
            )
    else:
        if len(columns) != _UNIT_COLUMNS:
            raise RowError(f"{len(columns)} columns instead of {_UNIT_COLUMNS}")
        levels = 2 if role == "admin1" else 3
        codes = columns[0].split(".", levels - 1)
        if len(codes) != levels or not all(codes):
            raise RowError(f"{columns[0]!r} is no code of a unit")
        admin2 = codes[2] if role == "admin2" else None
        tables.units[parse_id(columns[_UNIT_ID])] = Unit(
            codes[0], codes[1], admin2, columns[1].strip(), columns[2].strip()
        )

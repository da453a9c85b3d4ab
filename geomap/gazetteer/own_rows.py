"""A user's CSV of names: read row by row, every mistake with its line, and written again."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.errors import InputError
from geomap.folding import fold
from geomap.gazetteer.artefact import PLACES, artefact_path
from geomap.gazetteer.features import FEATURE_CLASSES
from geomap.gazetteer.shapes import read_shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from shapely.geometry.base import BaseGeometry

    from geomap.gazetteer.shapes import Location

__all__ = [
    "COLUMNS",
    "OwnName",
    "RowProblem",
    "is_placed",
    "names_as_csv",
    "placed",
    "read_names",
]

_REQUIRED = ("name", "lat", "lon")
COLUMNS = (
    "id",
    "name",
    "lat",
    "lon",
    "country",
    "admin1",
    "feature",
    "population",
    "aliases",
    "language",
)
# Longer than that is a sentence: the index cuts names there.
_MAX_NAME = 80
# More than live on Earth.
_MAX_POPULATION = 10**10
_NUMBER = re.compile(r"[+-]?\d{1,3}(\.\d+)?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?\d{1,3},\d+", re.ASCII)
_ID = re.compile(r"((?P<space>geonames|geomap|user):)?[\w.-]+")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
# Codes that people write and ISO 3166 spells otherwise.
_USUAL_SLIPS = {"UK": "GB", "EL": "GR", "EN": "GB", "KO": "XK"}
# Degrees that a place may lie outside the simplified outline of its country: islands, borders.
_OUTLINE_SLACK = 1.0
_MAX_SHOWN = 40
# Countries and dependent areas lie in no unit.
_COUNTRY_FEATURE = "PCL"
_JOINERS = dict.fromkeys((0x200C, 0x200D))


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnName:
    """One place of the user's own list.

    Parameters
    ----------
    id
        "user:" and a slug; "geonames:..." or "geomap:..." where it corrects a known place.
    name
        Its name.
    lat
        Latitude, degrees.
    lon
        Longitude, degrees.
    country
        ISO 3166-1 alpha-2 code; None when not given.
    admin1
        Name of the first-level unit; None when not given.
    feature
        GeoNames feature code.
    population
        Inhabitants; 0 when not given.
    aliases
        Its other names, in the order given.
    language
        Language code of the names; None when not given.
    """

    id: str
    name: str
    lat: float
    lon: float
    country: str | None = None
    admin1: str | None = None
    feature: str = "PPL"
    population: int = 0
    aliases: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """What is wrong in one row of a list of names.

    Parameters
    ----------
    line
        The line that the row begins in, from 1.
    column
        The column; empty where the whole row is meant.
    reason
        What is wrong and what to do, in words.
    value
        What stands there, cut to 40 characters.
    """

    line: int
    column: str
    reason: str
    value: str = ""

    def __str__(self) -> str:
        where = f"line {self.line}" + (f", {self.column}" if self.column else "")
        return f"{where}: {self.reason}" + (f" (found {self.value!r})" if self.value else "")


def read_names(path: str | Path) -> tuple[list[OwnName], list[RowProblem]]:
    """Read a CSV of names and check every row.

    Parameters
    ----------
    path
        A UTF-8 file, comma-separated, with a header: name, lat, lon, and if you like id, country,
        admin1, feature, population, aliases (with | between them), language.

    Returns
    -------
    tuple
        The names of the rows that are right, and all that is wrong with the others.

    Raises
    ------
    InputError
        The file cannot be read at all.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read, {error.strerror or error}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return [], [RowProblem(line=line, column="", reason="not UTF-8: save the file as UTF-8")]
    rows = list(_rows(text))
    if not rows:
        return [], [RowProblem(line=1, column="", reason="the file is empty")]
    if isinstance(rows[0], RowProblem):
        return [], [rows[0]]
    columns, wrong = _header(*rows[0])
    if wrong:
        return [], wrong
    return _checked(columns, rows[1:])


def _rows(text: str) -> Iterator[tuple[int, list[str]] | RowProblem]:
    """Give the line number and the cells of each row, blank ones left out; then what broke off."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        yield RowProblem(line=line, column="", reason=f"not CSV: {error}")


def _header(line: int, cells: list[str]) -> tuple[list[str], list[RowProblem]]:
    columns = [cell.lower() for cell in cells]
    if len(columns) == 1 and re.search(r"[;\t]", columns[0]):
        return [], [RowProblem(line=line, column="", reason="put commas between the columns")]
    wrong = [
        RowProblem(line=line, column=name, reason="the header has no such column: it is required")
        for name in _REQUIRED
        if name not in columns
    ]
    for at, name in enumerate(columns):
        if name not in COLUMNS:
            reason = f"unknown column: use {', '.join(COLUMNS)}"
            wrong.append(RowProblem(line=line, column="", reason=reason, value=_short(name)))
        elif name in columns[:at]:
            wrong.append(RowProblem(line=line, column=name, reason="the column stands there twice"))
    return columns, wrong


def _checked(
    columns: list[str], rows: Iterable[tuple[int, list[str]] | RowProblem]
) -> tuple[list[OwnName], list[RowProblem]]:
    names: list[OwnName] = []
    problems: list[RowProblem] = []
    lines: dict[str, int] = {}
    for row in rows:
        if isinstance(row, RowProblem):
            problems.append(row)
            continue
        line, cells = row
        name, wrong = _own_name(line, columns, cells)
        problems += wrong
        if name is None:
            continue
        if name.id in lines:
            reason = f"line {lines[name.id]} has it too: give each place an id of its own"
            problems.append(RowProblem(line=line, column="id", reason=reason, value=name.id))
        else:
            lines[name.id] = line
            names.append(name)
    if not names and not problems:
        problems.append(RowProblem(line=1, column="", reason="no rows below the header"))
    return names, problems


def _own_name(
    line: int, columns: list[str], cells: list[str]
) -> tuple[OwnName | None, list[RowProblem]]:
    """Check one row; without a name there is at least one problem."""
    if len(cells) != len(columns):
        reason = f"{len(cells)} cells below {len(columns)} columns"
        return None, [RowProblem(line=line, column="", reason=reason)]
    given = dict(zip(columns, cells, strict=True))
    values: dict[str, Any] = {}
    problems: list[RowProblem] = []
    for column in COLUMNS:
        cell = given.get(column, "")
        if not cell and column not in _REQUIRED:
            continue
        try:
            values[column] = _CHECKS[column](cell)
        except ValueError as error:
            problem = RowProblem(line=line, column=column, reason=str(error), value=_short(cell))
            problems.append(problem)
    if not problems and (reason := _swapped(values)):
        problems.append(RowProblem(line=line, column="lat", reason=reason, value=given["lat"]))
    if problems:
        return None, problems
    values.setdefault("id", "user:" + "-".join(re.findall(r"\w+", fold(values["name"]))))
    return OwnName(**values), []


def _short(cell: str) -> str:
    return cell if len(cell) <= _MAX_SHOWN else f"{cell[: _MAX_SHOWN - 1]}…"


def _line_of_text(cell: str) -> str:
    # Joiners are invisible and belong to Persian and Indic spelling.
    if not cell.translate(_JOINERS).isprintable():
        raise ValueError("an unprintable character or a line break")
    return cell


def _name(cell: str) -> str:
    if not cell:
        raise ValueError("a name is needed")
    folded = fold(_line_of_text(cell))
    if not any(c.isalnum() for c in folded):
        raise ValueError("a name has letters")
    if len(folded) > _MAX_NAME:
        raise ValueError(f"a name has at most {_MAX_NAME} characters")
    if len(folded) == 1 and folded.isascii():
        raise ValueError("one letter would be found all over the text")
    return cell


def _degrees(cell: str, most: int, what: str) -> float:
    if not cell:
        raise ValueError(f"a {what} is needed")
    if _DECIMAL_COMMA.fullmatch(cell):
        raise ValueError("a decimal comma: write 34.5")
    if not _NUMBER.fullmatch(cell):
        raise ValueError(f"decimal degrees are needed for the {what}, such as 34.5")
    value = float(cell)
    if abs(value) > most:
        swapped = what == "latitude" and abs(value) <= 2 * most
        hint = ": are lat and lon swapped?" if swapped else ""
        raise ValueError(f"a {what} lies between -{most} and {most}{hint}")
    return value


def _latitude(cell: str) -> float:
    return _degrees(cell, 90, "latitude")


def _longitude(cell: str) -> float:
    return _degrees(cell, 180, "longitude")


def _identifier(cell: str) -> str:
    found = _ID.fullmatch(cell)
    if not found:
        raise ValueError("an id has letters, digits, dots, hyphens, and user: before them at most")
    return cell if found["space"] else f"user:{cell}"


def _country(cell: str) -> str:
    code = cell.upper()
    if not _COUNTRY.fullmatch(code) or code not in _country_codes():
        meant = _USUAL_SLIPS.get(code)
        hint = f": write {meant}" if meant else ": write PK for Pakistan"
        raise ValueError(f"no two-letter country code of ISO 3166{hint}")
    return code


def _feature(cell: str) -> str:
    code = cell.upper()
    if code not in FEATURE_CLASSES:
        raise ValueError("no feature code of GeoNames: PPL is a town, MILB a military base")
    return code


def _population(cell: str) -> int:
    if not (cell.isascii() and cell.isdigit()) or int(cell[:20]) > _MAX_POPULATION:
        raise ValueError("a whole number of people is needed, digits only")
    return int(cell)


def _aliases(cell: str) -> tuple[str, ...]:
    parts = (part.strip() for part in cell.split("|"))
    return tuple(dict.fromkeys(_name(part) for part in parts if part))


def _language(cell: str) -> str:
    if not _LANGUAGE.fullmatch(cell):
        raise ValueError("a language code is needed, such as ps")
    return cell


_CHECKS: dict[str, Callable[[str], object]] = {
    "id": _identifier,
    "name": _name,
    "lat": _latitude,
    "lon": _longitude,
    "country": _country,
    "admin1": _line_of_text,
    "feature": _feature,
    "population": _population,
    "aliases": _aliases,
    "language": _language,
}


@cache
def _country_codes() -> frozenset[str]:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    column = pq.ParquetFile(artefact_path(PLACES)).read(columns=["country"])["country"]
    return frozenset(code for code in pc.unique(column).to_pylist() if code)


@cache
def _country_outlines() -> dict[str, BaseGeometry]:
    import shapely

    shapes = (shape for shape in read_shapes().values() if shape.kind == "country")
    outlines = {shape.country: shape.geometry() for shape in shapes if shape.country}
    shapely.prepare(list(outlines.values()))
    return outlines


def _swapped(values: dict[str, Any]) -> str:
    """Say so when a point lies in its country only with latitude and longitude swapped."""
    country, lat, lon = values.get("country"), values["lat"], values["lon"]
    if country is None or abs(lon) > 90:  # noqa: PLR2004 - no latitude
        return ""
    outline = _country_outlines().get(country)
    if outline is None:
        return ""
    import shapely

    given, swapped = shapely.Point(lon, lat), shapely.Point(lat, lon)
    if shapely.dwithin(outline, given, _OUTLINE_SLACK) or not shapely.covers(outline, swapped):
        return ""
    return f"the point lies outside {country}, and inside with lat and lon swapped: swap them"


def is_placed(name: OwnName) -> bool:
    """Tell whether a name says itself in which country and first-level unit it lies."""
    return name.country is not None and (
        name.admin1 is not None or name.feature.startswith(_COUNTRY_FEATURE)
    )


def placed(name: OwnName, located: Callable[[float, float], Location]) -> OwnName:
    """Return a name with the country and the first-level unit of its point.

    Parameters
    ----------
    name
        A name; what it says itself stands.
    located
        Says what lies at a latitude and longitude.

    Returns
    -------
    OwnName
        The same name where it lacks nothing, or lies at sea; a unit of another country than the
        given one is not taken.
    """
    if is_placed(name):
        return name
    found = located(name.lat, name.lon)
    country = name.country or (found.country.country if found.country else None)
    admin1 = name.admin1
    unit = found.admin1
    if unit and unit.country == country and not name.feature.startswith(_COUNTRY_FEATURE):
        admin1 = admin1 or unit.name
    return replace(name, country=country, admin1=admin1)


def names_as_csv(names: Iterable[OwnName]) -> str:
    """Return names as a CSV that `read_names` reads back to the same names.

    Parameters
    ----------
    names
        Any names; may be empty.

    Returns
    -------
    str
        A header and one row a name, line feeds between them.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name in names:
        cells = {column: getattr(name, column) for column in COLUMNS}
        cells["aliases"] = "|".join(name.aliases)
        cells["lat"], cells["lon"] = _decimal(name.lat), _decimal(name.lon)
        writer.writerow(["" if cells[c] is None else cells[c] for c in COLUMNS])
    return out.getvalue()


def _decimal(degrees: float) -> str:
    """Write a number without an exponent, so that it reads back as the same."""
    written = repr(degrees)
    if "e" not in written:
        return written
    from decimal import Decimal

    return f"{Decimal(written):f}"

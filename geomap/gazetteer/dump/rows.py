"""Single lines of GeoNames dump files as values.

The columns are those of https://download.geonames.org/export/dump/readme.txt.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = [
    "CODE",
    "COLUMN",
    "NAME_COLUMNS",
    "NameRow",
    "PlaceRow",
    "RowError",
    "is_code",
    "parse_id",
    "parse_name",
    "parse_place",
    "parse_population",
    "split_row",
]

# GeoNames gives ids below 14 million; the bound keeps the table of ids small.
_MAX_ID = 2**26 - 1
_PLACE_COLUMNS = 19
# alternateNames.txt, which GeoNames gave up for alternateNamesV2.txt, lacks the last two.
NAME_COLUMNS = (10, 8)
# More people than mankind has.
_MAX_POPULATION = 20_000_000_000
_MAX_LAT, _MAX_LON = 90.0, 180.0
# Ranks beside those of `index.KIND_RANKS`: a name of the place's own row, whose kind is not told,
# and a code, which is no name at all even where the place's own row lists it.
COLUMN, CODE = 8, 9
# "Languages" of GeoNames that are no languages: postal, airport and locality codes, phonetics.
_CODE_LANGUAGES = frozenset({"post", "iata", "icao", "faac", "unlc", "tcid", "phon"})
_LINK_LANGUAGES = frozenset({"link", "wkdt"})
# A country is called "USA"; what a town or an airport has in three or four capitals is a code.
_CAPITALS = re.compile(r"[A-Z]{3,4}")
_YEAR = re.compile(r"[0-9]{3,4}")


class RowError(ValueError):
    """A line is no row of its kind; says why."""


class PlaceRow(NamedTuple):
    """A row of places; empty strings for what it does not tell, `other_names` with commas."""

    id: int
    name: str
    ascii_name: str
    other_names: str
    lat: float
    lon: float
    cls: str
    feature: str
    country: str
    admin1: str
    admin2: str
    population: int


class NameRow(NamedTuple):
    """A row of alternate names; `kind` is a letter of `index.KIND_RANKS`, None for a code.

    `language` may be empty; `marks` are letters of p, s, o and h: preferred, short, colloquial,
    historic.
    """

    place: int
    name: str
    kind: str | None
    preferred_english: bool
    language: str
    marks: str


def split_row(line: bytes) -> list[str]:
    """Split a line into columns.

    Parameters
    ----------
    line
        A line without its line feed; one carriage return before that is none of the row's.

    Returns
    -------
    list of str
        The columns, not stripped.

    Raises
    ------
    RowError
        The line is not UTF-8, or holds a NUL or a carriage return.
    """
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise RowError(f"not UTF-8 (byte {error.start + 1})") from None
    if "\r" in text:
        text = text.removesuffix("\r")
        if "\r" in text:
            raise RowError("a carriage return within the row")
    if "\0" in text:
        raise RowError("a NUL character")
    return text.split("\t")


def parse_place(line: bytes) -> PlaceRow:
    """Read a row of allCountries.txt, of a country file, citiesN.txt or no-country.txt.

    Parameters
    ----------
    line
        A line without its line feed.

    Returns
    -------
    PlaceRow
        The row; coordinates in WGS 84 degrees.

    Raises
    ------
    RowError
        The line is no such row.
    """
    columns = split_row(line)
    if len(columns) != _PLACE_COLUMNS:
        raise RowError(f"{len(columns)} columns instead of {_PLACE_COLUMNS}")
    name, country, admin1 = columns[1].strip(), columns[8].strip().upper(), columns[10].strip()
    if not name:
        raise RowError("no name")
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):  # noqa: PLR2004 - ISO alpha-2
        raise RowError(f"country {country[:20]!r} is no ISO alpha-2 code")
    return PlaceRow(
        parse_id(columns[0]),
        name,
        columns[2].strip(),
        columns[3],
        _degrees("latitude", columns[4], _MAX_LAT),
        _degrees("longitude", columns[5], _MAX_LON),
        columns[6].strip(),
        columns[7].strip(),
        country,
        # GeoNames writes 00 for "no unit of this level".
        "" if admin1 == "00" else admin1,
        columns[11].strip(),
        parse_population(columns[14]),
    )


def parse_name(line: bytes) -> NameRow | None:
    """Read a row of alternateNamesV2.txt.

    Parameters
    ----------
    line
        A line without its line feed.

    Returns
    -------
    NameRow or None
        None for a link, which names nothing. A name that is marked historic, or whose use has an
        end, is a former one; short and colloquial ones and abbreviations are short forms.

    Raises
    ------
    RowError
        The line is no such row.
    """
    columns = split_row(line)
    if len(columns) not in NAME_COLUMNS:
        raise RowError(f"{len(columns)} columns instead of {NAME_COLUMNS[0]}")
    place, language, name = parse_id(columns[1]), columns[2].strip(), columns[3].strip()
    if language in _LINK_LANGUAGES:
        return None
    if not name:
        raise RowError("no name")
    if language in _CODE_LANGUAGES:
        return NameRow(place, name, None, False, "", "")  # noqa: FBT003 - a tuple
    flags = [value.strip() == "1" for value in columns[4:8]]
    preferred, short, colloquial, historic = flags
    marks = "".join(letter for letter, flag in zip("psoh", flags, strict=True) if flag)
    kind = "a"
    if historic or _has_ended(columns):
        kind = "h"
    elif short or colloquial or language == "abbr":
        kind = "x"
    english = preferred and language == "en" and kind == "a"
    return NameRow(place, name, "c" if english else kind, english, language, marks)


def is_code(name: str, cls: str) -> bool:
    """Tell whether a place's own row lists a code among its names, such as KHI for Karachi.

    Parameters
    ----------
    name
        The name.
    cls
        The place's GeoNames class.

    Returns
    -------
    bool
        True for bare digits, and for three or four capitals unless a country or unit has them.
    """
    return name.isdigit() or (cls != "A" and _CAPITALS.fullmatch(name) is not None)


def _has_ended(columns: list[str]) -> bool:
    """Tell whether the last column gives a year in which the name went out of use."""
    if len(columns) != NAME_COLUMNS[0]:
        return False
    year = _YEAR.search(columns[9])
    return year is not None and year[0] != "9999"


def parse_id(text: str) -> int:
    """Read a GeoNames id; raise `RowError` for what is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 0 < int(text) <= _MAX_ID):  # noqa: PLR2004 - more digits than any id
        raise RowError(f"id {text[:20]!r} is no GeoNames id")
    return int(text)


def _degrees(what: str, text: str, limit: float) -> float:
    try:
        value: float | None = float(text)
    except ValueError:
        value = None
    if value is None or "_" in text:  # Python reads 3_4 as 34
        raise RowError(f"{what} {text[:20]!r} is no number")
    if not -limit <= value <= limit:
        raise RowError(f"{what} {text[:20]} is not between -{limit:.0f} and {limit:.0f}")
    return value


def parse_population(text: str) -> int:
    """Read a number of inhabitants, 0 where none is given; raise `RowError` for what is none."""
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= _MAX_POPULATION):  # noqa: PLR2004 - more digits than 64 bits hold
        raise RowError(f"population {text[:20]!r} is no number of people")
    return int(text)

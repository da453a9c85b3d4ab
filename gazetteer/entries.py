"""The rows that the build works on, what may stand as a name, and how names are compared."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Literal

__all__ = [
    "Entry",
    "Kind",
    "Neighbours",
    "add_name",
    "distance_km",
    "feature_class",
    "fold",
    "is_name",
]

Kind = Literal["c", "a", "x", "d", "h"]

# The mean radius of the earth in km (IUGG 1980).
_EARTH_KM = 6371.0088

# The cells of the neighbour index, in degrees: no search radius here exceeds 0.5 degree (55 km).
_CELL = 0.5

# IATA, ICAO and LOCODE codes, ISO codes and the like stand among the alternates as bare capitals;
# an abbreviation that news uses is in a table of our own.
_CODE = re.compile(r"[A-Z]{1,4}|[A-Z]{2}[A-Z0-9]{3}|[A-Z0-9.\-]*\d[A-Z0-9.\-]*")
_ADDRESS = re.compile(r"https?:|www\.|\.(com|org|net)\b|[()\[\]{}<>=@|_\t\n]")
_DIGITS_ONLY = re.compile(r"[\W\d_]+")

# Longer "names" are descriptions ("Federal District of the autonomous city of ...").
_LONGEST = 60


# GeoNames's feature classes (download.geonames.org/export/dump/featureCodes_en.txt), by code or
# by the beginning of the code; what stands nowhere here is a spot (S).
_CLASS_OF = {
    "H": "BAY BAYS CHN CNL FJD FLLS GLCR GULF H HBR LGN LK LKS MRSH OCN RF RSV SD SEA SHOL STM "
    "STMB STRT WAD",
    "L": "AREA CONT CST LCTY MILB NVB OAS PRK RES RESN RGN RGNE RGNH RGNL",
    "R": "BDG RD RDB RR TNL",
    "T": "ATOL CAPE DLTA DSRT HLL HLLS ISL ISLS ISTH MT MTS PASS PEN PLAT PLN RDGE VAL VLC",
    "V": "FRST",
    "A": "LTER PRSH TERR ZN",
}
_CLASSES = {code: letter for letter, codes in _CLASS_OF.items() for code in codes.split()}


@dataclass(slots=True, kw_only=True)
class Entry:
    """A place while it is being put together; `names` maps each written form to kind and language.

    Longitudes and latitudes are WGS 84 degrees. `admin1` and `admin2` are GeoNames codes.
    """

    id: str
    name: str
    feature: str
    country: str | None
    admin1: str | None
    admin2: str | None
    lat: float
    lon: float
    population: int = 0
    names: dict[str, tuple[Kind, str | None]] = field(default_factory=dict)


class Neighbours:
    """Where each folded name is already taken, to find a place of the same name nearby."""

    def __init__(self) -> None:
        self._cells: dict[tuple[str, int, int], list[tuple[float, float]]] = {}

    def add(self, entry: Entry) -> None:
        """Enter a place under its canonical name and all its alternates."""
        for name in {fold(entry.name), *map(fold, entry.names)}:
            key = (name, math.floor(entry.lat / _CELL), math.floor(entry.lon / _CELL))
            self._cells.setdefault(key, []).append((entry.lat, entry.lon))

    def has(self, name: str, *, lat: float, lon: float, km: float) -> bool:
        """Tell whether a place of that name lies within `km` kilometres, at most 30."""
        row, column = math.floor(lat / _CELL), math.floor(lon / _CELL)
        folded = fold(name)
        return any(
            distance_km(lat, lon, *point) <= km
            for i in (row - 1, row, row + 1)
            for j in (column - 1, column, column + 1)
            for point in self._cells.get((folded, i, j), ())
        )


def feature_class(code: str) -> str:
    """Return the GeoNames feature class of a feature code.

    Parameters
    ----------
    code
        A feature code such as "PPLC".

    Returns
    -------
    str
        One of A, H, L, P, R, S, T, V.
    """
    if code.startswith(("ADM", "PCL")):
        return "A"
    if code.startswith(("PPL", "STLMT")):
        return "P"
    return _CLASSES.get(code, "S")


def fold(name: str) -> str:
    """Return a name without case, accents and punctuation, for comparing.

    Parameters
    ----------
    name
        Any name; an empty one gives an empty one.

    Returns
    -------
    str
        Letters and digits of all scripts, and single spaces.
    """
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    kept = (c for c in decomposed if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " if c.isspace() or c == "-" else "" for c in kept)
    return " ".join(words.split())


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the great-circle distance of two points (haversine, on the mean sphere).

    Parameters
    ----------
    lat1, lon1, lat2, lon2
        WGS 84 degrees.

    Returns
    -------
    float
        Kilometres.
    """
    half_lat = math.radians(lat2 - lat1) / 2
    half_lon = math.radians(lon2 - lon1) / 2
    chord = math.sin(half_lat) ** 2 + (
        math.cos(math.radians(lat1)) * math.cos(math.radians(lat2)) * math.sin(half_lon) ** 2
    )
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))


def is_name(text: str) -> bool:
    """Tell whether an alternate name can stand in a text, as against codes, digits and addresses.

    Parameters
    ----------
    text
        An alternate name as its source has it.

    Returns
    -------
    bool
        False for empty text, single Latin letters, bare capitals, digits, links, descriptions.
    """
    return not (
        not text.strip()
        or len(text) > _LONGEST
        or (len(text) == 1 and ord(text) < 0x2E80)  # a single Chinese or Korean sign is a name  # noqa: PLR2004
        or _CODE.fullmatch(text)
        or _ADDRESS.search(text)
        or _DIGITS_ONLY.fullmatch(text)
    )


def add_name(entry: Entry, name: str, kind: Kind = "a", lang: str | None = None) -> None:
    """Give a place a further name, unless it has that very form already.

    Parameters
    ----------
    entry
        The place.
    name
        The form as it is written; surrounding and repeated white space is dropped.
    kind
        "a" alternate, "x" abbreviation, "d" demonym, "h" historic. A telling kind replaces "a".
    lang
        ISO 639 code, or None when unknown.
    """
    form = unicodedata.normalize("NFC", " ".join(name.split()))
    if kind == "a" and (form in entry.names or not is_name(form)):
        return
    entry.names[form] = (kind, lang)

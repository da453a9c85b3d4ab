"""A pair of coordinates as people write it -> latitude and longitude, or a clear refusal.

Read are decimal pairs, degrees with minutes and seconds, ISO 6709 strings and geo: URIs. What can
be read two ways is refused, never guessed.
"""

from __future__ import annotations

import math
import re
import unicodedata
import warnings
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from geomap.errors import CoordinateError

if TYPE_CHECKING:
    from collections.abc import Callable

    Contains = Callable[[float, float], bool]

__all__ = ["box_contains", "checked", "parse", "swapped_hint"]

# The longest of the forms, an ISO 6709 string with an altitude and a reference system, is shorter.
_LONGEST = 120
_MAX_LAT = 90
_MAX_LON = 180
_PER_DEGREE = 60

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-"),
        **dict.fromkeys("\u2018\u2019\u02b9\u02bc\u2032\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u02ba\u2033", '"'),
        **dict.fromkeys("\u00ba\u02da", "\u00b0"),
        "\u066b": ".",  # the Arabic decimal separator
        "\u060c": ",",  # the Arabic comma
    }
)

_NUMBER = r"\d{1,3}(?:\.\d+)?"
_PAIR = re.compile(rf"([+-]?{_NUMBER})(?:\s*[,;]\s*|\s+)([+-]?{_NUMBER})")
_AXIS = re.compile(
    rf"([+-]?)\s*({_NUMBER})(?:\s*[°:]\s*|\s+|$)"
    rf"(?:({_NUMBER})(?:\s*[':]\s*|\s+|$)(?:({_NUMBER})\s*\"?)?)?"
)
_LETTERS_BEHIND = re.compile(r"([^NSEW]+)([NSEW])[\s,;]*([^NSEW]+)([NSEW])", re.IGNORECASE)
_LETTERS_BEFORE = re.compile(r"([NSEW])([^NSEW]+?)[\s,;]*([NSEW])([^NSEW]+)", re.IGNORECASE)
_SYMBOLS = re.compile(r"([^,;]+?)[\s,;]+([+-]?\d+(?:\.\d+)?\s*°[^,;°]*)")
_COLONS = re.compile(r"([^\s,;]*:[^\s,;]*)[\s,;]+([^\s,;]*:[^\s,;]*)")
# ISO 6709:2008 annex H: the number of digits tells degrees, minutes and seconds apart.
_ISO_6709 = re.compile(
    r"([+-])(\d{2}|\d{4}|\d{6})(\.\d+)?([+-])(\d{3}|\d{5}|\d{7})(\.\d+)?"
    r"(?:[+-]\d+(?:\.\d+)?)?(?:CRS\w+)?/?",
    re.IGNORECASE,
)
_GEO = re.compile(
    r"geo:(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)(?:,-?\d+(?:\.\d+)?)?((?:;[^;]+)*)", re.IGNORECASE
)

_MGRS = re.compile(r"(?:\d{1,2}\s*[C-HJ-NP-X]|[ABYZ])\s*[A-HJ-NP-Z]{2}\s*\d[\d\s]*", re.IGNORECASE)
_UTM = re.compile(r"\d{1,2}\s*[C-HJ-NP-X]\s+\d{5,7}\s+\d{6,8}", re.IGNORECASE)
_EXPONENT = re.compile(r"\d[eE][+-]?\d")
_DECIMAL_COMMAS = re.compile(r"[+-]?(\d+),(\d+)[\s;,]+([+-]?\d+),(\d+)")
_NOT_A_NUMBER = re.compile(r"\b(?:nan|inf|infinity)\b", re.IGNORECASE)
_BARE_DMS = re.compile(rf"[+-]?{_NUMBER}(?:[\s,;]+[+-]?{_NUMBER}){{2,5}}")
_HOW = "write latitude and longitude in degrees, as in 34.5, 66.1"


class _Axis(NamedTuple):
    """One written number of a pair and how it was written."""

    degrees: float
    signed: bool


def parse(
    text: str, *, country: str | None = None, contains: Contains | None = None
) -> tuple[float, float]:
    """Read a pair of coordinates.

    Parameters
    ----------
    text
        Latitude, then longitude ("34.5, 66.1", "34 30 00 N 66 06 00 E", "34°30′N 66°06′E",
        "+34.5+066.1/", "geo:34.5,66.1"). With hemisphere letters either may stand first.
    country
        The country that the point should lie in, for the warning; needs `contains`.
    contains
        Tells whether a latitude and a longitude, degrees, lie in that country. A pair outside it
        that would lie inside when swapped is warned of (`UserWarning`) and given as written.

    Returns
    -------
    tuple of float
        Latitude and longitude, degrees of WGS 84. An altitude is left out.

    Raises
    ------
    CoordinateError
        The text is empty, no pair, off the Earth, or can be read two ways: decimal commas,
        exponents, MGRS and UTM are refused by name.
    TypeError
        `country` is given without `contains`.
    """
    if country is not None and contains is None:
        raise TypeError("parse: country needs contains, which tells whether a point lies in it")
    plain = _plain(text)
    lat, lon = _read(plain, text)
    if contains is not None and not re.search("[NSEW]", plain, re.IGNORECASE):
        hint = swapped_hint(lat, lon, contains, country=country)
        if hint:
            warnings.warn(hint, UserWarning, stacklevel=2)
    return lat, lon


def checked(lat: float, lon: float) -> tuple[float, float]:
    """Check that two numbers are a latitude and a longitude.

    Parameters
    ----------
    lat
        Latitude, degrees.
    lon
        Longitude, degrees.

    Returns
    -------
    tuple of float
        The two, with no negative zero.

    Raises
    ------
    CoordinateError
        One is not finite or out of its range; longitudes are not wrapped.
    """
    if not (math.isfinite(lat) and math.isfinite(lon)):
        raise CoordinateError(f"{lat}, {lon}: not a number, {_HOW}")
    if abs(lat) > _MAX_LAT:
        swapped = abs(lat) <= _MAX_LON and abs(lon) <= _MAX_LAT
        hint = f"; latitude stands first: {lon:g}, {lat:g}?" if swapped else ""
        raise CoordinateError(f"{lat:g}, {lon:g}: latitude {lat:g} is not within -90..90{hint}")
    if abs(lon) > _MAX_LON:
        raise CoordinateError(f"{lat:g}, {lon:g}: longitude {lon:g} is not within -180..180")
    return lat + 0.0, lon + 0.0


def swapped_hint(
    lat: float, lon: float, contains: Contains, *, country: str | None = None
) -> str | None:
    """Say when a pair looks swapped: outside its country as given, inside it the other way round.

    Parameters
    ----------
    lat
        Latitude as given, degrees.
    lon
        Longitude as given, degrees.
    contains
        Tells whether a latitude and a longitude lie in the country.
    country
        What to call the country; None for "the country".

    Returns
    -------
    str or None
        One sentence; None when the pair is right, or wrong both ways round.
    """
    if contains(lat, lon) or abs(lon) > _MAX_LAT or not contains(lon, lat):
        return None
    return (
        f"{lat:g}, {lon:g} lies outside {country or 'the country'}, {lon:g}, {lat:g} inside: "
        "latitude stands first, are the two swapped?"
    )


def box_contains(west: float, south: float, east: float, north: float) -> Contains:
    """Make the test of a bounding box that `parse` and `swapped_hint` take.

    Parameters
    ----------
    west
        Western edge, degrees; east of `east` for a box across the antimeridian.
    south
        Southern edge, degrees.
    east
        Eastern edge, degrees.
    north
        Northern edge, degrees.

    Returns
    -------
    callable
        True for a latitude and a longitude in the box, its edges included.
    """

    def contains(lat: float, lon: float) -> bool:
        across = west <= lon <= east if west <= east else lon >= west or lon <= east
        return south <= lat <= north and across

    return contains


def _plain(text: str) -> str:
    """Write a text with ASCII digits and signs, single blanks and no brackets around it."""
    if len(text) > _LONGEST:
        raise CoordinateError(f"{text[:20]}...: too long for a pair of coordinates, {_HOW}")
    digits = "".join(
        str(unicodedata.decimal(c)) if unicodedata.decimal(c, None) is not None else c for c in text
    )
    plain = " ".join(digits.translate(_SIGNS).replace("''", '"').split())
    for opening, closing in ("()", "[]"):
        if plain.startswith(opening) and plain.endswith(closing):
            plain = plain[1:-1].strip()
    if not plain:
        raise CoordinateError(f"no coordinates given, {_HOW}")
    return plain


def _read(plain: str, text: str) -> tuple[float, float]:
    """Try each form in turn and explain what stands there when none fits."""
    _refuse_by_name(plain, text)
    for form in (_geo, _iso_6709, _lettered, _decimal, _signed_dms):
        pair = form(plain, text)
        if pair is not None:
            return checked(*pair)
    if _BARE_DMS.fullmatch(plain):
        raise CoordinateError(
            f"{text!r}: more than two numbers, add N or S and E or W: 34 30 00 N 66 06 00 E"
        )
    raise CoordinateError(f"{text!r}: not a pair of coordinates, {_HOW}")


def _refuse_by_name(plain: str, text: str) -> None:
    """Refuse what is known to be meant as something else."""
    if _NOT_A_NUMBER.search(plain):
        raise CoordinateError(f"{text!r}: not a number, {_HOW}")
    if "://" in plain:
        raise CoordinateError(f"{text!r}: a web address, {_HOW}")
    commas = _DECIMAL_COMMAS.fullmatch(plain)
    if commas:
        lat, lat_part, lon, lon_part = commas.groups()
        raise CoordinateError(
            f"{text!r}: decimal commas are ambiguous, write {lat}.{lat_part}, {lon}.{lon_part}"
        )
    if _UTM.fullmatch(plain):
        raise CoordinateError(f"{text!r}: UTM is not read, {_HOW}")
    if _MGRS.fullmatch(plain):
        raise CoordinateError(f"{text!r}: MGRS is not read, {_HOW}")
    if _EXPONENT.search(plain) and plain[0].upper() not in "NSEW":
        raise CoordinateError(f"{text!r}: exponents are not read, {_HOW}")


def _geo(plain: str, text: str) -> tuple[float, float] | None:
    """Read a geo: URI (RFC 5870), whose reference system is WGS 84 unless it says otherwise."""
    match = _GEO.fullmatch(plain)
    if not match:
        return None
    for parameter in match[3].split(";"):
        name, _, value = unquote(parameter).partition("=")
        if name.lower() == "crs" and value.lower() != "wgs84":
            raise CoordinateError(f"{text!r}: reference system {value} is not read, only WGS 84")
    return float(match[1]), float(match[2])


def _iso_6709(plain: str, text: str) -> tuple[float, float] | None:
    """Read an ISO 6709 string; a reference system in it is taken for WGS 84's."""
    match = _ISO_6709.fullmatch(plain)
    if not match:
        return None
    lat_sign, lat, lat_part, lon_sign, lon, lon_part = match.groups()
    return (
        _packed(lat_sign, lat, lat_part or "", 2, text),
        _packed(lon_sign, lon, lon_part or "", 3, text),
    )


def _packed(sign: str, digits: str, fraction: str, width: int, text: str) -> float:
    """Read "3430" as 34 degrees 30 minutes: `width` digits of degrees, then twos."""
    parts = [digits[:width], *(digits[i : i + 2] for i in range(width, len(digits), 2))]
    parts[-1] += fraction
    return _degrees(sign, parts, text)


def _lettered(plain: str, text: str) -> tuple[float, float] | None:
    """Read two numbers with a hemisphere letter each, all before or all behind."""
    behind = _LETTERS_BEHIND.fullmatch(plain)
    before = _LETTERS_BEFORE.fullmatch(plain)
    if behind:
        one, one_letter, two, two_letter = behind.groups()
    elif before:
        one_letter, one, two_letter, two = before.groups()
    else:
        return None
    values: dict[bool, float] = {}
    for written, letter in ((one, one_letter.upper()), (two, two_letter.upper())):
        axis = _axis(written.strip(), text)
        if axis is None:
            return None
        if axis.signed:
            raise CoordinateError(f"{text!r}: a sign and a hemisphere letter, leave one out")
        values[letter in "NS"] = -axis.degrees if letter in "SW" else axis.degrees
    if set(values) != {True, False}:
        raise CoordinateError(f"{text!r}: needs one of N and S and one of E and W")
    return values[True], values[False]


def _decimal(plain: str, _text: str) -> tuple[float, float] | None:
    match = _PAIR.fullmatch(plain)
    return (float(match[1]), float(match[2])) if match else None


def _signed_dms(plain: str, text: str) -> tuple[float, float] | None:
    """Read degrees with symbols or colons and no letters: latitude first, signs allowed."""
    match = _SYMBOLS.fullmatch(plain) or _COLONS.fullmatch(plain)
    if not match:
        return None
    lat, lon = _axis(match[1].strip(), text), _axis(match[2].strip(), text)
    return (lat.degrees, lon.degrees) if lat and lon else None


def _axis(written: str, text: str) -> _Axis | None:
    """Read degrees with or without minutes and seconds; None for anything else."""
    match = _AXIS.fullmatch(written)
    if not match:
        return None
    sign, *parts = match.groups()
    given = [part for part in parts if part is not None]
    return _Axis(degrees=_degrees(sign, given, text), signed=bool(sign))


def _degrees(sign: str, parts: list[str], text: str) -> float:
    """Add up degrees, minutes and seconds, of which only the last may have decimals."""
    if any("." in part for part in parts[:-1]):
        raise CoordinateError(f"{text!r}: only the last of degrees, minutes, seconds has decimals")
    values = [float(part) for part in parts]
    if any(value >= _PER_DEGREE for value in values[1:]):
        raise CoordinateError(f"{text!r}: minutes and seconds are less than 60")
    total = 0.0
    for value in reversed(values):
        total = total / _PER_DEGREE + value
    return -total if sign == "-" else total

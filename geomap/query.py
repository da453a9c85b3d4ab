"""All filters of a search for events as one validated value.

Values may be given as they stand on a command line ("PK,AF", "2022-01-01", "34.0,71.5") or as
Python values; afterwards they are always the latter. A name ("Peshawar, PK") and the path of a file
stay as given: who has a gazetteer and can read files turns them into places and polygons.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from geomap.coordinates import checked, parse
from geomap.errors import CoordinateError, InputError
from geomap.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

__all__ = ["DEFAULT_RADIUS_KM", "Box", "Dates", "Order", "Query", "Where"]

Where = Literal["certain", "possible"]
Dates = Literal["overlap", "within", "any"]
Order = Literal["date", "-date", "confidence", "-confidence", "id"]
Box = tuple[float, float, float, float]

# About an hour's drive: what "near a town" means where nobody says how near.
DEFAULT_RADIUS_KM = 50.0
# Half of the Earth's circumference: nothing is farther away.
_MOST_KM = 20_038.0
_MAX_LAT, _MAX_LON = 90.0, 180.0
_BOX_SIDES = 4
_TYPE = re.compile(r"[a-z_]+(?:\.(?:[a-z_]+|\*))?|\*")
_COUNTRY = re.compile(r"[A-Z]{2}")
_STATUSES: tuple[str, ...] = get_args(Status)
# A text that begins like this is meant as coordinates, unless a name stands in it, as in "6th of
# October City".
_NUMERIC = re.compile(r"\s*(?:geo:|[+-]?\d)(?!.*[^\W\d_]{3})")
_WORD = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What to look for; every filter narrows the result, none at all finds every event.

    Parameters
    ----------
    near
        A name ("Peshawar, PK"), a latitude and a longitude, degrees, or a shapely geometry
        (x = longitude): events within `radius_km` of it. None for anywhere.
    radius_km
        Kilometres on the ellipsoid; None for 50 where `near` is given.
    bbox
        West, south, east, north, degrees, edges included; a west beyond the east crosses the
        antimeridian. A string has commas between them.
    within
        A polygon (shapely, x = longitude, degrees), or the path of a file of polygons.
    country
        ISO alpha-2 codes.
    admin1
        Names of first-level units, as the gazetteer writes them; case and accents do not count.
    types
        Codes ("battle.clash"), groups ("violence.*"), or "*".
    since
        First day that counts; None for no beginning.
    until
        Last day that counts; None for no end.
    status
        Only these: "asserted", "alleged", "planned", "threatened", "denied", "hypothetical".
    min_confidence
        Leave out what is less sure, 0 to 1.
    text
        Words that the quote holds, in any order, case and accents apart; "in quotation marks" one
        behind the other; a star at the end of a word for any ending.
    source
        Names of outlets; case and accents do not count.
    where
        "certain" for events that lie in the region wholly, "possible" for those whose area
        touches it too. What has no geometry is in no region.
    dates
        "overlap" for events whose interval meets the wanted days, "within" for those that lie in
        them wholly, "any" for undated ones besides those that overlap.
    order
        "date" (undated last), "confidence", either with a minus for the greatest first, or "id".
    limit
        At most so many; None for all.
    offset
        Leave out so many of the first ones.

    Raises
    ------
    InputError
        A filter is not one; the message names it and says how to write it.
    """

    near: str | tuple[float, float] | BaseGeometry | None = None
    radius_km: float | None = None
    bbox: str | Box | None = None
    within: str | Path | BaseGeometry | None = None
    country: str | tuple[str, ...] = ()
    admin1: str | tuple[str, ...] = ()
    types: str | tuple[str, ...] = ()
    since: str | date | None = None
    until: str | date | None = None
    status: str | tuple[str, ...] = ()
    min_confidence: float = 0.0
    text: str | None = None
    source: str | tuple[str, ...] = ()
    where: Where = "certain"
    dates: Dates = "overlap"
    order: Order = "date"
    limit: int | None = None
    offset: int = 0

    def __post_init__(self) -> None:
        changes: dict[str, Any] = {
            "near": _near(self.near),
            "radius_km": _radius(self.radius_km, given=self.near is not None),
            "bbox": _box(self.bbox),
            "within": _within(self.within),
            "country": tuple(_country(code) for code in _listed("country", self.country)),
            "admin1": _named("admin1", self.admin1),
            "types": tuple(_type(code) for code in _listed("types", self.types)),
            "since": _day("since", self.since),
            "until": _day("until", self.until),
            "status": tuple(
                _one_of("status", s, _STATUSES) for s in _listed("status", self.status)
            ),
            "text": _text(self.text),
            "source": _named("source", self.source),
        }
        for name, value in changes.items():
            object.__setattr__(self, name, value)
        _one_of("where", self.where, get_args(Where))
        _one_of("dates", self.dates, get_args(Dates))
        _one_of("order", self.order, get_args(Order))
        _check_number("min_confidence", self.min_confidence, 1.0)
        _check_count("offset", self.offset)
        if self.limit is not None:
            _check_count("limit", self.limit)
        since, until = self.days
        if since and until and since > until:
            raise InputError(f"since {since} is later than until {until}: swap them")

    @property
    def box(self) -> Box | None:
        """The bounding box as four numbers; None without one."""
        return cast("Box | None", self.bbox)

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day that count."""
        return cast("tuple[date | None, date | None]", (self.since, self.until))

    @property
    def is_spatial(self) -> bool:
        """Whether the place matters."""
        return not (self.near is None and self.bbox is None and self.within is None)

    def phrases(self) -> list[tuple[str, bool]]:
        """Return what `text` asks for, each of which the quote must hold.

        Returns
        -------
        list of tuple
            One or more words, and whether the last of them may have any ending; no quotation
            marks are left in them.
        """
        found = re.findall(r'"([^"]*)"|([^\s"]+)', self.text or "")
        written = [quoted or single for quoted, single in found]
        return [(part, part.rstrip().endswith("*")) for part in written if _WORD.search(part)]

    def describe(self) -> str:
        """Return the filters that are set, in one line.

        Returns
        -------
        str
            "near=Peshawar, PK radius_km=100"; empty for a search without a filter.
        """
        return " ".join(
            f"{field.name}={_shown(getattr(self, field.name))}"
            for field in fields(self)
            if getattr(self, field.name) != field.default
        )


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(str(part) for part in value)
    return str(getattr(value, "geom_type", value))


def _listed(name: str, value: object) -> list[str]:
    """Return a comma-separated text or several texts as a list without blanks and doubles."""
    if value is None:
        return []
    parts = value.split(",") if isinstance(value, str) else _texts(name, value)
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _named(name: str, value: object) -> tuple[str, ...]:
    """Return names; a tuple's may have commas in them, a text is taken apart at commas."""
    return tuple(_listed(name, value))


def _texts(name: str, value: object) -> list[str]:
    try:
        parts = list(cast("Iterable[Any]", value))
    except TypeError:
        parts = [value]
    if not all(isinstance(part, str) for part in parts):
        raise InputError(f"{name}: {value!r} is neither a text nor a list of texts")
    return parts


def _near(value: object) -> object:
    if value is None or hasattr(value, "geom_type"):
        return _whole("near", value)
    if isinstance(value, str):
        if not value.strip():
            raise InputError("near: give a name or LAT,LON")
        return parse(value) if _NUMERIC.match(value) else value.strip()
    try:
        lat, lon = cast("Iterable[Any]", value)
        return checked(float(lat), float(lon))
    except CoordinateError:
        raise
    except (TypeError, ValueError) as error:
        raise InputError(
            f"near: {value!r} is no place: give a name, a latitude and a longitude, or a geometry"
        ) from error


def _radius(value: object, *, given: bool) -> float | None:
    if value is None:
        return DEFAULT_RADIUS_KM if given else None
    if not given:
        raise InputError("radius_km: needs near, from which it is measured")
    return _check_number("radius_km", value, _MOST_KM)


def _box(value: object) -> Box | None:
    if value is None:
        return None
    how = "write west,south,east,north in degrees, as in 69.2,33.5,72.1,35.0"
    parts = value.split(",") if isinstance(value, str) else value
    try:
        sides = tuple(float(side) for side in cast("Iterable[Any]", parts))
    except (TypeError, ValueError) as error:
        raise InputError(f"bbox: {value!r} is not four numbers, {how}") from error
    if len(sides) != _BOX_SIDES or not all(map(math.isfinite, sides)):
        raise InputError(f"bbox: {value!r} is not four numbers, {how}")
    west, south, east, north = sides
    if max(abs(south), abs(north)) > _MAX_LAT or max(abs(west), abs(east)) > _MAX_LON:
        raise InputError(f"bbox: {value!r} leaves the Earth, {how}")
    if south > north:
        raise InputError(f"bbox: south {south:g} lies north of north {north:g}, {how}")
    return west, south, east, north


def _within(value: object) -> object:
    if value is None or isinstance(value, str) or hasattr(value, "__fspath__"):
        return value
    if getattr(value, "geom_type", None) not in {"Polygon", "MultiPolygon"}:
        raise InputError(f"within: a polygon or the path of a file is needed, not {value!r:.60}")
    return _whole("within", value)


def _whole(name: str, value: Any) -> object:  # noqa: ANN401 - shapely stays unloaded
    if value is None:
        return None
    if value.is_empty:
        raise InputError(f"{name}: the geometry is empty")
    import numpy as np
    import shapely

    if not np.isfinite(shapely.get_coordinates(value)).all():
        raise InputError(f"{name}: a coordinate of the geometry is not a number")
    return value


def _country(code: str) -> str:
    upper = code.upper()
    if not _COUNTRY.fullmatch(upper):
        raise InputError(f"country: {code!r} is no two-letter ISO code such as PK")
    return upper


def _type(code: str) -> str:
    if not _TYPE.fullmatch(code):
        raise InputError(f"types: {code!r} is no event type: write battle.clash or violence.*")
    return code


def _day(name: str, value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError as error:
        raise InputError(f"{name}: {value!r} is no day: write it as 2023-01-31") from error


def _text(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not _WORD.search(value):
        raise InputError(f"text: {value!r} has no word to look for")
    return value


def _one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise InputError(f"{name}: {value!r} is not one of {', '.join(known)}")
    return value


def _check_number(name: str, value: object, most: float) -> float:
    try:
        number = float(cast("float", value))
    except (TypeError, ValueError):
        number = math.nan
    if not 0 <= number <= most:
        raise InputError(f"{name}: {value!r} is not a number from 0 to {most:g}")
    return number


def _check_count(name: str, value: object) -> None:
    if not isinstance(value, int) or value < 0:
        raise InputError(f"{name}: {value!r} is not a count")

"""A frame of events -> marks. Needs a type and a position; every other column may be missing.

Rows that share an `incident_id` are one incident with several sources: one mark for each distinct
point that they give, and what is known less closely stands with the first of them.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from geomap.errors import InputError
from geomap.maps.marks import BASIS_WORDS, Mark, Source, host_of
from geomap.maps.words import casualty_words, date_words, day_words, type_label
from geomap.model import Casualties, Place, When

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from shapely.geometry.base import BaseGeometry

    from geomap.maps.spots import Spots
    from geomap.records import Piece

    _Told = tuple[Mark, Casualties | None]

__all__ = ["is_frame", "marks_of_frame", "values_of_column"]

_PRECISIONS = ("day", "week", "month", "year", "unknown")
_BASES = ("explicit", "relative", "publication")
_STATUSES = frozenset({"asserted", "alleged", "planned", "threatened", "denied", "hypothetical"})
_GEO_PRECISIONS = frozenset({"exact", "town", "district", "province", "country", "none"})
# From the closest to the least close: what an incident's headline account is chosen by.
_CLOSENESS = {name: rank for rank, name in enumerate(("exact", "town", "district", "province"))}
_TITLE_WORDS = 12
_FIELDS = ("type", "place", "when", "status")
_WGS84 = 4326
_POINT, _POLYGONS = 0, (3, 6)  # the type numbers of GEOS
_INFINITE = float("inf")


def is_frame(value: object) -> bool:
    """Tell whether a value is a frame of pandas or geopandas, without importing either."""
    return all(hasattr(value, name) for name in ("columns", "index", "to_dict", "iloc"))


def values_of_column(frame: Any, column: str, marks: Sequence[Mark]) -> list[str | None]:  # noqa: ANN401 - a frame
    """Return the value that a column has for each mark, as text.

    Parameters
    ----------
    frame
        The frame that the marks come from.
    column
        Its column.
    marks
        What `marks_of_frame` returned.

    Returns
    -------
    list
        None where the frame has nothing.

    Raises
    ------
    InputError
        If the frame has no such column.
    """
    if column not in frame.columns:
        known = ", ".join(map(str, frame.columns))
        raise InputError(f"layers_by: the frame has no column {column!r}, only {known}")
    ids = [str(value) for value in frame.index.tolist()]
    values = dict(zip(ids, _Cells(frame).texts(column), strict=True))
    return [values.get(mark.id) or None for mark in marks]


def marks_of_frame(frame: Any, spots: Spots) -> list[Mark]:  # noqa: ANN401 - pandas is not imported
    """Return the marks of a frame of events.

    Parameters
    ----------
    frame
        A frame indexed by event id, or a GeoDataFrame. Coordinates are WGS 84 degrees, else the
        geometry's reference system is converted. Cells that cannot be read count as empty.
    spots
        Takes the places, and gives outlines and the names of countries.

    Returns
    -------
    list of Mark
        In the order of the first row of each.

    Raises
    ------
    InputError
        If the frame has no `type`, or no position: neither a geometry nor `lat` and `lon`.
    """
    _require_columns(frame)
    marks, dead = _marks(_Cells(frame), spots)
    together: dict[str, list[int]] = {}
    for number, mark in enumerate(marks):
        together.setdefault(mark.incident, []).append(number)
    if len(together) == len(marks):
        return marks
    vague = {area["spot"] for area in spots.areas}
    return [
        marks[part[0]] if len(part) == 1 else _merged([(marks[n], dead[n]) for n in part])
        for rows in together.values()
        for part in _by_point(rows, marks, vague)
    ]


def _require_columns(frame: Any) -> None:  # noqa: ANN401 - as above
    columns = set(map(str, frame.columns))
    missing = [] if "type" in columns else ["type"]
    if _geometry_name(frame) is None and not {"lat", "lon"} <= columns:
        lacking = [name for name in ("lat", "lon") if name not in columns]
        missing.append(f"geometry (or {' and '.join(lacking)})")
    if missing:
        raise InputError(
            f"the frame has no column {', no '.join(missing)}; a map needs type and a position"
        )


def _geometry_name(frame: Any) -> str | None:  # noqa: ANN401 - as above
    """Return the name of the active geometry column, None for a frame without one."""
    name = getattr(frame, "_geometry_column_name", None)
    if name is not None and name in frame.columns:
        return str(name)
    return "geometry" if "geometry" in frame.columns else None


def _by_point(rows: list[int], marks: Sequence[Mark], vague: set[int]) -> list[list[int]]:
    """Part the rows of an incident by the point that they give; the vaguer join the first."""
    points: dict[int, list[int]] = {}
    rest = []
    for row in rows:
        spot = marks[row].spot
        if spot is None or spot in vague:
            rest.append(row)
        else:
            points.setdefault(spot, []).append(row)
    if len(points) < 2:  # noqa: PLR2004 - one place or none
        return [rows]
    parts = list(points.values())
    parts[0] += rest
    return parts


def _merged(rows: list[_Told]) -> Mark:
    """Merge the rows of an incident; tolls are a range over all accounts, never a sum.

    The account that gives the place most closely, of equals the surest, is the headline.
    """
    marks = [mark for mark, _ in rows]
    head = min(
        marks, key=lambda m: (_CLOSENESS.get(m.precision, len(_CLOSENESS)), -(m.confidence or 0))
    )
    dead = _toll([toll for _, toll in rows if toll])
    injured = max((m.injured for m in marks if m.injured is not None), default=None)
    dated = min((m for m in marks if m.first or m.last), key=_width, default=head)
    return head._replace(
        first=dated.first,
        last=dated.last,
        date=dated.date,
        phrase=dated.phrase,
        casualties=casualty_words(dead, injured) or "",
        killed=dead.best if dead else None,
        injured=injured,
        actors=tuple(dict.fromkeys(actor for m in marks for actor in m.actors)),
        sources=tuple(source for m in marks for source in m.sources),
    )


def _width(mark: Mark) -> int:
    """Return the days that an interval spans; an open one is wider than any other."""
    if mark.first is None or mark.last is None:
        return date.max.toordinal()
    return (mark.last - mark.first).days


@lru_cache(maxsize=10_000)
def _casualties(low: int | None, best: int | None, high: int | None) -> Casualties | None:
    told = best if best is not None else (low if low is not None else high)
    if told is None:
        return None
    return Casualties(low=low if low is not None else told, best=told, high=high)


def _toll(told: list[Casualties]) -> Casualties | None:
    if not told:
        return None
    highs = [toll.high for toll in told if toll.high is not None]
    return Casualties(
        low=min(toll.low for toll in told),
        best=max(toll.best for toll in told),
        high=max(highs) if len(highs) == len(told) else None,
    )


@lru_cache(maxsize=10_000)
def _toll_words(dead: Casualties | None, injured: int | None) -> str:
    return casualty_words(dead, injured) or ""


def _marks(cells: _Cells, spots: Spots) -> tuple[list[Mark], list[Casualties | None]]:
    """Return the mark of each row, and what it tells of the dead.

    Column by column: a row at a time would take five times as long.
    """
    types = [code or "other" for code in cells.texts("type")]
    titles, quotes = cells.texts("title"), cells.texts("quote")
    first, last = cells.days("date_first"), cells.days("date_last")
    phrases, places = cells.texts("date_text"), cells.texts("place")
    dead = list(
        map(
            _casualties,
            cells.wholes("fatalities_low"),
            cells.wholes("fatalities_best"),
            cells.wholes("fatalities_high"),
        )
    )
    injured = cells.wholes("injured")
    numbers = _places(cells, spots)
    statuses = [value if value in _STATUSES else "asserted" for value in cells.texts("status")]
    precisions = [
        value if value in _GEO_PRECISIONS else "none" if number is None else "exact"
        for value, number in zip(cells.texts("geo_precision"), numbers, strict=True)
    ]
    columns = (
        cells.ids,
        [own or number for own, number in zip(cells.texts("incident_id"), cells.ids, strict=True)],
        types,
        list(map(_title, titles, quotes, types)),
        statuses,
        first,
        last,
        list(map(_date_words, first, last, phrases, cells.texts("date_precision"))),
        phrases,
        precisions,
        numbers,
        places,
        list(_withins(cells, spots)),
        cells.texts("country"),
        list(map(_toll_words, dead, injured)),
        [toll.best if toll else None for toll in dead],
        injured,
        cells.numbers("confidence"),
        list(zip(*(cells.numbers(f"confidence_{name}") for name in _FIELDS), strict=True)),
        list(map(_actors, cells.texts("actors"))),
        list(map(_strings, cells.texts("reasons"))),
        list(map(_strings, cells.texts("rejected"))),
        [(source,) for source in _sources(cells, statuses)],
    )
    return list(map(Mark._make, zip(*columns, strict=True))), dead


def _sources(cells: _Cells, statuses: list[str]) -> Iterator[Source]:
    """Yield the source of each row."""
    urls = cells.texts("url")
    hosts = list(map(host_of, urls))
    columns = (
        [
            outlet or host or "Unnamed source"
            for outlet, host in zip(cells.texts("source"), hosts, strict=True)
        ],
        cells.texts("title"),
        [url if host else None for url, host in zip(urls, hosts, strict=True)],
        [day_words(day) if day else "" for day in cells.days("published")],
        cells.texts("language"),
        list(map(_pieces, cells.texts("marks"), cells.texts("quote"))),
        cells.texts("attributed_to"),
        statuses,
        [BASIS_WORDS.get(basis, "") for basis in cells.texts("location_basis")],
        cells.texts("article_id"),
    )
    return map(Source._make, zip(*columns, strict=True))


def _title(title: str, quote: str, code: str) -> str:
    if stripped := title.strip():
        return stripped
    words = quote.split()
    if not words:
        return type_label(code)
    return " ".join(words[:_TITLE_WORDS]) + (" …" if len(words) > _TITLE_WORDS else "")


def _withins(cells: _Cells, spots: Spots) -> Iterator[str]:
    """Yield what the place of each row lies in; the same places come again and again."""
    told: dict[tuple[str, ...], str] = {}
    columns = map(cells.texts, ("place", "admin2", "admin1", "country"))
    for unit in zip(*columns, strict=True):
        words = told.get(unit)
        if words is None:
            place, *units, code = unit
            parts = dict.fromkeys(part for part in (*units, spots.country(code or None)) if part)
            parts.pop(place, None)
            words = told[unit] = ", ".join(parts)
        yield words


@lru_cache(maxsize=10_000)
def _date_words(first: date | None, last: date | None, text: str, precision: str) -> str:
    if first is None and last is None and not text:
        return date_words(None)
    known: Any = precision if precision in _PRECISIONS else ("day" if first == last else "unknown")
    return date_words(When(first=first, last=last, text=text, precision=known, basis=_BASES[0]))  # type: ignore[arg-type]  # one of the bases


def _places(cells: _Cells, spots: Spots) -> list[int | None]:
    """Return the number of each row's spot, None for what is listed beside the map."""
    lats, lons = cells.numbers("lat"), cells.numbers("lon")
    radii, precisions = cells.numbers("radius_km"), cells.texts("geo_precision")
    shapes = _geometries(cells, lats, lons)
    names = cells.texts("place")
    found: list[int | None] = []
    for index, (lat, lon, radius, precision) in enumerate(
        zip(lats, lons, radii, precisions, strict=True)
    ):
        if precision in {"country", "none"}:
            found.append(None)
        elif radius is None and (shape := shapes.get(index)) is not None:
            found.append(spots.outline(shape, names[index]))
        elif lat is None or lon is None:
            found.append(None)
        elif radius is not None:
            found.append(spots.circle(lat, lon, radius, names[index]))
        elif precision in {"district", "province"}:
            found.append(spots.unit(_place(cells, index, (lat, lon)), precision))
        else:
            found.append(spots.point(lat, lon))
    return found


def _geometries(
    cells: _Cells, lats: list[float | None], lons: list[float | None]
) -> dict[int, BaseGeometry]:
    """Return the polygons by their row, and write the points into latitudes and longitudes."""
    import numpy as np
    import shapely

    shapes = cells.geometries()
    shapes[shapely.is_empty(shapes)] = None
    kinds = shapely.get_type_id(shapes)
    points = np.flatnonzero(kinds == _POINT)
    for degrees, sides in ((lats, shapely.get_y(shapes)), (lons, shapely.get_x(shapes))):
        known = np.where(np.isfinite(sides), sides, None)[points]
        for index, side in zip(points.tolist(), known.tolist(), strict=True):
            degrees[index] = side
    polygons: dict[int, BaseGeometry] = {}
    for index in np.flatnonzero(np.isin(kinds, _POLYGONS)).tolist():
        polygons[index] = shapes[index]
        if lats[index] is None or lons[index] is None:
            middle = shapely.point_on_surface(shapes[index])
            lats[index], lons[index] = middle.y, middle.x
    return polygons


def _place(cells: _Cells, index: int, at: tuple[float, float]) -> Place:
    """Return what is known of a row's place, enough to look its outline up."""
    name = cells.texts("place")[index]
    province = cells.texts("geo_precision")[index] == "province"
    return Place(
        id=cells.texts("place_id")[index] or f"{name} {at}",
        name=name,
        feature="ADM1" if province else "ADM2",
        country=cells.texts("country")[index] or None,
        admin1=cells.texts("admin1")[index] or None,
        admin2=cells.texts("admin2")[index] or None,
        lat=at[0],
        lon=at[1],
    )


class _Cells:
    """The columns of a frame, cleaned: each read once, absent ones empty."""

    def __init__(self, frame: Any) -> None:  # noqa: ANN401 - pandas is not imported
        self._frame = frame
        self._count = len(frame)
        self._texts: dict[str, list[str]] = {}
        self.ids = [str(value) for value in frame.index.tolist()]

    def _cells(self, name: str) -> list[Any] | None:
        return self._frame[name].tolist() if name in self._frame.columns else None

    def texts(self, name: str) -> list[str]:
        """Return a column as texts; None, NaN and NaT are empty."""
        if name not in self._texts:
            cells = self._cells(name)
            if cells is None:
                cells = [""] * self._count
            elif set(map(type, cells)) - {str}:
                cells = [
                    cell if type(cell) is str else "" if _is_missing(cell) else str(cell)
                    for cell in cells
                ]
            self._texts[name] = cells
        return self._texts[name]

    def numbers(self, name: str) -> list[float | None]:
        """Return a column as finite numbers; everything else is None."""
        cells = self._cells(name)
        if cells is None:
            return [None] * self._count
        # Below infinity in size: neither NaN nor infinite.
        return [
            cell if type(cell) is float and abs(cell) < _INFINITE else _number(cell)
            for cell in cells
        ]

    def wholes(self, name: str) -> list[int | None]:
        """Return a column as whole numbers; everything else is None."""
        return [None if value is None else round(value) for value in self.numbers(name)]

    def days(self, name: str) -> list[date | None]:
        """Return a column as days: of dates, time stamps and ISO texts; None for all else."""
        cells = self._cells(name)
        return [None] * self._count if cells is None else list(map(_day, cells))

    def geometries(self) -> Any:  # noqa: ANN401 - a numpy array
        """Return the geometries in WGS 84, none for a frame without; None for an empty cell."""
        import numpy as np

        name = _geometry_name(self._frame)
        if name is None:
            return np.empty(0, dtype=object)
        column = self._frame[name]
        crs = getattr(column, "crs", None)
        if crs is not None and crs.to_epsg() != _WGS84:
            column = column.to_crs(_WGS84)
        shapes = np.array(column, dtype=object)
        shapes[[not hasattr(shape, "geom_type") for shape in shapes]] = None
        return shapes


def _is_missing(cell: Any) -> bool:  # noqa: ANN401 - a cell of a frame
    if cell is None or type(cell).__name__ in {"NAType", "NaTType"}:
        return True
    return isinstance(cell, float) and cell != cell  # noqa: PLR0124 - NaN


def _number(cell: Any) -> float | None:  # noqa: ANN401 - as above
    if _is_missing(cell):
        return None
    try:
        value = float(cell)
    except (TypeError, ValueError):
        return None
    return value if abs(value) < _INFINITE else None


def _day(cell: Any) -> date | None:  # noqa: ANN401 - as above
    """Return a cell as a day: a date, a time stamp or ISO text; None for all else."""
    if isinstance(cell, str):
        return _read_day(cell)
    if _is_missing(cell):
        return None
    if isinstance(cell, datetime):
        return cell.date()
    return cell if isinstance(cell, date) else None


@lru_cache(maxsize=10_000)
def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _read_json(text: str) -> Any:  # noqa: ANN401 - whatever the text holds
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None


def _listed(text: str, take: Callable[[Any], Any]) -> Iterable[Any]:
    """Yield what `take` makes of the members of a JSON list; what is no list has none."""
    value = _read_json(text)
    return (take(member) for member in value) if isinstance(value, list) else ()


def _strings(text: str) -> tuple[str, ...]:
    return tuple(_listed(text, str)) if text else ()


def _actors(text: str) -> tuple[tuple[str, str], ...]:
    def actor(member: Any) -> tuple[str, str] | None:  # noqa: ANN401 - JSON
        if not isinstance(member, dict) or not member.get("text"):
            return None
        return str(member["text"]), str(member.get("role") or "actor")

    return tuple(pair for pair in _listed(text, actor) if pair) if text else ()


def _pieces(marked: str, quote: str) -> tuple[Piece, ...]:
    """Return a marked quote; where the marks are none, the plain quote."""

    def piece(member: Any) -> Piece | None:  # noqa: ANN401 - JSON
        match member:
            case [str(kind), str(words)]:
                return (kind if kind in {"trigger", "place"} else "text", words)
        return None

    pieces = tuple(_listed(marked, piece)) if marked else ()
    if pieces and all(pieces):
        return tuple(found for found in pieces if found)
    return (("text", quote),) if quote else ()

"""A frame of events -> marks. Needs a type and a position; every other column may be missing.

Rows that share an `incident_id` are one incident with several sources: one mark for each distinct
point that they give, and what is known less closely stands with the first of them.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from geomap.errors import InputError
from geomap.maps.marks import BASIS_WORDS, Mark, Piece, Source, host_of
from geomap.maps.words import casualty_words, date_words, day_words, type_label
from geomap.model import Casualties, Place, When

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from geomap.maps.spots import Spots

__all__ = ["is_frame", "marks_of_frame", "values_of_column"]

_PRECISIONS = ("day", "week", "month", "year", "unknown")
_BASES = ("explicit", "relative", "publication")
_STATUSES = frozenset({"asserted", "alleged", "planned", "threatened", "denied", "hypothetical"})
_GEO_PRECISIONS = frozenset({"exact", "town", "district", "province", "country", "none"})
# From the closest to the least close: what an incident's headline account is chosen by.
_CLOSENESS = {name: rank for rank, name in enumerate(("exact", "town", "district", "province"))}
_TITLE_WORDS = 12
_WGS84 = 4326


class _Row(NamedTuple):
    """One row of the frame, cleaned; texts are empty and numbers None where nothing is given."""

    id: str
    incident: str
    type: str
    title: str
    status: str
    first: date | None
    last: date | None
    date: str
    phrase: str
    precision: str
    spot: int | None
    place: str
    within: str
    country: str
    dead: tuple[int | None, int | None, int | None]
    injured: int | None
    confidence: float | None
    fields: tuple[float | None, ...]
    actors: tuple[tuple[str, str], ...]
    why: tuple[str, ...]
    rejected: tuple[str, ...]
    source: Source


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
    values = dict(zip(ids, _texts(frame, column, len(ids)), strict=True))
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
    together: dict[str, list[_Row]] = {}
    for row in _rows(frame, spots):
        together.setdefault(row.incident, []).append(row)
    marks: list[Mark] = []
    for rows in together.values():
        if len(rows) == 1:
            marks.append(_mark(rows[0], rows))
        else:
            marks += (_mark(_headline(part), part) for part in _by_point(rows, spots))
    return marks


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


def _by_point(rows: list[_Row], spots: Spots) -> Iterator[list[_Row]]:
    """Yield the rows of an incident by the point that they give; the vaguer join the first."""
    vague = {area["spot"] for area in spots.areas}
    points: dict[int, list[_Row]] = {}
    rest = []
    for row in rows:
        if row.spot is None or row.spot in vague:
            rest.append(row)
        else:
            points.setdefault(row.spot, []).append(row)
    if len(points) < 2:  # noqa: PLR2004 - one place or none
        yield rows
        return
    parts = list(points.values())
    parts[0] += rest
    yield from parts


def _headline(rows: list[_Row]) -> _Row:
    """Return the account that gives the place most closely, of equals the surest."""
    return min(
        rows, key=lambda row: (_CLOSENESS.get(row.precision, len(_CLOSENESS)), -(row.confidence or 0))
    )


def _mark(head: _Row, rows: list[_Row]) -> Mark:
    """Merge the rows of an incident; tolls are a range over all accounts, never a sum."""
    dead = _toll(rows) if len(rows) > 1 else _casualties(head.dead)
    injured = max((row.injured for row in rows if row.injured is not None), default=None)
    dated = min((row for row in rows if row.first or row.last), key=_width, default=head)
    return Mark(
        id=head.id,
        incident=head.incident,
        type=head.type,
        title=head.title,
        status=head.status,
        first=dated.first,
        last=dated.last,
        date=dated.date,
        phrase=dated.phrase,
        precision=head.precision,
        spot=head.spot,
        place=head.place,
        within=head.within,
        country=head.country,
        casualties=casualty_words(dead, injured) or "",
        killed=dead.best if dead else None,
        injured=injured,
        confidence=head.confidence,
        fields=head.fields,
        actors=tuple(dict.fromkeys(actor for row in rows for actor in row.actors)),
        why=head.why,
        rejected=head.rejected,
        sources=tuple(row.source for row in rows),
    )


def _width(row: _Row) -> int:
    """Return the days that an interval spans; an open one is wider than any other."""
    if row.first is None or row.last is None:
        return date.max.toordinal()
    return (row.last - row.first).days


def _casualties(dead: tuple[int | None, int | None, int | None]) -> Casualties | None:
    low, best, high = dead
    best = best if best is not None else (low if low is not None else high)
    if best is None:
        return None
    return Casualties(low=low if low is not None else best, best=best, high=high)


def _toll(rows: list[_Row]) -> Casualties | None:
    told = [toll for row in rows if (toll := _casualties(row.dead))]
    if not told:
        return None
    highs = [toll.high for toll in told]
    return Casualties(
        low=min(toll.low for toll in told),
        best=max(toll.best for toll in told),
        high=None if None in highs else max(high for high in highs if high is not None),
    )


def _rows(frame: Any, spots: Spots) -> Iterator[_Row]:  # noqa: ANN401 - a frame
    """Yield the rows of a frame, cleaned."""
    count = len(frame)
    ids = [str(value) for value in frame.index.tolist()]
    columns = {
        name: _texts(frame, name, count)
        for name in (
            "incident_id", "type", "title", "status", "date_text", "date_precision", "place",
            "country", "admin1", "admin2", "geo_precision", "location_basis", "source", "url",
            "attributed_to", "quote", "marks", "actors", "reasons", "rejected", "language",
        )
    }  # fmt: skip
    days = {name: _days(frame, name, count) for name in ("date_first", "date_last", "published")}
    wholes = {
        name: _whole_numbers(frame, name, count)
        for name in ("fatalities_low", "fatalities_best", "fatalities_high", "injured")
    }
    shares = [
        _numbers(frame, name, count)
        for name in (
            "confidence", "confidence_type", "confidence_place", "confidence_when",
            "confidence_status",
        )
    ]  # fmt: skip
    places = _places(frame, columns, spots)
    for index in range(count):
        cell = {name: values[index] for name, values in columns.items()}
        first, last = days["date_first"][index], days["date_last"][index]
        precision = cell["geo_precision"] if cell["geo_precision"] in _GEO_PRECISIONS else ""
        spot = places[index]
        source = _source(cell, days["published"][index])
        yield _Row(
            id=ids[index],
            incident=cell["incident_id"] or ids[index],
            type=cell["type"] or "other",
            title=_title(cell),
            status=cell["status"] if cell["status"] in _STATUSES else "asserted",
            first=first,
            last=last,
            date=_date_words(first, last, cell["date_text"], cell["date_precision"]),
            phrase=cell["date_text"],
            precision=precision or ("none" if spot is None else "exact"),
            spot=spot,
            place=cell["place"],
            within=_within(cell, spots),
            country=cell["country"],
            dead=(
                wholes["fatalities_low"][index],
                wholes["fatalities_best"][index],
                wholes["fatalities_high"][index],
            ),
            injured=wholes["injured"][index],
            confidence=shares[0][index],
            fields=tuple(values[index] for values in shares[1:]),
            actors=_actors(cell["actors"]),
            why=_strings(cell["reasons"]),
            rejected=_strings(cell["rejected"]),
            source=source,
        )


def _source(cell: dict[str, str], published: date | None) -> Source:
    host = host_of(cell["url"])
    return Source(
        outlet=cell["source"] or host or "Unnamed source",
        title=cell["title"] or None,
        url=cell["url"] if host else None,
        published=day_words(published) if published else "",
        language=cell["language"],
        quote=_pieces(cell["marks"]) or ((("text", cell["quote"]),) if cell["quote"] else ()),
        said=cell["attributed_to"],
        status=cell["status"] if cell["status"] in _STATUSES else "asserted",
        basis=BASIS_WORDS.get(cell["location_basis"], ""),
    )


def _title(cell: dict[str, str]) -> str:
    if title := cell["title"].strip():
        return title
    words = cell["quote"].split()
    if not words:
        return type_label(cell["type"] or "other")
    return " ".join(words[:_TITLE_WORDS]) + (" …" if len(words) > _TITLE_WORDS else "")


def _within(cell: dict[str, str], spots: Spots) -> str:
    country = spots.country(cell["country"] or None)
    parts = dict.fromkeys(part for part in (cell["admin2"], cell["admin1"], country) if part)
    parts.pop(cell["place"], None)
    return ", ".join(parts)


@lru_cache(maxsize=10_000)
def _date_words(first: date | None, last: date | None, text: str, precision: str) -> str:
    if first is None and last is None and not text:
        return date_words(None)
    known: Any = precision if precision in _PRECISIONS else ("day" if first == last else "unknown")
    return date_words(When(first=first, last=last, text=text, precision=known, basis=_BASES[0]))  # type: ignore[arg-type]  # one of the bases


def _places(frame: Any, columns: dict[str, list[str]], spots: Spots) -> list[int | None]:  # noqa: ANN401
    """Return the number of each row's spot, None for what is listed beside the map."""
    count = len(frame)
    lats, lons = _numbers(frame, "lat", count), _numbers(frame, "lon", count)
    radii = _numbers(frame, "radius_km", count)
    shapes = _geometries(frame)
    ids = _texts(frame, "place_id", count)
    found: list[int | None] = []
    for index in range(count):
        precision = columns["geo_precision"][index]
        if precision in {"country", "none"}:
            found.append(None)
            continue
        shape = shapes[index] if shapes else None
        lat, lon = lats[index], lons[index]
        if shape is not None and not shape.is_empty:
            if shape.geom_type == "Point":
                lat, lon = shape.y, shape.x
            elif radii[index] is None and shape.geom_type.endswith("Polygon"):
                found.append(spots.outline(shape, columns["place"][index]))
                continue
            elif lat is None or lon is None:
                lat, lon = shape.centroid.y, shape.centroid.x
        if lat is None or lon is None:
            found.append(None)
        elif (radius := radii[index]) is not None:
            found.append(spots.circle(lat, lon, radius, columns["place"][index]))
        elif precision in {"district", "province"}:
            place = _place(ids[index], columns, index, (lat, lon))
            found.append(spots.unit(place, precision))
        else:
            found.append(spots.point(lat, lon))
    return found


def _place(
    place_id: str, columns: dict[str, list[str]], index: int, at: tuple[float, float]
) -> Place:
    """Return what is known of a row's place, enough to look its outline up."""
    name = columns["place"][index]
    return Place(
        id=place_id or f"{name} {at}",
        name=name,
        feature="ADM1" if columns["geo_precision"][index] == "province" else "ADM2",
        country=columns["country"][index] or None,
        admin1=columns["admin1"][index] or None,
        admin2=columns["admin2"][index] or None,
        lat=at[0],
        lon=at[1],
    )


def _geometries(frame: Any) -> list[Any] | None:  # noqa: ANN401 - a frame
    """Return the geometries in WGS 84, or None for a frame without."""
    name = _geometry_name(frame)
    if name is None:
        return None
    column = frame[name]
    crs = getattr(column, "crs", None)
    if crs is not None and crs.to_epsg() != _WGS84:
        column = column.to_crs(_WGS84)
    # A cell that is no geometry counts as empty.
    return [shape if hasattr(shape, "geom_type") else None for shape in column.tolist()]


def _cells(frame: Any, name: str, count: int) -> list[Any]:  # noqa: ANN401 - as above
    return list(frame[name].tolist()) if name in frame.columns else [None] * count


def _texts(frame: Any, name: str, count: int) -> list[str]:  # noqa: ANN401 - as above
    """Return a column as texts; None, NaN and NaT are empty."""
    cells = _cells(frame, name, count)
    # NaN alone differs from itself; pandas' NA answers a comparison with itself, which is no bool.
    return [
        cell if type(cell) is str else "" if cell is None or _is_missing(cell) else str(cell)
        for cell in cells
    ]


def _is_missing(cell: Any) -> bool:  # noqa: ANN401 - a cell of a frame
    if type(cell).__name__ in {"NAType", "NaTType"}:
        return True
    return isinstance(cell, float) and cell != cell  # noqa: PLR0124 - NaN


def _numbers(frame: Any, name: str, count: int) -> list[float | None]:  # noqa: ANN401 - as above
    """Return a column as finite numbers; everything else is None."""
    return [_number(cell) for cell in _cells(frame, name, count)]


def _number(cell: Any) -> float | None:  # noqa: ANN401 - as above
    if cell is None or _is_missing(cell):
        return None
    try:
        value = float(cell)
    except (TypeError, ValueError):
        return None
    return value if abs(value) < float("inf") else None


def _whole_numbers(frame: Any, name: str, count: int) -> list[int | None]:  # noqa: ANN401 - as above
    return [None if value is None else round(value) for value in _numbers(frame, name, count)]


def _days(frame: Any, name: str, count: int) -> list[date | None]:  # noqa: ANN401 - as above
    return [_day(cell) for cell in _cells(frame, name, count)]


def _day(cell: Any) -> date | None:  # noqa: ANN401 - as above
    """Return a cell as a day: a date, a time stamp or ISO text; None for all else."""
    if cell is None or _is_missing(cell):
        return None
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return _read_day(cell) if isinstance(cell, str) else None


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


def _pieces(text: str) -> tuple[Piece, ...]:
    """Return a marked quote; empty for what is none, so that the plain quote is shown."""

    def piece(member: Any) -> Piece | None:  # noqa: ANN401 - JSON
        match member:
            case [str(kind), str(words)]:
                return (kind if kind in {"trigger", "place"} else "text", words)
        return None

    pieces = tuple(_listed(text, piece)) if text else ()
    return pieces if all(pieces) else ()

"""Rows of events as text: JSON Lines, GeoJSON, CSV and KML, piece by piece.

Each writer takes records (column -> value, with a shapely `geometry`) and a list in which it counts
what the format cannot hold.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from geomap.records import EVENT_COLUMNS
from geomap.serialise import json_text, safe_cell

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator, Sequence

    from shapely.geometry.base import BaseGeometry

    Record = dict[str, Any]
    Losses = Counter[str]

__all__ = ["csv_lines", "csv_table", "geojson_pieces", "jsonl_lines", "kml_pieces"]

# Columns that hold JSON as text: in JSON they stand as what they are.
_NESTED = frozenset({"marks", "actors", "reasons", "rejected"})
# What XML 1.0 has no way to write.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_KML_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>geomap events</name>
<Style id="event"><BalloonStyle><text>$[description]</text></BalloonStyle></Style>
"""
_KML_TAIL = "</Document></kml>\n"
_IN_BALLOON = ("status", "date_text", "source", "title", "url")


def _mapping(geometry: BaseGeometry | None) -> dict[str, Any] | None:
    """Return a geometry as GeoJSON, rings turned as RFC 7946 asks."""
    if geometry is None:
        return None
    import shapely

    return dict(shapely.geometry.mapping(geometry))


def _nested(record: Record) -> Record:
    return {
        column: json.loads(record[column]) if column in _NESTED else record[column]
        for column in EVENT_COLUMNS
    }


def jsonl_lines(records: Iterable[Record], _losses: Losses) -> Iterator[str]:
    """Yield one JSON object an event: the columns, and the geometry as GeoJSON."""
    for record in records:
        yield json_text(_nested(record) | {"geometry": _mapping(record["geometry"])}) + "\n"


def geojson_pieces(records: Iterable[Record], _losses: Losses) -> Iterator[str]:
    """Yield a FeatureCollection (RFC 7946), a feature a line."""
    yield '{"type": "FeatureCollection", "features": ['
    separator = "\n"
    for record in records:
        properties = _nested(record)
        feature = {
            "type": "Feature",
            "id": properties.pop("event_id"),
            "geometry": _mapping(record["geometry"]),
            "properties": properties,
        }
        yield separator + json_text(feature)
        separator = ",\n"
    yield "\n]}\n"


def csv_lines(records: Iterable[Record], losses: Losses, *, exact: bool) -> Iterator[str]:
    """Yield the columns of the frame as CSV, without the geometry."""

    def rows() -> Iterator[list[Any]]:
        for record in records:
            if record["geometry"] is not None and record["lat"] is None:
                losses["outlines of areas, which a table cannot hold"] += 1
            yield [record[column] for column in EVENT_COLUMNS]

    return csv_table(EVENT_COLUMNS, rows(), losses, exact=exact)


def csv_table(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], losses: Losses, *, exact: bool
) -> Iterator[str]:
    """Yield lines ending in CR LF (RFC 4180), the header first.

    Parameters
    ----------
    columns
        The header.
    rows
        Values in that order; None is an empty cell.
    losses
        Where cells that get an apostrophe are counted.
    exact
        Leave those cells as they are.

    Yields
    ------
    str
        One line.
    """
    yield _csv_line(columns)
    for row in rows:
        cells = ["" if value is None else str(value) for value in row]
        if not exact:
            safe = [safe_cell(value) if isinstance(value, str) else str(value or cell)
                    for value, cell in zip(row, cells, strict=True)]  # fmt: skip
            changed = sum(a != b for a, b in zip(cells, safe, strict=True))
            if changed:
                losses["cells with an apostrophe before what looks like a formula"] += changed
            cells = safe
        yield _csv_line(cells)


def _csv_line(cells: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def kml_pieces(records: Iterable[Record], losses: Losses) -> Iterator[str]:
    """Yield a KML 2.2 document, a placemark an event; those without geometry have none."""
    yield _KML_HEAD
    for record in records:
        values = {c: record[c] for c in EVENT_COLUMNS if record[c] is not None}
        clean = {c: _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", str(v)) for c, v in values.items()}
        if any(clean[c] != str(v) for c, v in values.items()):
            losses["events with control characters, which XML cannot hold"] += 1
        yield _placemark(clean, record["geometry"])
    yield _KML_TAIL


def _placemark(values: dict[str, str], geometry: BaseGeometry | None) -> str:
    title = f"{values['type']}, {values['place']}" if "place" in values else values["type"]
    # A balloon shows HTML: what the article says is escaped for that, and then for XML.
    lines = [values.get("quote", ""), *(values[c] for c in _IN_BALLOON if c in values)]
    balloon = escape("<br>".join(html.escape(line) for line in lines))
    data = "".join(
        f"<Data name={quoteattr(c)}><value>{escape(v)}</value></Data>" for c, v in values.items()
    )
    return (
        f"<Placemark><name>{escape(title)}</name><description>{balloon}</description>"
        f"{_time_span(values)}<styleUrl>#event</styleUrl><ExtendedData>{data}</ExtendedData>"
        f"{_kml_geometry(geometry)}</Placemark>\n"
    )


def _time_span(values: dict[str, str]) -> str:
    ends = (("begin", values.get("date_first")), ("end", values.get("date_last")))
    inside = "".join(f"<{name}>{day}</{name}>" for name, day in ends if day)
    return f"<TimeSpan>{inside}</TimeSpan>" if inside else ""


def _kml_geometry(geometry: BaseGeometry | None) -> str:
    if geometry is None:
        return ""
    import shapely

    if geometry.geom_type == "Point":
        return f"<Point><coordinates>{_coordinates(geometry)}</coordinates></Point>"
    polygons = [_kml_polygon(part) for part in shapely.get_parts([geometry])]
    return f"<MultiGeometry>{''.join(polygons)}</MultiGeometry>"


def _kml_polygon(polygon: Any) -> str:  # noqa: ANN401 - shapely stays unloaded
    rings = [("outerBoundaryIs", polygon.exterior)]
    rings += [("innerBoundaryIs", ring) for ring in polygon.interiors]
    inside = "".join(
        f"<{name}><LinearRing><coordinates>{_coordinates(ring)}</coordinates></LinearRing></{name}>"
        for name, ring in rings
    )
    return f"<Polygon>{inside}</Polygon>"


def _coordinates(geometry: Any) -> str:  # noqa: ANN401 - shapely stays unloaded
    return " ".join(f"{x!r},{y!r}" for x, y, *_ in geometry.coords)

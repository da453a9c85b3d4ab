"""Events -> files: written beside their place, synced, read again and counted, then renamed."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from geomap.errors import InputError, OutputError
from geomap.output import replacing, replacing_path, require_folder
from geomap.records import EVENT_COLUMNS
from geomap.store import formats, tables
from geomap.store.frame import geometries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Record = dict[str, Any]
    Pieces = Callable[[Iterable[Record], Counter[str]], Iterator[str]]

__all__ = ["FORMS", "ExportReport", "export_rows", "form_of", "text_pieces"]

FORMS = ("jsonl", "geojson", "csv", "gpkg", "kml", "parquet", "acled", "ucdp")
_BY_ENDING = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".geojson": "geojson",
    ".json": "geojson",
    ".csv": "csv",
    ".gpkg": "gpkg",
    ".kml": "kml",
    ".parquet": "parquet",
    ".geoparquet": "parquet",
}
_PLACEMARK = "{http://www.opengis.net/kml/2.2}Placemark"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReport:
    """What an export wrote.

    Parameters
    ----------
    path
        The file.
    form
        Its format.
    events
        How many events stand in it.
    losses
        What the format could not hold, in words with their number; empty for nothing.
    """

    path: Path
    form: str
    events: int
    losses: tuple[str, ...]


def form_of(path: Path, form: str | None) -> str:
    """Return the format of an export.

    Parameters
    ----------
    path
        The file, whose ending tells where nothing else does.
    form
        The name of a format; None to go by the ending.

    Returns
    -------
    str
        One of `FORMS`.

    Raises
    ------
    InputError
        Neither is known.
    """
    chosen = form or _BY_ENDING.get(path.suffix.lower())
    if chosen is None:
        raise InputError(f"{path}: say which format, one of {', '.join(FORMS)}")
    if chosen not in FORMS:
        raise InputError(f"format: {chosen!r} is not one of {', '.join(FORMS)}")
    return chosen


def export_rows(
    rows: Iterable[Sequence[Any]], path: Path, *, form: str | None, exact: bool
) -> ExportReport:
    """Write events to a file, which is replaced when it is complete.

    Parameters
    ----------
    rows
        The values of `EVENT_COLUMNS` and the WKB or None.
    path
        The file.
    form
        The format; None for what its ending says.
    exact
        Leave cells alone that a spreadsheet would run as formulas.

    Returns
    -------
    ExportReport
        What was written.

    Raises
    ------
    InputError
        The format is unknown.
    OutputError
        The file cannot be written, or what was written does not read back.
    """
    chosen = form_of(path, form)
    require_folder(path)
    losses: Counter[str] = Counter()
    if chosen in {"gpkg", "parquet"}:
        written = _write_frames(rows, path, chosen)
    else:
        written = _write_text(rows, path, chosen, losses, exact=exact)
    told = tuple(f"{number:,} {what}" for what, number in sorted(losses.items()))
    return ExportReport(path=path, form=chosen, events=written, losses=told)


def text_pieces(
    rows: Iterable[Sequence[Any]], form: str, losses: Counter[str], *, exact: bool = False
) -> Iterator[str]:
    """Yield events in a format of text.

    Parameters
    ----------
    rows
        The values of `EVENT_COLUMNS` and the WKB or None.
    form
        "jsonl", "geojson", "csv", "kml", "acled" or "ucdp".
    losses
        Where is counted what the format cannot hold.
    exact
        Leave cells alone that a spreadsheet would run as formulas.

    Returns
    -------
    iterator of str
        Pieces that make one document when joined.
    """
    return _text_forms(exact=exact)[form](_records(rows), losses)


def _text_forms(*, exact: bool) -> dict[str, Pieces]:
    return {
        "jsonl": formats.jsonl_lines,
        "geojson": formats.geojson_pieces,
        "csv": partial(formats.csv_lines, exact=exact),
        "kml": formats.kml_pieces,
        "acled": partial(_scheme, "acled", exact=exact),
        "ucdp": partial(_scheme, "ucdp", exact=exact),
    }


def _scheme(
    name: str, records: Iterable[Record], losses: Counter[str], *, exact: bool
) -> Iterator[str]:
    from geomap.store import schemes

    columns, rows = {
        "acled": (schemes.ACLED_COLUMNS, schemes.acled_rows),
        "ucdp": (schemes.UCDP_COLUMNS, schemes.ucdp_rows),
    }[name]
    return formats.csv_table(columns, rows(records, losses), losses, exact=exact)


def _records(rows: Iterable[Sequence[Any]]) -> Iterator[Record]:
    for *values, wkb in rows:
        (geometry,) = geometries([wkb])
        yield dict(zip(EVENT_COLUMNS, values, strict=True)) | {"geometry": geometry}


def _write_text(
    rows: Iterable[Sequence[Any]], path: Path, form: str, losses: Counter[str], *, exact: bool
) -> int:
    """Write a format of text and return how many events read back."""
    given = 0

    def counted() -> Iterator[Sequence[Any]]:
        nonlocal given
        for row in rows:
            given += 1
            yield row

    with replacing(path) as file:
        for piece in text_pieces(counted(), form, losses, exact=exact):
            file.write(piece.encode("utf-8", "replace"))
        file.flush()
        if file.seekable():  # a pipe cannot be read again
            _check(_count_text(Path(file.name), form), given, path)
    return given


def _check(found: int, given: int, path: Path) -> None:
    if found != given:
        raise OutputError(f"{path}: {given:,} events were written, but {found:,} read back")


def _count_text(path: Path, form: str) -> int:
    """Count the events in a file by reading all of it."""
    try:
        if form == "kml":
            return sum(_is_placemark(element) for _, element in ET.iterparse(path))  # noqa: S314 - it is ours
        with path.open(encoding="utf-8", newline="") as file:
            if form in {"csv", "acled", "ucdp"}:
                csv.field_size_limit(sys.maxsize)
                return sum(1 for _ in csv.reader(file)) - 1
            if form == "jsonl":
                return sum(1 for line in file if json.loads(line))
            # Between the first line and the last one stands a feature a line.
            return sum(1 for line in file if line.startswith('{"type": "Feature",') and
                       json.loads(line.rstrip(",\n")))  # fmt: skip
    except (ValueError, csv.Error, ET.ParseError) as error:
        raise OutputError(f"{path}: what was written cannot be read ({error})") from error


def _is_placemark(element: ET.Element) -> bool:
    found = element.tag == _PLACEMARK
    if found:
        element.clear()
    return found


def _write_frames(rows: Iterable[Sequence[Any]], path: Path, form: str) -> int:
    """Write a format of tables and return how many events read back."""
    write = tables.write_parquet if form == "parquet" else tables.write_gpkg
    with replacing_path(path) as temporary, _told(path):
        written = write(tables.frames(rows), temporary)
        _check(tables.count_rows(temporary, form), written, path)
    return written


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what a library raises while it writes into one line."""
    try:
        yield
    except (OutputError, OSError, InputError):
        raise
    except Exception as error:  # GDAL and Arrow each have their own
        first_line = str(error).partition("\n")[0]
        raise OutputError(f"{path}: cannot be written ({first_line})") from error

"""Rows of events -> a GeoDataFrame with the same columns and types whatever is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geomap.errors import InputError
from geomap.records import EVENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geopandas import GeoDataFrame
    from shapely.geometry.base import BaseGeometry

__all__ = [
    "DATE_COLUMNS",
    "FLOAT_COLUMNS",
    "INTEGER_COLUMNS",
    "TEXT_COLUMNS",
    "check_frame",
    "geometries",
    "to_frame",
]

DATE_COLUMNS = frozenset({"published", "date_first", "date_last"})
INTEGER_COLUMNS = frozenset({"fatalities_low", "fatalities_best", "fatalities_high", "injured"})
FLOAT_COLUMNS = frozenset(
    {"lat", "lon", "radius_km", "confidence", "confidence_type", "confidence_place",
     "confidence_when", "confidence_status"}
)  # fmt: skip
_INDEX = "event_id"
TEXT_COLUMNS = tuple(
    column
    for column in EVENT_COLUMNS
    if column not in {_INDEX, *DATE_COLUMNS, *INTEGER_COLUMNS, *FLOAT_COLUMNS}
)


def to_frame(rows: Iterable[Sequence[Any]]) -> GeoDataFrame:
    """Return events as a frame.

    Parameters
    ----------
    rows
        The values of `EVENT_COLUMNS` and the geometry as WKB or None; may be empty.

    Returns
    -------
    GeoDataFrame
        Indexed by `event_id`, in the order of the rows, EPSG:4326. Days are datetime64[s], missing
        ones NaT; counts of people Int64, missing ones NA; other numbers float64, missing ones NaN;
        texts are objects, missing ones None.
    """
    import geopandas
    import numpy as np
    import pandas as pd

    listed = list(rows)
    values = list(zip(*listed, strict=True)) or [()] * (len(EVENT_COLUMNS) + 1)
    *columns, wkb = values
    made: dict[str, Any] = {}
    for name, column in zip(EVENT_COLUMNS, columns, strict=True):
        if name in DATE_COLUMNS:
            days = ["NaT" if day is None else day for day in column]
            made[name] = np.array(days, dtype="datetime64[s]")
        elif name in INTEGER_COLUMNS:
            made[name] = pd.array(column, dtype="Int64")
        elif name in FLOAT_COLUMNS:
            made[name] = np.array(column, dtype="float64")
        else:
            made[name] = list(column)
    index = pd.Index(made.pop(_INDEX), name=_INDEX, dtype=object)
    # A series of objects stays one; whatever else is text, pandas 3 makes its own type of.
    made |= {name: pd.Series(made[name], index=index, dtype=object) for name in TEXT_COLUMNS}
    frame = pd.DataFrame({name: made[name] for name in EVENT_COLUMNS[1:]}, index=index)
    return geopandas.GeoDataFrame(frame, geometry=geometries(wkb), crs="EPSG:4326")


def geometries(wkb: Sequence[bytes | None]) -> Sequence[BaseGeometry | None]:
    """Return geometries, those of one part as that part.

    Parameters
    ----------
    wkb
        Well-known binary, or None.

    Returns
    -------
    sequence of shapely geometry or None
        An array of objects.
    """
    import numpy as np
    import shapely

    found: Any = np.asarray(shapely.from_wkb(np.array(wkb, dtype=object)), dtype=object).reshape(-1)
    single = (shapely.get_type_id(found) == shapely.GeometryType.MULTIPOLYGON) & (
        shapely.get_num_geometries(found) == 1
    )
    found[single] = shapely.get_geometry(found[single], 0)
    chosen: Sequence[BaseGeometry | None] = found
    return chosen


def check_frame(frame: GeoDataFrame) -> None:
    """Check that a frame has the columns and types of a store's events.

    Parameters
    ----------
    frame
        What `Store.events` gave, or something made to look like it; other columns are let be.

    Raises
    ------
    InputError
        It is not: the message names each thing that is wrong.
    """
    problems = [f"no column {c}" for c in EVENT_COLUMNS[1:] if c not in frame.columns]
    if frame.index.name != _INDEX:
        problems.append(f"the index is {frame.index.name!r}, not {_INDEX!r}")
    elif not frame.index.is_unique:
        problems.append(f"{_INDEX} is not unique")
    problems += [
        f"{c} is {frame[c].dtype}, not a date"
        for c in sorted(DATE_COLUMNS.intersection(frame.columns))
        if frame[c].dtype.kind != "M"
    ]
    problems += [
        f"{c} is {frame[c].dtype}, not a number"
        for c in sorted((FLOAT_COLUMNS | INTEGER_COLUMNS).intersection(frame.columns))
        if frame[c].dtype.kind not in "fiu"
    ]
    if getattr(frame, "crs", None) is None or frame.crs.to_epsg() != 4326:  # noqa: PLR2004 - WGS 84
        problems.append("the geometry is not in EPSG:4326")
    if problems:
        raise InputError(f"not a frame of events: {'; '.join(problems)}")

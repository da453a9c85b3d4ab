"""Events as GeoPackage and GeoParquet, written frame by frame: memory holds one of them."""

from __future__ import annotations

import json
from io import BytesIO
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from geomap.errors import OutputError
from geomap.store.frame import TEXT_COLUMNS, to_frame

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa
    from geopandas import GeoDataFrame

__all__ = ["count_rows", "frames", "write_gpkg", "write_parquet"]

_LAYER = "events"
# Events of one frame, some 80 MB of them.
_FRAME = 20_000


def frames(rows: Iterable[Sequence[Any]]) -> Iterator[GeoDataFrame]:
    """Give events as frames with the same columns and types, at least one.

    Parameters
    ----------
    rows
        The values of `EVENT_COLUMNS` and the geometry as WKB or None; may be empty.

    Yields
    ------
    GeoDataFrame
        Without an index of its own; texts are strings.
    """
    remaining = iter(rows)
    part = list(islice(remaining, _FRAME))
    while True:
        frame = to_frame(part).astype(dict.fromkeys(TEXT_COLUMNS, "string")).reset_index()
        frame["event_id"] = frame["event_id"].astype("string")
        part = list(islice(remaining, _FRAME))
        yield frame
        if not part:
            return


def write_gpkg(given: Iterable[GeoDataFrame], path: Path) -> int:
    """Write frames as one layer of a GeoPackage.

    Parameters
    ----------
    given
        At least one frame.
    path
        An empty file.

    Returns
    -------
    int
        How many events were written.

    Raises
    ------
    OutputError
        GDAL would take the folder's name for options.
    """
    import pyogrio

    if ";" in str(path):
        raise OutputError(f"{path.parent}: GDAL cannot write into a folder with ; in its name")
    path.unlink()  # GDAL makes the file itself, and takes an empty one for damaged
    written = 0
    for frame in given:
        new = not path.exists()
        pyogrio.write_dataframe(
            frame,
            path,
            layer=_LAYER,
            driver="GPKG",
            geometry_type="Unknown",
            append=not new,
            layer_options={"GEOMETRY_NAME": "geom"} if new else None,
            dataset_options={"ADD_GPKG_OGR_CONTENTS": "YES"} if new else None,
        )
        written += len(frame)
    return written


def write_parquet(given: Iterable[GeoDataFrame], path: Path) -> int:
    """Write frames as GeoParquet, each a group of rows.

    The file says its extent and its kinds of geometry only if it is made of one frame.

    Parameters
    ----------
    given
        At least one frame.
    path
        The file.

    Returns
    -------
    int
        How many events were written.
    """
    import pyarrow.parquet as pq

    first, *others = islice(parts := iter(given), 2)
    if not others:
        first.to_parquet(path, index=False)
        return len(first)
    written, schema = 0, _arrow(first).schema
    schema = schema.with_metadata(_of_any_piece(schema.metadata))
    with pq.ParquetWriter(path, schema) as writer:
        for frame in chain([first, *others], parts):
            writer.write_table(_arrow(frame).cast(schema))
            written += len(frame)
    return written


def _arrow(frame: GeoDataFrame) -> pa.Table:
    """Return a frame as GeoParquet has it."""
    import pyarrow.parquet as pq

    buffer = BytesIO()
    frame.to_parquet(buffer, index=False)
    return pq.read_table(buffer)


def _of_any_piece(metadata: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
    """Return what GeoParquet says of one piece, without what is true of that one alone."""
    told = json.loads(metadata[b"geo"])
    column = told["columns"][told["primary_column"]]
    column.pop("bbox", None)
    column["geometry_types"] = []  # any
    return {**metadata, b"geo": json.dumps(told).encode()}


def count_rows(path: Path, form: str) -> int:
    """Count the events in a file by reading it.

    Parameters
    ----------
    path
        The file.
    form
        "parquet" or "gpkg".

    Returns
    -------
    int
        The number.
    """
    if form == "parquet":
        import pyarrow.parquet as pq

        return sum(batch.num_rows for batch in pq.ParquetFile(path).iter_batches())
    import pyogrio

    return len(pyogrio.read_dataframe(path, layer=_LAYER, columns=["event_id"]))

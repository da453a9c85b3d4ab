from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import geopandas
import pyarrow.parquet as pq
import pytest
from geopandas.testing import assert_geodataframe_equal

from geomap.errors import InputError, OutputError
from geomap.model import Area
from geomap.records import EVENT_COLUMNS
from geomap.store import Store, export, tables
from geomap.store.schemes import ACLED_COLUMNS, UCDP_COLUMNS

KML = "{http://www.opengis.net/kml/2.2}"


@pytest.fixture
def store(tmp_path, reading_of, gazetteer):
    with Store(tmp_path / "s.gpkg", gazetteer=gazetteer) as opened:
        opened.add(
            [
                reading_of("plain", source="=cmd", kind="battle.clash"),
                reading_of("circle", area=Area(lat=33.0, lon=70.0, radius_km=20)),
                reading_of("nowhere", precision="country", day=None, kind="odd.kind"),
                reading_of(
                    "odd", text='</Placemark> ]]> "quoted", \x0b\x07 & <b>bold</b> \ud800 end.'
                ),
            ]
        )
        yield opened


def read_back(path, form):
    """Return the ids of the events that another program finds in a file."""
    if form == "parquet":
        return list(geopandas.read_parquet(path)["event_id"])
    if form == "gpkg":
        return list(geopandas.read_file(path, layer="events")["event_id"])
    if form == "jsonl":
        return [json.loads(line)["event_id"] for line in path.read_text("utf-8").splitlines()]
    if form == "geojson":
        return [f["id"] for f in json.loads(path.read_text("utf-8"))["features"]]
    if form == "kml":
        marks = ET.parse(path).getroot().iter(f"{KML}Placemark")  # noqa: S314 - our own file
        return [m.find(f".//{KML}Data[@name='event_id']/{KML}value").text for m in marks]
    key = {"acled": "event_id_cnty", "ucdp": "id"}.get(form, "event_id")
    return [row[key] for row in table(path)]


def table(path):
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("form", export.FORMS)
def test_every_format_reads_back(store, tmp_path, form):
    path = tmp_path / f"out.{form}"
    report = store.export(path, form=form)
    assert report.events == 4
    assert read_back(path, form) == list(store.events().index)


@pytest.mark.parametrize("form", export.FORMS)
def test_an_empty_result_is_a_whole_file(store, tmp_path, form):
    path = tmp_path / f"out.{form}"
    assert store.export(path, form=form, country="ZZ").events == 0
    assert read_back(path, form) == []


@pytest.mark.parametrize("form", ["geojson", "gpkg", "parquet"])
def test_the_geometry_is_that_of_the_frame(store, tmp_path, form):
    path = tmp_path / f"out.{form}"
    store.export(path, form=form, order="id")
    read = geopandas.read_parquet if form == "parquet" else geopandas.read_file
    frame = store.events(order="id")
    back = read(path)
    assert back.crs.to_epsg() == 4326
    for ours, theirs in zip(frame.geometry, back.geometry, strict=True):
        assert (ours is None and theirs is None) or ours.equals(theirs)


def test_geojson_follows_rfc_7946(store, tmp_path):
    store.export(tmp_path / "x.geojson")
    whole = json.loads((tmp_path / "x.geojson").read_text("utf-8"))
    assert whole["type"] == "FeatureCollection"
    shapes = [f["geometry"] and f["geometry"]["type"] for f in whole["features"]]
    assert sorted(map(str, shapes)) == ["None", "Point", "Point", "Polygon"]
    (ring,) = next(f for f in whole["features"] if f["geometry"]["type"] == "Polygon")["geometry"][
        "coordinates"
    ]
    turned = sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in pairwise(ring))
    assert turned < 0  # counter-clockwise


def test_csv_is_safe_and_exact_on_demand(store, tmp_path, reading_of):
    path = tmp_path / "x.csv"
    store.add(reading_of("kp", told=[("Nearby", 34.5, 72.0)], precision="province"))
    report = store.export(path)
    assert any("formula" in loss for loss in report.losses)
    assert any("outlines" in loss for loss in report.losses)
    rows = table(path)
    assert tuple(rows[0]) == EVENT_COLUMNS
    assert "'=cmd" in {row["source"] for row in rows}
    store.export(path, exact=True)
    assert "=cmd" in {row["source"] for row in table(path)}


def test_kml_holds_hostile_text_as_text(store, tmp_path):
    report = store.export(tmp_path / "x.kml")
    assert any("control" in loss for loss in report.losses)
    root = ET.parse(tmp_path / "x.kml").getroot()  # noqa: S314 - our own file
    balloons = [e.text for e in root.iter(f"{KML}description")]
    assert any("&lt;b&gt;bold" in text for text in balloons)


def test_the_columns_of_acled_and_ucdp(store, tmp_path):
    path = tmp_path / "x.csv"
    report = store.export(path, form="acled")
    rows = table(path)
    assert tuple(rows[0]) == ACLED_COLUMNS
    battle = next(row for row in rows if row["sub_event_type"] == "Armed clash")
    assert (battle["event_type"], battle["time_precision"], battle["geo_precision"]) == (
        "Battles", "1", "1",
    )  # fmt: skip
    assert any("ACLED" in loss for loss in report.losses)
    report = store.export(path, form="ucdp")
    rows = table(path)
    assert tuple(rows[0]) == UCDP_COLUMNS
    assert any("no organised violence" in loss for loss in report.losses)


def test_an_unknown_format_is_told(store, tmp_path):
    with pytest.raises(InputError, match="say which format"):
        store.export(tmp_path / "x.shp")
    with pytest.raises(InputError, match="'shp'"):
        store.export(tmp_path / "x", form="shp")


def test_the_store_itself_is_never_an_export(store, tmp_path):
    with pytest.raises(InputError, match="store itself"):
        store.export(tmp_path / "s.gpkg")
    assert store.count() == 4


@pytest.mark.parametrize("form", ["csv", "gpkg", "kml"])
def test_an_output_without_a_folder_is_told(store, tmp_path, form):
    with pytest.raises(OutputError, match="no folder"):
        store.export(tmp_path / "none" / "x", form=form)


@pytest.mark.parametrize("form", export.FORMS)
def test_what_does_not_read_back_never_gets_the_name(store, tmp_path, form, monkeypatch):
    path = tmp_path / f"out.{form}"
    path.write_text("old")
    module, name = export, "_count_text"
    if form in {"gpkg", "parquet"}:
        module, name = tables, "count_rows"
    monkeypatch.setattr(module, name, lambda *_: 3)
    with pytest.raises(OutputError, match="4 events were written, but 3 read back"):
        store.export(path, form=form)
    assert path.read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir() if "out" in p.name) == [path.name]


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
import geopandas, pyogrio
from geomap.store import Store, export
from geomap.errors import OutputError
with Store(sys.argv[1], create=False, group=False) as store:
    rows = list(store.rows()) * 60
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
for form in export.FORMS:
    try:
        export.export_rows(rows, Path(sys.argv[2]) / f"out.{form}", form=form, exact=False)
    except OutputError as error:
        print("told:", form, error)
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="needs limits on files")
def test_a_full_disk_is_told_and_the_old_files_stay(store, tmp_path, repository):
    paths = [tmp_path / f"out.{form}" for form in export.FORMS]
    for path in paths:
        path.write_text("old")
    store.close()
    run = subprocess.run(
        [sys.executable, "-c", FULL_DISK, tmp_path / "s.gpkg", tmp_path],
        capture_output=True, text=True, check=False, cwd=repository,
    )  # fmt: skip
    told = [line.split()[:2] for line in run.stdout.splitlines()]
    assert told == [["told:", form] for form in export.FORMS], run.stdout + run.stderr
    assert {path.read_text() for path in paths} == {"old"}
    assert sorted(p for p in tmp_path.iterdir() if "out" in p.name) == sorted(paths)


def test_days_far_back_and_ahead(tmp_path, reading_of):
    from datetime import date

    with Store(tmp_path / "s.gpkg") as opened:
        far = reading_of("far", published=date(9999, 12, 31), day=date(1, 1, 1))
        when = replace(far.events[0].when, last=date(9999, 12, 31))
        opened.add(replace(far, events=(replace(far.events[0], when=when),)))
        for form in export.FORMS:
            assert opened.export(tmp_path / f"x.{form}", form=form).events == 1
        back = geopandas.read_file(tmp_path / "x.gpkg")
        assert len(back) == 1
        assert pq.read_table(tmp_path / "x.parquet")["date_last"][0].as_py().year == 9999


@pytest.mark.parametrize("form", ["gpkg", "parquet"])
def test_pieces_make_the_file_that_the_whole_makes(store, tmp_path, form, monkeypatch):
    read = geopandas.read_parquet if form == "parquet" else geopandas.read_file
    whole, pieces = tmp_path / f"whole.{form}", tmp_path / f"pieces.{form}"
    store.export(whole)
    monkeypatch.setattr(tables, "_FRAME", 1)
    assert store.export(pieces).events == len(read(whole)) > 1
    assert_geodataframe_equal(read(whole), read(pieces))
    if form == "parquet":
        (told,) = json.loads(pq.read_schema(pieces).metadata[b"geo"])["columns"].values()
        assert (told["geometry_types"], "bbox" in told) == ([], False)

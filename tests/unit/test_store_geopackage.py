"""The file is a GeoPackage to other programs, and outlives what happens to files."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import geopandas
import pyogrio
import pytest

from geomap.errors import StoreBusyError, StoreError
from geomap.model import Area
from geomap.store import Store
from geomap.store.gpkg import blob_of, install_functions, wkb_of

VALIDATOR = Path("/usr/lib/python3/dist-packages/osgeo_utils/samples/validate_gpkg.py")
# A small round number of readings with real text, made where no test module can be imported.
READINGS = """
import sys, hashlib
from datetime import date
from geomap.model import *
def reading(name):
    text = f"Gunmen attacked a post in Bannu, said {name}."
    place = Place(id="p", name="Bannu", feature="PPL", country="PK", admin1=None, admin2=None,
                  lat=32.99 + int(digest(name)[:4], 16) / 1e6, lon=70.6)
    found = Resolution(mention=Mention(span=Span(start=26, end=31), text="Bannu"),
                       candidates=(Candidate(place=place, score=0.9),))
    article = Article(text=text, id=name)
    event = Event(id=digest(name), type="violence.attack", trigger=Span(start=7, end=15),
                  evidence=(Span(start=0, end=len(text)),), place=found, location_basis="linked",
                  geo_precision="town", when=None, actors=(), fatalities=None, injured=None,
                  status="asserted", attributed_to=None, area=None, incident=None, confidence=0.5,
                  field_confidence=FieldConfidence(type=0.5, place=0.5, when=None, status=0.5))
    return Reading(article=article, resolutions=(found,), events=(event,))
"""
ADDER = (
    READINGS
    + """
from geomap.store import Store
path, prefix, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
with Store(path, group=False) as store:
    for number in range(count):
        store.add(reading(f"{prefix}{number}"))
        print(f"{prefix}{number}", flush=True)
"""
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "incidents.gpkg"


@pytest.fixture
def filled(path, reading_of, gazetteer):
    with Store(path, gazetteer=gazetteer) as store:
        store.add(
            [
                reading_of("point", source="Wire"),
                reading_of("area", area=Area(lat=33.0, lon=70.0, radius_km=20)),
                reading_of("kp", told=[("Nearby", 34.5, 72.0)], precision="province"),
                reading_of("none", precision="country"),
            ]
        )
    return path


def integrity(path) -> str:
    database = sqlite3.connect(path)
    try:
        return database.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        database.close()


def python(*arguments, **options):
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)], env=environment, text=True, **options
    )


def test_gdals_validator_finds_nothing(filled):
    if not VALIDATOR.exists():
        pytest.skip(f"needs GDAL's {VALIDATOR.name} (apt: python3-gdal)")
    for options in ([], ["--extra", "--warning-as-error"]):
        run = subprocess.run(
            ["/usr/bin/python3", VALIDATOR, *options, filled],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (run.returncode, run.stderr) == (0, "")


def test_ogrinfo_opens_it_without_a_warning(filled):
    program = shutil.which("ogrinfo")
    if program is None:
        pytest.skip("needs ogrinfo (apt: gdal-bin)")
    run = subprocess.run(
        [program, "-ro", "-so", "-al", filled], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert "Layer name: event_points" in run.stdout
    assert "Geometry: Multi Polygon" in run.stdout


def test_geopandas_reads_its_layers(filled):
    layers = dict(pyogrio.list_layers(filled))
    assert layers["event_points"] == "Point"
    assert layers["event_areas"] == "MultiPolygon"
    points = geopandas.read_file(filled, layer="event_points")
    areas = geopandas.read_file(filled, layer="event_areas")
    assert list(points["article_id"]) == ["point"]
    assert sorted(areas["article_id"]) == ["area", "kp"]
    assert points.crs.to_epsg() == 4326
    assert len(pyogrio.read_dataframe(filled, layer="events")) == 4
    box = pyogrio.read_dataframe(filled, layer="event_points", bbox=(70, 32, 71, 33))
    assert len(box) == 1


def test_the_header_and_the_rtree_are_those_of_the_standard(filled):
    database = sqlite3.connect(filled)
    assert database.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
    assert database.execute("PRAGMA user_version").fetchone() == (10300,)
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    extensions = database.execute(
        "SELECT table_name, extension_name FROM gpkg_extensions ORDER BY 1"
    ).fetchall()
    assert extensions == [("site_areas", "gpkg_rtree_index"), ("site_points", "gpkg_rtree_index")]
    assert database.execute("SELECT count(*) FROM rtree_site_areas_geom").fetchone() == (2,)
    database.close()


def test_the_triggers_keep_the_rtree_of_whoever_edits(filled):
    database = sqlite3.connect(filled)
    install_functions(database)
    wkb = wkb_of(database.execute("SELECT geom FROM site_points").fetchone()[0])
    database.execute("UPDATE site_points SET geom = ?", (blob_of(wkb, (1, 2, 3, 4)),))
    box = database.execute("SELECT minx, miny, maxx, maxy FROM rtree_site_points_geom").fetchone()
    assert box == (1, 2, 3, 4)
    database.execute("DELETE FROM site_points")
    assert database.execute("SELECT count(*) FROM rtree_site_points_geom").fetchone() == (0,)
    database.close()


def plan(store, **query):
    """Return how SQLite finds the events of a query, one line for each step."""
    statement, values = store.sql(**query)
    with closing(sqlite3.connect(store.name)) as database:
        return [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {statement}", values)]


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({"bbox": (69, 32, 71, 35)}, "SEARCH e USING INDEX events_site"),
        (
            {"bbox": (69, 32, 71, 35), "since": "2023-01-01", "types": "violence.*"},
            "SEARCH e USING INDEX events_site",
        ),
        ({"since": "2023-01-01"}, "SCAN e USING COVERING INDEX events_site"),
        ({"types": "violence.*"}, "SCAN e USING COVERING INDEX events_site"),
        ({"country": "PK", "since": "2023-01-01"}, "SCAN e USING COVERING INDEX events_site"),
        ({"country": "PK"}, "SEARCH e USING INDEX events_kind"),
        ({"text": "bomb"}, "SCAN quotes VIRTUAL TABLE INDEX"),
    ],
)
def test_the_indexes_serve_the_queries(filled, query, index):
    with Store(filled) as store:
        steps = plan(store, **query)
    assert any(step.startswith(index) for step in steps), steps
    assert not any(step == "SCAN e" for step in steps)


def test_three_processes_lose_nothing(path):
    adders = [
        python("-c", ADDER, path, name, 15, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for name in "abc"
    ]
    assert [adder.communicate()[1] for adder in adders] == ["", "", ""]
    with Store(path, create=False, group=False) as store:
        assert store.info()["articles"] == 45
        assert store.count() == 45
        assert sorted(a.id for a in store.articles()) == sorted(
            f"{name}{number}" for name in "abc" for number in range(15)
        )
    assert integrity(path) == "ok"


@pytest.mark.slow
def test_a_store_killed_while_it_is_made_can_be_made_again(path):
    for wait in (0.15, 0.25, 0.3, 0.35, 0.4):
        adder = python("-c", ADDER, path, "k", 1, stdout=subprocess.DEVNULL)
        time.sleep(wait)
        adder.kill()
        adder.wait()
    with Store(path) as store:
        assert store.count() <= 1
    assert integrity(path) == "ok"


FULL = (
    READINGS
    + """
import resource, signal
from geomap.store import Store
from geomap.errors import StoreError
store = Store(sys.argv[1], group=False)
store.add(reading("before"))
size = __import__("os").path.getsize(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40_000, size + 40_000))
try:
    for number in range(1000):
        store.add(reading(f"n{number}"))
        print(f"n{number}", flush=True)
except StoreError as error:
    print("told:", error, file=sys.stderr)
    sys.stdout.flush()
    __import__("os")._exit(1)
"""
)


def test_a_full_disk_is_told_and_costs_nothing_acknowledged(path):
    pytest.importorskip("resource")
    adder = python("-c", FULL, path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = adder.communicate()
    assert adder.returncode == 1, out + err
    assert "the disk is full" in err
    with Store(path, create=False, group=False) as store:
        assert {"before", *out.split()} <= {article.id for article in store.articles()}
    assert integrity(path) == "ok"


def test_a_truncated_store_is_told(filled):
    data = filled.read_bytes()
    filled.write_bytes(data[: len(data) // 3])
    with pytest.raises(StoreError, match=r"damaged|no store") as error, Store(filled) as store:
        list(store.rows())
    assert "\n" not in str(error.value)


def test_a_copy_without_its_log_is_whole(path, tmp_path, reading_of):
    copy = tmp_path / "copy.gpkg"
    with Store(path) as store:
        store.add([reading_of(str(number)) for number in range(5)])
        shutil.copy(path, copy)
    with Store(path) as store:
        store.add(reading_of("more"))
        shutil.copy(path, copy)
        with Store(copy, group=False) as copied:
            assert copied.count() in (5, 6)
    assert integrity(copy) == "ok"


def test_a_store_renamed_while_open_is_told_and_keeps_what_it_had(path, tmp_path, reading_of):
    with Store(path) as store:
        store.add(reading_of("a"))
        path.rename(tmp_path / "moved.gpkg")
        for call in (store.count, lambda: store.add(reading_of("b"))):
            with pytest.raises(StoreError, match="renamed"):
                call()
    with Store(tmp_path / "moved.gpkg") as moved:
        assert moved.count() == 1


def test_a_write_protected_store_can_be_asked(filled, monkeypatch, reading_of):
    from geomap.store import opening

    # Root may write everywhere: what access() would say of others is said here.
    monkeypatch.setattr(opening, "_can_write", lambda _path: False)
    with Store(filled) as store:
        assert len(store.events()) == 4
        assert len(store.incidents()) > 0
        with pytest.raises(StoreError, match="write-protected"):
            store.add(reading_of("new"))


HOLDER = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN IMMEDIATE")
database.execute("UPDATE geomap_meta SET value = value WHERE key = 'schema'")
print("held", flush=True)
sys.stdin.read()
"""


def test_a_locked_store_names_the_process_that_holds_it(filled, reading_of):
    holder = python("-c", HOLDER, filled, stdout=subprocess.PIPE, stdin=subprocess.PIPE)
    try:
        assert holder.stdout.readline() == "held\n"
        with Store(filled, timeout=0.1) as store, pytest.raises(StoreBusyError) as error:
            store.add(reading_of("new"))
        who = f"process {holder.pid}" if Path("/proc/locks").exists() else "another program"
        assert who in str(error.value)
    finally:
        holder.communicate("")


def test_pandas_stays_unloaded_while_a_store_is_filled(path):
    code = ADDER.replace("sys.argv[1], sys.argv[2], int(sys.argv[3])", "sys.argv[1], 'x', 1")
    code += "\nassert not {'pandas', 'geopandas', 'pyogrio'} & set(sys.modules)"
    assert find_spec("pandas")
    adder = python("-c", code, path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert adder.communicate()[1] == ""

"""A store outlives what happens to processes and disks; `tests/kills.py` does the killing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

import geopandas
import pytest
import shapely

from geomap.errors import InputError, OutputError, StoreError
from geomap.store import Store
from geomap.store.opening import connect

POINTS = 50


def python(repository, *arguments, **options):
    paths = os.pathsep.join(map(str, (repository, repository / "tests")))
    return subprocess.run(
        [sys.executable, *map(str, arguments)], env={**os.environ, "PYTHONPATH": paths},
        capture_output=True, text=True, check=False, timeout=300, **options,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, to kill many in little time")
@pytest.mark.parametrize("what", ["add", "migration", "export"])
def test_nothing_is_lost_by_a_kill(repository, tmp_path, what):
    run = python(repository, repository / "tests" / "kills.py", what, tmp_path, POINTS)
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert told["losses"] == []
    # Those that were done in time prove nothing.
    assert told["killed"] > POINTS // 10


FULL = """
import os, resource, shutil, signal, sqlite3, sys
from datetime import date
from conftest import make_reading
from geomap.errors import StoreError
from geomap.store import Store, schema
from geomap.store.base import Decision

folder = sys.argv[1]
towns = [(f"Place {n}", 30 + n / 1000, 70.0) for n in range(3)]

class Other:
    def read(self, article):
        return make_reading(article.id, told=towns, text=article.text, confidence=0.3)

def filled(path):
    return shutil.copy(os.path.join(folder, "whole.gpkg"), path)

def older(path):
    with sqlite3.connect(filled(path)) as database:
        database.execute("UPDATE geomap_meta SET value = '0' WHERE key = 'schema'")
    database.close()
    return path

def full(room=80_000):
    # Ten pages of the log are too few for any of these.
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

def addition(path):
    store = Store(filled(path), group=False)
    full()
    store.add(make_reading(f"new {n}", told=towns) for n in range(200))

def regroup(path):
    store = Store(filled(path), group=False)
    full()
    store.regroup()

def rerun(path):
    store = Store(filled(path), group=False)
    full()
    store.rerun(Other(), everything=True)

def decision(path):
    store = Store(filled(path), group=False)
    full()
    apart = [Decision("apart", "x" * 100, f"{n}" * 50) for n in range(2000)]
    store._backend.decide(apart, date(2023, 3, 7))

def migration(path):
    schema.MIGRATIONS = {0: lambda d: d.execute("UPDATE readings SET text = text || text")}
    older(path)
    full()
    Store(path)

def creation(path):
    filled(path)
    full(20_000)
    Store(path + ".new")

with Store(os.path.join(folder, "whole.gpkg"), group=False) as store:
    store.add(make_reading(str(n), told=towns) for n in range(200))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
for work in (addition, regroup, rerun, decision, migration, creation):
    child = os.fork()  # a limit cannot be taken back
    if not child:
        try:
            work(os.path.join(folder, f"{work.__name__}.gpkg"))
        except StoreError as error:
            os.write(1, f"{work.__name__}: {error}\\n".encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_full_disk_is_told_by_each_writer(repository, tmp_path):
    pytest.importorskip("resource")
    run = python(repository, "-c", FULL, tmp_path)
    told = dict(line.split(": ", 1) for line in run.stdout.splitlines())
    writers = ["addition", "regroup", "rerun", "decision", "migration", "creation"]
    assert list(told) == writers, run.stdout + run.stderr
    assert all("the disk is full" in words for words in told.values()), told
    for writer in writers:
        with closing(sqlite3.connect(tmp_path / f"{writer}.gpkg")) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert database.execute("SELECT count(*) FROM events").fetchone()[0] >= 600
    assert not [file.name for file in tmp_path.iterdir() if "backup" in file.name]


READ_ONLY = """
import os, sys
from conftest import make_reading
from geomap.store import Store

path, other = sys.argv[1:]
with Store(other) as store:  # loads what another user may not
    store.add(make_reading("b"))
    store.count()
if os.geteuid() == 0:  # who may write everywhere
    import pwd
    os.setuid(pwd.getpwnam("nobody").pw_uid)
store = Store(path)
print(store.count())
for call in (lambda: store.add(make_reading("b")), lambda: Store(path + ".new")):
    try:
        call()
    except OSError as error:
        print(type(error).__name__, error)
"""


def test_a_read_only_folder_is_told_to_who_may_not_write(repository, reading_of):
    # Not pytest's own folder, which no other user may enter.
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as other:
        folder, path = Path(name), Path(name) / "s.gpkg"
        with Store(path) as store:
            store.add(reading_of())
        path.chmod(0o444)
        folder.chmod(0o555)
        run = python(repository, "-c", READ_ONLY, path, Path(other) / "o.gpkg")
        folder.chmod(0o755)
    assert run.returncode == 0, run.stderr
    count, added, made = run.stdout.splitlines()
    assert count == "1"
    assert added.startswith("StoreError")
    assert "write-protected" in added
    assert made.startswith("StoreError")


def test_who_writes_a_little_longer_is_waited_for(tmp_path, reading_of):
    path = tmp_path / "s.gpkg"
    with Store(path, timeout=30) as store:
        slow = connect(path, "rw", 1)
        slow.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.2, slow.execute, ["ROLLBACK"])
        release.start()
        assert store.add(reading_of()).added == 1
        release.join()
        slow.close()


@pytest.mark.parametrize("name", ["a'b\".gpkg", "a b?mode=ro#x%41.gpkg", "événements; DROP.gpkg"])
def test_a_store_may_have_any_name(tmp_path, reading_of, name):
    path = tmp_path / name
    with Store(path) as store:
        store.add(reading_of())
        assert len(store.events()) == 1
        store.export(tmp_path / f"out {name}")
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted([name, f"out {name}"])


def test_a_folder_that_gdal_would_take_for_options_is_told(tmp_path, reading_of):
    folder = tmp_path / "a;b"
    folder.mkdir()
    with Store(folder / "s.gpkg") as store:
        store.add(reading_of())
        with pytest.raises(OutputError, match="with ; in its name"):
            store.export(folder / "out.gpkg")
        assert store.export(folder / "out.geojson").events == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a;b"]


@pytest.mark.parametrize("keep", [0, 100, 4096, 30_000])
def test_a_store_cut_short_is_told_or_empty(tmp_path, reading_of, keep):
    path = tmp_path / "s.gpkg"
    with Store(path) as store:
        store.add(reading_of(str(number)) for number in range(20))
    cut = tmp_path / "cut.gpkg"
    shutil.copy(path, cut)
    os.truncate(cut, keep)
    if not keep:  # an empty file is a new store
        with Store(cut) as store:
            assert store.count() == 0
        return
    with pytest.raises(StoreError) as error, Store(cut) as store:
        list(store.rows())
    assert "\n" not in str(error.value)
    assert cut.stat().st_size == keep


def test_a_log_cut_short_costs_only_what_it_held(tmp_path, reading_of):
    path, copy = tmp_path / "s.gpkg", tmp_path / "copy.gpkg"
    with Store(path, group=False) as store:
        store.add(reading_of(str(number)) for number in range(10))
        reader = store.rows()
        next(reader)  # keeps what follows in the log
        store.add(reading_of(f"late {number}") for number in range(10))
        shutil.copy(path, copy)
        log = Path(f"{path}-wal").read_bytes()
        reader.close()
    for keep in (0, len(log) // 3, len(log) - 1):
        Path(f"{copy}-wal").write_bytes(log[:keep])
        with Store(copy, group=False) as store:
            assert 10 <= store.count() <= 20
            assert store.info()["articles"] == store.count()
        with closing(sqlite3.connect(copy)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


SLOW = """
import sys
from conftest import make_reading
from geomap.store import Store

path, name = sys.argv[1:]
with Store(path, group=False) as store:
    for number in range(15):
        store.add(make_reading(f"{name}{number}"))
        print(number, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs signals that stop a process")
def test_a_disk_that_stalls_makes_others_wait_and_costs_nothing(repository, tmp_path):
    """A process that is stopped in mid-write is what a disk that answers late looks like."""
    path = tmp_path / "s.gpkg"
    Store(path).close()
    paths = os.pathsep.join(map(str, (repository, repository / "tests")))
    slow, other = (
        subprocess.Popen(
            [sys.executable, "-c", SLOW, path, name], env={**os.environ, "PYTHONPATH": paths},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for name in ("slow", "other")
    )  # fmt: skip
    slow.stdout.readline()
    for _ in range(5):
        if slow.poll() is None:
            slow.send_signal(signal.SIGSTOP)
            time.sleep(0.1)
            slow.send_signal(signal.SIGCONT)
            time.sleep(0.005)
    assert [process.communicate(timeout=60)[1] for process in (slow, other)] == ["", ""]
    with Store(path, create=False, group=False) as store:
        assert store.count() == 30


def test_sql_in_names_of_layers_and_columns_is_only_a_name(tmp_path, reading_of):
    name = "x\"; DROP TABLE events; --'"
    frame = geopandas.GeoDataFrame(
        {name: ["'; DELETE FROM events; --"], "within": [1]}, geometry=[shapely.box(70, 32, 71, 33)]
    )
    frame = frame.set_crs(4326)
    frame.to_file(tmp_path / "area.gpkg", layer=name)
    with Store(tmp_path / "s.gpkg") as store:
        store.add(reading_of())
        assert store.count(within=tmp_path / "area.gpkg") == 1
        with pytest.raises(InputError, match="is not among"):
            store.counts(by=name)
        with pytest.raises(InputError, match="order"):
            store.rows(order=name)
        with pytest.raises(InputError, match="no such filter"):
            store.rows(**{name: 1})
        assert store.info()["events"] == 1


@pytest.mark.parametrize("odd", [float("nan"), float("inf")])
def test_a_shape_without_numbers_is_told(tmp_path, reading_of, odd):
    square = shapely.box(70, 32, 71, 33)
    corners = shapely.get_coordinates(square)
    corners[2, 0] = odd
    shape = shapely.set_coordinates(square, corners)
    with Store(tmp_path / "s.gpkg") as store:
        store.add(reading_of())
        for query in ({"within": shape}, {"near": shape}):
            with pytest.raises(InputError, match=r"within|near"):
                store.count(**query)
        frame = geopandas.GeoDataFrame(geometry=[shape], crs=4326)
        frame.to_file(tmp_path / "odd.gpkg")
        with pytest.raises(InputError, match=r"not a number|cannot be read"):
            store.count(within=tmp_path / "odd.gpkg")

"""Reading over a real cluster of processes on this machine."""

from __future__ import annotations

import json
import os
import signal
import sys

import pytest
from typer.testing import CliRunner

from geomap import cli, scale
from geomap.articles import read_articles
from geomap.articles.parts import parts
from geomap.errors import GeomapError, InputError
from geomap.pipeline import Pipeline
from geomap.scale import partition
from geomap.scale.cluster import _Driver
from geomap.scale.problems import Problems
from geomap.serialise import json_line
from geomap.store import Store

distributed = pytest.importorskip("distributed", reason="needs the extra 'dask'")

TOWNS = ("Peshawar", "Mardan", "Quetta", "Kabul", "Herat", "Dushanbe", "Kharkiv")


def row(number):
    town = TOWNS[number % len(TOWNS)]
    text = f"A car bomb killed at least {number + 2} people in {town} on Monday, police said."
    return {"id": f"a{number}", "published": "2023-01-03", "text": text}


@pytest.fixture(scope="module")
def client():
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True}
    with (
        distributed.LocalCluster(dashboard_address=":0", **options) as cluster,
        distributed.Client(cluster) as opened,
    ):
        yield opened


@pytest.fixture
def news(tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    lines = [json.dumps(row(n)) for n in range(40)]
    lines.insert(17, "nonsense")
    (folder / "many.jsonl").write_text("\n".join(lines), encoding="utf-8")
    for number in range(40, 44):
        path = folder / f"single{number}.txt"
        path.write_text(row(number)["text"], encoding="utf-8")
    return folder


def alone(folder):
    articles = read_articles(folder, on_error=lambda _: None)
    return "".join(map(json_line, Pipeline().read_all(articles)))


def together(folder):
    parts = json.loads((folder / "manifest.json").read_text())["parts"]
    files = [folder / "readings" / f"{part['name']}.jsonl" for part in parts]
    return "".join(path.read_text(encoding="utf-8") for path in files)


def test_a_cluster_reads_what_one_process_reads(client, news, tmp_path):
    out = tmp_path / "out"
    report = scale.read(news, client, to=out, part_bytes=1000)
    assert len(report.parts) > 4
    assert (report.articles, report.done_before, report.problem_count) == (44, 0, 1)
    assert "many.jsonl:18" in str(report.problems[0])
    assert together(out) == alone(news)


def test_the_events_are_those_of_a_store(client, news, tmp_path):
    import geopandas
    import pandas as pd

    out = tmp_path / "out"
    scale.read(news, client, to=out, part_bytes=1000)
    with Store(tmp_path / "s.gpkg") as store:
        store.add(Pipeline().read_all(read_articles(news, on_error=lambda _: None)))
        expected = store.events(order="id").drop(columns="incident_id")
    found = pd.concat([geopandas.read_parquet(path) for path in (out / "events").iterdir()])
    found = found.set_index("event_id").sort_index().drop(columns="incident_id")
    assert len(found) == len(expected) >= 40
    assert list(found.index) == list(expected.index)
    assert found.geometry.geom_equals(expected.geometry).all()
    for column in ("type", "place", "country", "quote", "lat", "fatalities_low", "date_first"):
        left, right = found[column].astype("string"), expected[column].astype("string")
        assert left.tolist() == right.tolist()


def test_what_is_there_is_not_read_again(client, news, tmp_path):
    out = tmp_path / "out"
    first = scale.read(news, client, to=out, part_bytes=1000)
    before = {path: path.stat().st_mtime_ns for path in out.glob("*/part-*")}
    victim = out / "parts" / f"{first.parts[1].name}.json"
    victim.unlink()
    second = scale.read(news, client, to=out, part_bytes=1000)
    assert second.done_before == len(first.parts) - 1
    assert second.parts == first.parts
    assert second.problem_count == 1
    after = {path: path.stat().st_mtime_ns for path in out.glob("*/part-*")}
    changed = {path.stem for path in before if before[path] != after[path]}
    assert changed == {victim.stem}


def test_parts_of_older_inputs_are_put_aside(client, news, tmp_path):
    out = tmp_path / "out"
    scale.read(news, client, to=out, part_bytes=1000)
    (news / "many.jsonl").write_text(json.dumps(row(3)), encoding="utf-8")
    scale.read(news, client, to=out, part_bytes=1000)
    assert together(out) == alone(news)
    named = {part["name"] for part in json.loads((out / "manifest.json").read_text())["parts"]}
    assert {path.stem for path in (out / "events").iterdir()} == named
    assert list((out / "stale").glob("*.parquet"))


@pytest.mark.parametrize("kind", ["folder", "store"])
def test_a_killed_worker_loses_and_doubles_nothing(client, news, tmp_path, kind):
    out = tmp_path / ("out" if kind == "folder" else "s.gpkg")
    victims = []

    def kill_one(_articles, _bytes):
        if not victims:
            address = next(iter(client.scheduler_info()["workers"]))
            victims.append(address)
            os.kill(client.run(os.getpid, workers=[address])[address], signal.SIGKILL)

    scale.read(news, client, to=out, part_bytes=400, watch=kill_one)
    assert victims
    if kind == "folder":
        assert together(out) == alone(news)
        return
    with Store(out) as store:
        found = sorted(json_line(reading) for reading in store.readings())
    assert found == sorted(alone(news).splitlines(keepends=True))


def test_a_store_gets_everything_once(client, news, tmp_path):
    path = tmp_path / "s.gpkg"
    first = scale.read(news, client, to=path, part_bytes=1000)
    second = scale.read(news, client, to=path, part_bytes=1000)
    assert (first.articles, second.articles) == (44, 0)
    assert sum(part.known for part in second.parts) == 44
    with Store(path) as store:
        assert store.info()["articles"] == 44


def test_a_worker_of_another_version_is_told(client, news, tmp_path, monkeypatch):
    other = partition.current().__class__(version="0.0.1", gazetteer="x", models="y")
    monkeypatch.setattr("geomap.scale.cluster.current", lambda: other)
    with pytest.raises(GeomapError, match="same version"):
        scale.read(news, client, to=tmp_path / "out")


def test_standard_input_stays_here(client, tmp_path):
    with pytest.raises(InputError, match="standard input"):
        scale.read("-", client, to=tmp_path / "out")


def test_a_part_that_ends_its_workers_is_told(news):
    """Without a cluster: what the driver does with the scheduler's last word on a task."""
    killed = distributed.scheduler.KilledWorker("key", "worker", 3)

    class Future:
        def result(self):
            raise killed

    problems = Problems()
    driver = _Driver(None, None, problems, None)
    part = next(parts(news))
    driver._take(Future(), 0, (part,))
    assert "many.jsonl: ended every worker" in str(problems.kept[0])


def run(*arguments):
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


@pytest.mark.parametrize("name", ["out", "s.gpkg"])
def test_the_command_line_reads_over_a_cluster(client, news, tmp_path, name):
    address = client.scheduler.address
    result = run("add", news, "--store", tmp_path / name, "--dask", address)
    assert result.exit_code == 1
    assert "44 articles read" in result.stdout
    assert "many.jsonl:18" in result.stderr
    assert ("incidents in all" in result.stdout) == (name == "s.gpkg")


def test_a_cluster_that_is_not_there_is_one_line(news, tmp_path, monkeypatch):
    monkeypatch.setattr("geomap.cli.store._CONNECT_S", 0.2)
    result = run("add", news, "--store", tmp_path / "s.gpkg", "--dask", "tcp://127.0.0.1:1")
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    assert "no scheduler answers" in result.stderr
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = run("add", news, "--store", tmp_path / "s.gpkg", "--dask", "tcp://127.0.0.1:1")
    assert "geomap[dask]" in result.stderr


@pytest.mark.parametrize("other", [("--online",), ("--workers", "2")])
def test_dask_stands_alone(news, tmp_path, other):
    result = run("add", news, "--store", tmp_path / "s.gpkg", "--dask", "tcp://x:1", *other)
    assert result.exit_code == 2


def test_the_results_join_as_dask_frames(client, news, tmp_path):
    dask_geopandas = pytest.importorskip("dask_geopandas", reason="needs the extra 'dask'")
    import geopandas
    from shapely.geometry import box

    out = tmp_path / "out"
    scale.read(news, client, to=out, part_bytes=1000)
    events = dask_geopandas.read_parquet(str(out / "events" / "*.parquet"))
    zones = geopandas.GeoDataFrame(
        {"zone": ["east", "west"]}, geometry=[box(60, 20, 80, 50), box(20, 40, 45, 60)], crs=4326
    )
    joined = events.sjoin(zones, predicate="within").compute()
    towns = set(zip(joined["place"], joined["zone"], strict=True))
    assert {("Mardan", "east"), ("Kharkiv", "west")} <= towns
    assert len(joined) == len(events)

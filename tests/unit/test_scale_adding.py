from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from geomap import scale
from geomap.articles.parts import parts, total_bytes
from geomap.cli.inputs import watched
from geomap.errors import ArticleError
from geomap.pipeline import Pipeline
from geomap.scale import adding
from geomap.scale.checkpoint import Checkpoint
from geomap.serialise import json_line
from geomap.store import Store

PART_BYTES = 500


def row(number):
    text = f"A car bomb killed at least {number + 2} people in Mardan on Monday, police said."
    return {"id": f"a{number}", "published": "2023-01-03", "text": text}


def write_rows(path, numbers, *, bad=()):
    lines = ["nonsense" if n in bad else json.dumps(row(n)) for n in numbers]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(
        adding, "parts", lambda inputs, **options: parts(inputs, part_bytes=PART_BYTES, **options)
    )
    monkeypatch.setattr(adding, "_BATCH", 4)


@pytest.fixture
def counting():
    """Return a pipeline that notes what it reads, and fails where it is told to."""

    class Counting(Pipeline):
        read_ids: list
        stop_at = None

        def read(self, article, **options):
            if article.id == self.stop_at:
                raise KeyboardInterrupt
            self.read_ids.append(article.id)
            return super().read(article, **options)

    pipeline = Counting()
    pipeline.read_ids = []
    return pipeline


def add(inputs, path, pipeline, **options):
    with Store(path, group=False) as store:
        return scale.add(scale.Source(inputs=[inputs]), store, pipeline=pipeline, **options)


def ids(path):
    with Store(path, group=False) as store:
        return [article.id for article in store.articles()]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.usefixtures("small_parts")
def test_the_store_has_the_order_of_the_input(tmp_path, workers):
    news = write_rows(tmp_path / "news.jsonl", range(30))
    added = add(news, tmp_path / "s.gpkg", Pipeline(), workers=workers)
    assert (added.report.added, added.problem_count) == (30, 0)
    assert ids(tmp_path / "s.gpkg") == [f"a{n}" for n in range(30)]


@pytest.mark.usefixtures("small_parts")
def test_an_interrupted_run_goes_on_where_it_ended(tmp_path, counting):
    news = write_rows(tmp_path / "news.jsonl", range(30))
    path = tmp_path / "s.gpkg"
    counting.stop_at = "a20"
    with pytest.raises(KeyboardInterrupt):
        add(news, path, counting)
    kept = len(ids(path))
    assert 12 <= kept <= 20
    counting.stop_at, counting.read_ids = None, []
    added = add(news, path, counting, resume=True)
    assert counting.read_ids == [f"a{n}" for n in range(kept, 30)]
    assert added.skipped >= 2
    assert ids(path) == [f"a{n}" for n in range(30)]


@pytest.mark.usefixtures("small_parts")
def test_unchanged_inputs_are_not_opened(tmp_path, counting, monkeypatch):
    news = tmp_path / "news"
    news.mkdir()
    write_rows(news / "many.jsonl", range(30))
    table = "text\n" + "".join(f'"In Quetta,\n{n} people met."\n' for n in range(60))
    (news / "more.csv").write_text(table, encoding="utf-8")
    (news / "one.txt").write_text("Kabul was quiet.", encoding="utf-8")
    path = tmp_path / "s.gpkg"
    assert add(news, path, counting).report.added == 91
    opened = []
    monkeypatch.setattr(adding, "read_part", lambda part, **_: opened.append(part) or iter(()))
    monkeypatch.setattr("geomap.articles.parts.csv_rows", None)
    added = add(news, path, counting, resume=True)
    assert (opened, added.report.added) == ([], 0)
    assert added.skipped > 6


@pytest.mark.usefixtures("small_parts")
def test_changed_and_new_inputs_are_read(tmp_path, counting):
    news = tmp_path / "news"
    news.mkdir()
    first = write_rows(news / "a.jsonl", range(5))
    path = tmp_path / "s.gpkg"
    add(news, path, counting)
    counting.read_ids.clear()
    write_rows(first, range(7))
    write_rows(news / "b.jsonl", range(7, 9))
    assert add(news, path, counting, resume=True).report.added == 4
    assert counting.read_ids == ["a5", "a6", "a7", "a8"]


@pytest.mark.usefixtures("small_parts")
def test_what_is_bad_is_tried_again(tmp_path, counting):
    news = write_rows(tmp_path / "news.jsonl", range(20), bad={13})
    path = tmp_path / "s.gpkg"
    for options in ({}, {"resume": True}):
        added = add(news, path, counting, **options)
        assert added.problem_count == 1
        assert str(added.problems[0]).startswith(f"{news}:14: is not a JSON object")
    assert len(counting.read_ids) == 19


@pytest.mark.usefixtures("small_parts")
def test_an_article_that_fails_does_not_stop_the_others(tmp_path, monkeypatch):
    whole = Pipeline.read

    def read(self, article, **options):
        if article.id == "a3":
            raise RecursionError("too deep")
        return whole(self, article, **options)

    monkeypatch.setattr(Pipeline, "read", read)
    news = write_rows(tmp_path / "news.jsonl", range(9))
    added = add(news, tmp_path / "s.gpkg", Pipeline())
    assert added.report.added == 8
    assert [type(p) for p in added.problems] == [ArticleError]
    assert "a3" in str(added.problems[0])


@pytest.mark.usefixtures("small_parts")
def test_an_older_copy_of_the_store_makes_the_checkpoint_void(tmp_path, counting):
    news = write_rows(tmp_path / "news.jsonl", range(10))
    path = tmp_path / "s.gpkg"
    add(news, path, counting)
    copy = shutil.copy(path, tmp_path / "copy.gpkg")
    more = write_rows(tmp_path / "more.jsonl", range(10, 20))
    add(more, path, counting)
    path.unlink()
    shutil.move(copy, path)
    assert add(more, path, counting, resume=True).report.added == 10


@pytest.mark.usefixtures("small_parts")
def test_another_store_under_the_name_makes_the_checkpoint_void(tmp_path, counting):
    news = write_rows(tmp_path / "news.jsonl", range(10))
    path = tmp_path / "s.gpkg"
    add(news, path, counting)
    path.unlink()
    assert add(news, path, counting, resume=True).report.added == 10


@pytest.mark.parametrize("damage", [b"no database at all" * 100, b""])
@pytest.mark.usefixtures("small_parts")
def test_a_damaged_checkpoint_costs_time_only(tmp_path, counting, damage):
    news = write_rows(tmp_path / "news.jsonl", range(10))
    path = tmp_path / "s.gpkg"
    add(news, path, counting)
    (tmp_path / "s.gpkg.resume").write_bytes(damage)
    added = add(news, path, counting, resume=True)
    assert (added.report.added, added.report.unchanged) == (0, 10)


FULL = """
import os, pickle, resource, signal, sys
from geomap import Pipeline, scale
from geomap.articles.parts import Part, parts
from geomap.errors import GeomapError
from geomap.scale.checkpoint import Checkpoint
from geomap.scale.partition import FORMS, Job, current, read_group
from geomap.store import Store

what, news, path = sys.argv[1:]
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    if what == "checkpoint":
        with Store(path) as store:
            scale.add(scale.Source(inputs=[news]), store)
            with Checkpoint(store) as checkpoint:
                size = os.path.getsize(path + ".resume") + 100
                resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
                for number in range(2000):
                    checkpoint.mark([Part(path=str(number), size=1)], 0)
    else:
        pipeline = Pipeline()
        pipeline.read("A bomb killed six in Mardan.")  # loads what is no part of the writing
        for folder in FORMS:
            os.makedirs(os.path.join(path, folder))
        job = Job(to=path, is_store=False, published=None, pipeline=pickle.dumps(pipeline),
                  provenance=current())
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
        read_group(job, tuple(parts([news])))
    print("nothing told")
except GeomapError as error:
    print("told:", error)
sys.stdout.flush()
os._exit(0)
"""


@pytest.mark.parametrize("what", ["checkpoint", "part"])
def test_a_full_disk_is_told_by_what_is_written_beside_a_store(tmp_path, what, repository):
    pytest.importorskip("resource")
    news, path = write_rows(tmp_path / "news.jsonl", range(20)), tmp_path / "out"
    run = subprocess.run(
        [sys.executable, "-c", FULL, what, news, path], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": repository},
    )  # fmt: skip
    assert run.stdout.startswith("told:"), run.stdout + run.stderr
    assert run.stdout.count("\n") == 1
    if what == "part":
        assert [p for p in path.rglob("*") if p.is_file()] == []


def test_the_checkpoint_of_a_server_is_in_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GEOMAP_CACHE", str(tmp_path))

    class Server:
        def info(self):
            return {"store": "postgresql://host/db", "articles": 0}

        def runs(self):
            return []

    with Checkpoint(Server()):
        assert len(list((tmp_path / "resume").iterdir())) == 1


@pytest.mark.usefixtures("small_parts")
def test_progress_ends_at_the_whole(tmp_path):
    news = write_rows(tmp_path / "news.jsonl", range(20), bad={7})
    told = []
    add(news, tmp_path / "s.gpkg", Pipeline(), watch=lambda *more: told.append(more))
    articles, size = map(sum, zip(*told, strict=True))
    assert (articles, size) == (19, news.stat().st_size)


def children(parent):
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc to find the workers")
def test_killed_workers_and_a_killed_run_lose_and_double_nothing(tmp_path):
    news = write_rows(tmp_path / "news.jsonl", range(160))
    path = tmp_path / "s.gpkg"
    command = [
        sys.executable, "-m", "geomap", "add", str(news), "--store", str(path),
        "--workers", "2", "--resume",
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as first:
        wait_until(lambda: path.exists() and ids_or_none(path))
        workers = children(first.pid)
        os.kill(workers[-1], signal.SIGKILL)
        wait_until(lambda: len(set(children(first.pid)) - set(workers)) > 0 or first.poll() == 0)
        first.kill()
    result = subprocess.run(command, env=environment, capture_output=True, check=False, text=True)
    assert result.returncode == 0, result.stderr
    assert sorted(ids(path)) == sorted(f"a{n}" for n in range(160))
    with Store(path) as store:
        found = {reading.article.id: json_line(reading) for reading in store.readings()}
    alone = Pipeline().read_all(scale_articles(news))
    assert found == {reading.article.id: json_line(reading) for reading in alone}


def scale_articles(path):
    from geomap import read_articles

    return read_articles(path)


def ids_or_none(path):
    try:
        return ids(path)
    except OSError:
        return None


def wait_until(holds, seconds=60):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_shows_articles_rate_and_time_left(tmp_path, monkeypatch):
    news = write_rows(tmp_path / "news.jsonl", range(20))
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with watched([str(news)]) as show:
        show(7, news.stat().st_size // 2)
        show(1, 0)
    assert "8 articles" in screen.getvalue()
    assert "a second" in screen.getvalue()
    assert "left" in screen.getvalue()


def test_a_pipe_shows_nothing(tmp_path):
    with watched([str(tmp_path)]) as show:
        assert show is None


def test_bytes_are_counted_over_all_inputs(tmp_path):
    one = write_rows(tmp_path / "a.jsonl", range(20))
    (tmp_path / "b.txt").write_text("Kabul", encoding="utf-8")
    assert total_bytes([tmp_path, "-", tmp_path / "gone"]) == one.stat().st_size + 5


LIMITED = """
import resource, sys
from geomap.cli import main
resource.setrlimit(resource.RLIMIT_DATA, (500_000_000, 500_000_000))
sys.argv = ["geomap", *sys.argv[1:]]
try:
    main()
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


@pytest.mark.slow
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_memory_does_not_grow_with_the_input(tmp_path, form):
    """35 MB of known and of bad rows, in a process that may not keep them."""
    news = tmp_path / f"news.{form}"
    text = "Kabul was quiet. " * 200
    if form == "jsonl":
        head, good, bad = "", json.dumps({"id": "a", "text": text}) + "\n", '{"text": ""}\n'
    else:
        head, good, bad = "id,text\n", f'a,"{text}"\n', "b,\n"
    first = tmp_path / f"first.{form}"
    first.write_text(head + good, encoding="utf-8")
    with news.open("w", encoding="utf-8") as file:
        file.write(head)
        for _ in range(20):
            file.write((good + bad) * 500)
    path = tmp_path / "s.gpkg"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    peaks = []
    for inputs, code in (([first], 0), ([news], 1)):
        command = [sys.executable, "-c", LIMITED, "add", *map(str, inputs), "--store", str(path)]
        run = subprocess.run(
            [*command, "--resume"], env=environment, capture_output=True, text=True, check=False
        )
        assert run.returncode == code, run.stderr
        peaks.append(int(run.stderr.splitlines()[-1]) / 1000)
    assert "9,980 more" in run.stderr
    assert peaks[1] < peaks[0] + 25

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from geomap import __version__, cli
from geomap.cli import inputs, terminal
from geomap.cli import words as words_module
from geomap.model import Casualties, When
from geomap.pipeline import Pipeline

ROW = {
    "id": "row-1",
    "published": "2023-01-03",
    "source": "Sample Wire",
    "text": "A car bomb killed at least six people in Peshawar on Monday, police said.",
}


@pytest.fixture
def run():
    """Run the command line in this process; stdout and stderr come apart."""

    def invoke(*arguments, stdin: str | None = None):
        return CliRunner().invoke(cli.app, [str(a) for a in arguments], input=stdin)

    return invoke


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "articles.jsonl"
    path.write_text(json.dumps(ROW) + "\n", encoding="utf-8")
    return path


def one_line(result) -> str:
    """Return the only line of stderr, which says which program speaks."""
    (line,) = result.stderr.splitlines()
    assert line.startswith("geomap: ")
    assert "Traceback" not in line
    return line


def test_version(run):
    assert run("--version").stdout == f"geomap {__version__}\n"


def test_read_prints_a_reading_a_line(run, article):
    result = run("read", article)
    assert (result.exit_code, result.stderr) == (0, "")
    reading = json.loads(result.stdout)
    assert reading["article"]["id"] == "row-1"
    (event,) = reading["events"]
    assert event["place"]["name"] == "Peshawar"
    assert event["when"]["first"] == "2023-01-02"
    assert event["fatalities"]["low"] == 6


def test_read_takes_a_publication_day_and_stdin(run):
    result = run("read", "-", "--published", "2023-01-03", stdin=ROW["text"])
    (event,) = json.loads(result.stdout)["events"]
    assert event["when"]["first"] == "2023-01-02"


def test_without_a_publication_day_no_date_is_made_up(run):
    (event,) = json.loads(run("read", "-", stdin=ROW["text"]).stdout)["events"]
    assert (event["when"]["text"], event["when"]["precision"]) == ("on Monday", "unknown")


def test_read_geojson_and_csv_hold_the_same_event(run, article):
    (feature,) = json.loads(run("read", article, "--format", "geojson").stdout)["features"]
    (row,) = csv.DictReader(io.StringIO(run("read", article, "--format", "csv").stdout))
    assert feature["geometry"]["type"] == "Point"
    assert row["event_id"] == feature["id"]
    assert [row["lon"], row["lat"]] == [str(c) for c in feature["geometry"]["coordinates"]]


def test_read_table_names_the_place_and_the_day(run, article):
    printed = run("read", article, "--format", "table").stdout
    assert "Peshawar, PK" in printed
    assert "2023-01-02" in printed


@pytest.mark.parametrize("form", ["jsonl", "geojson", "csv", "table"])
def test_a_file_gets_what_stdout_would(run, article, tmp_path, form):
    target = tmp_path / "out"
    result = run("read", article, "--format", form, "-o", target)
    assert (result.exit_code, result.stdout) == (0, "")
    assert target.read_bytes() == run("read", article, "--format", form).stdout_bytes


def test_workers_do_not_change_the_output(run, samples):
    one, two = (run("read", samples, "--workers", count).stdout for count in (1, 2))
    assert one == two


def test_one_bad_file_is_a_line_and_the_rest_goes_on(run, article, tmp_path):
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.7 \x00\x00")
    target = tmp_path / "out.jsonl"
    result = run("read", bad, article, "-o", target)
    assert result.exit_code == 1
    assert "bad.pdf" in one_line(result)
    assert len(target.read_text().splitlines()) == 1


def test_with_nothing_read_an_older_result_stays(run, tmp_path):
    target = tmp_path / "out.jsonl"
    target.write_text("old")
    result = run("read", tmp_path / "missing.txt", "-o", target)
    assert result.exit_code == 1
    assert "missing.txt" in one_line(result)
    assert target.read_text() == "old"


def test_a_map_can_go_to_stdout(run, article, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("map", article, "-o", "-")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("<!DOCTYPE html>")
    assert list(tmp_path.iterdir()) == [article]


@pytest.mark.parametrize("command", [("read",), ("map",)])
def test_a_missing_output_folder_is_one_line(run, article, tmp_path, command):
    result = run(*command, article, "-o", tmp_path / "nowhere" / "out")
    assert result.exit_code == 1
    assert "no folder" in one_line(result)


def test_map_writes_one_page_that_holds_the_quote(run, article, tmp_path):
    target = tmp_path / "map.html"
    result = run("map", article, "-o", target, "--title", "A test")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{target}\n"
    assert "at least six people in Peshawar" in target.read_text(encoding="utf-8")


def test_demo_lists_its_incidents_and_writes_its_map(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("demo")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.endswith("maps/demo.html\n")
    assert "Peshawar, PK" in result.stdout
    assert (tmp_path / "maps" / "demo.html").exists()


def test_demo_says_why_it_cannot_make_its_folder(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "maps").write_text("in the way")
    result = run("demo")
    assert result.exit_code == 1
    assert "maps: cannot be created, file exists" in one_line(result)


def test_place_lists_the_likeliest_first(run):
    rows = run("place", "Kabul").stdout.splitlines()
    assert "PPLC" in rows[3]


def test_place_keeps_to_a_country(run):
    printed = run("place", "Hyderabad", "--country", "pk").stdout
    assert " PK " in printed
    assert " IN " not in printed


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("Peshawarr",), "no place named 'Peshawarr': did you mean Peshawar"),
        (("Xqzzyw",), "no place named 'Xqzzyw'"),
        (("Dushanbe", "--country", "PK"), "no place named 'Dushanbe (PK)'"),
    ],
)
def test_an_unknown_name_exits_1_with_what_is_like_it(run, arguments, words):
    result = run("place", *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert words in one_line(result)


@pytest.mark.parametrize(
    "arguments",
    [
        ("read",),
        ("read", "-", "--format", "xml"),
        ("read", "-", "--published", "31 February"),
        ("read", "-", "--workers", "0"),
        ("map", "-"),
        ("place", "Kabul", "--country", "Afghanistan"),
        ("place", "Kabul", "--country", "QQ"),
        ("place", "Kabul", "--country", ""),
        ("nonsense",),
    ],
)
def test_wrong_usage_exits_2(run, arguments):
    result = run(*arguments, stdin="")
    assert (result.exit_code, result.stdout) == (2, "")


def test_gazetteer_info_and_verify(run):
    assert "CC BY 4.0" in run("gazetteer", "info").stdout
    assert run("gazetteer", "verify").stdout == "the gazetteer is whole\n"


def test_evaluate_prints_the_figures(run, tmp_path):
    gold = tmp_path / "gold.jsonl"
    toponym = {"start": 41, "end": 49, "text": "Peshawar", "lat": 34.0, "lon": 71.6}
    gold.write_text(
        json.dumps({**ROW, "toponyms": [{**toponym, "geonameid": "1168197"}]}), encoding="utf-8"
    )
    figures = dict(map(str.split, run("evaluate", gold).stdout.splitlines()))
    assert figures["linked_gold"] == "1"
    assert figures["det_f1"] == figures["id"] == figures["a161"] == "1.0000"


def test_evaluate_without_gold_is_no_score(run, tmp_path):
    (tmp_path / "gold.jsonl").write_text("\n")
    result = run("evaluate", tmp_path / "gold.jsonl")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "gold.jsonl: holds no articles" in one_line(result)


def test_evaluate_scores_readings_that_were_written(run, article, tmp_path):
    gold, readings = tmp_path / "gold.jsonl", tmp_path / "readings.jsonl"
    gold.write_text(json.dumps({**ROW, "toponyms": []}), encoding="utf-8")
    run("read", article, "-o", readings)
    (tmp_path / "words.txt").write_text("tajik\n")
    options = ("--readings", readings, "--demonyms", tmp_path / "words.txt")
    figures = dict(map(str.split, run("evaluate", gold, *options).stdout.splitlines()))
    assert (figures["articles_without_reading"], figures["det_p"]) == ("0", "0.0000")


def program(*arguments, **options):
    """Start the command line as a process of its own."""
    command = [sys.executable, "-m", "geomap", *map(str, arguments)]
    return subprocess.Popen(command, **{"stderr": subprocess.PIPE, **options})


def test_a_warning_is_one_line_too(article, tmp_path):
    arguments = ("map", article, "-o", tmp_path / "map.html", "--tiles", "OpenStreetMap")
    with program(*arguments, stdout=subprocess.PIPE) as process:
        said = process.stderr.read().decode()
    assert process.returncode == 0
    (line,) = said.splitlines()
    assert line.startswith("geomap: the map loads its ground from https://tile.openstreetmap.org")


def test_unknown_tiles_are_told(run, article, tmp_path):
    result = run("map", article, "-o", tmp_path / "map.html", "--tiles", "nowhere")
    assert result.exit_code == 1
    assert "no provider that xyzservices knows" in one_line(result)
    assert not (tmp_path / "map.html").exists()


@pytest.mark.parametrize("arguments", [("read",), ("--version",)])
def test_a_closed_pipe_ends_quietly(samples, arguments):
    inputs = [samples] if arguments == ("read",) else []
    with program(*arguments, *inputs, stdout=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.parametrize("arguments", [("read", "ARTICLE"), ("place", "Kabul"), ("--help",)])
def test_a_full_stdout_is_one_line(article, arguments):
    given = [article if argument == "ARTICLE" else argument for argument in arguments]
    with Path("/dev/full").open("wb") as full, program(*given, stdout=full) as process:
        told = process.stderr.read()
    assert process.returncode == 1
    assert told == b"geomap: stdout: cannot be written, no space left on device\n"


@pytest.mark.parametrize("arguments", [("read", "ARTICLE"), ("place", "Kabul")])
def test_a_closed_stdout_is_one_line(article, arguments):
    given = [article if argument == "ARTICLE" else argument for argument in arguments]
    command = ["sh", "-c", 'exec "$@" >&-', "sh", sys.executable, "-m", "geomap", *map(str, given)]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        assert process.stderr.read() == b"geomap: stdout: is closed\n"
    assert process.returncode == 1


def test_a_terminal_without_the_letters_gets_question_marks():
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    with program("place", "Kabul", stdout=subprocess.PIPE, env=environment) as process:
        printed, told = process.communicate()
    assert (process.returncode, told) == (0, b"")
    assert b"K?b?l" in printed


def test_being_told_to_end_leaves_no_file(tmp_path):
    pipe = tmp_path / "articles"
    os.mkfifo(pipe)
    target = tmp_path / "out" / "readings.jsonl"
    target.parent.mkdir()
    with program("read", pipe, "-o", target) as process:
        with pipe.open("w", encoding="utf-8") as rows:
            # More rows than the buffers between hold, so that the first reading has been written.
            rows.write((json.dumps(ROW) + "\n") * 20)
            rows.flush()
            wait_until(lambda: any(target.parent.iterdir()))
            process.terminate()
            assert process.wait(timeout=30) == 143
        assert process.stderr.read() == b""
    assert list(target.parent.iterdir()) == []


def wait_until(holds, seconds=30):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_an_article_that_cannot_be_read_is_one_line(run, article, monkeypatch):
    def broken(_self, _article):
        raise RecursionError("too deep")

    monkeypatch.setattr(Pipeline, "read", broken)
    result = run("read", article)
    assert result.exit_code == 1
    assert "cannot be read (RecursionError('too deep'))" in one_line(result)


def test_a_long_name_is_told_in_short(run):
    line = one_line(run("place", "far " * 10_000))
    assert len(line) < 200


@pytest.mark.parametrize("columns", ["0", "40", "80", "200", "wide"])
def test_no_width_cuts_a_number_off(run, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    printed = run("place", "Kabul").stdout
    assert "34.528" in printed
    assert "4,434,550" in printed
    if columns.isdigit() and int(columns):
        assert max(map(len, printed.splitlines())) <= int(columns)


def test_a_terminal_gets_no_commands_from_an_article():
    assert terminal.harmless("a\x1b[2J\tb\r\nc\x9b\u202ed\xa0e") == (
        "a\ufffd[2J\tb\r\nc\ufffd\ufffdd\xa0e"
    )


def test_ctrl_c_ends_quietly_with_130(run, article, monkeypatch):
    def interrupt(*_given):
        raise KeyboardInterrupt

    monkeypatch.setattr(inputs, "make_pipeline", interrupt)
    result = run("read", article)
    assert (result.exit_code, result.stderr) == (130, "")


def test_a_stranger_cannot_steer_the_terminal():
    assert terminal.plain("a\x1b[31m\nb\u202ec") == "a [31m b c"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2023, 1, 2), date(2023, 1, 2), "2023-01-02"),
        (date(2023, 1, 1), date(2023, 1, 31), "2023-01-01 to 2023-01-31"),
        (date(2023, 1, 1), None, "since 2023-01-01"),
        (None, date(2023, 1, 1), "until 2023-01-01"),
        (None, None, '"on Monday"'),
    ],
)
def test_dates_in_words(first, last, words):
    when = When(first=first, last=last, text="on Monday", precision="day", basis="relative")
    assert words_module.date_words(when) == words


@pytest.mark.parametrize(
    ("low", "best", "high", "words"),
    [(12, 12, None, "12+"), (33, 33, 33, "33"), (10, 12, 15, "10-15")],
)
def test_casualties_in_words(low, best, high, words):
    assert words_module.range_words(Casualties(low=low, best=best, high=high)) == words

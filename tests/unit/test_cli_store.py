from __future__ import annotations

import json

import pyogrio
import pytest
from typer.testing import CliRunner

from geomap import cli
from geomap.store import Store

ROWS = [
    {
        "id": "one",
        "published": "2023-01-03",
        "source": "Sample Wire",
        "text": "A car bomb killed at least six people in Peshawar on Monday, police said.",
    },
    {
        "id": "two",
        "published": "2023-02-03",
        "source": "=Sample Post",
        "text": "Ministers of nine countries met in Dushanbe on Thursday.",
    },
]


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")

    def invoke(*arguments, stdin=None):
        return CliRunner().invoke(cli.app, [str(a) for a in arguments], input=stdin)

    return invoke


@pytest.fixture
def news(tmp_path):
    path = tmp_path / "news.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("filled")
    news = folder / "news.jsonl"
    news.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    path = folder / "store.gpkg"
    result = CliRunner().invoke(cli.app, ["add", str(news), "--store", str(path)])
    assert result.exit_code == 0, result.output
    return path


def test_add_says_what_it_did_and_twice_adds_nothing(run, news, tmp_path):
    path = tmp_path / "s.gpkg"
    first, second = (run("add", news, "--store", path) for _ in range(2))
    assert (first.exit_code, first.stderr) == (0, "")
    assert "2 articles added" in first.stdout
    assert "0 articles added, 0 replaced, 2 known already" in second.stdout


def test_add_resumes_without_reading_again(run, news, tmp_path, monkeypatch):
    path = tmp_path / "s.gpkg"
    assert run("add", news, "--store", path).exit_code == 0
    read = []
    monkeypatch.setattr("geomap.pipeline.Pipeline.read", lambda _self, a: read.append(a))
    result = run("add", news, "--store", path, "--resume")
    assert (result.exit_code, read) == (0, [])
    assert "0 articles added" in result.stdout


def test_add_lists_bad_articles_at_the_end_and_keeps_the_others(run, news, tmp_path):
    bad = tmp_path / "bad.jsonl"
    bad.write_text("{}\n" * 30, encoding="utf-8")
    path = tmp_path / "s.gpkg"
    result = run("add", bad, news, "--store", path)
    assert result.exit_code == 1
    assert "2 articles added" in result.stdout
    lines = result.stderr.splitlines()
    assert len(lines) == 21
    assert "bad.jsonl:1" in lines[0]
    assert "10 more" in lines[-1]


def test_add_makes_no_store_for_nothing(run, tmp_path):
    path = tmp_path / "s.gpkg"
    assert run("add", tmp_path / "missing.txt", "--store", path).exit_code == 1
    assert not path.exists()


def test_events_are_counted(run, filled, tmp_path):
    table = run("events", "--store", filled, "--count-by", "country, month")
    assert table.exit_code == 0
    assert "2023-01" in table.stdout
    out = tmp_path / "counts.csv"
    assert run("events", "--store", filled, "--count-by", "country", "-o", out).exit_code == 0
    assert out.read_text().splitlines() == ["country,events", "PK,1", "TJ,1"]
    for options, told in ((("colour",), "not among"), (("type", "-o", tmp_path / "x.kml"), "kml")):
        wrong = run("events", "--store", filled, "--count-by", *options)
        assert (wrong.exit_code, len(wrong.stderr.splitlines())) == (1, 1)
        assert told in wrong.stderr


def test_the_statement_is_shown(run, filled):
    result = run("events", "--store", filled, "--country", "PK", "--limit", "3", "--sql")
    *statement, values = result.stdout.splitlines()
    assert (result.exit_code, json.loads(values)) == (0, ["PK", 3, 0])
    assert "e.country = ?" in "\n".join(statement)


def test_events_as_a_table(run, filled):
    result = run("events", "--store", filled, "--near", "Peshawar, PK", "--radius-km", "30")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Peshawar, PK" in result.stdout
    assert "6+" in result.stdout
    assert "Dushanbe" not in result.stdout


@pytest.mark.parametrize(
    ("options", "number"),
    [
        ([], 2),
        (["--country", "TJ"], 1),
        (["--type", "diplomacy.*"], 1),
        (["--bbox", "68,38,69,39"], 1),
        (["--near", "38.56,68.77", "--radius-km", "20"], 1),
        (["--since", "2023-02-01"], 1),
        (["--source", "sample wire"], 1),
        (["--text", "bomb"], 1),
        (["--limit", "1"], 1),
        (["--min-confidence", "1"], 0),
    ],
)
def test_events_are_filtered(run, filled, options, number):
    result = run("events", "--store", filled, "--format", "jsonl", *options)
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == number


@pytest.mark.parametrize("form", ["jsonl", "geojson", "csv", "kml", "acled", "ucdp"])
def test_stdout_gets_what_a_file_would(run, filled, tmp_path, form):
    target = tmp_path / "out"
    printed = run("events", "--store", filled, "--format", form)
    written = run("events", "--store", filled, "--format", form, "-o", target)
    assert (printed.exit_code, written.exit_code, written.stdout) == (0, 0, "")
    assert target.read_bytes() == printed.stdout_bytes
    assert printed.stderr == written.stderr


def test_the_ending_of_the_output_tells_the_format(run, filled, tmp_path):
    target = tmp_path / "e.gpkg"
    assert run("events", "--store", filled, "-o", target).exit_code == 0
    assert pyogrio.read_info(target, layer="events")["features"] == 2
    wrong = run("events", "--store", filled, "-o", tmp_path / "e.xyz")
    assert (wrong.exit_code, len(wrong.stderr.splitlines())) == (1, 1)


def test_a_loss_is_told(run, filled):
    guarded = run("events", "--store", filled, "--format", "csv")
    exact = run("events", "--store", filled, "--format", "csv", "--exact")
    assert "formula" in guarded.stderr
    assert "'=Sample Post" in guarded.stdout
    assert exact.stderr == ""
    assert ",=Sample Post," in exact.stdout


def test_a_binary_format_needs_a_file(run, filled):
    result = run("events", "--store", filled, "--format", "gpkg")
    assert result.exit_code == 1
    assert "-o" in result.stderr


@pytest.mark.parametrize(
    "options",
    [["--bbox", "1,2"], ["--since", "soon"], ["--radius-km", "5"], ["--country", "Pakistan"]],
)
def test_a_wrong_filter_is_wrong_usage(run, filled, options):
    assert run("events", "--store", filled, *options).exit_code == 2


def test_an_unknown_name_or_type_or_store_fails_in_one_line(run, filled, tmp_path):
    for arguments in (
        ["--store", filled, "--near", "Peshawarr"],
        ["--store", filled, "--type", "violance.*"],
        ["--store", tmp_path / "none.gpkg"],
    ):
        result = run("events", *arguments)
        assert result.exit_code == 1
        assert len(result.stderr.splitlines()) == 1


def test_explain_shows_the_quote_and_the_places(run, filled):
    with Store(filled) as store:
        event_id = store.events(country="PK").index[0]
    result = run("explain", event_id, "--store", filled)
    assert result.exit_code == 0
    assert "<Peshawar>" in result.stdout
    assert "rejected" in result.stdout
    missing = run("explain", "nonsense", "--store", filled)
    assert missing.exit_code == 1
    assert "no event 'nonsense'" in missing.stderr


def test_a_map_of_a_store(run, filled, tmp_path):
    target = tmp_path / "m.html"
    result = run("map", "--store", filled, "--country", "PK", "-o", target, "--title", "PK")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Peshawar" in target.read_text(encoding="utf-8")


def test_a_map_is_of_articles_or_of_a_store(run, filled, news, tmp_path):
    target = tmp_path / "m.html"
    assert run("map", "-o", target).exit_code == 2
    assert run("map", news, "--store", filled, "-o", target).exit_code == 2
    assert run("map", news, "--country", "PK", "-o", target).exit_code == 2
    assert not target.exists()

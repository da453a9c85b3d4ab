from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from geomap import cli


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    row = {
        "published": "2023-01-03",
        "source": "Sample Wire",
        "text": "A car bomb killed at least six people in Peshawar on Monday, police said.",
    }
    news = folder / "news.jsonl"
    news.write_text(json.dumps(row) + "\n", encoding="utf-8")
    path = folder / "store.gpkg"
    result = CliRunner().invoke(cli.app, ["add", str(news), "--store", str(path)])
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")

    def invoke(*arguments):
        return CliRunner().invoke(cli.app, ["report", *map(str, arguments)])

    return invoke


def test_a_report_of_what_a_query_finds(run, store, tmp_path):
    path = tmp_path / "brief.md"
    options = ("--near", "Peshawar, PK", "--radius-km", "50", "--title", "Peshawar & around")
    result = run("--store", store, *options, "-o", path)
    assert result.exit_code == 0, result.output
    names = ["brief.md", "brief-map.svg", "brief-chart.svg"]
    assert result.stdout.splitlines() == [str(tmp_path / name) for name in names]
    words = path.read_text(encoding="utf-8")
    assert words.startswith("# Peshawar &#38; around\n")
    assert "Chosen by: near Peshawar, PK; radius km 50.0" in words
    assert "car bomb" in words
    assert "at least 6 killed" in words


def test_a_query_that_finds_nothing_is_a_report_of_nothing(run, store, tmp_path):
    path = tmp_path / "brief.html"
    result = run("--store", store, "--country", "FR", "-o", path)
    assert result.exit_code == 0, result.output
    assert "No incidents were found" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("-o", "brief.pdf"), "a report is .html, .md, .docx or .ipynb"),
        (("-o", "-"), "name a file"),
        (("-o", "brief.html", "--since", "soon"), "soon"),
        (("-o", "brief.html", "--quotes", "-1"), "--quotes"),
    ],
)
def test_wrong_usage_is_2(run, store, tmp_path, monkeypatch, options, said):
    monkeypatch.chdir(tmp_path)
    result = run("--store", store, *options)
    assert result.exit_code == 2
    assert said in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_or_store_is_told(run, store, tmp_path):
    result = run("--store", store, "-o", tmp_path / "none" / "brief.html")
    assert (result.exit_code, "no folder" in result.stderr) == (1, True)
    result = run("--store", tmp_path / "none.gpkg", "-o", tmp_path / "brief.html")
    assert result.exit_code == 1
    assert not (tmp_path / "brief.html").exists()

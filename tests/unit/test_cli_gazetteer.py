from __future__ import annotations

import pytest
from typer.testing import CliRunner

from geomap import cli

GOOD = "name,lat,lon,country,aliases\nSabzdara,34.1,70.2,AF,Sabz Dara|Green Valley\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a command with own names of its own, over the index that is there already."""
    from geomap.gazetteer import own

    monkeypatch.setenv("COLUMNS", "160")  # a narrow terminal may break a name in two
    monkeypatch.setattr(own, "own_folder", lambda _folder=None: tmp_path / "own")

    def invoke(*arguments):
        return CliRunner().invoke(cli.app, ["gazetteer", *map(str, arguments)])

    return invoke


def written(folder, text):
    path = folder / "names.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_own_names_come_and_go(run, tmp_path):
    added = run("add", written(tmp_path, GOOD))
    assert (added.exit_code, added.stdout) == (0, "1 added, 0 replaced, 0 known already\n")
    assert "Sabzdara" in run("list").stdout
    found = CliRunner().invoke(cli.app, ["place", "Green Valley", "--country", "AF"])
    assert "Sabzdara" in found.stdout
    assert run("export", tmp_path / "out.csv").exit_code == 0
    assert "Sabzdara" in (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert "removed Sabzdara" in run("remove", "Sabzdara").stdout
    assert "Sabzdara" not in run("list").stdout


def test_a_wrong_row_adds_nothing(run, tmp_path):
    result = run("add", written(tmp_path, GOOD + "Elsewhere,91,0,AF,\n"))
    assert result.exit_code == 1
    assert "nothing was added" in result.stderr
    assert "line 3" in result.stderr
    assert "Sabzdara" not in run("list").stdout


def test_removing_what_is_not_there_is_one_line(run):
    result = run("remove", "Nowhereabad")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1


def test_a_dump_is_taken_in(run, tmp_path):
    row = ["9999001", "Qolbezhabad", "Qolbezhabad", "", "34.5", "69.5", "P", "PPL", "AF", "", "13"]
    row += ["", "", "", "1200", "", "1500", "Asia/Kabul", "2024-01-01"]
    dump = tmp_path / "AF.txt"
    dump.write_text("\t".join(row) + "\nbroken\n", encoding="utf-8")
    result = run("build", dump)
    assert "1 places" in result.stdout
    assert "AF.txt:2" in result.stderr
    assert result.exit_code == 1
    found = CliRunner().invoke(cli.app, ["place", "Qolbezhabad"])
    assert found.exit_code == 0, found.stderr


def test_a_folder_without_a_dump_is_one_line(run, tmp_path):
    result = run("build", tmp_path)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from geomap import cli
from geomap.errors import InputError
from geomap.gazetteer import Gazetteer, find_project
from geomap.gazetteer.index import cache_folder
from geomap.gazetteer.project import Project, read_project

NAMES = "name,lat,lon,country,admin1\nSabzdara,34.1,70.2,AF,Nangarhar\n"


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    """Work in an empty folder that nothing above is looked at from."""
    monkeypatch.delenv("GEOMAP_PROJECT", raising=False)
    monkeypatch.setenv("GEOMAP_CACHE", str(cache_folder()))  # the index that is there already
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "desk"
    (folder / "lists").mkdir(parents=True)
    (folder / "lists" / "my.csv").write_text(NAMES, encoding="utf-8")
    (folder / "geomap.toml").write_text('[gazetteer]\nnames = ["lists/my.csv"]\n')
    return folder


def test_paths_are_those_of_the_files_folder(project):
    assert read_project(project / "geomap.toml") == Project(
        path=project / "geomap.toml", names=(project / "lists" / "my.csv",)
    )


def test_it_is_found_in_the_folder_and_above(project, monkeypatch):
    below = project / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert find_project().path == project / "geomap.toml"
    assert find_project(project / "a").path == project / "geomap.toml"
    (below / "geomap.toml").write_text("")
    assert find_project() == Project(path=below / "geomap.toml")


def test_it_is_not_looked_for_above_a_repository_or_the_home(project, tmp_path, monkeypatch):
    repository = project / "repository"
    (repository / ".git").mkdir(parents=True)
    monkeypatch.chdir(repository)
    assert find_project() is None
    (repository / "geomap.toml").write_text("")
    assert find_project() is not None
    (tmp_path.parent / "geomap.toml").write_text("not looked at")
    assert find_project(tmp_path) is None


def test_the_environment_names_one(project, monkeypatch):
    monkeypatch.setenv("GEOMAP_PROJECT", str(project / "geomap.toml"))
    assert find_project().path == project / "geomap.toml"
    monkeypatch.setenv("GEOMAP_PROJECT", "nowhere.toml")
    with pytest.raises(InputError, match=r"nowhere\.toml: cannot be read"):
        find_project()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[gazetteer\n", r"no TOML, .*line 1"),
        ("[gazetteer]\nnames = [\n1,,]", r"no TOML, .*line 3"),
        ("[gazeteer]\n", r"unknown key 'gazeteer': write a table \[gazetteer\]"),
        ("gazetteer = 3\n", "'gazetteer' is no table"),
        ("[gazetteer]\nname = []\n", r"unknown key 'gazetteer.name': use names or indexes"),
        ("[gazetteer]\nnames = 'my.csv'\n", "gazetteer.names: write a list of paths"),
        ("[gazetteer]\nnames = [1]\n", "gazetteer.names: write a list of paths"),
        ("[gazetteer]\nnames = ['no.csv']\n", "gazetteer.names: no file 'no.csv' in"),
        ("\udcff", "no TOML"),
    ],
)
def test_a_bad_file_is_one_line_with_its_path(project, text, reason):
    file = project / "geomap.toml"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError, match=reason) as caught:
        read_project(file)
    assert str(caught.value).startswith(f"{file}: ")
    assert "\n" not in str(caught.value)


def test_the_gazetteer_of_a_project_has_its_names(project):
    opened = Gazetteer.for_project(project)
    assert opened.find("Sabzdara")[0].id == "user:sabzdara"
    assert opened.info()["project"] == str(project / "geomap.toml")
    assert opened.info()["lists"] == str(project / "lists" / "my.csv")
    without = Gazetteer.for_project(project.parent)
    assert without.find("Sabzdara") == Gazetteer().find("Sabzdara")
    assert "project" not in without.info()


def test_a_wrong_list_of_a_project_is_one_line_with_its_path_and_line(project):
    (project / "lists" / "my.csv").write_text(NAMES + "Elsewhere,91,0,AF,\n")
    with pytest.raises(InputError, match=r"my\.csv: line 3, lat"):
        Gazetteer.for_project(project)


@pytest.mark.parametrize("way", ["folder", "option", "environment"])
def test_every_command_uses_it(project, monkeypatch, way):
    given = []
    if way == "folder":
        monkeypatch.chdir(project)
    elif way == "option":
        given = ["--project", str(project / "geomap.toml")]
        monkeypatch.setenv("GEOMAP_PROJECT", "")  # what the option sets is taken back
    else:
        monkeypatch.setenv("GEOMAP_PROJECT", str(project))
    found = CliRunner().invoke(cli.app, [*given, "place", "Sabzdara"], env={"COLUMNS": "160"})
    assert found.exit_code == 0, found.stderr
    assert "Sabzdara" in found.stdout
    told = CliRunner().invoke(cli.app, [*given, "gazetteer", "info"])
    assert str(project / "geomap.toml") in told.stdout
    assert "my.csv" in told.stdout


def test_worker_processes_have_its_names_too(project, repository):
    lines = '{"text": "A bomb killed six people in Sabzdara."}\n' * 3
    (project / "news.jsonl").write_text(lines)
    run = subprocess.run(
        [sys.executable, "-m", "geomap", "read", "news.jsonl", "--workers", "2"],
        cwd=project, env={**os.environ, "PYTHONPATH": str(repository)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.stdout.count("user:sabzdara") >= 3, run.stderr


def test_a_bad_file_is_one_line_of_the_command(project, monkeypatch):
    (project / "geomap.toml").write_text("[gazetteer]\nname = []\n")
    monkeypatch.chdir(project)
    result = CliRunner().invoke(cli.app, ["place", "Kabul"])
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "geomap.toml: unknown key" in result.stderr

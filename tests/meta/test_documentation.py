from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest
import typer.main

from geomap.cli import app

PAGES = ["README.md", *(f"docs/{name}.md" for name in ("quickstart", "command-line", "python"))]
TEST_COMMAND = ".venv/bin/pip install '.[test]' && .venv/bin/python -m pytest"
DEMO_COMMAND = "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/geomap demo"


def commands(group=None, prefix=""):
    """Return every command that does something, by its full name."""
    group = group or typer.main.get_command(app)
    found = {}
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            found |= commands(command, f"{prefix}{name} ")
        else:
            found[prefix + name] = command
    return found


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture
def desk(tmp_path, repository, samples):
    """Return a folder with articles in news/, and an environment whose `geomap` is this one."""
    shutil.copytree(samples, tmp_path / "news")
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "geomap"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m geomap "$@"\n')
    program.chmod(0o755)
    search = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return tmp_path, {**os.environ, "PATH": search, "PYTHONPATH": str(repository)}


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_run(page, desk, repository):
    folder, environment = desk
    lines = [
        line
        for block in blocks((repository / page).read_text(encoding="utf-8"), "sh")
        for line in block.splitlines()
        if "pip install" not in line  # what is installed is tested with the built wheel
    ]
    assert lines or page == "docs/python.md"
    for line in lines:
        run = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", line],
            cwd=folder, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert run.returncode == 0, f"{line}\n{run.stdout}{run.stderr}"


@pytest.mark.slow
@pytest.mark.parametrize("page", ["README.md", "docs/python.md"])
def test_the_python_of_a_page_runs(page, desk, repository):
    folder, environment = desk
    code = "\n".join(blocks((repository / page).read_text(encoding="utf-8"), "python"))
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stdout
    assert list(folder.glob("*.html"))


def test_every_command_has_a_chapter(repository):
    page = (repository / "docs" / "command-line.md").read_text(encoding="utf-8")
    chapters = re.findall(r"^## geomap (.+)$", page, re.MULTILINE)
    assert sorted(chapters) == sorted(commands())


@pytest.mark.parametrize("name", commands())
def test_every_help_has_two_examples_of_its_command(name):
    examples = re.findall(r"\$ (.+)", commands()[name].epilog)
    assert len(examples) >= 2
    assert all(f"geomap {name}" in example for example in examples)


@pytest.mark.parametrize("name", commands())
def test_every_option_of_a_command_is_explained(name):
    assert [p.name for p in commands()[name].params if not getattr(p, "help", None)] == []


def test_the_first_screen_holds_the_two_commands(repository):
    first_screen = (repository / "README.md").read_text(encoding="utf-8").splitlines()[:12]
    assert [line for line in first_screen if ".venv" in line] == [DEMO_COMMAND, TEST_COMMAND]


def test_continuous_integration_runs_the_same_two_commands(repository):
    script = (repository / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in script if line in (DEMO_COMMAND, TEST_COMMAND)] == [
        DEMO_COMMAND,
        TEST_COMMAND,
    ]


def test_links_between_pages_lead_somewhere(repository):
    pages = [*repository.glob("*.md"), *repository.glob("docs/*.md")]
    broken = [
        (page.name, target)
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []

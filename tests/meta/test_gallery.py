"""The gallery: short scripts, each of which still makes its map."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys

import pytest

MAX_LINES = 40
MAX_BYTES = 200_000
SCRIPTS = (
    "antimeridian", "arabic", "brief", "diplomacy", "one_town", "samples", "seeds", "ten_thousand",
    "timeline",
)  # fmt: skip


def test_every_script_is_listed_and_short(repository):
    folder = repository / "maps"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    assert {path.stem for path in folder.glob("*.py")} == {*SCRIPTS, "mkdocs_hook"}
    for path in folder.glob("*.py"):
        assert f"`{path.name}`" in listed
        assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES, path.name


def test_the_previews_are_few_and_small(repository):
    previews = list((repository / "maps" / "previews").iterdir())
    assert previews
    assert {path.stem for path in previews} <= set(SCRIPTS)
    assert sum(path.stat().st_size for path in previews) < MAX_BYTES


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_writes_its_map(repository, tmp_path, name):
    search = os.pathsep.join(filter(None, (str(repository), os.environ.get("PYTHONPATH"))))
    script = repository / "maps" / f"{name}.py"
    run = subprocess.run(
        [sys.executable, "-W", "error", str(script), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": search},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    page = (tmp_path / f"{name}.html").read_text(encoding="utf-8")
    assert "Content-Security-Policy" in page
    assert page.rstrip().endswith("</html>")
    pictures = [path.read_text(encoding="utf-8") for path in tmp_path.glob("*.svg")]
    assert pictures
    assert all(
        picture.startswith("<svg ") and "No incidents" not in picture for picture in pictures
    )


def test_a_page_of_mkdocs_gets_its_map(repository):
    hook = runpy.run_path(str(repository / "maps" / "mkdocs_hook.py"))
    page = (repository / "docs" / "gallery.md").read_text(encoding="utf-8")
    made = hook["on_page_content"](page, page=None)
    assert len(re.findall('<iframe title="', made)) == 1
    assert "data-geomap" not in made
    assert hook["on_page_content"]("<p>none</p>") == "<p>none</p>"

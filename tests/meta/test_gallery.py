"""The gallery: short scripts, each of which still makes its map."""

from __future__ import annotations

import ast
import base64
import os
import re
import runpy
import subprocess
import sys
import types

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


def texts_of(picture):
    """Return what a picture says: names, legend, counts; not where another GEOS puts a line."""
    return re.findall(r"<text[^>]*>(.*?)</text>", picture)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_writes_its_map(repository, tmp_path, request, name):
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
    preview = repository / "maps" / "previews" / f"{name}.svg"
    if preview.exists():
        made = (tmp_path / preview.name).read_text(encoding="utf-8")
        if request.config.getoption("--update-golden"):
            preview.write_text(made, encoding="utf-8")
        assert texts_of(made) == texts_of(preview.read_text(encoding="utf-8"))


def test_a_page_of_mkdocs_gets_its_map(repository):
    hook = runpy.run_path(str(repository / "maps" / "mkdocs_hook.py"))
    page = (repository / "docs" / "gallery.md").read_text(encoding="utf-8")
    made = hook["on_page_content"](page, page=None)
    assert len(re.findall('<iframe title="', made)) == 1
    assert "data-geomap" not in made
    assert hook["on_page_content"]("<p>none</p>") == "<p>none</p>"


def test_the_cells_of_the_quarto_document_give_the_map_and_its_picture(repository):
    page = (repository / "maps" / "embedded.qmd").read_text(encoding="utf-8")
    assert page.startswith('---\ntitle: "A map in a Quarto document"\nformat: html\n')
    cells = re.findall(r"```\{python\}\n(.*?)```", page, re.DOTALL)
    shown = []
    # As Jupyter does: what the last line of a cell gives is displayed.
    display = types.ModuleType("IPython.display")
    display.HTML = lambda text: {"text/html": text}
    names = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "IPython", types.ModuleType("IPython"))
        patch.setitem(sys.modules, "IPython.display", display)
        for cell in cells:
            *body, last = ast.parse(cell).body
            exec(compile(ast.Module(body, []), "cell", "exec"), names)  # noqa: S102 - ours
            shown.append(eval(compile(ast.Expression(last.value), "cell", "eval"), names))  # noqa: S307
    live, still = shown
    assert live["text/html"].startswith("<iframe ")
    bundle = still._repr_mimebundle_()
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert bundle["image/svg+xml"].startswith("<svg ")

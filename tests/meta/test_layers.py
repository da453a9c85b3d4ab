from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MAX_LINES = 700
# Folders of the machines that this is written on; none may stand in the tree.
MACHINE_PATH = re.compile(r"(^|[^\w.])/(work|farm|root)/", re.MULTILINE)
# Long enough that two writers do not hit upon the same words by chance.
SHARED_WORDS = 12


FOLDERS = (".ci", "bench", "docs", "gazetteer", "geomap", "maps", "tests", "training")
TEXTS = {".py", ".md", ".txt", ".toml", ".json", ".jsonl", ".html", ".js", ".css", ".csv", ".tsv"}


def texts(repository: Path) -> dict[Path, str]:
    """Return the text of every file that is ours, by path."""
    paths = [
        *repository.glob("*.*"),
        *(path for folder in FOLDERS for path in (repository / folder).rglob("*")),
    ]
    return {
        path: path.read_text(encoding="utf-8")
        for path in paths
        if path.is_file() and (path.suffix in TEXTS or path.parent.name == ".ci")
    }


def test_imports_flow_down(repository):
    program = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert program, "import-linter is not installed: pip install '.[test]'"
    run = subprocess.run(
        [program, "--no-cache"], cwd=repository, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout


def test_modules_stay_short(repository):
    lengths = {p: len(p.read_text().splitlines()) for p in (repository / "geomap").rglob("*.py")}
    assert {path for path, length in lengths.items() if length > MAX_LINES} == set()


def test_no_path_of_a_machine_stands_in_the_tree(repository):
    found = [path for path, text in texts(repository).items() if MACHINE_PATH.search(text)]
    assert found == []


def shingles(text: str) -> set[int]:
    words = re.findall(r"\w+", text.lower())
    return {hash(tuple(words[i : i + SHARED_WORDS])) for i in range(len(words) - SHARED_WORDS + 1)}


def test_no_text_of_the_corpora_stands_in_the_tree(repository, shared):
    paths = [
        *shared.glob("seeds/*.txt"),
        *shared.glob("data/geoparsing/*.jsonl"),
        *shared.glob("data/events/*.jsonl"),
    ]
    assert paths
    theirs = set().union(*(shingles(path.read_text(encoding="utf-8")) for path in paths))
    ours = texts(repository)
    assert len(ours) > 100
    assert [path for path, text in ours.items() if not theirs.isdisjoint(shingles(text))] == []


@pytest.mark.parametrize("name", ["LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "README.md"])
def test_the_usual_files_are_there(repository, name):
    assert (repository / name).stat().st_size > 500

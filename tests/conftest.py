"""Options and rules for the whole test run."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import hypothesis
import pytest

from geomap.gazetteer import Gazetteer, artefact

REPOSITORY = Path(__file__).parents[1]
SHARED = REPOSITORY.parent / "shared"

# How long an example takes says more about the machine than about geomap; bench/ measures speed.
hypothesis.settings.register_profile("geomap", deadline=None)
hypothesis.settings.load_profile("geomap")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite tests/golden/*.json from what is read now",
    )


def _refuse_skip(report):
    """Turn a skip into a failure: in CI nothing that a test needs may be missing."""
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    return _refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    return _refuse_skip((yield))


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def samples() -> Path:
    return REPOSITORY / "geomap" / "samples"


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip(f"needs the project's research data in {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer()


@pytest.fixture
def artefact_of(tmp_path_factory, monkeypatch):
    """Return what puts some places and names where the shipped ones are."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    def put(places, names):
        folder = tmp_path_factory.mktemp("artefact")
        columns = ("place", "name", "kind", "lang")
        rows = [dict(zip(columns, row, strict=True)) for row in names]
        for name, table in (("places", places), ("names", rows)):
            pq.write_table(pa.Table.from_pylist(table), folder / f"{name}.parquet")
        sums = [
            f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
            for path in sorted(folder.glob("*.parquet"))
        ]
        (folder / "SHA256SUMS").write_text("".join(sums))
        monkeypatch.setattr(artefact, "_data_folder", lambda: folder)

    return put

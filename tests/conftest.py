"""Options and rules for the whole test run."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

from geomap.gazetteer import Gazetteer

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

"""Pairwise F1 of incidents through the whole pipeline: one set to work on, one written last."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

HERE = Path(__file__).parent
_SPEC = importlib.util.spec_from_file_location("incident_tables", HERE / "incidents.py")
tables = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(tables)


@pytest.mark.parametrize(("table", "least"), [(tables.TABLE, 0.94), (tables.KEPT, 0.9)])
def test_reports_of_one_incident_are_found_together(table: Path, least: float) -> None:
    precision, _, f1 = tables.score(table)
    assert precision >= 0.97
    assert f1 >= least

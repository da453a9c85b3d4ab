"""Accuracy on the tables of date phrases: one to work on, one that was written last."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

HERE = Path(__file__).parent
_SPEC = importlib.util.spec_from_file_location("date_tables", HERE / "dates.py")
tables = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(tables)


@pytest.mark.parametrize(("table", "least"), [(tables.TABLE, 313), (tables.KEPT, 168)])
def test_phrases_keep_their_intervals(table: Path, least: int) -> None:
    wrong = list(tables.misses(table))
    assert len(tables.rows(table)) - len(wrong) >= least, "\n".join(wrong)

"""Days of events on our own texts: one set to work on, one that was written last."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

HERE = Path(__file__).parent
_SPEC = importlib.util.spec_from_file_location("when_tables", HERE / "when.py")
tables = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(tables)


@pytest.mark.parametrize(("table", "most"), [(tables.TABLE, 1), (tables.KEPT, 1)])
def test_events_keep_their_days(table: Path, most: int) -> None:
    wrong = list(tables.misses(table))
    assert len(wrong) <= most, "\n".join(wrong)

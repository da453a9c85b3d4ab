from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("gate", Path(__file__).with_name("gate.py"))
gate = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(gate)

OLD = {"X": {"sha256": "s", "floors": {"id": 0.5}}}


def measured(value: float) -> dict:
    return {"X": {"sha256": "s", "figures": {"id": value}}}


@pytest.mark.slow
@pytest.mark.parametrize("name", gate.names())
def test_no_figure_is_below_its_floor(name):
    if gap := gate.missing(name):
        pytest.skip(f"needs {gap}")
    assert gate.problems(name, gate.measure(name)) == []


def test_every_corpus_has_all_floors():
    baseline = gate.json.loads(gate.BASELINE.read_text(encoding="utf-8"))
    assert {name: tuple(entry["floors"]) for name, entry in baseline.items()} == dict.fromkeys(
        ("GWN", "LGL", "TR-News"), gate.FIGURES
    )


def test_a_floor_is_raised_and_rounded_down():
    new = gate.updated(OLD, measured(0.61299), allow_regression=False)
    assert new["X"]["floors"]["id"] == 0.612


def test_a_floor_is_not_lowered_unless_asked():
    with pytest.raises(SystemExit, match="would lower X id"):
        gate.updated(OLD, measured(0.4), allow_regression=False)
    lowered = gate.updated(OLD, measured(0.4), allow_regression=True)
    assert lowered["X"]["floors"]["id"] == 0.4


def test_a_fall_and_a_changed_corpus_are_told(monkeypatch, tmp_path):
    path = tmp_path / "baseline.json"
    path.write_text(gate.json.dumps(OLD))
    monkeypatch.setattr(gate, "BASELINE", path)
    found = {"sha256": "other", "figures": {"id": 0.4999}}
    assert [line.split(": ")[1][:12] for line in gate.problems("X", found)] == [
        "the corpus i",
        "id 0.4999 is",
    ]

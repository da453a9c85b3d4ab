"""Trees as arrays: the shipped format, and the same answers as LightGBM's."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from geomap.events.trees import Forest

TREE = {
    "feature": [0, 1],
    "threshold": [0.5, 2.0],
    "left": [-1, -2],
    "right": [1, -3],
    "leaf": [1.0, 10.0, 100.0],
}


def test_leaves_are_summed_over_trees() -> None:
    forest = Forest.of([TREE, {**TREE, "leaf": [0.5, 0.25, 0.125]}])
    assert forest([[0.5, 9.0], [0.6, 2.0], [0.6, 2.1]]) == [1.5, 10.25, 100.125]


def test_a_tree_may_be_one_leaf() -> None:
    bare: dict[str, Any] = {"feature": [], "threshold": [], "left": [], "right": [], "leaf": [0.3]}
    assert Forest.of([bare])([[1.0]]) == [0.3]


def test_no_rows_give_no_sums() -> None:
    assert Forest.of([TREE])([]) == []


@pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("lightgbm", "sklearn", "scipy")),
    reason="needs LightGBM and scikit-learn: pip install '.[train]'",
)
def test_the_arrays_answer_as_the_trainer_does() -> None:
    lightgbm = pytest.importorskip("lightgbm")
    numpy = pytest.importorskip("numpy")
    sys.path.insert(0, str(Path(__file__).parents[2] / "training"))
    linking = pytest.importorskip("linking")
    random = numpy.random.default_rng(1)
    rows = random.normal(size=(600, 5))
    right = (rows[:, 0] * rows[:, 1] > 0.1).astype(float)
    booster = lightgbm.train({**linking.TREES, "seed": 1}, lightgbm.Dataset(rows, right), 20)
    forest = Forest.of(
        [linking.flat(t["tree_structure"]) for t in booster.dump_model()["tree_info"]]
    )
    odds = booster.predict(rows, raw_score=True)
    assert numpy.abs(numpy.array(forest(rows.tolist())) - odds).max() < 0.01

"""Fit CatBoost forests and write them as plain numbers that `geomap.forest` evaluates."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from catboost import CatBoost, Pool

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.forest import Forest

__all__ = ["as_table", "fit", "to_json"]

# More trees or deeper ones gain nothing on the folds; columns are drawn at random for each tree.
SETTINGS: dict[str, Any] = {
    "iterations": 300,
    "depth": 6,
    "learning_rate": 0.08,
    "l2_leaf_reg": 5,
    "rsm": 0.3,
    "random_seed": 0,
    "thread_count": 2,
    "verbose": 0,
    "allow_writing_files": False,
    "nan_mode": "Forbidden",
}


def fit(
    matrix: np.ndarray,
    wanted: Sequence[float],
    *,
    weights: Sequence[float] | None = None,
    groups: Sequence[int] | None = None,
    baseline: Sequence[float] | None = None,
    **settings: object,
) -> CatBoost:
    """Fit a forest: a classifier, or with `groups` a choice of one row in each group.

    What the trees say is added to the `baseline`, where one is given.
    """
    pool = Pool(matrix, wanted, weight=weights, group_id=groups, baseline=baseline)
    loss = "QuerySoftMax" if groups is not None else "Logloss"
    model = CatBoost({**SETTINGS, "loss_function": loss, **settings})
    model.fit(pool)
    return model


def to_json(model: CatBoost, columns: Sequence[str]) -> dict[str, Any]:
    """Return a fitted forest as the object that `geomap.forest` reads."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        table = json.loads(path.read_text(encoding="utf-8"))
    depth = max(len(tree["splits"] or []) for tree in table["oblivious_trees"])
    numbers: dict[tuple[int, float], int] = {}
    trees, leaves = [], []
    for tree in table["oblivious_trees"]:
        splits = [(s["float_feature_index"], s["border"]) for s in tree["splits"] or []]
        # A shallower tree repeats its first question: the leaves that cannot be reached hold 0.
        asked = splits + [splits[0] if splits else (0, 0.0)] * (depth - len(splits))
        trees.append([numbers.setdefault(split, len(numbers)) for split in asked])
        values = [round(value, 5) for value in tree["leaf_values"]]
        full = [0.0] * 2**depth
        for number in range(2**depth):
            full[number] = values[number % len(values)]
        leaves.append(full)
    scale, bias = table["scale_and_bias"]
    leaves = [[round(value * scale, 5) for value in row] for row in leaves]
    return {
        "columns": list(columns),
        "bias": float(np.ravel(bias)[0]) if np.size(bias) else 0.0,
        "questions": [list(question) for question in numbers],
        "trees": trees,
        "leaves": leaves,
    }


def as_table(forest: Forest) -> dict[str, Any]:
    """Return a forest as the object that it was read from."""
    return {
        "columns": list(forest.columns),
        "bias": forest.bias,
        "questions": [
            [int(column), round(float(border), 7)]
            for column, border in zip(forest.feature, forest.border, strict=True)
        ],
        "trees": forest.question.tolist(),
        "leaves": [[round(leaf, 5) for leaf in tree] for tree in forest.leaves.tolist()],
    }

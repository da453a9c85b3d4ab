from __future__ import annotations

import numpy as np
import pytest

from geomap.forest import from_json

TABLE = {
    "columns": ["a", "b"],
    "bias": 0.5,
    # a > 1, b > 0
    "questions": [[0, 1.0], [1, 0.0]],
    # The first tree asks for a, then b; the second for b alone, padded by the same question.
    "trees": [[0, 1], [1, 1]],
    "leaves": [[0.0, 1.0, 10.0, 11.0], [0.0, 0.0, 0.0, 100.0]],
}


@pytest.mark.parametrize(
    ("row", "wanted"),
    [((0.0, 0.0), 0.5), ((2.0, 0.0), 1.5), ((0.0, 1.0), 110.5), ((2.0, 1.0), 111.5)],
)
def test_answers_are_the_digits_of_the_leaf(row, wanted):
    assert from_json(TABLE).raw(np.array([row])).tolist() == [wanted]


def test_a_value_on_the_border_answers_no():
    assert from_json(TABLE).raw(np.array([[1.0, 0.0]])).tolist() == [0.5]


def test_no_rows_give_no_sums():
    assert from_json(TABLE).raw(np.zeros((0, 2))).shape == (0,)


def test_rows_do_not_depend_on_one_another():
    rows = np.array([[0.0, 1.0], [2.0, 0.0], [2.0, 2.0]])
    forest = from_json(TABLE)
    together = forest.raw(rows).tolist()
    assert [forest.raw(rows[i : i + 1])[0] for i in range(3)] == together


def test_many_rows_are_summed_like_few():
    rows = np.random.default_rng(0).normal(size=(700, 2))
    forest = from_json(TABLE)
    assert forest.raw(rows).tolist() == [forest.raw(row[None])[0] for row in rows]


@pytest.mark.parametrize("stage", ["mentions", "resolve", "events"])
def test_the_shipped_forests_have_leaves_for_every_answer(stage):
    if stage == "mentions":
        from geomap.mentions.accept import shipped_model

        forests = [shipped_model().first, shipped_model().second]
    elif stage == "events":
        from geomap.events.linking import COLUMNS, shipped_model

        forests = [shipped_model().forest]
        assert forests[0].columns == COLUMNS
    else:
        from geomap.resolve import shipped_model

        forests = [shipped_model().forest]
    for forest in forests:
        trees, depth = forest.question.shape
        assert forest.leaves.shape == (trees, 2**depth)
        assert forest.feature.max() < len(forest.columns)
        assert np.isfinite(forest.leaves).all()

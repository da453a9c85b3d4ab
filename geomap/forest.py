"""Boosted trees as plain numbers: every tree asks the same question on each of its levels.

Such trees (CatBoost's "oblivious" ones: Prokhorenkova et al., NeurIPS 2018) need no library to be
evaluated: the answers on the levels are the binary digits of the leaf's number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["Forest", "from_json"]


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """An ensemble of trees of one depth, over columns that have names.

    Parameters
    ----------
    columns
        What each column of a matrix holds.
    feature
        Column that each question looks at, one a question.
    border
        A value above it answers yes, one a question.
    question
        Which question each level of each tree asks: trees x depth, lowest digit first.
    leaves
        What each leaf adds: trees x 2 ** depth.
    bias
        What is added to every sum.
    """

    columns: tuple[str, ...]
    feature: NDArray[np.intp]
    border: NDArray[np.float32]
    question: NDArray[np.intp]
    leaves: NDArray[np.float64]
    bias: float

    def raw(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sum of the leaves that each row falls into.

        Parameters
        ----------
        matrix
            Rows x columns, in the order of `columns`, without NaN.

        Returns
        -------
        numpy.ndarray
            One number a row; empty for no rows.
        """
        # Borders were found on single precision: the same number must fall on the same side.
        single = matrix.astype(np.float32)
        answers = (single[:, self.feature] > self.border).astype(np.int32)
        digits = self.question.shape[1]
        leaf = np.zeros((matrix.shape[0], self.question.shape[0]), dtype=np.int32)
        for digit in range(digits):
            leaf += answers[:, self.question[:, digit]] << digit
        trees = np.arange(self.question.shape[0])
        total: NDArray[np.float64] = self.leaves[trees, leaf].sum(axis=1) + self.bias
        return total


def from_json(table: Mapping[str, object]) -> Forest:
    """Build a forest from the object that training wrote.

    Parameters
    ----------
    table
        The keys columns, bias, questions ([column, border] each), trees (question numbers) and
        leaves.

    Returns
    -------
    Forest
        The forest.
    """
    questions = np.array(table["questions"], dtype=np.float64).reshape(-1, 2)
    return Forest(
        columns=tuple(table["columns"]),  # type: ignore[arg-type]
        feature=questions[:, 0].astype(np.intp),
        border=questions[:, 1].astype(np.float32),
        question=np.array(table["trees"], dtype=np.intp),
        leaves=np.array(table["leaves"], dtype=np.float64),
        bias=float(table["bias"]),  # type: ignore[arg-type]
    )

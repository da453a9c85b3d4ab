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

# So many rows are evaluated at once: what they need stays in a core's own cache.
_CHUNK = 256


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
        Which question each level of each tree asks: trees x depth, lowest digit first; at most
        eight levels.
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
        starts = range(0, len(matrix), _CHUNK)
        parts = [self._sums(matrix[start : start + _CHUNK]) for start in starts]
        return np.concatenate(parts) if parts else np.zeros(0)

    def _sums(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        # Borders were found on single precision: the same number must fall on the same side.
        columns = matrix.T.astype(np.float32, order="C")
        answers = (columns.take(self.feature, axis=0) > self.border[:, None]).view(np.uint8)
        # Trees x rows: the digits of the leaves' numbers, the highest first.
        leaf = answers.take(self.question[:, -1], axis=0)
        for digit in range(self.question.shape[1] - 2, -1, -1):
            leaf += leaf
            leaf += answers.take(self.question[:, digit], axis=0)
        trees, leaves = self.leaves.shape
        at = leaf.T.astype(np.intp, order="C")
        at += np.arange(0, trees * leaves, leaves)
        total: NDArray[np.float64] = self.leaves.ravel().take(at).sum(axis=1) + self.bias
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

"""Boosted decision trees as arrays: what LightGBM learns, without LightGBM."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["Forest"]


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """Trees whose leaves are summed, all of them walked at once.

    Nodes and leaves of all trees stand in one row: at a node, go to `left` where the column
    `feature` is no greater than `threshold`, else to `right`; a leaf leads to itself and adds
    `value`. `roots` is where each tree begins, `depth` how many steps the deepest takes.
    """

    feature: NDArray[np.intp]
    threshold: NDArray[np.float64]
    left: NDArray[np.intp]
    right: NDArray[np.intp]
    value: NDArray[np.float64]
    roots: NDArray[np.intp]
    depth: int

    @classmethod
    def of(cls, held: Sequence[Mapping[str, Any]]) -> Forest:
        """Build a forest from its JSON: lists "feature", "threshold", "left", "right", "leaf".

        A child below zero is a leaf, the number of its value being `-1 - child`.
        """
        feature: list[int] = []
        threshold: list[float] = []
        left: list[int] = []
        right: list[int] = []
        value: list[float] = []
        roots: list[int] = []
        for tree in held:
            first, nodes, leaves = len(feature), len(tree["feature"]), len(tree["leaf"])
            after = first + nodes
            own = list(range(after, after + leaves))
            roots.append(first)
            feature += [*tree["feature"], *([0] * leaves)]
            threshold += [*tree["threshold"], *([0.0] * leaves)]
            for side, children in (("left", left), ("right", right)):
                moved = [first + at if at >= 0 else after - 1 - at for at in tree[side]]
                children.extend((*moved, *own))
            value += [*([0.0] * nodes), *tree["leaf"]]
        return cls(
            feature=np.array(feature, dtype=np.intp),
            threshold=np.array(threshold, dtype=np.float64),
            left=np.array(left, dtype=np.intp),
            right=np.array(right, dtype=np.intp),
            value=np.array(value, dtype=np.float64),
            roots=np.array(roots, dtype=np.intp),
            depth=max((_depth(tree, 0) for tree in held), default=0),
        )

    def __call__(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """Return the sum of the leaves that each row reaches.

        Parameters
        ----------
        rows
            Features by row; may be empty.

        Returns
        -------
        list[float]
            One sum a row.
        """
        if not rows:
            return []
        matrix = np.array(rows, dtype=np.float64)
        which = np.arange(len(rows))[:, None]
        at = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        for _ in range(self.depth):
            low = matrix[which, self.feature[at]] <= self.threshold[at]
            at = np.where(low, self.left[at], self.right[at])
        return [float(total) for total in self.value[at].sum(axis=1)]


def _depth(tree: Mapping[str, Any], node: int) -> int:
    """Return how many steps lie between a node and its deepest leaf."""
    if node < 0 or not tree["feature"]:
        return 0
    return 1 + max(_depth(tree, tree[side][node]) for side in ("left", "right"))

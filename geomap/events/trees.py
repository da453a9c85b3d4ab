"""Boosted decision trees as arrays: what LightGBM learns, without LightGBM."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Forest"]


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees whose leaves are summed.

    A tree is one tuple of nodes; a node is (feature, threshold, left, right): go left where the
    feature is no greater than the threshold. A child below zero is a leaf, the number of its
    value being `-1 - child`.
    """

    trees: tuple[tuple[tuple[tuple[int, float, int, int], ...], tuple[float, ...]], ...]

    @classmethod
    def of(cls, held: Sequence[Mapping[str, Any]]) -> Forest:
        """Build a forest from its JSON: lists "feature", "threshold", "left", "right", "leaf"."""
        return cls(
            tuple(
                (
                    tuple(zip(t["feature"], t["threshold"], t["left"], t["right"], strict=True)),
                    tuple(t["leaf"]),
                )
                for t in held
            )
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
        out = []
        for row in rows:
            total = 0.0
            for nodes, leaves in self.trees:
                at = 0 if nodes else -1
                while at >= 0:
                    feature, threshold, left, right = nodes[at]
                    at = left if row[feature] <= threshold else right
                total += leaves[-1 - at]
            out.append(total)
        return out

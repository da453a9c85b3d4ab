"""Accept or reject: which stretches name places, and which of two overlapping ones."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geomap.mentions.candidates import Stretch

__all__ = ["THRESHOLD", "chosen", "probability", "shipped_weights"]

# Chosen on the development folds for the best F1 of exact spans (see training/mentions.py).
THRESHOLD = 0.38


@cache
def shipped_weights() -> dict[str, float]:
    """Return the weights of the shipped model, by feature."""
    table = Path(__file__).with_name("weights.json").read_text(encoding="utf-8")
    weights: dict[str, float] = json.loads(table)["weights"]
    return weights


def probability(features: Iterable[str], weights: Mapping[str, float]) -> float:
    """Return how likely a stretch with these features names a place (logistic regression).

    Parameters
    ----------
    features
        Names of the features that hold; unknown ones count nothing.
    weights
        What each feature adds to the log odds.

    Returns
    -------
    float
        Between 0 and 1.
    """
    return 1 / (1 + math.exp(-sum(weights.get(name, 0.0) for name in features)))


def chosen(scored: Sequence[tuple[Stretch, float]]) -> list[tuple[Stretch, float]]:
    """Pick stretches that do not overlap: the likeliest first, the longer one on a tie.

    Parameters
    ----------
    scored
        Stretches with their probabilities.

    Returns
    -------
    list of (Stretch, float)
        In text order.
    """
    order = sorted(scored, key=lambda pair: (-pair[1], pair[0].start - pair[0].end, pair[0].start))
    taken: set[int] = set()
    kept = []
    for stretch, score in order:
        tokens = range(stretch.first, stretch.last)
        if score >= THRESHOLD and taken.isdisjoint(tokens):
            taken.update(tokens)
            kept.append((stretch, score))
    return sorted(kept)

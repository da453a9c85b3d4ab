"""Accept or reject: which stretches name places, and which of two overlapping ones.

Three models in a row: a logistic regression over the yes/no features, trees over its answer and the
numbers of the stretch, and trees that also see what the first ones say of the other stretches.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from geomap.forest import Forest, from_json
from geomap.mentions.company import company
from geomap.mentions.evidence import Evidence
from geomap.mentions.features import FeatureRows, LinearModel
from geomap.mentions.measures import COLUMNS, measures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomap.gazetteer import Gazetteer
    from geomap.mentions.candidates import Scene, Stretch
    from geomap.outlets import Home

__all__ = ["THRESHOLD", "AcceptModel", "Rows", "chosen", "rows_of", "shipped_model"]

# Chosen on the development folds for the best F1 of exact spans (see training/mentions.py).
THRESHOLD = 0.42


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What the models see of the stretches of one article.

    Parameters
    ----------
    evidence
        The stretches and what is known of them.
    features
        The yes/no features of each.
    numbers
        The numbers of each, a row a stretch.
    """

    evidence: Evidence
    features: FeatureRows
    numbers: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class AcceptModel:
    """The three models.

    Parameters
    ----------
    linear
        What each yes/no feature adds to the log odds.
    first
        Trees over the numbers of a stretch, the regression's answer last.
    second
        Trees over the numbers of a stretch and of its company.
    """

    linear: LinearModel
    first: Forest
    second: Forest

    def first_pass(self, rows: Rows) -> NDArray[np.float64]:
        """Return the log odds of each stretch by itself."""
        return self.first.raw(np.column_stack([rows.numbers, self.linear.odds(rows.features)]))

    def probabilities(self, rows: Rows) -> NDArray[np.float64]:
        """Return how likely each stretch names a place."""
        if not len(rows.numbers):
            return np.zeros(0)
        beside = company(rows.evidence, self.first_pass(rows))
        odds = self.second.raw(np.column_stack([rows.numbers, beside]))
        found: NDArray[np.float64] = 1 / (1 + np.exp(-odds))
        return found


@cache
def shipped_model() -> AcceptModel:
    """Return the shipped models."""
    table = json.loads(Path(__file__).with_name("model.json").read_text(encoding="utf-8"))
    return AcceptModel(
        LinearModel(table["weights"]), from_json(table["first"]), from_json(table["second"])
    )


def rows_of(
    scene: Scene,
    stretches: Sequence[Stretch],
    gazetteer: Gazetteer,
    home: Home | None = None,
) -> Rows:
    """Measure the stretches of one article.

    Parameters
    ----------
    scene
        The text and its tokens.
    stretches
        Its stretches, in text order; may be empty.
    gazetteer
        Where the names come from.
    home
        Where the publisher is at home; None where that is not known.

    Returns
    -------
    Rows
        What the models see.
    """
    evidence = Evidence(scene, stretches, gazetteer, home)
    numbers = measures(evidence) if stretches else np.zeros((0, len(COLUMNS)))
    return Rows(evidence=evidence, features=FeatureRows(evidence), numbers=numbers)


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

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
from geomap.mentions.features import Evidence
from geomap.mentions.measures import Measures

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from geomap.gazetteer import Gazetteer
    from geomap.mentions.candidates import Scene, Stretch

__all__ = ["THRESHOLD", "AcceptModel", "Rows", "chosen", "linear_odds", "rows_of", "shipped_model"]

# Chosen on the development folds for the best F1 of exact spans (see training/mentions.py).
THRESHOLD = 0.42


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What the models see of the stretches of one article.

    Parameters
    ----------
    text
        The article's text.
    stretches
        Its stretches.
    evidence
        What their features were made from.
    features
        The yes/no features of each.
    numbers
        The numbers of each, a row a stretch.
    """

    text: str
    stretches: Sequence[Stretch]
    evidence: Evidence
    features: Sequence[Sequence[str]]
    numbers: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class AcceptModel:
    """The three models.

    Parameters
    ----------
    weights
        What each yes/no feature adds to the log odds.
    first
        Trees over the numbers of a stretch, the regression's answer last.
    second
        Trees over the numbers of a stretch and of its company.
    """

    weights: Mapping[str, float]
    first: Forest
    second: Forest

    def first_pass(self, rows: Rows) -> NDArray[np.float64]:
        """Return the log odds of each stretch by itself."""
        linear = linear_odds(self.weights, rows.features)
        return self.first.raw(np.column_stack([rows.numbers, linear]))

    def probabilities(self, rows: Rows) -> NDArray[np.float64]:
        """Return how likely each stretch names a place."""
        if not rows.stretches:
            return np.zeros(0)
        beside = company(rows.text, rows.stretches, self.first_pass(rows), rows.evidence)
        odds = self.second.raw(np.column_stack([rows.numbers, beside]))
        found: NDArray[np.float64] = 1 / (1 + np.exp(-odds))
        return found


def linear_odds(
    weights: Mapping[str, float], features: Sequence[Iterable[str]]
) -> NDArray[np.float64]:
    """Return the log odds that the yes/no features of each stretch add up to."""
    return np.array([sum(weights.get(name, 0.0) for name in names) for names in features])


@cache
def shipped_model() -> AcceptModel:
    """Return the shipped models."""
    table = json.loads(Path(__file__).with_name("model.json").read_text(encoding="utf-8"))
    return AcceptModel(table["weights"], from_json(table["first"]), from_json(table["second"]))


def rows_of(
    scene: Scene,
    stretches: Sequence[Stretch],
    demonyms: Collection[Stretch],
    gazetteer: Gazetteer,
) -> Rows:
    """Measure the stretches of one article.

    Parameters
    ----------
    scene
        The text and its tokens.
    stretches
        Its stretches.
    demonyms
        Those of them that are names of peoples.
    gazetteer
        Where the names come from.

    Returns
    -------
    Rows
        What the models see.
    """
    evidence = Evidence(scene, stretches, gazetteer)
    measures = Measures(scene, stretches, evidence, demonyms)
    return Rows(
        text=scene.text,
        stretches=stretches,
        evidence=evidence,
        features=[evidence.of(stretch) for stretch in stretches],
        numbers=np.array([measures.of(stretch) for stretch in stretches], dtype=np.float64),
    )


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

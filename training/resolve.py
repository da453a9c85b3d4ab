"""Fit the ranker: a conditional logit over the places of each string of an article."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from geomap.articles import dateline
from geomap.model import Mention, Span
from geomap.resolve import log_odds, softmax
from geomap.resolve.context import Context
from geomap.resolve.units import units

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpora import Gold

    from geomap.gazetteer import Gazetteer

__all__ = ["Choice", "fit", "train"]

PASSES = 2
# Strength of the L2 penalty on the weights.
PENALTY = 1.0
# What the corpora hardly show but English grammar says: "Bannu district" is the district, "Bannu"
# is the town. Weights are drawn towards these instead of towards zero.
EXPECTED = {
    "fits its unit word": 2.0,
    "unlike its unit word": -1.0,
    "its full name": 6.0,
    "unit around its town": -2.0,
}
# Each round sees the beliefs that the weights of the round before lead to.
ROUNDS = 3

Choice = tuple[list[dict[str, float]], int, float]


def choices(article: Gold, gazetteer: Gazetteer, weights: Mapping[str, float]) -> list[Choice]:
    """Return (features of each place, index of the right one, weight) for each string and pass."""
    mentions, golds = [], []
    end = 0
    for (start, stop), gold in sorted(article.toponyms.items()):
        if start < end:
            continue
        end = stop
        kind = "demonym" if gold.get("type") == "Demonym" else "place"
        span = Span(start=start, end=stop)
        mentions.append(Mention(span=span, text=span.of(article.text), kind=kind))
        golds.append(gold)
    found = units(article.text, mentions, gazetteer)
    heading = dateline(article.text)
    beliefs = [softmax(unit.priors) for unit in found]
    made: list[Choice] = []
    for _ in range(PASSES):
        context = Context(article.text, mentions, found, beliefs, heading)
        features = [
            [context.features(u, p) for p in range(len(unit.places))]
            for u, unit in enumerate(found)
        ]
        for unit, rows in zip(found, features, strict=True):
            wanted = f"geonames:{golds[unit.members[0]].get('geonameid')}"
            right = [p for p, named in enumerate(unit.places) if named.place.id == wanted]
            if right and len(rows) > 1:
                made.append((rows, right[0], math.sqrt(len(unit.members)) / PASSES))
        if weights:
            beliefs = [softmax([log_odds(row, weights) for row in rows]) for rows in features]
    return made


def fit(made: list[Choice]) -> dict[str, float]:
    """Maximise the penalised likelihood of the right places."""
    names = sorted({name for rows, *_ in made for row in rows for name in row})
    column = {name: i for i, name in enumerate(names)}
    total = sum(len(rows) for rows, *_ in made)
    matrix = np.zeros((total, len(names)))
    group = np.zeros(total, dtype=int)
    starts, right, weight, at = [], [], [], 0
    for number, (rows, index, importance) in enumerate(made):
        starts.append(at)
        right.append(at + index)
        weight.append(importance)
        for row in rows:
            matrix[at, [column[n] for n in row]] = list(row.values())
            group[at] = number
            at += 1
    importances = np.array(weight)
    expected = np.array([EXPECTED.get(name, 0.0) for name in names])

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ values
        top = np.maximum.reduceat(scores, starts)
        raised = np.exp(scores - top[group])
        sums = np.add.reduceat(raised, starts)
        shares = raised / sums[group]
        fits = importances * (scores[right] - top - np.log(sums))
        slope = matrix.T @ (shares * importances[group]) - matrix[right].T @ importances
        return (
            float(PENALTY / 2 * np.square(values - expected).sum() - fits.sum()),
            slope + PENALTY * (values - expected),
        )

    best = minimize(loss, expected, jac=True, method="L-BFGS-B")
    return {name: float(best.x[i]) for name, i in column.items()}


def train(articles: list[Gold], gazetteer: Gazetteer) -> dict[str, float]:
    """Alternate between fitting and believing."""
    weights: dict[str, float] = {}
    for _ in range(ROUNDS):
        weights = fit([c for article in articles for c in choices(article, gazetteer, weights)])
    return weights

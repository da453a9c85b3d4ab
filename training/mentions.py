"""Fit the accept model: logistic regression over named yes/no features."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from geomap.mentions import demonym_stretches
from geomap.mentions.candidates import Scene, candidates
from geomap.mentions.features import Evidence

if TYPE_CHECKING:
    from corpora import Gold

    from geomap.gazetteer import Gazetteer

__all__ = ["Sample", "fit", "samples"]

# Gold that has neither an id nor a point is where the corpora disagree about what a toponym is.
UNLINKED_WEIGHT = 0.3
# Rarer features would be learnt by heart.
MIN_COUNT = 8
# Inverse strength of the L2 penalty; 0.1 to 1 score alike on the folds.
INVERSE_PENALTY = 0.5

Sample = tuple[tuple[str, ...], bool, float]


def samples(article: Gold, gazetteer: Gazetteer) -> list[Sample]:
    """Return (features, is a place, weight) for every stretch but the demonyms."""
    scene = Scene.of(article.text)
    stretches = candidates(scene, gazetteer)
    evidence = Evidence(scene, stretches, gazetteer)
    demonyms = set(demonym_stretches(stretches, gazetteer))
    found = []
    for stretch in stretches:
        gold = article.toponyms.get((stretch.start, stretch.end))
        if stretch in demonyms or (gold and gold.get("type") == "Demonym"):
            continue
        linked = gold is None or gold.get("geonameid") or gold.get("lat") is not None
        weight = 1.0 if linked else UNLINKED_WEIGHT
        found.append((tuple(sorted(set(evidence.of(stretch)))), gold is not None, weight))
    return found


def fit(rows: list[Sample]) -> dict[str, float]:
    """Fit the weights; the bias is a feature like the others."""
    counts = Counter(name for features, *_ in rows for name in features)
    columns = {n: i for i, n in enumerate(sorted(n for n, c in counts.items() if c >= MIN_COUNT))}
    kept = [[columns[n] for n in features if n in columns] for features, *_ in rows]
    pointers = np.cumsum([0, *map(len, kept)])
    flat = [column for row in kept for column in row]
    matrix = sparse.csr_matrix(
        (np.ones(len(flat)), flat, pointers), shape=(len(rows), len(columns))
    )
    model = LogisticRegression(
        C=INVERSE_PENALTY, max_iter=400, solver="liblinear", fit_intercept=False
    )
    model.fit(matrix, [row[1] for row in rows], sample_weight=[row[2] for row in rows])
    return {name: float(model.coef_[0][i]) for name, i in columns.items()}

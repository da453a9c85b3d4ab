"""Fit the accept model: a logistic regression, and two passes of trees over its answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import forests
import numpy as np
from corpora import folds
from grammar import at_war, people
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from geomap.forest import from_json
from geomap.mentions.accept import AcceptModel, Rows, rows_of
from geomap.mentions.candidates import Scene, candidates
from geomap.mentions.company import COLUMNS as COMPANY_COLUMNS
from geomap.mentions.company import company
from geomap.mentions.features import LinearModel
from geomap.mentions.measures import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from corpora import Gold
    from numpy.typing import NDArray

    from geomap.forest import Forest
    from geomap.gazetteer import Gazetteer
    from geomap.outlets import Home

__all__ = ["Sample", "fit", "samples_of", "to_json", "train"]

# Gold that has neither an id nor a point is where the corpora disagree about what a toponym is.
UNLINKED_WEIGHT = 0.3
# Rarer features would be learnt by heart; what counts less adds less.
MIN_WEIGHT = 8.0
# Sentences of patterns: people with names of places ("Jordan scored"), towns at war. Counted
# in full they cost .002 of det_f1 on news.
MADE_WEIGHT = 0.5
# Inverse strength of the L2 penalty; 0.1 to 1 score alike on the folds.
INVERSE_PENALTY = 0.5
# What one model feeds to the next is made by models that have not seen the article.
FOLDS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One article's stretches with their labels; those that count nothing have no weight."""

    gold: Gold
    rows: Rows
    labels: NDArray[np.float64]
    weights: NDArray[np.float64]


def samples_of(article: Gold, gazetteer: Gazetteer, homes: Sequence[Home]) -> list[Sample]:
    """Measure an article, without a home and with each of those that its outlet may be given."""
    variants = (None, *homes)
    return [sample(article, gazetteer, home, 1 / len(variants)) for home in variants]


def sample(article: Gold, gazetteer: Gazetteer, home: Home | None, importance: float) -> Sample:
    """Measure the stretches of an article; demonyms are told by the gazetteer and not learned."""
    scene = Scene.of(article.text)
    stretches = candidates(scene, gazetteer)
    rows = rows_of(scene, stretches, gazetteer, home)
    labels, weights = [], []
    for stretch, is_demonym in zip(stretches, rows.evidence.demonyms, strict=True):
        gold = article.toponyms.get((stretch.start, stretch.end))
        labels.append(float(gold is not None))
        if is_demonym or (gold and gold.get("type") == "Demonym"):
            weights.append(0.0)
        else:
            linked = gold is None or gold.get("geonameid") or gold.get("lat") is not None
            weights.append(importance * (1.0 if linked else UNLINKED_WEIGHT))
    return Sample(article, rows, np.array(labels), np.array(weights))


def train(
    articles: Sequence[Gold], gazetteer: Gazetteer, homes: Mapping[str, Sequence[Home]]
) -> AcceptModel:
    """Fit all three models on articles and on sentences about people that places share names with.

    Each article counts without a home and with each of those that its outlet may be given.
    """
    told = [s for a in articles for s in samples_of(a, gazetteer, homes.get(a.id, ()))]
    made = [*people(gazetteer), *at_war()]
    return fit([*told, *(sample(a, gazetteer, None, MADE_WEIGHT) for a in made)])


def fit(samples: Sequence[Sample]) -> AcceptModel:
    """Fit all three models."""
    odds = out_of_fold(samples, first_models, lambda model, s: model.first_pass(s.rows), seed=1)
    base = first_models(samples)
    beside = [
        company(s.rows.evidence, o) if len(o) else None for s, o in zip(samples, odds, strict=True)
    ]
    matrix = np.vstack(
        [
            np.column_stack([s.rows.numbers, b])
            for s, b in zip(samples, beside, strict=True)
            if b is not None
        ]
    )
    second = trees(matrix, samples, (*COLUMNS, *COMPANY_COLUMNS))
    return AcceptModel(base.linear, base.first, second)


def first_models(samples: Sequence[Sample]) -> AcceptModel:
    """Fit the regression and the first trees; the second ones stand in for nothing yet."""
    linear = out_of_fold(samples, regression, lambda model, s: model.odds(s.rows.features), seed=2)
    base = regression(samples)
    matrix = np.vstack(
        [
            np.column_stack([s.rows.numbers, o])
            for s, o in zip(samples, linear, strict=True)
            if len(o)
        ]
    )
    first = trees(matrix, samples, (*COLUMNS, "regression"))
    return AcceptModel(base, first, first)


def trees(matrix: NDArray[np.float64], samples: Sequence[Sample], columns: Sequence[str]) -> Forest:
    """Fit trees on the stretches that count."""
    labels = np.concatenate([s.labels for s in samples])
    weights = np.concatenate([s.weights for s in samples])
    used = weights > 0
    model = forests.fit(matrix[used], labels[used], weights=weights[used])
    return from_json(forests.to_json(model, columns))


def regression(samples: Sequence[Sample]) -> LinearModel:
    """Fit the weights of the yes/no features; the bias is a feature like the others."""
    rows = [
        (names, label, weight)
        for s in samples
        for names, label, weight in zip(s.rows.features.names(), s.labels, s.weights, strict=True)
        if weight
    ]
    counts: Counter[str] = Counter()
    for names, _, weight in rows:
        for name in set(names):
            counts[name] += weight
    columns = {n: i for i, n in enumerate(sorted(n for n, c in counts.items() if c >= MIN_WEIGHT))}
    kept = [sorted({columns[n] for n in names if n in columns}) for names, *_ in rows]
    pointers = np.cumsum([0, *map(len, kept)])
    flat = [column for row in kept for column in row]
    matrix = sparse.csr_matrix(
        (np.ones(len(flat)), flat, pointers), shape=(len(rows), len(columns))
    )
    model = LogisticRegression(
        C=INVERSE_PENALTY, max_iter=400, solver="liblinear", fit_intercept=False
    )
    model.fit(matrix, [row[1] for row in rows], sample_weight=[row[2] for row in rows])
    weights = {name: round(float(model.coef_[0][i]), 4) for name, i in columns.items()}
    return LinearModel(weights)


def out_of_fold(
    samples: Sequence[Sample],
    train: Callable[[Sequence[Sample]], Any],
    predict: Callable[[Any, Sample], NDArray[np.float64]],
    *,
    seed: int,
) -> list[NDArray[np.float64]]:
    """Predict every article by a model that has seen no article of its outlet."""
    dealt = folds([s.gold for s in samples], FOLDS, seed=seed)
    found = [np.zeros(0)] * len(samples)
    for fold in range(FOLDS):
        model = train([s for s in samples if dealt[s.gold.id] != fold])
        for at, one in enumerate(samples):
            if dealt[one.gold.id] == fold and len(one.rows.numbers):
                found[at] = predict(model, one)
    return found


def to_json(model: AcceptModel) -> dict[str, object]:
    """Return the models as the object that `geomap.mentions.accept` reads."""
    return {
        "weights": {n: w for n, w in sorted(model.linear.weights.items()) if w},
        "first": forests.as_table(model.first),
        "second": forests.as_table(model.second),
    }

"""Fit the ranker: a conditional logit over the places of each string, then trees that see it."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import forests
import numpy as np
from grammar import grammar, national
from scipy.optimize import minimize

from geomap.articles import dateline
from geomap.forest import from_json
from geomap.gazetteer import distance_km
from geomap.model import Mention, Span
from geomap.resolve import RankModel, believed_context, log_odds, softmax
from geomap.resolve import choices as choices_of
from geomap.resolve.context import Context
from geomap.resolve.units import units

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpora import Gold

    from geomap.gazetteer import Gazetteer
    from geomap.outlets import Home
    from geomap.resolve.units import Unit

__all__ = ["Choice", "fit", "to_json", "train"]

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
    "country": 1.0,
}
# Each round sees the beliefs that the weights of the round before lead to.
ROUNDS = 3
# As near to the gold point as the field's measure asks (within 161 km); such a place is the next
# best answer where the gazetteer lacks the right id, and none is where nothing lies so near.
REACH_KM = 161.0
NEAR_WEIGHT, NONE_WEIGHT = 0.5, 0.6
# Finer questions on population and distance, or more of them in a row, would tell one town from all
# others: trees with CatBoost's own settings took a bare "London" for the one in Ontario.
BORDERS, DEPTH = 16, 5
# More of it never speaks against a place (1) or never for it (-1), whatever local papers do.
SPEAKS_FOR = {
    "prominence": 1,
    "population": 1,
    "behind": 1,
    "belief": 1,
    "most prominent": 1,
    "capital": 1,
    "country": 1,
    "feature PCLI": 1,
    "unit around its town": -1,
    "feature PPLC": 1,
    "rank": -1,
    "rank in its country": -1,
    "named with its region": 1,
    "named with another region": -1,
    "region of the name before it": 1,
    "its country is named": 1,
    "its people are named": 1,
    "its province is named": 1,
    "its district is named": 1,
    "country votes": 1,
    "province votes": 1,
    "nearness": 1,
    "within 50 km": 1,
    "within 161 km": 1,
    "strings within 50 km": 1,
    "strings within 500 km": 1,
    "mean distance": -1,
    "fits its unit word": 1,
    "unlike its unit word": -1,
    "fits its word": 1,
    "unlike its word": -1,
    "its full name": 1,
    "the and no town": 1,
    "home distance": -1,
    "home's country": 1,
    "home's province": 1,
}
# Sentences of patterns count like news.
GRAMMAR_WEIGHT = 1.0

Choice = tuple[list[dict[str, float]], int, float]


def marked(article: Gold) -> tuple[list[Mention], list[dict[str, Any]]]:
    """Return the toponyms of an article as mentions, the longest of nested ones."""
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
    return mentions, golds


def choices(article: Gold, gazetteer: Gazetteer, weights: Mapping[str, float]) -> list[Choice]:
    """Return (features of each place, index of the right one, weight) for each string and pass."""
    mentions, golds = marked(article)
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
            odds = log_odds(context.columns, weights).tolist()
            offsets = context.statics.offsets
            beliefs = [softmax(odds[start:end]) for start, end in pairwise(offsets)]
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


def train_logit(articles: list[Gold], gazetteer: Gazetteer) -> dict[str, float]:
    """Alternate between fitting and believing."""
    weights: dict[str, float] = {}
    for _ in range(ROUNDS):
        weights = fit([c for article in articles for c in choices(article, gazetteer, weights)])
    return weights


def train(
    articles: list[Gold], gazetteer: Gazetteer, homes: Mapping[str, Sequence[Home]]
) -> RankModel:
    """Fit the logit, then the trees; an article counts without a home and with each of its own."""
    weights = train_logit(articles, gazetteer)
    rows: list[dict[str, float]] = []
    base: list[float] = []
    wanted: list[float] = []
    groups: list[int] = []
    importances: list[float] = []
    told: list[tuple[Gold, tuple[Home | None, ...]]] = [
        *((article, (None, *homes.get(article.id, ()))) for article in articles),
        *((article, (None,)) for article in grammar(gazetteer)),
        *((article, (home,)) for article, home in national(gazetteer)),
    ]
    for article, variants in told:
        mentions, golds = marked(article)
        for home in variants:
            context = believed_context(article.text, mentions, gazetteer, weights, home)
            offered = choices_of(context, weights)
            for u, unit in enumerate(context.units):
                targets = targets_of(unit, golds[unit.members[0]])
                if not targets:
                    continue
                measures, odds = offered.of(u)
                rows += measures
                base += odds
                wanted += targets
                groups += [groups[-1] + 1 if groups else 0] * len(targets)
                importance = math.sqrt(len(unit.members)) / len(variants)
                importance *= GRAMMAR_WEIGHT if article.corpus == "grammar" else 1.0
                importances += [importance] * len(targets)
    columns = sorted({name for row in rows for name in row})
    model = forests.fit(
        matrix(rows, columns),
        wanted,
        weights=importances,
        groups=groups,
        baseline=base,
        border_count=BORDERS,
        depth=DEPTH,
        monotone_constraints=[SPEAKS_FOR.get(name, 0) for name in columns],
    )
    return RankModel(weights, from_json(forests.to_json(model, columns)))


def matrix(rows: Sequence[Mapping[str, float]], columns: Sequence[str]) -> np.ndarray:
    """Put named numbers into columns; what is not named is 0."""
    number = {name: i for i, name in enumerate(columns)}
    found = np.zeros((len(rows), len(columns)))
    for line, row in zip(found, rows, strict=True):
        line[[number[name] for name in row]] = list(row.values())
    return found


def targets_of(unit: Unit, gold: dict[str, Any]) -> list[float]:
    """Say how right each place of a unit is, and "none of these" last; empty where nobody knows."""
    if not unit.places or not (gold.get("geonameid") or gold.get("lat") is not None):
        return []
    wanted = f"geonames:{gold.get('geonameid')}"
    targets = [float(named.place.id == wanted) for named in unit.places]
    if not any(targets) and gold.get("lat") is not None:
        km = [distance_km(gold["lat"], gold["lon"], n.place.lat, n.place.lon) for n in unit.places]
        nearest = min(range(len(km)), key=km.__getitem__)
        if km[nearest] > REACH_KM:
            return [*targets, NONE_WEIGHT]
        targets[nearest] = NEAR_WEIGHT
    return [*targets, 0.0] if any(targets) else []


def to_json(model: RankModel) -> dict[str, object]:
    """Return the model as the object that `geomap.resolve` reads."""
    kept = {name: round(value, 4) for name, value in sorted(model.weights.items()) if value}
    return {"weights": kept, "forest": forests.as_table(model.forest)}

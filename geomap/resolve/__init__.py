"""Mentions -> ranked candidates with scores and reasons in words."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from geomap.articles import dateline
from geomap.forest import Forest, from_json
from geomap.model import Candidate, Resolution
from geomap.resolve.context import Belief, Context, contains
from geomap.resolve.statics import Statics
from geomap.resolve.units import units

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from geomap.gazetteer import Gazetteer
    from geomap.model import Article, Mention, Place
    from geomap.outlets import Home

__all__ = [
    "RankModel",
    "believed_context",
    "choices",
    "contains",
    "log_odds",
    "matrix",
    "resolve",
    "shipped_model",
    "softmax",
]

# "None of these" is said only where it is likelier than all candidates together, by this much: a
# place that is named but not in the list loses a pin, a wrong rejection loses one too.
_NONE_OF_THESE = 0.5
# How far "none of these" stands behind all candidates together before the trees have spoken: one
# name in twenty of the development articles is not in the gazetteer.
_NONE_BEHIND = 3.0
# A bare "Kharkiv" is the city: the province would be called so. Marked news teaches the trees of
# American states and counties alone, which do go by their bare names. In log odds; on the
# development articles it costs .001 of the ids.
_TOWN_FIRST = 3.0
_STATES = "US"
_MEANS_THE_UNIT = ("fits its unit word", "its full name", "region of the name before it")
# The second pass sees the first one's answers; a third changes next to nothing.
_PASSES = 2
# More candidates than this help no reader; the scores still count all of them.
_SHOWN = 8
# A reason must move the odds by a third at least to be worth a reader's time.
_TELLING = 0.3
_REASONS = 3
# True of many places; said only where the article itself gives no better reason.
_GENERAL = {"canonical", "most prominent", "capital", "demonym", "country votes", "province votes"}


@dataclass(frozen=True, slots=True, eq=False)
class RankModel:
    """What ranks the places of a name.

    Parameters
    ----------
    weights
        What each feature adds to the log odds of a place in the first passes, and in the reasons.
    forest
        Trees that correct these log odds in the last pass.
    """

    weights: Mapping[str, float]
    forest: Forest


@cache
def shipped_model() -> RankModel:
    """Return the shipped model."""
    table = json.loads(Path(__file__).with_name("model.json").read_text(encoding="utf-8"))
    return RankModel(table["weights"], from_json(table["forest"]))


def resolve(
    article: Article,
    mentions: Sequence[Mention],
    gazetteer: Gazetteer,
    *,
    model: RankModel | None = None,
    home: Home | None = None,
) -> tuple[Resolution, ...]:
    """Decide which place each mention is.

    A conditional logit over what one name says of another gives the beliefs of the first passes;
    trees that see them give the scores (see `training/`). One of the answers is "none of these".
    All mentions of one string in an article mean one place.

    Parameters
    ----------
    article
        The article.
    mentions
        Its mentions, in text order; may be empty.
    gazetteer
        Where the places come from.
    model
        What ranks; None for the shipped model.
    home
        Where the article's publisher is at home; None where that is not known.

    Returns
    -------
    tuple of Resolution
        One a mention, in their order; without candidates where the gazetteer has none, and not
        accepted where none of them is likely meant.
    """
    ranker = model or shipped_model()
    context = believed_context(article.text, mentions, gazetteer, ranker.weights, home)
    beliefs = _judged(context, ranker)
    ranked = {
        i: (candidates, belief.none <= _NONE_OF_THESE)
        for u, (unit, belief) in enumerate(zip(context.units, beliefs, strict=True))
        for candidates in [_ranked(context, u, belief, ranker.weights)]
        for i in unit.members
    }
    return tuple(
        Resolution(mention=m, candidates=ranked[i][0], accepted=ranked[i][1])
        for i, m in enumerate(mentions)
    )


def believed_context(
    text: str,
    mentions: Sequence[Mention],
    gazetteer: Gazetteer,
    weights: Mapping[str, float],
    home: Home | None = None,
) -> Context:
    """Return the evidence of an article after the passes of the conditional logit."""
    found = units(text, mentions, gazetteer)
    heading = dateline(text)
    statics = Statics(found)
    beliefs = [softmax(unit.priors) for unit in found]
    for _ in range(_PASSES):
        context = Context(text, mentions, found, beliefs, heading, statics=statics)
        beliefs = [
            softmax([log_odds(context.features(u, p), weights) for p in range(len(unit.places))])
            for u, unit in enumerate(found)
        ]
    return Context(text, mentions, found, beliefs, heading, home=home, statics=statics)


def matrix(rows: Sequence[Mapping[str, float]], columns: Sequence[str]) -> NDArray[np.float64]:
    """Put named numbers into columns; what is not named is 0, what has no column is left out."""
    number = {name: i for i, name in enumerate(columns)}
    found = np.zeros((len(rows), len(columns)))
    for line, row in zip(found, rows, strict=True):
        for name, value in row.items():
            column = number.get(name)
            if column is not None:
                line[column] = value
    return found


def choices(
    context: Context, u: int, weights: Mapping[str, float]
) -> tuple[list[dict[str, float]], list[float]]:
    """Return the measures of a unit's places and last of "none of these", and their log odds.

    The log odds are those of the conditional logit; the trees add theirs to them.
    """
    rows = [context.measures(u, p) for p in range(len(context.units[u].places))]
    if not rows:
        return [], []
    odds = [log_odds(row, weights) for row in rows]
    top = max(odds)
    total = top + math.log(math.fsum(math.exp(value - top) for value in odds))
    return [*rows, context.none_measures(rows)], [*odds, total - _NONE_BEHIND]


def _around_its_town(row: Mapping[str, float], place: Place | None) -> float:
    """Return what a district or province loses to the town in it that bears the same name."""
    if place is None or place.country == _STATES or not row.get("unit around its town"):
        return 0.0
    return 0.0 if any(row.get(name) for name in _MEANS_THE_UNIT) else _TOWN_FIRST


def _judged(context: Context, model: RankModel) -> list[Belief]:
    """Return what the trees think of every unit, all of them evaluated at once."""
    groups = [choices(context, u, model.weights) for u in range(len(context.units))]
    rows = [row for measures, _ in groups for row in measures]
    base = np.array([value for _, odds in groups for value in odds])
    base -= [
        _around_its_town(row, place)
        for unit, (measures, _) in zip(context.units, groups, strict=True)
        for row, place in zip(measures, [*(n.place for n in unit.places), None], strict=False)
    ]
    added = model.forest.raw(matrix(rows, model.forest.columns)) if rows else base
    scores = (base + added).tolist()
    beliefs, at = [], 0
    for measures, _ in groups:
        shares = softmax(scores[at : at + len(measures)]).shares
        at += len(measures)
        beliefs.append(Belief(shares[:-1], none=shares[-1]) if shares else Belief(()))
    return beliefs


def softmax(scores: Sequence[float]) -> Belief:
    """Turn log odds into a belief; empty for none."""
    if not scores:
        return Belief(())
    top = max(scores)
    raised = [math.exp(score - top) for score in scores]
    total = sum(raised)
    return Belief(tuple(value / total for value in raised))


def log_odds(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Add up what each feature says."""
    return sum(weights.get(name, 0.0) * value for name, value in features.items())


def _ranked(
    context: Context, u: int, belief: Belief, weights: Mapping[str, float]
) -> tuple[Candidate, ...]:
    unit = context.units[u]
    order = sorted(
        range(len(unit.places)), key=lambda p: (-belief.shares[p], unit.places[p].place.id)
    )
    return tuple(
        Candidate(
            place=unit.places[p].place,
            score=round(belief.shares[p], 4),
            reasons=_reasons(context, u, p, weights),
        )
        for p in order[:_SHOWN]
    )


def _reasons(context: Context, u: int, p: int, weights: Mapping[str, float]) -> tuple[str, ...]:
    """Say in words what moved the odds of a place most."""
    unit = context.units[u]
    gains = {n: weights.get(n, 0.0) * value for n, value in context.features(u, p).items()}
    place = unit.places[p].place
    reasons = ["country"] if place.feature.startswith("PCL") and place.country else []
    if u == context.dateline_unit:
        reasons.append("stands in the dateline")
    if unit.reduced:
        reasons.append(f"only a shorter form of {unit.key!r} is in the gazetteer")
    for name in sorted(gains, key=lambda n: (n in _GENERAL, -gains[n])):
        words = context.words(u, p, name) if gains[name] > _TELLING else None
        if words and words not in reasons:
            reasons.append(words)
    return tuple(reasons[:_REASONS])

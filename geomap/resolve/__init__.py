"""Mentions -> ranked candidates with scores and reasons in words."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.articles import dateline
from geomap.model import Candidate, Resolution
from geomap.resolve.context import Belief, Context, contains
from geomap.resolve.units import units

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geomap.gazetteer import Gazetteer
    from geomap.model import Article, Mention

__all__ = ["contains", "log_odds", "resolve", "shipped_weights", "softmax"]

# The second pass sees the first one's answers; a third changes next to nothing.
_PASSES = 2
# More candidates than this help no reader; the scores still count all of them.
_SHOWN = 8
# A reason must move the odds by a third at least to be worth a reader's time.
_TELLING = 0.3
_REASONS = 3
# True of many places; said only where the article itself gives no better reason.
_GENERAL = {"canonical", "most prominent", "capital", "demonym", "country votes", "province votes"}


@cache
def shipped_weights() -> dict[str, float]:
    """Return the weights of the shipped model, by feature."""
    table = Path(__file__).with_name("weights.json").read_text(encoding="utf-8")
    weights: dict[str, float] = json.loads(table)["weights"]
    return weights


def resolve(
    article: Article,
    mentions: Sequence[Mention],
    gazetteer: Gazetteer,
    *,
    weights: Mapping[str, float] | None = None,
) -> tuple[Resolution, ...]:
    """Decide which place each mention is.

    Scores come from a conditional logit over what one name says of another (see `training/`).
    All mentions of one string in an article mean one place.

    Parameters
    ----------
    article
        The article.
    mentions
        Its mentions, in text order; may be empty.
    gazetteer
        Where the places come from.
    weights
        What each feature adds to the log odds of a place; None for the shipped model.

    Returns
    -------
    tuple of Resolution
        One a mention, in their order; without candidates where the gazetteer has none.
    """
    model = shipped_weights() if weights is None else weights
    found = units(article.text, mentions, gazetteer)
    heading = dateline(article.text)
    beliefs = [softmax(unit.priors) for unit in found]
    for _ in range(_PASSES):
        context = Context(article.text, mentions, found, beliefs, heading)
        beliefs = [
            softmax([log_odds(context.features(u, p), model) for p in range(len(unit.places))])
            for u, unit in enumerate(found)
        ]
    ranked = {
        i: candidates
        for u, (unit, belief) in enumerate(zip(found, beliefs, strict=True))
        for candidates in [_ranked(context, u, belief, model)]
        for i in unit.members
    }
    return tuple(Resolution(mention=m, candidates=ranked[i]) for i, m in enumerate(mentions))


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

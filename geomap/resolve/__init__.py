"""Mentions -> ranked candidates with scores and reasons in words."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from geomap.articles import dateline
from geomap.forest import Forest, from_json
from geomap.model import Candidate, Resolution
from geomap.resolve.context import Belief, Context
from geomap.resolve.statics import Statics, contains
from geomap.resolve.units import units

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from geomap.gazetteer import Gazetteer
    from geomap.model import Article, Mention
    from geomap.outlets import Home

__all__ = [
    "Choices",
    "RankModel",
    "believed_context",
    "choices",
    "contains",
    "log_odds",
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
# A province that is as sure as that says where the names before it lie.
_SURE = 0.8
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
    gains = _gains(context, ranker.weights)
    ranked = {
        i: (candidates, belief.none <= _NONE_OF_THESE and not _abroad(context, u, beliefs))
        for u, (unit, belief) in enumerate(zip(context.units, beliefs, strict=True))
        for candidates in [_ranked(context, u, belief, gains)]
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
    statics = Statics(text, mentions, found)
    own = log_odds(statics.columns, weights)
    beliefs = [softmax(unit.priors) for unit in found]
    for _ in range(_PASSES):
        context = Context(text, mentions, found, beliefs, heading, statics=statics)
        odds = (own + log_odds(context.evidence, weights)).tolist()
        beliefs = [softmax(odds[start:end]) for start, end in pairwise(statics.offsets)]
    return Context(text, mentions, found, beliefs, heading, home=home, statics=statics)


def log_odds(
    columns: Mapping[str, NDArray[np.float64]], weights: Mapping[str, float]
) -> NDArray[np.float64]:
    """Add up what the columns of an article's places say."""
    total = np.zeros(len(next(iter(columns.values()), ())))
    for name, column in columns.items():
        weight = weights.get(name)
        if weight:
            total = total + weight * column
    return total


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """The answers for the units of an article: the places of each, and last "none of these".

    A unit without places has no answers.

    Parameters
    ----------
    places
        Measures of the places of all units, one after the other.
    none
        Measures of "none of these", one a unit that has places.
    odds
        What the conditional logit makes of each answer; the trees add theirs to it.
    starts
        Where the answers of each unit begin, and behind the last where they end.
    is_none
        Which answers are "none of these".
    """

    places: Mapping[str, NDArray[np.float64]]
    none: Mapping[str, NDArray[np.float64]]
    odds: NDArray[np.float64]
    starts: Sequence[int]
    is_none: NDArray[np.bool_]

    def of(self, u: int) -> tuple[list[dict[str, float]], list[float]]:
        """Return the measures of a unit's answers by name, those that are not 0, and their odds."""
        answers = slice(self.starts[u], self.starts[u + 1])
        names = [*self.places, *(name for name in self.none if name not in self.places)]
        rows = [
            {name: value for name, value in zip(names, row, strict=True) if value}
            for row in self.matrix(names)[answers].tolist()
        ]
        return rows, self.odds[answers].tolist()

    def matrix(self, names: Sequence[str]) -> NDArray[np.float64]:
        """Return the measures as a matrix, a row an answer; what is not measured is 0."""
        found = np.empty((len(names), len(self.odds)))
        for columns, rows in ((self.places, ~self.is_none), (self.none, self.is_none)):
            missing = np.zeros(int(rows.sum()))
            found[:, rows] = [columns.get(name, missing) for name in names]
        return found.T


def choices(context: Context, weights: Mapping[str, float]) -> Choices:
    """Return what may be answered for each unit of an article."""
    offsets = context.statics.offsets
    held = [(start, end) for start, end in pairwise(offsets) if end > start]
    places = {**context.columns, **context.tree_columns()}
    own = log_odds(context.columns, weights)
    none = np.array([_all_together(own[start:end].tolist()) for start, end in held]) - _NONE_BEHIND
    behind = [end for _, end in held]
    is_none = np.insert(np.zeros(len(own), dtype=bool), behind, values=True)
    before = np.cumsum([0, *(end > start for start, end in pairwise(offsets))])
    return Choices(
        places=places,
        none=_none_columns(context, places, [start for start, _ in held]),
        odds=np.insert(own, behind, none),
        starts=(np.array(offsets) + before).tolist(),
        is_none=is_none,
    )


def _none_columns(
    context: Context, measured: Mapping[str, NDArray[np.float64]], starts: Sequence[int]
) -> dict[str, NDArray[np.float64]]:
    """Return the measures of "none of these", from those of the places of each unit."""
    if not starts:
        return {}
    shared = ("namesakes", "shorter form", "strings", "mentions")
    most = {
        "none prominence": measured["prominence"],
        "none best": measured["belief"],
        "none near": context.lowest_nearness(),
        "none votes": measured["country votes"],
        "none canonical": measured["canonical"],
    }
    return {
        **{name: measured[name][starts] for name in shared},
        "is none": np.ones(len(starts)),
        **{name: np.maximum.reduceat(column, starts) for name, column in most.items()},
    }


def _all_together(odds: Sequence[float]) -> float:
    top = max(odds)
    return top + math.log(math.fsum(math.exp(value - top) for value in odds))


def _around_their_town(context: Context) -> NDArray[np.float64]:
    """Return what districts and provinces lose to the town in them that bears the same name."""
    columns, statics = context.columns, context.statics
    loses = (columns["unit around its town"] > 0) & (
        statics.country_of != statics.countries.get(_STATES, -1)
    )
    for name in _MEANS_THE_UNIT:
        if name in columns:
            loses &= columns[name] == 0
    return np.where(loses, _TOWN_FIRST, 0.0)


def _judged(context: Context, model: RankModel) -> list[Belief]:
    """Return what the trees think of every unit, all of them evaluated at once."""
    if not context.statics.places:
        return [Belief(()) for _ in context.units]
    offered = choices(context, model.weights)
    scores = offered.odds.copy()
    scores[~offered.is_none] -= _around_their_town(context)
    scores += model.forest.raw(offered.matrix(model.forest.columns))
    odds = scores.tolist()
    beliefs = []
    for start, end in pairwise(offered.starts):
        shares = softmax(odds[start:end]).shares
        beliefs.append(Belief(shares[:-1], none=shares[-1]) if shares else Belief(()))
    return beliefs


def _abroad(context: Context, u: int, beliefs: Sequence[Belief]) -> bool:
    """Tell whether all places of a name lie abroad of the province that is written behind it.

    "Kut in Gegharkunik province": the gazetteer lacks the village, and the Iraqi city is not meant.
    """
    places = context.units[u].places
    if not places or places[beliefs[u].best].feature_class != "P":
        return False
    provinces = [
        context.units[v].places[beliefs[v].best].place.country
        for v in context.statics.chains.get(u, ())
        if v != u and beliefs[v].shares and max(beliefs[v].shares) > _SURE
        if context.units[v].places[beliefs[v].best].place.feature in {"ADM1", "ADM2"}
    ]
    countries = {named.place.country for named in places}
    return any(country and country not in countries for country in provinces)


def softmax(scores: Sequence[float]) -> Belief:
    """Turn log odds into a belief; empty for none."""
    if not scores:
        return Belief(())
    top = max(scores)
    raised = [math.exp(score - top) for score in scores]
    total = sum(raised)
    return Belief(tuple(value / total for value in raised))


def _ranked(
    context: Context, u: int, belief: Belief, gains: Sequence[Mapping[str, float]]
) -> tuple[Candidate, ...]:
    unit, start = context.units[u], context.statics.offsets[u]
    order = sorted(
        range(len(unit.places)), key=lambda p: (-belief.shares[p], unit.places[p].place.id)
    )
    said = [_reasons(context, u, p, gains[start + p]) for p in order[:_SHOWN]]
    if said and u == context.dateline_unit:
        said[0] = ("stands in the dateline", *said[0])[:_REASONS]
    if len(said) > 1:  # the runner-up also says what it lacked
        lacked = next((reason for reason in said[0] if reason not in said[1]), None)
        if lacked is None and context.columns["unit around its town"][start + order[1]]:
            lacked = "a unit word beside the name"
        said[1] = (*said[1], *([f"lacks: {lacked}"] if lacked else []))
    return tuple(
        Candidate(place=unit.places[p].place, score=round(belief.shares[p], 4), reasons=reasons)
        for p, reasons in zip(order, said, strict=False)
    )


def _gains(context: Context, weights: Mapping[str, float]) -> list[dict[str, float]]:
    """Return for each place what moved its odds enough to be told."""
    names = [name for name in context.columns if weights.get(name)]
    gained = np.array([weights[name] * context.columns[name] for name in names])
    found: list[dict[str, float]] = [{} for _ in context.statics.places]
    for name, at in zip(*(i.tolist() for i in np.nonzero(gained > _TELLING)), strict=True):
        found[at][names[name]] = float(gained[name, at])
    return found


def _reasons(context: Context, u: int, p: int, gains: Mapping[str, float]) -> tuple[str, ...]:
    """Say in words what moved the odds of a place most."""
    unit = context.units[u]
    place = unit.places[p].place
    reasons = ["country"] if place.feature.startswith("PCL") and place.country else []
    if unit.reduced:
        reasons.append(f"only a shorter form of {unit.key!r} is in the gazetteer")
    if near_home := context.near_home(u, p):
        reasons.append(near_home)
    for name in sorted(gains, key=lambda n: (n in _GENERAL, -gains[n])):
        if len(reasons) >= _REASONS:
            break
        words = context.words(u, p, name)
        if words and words not in reasons:
            reasons.append(words)
    return tuple(reasons[:_REASONS])

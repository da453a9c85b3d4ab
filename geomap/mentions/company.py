"""What the names of an article say of one another: the numbers of the second pass.

The first pass gives each stretch a probability. Here every stretch sees those of its rivals
(longer, shorter and crossing ones), of its own string elsewhere, and whether the article's likely
names lie in the same country, province or neighbourhood.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomap.gazetteer import EARTH_RADIUS_KM

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from geomap.mentions.entries import Believed, Region
    from geomap.mentions.evidence import Evidence

__all__ = ["COLUMNS", "company"]

COLUMNS = (
    "first pass",
    "longer rival",
    "shorter rival",
    "crossing rival",
    "string elsewhere at most",
    "string elsewhere on average",
    "string inside longer elsewhere",
    "country votes",
    "province votes",
    "province vote count",
    "nearest name",
    "likely before",
    "likely after",
    "likely strings",
    "stretches",
)
# Log odds that stand for no rival at all.
_NO_RIVAL = -12.0
# Strings below this probability have no vote.
_VOTES = 0.3
# A pick must hold at least this share of its string's belief to say where the article plays.
_SURE = 0.3
# Tokens that "likely before" and "likely after" reach.
_REACH = 3
_NEAREST_KM, _NOWHERE_KM = 5.0, 20_000.0


@dataclass(frozen=True, slots=True)
class _String:
    """A name of the article with the places that it may be, and how likely it names a place."""

    weight: float
    believed: Believed

    @property
    def votes(self) -> bool:
        """Whether it is likely enough to have a vote."""
        return self.weight >= _VOTES


def company(evidence: Evidence, log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the numbers of the second pass.

    Parameters
    ----------
    evidence
        The stretches of an article and what is known of them; at least one stretch.
    log_odds
        What the first pass says of each.

    Returns
    -------
    numpy.ndarray
        One row a stretch, one column for each of `COLUMNS`.
    """
    chances = 1 / (1 + np.exp(-log_odds))
    strings, of = evidence.of_strings
    members: list[list[int]] = [[] for _ in strings]
    for i, string in enumerate(of.tolist()):
        members[string].append(i)
    likeliest = np.zeros(len(strings))
    np.maximum.at(likeliest, of, chances)
    around = np.zeros(len(of))
    np.maximum.at(around, evidence.overlaps.inner, chances[evidence.overlaps.outer])
    size = len(of)
    return np.column_stack(
        [
            log_odds,
            _rivals(evidence, log_odds),
            _elsewhere(members, log_odds.tolist(), around.tolist()),
            _geography(evidence, members, likeliest.tolist())[of],
            _beside(evidence, chances),
            np.full(size, sum(likeliest.tolist())),
            np.full(size, size),
        ]
    )


def _rivals(evidence: Evidence, odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the highest log odds of those around a stretch, of those inside it, and across."""
    overlaps = evidence.overlaps
    found = np.full((3, len(odds)), _NO_RIVAL)
    np.maximum.at(found[0], overlaps.inner, odds[overlaps.outer])
    np.maximum.at(found[1], overlaps.outer, odds[overlaps.inner])
    one, other = overlaps.crossing
    np.maximum.at(found[2], one, odds[other])
    np.maximum.at(found[2], other, odds[one])
    return found.T


def _elsewhere(
    members: Sequence[Sequence[int]], odds: Sequence[float], covered: Sequence[float]
) -> NDArray[np.float64]:
    """Say of every stretch what its string is elsewhere.

    That is the highest and the mean log odds there, and the best chance of a longer name around it.
    """
    found = np.empty((len(odds), 3))
    found[:] = _NO_RIVAL, _NO_RIVAL, 0.0
    for same in members:
        if len(same) == 1:
            continue
        total, others = math.fsum(odds[k] for k in same), len(same) - 1
        found[same, 0] = _most_of_others([odds[k] for k in same])
        found[same, 1] = [(total - odds[k]) / others for k in same]
        found[same, 2] = _most_of_others([covered[k] for k in same])
    return found


def _most_of_others(values: Sequence[float]) -> list[float]:
    """Return for each of several values the highest of all others."""
    first, second = sorted(values, reverse=True)[:2]
    top = values.index(first)
    return [second if at == top else first for at in range(len(values))]


def _beside(evidence: Evidence, chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the best chance of those that end and begin within a few tokens of a stretch."""
    first, last = evidence.first, evidence.last
    ends, begins = (np.zeros(len(evidence.scene.tokens) + 2 * _REACH) for _ in range(2))
    np.maximum.at(ends, last + _REACH, chances)
    np.maximum.at(begins, first, chances)
    steps = np.arange(_REACH)
    before = ends[(first + _REACH)[:, None] - steps].max(axis=1)
    behind = begins[last[:, None] + steps].max(axis=1)
    return np.column_stack([before, behind])


def _geography(
    evidence: Evidence, members: Sequence[Sequence[int]], likeliest: Sequence[float]
) -> NDArray[np.float64]:
    """Say how the others vote for a string's country and province, and how near they lie."""
    looked_up: dict[int, _String] = {}
    for string, same in enumerate(members):
        name = evidence.stretches[same[0]].name
        if name is not None:
            looked_up[string] = _String(likeliest[string], evidence.entries[name].believed)
    votes: dict[Region, float] = {}
    for entry in looked_up.values():
        if entry.votes:
            for region, share in entry.believed.ballot.items():
                votes[region] = votes.get(region, 0.0) + entry.weight * share
    total = math.fsum(entry.weight for entry in looked_up.values() if entry.votes)
    found = np.full((len(members), 4), -1.0)
    for string, entry in looked_up.items():
        country = _most_votes(entry.believed.countries, entry, votes)
        province = _most_votes(entry.believed.provinces, entry, votes)
        others = max(1e-6, total - (entry.weight if entry.votes else 0.0))
        found[string, :3] = country / others, province / others, province
    if looked_up:
        found[list(looked_up), 3] = _nearest(list(looked_up.values()))
    return found


def _most_votes(regions: Iterable[Region], entry: _String, votes: Mapping[Region, float]) -> float:
    """Return the most votes of the others for one of some regions."""
    ballot, weight = entry.believed.ballot, entry.weight if entry.votes else 0.0
    return max(
        [votes.get(region, 0.0) - weight * ballot.get(region, 0.0) for region in regions],
        default=0.0,
    )


def _nearest(strings: Sequence[_String]) -> NDArray[np.float64]:
    """Return for every string the logarithm of the distance to the nearest other likely place."""
    picks = [
        (number, entry.believed.places[0].place)
        for number, entry in enumerate(strings)
        if entry.votes
        and entry.believed.shares[0] > _SURE
        and not entry.believed.places[0].place.feature.startswith(("PCL", "CONT"))
    ]
    nowhere = math.log10(_NOWHERE_KM)
    if not picks:
        return np.full(len(strings), nowhere)
    ids: dict[str, int] = {}
    mine = np.array(
        [ids.setdefault(n.place.id, len(ids)) for entry in strings for n in entry.believed.places]
    )
    counts = [len(entry.believed.places) for entry in strings]
    starts = np.cumsum([0, *counts[:-1]])
    string_of = np.repeat(np.arange(len(strings)), counts)
    vectors = np.concatenate([entry.believed.vectors for entry in strings])
    chosen = [starts[number] for number, _ in picks]
    cosines = vectors @ vectors[chosen].T
    same_string = string_of[:, None] == string_of[chosen]
    same_place = mine[:, None] == mine[chosen]
    cosines[same_string | same_place] = -2.0
    best = np.maximum.reduceat(cosines.max(axis=1), starts)
    km = EARTH_RADIUS_KM * np.arccos(np.clip(best, -1.0, 1.0))
    return np.where(best < -1.5, nowhere, np.log10(km + _NEAREST_KM))  # noqa: PLR2004 - no cosine

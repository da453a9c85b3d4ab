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
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomap.gazetteer import Named
    from geomap.mentions.candidates import Stretch
    from geomap.mentions.features import Evidence

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
# More namesakes than this are looked up no more: the rest is obscure.
_PLACES = 30
# A pick must hold at least this share of its string's belief to say where the article plays.
_SURE = 0.3
# What a kind of name but the usual one is worth, and how fast belief follows prominence.
_OTHER_KIND, _STEEPNESS = 0.8, 1.2
# Tokens that "likely before" and "likely after" reach.
_REACH = 3
_NEAREST_KM, _NOWHERE_KM = 5.0, 20_000.0


@dataclass(frozen=True, slots=True)
class _String:
    """A string of the article with the places that it may be and the belief in each."""

    weight: float
    places: tuple[Named, ...]
    shares: tuple[float, ...]


def company(
    text: str, stretches: Sequence[Stretch], log_odds: NDArray[np.float64], evidence: Evidence
) -> NDArray[np.float64]:
    """Return the numbers of the second pass.

    Parameters
    ----------
    text
        The article's text.
    stretches
        Its stretches.
    log_odds
        What the first pass says of each.
    evidence
        Their yes/no features, with the places of their names.

    Returns
    -------
    numpy.ndarray
        One row a stretch, one column for each of `COLUMNS`.
    """
    odds = log_odds.tolist()
    chances = (1 / (1 + np.exp(-log_odds))).tolist()
    strings = [text[s.start : s.end].lower() for s in stretches]
    members: dict[str, list[int]] = {}
    for i, string in enumerate(strings):
        members.setdefault(string, []).append(i)
    by_token: dict[int, list[int]] = {}
    for i, stretch in enumerate(stretches):
        for token in range(stretch.first, stretch.last):
            by_token.setdefault(token, []).append(i)
    rivals = [_rivals(i, stretches, by_token) for i in range(len(stretches))]
    geography = _geography(stretches, strings, members, chances, evidence)
    likely = sum(max(chances[i] for i in same) for same in members.values())
    elsewhere = _elsewhere(
        members, odds, [max((chances[k] for k in r[0]), default=0.0) for r in rivals]
    )
    rows = []
    for i, stretch in enumerate(stretches):
        longer, shorter, crossing = rivals[i]
        beside = {i, *longer, *shorter, *crossing}
        rows.append(
            [
                odds[i],
                max((odds[k] for k in longer), default=_NO_RIVAL),
                max((odds[k] for k in shorter), default=_NO_RIVAL),
                max((odds[k] for k in crossing), default=_NO_RIVAL),
                *elsewhere[i],
                *geography[strings[i]],
                _beside(range(stretch.first - _REACH, stretch.first), by_token, chances, beside),
                _beside(range(stretch.last, stretch.last + _REACH), by_token, chances, beside),
                likely,
                float(len(stretches)),
            ]
        )
    return np.array(rows, dtype=np.float64).reshape(len(stretches), len(COLUMNS))


def _elsewhere(
    members: dict[str, list[int]], odds: Sequence[float], covered: Sequence[float]
) -> dict[int, tuple[float, float, float]]:
    """Say of every stretch what its string is elsewhere.

    That is the highest and the mean log odds there, and the best chance of a longer name around it.
    """
    found: dict[int, tuple[float, float, float]] = {}
    for same in members.values():
        likeliest = _most_of_others([odds[k] for k in same], _NO_RIVAL)
        around = _most_of_others([covered[k] for k in same], 0.0)
        total, others = math.fsum(odds[k] for k in same), len(same) - 1
        for at, k in enumerate(same):
            mean = (total - odds[k]) / others if others else _NO_RIVAL
            found[k] = likeliest[at], mean, around[at]
    return found


def _most_of_others(values: Sequence[float], none: float) -> list[float]:
    """Return for each value the highest of all others; `none` where there are none."""
    first, second = (*sorted(values, reverse=True)[:2], none)[:2]
    top = values.index(first)
    return [second if at == top else first for at in range(len(values))]


def _rivals(
    i: int, stretches: Sequence[Stretch], by_token: dict[int, list[int]]
) -> tuple[list[int], list[int], list[int]]:
    """Return the stretches that share a token: those around this one, inside it, and across."""
    mine = stretches[i]
    longer: list[int] = []
    shorter: list[int] = []
    crossing: list[int] = []
    for k in sorted({k for t in range(mine.first, mine.last) for k in by_token[t]} - {i}):
        other = stretches[k]
        if other.start <= mine.start and other.end >= mine.end:
            longer.append(k)
        elif other.start >= mine.start and other.end <= mine.end:
            shorter.append(k)
        else:
            crossing.append(k)
    return longer, shorter, crossing


def _beside(
    tokens: range, by_token: dict[int, list[int]], chances: list[float], without: set[int]
) -> float:
    found = (chances[k] for t in tokens for k in by_token.get(t, ()) if k not in without)
    return max(found, default=0.0)


def _geography(
    stretches: Sequence[Stretch],
    strings: Sequence[str],
    members: dict[str, list[int]],
    chances: list[float],
    evidence: Evidence,
) -> dict[str, tuple[float, float, float, float]]:
    """Say how the others vote for a string's country and province, and how near they lie."""
    looked_up: dict[str, _String] = {}
    for string, same in members.items():
        name = stretches[same[0]].name
        if name is not None:
            places, shares = _believed(evidence.named[name])
            looked_up[string] = _String(max(chances[i] for i in same), places, shares)
    votes: dict[tuple[str | None, str | None], float] = {}
    own = {string: _ballot(entry) for string, entry in looked_up.items()}
    for ballot in own.values():
        for region, share in ballot.items():
            votes[region] = votes.get(region, 0.0) + share
    total = math.fsum(entry.weight for entry in looked_up.values() if entry.weight >= _VOTES)
    nearest = _nearest(looked_up)
    found = {}
    for string in strings:
        if string not in looked_up:
            found[string] = (-1.0, -1.0, -1.0, -1.0)
            continue
        entry, ballot = looked_up[string], own[string]
        countries = {(n.place.country, None) for n in entry.places}
        provinces = {(n.place.country, n.place.admin1) for n in entry.places if n.place.admin1}
        country, province = (
            max((votes.get(r, 0.0) - ballot.get(r, 0.0) for r in regions), default=0.0)
            for regions in (countries, provinces)
        )
        others = max(1e-6, total - (entry.weight if entry.weight >= _VOTES else 0.0))
        found[string] = country / others, province / others, province, nearest[string]
    return found


def _believed(named: Sequence[Named]) -> tuple[tuple[Named, ...], tuple[float, ...]]:
    """Return a name's most prominent places and the belief in each, by their prominence alone."""
    places = sorted(named, key=lambda n: (-n.rank, n.place.id))[:_PLACES]
    worth = [n.rank * (1.0 if n.kind == "canonical" else _OTHER_KIND) for n in places]
    raised = [math.exp(_STEEPNESS * (rank - max(worth))) for rank in worth]
    total = math.fsum(raised)
    return tuple(places), tuple(share / total for share in raised)


def _ballot(entry: _String) -> dict[tuple[str | None, str | None], float]:
    """Return what a string's vote is for each country, and for each province."""
    ballot: dict[tuple[str | None, str | None], float] = {}
    if entry.weight < _VOTES:
        return ballot
    for named, share in zip(entry.places, entry.shares, strict=True):
        place = named.place
        regions: list[tuple[str | None, str | None]] = [(place.country, None)]
        if place.admin1 and (named.feature_class != "A" or place.feature == "ADM1"):
            regions.append((place.country, place.admin1))
        for region in regions:
            ballot[region] = ballot.get(region, 0.0) + entry.weight * share
    return ballot


def _nearest(looked_up: dict[str, _String]) -> dict[str, float]:
    """Return for every string the logarithm of the distance to the nearest other likely place."""
    strings = list(looked_up)
    picks = [
        (number, looked_up[string].places[0])
        for number, string in enumerate(strings)
        if looked_up[string].weight >= _VOTES
        and looked_up[string].shares[0] > _SURE
        and not looked_up[string].places[0].place.feature.startswith(("PCL", "CONT"))
    ]
    nowhere = math.log10(_NOWHERE_KM)
    if not picks:
        return dict.fromkeys(strings, nowhere)
    rows = [(number, n) for number, s in enumerate(strings) for n in looked_up[s].places]
    cosines = np.array([n.vector for _, n in rows]) @ np.array([n.vector for _, n in picks]).T
    same_string = np.array([r for r, _ in rows])[:, None] == np.array([r for r, _ in picks])
    mine, theirs = (np.array([n.place.id for _, n in named]) for named in (rows, picks))
    same_place = mine[:, None] == theirs
    cosines[same_string | same_place] = -2.0
    best = np.full(len(strings), -2.0)
    np.maximum.at(best, [r for r, _ in rows], cosines.max(axis=1))
    km = EARTH_RADIUS_KM * np.arccos(np.clip(best, -1.0, 1.0))
    logs = np.where(best < -1.5, nowhere, np.log10(km + _NEAREST_KM))  # noqa: PLR2004 - no cosine
    return dict(zip(strings, logs.tolist(), strict=True))

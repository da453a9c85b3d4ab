"""Rank every event type for a stretch of text: a linear model over a weighted lexicon."""

from __future__ import annotations

import math

from geomap.events.lexicon import weigh
from geomap.events.model import shares
from geomap.events.taxonomy import taxonomy

__all__ = ["classify"]


def classify(text: str) -> list[tuple[str, float]]:
    """Rank every event type for a text; there is no abstaining.

    A linear model shares 1 out among the labels of CASE 2021, from words, letters and the cues of
    `lexicon.toml`. Types that share a label (a meeting, a visit, a threat) divide its share by
    their cues alone.

    Parameters
    ----------
    text
        A sentence or a few; an empty one gives the order of the priors.

    Returns
    -------
    list[tuple[str, float]]
        Every code of the taxonomy with its share, best first; the shares sum to 1.
    """
    sums = weigh(text, taxonomy())
    whole = shares(text, sums)
    parts: dict[str, dict[str, float]] = {}
    for code, info in taxonomy().items():
        parts.setdefault(info.case[0], {})[code] = math.exp(sums[code])
    ranked = [
        (code, whole[label] * part / sum(kin.values()))
        for label, kin in parts.items()
        for code, part in kin.items()
    ]
    return sorted(ranked, key=lambda pair: -pair[1])

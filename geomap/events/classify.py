"""Rank every event type for a stretch of text, by a weighted lexicon."""

from __future__ import annotations

import math
import re
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from geomap.events.taxonomy import taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["classify", "weigh"]

# Types that few news texts report by themselves start lower, so that a shared cue does not choose
# them: natural logarithms, guessed from the frequency of the types in news.
_PRIORS = {
    "violence.attack": 0.6,
    "battle.clash": 0.5,
    "violence.hostage": -0.4,
    "diplomacy.accusation": -0.3,
    "diplomacy.visit": -0.2,
    "diplomacy.talks": -0.3,
    "strategic.other": 0.2,
}


@cache
def _cues() -> dict[str, tuple[tuple[re.Pattern[str], float], ...]]:
    text = resources.files("geomap").joinpath("events/lexicon.toml").read_text("utf-8")
    table = tomllib.loads(text)["cues"]
    return {
        code: tuple((re.compile(pattern), float(weight)) for pattern, weight in rows)
        for code, rows in table.items()
    }


def weigh(text: str, codes: Iterable[str]) -> dict[str, float]:
    """Return the summed weights of the cues for some types.

    Parameters
    ----------
    text
        Any text.
    codes
        Codes of the taxonomy.

    Returns
    -------
    dict[str, float]
        A natural logarithm up to a constant, by code.
    """
    low = text.lower()
    cues = _cues()
    return {
        code: _PRIORS.get(code, 0.0)
        + sum(weight for pattern, weight in cues.get(code, ()) if pattern.search(low))
        for code in codes
    }


def classify(text: str) -> list[tuple[str, float]]:
    """Rank every event type for a text; there is no abstaining.

    Each type adds up the weights of the cues of `lexicon.toml` that the text holds; the sums
    become shares by a softmax.

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
    top = max(sums.values())
    shares = {code: math.exp(value - top) for code, value in sums.items()}
    total = sum(shares.values())
    return sorted(((code, share / total) for code, share in shares.items()), key=lambda x: -x[1])

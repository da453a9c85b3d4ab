"""Weigh what speaks for each event type in a text, by the cues of `lexicon.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["weigh"]

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
    return {code: _weight(low, code) for code in codes}


# A sentence is weighed once for each of its event words.
@lru_cache(maxsize=512)
def _weight(low: str, code: str) -> float:
    said = sum(weight for pattern, weight in _cues().get(code, ()) if pattern.search(low))
    return _PRIORS.get(code, 0.0) + said

"""Score the labels of CASE 2021 for a text, by the linear model of `training/event_types.py`."""

from __future__ import annotations

import math
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from geomap.events.grams import grams
from geomap.events.lexicon import weigh
from geomap.events.taxonomy import taxonomy

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LETTERS_WEIGHT", "WORDS_WEIGHT", "labels", "lexical", "shares"]

# The lengths of the two vectors: letters bear a little more (training/event_types.py).
WORDS_WEIGHT = 1.0
LETTERS_WEIGHT = math.sqrt(2.0)


@cache
def labels() -> tuple[str, ...]:
    """Return the labels, sorted: each is the first of at least one type of the taxonomy."""
    return tuple(sorted({info.case[0] for info in taxonomy().values()}))


def lexical(text: str) -> list[float]:
    """Return the lexicon's evidence for each label: that of its likeliest type.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    list of float
        Natural logarithms up to a constant, in the order of `labels`.
    """
    return _best(weigh(text, taxonomy()))


def _best(sums: Mapping[str, float]) -> list[float]:
    best: dict[str, float] = {}
    for code, value in sums.items():
        label = taxonomy()[code].case[0]
        best[label] = max(value, best.get(label, -math.inf))
    return [best[label] for label in labels()]


@cache
def _tables() -> dict[str, Any]:
    import numpy as np

    path = resources.files("geomap").joinpath("events/typing.npz")
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def shares(text: str, sums: Mapping[str, float]) -> dict[str, float]:
    """Return how likely each label is for a text.

    Parameters
    ----------
    text
        A sentence or a few; an empty one gives what the lexicon's priors say.
    sums
        The lexicon's weights for every type.

    Returns
    -------
    dict[str, float]
        Shares that sum to 1, by label.
    """
    import numpy as np

    tables = _tables()
    score = tables["base"] + np.array(_best(sums)) @ tables["lexicon"]
    words, letters = grams(text)
    for name, found, length in (
        ("words", words, WORDS_WEIGHT),
        ("letters", letters, LETTERS_WEIGHT),
    ):
        if found:
            values = np.fromiter(found.values(), float)
            values *= length / np.linalg.norm(values)
            score = score + values @ tables[name][list(found)] * tables[f"{name}_scale"]
    score = score * tables["sharpness"]
    likely = np.exp(score - score.max())
    return dict(zip(labels(), (likely / likely.sum()).tolist(), strict=True))

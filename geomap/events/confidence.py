"""From how strongly words speak for a type to how often such a type is right."""

from __future__ import annotations

from itertools import pairwise

__all__ = ["type_chance"]

# Strength of the trigger, and the share of the CASE 2021 snippets with an event of that strength
# which have its label (308 snippets; tests/quality/reliability.py).
_TYPES = (
    (0.0, 0.1),
    (0.5, 0.25),
    (0.65, 0.42),
    (0.7, 0.68),
    (0.8, 0.73),
    (0.9, 0.82),
    (0.95, 0.91),
    (1.0, 0.95),
)


def type_chance(strength: float) -> float:
    """Return the chance that the type of a trigger is right.

    Parameters
    ----------
    strength
        How surely the trigger reports an event of its type, 0 to 1; what lies outside counts as
        the nearer end.

    Returns
    -------
    float
        0 to 1, never falling as the strength grows.
    """
    value = min(max(strength, 0.0), 1.0)
    for (low, chance), (high, more) in pairwise(_TYPES):
        if value <= high:
            return chance + (more - chance) * (value - low) / (high - low)
    return _TYPES[-1][1]

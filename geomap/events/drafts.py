"""What one trigger says of a happening, before accounts of the same happening are merged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geomap.events.status import Standing
    from geomap.model import Actor, Casualties, LocationBasis, Resolution, Span, When

__all__ = ["UTTERANCES", "Draft", "family"]

UTTERANCES = frozenset({"statement", "accusation", "threat", "attribution"})
_ENCOUNTERS = frozenset({"meeting", "visit", "talks"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One trigger's account.

    `name` is the proper name of a meeting; `leaning` says that the sentence refers back to an
    earlier one ("the siege", "he"); `index` counts the article's sentences.
    """

    trigger: Span
    type: str
    strength: float
    index: int
    paragraph: int
    evidence: tuple[Span, ...]
    places: tuple[tuple[float, Resolution], ...]
    basis: LocationBasis
    when: When | None
    when_confidence: float
    actors: tuple[Actor, ...]
    fatalities: Casualties | None
    injured: int | None
    standing: Standing
    name: str | None
    leaning: bool


def family(code: str) -> str:
    """Return the family of a type: accounts of one happening share it.

    Parameters
    ----------
    code
        A type such as "battle.clash".

    Returns
    -------
    str
        "violence" for battles, explosions and violence; "crowd" for protests and riots;
        "encounter" for meetings, visits and talks; "utterance" for what is said; else the code.
    """
    group, _, kind = code.partition(".")
    if group in {"battle", "explosion", "violence"}:
        return "violence"
    if group in {"protest", "riot"}:
        return "crowd"
    if group == "diplomacy" and kind in _ENCOUNTERS:
        return "encounter"
    if group == "diplomacy" and kind in UTTERANCES:
        return "utterance"
    return code

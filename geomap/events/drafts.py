"""What one trigger says of a happening, before accounts of the same happening are merged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.events.where import inside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.events.status import Standing
    from geomap.model import Actor, Casualties, LocationBasis, Place, Resolution, Span, When

__all__ = ["UTTERANCES", "Draft", "akin", "conflicting", "family"]

UTTERANCES = frozenset({"statement", "accusation", "threat", "attribution"})
_ENCOUNTERS = frozenset({"meeting", "visit", "talks"})
_GENERAL = frozenset({"violence.attack", "battle.clash"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One trigger's account.

    `name` is the proper name of a meeting; `leaning` says that the sentence refers back to an
    earlier one ("the siege", "he"); `back` is the trigger of the earlier account of the very same
    happening; `toll` is the sentence that gives the dead; `apart` says that it is
    another one than the last ("a separate attack"); `index` counts the article's sentences.
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
    back: Span | None = None
    toll: Span | None = None
    apart: bool = False


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


def akin(left: str, right: str) -> bool:
    """Tell whether two types may be accounts of one happening.

    Parameters
    ----------
    left
        A type.
    right
        Another.

    Returns
    -------
    bool
        True for one family; "killed", "attack" and "clashes" also go with protests and disasters.
    """
    if family(left) == family(right):
        return True
    general = left if left in _GENERAL else right if right in _GENERAL else None
    other = right if general == left else left
    return general is not None and (family(other) == "crowd" or other.startswith("disaster."))


def conflicting(left: Sequence[Place], right: Sequence[Place]) -> bool:
    """Tell whether two accounts name places that cannot be one.

    Parameters
    ----------
    left
        The places of the one.
    right
        The places of the other.

    Returns
    -------
    bool
        False where either names none, where they share one, or where one holds the other.
    """
    if not left or not right:
        return False
    return not any(a.id == b.id or inside(a, b) or inside(b, a) for a in left for b in right)

"""Make a trigger's type more specific by what the rest of its sentence says."""

from __future__ import annotations

import re

from geomap.events.lexicon import weigh

__all__ = ["refine"]

# A riot needs a crowd, and gunmen are none.
_CROWD = re.compile(
    r"\b(?:protest\w*|demonstrat\w*|riot\w*|mobs?|crowds?|marchers|looters|villagers|students"
    r"|youths|supporters|inmates)\b",
    re.IGNORECASE,
)
_ARMED = re.compile(
    r"\b(?:gunm[ae]n|militants?|insurgents?|rebels?|attackers?|armed men|suicide)\b", re.IGNORECASE
)
# Explosions that are accidents are told with what exploded.
_MISHAP = re.compile(
    r"\b(?:accident\w*|gas|factory|plant|warehouse|boiler|cylinders?|pipeline|fuel|tanker|fireworks?"
    r"|firecrackers?|depot|chemicals?|leak\w*|refinery|kiln|silo|mine|miners|coal|dynamite|quarry"
    r"|ammonium|fertili[sz]er|electrical|short circuit|generator|stove|workers)\b",
    re.IGNORECASE,
)
# What such weapons do to a bus is no accident.
_WEAPONS = re.compile(
    r"\b(?:shells|shelling|rockets?|missiles?|mortars?|artillery|drones?|air ?strikes?"
    r"|warplanes?)\b",
    re.IGNORECASE,
)

_UNARMED = re.compile(
    r"\b(?:protest\w*|demonstrat\w*|students|marchers|supporters of|party supporters|fans"
    r"|strikers)\b",
    re.IGNORECASE,
)
_SIDES = re.compile(
    r"\b(?:gunm[ae]n|militants?|insurgents?|rebels?|fighters|militias?|gunfight|gun ?battles?"
    r"|firefight"
    r"|artillery|front ?line|troops (?:and|clashed))\b",
    re.IGNORECASE,
)

_BLASTS = (
    "explosion.air_strike",
    "explosion.shelling",
    "explosion.remote",
    "explosion.suicide_bomb",
    "explosion.grenade",
    "explosion.chemical",
)
# What a general trigger may turn out to be: "killed" alone says little, and its sentence more.
_MAY_BE = {
    "violence.attack": (
        *_BLASTS,
        "battle.clash",
        "protest.excessive_force",
        "riot.mob",
        "disaster.man_made",
        "disaster.natural",
        "violence.hostage",
        "violence.sexual",
    ),
    "explosion.remote": (*_BLASTS, "disaster.man_made"),
    "explosion.air_strike": _BLASTS,
    "explosion.shelling": ("explosion.air_strike",),
    "protest.peaceful": (
        "protest.intervention",
        "protest.excessive_force",
        "riot.demonstration",
        "riot.mob",
    ),
    "battle.territory_taken": ("battle.territory_regained", "strategic.territory_transfer"),
    "battle.territory_regained": ("battle.territory_taken",),
    "strategic.arrest": ("protest.intervention", "crime.organised"),
    "battle.clash": ("riot.demonstration", "riot.mob", "violence.attack"),
}
# Another type must be this much likelier than the trigger's own to take its place: the natural
# logarithm of 1.6.
_MARGIN = 0.47


def refine(sentence: str, code: str) -> str:
    """Return the type of an event from its trigger's type and its sentence.

    Parameters
    ----------
    sentence
        The text of the sentence.
    code
        The type that the trigger alone suggests.

    Returns
    -------
    str
        The likeliest of that type and its possible refinements.
    """
    # People without arms who clash are a crowd.
    if code == "battle.clash" and _UNARMED.search(sentence) and not _SIDES.search(sentence):
        return "riot.demonstration"
    allowed = [other for other in _MAY_BE.get(code, ()) if _may_be(sentence, code, other)]
    if not allowed:
        return code
    sums = weigh(sentence, (code, *allowed))
    best = max(allowed, key=lambda other: sums[other])
    return best if sums[best] > sums[code] + _MARGIN else code


def _may_be(sentence: str, code: str, other: str) -> bool:
    """Tell whether a sentence holds what a type asks for, and nothing that rules it out."""
    if other.startswith("riot."):
        return bool(_CROWD.search(sentence)) and not _ARMED.search(sentence)
    if other.startswith("protest."):
        return bool(_UNARMED.search(sentence))
    if not other.startswith("disaster."):
        return True
    if _ARMED.search(sentence) or _WEAPONS.search(sentence):
        return False
    if other == "disaster.natural":
        return not _SIDES.search(sentence)
    return not code.startswith("explosion.") or bool(_MISHAP.search(sentence))

"""What a sentence refers back to: "the blast", "the attackers", "he", "there".

A happening is told in full once and then taken up again. A definite noun of happening never makes
an event of its own as long as an earlier one fits it; verbs whose subject is known already do so
only where they name another place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from geomap.events.drafts import akin, conflicting, family
from geomap.events.when import overlap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.events.drafts import Draft
    from geomap.events.scene import Scene
    from geomap.events.triggers import Trigger
    from geomap.model import Resolution, Span, When

__all__ = [
    "Reference",
    "another",
    "antecedent",
    "definite",
    "kind_of",
    "leans",
    "only_refers",
    "personal",
    "support",
]

Reference = Literal["noun", "cast", "pronoun", "none"]

_NOUN = re.compile(
    r"(?:attack|assault|blast|explosion|bombing|bomb attack|bomb blast|raid|shooting|strike"
    r"|air ?strike|siege|ambush|clash|battle|fighting|shelling|firefight|gunfight|offensive"
    r"|massacre|killing|murder|stabbing|abduction|kidnapping|execution|assassination|crisis"
    r"|standoff|meeting|meet|summit|conference|forum|congress|session|talks|negotiations|dialogue"
    r"|visit|trip|agreement|accord|pact|treaty|deal|ceasefire|cease-fire|truce|protest"
    r"|demonstration|rally|march|sit-in|riot|arrest|earthquake|quake|flood|flooding|landslide"
    r"|cyclone|crash|collision|collapse|fire|stampede|wildfire|closure)(?:s|es|ies)?",
    re.IGNORECASE,
)
_DETERMINER = re.compile(
    r"\b(?:the|this|that|these|those|its|their|his|her)"
    r"(?: (?!(?:of|in|on|at|to|and|or|for|by|with|from|after|before|as|was|were|is|are|had|has"
    r"|said|that|which|who|could|would|might|may|will|should|must|can)\b)[\w’'-]+,?){0,3} $",
    re.IGNORECASE,
)
# These never tell of a happening by themselves.
_ONLY_BACK = frozenset({"toll", "injured", "wounded", "hurt", "died", "damaged"})
# "Their yearly summit", "its first visit" are named for the first time.
_FIRST_NAMED = re.compile(
    r"\b(?:its|their|his|her) (?:annual|yearly|regular|next|first|second|third|inaugural|biennial"
    r"|weekly|monthly|\d+\w\w) (?:[\w-]+ )?$",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|(?:last|this) (?:week|month"
    r"|year|night))[’']s(?: [\w’'-]+){0,3} $",
    re.IGNORECASE,
)
# Who has been met before: the definite plural or singular of those who act and suffer.
_CAST = re.compile(
    r"\b(?:[Tt]he|[Aa]ll(?: of)?(?: the)?|[Bb]oth|[Tt]hese|[Tt]hose|[Oo]f the|[Tt]heir)"
    r"(?: [\w-]+){0,2}? (?:attackers?|assailants?|gunm[ae]n|bombers?|shooters?|militants"
    r"|insurgents|rebels|fighters|raiders|kidnappers|captors|hostage-takers|hostages|captives"
    r"|victims?|dead|wounded|injured|survivors?|protesters|demonstrators|marchers|crowd|mob"
    r"|rioters|suspects?)\b"
)
_PRONOUN = re.compile(
    r"^[“\"]?(?:(?:He|She|They|It|His|Her|Their)|(?:The|Both) (?:two |three )?(?:leaders|sides"
    r"|ministers|presidents|men|countries|delegations|parties))\b"
)
_PLACE_WORD = re.compile(
    r"\b(?:there|here)\b|\b[Tt]he (?:[\w-]+ )?(?:city|town|village|capital|district|province|area"
    r"|scene|site|building|cent(?:re|er)|facility|prison|jail|hotel|compound|incident)\b"
)
_EVENT_WORD = re.compile(
    r"\b(?:[Tt]he|[Tt]his|[Tt]heir|[Hh]is|[Hh]er) (?:[\w-]+ )?(?:meeting|summit|conference|forum"
    r"|talks|visit|siege|attack|blast|explosion|bombing|fighting|clashes|raid|shooting|assault"
    r"|operation|standoff|protest|rally|march)\b"
)
# A happening that is said to be another one.
_OTHER = re.compile(
    r"\b(?:another|separate(?:ly)?|second|third|other|different|elsewhere|similar|also|earlier"
    r"|previous)\b",
    re.IGNORECASE,
)
# How many sentences back each kind of reference reaches.
_REACH = {"cast": 8, "pronoun": 2, "none": 2}


def definite(text: str, sentence: Span, trigger: Span) -> bool:
    """Tell whether a trigger is a noun that takes up something known: "the blast", "their talks".

    Parameters
    ----------
    text
        The article's text.
    sentence
        The trigger's sentence.
    trigger
        The event word.

    Returns
    -------
    bool
        True behind "the", "this", a possessive or a dated one ("Tuesday's bombing").
    """
    if only_refers(trigger.of(text)):
        return True
    if not _NOUN.fullmatch(trigger.of(text)):
        return False
    lead = text[sentence.start : trigger.start]
    return bool((_DETERMINER.search(lead) and not _FIRST_NAMED.search(lead)) or _DATED.search(lead))


def only_refers(words: str) -> bool:
    """Tell whether an event word only ever speaks of what has been told: "the toll".

    Parameters
    ----------
    words
        The event word.

    Returns
    -------
    bool
        True for one that is no happening by itself.
    """
    return words.lower() in _ONLY_BACK


def kind_of(scene: Scene, index: int, trigger: Trigger) -> Reference:
    """Return how the sentence of a trigger takes up what came before.

    Parameters
    ----------
    scene
        The article.
    index
        The trigger's sentence.
    trigger
        The event word.

    Returns
    -------
    Reference
        "noun" where the trigger itself does ("the blast"), "cast" where its subject does ("the
        gunmen"), "pronoun" for "he", "they", "there", else "none".
    """
    text, sentence = scene.article.text, scene.sentences[index]
    if definite(text, sentence, trigger.span):
        return "noun"
    words = sentence.of(text)
    if another(words):
        return "none"
    if _CAST.search(text, sentence.start, trigger.span.end):
        return "cast"
    if _PRONOUN.search(words) or _PLACE_WORD.search(words):
        return "pronoun"
    return "none"


def personal(words: str) -> bool:
    """Tell whether the subject of a sentence is somebody or something told before: "It killed".

    Parameters
    ----------
    words
        The sentence.

    Returns
    -------
    bool
        True for one that opens with a pronoun, or with "the two leaders" and their like.
    """
    return bool(_PRONOUN.search(words))


def another(words: str) -> bool:
    """Tell whether a sentence says that it speaks of another happening: "a separate attack".

    Parameters
    ----------
    words
        The sentence.

    Returns
    -------
    bool
        True for "another", "separate", "second", "elsewhere" and their like.
    """
    return bool(_OTHER.search(words))


def leans(words: str) -> bool:
    """Tell whether a sentence leans on an earlier one for its place and day.

    Parameters
    ----------
    words
        The sentence.

    Returns
    -------
    bool
        True for one with a pronoun as subject, "there", "the city", "the siege", "the gunmen".
    """
    return any(p.search(words) for p in (_PRONOUN, _PLACE_WORD, _EVENT_WORD, _CAST))


def support(words: str, steps: int) -> bool:
    """Tell whether a sentence may take its place and day from one so many sentences before.

    Parameters
    ----------
    words
        The sentence.
    steps
        How many sentences lie between, at least 1.

    Returns
    -------
    bool
        A named happening ("the conference") reaches as far as the article, all else two sentences.
    """
    return steps <= _REACH["pronoun"] or bool(_EVENT_WORD.search(words))


def antecedent(
    draft: Draft,
    places: Sequence[tuple[float, Resolution]],
    when: When | None,
    before: Sequence[Draft],
    kind: Reference,
) -> Draft | None:
    """Return the earlier draft that speaks of the same happening.

    Parameters
    ----------
    draft
        The later account, with its type, index and name.
    places
        The places that its own sentence gives it.
    when
        The day that its own sentence gives it.
    before
        The drafts of earlier sentences, in text order.
    kind
        How it refers back; "none" looks only at sentences close by.

    Returns
    -------
    Draft or None
        The nearest of a kin type that no place, day or name contradicts.
    """
    own = [r.place for _, r in places if r.place is not None]
    for known in reversed(before):
        if kind != "noun" and draft.index - known.index > _REACH[kind]:
            return None
        if not akin(known.type, draft.type) or family(known.type) == "utterance":
            continue
        if known.name and draft.name and known.name != draft.name:
            continue
        theirs = [r.place for _, r in known.places if r.place is not None]
        if not conflicting(own, theirs) and (overlap(known.when, when) or _vague(when)):
            return known
    return None


def _vague(when: When | None) -> bool:
    """Tell whether a date is too wide to say that another happening is meant."""
    return when is not None and when.precision in {"month", "year", "unknown"}

"""Drafts of what is said: statements, accusations, threats, claims of responsibility."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geomap.events.actors import actors, official
from geomap.events.deeds import REMARKS
from geomap.events.drafts import UTTERANCES, Draft
from geomap.events.status import standing
from geomap.events.when import nearest
from geomap.events.where import spoken_at
from geomap.model import LocationBasis, Resolution, Span, When

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.events.scene import Scene
    from geomap.events.triggers import Trigger

__all__ = ["utterance"]

_SUBSTANCE = re.compile(
    r"\b(?:attack|war\b|peace\b|terroris|military|troops|army|forces|insurg|rebel|militant"
    r"|sanctions"
    r"|ceasefire|truce|territor|cross-border|weapons|nuclear|missile|conflict|enemy|airstrike"
    r"|hostil"
    r"|aggress|invasion|neighbou?ring|negotiat|diplom|sovereign|taliban|hostage|bomb|offensive)",
    re.IGNORECASE,
)
# Who speaks for a state or an armed group; a mayor or a company does not.
_STATE = re.compile(
    r"(?:foreign|defen[cs]e|interior|prime|deputy|home) (?:minist|secretary)|minist(?:er|ry) of"
    r"|\bpresident\b|\bpremier\b|\bking\b|chancellor|secretary-general|ambassador|\benvoy\b"
    r"|spokes\w+ (?:for|of)|(?:government|army|military|ministry|police|taliban|rebel) spokes"
    r"|\b(?:taliban|hamas|hezbollah|houthis?|islamic state|militants?|rebels?|army|military|kremlin"
    r"|pentagon|white house|state department|united nations|nato|general|commander|intelligence)\b",
    re.IGNORECASE,
)
_PRIVATE = re.compile(
    r"\b(?:company|corp|university|school|hospital|fire|airline|club|county|city|sheriff|coach)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"\b(?:that|which|who|whose|where|after|when|as|but|while)\b")
# How far the place may stand from the verb of speaking, in characters.
_REACH = 120
# A charge in the lead stands at the dateline even without a day.
_CHARGES = frozenset({"diplomacy.accusation", "diplomacy.threat"})
# Claims of responsibility are surer than this and need neither a place nor a day.
_SURE = 0.9
_FORMAL = re.compile(r"^(?:told|claim\w+ r|claim\w+ c|took|takes|den)", re.IGNORECASE)
_WEAK = re.compile(
    r"^(?:said|says|saying|called|urge[ds]|rejected|dismissed|tweet(?:ed)?|statement)",
    re.IGNORECASE,
)


# Words of offices, which many speakers share.
_TITLES = frozenset(
    {
        "Minister",
        "Ministry",
        "President",
        "Prime",
        "Foreign",
        "Defence",
        "Defense",
        "Interior",
        "General",
        "Secretary",
        "Chief",
        "Deputy",
        "First",
    }
)


def utterance(
    scene: Scene, index: int, trigger: Trigger, deeds: Sequence[Draft], before: Sequence[Draft]
) -> Draft | None:
    """Return what an official or an armed group says as an event.

    Parameters
    ----------
    scene
        The article.
    index
        The trigger's sentence.
    trigger
        A verb or noun of speaking.
    deeds
        The drafts of the same sentence: beside one, "said" only names its source.
    before
        The drafts of earlier sentences, for where the same speaker stood.

    Returns
    -------
    Draft or None
        None without a speaker who counts, without matter of conflict or diplomacy in the
        paragraph, inside a quotation, and without a place or a day.
    """
    text, sentence = scene.article.text, scene.sentences[index]
    head = trigger.span.of(text)
    if scene.quoted(trigger.span) or (_WEAK.match(head) and deeds):
        return None
    if not (_FORMAL.match(head) or official(scene.words(index)) or _state(scene, trigger)):
        return None
    if not _SUBSTANCE.search(scene.paragraph_text(index)):
        return None
    cast = actors(text, sentence, trigger.span, trigger.type)
    speaker = cast[0].text if cast else ""
    if _PRIVATE.search(speaker) or (_WEAK.match(head) and not _STATE.search(speaker)):
        return None
    places, basis = _podium(scene, index, trigger, speaker, before)
    when, sure = _when(scene, index, trigger)
    charge = trigger.type in _CHARGES and basis == "document"
    if when is None and basis != "linked" and trigger.strength < _SURE and not charge:
        return None
    return Draft(
        trigger=trigger.span,
        type=trigger.type,
        strength=trigger.strength,
        index=index,
        paragraph=scene.paragraphs[index],
        evidence=(sentence,),
        places=places,
        basis=basis,
        when=when,
        when_confidence=sure,
        actors=cast,
        fatalities=None,
        injured=None,
        standing=standing(text, sentence, trigger.span, trigger.type),
        name=None,
        leaning=False,
    )


def _state(scene: Scene, trigger: Trigger) -> bool:
    """Tell whether a country is the subject of the verb: "Norway accused ..."."""
    return any(
        r.mention.span.end + 1 == trigger.span.start
        and r.place is not None
        and r.place.feature.startswith("PCL")
        for r in scene.resolutions
    )


def _when(scene: Scene, index: int, trigger: Trigger) -> tuple[When | None, float]:
    text, sentence = scene.article.text, scene.sentences[index]
    dated = nearest(text, sentence, trigger.span, scene.dates, utterance=True)
    if dated is None and index and REMARKS.search(scene.words(index)):
        earlier = scene.sentences[index - 1]
        found = [w for w in scene.dates if w.span is not None and earlier.contains(w.span)]
        return (found[-1], 0.5) if found else (None, 0.0)
    return dated if dated is not None else (None, 0.0)


def _podium(
    scene: Scene, index: int, trigger: Trigger, speaker: str, before: Sequence[Draft]
) -> tuple[tuple[tuple[float, Resolution], ...], LocationBasis]:
    """Return where it was said: named for it, known of the speaker, else the dateline."""
    text, sentence = scene.article.text, scene.sentences[index]
    for found in scene.places_in(sentence):
        span = found.mention.span
        if found.mention.kind == "demonym" or found.place is None:
            continue
        if scene.dateline is not None and scene.dateline.overlaps(span):
            continue
        low, high = sorted((trigger.span, span))
        gap = text[low.end : high.start]
        if len(gap) > _REACH or _CLAUSE.search(gap) or found.place.feature.startswith("PCL"):
            continue
        if spoken_at(text, sentence, span):
            return ((0.85, found),), "linked"
    known = _stood(scene, speaker, before)
    if known is not None:
        return (known,), "inherited"
    if scene.home is not None and _at_home(scene, sentence, trigger):
        return ((0.7, scene.home),), "document"
    return (), "none"


def _stood(scene: Scene, speaker: str, before: Sequence[Draft]) -> tuple[float, Resolution] | None:
    """Return where an earlier utterance of the same speaker was placed."""
    peoples = {r.mention.text for r in scene.resolutions}
    mine = _keywords(speaker) - peoples
    for draft in reversed(before):
        if draft.type.partition(".")[2] not in UTTERANCES or draft.basis != "linked":
            continue
        if any(mine & _keywords(actor.text) for actor in draft.actors if actor.role == "speaker"):
            return draft.places[0]
    return None


def _keywords(speaker: str) -> set[str]:
    return {word for word in re.findall(r"\b[A-Z][\w-]{3,}", speaker) if word not in _TITLES}


def _at_home(scene: Scene, sentence: Span, trigger: Trigger) -> bool:
    """Tell whether nothing says that the speaker is of another country than the dateline."""
    home = scene.home.place if scene.home is not None else None
    before = Span(start=sentence.start, end=max(sentence.start, trigger.span.start))
    countries = {
        r.place.country
        for r in scene.places_in(before)
        if r.place is not None
        and not (scene.dateline and scene.dateline.overlaps(r.mention.span))
        and not scene.quoted(r.mention.span)
    }
    return home is not None and (not countries or home.country in countries)

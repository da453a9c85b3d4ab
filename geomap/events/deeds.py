"""Drafts of what is done: fights, attacks, protests, meetings, agreements, disasters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geomap.events.actors import actors
from geomap.events.casualties import fatalities, injured
from geomap.events.drafts import Draft, family
from geomap.events.refine import refine
from geomap.events.status import Standing, standing
from geomap.events.when import nearest
from geomap.events.where import places_at, spoken_at, venue
from geomap.model import Actor, LocationBasis, Resolution, Span, When

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.events.scene import Scene
    from geomap.events.triggers import Trigger

__all__ = ["REMARKS", "deed", "summed_up"]

# What follows leans on the sentence before for its place and day.
_LEANING = re.compile(
    r"^[“\"]?(?:He|She|They|It|His|Her|Their)\b|\b(?:there|here)\b"
    r"|\b[Tt]he (?:[\w-]+ )?(?:city|town|village|capital|district|province|area|scene|site"
    r"|building|cent(?:re"
    r"|er)"
    r"|facility|prison|jail|hotel|compound|meeting|summit|conference|talks|siege|attack|blast"
    r"|explosion|bombing|incident"
    r"|fighting|clashes|raid|shooting|militants|attackers|gunmen|assault|operation|standoff"
    r"|protest|rally|victims?|dead)\b"
)
# How many sentences back a leaning sentence may refer.
_LEAN_SENTENCES = 2
REMARKS = re.compile(
    r"\b(?:remarks|comments|statement|allegations|accusations) (?:came|come|were|follow\w*)\b"
)
_THE_COUNTRY = re.compile(r"\b(?:of|across|in|throughout|around) the country\b", re.IGNORECASE)
# How far from its trigger "the country" still belongs to it, in characters.
_COUNTRY_REACH = 60
_BEFORE_NOUN = frozenset({"diplomacy.agreement", "diplomacy.meeting", "diplomacy.talks"})
_NAMED = re.compile(r"[A-Z][\w’'-]+ (?:(?:[A-Z][\w’'-]+|of|for|on|and|in|the) ){0,6}$")
_HELD = re.compile(r"(?:meet|meeting|summit|conference|forum|congress|talks)$", re.IGNORECASE)
_COORDINATION = re.compile(
    r"\s*(?:,|,? and|or|as well as|&)\s*(?:in |at |near )?(?:the )?(?:\w+ern )?"
)
# A rally or a conference is itself where one speaks.
_HELD_GROUPS = ("diplomacy.", "protest.", "riot.")
_COUNTED_GROUPS = ("battle.", "explosion.", "violence.", "protest.", "riot.", "disaster.")


def deed(scene: Scene, index: int, trigger: Trigger, before: Sequence[Draft]) -> Draft | None:
    """Return the draft of what a trigger says was done, or is to be done.

    Parameters
    ----------
    scene
        The article.
    index
        The trigger's sentence.
    trigger
        The event word.
    before
        The drafts of earlier sentences, for places and days that are inherited.

    Returns
    -------
    Draft or None
        None where too little is said: neither a place nor a day.
    """
    text, sentence = scene.article.text, scene.sentences[index]
    words, lead = sentence.of(text), text[sentence.start : trigger.span.start]
    code = refine(words, trigger.type)
    leaning = bool(_LEANING.search(words))
    model = _model(scene, index, before, code) if leaning else None
    if _vetoed(words, lead, code, known=model is not None):
        return None
    places, basis, proof = _where(scene, index, trigger, code, model)
    when, sure, dated = _when(scene, index, trigger, model)
    how = _standing(scene, sentence, trigger, code)
    if how.status == "hypothetical" and code.startswith("diplomacy."):
        return None
    draft = Draft(
        trigger=trigger.span,
        type=code,
        strength=trigger.strength,
        index=index,
        paragraph=scene.paragraphs[index],
        evidence=tuple(sorted({sentence, *proof, *dated})),
        places=places,
        basis=basis,
        when=when,
        when_confidence=sure,
        actors=_cast(text, actors(text, sentence, trigger.span, code), how.attributed_to),
        fatalities=fatalities(words) if code.startswith(_COUNTED_GROUPS) else None,
        injured=injured(words) if code.startswith(_COUNTED_GROUPS) else None,
        standing=how,
        name=_name(text, sentence, trigger),
        leaning=leaning,
    )
    if _REFERRED.search(lead) and draft.basis != "linked":
        return None
    return draft if model is not None or _holds(draft) else None


def _where(
    scene: Scene, index: int, trigger: Trigger, code: str, model: Draft | None
) -> tuple[tuple[tuple[float, Resolution], ...], LocationBasis, tuple[Span, ...]]:
    """Return the places, where they come from, and the sentences that they were taken from."""
    text, sentence = scene.article.text, scene.sentences[index]
    found = places_at(text, sentence, trigger.span, scene.resolutions, barred=scene.dateline)
    if code in _BEFORE_NOUN:
        seat = venue(text, trigger.span, scene.places_in(sentence))
        found = [(0.8, seat)] if seat is not None and not found else found
    if not code.startswith(_HELD_GROUPS):
        found = [(c, r) for c, r in found if not spoken_at(text, sentence, r.mention.span)]
    known = _coordinated(text, [(c, r) for c, r in found if r.place is not None])
    if known:
        return known, "linked", ()
    low = max(sentence.start, trigger.span.start - _COUNTRY_REACH)
    high = min(sentence.end, trigger.span.end + _COUNTRY_REACH)
    if scene.country is not None and _THE_COUNTRY.search(text, low, high):
        return ((0.9, scene.country),), "inherited", ()
    # A local name that no gazetteer knows is the place all the same: nothing is inherited over it.
    if not found and model is not None and model.places:
        return model.places, "inherited", model.evidence[:1]
    return (), "none", ()


def _coordinated(
    text: str, known: Sequence[tuple[float, Resolution]]
) -> tuple[tuple[float, Resolution], ...]:
    """Keep the likeliest place, and those coordinated with it ("X, Y and Z")."""
    if not known:
        return ()
    kept = [known[0]]
    for pair in sorted(known[1:], key=lambda pair: pair[1].mention.span):
        for _, other in kept:
            low, high = sorted((pair[1].mention.span, other.mention.span))
            if _COORDINATION.fullmatch(text, low.end, high.start):
                kept.append(pair)
                break
    return tuple(kept)


def _when(
    scene: Scene, index: int, trigger: Trigger, model: Draft | None
) -> tuple[When | None, float, tuple[Span, ...]]:
    """Return the day, how sure it is, and the other sentence that gives it, if one does."""
    text, sentence = scene.article.text, scene.sentences[index]
    dated = nearest(text, sentence, trigger.span, scene.dates)
    if dated is not None:
        return dated[0], dated[1], ()
    if REMARKS.search(scene.words(index)) and index:
        earlier = scene.sentences[index - 1]
        found = [w for w in scene.dates if w.span is not None and earlier.contains(w.span)]
        if found:
            return found[-1], 0.5, (earlier,)
    if model is not None and model.when is not None and model.index < index:
        return model.when, 0.5, model.evidence[:1]
    return None, 0.0, ()


def _model(scene: Scene, index: int, before: Sequence[Draft], code: str) -> Draft | None:
    """Return the latest draft of a neighbouring sentence that this one leans on."""
    for draft in reversed(before):
        steps = scene.paragraphs[index] - draft.paragraph
        near = index - draft.index <= _LEAN_SENTENCES and steps <= 1
        if near and family(draft.type) == family(code):
            return draft
    return None


def _standing(scene: Scene, sentence: Span, trigger: Trigger, code: str) -> Standing:
    """Return the standing; deeds inside a quotation are what the speaker alleges."""
    found = standing(scene.article.text, sentence, trigger.span, code)
    if scene.quoted(trigger.span) and found.status == "asserted":
        return Standing("alleged", found.attributed_to, 0.7)
    return found


def _cast(text: str, found: tuple[Actor, ...], source: Span | None) -> tuple[Actor, ...]:
    """Make the source of an event its speaker, and nobody else at once."""
    if source is None:
        return found
    speaker = Actor(span=source, text=source.of(text), role="speaker")
    others = [actor for actor in found if not actor.span.overlaps(source)]
    return tuple(sorted((*others, speaker), key=lambda actor: actor.span))


def _name(text: str, sentence: Span, trigger: Trigger) -> str | None:
    """Return the proper name before a noun of meeting: "Heart of Asia" before "conference"."""
    if not _HELD.search(trigger.span.of(text)):
        return None
    found = _NAMED.search(text, max(sentence.start, trigger.span.start - 60), trigger.span.start)
    if found is None:
        return None
    name = re.sub(r"^(?:The|A|An) ", "", found.group().strip())
    return name if " " in name else None


def _holds(draft: Draft) -> bool:
    """Tell whether there is enough to an event: a place or a day, for some types both."""
    if draft.type.startswith("disaster."):
        victims = draft.fatalities is not None or draft.injured is not None
        return bool(draft.places) or (victims and draft.when is not None)
    if draft.type == "crime.organised":
        return bool(draft.places) and draft.when is not None
    if draft.type in {"strategic.other", "strategic.property_destruction"}:
        return bool(draft.places)
    return bool(draft.places) or draft.when is not None

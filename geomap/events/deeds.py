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
# Plural nouns often sum up many happenings; after one of these words they do.
_PLURAL = re.compile(
    r"(?:attacks|killings|bombings|strikes|assaults|raids|blasts|explosions|kidnappings|abductions"
    r"|arrests|clashes|battles|meetings|visits|protests|demonstrations|rallies|shootings|ambushes"
    r"|negotiations|rapes|floods|bombs|riots|executions|incidents|talks)$",
    re.IGNORECASE,
)
_SUMMING = re.compile(
    r"\b(?:series|spate|wave|surge|string|number|rise|increase|spike|history|recent|past|previous"
    r"|any|\d{2,}|frequent|repeated|regular|responsible for|such|similar|launch|launching|against"
    r"|carry out|years of|months of|decades of) (?:of )?(?:[\w-]+ ){0,3}$",
    re.IGNORECASE,
)
_GENERIC_AFTER = re.compile(
    r"^(?: (?:on|against|by|in|of) [\w -]{0,40}?)? (?:are|is|have|has|continue|remain)"
    r" (?:\w+ly )?(?:been )?(?:rising|increas\w+|on the rise|common|frequent|spread\w*|grow\w*"
    r"|surg\w+)",
    re.IGNORECASE,
)
_OFFICIAL = re.compile(
    r"\b(?:minister|president|premier|king|queen|prince|chancellor|secretary|envoy|ambassador"
    r"|delegation|officials?|leader|government|ministry|security council|secretary-general|senator"
    r"|military chief|army chief|governor|foreign|diplomat\w*|counterpart|un|eu|nato|bilateral"
    r"|peace|ceasefire|taliban"
    r"|rebel|pope|sheikh|commander|summit|nuclear|negotiator)(?:s|es|ies)?\b",
    re.IGNORECASE,
)
# Meetings and contracts of daily life are no diplomacy.
_PRIVATE = re.compile(
    r"\b(?:school|board of|city council|county|curriculum|town hall|shareholders?|company|companies"
    r"|firm|club|coach|season|hospital|university|students|residents|church|union contract|players?"
    r"|team|oil giant|investors?|customers?|lawsuit|cabinet post|job)\b",
    re.IGNORECASE,
)
# Arrests, deployments and smuggling count where the sentence speaks of conflict or politics.
_POLITICAL = re.compile(
    r"\b(?:militants?|terror\w*|rebels?|insurg\w*|activists?|opposition|protest\w*|demonstrat\w*"
    r"|party"
    r"|journalists?|extremis\w*|separatis\w*|soldiers?|troops|army|military|militia|armed|fighters?"
    r"|security forces|security personnel|police force|navy|warships?|missiles?|brigade|battalion"
    r"|peacekeepers?|plot\w*"
    r"|espionage|spy\w*|coup|treason|subversi\w*|gang|cartel|weapons?|explosives?|taliban|isis"
    r"|islamic state|palestinians?|kurdish|leaders?|minister|president|politic\w*|migrants?"
    r"|intelligence)\b",
    re.IGNORECASE,
)
_ILLICIT = re.compile(
    r"\b(?:cocaine|heroin|hashish|opium|methamphetamine|narcotics|drugs|weapons?|gangs?|cartels?"
    r"|migrants?|traffick\w+|smuggl\w+|counterfeit)\b",
    re.IGNORECASE,
)
_ARMED = re.compile(
    r"\b(?:militants?|rebels?|insurgen\w*|fighters?|terrorists?|gunm[ae]n|jihad\w*|extremists?"
    r"|separatists?"
    r"|soldiers?|troops?|army|armies|military|militias?|forces|armed|fighting|war|warplanes"
    r"|artillery"
    r"|commandos?|guerr?illas?|paramilitar\w*|taliban|ttp|isis|isil|islamic state|daesh"
    r"|al-?shabaa?b"
    r"|boko haram|hezbollah|hamas|houthis?|pkk|ypg|sdf|m23|rsf|attackers?|ambush\w*|personnel"
    r"|border guards"
    r"|gun ?battles?|gunfights?|exchang\w+|fire|clash\w*|overr[au]n|peshmerga|mujahideen"
    r"|tribesmen|tribal)\b",
    re.IGNORECASE,
)
_DEAD_DEAL = re.compile(
    r"\b(?:end(?:ed|ing|s)?|broke|breach(?:ed|ing)?|violat(?:ed|ing|e|ion of)|withdrew from|quit"
    r"|scrapped|part of|under|since|despite|terms of|implement\w*|violation of|suspended)"
    r" (?:the |an? |its |their |that )*(?:[\w-]+ ){0,3}$",
    re.IGNORECASE,
)
# An act that somebody condemns or investigates is only referred to.
_REFERRED = re.compile(
    r"\b(?:condemn\w*|denounc\w*|deplor\w*|responsib\w+ (?:for|of)|blam\w+ [\w ]{1,40} for"
    r"|in response to|retaliat\w+ (?:for|against)|investigat\w*(?: into)?|accused of|charged with"
    r"|suspected of|fear of|end to|an end of|threat of|victims? of|anniversary of)"
    r" (?:the |an? |this |that |these |such |any |all |recent |last |further )*(?:[\w-]+ ){0,2}$",
    re.IGNORECASE,
)
_BEFORE_NOUN = frozenset({"diplomacy.agreement", "diplomacy.meeting", "diplomacy.talks"})
_NAMED = re.compile(r"[A-Z][\w’'-]+ (?:(?:[A-Z][\w’'-]+|of|for|on|and|in|the) ){0,6}$")
_HELD = re.compile(r"(?:meet|meeting|summit|conference|forum|congress|talks)$", re.IGNORECASE)
_COORDINATION = re.compile(
    r"\s*(?:,|,? and|or|as well as|&)\s*(?:in |at |near )?(?:the )?(?:\w+ern )?"
)
# A rally or a conference is itself where one speaks.
_HELD_GROUPS = ("diplomacy.", "protest.", "riot.")
_COUNTED_GROUPS = ("battle.", "explosion.", "violence.", "protest.", "riot.", "disaster.")


def summed_up(scene: Scene, index: int, trigger: Trigger) -> bool:
    """Tell whether a trigger sums up many happenings: "a wave of attacks", "150 attacks".

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
    bool
        Only ever True for nouns in the plural.
    """
    text, sentence = scene.article.text, scene.sentences[index]
    if not _PLURAL.search(trigger.span.of(text)):
        return False
    lead = text[max(sentence.start, trigger.span.start - 60) : trigger.span.start]
    return bool(
        _SUMMING.search(lead) or _GENERIC_AFTER.search(text[trigger.span.end : sentence.end])
    )


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


def _vetoed(words: str, lead: str, code: str, *, known: bool) -> bool:
    """Tell whether the sentence makes an event of this type unlikely, whatever its trigger.

    `known` says that the sentence leans on an event of the same family: "he" is an official then.
    """
    if family(code) == "encounter":
        return not (known or _OFFICIAL.search(words)) or bool(_PRIVATE.search(words))
    if code == "diplomacy.agreement":
        return bool(_DEAD_DEAL.search(lead) or _PRIVATE.search(words))
    if code.startswith("battle."):
        return not _ARMED.search(words)
    if code == "crime.organised":
        return not _ILLICIT.search(words)
    if code in {"strategic.arrest", "strategic.group_change"}:
        return not _POLITICAL.search(words)
    return False


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

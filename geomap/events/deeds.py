"""Drafts of what is done: fights, attacks, protests, meetings, agreements, disasters."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from geomap.events.actors import actors
from geomap.events.casualties import fatalities, injured
from geomap.events.drafts import Draft, akin, conflicting, family
from geomap.events.people import holders, two_people
from geomap.events.pointing import pointed, told_in
from geomap.events.reference import (
    another,
    antecedent,
    definite,
    kind_of,
    leans,
    only_refers,
    personal,
    support,
)
from geomap.events.refine import refine
from geomap.events.status import Standing, standing
from geomap.events.unreal import bygone, everyday, unreal
from geomap.events.venues import about, capital, crossing, spoken_at, the_place, venue
from geomap.events.vetoes import counted, in_court, referred, vetoed
from geomap.events.when import ahead, happened, nearest
from geomap.events.where import acting, inside, places_at
from geomap.model import Actor, LocationBasis, Place, Resolution, Span, When

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.events.reference import Reference
    from geomap.events.scene import Scene
    from geomap.events.triggers import Trigger

__all__ = ["REMARKS", "deed"]

REMARKS = re.compile(
    r"\b(?:remarks|comments|statement|allegations|accusations) (?:came|come|were|follow\w*)\b"
)
# What has not happened yet takes neither place nor day from what has.
_FORWARD = frozenset({"planned", "threatened", "hypothetical"})
# Two states that meet need no minister.
_SIDES = 2
# The chance of a day that another sentence gives, and of a seat that the words give by rule.
_LENT = 0.5
_SEAT = 0.8
# Verbs of encounters and deals in the past: what they tell of was done.
_DONE = re.compile(r"(?:met|held|flew|went|\w+ed)\b")
# "The Tajik capital" is pointed to, not named.
_SEAT_WORD = re.compile(r" capital\b")
# "Met here on Tuesday" in a text with a dateline.
_HERE = re.compile(r"(?: [\w’-]+){0,3}? here\b(?! in\b| at\b)")
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_END = re.compile(r"\b(?:siege|stand-?off|storm\w*|hostages?)\b", re.IGNORECASE)
# Longer than this in days a hostage taking seldom lasts.
_SIEGE = 14
# What one province has seen for longer, in days, is a figure.
_CAMPAIGN = 31
# No event cites more sentences than these.
_MOST_EVIDENCE = 3
# "There" and "the city" mean the place named last, of its kind.
_POINTED = 0.75
# Farther back than any pronoun reaches, in sentences.
_FAR = 99
# A name without an entry is the place of an event only where the linker is as sure as this.
_LOCAL = 0.6
_UNREST = frozenset({"violence", "crowd"})
_HELD_CAPTIVE = re.compile(r"\b(?:hostages?|captives?|captors?|inmates|prison)\b", re.IGNORECASE)
# Surer words of hostage taking than this need no hostages beside them.
_CAPTORS = 0.6
# "A strike" alone is one of the kind that was told before.
_SURE_STRIKE = 0.6
_STRIKES = ("explosion.air_strike", "explosion.shelling")
_FROM_THE_AIR = re.compile(
    r"\b(?:air\w*|aerial|drones?|jets?|warplanes?|planes?|bombers|helicopters?|U\.S\.|Israeli)\b",
    re.IGNORECASE,
)
_ANOTHER_STRIKE = re.compile(r"\b(?:second|third|another|further|new) strikes?\b", re.IGNORECASE)
# Noise unless they have a place.
_PLACED = frozenset(
    {
        "diplomacy.visit",
        "strategic.arrest",
        "strategic.base",
        "strategic.group_change",
        "strategic.other",
        "strategic.property_destruction",
        "strategic.weapons_disrupted",
    }
)
_THE_COUNTRY = re.compile(r"\b(?:of|across|in|throughout|around) the country\b", re.IGNORECASE)
# How far from its trigger "the country" still belongs to it, in characters.
_COUNTRY_REACH = 60
_BEFORE_NOUN = frozenset({"diplomacy.agreement", "diplomacy.meeting", "diplomacy.talks"})
_NAMED = re.compile(r"[A-Z][\w’'-]+ (?:(?:[A-Z][\w’'-]+|of|for|on|and|in|the) ){0,6}$")
_HELD = re.compile(r"(?:meet|meeting|summit|conference|forum|congress|talks)$", re.IGNORECASE)
_COORDINATION = re.compile(
    r"(?: (?:valley|district|province|region|city|town|area|village|county|camp)s?)?\s*(?:,"
    r"|,? and|or|as well as|&)\s*(?:in |at |near )?(?:the )?(?:\w+ern )?"
)
_ONE_EACH = re.compile(
    r",? (?:and )?(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d+|another|others)"
    r" (?:[\w-]+ ){0,3}(?:in|at|near) "
)
# How much surer the first place of such a row is than those that follow.
_LENT_VERB = 0.9
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
        None where too little is said: neither a place nor a day; and for a definite noun ("the
        blast") that adds nothing to the account it refers to.
    """
    own = _told(scene, index, trigger, before)
    if own is None:
        return None
    own = _with_actors(scene, own) if family(own.type) == "encounter" else own
    words = scene.words(index)
    lead = scene.article.text[scene.sentences[index].start : own.trigger.start]
    known = _lent(scene, own, before)
    follows = own.type == "strategic.arrest" and any(
        family(d.type) in _UNREST or d.type == "strategic.weapons_disrupted" for d in before
    )
    states = sum(actor.text in _lands(scene, index) for actor in own.actors)
    acquainted = known is not None or follows or states >= _SIDES or _known_people(scene, own)
    if vetoed(words, lead, own.type, known=acquainted) or _a_figure(own, words):
        return None
    if own.standing.status not in _FORWARD:
        found = _connected(scene, own, known, kind_of(scene, index, trigger), before)
    else:
        again = definite(scene.article.text, scene.sentences[index], own.trigger)
        found = None if again and not (own.places and own.when) else own
    if found is None:
        return None
    found = found if found.places else _pointed(scene, found)
    found = found if found.actors else _with_actors(scene, found)
    if found.back is not None:
        return found
    return found if _holds(found) and (found.basis == "linked" or not referred(lead)) else None


def _known_people(scene: Scene, own: Draft) -> bool:
    """Tell whether a sentence names people whose office the article tells, or two in talks."""
    sentence = scene.sentences[own.index]
    words = sentence.of(scene.article.text)
    if not holders(scene.article.text).isdisjoint(_WORD.findall(words)):
        return True
    places = [
        Span(start=r.mention.span.start - sentence.start, end=r.mention.span.end - sentence.start)
        for r in scene.places_in(sentence)
    ]
    return own.type == "diplomacy.talks" and two_people(words, places)


def _pointed(scene: Scene, own: Draft) -> Draft:
    """Return a draft with the place that "there" or "the city" means, and its sentence."""
    there = None if scene.quoted(own.trigger) else pointed(scene, own.index, own.trigger)
    if there is None:
        return own
    proof = told_in(scene, there)
    evidence = own.evidence if proof is None else tuple(sorted({*own.evidence, proof}))
    return replace(
        own, places=((_POINTED, there),), basis="inherited", evidence=evidence[:_MOST_EVIDENCE]
    )


def _lands(scene: Scene, index: int) -> set[str]:
    """Return the countries that a sentence names, as written."""
    named = scene.places_in(scene.sentences[index])
    return {
        r.mention.text for r in named if r.place and r.place.feature.startswith(("PCL", "PPLC"))
    }


def _connected(
    scene: Scene, own: Draft, known: Draft | None, kind: Reference, before: Sequence[Draft]
) -> Draft | None:
    """Return a draft joined to what it takes up or completed by what it leans on."""
    words = scene.words(own.index)
    same = _taken_up(own, before, kind, words) or _ended(own, before, words)
    if same is not None:
        return _added(own, same, kind)
    alone = _stands_alone(own, before) and not only_refers(own.trigger.of(scene.article.text))
    if kind == "noun" and not alone:
        return _struck_too(scene, own, before)
    return _inherited(scene, own, known) if known is not None else own


def _told(scene: Scene, index: int, trigger: Trigger, before: Sequence[Draft]) -> Draft | None:
    """Return what the sentence itself tells of the event, nothing inherited."""
    text, sentence = scene.article.text, scene.sentences[index]
    words = sentence.of(text)
    code = _as_before(words, trigger, refine(words, trigger.type), before)
    lead = text[sentence.start : trigger.span.start]
    if vetoed(words, lead, code, known=True) or (family(code) == "violence" and in_court(lead)):
        return None
    context, after = scene.paragraph_text(index), text[trigger.span.end : sentence.end]
    if unreal(lead, trigger.span.of(text), after, context, code) or everyday(text, context, code):
        return None
    how = _standing(scene, sentence, trigger, code)
    if how.status == "hypothetical" and code.startswith("diplomacy."):
        return None
    dated = nearest(text, sentence, trigger.span, scene.dates_in(sentence))
    how = _scheduled(scene, how, code, trigger, dated[0] if dated else None)
    places, basis = _where(scene, index, trigger, code)
    when, proof = (dated[0], ()) if dated else _remarked(scene, index)
    if when is not None and how.status in _FORWARD:
        when = ahead(when, scene.article.published)
    elif when is not None and (
        not code.startswith("diplomacy.") or _DONE.match(trigger.span.of(text))
    ):
        when = happened(when, scene.article.published)
    if bygone(when, scene.article.published, code):
        return None
    dead = fatalities(words) if code.startswith(_COUNTED_GROUPS) else None
    return Draft(
        trigger=trigger.span,
        type=code,
        strength=trigger.strength,
        index=index,
        paragraph=scene.paragraphs[index],
        evidence=tuple(sorted({sentence, *proof})),
        places=places,
        basis=basis,
        when=when,
        when_confidence=dated[1] if dated else _LENT if when else 0.0,
        actors=(),
        fatalities=dead,
        injured=injured(words) if code.startswith(_COUNTED_GROUPS) else None,
        toll=sentence if dead is not None else None,
        standing=how,
        name=_name(text, sentence, trigger),
        leaning=leans(words),
        apart=another(words),
    )


def _scheduled(
    scene: Scene, how: Standing, code: str, trigger: Trigger, when: When | None
) -> Standing:
    """Return the standing; a meeting or visit of a coming day is planned, whatever its verb."""
    published = scene.article.published
    if how.status != "asserted" or when is None or when.first is None or published is None:
        return how
    told = family(code) != "encounter" or _DONE.match(trigger.span.of(scene.article.text))
    return how if told or when.first <= published else replace(how, status="planned")


def _with_actors(scene: Scene, own: Draft) -> Draft:
    """Return a draft with those who take part; countries that are its place do not."""
    text, sentence = scene.article.text, scene.sentences[own.index]
    held = [r.mention.span for _, r in own.places]
    named = scene.places_in(sentence)
    parties = [s for s in acting(text, sentence, named) if s not in held]
    if family(own.type) == "violence":
        parties += [r.mention.span for r in named if r.mention.kind == "demonym"]
    found = actors(text, sentence, own.trigger, own.type, parties=parties)
    return replace(own, actors=_cast(text, found, own.standing.attributed_to))


def _as_before(words: str, trigger: Trigger, code: str, before: Sequence[Draft]) -> str:
    """Return the type of "a second strike", that of the blast before it; a siege needs hostages."""
    if code == "violence.hostage" and trigger.strength < _CAPTORS:
        held = _HELD_CAPTIVE.search(words) or any(d.type == code for d in before)
        return code if held else "battle.clash"
    bare = trigger.strength < _SURE_STRIKE and not _FROM_THE_AIR.search(words)
    if code == "disaster.man_made" and trigger.type == "explosion.remote":
        return next((d.type for d in before if d.type.startswith("explosion.")), code)
    if trigger.type != "explosion.air_strike" or not (bare or _ANOTHER_STRIKE.search(words)):
        return code
    known = _STRIKES if bare else ("explosion.",)
    blasts = [d.type for d in before if d.type.startswith(known)]
    return blasts[-1] if blasts else code


def _a_figure(own: Draft, words: str) -> bool:
    """Tell whether a draft is a figure over a period.

    One of a whole country and a day stands, and so do some weeks at one place.
    """
    if not own.type.startswith(_COUNTED_GROUPS) or not counted(words):
        return False
    nation = [r for _, r in own.places if r.place and r.place.feature.startswith("PCL")]
    if own.places and not nation and _brief(own.when) and not own.type.startswith("disaster."):
        return False
    return not (nation and own.when is not None and own.fatalities is None)


def _brief(when: When | None) -> bool:
    """Tell whether a date is a stretch of at most a month: a campaign, and no statistics."""
    if when is None or when.first is None or when.last is None:
        return False
    return (when.last - when.first).days <= _CAMPAIGN


def _lent(scene: Scene, own: Draft, before: Sequence[Draft]) -> Draft | None:
    """Return the earlier draft of the same family whose place and day this one may take over."""
    words = scene.words(own.index)
    if not leans(words):
        return _followed(own, before)
    for draft in reversed(before):
        steps = own.index - draft.index
        near = support(words, steps) and (steps > 0) and _near(own, draft, words)
        if draft.standing.status in _FORWARD:
            continue
        signed = own.type == "diplomacy.agreement" and family(draft.type) == "encounter"
        if near and (signed or family(draft.type) == family(own.type)):
            return draft
    return None


def _followed(own: Draft, before: Sequence[Draft]) -> Draft | None:
    """Return the unrest, told earlier in the paragraph, at which people were then arrested."""
    if own.type != "strategic.arrest":
        return None
    near = [
        d
        for d in before
        if own.index - d.index == 1
        and own.paragraph == d.paragraph
        and d.places
        and family(d.type) in _UNREST
    ]
    return near[-1] if near else None


def _near(own: Draft, draft: Draft, words: str) -> bool:
    """Tell whether a draft stands in this paragraph or the last, or is named by the sentence."""
    return own.paragraph - draft.paragraph <= 1 or support(words, _FAR)


def _taken_up(own: Draft, before: Sequence[Draft], kind: Reference, words: str) -> Draft | None:
    """Return the earlier draft that this one is another account of."""
    loose = family(own.type) in {"violence", "crowd"} or own.type.startswith("disaster.")
    if kind != "noun" and not loose:
        return None
    if (
        kind == "pronoun"
        and not personal(words)
        and not any(family(d.type) == family(own.type) for d in before[-1:])
    ):
        return None
    if kind == "none" and (own.places or own.when or own.standing.status == "alleged"):
        return None
    found = antecedent(own, own.places, own.when, before, kind)
    if found is None or found.standing.status in _FORWARD:
        return None
    elsewhere = own.places and not found.places and found.basis == "none"
    return None if elsewhere and kind != "noun" else found


def _ended(own: Draft, before: Sequence[Draft], words: str) -> Draft | None:
    """Return the hostage taking that a later siege or storming, days after, brings to its end."""
    if own.when is None or own.when.first is None or not _END.search(words):
        return None
    if family(own.type) != "violence":
        return None
    for known in reversed(before):
        began = known.when.last if known.when is not None else None
        if known.type != "violence.hostage" or began is None:
            continue
        if 0 <= (own.when.first - began).days <= _SIEGE and not conflicting(
            _spots(own), _spots(known)
        ):
            return known
    return None


def _struck_too(scene: Scene, own: Draft, before: Sequence[Draft]) -> Draft | None:
    """Return the harm that a sentence tells of another town than the one hit just before."""
    if not only_refers(own.trigger.of(scene.article.text)) or own.basis != "linked":
        return None
    near = [
        d
        for d in before
        if d.paragraph == own.paragraph
        and own.index - d.index <= 1
        and family(d.type) == "violence"
    ]
    if not near or not conflicting(_spots(own), _spots(near[-1])):
        return None
    known = near[-1]
    own = replace(own, type=known.type, strength=known.strength)
    return own if own.when else replace(own, when=known.when, when_confidence=_LENT)


def _added(own: Draft, known: Draft, kind: Reference) -> Draft | None:
    """Return what a further account of a known happening adds to it, or None for nothing."""
    if kind == "noun":
        finer = own.basis == "linked" and (not known.places or _finer(own, known))
        if not (finer or own.fatalities or own.injured or (own.when and known.when is None)):
            return None
    places, basis = (own.places, own.basis) if own.places else (known.places, known.basis)
    return replace(
        own,
        places=places,
        basis=basis,
        when=known.when or own.when,
        when_confidence=known.when_confidence if known.when else own.when_confidence,
        standing=known.standing,
        back=known.back or known.trigger,
    )


def _finer(own: Draft, known: Draft) -> bool:
    """Tell whether an account names a place inside that of an earlier one."""
    return any(inside(a, b) for a in _spots(own) for b in _spots(known))


def _spots(draft: Draft) -> list[Place]:
    return [r.place for _, r in draft.places if r.place is not None]


def _stands_alone(own: Draft, before: Sequence[Draft]) -> bool:
    """Tell whether a definite noun may tell of a happening that nothing else has told of."""
    if own.places and own.when:
        return True
    return own.basis == "linked" and not any(akin(d.type, own.type) for d in before)


def _inherited(scene: Scene, own: Draft, known: Draft) -> Draft:
    """Return a draft with the place and the day that it takes over from an earlier one.

    A local name that no gazetteer knows is the place all the same: nothing is inherited over it.
    """
    text, sentence = scene.article.text, scene.sentences[own.index]
    proof, named = known.evidence[:1], scene.places_in(sentence)
    if (
        not own.places
        and known.places
        and not places_at(text, sentence, own.trigger, named, barred=scene.dateline)
    ):
        own = replace(own, places=known.places, basis="inherited")
        own = replace(own, evidence=tuple(sorted({*own.evidence, *proof})))
    elsewhere = conflicting(_spots(own), _spots(known))
    if own.when is None and known.when is not None and not elsewhere:
        own = replace(own, when=known.when, when_confidence=_LENT)
        own = replace(own, evidence=tuple(sorted({*own.evidence, *proof})))
    return own


def _remarked(scene: Scene, index: int) -> tuple[When | None, tuple[Span, ...]]:
    """Return the day of the sentence before where this one says what its remarks followed."""
    if not index or not REMARKS.search(scene.words(index)):
        return None, ()
    earlier = scene.sentences[index - 1]
    found = scene.dates_in(earlier)
    return (found[-1], (earlier,)) if found else (None, ())


def _where(
    scene: Scene, index: int, trigger: Trigger, code: str
) -> tuple[tuple[tuple[float, Resolution], ...], LocationBasis]:
    """Return the places that the sentence gives, and how."""
    text, sentence = scene.article.text, scene.sentences[index]
    named = scene.places_in(sentence)
    gate = crossing(text, trigger.span, named) if code == "strategic.other" else None
    if gate is not None:
        return ((_SEAT, gate),), "linked"
    if scene.home is not None and _HERE.match(text, trigger.span.end, sentence.end):
        return ((_SEAT, scene.home),), "document"
    found = _linked(scene, index, trigger, code)
    entered = [(c, r) for c, r in found if r.place is not None]
    local = [(c, r) for c, r in found if c >= _LOCAL]
    known = _coordinated(text, entered or local, named)
    seat = capital(scene, sentence, trigger.span)
    lands = {r.place.country for _, r in known if r.place and r.place.feature.startswith("PCL")}
    within = seat is not None and seat.place is not None and lands == {seat.place.country}
    if known and not within:
        return known, "linked"
    if seat is not None:
        return ((_SEAT, seat),), "inherited"
    if scene.home is not None and not found and _in_the_lead(scene, index, code):
        return ((_POINTED, scene.home),), "document"
    return _implied(scene, index, trigger.span, lent=not found)


def _in_the_lead(scene: Scene, index: int, code: str) -> bool:
    """Tell whether a lead without a place of its own tells what happened at the dateline.

    A deal is not struck at home by one of its parties, and all else not abroad.
    """
    first = next((i for i in range(len(scene.sentences)) if i not in scene.headlines), None)
    home = scene.home.place if scene.home is not None else None
    if index != first or home is None or code == "diplomacy.sanction":
        return False
    text, sentence = scene.article.text, scene.sentences[index]
    others = [
        r
        for r in scene.places_in(sentence)
        if r.place is not None
        and not (scene.dateline and scene.dateline.overlaps(r.mention.span))
        and not _SEAT_WORD.match(text, r.mention.span.end)
    ]
    lands = {r.place.country for r in others if r.place is not None}
    if code == "diplomacy.agreement":
        return home.country not in lands
    if family(code) == "encounter":
        return True
    return all(r.mention.kind == "demonym" for r in others) and lands <= {home.country}


def _linked(
    scene: Scene, index: int, trigger: Trigger, code: str
) -> list[tuple[float, Resolution]]:
    """Return the names that the linker ties to a trigger, less those that are no venue."""
    text, sentence = scene.article.text, scene.sentences[index]
    named = scene.places_in(sentence)
    found = places_at(text, sentence, trigger.span, named, barred=scene.dateline, local=False)
    if code in _BEFORE_NOUN:
        seat = venue(text, trigger.span, named)
        found = [(_SEAT, seat)] if seat is not None and not found else found
    # Sanctions hit countries and happen in none; a bloc that imposes them is no place either.
    if code == "diplomacy.sanction":
        found = [(c, r) for c, r in found if not (r.place and _wide(r.place))]
    if code.startswith("diplomacy.") and code != "diplomacy.visit":
        found = [(c, r) for c, r in found if not about(text, trigger.span, r.mention.span)]
    if not code.startswith(_HELD_GROUPS):
        found = [(c, r) for c, r in found if not spoken_at(text, sentence, r.mention.span)]
    return list(found)


def _wide(place: Place) -> bool:
    """Tell whether a place is a country or a continent."""
    return place.feature.startswith(("PCL", "CONT"))


def _implied(
    scene: Scene, index: int, trigger: Span, *, lent: bool
) -> tuple[tuple[tuple[float, Resolution], ...], LocationBasis]:
    """Return the place that "across the country" or "the town" stands for.

    `lent` says that the sentence names no place at all for the trigger.
    """
    text, sentence = scene.article.text, scene.sentences[index]
    low = max(sentence.start, trigger.start - _COUNTRY_REACH)
    high = min(sentence.end, trigger.end + _COUNTRY_REACH)
    if scene.country is not None and _THE_COUNTRY.search(text, low, high):
        return ((0.9, scene.country),), "inherited"
    meant = the_place(scene, index, trigger) if lent else None
    return (((_LENT, meant),), "inherited") if meant is not None else ((), "none")


def _coordinated(
    text: str, known: Sequence[tuple[float, Resolution]], named: Sequence[Resolution]
) -> tuple[tuple[float, Resolution], ...]:
    """Keep the likeliest place, and those coordinated with it ("X, Y and Z").

    In "killed a judge in X, a teacher in Y" the verb counts for Y without being said again.
    """
    if not known:
        return ()
    kept = [known[0]]
    for other in named:
        last = kept[-1][1].mention.span.end
        after = last <= other.mention.span.start and other.place is not None
        if after and _ONE_EACH.fullmatch(text, last, other.mention.span.start):
            kept.append((known[0][0] * _LENT_VERB, other))
    known = [pair for pair in known if pair[1] not in [other for _, other in kept]]
    known = [kept[0], *known]
    left = sorted(known[1:], key=lambda pair: pair[1].mention.span)
    while joined := [pair for pair in left if _beside_one(text, pair[1], kept)]:
        kept += joined
        left = [pair for pair in left if pair not in joined]
    return tuple(kept)


def _beside_one(
    text: str, resolution: Resolution, kept: Sequence[tuple[float, Resolution]]
) -> bool:
    """Tell whether a name is coordinated with one of those kept."""
    spans = [sorted((resolution.mention.span, other.mention.span)) for _, other in kept]
    return any(_COORDINATION.fullmatch(text, low.end, high.start) for low, high in spans)


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
    placed, dated = bool(draft.places), draft.when is not None
    if draft.type.startswith("disaster."):
        return placed or (dated and (draft.fatalities is not None or draft.injured is not None))
    if draft.type == "crime.organised":
        return placed and dated
    if draft.type in _PLACED or draft.standing.status != "asserted":
        return placed
    if family(draft.type) == "encounter":
        parties = [actor for actor in draft.actors if actor.role == "participant"]
        return placed or (dated and len(parties) > 1)
    return placed or dated

"""From an article and its resolved places to its events."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from geomap import dates
from geomap.articles import dateline, paragraphs, sentences
from geomap.events.actors import actors, official
from geomap.events.assemble import build
from geomap.events.casualties import fatalities, injured
from geomap.events.drafts import UTTERANCES, Draft, family
from geomap.events.merge import merge
from geomap.events.refine import refine
from geomap.events.status import Standing, negated, standing
from geomap.events.triggers import Trigger, find
from geomap.events.when import nearest
from geomap.events.where import places_at
from geomap.model import Article, Event, LocationBasis, Resolution, Span, When

__all__ = ["extract"]

# What follows leans on the sentence before for its place and day.
_LEANING = re.compile(
    r"^[“\"]?(?:He|She|They|It|His|Her|Their)\b|\b(?:there|here)\b|\b[Tt]he (?:city|town|village|capital"
    r"|district|province|area|scene|site|building|cent(?:re|er)|facility|meeting|summit|conference|talks"
    r"|siege|attack|blast|explosion|bombing|incident|fighting|clashes|raid|shooting|militants|attackers"
    r"|gunmen|assault|operation|standoff|protest|rally|victims?|dead)\b|\b(?:remarks|comments) came\b",
)
_REMARKS = re.compile(r"\b(?:remarks|comments|statement|allegations|accusations) (?:came|come|were|follow\w*)\b")
_THE_COUNTRY = re.compile(r"\b(?:of|across|in|throughout|around) the country\b", re.IGNORECASE)
# Plural nouns often sum up many happenings; after one of these words they do.
_PLURAL = re.compile(
    r"(?:attacks|killings|bombings|strikes|assaults|raids|blasts|explosions|kidnappings|abductions"
    r"|arrests|clashes|battles|meetings|visits|protests|demonstrations|rallies|shootings|ambushes"
    r"|airstrikes|air strikes|negotiations|rapes|floods|bombs|riots|executions|hostages)$",
    re.IGNORECASE,
)
_SUMMING = re.compile(
    r"\b(?:series|spate|wave|surge|string|number|rise|increase|spike|history|recent|past|previous|any"
    r"|more than \d+|\d{2,}|frequent|repeated|regular|responsible for|such|similar|launch|carry out|against) "
    r"(?:of )?(?:[\w-]+ ){0,3}$",
    re.IGNORECASE,
)
_OFFICIAL = re.compile(
    r"\b(?:minister|president|premier|king|queen|prince|chancellor|secretary|envoy|ambassador|delegation"
    r"|official|leader|government|ministry|council|committee|general|chief|senator|governor|foreign"
    r"|diplomat\w*|counterpart|UN|EU|NATO|bilateral|peace|ceasefire|taliban|rebels?|pope|sheikh"
    r"|commander|summit|nuclear)s?\b",
    re.IGNORECASE,
)
_SUBSTANCE = re.compile(
    r"\b(?:attack|war|peace|secur|terror|milit|troop|army|forces|insurg|rebel|sanction|ceasefire|truce"
    r"|territor|border|violence|weapon|nuclear|missile|conflict|threat|enemy|strike|hostil|aggress"
    r"|relations|neighbo|talks|negotiat|diplom|sovereign|protest|human rights|killing|crimes?\b)",
    re.IGNORECASE,
)
_SPOKEN_AT = re.compile(
    r"\b(?:reporters|journalists|conference|briefing|meet|interview|speech|parliament|government"
    r"|officials|spokes\w+|embassy|headquarters|lawmakers|authorities|speaking|told \w+|statement)"
    r" (?:[\w’-]+ ){0,4}?(?:in|at|from)(?: the)?(?: \w+ (?:city|capital),?(?: of)?)? $",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"((?:[A-Z][\w’'-]+ )(?:(?:[A-Z][\w’'-]+|of|for|on|and|in|the) ){0,6})$"
)
_HELD_NOUNS = re.compile(r"(?:meet|meeting|summit|conference|forum|congress|talks)$", re.IGNORECASE)
_WEAK_SAID = re.compile(r"(?:said|says|saying)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Scene:
    """An article cut up for reading."""

    article: Article
    sentences: tuple[Span, ...]
    paragraph: tuple[int, ...]
    resolutions: tuple[Resolution, ...]
    dates: tuple[When, ...]
    dateline: Span | None
    home: Resolution | None
    quotes: tuple[Span, ...]


def extract(article: Article, resolutions: Sequence[Resolution]) -> tuple[Event, ...]:
    """Return the events of an article, each with the sentences that prove it.

    An event is one happening at one place. Triggers of one sentence or of adjacent sentences of a
    paragraph merge when their types, places, dates and standing agree, and so do mentions of one
    named meeting anywhere; a happening at several places gives several events of one incident.
    The venue is a place of the sentence ("linked"), else that of the neighbouring sentence which
    the sentence leans on ("inherited"), else, for what officials say, the dateline ("document"),
    else none. The publication day by itself never dates an event.

    Parameters
    ----------
    article
        The article; relative dates need its publication day.
    resolutions
        Its place names, resolved, in text order.

    Returns
    -------
    tuple[Event, ...]
        In the order of their triggers; empty for an article that reports none.
    """
    scene = _scene(article, tuple(resolutions))
    drafts: list[Draft] = []
    for index in range(len(scene.sentences)):
        drafts.extend(_drafts(scene, index, drafts))
    return build(article, merge(drafts))


def _scene(article: Article, resolutions: tuple[Resolution, ...]) -> _Scene:
    text = article.text
    parts = paragraphs(text)
    cut = sentences(text)
    number, owners = 0, []
    for sentence in cut:
        while number + 1 < len(parts) and parts[number + 1].start <= sentence.start:
            number += 1
        owners.append(number)
    head = dateline(text)
    home = None
    if head is not None:
        named = [r for r in resolutions if r.mention.span.overlaps(head.place) and r.place]
        home = named[0] if named else None
    return _Scene(
        article, cut, tuple(owners), resolutions, tuple(dates.find(text, article.published)),
        None if head is None else head.span, home, _quotes(text, parts),
    )


def _quotes(text: str, parts: Sequence[Span]) -> tuple[Span, ...]:
    """Return the quoted stretches of three words or more, never across a paragraph."""
    found = []
    for part in parts:
        for quote in re.finditer(r"“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)", part.of(text)):
            if quote.group().count(" ") >= 2:
                found.append(Span(start=part.start + quote.start(), end=part.start + quote.end()))
    return tuple(found)


def _drafts(scene: _Scene, index: int, before: Sequence[Draft]) -> list[Draft]:
    """Return the drafts of one sentence; `before` holds those of the earlier ones."""
    text, sentence = scene.article.text, scene.sentences[index]
    triggers = [
        trigger for trigger in find(text, sentence)
        if not (scene.dateline and scene.dateline.overlaps(trigger.span))
        and not negated(text, sentence, trigger.span)
    ]
    deeds = [t for t in triggers if t.type.partition(".")[2] not in UTTERANCES]
    drafts = [_deed(scene, index, trigger, before) for trigger in deeds]
    found = [draft for draft in drafts if draft is not None]
    for trigger in triggers:
        if trigger.type.partition(".")[2] in UTTERANCES:
            said = _utterance(scene, index, trigger, found)
            if said is not None:
                found.append(said)
    return found


def _deed(scene: _Scene, index: int, trigger: Trigger, before: Sequence[Draft]) -> Draft | None:
    text, sentence = scene.article.text, scene.sentences[index]
    if family(trigger.type) == "encounter" and not _OFFICIAL.search(sentence.of(text)):
        return None
    code = refine(sentence.of(text), trigger.type)
    found = places_at(text, sentence, trigger.span, scene.resolutions, barred=scene.dateline)
    places = _coordinated(text, found)
    basis: LocationBasis = "linked" if places else "none"
    dated = nearest(text, sentence, trigger.span, scene.dates)
    lead = text[sentence.start : trigger.span.start]
    if _PLURAL.search(trigger.span.of(text)) and _SUMMING.search(lead[-60:]):
        return None
    country = None if places else _the_country(scene, sentence)
    if country is not None:
        places, basis = ((0.7, country),), "inherited"
    leaning = bool(_LEANING.search(sentence.of(text)))
    model = _model(scene, index, before, code) if leaning else None
    if not places and not found and model is not None and model.places:
        places, basis = model.places, "inherited"
    if dated is None and model is not None and model.when is not None and model.index < index:
        dated = (model.when, 0.5)
    if dated is None and _REMARKS.search(sentence.of(text)):
        dated = _day_before(scene, index)
    how = _standing(scene, sentence, trigger, code)
    draft = Draft(
        trigger=trigger.span, type=code, strength=trigger.strength, index=index,
        paragraph=scene.paragraph[index], evidence=(sentence,), places=places, basis=basis,
        when=None if dated is None else dated[0], when_confidence=0.0 if dated is None else dated[1],
        actors=actors(text, sentence, trigger.span, code), fatalities=None, injured=None,
        standing=how, name=_name(text, sentence, trigger), leaning=leaning,
    )
    return draft if _holds(text, draft) else None


def _holds(text: str, draft: Draft) -> bool:
    """Tell whether there is enough to an event: a place, a day, or counted victims."""
    sentence = draft.evidence[0].of(text)
    if draft.places or draft.when is not None or draft.leaning:
        return True
    violent = family(draft.type) in {"violence", "crowd"} or draft.type.startswith("disaster")
    return violent and draft.strength >= 0.6 and (
        fatalities(sentence) is not None or injured(sentence) is not None
    )


def _coordinated(
    text: str, found: Sequence[tuple[float, Resolution]]
) -> tuple[tuple[float, Resolution], ...]:
    """Keep the likeliest place, and the others that are coordinated with it ("X, Y and Z")."""
    known = [(chance, r) for chance, r in found if r.place is not None]
    if not known:
        return ()
    kept = [known[0]]
    for chance, resolution in sorted(known[1:], key=lambda pair: pair[1].mention.span):
        span = resolution.mention.span
        for _, other in kept:
            low, high = sorted((span, other.mention.span))
            gap = text[low.end : high.start]
            if re.fullmatch(r"\s*(?:,|and|or|as well as|, and|&)\s*(?:in |at |near )?(?:the )?", gap):
                kept.append((chance, resolution))
                break
    return tuple(kept)


def _model(scene: _Scene, index: int, before: Sequence[Draft], code: str) -> Draft | None:
    """Return the latest draft of a neighbouring sentence that this one leans on."""
    for draft in reversed(before):
        near = index - draft.index <= 2 and scene.paragraph[index] - draft.paragraph <= 1
        if near and family(draft.type) == family(code):
            return draft
    return None


def _day_before(scene: _Scene, index: int) -> tuple[When, float] | None:
    """Return the day of the sentence before, for remarks that "came after" something."""
    if index == 0:
        return None
    sentence = scene.sentences[index - 1]
    found = [w for w in scene.dates if w.span is not None and sentence.contains(w.span)]
    return (found[-1], 0.5) if found else None


def _the_country(scene: _Scene, sentence: Span) -> Resolution | None:
    """Return the country that "the country" means: the one the article names most."""
    if not _THE_COUNTRY.search(sentence.of(scene.article.text)):
        return None
    counts: dict[str, int] = {}
    for resolution in scene.resolutions:
        if resolution.place is not None and resolution.place.country:
            counts[resolution.place.country] = counts.get(resolution.place.country, 0) + 1
    if not counts:
        return None
    code = max(counts, key=lambda key: counts[key])
    for resolution in scene.resolutions:
        place = resolution.place
        if place and place.country == code and place.feature.startswith("PCL"):
            if resolution.mention.kind != "demonym":
                return resolution
    return None


def _standing(scene: _Scene, sentence: Span, trigger: Trigger, code: str) -> Standing:
    """Return the standing; deeds inside a quotation are what the speaker alleges."""
    found = standing(scene.article.text, sentence, trigger.span, code)
    quoted = any(quote.contains(trigger.span) for quote in scene.quotes)
    if quoted and found.status == "asserted" and not code.startswith("diplomacy."):
        return Standing("alleged", found.attributed_to, 0.7)
    return found


def _name(text: str, sentence: Span, trigger: Trigger) -> str | None:
    """Return the proper name before a noun of meeting: "Heart of Asia" before "conference"."""
    if not _HELD_NOUNS.search(trigger.span.of(text)):
        return None
    found = _NAMED.search(text, max(sentence.start, trigger.span.start - 60), trigger.span.start)
    if found is None:
        return None
    name = re.sub(r"^(?:The|A|An) ", "", found.group().strip())
    return name if len(name.split()) > 1 else None


def _utterance(
    scene: _Scene, index: int, trigger: Trigger, deeds: Sequence[Draft]
) -> Draft | None:
    """Return what an official says as an event; at most one a speaker and paragraph remains."""
    text, sentence = scene.article.text, scene.sentences[index]
    words = sentence.of(text)
    weak = bool(_WEAK_SAID.search(trigger.span.of(text)))
    if any(quote.contains(trigger.span) for quote in scene.quotes):
        return None
    if not official(words) or (weak and any(d.type.partition(".")[2] != "" for d in deeds)):
        return None
    paragraph = scene.paragraph[index]
    whole = " ".join(
        s.of(text) for s, p in zip(scene.sentences, scene.paragraph, strict=True) if p == paragraph
    )
    if not _SUBSTANCE.search(whole):
        return None
    places, basis = _podium(scene, sentence)
    dated = nearest(text, sentence, trigger.span, scene.dates, utterance=True)
    if dated is None and _REMARKS.search(words):
        dated = _day_before(scene, index)
    if weak and dated is None and basis != "linked":
        return None
    return Draft(
        trigger=trigger.span, type=trigger.type, strength=trigger.strength, index=index,
        paragraph=paragraph, evidence=(sentence,), places=places, basis=basis,
        when=None if dated is None else dated[0], when_confidence=0.0 if dated is None else dated[1],
        actors=actors(text, sentence, trigger.span, trigger.type), fatalities=None, injured=None,
        standing=standing(text, sentence, trigger.span, trigger.type), name=None, leaning=False,
    )


def _podium(
    scene: _Scene, sentence: Span
) -> tuple[tuple[tuple[float, Resolution], ...], LocationBasis]:
    """Return where something was said: "told reporters in X", "the government in X", the dateline."""
    text = scene.article.text
    for resolution in scene.resolutions:
        span = resolution.mention.span
        if not sentence.contains(span) or resolution.mention.kind == "demonym":
            continue
        if scene.dateline is not None and scene.dateline.overlaps(span):
            continue
        if resolution.place and _SPOKEN_AT.search(text, max(sentence.start, span.start - 80), span.start):
            if not resolution.place.feature.startswith("PCL"):
                return ((0.85, resolution),), "linked"
    if scene.home is not None:
        return ((0.6, scene.home),), "document"
    return (), "none"

"""Drafts of what is said: statements, accusations, threats, claims of responsibility."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.events.actors import actors, official
from geomap.events.deeds import REMARKS
from geomap.events.drafts import UTTERANCES, Draft, family
from geomap.events.reference import definite
from geomap.events.status import standing
from geomap.events.triggers import find
from geomap.events.venues import spoken_at
from geomap.events.when import nearest, spoken
from geomap.events.where import acting
from geomap.model import Actor, LocationBasis, Resolution, Span, When

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.events.scene import Scene
    from geomap.events.triggers import Trigger

__all__ = ["utterance"]

# Over text in lower case, which is searched in a third of the time.
_SUBSTANCE = re.compile(
    r"\b(?:attack|war\b|peace\b|terroris|military|troops|army|forces|insurg|rebel|militant"
    r"|sanctions"
    r"|ceasefire|truce|territor|cross-border|weapons|nuclear|missile|conflict|enemy|airstrike"
    r"|hostil"
    r"|aggress|invasion|neighbou?ring|negotiat|diplom|sovereign|taliban|hostage|bomb|offensive"
    r"|soldier|border|airspace|firing\b|fire\b|shell|strike|shoot|clash|drone|kill(?:ed|ings?)"
    r"|violence"
    r"|mediat"
    r"|occup|annex|refugee|crossing|siege|blockade|treaty|embargo|espionage|coup\b|security"
    r"|arming|armed|gunm[ae]n|navy|naval|coast ?guard|frontier|interfer|meddl|smuggl|genocide"
    r"|spying"
    r"|plot|mutiny|junta|massacre|war crime|asylum|settlement|leaflet|hostil|human rights|protest"
    r"|referendum|\bvotes?\b|ballot|sabotage|disinformation|re-?arm|ambassador|envoy|retaliat"
    r"|election|oil exports|disput|independence|diplomat"
    r"|peacekeep|mission|convoy)",
)
# Who speaks for a state or an armed group; a mayor or a company does not.
_STATE = re.compile(
    r"(?:foreign|defen[cs]e|interior|prime|deputy|home) (?:minist|secretary)|minist(?:er|ry) of"
    r"|\bpresident\b|\bpremier\b|\bking\b|chancellor|secretary-general|ambassador|\benvoy\b"
    r"|spokes\w+ (?:for|of) (?!.*\bpolice)|(?:government|army|military|ministry|taliban|rebel)"
    r" spokes|\bgovernment\b|parliament|\bauthorities\b|\bministry\b|congress\b|\bsenate\b"
    r"|\b(?:taliban|hamas|hezbollah|houthis?|islamic state|militants?|rebels?|army|military|kremlin"
    r"|pentagon|white house|state department|united nations|nato|general|commander|intelligence"
    r"|european union|european commission|african union|arab league|security council|eu|un|ecowas"
    r"|asean|council|junta|military leader|m23|eln|farc|pkk|jnim|al-?shabaa?b|boko haram|hts"
    r"|isis)\b",
    re.IGNORECASE,
)
_PRIVATE = re.compile(
    r"\b(?:company|police|doctors?|witness\w*|customs|residents?|survivors?|corp|university|school"
    r"|hospital|fire|airline|club|county|city|sheriff|coach)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"\b(?:that|which|who|whose|where|after|when|as|but|while)\b")
_DAY_BETWEEN = re.compile(
    r",? (?:(?:on|late|early|last|late on) )*(?:\w+day )?(?:\w+ly )?(?:has |have |had )?"
)
# How far the place may stand from the verb of speaking, in characters.
_REACH = 120
# A charge in the lead stands at the dateline even without a day.
_CHARGES = frozenset({"diplomacy.accusation", "diplomacy.threat"})
_WORLD = re.compile(
    r"\b(?:United Nations|UN|EU|European Union|NATO|African Union|Arab League|mediators?|Red Cross"
    r"|International)\b"
)
_CHARGE = re.compile(r", an? (?:accusation|allegation|charge) ", re.IGNORECASE)
# "The attack took place at noon, a spokesman said" reports the attack.
_HAPPENED = re.compile(
    r" (?:took place|happened|occurred|began|started|lasted|came|followed|killed|left|wounded|hit"
    r"|was carried out|was launched)\b"
)
_SUBJECT = re.compile(r" (?:(?:also|later|has|had|have) )*")
_GOVERNED = re.compile(r"\b(?:in|from|at|near|of|to|for|and|outside) $")
_GOES_ON = re.compile(r"[“\"]?(?:He|She|They|It)(?: (?:also|then|later|further|has|had))? ")
# Claims of responsibility are surer than this and need neither a place nor a day.
_SURE = 0.9
# Words of a claim need no office: the group that claims is often known by nothing else.
_CLAIMED = 0.8
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
    told = [
        d
        for d in deeds
        if not definite(text, sentence, d.trigger) or _HAPPENED.match(text, d.trigger.end)
    ]
    # What somebody denies to have done is an event that is denied, not one more of denying.
    if head.lower().startswith("den") and any(d.standing.status == "denied" for d in deeds):
        return None
    sourced = _WEAK.match(head) or head.lower() == "told"
    if scene.quoted(trigger.span) or (sourced and told):
        return None
    if not _of_substance(scene.paragraph_text(index)):
        return None
    earlier = _continued(scene, index, trigger, before)
    parties = [*acting(text, sentence, scene.places_in(sentence)), *_seats(scene, index, trigger)]
    cast = actors(text, sentence, trigger.span, trigger.type, parties=parties)
    if _goes_on(scene, index, trigger):
        cast = earlier.actors if earlier else _said_before(scene, index)
    speaker = next((actor.text for actor in cast if actor.role == "speaker"), "")
    if not _counts(scene, index, trigger, speaker):
        return None
    places, basis = _podium(scene, index, trigger, speaker, before)
    when, sure = _when(scene, index, trigger)
    if earlier is not None:
        places, basis = (places, basis) if basis == "linked" else (earlier.places, earlier.basis)
        when, sure = (when, sure) if when else (earlier.when, earlier.when_confidence)
    charge = trigger.type in _CHARGES and (
        basis == "document" or _between_states(scene, index, trigger, speaker)
    )
    how = standing(text, sentence, trigger.span, trigger.type)
    if when is not None and how.status == "asserted":
        when = spoken(when, scene.article.published)
    dated = when is not None and (basis != "none" or when.precision not in {"month", "year"})
    if not dated and basis != "linked" and trigger.strength < _SURE and not charge:
        return None
    return Draft(
        trigger=trigger.span,
        type=_named_type(scene.words(index), trigger.type),
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
        standing=how,
        name=None,
        leaning=False,
    )


# Each word of saying in a paragraph asks anew.
@lru_cache(maxsize=16)
def _of_substance(paragraph: str) -> bool:
    return bool(_SUBSTANCE.search(paragraph.lower()))


def _named_type(words: str, code: str) -> str:
    """Return the type that the sentence itself gives to what is said."""
    charged = code == "diplomacy.statement" and _CHARGE.search(words)
    return "diplomacy.accusation" if charged else code


def _goes_on(scene: Scene, index: int, trigger: Trigger) -> bool:
    """Tell whether only a pronoun stands before the verb: "He also warned"."""
    start = scene.sentences[index].start
    return bool(_GOES_ON.fullmatch(scene.article.text, start, trigger.span.start))


def _said_before(scene: Scene, index: int) -> tuple[Actor, ...]:
    """Return the speaker of the sentence before, in the same paragraph."""
    if not index or scene.paragraphs[index] != scene.paragraphs[index - 1]:
        return ()
    text, sentence = scene.article.text, scene.sentences[index - 1]
    said = [t for t in find(text, sentence) if family(t.type) == "utterance"]
    return actors(text, sentence, said[0].span, said[0].type) if said else ()


def _counts(scene: Scene, index: int, trigger: Trigger, speaker: str) -> bool:
    """Tell whether a speaker and a matter are those of states and armed groups."""
    words, head = scene.words(index), trigger.span.of(scene.article.text)
    if trigger.type == "diplomacy.attribution" and trigger.strength >= _CLAIMED:
        return True
    state = _STATE.search(speaker) or _government(scene, index, trigger, speaker)
    if not speaker and trigger.type in _CHARGES:
        return False
    known = state or _FORMAL.match(head) or official(words)
    if not known or _PRIVATE.search(speaker):
        return False
    return bool(state or not _WEAK.match(head))


def _country(scene: Scene, speaker: str) -> bool:
    """Tell whether a speaker is a country: "Norway accused ..."."""
    return any(
        r.mention.text == speaker and r.place is not None and r.place.feature.startswith("PCL")
        for r in scene.resolutions
    )


def _government(scene: Scene, index: int, trigger: Trigger, speaker: str) -> bool:
    """Tell whether a speaker is a country or the capital that stands for one."""
    seats = _seats(scene, index, trigger)
    return _country(scene, speaker) or any(s.of(scene.article.text) == speaker for s in seats)


def _seats(scene: Scene, index: int, trigger: Trigger) -> list[Span]:
    """Return the capital that stands for its government as the subject: "Oslo accused"."""
    text = scene.article.text
    return [
        r.mention.span
        for r in scene.places_in(scene.sentences[index])
        if r.place is not None
        and r.place.feature == "PPLC"
        and _SUBJECT.fullmatch(
            text, r.mention.span.end, max(r.mention.span.end, trigger.span.start)
        )
        and not _GOVERNED.search(text, max(0, r.mention.span.start - 12), r.mention.span.start)
    ]


def _between_states(scene: Scene, index: int, trigger: Trigger, speaker: str) -> bool:
    """Tell whether one country charges or threatens another: "Iran accused Israel"."""
    if not _government(scene, index, trigger, speaker):
        return False
    sentence = scene.sentences[index]
    home = {r.place.country for r in scene.resolutions if r.place and r.mention.text == speaker}
    rest = scene.places_in(Span(start=trigger.span.end, end=sentence.end))
    return any(r.place is not None and r.place.country not in home for r in rest[:1])


def _continued(scene: Scene, index: int, trigger: Trigger, before: Sequence[Draft]) -> Draft | None:
    """Return the utterance of the sentence before that "he warned" goes on with."""
    if not _goes_on(scene, index, trigger):
        return None
    near = [d for d in before if index - d.index == 1 and d.paragraph == scene.paragraphs[index]]
    said = [d for d in near if d.type.partition(".")[2] in UTTERANCES]
    return said[-1] if said else None


def _when(scene: Scene, index: int, trigger: Trigger) -> tuple[When | None, float]:
    text, sentence = scene.article.text, scene.sentences[index]
    dated = nearest(text, sentence, trigger.span, scene.dates_in(sentence), utterance=True)
    if dated is None and index and REMARKS.search(scene.words(index)):
        earlier = scene.sentences[index - 1]
        found = scene.dates_in(earlier)
        return (found[-1], 0.5) if found else (None, 0.0)
    return dated if dated is not None else (None, 0.0)


def _podium(
    scene: Scene, index: int, trigger: Trigger, speaker: str, before: Sequence[Draft]
) -> tuple[tuple[tuple[float, Resolution], ...], LocationBasis]:
    """Return where it was said: named for it, known of the speaker, else the dateline."""
    text, sentence = scene.article.text, scene.sentences[index]
    for found in sorted(
        scene.places_in(sentence), key=lambda r: abs(r.mention.span.start - trigger.span.start)
    ):
        span = found.mention.span
        if found.mention.kind == "demonym" or found.place is None:
            continue
        if scene.dateline is not None and scene.dateline.overlaps(span):
            continue
        low, high = sorted((trigger.span, span))
        gap = text[low.end : high.start]
        if len(gap) > _REACH or _CLAUSE.search(gap) or found.place.feature.startswith("PCL"):
            continue
        if spoken_at(text, sentence, span, loosely=True) or _stands(text, sentence, span, trigger):
            return ((0.85, found),), "linked"
    known = _stood(scene, speaker, before)
    if known is not None:
        return (known,), "inherited"
    group = trigger.type == "diplomacy.attribution"
    if scene.home is not None and not group and _at_home(scene, sentence, trigger, speaker):
        return ((0.7, scene.home),), "document"
    return (), "none"


def _stands(text: str, sentence: Span, span: Span, trigger: Trigger) -> bool:
    """Tell whether a place opens the sentence, or parts speaker and verb: "in X accused"."""
    if not re.search(r"\b[Ii]n $", text[max(sentence.start, span.start - 4) : span.start]):
        return False
    if span.start - sentence.start == len("In "):
        return span.end <= trigger.span.start
    return bool(_DAY_BETWEEN.fullmatch(text, span.end, max(span.end, trigger.span.start)))


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


def _at_home(scene: Scene, sentence: Span, trigger: Trigger, speaker: str) -> bool:
    """Tell whether nothing says that the speaker is of another country than the dateline.

    A speaker without a country is of the one that the article is about, an international body at
    home where it was heard.
    """
    home = scene.home.place if scene.home is not None else None
    before = Span(start=sentence.start, end=max(sentence.start, trigger.span.start))
    countries = {
        r.place.country
        for r in scene.places_in(before)
        if r.place is not None
        and not (scene.dateline and scene.dateline.overlaps(r.mention.span))
        and not scene.quoted(r.mention.span)
    }
    if home is None:
        return False
    subject = scene.country.place if scene.country is not None else None
    if not countries and subject is not None and not _WORLD.search(speaker):
        return subject.country == home.country
    return not countries or home.country in countries

"""Who takes part in an event, as stretches of its sentence with roles."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.actor_names import group_names
from geomap.events.names import capitalised
from geomap.events.people import holders
from geomap.model import Actor, Role, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["actors", "official"]


def _by_opening(names: Iterable[str]) -> str:
    """Return an expression for names, branched by their first three characters."""
    rests: dict[str, list[str]] = {}
    for name in names:
        rests.setdefault(name[:3], []).append(re.escape(name[3:]))
    first: dict[str, list[str]] = {}
    for head, tails in rests.items():
        first.setdefault(head[0], []).append(f"{re.escape(head[1:])}(?:{'|'.join(tails)})")
    return "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in first.items())


_GROUPS = (
    rf"(?:(?=[A-Z3]|al)(?:{_by_opening(group_names())})\b"
    r"|Tehr[ei]+k-[ei]-Taliban(?: Pakistan)?|TTP|(?:Pakistani |Afghan )?Taliban"
    r"|Islamic State(?: group)?"
    r"|ISIS|ISIL|Daesh|al-Qaeda|al Qaeda|Al-Qaeda|[Aa]l-Shabaa?b|Boko Haram|Hezbollah|Hizbollah"
    r"|Hamas|Fatah"
    r"|Houthis?|PKK|YPG|SDF|FARC|ELN|M23|RSF|Rapid Support Forces|Wagner(?: group)?|NPA|LTTE"
    r"|Lashkar-e-\w+|Jaish-e-\w+|Jabhat al-Nusra|Hayat Tahrir al-Sham|HTS|ISWAP|JNIM|ADF|BLA"
    r"|(?:[A-Z][\w-]+ ){1,4}(?:Army|Front|Brigades?|Movement|Forces?|Militia|Guards?|Council"
    r"|[Mm]ovement|militia|rebels))"
)
_FIGHTERS = (
    r"(?:militants?|rebels?|insurgents?|fighters?|terrorists?|gunm[ae]n|attackers?|bombers?"
    r"|jihadists?|extremists?|separatists?|assailants?|bandits?|pirates?|militia(?:s|men)?"
    r"|armed (?:men|groups?)|kidnappers?|hostage-takers?|warplanes|(?:fighter )?jets|drones"
    r"|helicopters|aircraft|artillery|troops|soldiers?|(?:security |armed |special )?forces"
    r"|army|military|police|policem[ae]n|police officers?|guards?|commandos?|paramilitar(?:y|ies)"
    r"|navy|air force|security personnel|personnel|rangers?|peacekeepers?|mob|settlers?|herders?"
    r"|protesters?|demonstrators?|rioters?|students?|supporters?|activists?|gangs?|cartel)"
)
_PEOPLE = (
    r"(?:people|civilians?|m[ae]n|wom[ae]n|children|child|boys?|girls?|villagers?|farmers?|workers?"
    r"|teachers?|journalists?|engineers?|passengers?|residents?|worshippers?|doctors?|nurses?"
    r"|prisoners?|hostages|inmates?|employees|shoppers|bystanders"
    r"|traders|tourists?|aid workers?|pilgrims?|migrants?|refugees?|miners?)"
)
_OFFICIALS = (
    r"(?i:(?:prime |foreign |defen[cs]e |interior |deputy |first |finance |home )*minist(?:ers?|ry"
    r"|ries)"
    r"|(?:vice[- ])?presidents?|chancellors?|kings?|princes?|emirs?|premiers?|senators?|governors?"
    r"|secretar(?:y|ies)(?:[- ]general| of state| of defen[cs]e)?|envoys?"
    r"|ambassadors?|diplomats?|delegations?|delegates?|lawmakers?|legislators?"
    r"|(?:high )?commissioners?"
    r"|representatives?|vice-premiers?|deputies|speakers?|crown prince|monarchs?|sultan|pope"
    r"|European Union|Arab League|Security Council"
    r"|spokes(?:man|woman|person|people)"
    r"|chiefs?|generals?|commanders?|officials?|leaders?|heads?|negotiators?|counterparts?"
    r"|governments?|directors?"
    r"|parliament(?: speaker)?|council|committee|White House|Kremlin|State Department|Pentagon"
    r"|United Nations|authorities|mediators"
    r"|UN|EU|NATO|African Union)"
)
_MODIFIER = (
    r"(?:(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)(?:[A-Z][\w’'-]*|[a-z]+(?:i|ese|ish|ian|an)"
    r"|armed|suspected|unidentified|unknown|masked|local|senior|top|former|two|three|four|five"
    r"|several|dozens of|hundreds of|thousands of|the|a|an|its|their|his|security|army|government"
    r"|ministry|embassy"
    r"|military|rebel|police|pro-\w+|anti-\w+|\w+-backed|\d+|other|young|newly|appointed|border"
    r"|coalition|opposition|Islamist|riot) ){0,6}"
)
_NAMES = (
    r"(?: (?:Gen|Lt|Col|Maj|Capt|Dr|Mr|Ms)\.)?(?: (?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur"
    r"|Sun)day)(?:[A-Z][\w’'-]+)(?: (?:al-|bin |ur-)?[A-Z][\w’'.-]+){0,3})?"
)
# Half of all word borders are ends; nothing need be tried there.
_WORD_START = r"\b(?=\w)"
_PARTY = re.compile(
    rf"{_WORD_START}(?:{_MODIFIER}(?i:{_FIGHTERS}|{_PEOPLE})\b"
    rf"(?: (?:of|from) (?:the )?{_GROUPS}\b)?"
    rf"|(?:the )?{_GROUPS}\b(?: {_FIGHTERS}\b)?)"
)
_SIDES = re.compile(
    rf"{_WORD_START}(?:{_MODIFIER}(?i:{_FIGHTERS})\b"
    rf"(?! (?:analysts?|experts?|sources?|sociolog\w+|histor\w+"
    rf"|hospitals?|academy|researchers?))|(?:the )?{_GROUPS}\b)"
)
_OFFICIAL = re.compile(
    rf"{_WORD_START}(?:[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){{1,3}}, (?:a|an|the) )?"
    rf"{_MODIFIER}{_OFFICIALS}\b"
    rf"(?: (?:of|for) (?:the )?(?:[a-z]+ (?:and [a-z]+ )?of )?[A-Z][\w’'-]+"
    rf"(?:(?:,? and |, | )[A-Z][\w’'-]+)*(?: {_OFFICIALS}\b)?)?{_NAMES}"
    r"(?:,(?: (?:al-|bin )?[A-Z][\w’'-]+){2,4}(?=,))?"
)
_SPEAKING = re.compile(
    rf"{_WORD_START}(?:{_OFFICIALS}|{_GROUPS}|army|military|militants?|rebels?|group|ministry)\b"
)
# These suffer and do not attack.
_VICTIMS = re.compile(
    r"\b(?:people|civilians?|hostages|children|passengers?|worshippers?|pilgrims?|refugees?"
    r"|tourists?|patients?|wom[ae]n|prisoners?|engineers?|journalists?|employees|shoppers"
    r"|bystanders|aid workers?|teachers?|doctors?|nurses?)$",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"(?: also| later)?(?: (?:spokes(?:man|woman|person|people)|officials?|leaders?|commanders?))?"
    r",? (?:said|says|say|told|added|confirmed|reported|warned|condemned|denied|claimed)\b"
)
_ACTS = re.compile(
    r" (?:\w+ly )?(?!(?:armed|wounded|injured|killed|trained|backed|led)\b)\w+(?:ed|ook|ew|ran)\b"
)
# How far back "between" may stand, in characters.
_SIDES_REACH = 90
# What links two halves of a name to the verb: "met", "met with", "and".
# Names of bodies and buildings, by their last word.
_BODY_NAME = re.compile(
    r"\b(?:Ministry|Council|Committee|Agency|Party|Union|Nations|League|Corps|Army|Forces?|Guards?"
    r"|University|Airport|Street|Square|Palace|House|Summit|Forum|Conference|Court|Bank|Office"
    r"|Department|Police|News|TV|Hospital|Day|State|Front|Movement|Assembly|Parliament)$"
)
_BEHIND_VERB = re.compile(r" (?:with |by |between )?(?:the )?")
_BEFORE_VERB = re.compile(r" (?:(?:also|later|has|had|and|will|would) )?")
_DOES = re.compile(
    r" (?:(?:also|later|has|had|and|will|would) )?(?:(?:carried out|launched|conducted|staged"
    r"|mounted|began|ordered) (?:(?:an?|the|new|more|several|two|dozens of) )*)?"
)
# "Russian guided bombs", "Israeli air strikes".
_ARMS = re.compile(r" (?:[a-z-]+ ){0,2}")
_AND_VERB = re.compile(r",? and (?:also |then )?$")
_SIDE_BEFORE = re.compile(r"\b(?:with|between|and|of|for) (?:the )?$")
_TOLD = re.compile(r"\btold (?:the )?$")
_VERB = re.compile(r"(?:met|meets|visits|arrives|flew|told|says?|said|signs|\w+ed)", re.IGNORECASE)
# Bodies without a name tell nobody apart.
_BODIES = frozenset(
    [
        "governments",
        "government",
        "ministry",
        "committee",
        "council",
        "officials",
        "leaders",
        "heads",
    ]
)
_PASSIVE = re.compile(r"\b(?:was|were|been|being|are|is|be|got)(?: \w+ly)? $")
# Two sides without a subject: nobody is said to attack.
_BETWEEN = re.compile(r" (?:[\w-]+ ){0,4}?(?:between|with) ")
# "Clashes between A and B": two sides, neither the attacker.
_AMONG = re.compile(r"\bbetween (?:the )?$|\bbetween [^,.;:]{1,60} and (?:the )?$")
_HOSTS = re.compile(r"(?: \w+ly| has| have| will| also)? (?:host|receiv|welcom)(?:s|es|ed|e)?\b")
_HOSTED = re.compile(r"\b(?:host|receiv|welcom)(?:s|es|ed)\b")
_HOSTED_END = re.compile(r"\b(?:host|receiv|welcom)(?:s|es|ed) $")
_ARTICLE = re.compile(r"(?:the|a|an|The|A|An|its|their|his) ")
_BY = re.compile(r"\bby (?:the |an? )?$")


def official(text: str) -> bool:
    """Tell whether a stretch names somebody who can speak for a state or an armed group.

    Parameters
    ----------
    text
        A name phrase or a sentence; an empty one names nobody.

    Returns
    -------
    bool
        True for ministers, ministries, spokespeople, commanders, armies and armed groups.
    """
    return bool(_SPEAKING.search(text))


def actors(
    text: str, sentence: Span, trigger: Span, type_: str, *, parties: Sequence[Span] = ()
) -> tuple[Actor, ...]:
    """Return who takes part in the event at a trigger.

    Parameters
    ----------
    text
        The article's text.
    sentence
        The sentence of the trigger.
    trigger
        The event word.
    type_
        The event's type, which decides the roles: participants of a meeting, the speaker of a
        statement, attackers and targets of violence.
    parties
        The countries of the sentence that stand for their governments.

    Returns
    -------
    tuple[Actor, ...]
        In text order, none overlapping another; empty where the sentence names nobody.
    """
    group, _, kind = type_.partition(".")
    if group == "diplomacy" and kind in {"statement", "accusation", "threat", "attribution"}:
        return _cast(text, ((s, "speaker") for s in _speaker(text, sentence, trigger, parties)))
    if group == "diplomacy":
        patterns = (_OFFICIAL,) if kind == "visit" else (_OFFICIAL, _PARTY)
        sides = [s for s in parties if _is_side(text, s, trigger)]
        names = (
            *_named(text, sentence, trigger),
            *_guests(text, sentence),
            *_companions(text, sentence, trigger),
        )
        found = _spans(text, sentence, patterns, (*sides, *names))
        return _cast(
            text,
            (
                (span, "host" if _HOSTS.match(text, span.end) else "participant")
                for span in found
                if not span.overlaps(trigger)
                and not _VICTIMS.search(span.of(text))
                and span.of(text) not in _BODIES
            ),
        )
    doers = [
        s
        for s in parties
        if _DOES.fullmatch(text, s.end, max(s.end, trigger.start))
        or (group == "explosion" and _ARMS.fullmatch(text, s.end, max(s.end, trigger.start)))
    ]
    found = [s for s in _spans(text, sentence, (_PARTY,), doers) if not s.overlaps(trigger)]
    found = [s for s in found if not _TOLD.search(text, max(0, s.start - 12), s.start)]
    return _cast(text, ((span, _role(text, span, trigger, group)) for span in found))


def _is_side(text: str, span: Span, trigger: Span) -> bool:
    """Tell whether a country takes part: "Iran and", "with Iran", "Iran met"."""
    lead = text[max(0, span.start - 12) : span.start]
    return bool(
        _SIDE_BEFORE.search(lead)
        or text.startswith(" and ", span.end)
        or _BEFORE_VERB.fullmatch(text, span.end, max(span.end, trigger.start))
    )


def _speaker(text: str, sentence: Span, trigger: Span, parties: Sequence[Span]) -> list[Span]:
    """Return who says it: the subject straight before the verb, else the nearest before it."""
    found = _spans(text, sentence, (_OFFICIAL, _SIDES), parties)
    subject = [s for s in found if _BEFORE_VERB.fullmatch(text, s.end, max(s.end, trigger.start))]
    if subject:
        return subject[-1:]
    earlier = [span for span in found if span.end <= trigger.start]
    # In "A accused B, and warned" the subject of both is the first.
    joined = _AND_VERB.search(text, sentence.start, trigger.start) is not None
    earlier = earlier[:1] if joined else earlier[-1:]
    later = [span for span in found if span.start >= trigger.end][:1]
    # "A response from the ministry" names its speaker behind it, like "..., said the minister".
    if trigger.of(text).lower() == "response":
        return later
    named = [s for s in _named(text, sentence, trigger) if s.end <= trigger.start]
    return earlier or named or found[:1]


def _named(text: str, sentence: Span, trigger: Span) -> list[Span]:
    """Return the names of people straight before and behind a verb: "Rao met Haddad"."""
    out: list[Span] = []
    if not _VERB.fullmatch(trigger.of(text)):
        return out
    for run in capitalised(sentence.of(text)):
        span = Span(start=sentence.start + run.start, end=sentence.start + run.end)
        gap = (span.end, trigger.start) if span.end <= trigger.start else (trigger.end, span.start)
        joint = _BEFORE_VERB if span.end <= trigger.start else _BEHIND_VERB
        if gap[0] <= gap[1] and joint.fullmatch(text, *gap):
            out.append(span)
    return out


def _guests(text: str, sentence: Span) -> list[Span]:
    """Return the names straight behind "hosted", "received" and "welcomed"."""
    if not _HOSTED.search(text, sentence.start, sentence.end):
        return []
    runs = (
        Span(start=sentence.start + run.start, end=sentence.start + run.end)
        for run in capitalised(sentence.of(text))
    )
    return [s for s in runs if _HOSTED_END.search(text, sentence.start, s.start)]


def _companions(text: str, sentence: Span, trigger: Span) -> list[Span]:
    """Return people named with their country or office told elsewhere: "Japan's Ken Ito", "Ito"."""
    out = []
    for run in capitalised(sentence.of(text)):
        span = Span(start=sentence.start + run.start, end=sentence.start + run.end)
        name = span.of(text)
        known = not holders(text).isdisjoint(name.split()) and not _BODY_NAME.search(name)
        owned = " " in name and text[max(0, span.start - 3) : span.start] in {"'s ", "’s "}
        if (known or (owned and not _BODY_NAME.search(name))) and not span.overlaps(trigger):
            out.append(span)
    return out


def _spans(
    text: str, sentence: Span, patterns: Iterable[re.Pattern[str]], known: Iterable[Span] = ()
) -> list[Span]:
    """Return what the patterns find and, where nothing overlaps them, the known stretches."""
    found: list[Span] = []
    for pattern in patterns:
        for low, high in _matches(pattern, sentence.of(text)):
            span = Span(start=sentence.start + low, end=sentence.start + high)
            if span.end > span.start and not any(span.overlaps(other) for other in found):
                found.append(span)
    for span in known:
        if not any(span.overlaps(other) for other in found):
            found.append(span)
    return sorted(found)


# A sentence has several event words, one after the other, of a few groups of types.
@lru_cache(maxsize=24)
def _matches(pattern: re.Pattern[str], words: str) -> tuple[tuple[int, int], ...]:
    """Return what a pattern finds in a sentence, less articles and possessives before it."""
    out = []
    for match in pattern.finditer(words):
        lead = _ARTICLE.match(words, match.start(), match.end())
        out.append((lead.end() if lead else match.start(), match.end()))
    return tuple(out)


def _cast(text: str, parts: Iterable[tuple[Span, Role]]) -> tuple[Actor, ...]:
    return tuple(Actor(span=span, text=span.of(text), role=role) for span, role in parts)


def _role(text: str, span: Span, trigger: Span, group: str) -> Role:
    if _SAYS.match(text, span.end):
        return "speaker"
    between = _AMONG.search(text, max(0, span.start - _SIDES_REACH), span.start)
    sides = between or _BETWEEN.match(text, trigger.end)
    if sides or group in {"protest", "strategic", "disaster"}:
        return "actor"
    lead = text[max(0, span.start - 12) : span.start]
    passive = bool(_PASSIVE.search(text[max(0, trigger.start - 20) : trigger.start]))
    if _BY.search(lead):
        return "attacker"
    if _VICTIMS.search(span.of(text)):
        return "target"
    if span.end <= trigger.start:
        return "target" if passive else "attacker"
    return "actor" if _ACTS.match(text, span.end) else "target"

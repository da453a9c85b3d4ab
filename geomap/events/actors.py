"""Who takes part in an event, as stretches of its sentence with roles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geomap.model import Actor, Role, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["actors", "official"]

_GROUPS = (
    r"(?:Tehr[ei]+k-[ei]-Taliban(?: Pakistan)?|TTP|(?:Pakistani |Afghan )?Taliban"
    r"|Islamic State(?: group)?"
    r"|ISIS|ISIL|Daesh|al-Qaeda|al Qaeda|Al-Qaeda|[Aa]l-Shabaa?b|Boko Haram|Hezbollah|Hizbollah"
    r"|Hamas"
    r"|Houthis?|PKK|YPG|SDF|FARC|ELN|M23|RSF|Rapid Support Forces|Wagner(?: group)?|NPA|LTTE"
    r"|Lashkar-e-\w+|Jaish-e-\w+|Jabhat al-Nusra|Hayat Tahrir al-Sham|HTS|ISWAP|JNIM|ADF|BLA)"
)
_FIGHTERS = (
    r"(?:militants?|rebels?|insurgents?|fighters?|terrorists?|gunm[ae]n|attackers?|bombers?"
    r"|jihadists?|extremists?|separatists?|assailants?|bandits?|pirates?|militia(?:s|men)?"
    r"|armed (?:men|groups?)|kidnappers?|hostage-takers?|warplanes|jets|troops|soldiers?|forces"
    r"|army|military|police|policem[ae]n|police officers?|guards?|commandos?|paramilitar(?:y|ies)"
    r"|navy|air force|security personnel|personnel|rangers?|peacekeepers?|mob|settlers?|herders?"
    r"|protesters?|demonstrators?|rioters?|students?|supporters?|activists?|gangs?|cartel)"
)
_PEOPLE = (
    r"(?:people|civilians?|m[ae]n|wom[ae]n|children|child|boys?|girls?|villagers?|farmers?|workers?"
    r"|teachers?|journalists?|engineers?|passengers?|residents?|worshippers?|doctors?|nurses?"
    r"|prisoners?|hostages?|inmates?|tourists?|aid workers?|pilgrims?|migrants?|refugees?|miners?)"
)
_OFFICIALS = (
    r"(?i:(?:prime |foreign |defen[cs]e |interior |deputy |first |finance |home )*minist(?:ers?|ry"
    r"|ries)"
    r"|(?:vice[- ])?presidents?|chancellors?|kings?|princes?|emirs?|premiers?|senators?|governors?"
    r"|secretar(?:y|ies)(?:[- ]general)?|envoys?|ambassadors?|diplomats?|delegations?|delegates?"
    r"|spokes(?:man|woman|person|people)"
    r"|chiefs?|generals?|commanders?|officials?|leaders?|heads?|negotiators?|counterparts?"
    r"|governments?|directors?"
    r"|parliament|council|committee|White House|Kremlin|State Department|Pentagon|United Nations"
    r"|UN|EU|NATO|African Union)"
)
_MODIFIER = (
    r"(?:(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)(?:[A-Z][\w’'-]*|[a-z]+(?:i|ese|ish|ian|an)"
    r"|armed|suspected|unidentified|unknown|masked|local|senior|top|former|two|three|four|five"
    r"|several|dozens of|hundreds of|thousands of|the|a|an|its|their|his|security|army|government"
    r"|military|rebel|police|pro-\w+|anti-\w+|\w+-backed|\d+|other|young|newly|appointed|border"
    r"|coalition|opposition|Islamist|riot) ){0,6}"
)
_NAMES = (
    r"(?: (?:Gen|Lt|Col|Maj|Capt|Dr|Mr|Ms)\.)?(?: (?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur"
    r"|Sun)day)(?:[A-Z][\w’'-]+)(?: (?:al-|bin |ur-)?[A-Z][\w’'.-]+){0,3})?"
)
_PARTY = re.compile(
    rf"\b(?:{_MODIFIER}(?:{_FIGHTERS}|{_PEOPLE})\b|(?:the )?{_GROUPS}\b(?: {_FIGHTERS}\b)?)"
)
_OFFICIAL = re.compile(
    rf"\b(?:[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){{1,3}}, (?:a|an|the) )?{_MODIFIER}{_OFFICIALS}\b"
    rf"(?: (?:of|for) (?:the )?(?:[a-z]+ (?:and [a-z]+ )?of )?[A-Z][\w’'-]+"
    rf"(?:(?:,? and |, | )[A-Z][\w’'-]+)*(?: {_OFFICIALS}\b)?)?{_NAMES}"
)
_SPEAKING = re.compile(
    rf"\b(?:{_OFFICIALS}|{_GROUPS}|army|military|militants?|rebels?|group|ministry)\b"
)
_PASSIVE = re.compile(r"\b(?:was|were|been|being|are|is|be|got)(?: \w+ly)? $")
# Two sides without a subject: nobody is said to attack.
_BETWEEN = re.compile(r" (?:[\w-]+ ){0,4}?(?:between|with) ")
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


def actors(text: str, sentence: Span, trigger: Span, type_: str) -> tuple[Actor, ...]:
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

    Returns
    -------
    tuple[Actor, ...]
        In text order, none overlapping another; empty where the sentence names nobody.
    """
    group, _, kind = type_.partition(".")
    if group == "diplomacy":
        found = _spans(text, sentence, (_OFFICIAL,))
        if kind in {"meeting", "talks", "agreement"}:
            found = _spans(text, sentence, (_OFFICIAL, _PARTY))
            return _cast(text, ((span, "participant") for span in found))
        if kind == "visit":
            return _cast(text, ((span, "participant") for span in found))
        earlier = [span for span in found if span.end <= trigger.start][-1:]
        later = [span for span in found if span.start >= trigger.end][:1]
        # "A response from the ministry" names its speaker behind it, like "..., said the minister".
        behind = trigger.of(text).lower() == "response"
        speakers = later if behind else earlier or found[:1]
        return _cast(text, ((span, "speaker") for span in speakers))
    found = [s for s in _spans(text, sentence, (_PARTY,)) if not s.overlaps(trigger)]
    return _cast(text, ((span, _role(text, span, trigger, group)) for span in found))


def _spans(text: str, sentence: Span, patterns: Iterable[re.Pattern[str]]) -> list[Span]:
    found: list[Span] = []
    for pattern in patterns:
        for match in pattern.finditer(text, sentence.start, sentence.end):
            name = match.group()
            lead = len(name) - len(re.sub(r"^(?:the|a|an|The|A|An|its|their|his) ", "", name))
            span = Span(start=match.start() + lead, end=match.end())
            if span.end > span.start and not any(span.overlaps(other) for other in found):
                found.append(span)
    return sorted(found)


def _cast(text: str, parts: Iterable[tuple[Span, Role]]) -> tuple[Actor, ...]:
    return tuple(Actor(span=span, text=span.of(text), role=role) for span, role in parts)


def _role(text: str, span: Span, trigger: Span, group: str) -> Role:
    if group in {"protest", "strategic", "disaster"}:
        return "actor"
    if _BETWEEN.match(text, trigger.end):
        return "actor"
    lead = text[max(0, span.start - 12) : span.start]
    passive = bool(_PASSIVE.search(text[max(0, trigger.start - 20) : trigger.start]))
    if _BY.search(lead):
        return "attacker"
    if span.end <= trigger.start:
        return "target" if passive else "attacker"
    return "target"

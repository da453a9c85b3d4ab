"""Whether an event is reported as a fact, and who says so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from geomap.model import Span, Status

__all__ = ["Standing", "negated", "standing"]

# How far before a trigger its auxiliaries and governing verbs may stand, in characters.
_REACH = 90

_CLAUSE_START = re.compile(
    r"[;:.!?]|[,”\"] (?:and|but|while|who|which|where|as|whose|after|before|said|though)\b"
    r"|, (?=\w+ing\b)"
    r"|\b(?:after|before|while|whereas|but)\b",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\b(?:will|shall|plan(?:s|ned|ning)? (?:to|for|on)|(?:is|are|was|were) (?:also |now "
    r"|then )?(?:due|set|scheduled"
    r"|expected|slated|about|"
    r"going|planning|preparing|poised|likely|considering|trying|to)(?: to)?|prepar(?:e|es|ed"
    r"|ing) (?:to|for)|intend(?:s|ed)? to|"
    r"consider(?:s|ed|ing)?|agreed to|aims? to|(?:is|are|was|were) to|ahead of|upcoming"
    r"|forthcoming|"
    r"next (?:week|month|year|monday|tuesday|wednesday|thursday|friday|saturday|sunday)'?s?|"
    r"try(?:ing)? to|seek(?:s|ing)? to|hop(?:es|ed|ing) to|wants? to|ready to|order(?:ed"
    r"|s) (?:[\w-]+ ){1,4}to|"
    r"call(?:ed|s|ing)? for|call(?:ed|s) on (?:[\w-]+ ){1,6}to|urg(?:ed|es|ing) (?:[\w-]+ ){1,6}to"
    r"|invit(?:ed|es|ing) (?:[\w-]+ ){1,4}to|"
    r"planned|proposed|scheduled)\b",
    re.IGNORECASE,
)
# "Said he would": a plan told in the past.
_ANNOUNCED = re.compile(
    r"\b(?:said|says|announced|confirmed|told \w+) (?:that )?(?:[\w’'-]+ ){1,6}would [\w ]{0,30}$",
    re.IGNORECASE,
)
# "To attack", "to launch an attack": nothing has happened yet, unless somebody managed to.
_PURPOSE = re.compile(
    r"\bto (?:\w+ly )?(?:(?:conduct|carry out|launch|mount|stage|hold|sign|plan for)"
    r" (?:an? |the |more |new )?(?:[\w-]+ ){0,2})?$",
    re.IGNORECASE,
)
_ACHIEVED = re.compile(
    r"\b(?:manag|continu|beg[ai]n|start|went on|proceed|came|us)(?:ed|es|s|ing)? to [\w ]{0,30}$",
    re.IGNORECASE,
)
# "Accustomed to attacks" aims at nothing.
_RELATION = re.compile(
    r"\b(?:accustomed|used|due|related|linked|prior|according|subject|vulnerable|response"
    r"|contributed"
    r"|led|leading|reacted|referring|close|next) to (?:\w+ly )?$",
    re.IGNORECASE,
)
_INFLECTED = re.compile(r"^\w+(?:ed|ing)\b", re.IGNORECASE)
# "A strike on X may lead to war": nouns alone, since "killed ... could" tells of a fact.
_DOUBTED_AFTER = re.compile(
    r"^(?: (?:on|in|at|against|by|of|from|near) [\w’ -]{1,40}?)? (?:could|might|may"
    r"|would)\b(?! have)",
    re.IGNORECASE,
)
_PLANNED_AFTER = re.compile(
    r"^(?:[ \w-]{0,60}?)\b(?:(?:is|are|was|were) (?:being )?(?:considered|planned|scheduled"
    r"|expected|due|prepared)|will (?:be|take|start|begin))\b",
    re.IGNORECASE,
)
_THREATENED = re.compile(
    r"\b(?:threat(?:en|ens|ened|ening)?(?: (?:to|with|of|against))?|warn(?:ed|s"
    r"|ing)? (?:(?:that )?(?:it|they|he|she|we|[\w-]+) (?:will|would)|of)|"
    r"vow(?:ed|s|ing)? (?:to|that|revenge)|risk of|fears? of)\b",
    re.IGNORECASE,
)
_ALLEGED = re.compile(
    r"\b(?:alleg(?:ed|es|edly|ing|ations?)|claim(?:ed|s|ing)|accus(?:ed|es|ing|ations?)"
    r"|reported(?:ly)|suspected of|purported(?:ly)?|"
    r"rumou?r(?:ed|s)|unconfirmed|unverified|apparently|blam(?:ed|es|ing)|intelligence reports)\b",
    re.IGNORECASE,
)
# A modal further before the event word belongs to another verb.
_NEAR = 60
# An open question stays one, whatever is said to be planned.
_OPEN = re.compile(r"\bwhether\b", re.IGNORECASE)
_IF = re.compile(r"\b(?:if|unless|whether|in case)\b", re.IGNORECASE)
# What follows one of these is told by the article itself again.
_TOLD_APART = re.compile(
    r"\b(?:even as|as|after|while|when|before|following|came)\b|;", re.IGNORECASE
)
_CREDIT = re.compile(
    r"\bclaim(?:ed|s|ing) (?:\w+ ){0,2}(?:responsibility|credit|the lives?)\b", re.IGNORECASE
)
_ALLEGED_AFTER = re.compile(
    r"(?:,|[”\"]) (?:[\w’'., -]{0,120}?)\b(?:ha(?:s|ve) )?(?:alleged|claimed)\b", re.IGNORECASE
)
# "Jets reportedly bombed", "the strike purportedly hit".
_HEARSAY = re.compile(r"\b(?:alleg|reported|purported|supposed|apparent)(?:ed)?ly\b", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:den(?:y|ied|ies|ying)|dismiss(?:ed|es|ing)|refut(?:ed|es|ing)|reject(?:ed|s"
    r"|ing) (?:claims|reports|allegations|accusations))\b",
    re.IGNORECASE,
)
# "Dozens were shot, which the army denies."
_DENIED_AFTER = re.compile(
    r", (?:which|something|an? (?:charge|claim|allegation"
    r"|accusation)) (?:that )?(?:[\w’'-]+ ){1,5}?"
    r"(?:den(?:y|ies|ied)|reject(?:s|ed)?|dismiss(?:es|ed)?|disputes?)\b",
    re.IGNORECASE,
)
# "Leaders open their summit on Saturday".
_OPENS = re.compile(
    r"\b(?:open|begin|hold|start|host|convene)s? (?:(?:an?|the|its|their) )?(?:[\w-]+ ){0,2}$"
)
# "He will see X before he goes on to Y": the present tense is part of the plan.
_PRESENT = re.compile(r"(?:goes|travels|flies|visits|meets|arrives|heads|hosts|holds|leaves)")
_WILL = re.compile(
    r"\b(?:will|is (?:due|to|expected|scheduled)) [^;“”\"]*\b(?:before|after|and) [^,;]*$"
)
_HYPOTHETICAL = re.compile(
    r"\b(?:if|unless|could|would|might|may|should|whether|possib(?:le|ility|ly)|potential"
    r"|hypothetical|in case|in the event|fear(?:s|ed|ing)? "
    r"(?:that|a|an|of|more|new|further)|to avoid|to prevent|prevent(?:ed|ing)? (?:an?|any|further"
    r"|new|another)|avert(?:ed)?)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:no|not|never|without|neither|nor|didn['’]t|did not|wasn['’]t|weren['’]t|isn['’]t"
    r"|hasn['’]t|haven['’]t|"
    r"fail(?:ed|s|ing)? to|refus(?:ed|es|ing) to|unable to|lack of|absence of|instead of"
    r"|rather than|call(?:ed)? off|cancel\w*|avoid(?:ed|ing)?)"
    r"(?: (?:any|a|an|the|reach|sign|hold|been|be|more|further|such|to|find|strike|new|single|by"
    r"|of|yet|agree\w*|an?y? \w+)){0,4} $",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"\b(?:no|nobody|none)(?! (?:fewer|less|longer|doubt)) (?:of )?(?:[\w-]+ ){0,2}"
    r"(?:(?:has|had|have|was|were|been) )*(?:yet |immediately )?$",
    re.IGNORECASE,
)
_CANCELLED_AFTER = re.compile(
    r"^(?:[ \w-]{0,40}?)\b(?:(?:was|were|has been|have been|been) )?(?:cancell?ed|called off"
    r"|postponed|averted|did not take place|never took place|collapsed without)\b",
    re.IGNORECASE,
)
_SAID = (
    r"(?:said|says|told|reported|reports|announced|confirmed|according to|added|stated|alleged"
    r"|claimed|claims|alleges)"
)
_SPEAKER_AFTER = re.compile(
    rf"(?:,|[”\"]),? (?P<name>(?:the |a |an |local |[A-Z][\w.’'-]*)(?:[^,.;“”\"]|, (?:the|a"
    rf"|an) [^,.;“”\"]+,(?= {_SAID})){{0,90}}?|[\w ]{{3,40}}?),? (?:ha(?:s|ve) )?{_SAID}\b"
)
_SPEAKER_AFTER_INVERTED = re.compile(
    r"(?:,|[”\"]),? (?:said|says|according to|reported|added) (?P<name>[^,.;“”\"]{3,90})"
)
_SPEAKER_BEFORE = re.compile(
    rf"^[“\"]?(?P<name>(?:[A-Z]|the |an? )[^,.;“”\"—–]{{2,90}}?),? (?:ha(?:s|ve) "
    rf"|also )*{_SAID}\b(?: (?:on |late )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)?(?: that)?"
)
_ACCORDING = re.compile(r"\b[Aa]ccording to (?P<name>[^,.;“”\"]{3,90}?)(?=[,.;]|$)")


@dataclass(frozen=True, slots=True)
class Standing:
    """The status of an event, who vouches for it, and how sure the reading is."""

    status: Status
    attributed_to: Span | None
    confidence: float


def negated(text: str, sentence: Span, trigger: Span) -> bool:
    """Tell whether a sentence says that the event at a trigger did not take place.

    Parameters
    ----------
    text
        The article's text.
    sentence
        The sentence of the trigger.
    trigger
        The event word.

    Returns
    -------
    bool
        True for "no attack took place", "failed to reach an agreement", "the talks were cancelled".
    """
    before = text[max(sentence.start, trigger.start - _REACH) : trigger.start]
    after = text[trigger.end : sentence.end]
    return bool(_NEGATED.search(before) or _NOBODY.search(before) or _CANCELLED_AFTER.search(after))


def standing(text: str, sentence: Span, trigger: Span, type_: str) -> Standing:
    """Return how a sentence reports the event at a trigger.

    What is planned, threatened, alleged or denied is never asserted. The words of the trigger's own
    clause count most; allegation and denial also reach into the clauses that they govern. "Police
    said" leaves an event asserted, with the speaker as its source.

    Parameters
    ----------
    text
        The article's text.
    sentence
        The sentence of the trigger.
    trigger
        The event word.
    type_
        The event's type: an accusation is made, a threat uttered, whatever its content is.

    Returns
    -------
    Standing
        The status, the source's span or None, and a confidence from 0 to 1.
    """
    source = _source(text, sentence, trigger)
    before = text[sentence.start : trigger.start]
    after = text[trigger.end : sentence.end]
    clause = before[_clause_start(before) :]
    coming = _PRESENT.fullmatch(trigger.of(text).split(" ")[0]) and _WILL.search(before)
    if coming or (type_.startswith("diplomacy.") and _OPENS.search(before)):
        return Standing("planned", source, 0.8)
    said = type_.startswith("diplomacy.") and type_.partition(".")[2] in {
        "accusation",
        "threat",
        "statement",
        "attribution",
    }
    if said:
        status: Status = (
            "planned" if re.search(r"\b(?:will|would|plans? to)\s*$", clause) else "asserted"
        )
        return Standing(status, None, 0.9)
    rest = _CREDIT.sub("", _TOLD_APART.split(before)[-1])
    near = clause[-_NEAR:]
    if _DOUBTED_AFTER.search(after) and not _INFLECTED.match(trigger.of(text)):
        status = "hypothetical"
    elif (_HYPOTHETICAL.search(near) or _IF.search(clause)) and not _THREATENED.search(clause):
        firm = (_PLANNED.search(near) or _ANNOUNCED.search(before)) and not _OPEN.search(clause)
        status = "planned" if firm else "hypothetical"
    elif _THREATENED.search(clause):
        status = "threatened"
    elif (
        _PLANNED.search(near)
        or (type_ != "diplomacy.agreement" and _PLANNED.search(trigger.of(text)))
        or _PLANNED_AFTER.search(after)
        or _aimed_at(before, trigger.of(text))
    ):
        status = "planned"
    elif _DENIED.search(rest[-_REACH * 2 :]) or _DENIED_AFTER.search(after):
        status = "denied"
    elif (
        _ALLEGED.search(rest)
        or _ALLEGED_AFTER.search(after)
        or _HEARSAY.search(trigger.of(text))
        or _HEARSAY.match(after.lstrip())
    ):
        status = "alleged"
    else:
        return Standing("asserted", source, 0.9 if source is None else 0.92)
    return Standing(status, source, 0.8)


def _aimed_at(before: str, word: str) -> bool:
    """Tell whether the event is only the aim of something: "met to plan an attack"."""
    return bool(
        _PURPOSE.search(before)
        and not _ACHIEVED.search(before)
        and not _RELATION.search(before)
        and not _INFLECTED.match(word)
    )


def _clause_start(before: str) -> int:
    start = 0
    for found in _CLAUSE_START.finditer(before):
        start = found.end()
    return start


def _source(text: str, sentence: Span, trigger: Span) -> Span | None:
    """Return the span of whoever the sentence names as the source of the event."""
    whole = text[sentence.start : sentence.end]
    after = text[trigger.end : sentence.end]
    for pattern in (_SPEAKER_AFTER_INVERTED, _SPEAKER_AFTER):
        found = pattern.search(after)
        if found:
            return _trimmed(
                text, trigger.end + found.start("name"), trigger.end + found.end("name")
            )
    lead = _SPEAKER_BEFORE.match(whole)
    if lead and sentence.start + lead.end() <= trigger.start:
        return _trimmed(
            text, sentence.start + lead.start("name"), sentence.start + lead.end("name")
        )
    cited = _ACCORDING.search(whole)
    if cited:
        return _trimmed(
            text, sentence.start + cited.start("name"), sentence.start + cited.end("name")
        )
    return None


def _trimmed(text: str, start: int, end: int) -> Span:
    """Cut "on Monday", "that" and spaces off the end of a speaker."""
    name = re.sub(
        r"\s+(?:on |late |early )?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day.*|in a .*"
        r"|that)?\s*$",
        "",
        text[start:end],
    )
    return Span(start=start, end=start + max(1, len(name)))

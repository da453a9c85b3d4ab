"""Places that a sentence gives in words of its own: capitals, crossings, where one spoke or met."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geomap.events.where import level
from geomap.model import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.events.scene import Scene
    from geomap.model import Place, Resolution

__all__ = ["capital", "crossing", "spoken_at", "the_place", "venue"]

# Where somebody speaks to an audience, and where a body sits whose people speak.
_AUDIENCE = re.compile(
    r"\b(?:reporters|journalists|conference|briefing|press meet|interview|speech|lawmakers|speaking"
    r"|statement|(?:told|address\w*|said at|speak\w* (?:to|at)|spoke (?:to|at)) (?:an? |the )"
    r"(?:\w+ ){0,2}rally|media) (?:[\w’-]+ ){0,3}?(?:in|at|from) (?:the )?(?:\w+ )?$"
    r"|\b(?:said|says|announced|issued|declared|added|warned|tweeted)"
    r"(?: (?:on|late on|early on) \w+day)? (?:in|at|from) (?:the )?(?:\w+ )?$",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"\b(?:parliament|government|officials?|spokes\w+|embassy|headquarters|authorities|ministry"
    r"|council|governor|office|administration|leadership|command|consulate|diplomats?|analysts?"
    r"|advis[eo]rs?|mission) (?:[\w’-]+ ){0,2}?(?:in|at) (?:the )?(?:\w+ )?$",
    re.IGNORECASE,
)
_SPEAKS = re.compile(
    r"[’']?s?(?: on \w+day)?,? (?:(?:which|who|has|have|had|also|later|\w+ly) )*(?:sa(?:id|ys?)"
    r"|told|called?|calls|rejected|denied|accused|condemned|claimed|described|issued|warned|urged"
    r"|announced|confirmed|blamed|dismissed|responded|threatened|demanded|vowed|put)\b"
)
# "The Tajik capital", "the capital of Ghana", "the capital".
_CAPITAL = re.compile(
    r"\b(?:in|to|at|near|outside|from|across|around|on|into|hit|shook|rocked|struck|reached|left"
    r"|visited|entered)"
    r" (?:the |its |their )?(?:(?:[a-z]+ )?(?P<land>[A-Z][\w’'-]*(?: [A-Z][\w’'-]*){0,2}) )?"
    r"capital(?: city)?\b(?! (?:gains|letters|punishment|expenditure|region)|,? [A-Z(])"
)
_CAPITAL_SUBJECT = re.compile(
    r"\b[Tt]he (?:(?P<land>[A-Z][\w’'-]*(?: [A-Z][\w’'-]*){0,2}) )?capital(?: city)?"
    r"(?= (?:was|were|has|had|saw|came|remained|fell|woke)\b)"
)
# A national ministry sits in the capital.
_MINISTRY = re.compile(
    r" (?:the |its )?(?P<land>[A-Z][\w-]+)(?:[’']s)? (?:foreign|defen[cs]e|interior"
    r"|finance) ministry\b"
)
_GATE = re.compile(
    r"[’']?s?(?: [A-Z][\w-]+)?(?:[- ](?:border|main|land|key|frontier))*[- ]"
    r"(?:crossings?|border|frontier|gate|checkpoint|point|bridge|airport|port|terminal)\b"
)
# How far a crossing may stand from "closed", a capital from its event word, in characters.
_GATE_REACH = 60
_CAPITAL_REACH = 120
_ABOUT = re.compile(
    r"\b(?:that|which) (?:would|will|could|should|is to|aims? to)\b"
    r"|\b(?:wars?|fighting|conflicts?|crisis|situation|violence|hostilities|bloodshed|offensive"
    r"|developments|unrest|peace|stability|security|humanitarian \w+|operations?|tensions?) "
    r"(?:in|on|over|across|between)(?: (?:the|\w+ern))* $"
    r"|\b(?:talks|consultations|meetings?|summit|conference|negotiations|session|discussions|dialogue"
    r"|agreement|deal|forum) (?:on|about|over|regarding|concerning) (?:the )?(?:[a-z]+ in )?$"
    r"|\bto (?:end|halt|stop|pause|resolve|settle|discuss) [^,;]{0,60}$"
)
# "Talks on X", "talks between X and Y" are in neither.
_PARTIES = re.compile(
    r" (?:on|about|over|regarding|concerning) (?:the )?(?:[a-z]+ in )?"
    r"|(?: [\w-]+){0,3}? between (?:the )?(?:[\w’' -]+ and (?:the )?)?"
)
_SEAT_BEFORE = re.compile(r" (?:(?:peace|climate|security|nuclear|\w+ern) )?")
_SEAT_AFTER = re.compile(
    r"(?: (?!(?:that|which|who|where|after|before|while|when|and|but)\b)[\w’'-]+){0,9}"
    r" (?:in|at) (?:the )?(?:\w+ )?(?:capital,? |city of )?"
)


# Straight behind the event word, with at most a preposition's phrase between.
_THE_PLACE = re.compile(
    r"(?: (?!and\b|but\b|who\b|which\b|that\b|after\b)[\w’-]+){0,3}? (?:the|that|this)"
    r" (?P<kind>city|town|village|capital|province|region|state|district|port|enclave)\b(?! of\b)",
    re.IGNORECASE,
)
# The first letters of the feature codes that a noun may take up.
_KINDS = {
    **dict.fromkeys(("city", "town", "village", "capital", "port", "enclave"), ("PPL",)),
    **dict.fromkeys(("province", "region", "state"), ("ADM1",)),
    "district": ("ADM2", "ADM3"),
}


def spoken_at(text: str, sentence: Span, span: Span, *, loosely: bool = False) -> bool:
    """Tell whether a place is where something was said: "told reporters in X", "said in X".

    Parameters
    ----------
    text
        The article's text.
    sentence
        The sentence of the place.
    span
        The place's name.
    loosely
        Whether the seat of any body ("officials in X") will do; else its people must be said to
        speak ("officials in X said").

    Returns
    -------
    bool
        True where such words stand straight before the name.
    """
    low = max(sentence.start, span.start - 80)
    if _AUDIENCE.search(text, low, span.start):
        return True
    seat = _BODY.search(text, low, span.start)
    return bool(seat and (loosely or _SPEAKS.match(text, span.end, sentence.end)))


def about(text: str, trigger: Span, span: Span) -> bool:
    """Tell whether a place is what is talked of, no venue: "a truce to end the fighting in X".

    Parameters
    ----------
    text
        The article's text.
    trigger
        The word of meeting or agreeing.
    span
        The place's name.

    Returns
    -------
    bool
        True behind a clause of what is to come of it, and behind "war in" and its like.
    """
    if span.start < trigger.end:
        return False
    gap = text[trigger.end : span.start]
    return bool(_ABOUT.search(gap) or _PARTIES.fullmatch(gap))


def crossing(text: str, trigger: Span, resolutions: Sequence[Resolution]) -> Resolution | None:
    """Return the crossing that was closed or opened: "closed the X border crossing".

    Parameters
    ----------
    text
        The article's text.
    trigger
        The word of closing or opening.
    resolutions
        The place names of its sentence.

    Returns
    -------
    Resolution or None
        The nearest name that stands straight before "crossing", "border", "gate" and their like, or
        behind "border with".
    """
    near = [
        r
        for r in resolutions
        if r.place is not None
        and r.mention.kind != "demonym"
        and abs(r.mention.span.start - trigger.start) <= _GATE_REACH
        and (_on_border(r) or _GATE.match(text, r.mention.span.end))
    ]
    return min(near, key=lambda r: abs(r.mention.span.start - trigger.start), default=None)


def _on_border(resolution: Resolution) -> bool:
    relation = resolution.mention.relation
    return relation is not None and relation.way == "border"


def capital(scene: Scene, sentence: Span, trigger: Span) -> Resolution | None:
    """Return the capital that a sentence speaks of without its name: "the Tajik capital".

    Parameters
    ----------
    scene
        The article.
    sentence
        The sentence of the trigger.
    trigger
        The event word.

    Returns
    -------
    Resolution or None
        A mention of that capital elsewhere in the article; None where there is none.
    """
    text = scene.article.text
    low = max(sentence.start, trigger.start - _CAPITAL_REACH)
    high = min(sentence.end, trigger.end + _CAPITAL_REACH)
    ministry = _MINISTRY.match(text, trigger.end, high)
    for found in [
        *([ministry] if ministry else []),
        *_CAPITAL.finditer(text, low, high),
        *_CAPITAL_SUBJECT.finditer(text, low, high),
    ]:
        named = [
            r
            for r in scene.resolutions
            if r.place is not None
            and (
                (found["land"] and found.start("land") <= r.mention.span.start < found.end("land"))
                or text[found.end() : r.mention.span.start] == " of "
            )
        ]
        land = named[0].place if named else scene.country and scene.country.place
        seat = _seat(scene, land, found) if land else None
        if seat is not None:
            return seat
    return None


def _seat(scene: Scene, land: Place, found: re.Match[str]) -> Resolution | None:
    """Return a country's capital: where the article names it, else as the words call it."""
    named = scene.seat(land.country)
    if named is not None or not found.group().endswith(("capital", "capital city")):
        return named
    start = found.start("land") if found["land"] else found.start() + found.group().index("capital")
    return scene.unnamed_seat(land.country, Span(start=start, end=found.end()))


def venue(text: str, trigger: Span, resolutions: Sequence[Resolution]) -> Resolution | None:
    """Return the town of a meeting or an agreement: "the X agreement", "a meeting of ... in X".

    Parameters
    ----------
    text
        The article's text.
    trigger
        The word of meeting or agreeing.
    resolutions
        The place names of its sentence.

    Returns
    -------
    Resolution or None
        None where no town stands straight before the noun or, after "in" or "at", behind it in
        the same clause; a country ("the Iran deal") is what such a noun is about.
    """
    for resolution in resolutions:
        span = resolution.mention.span
        if resolution.mention.kind != "place" or level(resolution) != "town":
            continue
        if _SEAT_BEFORE.fullmatch(text, span.end, max(span.end, trigger.start)):
            return resolution
        if _SEAT_AFTER.fullmatch(text, trigger.end, max(trigger.end, span.start)):
            return resolution
    return None


def the_place(scene: Scene, index: int, trigger: Span) -> Resolution | None:
    """Return what "the town" or "the province" behind an event word means.

    Parameters
    ----------
    scene
        The article.
    index
        The sentence of the event word.
    trigger
        The event word.

    Returns
    -------
    Resolution or None
        The nearest place of that kind named in the three sentences before; None where there is
        none, or where the words stand farther off.
    """
    text, sentence = scene.article.text, scene.sentences[index]
    noun = _THE_PLACE.match(text, trigger.end, sentence.end)
    if noun is None:
        return None
    wanted = _KINDS[noun["kind"].lower()]
    start = scene.sentences[max(0, index - 3)].start
    before = scene.places_in(Span(start=start, end=sentence.start))
    fitting = [
        r
        for r in before
        if r.mention.kind == "place" and r.place is not None and r.place.feature.startswith(wanted)
    ]
    return fitting[-1] if fitting else None

"""Which place an event happened at, how precisely, and the area of a relative place."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from geomap.articles import dateline, sentences
from geomap.events.linking import chances
from geomap.events.names import Name, capitalised
from geomap.model import Article, GeoPrecision, Mention, Place, Resolution, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = [
    "THRESHOLD",
    "acting",
    "candidates",
    "inside",
    "level",
    "locate",
    "places_at",
    "precision",
    "settled",
]

# The chance from which a name counts as the event's place: span F1 over five folds of the training
# sentences is flat between .37 and .45, and what their first reading left unmarked speaks for less.
THRESHOLD = 0.39
# Lists and tables pass for sentences; in them only the names nearest to the trigger count.
_MOST_NAMES = 30
_EXACT = re.compile(
    r"^(?:S\.|S[A-Z]|AIR|BDG|BLDG|CH$|MSQE|HSP|PRN|CMP|MKT|SCH|UNIV|FT$|PO?RT|PS|HTL|STDM|RSTN|SQR"
    r"|INSM)"
)
_PLACE_NOUN = (
    r"(?:north|south|east|west|centre|center|city|town|village|capital|province|district|region"
    r"|parts?"
    r"|areas?|state|county|border|coast|outskirts|suburbs?|island|port|territory|streets|soil)"
)
_INTO = re.compile(
    rf"\b(?:in|inside|into|across|throughout|within|near|on|over|off|around|at|to|from|outside"
    rf"|invaded|entered"
    rf"|hit|struck|rocked|shook|swept|bombed|attacked|visited|visit|visits|leaving|left|reached"
    rf"|{_PLACE_NOUN} of)"
    r" (?:(?:the|all|[a-z-]*(?:ern|st|th|war-torn|neighbou?ring|occupied|central|war-ravaged|rural"
    r"|coastal|mainland)|both|"
    r"territory of|parts of|much of) ){0,3}$",
    re.IGNORECASE,
)
# Whom a place names by their office is a participant, wherever they are: "leaders of the region".
_OFFICE_OF = re.compile(
    r"\b(?:leaders?|officials?|ministers?|members?|representatives?|governors?|presidents?|heads?"
    r"|chiefs?|delegates?|envoys?|people|authorities|government) of (?:the )?$",
    re.IGNORECASE,
)
_AND_BEFORE = re.compile(r"^(?:,|,? (?:and|or)) (?:in )?(?:the )?$")
_CHAIN = re.compile(
    r"^(?:[\s,(]|’s\b|'s\b|\b(?:district|province|county|region|town|city|area|village|governorate"
    r"|state|division|suburb|territory|commune|municipality|oblast|prefecture|department|canton"
    r"|neighbou?rhood|camp|in|of|the|on|near|capital|central|northern|southern|eastern|western"
    r"|northeastern|northwestern|southeastern|southwestern|restive|main|provincial)\b)*$",
    re.IGNORECASE,
)
# Before the last name of a list stands one of these; without it "X, Y" is a chain.
_LISTED = re.compile(r"\b(?:and|or)\b")
# "In X, near Y" is X.
_WITHIN = re.compile(r",? (?:in|near|outside|on the (?:outskirts|edge) of) (?:the )?(?:\w+ern )?")
# A bare capital before a verb of speech is a government: "X said it had no part in the attack".
_SPEAKS = re.compile(
    r" (?:(?:has|have|had|also) )?(?:said|says|denied|denies|accused|warned|condemned|insisted"
    r"|claimed|rejected|blamed|called|vowed|threatened|urged|demanded|described|summoned|expelled"
    r"|announced|wants|hopes|believes)\b"
)
# A preposition of place before a name, and how far before it that is looked for, in characters.
_LOCAL_REACH = 16
_LOCAL_BEFORE = re.compile(r"\b(?:in|from|at|near|of|to|outside|around|across|over) (?:the )?$")
# The score of a capitalised run that recognition did not take for a place.
_RUN_SCORE = 0.5
# "The deadliest raid since the attack on X" was not at X.
_COMPARED = re.compile(r"\b(?:since|than) (?:the|an?|last)\b[^,;]*$")
# "Near the border with X" and "20 km from X" tell a place; the training sentences hold few of them.
_RELATED = 1.5
# "Visited the ministry, and the two sides will hold talks in X": X is where the talks will be.
_YET_TO_COME = re.compile(
    r",? (?:and|but|while|whereas) (?:[\w’'-]+ ){1,5}(?:will|would|plans? to|agreed to|vowed to) "
)
# "Killed two and recalled its envoy from X": X belongs to what was done next.
_NEXT_ACT = re.compile(
    r"\b(?:and|but|while|before) (?:(?:has|had|have|also|later|then|it|they) )*(?:recall(?:ed|ing)"
    r"|expell(?:ed|ing)|summon(?:ed|ing)|withdrew|urged|condemned|vowed|announced|called|accused"
    r"|warned|demanded|promised|flew|flying|travell?ed|travell?ing|returned|returning)\b"
)
# "In X, ...; in Y, ..., and in Z ...": each clause opens with its place.
_OPENS = re.compile(
    r"(?:^|; (?:and )?|, (?:and|while|but|whereas) )(?:[Ii]n|[Aa]t|[Nn]ear|[Oo]utside)"
    r" (?:the [a-z-]+ of |the )?$"
)
# One such clause says nothing of the rest of its sentence; of two, each is as sure as that.
_CLAUSES, _FRONTED = 2, 0.8
# A mayor may be met or taken anywhere, though often at home.
_MAYOR_OF = re.compile(
    r"\b(?:mayor|governor|bishop|archbishop|imam|police chief|natives?|residents?) of (?:the )?$",
    re.IGNORECASE,
)
# What is left of a place's chance behind such words: none but the surest remains.
_ELSEWHERE = 0.4
_OFFICE_REACH = 40
# A local name that hangs on a known one is as good as sure to lie there; what is lost is the link.
_LENT_SHARE = 0.9
_LENDERS = 2
# "Tower 22, an outpost in the north of X".
_APPOSED = re.compile(
    r"(?: \d+)?, (?:an?|the) (?:[\w-]+ ){1,5}?(?:in|of|on|near|at|outside) (?:[a-z]+ )*"
)
_ANCHORED = re.compile(r"(?:,| ?\(| (?:which|that) (?:is|lies)\b| located\b| near\b| (?:in|on)\b)")
# "In X, 25 km west of Y", "X, a town some 20 miles from Y": the anchor only says where X is.
_MEASURED = re.compile(
    r",? \(?(?:(?:which|that) (?:is|lies) |an? (?:[a-z-]+ ){0,2}?(?:town|village|city|settlement"
    r"|hamlet|suburb|district|area|camp) )?(?:(?:about|some|around|roughly|just|located|lying"
    r"|situated|only|less than|more than|nearly|almost) )*\d[\d.,]* ?(?:km|kms|kilomet(?:er|re)s?"
    r"|miles?|mi)\b[\w ()-]{0,30}"
)
# How far behind a name the anchor that helps to find it may stand, in characters.
_ANCHOR_REACH = 60
_LEVELS = {"country": 3, "admin": 2, "unknown": 1, "town": 1}


def level(resolution: Resolution) -> str:
    """Return how wide a place is, as the linker sees it.

    Parameters
    ----------
    resolution
        A place name.

    Returns
    -------
    str
        "country", "admin" (provinces, districts, regions, seas), "town" (all else), or "unknown"
        for a name without an entry.
    """
    place = resolution.place
    if place is None:
        return "unknown"
    if place.feature.startswith("PCL"):
        return "country"
    if place.feature.startswith(("ADM", "RGN", "CONT", "PRSH", "TERR", "ZN", "SEA", "OCN")):
        return "admin"
    return "town"


def candidates(
    text: str, sentence: Span, trigger: Span, resolutions: Sequence[Resolution], barred: Span | None
) -> list[Resolution]:
    """Return the sentence's place names, names that no gazetteer knows included, in text order.

    Parameters
    ----------
    text
        The article's text.
    sentence
        The sentence of the trigger.
    trigger
        The event word; a name that overlaps it is left out.
    resolutions
        The article's place names; demonyms are left out.
    barred
        A stretch whose names are left out, the dateline; or None.

    Returns
    -------
    list[Resolution]
        At most the thirty nearest; capitalised runs without an entry have no candidates.
    """
    inside_ = [r for r in resolutions if sentence.contains(r.mention.span)]
    known = [
        r
        for r in inside_
        if (r.mention.kind != "demonym" or r.mention.relation is not None)
        and not r.mention.span.overlaps(trigger)
    ]
    for run in capitalised(sentence.of(text)):
        span = Span(start=sentence.start + run.start, end=sentence.start + run.end)
        if span.overlaps(trigger) or any(span.overlaps(r.mention.span) for r in inside_):
            continue
        mention = Mention(span=span, text=span.of(text), score=_RUN_SCORE)
        known.append(Resolution(mention=mention))
    if barred is not None:
        known = [r for r in known if not r.mention.span.overlaps(barred)]
    if len(known) > _MOST_NAMES:
        known = sorted(known, key=lambda r: abs(r.mention.span.start - trigger.start))[:_MOST_NAMES]
    return sorted(known, key=lambda r: r.mention.span)


def _names_actor(text: str, sentence: Span, found: Sequence[Resolution], index: int) -> bool:
    """Tell whether a country stands for its government: "Russia's", "Pakistan and Iran said"."""
    span = found[index].mention.span
    before = text[max(sentence.start, span.start - 60) : span.start]
    relation = found[index].mention.relation
    if (relation is not None and relation.way != "between") or _INTO.search(before):
        return False
    if index and _CHAIN.match(gap := text[found[index - 1].mention.span.end : span.start]) and gap:
        return False
    if index and _AND_BEFORE.match(text[found[index - 1].mention.span.end : span.start]):
        return level(found[index - 1]) == "country" and _names_actor(
            text, sentence, found, index - 1
        )
    return True


def _names_office(text: str, sentence: Span, resolution: Resolution) -> bool:
    """Tell whether a country or region only says whose office somebody holds."""
    start = resolution.mention.span.start
    before = text[max(sentence.start, start - _OFFICE_REACH) : start]
    return level(resolution) != "town" and _OFFICE_OF.search(before) is not None


def acting(text: str, sentence: Span, resolutions: Sequence[Resolution]) -> list[Span]:
    """Return the countries of a sentence that stand for their governments.

    Parameters
    ----------
    text
        The article's text.
    sentence
        The sentence.
    resolutions
        Its place names, in text order.

    Returns
    -------
    list[Span]
        "Pakistan" in "Pakistan closed the crossing with Iran"; not in "a bomb in Pakistan".
    """
    named = [r for r in resolutions if r.mention.kind != "demonym"]
    return [
        found.mention.span
        for index, found in enumerate(named)
        if level(found) == "country" and _names_actor(text, sentence, named, index)
    ]


def inside(inner: Place, outer: Place) -> bool:
    """Tell whether one place is named as lying in another, a country or a province.

    Parameters
    ----------
    inner
        The finer place.
    outer
        The wider one.

    Returns
    -------
    bool
        By the gazetteer's country and admin1 and admin2 names; False for the same place.
    """
    if inner.id == outer.id or inner.country != outer.country or outer.country is None:
        return False
    if outer.feature.startswith("PCL"):
        return not inner.feature.startswith("PCL")
    if outer.feature == "ADM1":
        return inner.admin1 in {outer.name, outer.admin1} and inner.feature != "ADM1"
    if outer.feature == "ADM2":
        return inner.admin2 in {outer.name, outer.admin2} and not inner.feature.startswith("ADM")
    return False


def _finest(text: str, accepted: list[tuple[float, Resolution]]) -> list[tuple[float, Resolution]]:
    """Drop the wider members of "X, Y" chains, and places that hold another accepted one."""
    ordered = sorted(accepted, key=lambda pair: pair[1].mention.span)
    dropped: set[int] = set()
    for i in range(len(ordered) - 1):
        left, right = ordered[i][1], ordered[i + 1][1]
        gap = text[left.mention.span.end : right.mention.span.start]
        wider = _LEVELS[level(right)] > _LEVELS[level(left)]
        encloses = wider or (_WITHIN.fullmatch(gap) and level(left) == level(right) != "country")
        if gap and _CHAIN.match(gap) and encloses and not _listed(text, ordered, i):
            dropped.add(i + 1)
    dropped |= _only_anchors(ordered)
    for i, (_, outer) in enumerate(ordered):
        for j, (_, inner) in enumerate(ordered):
            if i != j and outer.place and inner.place and inside(inner.place, outer.place):
                dropped.add(i)
    return [pair for i, pair in enumerate(ordered) if i not in dropped]


def _listed(text: str, ordered: Sequence[tuple[float, Resolution]], index: int) -> bool:
    """Tell whether "X, Y" begins a list, "X, Y and Z", and is no "town, province"."""
    if index + 2 >= len(ordered):
        return False
    left, right, third = (ordered[index + step][1] for step in range(3))
    if left.place is None or right.place is None or inside(left.place, right.place):
        return False
    comma = text[left.mention.span.end : right.mention.span.start] == ", "
    rest = text[right.mention.span.end : third.mention.span.start]
    return comma and _AND_BEFORE.match(rest) is not None


def _only_anchors(ordered: Sequence[tuple[float, Resolution]]) -> set[int]:
    """Tell which names only help to find another: "X, 20 km from Y", "X near the border with Y".

    The second end of a way or border ("between X and Y") adds nothing to the first either.
    """
    dropped = set()
    for i, (_, left) in enumerate(ordered):
        for j, (_, right) in enumerate(ordered[i + 1 : i + 3], i + 1):
            gap = right.mention.span.start - left.mention.span.end
            ends = left.mention.relation
            if ends is not None and ends.other and ends.other.startswith(right.mention.text):
                dropped.add(j)
            elif right.mention.relation is not None and gap <= _ANCHOR_REACH:
                known = left.mention.relation is None and level(left) in {"town", "unknown"}
                if known and right.mention.relation.way not in {"part", "around"}:
                    dropped.add(j)
    return dropped


def places_at(
    text: str,
    sentence: Span,
    trigger: Span,
    resolutions: Sequence[Resolution],
    *,
    barred: Span | None = None,
    local: bool = True,
) -> list[tuple[float, Resolution]]:
    """Return the places that a sentence names for the event at a trigger, with their chances.

    Parameters
    ----------
    text
        The article's text.
    sentence
        The sentence of the trigger.
    trigger
        The event word, of any kind.
    resolutions
        The article's place names; those outside the sentence and demonyms do not count.
    barred
        A stretch, the dateline, whose names never locate.
    local
        Whether names without an entry are answers; else what they are said to lie in or beside
        ("X village in Y", "X, 20 km north of Y") stands for them.

    Returns
    -------
    list[tuple[float, Resolution]]
        The likeliest first; empty where the sentence names none.
    """
    found = candidates(text, sentence, trigger, resolutions, barred)
    if not found:
        return []
    shift = sentence.start
    names = [
        Name(
            Span(start=r.mention.span.start - shift, end=r.mention.span.end - shift),
            level(r),
            0 if r.place is None else r.place.population,
        )
        for r in found
    ]
    word = Span(start=trigger.start - shift, end=trigger.end - shift)
    scored = chances(sentence.of(text), word, names)
    if not local:
        scored = _fronted(text, sentence, trigger, found, scored)
        scored = _lent(text, found, _alike(text, found, _joined(text, trigger, found, scored)))
    return settled(text, sentence, found, scored, strict=not local)


def _joined(
    text: str, trigger: Span, found: Sequence[Resolution], scored: Sequence[float]
) -> list[float]:
    """Hold both ends of a way for as likely; a place of what is yet to come is not of the past."""
    out = list(scored)
    for i, resolution in enumerate(found):
        ends = resolution.mention.relation
        end = ends.other if ends is not None and i + 1 < len(found) else None
        if end and end.startswith(found[i + 1].mention.text):
            out[i] = max(out[i], out[i + 1])
            out[i + 1] = 0.0
        start = resolution.mention.span.start
        if (
            i
            and ends is not None
            and _MEASURED.fullmatch(text, found[i - 1].mention.span.end, start)
        ):
            either = 1.0 - (1.0 - out[i - 1]) * (1.0 - out[i])
            out[i - 1] = min(1.0, either * _RELATED)
            out[i] = 0.0
        elif ends is not None and ends.way not in {"between", "part"}:
            out[i] = min(1.0, out[i] * _RELATED)
        behind = start > trigger.end
        coming = behind and (
            _YET_TO_COME.search(text, trigger.end, start)
            or _NEXT_ACT.search(text, trigger.end, start)
        )
        compared = behind and _COMPARED.search(text, trigger.end, start)
        if compared or _stands_for_government(text, resolution):
            out[i] = 0.0
        elif coming or _MAYOR_OF.search(text, max(0, start - _OFFICE_REACH), start):
            out[i] *= _ELSEWHERE
    return out


def _fronted(
    text: str,
    sentence: Span,
    trigger: Span,
    found: Sequence[Resolution],
    scored: Sequence[float],
) -> list[float]:
    """Let a clause that opens with its place happen there: "in Kalat, ..., and in Bolan, ..."."""
    spans = [r.mention.span for r in found]
    opening = [
        i for i, span in enumerate(spans) if _OPENS.search(text[sentence.start : span.start])
    ]
    before = [i for i in opening if spans[i].start < trigger.start]
    if len(opening) < _CLAUSES or not before:
        return list(scored)
    mine = before[-1]
    end = next((spans[i].start for i in opening if i > mine), sentence.end)
    out = list(scored)
    for i, span in enumerate(spans):
        told = spans[mine].start <= span.start < end and _said_where(text, span)
        if i != mine and not told:
            out[i] *= _ELSEWHERE
    out[mine] = max(out[mine], _FRONTED)
    return out


def _alike(text: str, found: Sequence[Resolution], scored: Sequence[float]) -> list[float]:
    """Hold the names of a list ("in X, Y and Z") for as likely as they are on average."""
    out = list(scored)
    for run in _lists(text, found):
        mean = sum(out[i] for i in run) / len(run)
        for i in run:
            out[i] = max(out[i], mean)
    return out


def _lists(text: str, found: Sequence[Resolution]) -> Iterator[range]:
    """Give the runs of names of one width that make a list: "X, Y and Z"."""
    gaps = [
        text[left.mention.span.end : right.mention.span.start] for left, right in pairwise(found)
    ]
    first = 0
    for i, gap in enumerate([*gaps, ""]):
        if gap and _AND_BEFORE.match(gap) and level(found[i]) == level(found[i + 1]):
            continue
        if i > first and _LISTED.search(gaps[i - 1]):
            yield range(first, i + 1)
        first = i + 1


def _stands_for_government(text: str, resolution: Resolution) -> bool:
    """Tell whether a capital is the subject of a verb of speech."""
    span = resolution.mention.span
    seat = resolution.place is not None and resolution.place.feature == "PPLC"
    return bool(seat and not _said_where(text, span) and _SPEAKS.match(text, span.end))


def _said_where(text: str, span: Span) -> bool:
    """Tell whether a preposition of place stands before a name."""
    return bool(_LOCAL_BEFORE.search(text, max(0, span.start - _LOCAL_REACH), span.start))


def _lent(text: str, found: Sequence[Resolution], scored: Sequence[float]) -> list[float]:
    """Hand the chance of each name without an entry on to the place that it hangs on."""
    out = list(scored)
    for i in range(len(found) - 1, -1, -1):
        if found[i].place is not None:
            continue
        named = found[i].mention.score != _RUN_SCORE
        for j in range(i + 1, min(i + 1 + _LENDERS, len(found))):
            gap = text[found[i].mention.span.end : found[j].mention.span.start]
            near = found[j].mention.relation is not None and _ANCHORED.match(gap)
            anchored = near or _CHAIN.match(gap) or _APPOSED.fullmatch(f"{gap} ")
            if len(gap) <= _ANCHOR_REACH and gap and anchored:
                either = 1.0 - (1.0 - out[i]) * (1.0 - out[j])
                out[j] = max(out[j], _LENT_SHARE * either if either >= THRESHOLD else 0.0)
                break
        else:
            out[i] = out[i] if named else 0.0
            continue
        out[i] = 0.0
    return out


def settled(
    text: str,
    sentence: Span,
    found: Sequence[Resolution],
    scored: Sequence[float],
    threshold: float = THRESHOLD,
    *,
    strict: bool = False,
) -> list[tuple[float, Resolution]]:
    """Return the names that locate an event, given the chance of each.

    Parameters
    ----------
    text
        The article's text.
    sentence
        The sentence of the names.
    found
        Its names, in text order.
    scored
        The chance of each.
    threshold
        The chance from which a name counts.
    strict
        Whether a country must be said to be a place ("in X", "the north of X"), however likely.

    Returns
    -------
    list[tuple[float, Resolution]]
        The likeliest first, without participants and without what only encloses another.
    """
    accepted = [
        (chance, resolution)
        for index, (chance, resolution) in enumerate(zip(scored, found, strict=True))
        if chance >= threshold
        and not (
            strict and level(resolution) == "country" and _names_actor(text, sentence, found, index)
        )
        and not _names_office(text, sentence, resolution)
    ]
    return sorted(_finest(text, accepted), key=lambda pair: (-pair[0], pair[1].mention.span))


def locate(article: Article, trigger: Span, resolutions: Sequence[Resolution]) -> list[Resolution]:
    """Return the places that the sentence names for the event at a trigger.

    Nothing is inherited from other sentences or the dateline, and a demonym never locates. Of a
    chain ("X, Y", "X in Y") only the finest place is given.

    Parameters
    ----------
    article
        The article.
    trigger
        The event word, of any kind, in offsets of the article's text.
    resolutions
        The article's place names, resolved.

    Returns
    -------
    list[Resolution]
        The likeliest first. Names without an entry in the gazetteer are among them, with no
        candidates. Empty where the sentence names no place for the event.
    """
    text = article.text
    sentence = next((s for s in sentences(text) if s.start <= trigger.start < s.end), None)
    if sentence is None:
        return []
    head = dateline(text)
    barred = None if head is None else head.span
    return [r for _, r in places_at(text, sentence, trigger, resolutions, barred=barred)]


def precision(place: Place | None) -> GeoPrecision:
    """Return how precisely a place locates an event, from its GeoNames feature code.

    Parameters
    ----------
    place
        The place, or None.

    Returns
    -------
    GeoPrecision
        "town" for populated places, "district" for ADM2 and finer and for wide natural features,
        "province" for ADM1 and regions, "country" for countries, continents and seas, "exact" for
        buildings and other spots, "none" for None.
    """
    if place is None:
        return "none"
    code = place.feature
    if code.startswith("PPL"):
        return "town"
    if code == "ADM1" or code.startswith(("RGN", "ADM1", "TERR", "ZN")):
        return "province"
    if code.startswith(("ADM", "PRSH")):
        return "district"
    if code.startswith(("PCL", "CONT", "OCN", "SEA", "GULF")):
        return "country"
    return "exact" if _EXACT.match(code) else "district"

"""Merge drafts that speak of one happening."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

from geomap.events.drafts import Draft, akin, conflicting, family
from geomap.events.when import overlap
from geomap.events.where import inside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.model import Actor, Place, Span, When

__all__ = ["merge"]

_MOST_EVIDENCE = 3
# The merged type is the first of these that any account names: the means of an attack says more
# than "attack", taking hostages more than the fight that ends it, a fight more than a killing.
_SPECIFIC = (
    "explosion.suicide_bomb",
    "explosion.chemical",
    "explosion.air_strike",
    "explosion.shelling",
    "explosion.grenade",
    "explosion.remote",
    "violence.hostage",
    "violence.sexual",
    "violence.abduction",
    "battle.territory_regained",
    "battle.territory_taken",
    "protest.excessive_force",
    "riot.demonstration",
    "riot.mob",
    "protest.intervention",
    "battle.clash",
    "violence.attack",
    "protest.peaceful",
    "diplomacy.meeting",
    "diplomacy.talks",
    "diplomacy.visit",
    "diplomacy.attribution",
    "diplomacy.accusation",
    "diplomacy.threat",
    "diplomacy.statement",
)
# One journey is told as a visit and as the talks it was for.
_TRAVEL = frozenset({"diplomacy.visit", "diplomacy.talks"})
_BOTH = 2
# How many happenings, and accounts of one, back another account of it may stand.
_RECENT = 60
# The words of an office or a body; shorter ones are titles and articles.
_LONG_WORD = re.compile(r"[a-z]{6,}")
_NAME = re.compile(r"[A-Z]")
_WRECKING = "strategic.property_destruction"


def merge(drafts: Sequence[Draft]) -> list[Draft]:
    """Merge the drafts of one article that speak of one happening.

    Two drafts are one happening when their families and standing agree, no place and no day of the
    one contradicts the other's, and they stand in one sentence, or in adjacent sentences of a
    paragraph the later of which names no other place or refers back; or when they name the same
    meeting; or when they report the same type at the same town or finer on days that agree. A draft
    that takes up an earlier one ("the blast") joins it.

    Parameters
    ----------
    drafts
        In text order.

    Returns
    -------
    list[Draft]
        One a happening, in the order of their first triggers, each with up to three sentences.
    """
    clusters: list[list[Draft]] = []
    for draft in drafts:
        if draft.back is not None:
            continue
        for cluster in reversed(clusters[-_RECENT:]):
            members = cluster[-_RECENT:]
            if all(_agree(member, draft) for member in members) and any(
                _same(member, draft) for member in members
            ):
                cluster.append(draft)
                break
        else:
            clusters.append([draft])
    owner = {member.trigger: cluster for cluster in clusters for member in cluster}
    for draft in drafts:
        if draft.back is not None and draft.back in owner:
            owner[draft.back].append(draft)
    return [_concise(reduce(_join, cluster)) for cluster in clusters]


def _places(draft: Draft) -> list[Place]:
    return [r.place for _, r in draft.places if r.place is not None]


def _agree(left: Draft, right: Draft) -> bool:
    """Tell whether nothing in two drafts contradicts their being one happening."""
    if not _kin(left, right) or left.standing.status != right.standing.status:
        return False
    if not overlap(left.when, right.when):
        return False
    if left.name and right.name and left.name != right.name:
        return False
    return not conflicting(_places(left), _places(right))


def _kin(left: Draft, right: Draft) -> bool:
    """Tell whether the types may be of one happening; "killed" beside a protest is part of it."""
    if family(left.type) == family(right.type):
        return True
    if left.index != right.index:
        return False
    wrecked = {left.type, right.type} - {_WRECKING}
    return akin(left.type, right.type) or (
        len(wrecked) == 1 and all(family(code) in {"crowd", "violence"} for code in wrecked)
    )


def _same(left: Draft, right: Draft) -> bool:
    """Tell whether two drafts that agree stand so that they mean one happening."""
    if left.name and left.name == right.name:
        return True
    together = left.paragraph == right.paragraph
    if family(left.type) == "utterance":
        return (together and _speaker(left) == _speaker(right)) or _goes_on(left, right)
    if left.index == right.index:
        return True
    if family(left.type) == "encounter" and bool(left.name) != bool(right.name):
        return False
    if together and right.index - left.index == 1:
        return right.leaning or not (right.places or right.apart)
    return _told_twice(left, right)


def _told_twice(left: Draft, right: Draft) -> bool:
    """Tell whether two accounts give one town or finer place, one day and one toll."""
    here, there = {p.id for p in _places(left)}, {p.id for p in _places(right)}
    fine = all(not p.feature.startswith(("PCL", "ADM1", "RGN")) for p in _places(left))
    tolls = left.fatalities, right.fatalities
    same = left.type == right.type or {left.type, right.type} <= _TRAVEL
    known = (left.when is not None) + (right.when is not None)
    days = known == _BOTH or (known == 1 and (left.leaning or right.leaning))
    own = left.basis == right.basis == "linked"
    return bool(
        own and here == there and fine and same and days and (None in tolls or len({*tolls}) == 1)
    )


def _goes_on(left: Draft, right: Draft) -> bool:
    """Tell whether two statements are one: its ministry, then "a ministry spokeswoman" there."""
    near = right.index - left.index <= _BOTH and (left.when is None or right.when is None)
    words = [set(_LONG_WORD.findall(_speaker(draft))) for draft in (left, right)]
    here, there = {p.id for p in _places(left)}, {p.id for p in _places(right)}
    return near and bool(here) and here == there and bool(words[0] & words[1])


def _speaker(draft: Draft) -> str:
    said = [actor.text for actor in draft.actors if actor.role == "speaker"]
    return said[0].lower() if said else ""


def _rank(code: str, *, deadly: bool) -> int:
    """Return how general a type is; deaths make an abduction an attack."""
    told = "violence.attack" if deadly and code == "violence.abduction" else code
    return _SPECIFIC.index(told) if told in _SPECIFIC else len(_SPECIFIC)


def _join(left: Draft, right: Draft) -> Draft:
    deadly = any(d.fatalities is not None and d.fatalities.best for d in (left, right))
    ranks = [_rank(draft.type, deadly=deadly) for draft in (left, right)]
    pairs = zip((left, right), ranks, strict=True)
    exact = [(_rank(d.type, deadly=False) != rank, -d.strength) for d, rank in pairs]
    head = left if (ranks[0], exact[0]) <= (ranks[1], exact[1]) else right
    where = _better_place(left, right)
    day = _better_day(left, right)
    most = _deadlier(left, right)
    return replace(
        left,
        trigger=head.trigger,
        type=head.type,
        strength=max(left.strength, right.strength),
        index=max(left.index, right.index),
        evidence=tuple(dict.fromkeys((*left.evidence, *right.evidence))),
        places=where.places,
        basis=where.basis,
        when=day,
        when_confidence=max(left.when_confidence, right.when_confidence),
        actors=_cast(left.actors, right.actors if right.back is None else _newcomers(right)),
        fatalities=most.fatalities,
        toll=most.toll,
        injured=max((n for n in (left.injured, right.injured) if n is not None), default=None),
        name=left.name or right.name,
        leaning=left.leaning and right.leaning,
        standing=left.standing if left.standing.attributed_to else right.standing,
    )


def _newcomers(draft: Draft) -> list[Actor]:
    """Return the actors that a further account names itself: the hurt, and who has a name."""
    return [
        actor
        for actor in draft.actors
        if actor.role == "target" or (actor.role != "speaker" and _NAME.search(actor.text))
    ]


def _deadlier(left: Draft, right: Draft) -> Draft:
    """Return the account with the larger of two tolls of one happening; they are never summed."""

    def size(draft: Draft) -> tuple[int, int]:
        toll = draft.fatalities
        return (toll.best, toll.low) if toll is not None else (-1, -1)

    return right if size(right) > size(left) else left


def _concise(draft: Draft) -> Draft:
    """Keep the three sentences that prove most: of the trigger, the place, the day, the toll."""
    wanted = [draft.trigger]
    wanted += [r.mention.span for _, r in draft.places]
    wanted += [draft.toll] if draft.toll is not None else []
    wanted += [draft.when.span] if draft.when is not None and draft.when.span else []
    order = sorted(
        draft.evidence, key=lambda s: (not s.contains(draft.trigger), not _proves(s, wanted), s)
    )
    return replace(draft, evidence=tuple(sorted(order[:_MOST_EVIDENCE])))


def _proves(sentence: Span, wanted: Sequence[Span]) -> bool:
    return any(sentence.contains(span) for span in wanted)


def _better_place(left: Draft, right: Draft) -> Draft:
    order = ("linked", "inherited", "document", "none")
    mine, yours = _places(left), _places(right)
    if mine and yours and any(inside(b, a) for a in mine for b in yours):
        return right
    if mine and yours and any(inside(a, b) for a in mine for b in yours):
        return left
    return left if order.index(left.basis) <= order.index(right.basis) else right


def _better_day(left: Draft, right: Draft) -> When | None:
    """Return the wider of two dates of a named meeting, else the surer one."""
    a, b = left.when, right.when
    if a is None or b is None:
        return a or b
    if left.name and a.first and a.last and b.first and b.last:
        return a if a.last - a.first >= b.last - b.first else b
    return a if left.when_confidence >= right.when_confidence else b


def _cast(left: Sequence[Actor], right: Sequence[Actor]) -> tuple[Actor, ...]:
    kept = list(left)
    for actor in right:
        if not any(actor.span.overlaps(other.span) or actor.text == other.text for other in kept):
            kept.append(actor)
    return tuple(sorted(kept, key=lambda actor: actor.span))

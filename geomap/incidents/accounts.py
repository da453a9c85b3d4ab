"""What comparing needs of one report, worked out once."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from geomap.actor_names import canonical_actor

if TYPE_CHECKING:
    from datetime import date

    from geomap.model import Event, Place, Report

__all__ = ["GENERAL", "UTTERANCES", "Account", "Pairing", "account", "bare", "pairing"]

# No day at all, as an ordinal: before and after every real one.
_NEVER, _ALWAYS = -1, 10**7
_FORWARD = frozenset({"planned", "threatened", "hypothetical"})
UTTERANCES = frozenset(
    {
        "diplomacy.statement",
        "diplomacy.accusation",
        "diplomacy.threat",
        "diplomacy.attribution",
    }
)
# Types of one kind: newsrooms call one happening a clash, an attack or a bombing, a protest or a
# riot, a meeting, a visit or talks. What is said and every other type stand for themselves.
_KINDS = {
    "battle": "violence",
    "explosion": "violence",
    "violence": "violence",
    "protest": "crowd",
    "riot": "crowd",
}
# "Police clashed with protesters" is a clash to one newsroom and a protest to the next.
GENERAL = frozenset({"violence.attack", "battle.clash"})
_CROWD = re.compile(r"protest|demonstrat|riot|mob\b|crowd", re.IGNORECASE)
_ENCOUNTERS = frozenset({"diplomacy.meeting", "diplomacy.visit", "diplomacy.talks"})
# Words of actors that tell no two happenings apart.
_COMMON = (
    "the of and a an in for from with his its their people security forces force armed group "
    "men man women woman children officials official police policeman policemen officer "
    "officers army government military troops soldiers soldier minister ministers ministry "
    "foreign prime deputy president leaders leader state senior two three four five six seven "
    "eight nine ten several dozens hundreds suspected unidentified unknown masked gunmen "
    "gunman militants militant rebels fighters attackers attacker bomber suicide civilians "
    "residents local protesters demonstrators students workers counterpart delegation "
    "authorities personnel others members"
)
_COMMON_WORDS = frozenset(_COMMON.split())
# Where in a town it happened: two accounts that name other kinds of spot are of two happenings.
_VENUES = {
    "market": r"markets?|bazaars?|shops?|malls?|supermarkets?",
    "worship": r"mosques?|shrines?|church(?:es)?|temples?|synagogues?|cathedrals?|imambargahs?",
    "school": r"schools?|universit(?:y|ies)|colleges?|madrassas?|seminar(?:y|ies)|campus",
    # The wounded of every attack are taken to a hospital.
    "hospital": r"(?<!to )(?<!to a )(?<!to the )(?<!local )(?<!nearby )(?:hospitals?|clinics?)",
    "police": r"police(?: |-)stations?|police posts?|police headquarters",
    "checkpoint": r"check(?: |-)?points?|check(?: |-)?posts?|outposts?",
    "base": r"(?:military|army|air|naval)(?: |-)bases?|barracks|cantonment|garrisons?|camps?",
    "hotel": r"hotels?|restaurants?|caf[eé]s?|resorts?",
    "bus": r"bus(?:es)?|minibus(?:es)?|coach(?:es)?|vans?",
    "rail": r"trains?|railways?|metro",
    "airport": r"airports?|airfields?|airstrips?",
    "port": r"ports?|harbou?rs?|ferr(?:y|ies)|ships?|tankers?",
    "court": r"courts?|courthouses?",
    "embassy": r"embass(?:y|ies)|consulates?",
    "jail": r"prisons?|jails?|detention cent(?:er|re)s?",
    "convoy": r"convoys?|patrols?",
    "home": r"houses?|homes?|apartments?|flats|residential",
    "power": r"power plants?|substations?|refiner(?:y|ies)|pipelines?|oil depots?",
    "bank": r"banks?",
    "ballot": r"polling stations?|rall(?:y|ies)",
    "wedding": r"weddings?|funerals?",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A report and what it is compared by.

    `first` and `last` are ordinals of days, an open end the end of time; `dated` tells whether a
    beginning is known. `wide` places are countries, provinces and districts. `signs` are telling
    words of the actors and the canonical names of groups, `venues` kinds of spot.
    """

    report: Report
    event: Event
    article: str
    kind: str
    place: Place | None
    wide: bool
    dated: bool
    first: int
    last: int
    forward: bool
    signs: frozenset[str]
    names: frozenset[str]
    venues: frozenset[str]


def account(report: Report) -> Account:
    """Return a report with what it is compared by.

    Parameters
    ----------
    report
        The report; the venues are read from the evidence in its article's text.

    Returns
    -------
    Account
        The account.
    """
    event = report.event
    place = event.place.place if event.place is not None else None
    when = event.when
    dated = when is not None and when.first is not None
    names = frozenset(n for actor in event.actors if (n := canonical_actor(actor.text)))
    words = {word.strip("'’\".,").lower() for actor in event.actors for word in actor.text.split()}
    return Account(
        report=report,
        event=event,
        article=report.article.id,
        kind=_kind(event),
        place=place,
        wide=place is not None and place.feature.startswith(("PCL", "ADM1", "ADM2")),
        dated=dated,
        first=when.first.toordinal() if when and when.first else _NEVER,
        last=when.last.toordinal() if when and when.last else _ALWAYS,
        forward=event.status in _FORWARD,
        signs=frozenset(_telling(words)) | names,
        names=names,
        venues=_venues(report),
    )


def bare(known: Account) -> Account:
    """Return an account without the text of its article, which comparing needs no more.

    Parameters
    ----------
    known
        The account.

    Returns
    -------
    Account
        One that compares alike.
    """
    report = known.report
    return replace(known, report=replace(report, article=replace(report.article, text="")))


def _telling(words: set[str]) -> set[str]:
    """Return the words of actors that tell happenings apart, without "'s" and plural endings."""
    bare = {word.removesuffix("'s").removesuffix("’s") for word in words}
    return {word for word in bare - _COMMON_WORDS if len(word) > 1 and not word.isdigit()}


class Pairing(NamedTuple):
    """What decides whether two events of different articles may be compared at all.

    Only events of one `kind` whose days overlap can become one incident, and of those without a
    first day only such of one `place`.

    Parameters
    ----------
    kind
        Kind of type.
    place
        Type and place.
    first
        First day; None for an unknown one.
    last
        Last day; None for an open end.
    """

    kind: tuple[str, str]
    place: tuple[str, str]
    first: date | None
    last: date | None


def pairing(event: Event) -> Pairing | None:
    """Return with which events an event may be compared.

    Parameters
    ----------
    event
        The event.

    Returns
    -------
    Pairing or None
        None for an event without a place, which is compared with none of another article.
    """
    place, when = event.place.place if event.place else None, event.when
    if place is None:
        return None
    first = when.first if when else None
    return Pairing(
        kind=("kind", _kind(event)),
        place=(event.type, place.id),
        first=first,
        last=when.last if when and first else None,
    )


def _kind(event: Event) -> str:
    code = event.type
    if code in _ENCOUNTERS:
        return "encounter"
    if code in GENERAL and any(_CROWD.search(actor.text) for actor in event.actors):
        return "crowd"
    return _KINDS.get(code.partition(".")[0], code)


@cache
def _pattern() -> re.Pattern[str]:
    groups = [rf"(?P<{name}>{words})" for name, words in _VENUES.items()]
    return re.compile(rf"\b(?:{'|'.join(groups)})\b", re.IGNORECASE)


def _venues(report: Report) -> frozenset[str]:
    text = report.article.text
    pattern = _pattern()
    return frozenset(
        str(found.lastgroup)
        for span in report.event.evidence
        for found in pattern.finditer(text, span.start, span.end)
    )

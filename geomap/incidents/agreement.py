"""Whether two accounts may be of one happening, how much they agree, and why, in words.

Points say how much an agreement counts. Two accounts of one type, at one town, on one day have 7
of about 11 and need 5; what speaks against it takes points away: other kinds of spot in the town,
other people at a meeting, a kidnapping against a bombing. Where the places are only near each
other, or one holds the other, or both are as wide as a country, a toll, an actor or a spot must
agree besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from geomap.gazetteer import distance_km
from geomap.incidents.accounts import GENERAL, UTTERANCES, Account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomap.model import Casualties, Place

__all__ = ["DISTRICT_KM", "NEAR_KM", "Agreement", "agreement", "contradiction", "marks"]

# Names of one place lie this near each other: a village and its market.
_ONE_PLACE_KM = 4.0
# Two names this near may be of one place: a town and its district's seat.
NEAR_KM = 15.0
DISTRICT_KM = 30.0
_ONE_PLACE = 3.0
# What two accounts need to be one; where places only touch, where they are two towns, and where
# both name nothing finer than a province.
_ENOUGH, _ENOUGH_CONTAINED, _ENOUGH_APART, _ENOUGH_WIDE = 5.0, 6.0, 7.0, 8.0
# Tolls grow as news comes in; beyond both of these they are of two happenings.
_TOLL_RATIO = 3.0
_TOLL_GAP = 5
# The same small number of dead is chance; three and fewer are the rule in the news.
_SMALL_TOLL = 3
_LONGEST_WEEK = 8
_BOMBS = frozenset({"explosion.remote", "explosion.suicide_bomb"})


@dataclass(frozen=True, slots=True)
class Agreement:
    """How much two accounts agree, how much they need, and each point in words."""

    points: float
    needed: float
    marks: tuple[tuple[float, str], ...]


def contradiction(left: Account, right: Account) -> str:
    """Return why two accounts cannot be of one happening, in words; "" where they can.

    Parameters
    ----------
    left
        An account.
    right
        Another.

    Returns
    -------
    str
        One clause without a full stop, or "".
    """
    if left.article == right.article:
        one = left.event.incident is not None and left.event.incident == right.event.incident
        return "" if one else "one article tells them as two"
    return _conflict(left, right)


def _conflict(left: Account, right: Account) -> str:
    """Return what contradicts in the accounts of two articles."""
    if left.kind != right.kind:
        return f"{left.event.type} and {right.event.type} are of different kinds"
    if left.forward != right.forward:
        return "one has happened and the other is only planned, threatened or thought of"
    if left.first > right.last or right.first > left.last:
        return f"their days do not overlap: {_days(left)}, {_days(right)}"
    if not _tolls_meet(left.event.fatalities, right.event.fatalities):
        return "their numbers of dead are too far apart"
    tied = left.event.incident is not None or right.event.incident is not None
    if not tied and left.place and right.place and not _nearness(left, right):
        return f"{left.place.name} and {right.place.name} are different places"
    return ""


def agreement(left: Account, right: Account) -> tuple[float, float]:
    """Return how much two accounts that do not contradict agree, and how much they need.

    Parameters
    ----------
    left
        An account.
    right
        Another.

    Returns
    -------
    tuple of float
        Points and the points needed; 0 points where something that must agree does not.
    """
    near = _nearness(left, right)
    kind = _type_points(left, right)
    shared = bool(left.signs & right.signs)
    if not near or (left.event.type in UTTERANCES and not (kind > 1 and shared)):
        return 0.0, _ENOUGH
    day, toll, venue = (
        _day_points(left, right),
        _toll_points(left, right),
        _venue_points(left, right),
    )
    if not (left.dated and right.dated):
        proof = toll > 1 or (shared and venue > 0)
        if not (near == _ONE_PLACE and kind > 1 and proof):
            return 0.0, _ENOUGH
    points = near + day + toll + venue + kind + _actor_points(left, right)
    return points, _needed(left, right, near)


def marks(left: Account, right: Account) -> Agreement:
    """Return the agreement of two accounts with every point in words.

    Parameters
    ----------
    left
        An account.
    right
        Another.

    Returns
    -------
    Agreement
        Its points are those of `agreement`; its marks leave out what counts nothing.
    """
    points, needed = agreement(left, right)
    found = tuple((value, words) for value, words in _words(left, right) if value)
    return Agreement(points, needed, found)


def _words(left: Account, right: Account) -> Iterator[tuple[float, str]]:
    """Yield each part of the agreement with its points."""
    here, there = left.place, right.place
    if here is not None and there is not None:
        if here.id == there.id:
            words = f"both at {here.name}"
        else:
            apart = distance_km(here.lat, here.lon, there.lat, there.lon)
            words = f"{here.name} and {there.name} are one place or lie close ({apart:.0f} km)"
        yield _nearness(left, right), words
    one = left.first == right.first and left.last == right.last
    days = f"both on {_days(left)}" if one else f"days overlap: {_days(left)}, {_days(right)}"
    yield _day_points(left, right), days
    kinds = f"{left.event.type}, {right.event.type}"
    same = left.event.type == right.event.type
    yield _type_points(left, right), f"both {left.event.type}" if same else f"types: {kinds}"
    a, b = left.event.fatalities, right.event.fatalities
    if a is not None and b is not None:
        told = f"both tell of {a.best} dead" if a.best == b.best else f"{a.best} and {b.best} dead"
        yield _toll_points(left, right), told
    shared = sorted(left.signs & right.signs)
    who = f"both name {', '.join(shared)}" if shared else "they name different actors"
    yield _actor_points(left, right), who
    spots = sorted(left.venues & right.venues)
    where = f"both at a {', '.join(spots)}" if spots else "at different kinds of spot"
    yield _venue_points(left, right), where


def _days(account: Account) -> str:
    when = account.event.when
    if when is None or (when.first is None and when.last is None):
        return "no day"
    ends = [end.isoformat() if isinstance(end, date) else "" for end in (when.first, when.last)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0] or '...'} to {ends[1] or '...'}"


def _needed(left: Account, right: Account, near: float) -> float:
    if left.wide and right.wide and left.kind != "disaster":
        fine = any(p and p.feature.startswith("ADM2") for p in (left.place, right.place))
        return _ENOUGH_CONTAINED if fine else _ENOUGH_WIDE
    if near > 1 and not _long(left) and not _long(right):
        return _ENOUGH
    if left.wide or right.wide or near > 1:
        return _ENOUGH_CONTAINED
    return _ENOUGH_APART


def _long(account: Account) -> bool:
    """Tell whether a date is longer than a week: then it says little."""
    return account.dated and account.last - account.first >= _LONGEST_WEEK


def _tolls_meet(left: Casualties | None, right: Casualties | None) -> bool:
    if left is None or right is None:
        return True
    low, high = sorted((left.best, right.best))
    return high - low <= _TOLL_GAP or high <= low * _TOLL_RATIO


def _day_points(left: Account, right: Account) -> float:
    if not (left.dated and right.dated) or _long(left) or _long(right):
        return 0.0
    one = left.first == left.last == right.first == right.last
    return 2.0 if one else 1.0


def _toll_points(left: Account, right: Account) -> float:
    a, b = left.event.fatalities, right.event.fatalities
    if a is None or b is None:
        return 0.0
    return 2.0 if a.best == b.best and a.best > _SMALL_TOLL else 1.0


def _actor_points(left: Account, right: Account) -> float:
    if left.signs & right.signs:
        return 1.0
    if left.kind == "encounter" and left.signs and right.signs:
        return -3.0
    return -1.0 if left.names and right.names else 0.0


def _venue_points(left: Account, right: Account) -> float:
    if not (left.venues and right.venues):
        return 0.0
    return 1.0 if left.venues & right.venues else -4.0


def _type_points(left: Account, right: Account) -> float:
    a, b = left.event.type, right.event.type
    if a == b:
        return 2.0
    if a in GENERAL or b in GENERAL or {a, b} <= _BOMBS or left.kind != "violence":
        return 1.0
    groups = {a.partition(".")[0], b.partition(".")[0]}
    return 1.0 if groups == {"battle"} else -1.0


def _nearness(left: Account, right: Account) -> float:
    """Return 3 for one place, 2 for two names of it, 1 or 2 where one holds the other, else 0."""
    here, there = left.place, right.place
    if here is None or there is None:
        return 0.0
    if here.id == there.id:
        return _ONE_PLACE
    if not (left.wide or right.wide):
        apart = distance_km(here.lat, here.lon, there.lat, there.lon)
        if apart <= NEAR_KM:
            return 2.0 if apart <= _ONE_PLACE_KM else 1.0
    if here.country != there.country or here.country is None:
        return 0.0
    return max(_held(here, there), _held(there, here))


def _held(inner: Place, outer: Place) -> float:
    """Return 1 where a wider place of the same country holds a finer one, 2 near its middle."""
    if outer.feature.startswith("PCL"):
        return 0.0 if inner.feature.startswith("PCL") else 1.0
    if outer.feature == "ADM1":
        inside = inner.feature != "ADM1" and inner.admin1 in {outer.name, outer.admin1}
        return 1.0 if inside else 0.0
    if outer.feature == "ADM2" and not inner.feature.startswith("ADM"):
        if distance_km(inner.lat, inner.lon, outer.lat, outer.lon) <= DISTRICT_KM:
            return 2.0
        return 1.0 if inner.admin2 in {outer.name, outer.admin2} else 0.0
    return 0.0

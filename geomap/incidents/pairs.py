"""Which accounts are compared at all: the work grows with the busiest spot, not with all events.

Accounts share a bucket when they may agree: dated ones of one kind in cells of half a degree about
their places, or at one wide place; a wide place and what it may hold only where they also share an
actor, a spot or both tell of dead, without which they never agree; undated ones of one type at one
place with a sign in common. Inside a bucket, days are swept in order.
"""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from geomap.gazetteer.geodesy import KM_PER_DEGREE
from geomap.incidents.agreement import DISTRICT_KM, NEAR_KM, agreement, contradiction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from geomap.incidents.accounts import Account
    from geomap.model import Place, Ties

__all__ = ["Buckets", "linked", "links"]

# Degrees; larger than the circles about places, so that these touch one to four cells.
_CELL = 0.5
_CELLS_AROUND = round(360 / _CELL)
# Beyond this a parallel is so short that cells lose their meaning.
_HIGHEST_COSINE = 0.05
# A position beyond these, or none at all, is nowhere: its event stands alone.
_POLE, _ANTIMERIDIAN = 90.0, 180.0

Key = tuple[str, ...] | tuple[str, str, int, int]


class Buckets:
    """Accounts by the keys that those share which may agree.

    Parameters
    ----------
    accounts
        The accounts; they are known by their index.
    ties
        What readers have decided.
    """

    def __init__(self, accounts: Sequence[Account], ties: Ties) -> None:
        self._accounts = accounts
        self._held: defaultdict[Key, list[int]] = defaultdict(list)
        self._tied: defaultdict[str, list[Key]] = defaultdict(list)
        for pair in ties.together:
            for event in pair:
                self._tied[event].append(("tied", *pair))
        for index, account in enumerate(accounts):
            for key in self._keys(account):
                self._held[key].append(index)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield pairs that may agree, the lower index first; a pair may come more than once."""
        for key, members in self._held.items():
            if len(members) > 1:
                yield from _swept(key, members, self._accounts)

    def beside(self, index: int) -> set[int]:
        """Return the accounts that share a bucket with one."""
        keys = self._keys(self._accounts[index])
        found = {other for key in keys for other in self._held[key]}
        return found - {index}

    def _keys(self, account: Account) -> set[Key]:
        return {*_keys(account), *self._tied.get(account.event.id, ())}


def linked(left: Account, right: Account, ties: Ties) -> float:
    """Return how much two accounts speak for being one happening.

    Parameters
    ----------
    left
        An account.
    right
        Another.
    ties
        What readers have decided.

    Returns
    -------
    float
        Infinite where readers or their article tie them, their points where these suffice, else 0.
    """
    pair = tuple(sorted((left.event.id, right.event.id)))
    if pair in ties.apart:
        return 0.0
    if pair in ties.together:
        return math.inf
    if left.article == right.article:
        tie = left.event.incident
        return math.inf if tie is not None and tie == right.event.incident else 0.0
    if contradiction(left, right):
        return 0.0
    points, needed = agreement(left, right)
    return points if points >= needed else 0.0


def links(
    accounts: Sequence[Account], pairs: Iterable[tuple[int, int]], ties: Ties
) -> dict[tuple[int, int], float]:
    """Return the pairs that are linked, with how much speaks for each.

    Parameters
    ----------
    accounts
        The accounts.
    pairs
        Which to compare, as indexes.
    ties
        What readers have decided.

    Returns
    -------
    dict
        From a pair of indexes, the lower first, to what `linked` says; without those that say 0.
    """
    found: dict[tuple[int, int], float] = {}
    for pair in pairs:
        if pair not in found and (worth := linked(accounts[pair[0]], accounts[pair[1]], ties)):
            found[pair] = worth
    return found


def _keys(account: Account) -> set[Key]:
    keys: set[Key] = set()
    event, place = account.event, account.place
    if event.incident is not None:
        keys.add(("told", account.article, event.incident))
    if place is None or not (abs(place.lat) <= _POLE and abs(place.lon) <= _ANTIMERIDIAN):
        return keys
    signs = {*account.signs, *account.venues}
    if event.fatalities is not None:
        signs.add(f"dead={event.fatalities.best}")
    keys.update(("undated", event.type, place.id, sign) for sign in signs)
    if not account.dated:
        return keys
    if account.wide:
        keys.add(("at", account.kind, place.id))
    if not account.wide or place.feature == "ADM2":
        reach = DISTRICT_KM if account.wide else NEAR_KM
        keys.update(("cell", account.kind, *cell) for cell in _cells(place, reach))
    country = place.country or place.id
    keys.update(("in", account.kind, country, sign) for sign in signs)
    if event.fatalities is not None:
        keys.add(("in", account.kind, country, "dead"))
    return keys


def _cells(place: Place, reach: float) -> Iterator[tuple[int, int]]:
    """Yield the cells that the box about a circle touches; they close around the Earth."""
    high = reach / KM_PER_DEGREE
    wide = high / max(math.cos(math.radians(place.lat)), _HIGHEST_COSINE)
    rows = range(math.floor((place.lat - high) / _CELL), math.floor((place.lat + high) / _CELL) + 1)
    for row in rows:
        west, east = (math.floor((place.lon + side) / _CELL) for side in (-wide, wide))
        for column in range(west, east + 1):
            yield row, column % _CELLS_AROUND


def _swept(
    key: Key, members: Sequence[int], accounts: Sequence[Account]
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of a bucket whose days overlap and whose roles fit."""
    if key[0] in {"told", "tied"}:
        yield from combinations(members, 2)
        return
    # In these buckets only a wide place, or an undated account, meets another.
    everyone = key[0] not in {"in", "undated"}
    running: list[int] = []
    chosen: list[int] = []
    for index in sorted(members, key=lambda i: (accounts[i].first, i)):
        account = accounts[index]
        special = everyone or (account.wide if key[0] == "in" else not account.dated)
        running = [i for i in running if accounts[i].last >= account.first]
        chosen = [i for i in chosen if accounts[i].last >= account.first]
        for other in running if special else chosen:
            if accounts[other].article != account.article:
                yield (index, other) if index < other else (other, index)
        running.append(index)
        if special and not everyone:
            chosen.append(index)

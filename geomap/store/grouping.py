"""Events -> incidents, as `geomap.incidents.group` sees them and as a person has decided.

A decision "apart" takes an event out of the incident of another; what is left is grouped anew, for
it may have hung together by that event alone.

A whole store is grouped in parts that memory holds: `Blocks` notes of each event only what decides
with which others it may be compared, and finds the parts that have nothing to do with each other.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from geomap.incidents import group, pairing
from geomap.incidents.accounts import account, bare
from geomap.incidents.pairs import Buckets, links
from geomap.model import Report, Ties

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from geomap.incidents.accounts import Account
    from geomap.model import Incident, Reading
    from geomap.store.base import Decision

__all__ = ["Blocks", "decided_groups", "ties_of"]

# Events that are grouped at once, if they come in smaller parts: some 50 MB of them.
_LOAD = 5000
_NO_KIND, _NO_DAY = -1, 0


def decided_groups(readings: Iterable[Reading], decisions: Sequence[Decision]) -> list[Incident]:
    """Return the incidents of some readings.

    Parameters
    ----------
    readings
        In any order.
    decisions
        What holds; those of events that are not there say nothing.

    Returns
    -------
    list of Incident
        Every event is in exactly one.
    """
    return group(readings, ties=ties_of(decisions))


def ties_of(decisions: Iterable[Decision]) -> Ties:
    """Return decisions as grouping takes them.

    Parameters
    ----------
    decisions
        What holds.

    Returns
    -------
    Ties
        The pairs that are apart.
    """
    return Ties(apart=frozenset((decision.left, decision.right) for decision in decisions))


class Blocks:
    """Parts of a store that can be grouped by themselves; some 100 bytes an event.

    Events of one kind whose days leave no gap make a part. One that is larger than memory likes is
    swept day by day for the pairs that are linked, and cut into the clusters that these make.

    Parameters
    ----------
    read
        Gives readings, without their mentions, by the ids of their articles.
    ties
        What a person has decided.
    most
        Events that are grouped at once, if they come in smaller parts.
    """

    def __init__(
        self, read: Callable[[Collection[str]], Iterable[Reading]], ties: Ties, most: int = _LOAD
    ) -> None:
        self._read, self._ties, self._most = read, ties, most
        self._articles: list[str] = []
        self._starts = array("Q", [0])  # of each article, the number of its first event
        self._kinds, self._places = array("q"), array("q")
        self._firsts, self._lasts = array("l"), array("l")
        self._numbers: dict[tuple[str, str], int] = {}
        self._told = _Sets()

    def note(self, reading: Reading) -> None:
        """Note the events of a reading, which needs no text."""
        if not reading.events:
            return
        told: dict[str, int] = {}
        for event in reading.events:
            index = self._told.grow()
            found = pairing(event)
            self._kinds.append(_NO_KIND if found is None else self._number(found.kind))
            self._places.append(_NO_KIND if found is None else self._number(found.place))
            first, last = (found.first, found.last) if found else (None, None)
            self._firsts.append(first.toordinal() if first else _NO_DAY)
            self._lasts.append((last or date.max).toordinal())
            if event.incident is not None:
                self._told.join(index, told.setdefault(event.incident, index))
        self._articles.append(reading.article.id)
        self._starts.append(len(self._firsts))

    def loads(self) -> Iterator[list[Reading]]:
        """Give parts that are to be grouped at once.

        Yields
        ------
        list of Reading
            Readings with those of their events that belong to the part. Each event is in one part;
            a part is larger than memory likes only where its events are linked.
        """
        load: list[int] = []
        for part in self._parts():
            if len(load) >= self._most:
                yield self._readings(load)
                load = []
            load += part
        if load:
            yield self._readings(load)

    def _parts(self) -> Iterator[list[int]]:
        """Give the events of one part after the other, none of them linked to another part."""
        everything = range(len(self._firsts))
        near = self._told.copy()
        self._tie_days(near)
        self._tie_undated(near)
        for part in near.parts(everything):
            if len(part) > self._most:
                for sweep in self._sweeps(part):
                    self._tie_linked(sweep)
                yield from self._told.parts(part)
            else:
                yield part

    def _number(self, key: tuple[str, str]) -> int:
        return self._numbers.setdefault(key, len(self._numbers))

    def _tie_days(self, near: _Sets) -> None:
        """Tie dated events of one kind together wherever time has no gap between them."""
        dated = [i for i, first in enumerate(self._firsts) if first != _NO_DAY]
        dated.sort(key=lambda i: (self._kinds[i], self._firsts[i]))
        before, until = -1, _NO_DAY
        for index in dated:
            same = before >= 0 and self._kinds[before] == self._kinds[index]
            if same and self._firsts[index] <= until:
                near.join(before, index)
                until = max(until, self._lasts[index])
            else:
                until = self._lasts[index]
            before = index

    def _tie_undated(self, near: _Sets) -> None:
        """Tie the events of a type and place together where one of them has no day."""
        undated = {
            place
            for place, first in zip(self._places, self._firsts, strict=True)
            if first == _NO_DAY and place != _NO_KIND
        }
        one: dict[int, int] = {}
        for index, place in enumerate(self._places):
            if place in undated:
                near.join(index, one.setdefault(place, index))

    def _sweeps(self, part: Sequence[int]) -> Iterator[list[int]]:
        """Give events among which are all linked pairs of a part: of one kind, of one place."""
        kinds: defaultdict[int, list[int]] = defaultdict(list)
        places: defaultdict[int, list[int]] = defaultdict(list)
        for index in part:
            places[self._places[index]].append(index)
            if self._firsts[index] != _NO_DAY:
                kinds[self._kinds[index]].append(index)
        yield from kinds.values()
        for place, here in places.items():
            if place != _NO_KIND and any(self._firsts[index] == _NO_DAY for index in here):
                yield here

    def _tie_linked(self, sweep: list[int]) -> None:
        """Tie the linked ones among some events; in memory are those whose days are under way."""
        sweep.sort(key=self._firsts.__getitem__)
        under_way: list[tuple[int, Account]] = []
        start = 0
        while start < len(sweep):
            end = start + max(self._most // 2, len(under_way), 1)
            pool = [*under_way, *self._accounts(sweep[start:end])]
            accounts = [account for _, account in pool]
            known = len(under_way)
            pairs = (p for p in Buckets(accounts, self._ties).pairs() if p[1] >= known)
            for left, right in links(accounts, pairs, self._ties):
                self._told.join(pool[left][0], pool[right][0])
            start = end
            day = self._firsts[sweep[end]] if end < len(sweep) else _NO_DAY
            # An event without a day is first, and meets all that follow.
            under_way = [
                (i, a) for i, a in pool if self._lasts[i] >= day or self._firsts[i] == _NO_DAY
            ]

    def _accounts(self, indexes: Sequence[int]) -> Iterator[tuple[int, Account]]:
        for first, reading, numbers in self._stored(indexes):
            for number in numbers:
                report = Report(article=reading.article, event=reading.events[number])
                yield first + number, bare(account(report))

    def _readings(self, indexes: Sequence[int]) -> list[Reading]:
        return [
            replace(reading, events=tuple(reading.events[number] for number in numbers))
            for _, reading, numbers in self._stored(indexes)
        ]

    def _stored(self, indexes: Iterable[int]) -> Iterator[tuple[int, Reading, list[int]]]:
        """Give the readings of events, with the index of each one's first and their numbers."""
        wanted: defaultdict[int, list[int]] = defaultdict(list)
        for index in sorted(indexes):
            article = bisect_right(self._starts, index) - 1
            wanted[article].append(index - self._starts[article])
        articles = {self._articles[article]: article for article in wanted}
        for reading in self._read([*articles]):
            article = articles[reading.article.id]
            # An article that was read anew meanwhile may have fewer.
            known = [number for number in wanted[article] if number < len(reading.events)]
            yield self._starts[article], reading, known


class _Sets:
    """Numbers from 0 in sets that can be joined."""

    def __init__(self, owner: array[int] | None = None) -> None:
        self._owner = array("Q") if owner is None else owner

    def copy(self) -> _Sets:
        return _Sets(self._owner[:])

    def grow(self) -> int:
        """Add the next number, a set of its own, and return it."""
        self._owner.append(len(self._owner))
        return len(self._owner) - 1

    def join(self, left: int, right: int) -> None:
        left, right = self._root(left), self._root(right)
        self._owner[max(left, right)] = min(left, right)

    def parts(self, numbers: Iterable[int]) -> Iterator[list[int]]:
        """Give some numbers, those of one set together."""
        for _, part in groupby(sorted(numbers, key=self._root), key=self._root):
            yield list(part)

    def _root(self, index: int) -> int:
        owner = self._owner
        while owner[index] != index:
            owner[index] = owner[owner[index]]
            index = owner[index]
        return index

"""Events -> incidents, as `geomap.incidents.group` sees them and as a person has decided.

A decision "apart" takes an event out of the incident of another; what is left is grouped anew, for
it may have hung together by that event alone.

A whole store is grouped in parts that memory holds: `Blocks` notes of each event only what decides
with which others it may be compared, and finds the parts that have nothing to do with each other.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from geomap.incidents import group, pairing
from geomap.model import Reading, Ties

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from geomap.model import Incident
    from geomap.store.base import Decision

__all__ = ["Blocks", "chosen", "decided_groups"]

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
    apart = frozenset((decision.left, decision.right) for decision in decisions)
    return group(readings, ties=Ties(apart=apart))


class Blocks:
    """Parts of a store that can be grouped by themselves; some 100 bytes an event.

    Parameters
    ----------
    most
        Events that are grouped at once, if they come in smaller parts.
    """

    def __init__(self, most: int = _LOAD) -> None:
        self._most = most
        self._articles: list[str] = []
        self._starts = array("Q", [0])  # of each article, the number of its first event
        self._kinds, self._places = array("q"), array("q")
        self._firsts, self._lasts = array("l"), array("l")
        self._numbers: dict[tuple[str, str], int] = {}
        self._owner = array("Q")

    def note(self, reading: Reading) -> None:
        """Note the events of a reading, which needs no text."""
        if not reading.events:
            return
        told: dict[str, int] = {}
        for event in reading.events:
            index = len(self._owner)
            self._owner.append(index)
            found = pairing(event)
            self._kinds.append(_NO_KIND if found is None else self._number(found.kind))
            self._places.append(_NO_KIND if found is None else self._number(found.place))
            first, last = (found.first, found.last) if found else (None, None)
            self._firsts.append(first.toordinal() if first else _NO_DAY)
            self._lasts.append((last or date.max).toordinal())
            if event.incident is not None:
                self._join(index, told.setdefault(event.incident, index))
        self._articles.append(reading.article.id)
        self._starts.append(len(self._owner))

    def loads(self) -> Iterator[dict[str, set[int]]]:
        """Give parts that are to be grouped at once.

        Yields
        ------
        dict
            Ids of articles with the numbers of their events that belong to the part. Each event is
            in one part; a part is larger than memory likes only where its events hang together.
        """
        self._tie_days()
        self._tie_undated()
        roots = [self._root(index) for index in range(len(self._owner))]
        load: list[int] = []
        article = array("Q", [0]) * len(roots)
        for number in range(len(self._articles)):
            for index in range(self._starts[number], self._starts[number + 1]):
                article[index] = number
        before = -1
        for index in sorted(range(len(roots)), key=roots.__getitem__):
            if roots[index] != before and len(load) >= self._most:
                yield self._load(load, article)
                load = []
            before = roots[index]
            load.append(index)
        if load:
            yield self._load(load, article)

    def _load(self, indexes: Sequence[int], article: Sequence[int]) -> dict[str, set[int]]:
        found: defaultdict[str, set[int]] = defaultdict(set)
        for index in indexes:
            number = article[index]
            found[self._articles[number]].add(index - self._starts[number])
        return found

    def _number(self, key: tuple[str, str]) -> int:
        return self._numbers.setdefault(key, len(self._numbers))

    def _tie_days(self) -> None:
        """Tie dated events of one kind together wherever time has no gap between them."""
        dated = [i for i, first in enumerate(self._firsts) if first != _NO_DAY]
        dated.sort(key=lambda i: (self._kinds[i], self._firsts[i]))
        before, until = -1, _NO_DAY
        for index in dated:
            same = before >= 0 and self._kinds[before] == self._kinds[index]
            if same and self._firsts[index] <= until:
                self._join(before, index)
                until = max(until, self._lasts[index])
            else:
                until = self._lasts[index]
            before = index

    def _tie_undated(self) -> None:
        """Tie the events of a type and place together where one of them has no day."""
        undated = {
            place
            for place, first in zip(self._places, self._firsts, strict=True)
            if first == _NO_DAY and place != _NO_KIND
        }
        one: dict[int, int] = {}
        for index, place in enumerate(self._places):
            if place in undated:
                self._join(index, one.setdefault(place, index))

    def _join(self, left: int, right: int) -> None:
        left, right = self._root(left), self._root(right)
        self._owner[max(left, right)] = min(left, right)

    def _root(self, index: int) -> int:
        owner = self._owner
        while owner[index] != index:
            owner[index] = owner[owner[index]]
            index = owner[index]
        return index


def chosen(reading: Reading, numbers: Iterable[int]) -> Reading:
    """Return a reading with some of its events.

    Parameters
    ----------
    reading
        The reading.
    numbers
        Which events, from 0.

    Returns
    -------
    Reading
        Without mentions.
    """
    # An article that was read anew meanwhile may have fewer.
    known = len(reading.events)
    events = tuple(reading.events[number] for number in sorted(numbers) if number < known)
    return Reading(article=reading.article, resolutions=(), events=events)

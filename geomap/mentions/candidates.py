"""Stretches that may be place names: gazetteer matches and runs of capitalised words."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from geomap.mentions.matcher import matches
from geomap.mentions.tokens import Token, tokens
from geomap.mentions.vocabulary import (
    CALENDAR_WORDS,
    FACILITY_WORDS,
    INNER_WORDS,
    NAMES_AROUND_PLACES,
    NOT_NAMES,
    PLACE_SUFFIXES,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.gazetteer import Gazetteer

__all__ = ["Scene", "Stretch", "candidates"]

_HYPHENS = {"-", "‑"}
# More words than this make a title or a headline, not a place.
_LONGEST_RUN = 6

# Where to look for them at all.
_FIRST_WORDS = frozenset(name.split()[0] for name in NAMES_AROUND_PLACES)


class Stretch(NamedTuple):
    """A stretch of tokens that may name a place; `name` is the gazetteer's, folded, or None.

    `first` and `last` are the indexes of its first token and of the one behind its last.
    """

    start: int
    end: int
    first: int
    last: int
    name: str | None


@dataclass(frozen=True)
class Scene:
    """A text with its tokens and the runs of capitalised words among them."""

    text: str
    tokens: list[Token]

    @classmethod
    def of(cls, text: str) -> Scene:
        """Cut a text into tokens."""
        return cls(text, tokens(text))

    @cached_property
    def columns(self) -> tuple[Sequence[Any], ...]:
        """Starts, ends, lower-case forms, capitals and words: one of each a token."""
        return tuple(zip(*self.tokens, strict=True)) if self.tokens else ((),) * 5

    def first_at(self, start: int) -> int | None:
        """Return the index of the token that begins at an offset, or None."""
        starts = self.columns[0]
        index = bisect_left(starts, start)
        return index if index < len(starts) and starts[index] == start else None

    def last_at(self, end: int) -> int | None:
        """Return the index behind the token that ends at an offset, or None."""
        ends = self.columns[1]
        index = bisect_left(ends, end)
        return index + 1 if index < len(ends) and ends[index] == end else None

    @cached_property
    def runs(self) -> list[tuple[int, int]]:
        """Maximal runs of capitalised words, lower-case particles allowed inside."""
        found: list[tuple[int, int]] = []
        count = len(self.tokens)
        end = 0
        for i, token in enumerate(self.tokens):
            if i < end or not token.capital or token.lower in CALENDAR_WORDS:
                continue
            end = i + 1
            while end < count:
                if self._opens(end) and self._joined(end):
                    end += 1
                elif bridge := self._bridge(end):
                    end += bridge
                else:
                    break
            found.append((i, end))
        return found

    @cached_property
    def run_of(self) -> dict[int, tuple[int, int]]:
        """Token index -> the run that it belongs to."""
        return {i: run for run in self.runs for i in range(*run)}

    def _opens(self, i: int) -> bool:
        return self.tokens[i].capital and self.tokens[i].lower not in CALENDAR_WORDS

    def _joined(self, i: int) -> bool:
        """Tell whether only a blank stands between a token and the one before."""
        gap = self.text[self.tokens[i - 1].end : self.tokens[i].start]
        return gap in {" ", "", "\u00a0"}

    def _bridge(self, i: int) -> int:
        """Count the tokens of a lower-case particle or hyphen that a capital follows."""
        token, after = self.tokens[i], i + 1
        if after >= len(self.tokens) or not self._opens(after) or not self._joined(after):
            return 0
        if token.lower in INNER_WORDS and token.lower not in {"and", "y", "am", "an"}:
            return 2 if self._joined(i) else 0
        tight = token.start == self.tokens[i - 1].end and token.end == self.tokens[after].start
        return 2 if token.lower in {*_HYPHENS, "'", "’"} and tight else 0


def candidates(scene: Scene, gazetteer: Gazetteer) -> list[Stretch]:
    """List every stretch that may be a place name, overlapping ones too.

    Parameters
    ----------
    scene
        The text and its tokens.
    gazetteer
        Where the names come from.

    Returns
    -------
    list of Stretch
        Sorted by start, then end; each stretch once.
    """
    found: dict[tuple[int, int], Stretch] = {}
    for start, end, name in matches(scene.text, gazetteer):
        first, last = scene.first_at(start), scene.last_at(end)
        if first is not None and last is not None and _cased_like_a_name(scene, first, last):
            found[start, end] = Stretch(start, end, first, last, name)
    for first, last in _run_pieces(scene):
        start, end = scene.tokens[first].start, scene.tokens[last - 1].end
        found.setdefault((start, end), Stretch(start, end, first, last, None))
    spans = sorted(found)
    for start, end in _names_around_places(scene):
        for span in spans[bisect_left(spans, (start,)) : bisect_left(spans, (end,))]:
            if span[1] <= end:
                found.pop(span, None)
    return [found[span] for span in spans if span in found]


def _names_around_places(scene: Scene) -> list[tuple[int, int]]:
    """Find names that hold a place name without meaning the place: "the Heart of Asia summit"."""
    found = []
    for first, last in scene.runs:
        for a in range(first, last - 1):
            if scene.tokens[a].lower not in _FIRST_WORDS:
                continue
            for b in range(a + 2, min(last, a + _LONGEST_RUN) + 1):
                start, end = scene.tokens[a].start, scene.tokens[b - 1].end
                if scene.text[start:end].lower() in NAMES_AROUND_PLACES:
                    found.append((start, end))
    return found


def _cased_like_a_name(scene: Scene, first: int, last: int) -> bool:
    """Tell whether every word but particles is capitalised: "Bannu district" names Bannu."""
    inner = scene.tokens[first:last]
    if len(inner) == 1:
        return inner[0].lower not in NOT_NAMES
    if any(not a.word and b.word and a.lower in _HYPHENS for a, b in pairwise(inner)):
        return inner[-1].capital  # "Port-au-Prince", "Stoke-on-Trent"
    return all(t.capital or not t.word or t.lower in INNER_WORDS for t in inner[1:])


def _run_pieces(scene: Scene) -> list[tuple[int, int]]:
    """Cut runs into what a name could be: the whole, without its first word, up to a suffix."""
    pieces: list[tuple[int, int]] = []
    for run_first, last in scene.runs:
        first = run_first
        while first < last and scene.tokens[first].lower in NOT_NAMES:
            first += 1
        if first == last:
            continue
        starts = {first, first + 1} if last - first > 1 else {first}
        ends = {last}
        for i in range(first + 1, last):
            if scene.tokens[i].lower in PLACE_SUFFIXES or scene.tokens[i].lower in FACILITY_WORDS:
                ends.add(i + 1)
        pieces += [
            (a, b)
            for a in starts
            for b in ends
            if a < b <= a + _LONGEST_RUN
            if scene.tokens[a].capital
        ]
    return pieces

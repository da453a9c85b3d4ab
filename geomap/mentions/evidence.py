"""What is known of the stretches of one article before anything is judged, once for all of them.

`features` and `measures` say what of it speaks for and against a name. Everything here is an array
or a list with one entry a token, a stretch, a string or a pair of stretches that share a token.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from geomap.mentions.entries import Entry
from geomap.mentions.vocabulary import TITLES
from geomap.mentions.word_rows import flags, word_rows
from geomap.mentions.words import GIVEN_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from geomap.gazetteer import Gazetteer
    from geomap.mentions.candidates import Scene, Stretch
    from geomap.mentions.entries import Region
    from geomap.outlets import Home

__all__ = ["Evidence", "Overlaps"]

# A name of at least this prominence votes for its country.
_VOTES = 5.0
_entry = Entry.of


class Overlaps:
    """The pairs of stretches that share a token: numbers of both, in the order of the first.

    Parameters
    ----------
    first
        Where each stretch begins, in text order.
    last
        Where each ends.

    Attributes
    ----------
    outer, inner
        Of two stretches one of which lies in the other, the longer and the shorter one.
    crossing
        Pairs of which neither holds the other, once a pair.
    """

    def __init__(self, first: NDArray[np.intp], last: NDArray[np.intp]) -> None:
        # They are sorted by start: those that begin in a stretch stand right behind it.
        behind = np.searchsorted(first, last) - np.arange(1, len(first) + 1)
        one = np.repeat(np.arange(len(first)), behind)
        other = np.arange(len(one)) - np.repeat(np.cumsum(behind) - behind, behind) + one + 1
        longer = first[one] == first[other]
        shorter = ~longer & (last[other] <= last[one])
        across = ~(longer | shorter)
        self.outer = np.concatenate([other[longer], one[shorter]])
        self.inner = np.concatenate([one[longer], other[shorter]])
        self.crossing = one[across], other[across]


class Evidence:
    """The stretches of one article with what stands in and beside them.

    Parameters
    ----------
    scene
        The text and its tokens.
    stretches
        Its stretches, in text order.
    gazetteer
        Where the names come from.
    home
        Where the publisher is at home; None where that is not known.
    """

    def __init__(
        self,
        scene: Scene,
        stretches: Sequence[Stretch],
        gazetteer: Gazetteer,
        home: Home | None = None,
    ) -> None:
        self.home = home
        self.scene = scene
        self.stretches = stretches
        # What the gazetteer says of each stretch; None where it does not know it.
        self.entry_of: list[Entry | None] = [
            None if s.name is None else gazetteer.about(s.name, _entry) for s in stretches
        ]
        self.entries: dict[str, Entry] = {
            s.name: entry
            for s, entry in zip(stretches, self.entry_of, strict=True)
            if s.name is not None and entry is not None
        }
        self.raw = [scene.text[s.start : s.end] for s in stretches]
        # A stretch's first token, and the one behind its last.
        self.first = np.array([s.first for s in stretches], dtype=np.intp)
        self.last = np.array([s.last for s in stretches], dtype=np.intp)
        self._read_tokens()
        self._read_neighbours()

    def _read_tokens(self) -> None:
        """Look up the words of the text; one more token at the end stands for none."""
        _, _, lower, capital, word = self.scene.columns
        table = word_rows()
        rows = table.rows(lower)
        self.lower: list[str | None] = [*lower, None]
        self.capital = np.frombuffer(bytes((*capital, False)), dtype=bool)
        self.word = np.frombuffer(bytes((*word, False)), dtype=bool)
        self._rows, self._habits = [*rows.tolist(), 0], table.habits
        self.numbers = table.numbers.take(self._rows, axis=0)
        self.flags = table.flags.take(self._rows, axis=0)

    def habits_of(self, tokens: Iterable[int]) -> list[str]:
        """Return how some tokens are usually cased (`Word.habit`)."""
        return [self._habits[self._rows[token]] for token in tokens]

    def _read_neighbours(self) -> None:
        """Find the two tokens on either side of every stretch, none beyond the end of its line."""
        text, none = self.scene.text, len(self.scene.tokens)
        first, last = self.first, self.last
        # Whether a line begins with a token; none stands before the first one.
        opens = np.zeros(none + 1, dtype=bool)
        opens[[0, none]] = True
        starts, at = self.scene.columns[0], text.find("\n")
        while at >= 0:
            opens[bisect_left(starts, at)] = True
            at = text.find("\n", at + 1)
        self.line_start, self.line_end = opens[first], opens[last]
        self.touching = np.where(first > 0, first - 1, none), last
        self.before = np.where(self.line_start, none, first - 1)
        self.before2 = np.where(self.line_start | (first < 2), none, first - 2)  # noqa: PLR2004
        self.after = np.where(self.line_end, none, last)
        self.after2 = np.where(self.line_end, none, np.minimum(last + 1, none))

    def is_a(self, flag: str) -> NDArray[np.bool_]:
        """Tell of each token whether it is one of the words of `FLAGS`."""
        return self.flags[:, flags(flag)[0]].astype(bool)

    def count_inside(self, tokens: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Count in each stretch the tokens that something holds for."""
        before = np.zeros(len(tokens) + 1, dtype=np.intp)
        np.cumsum(tokens, out=before[1:])
        return before[self.last] - before[self.first]

    @cached_property
    def of_strings(self) -> tuple[dict[str, int], NDArray[np.intp]]:
        """The strings of the stretches in lower case with their numbers, and that of each."""
        numbers: dict[str, int] = {}
        found = [numbers.setdefault(raw.lower(), len(numbers)) for raw in self.raw]
        return numbers, np.array(found, dtype=np.intp)

    @cached_property
    def string_sums(self) -> dict[str, NDArray[np.float64]]:
        """What stands right before and behind each string over the whole article, counted."""
        strings, of = self.of_strings
        before, behind = self.touching
        given = self.capital & np.array(self.given)
        held = {
            "count": np.ones(len(of)),
            "preposition": self.is_a("preposition")[before],
            "strong preposition": self.is_a("strong preposition")[before],
            "title": self.is_a("title")[before],
            "given name": given[before],
            "person": (self.is_a("title") | given)[before],
            "capital before": self.capital[before],
            "capital behind": self.capital[behind],
            "reporting verb": self.is_a("reporting verb")[behind],
            "possessive": self.is_a("possessive")[behind],
        }
        order = np.argsort(of, kind="stable")
        starts = np.searchsorted(of[order], np.arange(len(strings)))
        sums = np.add.reduceat(np.column_stack(list(held.values()))[order], starts, axis=0)
        return dict(zip(held, sums.T, strict=True))

    @cached_property
    def upper(self) -> list[bool]:
        """Whether each stretch is written in capitals."""
        return [raw.isupper() for raw in self.raw]

    @cached_property
    def overlaps(self) -> Overlaps:
        """The stretches that share a token."""
        return Overlaps(self.first, self.last)

    @cached_property
    def named(self) -> NDArray[np.bool_]:
        """Whether the gazetteer knows each stretch."""
        return np.array([entry is not None for entry in self.entry_of], dtype=bool)

    @cached_property
    def demonyms(self) -> list[bool]:
        """Whether each stretch is, by its name alone, first of all that of a people."""
        return [entry is not None and entry.demonym for entry in self.entry_of]

    @cached_property
    def ranks(self) -> NDArray[np.float64]:
        """How prominent the best place of each stretch is; minus infinity where it has none."""
        return np.array([-np.inf if entry is None else entry.rank for entry in self.entry_of])

    @cached_property
    def headline_case(self) -> bool:
        """Whether most of the article's words are capitalised."""
        return bool(2 * self.capital.sum() > self.word.sum())

    @cached_property
    def certain_regions(self) -> set[Region]:
        """Countries, and provinces in them, that the article names beyond doubt."""
        regions = {entry.certain_region for entry in self.entries.values()}
        return {region for region in regions if region is not None}

    @cached_property
    def country_votes(self) -> Counter[str | None]:
        """Country -> how many stretches name a prominent place in it."""
        return Counter(
            entry.best.place.country
            for entry in self.entry_of
            if entry is not None and entry.rank > _VOTES
        )

    @cached_property
    def surnames(self) -> set[str]:
        """Last words of runs that begin with a given name or a title."""
        tokens = self.scene.tokens
        return {
            tokens[last - 1].lower
            for first, last in self.scene.runs
            if last - first > 1 and (self.given[first] or tokens[first].lower in TITLES)
        }

    @cached_property
    def given(self) -> list[bool]:
        """Whether each token is a usual given name."""
        found: list[bool] = (self.numbers[:, 3] > GIVEN_NAME).tolist()
        return found

    @cached_property
    def given_logs(self) -> list[float]:
        """How usual each token is as a given name, as a logarithm."""
        found: list[float] = self.numbers[:, 3].tolist()
        return found

    def region_behind(self, stretch: Stretch) -> str:
        """Say what kind of place begins two tokens behind a stretch: "Bannu, Pakistan"."""
        longest = self._longest_from.get(stretch.last + 1)
        if longest is None:
            return "nothing"
        place = self.entries[longest].best.place
        mine = self.entries.get(stretch.name or "")
        places = mine.places if mine else ()
        holds = any(
            n.place.country == place.country
            and (place.feature.startswith("PCL") or n.place.admin1 == place.admin1)
            for n in places
        )
        kind = "region" if place.feature[:3] in {"ADM", "PCL"} else "place"
        return f"its {kind}" if holds else kind

    @cached_property
    def _longest_from(self) -> dict[int, str]:
        """Token -> the longest name of the gazetteer that begins there."""
        return {s.first: s.name for s in self.stretches if s.name is not None}

"""Words as rows of arrays: each is looked up once for all articles, and gathered by its number.

A row holds the numbers of `words.Word` and, for the closed classes of `vocabulary` and single words
and marks, a flag each.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from geomap.mentions.vocabulary import (
    FACILITY_WORDS,
    ORGANISATION_WORDS,
    PERSON_VERBS,
    PLACE_PREPOSITIONS,
    PLACE_SUFFIXES,
    REPORTING_VERBS,
    TITLES,
)
from geomap.mentions.words import UNSEEN, shipped_words

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

__all__ = ["AFTER", "BEFORE", "FLAGS", "WORD_LISTS", "WordRows", "flags", "word_rows"]

# Prepositions that stand before places much oftener than before anything else, and "of".
_STRONG = frozenset({"in", "at", "near", "from", "outside", "across", "to", "around", "into"}) | {
    "through",
    "of",
}
WORD_LISTS: dict[str, Collection[str]] = {
    "preposition": PLACE_PREPOSITIONS,
    "strong preposition": _STRONG,
    "title": TITLES,
    "organisation": ORGANISATION_WORDS,
    "facility": FACILITY_WORDS,
    "suffix": PLACE_SUFFIXES,
    "reporting verb": REPORTING_VERBS,
    "person verb": PERSON_VERBS,
}
# Single words and marks that tell something right before a name, and right behind it.
BEFORE = ("the", ",", "a", "an", "and", "(", "-", "–", "—", "--")
AFTER = (",", "'s", "’s", "(", "and", ".", "!", "?", "-", "–", "—", "--")
_SINGLE = tuple(dict.fromkeys((*BEFORE, *AFTER)))
FLAGS: dict[str, Collection[str]] = {
    **WORD_LISTS,
    **{f"is {word}": (word,) for word in _SINGLE},
    "break": (".", "!", "?", "“", '"', ":"),
    "hyphen": ("-", "‑"),
    "dash": ("-", "–"),
    # "R-Lilburn", "D-N.D.": American members of parliament
    "party": ("r", "d", "i"),
    "possessive": ("'s", "’s"),
    "opens a region": (",", "("),
}
_NUMBER_OF = {name: number for number, name in enumerate(FLAGS)}
# So many different words are in a month of news; beyond them the table begins anew.
_MOST = 65_536
_FIRST_ROOM = 4096


def flags(*names: str) -> list[int]:
    """Return the columns of `WordRows.flags` that hold some of `FLAGS`."""
    return [_NUMBER_OF[name] for name in names]


@dataclass(slots=True, eq=False)
class WordRows:
    """Rows of words; the first stands for no word and one that is not known.

    Parameters
    ----------
    numbers
        `Word.numbers`, a row a word.
    flags
        1 for the `FLAGS` that hold, a row a word.
    habits
        `Word.habit` of each.
    row_of
        Where each word stands.
    """

    numbers: NDArray[np.float64]
    flags: NDArray[np.uint8]
    habits: list[str]
    row_of: dict[str, int]
    _lock: Lock = field(default_factory=Lock)

    @classmethod
    def closed(cls) -> WordRows:
        """Return a table with the words of the closed classes alone."""
        numbers = np.empty((_FIRST_ROOM, len(UNSEEN.numbers)))
        numbers[0] = UNSEEN.numbers
        made = cls(numbers, np.zeros((_FIRST_ROOM, len(FLAGS)), np.uint8), [UNSEEN.habit], {})
        made.rows(sorted({word for words in FLAGS.values() for word in words}))
        for number, words in enumerate(FLAGS.values()):
            made.flags[[made.row_of[word] for word in words], number] = 1
        return made

    def rows(self, words: Sequence[str]) -> NDArray[np.intp]:
        """Return the row of each of some lower-case words, which are added where they are new."""
        row_of = self.row_of
        try:
            return np.fromiter(map(row_of.__getitem__, words), np.intp, len(words))
        except KeyError:
            with self._lock:
                self._add(sorted(set(words).difference(row_of)))
        return self.rows(words)

    def _add(self, words: Sequence[str]) -> None:
        at, end = len(self.habits), len(self.habits) + len(words)
        while end > len(self.numbers):
            self.numbers = np.concatenate([self.numbers, np.empty_like(self.numbers)])
            self.flags = np.concatenate([self.flags, np.zeros_like(self.flags)])
        self.numbers[at:end], habits = shipped_words().table(words)
        self.habits += habits
        self.row_of.update(zip(words, range(at, end), strict=True))


_closed_lock = Lock()
_shared: list[WordRows] = []


def word_rows() -> WordRows:
    """Return the rows that all articles share: a cache of pure functions of single words."""
    with _closed_lock:
        if not _shared or len(_shared[0].habits) > _MOST:
            _shared[:] = [WordRows.closed()]
        return _shared[0]

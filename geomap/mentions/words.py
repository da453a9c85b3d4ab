"""What plain English text knows of single words: how they are cased, and what company they keep.

Frequencies and word classes come from the tables of `spacy-lookups-data`, names of persons from the
US census (see `training/words.py`). Words are stored as hashes, numbers as bytes.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["GIVEN_NAME", "SCALE", "UNSEEN", "Word", "Words", "known", "shipped_words", "word_hash"]

# Bytes hold natural logarithms of probabilities in steps of a tenth, below zero.
SCALE = 0.1
_ABSENT = -21.0  # rarer than the rarest word of the tables, which stands at -19.5
# So many of a word's numbers are its own; the others are those of its class.
_CELLS = 5
# Rarer words have been seen too seldom to have a habit.
_KNOWN = -19.0
# More than one person in fifty thousand bears the name.
GIVEN_NAME = -4.0


class Word(NamedTuple):
    """What is known of one word.

    `numbers` are logarithms of its probability in plain text with a capital, in lower case and in
    capitals; of its frequency among given names and among surnames; and, of all words of its class
    that have a capital, the shares that are large towns, given names, surnames, and oftener in
    lower case (-1 where the class is not known). `habit` says how often it stands in lower case, in
    tenths, "-" for a word that is not known; `given` whether it is a usual given name.
    """

    numbers: tuple[float, ...]
    habit: str
    given: bool

    @property
    def capital(self) -> float:
        """Logarithm of its probability with a capital."""
        return self.numbers[0]

    @property
    def lower(self) -> float:
        """Logarithm of its probability in lower case."""
        return self.numbers[1]


UNSEEN = Word((_ABSENT, _ABSENT, _ABSENT, -6.9, -9.2, -1.0, -1.0, -1.0, -1.0), "-", given=False)


def word_hash(word: str) -> int:
    """Return the 32-bit number that stands for a lower-case word in the table."""
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """A table of words.

    Parameters
    ----------
    hashes
        `word_hash` of every word, sorted.
    cells
        One row a word: five numbers in steps of `SCALE` below zero.
    classes
        One number a word: its row in `company`, -1 for none.
    company
        One row a word class: towns, given names, surnames, lower case.
    """

    hashes: NDArray[np.uint32]
    cells: NDArray[np.uint8]
    classes: NDArray[np.int16]
    company: NDArray[np.float32]

    def get(self, word: str) -> Word:
        """Return the numbers of a lower-case word; `UNSEEN` for one that is not in the table."""
        wanted = word_hash(word)
        at = int(np.searchsorted(self.hashes, np.uint32(wanted)))
        if at == len(self.hashes) or int(self.hashes[at]) != wanted:
            return UNSEEN
        cells = [-SCALE * cell for cell in self.cells[at].tolist()]
        number = int(self.classes[at])
        company = self.company[number].tolist() if number >= 0 else UNSEEN.numbers[_CELLS:]
        given = cells[3] > GIVEN_NAME
        return Word((*cells, *company), _habit(cells[0], cells[1]), given)

    def table(self, words: Sequence[str]) -> tuple[NDArray[np.float64], list[str]]:
        """Return the numbers and the habits of many lower-case words, as `get` gives them."""
        wanted = np.array([word_hash(word) for word in words], dtype=np.uint32)
        at = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
        found = self.hashes[at] == wanted
        numbers = np.tile(np.array(UNSEEN.numbers), (len(words), 1))
        numbers[found, :_CELLS] = -SCALE * self.cells[at[found]]
        classes = self.classes[at]
        held = found & (classes >= 0)
        numbers[held, _CELLS:] = self.company[classes[held]]
        return numbers, [_habit(*pair) for pair in numbers[:, :2].tolist()]


@cache
def _habit(capital: float, lower: float) -> str:
    if max(capital, lower) < _KNOWN:
        return "-"
    return str(min(9, int(10 / (1 + math.exp(capital - lower)))))


@cache
def shipped_words() -> Words:
    """Return the shipped table."""
    with np.load(Path(__file__).with_name("words.npz"), allow_pickle=False) as arrays:
        return Words(arrays["hashes"], arrays["cells"], arrays["classes"], arrays["company"])


@lru_cache(maxsize=65_536)
def known(word: str) -> Word:
    """Look a lower-case word up in the shipped table."""
    return shipped_words().get(word)

"""Which words an article uses as names of persons: "Holroyd" where it has "Emilie Holroyd, 74"."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geomap.mentions.vocabulary import FACILITY_WORDS, ORGANISATION_WORDS, PLACE_SUFFIXES
from geomap.mentions.words import GIVEN_NAME

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geomap.mentions.evidence import Evidence

__all__ = ["COLUMNS", "persons"]

COLUMNS = (
    "given name before it",
    "class of given names before it",
    "runs behind a given name",
    "surname behind it",
    "class of surnames behind it",
    "runs before it",
    "ages behind it",
)
# A person's name has two to four words; longer runs are titles and headlines.
_LONGEST = 4
# A word whose class is full of given names is one.
_GIVEN_CLASS = 0.3
_AGE_DIGITS = 2
_NO_PERSON = PLACE_SUFFIXES | ORGANISATION_WORDS | FACILITY_WORDS
# The columns of `Word.numbers`.
_GIVEN, _SURNAME, _GIVENS, _SURNAMES = 3, 4, 6, 7


class _Beside(NamedTuple):
    """The best frequency and the best class of the words beside, and how many there are."""

    frequency: float = -11.0  # below everything that occurs: logarithms of census shares
    word_class: float = -2.0
    runs: float = 0.0

    def seen(self, frequency: float, word_class: float, *, counts: bool) -> _Beside:
        return _Beside(
            max(self.frequency, frequency), max(self.word_class, word_class), self.runs + counts
        )


_NOBODY = _Beside()


def persons(e: Evidence) -> NDArray[np.float64]:
    """Return what the article's runs of capitals say of each stretch of a single word.

    Parameters
    ----------
    e
        What is known of the stretches.

    Returns
    -------
    numpy.ndarray
        A row a stretch, a column for each of `COLUMNS`.
    """
    surnames: dict[str | None, _Beside] = {}
    given: dict[str | None, _Beside] = {}
    for first, behind in e.scene.runs:
        last = behind - 1
        if not 1 < behind - first <= _LONGEST or e.lower[last] in _NO_PERSON:
            continue
        name, family = e.numbers[first], e.numbers[last]
        counts = bool(name[_GIVEN] > GIVEN_NAME or name[_GIVENS] > _GIVEN_CLASS)
        known = surnames.get(e.lower[last], _NOBODY)
        surnames[e.lower[last]] = known.seen(name[_GIVEN], name[_GIVENS], counts=counts)
        known = given.get(e.lower[first], _NOBODY)
        given[e.lower[first]] = known.seen(family[_SURNAME], family[_SURNAMES], counts=True)
    ages = _ages(e)
    rows = []
    for stretch in e.stretches:
        word = e.lower[stretch.last - 1]
        alone = stretch.last - stretch.first == 1
        before = surnames.get(word, _NOBODY) if alone else _NOBODY
        after = given.get(word, _NOBODY) if alone else _NOBODY
        rows.append((*before, *after, ages[word]))
    return np.array(rows, dtype=np.float64)


def _ages(e: Evidence) -> Counter[str | None]:
    """Count behind each capitalised word the ages: "Holroyd, 74, of Charleston"."""
    words = e.lower
    return Counter(
        words[i]
        for i in range(len(words) - 4)
        if words[i + 1] == "," and words[i + 3] in {",", "."} and e.capital[i]
        if (number := words[i + 2]) and number.isdigit() and len(number) <= _AGE_DIGITS
    )

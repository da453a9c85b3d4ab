"""Names that are written small: "a blast hit london", as in messages and tickers.

The models are learned on text with capitals. A small name counts only where nothing speaks against
it: a place preposition or a verb that hits places before it, a famous place, and a word that plain
text nearly always writes with a capital.
"""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING

from geomap.mentions.candidates import Stretch
from geomap.mentions.matcher import matches
from geomap.mentions.vocabulary import PLACE_PREPOSITIONS
from geomap.mentions.word_rows import word_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from geomap.gazetteer import Gazetteer
    from geomap.mentions.candidates import Scene

__all__ = ["SCORE", "small_names"]

# As sure as a rule can be that has no marked text to be measured on.
SCORE = 0.6
# Cities of more than a million people, and countries.
_FAMOUS = 6.0
# A capital is so many times likelier, as a logarithm: seven times.
_MOSTLY_CAPITAL = 2.0
_HITS = frozenset({"hit", "hits", "rocked", "shook", "struck", "attacked", "bombed", "shelled"})
_OPENERS = PLACE_PREPOSITIONS | _HITS


def small_names(
    scene: Scene, gazetteer: Gazetteer, taken: Collection[Stretch]
) -> Iterator[Stretch]:
    """Find famous names in lower case that stand where places stand.

    Parameters
    ----------
    scene
        The text and its tokens.
    gazetteer
        Where the names come from.
    taken
        What is accepted already; nothing that overlaps it is found.

    Yields
    ------
    Stretch
        In text order, without overlaps; the longest of those that begin at one word.
    """
    free = _free_starts(scene, taken)
    if not free:
        return
    capitals = scene.text.title()
    if len(capitals) != len(scene.text):  # some letters become two: no offset would hold
        return
    longest: dict[int, Stretch] = {}
    for start, end, name in matches(capitals, gazetteer):
        first, last = scene.first_at(start), scene.last_at(end)
        if first in free and last is not None and first is not None:
            best = max((n.rank for n in gazetteer.named(name) if n.kind == "canonical"), default=0)
            if best >= _FAMOUS and (first not in longest or longest[first].end < end):
                longest[first] = Stretch(start, end, first, last, name)
    yield from (longest[first] for first in sorted(longest))


def _free_starts(scene: Scene, taken: Collection[Stretch]) -> set[int]:
    """Return the tokens in lower case, behind such a word, that are seldom written so."""
    tokens = scene.tokens
    found = {
        i + 1
        for i, token in enumerate(tokens[:-1])
        if token.lower in _OPENERS and tokens[i + 1].word and not tokens[i + 1].capital
    }
    found.difference_update(*(range(s.first, s.last) for s in taken))
    at, table = sorted(found), word_rows()
    rows = table.rows([tokens[i].lower for i in at])
    cased = table.numbers[rows]
    # Logarithms of the words with a capital and in lower case.
    mostly = cased[:, 0] - cased[:, 1] > _MOSTLY_CAPITAL
    return set(compress(at, mostly.tolist()))

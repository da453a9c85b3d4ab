"""Place names of a text that is not English, by rules: no model has been learned for those.

A name counts where the gazetteer's evidence for it (how prominent its best place is) outweighs
what the script and the words around it say. Precision comes before recall.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from geomap.mentions.scripts import UNPARTED, found_names, words
from geomap.mentions.words import known
from geomap.model import Mention, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.gazetteer import Gazetteer
    from geomap.mentions.languages import Language
    from geomap.mentions.scripts import FoundName, Word
    from geomap.model import MentionKind

__all__ = ["find_by_rules"]

# How prominent (see `gazetteer.prominence`: 5 is a town of 100,000) the best place of a name must
# be: in a script with case a capital inside a sentence says a lot, in German nearly nothing.
_CASED, _GERMAN, _CASELESS, _UNPARTED, _KANA = 5.5, 6.0, 5.0, 4.5, 6.0
# A word that places stand beside is worth so much, as is a second word in the name.
_CUE, _WORDS = 1.6, 1.0
# A sentence begins with a capital whatever the word is.
_SENTENCE_START = 1.5
# A name of two characters is found inside many words; three letters without case make many.
_TWO_CHARACTERS, _SHORT_WORD = 1.3, 0.8
_SHORT = 3
# Names behind a clitic, in a case form, or like a surname may be another word altogether.
_DOUBTFUL = 1.0
_SURNAME = re.compile("(?:[оеє]в[аи]?|[иі]н[аи]?|енко|ськии|ск(?:ии|ая))$")
# A demonym is told by its name alone, as in English.
_DEMONYM_SCORE = 0.9
# Of rank 8 are countries and the greatest cities: hardly a word is called like those.
_LEAST_SCORE, _SCORE_A_POINT, _MOST_SCORE = 0.55, 0.1, 0.95
# "The city of Kabul", in languages that say so.
_LINKS = frozenset({"de", "del", "du", "di", "da", "do", "des", "d", "von", "van", "of"})
_SENTENCE_END = re.compile(r"(?:^|[.!?:;…«»\"“”„\n\r—–][\s»«\"“”„]*|\n\s*|[¿¡(\[]\s*)$")
_JOINED = re.compile(r"[ \u00a0]$|['’]$|^$")
_NEAR = 8


class _Judged(NamedTuple):
    found: FoundName
    kind: MentionKind
    score: float


def find_by_rules(text: str, gazetteer: Gazetteer, language: Language) -> tuple[Mention, ...]:
    """Find the place names of a text in any language but English.

    Parameters
    ----------
    text
        The article's text; may be empty.
    gazetteer
        Where the names come from.
    language
        The word classes of its language.

    Returns
    -------
    tuple of Mention
        In text order, without overlaps; of overlapping names the longest.
    """
    cut = words(text)
    judge = _Judge(text, cut, gazetteer, language)
    judged = [
        verdict
        for found in found_names(text, cut, gazetteer, language)
        if (verdict := judge.of(found)) is not None
    ]
    return tuple(_mention(text, verdict) for verdict in _longest(judged))


def _longest(judged: list[_Judged]) -> list[_Judged]:
    """Keep the longest of those that overlap, the earlier of equals."""
    order = sorted(judged, key=lambda j: (j.found.start - j.found.end, j.found.start, -j.score))
    taken: set[int] = set()
    kept = []
    for verdict in order:
        stretch = range(verdict.found.start, verdict.found.end)
        if taken.isdisjoint(stretch):
            taken.update(stretch)
            kept.append(verdict)
    return sorted(kept, key=lambda j: j.found.start)


def _mention(text: str, verdict: _Judged) -> Mention:
    span = Span(start=verdict.found.start, end=verdict.found.end)
    return Mention(
        span=span, text=span.of(text), kind=verdict.kind, relation=None, score=verdict.score
    )


class _Judge:
    """Weighs the names of one text."""

    def __init__(
        self, text: str, cut: Sequence[Word], gazetteer: Gazetteer, language: Language
    ) -> None:
        self._text = text
        self._words = cut
        self._gazetteer = gazetteer
        self._language = language
        # A word that the text has in lower case too begins with a capital by chance.
        self._lower = {word.folded for word in cut if word.cased and not word.capital}

    def of(self, found: FoundName) -> _Judged | None:
        """Return the verdict on a name, or None where it is no place's."""
        first = self._words[found.word]
        if self._is_common(found, first):
            return None
        places = self._gazetteer.named(found.name)
        ranks = [n.rank for n in places if n.kind != "demonym"]
        people = max((n.rank for n in places if n.kind == "demonym"), default=0.0)
        rank = max(ranks, default=0.0)
        need = self._needed(found, first)
        if need is None or max(rank, people) < need:
            return None
        score = min(_MOST_SCORE, _LEAST_SCORE + _SCORE_A_POINT * (rank - need))
        if people > rank:
            return _Judged(found, "demonym", _DEMONYM_SCORE)
        return _Judged(found, "place", round(score, 4))

    def _is_common(self, found: FoundName, first: Word) -> bool:
        """Tell whether a name is a word that nearly always means something else."""
        name, language = found.name, self._language
        if name in language.stop or name in language.against or name in language.tail:
            return True
        beside = name in language.before or name in language.after
        if name in language.common or beside:
            cue = self._before(found) in language.before and first.cased
            return beside or not cue
        return False

    def _needed(self, found: FoundName, first: Word) -> float | None:
        """Return how prominent a place must be to be meant here; None for no place at all."""
        if first.kind in UNPARTED:
            return self._needed_unparted(found, first)
        if not self._ends_like_a_name(found, first) or self._is_held(found, first):
            return None
        cue = found.place_case or self._has_cue(found)
        need = self._needed_cased(found, cue=cue) if first.cased else self._needed_caseless(found)
        if need is None:
            return None
        need += _DOUBTFUL if found.doubtful and not cue else 0.0
        return need - (_CUE if cue else 0.0) - (_WORDS if " " in found.name else 0.0)

    def _needed_cased(self, found: FoundName, *, cue: bool) -> float | None:
        if found.end - found.start < _SHORT and not self._raw(found).isupper():
            return None
        if found.name in self._lower:
            return None
        need = _GERMAN if self._language.code == "de" else _CASED
        if not cue:
            need += _SENTENCE_START if self._starts_sentence(found.start) else 0.0
            need += _DOUBTFUL if not found.doubtful and _SURNAME.search(found.name) else 0.0
        return need

    def _needed_caseless(self, found: FoundName) -> float | None:
        length = found.end - found.start
        if self._words[found.word].kind == "hangul":
            return None if length == 1 else _CASELESS + (_SHORT_WORD if length == 2 else 0.0)  # noqa: PLR2004 - syllables
        return _CASELESS + (_SHORT_WORD if length <= _SHORT else 0.0)

    def _needed_unparted(self, found: FoundName, first: Word) -> float | None:
        length = found.end - found.start
        after = self._text[found.end : found.end + _SHORT]
        least = _SHORT if first.kind == "hiragana" else 2
        if length < least or after.startswith(tuple(self._language.tail)):
            return None
        before = self._text[max(0, found.start - _SHORT) : found.start]
        cue = after.startswith(tuple(self._language.after))
        cue = cue or before.endswith(tuple(self._language.before))
        need = _UNPARTED if first.kind == "han" else _KANA
        if first.kind == "han":
            need += (_TWO_CHARACTERS if length == 2 else 0.0) - (_CUE / 2 if length > _SHORT else 0)  # noqa: PLR2004
        return need - (_CUE if cue else 0.0)

    def _before(self, found: FoundName) -> str | None:
        """Return the folded word right before a name; None at a sentence's start."""
        if not found.word:
            return None
        before = self._words[found.word - 1]
        gap = self._text[before.end : found.start]
        return before.folded if _JOINED.search(gap) and len(gap) <= 1 else None

    def _after(self, found: FoundName) -> Word | None:
        """Return the word behind a name where only a blank stands between."""
        for word in self._words[found.word : found.word + _NEAR]:
            if word.start >= found.end:
                gap = self._text[found.end : word.start]
                return word if _JOINED.search(gap) and len(gap) <= 1 else None
        return None

    def _has_cue(self, found: FoundName) -> bool:
        """Tell whether a word like "in" or "city", or "city of", stands beside a name."""
        before, after = self._before(found), self._after(found)
        if before in self._language.before or (after and after.folded in self._language.after):
            return True
        earlier = self._words[found.word - 2].folded if found.word > 1 else None
        return before in _LINKS and earlier in self._language.before

    def _raw(self, found: FoundName) -> str:
        return self._text[found.start : found.end]

    def _ends_like_a_name(self, found: FoundName, first: Word) -> bool:
        """Tell whether the last word is capitalised too, or one like "oblast"."""
        if not first.cased:
            return True
        last = first
        for word in self._words[found.word : found.word + _NEAR]:
            if word.start >= found.end:
                break
            last = word
        return last.capital or last.folded in self._language.before | self._language.after

    def _is_held(self, found: FoundName, first: Word) -> bool:
        """Tell whether a person, an institution or a longer name holds the name."""
        before, after = self._before(found), self._after(found)
        if before is not None and self._is_held_from_before(found, before):
            return True
        if after is not None and after.folded in self._language.tail:
            return True
        # In German every noun is capitalised.
        if after is None or not (first.cased and after.capital) or self._language.code == "de":
            return self._is_hyphened(found)
        return after.folded not in self._language.stop | self._language.after

    def _is_held_from_before(self, found: FoundName, before: str) -> bool:
        """Tell whether the words before a name make something else of it: "Real Madrid"."""
        language, word = self._language, self._words[found.word - 1]
        earlier = self._words[found.word - 2] if found.word > 1 else None
        if before in language.against:
            return True
        if before in _LINKS and earlier and earlier.folded in language.against:
            return True
        if not (word.cased and word.capital) or before in language.before:
            return False
        if known(before).given:
            return True
        if language.code == "de" or before in language.stop | language.after:
            return False
        return not self._starts_sentence(word.start)

    def _starts_sentence(self, start: int) -> bool:
        return bool(_SENTENCE_END.search(self._text, max(0, start - _NEAR), start))

    def _is_hyphened(self, found: FoundName) -> bool:
        """Tell whether a hyphen joins the name to another capitalised word."""
        tail = self._text[found.end : found.end + 2]
        head = self._text[max(0, found.start - 2) : found.start]
        return (tail[:1] == "-" and tail[1:].isupper()) or (head[1:] == "-" and head[:1].isalpha())

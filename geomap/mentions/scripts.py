"""Names in the text of any script: where words begin and end, with clitics, particles and cases.

English has its own way (`matcher`); here nothing is known but the script. Chinese and Japanese
do not part words, so names are matched anywhere in them and the longest one counts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from geomap.folding import fold, fold_mapped
from geomap.mentions.vocabulary import PARTICLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomap.folding import Folded
    from geomap.gazetteer import Gazetteer
    from geomap.mentions.languages import Language

__all__ = ["UNPARTED", "FoundName", "Word", "found_names", "words"]

# Longer names than this are rare, and each character of a slice costs time.
_LONGEST = 60
_MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
# Vowel signs are no letters to Python, and still belong to the word.
_SIGNS = "\u0900-\u0963\u0971-\u0dff\u0e31-\u0e4e\u1000-\u109f"
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々"
_KATAKANA = "\u30a1-\u30faー・"
_HIRAGANA = "\u3041-\u309f"
_HANGUL = "\uac00-\ud7af"
_WORD = re.compile(
    f"(?P<han>[{_HAN}]+)|(?P<kana>[{_KATAKANA}]+)|(?P<hiragana>[{_HIRAGANA}]+)|(?P<hangul>[{_HANGUL}]+)"
    f"|(?P<semitic>[\u05d0-\u05ea\u0620-\u06ff\u0750-\u077f\u08a0-\u08ff{_MARKS}]+)"
    rf"|(?P<other>(?:(?![{_HAN}{_KATAKANA}{_HIRAGANA}{_HANGUL}])[^\W\d_][{_MARKS}{_SIGNS}]*)+)"
)
# Scripts that put no blanks between words.
UNPARTED = frozenset({"han", "kana", "hiragana"})
_TRAILING_MARKS = re.compile(f"[{_MARKS}]*")
# "and", "in", "to", "like", "so" and their pairs are written with the word that follows.
_ARABIC_CLITICS = re.compile("[\u0648\u0641]?[\u0628\u0644\u0643]|[\u0648\u0641]")
_HEBREW_CLITICS = re.compile("[וש]?[במלהכ]{1,2}|[וש]")
# With the article the clitic "to" swallows a letter: للعراق stands for ل + العراق.
_SWALLOWED = re.compile("[وف]?لل")
# A name of fewer letters behind a clitic would be found in too many words.
_LONGEST_CLITIC, _FEWEST_BEHIND_CLITIC = 3, 4
_KOREAN = re.compile(
    r"(?:시|도|주|군|구)?(?:에서의?|에서는|에서도|에게|에는|에도|에|으로|로|의|은|는|이|가|을|를|와|과|도|까지|부터|"
    r"측|발|산|행|이나|나|이라는|라는|보다|처럼|만|이며|며|인|군|시|주|도)?$"
)
_KOREAN_LOCATIVE = re.compile(r"^(?:시|도|주)?(?:에서|에|으로|로|까지|부터)")
_TURKISH_CASE = re.compile(r"['’](?:n?[dt][ae]n?|[yn]?[aeıiuü]|n?[ıiuü]n|[dt][ae]ki)\b")
_TURKISH_LOCATIVE = re.compile(r"['’]n?[dt][ae](?:n|ki)?\b")
_GERMAN_GENITIVE = re.compile(r"s\b")
_GAP = re.compile(r"[ \u00a0-]")


class Word(NamedTuple):
    """A word: its stretch, its folded form, the class of its script, whether it is capitalised.

    `capital` is True in scripts without case.
    """

    start: int
    end: int
    folded: str
    kind: str
    capital: bool
    cased: bool


class FoundName(NamedTuple):
    """A stretch of the text, what the gazetteer is to be asked for, the index of its first word.

    `place_case` tells that a clitic, a particle or a case ending marks it as a place, `doubtful`
    that only a part of the word, or another form of it, is the name.
    """

    start: int
    end: int
    name: str
    word: int
    place_case: bool = False
    doubtful: bool = False


def words(text: str) -> list[Word]:
    """Cut a text into words; one of Chinese or Japanese is a run of one kind of characters.

    Parameters
    ----------
    text
        Any text; may be empty.

    Returns
    -------
    list of Word
        In text order; numbers and marks are no words.
    """
    found = []
    for match in _WORD.finditer(text):
        first = match.group()[0]
        cased = first.lower() != first.upper()
        capital = not cased or first != first.lower()
        folded = fold(match.group())
        kind = match.lastgroup or "other"
        found.append(Word(match.start(), match.end(), folded, kind, capital, cased))
    return found


def found_names(
    text: str, cut: list[Word], gazetteer: Gazetteer, language: Language
) -> Iterator[FoundName]:
    """Give every stretch of a text that may be a name of the gazetteer, overlapping ones too.

    Parameters
    ----------
    text
        The text; may be empty.
    cut
        Its words.
    gazetteer
        Where the names come from.
    language
        Its language; endings of other languages are not tried.

    Yields
    ------
    FoundName
        In order of the word that each begins in.
    """
    folded = fold_mapped(text)
    ends = {word.end for word in cut}
    for i, word in enumerate(cut):
        if word.kind in UNPARTED:
            yield from _unparted(text, i, word, folded, gazetteer)
        elif word.kind == "hangul":
            yield from _korean(text, i, cut, folded, gazetteer)
        elif word.kind == "semitic":
            yield from _semitic(text, i, word, (folded, ends), gazetteer, language)
        elif word.capital:
            start = _with_particle(text, word.start)
            for end, name in _names_at(text, start, folded, gazetteer):
                if end in ends:
                    case = _TURKISH_LOCATIVE.match(text, end) if language.code == "tr" else None
                    yield FoundName(start, end, name, i, case is not None)
                elif language.code == "de" and _GERMAN_GENITIVE.match(text, end):
                    yield FoundName(start, end, name, i, doubtful=True)
            yield from _inflected(text, i, cut, gazetteer, language)


def _names_at(
    text: str, start: int, folded: Folded, gazetteer: Gazetteer
) -> Iterator[tuple[int, str]]:
    """Give each name that begins at an offset, with the offset of its end."""
    index = folded.at(start) if folded.starts else start
    for name in gazetteer.prefixes(folded.text[index : index + _LONGEST]):
        until = index + len(name)
        end = folded.end(until) if folded.starts else until
        if folded.starts and end == folded.end(until + 1):
            continue  # in the middle of one letter that folds to two
        marks = _TRAILING_MARKS.match(text, end)
        yield (marks.end() if marks else end), name


def _with_particle(text: str, start: int) -> int:
    """Return where a name begins, the lower-case particle before it included: "al-Bab"."""
    if text[start - 1 : start] == "-":
        for particle in PARTICLES:
            begin = start - len(particle)
            if text.startswith(particle, max(0, begin)) and not text[begin - 1 : begin].isalnum():
                return begin
    return start


def _unparted(
    text: str, i: int, word: Word, folded: Folded, gazetteer: Gazetteer
) -> Iterator[FoundName]:
    """Give the names that begin anywhere in a run of Chinese, or with one of Katakana."""
    offsets = range(word.start, word.end) if word.kind == "han" else (word.start,)
    for start in offsets:
        for end, name in _names_at(text, start, folded, gazetteer):
            if not (_is_kana(text[end - 1 : end]) and _is_kana(text[end : end + 1])):
                yield FoundName(start, end, name, i)


def _is_kana(char: str) -> bool:
    return "\u30a1" <= char <= "\u30fa" or char == "ー"


def _korean(
    text: str, i: int, cut: list[Word], folded: Folded, gazetteer: Gazetteer
) -> Iterator[FoundName]:
    word = cut[i]
    for end, name in _names_at(text, word.start, folded, gazetteer):
        last = next((w for w in cut[i : i + 4] if w.start < end <= w.end), None)
        if last is not None and _KOREAN.match(text[end : last.end]):
            locative = _KOREAN_LOCATIVE.match(text[end : last.end])
            yield FoundName(word.start, end, name, i, locative is not None)


def _semitic(
    text: str,
    i: int,
    word: Word,
    scene: tuple[Folded, set[int]],
    gazetteer: Gazetteer,
    language: Language,
) -> Iterator[FoundName]:
    """Give the names that begin with a word of Arabic or Hebrew script, or behind its clitics."""
    folded, ends = scene
    clitics = {"ar": _ARABIC_CLITICS, "he": _HEBREW_CLITICS}.get(language.code)
    behind = [
        start
        for start in range(word.start + 1, min(word.start + _LONGEST_CLITIC, word.end - 1) + 1)
        if clitics and clitics.fullmatch(text, word.start, start)
    ]
    for start in (word.start, *behind):
        clitic = start > word.start
        for end, name in _names_at(text, start, folded, gazetteer):
            if end in ends and (not clitic or end - start >= _FEWEST_BEHIND_CLITIC):
                yield FoundName(start, end, name, i, doubtful=clitic)
    swallowed = _SWALLOWED.match(text, word.start)
    if swallowed and language.code == "ar":
        name = "ال" + word.folded[swallowed.end() - word.start :]
        if gazetteer.named(name):
            yield FoundName(swallowed.end(), word.end, name, i, doubtful=True)


def _inflected(
    text: str, i: int, cut: list[Word], gazetteer: Gazetteer, language: Language
) -> Iterator[FoundName]:
    """Give a word, and it with the next one or two, where a case form of a name may hide."""
    first = cut[i]
    if first.folded.isascii() or language.code not in {"ru", "uk", "el"}:
        return
    for j in range(i, min(i + 3, len(cut))):
        word = cut[j]
        if j > i:
            gap = text[cut[j - 1].end : word.start]
            unit = word.folded in language.before or word.folded in language.after
            if not _GAP.fullmatch(gap) or not (word.capital or unit):
                return
        name = fold(text[first.start : word.end])
        if gazetteer.named(name):
            yield FoundName(first.start, word.end, name, i, doubtful=True)

"""The form in which names are compared, and the way back from it to the text.

Folding lowers case, strips the diacritics of Latin, Greek, Cyrillic, Hebrew and Arabic script,
unifies Arabic kaf, yeh, alef and teh marbuta, drops apostrophes, tatweel and zero-width
characters, and turns hyphens and runs of white space into one blank. A paragraph break stays a
line feed, so that no name is found across it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "Folded",
    "fold",
    "fold_mapped",
    "leading_spellings",
    "lowered",
    "rewritten",
    "spellings",
]

# Marks that spelling leaves out at will. Marks of Indic and other scripts carry vowels: they stay.
_OPTIONAL_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]"
)
_APOSTROPHES = "'`\u00b4\u2018\u2019\u201b\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u055a\u05f3\uff07"
_HYPHENS = "-\u2010\u2011\u2012\u2013\u00ad\u058a\u05be"
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff\u0640"
# Letters that no decomposition reaches but that news spells both ways.
_LETTERS = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ł": "l",
    "ı": "i",
    "ħ": "h",
    "ŋ": "ng",
    "ə": "a",
    "ك": "ک",
    "ي": "ی",
    "ى": "ی",
    "ئ": "ی",
    "أ": "ا",
    "إ": "ا",
    "آ": "ا",
    "ٱ": "ا",
    "ة": "ه",
    "ۀ": "ه",
    "ؤ": "و",
}


# Words that names spell in full or in short; each group's forms stand for one another.
_SPELLINGS = (
    ("saint", "st.", "st"),
    ("sainte", "ste.", "ste"),
    ("santa", "sta.", "sta"),
    ("santo", "sto.", "sto"),
    ("mount", "mt.", "mt"),
    ("fort", "ft.", "ft"),
    ("point", "pt.", "pt"),
    ("port", "pt.", "pt"),
)
_OTHERS: dict[str, tuple[str, ...]] = {}
for _group in _SPELLINGS:
    for _form in _group:  # "pt." is of two groups
        _known = _OTHERS.get(_form, ())
        _OTHERS[_form] = (*_known, *(o for o in _group if o != _form and o not in _known))
# A name goes on behind such a word: "Church St" is a street.
_SPELLED = re.compile(
    r"(?<!\S)(?:sainte?|santa|santo|st[eao]?\.?|mount|mt\.?|fort|ft\.?|point|port|pt\.?)(?= \S)"
)
# More such words in one name would only multiply the forms to try.
_MOST_SPELLED = 2


class _FoldTable(dict[int, str]):
    """Code point -> folded string, worked out once for each character met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(char: str) -> str:
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"  # half a character, which no file and no index can hold
    lowered = char.lower()
    if lowered in _LETTERS:
        return _LETTERS[lowered]
    bare = _OPTIONAL_MARKS.sub("", unicodedata.normalize("NFKD", lowered))
    return unicodedata.normalize("NFC", "".join(_LETTERS.get(c, c) for c in bare.lower()))


def _table() -> _FoldTable:
    table = _FoldTable()
    table.update(dict.fromkeys(map(ord, _APOSTROPHES + _INVISIBLE), ""))
    table.update(dict.fromkeys(map(ord, _HYPHENS + "\t\r\n\v\f\u00a0\u2007\u202f"), " "))
    table[ord("\u00ad")] = ""
    return table


# A cache of a pure function, filled as characters are met: it never changes an answer.
_TABLE = _table()
_KNOWN = frozenset(_APOSTROPHES)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text with the way back to the text it came from.

    From `starts[i]` of the folded text on, the original lies `shifts[i]` further; `origins[i]` is
    where in the original that begins.
    """

    text: str
    starts: tuple[int, ...]
    shifts: tuple[int, ...]
    origins: tuple[int, ...]

    def start(self, index: int) -> int:
        """Return where in the original the folded character at `index` came from."""
        at = bisect_right(self.starts, index)
        return index + self.shifts[at - 1] if at else index

    def end(self, index: int) -> int:
        """Return the original's exclusive end for a folded stretch that ends before `index`."""
        return self.start(index - 1) + 1 if index else 0

    def at(self, original: int) -> int:
        """Return the first folded index that came from `original` or from behind it."""
        at = bisect_right(self.origins, original)
        index = original - self.shifts[at - 1] if at else original
        if at < len(self.starts):
            index = min(index, self.starts[at])
        # All letters of "ss" come from one "ß": the first is meant.
        while index and self.start(index - 1) >= original:
            index -= 1
        return index


def lowered(text: str) -> str:
    """Return a text in lower case, as long as it was.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        Letters whose lower case is longer ("İ") stay as they are.
    """
    plain = text.lower()
    if len(plain) == len(text):
        return plain
    return "".join(small if len(small := char.lower()) == 1 else char for char in text)


def fold(text: str) -> str:
    """Return the form in which names are compared.

    Parameters
    ----------
    text
        Any text; may be empty.

    Returns
    -------
    str
        The folded text, with outer blanks stripped and runs of white space as one blank.
    """
    return " ".join(text.translate(_TABLE).split())


def fold_mapped(text: str) -> Folded:
    """Fold a running text and keep the way back to its offsets.

    Parameters
    ----------
    text
        Any text; may be empty.

    Returns
    -------
    Folded
        The folded text: paragraph breaks are one line feed, other white space is one blank.
    """
    return rewritten(text, _changes(text), _TABLE)


def rewritten(
    text: str,
    changes: Iterable[tuple[int, int, str]],
    table: Mapping[int, str] | None = None,
) -> Folded:
    """Replace stretches of a text and keep the way back to its offsets.

    Parameters
    ----------
    text
        Any text; may be empty.
    changes
        What to replace: start, exclusive end and replacement, in order and without overlaps.
    table
        What else to replace, one character by one; None for nothing.

    Returns
    -------
    Folded
        The new text; all characters of a replacement stand for the first one replaced.
    """
    starts: list[int] = []
    shifts: list[int] = []
    pieces: list[str] = []
    done = length = 0
    for begin, end, replacement in changes:
        piece = text[done:begin]
        pieces += (piece if table is None else piece.translate(table), replacement)
        length += len(piece)
        for offset in range(1, len(replacement)):
            starts.append(length + offset)
            shifts.append(begin - length - offset)
        length += len(replacement)
        starts.append(length)
        shifts.append(end - length)
        done = end
    pieces.append(text[done:] if table is None else text[done:].translate(table))
    origins = tuple(map(int.__add__, starts, shifts))
    return Folded("".join(pieces), tuple(starts), tuple(shifts), origins)


def _changes(text: str) -> list[tuple[int, int, str]]:
    """List the stretches whose folded form has another length: start, end, replacement."""
    irregular = (
        ""
        if text.isascii()
        else "".join(sorted(c for c in set(text) - _KNOWN if len(_TABLE[ord(c)]) != 1))
    )
    pattern = re.compile(rf"\s{{2,}}|[{re.escape(_APOSTROPHES + irregular)}]")
    found = []
    for match in pattern.finditer(text):
        start, end = match.span()
        if end - start > 1:
            gap = text[start:end]
            found.append((start, end, "\n" if gap.count("\n") > 1 else " "))
        else:
            found.append((start, end, _TABLE[ord(text[start])]))
    return found


def spellings(folded: str) -> tuple[str, ...]:
    """Return the other spellings of a name: "mt. elbrus" is "mount elbrus" and "mt elbrus" too.

    Parameters
    ----------
    folded
        A name as `fold` gives it.

    Returns
    -------
    tuple of str
        Without the name itself, the nearest first; empty for most names.
    """
    words = list(_SPELLED.finditer(folded))[:_MOST_SPELLED]
    if not words:
        return ()
    found: list[tuple[int, str]] = []
    for forms in product(*((word.group(), *_OTHERS[word.group()]) for word in words)):
        pieces: list[str] = []
        done = 0
        for word, form in zip(words, forms, strict=True):
            pieces += (folded[done : word.start()], form)
            done = word.end()
        changed = sum(word.group() != form for word, form in zip(words, forms, strict=True))
        found.append((changed, "".join(pieces) + folded[done:]))
    return tuple(name for _, name in sorted(found, key=lambda entry: entry[0])[1:])


def leading_spellings(folded: str) -> tuple[str, tuple[str, ...]]:
    """Return the first word of a text and its other forms, where it is such a word.

    Parameters
    ----------
    folded
        A text as `fold` or `fold_mapped` gives it.

    Returns
    -------
    tuple
        The word and its other forms; "" and () where the text begins otherwise.
    """
    found = _SPELLED.match(folded)
    return (found.group(), _OTHERS[found.group()]) if found else ("", ())

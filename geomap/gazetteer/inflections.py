"""The base forms that an inflected name in Cyrillic or Greek script may have."""

from __future__ import annotations

import re
from itertools import product

__all__ = ["base_forms"]

# A shorter stem fits too many names.
_FEWEST_LETTERS = 4
# More words than this are no name but a phrase.
_MOST_WORDS = 3
_CYRILLIC = re.compile("[\u0430-\u044f\u0450-\u045f\u0491 -]+")
_GREEK = re.compile("[\u03b1-\u03c9 -]+")
# Case endings -> those of the nominative, in folded letters (и stands for й, і for ї, е for ё):
# Russian and Ukrainian nouns and adjectives, longest endings first.
_SLAVIC: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ого", ("ыи", "ии", "ое", "е")),
    ("ому", ("ыи", "ое", "е")),
    ("ым", ("ыи",)),
    ("им", ("ии",)),
    ("ом", ("", "ыи", "о")),
    ("ем", ("", "ь", "и", "ии")),
    ("єм", ("ь", "и")),
    ("ою", ("а",)),
    ("ею", ("а", "я")),
    ("єю", ("я",)),
    ("ои", ("а", "ая")),
    ("еи", ("а", "я")),
    ("оі", ("а",)),
    ("іи", ("а",)),
    ("ую", ("ая",)),
    ("ах", ("ы", "и", "а")),
    ("ях", ("и",)),
    ("ці", ("ка",)),
    ("зі", ("га",)),
    ("а", ("", "о")),
    ("у", ("", "а", "о")),
    ("е", ("", "а", "ь", "и", "я")),
    ("ы", ("а",)),
    ("и", ("а", "я", "ь")),
    ("і", ("", "а", "ь", "о", "я")),
    ("ю", ("", "ь", "я", "и")),
    ("я", ("ь", "и")),
)
# Ukrainian opens the last syllable of a stem in the nominative: Харкова, but Харків.
_CLOSED = ((re.compile("(?:ов|ев|єв)$"), "ів"), (re.compile("пол(ь?)$"), r"піл\1"))
_HELLENIC: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ου", ("ο", "ος")),
    ("ς", ("",)),
    ("α", ("ας",)),
    ("η", ("ης",)),
    ("ο", ("ος",)),
)


def base_forms(folded: str) -> tuple[str, ...]:
    """Return the names of which a folded string may be an inflected form.

    Parameters
    ----------
    folded
        A name of one to three words as `fold` gives it.

    Returns
    -------
    tuple of str
        Folded names that may or may not exist, without the string itself; empty for other scripts
        than Cyrillic and Greek, for short words and for longer phrases.
    """
    slavic = _CYRILLIC.fullmatch(folded) is not None
    if not slavic and _GREEK.fullmatch(folded) is None:
        return ()
    words = folded.split(" ")
    if len(words) > _MOST_WORDS:
        return ()
    forms = product(*((word, *_bases(word, _SLAVIC if slavic else _HELLENIC)) for word in words))
    found = (" ".join(form) for form in forms)
    return tuple(name for name in dict.fromkeys(found) if name != folded)


def _bases(word: str, endings: tuple[tuple[str, tuple[str, ...]], ...]) -> list[str]:
    """Replace the ending of a word by each that its nominative may have."""
    found: list[str] = []
    for ending, others in endings:
        stem = word.removesuffix(ending)
        if stem == word:
            continue
        for other in others:
            base = stem + other
            found.append(base)
            found += [closed.sub(by, base) for closed, by in _CLOSED if closed.search(base)]
    return [base for base in found if len(base) >= _FEWEST_LETTERS]

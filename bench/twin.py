"""The matcher's twin: every name by Aho-Corasick, then boundaries, then the same choice.

It finds what `geomap.mentions.matcher` finds, by another way: a test compares the two, and
`bench/gazetteer.py` their time and memory. Needs the package ahocorasick_rs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geomap.folding import fold_mapped
from geomap.gazetteer.index import ensure_index
from geomap.mentions.vocabulary import PARTICLES

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Twin", "gazetteer_names"]

# As in the matcher: no longer name is looked for.
LONGEST = 60
# The leading words that one name spells in several ways, as `geomap.folding` has them.
SPELLINGS = (
    ("saint", "st.", "st"),
    ("sainte", "ste.", "ste"),
    ("mount", "mt.", "mt"),
    ("fort", "ft.", "ft"),
)
WORD_GOES_ON = re.compile(r"\w|['’ʼ`](?!s\b)\w")


def gazetteer_names() -> list[str]:
    """Return the folded names of the embedded gazetteer."""
    return list(ensure_index().trie.keys())


class Twin:
    """An automaton over all names."""

    def __init__(self, names: Iterable[str]) -> None:
        from ahocorasick_rs import AhoCorasick

        patterns = {name for name in names if len(name) <= LONGEST}
        for forms in SPELLINGS:
            for form in forms:
                rests = {n[len(form) :] for n in patterns if n.startswith(f"{form} ")}
                patterns |= {other + rest for other in forms for rest in rests if rest.strip()}
        self._patterns = sorted(patterns)
        self._automaton = AhoCorasick(self._patterns)

    def raw(self, text: str) -> list[tuple[int, int, int]]:
        """Return (pattern, start, end) of every name in a folded text, inside words too."""
        found: list[tuple[int, int, int]] = self._automaton.find_matches_as_indexes(
            text, overlapping=True
        )
        return found

    def matches(self, text: str) -> list[tuple[int, int, str]]:
        """Return (start, end, folded name) of what a text names, in order of start, then length."""
        folded = fold_mapped(text)
        begins: dict[int, list[int]] = {}
        for start in starts(text):
            begins.setdefault(folded.at(start), []).append(start)
        found = []
        for pattern, first, last in self.raw(folded.text):
            for start in begins.get(first, ()):
                end = folded.end(last)
                if self._whole(text, folded.text, start, (last, end, last in folded.starts)):
                    found.append((start, end, self._patterns[pattern]))
        return sorted(found, key=lambda match: (match[0], len(match[2])))

    def _whole(self, text: str, line: str, start: int, stop: tuple[int, int, bool]) -> bool:
        last, end, seam = stop
        if last < len(line) and line[last].isalnum() and not seam:
            return False
        if WORD_GOES_ON.match(text, end):
            return False
        raw = text[start:end]
        if len(raw) < 3 and raw.isascii() and not (len(raw) == 2 and raw.isupper()):  # noqa: PLR2004
            return False
        # "U.S" is no name inside "U.S.A".
        inside = raw[-2:-1] == "." and raw[-1:].isalpha()
        return not (text[end : end + 1] == "." and raw[-1:] != "." and inside)


def starts(text: str) -> list[int]:
    """Return where a name may begin: at a capital or caseless letter, or the particle before it."""
    found = []
    for i, char in enumerate(text):
        caseless = char > "\x7f" and char.isalpha() and not char.islower() and char >= "\u00aa"
        if not ("A" <= char <= "Z" or caseless) or (i and text[i - 1].isalnum()):
            continue
        if i and text[i - 1] == "-":
            for particle in PARTICLES:
                begin = i - len(particle)
                alone = begin < 1 or not text[begin - 1].isalnum()
                if begin >= 0 and text.startswith(particle, begin) and alone:
                    found.append(begin)
        found.append(i)
    return found

"""The numbers that the trees of recognition look at, first by a stretch alone.

What is yes or no stands in `features`; here are amounts: how rare the words are, how prominent the
places, how far the stretch reaches into its run of capitals. All names of an article are weighed
against one another in `company`.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from geomap.gazetteer import from_own_table
from geomap.mentions.vocabulary import (
    FACILITY_WORDS,
    ORGANISATION_WORDS,
    PERSON_VERBS,
    PLACE_PREPOSITIONS,
    PLACE_SUFFIXES,
    REPORTING_VERBS,
    TITLES,
)
from geomap.mentions.words import UNSEEN, known

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from geomap.mentions.candidates import Scene, Stretch
    from geomap.mentions.features import Evidence
    from geomap.mentions.tokens import Token

__all__ = ["COLUMNS", "Measures"]

# Prepositions that stand before places much oftener than before anything else, and "of".
_STRONG = frozenset({"in", "at", "near", "from", "outside", "across", "to", "around", "into"}) | {
    "through",
    "of",
}
_WORD_LISTS = (
    ("preposition", PLACE_PREPOSITIONS),
    ("strong preposition", _STRONG),
    ("title", TITLES),
    ("organisation", ORGANISATION_WORDS),
    ("facility", FACILITY_WORDS),
    ("suffix", PLACE_SUFFIXES),
    ("reporting verb", REPORTING_VERBS),
    ("person verb", PERSON_VERBS),
)
_CELLS = ("capital", "lower", "upper", "given", "surname", "towns", "givens", "surnames", "lowers")
# Of a neighbour: how it is cased, and what its class is.
_NEIGHBOUR_CELLS = (0, 1, 5, 6, 7)
_BEFORE = ("the", ",", "a", "an", "and", "(", "-", "–", "—", "--")
_AFTER = (",", "'s", "’s", "(", "and", ".", "!", "?", "-", "–", "—", "--")
_BREAKS = frozenset({".", "!", "?", "“", '"', ":"})
# Stand for what there is none of: below everything that occurs.
_NO_WORD = (-30.0,) * len(_CELLS)
_NONE = -1.0
_KINDS = {"canonical": 0.0, "alternate": 1.0, "abbreviation": 2.0, "demonym": 3.0}
_CLASSES = {letter: float(number) for number, letter in enumerate("APHLSTVRU")}
_OTHER_KIND, _OTHER_CLASS = 4.0, 9.0
# A name of at least this prominence votes for its country.
_VOTES = 5.0
# How what follows after a comma fits: "Bannu, Pakistan".
_CHAIN = {"its region": 3.0, "its place": 2.0, "region": 1.0, "place": 0.5, "nothing": 0.0}
# A word that follows a capital that is a usual given name is a person's.
_PERSON = -4.0

_GAZETTEER = (
    "kind",
    "rank",
    "namesakes",
    "rank canonical",
    "rank other kind",
    "rank in named province",
    "rank in named country",
    "rank as unit",
    "rank as town",
    "population",
    "country share",
    "class",
    "is country",
    "is province",
    "own table",
    "demonym too",
)
COLUMNS: tuple[str, ...] = (
    *(f"first {cell}" for cell in _CELLS),
    *(f"last {cell}" for cell in _CELLS),
    "towns at most",
    "capital at least",
    "first case",
    "last case",
    "tokens",
    "letters",
    "capitals",
    "marks",
    "digit",
    "upper",
    "dot",
    "headline case",
    *_GAZETTEER,
    *(f"before {name}" for name in ("capital", *(n for n, _ in _WORD_LISTS), "word")),
    *(f"after {name}" for name in ("capital", *(n for n, _ in _WORD_LISTS), "word")),
    "line start",
    "line end",
    *(
        f"{side} {_CELLS[cell]}"
        for side in ("before", "after", "before2", "after2")
        for cell in _NEIGHBOUR_CELLS
    ),
    *(f"before is {word}" for word in _BEFORE),
    *(f"after is {word}" for word in _AFTER),
    "before2 capital",
    "after2 capital",
    "before2 preposition",
    "after a break",
    "region behind",
    "rank of place before",
    "run left",
    "run right",
    "run length",
    "run given name",
    "run title",
    "run organisation",
    "run facility",
    "run suffix",
    "offset",
    "share of text",
    "text length",
    "string count",
    "string prepositions",
    "string persons",
    "string reports",
    "string in runs",
    "string possessive",
    "string preposition count",
    "string in lower case",
    "longer names around",
    "rank of longer name",
    "tokens of longer name",
    "shorter names inside",
    "rank of shorter name",
    "surname of a person",
    "demonym",
)


class Measures:
    """Numbers of the stretches of one article; without look-ups of its own.

    Parameters
    ----------
    scene
        The text and its tokens.
    stretches
        Its stretches.
    evidence
        Their yes/no features.
    demonyms
        Those of them that are names of peoples.
    """

    def __init__(
        self,
        scene: Scene,
        stretches: Sequence[Stretch],
        evidence: Evidence,
        demonyms: Collection[Stretch],
    ) -> None:
        self._scene = scene
        self._stretches = stretches
        self._evidence = evidence
        self._demonyms = demonyms
        self._names: dict[str, tuple[float, ...]] = {}

    def of(self, stretch: Stretch) -> list[float]:
        """Return the numbers of a stretch, in the order of `COLUMNS`."""
        tokens = self._scene.tokens
        inside = tokens[stretch.first : stretch.last]
        start, end = stretch.start, stretch.end
        before = self._neighbours(stretch.first - 1, -1, start)
        after = self._neighbours(stretch.last, 1, end)
        return [
            *self._words(inside),
            *self._shape(stretch, inside),
            *(self._named(stretch.name) if stretch.name is not None else _NOT_NAMED),
            *_kinds(before[0]),
            *_kinds(after[0]),
            float(before[0] is None),
            float(after[0] is None),
            *(
                cell
                for token in (before[0], after[0], before[1], after[1])
                for cell in _neighbour_cells(token)
            ),
            *(float(before[0] is not None and before[0].lower == word) for word in _BEFORE),
            *(float(after[0] is not None and after[0].lower == word) for word in _AFTER),
            float(before[1] is not None and before[1].capital),
            float(after[1] is not None and after[1].capital),
            float(before[1] is not None and before[1].lower in PLACE_PREPOSITIONS),
            float(before[0] is not None and before[0].lower in _BREAKS),
            self._chain(stretch, after),
            self._place_before(before),
            *self._run(stretch),
            float(start),
            start / max(1, len(self._scene.text)),
            float(len(self._scene.text)),
            *self._string(self._lowered(stretch)),
            *self._nesting(stretch),
            float(self._lowered(stretch) in self._evidence.surnames),
            float(stretch in self._demonyms),
        ]

    def _lowered(self, stretch: Stretch) -> str:
        return self._scene.text[stretch.start : stretch.end].lower()

    def _neighbours(self, at: int, step: int, edge: int) -> tuple[Token | None, Token | None]:
        """Return the two tokens beside a stretch, none behind the end of its line."""
        tokens, text = self._scene.tokens, self._scene.text
        near = tokens[at] if 0 <= at < len(tokens) else None
        if near is None:
            return None, None
        gap = text[near.end : edge] if step < 0 else text[edge : near.start]
        if "\n" in gap:
            return None, None
        return near, tokens[at + step] if 0 <= at + step < len(tokens) else None

    def _words(self, inside: Sequence[Token]) -> list[float]:
        first = known(inside[0].lower).numbers
        several = len(inside) > 1
        last = known(inside[-1].lower).numbers if several else _NO_WORD
        cells = [known(token.lower).numbers for token in inside if token.word] or [_NO_WORD]
        return [
            *first,
            *last,
            max(cell[5] for cell in cells),
            min(cell[0] for cell in cells),
            first[0] - first[1],
            last[0] - last[1] if several else _NO_WORD[0],
        ]

    def _shape(self, stretch: Stretch, inside: Sequence[Token]) -> list[float]:
        raw = self._scene.text[stretch.start : stretch.end]
        return [
            float(len(inside)),
            float(len(raw)),
            float(sum(token.capital for token in inside)),
            float(sum(not token.word for token in inside)),
            float(any(letter.isdigit() for letter in raw)),
            float(raw.isupper()),
            float(raw.endswith(".")),
            float(self._evidence.headline_case),
        ]

    def _named(self, name: str) -> tuple[float, ...]:
        """Return what the gazetteer says of a name; once for all of its stretches."""
        if name not in self._names:
            self._names[name] = self._look_at(name)
        return self._names[name]

    def _look_at(self, name: str) -> tuple[float, ...]:
        best, rank, count = self._evidence.best[name]
        places = self._evidence.named[name]
        ranks = [n.rank for n in places]
        regions = self._evidence.certain_regions
        rows = list(zip(places, ranks, strict=True))
        votes = max((self._votes[n.place.country] for n in places), default=0)
        return (
            _KINDS.get(best.kind, _OTHER_KIND),
            rank,
            math.log2(count + 1),
            max((r for n, r in rows if n.kind == "canonical"), default=_NONE),
            max((r for n, r in rows if n.kind != "canonical"), default=_NONE),
            max(
                (
                    r
                    for n, r in rows
                    if n.feature_class != "A" and (n.place.country, n.place.admin1) in regions
                ),
                default=_NONE,
            ),
            max((r for n, r in rows if (n.place.country, None) in regions), default=_NONE),
            max((r for n, r in rows if n.feature_class == "A"), default=_NONE),
            max((r for n, r in rows if n.feature_class == "P"), default=_NONE),
            math.log10(max(n.place.population for n in places) + 1),
            votes / max(1, self._votes.total()),
            _CLASSES.get(best.feature_class, _OTHER_CLASS),
            float(best.place.feature.startswith("PCL")),
            float(best.place.feature == "ADM1"),
            float(from_own_table(best.place.id)),
            float(any(n.kind == "demonym" for n in places)),
        )

    @cached_property
    def _votes(self) -> Counter[str | None]:
        """Country -> how many stretches name a prominent place in it."""
        votes: Counter[str | None] = Counter()
        for stretch in self._stretches:
            if stretch.name is not None:
                best, rank, _ = self._evidence.best[stretch.name]
                votes[best.place.country] += rank > _VOTES
        return votes

    def _chain(self, stretch: Stretch, after: tuple[Token | None, Token | None]) -> float:
        if after[0] is None or after[1] is None or after[0].lower not in {",", "("}:
            return _NONE
        return _CHAIN[self._evidence.region_after(stretch)]

    def _place_before(self, before: tuple[Token | None, Token | None]) -> float:
        """Return the rank of the place that stands before a comma: "Kabul, Logar and"."""
        if before[0] is None or before[1] is None or before[0].lower not in {",", "("}:
            return _NONE
        ranks = [self._evidence.best[name][1] for name in self._ending.get(before[1].end, ())]
        return max(ranks, default=0.0)

    @cached_property
    def _ending(self) -> dict[int, list[str]]:
        """Offset -> names of the gazetteer that end there."""
        ending: dict[int, list[str]] = {}
        for stretch in self._stretches:
            if stretch.name is not None:
                ending.setdefault(stretch.end, []).append(stretch.name)
        return ending

    def _run(self, stretch: Stretch) -> tuple[float, ...]:
        run = self._scene.run_of.get(stretch.first)
        if run is None:
            return (_NONE,) * 8
        first, last = self._scene.tokens[run[0]], self._scene.tokens[run[1] - 1]
        return (
            float(stretch.first - run[0]),
            float(run[1] - stretch.last),
            float(run[1] - run[0]),
            known(first.lower).numbers[3],
            float(first.lower in TITLES),
            float(last.lower in ORGANISATION_WORDS),
            float(last.lower in FACILITY_WORDS),
            float(last.lower in PLACE_SUFFIXES),
        )

    def _string(self, string: str) -> tuple[float, ...]:
        """Return what stands beside a string over the whole article."""
        if string not in self._strings:
            self._strings[string] = self._look_around(string)
        return self._strings[string]

    @cached_property
    def _strings(self) -> dict[str, tuple[float, ...]]:
        return {}

    @cached_property
    def _by_string(self) -> dict[str, list[Stretch]]:
        strings: dict[str, list[Stretch]] = {}
        for stretch in self._stretches:
            strings.setdefault(self._lowered(stretch), []).append(stretch)
        return strings

    @cached_property
    def _in_lower_case(self) -> Counter[str]:
        return Counter(t.lower for t in self._scene.tokens if t.word and not t.capital)

    def _look_around(self, string: str) -> tuple[float, ...]:
        tokens, same = self._scene.tokens, self._by_string[string]
        prepositions = persons = reports = runs = possessives = 0
        for stretch in same:
            if stretch.first:
                before = tokens[stretch.first - 1]
                prepositions += before.lower in _STRONG
                person = before.capital and known(before.lower).numbers[3] > _PERSON
                persons += before.lower in TITLES or person
                runs += before.capital
            if stretch.last < len(tokens):
                after = tokens[stretch.last]
                reports += after.lower in REPORTING_VERBS
                possessives += after.lower in {"'s", "’s"}
                runs += after.capital
        count = len(same)
        return (
            float(count),
            prepositions / count,
            persons / count,
            reports / count,
            runs / count,
            possessives / count,
            float(prepositions),
            float(self._in_lower_case[string]),
        )

    def _nesting(self, stretch: Stretch) -> tuple[float, ...]:
        longer = [
            other
            for other in self._evidence.covering.get(stretch.first, ())
            if other is not stretch and other.start <= stretch.start and other.end >= stretch.end
        ]
        shorter = [
            other
            for token in range(stretch.first, stretch.last)
            for other in self._from_token.get(token, ())
            if other is not stretch and other.end <= stretch.end
        ]
        best = self._evidence.best
        return (
            float(len(longer)),
            max((best[s.name][1] for s in longer if s.name is not None), default=_NONE),
            float(max((s.last - s.first for s in longer), default=0)),
            float(len(shorter)),
            max((best[s.name][1] for s in shorter if s.name is not None), default=_NONE),
        )

    @cached_property
    def _from_token(self) -> dict[int, list[Stretch]]:
        """Token -> the stretches with a name of the gazetteer that begin there."""
        found: dict[int, list[Stretch]] = {}
        for stretch in self._stretches:
            if stretch.name is not None:
                found.setdefault(stretch.first, []).append(stretch)
        return found


_NOT_NAMED = (_NONE,) * len(_GAZETTEER)


def _kinds(token: Token | None) -> tuple[float, ...]:
    """Say of a neighbour how it is cased and which lists it is in."""
    if token is None:
        return (0.0,) * (len(_WORD_LISTS) + 2)
    lists = (float(token.lower in words) for _, words in _WORD_LISTS)
    return float(token.capital), *lists, float(token.word)


def _neighbour_cells(token: Token | None) -> tuple[float, ...]:
    numbers = (known(token.lower) if token and token.word else UNSEEN).numbers
    return tuple(numbers[cell] for cell in _NEIGHBOUR_CELLS)

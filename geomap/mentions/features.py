"""What speaks for and against a stretch being a place name, as named yes/no features.

Nothing here depends on which place or which string it is: a feature is about casing, neighbours,
the gazetteer's evidence, and the other places where the article has the same string.

Each function of `_FAMILIES` names the features that follow from a few facts: its parameters.
`_facts` gives these, a list with one entry a stretch under the name of each. A new feature goes
into the function that has its facts, a new fact into the list of its kind. Stretches with the same
facts have the same features: what they add up to is worked out once.
"""

from __future__ import annotations

from dataclasses import dataclass
from inspect import signature
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from geomap.mentions.relative import relation_before
from geomap.mentions.vocabulary import (
    FACILITY_WORDS,
    INNER_WORDS,
    ORGANISATION_WORDS,
    PLACE_PREPOSITIONS,
    PLACE_SUFFIXES,
    REPORTING_VERBS,
    TITLES,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from geomap.mentions.entries import Label
    from geomap.mentions.evidence import Evidence

__all__ = ["FeatureRows", "LinearModel"]

# Where a headline or a lead would end, in characters.
_LEAD = 300
_SENTENCE_ENDS = {".", "!", "?", "“", '"', "‘", ":", "”", "…"}
_DASHES = {"-", "–", "—", "_", "--"}
# A name of fewer letters is rarely anything but an abbreviation.
_SHORT = 3
# Words that all distances and bearings end with: "20 km north of the", "outside".
_BEFORE_ANCHORS = frozenset({"of", "from", "outside", "off", "the"})
# Beyond so many different facts a family begins anew.
_MOST = 20_000
# What stands beside a string -> the sum of it in the evidence.
_STRING_HABITS = {
    "prep": "preposition",
    "title": "title",
    "said": "reporting verb",
    "person": "given name",
    "possessive": "possessive",
}


def _word_classes() -> dict[str, str]:
    classes: dict[str, str] = {}
    for name, words in (
        ("inner", INNER_WORDS),
        ("preposition", PLACE_PREPOSITIONS),
        ("said", REPORTING_VERBS),
        ("organisation", ORGANISATION_WORDS),
        ("facility", FACILITY_WORDS),
        ("suffix", PLACE_SUFFIXES),
        ("title", TITLES),
        ("dash", frozenset(_DASHES)),
    ):
        classes.update(dict.fromkeys(words, name))
    return classes


_WORD_CLASS = _word_classes()


def _word_class(word: str | None) -> str:
    word = word or ""
    return _WORD_CLASS.get(word) or ("other" if word[:1].isalpha() else word)


class FeatureRows:
    """The features of the stretches of one article, by the facts that they follow from.

    Parameters
    ----------
    evidence
        What is known of the stretches.
    """

    def __init__(self, evidence: Evidence) -> None:
        # For each family the facts of every stretch.
        self.keys: list[list[tuple[Any, ...]]] = [[] for _ in _FAMILIES]
        if evidence.stretches:
            given = _facts(evidence)
            self.keys = [
                list(zip(*map(given.__getitem__, family.facts), strict=True))
                for family in _FAMILIES
            ]

    def names(self) -> list[list[str]]:
        """Return the names of the features that hold for each stretch, its bias included."""
        named = (map(of.names, keys) for of, keys in zip(_FAMILIES, self.keys, strict=True))
        return [["bias", *chain.from_iterable(row)] for row in zip(*named, strict=True)]


class LinearModel:
    """A regression over the yes/no features.

    Parameters
    ----------
    weights
        What each feature adds to the log odds.
    """

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.weights = weights
        self._sums = [_Sums(family, weights) for family in _FAMILIES]

    def odds(self, rows: FeatureRows) -> NDArray[np.float64]:
        """Return the log odds that the features of each stretch add up to."""
        bias = self.weights.get("bias", 0.0)
        parts = (map(of.__getitem__, keys) for of, keys in zip(self._sums, rows.keys, strict=True))
        return np.array([bias + sum(row) for row in zip(*parts, strict=True)])


@dataclass(frozen=True, slots=True)
class _Family:
    """Features that follow from some facts."""

    of: Callable[..., list[str]]
    facts: tuple[str, ...]

    def names(self, key: tuple[Any, ...]) -> list[str]:
        """Return the features that follow from the facts of a stretch."""
        return self.of(**dict(zip(self.facts, key, strict=True)))


class _Sums(dict[tuple[Any, ...], float]):
    """Facts of a stretch -> what the features that follow from them add up to."""

    def __init__(self, family: _Family, weights: Mapping[str, float]) -> None:
        self._family, self._weights = family, weights

    def __missing__(self, key: tuple[Any, ...]) -> float:
        if len(self) > _MOST:
            self.clear()
        found = sum(self._weights.get(name, 0.0) for name in self._family.names(key))
        self[key] = found
        return found


def _gazetteer(
    *, label: Label | None, habit: str, words: int, in_province: bool, in_country: bool
) -> list[str]:
    if label is None:
        return ["gaz=none"]
    found = [
        f"kind={label.kind}",
        f"class={label.letter}",
        f"feature={label.feature}",
        f"rank={label.rank}",
        f"namesakes={label.namesakes}",
        f"{label.kind} lower={habit}",
        f"{label.letter} rank={label.rank}",
        f"{label.kind} words={min(3, words)}",
        *(f"has={kind}" for kind in label.kinds),
    ]
    if in_province:
        found.append("in named province")
    if in_country:
        found.append("in named country")
    return found


def _shape(
    *, words: int, gaz: str, last_class: str, capitals: str | None, odd_mark: bool, dot: bool
) -> list[str]:
    found = [f"words={words}{gaz}", f"ends {last_class}{gaz}"]
    if capitals is not None:
        found.append(capitals)
    if odd_mark:
        found.append("odd mark")
    if dot:
        found.append("dot")
    return found


def _words(
    *, words: int, habit: str, given: bool, last_habit: str, title: bool, organisations: int
) -> list[str]:
    """Say what plain text knows of the first and the last word."""
    prefix = "one" if words == 1 else "first"
    found = [f"{prefix} lower={habit}"]
    if given:
        found.append(f"{prefix} given name")
    if words > 1:
        found.append(f"last lower={last_habit}")
        if title:
            found.append("begins with title")
        if given and words == 2:  # noqa: PLR2004 - a given name and a surname
            found.append("given name and surname")
    return found + ["organisation word inside"] * organisations


def _before(
    *, before: str | None, before_capital: bool, gaz: str, kind_of_name: str, rare: bool
) -> list[str]:
    if before is None:
        return [f"line start {gaz}"]
    kind = _word_class(before)
    found = [f"before={'Cap' if before_capital else before}", f"before {kind}{gaz}"]
    if before in PLACE_PREPOSITIONS or before in {",", "of"}:
        name = f"{kind_of_name} {'rare' if rare else 'known'}"
        found += [f"before={before} {name}", f"before {kind} {name}"]
    if before in _SENTENCE_ENDS:
        found.append("sentence start")
    return found


def _before_that(
    *, before2: str | None, before2_capital: bool, mark_before: str | None
) -> list[str]:
    if before2 is None:
        return []
    found = [f"before2={'Cap' if before2_capital else before2}"]
    if mark_before is not None:
        found.append(f"before2 {_word_class(before2)} {mark_before}")
    return found


def _after(*, after: str | None, after_capital: bool, gaz: str) -> list[str]:
    if after is None:
        return [f"line end {gaz}"]
    return [f"after={'Cap' if after_capital else after}", f"after {_word_class(after)}{gaz}"]


def _after_that(
    *, after2: str | None, after2_capital: bool, region_behind: str | None
) -> list[str]:
    if after2 is None:
        return []
    found = [f"after2={'Cap' if after2_capital else after2}"]
    if region_behind is not None:
        found.append(f"after {region_behind}")
    return found


def _run(
    *,
    run: str | None,
    run_left: str | None,
    run_given: bool,
    run_right: str | None,
    run_next: str | None,
    gaz: str,
) -> list[str]:
    """Say what the run of capitals around it begins and ends with."""
    if run is None:
        return []
    found = [f"run {run}{gaz}"]
    if run_left is not None:
        found.append(f"run left {run_left}")
        if run_given:
            found.append("run begins with given name")
    if run_right is not None:
        found += [f"run right {run_right}{gaz}", f"run right first {run_next}{gaz}"]
    return found


def _string(*, string_count: int, string_habits: tuple[str, ...]) -> list[str]:
    """Say what stands beside the string over the whole article."""
    found = [f"count={min(4, string_count.bit_length())}"]
    return found + [f"article {habit}" for habit in string_habits]


def _article(
    *,
    mixed_capitals: bool,
    relation: bool,
    lead: bool,
    longer: str | None,
    holds_shorter: bool,
    surname: bool,
    gaz: str,
) -> list[str]:
    held = {
        "caps in mixed text": mixed_capitals,
        "relation before": relation,
        "lead": lead,
        f"inside longer {longer}": longer is not None,
        "holds shorter" + (" g" if gaz else ""): holds_shorter,
        "surname of a person named": surname,
    }
    return [name for name, holds in held.items() if holds]


_FAMILIES = tuple(
    _Family(of, tuple(signature(of).parameters))
    for of in (
        _gazetteer,
        _shape,
        _words,
        _before,
        _before_that,
        _after,
        _after_that,
        _run,
        _string,
        _article,
    )
)


def _facts(evidence: Evidence) -> dict[str, Sequence[Any]]:
    """Return what the features follow from: under each name a list with one entry a stretch."""
    return {
        **_name_facts(evidence),
        **_neighbour_facts(evidence),
        **_run_facts(evidence),
        **_article_facts(evidence),
    }


def _name_facts(e: Evidence) -> dict[str, Sequence[Any]]:
    """Tell of the words of each stretch and how the gazetteer knows them."""
    first, last = e.first.tolist(), (e.last - 1).tolist()
    entries, habits = e.entry_of, e.habits_of(first)
    certain = e.certain_regions
    provinces = {n for n, entry in e.entries.items() if certain & entry.provinces.keys()}
    countries = {n for n, entry in e.entries.items() if certain & entry.homes}
    odd = ~e.word & ~e.is_a("hyphen")
    return {
        "gaz": ["g" if entry else "" for entry in entries],
        "label": [entry.label if entry else None for entry in entries],
        "kind_of_name": [entry.label.kind if entry else "none" for entry in entries],
        "in_province": [s.name in provinces for s in e.stretches],
        "in_country": [s.name in countries for s in e.stretches],
        "words": np.minimum(e.last - e.first, 4).tolist(),
        "habit": habits,
        "rare": [habit == "-" for habit in habits],
        "given": [e.given[i] for i in first],
        "last_habit": e.habits_of(last),
        "last_class": [_word_class(e.lower[i]) for i in last],
        "title": e.is_a("title")[e.first].tolist(),
        "organisations": e.count_inside(e.is_a("organisation")).tolist(),
        "odd_mark": (e.count_inside(odd) > 0).tolist(),
        "dot": [raw.endswith(".") for raw in e.raw],
        "capitals": [
            (("caps short" if len(raw) <= _SHORT else "caps") if upper else None)
            for raw, upper in zip(e.raw, e.upper, strict=True)
        ],
    }


def _neighbour_facts(e: Evidence) -> dict[str, Sequence[Any]]:
    lower, text = e.lower, e.scene.text
    before, after = e.before.tolist(), e.after.tolist()
    before2, after2 = e.before2.tolist(), e.after2.tolist()
    touching = e.touching[0].tolist()
    opening = (e.is_a("opens a region")[e.after] & (e.after2 < len(e.scene.tokens))).tolist()
    return {
        "before": [lower[i] for i in before],
        "before_capital": e.capital[e.before].tolist(),
        "before2": [lower[i] for i in before2],
        "before2_capital": e.capital[e.before2].tolist(),
        "mark_before": [
            None if word else lower[i]
            for i, word in zip(before, e.word[e.before].tolist(), strict=True)
        ],
        "after": [lower[i] for i in after],
        "after_capital": e.capital[e.after].tolist(),
        "after2": [lower[i] for i in after2],
        "after2_capital": e.capital[e.after2].tolist(),
        "region_behind": [
            f"{lower[i]} {e.region_behind(s)}" if opens else None
            for i, s, opens in zip(after, e.stretches, opening, strict=True)
        ],
        "relation": [
            lower[i] in _BEFORE_ANCHORS
            and (lower[i] != "the" or lower[i - 1] in _BEFORE_ANCHORS)
            and relation_before(text, s.start, "") is not None
            for i, s in zip(touching, e.stretches, strict=True)
        ],
    }


def _run_facts(e: Evidence) -> dict[str, Sequence[Any]]:
    """Tell how far each stretch reaches into its run of capitals, and what that begins with."""
    rows: list[tuple[Any, ...]] = []
    for s in e.stretches:
        run = e.scene.run_of.get(s.first)
        if run is None:
            rows.append((None, None, False, None, None))
            continue
        left, right = s.first > run[0], run[1] > s.last
        rows.append(
            (
                "part" if left or right else "whole",
                _word_class(e.lower[run[0]]) if left else None,
                left and e.given[run[0]],
                _word_class(e.lower[run[1] - 1]) if right else None,
                _word_class(e.lower[s.last]) if right else None,
            )
        )
    names = ("run", "run_left", "run_given", "run_right", "run_next")
    return dict(zip(names, zip(*rows, strict=True), strict=True))


def _article_facts(e: Evidence) -> dict[str, Sequence[Any]]:
    strings, string_of = e.of_strings
    sums = [e.string_sums[name].tolist() for name in _STRING_HABITS.values()]
    counts = e.string_sums["count"].tolist()
    habits = [
        tuple(
            f"{name}={'most' if 2 * seen > count else 'some'}"
            for name, seen in zip(_STRING_HABITS, row, strict=True)
            if seen
        )
        for count, *row in zip(counts, *sums, strict=True)
    ]
    of = string_of.tolist()
    surnames = [string in e.surnames for string in strings]
    longer, shorter = _nesting_facts(e)
    return {
        "string_count": [int(counts[i]) for i in of],
        "string_habits": [habits[i] for i in of],
        "surname": [surnames[i] for i in of],
        "lead": [s.start < _LEAD for s in e.stretches],
        "longer": longer,
        "holds_shorter": shorter,
        "mixed_capitals": [upper and not e.headline_case for upper in e.upper],
    }


def _nesting_facts(e: Evidence) -> tuple[list[str | None], list[bool]]:
    """Tell for each stretch what longer name is around it, and whether a shorter one is inside."""
    outer, inner = e.overlaps.outer, e.overlaps.inner
    none = len(e.stretches)
    around = np.full(none, none)
    names = e.named[outer]
    np.minimum.at(around, inner[names], outer[names])
    holds = np.zeros(none, dtype=bool)
    holds[outer[e.named[inner]]] = True
    longer = [
        f"{entry.label.letter} {min(7, entry.label.rank)}" if entry else None
        for entry in (e.entry_of[k] if k < none else None for k in around.tolist())
    ]
    return longer, holds.tolist()

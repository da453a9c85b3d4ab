"""What speaks for and against a stretch being a place name, as named yes/no features.

Nothing here depends on which place or which string it is: a feature is about casing, neighbours,
the gazetteer's evidence, and the other places where the article has the same string.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

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
from geomap.mentions.words import known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.gazetteer import Gazetteer, Named
    from geomap.mentions.candidates import Scene, Stretch
    from geomap.mentions.tokens import Token

__all__ = ["Evidence"]

# Where a headline or a lead would end, in characters.
_LEAD = 300
_SENTENCE_ENDS = {".", "!", "?", "“", '"', "‘", ":", "”", "…"}
_DASHES = {"-", "–", "—", "_", "--"}
_HYPHENS = {"-", "‑"}
# A name of fewer letters is rarely anything but an abbreviation.
_SHORT = 3
# News names countries and provinces of more than this prominence for certain by their own name.
_CERTAIN = 7.0


class Evidence:
    """Features of the stretches of one article."""

    def __init__(self, scene: Scene, stretches: Sequence[Stretch], gazetteer: Gazetteer) -> None:
        self._scene = scene
        self._stretches = stretches
        self._gazetteer = gazetteer
        self.named = {s.name: gazetteer.named(s.name) for s in stretches if s.name is not None}

    def of(self, stretch: Stretch) -> list[str]:
        """Return the names of the features that hold for a stretch, its bias included."""
        found = ["bias"]
        found += self._gazetteer_features(stretch)
        found += self._shape_features(stretch)
        found += self._neighbour_features(stretch)
        found += self._article_features(stretch)
        return found

    @cached_property
    def best(self) -> dict[str, tuple[Named, float, int]]:
        """Name -> its most prominent place, how prominent, and how many places share the name."""
        best: dict[str, tuple[Named, float, int]] = {}
        for name, places in self.named.items():
            ranked = max(
                ((n.rank, n) for n in places),
                key=lambda pair: (pair[0], pair[1].place.id),
            )
            best[name] = ranked[1], ranked[0], len(places)
        return best

    @cached_property
    def certain_regions(self) -> set[tuple[str | None, str | None]]:
        """Countries, and provinces in them, that the article names beyond doubt."""
        regions: set[tuple[str | None, str | None]] = set()
        for stretch in self._stretches:
            if stretch.name is None:
                continue
            best, rank, _ = self.best[stretch.name]
            if best.place.feature.startswith("PCL") and rank > _CERTAIN:
                regions.add((best.place.country, None))
            elif best.place.feature == "ADM1" and best.kind == "canonical":
                regions.add((best.place.country, best.place.admin1))
        return regions

    def _gazetteer_features(self, stretch: Stretch) -> list[str]:
        if stretch.name is None:
            return ["gaz=none"]
        best, rank, count = self.best[stretch.name]
        places = self.named[stretch.name]
        place = best.place
        found = [
            f"kind={best.kind}",
            f"class={best.feature_class}",
            f"feature={place.feature}",
            f"rank={min(9, int(rank))}",
            f"namesakes={min(4, count.bit_length())}",
        ]
        found += [
            f"{best.kind} lower={known(self._scene.tokens[stretch.first].lower).habit}",
            f"{best.feature_class} rank={min(9, int(rank))}",
            f"{best.kind} words={min(3, stretch.last - stretch.first)}",
        ]
        kinds = {n.kind for n in places}
        found += [f"has={kind}" for kind in kinds]
        inside = {(n.place.country, n.place.admin1) for n in places if n.feature_class != "A"}
        if inside & self.certain_regions:
            found.append("in named province")
        if {(country, None) for country, _ in inside} & self.certain_regions:
            found.append("in named country")
        return found

    def _shape_features(self, stretch: Stretch) -> list[str]:
        toks = self._scene.tokens[stretch.first : stretch.last]
        raw = self._scene.text[stretch.start : stretch.end]
        gaz = "" if stretch.name is None else "g"
        found = [
            f"words={min(4, len(toks))}{gaz}",
            f"ends {_word_class(toks[-1].lower)}{gaz}",
        ]
        if raw.isupper():
            found.append("caps short" if len(raw) <= _SHORT else "caps")
            if not self.headline_case:
                found.append("caps in mixed text")
        if any(not t.word and t.lower not in _HYPHENS for t in toks):
            found.append("odd mark")
        if raw.endswith("."):
            found.append("dot")
        return found + self._word_features(toks)

    def _word_features(self, toks: Sequence[Token]) -> list[str]:
        """Say what plain text knows of the first and the last word."""
        first, last = known(toks[0].lower), known(toks[-1].lower)
        prefix = "one" if len(toks) == 1 else "first"
        found = [f"{prefix} lower={first.habit}"]
        if first.given:
            found.append(f"{prefix} given name")
        if len(toks) > 1:
            found.append(f"last lower={last.habit}")
            if toks[0].lower in TITLES:
                found.append("begins with title")
            if first.given and len(toks) == 2:  # noqa: PLR2004 - a given name and a surname
                found.append("given name and surname")
        found += ["organisation word inside" for t in toks if t.lower in ORGANISATION_WORDS]
        return found

    @cached_property
    def headline_case(self) -> bool:
        """Tell whether most of the article's words are capitalised."""
        words = [t for t in self._scene.tokens if t.word]
        return 2 * sum(t.capital for t in words) > len(words)

    def _neighbour_features(self, stretch: Stretch) -> list[str]:
        toks, text = self._scene.tokens, self._scene.text
        before = toks[stretch.first - 1] if stretch.first else None
        before2 = toks[stretch.first - 2] if stretch.first > 1 else None
        after = toks[stretch.last] if stretch.last < len(toks) else None
        after2 = toks[stretch.last + 1] if stretch.last + 1 < len(toks) else None
        gaz = "" if stretch.name is None else "g"
        found = []
        if before is None or "\n" in text[before.end : stretch.start]:
            found.append(f"line start {gaz}")
            before = None
        else:
            found.append(f"before={before.lower if not before.capital else 'Cap'}")
            found.append(f"before {_word_class(before.lower)}{gaz}")
            if before.lower in PLACE_PREPOSITIONS or before.lower in {",", "of"}:
                found.append(f"before={before.lower} {self._kind(stretch)}")
                found.append(f"before {_word_class(before.lower)} {self._kind(stretch)}")
            if before.lower in _SENTENCE_ENDS:
                found.append("sentence start")
            if before2 is not None:
                found.append(f"before2={before2.lower if not before2.capital else 'Cap'}")
                if not before.word:
                    found.append(f"before2 {_word_class(before2.lower)} {before.lower}")
        if after is None or "\n" in text[stretch.end : after.start]:
            found.append(f"line end {gaz}")
        else:
            found.append(f"after={after.lower if not after.capital else 'Cap'}")
            found.append(f"after {_word_class(after.lower)}{gaz}")
            if after2 is not None:
                found.append(f"after2={after2.lower if not after2.capital else 'Cap'}")
                if after.lower in {",", "("}:
                    found.append(f"after {after.lower} {self.region_after(stretch)}")
        if relation_before(text, stretch.start, ""):
            found.append("relation before")
        found += self._run_features(stretch, gaz)
        return found

    def _kind(self, stretch: Stretch) -> str:
        """Say how the gazetteer knows the name, and whether plain text knows the word."""
        kind = "none" if stretch.name is None else self.best[stretch.name][0].kind
        habit = known(self._scene.tokens[stretch.first].lower).habit
        return f"{kind} {'rare' if habit == '-' else 'known'}"

    def _run_features(self, stretch: Stretch, gaz: str) -> list[str]:
        run = self._scene.run_of.get(stretch.first)
        if run is None:
            return []
        toks = self._scene.tokens
        left, right = stretch.first - run[0], run[1] - stretch.last
        found = [f"run {'whole' if left <= 0 and right <= 0 else 'part'}{gaz}"]
        if left > 0:
            found.append(f"run left {_word_class(toks[run[0]].lower)}")
            if known(toks[run[0]].lower).given:
                found.append("run begins with given name")
        if right > 0:
            found.append(f"run right {_word_class(toks[run[1] - 1].lower)}{gaz}")
            found.append(f"run right first {_word_class(toks[stretch.last].lower)}{gaz}")
        return found

    def region_after(self, stretch: Stretch) -> str:
        """Say what kind of place follows a comma: "Bannu, Pakistan"."""
        behind = self._scene.tokens[stretch.last + 1].start
        longest = max(
            (s for s in self._by_start.get(behind, ()) if s.name is not None),
            key=lambda s: s.end,
            default=None,
        )
        if longest is None or longest.name is None:
            return "nothing"
        place = self.best[longest.name][0].place
        mine = self.named.get(stretch.name, ()) if stretch.name is not None else ()
        holds = any(
            n.place.country == place.country
            and (place.feature.startswith("PCL") or n.place.admin1 == place.admin1)
            for n in mine
        )
        kind = "region" if place.feature[:3] in {"ADM", "PCL"} else "place"
        return f"its {kind}" if holds else kind

    @cached_property
    def _by_start(self) -> dict[int, list[Stretch]]:
        starts: dict[int, list[Stretch]] = {}
        for stretch in self._stretches:
            starts.setdefault(stretch.start, []).append(stretch)
        return starts

    def _article_features(self, stretch: Stretch) -> list[str]:
        string = self._string(stretch)
        habits_here = self._string_habits[string]
        count = habits_here["count"]
        found = [f"count={min(4, count.bit_length())}"]
        for name in ("prep", "title", "said", "person", "possessive"):
            share = habits_here[name] / count
            if share:
                found.append(f"article {name}={'most' if 2 * share > 1 else 'some'}")
        if stretch.start < _LEAD:
            found.append("lead")
        longer = [
            s
            for s in self.covering.get(stretch.first, ())
            if s is not stretch
            and s.name is not None
            and s.start <= stretch.start
            and s.end >= stretch.end
        ]
        if longer:
            outer = self.best[longer[0].name or ""]
            found.append(f"inside longer {outer[0].feature_class} {min(7, int(outer[1]))}")
        if stretch.last - stretch.first > 1 and any(
            s.name is not None and s is not stretch and s.end <= stretch.end
            for i in range(stretch.first, stretch.last)
            for s in self._by_start.get(self._scene.tokens[i].start, ())
        ):
            found.append("holds shorter" + ("" if stretch.name is None else " g"))
        if string in self.surnames:
            found.append("surname of a person named")
        return found

    @cached_property
    def covering(self) -> dict[int, list[Stretch]]:
        """Token -> the stretches of several words with a name of the gazetteer over it."""
        covering: dict[int, list[Stretch]] = {}
        for stretch in self._stretches:
            if stretch.name is not None and stretch.last - stretch.first > 1:
                for i in range(stretch.first, stretch.last):
                    covering.setdefault(i, []).append(stretch)
        return covering

    def _string(self, stretch: Stretch) -> str:
        return self._scene.text[stretch.start : stretch.end].lower()

    @cached_property
    def _string_habits(self) -> dict[str, Counter[str]]:
        """Count, for each string, what stands beside it over the whole article."""
        toks = self._scene.tokens
        found: dict[str, Counter[str]] = {}
        for stretch in self._stretches:
            habits_here = found.setdefault(self._string(stretch), Counter())
            before = toks[stretch.first - 1] if stretch.first else None
            after = toks[stretch.last] if stretch.last < len(toks) else None
            habits_here["count"] += 1
            if before is not None:
                habits_here["prep"] += before.lower in PLACE_PREPOSITIONS
                habits_here["title"] += before.lower in TITLES
                habits_here["person"] += before.capital and known(before.lower).given
            if after is not None:
                habits_here["said"] += after.lower in REPORTING_VERBS
                habits_here["possessive"] += after.lower in {"'s", "’s"}
        return found

    @cached_property
    def surnames(self) -> set[str]:
        """Last words of runs that begin with a given name or a title."""
        toks = self._scene.tokens
        found = set()
        for first, last in self._scene.runs:
            given = known(toks[first].lower).given
            if last - first > 1 and (given or toks[first].lower in TITLES):
                found.add(toks[last - 1].lower)
        return found


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


def _word_class(word: str) -> str:
    return _WORD_CLASS.get(word) or ("other" if word[:1].isalpha() else word)

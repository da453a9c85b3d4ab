"""Which of a sentence's names says where an event happened: learned from marked sentences.

Two steps, both in `linking.json`. A logistic regression over named yes/no features (`described`)
weighs words and shapes; boosted trees over a few numbers (`measured`) then weigh that against the
other names of the sentence. `training/linking.py` fits both on the training half of Halterman's
event_location data (2019) and prints the figures; the weights are single words, shapes and
numbers, no text.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING

from geomap.events.names import Name, word_lists
from geomap.events.trees import Forest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geomap.model import Span

__all__ = ["GROUPS", "Linker", "Tokens", "chances", "described", "measured", "sums"]

# Each feature belongs to one group, so that the trees may weigh the groups against each other.
GROUPS = ("path", "shape", "chain", "beside", "verb")

_TOKEN = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*['’]?|[^\w\s]")
_DEMONYM = re.compile(r"(?:ian|ish|ese|ans?|is?|ians|ese|ch|ean|men|qi)$")
_VERBISH = re.compile(r"(?:ed|ing)$")
_DIRECTION = re.compile(
    r"(?:(?:north|south)?-?(?:east|west)|north|south|central|inner|upper|lower)(?:ern)?"
)
_MILES = frozenset({"km", "kilometers", "kilometres", "miles", "kilometer", "kilometre", "mile"})
# Names further apart than this many words are not tied to each other.
_TIE_WORDS = 6
# More names than this in a sentence are just many.
_COUNTED = 6
# Log odds of "no such name", below all that the first step gives.
_NOTHING = -8.0
_LEVELS = {"unknown": 0, "town": 1, "other": 1, "admin": 2, "country": 3}
_GAPS = frozenset({",", "in", "of", "and", "or", "(", ", in", "to", "’s", "'s", "", "near"})
_ENCLOSING = frozenset({",", "in", "of", "(", ", in", "near", ""})


@dataclass(frozen=True, slots=True)
class Linker:
    """The two steps: weights by group and feature, and the trees."""

    bias: float
    weights: Mapping[str, Mapping[str, float]]
    forest: Forest


@cache
def _shipped() -> Linker:
    text = resources.files("geomap").joinpath("events/linking.json").read_text("utf-8")
    held = json.loads(text)
    return Linker(held["bias"], held["weights"], Forest.of(held["trees"]))


def chances(
    text: str, trigger: Span, names: Sequence[Name], *, linker: Linker | None = None
) -> list[float]:
    """Return, for each name of a sentence, the chance that the event happened there.

    Parameters
    ----------
    text
        The sentence.
    trigger
        The event word, in offsets of the sentence.
    names
        Every name of the sentence, in text order; may be empty.
    linker
        The weights; None for the shipped ones.

    Returns
    -------
    list[float]
        Between 0 and 1, one for each name.
    """
    model = _shipped() if linker is None else linker
    tokens = Tokens.of(text)
    groups = [sums(model, described(text, tokens, trigger, names, i)) for i in range(len(names))]
    rows = measured(text, tokens, trigger, names, groups)
    return [1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total)))) for total in model.forest(rows)]


def sums(linker: Linker, features: Mapping[str, Sequence[str]]) -> list[float]:
    """Return the log odds that each group of features gives a name, in the order of `GROUPS`."""
    return [
        sum(linker.weights[group].get(name, 0.0) for name in features[group]) for group in GROUPS
    ]


@dataclass(frozen=True, slots=True)
class Tokens:
    """A sentence cut into words and marks."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str) -> Tokens:
        """Cut a sentence; the words are kept in lower case."""
        found = list(_TOKEN.finditer(text))
        return cls(
            tuple(m.group().lower() for m in found),
            tuple(m.start() for m in found),
            tuple(m.span() for m in found),
        )

    def at(self, offset: int) -> int:
        """Return the index of the token that holds `offset`, or of the next one."""
        index = bisect_left(self.starts, offset + 1) - 1
        if index >= 0 and self.spans[index][1] > offset:
            return index
        return index + 1

    def word(self, index: int) -> str:
        """Return the token in lower case, "^" before the sentence and "$" after it."""
        if index < 0:
            return "^"
        return self.words[index] if index < len(self.words) else "$"

    def covers(self, span: Span) -> tuple[int, int]:
        """Return the indexes of the first token of a stretch and of the one behind its last."""
        return self.at(span.start), self.at(max(span.start, span.end - 1)) + 1


def _bucket(value: int, edges: Sequence[int]) -> str:
    for edge in edges:
        if value <= edge:
            return str(edge)
    return "more"


def _governor(tokens: Tokens, first: int, limit: int) -> str:
    """Return the nearest preposition before a name within seven tokens."""
    for back in range(1, 8):
        index = first - back
        if index < 0 or index == limit:
            return "none"
        word = tokens.word(index)
        if word in word_lists().prepositions:
            return word
        if word in {".", ";", ":", '"', "“", "”"} or (back > 1 and word == ","):
            return "none"
    return "none"


def _is_verb(word: str) -> bool:
    return word in word_lists().auxiliaries or _VERBISH.search(word) is not None


def _own_verb(tokens: Tokens, first: int, verb: int) -> str:
    """Tell whether the nearest verb before a name is the event's."""
    for index in range(first - 1, max(-1, first - 16), -1):
        if index == verb:
            return "event"
        if _is_verb(tokens.word(index)):
            return "speech" if tokens.word(index) in word_lists().speech else "other"
    return "none"


@dataclass(frozen=True, slots=True)
class _Between:
    """What stands between a name and the event word."""

    commas: int
    verbs: int
    preps: int
    clause: frozenset[str]
    quote: bool
    broken: bool

    @classmethod
    def of(cls, words: Sequence[str]) -> _Between:
        lists = word_lists()
        return cls(
            commas=words.count(","),
            verbs=sum(1 for word in words if _is_verb(word)),
            preps=sum(1 for word in words if word in lists.prepositions),
            clause=frozenset(word for word in words if word in lists.clause),
            quote=any(word in {'"', "“", "”", "`"} for word in words),
            broken=any(word in {";", ":", "-", "–", "—", "("} for word in words),
        )

    def features(self) -> list[str]:
        out = [
            f"commas={min(self.commas, 4)}",
            f"verbs={min(self.verbs, 4)}",
            f"preps={min(self.preps, 4)}",
            f"commas:verbs={min(self.commas, 2)}:{min(self.verbs, 2)}",
        ]
        out += [f"clause={word}" for word in self.clause]
        if self.quote:
            out.append("quote")
        if self.broken:
            out.append("break")
        return out


def _shape(text: str, tokens: Tokens, name: Name, first: int, last: int) -> list[str]:
    lists = word_lists()
    words = [tokens.word(index) for index in range(first, last)]
    tail = words[-1] if words else ""
    out = [f"level={name.level}", f"len={_bucket(len(words), (1, 2, 3))}", f"last={tail}"]
    if name.level == "unknown":
        out += [f"suffix={tail[-2:]}", f"suffix={tail[-3:]}", f"start={words[0][:3]}"]
        out += [f"unknown:{before}" for before in (tokens.word(first - 1), tokens.word(first - 2))]
        out.append(f"unknown:next:{tokens.word(last)}")
    if len(words) > 1:
        out.append(f"first={words[0]}")
    if name.span.of(text).isupper():
        out.append("upper")
    if _DEMONYM.search(tail):
        out.append(f"demonym:{name.level}")
    if tokens.word(first - 1).rstrip(".") in lists.titles:
        out.append("titled")
    if first == 0:
        out.append("initial")
    around = (tokens.word(first - 1), tokens.word(first - 2), tokens.word(first - 3))
    if any(word in lists.ground for word in around):
        out += ["ground before", f"ground before:{name.level}"]
    if tokens.word(last) in lists.ground or tail in lists.ground:
        out += ["ground after", f"ground after:{name.level}"]
    if any(word in lists.speech for word in around) or tokens.word(last) in lists.speech:
        out += ["speech", f"speech:{name.level}"]
    if text.count(name.span.of(text)) > 1:
        out.append("again")
    return out


def _gap(text: str, names: Sequence[Name], right: int) -> str:
    """Return what stands between a name and the one before it."""
    return text[names[right - 1].span.end : names[right].span.start].strip().lower()


def _chains(text: str, names: Sequence[Name], index: int) -> list[str]:
    """Tell how a name hangs together with its neighbours: "X, Y", "X in Y", "X and Y"."""
    out = []
    for side, left, right in (("next", index, index + 1), ("prev", index - 1, index)):
        if left < 0 or right >= len(names):
            continue
        gap = _gap(text, names, right)
        levels = f"{names[left].level}>{names[right].level}"
        if gap in _GAPS:
            out += [f"chain:{side}:{gap}", f"chain:{side}:{gap}:{levels}"]
        elif len(gap.split()) <= _TIE_WORDS and "," not in gap:
            words = gap.split()
            tied = words[-1] if words[-1] in word_lists().prepositions else "x"
            out.append(f"tie:{side}:{tied}:{levels}")
            if any(word in word_lists().ground for word in words):
                out.append(f"tie ground:{side}:{levels}")
    return out


def _between_names(trigger: Span, names: Sequence[Name], name: Name) -> int:
    """Return how many names stand between a trigger and a name."""
    low, high = sorted((trigger.start, name.span.start))
    if name.span.start >= trigger.start:
        return sum(1 for other in names if low <= other.span.start < high)
    return sum(1 for other in names if low < other.span.start < high)


def _beside(tokens: Tokens, name: Name, first: int, last: int) -> list[str]:
    before = tokens.word(first - 1)
    out = [
        f"p1={before}",
        f"p2={tokens.word(first - 2)}",
        f"n1={tokens.word(last)}",
        f"n2={tokens.word(last + 1)}",
        f"p1level={before}:{name.level}",
        f"p12={tokens.word(first - 2)} {before}",
        f"n12={tokens.word(last)} {tokens.word(last + 1)}",
    ]
    if _DIRECTION.fullmatch(before):
        out += ["direction", f"direction:{tokens.word(first - 2)}:{name.level}"]
    if any(tokens.word(first - back) in _MILES for back in range(1, 7)):
        out += ["miles", f"miles:{before}"]
    return out


def described(
    text: str, tokens: Tokens, trigger: Span, names: Sequence[Name], index: int
) -> dict[str, list[str]]:
    """Describe one name of a sentence as a place of the event at a trigger.

    Parameters
    ----------
    text
        The sentence.
    tokens
        The sentence cut up.
    trigger
        The event word, in offsets of the sentence.
    names
        Every name of the sentence, in text order.
    index
        Which name to describe.

    Returns
    -------
    dict[str, list[str]]
        Names of yes/no features by group, each at most once.
    """
    name = names[index]
    verb, verb_end = tokens.covers(trigger)
    first, last = tokens.covers(name.span)
    after = name.span.start >= trigger.start
    side = "after" if after else "before"
    low, high = (verb_end, first) if after else (last, verb)
    gap = max(0, high - low)
    rank = min(_between_names(trigger, names, name), 3)
    between = _Between.of(tokens.words[low:high] if low < high else ())
    prep = _governor(tokens, first, verb_end - 1 if after else -1)
    path = [
        side,
        f"rank={rank}",
        f"gap={_bucket(gap, (0, 1, 2, 3, 4, 6, 8, 12, 18, 25, 40))}",
        f"prep={prep}",
        f"p1={tokens.word(first - 1)}",
        f"n1={tokens.word(last)}",
        f"own={_own_verb(tokens, first, verb)}:{prep}",
        f"own={_own_verb(tokens, first, verb)}:{min(gap, 6)}",
        *between.features(),
    ]
    path = [f"{side}:{feature}" for feature in path]
    path += [
        f"prep:level={prep}:{name.level}",
        f"prep:rank={prep}:{side}:{rank}",
        f"count={min(len(names), _COUNTED)}",
        f"count:side={side}:{min(len(names), 4)}:{min(rank, 2)}",
        f"level:side={name.level}:{side}:{min(rank, 2)}",
        f"gap:level={_bucket(gap, (2, 5, 10, 20))}:{side}:{name.level}",
    ]
    if any(a.span.end <= trigger.start < b.span.start for a, b in pairwise(names)):
        path.append(f"verb_between:{side}")
    verbs = _verb(tokens, trigger.of(text).lower(), (verb, verb_end), side, prep)
    if all(other.span.start < trigger.start for other in names):
        verbs.append(f"none after:{side}:{prep}")
    return {
        "path": list(dict.fromkeys(path)),
        "shape": list(dict.fromkeys(_shape(text, tokens, name, first, last))),
        "chain": list(dict.fromkeys(_chains(text, names, index))),
        "beside": _beside(tokens, name, first, last),
        "verb": verbs,
    }


def _verb(
    tokens: Tokens, form: str, at: tuple[int, int], side: str, prep: str
) -> list[str]:
    """Describe the event word and what stands beside it."""
    ending = "ed" if form.endswith("ed") else "ing" if form.endswith("ing") else "other"
    before, after = tokens.word(at[0] - 1), tokens.word(at[1])
    return [
        f"{ending}:{side}:{prep}",
        f"form={form}",
        f"form:{side}={form}",
        f"form:prep={form}:{side}:{prep}",
        f"v1:{side}:{after}",
        f"v0:{side}:{before}",
        f"v0:{ending}:{side}:{before}",
    ]


def measured(
    text: str,
    tokens: Tokens,
    trigger: Span,
    names: Sequence[Name],
    groups: Sequence[Sequence[float]],
) -> list[list[float]]:
    """Return the numbers that the trees weigh: each name against the others of its sentence.

    Parameters
    ----------
    text
        The sentence.
    tokens
        The sentence cut up.
    trigger
        The event word, in offsets of the sentence.
    names
        Every name of the sentence, in text order.
    groups
        For each name the log odds of each group (`sums`).

    Returns
    -------
    list[list[float]]
        One row a name, all of one length.
    """
    odds = [sum(row) for row in groups]
    ordered = sorted(odds, reverse=True)
    verb, verb_end = tokens.covers(trigger)
    shared = [
        float(len(names)),
        float(len(tokens.words)),
        float(verb),
        sum(1.0 / (1.0 + math.exp(-x)) for x in odds),
    ]
    out = []
    for i, name in enumerate(names):
        after = name.span.start >= trigger.start
        first, last = tokens.covers(name.span)
        low, high = (verb_end, first) if after else (last, verb)
        between = _Between.of(tokens.words[low:high] if low < high else ())
        best = ordered[0] if odds[i] != ordered[0] else (*ordered, _NOTHING)[1]
        same = [o for o, n in zip(odds, names, strict=True) if (n.span.start >= trigger.start) is after]
        nearer = [
            o
            for j, o in enumerate(odds)
            if (names[j].span.start >= trigger.start) is after and (j < i) is after and j != i
        ]
        out.append(
            [
                *groups[i],
                odds[i],
                odds[i] - best,
                float(sum(1 for o in odds if o > odds[i])),
                max(nearer, default=_NOTHING),
                max(same),
                float(max(0, high - low) * (1 if after else -1)),
                float(_between_names(trigger, names, name)),
                float(i),
                float(between.commas),
                float(between.verbs),
                float(between.preps),
                float(len(between.clause)),
                float(between.quote + 2 * between.broken),
                float(_LEVELS[name.level]),
                math.log10(1 + name.people),
                float(last - first),
                *_hangs(text, names, odds, i),
                *shared,
            ]
        )
    return out


def _hangs(
    text: str, names: Sequence[Name], odds: Sequence[float], index: int
) -> list[float]:
    """Measure the neighbours of a name in the text, and whether they stand in one chain."""
    out: list[float] = []
    for other, right in ((index - 1, index), (index + 1, index + 1)):
        if not 0 <= other < len(names):
            out += [_NOTHING, -1.0, -1.0]
            continue
        gap = _gap(text, names, right)
        tie = 2.0 if gap in _ENCLOSING else 1.0 if gap in _GAPS or gap == ", and" else 0.0
        out += [odds[other], float(_LEVELS[names[other].level]), tie]
    return out

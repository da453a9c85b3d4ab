"""Which of a sentence's names says where an event happened: a linear model over plain features.

The weights in `linking.json` were fitted by logistic regression (L2, C = 0.5, features seen eight
times or more) on the training half of Halterman's event_location data (2019): 9,144 sentences with
one event word and its places each, the names being those that `mentions` and `capitalised` find.
Span F1 over five folds by sentence: .77. They are single words and shapes, no text.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING

from geomap.model import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Name", "capitalised", "chances", "features"]

_TOKEN = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*['’]?|[^\w\s]")
_RUN_WORD = re.compile(r"[^\W\d_][\w'’-]*(?:\.[A-Z])*")
_DEMONYM = re.compile(r"(?:ian|ish|ese|ans?|is?|ians|ese|ch|ean|men|qi)$")
_VERBISH = re.compile(r"(?:ed|ing)$")
# Names further apart than this many words are not tied to each other.
_TIE_WORDS = 6
# More names than this in a sentence are just many.
_COUNTED = 6


@dataclass(frozen=True, slots=True)
class _Words:
    """The word lists of `words.toml`."""

    prepositions: frozenset[str]
    clause: frozenset[str]
    not_names: frozenset[str]
    titles: frozenset[str]
    auxiliaries: frozenset[str]


@cache
def _words() -> _Words:
    text = resources.files("geomap").joinpath("events/words.toml").read_text("utf-8")
    lists = tomllib.loads(text)
    return _Words(**{name: frozenset(words.split()) for name, words in lists.items()})


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a sentence: where it stands, and what the gazetteer knows of it.

    `level` is "country", "admin", "town", "other" (a gazetteer place of another kind) or
    "unknown" (no entry).
    """

    span: Span
    level: str


def capitalised(text: str) -> list[Span]:
    """Return the runs of capitalised words that may be names, in text order.

    Parameters
    ----------
    text
        One sentence. Days, months and the first words of sentences end or leave a run.

    Returns
    -------
    list[Span]
        Never overlapping; empty for an empty sentence.
    """
    runs: list[Span] = []
    start = end = -1
    for found in _RUN_WORD.finditer(text):
        word = found.group()
        bare = word.removesuffix("'s").removesuffix("’s").rstrip("'’")
        named = any(part[:1].isupper() for part in bare.split("-")) and (
            bare.lower() not in _words().not_names
        )
        if named and start >= 0 and text[end : found.start()] == " ":
            end = found.start() + len(bare)
        elif named:
            if start >= 0:
                runs.append(Span(start=start, end=end))
            start, end = found.start(), found.start() + len(bare)
        elif start >= 0:
            runs.append(Span(start=start, end=end))
            start = -1
        if start >= 0 and bare != word:
            runs.append(Span(start=start, end=end))
            start = -1
    if start >= 0:
        runs.append(Span(start=start, end=end))
    return runs


@cache
def _weights() -> Mapping[str, float]:
    text = resources.files("geomap").joinpath("events/linking.json").read_text("utf-8")
    weights: dict[str, float] = json.loads(text)
    return weights


def chances(text: str, trigger: Span, names: Sequence[Name]) -> list[float]:
    """Return, for each name of a sentence, the chance that the event happened there.

    Parameters
    ----------
    text
        The sentence.
    trigger
        The event word, in offsets of the sentence.
    names
        Every name of the sentence, in text order.

    Returns
    -------
    list[float]
        Between 0 and 1, one for each name.
    """
    weights = _weights()
    tokens = _Tokens.of(text)
    out = []
    for index in range(len(names)):
        described = _describe(text, tokens, trigger, names, index)
        total = weights["bias"] + sum(weights.get(name, 0.0) for name in described)
        out.append(1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total)))))
    return out


@dataclass(frozen=True, slots=True)
class _Tokens:
    """A sentence cut into words and marks."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str) -> _Tokens:
        found = list(_TOKEN.finditer(text))
        return cls(
            tuple(m.group() for m in found),
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
        return self.words[index].lower() if index < len(self.words) else "$"


def _bucket(value: int, edges: Sequence[int]) -> str:
    for edge in edges:
        if value <= edge:
            return str(edge)
    return "more"


def _governor(tokens: _Tokens, first: int, limit: int) -> str:
    """Return the nearest preposition before a name within seven tokens."""
    for back in range(1, 8):
        index = first - back
        if index < 0 or index == limit:
            return "none"
        word = tokens.word(index)
        if word in _words().prepositions:
            return word
        if word in {".", ";", ":", '"', "“", "”"} or (back > 1 and word == ","):
            return "none"
    return "none"


def _between(tokens: _Tokens, low: int, high: int) -> list[str]:
    words = [tokens.word(index) for index in range(low, high)]
    commas = words.count(",")
    verbs = sum(1 for word in words if word in _words().auxiliaries or _VERBISH.search(word))
    clause = [word for word in words if word in _words().clause]
    preps = sum(1 for word in words if word in _words().prepositions)
    out = [
        f"commas={_bucket(commas, (0, 1, 2, 3))}",
        f"verbs={_bucket(verbs, (0, 1, 2, 3))}",
        f"preps={_bucket(preps, (0, 1, 2, 3))}",
    ]
    out += [f"clause={word}" for word in set(clause)]
    if any(word in {'"', "“", "”"} for word in words):
        out.append("quote")
    if any(word in {";", ":", "-", "–", "—", "("} for word in words):
        out.append("break")
    return out


def _shape(text: str, tokens: _Tokens, name: Name, first: int, last: int) -> list[str]:
    words = [tokens.word(index) for index in range(first, last)]
    tail = words[-1] if words else ""
    out = [f"level={name.level}", f"len={_bucket(len(words), (1, 2, 3))}", f"last={tail}"]
    if len(words) == 1 and name.level == "unknown":
        out.append(f"suffix={tail[-2:]}")
    if len(words) > 1:
        out.append(f"first={words[0]}")
    if name.span.of(text).isupper():
        out.append("upper")
    if _DEMONYM.search(tail):
        out.append(f"demonym:{name.level}")
    if tokens.word(first - 1).rstrip(".") in _words().titles:
        out.append("titled")
    if first == 0:
        out.append("initial")
    return out


def _chains(text: str, names: Sequence[Name], index: int) -> list[str]:
    """Tell how a name hangs together with its neighbours: "X, Y", "X in Y", "X and Y"."""
    out = []
    for side, left, right in (("next", index, index + 1), ("prev", index - 1, index)):
        if left < 0 or right >= len(names):
            continue
        gap = text[names[left].span.end : names[right].span.start].strip().lower()
        levels = f"{names[left].level}>{names[right].level}"
        if gap in {",", "in", "of", "and", "or", "(", ", in", "to", "’s", "'s", "", "near"}:
            out += [f"chain:{side}:{gap}", f"chain:{side}:{gap}:{levels}"]
        elif len(gap.split()) <= _TIE_WORDS and "," not in gap:
            last = gap.split()[-1]
            out.append(f"tie:{side}:{last if last in _words().prepositions else 'x'}:{levels}")
    return out


def features(text: str, trigger: Span, names: Sequence[Name], index: int) -> list[str]:
    """Describe one name of a sentence as a place of the event at a trigger.

    Parameters
    ----------
    text
        The sentence.
    trigger
        The event word, in offsets of the sentence.
    names
        Every name of the sentence, in text order.
    index
        Which name to describe.

    Returns
    -------
    list[str]
        Names of binary features, each at most once.
    """
    return _describe(text, _Tokens.of(text), trigger, names, index)


def _rank(trigger: Span, names: Sequence[Name], name: Name) -> int:
    """Return how many names stand between a trigger and a name."""
    low, high = sorted((trigger.start, name.span.start))
    if name.span.start >= trigger.start:
        return sum(1 for other in names if low <= other.span.start < high)
    return sum(1 for other in names if low < other.span.start < high)


def _neighbours(tokens: _Tokens, name: Name, first: int, last: int) -> list[str]:
    before = tokens.word(first - 1)
    return [
        f"p2={tokens.word(first - 2)}",
        f"n2={tokens.word(last + 1)}",
        f"p1={before}",
        f"n1={tokens.word(last)}",
        f"p1level={before}:{name.level}",
    ]


def _describe(
    text: str, tokens: _Tokens, trigger: Span, names: Sequence[Name], index: int
) -> list[str]:
    name = names[index]
    verb, verb_end = tokens.at(trigger.start), tokens.at(max(trigger.start, trigger.end - 1)) + 1
    first, last = tokens.at(name.span.start), tokens.at(name.span.end - 1) + 1
    after = name.span.start >= trigger.start
    side = "after" if after else "before"
    low, high = (verb_end, first) if after else (last, verb)
    gap = max(0, high - low)
    rank = _rank(trigger, names, name)
    afters = sum(1 for other in names if other.span.start >= trigger.start)
    prep = _governor(tokens, first, verb_end - 1 if after else -1)
    form = trigger.of(text).lower()
    ending = "ed" if form.endswith("ed") else "ing" if form.endswith("ing") else "other"
    joined = [
        side,
        f"rank={min(rank, 3)}",
        f"gap={_bucket(gap, (0, 1, 2, 3, 4, 6, 8, 12, 18, 25, 40))}",
        f"prep={prep}",
        f"p1={tokens.word(first - 1)}",
        f"n1={tokens.word(last)}",
        *_between(tokens, low, high),
    ]
    out = [f"{side}:{feature}" for feature in joined]
    out += _shape(text, tokens, name, first, last)
    out += _chains(text, names, index)
    out += _neighbours(tokens, name, first, last)
    out += [
        f"prep:level={prep}:{name.level}",
        f"prep:rank={prep}:{side}:{min(rank, 3)}",
        f"count={min(len(names), _COUNTED)}",
        f"count:side={side}:{min(len(names), 4)}:{min(rank, 2)}",
        f"none_after={afters == 0}:{side}:{prep}",
        f"verb:{ending}:{side}:{prep}",
        f"v1:{side}:{tokens.word(verb_end)}",
        f"form={form}",
        f"v0:{side}:{tokens.word(verb - 1)}",
        f"level:side={name.level}:{side}:{min(rank, 2)}",
        f"gap:level={_bucket(gap, (2, 5, 10, 20))}:{side}:{name.level}",
    ]
    if any(a.span.end <= trigger.start < b.span.start for a, b in pairwise(names)):
        out.append(f"verb_between:{side}")
    return list(dict.fromkeys(out))

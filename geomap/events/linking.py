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
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from geomap.events.names import Name, word_lists
from geomap.forest import Forest, from_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geomap.model import Span

__all__ = [
    "COLUMNS",
    "GROUPS",
    "Frame",
    "Linker",
    "Tokens",
    "chances",
    "described",
    "measured",
    "shipped_model",
    "sums",
]

# Each feature belongs to one group, so that the trees may weigh the groups against each other.
GROUPS = ("path", "shape", "chain", "beside", "verb")

_TOKEN = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*['’]?|[^\w\s]")
_DEMONYM = re.compile(r"(?:ian|ish|ese|ans?|is?|ians|ese|ch|ean|men|qi)$")
_DIRECTION = re.compile(
    r"(?:(?:north|south)?-?(?:east|west)|north|south|central|inner|upper|lower)(?:ern)?"
)
_MILES = frozenset({"km", "kilometers", "kilometres", "miles", "kilometer", "kilometre", "mile"})
# Names further apart than this many words are not tied to each other.
_TIE_WORDS = 6
# More names than this in a sentence are just many.
_COUNTED = 6
# How many kinds of words next to a name or to the event word are told in order.
_FEW = 3
# The words of longer ways between them are many and say little.
_ROAD = 14
# Log odds of "no such name", below all that the first step gives.
_NOTHING = -8.0
_LEVELS = {"unknown": 0, "town": 1, "other": 1, "admin": 2, "country": 3}
_GAPS = frozenset({",", "in", "of", "and", "or", "(", ", in", "to", "’s", "'s", "", "near"})
_QUOTES = frozenset({'"', "“", "”", "`"})
_BREAKS = frozenset({";", ":", "-", "–", "—", "("})
_ENCLOSING = frozenset({",", "in", "of", "(", ", in", "near", ""})


@dataclass(frozen=True, slots=True)
class Linker:
    """The two steps: weights by group and feature, and the trees over `COLUMNS`."""

    bias: float
    weights: Mapping[str, Mapping[str, float]]
    forest: Forest


@cache
def shipped_model() -> Linker:
    """Return the linker of `linking.json`."""
    text = resources.files("geomap").joinpath("events/linking.json").read_text("utf-8")
    held = json.loads(text)
    return Linker(held["bias"], held["weights"], from_json(held["forest"]))


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
    model = shipped_model() if linker is None else linker
    frame = Frame.of(text, trigger, names)
    groups = [sums(model, described(frame, index)) for index in range(len(names))]
    if not names:
        return []
    odds = model.forest.raw(np.array(measured(frame, groups))).tolist()
    return [1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total)))) for total in odds]


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


# A sentence has several event words, one after the other.
@lru_cache(maxsize=8)
def _cut(text: str) -> Tokens:
    return Tokens.of(text)


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
    return word.endswith(("ed", "ing")) or word in word_lists().auxiliaries


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
        held = set(words)
        return cls(
            commas=words.count(","),
            verbs=sum(
                1 for word in words if word.endswith(("ed", "ing")) or word in lists.auxiliaries
            ),
            preps=sum(1 for word in words if word in lists.prepositions),
            clause=lists.clause & held,
            quote=not _QUOTES.isdisjoint(held),
            broken=not _BREAKS.isdisjoint(held),
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


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where a name stands to the event word: its tokens, the words between, the names between."""

    first: int
    last: int
    after: bool
    gap: int
    rank: int
    between: _Between


@dataclass(frozen=True, slots=True)
class Frame:
    """A sentence with its event word and its names, measured once for all of them."""

    text: str
    tokens: Tokens
    trigger: Span
    verb: tuple[int, int]
    names: Sequence[Name]
    stands: tuple[_Stand, ...]

    @classmethod
    def of(cls, text: str, trigger: Span, names: Sequence[Name]) -> Frame:
        """Measure a sentence.

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
        Frame
            With one stand a name.
        """
        tokens = _cut(text)
        verb = tokens.covers(trigger)
        stands = []
        for name in names:
            first, last = tokens.covers(name.span)
            after = name.span.start >= trigger.start
            low, high = (verb[1], first) if after else (last, verb[0])
            stands.append(
                _Stand(
                    first=first,
                    last=last,
                    after=after,
                    gap=max(0, high - low),
                    rank=_between_names(trigger, names, name),
                    between=_Between.of(tokens.words[low:high] if low < high else ()),
                )
            )
        return cls(text, tokens, trigger, verb, names, tuple(stands))


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
    out += _company(tokens, name, first, last)
    if text.count(name.span.of(text)) > 1:
        out.append("again")
    return out


def _company(tokens: Tokens, name: Name, first: int, last: int) -> list[str]:
    """Tell whether nouns of ground or verbs of speech stand beside a name."""
    lists = word_lists()
    out = []
    around = (tokens.word(first - 1), tokens.word(first - 2), tokens.word(first - 3))
    if any(word in lists.ground for word in around):
        out += ["ground before", f"ground before:{name.level}"]
    if tokens.word(last) in lists.ground or tokens.word(last - 1) in lists.ground:
        out += ["ground after", f"ground after:{name.level}"]
    if any(word in lists.speech for word in around) or tokens.word(last) in lists.speech:
        out += ["speech", f"speech:{name.level}"]
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


def described(frame: Frame, index: int) -> dict[str, list[str]]:
    """Describe one name of a sentence as a place of the event.

    Parameters
    ----------
    frame
        The sentence.
    index
        Which of its names to describe.

    Returns
    -------
    dict[str, list[str]]
        Names of yes/no features by group, each at most once.
    """
    tokens, name, stand = frame.tokens, frame.names[index], frame.stands[index]
    first, last, gap, rank = stand.first, stand.last, stand.gap, min(stand.rank, 3)
    side = "after" if stand.after else "before"
    prep = _governor(tokens, first, frame.verb[1] - 1 if stand.after else -1)
    own = _own_verb(tokens, first, frame.verb[0])
    path = [
        side,
        f"rank={rank}",
        f"gap={_bucket(gap, (0, 1, 2, 3, 4, 6, 8, 12, 18, 25, 40))}",
        f"prep={prep}",
        f"p1={tokens.word(first - 1)}",
        f"n1={tokens.word(last)}",
        f"own={own}:{prep}",
        f"own={own}:{min(gap, 6)}",
        *stand.between.features(),
    ]
    path = [f"{side}:{feature}" for feature in path]
    path += [
        f"prep:level={prep}:{name.level}",
        f"prep:rank={prep}:{side}:{rank}",
        f"count={min(len(frame.names), _COUNTED)}",
        f"count:side={side}:{min(len(frame.names), 4)}:{min(rank, 2)}",
        f"level:side={name.level}:{side}:{min(rank, 2)}",
        f"gap:level={_bucket(gap, (2, 5, 10, 20))}:{side}:{name.level}",
    ]
    path += _road(frame, stand, side)
    if any(not a.after and b.after for a, b in pairwise(frame.stands)):
        path.append(f"verb_between:{side}")
    verbs = _verb(frame, side, prep)
    if not any(other.after for other in frame.stands):
        verbs.append(f"none after:{side}:{prep}")
    return {
        "path": path,
        "shape": list(dict.fromkeys(_shape(frame.text, tokens, name, first, last))),
        "chain": list(dict.fromkeys(_chains(frame.text, frame.names, index))),
        "beside": _beside(tokens, name, first, last),
        "verb": verbs,
    }


def _road(frame: Frame, stand: _Stand, side: str) -> list[str]:
    """Describe the words between a name and the event word, each and by their kinds in order."""
    low, high = (frame.verb[1], stand.first) if stand.after else (stand.last, frame.verb[0])
    words = frame.tokens.words[low:high]
    kinds: list[str] = []
    for word in words:
        kind = _kind(word)
        if not kinds or kinds[-1] != kind:
            kinds.append(kind)
    near, far = (kinds[-_FEW:], kinds[:_FEW]) if stand.after else (kinds[:_FEW], kinds[-_FEW:])
    breaks = [word for word in words if word in word_lists().clause or word in {",", ";"}]
    out = [f"break={breaks[-1 if stand.after else 0] if breaks else 'none'}"]
    out += [f"near={'>'.join(near)}", f"far={'>'.join(far)}"]
    out += [f"kinds={'>'.join(kinds)}"] if len(kinds) <= 2 * _FEW else []
    out += [f"word={word}" for word in dict.fromkeys(words)] if len(words) <= _ROAD else []
    return [f"{side}:{feature}" for feature in out]


def _kind(word: str) -> str:
    """Return a word if it is a preposition or a comma, else what it is: verb, clause, other."""
    lists = word_lists()
    if word in lists.prepositions or word == ",":
        return word
    return "V" if _is_verb(word) else "c" if word in lists.clause else "n"


def _verb(frame: Frame, side: str, prep: str) -> list[str]:
    """Describe the event word and what stands beside it."""
    form = frame.trigger.of(frame.text).lower()
    ending = "ed" if form.endswith("ed") else "ing" if form.endswith("ing") else "other"
    before, after = frame.tokens.word(frame.verb[0] - 1), frame.tokens.word(frame.verb[1])
    return [
        f"{ending}:{side}:{prep}",
        f"form={form}",
        f"form:{side}={form}",
        f"form:prep={form}:{side}:{prep}",
        f"v1:{side}:{after}",
        f"v0:{side}:{before}",
        f"v0:{ending}:{side}:{before}",
    ]


def measured(frame: Frame, groups: Sequence[Sequence[float]]) -> list[list[float]]:
    """Return the numbers that the trees weigh: each name against the others of its sentence.

    Parameters
    ----------
    frame
        The sentence.
    groups
        For each name the log odds of each group (`sums`).

    Returns
    -------
    list[list[float]]
        One row a name, all of one length.
    """
    odds = [sum(row) for row in groups]
    ordered = sorted(odds, reverse=True)
    shared = [
        float(len(odds)),
        float(len(frame.tokens.words)),
        float(frame.verb[0]),
        sum(1.0 / (1.0 + math.exp(-x)) for x in odds),
    ]
    out = []
    for i, (name, stand) in enumerate(zip(frame.names, frame.stands, strict=True)):
        mine, between = odds[i], stand.between
        best = ordered[0] if mine != ordered[0] else (*ordered, _NOTHING)[1]
        row = [
            *groups[i],
            mine,
            mine - best,
            float(ordered.index(mine)),
            *_rivals(frame, odds, i),
            float(stand.gap * (1 if stand.after else -1)),
            float(stand.rank),
            float(i),
            float(between.commas),
            float(between.verbs),
            float(between.preps),
            float(len(between.clause)),
            float(between.quote + 2 * between.broken),
            float(_LEVELS[name.level]),
            math.log10(1 + name.people),
            float(stand.last - stand.first),
            *_hangs(frame.text, frame.names, odds, i),
            *shared,
        ]
        out.append(row)
    return out


COLUMNS = (
    *GROUPS,
    *("odds", "lead", "place", "nearer", "same side", "gap", "rank", "index", "commas", "verbs"),
    *("prepositions", "clauses", "breaks", "level", "people", "length"),
    *(f"{side} {what}" for side in ("left", "right") for what in ("odds", "level", "tie")),
    *("names", "words", "event word", "sum"),
)


def _rivals(frame: Frame, odds: Sequence[float], index: int) -> tuple[float, float]:
    """Return the best odds of the names nearer to the event word, and of all on that side."""
    after = frame.stands[index].after
    nearer = same = _NOTHING
    for j, other in enumerate(frame.stands):
        if other.after is after:
            same = max(same, odds[j])
            if j != index and (j < index) is after:
                nearer = max(nearer, odds[j])
    return nearer, same


def _hangs(text: str, names: Sequence[Name], odds: Sequence[float], index: int) -> list[float]:
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

"""Find the words of a sentence that report events."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING

from geomap.folding import lowered
from geomap.model import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Trigger", "find", "without"]

# A tail never ends inside a word.
_WORD_END = r"(?!(?<=\w)\w)"
# A sentence with more event words is a list of them.
_MOST = 20
# Words that no veto can concern, and how far the words of a veto stand from its trigger.
_SPEECH = frozenset({"said", "says", "saying", "told"})
_VETO_REACH = 70
# How far before a word its subject is looked for, in characters.
_LEAD_REACH = 80
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word or phrase that reports an event of a type; `strength` is how surely, 0 to 1."""

    span: Span
    type: str
    strength: float


@dataclass(frozen=True, slots=True)
class _Rule:
    type: str
    tail: re.Pattern[str] | None
    strength: float
    lead: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class _Lexicon:
    rules: dict[str, tuple[_Rule, ...]]
    vetoes: re.Pattern[str]
    capitals: re.Pattern[str]


@cache
def _lexicon() -> _Lexicon:
    text = resources.files("geomap").joinpath("events/triggers.toml").read_text("utf-8")
    table = tomllib.loads(text)
    parts: dict[str, str] = table["parts"]
    rules: dict[str, list[_Rule]] = {}
    for code, rows in table["types"].items():
        for heads, tail, strength, *lead in rows:
            rule = _Rule(
                type=code,
                tail=re.compile(f"(?:{_whole(tail, parts)}){_WORD_END}") if tail else None,
                strength=strength,
                lead=re.compile(_whole(lead[0], parts)) if lead else None,
            )
            for head in heads.split():
                rules.setdefault(head, []).append(rule)
    vetoes = table["vetoes"]
    return _Lexicon(
        {head: tuple(found) for head, found in rules.items()},
        re.compile("|".join(f"(?:{pattern})" for pattern in vetoes["patterns"])),
        re.compile("|".join(f"(?:{pattern})" for pattern in vetoes["capitals"])),
    )


def _whole(pattern: str, parts: Mapping[str, str]) -> str:
    """Return an expression with the parts that it names put in."""
    return re.sub(r"<(\w+)>", lambda name: parts[name[1]], pattern)


def find(text: str, sentence: Span) -> tuple[Trigger, ...]:
    """Return the triggers of a sentence, in text order.

    Of triggers that overlap the longer stays, then the surer one. A trigger inside a stretch that
    only looks like an event ("labour strike", "shot a video", "war-torn") is dropped. Of very many
    the first twenty count.

    Parameters
    ----------
    text
        The article's text.
    sentence
        Where in it to look.

    Returns
    -------
    tuple[Trigger, ...]
        Spans are those of the text; empty where nothing happens.
    """
    lexicon = _lexicon()
    found: list[Trigger] = []
    for word in _WORD.finditer(text, sentence.start, sentence.end):
        for rule in lexicon.rules.get(word.group().lower(), ()):
            trigger = _match(text, word, rule, sentence)
            if trigger is not None:
                found.append(trigger)
    if not found:
        return ()
    words = sentence.of(text)
    plain = lowered(words)
    doubtful = [t.span for t in found if t.span.of(text).lower() not in _SPEECH]
    vetoed = [
        Span(start=sentence.start + m.start(), end=sentence.start + m.end())
        for low, high in _windows(doubtful, sentence)
        for m in (
            *lexicon.vetoes.finditer(plain, low - sentence.start, high - sentence.start),
            *lexicon.capitals.finditer(words, low - sentence.start, high - sentence.start),
        )
    ]
    found = [t for t in found if not any(t.span.overlaps(veto) for veto in vetoed)]
    kept: list[Trigger] = []
    for trigger in sorted(found, key=lambda t: (t.span.start - t.span.end, -t.strength, t.type)):
        if not any(trigger.span.overlaps(other.span) for other in kept):
            kept.append(trigger)
    ordered = sorted(kept, key=lambda t: t.span)
    # In "the Forum summit" the first noun is part of the name of the second.
    named = [
        left
        for left, right in pairwise(ordered)
        if left.type == right.type and text[left.span.end : right.span.start] == " "
    ]
    return tuple(trigger for trigger in ordered if trigger not in named)[:_MOST]


def _windows(spans: Sequence[Span], sentence: Span) -> list[tuple[int, int]]:
    """Return the stretches around some words, joined where they meet."""
    out: list[tuple[int, int]] = []
    for span in sorted(spans):
        low = max(sentence.start, span.start - _VETO_REACH)
        high = min(sentence.end, span.end + _VETO_REACH)
        if out and low <= out[-1][1]:
            out[-1] = (out[-1][0], max(high, out[-1][1]))
        else:
            out.append((low, high))
    return out


def without(trigger: Trigger, text: str, names: Sequence[Span]) -> Trigger:
    """Return a trigger that holds no place name: "protesters in X burned" is "burned".

    Parameters
    ----------
    trigger
        The trigger as the lexicon has it.
    text
        The article's text.
    names
        The place names inside it, in text order.

    Returns
    -------
    Trigger
        What stands behind the last name, else what stands before the first; the same without names.
    """
    if not names:
        return trigger
    behind = _WORD.search(text, names[-1].end, trigger.span.end)
    if behind is not None:
        return replace(trigger, span=Span(start=behind.start(), end=trigger.span.end))
    ahead = text[trigger.span.start : names[0].start].rstrip()
    end = trigger.span.start + len(ahead)
    return replace(trigger, span=Span(start=trigger.span.start, end=end)) if ahead else trigger


def _match(text: str, word: re.Match[str], rule: _Rule, sentence: Span) -> Trigger | None:
    end = word.end()
    if rule.tail is not None:
        tail = rule.tail.match(text, end, sentence.end)
        if tail is None:
            return None
        end = tail.end()
    low = max(sentence.start, word.start() - _LEAD_REACH)
    if rule.lead is not None and rule.lead.search(text, low, word.start()) is None:
        return None
    end = word.start() + len(text[word.start() : end].rstrip())
    return Trigger(Span(start=word.start(), end=end), rule.type, rule.strength)

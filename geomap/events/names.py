"""Names of a sentence that may say where something happened."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from geomap.model import Span

__all__ = ["Name", "WordLists", "capitalised", "word_lists"]

_RUN_WORD = re.compile(r"[^\W\d_][\w'’-]*(?:\.[A-Z])*")


@dataclass(frozen=True, slots=True)
class WordLists:
    """The word lists of `words.toml`."""

    prepositions: frozenset[str]
    clause: frozenset[str]
    not_names: frozenset[str]
    titles: frozenset[str]
    auxiliaries: frozenset[str]
    ground: frozenset[str]
    speech: frozenset[str]


@cache
def word_lists() -> WordLists:
    """Return the word lists of the event linker, in lower case."""
    text = resources.files("geomap").joinpath("events/words.toml").read_text("utf-8")
    lists = tomllib.loads(text)
    return WordLists(**{name: frozenset(words.split()) for name, words in lists.items()})


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a sentence: where it stands, and what the gazetteer knows of it.

    `level` is "country", "admin", "town", "other" (a gazetteer place of another kind) or
    "unknown" (no entry); `people` is the place's population, 0 where none is known.
    """

    span: Span
    level: str
    people: int = 0


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
    return list(_runs(text))


# A sentence has several event words, one after the other.
@lru_cache(maxsize=8)
def _runs(text: str) -> tuple[Span, ...]:
    not_names = word_lists().not_names
    runs: list[Span] = []
    start = end = -1
    for found in _RUN_WORD.finditer(text):
        word = found.group()
        bare = word.removesuffix("'s").removesuffix("’s").rstrip("'’")
        named = any(part[:1].isupper() for part in bare.split("-")) and (
            bare.lower() not in not_names
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
    return tuple(runs)

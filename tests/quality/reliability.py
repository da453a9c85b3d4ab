"""How often fields are right at each confidence: `python tests/quality/reliability.py`.

Types on the CASE 2021 snippets (in ../shared, not ours to give away), places on our own articles,
which the linker has not seen, days on our own tables. A type is right where its first CASE
label is the snippet's. Gold that the models were fitted to flatters them; how often the linker is
right by itself, on sentences that it has not seen, is printed by `training/linking.py`.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent))
import own

from geomap import Pipeline
from geomap.events import taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HERE = Path(__file__).parent
EVENTS = HERE.parents[2] / "shared" / "data" / "events"
STEP = 0.1


def lines(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def types(pipeline: Pipeline) -> Iterator[tuple[float, bool]]:
    """Yield the confidence of each snippet's surest type, and whether it is right."""
    for row in lines(EVENTS / "case2021.dev.jsonl"):
        found = pipeline.read(row["text"], published="2021-01-01").events
        if found:
            best = max(found, key=lambda e: (e.field_confidence.type, e.id))
            labels = taxonomy()[best.type].case
            yield best.field_confidence.type, bool(labels) and labels[0] == row["type"]


def places(pipeline: Pipeline) -> Iterator[tuple[float, bool]]:
    """Yield the confidence of each place of an event of our own articles, and whether it is right.

    Where the marks leave the place of such an event open, nothing is counted.
    """
    for row in own.rows("news"):
        for event in pipeline.read(row["text"], published=row["published"]).events:
            alike = [
                gold["places"]
                for gold in row["events"]
                if own.group(event.type) in {own.group(code) for code in gold["types"]}
            ]
            sure = event.field_confidence.place
            if event.place is not None and sure is not None and ["*"] not in alike:
                yield sure, any(own.among(event, names) for names in alike)


def days(pipeline: Pipeline) -> Iterator[tuple[float, bool]]:
    """Yield the confidence of the first dated event of our own texts, and whether it is right."""
    for row in [*lines(HERE / "when.jsonl"), *lines(HERE / "when_kept.jsonl")]:
        events = pipeline.read(row["text"], published=row["published"]).events
        dated = [e for e in events if e.when is not None and e.field_confidence.when is not None]
        for event in dated[:1]:
            ends = [day.isoformat() if day else "" for day in (event.when.first, event.when.last)]
            told = ends[0] if ends[0] == ends[1] else "..".join(ends)
            yield event.field_confidence.when, told == row["when"]


def table(pairs: Iterable[tuple[float, bool]]) -> list[str]:
    """Return lines of: from, how many, mean confidence, share that is right; then the error."""
    bins: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for sure, right in pairs:
        bins[min(int(sure / STEP), 9)].append((sure, right))
    total = sum(map(len, bins.values()))
    out, error = [], 0.0
    for number, held in sorted(bins.items()):
        mean = sum(sure for sure, _ in held) / len(held)
        share = sum(right for _, right in held) / len(held)
        error += abs(mean - share) * len(held) / total
        out.append(f"{number * STEP:.1f}  {len(held):5}  {mean:.2f}  {share:.2f}")
    return [*out, f"mean error {error:.3f} over {total}"]


if __name__ == "__main__":
    reader = Pipeline()
    for name, pairs in (("type", types), ("place", places), ("when", days)):
        sys.stdout.write("\n  ".join([name, *table(pairs(reader))]) + "\n")

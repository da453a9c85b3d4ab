"""Days of events through the whole pipeline: `python tests/quality/when.py`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from geomap import Pipeline

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
TABLE = HERE / "when.jsonl"
KEPT = HERE / "when_kept.jsonl"


def rows(table: Path) -> list[dict[str, str]]:
    """Return the texts with their publication days and the day of the first event of each."""
    return [json.loads(line) for line in table.read_text(encoding="utf-8").splitlines()]


def days(row: dict[str, str], pipeline: Pipeline) -> str:
    """Write the day of the first event that is no statement; "none" without one."""
    reading = pipeline.read(row["text"], published=row["published"])
    events = [e for e in reading.events if e.type != "diplomacy.statement"] or list(reading.events)
    if not events:
        return "no event"
    when = events[0].when
    if when is None:
        return "none"
    ends = [end.isoformat() if end else "" for end in (when.first, when.last)]
    return ends[0] if ends[0] == ends[1] else "..".join(ends)


def misses(table: Path) -> Iterator[str]:
    """Yield each text whose event is dated otherwise than the table says."""
    pipeline = Pipeline()
    for row in rows(table):
        found = days(row, pipeline)
        if found != row["when"]:
            yield f"{row['text']!r} on {row['published']}: {found}, not {row['when']}"


if __name__ == "__main__":
    for table in map(Path, sys.argv[1:]) if sys.argv[1:] else (TABLE, KEPT):
        wrong, total = list(misses(table)), len(rows(table))
        lines = [f"{table.name}: {total - len(wrong)} of {total} right", *wrong]
        sys.stdout.write("\n  ".join(lines) + "\n")

"""Exactness of casualty figures on our own sentences: `python tests/quality/casualties.py`."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.events.casualties import fatalities, injured

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
TABLE = HERE / "casualties.tsv"
KEPT = HERE / "casualties_kept.tsv"


def told(sentence: str) -> tuple[str, str]:
    """Write the dead as "low/best/high" (an open end as nothing) and the injured; "-" for none."""
    dead, hurt = fatalities(sentence), injured(sentence)
    high = "" if dead is None or dead.high is None else str(dead.high)
    return (
        f"{dead.low}/{dead.best}/{high}" if dead is not None else "-",
        "-" if hurt is None else str(hurt),
    )


def rows(table: Path) -> list[tuple[str, str, str]]:
    """Return sentence, dead and injured of each line of a table."""
    with table.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["sentence"], row["dead"], row["injured"]) for row in reader]


def misses(table: Path) -> Iterator[str]:
    """Yield each sentence whose figures are read otherwise than the table says."""
    for sentence, dead, hurt in rows(table):
        found = told(sentence)
        if found != (dead, hurt):
            yield f"{sentence!r}: {' '.join(found)}, not {dead} {hurt}"


if __name__ == "__main__":
    for table in map(Path, sys.argv[1:]) if sys.argv[1:] else (TABLE, KEPT):
        wrong, total = list(misses(table)), len(rows(table))
        lines = [f"{table.name}: {total - len(wrong)} of {total} exact", *wrong]
        sys.stdout.write("\n  ".join(lines) + "\n")

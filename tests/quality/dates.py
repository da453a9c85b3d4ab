"""Accuracy of date phrases against our own tables: `python tests/quality/dates.py [TABLE]`."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.dates import normalize

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
TABLE = HERE / "dates.tsv"
KEPT = HERE / "dates_kept.tsv"


def interval(phrase: str, published: str) -> str:
    """Write what a phrase means as "first..last", one day as that day, "none" for no date."""
    when = normalize(phrase, published)
    if when is None:
        return "none"
    ends = [end.isoformat() if end else "" for end in (when.first, when.last)]
    return ends[0] if ends[0] == ends[1] and ends[0] else "..".join(ends)


def rows(table: Path) -> list[tuple[str, str, str]]:
    """Return publication day, phrase and interval of each line of a table."""
    with table.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, delimiter="\t")
        return [(row["published"], row["phrase"], row["interval"]) for row in reader]


def misses(table: Path) -> Iterator[str]:
    """Yield each phrase that is read otherwise than the table says, in words."""
    for published, phrase, expected in rows(table):
        found = interval(phrase, published)
        if found != expected:
            yield f"{phrase!r} on {published}: {found}, not {expected}"


if __name__ == "__main__":
    for table in map(Path, sys.argv[1:]) if sys.argv[1:] else (TABLE, KEPT):
        wrong, total = list(misses(table)), len(rows(table))
        lines = [f"{table.name}: {total - len(wrong)} of {total} exact", *wrong]
        sys.stdout.write("\n  ".join(lines) + "\n")

"""Figures on the marked articles in ../shared, held against the floors in baseline.json.

gate.py                              print the figures, exit 1 where one is below its floor
gate.py --update                     raise the floors to the figures
gate.py --update --allow-regression  set the floors to the figures, lower ones too
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
BASELINE = HERE / "baseline.json"
CORPORA = HERE.parents[2] / "shared" / "data" / "geoparsing"
FIGURES = ("det_f1", "id", "a161", "e2e_f1")
# Floors are rounded down to this step, so that a floor is never above what was measured.
STEP = 0.001


def names() -> list[str]:
    """Return the corpora that have a baseline."""
    return sorted(json.loads(BASELINE.read_text(encoding="utf-8")))


def missing(name: str) -> str:
    """Say what is missing to measure a corpus; empty when all is there."""
    needed = [CORPORA / f"{name}.dev.jsonl", CORPORA / "demonyms.txt"]
    return ", ".join(str(path) for path in needed if not path.exists())


def measure(name: str) -> dict[str, Any]:
    """Read a corpus, one article at a time, and return its digest and figures."""
    from geomap import Pipeline
    from geomap.evaluate import guesses_of, read_gold, read_word_list, score

    path = CORPORA / f"{name}.dev.jsonl"
    pipeline = Pipeline()
    gold = read_gold(path)
    guesses = {d.article.id: guesses_of(pipeline.read(d.article)) for d in gold}
    demonyms = read_word_list(CORPORA / "demonyms.txt")
    found = score(gold, guesses, is_demonym=demonyms.__contains__)
    return {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "figures": {figure: getattr(found, figure) for figure in FIGURES},
    }


def problems(name: str, found: dict[str, Any]) -> list[str]:
    """Compare a measurement with the baseline; one line a problem."""
    baseline = json.loads(BASELINE.read_text(encoding="utf-8"))[name]
    lines = []
    if found["sha256"] != baseline["sha256"]:
        lines.append(f"{name}: the corpus is not the one that the floors were measured on")
    for figure, floor in baseline["floors"].items():
        if found["figures"][figure] < floor:
            lines.append(f"{name}: {figure} {found['figures'][figure]:.4f} is below {floor:.4f}")
    return lines


def updated(
    baseline: dict[str, Any], measured: dict[str, Any], *, allow_regression: bool
) -> dict[str, Any]:
    """Return the baseline with the floors at the measured figures; refuse to lower one."""
    result = {}
    for name, found in measured.items():
        floors = {f: math.floor(v / STEP) * STEP for f, v in found["figures"].items()}
        old = baseline.get(name, {}).get("floors", {})
        lower = [f"{name} {f}" for f, floor in old.items() if floors[f] < floor - STEP / 2]
        if lower and not allow_regression:
            raise SystemExit(f"would lower {', '.join(lower)}: use --allow-regression")
        result[name] = {
            "sha256": found["sha256"],
            "floors": {figure: round(floor, 3) for figure, floor in floors.items()},
        }
    return {**baseline, **result}


def main() -> int:
    """Print the figures and check or update the floors."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--allow-regression", action="store_true")
    options = parser.parse_args()
    sys.path.insert(0, str(HERE.parents[1]))  # this tree is measured, not an installed copy
    measured = {}
    for name in names():
        if gap := missing(name):
            print(f"{name}: skipped, missing {gap}")
            continue
        measured[name] = measure(name)
        figures = measured[name]["figures"]
        print(f"{name:<10}" + "".join(f" {figure} {figures[figure]:.4f}" for figure in FIGURES))
    if options.update:
        baseline = json.loads(BASELINE.read_text(encoding="utf-8"))
        new = updated(baseline, measured, allow_regression=options.allow_regression)
        BASELINE.write_text(json.dumps(new, indent=1) + "\n", encoding="utf-8")
        return 0
    found = [line for name in measured for line in problems(name, measured[name])]
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

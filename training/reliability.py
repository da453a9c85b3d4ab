"""Show how far the scores of places can be taken at their word, from held-out readings.

    python training/run.py ../shared/data/geoparsing/*.dev.jsonl > held-out.jsonl
    python training/reliability.py held-out.jsonl ../shared/data/geoparsing/*.dev.jsonl

Prints two tables and writes `docs/reliability.svg`. An answer is right within 161 km of the marked
point; only names whose exact stretch was found count.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from corpora import read_gold

from geomap.gazetteer import distance_km

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PLOT = Path(__file__).parents[1] / "docs" / "reliability.svg"
NEAR_KM = 161.0
BINS = 10
SHARES = (0.0, 0.5, 0.7, 0.9)
SIDE, EDGE = 300, 46  # of the plot's square and the room around it, pixels


def answers(held_out: Path, corpora: Iterable[Path]) -> list[tuple[float, bool]]:
    """Return (score, right) for every marked name with a point that was found and placed."""
    lines = [json.loads(line) for line in held_out.open(encoding="utf-8")]
    said = {
        (line["article"]["id"], m["start"], m["end"]): m for line in lines for m in line["mentions"]
    }
    found = []
    for gold in (article for path in corpora for article in read_gold(path)):
        for (start, end), toponym in gold.toponyms.items():
            mention = said.get((gold.id, start, end))
            if mention and mention["place"] and toponym.get("lat") is not None:
                place = mention["place"]
                km = distance_km(place["lat"], place["lon"], toponym["lat"], toponym["lon"])
                found.append((mention["score"], km <= NEAR_KM))
    return found


def bins(found: Sequence[tuple[float, bool]]) -> list[tuple[float, float, int]]:
    """Return (mean score, share right, number) of the answers in each tenth of the scale."""
    parts: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for score, right in found:
        parts[min(BINS - 1, int(score * BINS))].append((score, right))
    return [
        (sum(s for s, _ in part) / len(part), sum(r for _, r in part) / len(part), len(part))
        for part in parts
        if part
    ]


def svg(points: Sequence[tuple[float, float, int]]) -> str:
    """Draw the bins against the diagonal; the area of a dot is its share of the answers."""

    def at(x: float, y: float) -> tuple[float, float]:
        return round(EDGE + x * SIDE, 1), round(EDGE / 2 + (1 - y) * SIDE, 1)

    total = sum(count for *_, count in points)
    (left, bottom), (right, top) = at(0, 0), at(1, 1)
    ticks = []
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = at(tick, tick)
        ticks.append(f'<text x="{x}" y="{bottom + 16}" text-anchor="middle">{tick:g}</text>')
        ticks.append(f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{tick:g}</text>')
    dots = []
    for said, was, count in points:
        x, y = at(said, was)
        radius = round(3 + 22 * (count / total) ** 0.5, 1)
        dots.append(
            f'<circle cx="{x}" cy="{y}" r="{radius}"><title>said {said:.2f}, right {was:.2f}, '
            f"{count} answers</title></circle>"
        )
    size = SIDE + 2 * EDGE
    return "\n".join(
        [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img"'
                f' width="{size}" font-family="sans-serif" font-size="12">'
            ),
            "<title>Scores of places against the share that is right</title>",
            f'<rect width="{size}" height="{size}" fill="#fff"/>',
            f'<path d="M{left} {bottom}H{right}V{top}H{left}Z" fill="none" stroke="#999"/>',
            f'<path d="M{left} {bottom}L{right} {top}" stroke="#999" stroke-dasharray="4 4"/>',
            *ticks,
            f'<g fill="#0072b2" fill-opacity=".65">{"".join(dots)}</g>',
            f'<text x="{left + SIDE / 2}" y="{bottom + 36}" text-anchor="middle">score</text>',
            (
                f'<text transform="translate(14 {top + SIDE / 2}) rotate(-90)"'
                ' text-anchor="middle">share within 161 km</text>'
            ),
            "</svg>\n",
        ]
    )


def main() -> None:
    """Print the tables and write the plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("held_out", type=Path)
    parser.add_argument("corpora", nargs="+", type=Path)
    options = parser.parse_args()
    found = answers(options.held_out, options.corpora)
    print("said   right  answers")
    for said, was, count in bins(found):
        print(f"{said:.3f}  {was:.3f}  {count}")
    print("score at least   kept   within 161 km")
    for share in SHARES:
        kept = [right for score, right in found if score >= share]
        print(f"{share:14.1f}  {len(kept) / len(found):.3f}  {sum(kept) / len(kept):.3f}")
    PLOT.write_text(svg(bins(found)), encoding="utf-8")


if __name__ == "__main__":
    main()

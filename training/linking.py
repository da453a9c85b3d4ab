"""Cross-validate the event linker, which of a sentence's names is the place of its event.

    python training/linking.py ../shared/data/events/event_location.dev.jsonl
    python training/linking.py ../shared/data/events/event_location.dev.jsonl --write

Both print the out-of-fold precision, recall and F1 of the spans (folds by sentence, since many
stand there several times, with another event each) at several thresholds; the second then fits on
everything and writes the weights into the package. Needs `pip install '.[train]'`.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from geomap import mentions
from geomap.events.linking import Name, features
from geomap.events.where import candidates, level
from geomap.gazetteer import Gazetteer
from geomap.model import Article, Span
from geomap.resolve import resolve

FOLDS = 5
# Rarer features would be learnt by heart.
MIN_COUNT = 8
# Inverse strength of the L2 penalty; 0.3 to 0.6 score alike on the folds.
INVERSE_PENALTY = 0.5
# Smaller weights change no answer and only make the file longer.
SMALLEST = 0.03
THRESHOLDS = (0.35, 0.4, 0.45)
WEIGHTS = Path(__file__).parents[1] / "geomap" / "events" / "linking.json"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with one event word: its names, described, and the places of the event."""

    text: str
    names: tuple[Span, ...]
    described: tuple[tuple[str, ...], ...]
    gold: tuple[Span, ...]

    @property
    def right(self) -> list[bool]:
        """Tell of each name whether it is a place of the event."""
        return [any(name.overlaps(place) for place in self.gold) for name in self.names]


def read(path: Path, gazetteer: Gazetteer) -> list[Sentence]:
    """Read the rows that have an event word."""
    found = []
    for line in path.open(encoding="utf-8"):
        row = json.loads(line)
        spans = {label: _spans(row, label) for label in ("VERB", "LOCATION")}
        if not spans["VERB"]:
            continue
        text, trigger = row["text"], spans["VERB"][0]
        known = resolve(Article(text=text), mentions.find(text, gazetteer), gazetteer)
        whole = Span(start=0, end=len(text))
        names = [
            Name(r.mention.span, level(r)) for r in candidates(text, whole, trigger, known, None)
        ]
        described = [tuple(features(text, trigger, names, i)) for i in range(len(names))]
        found.append(
            Sentence(text, tuple(n.span for n in names), tuple(described), tuple(spans["LOCATION"]))
        )
    return found


def _spans(row: dict, label: str) -> list[Span]:
    return [Span(start=s["start"], end=s["end"]) for s in row["spans"] if s["label"] == label]


class Matrix:
    """The names of all sentences as rows of yes/no columns."""

    def __init__(self, sentences: list[Sentence]) -> None:
        rows = [row for sentence in sentences for row in sentence.described]
        counts = Counter(name for row in rows for name in row)
        self.columns = sorted(name for name, count in counts.items() if count >= MIN_COUNT)
        number = {name: i for i, name in enumerate(self.columns)}
        kept = [[number[name] for name in row if name in number] for row in rows]
        flat = [column for row in kept for column in row]
        pointers = np.cumsum([0, *map(len, kept)])
        self.values = sparse.csr_matrix(
            (np.ones(len(flat)), flat, pointers), shape=(len(rows), len(self.columns))
        )
        self.right = np.array([r for sentence in sentences for r in sentence.right])
        texts = {text: i for i, text in enumerate(dict.fromkeys(s.text for s in sentences))}
        self.groups = np.array([texts[s.text] for s in sentences for _ in s.names])


def model() -> LogisticRegression:
    """Return the model, not yet fitted."""
    return LogisticRegression(C=INVERSE_PENALTY, max_iter=300, solver="liblinear")


def held_out(matrix: Matrix) -> np.ndarray:
    """Return the chance of each name by a model that has not seen its sentence."""
    chances = np.zeros(len(matrix.right))
    for train, test in GroupKFold(FOLDS).split(matrix.values, matrix.right, matrix.groups):
        fitted = model().fit(matrix.values[train], matrix.right[train])
        chances[test] = fitted.predict_proba(matrix.values[test])[:, 1]
    return chances


def score(sentences: list[Sentence], chances: np.ndarray, threshold: float) -> dict[str, float]:
    """Return precision, recall and F1; each gold place is found once, by any overlap."""
    right = guessed = gold = start = 0
    for sentence in sentences:
        end = start + len(sentence.names)
        pairs = zip(sentence.names, chances[start:end], strict=True)
        taken = [name for name, chance in pairs if chance >= threshold]
        start = end
        left = list(sentence.gold)
        for name in taken:
            met = next((place for place in left if place.overlaps(name)), None)
            if met is not None:
                left.remove(met)
                right += 1
        guessed += len(taken)
        gold += len(sentence.gold)
    precision, recall = right / max(guessed, 1), right / max(gold, 1)
    f1 = 2 * right / max(guessed + gold, 1)
    return {"precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3)}


def write(matrix: Matrix) -> None:
    """Fit on everything and write the weights into the package."""
    fitted = model().fit(matrix.values, matrix.right)
    pairs = zip(matrix.columns, map(float, fitted.coef_[0]), strict=True)
    weights = {name: round(value, 3) for name, value in pairs if abs(value) >= SMALLEST}
    weights["bias"] = round(float(fitted.intercept_[0]), 3)
    text = json.dumps(dict(sorted(weights.items())), ensure_ascii=False, indent=0)
    WEIGHTS.write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Print the out-of-fold figures; with --write, fit on everything and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    sentences = read(options.corpus, Gazetteer())
    matrix = Matrix(sentences)
    chances = held_out(matrix)
    for threshold in THRESHOLDS:
        print(threshold, json.dumps(score(sentences, chances, threshold)))
    if options.write:
        write(matrix)


if __name__ == "__main__":
    main()

"""Cross-validate the event linker, which of a sentence's names is the place of its event.

    python training/linking.py ../shared/data/events/event_location.dev.jsonl
    python training/linking.py ../shared/data/events/event_location.dev.jsonl --write

Both print the out-of-fold precision, recall and F1 of the spans at several thresholds, of the
first step (`linear`), with the trees (`trees`), and with the rules behind them, as `locate` gives
them (`locate`), over all rows and over those of trusted sources. Folds are by the first words of
the sentence, since many stand there several times, with another event each. The second then fits on
everything and writes the weights into the package. Needs `pip install '.[train]'`.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import forests
import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from geomap import mentions
from geomap.events.linking import COLUMNS, GROUPS, Frame, described, measured
from geomap.events.names import Name
from geomap.events.where import THRESHOLD, candidates, level, settled
from geomap.forest import from_json
from geomap.gazetteer import Gazetteer
from geomap.model import Article, Resolution, Span
from geomap.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catboost import CatBoost

FOLDS = 5
# Rarer features would be learnt by heart.
MIN_COUNT = 8
# Inverse strength of the L2 penalty; 0.15 to 0.5 score alike on the folds.
INVERSE_PENALTY = 0.3
# Smaller weights change no answer and only make the file longer.
SMALLEST = 0.03
# 88 % of this source's sentences carry no place though most name one: their "none" is no label.
UNMARKED = "Masdar"
# 300 to 500 trees of depth 5 or 6 score within .001 of each other on the folds.
TREES = {"iterations": 300, "depth": 5, "learning_rate": 0.07, "rsm": 0.5}
# Sentences that begin alike fall into one fold.
ALIKE = 40
THRESHOLDS = (0.31, 0.35, 0.39, 0.43)
SEEDS = (1, 2, 3)
# Rows on which the arrays are compared with the trainer.
CHECKED = 2000
WEIGHTS = Path(__file__).parents[1] / "geomap" / "events" / "linking.json"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with one event word: its names, described, and the places of the event."""

    text: str
    source: str
    trigger: Span
    found: tuple[Resolution, ...]
    names: tuple[Name, ...]
    gold: tuple[Span, ...]

    @property
    def right(self) -> list[bool]:
        """Tell of each name whether it is a place of the event."""
        return [any(name.span.overlaps(place) for place in self.gold) for name in self.names]

    @property
    def trusted(self) -> bool:
        """Tell whether a missing place was looked for."""
        return bool(self.gold) or not self.source.startswith(UNMARKED)


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
        held = candidates(text, Span(start=0, end=len(text)), trigger, known, None)
        names = tuple(
            Name(r.mention.span, level(r), 0 if r.place is None else r.place.population)
            for r in held
        )
        gold = tuple(spans["LOCATION"])
        found.append(Sentence(text, row["source"], trigger, tuple(held), names, gold))
    return found


def _spans(row: dict, label: str) -> list[Span]:
    return [Span(start=s["start"], end=s["end"]) for s in row["spans"] if s["label"] == label]


class Matrix:
    """The names of all sentences as rows of yes/no columns."""

    def __init__(self, sentences: list[Sentence]) -> None:
        rows = []
        for s in sentences:
            frame = Frame.of(s.text, s.trigger, s.names)
            for index in range(len(s.names)):
                groups = described(frame, index)
                rows.append([(group, name) for group in GROUPS for name in groups[group]])
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
        self.trusted = np.array([s.trusted for s in sentences for _ in s.names])
        heads = {head: i for i, head in enumerate(dict.fromkeys(s.text[:ALIKE] for s in sentences))}
        self.groups = np.array([heads[s.text[:ALIKE]] for s in sentences for _ in s.names])
        owners = [GROUPS.index(group) for group, _ in self.columns]
        self.members = np.eye(len(GROUPS))[owners]

    def sums(self, fitted: LogisticRegression, rows: np.ndarray) -> np.ndarray:
        """Return the log odds by group; the bias counts as part of the first."""
        found = self.values[rows] @ (self.members * fitted.coef_[0][:, None])
        found[:, 0] += fitted.intercept_[0]
        return found

    def folds(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return (train, test) row numbers; untrusted rows are only ever tested on."""
        split = GroupKFold(FOLDS).split(self.values, self.right, self.groups)
        return [(train[self.trusted[train]], test) for train, test in split]


def linear(matrix: Matrix, train: np.ndarray) -> LogisticRegression:
    """Fit the first step."""
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=300, solver="liblinear")
    return model.fit(matrix.values[train], matrix.right[train])


def held_out_sums(matrix: Matrix) -> np.ndarray:
    """Return the log odds by group of each name, by models that have not seen its sentence."""
    sums = np.zeros((len(matrix.right), len(GROUPS)))
    for train, test in matrix.folds():
        sums[test] = matrix.sums(linear(matrix, train), test)
    return sums


def numbers(sentences: list[Sentence], sums: np.ndarray) -> np.ndarray:
    """Return the rows that the trees see."""
    rows: list[list[float]] = []
    for s in sentences:
        mine = sums[len(rows) : len(rows) + len(s.names)].tolist()
        rows += measured(Frame.of(s.text, s.trigger, s.names), mine)
    return np.array(rows)


def trees(rows: np.ndarray, right: np.ndarray, seed: int) -> CatBoost:
    """Fit the second step."""
    return forests.fit(rows, right, **TREES, random_seed=seed)


def held_out(matrix: Matrix, rows: np.ndarray, seed: int) -> np.ndarray:
    """Return the chance of each name by trees that have not seen its sentence."""
    chances = np.zeros(len(rows))
    for train, test in matrix.folds():
        chances[test] = trees(rows[train], matrix.right[train], seed).predict(
            rows[test], prediction_type="Probability"
        )[:, 1]
    return chances


def score(
    sentences: list[Sentence], chances: np.ndarray, threshold: float, *, rules: bool = False
) -> str:
    """Return precision, recall, F1 and the share of rows all right; a gold place is found once."""
    right = guessed = gold = whole = start = several = several_right = 0
    for sentence in sentences:
        end = start + len(sentence.names)
        mine = chances[start:end].tolist()
        start = end
        if rules:
            stretch = Span(start=0, end=len(sentence.text))
            kept = settled(sentence.text, stretch, sentence.found, mine, threshold)
            taken = [r.mention.span for _, r in kept]
        else:
            pairs = zip(sentence.names, mine, strict=True)
            taken = [name.span for name, chance in pairs if chance >= threshold]
        left = list(sentence.gold)
        for name in taken:
            met = next((place for place in left if place.overlaps(name)), None)
            if met is not None:
                left.remove(met)
        hits = len(sentence.gold) - len(left)
        exact = hits == len(sentence.gold) == len(taken)
        right, guessed, gold = right + hits, guessed + len(taken), gold + len(sentence.gold)
        whole += exact
        several += len(sentence.names) > 1
        several_right += exact and len(sentence.names) > 1
    f1 = 2 * right / max(guessed + gold, 1)
    return (
        f"P {right / max(guessed, 1):.3f} R {right / max(gold, 1):.3f} F1 {f1:.3f}"
        f" all right {whole / len(sentences):.3f}"
        f" (of {several} rows with several names {several_right / max(several, 1):.3f})"
    )


def report(name: str, sentences: list[Sentence], chances: np.ndarray, *, rules: bool) -> None:
    """Print the figures over all rows and over the trusted sources."""
    owner = np.repeat(np.arange(len(sentences)), [len(s.names) for s in sentences])
    kept = np.array([not s.source.startswith(UNMARKED) for s in sentences])
    trusted = [s for s, keep in zip(sentences, kept, strict=True) if keep]
    for threshold in THRESHOLDS:
        print(name, threshold, "all    ", score(sentences, chances, threshold, rules=rules))
        mine = chances[kept[owner]]
        print(name, threshold, "trusted", score(trusted, mine, threshold, rules=rules))


def reliability(sentences: list[Sentence], chances: np.ndarray) -> None:
    """Print how often the chosen names of trusted sources are right, by their chance."""
    said: list[float] = []
    right: list[bool] = []
    for sentence, mine in zip(sentences, _by_sentence(sentences, chances), strict=True):
        if sentence.source.startswith(UNMARKED):
            continue
        whole = Span(start=0, end=len(sentence.text))
        for chance, name in settled(sentence.text, whole, sentence.found, mine, THRESHOLD):
            said.append(chance)
            right.append(any(name.mention.span.overlaps(place) for place in sentence.gold))
    for low in np.arange(0.3, 1.0, 0.1):
        here = [i for i, chance in enumerate(said) if low <= chance < low + 0.1]
        if here:
            mean, share = np.mean([said[i] for i in here]), np.mean([right[i] for i in here])
            print(f"said {mean:.2f} right {share:.2f} of {len(here)}")


def _by_sentence(sentences: list[Sentence], chances: np.ndarray) -> Iterator[list[float]]:
    start = 0
    for sentence in sentences:
        yield chances[start : start + len(sentence.names)].tolist()
        start += len(sentence.names)


def write(sentences: list[Sentence], matrix: Matrix, sums: np.ndarray) -> None:
    """Fit on everything and write the weights into the package.

    The trees learn from held-out log odds, as they will meet them.
    """
    everything = np.flatnonzero(matrix.trusted)
    first = linear(matrix, everything)
    weights: dict[str, dict[str, float]] = {group: {} for group in GROUPS}
    for (group, name), value in zip(matrix.columns, map(float, first.coef_[0]), strict=True):
        if abs(value) >= SMALLEST:
            weights[group][name] = round(value, 3)
    rows = numbers(sentences, sums)[everything]
    second = trees(rows, matrix.right[everything], SEEDS[0])
    held = {
        "bias": round(float(first.intercept_[0]), 3),
        "weights": weights,
        "forest": forests.to_json(second, COLUMNS),
    }
    arrays = from_json(held["forest"]).raw(rows[:CHECKED])
    off = np.abs(arrays - second.predict(rows[:CHECKED])).max()
    print(f"arrays against CatBoost: {off:.4f} log odds apart at most")
    WEIGHTS.write_text(json.dumps(held, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def main() -> None:
    """Print the out-of-fold figures; with --write, fit on everything and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    sentences = read(options.corpus, Gazetteer())
    matrix = Matrix(sentences)
    sums = held_out_sums(matrix)
    report("linear", sentences, 1 / (1 + np.exp(-sums.sum(1))), rules=False)
    if options.write:
        write(sentences, matrix, sums)
    rows = numbers(sentences, sums)
    for seed in SEEDS:
        print(f"seed {seed}")
        chances = held_out(matrix, rows, seed)
        report("trees ", sentences, chances, rules=False)
        report("locate", sentences, chances, rules=True)
    reliability(sentences, chances)


if __name__ == "__main__":
    main()

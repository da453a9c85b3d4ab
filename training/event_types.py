"""Cross-validate the model of event types, and write it.

    D=../shared/data/events/case2021.dev.jsonl
    python training/event_types.py $D            10 times 5 folds
    python training/event_types.py $D --write    fit on all, write

Ridge regression, one score a CASE 2021 label, on hashed words and letters and on the sums of
`lexicon.toml`. The sentences of `event_types.tsv` are our own; they are only ever trained on.
Needs numpy and nothing else.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from geomap.events.grams import LETTER_BUCKETS, WORD_BUCKETS, grams
from geomap.events.model import LETTERS_WEIGHT, WORDS_WEIGHT, labels, lexical
from geomap.events.taxonomy import taxonomy

HERE = Path(__file__).parent
MODEL = HERE.parent / "geomap" / "events" / "typing.npz"
REPEATS = 10
FOLDS = 5
# Chosen on the folds among 0.2, 0.5, 0.7, 1 and 2; anything from 0.5 to 1 gives the same figure.
RIDGE = 0.7
# The pull of the lexicon's sums beside unit vectors of words and letters; 0.05 to 0.1 are level.
LEXICON_PULL = 0.07
# 8-bit weights run from -127 to 127.
STEPS = 127.0


@dataclass(frozen=True, slots=True)
class Data:
    """Rows with their label's number; those from `first_own` on are our own sentences."""

    words: np.ndarray
    letters: np.ndarray
    lexicon: np.ndarray
    label: np.ndarray
    first_own: int


def read(path: Path) -> Data:
    """Read the marked snippets and our own sentences."""
    rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    found = [(row["text"], row["type"]) for row in rows]
    with (HERE / "event_types.tsv").open(encoding="utf-8") as file:
        own = [(text, code) for code, text in csv.reader(file, delimiter="\t")]
    own += [(info.example, code) for code, info in taxonomy().items()]
    found += [(text, taxonomy()[code].case[0]) for text, code in own]
    texts = [text for text, _ in found]
    return Data(
        words=_unit(_dense(texts, 0, WORD_BUCKETS)) * WORDS_WEIGHT,
        letters=_unit(_dense(texts, 1, LETTER_BUCKETS)) * LETTERS_WEIGHT,
        lexicon=np.array([lexical(text) for text in texts]),
        label=np.array([labels().index(case) for _, case in found]),
        first_own=len(rows),
    )


def _dense(texts: list[str], which: int, buckets: int) -> np.ndarray:
    table = np.zeros((len(texts), buckets))
    for row, text in enumerate(texts):
        for bucket, value in grams(text)[which].items():
            table[row, bucket] = value
    return table


def _unit(table: np.ndarray) -> np.ndarray:
    return table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-9)


def folds(label: np.ndarray, seed: int) -> np.ndarray:
    """Deal rows into folds, each label evenly."""
    rng = np.random.default_rng(seed)
    order = sorted(rng.permutation(len(label)), key=lambda row: label[row])
    fold = np.empty(len(label), int)
    fold[order] = (np.arange(len(label)) + rng.integers(FOLDS)) % FOLDS
    return fold


def solve(kernel: np.ndarray, label: np.ndarray, train: np.ndarray) -> np.ndarray:
    """Return the dual weights of the training rows, a column a label."""
    target = np.where(label[train][:, None] == np.arange(len(labels())), 1.0, -1.0)
    system = kernel[np.ix_(train, train)] + RIDGE * np.eye(len(train))
    return np.linalg.solve(system, target - _base(label[train]))


def _base(label: np.ndarray) -> np.ndarray:
    share = np.bincount(label, minlength=len(labels())) / len(label)
    return 2 * share - 1


def weighted_f1(gold: np.ndarray, guess: np.ndarray) -> float:
    """Return the F1 of the labels, each weighted by how often it is gold."""
    total = 0.0
    for number, count in Counter(gold.tolist()).items():
        right = np.sum((gold == number) & (guess == number))
        total += count * 2 * right / (count + np.sum(guess == number))
    return float(total / len(gold))


def held_out(kernel: np.ndarray, data: Data, own: np.ndarray, seed: int) -> np.ndarray:
    """Return the scores of the marked rows, each by a model that has not seen its fold."""
    fold = folds(data.label[: data.first_own], seed)
    scores = np.zeros((data.first_own, len(labels())))
    for number in range(FOLDS):
        train = np.concatenate([np.flatnonzero(fold != number), own])
        test = np.flatnonzero(fold == number)
        dual = solve(kernel, data.label, train)
        scores[test] = kernel[np.ix_(test, train)] @ dual + _base(data.label[train])
    return scores


def report(data: Data) -> None:
    """Print the held-out figures of each part of the recipe, and the commonest confusions."""
    gold = data.label[: data.first_own]
    lexicon = data.lexicon - data.lexicon[: data.first_own].mean(0)
    text = data.words @ data.words.T + data.letters @ data.letters.T
    sums = LEXICON_PULL * lexicon @ lexicon.T
    own = np.arange(data.first_own, len(data.label))
    none = np.arange(0)
    plain = weighted_f1(gold, data.lexicon[: data.first_own].argmax(1))
    print(f"lexicon alone, nothing learned            {plain:.3f}")
    for name, kernel, extra in (
        ("words and letters", text, none),
        ("words and letters, own sentences", text, own),
        ("words, letters and lexicon", text + sums, none),
        ("words, letters, lexicon, own sentences", text + sums, own),
    ):
        runs = [held_out(kernel, data, extra, seed) for seed in range(REPEATS)]
        figures = [weighted_f1(gold, scores.argmax(1)) for scores in runs]
        print(f"{name:<42}{np.mean(figures):.3f} +- {np.std(figures):.3f}")
    confused: Counter[tuple[str, str]] = Counter()
    for scores in runs:
        for was, said in zip(gold, scores.argmax(1), strict=True):
            if was != said:
                confused[labels()[was], labels()[said]] += 1
    for (was, said), count in confused.most_common(12):
        often, whole = count / REPEATS, int(np.sum(gold == labels().index(was)))
        print(f"  {was} read as {said}: {often:.1f} of {whole}")
    print(f"sharpness of the softmax {sharpness(runs[0], gold):.1f}")


def sharpness(scores: np.ndarray, gold: np.ndarray) -> float:
    """Return the factor on the scores that makes their softmax likeliest."""

    def loss(factor: float) -> float:
        values = factor * scores
        top = values.max(1, keepdims=True)
        whole = top[:, 0] + np.log(np.exp(values - top).sum(1))
        return float(np.mean(whole - values[np.arange(len(gold)), gold]))

    return float(min(np.arange(1.0, 15.0, 0.1), key=loss))


def write(data: Data) -> None:
    """Fit on everything and write the weights into the package."""
    mean = data.lexicon[: data.first_own].mean(0)
    lexicon = (data.lexicon - mean) * LEXICON_PULL**0.5
    kernel = data.words @ data.words.T + data.letters @ data.letters.T + lexicon @ lexicon.T
    every = np.arange(len(data.label))
    dual = solve(kernel, data.label, every)
    sums = LEXICON_PULL**0.5 * lexicon.T @ dual
    tables = {}
    for name, table in (("words", data.words.T @ dual), ("letters", data.letters.T @ dual)):
        scale = np.abs(table).max(0) / STEPS
        tables[name] = np.rint(table / scale).astype(np.int8)
        tables[f"{name}_scale"] = scale.astype(np.float32)
    gold = data.label[: data.first_own]
    plain = held_out(kernel, data, every[data.first_own :], 0)
    np.savez_compressed(
        MODEL,
        labels=np.array(labels()),
        lexicon=sums.astype(np.float32),
        base=(_base(data.label) - mean @ sums).astype(np.float32),
        sharpness=np.float32(sharpness(plain, gold)),
        **tables,
    )
    print(f"{MODEL.stat().st_size:,} bytes")


def main() -> None:
    """Run one of the two modes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("snippets", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    data = read(options.snippets)
    if options.write:
        write(data)
    else:
        report(data)


if __name__ == "__main__":
    main()

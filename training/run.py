"""Cross-validate the two place models, and write them.

    python training/run.py ../shared/data/geoparsing/*.dev.jsonl            folds by outlet
    python training/run.py ../shared/data/geoparsing/*.dev.jsonl --leave-one-corpus-out
    python training/run.py ../shared/data/geoparsing/*.dev.jsonl --write    fit on all, write

The first two print the held-out readings, for `geomap evaluate GOLD.jsonl --readings -`.
Needs `pip install '.[train]'`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mentions as mentions_trainer
import resolve as resolve_trainer
from corpora import Gold, folds, read_gold

from geomap import mentions
from geomap.gazetteer import Gazetteer
from geomap.model import Article
from geomap.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from geomap.model import Resolution

FOLDS = 5
PACKAGE = Path(__file__).parents[1] / "geomap"


def readings(train: list[Gold], test: list[Gold], gazetteer: Gazetteer) -> list[dict[str, Any]]:
    """Fit on some articles, read others; return rows as the scorer takes them."""
    rows = [s for article in train for s in mentions_trainer.samples(article, gazetteer)]
    accept, rank = mentions_trainer.fit(rows), resolve_trainer.train(train, gazetteer)
    found = []
    for gold in test:
        article = Article(text=gold.text, id=gold.id)
        names = mentions.find(gold.text, gazetteer, weights=accept)
        resolved = resolve(article, names, gazetteer, weights=rank)
        found.append({"article": {"id": gold.id}, "mentions": [_row(r) for r in resolved]})
    return found


def _row(resolution: Resolution) -> dict[str, Any]:
    place, mention = resolution.place, resolution.mention
    return {
        "start": mention.span.start,
        "end": mention.span.end,
        "kind": mention.kind,
        "place": place and {"id": place.id, "lat": place.lat, "lon": place.lon},
    }


def main() -> None:
    """Run one of the three modes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--leave-one-corpus-out", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    gazetteer = Gazetteer()
    articles = [article for path in options.corpora for article in read_gold(path)]
    if options.write:
        write(articles, gazetteer)
        return
    dealt = folds(articles, FOLDS)
    key: Callable[[Gold], Any] = (
        (lambda a: a.corpus) if options.leave_one_corpus_out else (lambda a: dealt[a.id])
    )
    lines = [
        row
        for fold in sorted({key(a) for a in articles})
        for row in readings(
            [a for a in articles if key(a) != fold],
            [a for a in articles if key(a) == fold],
            gazetteer,
        )
    ]
    for line in lines:
        print(json.dumps(line))


def write(articles: list[Gold], gazetteer: Gazetteer) -> None:
    """Fit on everything and write the weights into the package."""
    rows = [s for article in articles for s in mentions_trainer.samples(article, gazetteer)]
    for stage, weights in (
        ("mentions", mentions_trainer.fit(rows)),
        ("resolve", resolve_trainer.train(articles, gazetteer)),
    ):
        kept = {name: round(value, 4) for name, value in sorted(weights.items()) if value}
        text = json.dumps({"weights": kept}, indent=0, ensure_ascii=False)
        (PACKAGE / stage / "weights.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

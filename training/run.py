"""Cross-validate the two place models, and write them.

    python training/run.py ../shared/data/geoparsing/*.dev.jsonl            folds by outlet
    python training/run.py ../shared/data/geoparsing/*.dev.jsonl --leave-one-corpus-out
    python training/run.py ../shared/data/geoparsing/*.dev.jsonl --unknown  without any homes
    python training/run.py ../shared/data/geoparsing/*.dev.jsonl --outlets  with learned homes
    python training/run.py ../shared/data/geoparsing/*.dev.jsonl --write    fit on all, write

The first four print the held-out readings, for `geomap evaluate GOLD.jsonl --readings -`.
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
from homes import homes_of

from geomap import mentions
from geomap.gazetteer import Gazetteer
from geomap.model import Article, Reading
from geomap.outlets import known_home, learn_homes
from geomap.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from geomap.model import Resolution
    from geomap.outlets import Home

FOLDS = 5
PACKAGE = Path(__file__).parents[1] / "geomap"


def readings(
    train: list[Gold], test: list[Gold], gazetteer: Gazetteer, *, known: bool, outlets: bool
) -> list[dict[str, Any]]:
    """Fit on some articles, read others; return rows as the scorer takes them."""
    homes = homes_of(train, gazetteer)
    accept = mentions_trainer.train(train, gazetteer, homes)
    rank = resolve_trainer.train(train, gazetteer, homes)

    def read(gold: Gold, home: Home | None) -> Reading:
        article = Article(text=gold.text, id=gold.id, source=gold.source)
        named = mentions.find(gold.text, gazetteer, model=accept, home=home)
        resolved = resolve(article, named, gazetteer, model=rank, home=home)
        return Reading(article=article, resolutions=resolved, events=())

    found = [read(gold, known_home(gold.source) if known else None) for gold in test]
    if outlets:
        learned = learn_homes(found)
        found = [read(gold, learned.get(gold.source) or known_home(gold.source)) for gold in test]
    return [
        {"article": {"id": one.article.id}, "mentions": [_row(r) for r in one.resolutions]}
        for one in found
    ]


def _row(resolution: Resolution) -> dict[str, Any]:
    place, mention = resolution.place, resolution.mention
    return {
        "start": mention.span.start,
        "end": mention.span.end,
        "kind": mention.kind,
        "place": place and {"id": place.id, "lat": place.lat, "lon": place.lon},
        "score": resolution.candidates[0].score if resolution.candidates else None,
    }


def main() -> None:
    """Run one of the three modes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--leave-one-corpus-out", action="store_true")
    parser.add_argument("--unknown", action="store_true", help="without the table of outlets")
    parser.add_argument("--outlets", action="store_true", help="learn the homes of outlets first")
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
            known=not options.unknown,
            outlets=options.outlets,
        )
    ]
    for line in lines:
        print(json.dumps(line))


def write(articles: list[Gold], gazetteer: Gazetteer) -> None:
    """Fit on everything and write the weights into the package."""
    homes = homes_of(articles, gazetteer)
    accept = mentions_trainer.train(articles, gazetteer, homes)
    for stage, table in (
        ("mentions", mentions_trainer.to_json(accept)),
        ("resolve", resolve_trainer.to_json(resolve_trainer.train(articles, gazetteer, homes))),
    ):
        text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
        (PACKAGE / stage / "model.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Gold articles as the trainers need them, and the folds that keep an outlet together."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Gold", "folds", "read_gold"]

# GeoWebNews marks these too; they are words about places, not names of them.
NOT_A_PLACE = {"Non_Toponym", "Literal_Expression", "Non_Lit_Expression"}


@dataclass(frozen=True, slots=True)
class Gold:
    """One annotated article."""

    id: str
    corpus: str
    outlet: str
    text: str
    toponyms: dict[tuple[int, int], dict[str, Any]]

    @property
    def source(self) -> str:
        """The publisher, as the corpus names it."""
        return self.outlet.partition("|")[2]


def read_gold(path: Path) -> list[Gold]:
    """Read one corpus; articles without an outlet stand each for themselves."""
    corpus = path.name.split(".")[0]
    rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    return [
        Gold(
            id=row["id"],
            corpus=corpus,
            outlet=f"{corpus}|{row.get('source') or row['id']}",
            text=row["text"],
            toponyms={
                (t["start"], t["end"]): t
                for t in row["toponyms"]
                if t.get("type") not in NOT_A_PLACE
            },
        )
        for row in rows
    ]


def folds(articles: list[Gold], count: int, *, seed: int = 0) -> dict[str, int]:
    """Deal the outlets into folds; return article id -> fold."""
    outlets = sorted({article.outlet for article in articles})
    random.Random(seed).shuffle(outlets)  # noqa: S311 - a shuffle, not a secret
    dealt = {outlet: i % count for i, outlet in enumerate(outlets)}
    return {article.id: dealt[article.outlet] for article in articles}

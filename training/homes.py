"""The homes that an article may be read with in training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.outlets import home_of, is_local, known_home

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpora import Gold

    from geomap.gazetteer import Gazetteer
    from geomap.model import Place
    from geomap.outlets import Home

__all__ = ["homes_of"]


def homes_of(articles: Sequence[Gold], gazetteer: Gazetteer) -> dict[str, tuple[Home, ...]]:
    """Return article id -> the homes of its outlet: the known one, and one learned.

    The latter comes from the marked places of the outlet's other articles.
    """
    told: dict[str, dict[str, list[Place]]] = {}
    for article in articles:
        places = [place for i in _ids(article) if (place := gazetteer.get(f"geonames:{i}"))]
        told.setdefault(article.outlet, {})[article.id] = [p for p in places if is_local(p)]
    found = {}
    for article in articles:
        others = [p for key, p in told[article.outlet].items() if key != article.id and p]
        homes = (known_home(article.source), home_of(others))
        found[article.id] = tuple(home for home in homes if home is not None)
    return found


def _ids(article: Gold) -> Iterable[str]:
    return (t["geonameid"] for t in article.toponyms.values() if t.get("geonameid"))

"""From news text to mapped, queryable, cited incidents - offline.

Names load when they are first used, so that ``import geomap`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geomap import dates
    from geomap.articles import read_articles
    from geomap.errors import (
        ArtefactError,
        ArticleError,
        GazetteerError,
        GeomapError,
        IndexDamagedError,
        InputError,
        OutputError,
        PlaceNotFoundError,
        PublishedError,
    )
    from geomap.gazetteer import Gazetteer
    from geomap.maps import draw
    from geomap.model import (
        Article,
        Candidate,
        Event,
        Incident,
        Mention,
        Place,
        Reading,
        Resolution,
        Span,
        When,
    )
    from geomap.pipeline import Pipeline

__all__ = [
    "ArtefactError",
    "Article",
    "ArticleError",
    "Candidate",
    "Event",
    "Gazetteer",
    "GazetteerError",
    "GeomapError",
    "Incident",
    "IndexDamagedError",
    "InputError",
    "Mention",
    "OutputError",
    "Pipeline",
    "Place",
    "PlaceNotFoundError",
    "PublishedError",
    "Reading",
    "Resolution",
    "Span",
    "When",
    "dates",
    "draw",
    "read_articles",
]

__version__ = "0.1.0"

_HOME = {
    "ArtefactError": "geomap.errors",
    "Article": "geomap.model",
    "ArticleError": "geomap.errors",
    "Candidate": "geomap.model",
    "Event": "geomap.model",
    "Gazetteer": "geomap.gazetteer",
    "GazetteerError": "geomap.errors",
    "GeomapError": "geomap.errors",
    "Incident": "geomap.model",
    "IndexDamagedError": "geomap.errors",
    "InputError": "geomap.errors",
    "Mention": "geomap.model",
    "OutputError": "geomap.errors",
    "Pipeline": "geomap.pipeline",
    "Place": "geomap.model",
    "PlaceNotFoundError": "geomap.errors",
    "PublishedError": "geomap.errors",
    "Reading": "geomap.model",
    "Resolution": "geomap.model",
    "Span": "geomap.model",
    "When": "geomap.model",
    "draw": "geomap.maps",
    "read_articles": "geomap.articles",
}


def __getattr__(name: str) -> object:
    """Load a public name on its first use and keep it."""
    if name == "dates":
        return import_module("geomap.dates")
    if name not in _HOME:
        raise AttributeError(f"module 'geomap' has no attribute {name!r}")
    value: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

"""From news text to mapped, queryable, cited incidents - offline.

Names load when they are first used, so that ``import geomap`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geomap import dates, scale
    from geomap.articles import read_articles
    from geomap.errors import (
        ArtefactError,
        ArticleError,
        CoordinateError,
        EventNotFoundError,
        FetchError,
        FetchTimeoutError,
        GazetteerError,
        GeomapError,
        HttpStatusError,
        IndexDamagedError,
        InputError,
        OfflineError,
        OutputError,
        PlaceNotFoundError,
        PublishedError,
        RefusedAddressError,
        StoreBusyError,
        StoreError,
    )
    from geomap.gazetteer import Gazetteer
    from geomap.geocode import GazetteerGeocoder
    from geomap.maps import draw
    from geomap.maps.still import static_map
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
    from geomap.query import Query
    from geomap.report import embed, write_report
    from geomap.store import Store

__all__ = [
    "ArtefactError",
    "Article",
    "ArticleError",
    "Candidate",
    "CoordinateError",
    "Event",
    "EventNotFoundError",
    "FetchError",
    "FetchTimeoutError",
    "Gazetteer",
    "GazetteerError",
    "GazetteerGeocoder",
    "GeomapError",
    "HttpStatusError",
    "Incident",
    "IndexDamagedError",
    "InputError",
    "Mention",
    "OfflineError",
    "OutputError",
    "Pipeline",
    "Place",
    "PlaceNotFoundError",
    "PublishedError",
    "Query",
    "Reading",
    "RefusedAddressError",
    "Resolution",
    "Span",
    "Store",
    "StoreBusyError",
    "StoreError",
    "When",
    "dates",
    "draw",
    "embed",
    "read_articles",
    "scale",
    "static_map",
    "write_report",
]

__version__ = "0.1.0"

_HOME = {
    "ArtefactError": "geomap.errors",
    "Article": "geomap.model",
    "ArticleError": "geomap.errors",
    "Candidate": "geomap.model",
    "CoordinateError": "geomap.errors",
    "Event": "geomap.model",
    "EventNotFoundError": "geomap.errors",
    "FetchError": "geomap.errors",
    "FetchTimeoutError": "geomap.errors",
    "Gazetteer": "geomap.gazetteer",
    "GazetteerError": "geomap.errors",
    "GazetteerGeocoder": "geomap.geocode",
    "GeomapError": "geomap.errors",
    "HttpStatusError": "geomap.errors",
    "Incident": "geomap.model",
    "IndexDamagedError": "geomap.errors",
    "InputError": "geomap.errors",
    "Mention": "geomap.model",
    "OfflineError": "geomap.errors",
    "OutputError": "geomap.errors",
    "Pipeline": "geomap.pipeline",
    "Place": "geomap.model",
    "PlaceNotFoundError": "geomap.errors",
    "PublishedError": "geomap.errors",
    "Query": "geomap.query",
    "Reading": "geomap.model",
    "RefusedAddressError": "geomap.errors",
    "Resolution": "geomap.model",
    "Span": "geomap.model",
    "Store": "geomap.store",
    "StoreBusyError": "geomap.errors",
    "StoreError": "geomap.errors",
    "When": "geomap.model",
    "draw": "geomap.maps",
    "embed": "geomap.report",
    "read_articles": "geomap.articles",
    "static_map": "geomap.maps.still",
    "write_report": "geomap.report",
}


_MODULES = frozenset({"dates", "scale"})


def __getattr__(name: str) -> object:
    """Load a public name on its first use and keep it."""
    if name in _MODULES:
        return import_module(f"geomap.{name}")
    if name not in _HOME:
        raise AttributeError(f"module 'geomap' has no attribute {name!r}")
    value: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

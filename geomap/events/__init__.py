"""Events: what happened, where, when, to whom, and whether it is asserted.

`extract` reads an article's events; `classify` types any text; `locate` answers where the event at
a word of the text happened; `taxonomy` is the table of types.
"""

from __future__ import annotations

from geomap.events.classify import classify
from geomap.events.extract import extract
from geomap.events.taxonomy import TypeInfo, taxonomy
from geomap.events.where import locate

__all__ = ["TypeInfo", "classify", "extract", "locate", "taxonomy"]

"""Name -> places: the embedded gazetteer, offline.

`Gazetteer` answers look-ups; `index` builds what it reads, once, into the user's cache.
"""

from __future__ import annotations

from geomap.gazetteer.lookup import Gazetteer, Named, NameKind, distance_km, prominence

__all__ = ["Gazetteer", "NameKind", "Named", "distance_km", "prominence"]

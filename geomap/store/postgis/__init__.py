"""A store in a PostgreSQL database with PostGIS, for several machines and other programs."""

from __future__ import annotations

from geomap.store.postgis.backend import PostGIS

__all__ = ["PostGIS"]

"""Readings in one GeoPackage; events out of it by place, time and kind, each with its proof."""

from __future__ import annotations

from geomap.store.base import AddReport, Change, Provenance, RerunReport, Run
from geomap.store.core import Store
from geomap.store.explain import Explanation

__all__ = ["AddReport", "Change", "Explanation", "Provenance", "RerunReport", "Run", "Store"]

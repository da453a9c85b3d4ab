"""Simplified outlines of the countries and their first-order divisions, from Natural Earth."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from entries import distance_km, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from entries import Entry
    from shapely.geometry.base import BaseGeometry

__all__ = ["outlines"]

# Tolerance of the simplification in degrees, about 1.3 km: between Natural Earth's 1:10 and 1:50
# million, and what keeps the file below 4 MB.
_TOLERANCE = 0.012

# Coordinates are kept to 0.001 degree (100 m), a twelfth of the tolerance.
_GRID = 0.001

# GeoNames knows five orders of divisions, so a piece is at most four steps below the first.
_MOST_ORDERS = 5

# Divisions that were merged after Natural Earth drew them, by its id of the old one: the Federally
# Administered Tribal Areas became part of Khyber Pakhtunkhwa in 2018.
_MERGED = {1179245: 1168873}

# Territories with an ISO code of their own that Natural Earth's `iso_a2` counts to their state, by
# its code of the unit.
_COUNTRY_OF = {
    "BVT": "BV",
    "CCK": "CC",
    "CXR": "CX",
    "GLP": "GP",
    "GUF": "GF",
    "MTQ": "MQ",
    "MYT": "YT",
    "NJM": "SJ",
    "NSV": "SJ",
    "REU": "RE",
}


def outlines(
    features: Iterable[dict[str, Any]],
    entries: Mapping[str, Entry],
    parents: Mapping[int, int],
) -> list[dict[str, Any]]:
    """Return the outlines of countries and first-order divisions, neighbours sharing their edges.

    Parameters
    ----------
    features
        Natural Earth's first-order divisions as GeoJSON features.
    entries
        The places by id: ids, names and countries come from there, not from the features.
    parents
        GeoNames's administrative hierarchy, child to parent: where Natural Earth draws the
        second order, its pieces are joined to the first.

    Returns
    -------
    list[dict[str, Any]]
        id, kind, country, name and wkb (WGS 84, longitude first) of each shape. A division that
        no place stands for is left out, but is part of its country.
    """
    countries = {e.country: e for e in entries.values() if e.feature.startswith("PCL")}
    pieces, owners = _pieces(features, entries, parents)
    simple = shapely.coverage_simplify(np.array(pieces), _TOLERANCE)
    by_country, by_province = defaultdict(list), defaultdict(list)
    for piece, (country, province) in zip(simple, owners, strict=True):
        by_country[country].append(piece)
        if province:
            by_province[province].append(piece)
    rows = [
        _row(entries[province], "admin1", parts) for province, parts in sorted(by_province.items())
    ]
    rows += [
        _row(countries[country], "country", parts)
        for country, parts in sorted(by_country.items())
        if country in countries
    ]
    return [row for row in rows if row is not None]


def _pieces(
    features: Iterable[dict[str, Any]], entries: Mapping[str, Entry], parents: Mapping[int, int]
) -> tuple[list[BaseGeometry], list[tuple[str, str | None]]]:
    by_country = defaultdict(list)
    for entry in entries.values():
        if entry.feature == "ADM1" and entry.country:
            by_country[entry.country].append(entry)
    pieces: list[BaseGeometry] = []
    owners: list[tuple[str, str | None]] = []
    for feature in features:
        properties = feature["properties"]
        shape = shapely.make_valid(shapely.geometry.shape(feature["geometry"]))
        country = _country(properties)
        province = _by_id(properties, entries, parents) or _by_name(
            properties, shape, by_country[country]
        )
        # The gazetteer decides which country a division counts to.
        pieces.append(shape)
        owners.append((province.country or country, province.id) if province else (country, None))
    return pieces, owners


def _country(properties: Mapping[str, Any]) -> str:
    if str(properties.get("iso_3166_2")).startswith("NL-BQ"):
        return "BQ"
    return _COUNTRY_OF.get(str(properties.get("gu_a3")), str(properties.get("iso_a2")))


def _by_id(
    properties: Mapping[str, Any], entries: Mapping[str, Entry], parents: Mapping[int, int]
) -> Entry | None:
    geonameid: int | None = int(properties.get("gn_id") or 0)
    for _ in range(_MOST_ORDERS):
        geonameid = _MERGED.get(geonameid or 0, geonameid)
        entry = entries.get(f"geonames:{geonameid}")
        if entry is not None and entry.feature == "ADM1":
            return entry
        geonameid = parents.get(geonameid or 0)
    return None


def _by_name(
    properties: Mapping[str, Any], shape: BaseGeometry, candidates: Iterable[Entry]
) -> Entry | None:
    labels = {fold(str(properties.get(k) or "")) for k in ("name", "name_en", "gn_name")} - {""}
    named = [e for e in candidates if labels & {fold(e.name), *map(fold, e.names)}]
    if not named:
        return None
    centre = shapely.centroid(shape)
    return min(named, key=lambda e: (distance_km(e.lat, e.lon, centre.y, centre.x), e.id))


def _row(entry: Entry, kind: str, parts: list[BaseGeometry]) -> dict[str, Any] | None:
    whole = shapely.set_precision(shapely.union_all(parts), _GRID)
    polygons = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"]
    if not polygons:
        return None
    shape = shapely.normalize(shapely.MultiPolygon(polygons) if len(polygons) > 1 else polygons[0])
    return {
        "id": entry.id,
        "kind": kind,
        "country": entry.country,
        "name": entry.name,
        "wkb": shapely.to_wkb(shape, byte_order=1),
    }

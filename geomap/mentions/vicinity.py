"""How the places of a name lie to where the article's publisher is at home, where that is known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from geomap.gazetteer import EARTH_RADIUS_KM, unit_vector
from geomap.mentions.entries import NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomap.gazetteer import Named
    from geomap.mentions.evidence import Evidence
    from geomap.outlets import Home

__all__ = ["COLUMNS", "vicinity"]

COLUMNS = (
    "home is known",
    "home distance",
    "rank near home",
    "rank in home's province",
    "rank in home's country",
)
# What a local paper's readers drive to in an hour.
_NEAR_KM = 80.0
# Nearer than this is the same place; half around the Earth is as far as it gets.
_SAME_KM, _FARTHEST_KM = 5.0, 20_000.0
_NOWHERE = (math.log10(_FARTHEST_KM), NONE, NONE, NONE)


def vicinity(e: Evidence) -> NDArray[np.float64]:
    """Return how each stretch's places lie to the home.

    Parameters
    ----------
    e
        What is known of the stretches.

    Returns
    -------
    numpy.ndarray
        A row a stretch, a column for each of `COLUMNS`; all rows are alike without a home, and for
        a national publisher, which reports from everywhere.
    """
    home = e.home
    if home is None or home.scope == "national":
        return np.tile((0.0, *_NOWHERE), (len(e.stretches), 1))
    middle = np.array(unit_vector(home.lat, home.lon))
    row_of: dict[str | None, tuple[float, ...]] = {None: _NOWHERE}
    for name, entry in e.entries.items():
        row_of[name] = _lie(entry.places, home, middle)
    return np.array([(1.0, *row_of[s.name]) for s in e.stretches])


def _lie(places: Sequence[Named], home: Home, middle: NDArray[np.float64]) -> tuple[float, ...]:
    cosines = np.array([n.vector for n in places]) @ middle
    km = (EARTH_RADIUS_KM * np.arccos(np.clip(cosines, -1.0, 1.0))).tolist()
    national = [n for n in places if n.place.country == home.country]
    provincial = [n for n in national if n.place.admin1 == home.admin1]
    return (
        math.log10(max(_SAME_KM, min(km))),
        max((n.rank for n, k in zip(places, km, strict=True) if k <= _NEAR_KM), default=NONE),
        max((n.rank for n in provincial), default=NONE),
        max((n.rank for n in national), default=NONE),
    )

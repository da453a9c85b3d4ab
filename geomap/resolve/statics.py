"""What the passes of the ranker share: what a name and its places say whatever else is believed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomap.folding import fold
from geomap.gazetteer import EARTH_RADIUS_KM, from_own_table
from geomap.resolve.units import CUES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.gazetteer import Named
    from geomap.resolve.units import Unit

__all__ = ["NO_DISTANCE", "SAME_SPOT_KM", "Near", "Statics"]

# Nearer than this is the same spot: a town and its district.
SAME_SPOT_KM = 10.0
# Stands for the logarithm of a distance that there is none of: more than half around the Earth.
NO_DISTANCE = 5.0
# Rows of the table of distances that are worked out at once: 3,000 names stay below 30 MB.
_CHUNK = 1024


@dataclass(frozen=True, slots=True)
class Near:
    """How the places of all strings lie to what the other strings are taken for.

    One number a place, in the order of the units: kilometres to the nearest one (infinite where
    there is none), the unit that is, how many lie within 50 and within 500 km, and the mean of the
    decimal logarithms of the distances.
    """

    km: list[float]
    unit: list[int]
    within_50: list[int]
    within_500: list[int]
    mean_log: list[float]


class Statics:
    """Features of the places of some units that stay the same over the passes.

    Parameters
    ----------
    units
        The strings of one article.
    """

    def __init__(self, units: Sequence[Unit]) -> None:
        self.offsets = np.cumsum([0, *(len(unit.places) for unit in units)]).tolist()
        self.own = [[_own_features(unit, p) for p in range(len(unit.places))] for unit in units]
        self.measures = [_own_measures(unit, len(units)) for unit in units]
        places = [named for unit in units for named in unit.places]
        numbers: dict[str, int] = {}
        self._ids = np.array(
            [numbers.setdefault(n.place.id, len(numbers)) for n in places], dtype=np.intp
        )
        self._numbers = numbers
        self._vectors = np.array([n.vector for n in places]).reshape(-1, 3)
        # Two places of one string say nothing of one another: "Paris, Texas" and "Paris, France".
        strings = {key: number for number, key in enumerate({unit.key: None for unit in units})}
        self._string_of = np.array([strings[unit.key] for unit in units], dtype=np.intp)
        self._strings = np.repeat(self._string_of, [len(unit.places) for unit in units])

    def near(self, picks: Sequence[tuple[int, Named]]) -> Near | None:
        """Measure how every place lies to the picks of the other units.

        Parameters
        ----------
        picks
            Units and what they are taken for.

        Returns
        -------
        Near or None
            None where there are no picks. A pick of the place itself does not count.
        """
        if not picks or not len(self._vectors):
            return None
        vectors = np.array([named.vector for _, named in picks]).T
        ids = np.array([self._numbers[named.place.id] for _, named in picks])
        units = np.array([u for u, _ in picks])
        strings = self._string_of[units]
        found = Near([], [], [], [], [])
        for start in range(0, len(self._vectors), _CHUNK):
            rows = slice(start, start + _CHUNK)
            cosines = self._vectors[rows] @ vectors
            other = (self._strings[rows, None] != strings) & (self._ids[rows, None] != ids)
            km = EARTH_RADIUS_KM * np.arccos(np.clip(cosines, -1.0, 1.0))
            km[~other] = np.inf
            nearest = km.argmin(axis=1)
            logs = np.where(other, np.log10(np.maximum(km, SAME_SPOT_KM)), 0.0)
            counts = other.sum(axis=1)
            mean = np.where(counts > 0, logs.sum(axis=1) / np.maximum(counts, 1), NO_DISTANCE)
            found.km.extend(km.min(axis=1).tolist())
            found.unit.extend(units[nearest].tolist())
            found.within_50.extend((km < 50).sum(axis=1).tolist())  # noqa: PLR2004 - in the name
            found.within_500.extend((km < 500).sum(axis=1).tolist())  # noqa: PLR2004
            found.mean_log.extend(mean.tolist())
        return found


def _own_features(unit: Unit, p: int) -> dict[str, float]:
    """Return what the place and its name alone say."""
    named, prior = unit.places[p], unit.priors[p]
    place, best = named.place, max(unit.priors)
    found = {
        named.kind: 1.0,
        "prominence": prior,
        "behind": prior - best,
        f"feature {_coarse(place.feature, named.feature_class)}": 1.0,
    }
    if prior == best:
        found["most prominent"] = 1.0
    if place.feature == "PPLC":
        found["capital"] = 1.0
    if place.feature.startswith("PCL"):
        found["country"] = 1.0
    if named.listed or from_own_table(place.id):
        found["own entry"] = 1.0
    if place.feature.startswith("ADM") and any(
        n.feature_class == "P"
        and n.kind in {"canonical", named.kind}
        and (n.place.country, n.place.admin1) == (place.country, place.admin1)
        for n in unit.places
    ):
        found["unit around its town"] = 1.0
    if unit.cue:
        fits = place.feature.startswith(CUES[unit.cue])
        word = "unit word" if CUES[unit.cue][0].startswith("ADM") else "word"
        found[f"{'fits' if fits else 'unlike'} its {word}"] = 1.0
        if fold(place.name) == f"{unit.key} {unit.cue}":
            found["its full name"] = 1.0
    return found


def _coarse(feature: str, feature_class: str) -> str:
    if feature.startswith(("PCL", "ADM1", "ADM2", "PPLC", "PPLA", "PPLX", "RGN", "CONT")):
        return feature[:4]
    return feature_class


def _own_measures(unit: Unit, strings: int) -> list[dict[str, float]]:
    """Return the numbers of a unit's places that only the trees can make use of."""
    shared = {
        "namesakes": float(len(unit.places)),
        "mentions": float(len(unit.members)),
        "strings": float(strings),
        "first": float(unit.members[0]),
        "shorter form": float(unit.reduced),
    }
    ahead = _ahead(unit, range(len(unit.places)))
    by_country: dict[str | None, list[int]] = {}
    classes: dict[tuple[str | None, str | None], set[str]] = {}
    for p, named in enumerate(unit.places):
        by_country.setdefault(named.place.country, []).append(p)
        region = named.place.country, named.place.admin1
        classes.setdefault(region, set()).add(named.feature_class)
    at_home = {p: n for group in by_country.values() for p, n in _ahead(unit, group).items()}
    found = []
    for p, named in enumerate(unit.places):
        place = named.place
        # Of a town and the unit around it both stand in the list: 1 is the unit, 2 the town.
        twin = len(classes[place.country, place.admin1]) > 1
        found.append(
            shared
            | {
                "population": math.log10(place.population + 1),
                "rank": float(ahead[p]),
                "rank in its country": float(at_home[p]),
                "has an id": float(place.id.startswith("geonames:")),
                "twin": (1.0 if named.feature_class == "A" else 2.0) if twin else 0.0,
            }
        )
    return found


def _ahead(unit: Unit, group: Sequence[int]) -> dict[int, int]:
    """Count for each place of a group those of it that are more prominent."""
    order = sorted(group, key=lambda p: -unit.priors[p])
    found: dict[int, int] = {}
    for at, p in enumerate(order):
        before = order[at - 1] if at else None
        tied = before is not None and unit.priors[before] == unit.priors[p]
        found[p] = found[before] if tied and before is not None else at
    return found

"""What a name and its places say whatever the article: worked out once for each name."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

import numpy as np

from geomap.gazetteer import NameKind, from_own_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomap.gazetteer import Named

__all__ = ["COLUMNS", "Name", "name_of", "people_of"]

_KINDS = get_args(NameKind)
# Evidence of the conditional logit and of the trees, then what the trees alone can make use of.
COLUMNS = (
    *_KINDS,
    "prominence",
    "behind",
    "most prominent",
    "capital",
    "country",
    "own entry",
    "unit around its town",
    "namesakes",
    "population",
    "rank",
    "rank in its country",
    "has an id",
    "twin",
)


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """The places of a name, in no particular order.

    Parameters
    ----------
    places
        The places; may be empty.
    ranks
        How prominent each is.
    columns
        The numbers of `COLUMNS`, a row a place.
    vectors
        The points on the unit sphere, a row a place.
    features
        The feature codes, cut short to what makes a difference.
    best
        The number of the most prominent place; -1 where there is none.
    """

    places: tuple[Named, ...]
    ranks: tuple[float, ...]
    columns: NDArray[np.float64]
    vectors: NDArray[np.float64]
    features: tuple[str, ...]
    best: int


def name_of(places: tuple[Named, ...]) -> Name:
    """Sum up the places of a name."""
    ranks = tuple(n.rank for n in places)
    return Name(
        places=places,
        ranks=ranks,
        columns=np.array(_columns(places, ranks)).reshape(len(places), len(COLUMNS)),
        vectors=np.array([n.vector for n in places]).reshape(len(places), 3),
        features=tuple(_coarse(n.place.feature, n.feature_class) for n in places),
        best=max(range(len(ranks)), key=ranks.__getitem__, default=-1),
    )


def people_of(places: tuple[Named, ...]) -> Name:
    """Sum up the places whose people or adjective a name is; all of them where it is none's."""
    return name_of(tuple(n for n in places if n.kind == "demonym") or places)


def _columns(places: Sequence[Named], ranks: Sequence[float]) -> list[tuple[float, ...]]:
    best = max(ranks, default=0.0)
    ahead = _ahead(ranks, range(len(places)))
    by_country: dict[str | None, list[int]] = {}
    classes: dict[tuple[str | None, str | None], set[str]] = {}
    for p, named in enumerate(places):
        by_country.setdefault(named.place.country, []).append(p)
        region = named.place.country, named.place.admin1
        classes.setdefault(region, set()).add(named.feature_class)
    at_home = {p: n for group in by_country.values() for p, n in _ahead(ranks, group).items()}
    towns = {(n.place.country, n.place.admin1, n.kind) for n in places if n.feature_class == "P"}
    found = []
    for p, named in enumerate(places):
        place, rank = named.place, ranks[p]
        region = place.country, place.admin1
        # Of a town and the unit around it both stand in the list: 1 is the unit, 2 the town.
        twin = len(classes[region]) > 1
        around = {(*region, "canonical"), (*region, named.kind)}
        found.append(
            (
                *(float(named.kind == kind) for kind in _KINDS),
                rank,
                rank - best,
                float(rank == best),
                float(place.feature == "PPLC"),
                float(place.feature.startswith("PCL")),
                float(named.listed or from_own_table(place.id)),
                float(place.feature.startswith("ADM") and not towns.isdisjoint(around)),
                float(len(places)),
                math.log10(place.population + 1),
                float(ahead[p]),
                float(at_home[p]),
                float(place.id.startswith("geonames:")),
                (1.0 if named.feature_class == "A" else 2.0) if twin else 0.0,
            )
        )
    return found


def _coarse(feature: str, feature_class: str) -> str:
    if feature.startswith(("PCL", "ADM1", "ADM2", "PPLC", "PPLA", "PPLX", "RGN", "CONT")):
        return feature[:4]
    return feature_class


def _ahead(ranks: Sequence[float], group: Sequence[int]) -> dict[int, int]:
    """Count for each place of a group those of it that are more prominent."""
    order = sorted(group, key=lambda p: -ranks[p])
    found: dict[int, int] = {}
    for at, p in enumerate(order):
        before = order[at - 1] if at else None
        tied = before is not None and ranks[before] == ranks[p]
        found[p] = found[before] if tied and before is not None else at
    return found

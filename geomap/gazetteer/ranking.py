"""Which of several places of one name is meant when all that is known is the name."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from geomap.gazetteer.geodesy import unit_vector
from geomap.model import Candidate, Place

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "KINDS",
    "OWN",
    "NameKind",
    "Named",
    "from_own_table",
    "is_own",
    "prominence",
    "scored",
    "standing",
]

NameKind = Literal["canonical", "abbreviation", "alternate", "historic", "demonym"]
# In the order of `index.KIND_RANKS`.
KINDS: tuple[NameKind, ...] = ("canonical", "abbreviation", "demonym", "alternate", "historic")
# Points of prominence that a weaker kind of name costs: one point is a factor of ten in population.
_KIND_COST: dict[NameKind, float] = {
    "canonical": 0.0,
    "abbreviation": 0.0,
    "alternate": 2.0,
    "historic": 1.5,
    "demonym": 0.5,
}
# Notable places that have no population, as if so many powers of ten lived there. Seas and
# continents are named worldwide; a stream or a hill usually only by its neighbours.
_CLASS_PROMINENCE = {"A": 2.5, "P": 1.5, "L": 4.0, "H": 3.0, "T": 3.0, "S": 2.0}
_FEATURE_PROMINENCE = {
    "PCLI": 3.0,
    "PCLD": 1.5,
    "PCLS": 2.5,
    "PCLIX": 2.0,
    "TERR": 1.5,
    "PPLC": 2.5,
    "PPLA": 0.6,
    "CONT": 5.0,
    "OCN": 5.0,
    "SEA": 3.5,
    "PPLX": -1.5,
    "PPLH": -2.0,
    "PPLQ": -2.0,
    "ADM2": -0.6,
    "ADM3": -1.0,
    "ADM4": -1.2,
    "ADM1H": -1.5,
}
# Entries of our own tables are there because news names them; those of longer lists are not.
_TABLE_PROMINENCE = 3.0
# The beginning of the ids that we gave, to places whose GeoNames id we do not know.
OWN = "geomap:"
_DERIVED = ("geomap:zip.", "geomap:airport.")
# A user's own place outranks its namesakes but for the metropolises, in whatever text it stands.
_USER_PROMINENCE = 4.0
# In a look-up it comes first whatever it is called: no two places differ by ten powers of ten.
_USER_STANDING = 10.0


@dataclass(frozen=True, slots=True)
class Named:
    """A place under one of its names.

    `listed` tells whether we wrote the place down ourselves, as one that news names. `rank` is its
    `prominence`, `vector` the point on the unit sphere; both are worked out once.
    """

    place: Place
    kind: NameKind
    feature_class: str
    listed: bool = False
    rank: float = field(init=False, compare=False)
    vector: tuple[float, float, float] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        rank = prominence(self.place, self.feature_class, listed=self.listed)
        object.__setattr__(self, "rank", rank)
        object.__setattr__(self, "vector", unit_vector(self.place.lat, self.place.lon))


def prominence(place: Place, feature_class: str, *, listed: bool = False) -> float:
    """Say how likely news means this place when all that is known is its name.

    Parameters
    ----------
    place
        A place of the gazetteer.
    feature_class
        Its GeoNames class, one letter.
    listed
        Whether our own tables have it although its id is of GeoNames (`Named.listed`).

    Returns
    -------
    float
        The decimal logarithm of the population, or a stand-in where there is none, with a bonus
        for countries, capitals and the user's own places: a capital outranks the province of its
        name.
    """
    bonus = _FEATURE_PROMINENCE.get(place.feature, 0.0)
    if listed or from_own_table(place.id):
        bonus += _TABLE_PROMINENCE
    elif place.id.startswith("user:"):
        bonus += _USER_PROMINENCE
    if place.population:
        return math.log10(place.population + 10) + bonus
    return _CLASS_PROMINENCE.get(feature_class, 2.0) + bonus


def is_own(place_id: str) -> bool:
    """Tell whether an id is one of ours, as of places whose GeoNames id we do not know."""
    return place_id.startswith(OWN)


def from_own_table(place_id: str) -> bool:
    """Tell whether a place is there because we wrote it down."""
    return is_own(place_id) and not place_id.startswith(_DERIVED)


def standing(named: Named) -> float:
    """Return the rank of a place among its namesakes: its prominence less what the name costs."""
    own = _USER_STANDING if named.place.id.startswith("user:") else 0.0
    return own + named.rank - _KIND_COST[named.kind]


def scored(
    named: Sequence[Named], reasons: Sequence[tuple[str, ...]], ceiling: float
) -> list[Candidate]:
    """Share a score among places by ten to the power of their standing.

    Parameters
    ----------
    named
        The places; may be empty.
    reasons
        Why each is a candidate, in the same order.
    ceiling
        The sum of all scores, 0 to 1.

    Returns
    -------
    list of Candidate
        Best first; equals stand by id.
    """
    if not named:
        return []
    ranks = [standing(n) for n in named]
    weights = [10 ** (rank - max(ranks)) for rank in ranks]
    total = sum(weights)
    candidates = [
        Candidate(place=n.place, score=ceiling * weight / total, reasons=why)
        for n, weight, why in zip(named, weights, reasons, strict=True)
    ]
    order = sorted(range(len(named)), key=lambda i: (-ranks[i], named[i].place.id))
    return [candidates[i] for i in order]

"""What the gazetteer says of a name whatever the article: worked out once for each name."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geomap.gazetteer import from_own_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geomap.gazetteer import Named

__all__ = ["NONE", "NUMBERS", "Believed", "Entry", "Label", "is_demonym"]

# Stands for a rank that there is none of: below everything that occurs.
NONE = -1.0
_KINDS = {"canonical": 0.0, "alternate": 1.0, "abbreviation": 2.0, "demonym": 3.0}
_CLASSES = {letter: float(number) for number, letter in enumerate("APHLSTVRU")}
_OTHER_KIND, _OTHER_CLASS = 4.0, 9.0
# News names countries and provinces of more than this prominence for certain by their own name.
_CERTAIN = 7.0
# More namesakes than this are looked up no more: the rest is obscure.
_PLACES = 30
# What a kind of name but the usual one is worth, and how fast belief follows prominence.
_OTHER_KIND_WORTH, _STEEPNESS = 0.8, 1.2

# A country's code, and the name of a province in it or None.
Region = tuple[str | None, str | None]

NUMBERS = (
    "kind",
    "rank",
    "namesakes",
    "rank canonical",
    "rank other kind",
    "rank as unit",
    "rank as town",
    "population",
    "class",
    "is country",
    "is province",
    "own table",
    "demonym too",
)


class Label(NamedTuple):
    """How a name stands in the gazetteer, in the words of the yes/no features.

    Kind of the name, class, feature code, whole rank and number of namesakes (as a power of two) of
    the most prominent place, and all kinds that the name is of.
    """

    kind: str
    letter: str
    feature: str
    rank: int
    namesakes: int
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Believed:
    """A name's most prominent places, and the belief in each by their prominence alone.

    `vectors` are their points on the unit sphere, `countries` and `provinces` where they lie, and
    `ballot` how the belief is shared among these.
    """

    places: tuple[Named, ...]
    shares: tuple[float, ...]
    vectors: NDArray[np.float64]
    countries: frozenset[Region]
    provinces: frozenset[Region]
    ballot: dict[Region, float]

    @classmethod
    def of(cls, named: tuple[Named, ...]) -> Believed:
        """Share the belief among the places of a name."""
        places = tuple(sorted(named, key=lambda n: (-n.rank, n.place.id))[:_PLACES])
        worth = [n.rank * (1.0 if n.kind == "canonical" else _OTHER_KIND_WORTH) for n in places]
        raised = [math.exp(_STEEPNESS * (rank - max(worth))) for rank in worth]
        total = math.fsum(raised)
        shares = tuple(share / total for share in raised)
        ballot: dict[Region, float] = {}
        for n, share in zip(places, shares, strict=True):
            place = n.place
            regions: list[Region] = [(place.country, None)]
            if place.admin1 and (n.feature_class != "A" or place.feature == "ADM1"):
                regions.append((place.country, place.admin1))
            for region in regions:
                ballot[region] = ballot.get(region, 0.0) + share
        return cls(
            places=places,
            shares=shares,
            vectors=np.array([n.vector for n in places]),
            countries=frozenset((n.place.country, None) for n in places),
            provinces=frozenset(
                (n.place.country, n.place.admin1) for n in places if n.place.admin1
            ),
            ballot=ballot,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A name that the gazetteer knows.

    Parameters
    ----------
    places
        The places that bear it.
    best
        Its most prominent place.
    rank
        How prominent that is.
    label
        How it stands in the gazetteer, for the yes/no features.
    numbers
        The same in `NUMBERS`.
    countries
        The highest rank in each country, all classes of places.
    provinces
        The highest rank in each province of a country, administrative units apart.
    homes
        The countries of these, as regions.
    certain_region
        The country or province that it names beyond doubt, or None.
    demonym
        Whether it is first of all the name of a people.
    believed
        Its most prominent places.
    """

    places: tuple[Named, ...]
    best: Named
    rank: float
    label: Label
    numbers: tuple[float, ...]
    countries: dict[str | None, float]
    provinces: dict[Region, float]
    homes: frozenset[Region]
    certain_region: Region | None
    demonym: bool
    believed: Believed

    @classmethod
    def of(cls, places: tuple[Named, ...]) -> Entry:
        """Sum up the places of a name; at least one."""
        best = max(places, key=lambda n: (n.rank, n.place.id))
        countries: dict[str | None, float] = {}
        provinces: dict[Region, float] = {}
        for n in places:
            country, province = n.place.country, (n.place.country, n.place.admin1)
            countries[country] = max(countries.get(country, n.rank), n.rank)
            if n.feature_class != "A":
                provinces[province] = max(provinces.get(province, n.rank), n.rank)
        return cls(
            places=places,
            best=best,
            rank=best.rank,
            label=Label(
                kind=best.kind,
                letter=best.feature_class,
                feature=best.place.feature,
                rank=min(9, int(best.rank)),
                namesakes=min(4, len(places).bit_length()),
                kinds=tuple(sorted({n.kind for n in places})),
            ),
            numbers=_numbers(best, places),
            countries=countries,
            provinces=provinces,
            homes=frozenset((country, None) for country, _ in provinces),
            certain_region=_certain_region(best),
            demonym=is_demonym(places),
            believed=Believed.of(places),
        )


def _numbers(best: Named, places: tuple[Named, ...]) -> tuple[float, ...]:
    return (
        _KINDS.get(best.kind, _OTHER_KIND),
        best.rank,
        math.log2(len(places) + 1),
        max((n.rank for n in places if n.kind == "canonical"), default=NONE),
        max((n.rank for n in places if n.kind != "canonical"), default=NONE),
        max((n.rank for n in places if n.feature_class == "A"), default=NONE),
        max((n.rank for n in places if n.feature_class == "P"), default=NONE),
        math.log10(max(n.place.population for n in places) + 1),
        _CLASSES.get(best.feature_class, _OTHER_CLASS),
        float(best.place.feature.startswith("PCL")),
        float(best.place.feature == "ADM1"),
        float(from_own_table(best.place.id)),
        float(any(n.kind == "demonym" for n in places)),
    )


def _certain_region(best: Named) -> Region | None:
    place = best.place
    if place.feature.startswith("PCL") and best.rank > _CERTAIN:
        return place.country, None
    if place.feature == "ADM1" and best.kind == "canonical":
        return place.country, place.admin1
    return None


def is_demonym(places: tuple[Named, ...]) -> bool:
    """Tell whether a name of some places is first of all that of a people."""
    people = others = float("-inf")
    for named in places:
        if named.kind == "demonym":
            people = max(people, named.rank)
        elif named.kind == "canonical":
            others = max(others, named.rank)
    return people > others

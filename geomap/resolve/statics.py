"""What the passes of the ranker share: what a name and its places say whatever else is believed.

All places of an article stand in one row after the other, those of each unit together. A column
holds one number for each of them.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import numpy as np

from geomap.folding import fold
from geomap.gazetteer import EARTH_RADIUS_KM
from geomap.resolve.names import COLUMNS as NAME_COLUMNS
from geomap.resolve.units import CUES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomap.gazetteer import Named
    from geomap.model import Mention, Place
    from geomap.resolve.units import Unit

    Column = NDArray[np.float64]

__all__ = ["NO_DISTANCE", "SAME_SPOT_KM", "Near", "Statics", "contains", "folded"]

# Nearer than this is the same spot: a town and its district.
SAME_SPOT_KM = 10.0
# Stands for the logarithm of a distance that there is none of: more than half around the Earth.
NO_DISTANCE = 5.0
# Rows of the table of distances that are worked out at once: 3,000 names stay below 30 MB.
_CHUNK = 1024
# Between two names of one chain stand at most so many characters: "Bannu district of Khyber ...".
_CHAIN_GAP = 26
_CHAIN_WORDS = frozenset(
    {
        "of",
        "in",
        "district",
        "province",
        "county",
        "state",
        "the",
        "s",
        "city",
        "town",
        "village",
        "region",
        "area",
        "capital",
        "neighbourhood",
    }
)
_MARKS = str.maketrans(dict.fromkeys(",()'’–-—", " "))
# Of a name's numbers, those that the trees alone can make use of.
_OF_TREES = ("namesakes", "population", "rank", "rank in its country", "has an id", "twin")

# Classes of GeoNames whose names bear an article: waters, mountains, regions, woods.
_WITH_ARTICLE = frozenset("HTLV")

folded = lru_cache(maxsize=8192)(fold)


class Statics:
    """Columns of the places of some units that stay the same over the passes.

    Parameters
    ----------
    text
        The article's text.
    mentions
        Its mentions, in text order.
    units
        Their strings.
    """

    def __init__(self, text: str, mentions: Sequence[Mention], units: Sequence[Unit]) -> None:
        self.units = units
        counts = np.array([len(unit.places) for unit in units], dtype=np.intp)
        self.offsets: list[int] = np.concatenate([[0], np.cumsum(counts)]).tolist()
        self.unit_of = np.repeat(np.arange(len(units)), counts)
        self.places = [named.place for unit in units for named in unit.places]
        # Two places of one string say nothing of one another: "Paris, Texas" and "Paris, France".
        strings: dict[str, int] = {}
        self.string_of = np.array(
            [strings.setdefault(unit.key, len(strings)) for unit in units], dtype=np.intp
        )
        self.chains = _chains(text, mentions, units)
        self._number_regions()
        block = np.concatenate([np.zeros((0, len(NAME_COLUMNS))), *(u.name.columns for u in units)])
        named = dict(zip(NAME_COLUMNS, np.ascontiguousarray(block.T), strict=True))
        # What the conditional logit and the trees can make use of, and what the trees alone can.
        self.columns = {name: c for name, c in named.items() if name not in _OF_TREES}
        self.columns |= self._feature_columns() | self._cue_columns() | self._chain_columns()
        self.tree_columns = {name: named[name] for name in _OF_TREES} | self._unit_columns(counts)
        self.tree_columns |= self._article_columns(text, mentions)

    def _number_regions(self) -> None:
        """Give each country and each province of the places a number; -1 stands for no province."""
        self.countries: dict[str | None, int] = {}
        self.provinces: dict[tuple[str | None, str], int] = {}
        of_country, of_province = [], []
        for place in self.places:
            country, admin1 = place.country, place.admin1
            of_country.append(self.countries.setdefault(country, len(self.countries)))
            of_province.append(
                self.provinces.setdefault((country, admin1), len(self.provinces)) if admin1 else -1
            )
        self.country_of = np.array(of_country, dtype=np.intp)
        self.province_of = np.array(of_province, dtype=np.intp)
        self.stateless = self.country_of == self.countries.get(None, -1)

    @cached_property
    def inside_provinces(self) -> dict[tuple[str | None, ...], list[int]]:
        """(Country, folded name of a province) -> the places in it, but itself."""
        found: dict[tuple[str | None, ...], list[int]] = {}
        for at, place in enumerate(self.places):
            if place.admin1 and place.feature != "ADM1":
                found.setdefault((place.country, folded(place.admin1)), []).append(at)
        return found

    @cached_property
    def inside_districts(self) -> dict[tuple[str | None, ...], list[int]]:
        """(Country, province, folded name of a district) -> the places in it, but itself."""
        found: dict[tuple[str | None, ...], list[int]] = {}
        for at, place in enumerate(self.places):
            if place.admin2 and place.feature != "ADM2":
                region = place.country, place.admin1, folded(place.admin2)
                found.setdefault(region, []).append(at)
        return found

    @cached_property
    def own_regions(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Numbers that places of one string in one country share, and in one province."""
        strings = self.string_of[self.unit_of]
        found = []
        for regions, of in (
            (self.countries, self.country_of),
            (self.provinces, self.province_of + 1),
        ):
            pairs = strings * (len(regions) + 1) + of
            found.append(np.unique(pairs, return_inverse=True)[1].reshape(-1))
        return found[0], found[1]

    def _feature_columns(self) -> dict[str, Column]:
        features = np.array([*chain.from_iterable(unit.name.features for unit in self.units)])
        return {
            f"feature {feature}": (features == feature).astype(np.float64)
            for feature in dict.fromkeys(features.tolist())
        }

    def _cue_columns(self) -> dict[str, Column]:
        """Say which places fit the kind word in or beside their name."""
        found: dict[str, Column] = {}
        for u, unit in enumerate(self.units):
            if not unit.cue:
                continue
            word = "unit word" if CUES[unit.cue][0].startswith("ADM") else "word"
            full = f"{unit.key} {unit.cue}"
            for at, named in enumerate(unit.places, start=self.offsets[u]):
                fits = named.place.feature.startswith(CUES[unit.cue])
                self._set(found, f"{'fits' if fits else 'unlike'} its {word}", at)
                if folded(named.place.name) == full:
                    self._set(found, "its full name", at)
        return found

    def _chain_columns(self) -> dict[str, Column]:
        """Say which places may hold what is named before them: "Bannu, Pakistan"."""
        held: dict[int, list[Place]] = {}
        for inner, regions in self.chains.items():
            for u in regions - {inner}:
                held.setdefault(u, []).extend(n.place for n in self.units[inner].places)
        found: dict[str, Column] = {}
        for u, inside in held.items():
            for at, named in enumerate(self.units[u].places, start=self.offsets[u]):
                if any(contains(named.place, place) for place in inside):
                    self._set(found, "region of the name before it", at)
        return found

    def _article_columns(self, text: str, mentions: Sequence[Mention]) -> dict[str, Column]:
        """Tell waters, mountains and regions from towns where "the" stands: "the Atlantic"."""
        land = np.array(
            [n.feature_class in _WITH_ARTICLE for u in self.units for n in u.places], dtype=bool
        )
        behind = [
            float(any(_follows_article(text, mentions[i].span.start) for i in unit.members))
            for unit in self.units
        ]
        the = np.array(behind, dtype=np.float64)[self.unit_of]
        return {"the and no town": the * land, "the and a town": the * ~land}

    def _set(self, columns: dict[str, Column], name: str, at: int) -> None:
        columns.setdefault(name, np.zeros(len(self.places)))[at] = 1.0

    def _unit_columns(self, counts: NDArray[np.intp]) -> dict[str, Column]:
        """Return the numbers that all places of a unit share."""
        shared = {
            "mentions": [float(len(unit.members)) for unit in self.units],
            "strings": [float(len(self.units))] * len(self.units),
            "first": [float(unit.members[0]) for unit in self.units],
            "shorter form": [float(unit.reduced) for unit in self.units],
        }
        return {name: np.repeat(np.array(values), counts) for name, values in shared.items()}

    @cached_property
    def _numbers(self) -> dict[str, int]:
        numbers: dict[str, int] = {}
        for place in self.places:
            numbers.setdefault(place.id, len(numbers))
        return numbers

    @cached_property
    def _ids(self) -> NDArray[np.intp]:
        return np.array([self._numbers[place.id] for place in self.places], dtype=np.intp)

    @cached_property
    def _vectors(self) -> NDArray[np.float64]:
        return np.concatenate([np.zeros((0, 3)), *(unit.name.vectors for unit in self.units)])

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
        theirs, mine = self.string_of[units], self.string_of[self.unit_of]
        parts = []
        for start in range(0, len(self._vectors), _CHUNK):
            rows = slice(start, start + _CHUNK)
            cosines = self._vectors[rows] @ vectors
            same = (mine[rows, None] == theirs) | (self._ids[rows, None] == ids)
            km = EARTH_RADIUS_KM * np.arccos(np.clip(cosines, -1.0, 1.0))
            km[same] = np.inf
            parts.append(km)
        return Near(units, parts)


class Near:
    """How the places of all strings lie to what the other strings are taken for.

    Parameters
    ----------
    units
        What is taken for something.
    parts
        Tables of the distances in kilometres: places x units, infinite where one says nothing of
        the other.

    Attributes
    ----------
    km
        Distance of each place to the nearest one; infinite where there is none.
    """

    def __init__(self, units: NDArray[np.intp], parts: Sequence[NDArray[np.float64]]) -> None:
        self._units, self._parts = units, parts
        self.km = np.concatenate([km.min(axis=1) for km in parts])

    @cached_property
    def unit(self) -> list[int]:
        """The unit that is nearest to each place."""
        nearest = np.concatenate([km.argmin(axis=1) for km in self._parts])
        found: list[int] = self._units[nearest].tolist()
        return found

    def within(self, radius_km: float) -> NDArray[np.float64]:
        """Count for each place those within a radius."""
        return np.concatenate([(km < radius_km).sum(axis=1) for km in self._parts]) * 1.0

    @cached_property
    def mean_log(self) -> NDArray[np.float64]:
        """The mean of the decimal logarithms of the distances of each place."""
        found = []
        for km in self._parts:
            other = np.isfinite(km)
            logs = np.where(other, np.log10(np.maximum(km, SAME_SPOT_KM)), 0.0)
            counts = other.sum(axis=1)
            means = logs.sum(axis=1) / np.maximum(counts, 1)
            found.append(np.where(counts > 0, means, NO_DISTANCE))
        return np.concatenate(found)


def _follows_article(text: str, start: int) -> bool:
    return text[max(0, start - 4) : start].lower() == "the "


def _chains(text: str, mentions: Sequence[Mention], units: Sequence[Unit]) -> dict[int, set[int]]:
    """Find the units that follow another's mention as its region: "Bannu, Pakistan"."""
    unit_of = {i: u for u, unit in enumerate(units) for i in unit.members}
    chains: dict[int, set[int]] = {}
    for i, (mention, after) in enumerate(pairwise(mentions)):
        if after.span.start - mention.span.end > _CHAIN_GAP:
            continue
        gap = text[mention.span.end : after.span.start]
        if not gap.strip() or "\n" in gap:
            continue
        if all(word in _CHAIN_WORDS for word in gap.lower().translate(_MARKS).split()):
            chains.setdefault(unit_of[i], set()).add(unit_of[i + 1])
    return chains


def contains(region: Place, place: Place) -> bool:
    """Tell whether a country, province or district holds another place, by its admin names."""
    if region.id == place.id or region.country != place.country:
        return False
    if region.feature.startswith("PCL"):
        return True
    if region.feature == "ADM1":
        return region.admin1 == place.admin1 and place.feature != "ADM1"
    if region.feature == "ADM2":
        return (region.admin1, region.admin2) == (place.admin1, place.admin2)
    return False

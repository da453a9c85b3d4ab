"""What an article says about where it plays: the evidence that one name gives another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from geomap.gazetteer import distance_km
from geomap.resolve.statics import NO_DISTANCE, SAME_SPOT_KM, Statics, contains, folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomap.articles import Dateline
    from geomap.model import Mention, Place
    from geomap.outlets import Home
    from geomap.resolve.statics import Column
    from geomap.resolve.units import Unit

__all__ = ["Belief", "Context"]

# Names of country rank speak for their country whatever else they may be.
_CERTAIN = 7.0
_OTHER_NAMES = ("alternate", "historic")
# What is so near a publisher is what its readers call by its bare name.
_NEAR_HOME_KM = 80.0


@dataclass(frozen=True, slots=True)
class Belief:
    """What a pass thinks of one unit: a probability for each of its places, and for none."""

    shares: tuple[float, ...]
    none: float = 0.0

    @property
    def best(self) -> int:
        """Index of the likeliest place."""
        return max(range(len(self.shares)), key=self.shares.__getitem__)


class Context:
    """Evidence over one article, given what the pass before believes of each unit.

    `columns` holds what speaks for each place of the article, in the order of `Statics`: a new
    feature is a column of one of the functions that are called where it is made.
    """

    def __init__(
        self,
        text: str,
        mentions: Sequence[Mention],
        units: Sequence[Unit],
        beliefs: Sequence[Belief],
        dateline: Dateline | None,
        *,
        home: Home | None = None,
        statics: Statics | None = None,
    ) -> None:
        self.units = units
        self._home = home
        self._written = [mentions[unit.members[0]].text for unit in units]
        self.statics = statics or Statics(text, mentions, units)
        self._shares = np.array([share for belief in beliefs for share in belief.shares])
        self._picks = [
            unit.places[belief.best] if unit.places else None
            for unit, belief in zip(units, beliefs, strict=True)
        ]
        self._demonyms = [mentions[unit.members[0]].kind == "demonym" for unit in units]
        self._named_countries = self._find_countries()
        self._dateline = self._dateline_pick(mentions, dateline)
        self.dateline_unit = self._dateline[0] if self._dateline else None
        self._near = self.statics.near(
            [
                (u, pick)
                for u, pick in enumerate(self._picks)
                if pick and not pick.place.feature.startswith(("PCL", "CONT"))
            ]
        )
        # What depends on the beliefs.
        self.evidence: dict[str, Column] = (
            self._chain_columns()
            | self._country_columns()
            | self._region_columns()
            | self._vote_columns()
            | self._distance_columns()
            | self._dateline_columns()
        )
        self.columns = self.statics.columns | self.evidence

    def _find_countries(self) -> dict[str, tuple[int, bool]]:
        """Country code -> the unit that names it, and whether only its people are named."""
        found: dict[str, tuple[int, bool]] = {}
        for u, pick in enumerate(self._picks):
            if pick is None or not pick.place.feature.startswith("PCL"):
                continue
            country = pick.place.country
            if not country or (self._demonyms[u] and country in found):
                continue
            if max(self.units[u].priors) > _CERTAIN or len(self.units[u].places) == 1:
                found[country] = (u, self._demonyms[u])
        return found

    def _dateline_pick(
        self, mentions: Sequence[Mention], dateline: Dateline | None
    ) -> tuple[int, Place] | None:
        if dateline is None:
            return None
        inside = {i for i, m in enumerate(mentions) if dateline.place.contains(m.span)}
        units = {
            i: u for u, unit in enumerate(self.units) for i in inside.intersection(unit.members)
        }
        for i in sorted(inside):
            if pick := self._picks[units[i]]:
                return units[i], pick.place
        return None

    def tree_columns(self) -> dict[str, Column]:
        """Return what only the trees can make use of."""
        near, size = self._near, len(self._shares)
        return {
            **self.statics.tree_columns,
            "belief": self._shares,
            "strings within 50 km": near.within(50) if near else np.zeros(size),
            "strings within 500 km": near.within(500) if near else np.zeros(size),
            "mean distance": near.mean_log if near else np.full(size, NO_DISTANCE),
            **self._home_columns(),
        }

    def _home_columns(self) -> dict[str, Column]:
        """Say how each place lies to the publisher's home, where one is given.

        A place's other names win nothing by it: Spencer, West Virginia, is at home called so,
        not by its old name "California".
        """
        places, home = self.statics.places, self._home
        if home is None:
            return {"home distance": np.full(len(places), NO_DISTANCE)}
        usual = sum(self.statics.columns[kind] for kind in _OTHER_NAMES) == 0
        local = usual & (home.scope != "national")
        in_country = np.array([p.country == home.country for p in places], dtype=bool)
        in_province = np.array([p.admin1 == home.admin1 for p in places], dtype=bool)
        return {
            "has home": np.ones(len(places)),
            "home distance": np.where(
                local, np.log10(np.maximum(self._home_km, SAME_SPOT_KM)), NO_DISTANCE
            ),
            "home's country": (usual & in_country) * 1.0,
            "home's province": (local & in_country & in_province) * 1.0,
            "home sure": np.full(len(places), home.confidence),
            "home spread": np.full(len(places), np.log10(home.spread_km + SAME_SPOT_KM)),
        }

    @cached_property
    def _home_km(self) -> Column:
        """The distance of each place to the publisher's home."""
        home, places = self._home, self.statics.places
        if home is None:
            return np.full(len(places), np.inf)
        return np.array([distance_km(p.lat, p.lon, home.lat, home.lon) for p in places])

    def features(self, u: int, p: int) -> dict[str, float]:
        """Return what speaks for the place `p` of the unit `u`: the numbers that are not 0."""
        at = self.statics.offsets[u] + p
        return {name: float(column[at]) for name, column in self.columns.items() if column[at]}

    def _chain_columns(self) -> dict[str, Column]:
        """Say which places lie in the region that is named behind them: "Bannu, Pakistan"."""
        size, offsets = len(self._shares), self.statics.offsets
        inside, outside = np.zeros(size), np.zeros(size)
        for u, regions in self.statics.chains.items():
            linked = [pick.place for v in regions if v != u and (pick := self._picks[v])]
            apart = any(region.feature[:3] in {"ADM", "PCL"} for region in linked)
            for at, named in enumerate(self.units[u].places, start=offsets[u]):
                holds = any(contains(region, named.place) for region in linked)
                inside[at], outside[at] = holds, apart and not holds
        return {"named with its region": inside, "named with another region": outside}

    def _country_columns(self) -> dict[str, Column]:
        """Say which places lie in a country that another unit names."""
        statics = self.statics
        by = np.full(len(statics.countries), -1)
        people = np.zeros(len(statics.countries), dtype=bool)
        for country, (u, is_people) in self._named_countries.items():
            number = statics.countries[country]
            by[number], people[number] = u, is_people
        named = by[statics.country_of]
        other = (named >= 0) & (named != statics.unit_of)
        by_people = people[statics.country_of]
        return {
            "its country is named": (other & ~by_people) * 1.0,
            "its people are named": (other & by_people) * 1.0,
        }

    def _region_columns(self) -> dict[str, Column]:
        """Say which places lie in a province or district that another unit is taken for."""
        statics, size = self.statics, len(self._shares)
        found = {"its province is named": np.zeros(size), "its district is named": np.zeros(size)}
        seen: set[tuple[str | None, ...]] = set()
        for u, pick in enumerate(self._picks):
            place = pick.place if pick else None
            if place is None or not place.country or place.feature not in {"ADM1", "ADM2"}:
                continue
            name = folded(place.name)
            region: tuple[str | None, ...] = place.country, name
            column, regions = found["its province is named"], statics.inside_provinces
            if place.feature == "ADM2":
                region = place.country, place.admin1, name
                column, regions = found["its district is named"], statics.inside_districts
            # Of two units that are taken for one region, the first counts.
            if region not in seen:
                seen.add(region)
                column[[at for at in regions.get(region, ()) if statics.unit_of[at] != u]] = 1.0
        return found

    def _vote_columns(self) -> dict[str, Column]:
        """Say which share of the others' belief lies in a place's country and province."""
        statics = self.statics
        own_country, own_province = statics.own_regions
        has_province = statics.province_of >= 0
        return {
            "country votes": self._votes(statics.country_of, own_country),
            "province votes": self._votes(statics.province_of + 1, own_province) * has_province,
        }

    def _votes(self, regions: NDArray[np.intp], own: NDArray[np.intp]) -> Column:
        others = len(self.units) - 1
        if not others or not len(regions):
            return np.zeros(len(regions))
        total = np.bincount(regions, self._shares)[regions]
        mine = np.bincount(own, self._shares)[own]
        # Rounding may leave a hair less than nothing.
        return np.where(self.statics.stateless, 0.0, np.maximum(0.0, total - mine) / others)

    def _distance_columns(self) -> dict[str, Column]:
        if self._near is None:
            return {}
        km = self._near.km
        logs = np.log10(np.maximum(km, SAME_SPOT_KM) / SAME_SPOT_KM)
        return {
            "nearness": np.where(np.isinf(km), 0.0, -logs),
            "within 50 km": (km < 50) * 1.0,  # noqa: PLR2004 - said in the name
            "within 161 km": (km < 161) * 1.0,  # noqa: PLR2004
        }

    def _dateline_columns(self) -> dict[str, Column]:
        if self._dateline is None:
            return {}
        u, head = self._dateline
        statics = self.statics
        other = statics.unit_of != u
        country = other & (statics.country_of == statics.countries[head.country])
        province = statics.provinces.get((head.country, head.admin1 or ""), -2)
        return {
            "dateline's country": country * 1.0,
            "dateline's province": (country & (statics.province_of == province)) * 1.0,
        }

    def lowest_nearness(self) -> Column:
        """Return the nearness of each place, far behind all others where nothing is near."""
        if self._near is None:
            return np.full(len(self._shares), -NO_DISTANCE)
        return np.where(np.isinf(self._near.km), -NO_DISTANCE, self.evidence["nearness"])

    def words(self, u: int, p: int, feature: str) -> str | None:
        """Say a feature in words for the reader, or None where it says nothing to one."""
        unit, place = self.units[u], self.units[u].places[p].place
        if feature in {"its country is named", "its people are named"}:
            country = self._picks[self._named_countries[place.country or ""][0]]
            return f"in {country.place.name}, also named" if country else None
        if feature in {"within 50 km", "within 161 km"}:
            nearest = self._nearest(u, p)
            return f"{nearest[0]:.0f} km from {nearest[1]}, also named" if nearest else None
        if feature == "most prominent":
            return self._most_prominent(u, p)
        said = _WORDS.get(feature)
        return said and said.format(place=place, cue=unit.cue)

    def _most_prominent(self, u: int, p: int) -> str:
        named = self.units[u].places
        if len(named) == 1:
            return "the only place of that name"
        # A province has more people than the town in it, and is no larger town.
        towns = max((n.place.population for n in named if n.feature_class == "P"), default=0)
        largest = named[p].feature_class == "P" and named[p].place.population == towns > 0
        rank = "largest" if largest else "best known"
        return f"{rank} of {len(named)} places called {self._written[u]}"

    def near_home(self, u: int, p: int) -> str | None:
        """Say how a place lies to the publisher's home, where that is near."""
        home, named = self._home, self.units[u].places[p]
        if home is None or home.scope == "national" or named.kind in _OTHER_NAMES:
            return None
        km = self._home_km[self.statics.offsets[u] + p]
        if named.place.feature.startswith(("PCL", "ADM1")) or km > _NEAR_HOME_KM:
            return None
        return f"{km:.0f} km from the publisher's home"

    def _nearest(self, u: int, p: int) -> tuple[float, str] | None:
        """Return the distance to the nearest place that another unit means, and its name."""
        at = self.statics.offsets[u] + p
        if self._near is None or np.isinf(self._near.km[at]):
            return None
        pick = self._picks[self._near.unit[at]]
        return (float(self._near.km[at]), pick.place.name) if pick else None


_WORDS = {
    "named with its region": "written with its region",
    "region of the name before it": "written as the region of the name before it",
    "its province is named": "in {place.admin1}, also named",
    "its district is named": "in {place.admin2}, also named",
    "dateline's country": "in the dateline's country",
    "dateline's province": "in the dateline's province, {place.admin1}",
    "its full name": "its full name is {place.name}, as written",
    "fits its unit word": "fits the word {cue!r} beside it",
    "fits its word": "fits the word {cue!r} beside it",
    "capital": "capital of its country ({place.country})",
    "country": "country",
    "canonical": "its usual name",
    "country votes": "other names point to its country",
    "province votes": "other names point to its province",
    "demonym": "its people or adjective",
    "abbreviation": "a usual short form of its name",
}

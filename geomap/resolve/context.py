"""What an article says about where it plays: the evidence that one name gives another."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from geomap.folding import fold
from geomap.gazetteer import distance_km
from geomap.resolve.statics import NO_DISTANCE, SAME_SPOT_KM, Statics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.articles import Dateline
    from geomap.gazetteer import Named
    from geomap.model import Mention, Place
    from geomap.outlets import Home
    from geomap.resolve.units import Unit

    # A country's code, and the name of a province in it or None.
    Region = tuple[str | None, str | None]

__all__ = ["Belief", "Context", "contains"]

# Names of country rank speak for their country whatever else they may be.
_CERTAIN = 7.0
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
    """Evidence over one article, given what the pass before believes of each unit."""

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
        self._beliefs = beliefs
        self._home = home
        self._statics = statics or Statics(units)
        self._picks = [
            unit.places[belief.best] if unit.places else None
            for unit, belief in zip(units, beliefs, strict=True)
        ]
        self._unit_of = {i: u for u, unit in enumerate(units) for i in unit.members}
        self._same_string: dict[str, list[int]] = {}
        for u, unit in enumerate(units):
            self._same_string.setdefault(unit.key, []).append(u)
        self._demonyms = [mentions[unit.members[0]].kind == "demonym" for unit in units]
        self._named_countries = self._find_countries()
        self._votes = self._count_votes(beliefs)
        self._regions = self._find_regions()
        self._chains = self._find_chains(text, mentions)
        self._dateline = self._dateline_pick(mentions, dateline)
        self._held: dict[int, list[int]] = {}
        for inner, regions in self._chains.items():
            for region in regions:
                self._held.setdefault(region, []).append(inner)
        self._near = self._statics.near(
            [
                (u, pick)
                for u, pick in enumerate(self._picks)
                if pick and not pick.place.feature.startswith(("PCL", "CONT"))
            ]
        )
        self.dateline_unit = self._dateline[0] if self._dateline else None

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

    def _count_votes(
        self, beliefs: Sequence[Belief]
    ) -> tuple[dict[Region, float], list[dict[Region, float]]]:
        """(Country, admin1 or None) -> the belief that lies in it: of all units, and of each."""
        total: dict[Region, float] = {}
        each: list[dict[Region, float]] = []
        for unit, belief in zip(self.units, beliefs, strict=True):
            mine: dict[Region, float] = {}
            for named, share in zip(unit.places, belief.shares, strict=True):
                place = named.place
                mine[place.country, None] = mine.get((place.country, None), 0.0) + share
                if place.admin1:
                    province = (place.country, place.admin1)
                    mine[province] = mine.get(province, 0.0) + share
            for region, share in mine.items():
                total[region] = total.get(region, 0.0) + share
            each.append(mine)
        return total, each

    def _find_regions(self) -> dict[tuple[str, str | None, str], int]:
        """(Country, admin1, folded name) of every picked province or district -> its unit."""
        found: dict[tuple[str, str | None, str], int] = {}
        for u, pick in enumerate(self._picks):
            place = pick.place if pick else None
            if place and place.country and place.feature in {"ADM1", "ADM2"}:
                outer = None if place.feature == "ADM1" else place.admin1
                found.setdefault((place.country, outer, _folded(place.name)), u)
        return found

    def _find_chains(self, text: str, mentions: Sequence[Mention]) -> dict[int, set[int]]:
        """Find the units that follow another's mention as its region: "Bannu, Pakistan"."""
        chains: dict[int, set[int]] = {}
        for i, (mention, after) in enumerate(pairwise(mentions)):
            gap = text[mention.span.end : after.span.start]
            if len(gap) > _CHAIN_GAP or "\n" in gap or not (gap.strip() or mention.text):
                continue
            words = gap.lower().translate(_MARKS).split()
            if gap.strip() and all(word in _CHAIN_WORDS for word in words):
                chains.setdefault(self._unit_of[i], set()).add(self._unit_of[i + 1])
        return chains

    def _dateline_pick(
        self, mentions: Sequence[Mention], dateline: Dateline | None
    ) -> tuple[int, Place] | None:
        if dateline is None:
            return None
        for i, mention in enumerate(mentions):
            pick = self._picks[self._unit_of[i]]
            if pick and dateline.place.contains(mention.span):
                return self._unit_of[i], pick.place
        return None

    def measures(self, u: int, p: int) -> dict[str, float]:
        """Return the features and what only the trees can make use of, as named numbers."""
        place = self.units[u].places[p].place
        found = self.features(u, p) | self._statics.measures[u][p]
        found["belief"] = self._beliefs[u].shares[p]
        near, at = self._near, self._statics.offsets[u] + p
        found["strings within 50 km"] = float(near.within_50[at]) if near else 0.0
        found["strings within 500 km"] = float(near.within_500[at]) if near else 0.0
        found["mean distance"] = near.mean_log[at] if near else NO_DISTANCE
        found |= self._home_measures(place)
        return found

    def none_measures(self, rows: Sequence[dict[str, float]]) -> dict[str, float]:
        """Return the measures of "none of these", from those of the places of a unit."""
        shared = ("namesakes", "shorter form", "strings", "mentions")
        none = {name: rows[0][name] for name in shared}
        return none | {
            "is none": 1.0,
            "none prominence": max(row["prominence"] for row in rows),
            "none best": max(row["belief"] for row in rows),
            "none near": max(row.get("nearness", -NO_DISTANCE) for row in rows),
            "none votes": max(row["country votes"] for row in rows),
            "none canonical": max(row.get("canonical", 0.0) for row in rows),
        }

    def _home_measures(self, place: Place) -> dict[str, float]:
        """Say how a place lies to the publisher's home, where one is given."""
        home = self._home
        if home is None:
            return {"home distance": NO_DISTANCE}
        km = distance_km(place.lat, place.lon, home.lat, home.lon)
        return {
            "has home": 1.0,
            "home distance": math.log10(max(km, SAME_SPOT_KM)),
            "home's country": float(place.country == home.country),
            "home's province": float(place.country == home.country and place.admin1 == home.admin1),
            "home sure": home.confidence,
            "home spread": math.log10(home.spread_km + SAME_SPOT_KM),
        }

    def features(self, u: int, p: int) -> dict[str, float]:
        """Return what speaks for the place `p` of the unit `u`, as named numbers."""
        found = self._statics.own[u][p] | self._region_features(u, self.units[u].places[p])
        return found | self._neighbour_features(u, p)

    def _region_features(self, u: int, named: Named) -> dict[str, float]:
        place = named.place
        found: dict[str, float] = {}
        linked = [self._picks[v] for v in self._chains.get(u, ()) if v != u]
        if any(region and contains(region.place, place) for region in linked):
            found["named with its region"] = 1.0
        elif any(region and region.place.feature[:3] in {"ADM", "PCL"} for region in linked):
            found["named with another region"] = 1.0
        held = [v for v in self._held.get(u, ()) if v != u]
        if any(contains(place, n.place) for v in held for n in self.units[v].places):
            found["region of the name before it"] = 1.0
        entry = self._named_countries.get(place.country or "")
        if entry and entry[0] != u:
            found["its people are named" if entry[1] else "its country is named"] = 1.0
        if place.country and place.admin1 and place.feature != "ADM1":
            v = self._regions.get((place.country, None, _folded(place.admin1)))
            if v is not None and v != u:
                found["its province is named"] = 1.0
        if place.country and place.admin2 and place.feature != "ADM2":
            v = self._regions.get((place.country, place.admin1, _folded(place.admin2)))
            if v is not None and v != u:
                found["its district is named"] = 1.0
        found["country votes"] = self._share((place.country, None), u)
        if place.admin1:
            found["province votes"] = self._share((place.country, place.admin1), u)
        return found

    def _share(self, region: Region, u: int) -> float:
        """Return the share of the other units' belief that lies in a region."""
        others = len(self.units) - 1
        if not others or region[0] is None:
            return 0.0
        total, each = self._votes
        mine = sum(each[v].get(region, 0.0) for v in self._same_string[self.units[u].key])
        # Rounding may leave a hair less than nothing.
        return max(0.0, total.get(region, 0.0) - mine) / others

    def _neighbour_features(self, u: int, p: int) -> dict[str, float]:
        place = self.units[u].places[p].place
        found: dict[str, float] = {}
        nearest = self._nearest(u, p)
        if nearest is not None:
            km, _ = nearest
            found["nearness"] = -math.log10(max(km, SAME_SPOT_KM) / SAME_SPOT_KM)
            found["within 50 km"] = float(km < 50)  # noqa: PLR2004 - said in the name
            found["within 161 km"] = float(km < 161)  # noqa: PLR2004
        if self._dateline and self._dateline[0] != u:
            head = self._dateline[1]
            if head.country == place.country:
                found["dateline's country"] = 1.0
                if head.admin1 and head.admin1 == place.admin1:
                    found["dateline's province"] = 1.0
        return found

    def words(self, u: int, p: int, feature: str) -> str | None:
        """Say a feature in words for the reader, or None where it says nothing to one."""
        unit, place = self.units[u], self.units[u].places[p].place
        if feature in {"its country is named", "its people are named"}:
            country = self._picks[self._named_countries[place.country or ""][0]]
            return f"in {country.place.name}, also named" if country else None
        if feature in {"within 50 km", "within 161 km"}:
            nearest = self._nearest(u, p)
            return f"{nearest[0]:.0f} km from {nearest[1]}, also named" if nearest else None
        fixed = {
            "named with its region": "written with its region",
            "region of the name before it": "written as the region of the name before it",
            "its province is named": f"in {place.admin1}, also named",
            "its district is named": f"in {place.admin2}, also named",
            "dateline's country": "in the dateline's country",
            "dateline's province": f"in the dateline's province, {place.admin1}",
            "most prominent": "most prominent of its namesakes"
            if len(unit.places) > 1
            else "the only place of that name",
            "its full name": f"its full name is {place.name}, as written",
            "fits its unit word": f"fits the word {unit.cue!r} beside it",
            "fits its word": f"fits the word {unit.cue!r} beside it",
            "capital": f"capital of its country ({place.country})",
            "country": "country",
            "canonical": "its usual name",
            "country votes": "other names point to its country",
            "province votes": "other names point to its province",
            "demonym": "its people or adjective",
            "abbreviation": "a usual short form of its name",
        }
        return fixed.get(feature)

    def _nearest(self, u: int, p: int) -> tuple[float, str] | None:
        """Return the distance to the nearest place that another unit means, and its name."""
        at = self._statics.offsets[u] + p
        if self._near is None or math.isinf(self._near.km[at]):
            return None
        pick = self._picks[self._near.unit[at]]
        return (self._near.km[at], pick.place.name) if pick else None


_folded = lru_cache(maxsize=8192)(fold)


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

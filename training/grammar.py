"""Short texts of our own about towns and the units named like them, all over the world.

The corpora are news of the United States, Britain and Ireland: "Bannu district of Khyber
Pakhtunkhwa" hardly occurs in them. What such words mean is grammar, not data: places are drawn from
the gazetteer, sentences are made of patterns.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
from corpora import Gold

from geomap.mentions.words import known
from geomap.outlets import known_outlets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomap.gazetteer import Gazetteer, Named
    from geomap.outlets import Home

__all__ = ["at_war", "grammar", "national", "people"]

PLACES = Path(__file__).parents[1] / "gazetteer" / "places.parquet"
NAMES = PLACES.with_name("names.parquet")
# Cities of so many people, and so many of their names, are named without saying where.
LARGE, CITIES = 300_000, 500
# A country's papers mean its own city of so many people where another is at most so much better
# known (in powers of ten).
OWN_CITY, AS_WELL_KNOWN = 50_000, 2.0
# Names to draw: with two texts each, an eighth of what the ranker learns from.
NATIONAL = 150
ALONE = (
    "A blast hit {name} on Tuesday.",
    "Police in {name} said that two people were hurt.",
    "Thousands marched in {name}, witnesses said.",
    "The talks in {name} ended without an agreement.",
)
# Units to draw: with five texts each, a quarter of what the ranker learns from.
UNITS = 400
# No country gives more than so many of them.
PER_COUNTRY = 12
WORDS = ("District", "Province", "County", "Governorate", "Region", "Oblast", "Raion", "Department")
# (pattern, whether the unit is meant); {name} stands where the mention is.
PATTERNS = (
    ("Gunmen attacked a post in {name} {word} of {admin1} on Monday.", True),
    ("Officials of {name} {word} said that the road was closed, and {country} sent help.", True),
    ("Shops were shut in {name}, a town in {admin1}, the mayor said.", False),
    ("Two people were hurt in {name}, {country}, when a bridge gave way.", False),
    ("Residents of {name} city left for {country}'s border. In {name} the market was open.", False),
)
# Names that people and places share: given names of so many bearers, places so prominent.
GIVEN, PROMINENT, SHARED = -4.0, 5.0, 60
OF_PEOPLE = (
    "{name} scored 28 points in the second half on Saturday.",
    "{name} smiled, thanked her mother and sang the last song.",
    "His brother {name}, 34, pleaded guilty to theft.",
    "{name} married in June and retired a year later.",
)
# What wars do to places, which local news hardly tells; towns of so many people, and how many.
AT_WAR = (
    "Rebels entered {name}.",
    "Troops seized {name} on Monday after days of shelling.",
    "A blast hit {name}, killing 12 people.",
    "Aid has not reached {name} since fighting resumed.",
    "The siege of {name} went on for a third week.",
)
TOWNS_AT_WAR, OF_A_TOWN = 80, 50_000
OF_PLACES = (
    "Police in {name} said that two people were hurt.",
    "Officials of {name} closed the border on Monday.",
    "The road from {name} to the coast was open again.",
    "Talks in {name} ended without an agreement, envoys said.",
)


def at_war(*, seed: int = 0) -> list[Gold]:
    """Return texts of fighting in towns all over the world; nothing is said of which they are."""
    rows = pq.read_table(PLACES, columns=["name", "cls", "population"]).to_pylist()
    towns = sorted(
        {
            row["name"]
            for row in rows
            if row["cls"] == "P" and row["population"] >= OF_A_TOWN and row["name"].isalpha()
        }
    )
    drawn = random.Random(seed).sample(towns, TOWNS_AT_WAR)  # noqa: S311 - a draw, not a secret
    return [_named(name, pattern, is_place=True) for name in drawn for pattern in AT_WAR]


def _named(name: str, pattern: str, *, is_place: bool) -> Gold:
    text = pattern.format(name=name)
    start = text.index(name)
    span = {(start, start + len(name)): {"text": name, "lat": 0.0, "lon": 0.0}}
    return Gold(
        id=f"{name}: {pattern}",
        corpus="grammar",
        outlet=f"named|{name}",
        text=text,
        toponyms=span if is_place else {},
    )


def people(gazetteer: Gazetteer) -> list[Gold]:
    """Return texts in which one name is a person, and others in which it is the place."""
    rows = pq.read_table(NAMES, columns=["name", "kind"]).to_pylist()
    names = sorted(
        {
            row["name"]
            for row in rows
            if row["kind"] == "c" and row["name"].isascii() and row["name"].istitle()
        }
    )
    shared = []
    for name in names:
        if " " in name or known(name.lower()).numbers[3] <= GIVEN:
            continue
        best = max((n.rank for n in gazetteer.places_called(name)), default=0.0)
        if best > PROMINENT:
            shared.append((-best, name))
    return [
        _named(name, pattern, is_place=pattern in OF_PLACES)
        for _, name in sorted(shared)[:SHARED]
        for pattern in (*OF_PEOPLE, *OF_PLACES)
    ]


def grammar(gazetteer: Gazetteer, *, seed: int = 0) -> list[Gold]:
    """Return the texts as gold, the same for the same gazetteer and seed."""
    return [*units(gazetteer, seed), *alone(gazetteer, seed)]


def alone(gazetteer: Gazetteer, seed: int) -> list[Gold]:
    """Return texts that name one large city and nothing else: it is that city."""
    rows = pq.read_table(PLACES, columns=["id", "cls", "population"]).to_pylist()
    large = {
        row["id"]
        for row in rows
        if row["cls"] == "P" and row["population"] >= LARGE and row["id"].startswith("geonames:")
    }
    names = pq.read_table(NAMES, columns=["place", "name"]).to_pylist()
    known = sorted(
        (row["name"], row["place"])
        for row in names
        if row["place"] in large and row["name"].isascii() and row["name"].istitle()
    )
    draw = random.Random(seed)  # noqa: S311 - a draw, not a secret
    draw.shuffle(known)
    made: list[Gold] = []
    for name, place in known:
        namesakes = gazetteer.places_called(name)
        towns = [n.place for n in namesakes if n.feature_class == "P"]
        largest = max(towns, key=lambda p: (p.population, p.id), default=None)
        # Only names that somebody else bears teach anything.
        if largest is None or largest.id != place or len(namesakes) == 1:
            continue
        made.append(_about(name, place, f"alone-{len(made)}", draw))
        if len(made) == CITIES:
            break
    return made


def national(gazetteer: Gazetteer, *, seed: int = 0) -> list[tuple[Gold, Home]]:
    """Return texts that name one city, as papers of its own country and of others would.

    Of cities of one name that are about as well known, a country's paper means its own.
    """
    homes = {
        outlet.home.country: outlet.home
        for outlet in known_outlets().values()
        if outlet.home is not None and outlet.home.scope == "national"
    }
    rows = pq.read_table(PLACES, columns=["name", "cls", "population"]).to_pylist()
    names = sorted({r["name"] for r in rows if r["cls"] == "P" and r["population"] >= OWN_CITY})
    draw = random.Random(seed)  # noqa: S311 - a draw, not a secret
    draw.shuffle(names)
    made: list[tuple[Gold, Home]] = []
    for name in names:
        best: dict[str, Named] = {}
        for n in gazetteer.places_called(name):
            country = n.place.country or ""
            if n.feature_class == "P" and n.rank > best.get(country, n).rank - 1e-9:
                best[country] = n
        top = max(best.values(), key=lambda n: (n.rank, n.place.id), default=None)
        if top is None or len(best) == 1:
            continue
        for country, own in best.items():
            if own is top or country not in homes or own.place.population < OWN_CITY:
                continue
            if top.rank - own.rank > AS_WELL_KNOWN or not own.place.id.startswith("geonames:"):
                continue
            other = draw.choice(sorted(homes.keys() - best.keys()))
            for home, meant in ((homes[country], own), (homes[other], top)):
                made.append((_about(name, meant.place.id, f"national-{len(made)}", draw), home))
        if len(made) >= 2 * NATIONAL:
            break
    return made


def _about(name: str, place: str, identifier: str, draw: random.Random) -> Gold:
    """Return a sentence that names one place and nothing else."""
    text = draw.choice(ALONE).format(name=name)
    start = text.index(name)
    span = (start, start + len(name))
    return Gold(
        id=identifier,
        corpus="grammar",
        outlet=identifier,
        text=text,
        toponyms={span: {"text": name, "geonameid": place.removeprefix("geonames:")}},
    )


def units(gazetteer: Gazetteer, seed: int) -> list[Gold]:
    """Return texts about towns and the units named like them."""
    made = []
    for number, (base, word, unit, town) in enumerate(pairs(gazetteer, seed)):
        country, place = gazetteer.country(unit["country"]), gazetteer.get(unit["id"])
        for which, (pattern, is_unit) in enumerate(PATTERNS):
            text = pattern.format(
                name=base,
                word=word.lower(),
                admin1=(place.admin1 if place else None) or unit["country"],
                country=country.name if country else unit["country"],
            )
            start = text.index(base)
            meant = (unit if is_unit else town)["id"].removeprefix("geonames:")
            made.append(
                Gold(
                    id=f"grammar-{number}-{which}",
                    corpus="grammar",
                    outlet=f"grammar|{number}",
                    text=text,
                    toponyms={(start, start + len(base)): {"text": base, "geonameid": meant}},
                )
            )
    return made


def pairs(gazetteer: Gazetteer, seed: int) -> Iterator[tuple[str, str, dict, dict]]:
    """Draw units that are called like a town in them, and the towns."""
    columns = ["id", "name", "feature", "country", "admin1", "population"]
    rows = pq.read_table(PLACES, columns=columns).to_pylist()
    units = [
        row
        for row in rows
        if row["feature"] in {"ADM1", "ADM2"}
        and row["id"].startswith("geonames:")
        and row["country"] != "US"
        and row["name"].endswith(tuple(f" {word}" for word in WORDS))
    ]
    units.sort(key=lambda row: row["id"])
    random.Random(seed).shuffle(units)  # noqa: S311 - a draw, not a secret
    drawn: dict[str, int] = {}
    total = 0
    for unit in units:
        base, _, word = unit["name"].rpartition(" ")
        if drawn.get(unit["country"], 0) >= PER_COUNTRY or total >= UNITS:
            continue
        named = gazetteer.places_called(base)
        towns = [
            n.place
            for n in named
            if n.feature_class == "P"
            and n.kind in {"canonical", "alternate"}
            and n.place.country == unit["country"]
            and n.place.id.startswith("geonames:")
        ]
        if not towns or all(n.place.id != unit["id"] for n in named):
            continue
        town = max(towns, key=lambda place: (place.population, place.id))
        drawn[unit["country"]] = drawn.get(unit["country"], 0) + 1
        total += 1
        yield base, word, unit, {"id": town.id}

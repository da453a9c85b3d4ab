"""What grouping costs as the events grow: `python bench/incidents.py [NUMBER ...]`."""

from __future__ import annotations

import random
import sys
import time
from datetime import date, timedelta

from geomap.incidents import group
from geomap.model import (
    Actor,
    Article,
    Candidate,
    Casualties,
    Event,
    FieldConfidence,
    Mention,
    Place,
    Reading,
    Resolution,
    Span,
    When,
)

HERE = Span(start=0, end=4)
TYPES = ("explosion.remote", "violence.attack", "battle.clash", "protest.peaceful")
ACTORS = ("Taliban militants", "Houthi rebels", "gunmen", "M23 rebels", "foreign minister Lavrov")
# Lengths of the dates in days, as often as news gives them: mostly one day.
LENGTHS = (1,) * 15 + (7, 7, 30, 365)
EVENTS_A_PLACE = 60


def places(number: int, chance: random.Random) -> list[Place]:
    """Return made-up places in 25 countries: towns, a tenth each districts and provinces."""
    found = []
    for index in range(number):
        country = chance.randrange(25)
        feature = chance.choice(("PPL",) * 8 + ("ADM2", "ADM1"))
        found.append(
            Place(
                id=f"place:{index}",
                name=f"Place {index}",
                feature=feature,
                country=f"C{country}",
                admin1=f"A{chance.randrange(8)}",
                admin2=None,
                lat=10 + country % 5 * 10 + chance.random() * 8,
                lon=10 + country // 5 * 10 + chance.random() * 8,
            )
        )
    return found


def reading(index: int, place: Place, chance: random.Random) -> Reading:
    """Return a made-up article with one event."""
    first = date(2022, 1, 1) + timedelta(chance.randrange(730))
    last = first + timedelta(chance.choice(LENGTHS) - 1)
    dead = chance.choice((None, None, 1, 2, 3, 5, 8, 12))
    event = Event(
        id=f"event{index}",
        type=chance.choice(TYPES),
        trigger=HERE,
        evidence=(HERE,),
        place=Resolution(
            mention=Mention(span=HERE, text=place.name),
            candidates=(Candidate(place=place, score=0.9),),
        ),
        location_basis="linked",
        geo_precision="town",
        when=When(first=first, last=last, text="then", precision="day", basis="relative"),
        actors=(Actor(span=HERE, text=chance.choice(ACTORS), role="attacker"),),
        fatalities=None if dead is None else Casualties(low=dead, best=dead, high=dead),
        injured=None,
        status="asserted",
        attributed_to=None,
        area=None,
        incident=None,
        confidence=0.8,
        field_confidence=FieldConfidence(type=0.9, place=0.9, when=0.9, status=0.9),
    )
    article = Article(text="Text", id=f"article{index}", published=first)
    return Reading(article=article, resolutions=(), events=(event,))


def seconds(number: int) -> float:
    """Return the CPU-seconds that grouping so many events takes."""
    chance = random.Random(1)  # noqa: S311 - made-up events, no secrets
    towns = places(max(300, number // EVENTS_A_PLACE), chance)
    readings = [reading(index, chance.choice(towns), chance) for index in range(number)]
    start = time.process_time()
    group(readings)
    return time.process_time() - start


if __name__ == "__main__":
    counts = [int(word) for word in sys.argv[1:]] or [1_000, 10_000, 100_000]
    base = seconds(counts[0])
    for count in counts:
        spent = seconds(count)
        print(
            f"{count:>9,} events {spent:8.2f} s  {spent / base / (count / counts[0]):.2f} a event"
        )

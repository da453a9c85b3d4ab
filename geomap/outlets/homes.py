"""Where publishers are at home, estimated from what their articles name.

Used only when it is given: one article's reading never depends on the articles read beside it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from geomap.errors import InputError
from geomap.gazetteer import distance_km
from geomap.output import replacing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from geomap.model import Place, Reading

__all__ = [
    "OUTLETS_SCHEMA",
    "Home",
    "home_of",
    "is_local",
    "learn_homes",
    "read_homes",
    "write_homes",
]

OUTLETS_SCHEMA = "geomap.outlets/1"

# An outlet with fewer articles than this is not known well enough to say where it is at home.
_MIN_ARTICLES = 2
# Local papers of the development articles keep more than half of their articles around one place;
# national outlets stay well below.
_LOCAL_SHARE = 0.4
_REACH_KM = 161.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where an outlet is at home.

    Parameters
    ----------
    lat
        Latitude of the middle of what it reports on, degrees.
    lon
        Longitude, degrees.
    country
        ISO 3166-1 alpha-2 code.
    admin1
        Name of the first-level unit; None where there is none.
    spread_km
        Median distance of the places that its articles name to the middle, kilometres.
    confidence
        Share of its articles that name a place around the middle, 0 to 1.
    articles
        How many articles tell; 0 where it is known without any.
    scope
        Whether it reports on a town, on a region or on a country. A country's outlet has no home
        in it: the point is the country's.
    """

    lat: float
    lon: float
    country: str | None
    admin1: str | None
    spread_km: float
    confidence: float
    articles: int
    scope: Literal["local", "regional", "national"] = "local"


def learn_homes(readings: Iterable[Reading]) -> dict[str, Home]:
    """Estimate where each outlet is at home.

    Parameters
    ----------
    readings
        Readings of its articles, in any order; those without a source tell nothing.

    Returns
    -------
    dict of str to Home
        By the article's `source`, sorted. Outlets that report on no one region more than on
        others, national ones above all, have no home and are left out.
    """
    places: dict[str, dict[str, list[Place]]] = {}
    for reading in readings:
        source = reading.article.source
        if source:
            told = places.setdefault(source, {}).setdefault(reading.article.digest, [])
            told += [place for r in reading.resolutions if (place := r.place) and is_local(place)]
    found = {}
    for source in sorted(places):
        articles = [places[source][key] for key in sorted(places[source])]
        home = home_of([named for named in articles if named])
        if home is not None:
            found[source] = home
    return found


def home_of(articles: Sequence[Sequence[Place]]) -> Home | None:
    """Estimate one outlet's home from the local places that each of its articles names.

    Parameters
    ----------
    articles
        The places of each article; articles without any are left out beforehand.

    Returns
    -------
    Home or None
        None where too few articles tell, or where no region holds enough of them.
    """
    if len(articles) < _MIN_ARTICLES:
        return None
    # Each article has one vote, shared by the places that it names.
    votes: dict[str, tuple[Place, float]] = {}
    for named in articles:
        for place in named:
            _, so_far = votes.get(place.id, (place, 0.0))
            votes[place.id] = place, so_far + 1 / len(named)
    spots = [votes[key] for key in sorted(votes)]
    middle, support = max(
        ((candidate, _support(candidate, spots)) for candidate, _ in spots),
        key=lambda pair: (pair[1], pair[0].id),
    )
    distances = sorted(_km(middle, place) for named in articles for place in named)
    near = sum(any(_km(middle, place) <= _REACH_KM for place in named) for named in articles)
    if min(near, support) < _LOCAL_SHARE * len(articles):
        return None
    return Home(
        lat=round(middle.lat, 4),
        lon=round(middle.lon, 4),
        country=middle.country,
        admin1=middle.admin1,
        spread_km=round(distances[len(distances) // 2], 1),
        confidence=round(near / len(articles), 4),
        articles=len(articles),
    )


def write_homes(homes: Mapping[str, Home], path: Path) -> None:
    """Write homes as JSON, sorted by outlet.

    Parameters
    ----------
    homes
        Homes by outlet; may be empty.
    path
        The file to write, at once and whole.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    table = {
        "schema": OUTLETS_SCHEMA,
        "outlets": {outlet: asdict(homes[outlet]) for outlet in sorted(homes)},
    }
    with replacing(path) as file:
        file.write((json.dumps(table, ensure_ascii=False, indent=1) + "\n").encode())


def read_homes(path: Path) -> dict[str, Home]:
    """Read the homes that `write_homes` wrote.

    Parameters
    ----------
    path
        A JSON file of the schema "geomap.outlets/1".

    Returns
    -------
    dict of str to Home
        By outlet.

    Raises
    ------
    InputError
        The file cannot be read, or is no list of outlets.
    """
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        if table["schema"] != OUTLETS_SCHEMA:
            raise InputError(f"{path}: its schema is {table['schema']!r}, not {OUTLETS_SCHEMA!r}")
        return {outlet: _checked(path, outlet, row) for outlet, row in table["outlets"].items()}
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path}: not a list of outlets: make one with `geomap outlets learn`"
        ) from error


def _checked(path: Path, outlet: str, row: Mapping[str, object]) -> Home:
    home = Home(**row)  # type: ignore[arg-type]
    if not (abs(home.lat) <= 90 and abs(home.lon) <= 180):  # noqa: PLR2004 - degrees
        raise InputError(f"{path}: {outlet}: {home.lat}, {home.lon} is no place on Earth")
    return home


def is_local(place: Place) -> bool:
    """Leave out what is too wide to tell where an outlet is at home."""
    return not place.feature.startswith(("PCL", "CONT", "RGN", "OCN", "SEA", "TERR"))


def _support(middle: Place, spots: Sequence[tuple[Place, float]]) -> float:
    """Sum the votes around a place, those at its side in full and fading out with distance."""
    return sum(share * max(0.0, 1 - _km(middle, place) / (2 * _REACH_KM)) for place, share in spots)


def _km(one: Place, other: Place) -> float:
    return distance_km(one.lat, one.lon, other.lat, other.lon)

"""Flows: lines from the capitals of those who take part in diplomacy to where they meet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from geomap.maps.basemap import Atlas
    from geomap.maps.marks import Mark
    from geomap.maps.spots import Spots
    from geomap.model import Place

__all__ = ["flows_of"]

_DIPLOMACY = "diplomacy."
_COUNTRY, _CAPITAL = "PCL", "PPLC"
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
# "Democratic Republic of the Congo" has five words; longer names of countries are not in the news.
_MOST_WORDS = 5
# Enough towns of a country's box to have its capital among them: capitals come first.
_CAPITALS_IN_BOX = 60
# A venue this near to the capital is in it, degrees.
_SAME_TOWN = 0.2


class _Named(Protocol):
    """A place under one of its names."""

    @property
    def place(self) -> Place:
        """The place."""


def flows_of(marks: Sequence[Mark], spots: Spots, atlas: Atlas) -> list[dict[str, Any]]:
    """Return a line for each country whose people meet at a spot outside their own capital.

    Parameters
    ----------
    marks
        The marks of the map; only diplomatic ones with a spot count.
    spots
        Where they lie.
    atlas
        Gives the names and capitals of countries; one that knows no names gives no lines.

    Returns
    -------
    list of dict
        `name`, `lat` and `lon` of the capital in degrees, and `marks`, the numbers of the marks,
        which share a spot. In the order of the marks.
    """
    called = getattr(atlas, "places_called", None)
    if called is None:
        return []
    countries: dict[str, list[str]] = {}
    capitals: dict[str, Place | None] = {}
    lines: dict[tuple[str, int], dict[str, Any]] = {}
    for number, mark in enumerate(marks):
        if mark.spot is None or not mark.type.startswith(_DIPLOMACY):
            continue
        for text, _ in mark.actors:
            if text not in countries:
                countries[text] = list(dict.fromkeys(_countries(text, called)))
            for code in countries[text]:
                if code not in capitals:
                    capitals[code] = _capital(code, atlas)
                capital = capitals[code]
                if capital is None or _is_there(capital, mark.spot, spots):
                    continue
                line = lines.setdefault(
                    (code, mark.spot),
                    {"name": capital.name, "lat": capital.lat, "lon": capital.lon, "marks": []},
                )
                if number not in line["marks"]:
                    line["marks"].append(number)
    return list(lines.values())


def _countries(text: str, called: Callable[[str], Sequence[_Named]]) -> Iterator[str]:
    """Yield the codes of the countries that an actor's words name, longest names first."""
    words = list(_WORD.finditer(text))
    at = 0
    while at < len(words):
        for size in range(min(_MOST_WORDS, len(words) - at), 0, -1):
            phrase = text[words[at].start() : words[at + size - 1].end()]
            if not phrase[0].isupper():
                continue
            code = _country(phrase, called)
            if code:
                yield code
                at += size - 1
                break
        at += 1


def _country(phrase: str, called: Callable[[str], Sequence[_Named]]) -> str | None:
    for form in (phrase, phrase.removesuffix("'s").removesuffix("’s")):
        for named in called(form):
            if named.place.feature.startswith(_COUNTRY):
                return named.place.country
    return None


def _capital(code: str, atlas: Atlas) -> Place | None:
    """Return the capital of a country, None where there is none."""
    country = atlas.country(code)
    outline = atlas.geometry(country) if country else None
    if outline is None or outline.is_empty:
        return None
    towns = atlas.cities(*outline.bounds, limit=_CAPITALS_IN_BOX)
    return next((t for t in towns if t.feature == _CAPITAL and t.country == code), None)


def _is_there(capital: Place, spot: int, spots: Spots) -> bool:
    away = abs(capital.lat - spots.lats[spot]), abs(capital.lon - spots.lons[spot])
    return max(away) < _SAME_TOWN

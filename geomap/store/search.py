"""A query -> what a backend can select: names located, regions as the sites that lie there."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from geomap.errors import InputError, PlaceNotFoundError
from geomap.store.base import Selection
from geomap.store.region import region_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from geomap.gazetteer import Gazetteer
    from geomap.query import Query
    from geomap.store.base import Backend
    from geomap.store.region import Near

__all__ = ["Search"]

# Places whose outline is what one means by their name.
_OUTLINED = ("ADM1", "PCL", "TERR")
_SUGGESTIONS = 3


class Search:
    """Turns queries into selections.

    Parameters
    ----------
    backend
        Gives the sites near a region.
    gazetteer
        Gives it when the first name is to be located.
    """

    def __init__(self, backend: Backend, gazetteer: Callable[[], Gazetteer]) -> None:
        self._backend, self._gazetteer = backend, gazetteer

    def selection(self, query: Query) -> Selection:
        """Return a query without a place in it: the numbers of the sites there instead.

        Parameters
        ----------
        query
            The query.

        Returns
        -------
        Selection
            What a backend takes.

        Raises
        ------
        InputError
            There is no such type, or a file of polygons cannot be read.
        PlaceNotFoundError
            No place has the name that `near` gives.
        """
        _check_types(query)
        region = region_of(query, self._locate)
        if region is None:
            return Selection(query=query)
        boxes = region.boxes
        sites = region.keep(self._backend.points(boxes), self._backend.areas(boxes))
        return Selection(query=query, sites=sites)

    def _locate(self, name: str) -> Near:
        """Return where a name lies: a point, or the outline of a country or first-level unit."""
        from geomap.geocode.offline import found

        gazetteer = self._gazetteer()
        answer = found(gazetteer, name, frozenset())
        if not answer.exact or not answer.candidates:
            similar = tuple(dict.fromkeys(c.place.name for c in answer.candidates))[:_SUGGESTIONS]
            raise PlaceNotFoundError(name, similar or gazetteer.suggest(name))
        place = answer.candidates[0].place
        outline = gazetteer.geometry(place) if place.feature.startswith(_OUTLINED) else None
        return outline or (place.lat, place.lon)


def _check_types(query: Query) -> None:
    from geomap.events import taxonomy

    known = set(taxonomy())
    known |= {f"{code.partition('.')[0]}.*" for code in known} | {"*"}
    for code in query.types:
        wanted = code if "." in code or code == "*" else f"{code}.*"
        if wanted not in known:
            near = difflib.get_close_matches(code, sorted(known), n=_SUGGESTIONS)
            hint = f": did you mean {', '.join(near)}?" if near else ""
            raise InputError(f"types: there is no type {code!r}{hint}")

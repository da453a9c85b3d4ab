"""Incidents -> layered, self-contained maps."""

from __future__ import annotations

import gc
import warnings
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from geomap.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Unpack

    from geomap.maps.basemap import Atlas
    from geomap.maps.layers import Group
    from geomap.maps.look import LookOptions
    from geomap.maps.marks import Mark
    from geomap.maps.page import IncidentMap
    from geomap.model import Incident, Reading

__all__ = ["draw"]

# A page carries some 90 bytes an incident packed: half a million took 9 CPU-seconds and 46 MB, and
# a browser a second to paint them and a tenth of one to zoom.
_BYTES_EACH, _LARGE, _TOO_LARGE = 90, 250_000, 2_000_000
_OWN_LAYERS: dict[str, tuple[str, Callable[[Mark], str | None]]] = {
    "status": ("Status", lambda mark: mark.status.capitalize()),
    "source": ("Source", lambda mark: mark.sources[0].outlet if mark.sources else None),
    "country": ("Country", lambda mark: mark.country),
    "precision": ("Precision", lambda mark: mark.precision),
}


def draw(
    events: Iterable[Incident] | Iterable[Reading] | Any,  # noqa: ANN401 - a frame, not imported
    *,
    title: str | None = None,
    gazetteer: Atlas | None = None,
    layers_by: str = "type",
    **look: Unpack[LookOptions],
) -> IncidentMap:
    """Return a map of incidents in layers.

    Towns are points; districts and provinces are outlines or circles; what is known only to its
    country, or not placed at all, stands in a list beside the map.

    Parameters
    ----------
    events
        What to show: incidents, readings (grouped into incidents first), or a frame of events
        indexed by event id, as a store's queries return. A frame needs `type` and a position (a
        geometry, or `lat` and `lon` in WGS 84 degrees); rows that share an `incident_id` are one
        incident with several sources. None at all gives a map that says so.
    title
        The heading of the map; None leaves it out.
    gazetteer
        Gives the basemap and the outlines of provinces; None takes the embedded one.
    layers_by
        What the layers are: "type", "status", "source", "country", "precision", or any column of
        the frame; beyond nine values the rest shares a layer.
    **look
        `borders`: "de_facto", "claims" (disputed borders and claims dotted) or "none"; the footer
        says which. `theme`: "light", "dark", or "auto" for what the reader's system prefers; the
        page has a switch. `flows`: True offers lines from the participants' capitals to the venue
        of diplomatic events. `language`: a code such as "ar", to name countries in that language,
        and towns as far as the gazetteer tells their names in it. `tiles`: online tiles below the
        map, by a name such as "OpenStreetMap" or a mapping with `url` and `attribution`; the page
        then asks the network for them and says so. None, the default, asks nothing.

    Returns
    -------
    IncidentMap
        A `folium.Map`; `.save(path)` writes one file that needs no network.

    Raises
    ------
    InputError
        If something else than incidents, readings or a frame is given, a frame lacks a needed
        column, an option's value is unknown, or there are more events than a page can hold.
    """
    from geomap.maps.basemap import BORDERS, SCALE, WORLD_SCALE, build_basemap
    from geomap.maps.frames import is_frame
    from geomap.maps.given import listed, marks_of
    from geomap.maps.look import Look
    from geomap.maps.page import CREDITS, IncidentMap
    from geomap.maps.scene import build_scene
    from geomap.maps.spots import Spots
    from geomap.maps.still import still_of
    from geomap.maps.still.layout import Content
    from geomap.maps.tiles import tiles_of

    chosen = Look(**look)
    tiles = tiles_of(chosen.tiles) if chosen.tiles else None
    if gazetteer is None:
        from geomap.gazetteer import Gazetteer

        gazetteer = Gazetteer()
    spots = Spots(gazetteer)
    with _collector_at_rest():
        given = listed(events)
        frame = given if is_frame(given) else None
        _refuse_too_many(len(given))
        marks = marks_of(given, spots)
        _warn_of_size(len(marks))
        layers = _layers(layers_by, marks, frame)
        lines: list[dict[str, Any]] = []
        if chosen.flows:
            from geomap.maps.flows import flows_of

            lines = flows_of(marks, spots, gazetteer)
        scene = build_scene(marks, spots, layers, title=title, flows=lines)
        scene |= {
            "theme": chosen.theme,
            "language": chosen.language,
            "tiles": tiles and tiles._asdict(),
            "scale": SCALE,
            "worldScale": WORLD_SCALE,
            "credits": f"{CREDITS} {BORDERS[chosen.borders]}",
        }
        basemap = build_basemap(
            gazetteer, scene["bounds"], borders=chosen.borders, language=chosen.language
        )
        content = Content(
            marks=marks,
            layers=layers,
            spots=spots,
            basemap=basemap,
            title=title,
            borders=chosen.borders,
        )
        return IncidentMap(scene | {"basemap": basemap}, still=partial(still_of, content))


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the garbage collector from walking over the marks while they are made: half the time.

    Nothing here makes cycles that would have to be collected meanwhile.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _refuse_too_many(count: int) -> None:
    if count > _TOO_LARGE:
        raise InputError(
            f"{count:,} events are more than one page can hold ({_TOO_LARGE:,}); "
            "narrow the query by area, time or type"
        )


def _warn_of_size(count: int) -> None:
    if count > _LARGE:
        warnings.warn(
            f"the map of {count:,} incidents gathers them into counts and will be some "
            f"{round(count * _BYTES_EACH / 1e6)} MB or more; narrow the query for a faster page",
            UserWarning,
            stacklevel=3,
        )


def _layers(
    layers_by: str,
    marks: Sequence[Mark],
    frame: Any,  # noqa: ANN401 - see draw
) -> tuple[list[Group], list[int]]:
    """Return the layers and the number of each mark's own."""
    from geomap.maps.layers import layers_of_types, layers_of_values

    if layers_by == "type":
        return layers_of_types([mark.type for mark in marks])
    if layers_by in _OWN_LAYERS:
        section, value_of = _OWN_LAYERS[layers_by]
        return layers_of_values([value_of(mark) for mark in marks], section)
    if frame is None:
        raise InputError(
            f"layers_by: {layers_by!r} is none of type, {', '.join(_OWN_LAYERS)}; "
            "other columns need a frame"
        )
    from geomap.maps.frames import values_of_column

    return layers_of_values(values_of_column(frame, layers_by, marks), layers_by)

"""Incidents -> layered, self-contained maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.errors import InputError
from geomap.model import Incident, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geomap.maps.basemap import Atlas
    from geomap.maps.page import IncidentMap

__all__ = ["draw"]


def draw(
    incidents_or_readings: Iterable[Incident] | Iterable[Reading],
    *,
    title: str | None = None,
    gazetteer: Atlas | None = None,
) -> IncidentMap:
    """Return a map of incidents: one layer for each group of event types.

    Towns are points; districts and provinces are outlines or circles; what is known only to its
    country, or not placed at all, stands in a list beside the map.

    Parameters
    ----------
    incidents_or_readings
        What to show. Readings are grouped into incidents first. None at all gives a map that says
        so.
    title
        The heading of the map; None leaves it out.
    gazetteer
        Gives the basemap and the outlines of provinces; None takes the embedded one.

    Returns
    -------
    IncidentMap
        A `folium.Map`; `.save(path)` writes one file that needs no network.

    Raises
    ------
    InputError
        If something else than incidents or readings is given.
    """
    from geomap.maps.basemap import SCALE, WORLD_SCALE, build_basemap
    from geomap.maps.page import CREDITS, IncidentMap
    from geomap.maps.scene import build_scene

    if gazetteer is None:
        from geomap.gazetteer import Gazetteer

        gazetteer = Gazetteer()
    scene = build_scene(_incidents(incidents_or_readings), title=title, atlas=gazetteer)
    scene |= {"scale": SCALE, "worldScale": WORLD_SCALE, "credits": CREDITS}
    return IncidentMap(scene | {"basemap": build_basemap(gazetteer, scene["bounds"])})


def _incidents(values: Iterable[Incident] | Iterable[Reading]) -> list[Incident]:
    """Return the incidents among some values, readings grouped into theirs."""
    given = list(values)
    for value in given:
        if not isinstance(value, (Incident, Reading)):
            raise InputError(f"a map shows incidents or readings, not {type(value).__name__}")
    incidents = [value for value in given if isinstance(value, Incident)]
    readings = [value for value in given if isinstance(value, Reading)]
    if readings:
        from geomap.incidents import group

        incidents += group(readings)
    return incidents

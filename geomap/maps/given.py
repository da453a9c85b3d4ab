"""What maps take: incidents, readings or a frame of events -> marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geomap.errors import InputError
from geomap.maps.frames import is_frame, marks_of_frame
from geomap.maps.marks import marks_of_incidents
from geomap.model import Incident, Reading

if TYPE_CHECKING:
    from geomap.maps.marks import Mark
    from geomap.maps.spots import Spots

__all__ = ["marks_of"]


def marks_of(events: Any, spots: Spots) -> list[Mark]:  # noqa: ANN401 - a frame, not imported
    """Return the marks of incidents, readings or a frame.

    Parameters
    ----------
    events
        Readings are grouped into incidents.
    spots
        Takes the places.

    Returns
    -------
    list of Mark
        In the order of the incidents; of a frame, in that of its rows.

    Raises
    ------
    InputError
        It is something else, or a frame without a needed column.
    """
    if is_frame(events):
        return marks_of_frame(events, spots)
    given = list(events)
    for value in given:
        if not isinstance(value, (Incident, Reading)):
            raise InputError(
                f"a map shows incidents, readings or a frame, not {type(value).__name__}"
            )
    incidents = [value for value in given if isinstance(value, Incident)]
    if readings := [value for value in given if isinstance(value, Reading)]:
        from geomap.incidents import group

        incidents += group(readings)
    return marks_of_incidents(incidents, spots)

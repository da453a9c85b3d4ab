"""What maps take: incidents, readings or a frame of events -> marks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from geomap.errors import InputError
from geomap.maps.frames import is_frame, marks_of_frame
from geomap.maps.marks import marks_of_incidents
from geomap.model import Incident, Reading

if TYPE_CHECKING:
    from geomap.maps.marks import Mark
    from geomap.maps.spots import Spots

__all__ = ["listed", "marks_of"]


def listed(events: Any, telling: str = "a map shows") -> Any:  # noqa: ANN401 - a frame, not imported
    """Return a frame as it is, and incidents and readings, or one of them, as a list.

    Parameters
    ----------
    events
        Incidents, readings or a frame.
    telling
        What they are for, in the words of an error.

    Returns
    -------
    list or frame
        What can be counted, and gone through several times.

    Raises
    ------
    InputError
        It is something else.
    """
    if is_frame(events):
        return events
    # A text or a mapping can be gone through too, and what comes out would be blamed.
    is_listed = hasattr(events, "__iter__") and not isinstance(events, (str, bytes, Mapping))
    given = list(events) if is_listed else [events]
    for value in given:
        if not isinstance(value, (Incident, Reading)):
            kind = type(value).__name__
            raise InputError(f"{telling} incidents, readings or a frame, not {kind}")
    return given


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
    given = listed(events)
    if is_frame(given):
        return marks_of_frame(given, spots)
    incidents = [value for value in given if isinstance(value, Incident)]
    if readings := [value for value in given if isinstance(value, Reading)]:
        from geomap.incidents import group

        incidents += group(readings)
    return marks_of_incidents(incidents, spots)

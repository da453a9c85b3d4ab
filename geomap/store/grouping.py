"""Events -> incidents, as `geomap.incidents.group` sees them and as a person has decided.

A decision "apart" takes an event out of the incident of another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.incidents import group
from geomap.model import Ties

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geomap.model import Incident, Reading
    from geomap.store.base import Decision

__all__ = ["decided_groups"]


def decided_groups(readings: Iterable[Reading], decisions: Sequence[Decision]) -> list[Incident]:
    """Return the incidents of some readings.

    Parameters
    ----------
    readings
        In any order.
    decisions
        What holds; those of events that are not there say nothing.

    Returns
    -------
    list of Incident
        Every event is in exactly one.
    """
    apart = frozenset((decision.left, decision.right) for decision in decisions)
    return group(readings, ties=Ties(apart=apart))

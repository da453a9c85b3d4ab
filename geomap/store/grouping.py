"""Events -> incidents, as `geomap.incidents.group` sees them and as a person has decided.

A decision "apart" takes an event out of the incident of another; what is left is grouped anew, for
it may have hung together by that event alone. "Together" joins the incidents of two events.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from geomap.incidents import group
from geomap.model import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geomap.model import Incident, Report
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
    apart: defaultdict[str, set[str]] = defaultdict(set)
    for decision in decisions:
        apart[decision.left].add(decision.right)
        apart[decision.right].add(decision.left)
    found = group(readings)
    if not apart:
        return found
    return [part for incident in found for part in _parted(incident, apart)]


def _parted(incident: Incident, apart: dict[str, set[str]]) -> list[Incident]:
    """Return the incident itself, or what is left when events that are apart stand apart."""
    members = {report.event.id for report in incident.reports}
    torn = {e: apart[e] & members for e in sorted(members & apart.keys())}
    if not any(torn.values()):
        return [incident]
    # Who is apart from the most goes first: one event against three is the one that was taken out.
    out = max(torn, key=lambda event_id: (len(torn[event_id]), event_id))
    alone = [report for report in incident.reports if report.event.id == out]
    others = [report for report in incident.reports if report.event.id != out]
    rest = [part for half in group(_readings(others)) for part in _parted(half, apart)]
    return [*group(_readings(alone)), *rest]


def _readings(reports: Sequence[Report]) -> list[Reading]:
    """Return reports as readings that hold these events and no others."""
    return [
        Reading(article=report.article, resolutions=(), events=(report.event,))
        for report in reports
    ]

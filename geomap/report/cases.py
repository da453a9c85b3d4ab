"""Events -> cases: each incident once, with all its places, its sources and its toll as a range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geomap.maps.frames import is_frame
from geomap.maps.given import listed, marks_of
from geomap.maps.layers import STATUSES, layers_of_types
from geomap.maps.words import casualty_words
from geomap.model import Casualties, Incident, Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.maps.layers import Group
    from geomap.maps.marks import Mark, Source
    from geomap.maps.spots import Spots

__all__ = ["COUNTED", "Case", "cases_of", "in_total", "prepared"]

# Statuses whose tolls are added up, each for itself.
COUNTED = ("asserted", "alleged")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """One incident: the first of its marks, all of them, its layer, and who was harmed."""

    head: Mark
    marks: Sequence[Mark]
    group: Group
    toll: Casualties | None
    injured: int | None

    @property
    def status(self) -> str:
        """The surest status among the accounts."""
        order = list(STATUSES)
        return min((mark.status for mark in self.marks), key=order.index)

    @property
    def sources(self) -> list[Source]:
        """What each article says, each once."""
        return list(dict.fromkeys(source for mark in self.marks for source in mark.sources))

    @property
    def harm(self) -> str:
        """Who was killed and injured, as a range; empty when nothing is told."""
        return casualty_words(self.toll, self.injured) or ""


def prepared(events: Any) -> Any:  # noqa: ANN401 - a frame, not imported
    """Return what can be gone through several times: a frame as it is, else incidents.

    Parameters
    ----------
    events
        Incidents, readings (grouped into incidents), or a frame.

    Returns
    -------
    list of Incident or frame
        Incidents by day, place and type.

    Raises
    ------
    InputError
        It is none of these.
    """
    given = listed(events, "a report tells of")
    if is_frame(given):
        return given
    incidents = [value for value in given if isinstance(value, Incident)]
    if readings := [value for value in given if isinstance(value, Reading)]:
        from geomap.incidents import group
        from geomap.incidents.headline import order

        incidents = sorted([*incidents, *group(readings)], key=order)
    return incidents


def cases_of(events: Any, spots: Spots) -> list[Case]:  # noqa: ANN401 - as above
    """Return the cases of prepared events.

    Parameters
    ----------
    events
        What `prepared` returned.
    spots
        Takes the places.

    Returns
    -------
    list of Case
        By first day, those without one last.
    """
    marks = marks_of(events, spots)
    layers, numbers = layers_of_types([mark.type for mark in marks])
    tolls = _tolls(events)
    together: dict[str, list[int]] = {}
    for index, mark in enumerate(marks):
        together.setdefault(mark.incident, []).append(index)
    cases = [
        Case(
            head=marks[members[0]],
            marks=[marks[i] for i in members],
            group=layers[numbers[members[0]]],
            toll=tolls.get(incident),
            injured=max((n for i in members if (n := marks[i].injured) is not None), default=None),
        )
        for incident, members in together.items()
    ]
    return sorted(cases, key=_order)


def _order(case: Case) -> tuple[bool, Any, str, str]:
    first = case.head.first or case.head.last
    return first is None, first, case.head.place, case.head.id


def in_total(tolls: Sequence[Casualties]) -> Casualties | None:
    """Return the sum of the tolls of different incidents; open above where one is.

    Parameters
    ----------
    tolls
        One for each incident, never one for each report.

    Returns
    -------
    Casualties or None
        None for no tolls.
    """
    if not tolls:
        return None
    highs = [toll.high for toll in tolls if toll.high is not None]
    return Casualties(
        low=sum(toll.low for toll in tolls),
        best=sum(toll.best for toll in tolls),
        high=sum(highs) if len(highs) == len(tolls) else None,
    )


def _tolls(events: Any) -> dict[str, Casualties]:  # noqa: ANN401 - as above
    """Return the toll of each incident as a range over all its accounts."""
    if not is_frame(events):
        return {incident.id: incident.fatalities for incident in events if incident.fatalities}
    count = len(events)

    def column(name: str) -> list[Any]:
        return events[name].tolist() if name in events.columns else [None] * count

    keys = [
        given if isinstance(given, str) and given else str(index)
        for given, index in zip(column("incident_id"), events.index.tolist(), strict=True)
    ]
    told: dict[str, list[Casualties]] = {}
    columns = (column(f"fatalities_{name}") for name in ("low", "best", "high"))
    for key, *cells in zip(keys, *columns, strict=True):
        low, best, high = map(_whole, cells)
        known = next((n for n in (best, low, high) if n is not None), None)
        if known is not None:
            toll = Casualties(low=known if low is None else low, best=known, high=high)
            told.setdefault(key, []).append(toll)
    return {key: _range(tolls) for key, tolls in told.items()}


def _range(tolls: Sequence[Casualties]) -> Casualties:
    """Return the range over the accounts of one incident: nothing is added up."""
    highs = [toll.high for toll in tolls if toll.high is not None]
    return Casualties(
        low=min(toll.low for toll in tolls),
        best=max(toll.best for toll in tolls),
        high=max(highs) if len(highs) == len(tolls) else None,
    )


def _whole(value: Any) -> int | None:  # noqa: ANN401 - a cell of a frame
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):  # missing, NaN, infinite
        return None

"""Group the events of many articles into incidents: one real happening each, explained.

Two events may be one incident only where nothing contradicts it: their types are of one kind, both
happened or neither did, their days overlap, their places agree or one holds the other, their tolls
are of one order. Among the pairs that may be, the agreement is counted, and the best pairs join
first, as long as no member of the one group contradicts a member of the other. Everything is sorted
by content first, so the order of the input is nothing. What readers decide (`Ties`) goes before.

Links join accounts into clusters that touch no other; within one, and nowhere else, does a new
report change anything. So `extend` gives what `group` would, and compares the new reports only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.incidents.accounts import Account, Pairing, account, pairing
from geomap.incidents.agreement import contradiction, marks
from geomap.incidents.headline import incident, order
from geomap.incidents.pairs import Buckets, linked, links
from geomap.model import Casualties, Incident, Reading, Report, Ties

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

__all__ = ["Pairing", "compare", "explain_merge", "extend", "group", "pairing", "split", "tolls"]

_NO_TIES = Ties()


def group(readings: Iterable[Reading], *, ties: Ties = _NO_TIES) -> list[Incident]:
    """Return the incidents that the events of some readings report.

    The headline takes the type and the place of the most precise and surest account, the tightest
    date, the most certain status, and the toll of the latest article as best with the range of all
    accounts as low and high: tolls are never summed.

    Parameters
    ----------
    readings
        In any order; an article given twice counts once.
    ties
        Pairs of events that are one incident, or never are, by a reader's word; ids of events that
        are not there count nothing.

    Returns
    -------
    list[Incident]
        Every event is in exactly one. By first day (unknown last), place and type; empty for no
        events. An id is the digest of the ids of the events.
    """
    accounts = _accounts(_reports(readings))
    groups = _join(accounts, links(accounts, Buckets(accounts, ties).pairs(), ties), ties)
    return sorted((_told(accounts, members) for members in groups), key=order)


def extend(
    incidents: Iterable[Incident], readings: Iterable[Reading], *, ties: Ties = _NO_TIES
) -> list[Incident]:
    """Return the incidents with those of further readings: what `group` would give for all.

    Only the clusters that the new reports touch are grouped anew.

    Parameters
    ----------
    incidents
        What `group` or `extend` gave with the same ties.
    readings
        Further readings, in any order; one of a known article takes the place of the older one.
    ties
        As for `group`.

    Returns
    -------
    list[Incident]
        All incidents, sorted as by `group`.
    """
    known = list(incidents)
    fresh_readings = list(readings)
    reread = {reading.article.id for reading in fresh_readings}
    fresh = _reports(fresh_readings)
    old = [report for found in known for report in found.reports]
    accounts = _accounts([*old, *fresh])
    new = {(report.article.id, report.event.id) for report in fresh}
    gone = {
        index
        for index, a in enumerate(accounts)
        if a.article in reread and (a.article, a.event.id) not in new
    }
    start = gone | {i for i, a in enumerate(accounts) if (a.article, a.event.id) in new}
    touched = _reached(accounts, start, ties)
    part = [accounts[index] for index in sorted(touched - gone)]
    groups = _join(part, links(part, Buckets(part, ties).pairs(), ties), ties)
    moved = {(accounts[i].article, accounts[i].event.id) for i in touched}
    kept = [i for i in known if not moved & {(r.article.id, r.event.id) for r in i.reports}]
    return sorted([*kept, *(_told(part, members) for members in groups)], key=order)


def compare(left: Report, right: Report, *, ties: Ties = _NO_TIES) -> list[str]:
    """Return in words why two reports are, or are not, of one incident.

    Parameters
    ----------
    left
        A report.
    right
        Another.
    ties
        What readers have decided.

    Returns
    -------
    list[str]
        The verdict, then what speaks for it and against it, the weightiest first.
    """
    a, b = account(left), account(right)
    pair = (min(a.event.id, b.event.id), max(a.event.id, b.event.id))
    if pair in ties.apart:
        return ["two incidents: a reader has set them apart"]
    if pair in ties.together:
        return ["one incident: a reader has joined them"]
    against = contradiction(a, b)
    if against:
        return [f"two incidents: {against}"]
    if a.article == b.article:
        return ["one incident: the article tells one happening at several places"]
    found = marks(a, b)
    verdict = "one incident" if found.points >= found.needed else "two incidents"
    if not found.points:
        return [f"{verdict}: too little is known to join them"]
    told = sorted(found.marks, key=lambda mark: (-abs(mark[0]), mark[1]))
    lines = [f"{words} ({value:+.0f})" for value, words in told]
    return [f"{verdict}: {found.points:.0f} points, {found.needed:.0f} needed", *lines]


def explain_merge(found: Incident, *, ties: Ties = _NO_TIES) -> list[str]:
    """Return in words why the reports of an incident are one.

    Parameters
    ----------
    found
        The incident.
    ties
        What readers have decided.

    Returns
    -------
    list[str]
        For each report but the first, the earlier report that it agrees with most, and how; empty
        for an incident of one report.
    """
    accounts = [account(report) for report in found.reports]
    lines = []
    for index in range(1, len(accounts)):
        worth = [linked(accounts[index], other, ties) for other in accounts[:index]]
        best = max(range(index), key=lambda i: (worth[i], -i))
        left, right = found.reports[best], found.reports[index]
        reasons = compare(left, right, ties=ties)
        if not worth[best]:
            reasons = ["one incident: a later report links both"]
        lines.append(f"{_source(right)} with {_source(left)}: {'; '.join(reasons)}")
    return lines


def split(found: Incident, events: Collection[str], *, ties: Ties = _NO_TIES) -> Ties:
    """Return the ties that take some events out of an incident for good.

    Parameters
    ----------
    found
        The incident.
    events
        Ids of the events that do not belong to it; they may stay with one another.
    ties
        What has been decided before; what had joined the two parts is dropped.

    Returns
    -------
    Ties
        All decisions; `group` with them keeps the two parts apart, now and with later reports.
    """
    out = {report.event.id for report in found.reports if report.event.id in events}
    rest = {report.event.id for report in found.reports} - out
    apart = frozenset((min(a, b), max(a, b)) for a in out for b in rest)
    return Ties(together=ties.together - apart, apart=ties.apart | apart)


def tolls(found: Incident) -> list[tuple[Casualties, list[str]]]:
    """Return the numbers of dead that the reports of an incident give, with who gives them.

    Parameters
    ----------
    found
        The incident.

    Returns
    -------
    list[tuple[Casualties, list[str]]]
        From the lowest to the highest, each with its outlets (or article ids) in order; empty when
        none tells.
    """
    told: dict[Casualties, set[str]] = {}
    for report in found.reports:
        if report.event.fatalities is not None:
            told.setdefault(report.event.fatalities, set()).add(_source(report))
    ranked = sorted(told, key=lambda toll: (toll.best, toll.low, toll.high is None))
    return [(toll, sorted(told[toll])) for toll in ranked]


def _source(report: Report) -> str:
    return report.article.source or report.article.id


def _reports(readings: Iterable[Reading]) -> list[Report]:
    return [Report(article=r.article, event=event) for r in readings for event in r.events]


def _accounts(reports: Iterable[Report]) -> list[Account]:
    """Return the accounts of reports, each once, sorted by content."""
    unique = {(report.article.id, report.event.id): report for report in reports}
    return [account(unique[key]) for key in sorted(unique)]


def _told(accounts: Sequence[Account], members: Iterable[int]) -> Incident:
    return incident([accounts[index].report for index in members])


def _reached(accounts: Sequence[Account], start: set[int], ties: Ties) -> set[int]:
    """Return what can be reached from some accounts over links."""
    buckets = Buckets(accounts, ties)
    reached, waiting = set(start), sorted(start)
    while waiting:
        here = waiting.pop()
        for other in sorted(buckets.beside(here) - reached):
            if linked(accounts[here], accounts[other], ties):
                reached.add(other)
                waiting.append(other)
    return reached


def _join(
    accounts: Sequence[Account], found: Mapping[tuple[int, int], float], ties: Ties
) -> list[list[int]]:
    """Return the groups of accounts as sorted indexes: best pairs first, none in conflict."""
    owner = list(range(len(accounts)))
    members = {index: [index] for index in owner}
    decided = {pair: -worth for pair, worth in found.items()}
    for left, right in sorted(decided, key=lambda pair: (decided[pair], pair)):
        a, b = owner[left], owner[right]
        if a == b or _parted(accounts, members[a], members[b], (left, right), ties):
            continue
        keep, gone = min(a, b), max(a, b)
        for index in members[gone]:
            owner[index] = keep
        members[keep] = sorted(members[keep] + members.pop(gone))
    return [members[key] for key in sorted(members)]


def _parted(
    accounts: Sequence[Account],
    left: Sequence[int],
    right: Sequence[int],
    pair: tuple[int, int],
    ties: Ties,
) -> bool:
    """Tell whether two groups may not join: set apart by a reader, or one contradicts another."""
    ids = [accounts[index].event.id for index in pair]
    joined = (min(ids), max(ids)) in ties.together
    for i in left:
        for j in right:
            a, b = accounts[i], accounts[j]
            key = (min(a.event.id, b.event.id), max(a.event.id, b.event.id))
            if key in ties.apart:
                return True
            if not joined and key not in ties.together and contradiction(a, b):
                return True
    return False

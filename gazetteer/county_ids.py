"""The GeoNames ids of US counties, which no source lists beside their names.

GeoNames took the places of each state over from the federal names board in alphabetical order, so
that ids and names run in step. hierarchy.txt tells which ids a state's counties have; the towns
and the larger counties, of which both id and name are known, tell between which names each id
lies. An id is given only where this leaves a single choice, or where as many ids as names share
one gap. Alaska and Connecticut were numbered otherwise. Of the ids found so, 99 in 100 are right
(measured against GeoNames's own list; the rest are a neighbour's in the alphabet).
"""

from __future__ import annotations

import bisect
from collections import defaultdict
from typing import TYPE_CHECKING

from entries import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from entries import Entry
    from sources import AdminCode

__all__ = ["infer_county_ids"]

_NOT_ALPHABETICAL = frozenset({"US.AK", "US.CT"})

# How many neighbours on each side an anchor is compared with, and how many of them it must agree
# with: renamed places stand out of order.
_WINDOW = 4
_AGREEMENT = 0.85

# Two anchors on each side span the gap, so that one stray anchor cannot close it.
_SPAN = 2

_LARGEST_GROUP = 4

_Anchors = list[tuple[int, str]]


def infer_county_ids(
    entries: Mapping[str, Entry],
    counties: Iterable[AdminCode],
    states: Iterable[AdminCode],
    parents: Mapping[int, int],
) -> dict[str, int]:
    """Return the ids of US counties that can be told from the order of GeoNames's ids.

    Parameters
    ----------
    entries
        The places so far: towns and the counties that have an id.
    counties
        Second-order codes and names; other countries' are passed over.
    states
        First-order codes with ids.
    parents
        GeoNames's administrative hierarchy, child to parent.

    Returns
    -------
    dict[str, int]
        Dotted code ("US.KY.001") to id.
    """
    named: dict[str, dict[str, str]] = defaultdict(dict)
    for county in counties:
        named[county.code.rpartition(".")[0]][fold(county.name)] = county.code
    children: dict[int, set[int]] = defaultdict(set)
    for child, parent in parents.items():
        children[parent].add(child)
    anchors = _anchors(entries.values())
    found: dict[str, int] = {}
    for state in states:
        if state.code.startswith("US.") and state.code not in _NOT_ALPHABETICAL:
            codes = named[state.code]
            known = _known(children[state.geonameid], codes, entries)
            open_ids = children[state.geonameid] - set(known)
            open_names = set(codes) - set(known.values())
            fixed = anchors[state.code] + sorted(known.items())
            matched = _match(open_ids, open_names, fixed)
            found |= {codes[name]: geonameid for geonameid, name in matched.items()}
    return found


def _anchors(entries: Iterable[Entry]) -> dict[str, _Anchors]:
    anchors: dict[str, _Anchors] = defaultdict(list)
    for entry in entries:
        if entry.country == "US" and entry.feature.startswith("PPL"):
            anchors[f"US.{entry.admin1}"].append(
                (int(entry.id.partition(":")[2]), fold(entry.name))
            )
    return anchors


def _known(
    ids: Iterable[int], codes: Mapping[str, str], entries: Mapping[str, Entry]
) -> dict[int, str]:
    known = {}
    for geonameid in ids:
        entry = entries.get(f"geonames:{geonameid}")
        if entry is not None and fold(entry.name) in codes:
            known[geonameid] = fold(entry.name)
    return known


def _match(ids: set[int], names: set[str], fixed: _Anchors) -> dict[int, str]:
    matched: dict[int, str] = {}
    while True:
        run = _orderly(sorted([*fixed, *matched.items()]))
        left = names - set(matched.values())
        choices = {
            geonameid: {name for name in left if low <= name <= high}
            for geonameid in sorted(ids - set(matched))
            for low, high in [_gap(run, geonameid)]
        }
        settled = _settle(choices)
        if not settled:
            return matched
        matched |= settled


def _orderly(run: _Anchors) -> _Anchors:
    kept = []
    for position, (geonameid, name) in enumerate(run):
        before = run[max(0, position - _WINDOW) : position]
        after = run[position + 1 : position + 1 + _WINDOW]
        agreeing = sum(n <= name for _, n in before) + sum(n >= name for _, n in after)
        if agreeing >= _AGREEMENT * (len(before) + len(after)):
            kept.append((geonameid, name))
    return kept


def _gap(run: _Anchors, geonameid: int) -> tuple[str, str]:
    position = bisect.bisect(run, (geonameid,))
    before = [name for _, name in run[max(0, position - _SPAN) : position]]
    after = [name for _, name in run[position : position + _SPAN]]
    low = min(before) if len(before) == _SPAN else ""
    high = max(after) if len(after) == _SPAN else "~"
    return low, high


def _settle(choices: Mapping[int, set[str]]) -> dict[int, str]:
    takers: dict[str, set[int]] = defaultdict(set)
    for geonameid, names in choices.items():
        for name in names:
            takers[name].add(geonameid)
    settled: dict[int, str] = {}
    for names in choices.values():
        group = sorted(other for other, theirs in choices.items() if theirs == names)
        if len(names) == len(group) <= _LARGEST_GROUP and set(group) == set().union(
            *(takers[name] for name in names)
        ):
            settled |= dict(zip(group, sorted(names), strict=True))
    return settled

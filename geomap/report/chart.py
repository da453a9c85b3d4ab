"""Cases -> a chart of bars by week and type, as a still picture."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from geomap.maps.still.picture import Figure, Path, Picture, Text
from geomap.maps.words import day_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geomap.maps.layers import Group
    from geomap.maps.still.picture import Item
    from geomap.report.cases import Case

__all__ = ["Bins", "bins_of", "chart"]

_INK, _SOFT, _GRID = "#1d1d1d", "#5b626b", "#d9dce0"
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 1000.0, 300.0, 48.0, 18.0, 44.0
_COLUMN, _ROW = 235.0, 20.0
# More bars than this are too thin to tell apart: then months, then years.
_MOST_BARS = 80
_WEEK, _MONTHS = 7, 12
# The longest interval that still lies in one bar, days.
_SPANS = {"week": 7, "month": 31, "year": 366}
_LABEL = 92.0


class Bins(NamedTuple):
    """Counts by span of time and layer; `left_out` are dated less closely than a span."""

    unit: str
    starts: Sequence[date]
    counts: Sequence[Counter[Group]]
    left_out: int


def bins_of(cases: Sequence[Case]) -> Bins:
    """Return the counts of cases by week, or by month or year where there would be too many bars.

    Parameters
    ----------
    cases
        The incidents; one counts on the first day that it may have happened on, once.

    Returns
    -------
    Bins
        Without a gap from the first span to the last; none at all without a day.
    """
    for unit, span in _SPANS.items():
        inside = [(day, case) for case in cases if (day := _day(case, span))]
        starts = _starts([day for day, _ in inside], unit)
        if len(starts) <= _MOST_BARS:
            break
    # Of years, the latest: one old date may not press all others into a corner.
    starts = starts[-_MOST_BARS:]
    inside = [(day, case) for day, case in inside if day >= starts[0]]
    counts: dict[date, Counter[Group]] = {start: Counter() for start in starts}
    for day, case in inside:
        counts[_start(day, unit)][case.group] += 1
    return Bins(unit, starts, list(counts.values()), len(cases) - len(inside))


def _day(case: Case, span: int) -> date | None:
    first, last = case.head.first, case.head.last
    if first is None or last is None or (last - first).days >= span:
        return None
    return first


def _start(day: date, unit: str) -> date:
    if unit == "week":
        # No week begins before the calendar does.
        return date.fromordinal(max(1, day.toordinal() - day.weekday()))
    return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def _starts(days: Sequence[date], unit: str) -> list[date]:
    """Return the begins of all spans from the first day to the last, but not endlessly many."""
    if not days:
        return []
    start, end = _start(min(days), unit), _start(max(days), unit)
    starts = [start]
    while starts[-1] < end and (unit == "year" or len(starts) <= _MOST_BARS):
        starts.append(_next(starts[-1], unit))
    return starts


def _next(start: date, unit: str) -> date:
    if unit == "week":
        return start + timedelta(days=_WEEK)
    if unit == "year" or start.month == _MONTHS:
        return date(start.year + 1, 1, 1)
    return start.replace(month=start.month + 1)


def chart(bins: Bins) -> Picture:
    """Return the chart of some counts.

    Parameters
    ----------
    bins
        What `bins_of` returned.

    Returns
    -------
    Picture
        With the counts in words.
    """
    groups = list(dict.fromkeys(group for count in bins.counts for group in count))
    totals = [sum(count.values()) for count in bins.counts]
    title = f"Incidents by {bins.unit} and type"
    most = max(totals, default=0)
    items = [*_grid(most), *_bars(bins, groups, most), *_axis(bins)]
    legend = list(_legend(groups, bins))
    bottom = max((item.y for item in legend if isinstance(item, Text)), default=_HEIGHT)
    return Picture(
        width=_WIDTH,
        height=bottom + 14,
        title=title,
        description=_described(bins, totals),
        figure=Figure(box=(0.0, 0.0, _WIDTH, _HEIGHT), items=items),
        items=legend,
    )


def _described(bins: Bins, totals: Sequence[int]) -> str:
    if not totals:
        return "A chart without incidents: none is dated closely enough."
    peak = max(totals)
    when = day_words(bins.starts[totals.index(peak)])
    return (
        f"Bars of incidents by {bins.unit}, {len(totals)} from {day_words(bins.starts[0])} to the "
        f"{bins.unit} of {day_words(bins.starts[-1])}; {sum(totals):,} in all, most in the "
        f"{bins.unit} of {when}: {peak:,}."
    )


def _inner() -> tuple[float, float]:
    return _WIDTH - _LEFT - 14, _HEIGHT - _TOP - _BOTTOM


def _grid(most: int) -> Iterator[Item]:
    wide, high = _inner()
    step = _round_step(most)
    for value in range(0, most + 1, step):
        y = _TOP + high - high * value / max(most, 1)
        yield Path(
            lines=[[(_LEFT, y), (_LEFT + wide, y)]], closed=False,
            stroke=_INK if value == 0 else _GRID, width=1.0,
        )  # fmt: skip
        yield Text(x=_LEFT - 6, y=y + 4, text=f"{value:,}", size=11, colour=_SOFT, anchor="end")


def _round_step(most: int) -> int:
    """Return 1, 2 or 5 times a power of ten that divides a scale in five parts at most."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            if most <= 5 * factor * power:
                return factor * power
        power *= 10


def _bars(bins: Bins, groups: Sequence[Group], most: int) -> Iterator[Item]:
    wide, high = _inner()
    slot = wide / max(len(bins.starts), 1)
    gap = min(0.15 * slot, 4.0)
    across = min(slot - 2 * gap, 46.0)
    for index, count in enumerate(bins.counts):
        x, y = _LEFT + slot * index + (slot - across) / 2, _TOP + high
        for group in groups:
            if not count[group]:
                continue
            tall = high * count[group] / most
            corners = [(x, y), (x + across, y), (x + across, y - tall), (x, y - tall)]
            words = f"{group.label}, {bins.unit} of {day_words(bins.starts[index])}: {count[group]}"
            yield Path(lines=[corners], fill=group.colour, stroke="#fff", width=0.8, title=words)
            y -= tall


def _axis(bins: Bins) -> Iterator[Item]:
    wide, high = _inner()
    slot = wide / max(len(bins.starts), 1)
    every = max(1, -(-int(_LABEL) // max(int(slot), 1)))
    base = _TOP + high
    for index in range(0, len(bins.starts), every):
        x = _LEFT + slot * (index + 0.5)
        yield Path(lines=[[(x, base), (x, base + 5)]], closed=False, stroke=_INK)
        words = _short(bins.starts[index], bins.unit)
        yield Text(x=x, y=base + 19, text=words, size=11, colour=_SOFT, anchor="middle")
    if bins.starts:
        name = "weeks from Monday" if bins.unit == "week" else f"{bins.unit}s"
        yield Text(x=_LEFT + wide, y=base + 37, text=name, size=11, colour=_SOFT, anchor="end")
    else:
        yield Text(x=_LEFT + 12, y=base - 24, text="No dated incidents", size=14, colour=_SOFT)


def _short(day: date, unit: str) -> str:
    number, month, year = day_words(day).split(" ")
    if unit == "year":
        return year
    return f"{month[:3]} {year}" if unit == "month" else f"{number} {month[:3]} {year}"


def _legend(groups: Sequence[Group], bins: Bins) -> Iterator[Item]:
    counts: Counter[Group] = sum(bins.counts, Counter())
    columns = int((_WIDTH - _LEFT) // _COLUMN)
    for index, group in enumerate(groups):
        x = _LEFT + (index % columns) * _COLUMN
        y = _HEIGHT + 8 + (index // columns) * _ROW
        corners = [(x, y - 9), (x + 12, y - 9), (x + 12, y + 1), (x, y + 1)]
        yield Path(lines=[corners], fill=group.colour, stroke=_INK, width=0.6)
        words = f"{group.label} ({counts[group]:,})"
        yield Text(x=x + 19, y=y, text=words, size=12, colour=_INK)

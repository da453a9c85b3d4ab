"""Marks -> a picture: the map, what stands for what, what is not on it, and whose data it is."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from geomap.elements import clipped
from geomap.maps.basemap import BORDERS
from geomap.maps.layers import STATUSES
from geomap.maps.still.ground import area, frame_around, ground
from geomap.maps.still.labels import Room, labels
from geomap.maps.still.picture import Disc, Figure, Path, Picture, Text, width_of
from geomap.maps.still.symbols import INK, badge, symbol, wheel

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geomap.maps.basemap import Borders
    from geomap.maps.layers import Group
    from geomap.maps.marks import Mark
    from geomap.maps.spots import Spots
    from geomap.maps.still.ground import Frame
    from geomap.maps.still.picture import Item, Point

__all__ = ["Content", "compose", "described", "listed_words", "period_words"]

_SOFT = "#5b626b"
_CREDITS = "GeoNames, OpenTravelData CC BY 4.0 · Natural Earth."
_UNSEEN = frozenset({"denied", "hypothetical"})
# From here on symbols would cover each other: those within a cell of so many pixels are gathered.
_MOST_STACKS, _CELL = 220, 34.0
# Symbols nearer than this hide each other or their counts: they become one.
_TOUCHING = 15.0
_RADIUS = 6.5
_MARGIN, _ROW, _COLUMN = 14.0, 21.0, 235.0
_LONGEST_TITLE, _LONGEST_NAME = 110, 32
# As many places as a reader who listens can keep in mind.
_NAMED = 12
_KM_PER_DEGREE = 111.195
_SCALE_BAR = 150.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a still map shows: marks with the number of their layer, where they lie, in words."""

    marks: Sequence[Mark]
    layers: tuple[Sequence[Group], Sequence[int]]
    spots: Spots
    basemap: dict[str, Any]
    title: str | None
    borders: Borders

    @property
    def groups(self) -> Sequence[Group]:
        """The layers."""
        return self.layers[0]

    @property
    def numbers(self) -> Sequence[int]:
        """The number of each mark's layer."""
        return self.layers[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stack:
    """Marks that one symbol stands for."""

    at: Point
    members: Sequence[int]
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of its first place, and how many are told with it; empty for a crowd."""
        unique = [name for name in dict.fromkeys(self.names) if name]
        more = f" and {len(unique) - 1} nearby" if len(unique) > 1 else ""
        return clipped(unique[0], _LONGEST_NAME) + more if unique else ""


def compose(content: Content, width: float) -> Picture:
    """Return the picture of a map.

    Parameters
    ----------
    content
        What it shows.
    width
        Pixels; the height follows.

    Returns
    -------
    Picture
        With a description made from the data.
    """
    head = list(_heading(content))
    top = 58.0 if head else 0.0
    frame = frame_around(content.spots.bounds(), width, top)
    shown = [i for i, mark in enumerate(content.marks) if mark.status not in _UNSEEN]
    stacks = _stacks(content, shown, frame)
    room = Room(frame=frame)
    scale = list(_scale_bar(frame, room)) if content.spots.lats else []
    marks = list(chain.from_iterable(_drawn(content, stack, room) for stack in stacks))
    named = [(stack.name, stack.at, _radius(content, stack)) for stack in stacks if stack.name]
    names = list(labels(room, named, content.basemap))
    areas = _areas(content, shown, frame)
    box = (frame.left, frame.top, frame.width, frame.height)
    items = [*ground(frame, content.basemap), *areas, *names, *marks, *scale]
    below = list(_legend(content, shown, width, top + frame.height))
    bottom = max(item.y for item in below if isinstance(item, Text))
    rim = Path(
        lines=[[(0, top), (width, top), (width, top + frame.height), (0, top + frame.height)]],
        stroke=INK,
        width=0.6,
    )
    return Picture(
        width=width,
        height=bottom + 10,
        title=content.title or "Incidents",
        description=described(content.marks, content.groups, content.numbers),
        figure=Figure(box=box, items=items),
        items=[*head, rim, *below],
    )


def described(marks: Sequence[Mark], layers: Sequence[Group], numbers: Sequence[int]) -> str:
    """Return in words what a map shows, for those who do not see it.

    Parameters
    ----------
    marks
        What it shows.
    layers
        Its layers.
    numbers
        The number of each mark's layer.

    Returns
    -------
    str
        Counts by layer and by place, and what is not on the map.
    """
    if not marks:
        return "A map without incidents."
    counts = Counter(numbers)
    kinds = ", ".join(f"{layers[i].label} {counts[i]:,}" for i in sorted(counts))
    parts = [f"Map of {_counted(len(marks), 'incident')}, {period_words(marks)}: {kinds}."]
    places = Counter(
        mark.place for mark in marks if mark.spot is not None and mark.status not in _UNSEEN
    )
    if places:
        ranked = sorted(places.items(), key=lambda pair: (-pair[1], pair[0]))
        named = [f"{clipped(name or 'unnamed', 60)} {n:,}" for name, n in ranked[:_NAMED]]
        more = len(ranked) - len(named)
        rest = f" and {_counted(more, 'other place')}" if more else ""
        parts.append(f"Places: {', '.join(named)}{rest}.")
    return " ".join([*parts, *listed_words(marks)])


def period_words(marks: Sequence[Mark]) -> str:
    """Return the days from the first to the last that is known of some marks."""
    from geomap.maps.words import day_words

    days = {mark.first for mark in marks} | {mark.last for mark in marks}
    known = [day for day in days if day]
    if not known:
        return "without a date"
    return " – ".join(dict.fromkeys((day_words(min(known)), day_words(max(known)))))


def listed_words(marks: Sequence[Mark]) -> list[str]:
    """Return sentences on what a map does not draw, and why; none when it draws all."""
    off = [mark for mark in marks if mark.status in _UNSEEN]
    vague = [mark for mark in marks if mark.spot is None and mark.status not in _UNSEEN]
    countries = Counter(_country(mark) for mark in vague if mark.place)
    nowhere = sum(1 for mark in vague if not mark.place)
    said = []
    if countries:
        ranked = sorted(countries.items(), key=lambda pair: (-pair[1], pair[0]))
        named = ", ".join(f"{clipped(name, 40)} {count:,}" for name, count in ranked[:_NAMED])
        more = f" and {len(ranked) - _NAMED:,} more" if len(ranked) > _NAMED else ""
        said.append(f"Located only to country, so not drawn: {named}{more}.")
    if nowhere:
        said.append(f"No place given: {nowhere:,}.")
    if off:
        said.append(f"Denied or hypothetical, so not drawn: {len(off):,}.")
    return said


def _country(mark: Mark) -> str:
    within = mark.within.rpartition(", ")[2]
    return mark.place if mark.precision == "country" else within or mark.place


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _heading(content: Content) -> Iterator[Item]:
    if not content.title:
        return
    title = clipped(content.title, _LONGEST_TITLE)
    yield Text(x=_MARGIN, y=26, text=title, size=18, colour=INK, bold=True)
    words = f"{_counted(len(content.marks), 'incident')} · {period_words(content.marks)}"
    yield Text(x=_MARGIN, y=46, text=words, size=12.5, colour=_SOFT)


def _stacks(content: Content, shown: Sequence[int], frame: Frame) -> list[_Stack]:
    """Return the symbols, those of many incidents first."""
    spots = content.spots
    together: dict[Any, list[int]] = {}
    for index in shown:
        if (spot := content.marks[index].spot) is not None:
            together.setdefault(spot, []).append(index)
    pixels = {spot: frame.at(spots.lats[spot], spots.lons[spot]) for spot in together}
    if len(together) <= _MOST_STACKS:
        made = [
            _Stack(at=pixels[spot], members=members, names=(content.marks[members[0]].place,))
            for spot, members in together.items()
        ]
        return _apart(made, _TOUCHING)
    cells: dict[tuple[int, int], list[int]] = {}
    for spot, (x, y) in pixels.items():
        cells.setdefault((int(x // _CELL), int(y // _CELL)), []).append(spot)
    made = []
    for inside in cells.values():
        members = [index for spot in inside for index in together[spot]]
        # Each spot counts as often as something happened there.
        x = sum(pixels[spot][0] * len(together[spot]) for spot in inside) / len(members)
        y = sum(pixels[spot][1] * len(together[spot]) for spot in inside) / len(members)
        made.append(_Stack(at=(x, y), members=members, names=()))
    return _apart(made, _CELL)


def _apart(stacks: Sequence[_Stack], reach: float) -> list[_Stack]:
    """Return stacks that lie apart: a smaller one too near to a larger joins it."""
    kept: list[_Stack] = []
    for stack in sorted(stacks, key=lambda stack: (-len(stack.members), stack.at)):
        near = next((n for n, k in enumerate(kept) if math.dist(k.at, stack.at) < reach), None)
        if near is None:
            kept.append(stack)
            continue
        larger = kept[near]
        members, names = [*larger.members, *stack.members], (*larger.names, *stack.names)
        kept[near] = _Stack(at=larger.at, members=members, names=names)
    return kept


def _radius(content: Content, stack: _Stack) -> float:
    if len({content.numbers[i] for i in stack.members}) == 1:
        return _RADIUS
    return min(9.0 + 1.6 * len(f"{len(stack.members):,}"), _CELL / 2 - 1)


def _drawn(content: Content, stack: _Stack, room: Room) -> Iterator[Item]:
    """Yield the symbol of a stack: the layer's own, with a count, or a wheel of several."""
    x, y = stack.at
    radius = _radius(content, stack)
    room.take((x - radius - 1, y - radius - 1, x + radius + 1, y + radius + 1))
    count = len(stack.members)
    title = _tooltip(content, stack)
    shares = Counter(content.numbers[i] for i in stack.members)
    if len(shares) > 1:
        colours = [(content.groups[i].colour, shares[i]) for i in sorted(shares)]
        yield from wheel(colours, stack.at, radius, title=title)
        return
    group = content.groups[next(iter(shares))]
    statuses = {content.marks[i].status for i in stack.members}
    status = statuses.pop() if len(statuses) == 1 else "asserted"
    yield from symbol(group, status, stack.at, radius, title=title)
    if count > 1:
        half = max(7.0, width_of(f"{count:,}", 10.0, bold=True) / 2 + 4)
        at = (x + radius + half - 5, y - radius)
        room.take((at[0] - half - 1, at[1] - 8, at[0] + half + 1, at[1] + 8))
        yield from badge(count, at)


def _tooltip(content: Content, stack: _Stack) -> str:
    if len(stack.members) > 1:
        where = f"{clipped(stack.name, 60)}: " if stack.name else ""
        return where + _counted(len(stack.members), "incident")
    mark = content.marks[stack.members[0]]
    parts = (clipped(mark.title, 120), clipped(mark.place, 60), mark.date, mark.precision)
    return " · ".join(part for part in parts if part)


def _areas(content: Content, shown: Sequence[int], frame: Frame) -> list[Item]:
    """Return the hatched areas of what is known to a district, a province or a circle."""
    rows = {row["spot"]: row for row in content.spots.areas}
    drawn: list[Item] = []
    seen: set[tuple[int, int]] = set()
    for index in shown:
        spot, layer = content.marks[index].spot, content.numbers[index]
        if spot is None or spot not in rows or (spot, layer) in seen:
            continue
        seen.add((spot, layer))
        lines = _outline(content.spots, rows[spot], frame)
        if lines:
            colour = content.groups[layer].colour
            drawn.append(Path(lines=lines, fill=colour, opacity=0.08))
            drawn.append(Path(lines=lines, hatched=True, stroke=colour, width=1.4, dash=(6.0, 3.0)))
    return drawn


def _outline(spots: Spots, row: dict[str, Any], frame: Frame) -> list[list[Point]]:
    if "polygons" in row:
        return area(frame, row["polygons"])
    spot = row["spot"]
    x, y = frame.at(spots.lats[spot], spots.lons[spot])
    radius = row["km"] / _KM_PER_DEGREE * frame.scale
    turns = [2 * math.pi * step / 64 for step in range(64)]
    return [[(x + radius * math.sin(turn), y - radius * math.cos(turn)) for turn in turns]]


def _scale_bar(frame: Frame, room: Room) -> Iterator[Item]:
    """Yield the longest round distance that fits in its corner; true at the map's middle."""
    most = _SCALE_BAR / frame.scale * _KM_PER_DEGREE
    size = 10.0 ** (len(str(int(most))) - 1) if most >= 1 else 0.1
    km = max((step * size for step in (1, 2, 5) if step * size <= most), default=size)
    length = km / _KM_PER_DEGREE * frame.scale
    x, y = frame.left + 14, frame.top + frame.height - 14
    room.take((x - 6, y - 24, x + length + 8, y + 8))
    yield Path(
        lines=[[(x, y - 5), (x, y), (x + length, y), (x + length, y - 5)]],
        closed=False, stroke=INK, width=1.4,
    )  # fmt: skip
    yield Text(x=x + 3, y=y - 7, text=f"{km:,g} km", size=11, colour=INK, halo=True)


def _legend(content: Content, shown: Sequence[int], width: float, top: float) -> Iterator[Item]:
    """Yield what stands below the map; at least the line of credits."""
    columns = max(1, int((width - 2 * _MARGIN) // _COLUMN))
    entries = list(_entries(content, shown))
    rows = -(-len(entries) // columns)
    for index, (sample, words) in enumerate(entries):
        x = _MARGIN + (index // rows) * _COLUMN
        y = top + 24 + (index % rows) * _ROW
        yield from sample(x + 10, y)
        yield Text(x=x + 26, y=y + 4.2, text=words, size=12, colour=INK)
    y = top + (24 + rows * _ROW if rows else 8)
    if not content.marks:
        y += 12
        yield Text(x=_MARGIN, y=y, text="No incidents", size=14, colour=INK, bold=True)
    for line in _wrapped(" ".join(listed_words(content.marks)), width - 2 * _MARGIN, 11.5):
        y += 6
        yield Text(x=_MARGIN, y=y, text=line, size=11.5, colour=INK)
        y += 10
    for line in _wrapped(f"{_CREDITS} {BORDERS[content.borders]}", width - 2 * _MARGIN, 10):
        y += 14
        yield Text(x=_MARGIN, y=y, text=line, size=10, colour=_SOFT)


def _wrapped(text: str, width: float, size: float) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if line and width_of(longer, size) > width:
            yield line
            line = word
        else:
            line = longer
    if line:
        yield line


def _entries(content: Content, shown: Sequence[int]) -> Iterator[tuple[Any, str]]:
    """Yield the samples and the words of the legend: what is there, and no more."""
    counts = Counter(content.numbers[i] for i in shown if content.marks[i].spot is not None)
    for number in sorted(counts):
        group = content.groups[number]

        def sample(x: float, y: float, group: Group = group) -> Iterator[Item]:
            return symbol(group, "asserted", (x, y))

        yield sample, f"{clipped(group.label, 26)} ({counts[number]:,})"
    marks = [content.marks[i] for i in shown if content.marks[i].spot is not None]
    plain = next((group for group in content.groups if group.shape == "square"), None)
    statuses = {mark.status for mark in marks} - {"asserted"}
    for status in (status for status in STATUSES if status in statuses and plain):

        def hollow(x: float, y: float, status: str = status) -> Iterator[Item]:
            return symbol(plain._replace(colour=INK), status, (x, y)) if plain else iter(())

        yield hollow, STATUSES[status]
    vague = {row["spot"] for row in content.spots.areas}
    if any(mark.spot in vague for mark in marks):
        yield _hatched_sample, "Somewhere in the hatched area"
    if len({mark.spot for mark in marks}) < len(marks):
        yield _count_sample, "So many incidents at a place"


def _hatched_sample(x: float, y: float) -> Iterator[Item]:
    corners = [(x - 9, y - 7), (x + 9, y - 7), (x + 9, y + 7), (x - 9, y + 7)]
    lines = [[(x - 9 + 6 * i, y + 7), (x - 3 + 6 * i, y - 7)] for i in range(3)]
    yield Path(lines=[corners], stroke=INK, width=1.2, dash=(4.0, 2.0))
    yield Path(lines=lines, closed=False, stroke=INK, width=0.8)


def _count_sample(x: float, y: float) -> Iterator[Item]:
    yield Disc(x=x - 4, y=y + 3, radius=5, fill="#999999", stroke=INK)
    yield from badge(3, (x + 5, y - 3))

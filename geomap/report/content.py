"""Cases -> the blocks of a report, the same whatever file they become."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.elements import clipped, web_address
from geomap.maps.layers import STATUSES
from geomap.maps.marks import count_articles
from geomap.maps.still import StaticMap
from geomap.maps.still.layout import listed_words, period_words
from geomap.maps.words import casualty_words, type_label
from geomap.report.blocks import Bullets, Heading, Image, Paragraph, Piece, Quote, Table, text
from geomap.report.cases import COUNTED, in_total
from geomap.report.chart import bins_of, chart

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geomap.maps.marks import Mark, Source
    from geomap.report.blocks import Block, Pieces
    from geomap.report.cases import Case

__all__ = ["Shown", "blocks_of"]

# Longer texts are no headline, name or quote any more.
_TITLE, _NAME, _QUOTE, _MOST_PLACES = 300, 120, 4000, 6
_PRECISIONS = {
    "exact": "exact place",
    "town": "town",
    "district": "somewhere in the district",
    "province": "somewhere in the province",
    "country": "known only to the country",
    "none": "no place given",
}
_COUNTED_AS = {"asserted": "reported as fact", "alleged": "alleged"}
_METHOD = (
    (
        "Every incident rests on the sentences quoted with it; read them before you rely on it. "
        "geomap {version} found places, events, dates and numbers in the texts without a person's "
        "judgement and without a network."
    ),
    (
        "A town is a point. A district or province is an area, and the incident lies somewhere in "
        "it. What is known only to its country is listed and never drawn as a dot."
    ),
    (
        "Accounts of one happening are put together where type, day, place and toll agree. Two "
        "may have been missed, or two happenings taken for one."
    ),
    (
        "The dead and injured belong to the incident: different accounts of it give a range and "
        "are never added up. Totals add up different incidents; those planned, threatened, denied "
        "or hypothetical are not in them."
    ),
    (
        "Dates are as close as the text gives them. The confidence, between 0 and 1, is geomap's "
        "own estimate of how sure the reading is, not of whether the source tells the truth."
    ),
    "What no article told, or none of the articles given, is not here: silence is not peace.",
)
_CREDITS = (
    "Places: GeoNames (geonames.org) and OpenTravelData, CC BY 4.0. Outlines: Natural Earth, "
    "public domain. Borders are drawn as on the map's own foot; geomap takes no position on them. "
    "Quotes belong to the outlets named with them."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a report shows beside its cases.

    `title` is the heading, `asked` what was chosen by, `still` the map as a picture, `page` the
    whole map for files that can hold one, `limit` how many incidents are told with their quotes.
    """

    title: str
    asked: str | None
    still: StaticMap
    page: str | None
    limit: int
    version: str


def blocks_of(cases: Sequence[Case], shown: Shown) -> list[Block]:
    """Return the blocks of a report, in their order.

    Parameters
    ----------
    cases
        The incidents; none gives a report that says so.
    shown
        What stands beside them.

    Returns
    -------
    list of Block
        Text as it stands in the sources, cut where it is endless.
    """
    marks = [mark for case in cases for mark in case.marks]
    period = period_words(marks) if marks else "No incidents were found"
    made: list[Block] = [
        Heading(1, clipped(shown.title, _TITLE)),
        Paragraph(text(period[0].upper() + period[1:], "strong")),
    ]
    if shown.asked:
        made.append(Paragraph((Piece("soft", "Chosen by: "), Piece("text", shown.asked))))
    if cases:
        made += [Heading(2, "Key figures"), Table((), list(_figures(cases)))]
    made += [Heading(2, "Map"), _map(marks, shown)]
    made += [Paragraph(text(said)) for said in listed_words(marks)]
    if cases:
        made += _when(cases)
        told = _weightiest(cases, shown.limit)
        made += [Heading(2, "Incidents"), Table(_HEAD, [_row(c, told) for c in _tabled(cases)])]
        made += _cut(cases, told)
        made += [Heading(2, "Sources and quotes")]
        headlines = Counter(case.head.title for case in told)
        for case, number in told.items():
            # An article's headline names one incident, where it tells of several none.
            own = headlines[case.head.title] == 1
            made += _told(case, number, case.head.title if own else _named(case))
    made += [Heading(2, "Method and limits")]
    made.append(Bullets([text(line.replace("{version}", shown.version)) for line in _METHOD]))
    return [*made, Heading(2, "Attribution"), Paragraph(text(_CREDITS))]


_HEAD = ("No.", "Date", "Type", "Place", "Known to", "Status", "Killed, injured", "Articles")
# More rows are a table for a spreadsheet, which `geomap events` writes.
_MOST_ROWS = 1000


def _map(marks: Sequence[Mark], shown: Shown) -> Image:
    words = (
        "A symbol is one incident or, with a number, several at one place. Hatched: somewhere in"
        " the area."
    )
    return Image("map", shown.still, words if marks else "No incidents.", shown.page)


def _figures(cases: Sequence[Case]) -> Iterator[Sequence[Pieces]]:
    """Yield name and value of each key figure."""
    statuses = Counter(case.status for case in cases)
    named = ", ".join(
        f"{statuses[key]:,} {words.lower()}" for key, words in STATUSES.items() if statuses[key]
    )
    yield text("Incidents"), (Piece("strong", f"{len(cases):,}"), Piece("text", f": {named}"))
    articles = count_articles(source for case in cases for source in case.sources)
    outlets = {source.outlet for case in cases for source in case.sources}
    yield (
        text("Articles"),
        text(f"{articles:,} from {_counted(len(outlets), 'outlet')}"),
    )
    groups = Counter(case.group.label for case in cases)
    ranked = sorted(groups.items(), key=lambda pair: (-pair[1], pair[0]))
    yield text("Types"), text(", ".join(f"{label} {count:,}" for label, count in ranked))
    for status in COUNTED:
        yield from _harm([case for case in cases if case.status == status], status)
    known = Counter(_closeness(case) for case in cases)
    order = [*_PRECISIONS.values()]
    named = ", ".join(f"{words} {known[words]:,}" for words in order if known[words])
    yield text("Places known to"), text(named)


def _harm(cases: Sequence[Case], status: str) -> Iterator[Sequence[Pieces]]:
    tolls = [case.toll for case in cases if case.toll]
    hurt = [case.injured for case in cases if case.injured is not None]
    if total := in_total(tolls):
        words = f"{casualty_words(total, None)} in {_counted(len(tolls), 'incident')}"
        yield text(f"Killed, {_COUNTED_AS[status]}"), text(words)
    if hurt:
        words = f"{sum(hurt):,} injured in {_counted(len(hurt), 'incident')}"
        yield text(f"Injured, {_COUNTED_AS[status]}"), text(words)


def _when(cases: Sequence[Case]) -> list[Block]:
    bins = bins_of(cases)
    picture = StaticMap(chart(bins))
    caption = f"Incidents by {bins.unit} and type, on the first day that each may have happened on."
    if bins.left_out:
        caption += f" {bins.left_out:,} dated less closely, or not at all, are not in the chart."
    return [Heading(2, "When"), Image("chart", picture, caption)]


def _weightiest(cases: Sequence[Case], limit: int) -> dict[Case, int]:
    """Return the cases that are told with their quotes, by day, each with its number."""
    if len(cases) > limit:

        def weight(case: Case) -> tuple[int, int, float]:
            killed = case.toll.best if case.toll else 0
            return -killed, -len(case.sources), -(case.head.confidence or 0.0)

        kept = {id(case) for case in sorted(cases, key=weight)[:limit]}
        cases = [case for case in cases if id(case) in kept]
    return {case: number for number, case in enumerate(cases, 1)}


def _tabled(cases: Sequence[Case]) -> Sequence[Case]:
    return cases[:_MOST_ROWS]


def _cut(cases: Sequence[Case], told: dict[Case, int]) -> list[Block]:
    """Return a word on what is left out, where something is."""
    said = []
    if len(cases) > _MOST_ROWS:
        said.append(f"The table has the first {_MOST_ROWS:,} of {len(cases):,} incidents.")
    if len(cases) > len(told):
        said.append(
            f"Quotes follow for {len(told):,} of them: those with the most dead, then the most"
            " sources. All are in the store, and on the map."
        )
    return [Paragraph(text(" ".join(said), "soft"))] if said else []


def _row(case: Case, told: dict[Case, int]) -> Sequence[Pieces]:
    number = told.get(case)
    first = (Piece("ref", str(number), _anchor(number)),) if number else text("–")
    return (
        first,
        text(_date(case)),
        text(type_label(case.head.type)),
        text(_places(case, short=True)),
        text(_closeness(case)),
        text(STATUSES[case.status]),
        text(case.harm or "–"),
        text(f"{len(case.sources):,}"),
    )


def _anchor(number: int) -> str:
    return f"incident-{number}"


def _places(case: Case, *, short: bool) -> str:
    names = []
    for mark in case.marks:
        within = mark.within.rpartition(", ")[2] if short else mark.within
        names.append(clipped(", ".join(p for p in (mark.place, within) if p), _NAME))
    unique = list(dict.fromkeys(name for name in names if name))
    more = f" and {len(unique) - _MOST_PLACES:,} more" if len(unique) > _MOST_PLACES else ""
    return "; ".join(unique[:_MOST_PLACES]) + more or "–"


def _closeness(case: Case) -> str:
    mark = case.head
    if mark.spot is None and not mark.place:
        return _PRECISIONS["none"]
    return _PRECISIONS[mark.precision]


def _named(case: Case) -> str:
    """Return what happened, where and when."""
    place = _places(case, short=True)
    where = f" in {place}" if case.head.place else ""
    return f"{type_label(case.head.type)}{where}, {_date(case)}"


def _date(case: Case) -> str:
    """Return the date; a day says by itself how close it is."""
    return case.head.date.removesuffix(", to the day")


def _told(case: Case, number: int, title: str) -> list[Block]:
    """Return one incident with every source."""
    head = case.head
    made: list[Block] = [
        Heading(3, f"{number}. {clipped(title, _TITLE)}", _anchor(number)),
        Paragraph(_facts(case)),
    ]
    if head.actors:
        actors = (f"{clipped(who, _NAME)} ({role})" for who, role in head.actors[:12])
        made.append(Paragraph((Piece("soft", "Who: "), Piece("text", ", ".join(actors)))))
    if head.why:
        why = clipped("; ".join(head.why), _TITLE)
        made.append(Paragraph((Piece("soft", "Why this place: "), Piece("text", why))))
    if head.rejected:
        names = "; ".join(clipped(name, _NAME) for name in head.rejected)
        made.append(Paragraph((Piece("soft", "Not meant, as it seems: "), Piece("text", names))))
    for source in case.sources:
        made += [Quote(_quote(source), source.language), Paragraph(_source(source))]
    return made


def _facts(case: Case) -> Pieces:
    head = case.head
    facts = [
        type_label(head.type),
        _date(case),
        f"{_places(case, short=False)} ({_closeness(case)})",
        STATUSES[case.status],
        case.harm,
        "" if head.confidence is None else f"confidence {head.confidence:.2f}",
    ]
    return text(" · ".join(fact for fact in facts if fact))


def _quote(source: Source) -> Pieces:
    pieces, room = [], _QUOTE
    for kind, words in source.quote:
        if room <= 0:
            break
        shown = clipped(words, max(room, 2))
        pieces.append(Piece(kind if kind in {"trigger", "place"} else "text", shown))
        room -= len(words)
    return tuple(pieces) or text("(no quote)", "soft")


def _source(source: Source) -> Pieces:
    """Return who says it, where and when, and how the place stands to the quote."""
    outlet, address = clipped(source.outlet, _NAME), web_address(source.url)
    pieces = [Piece("soft", "— ")]
    pieces.append(Piece("link", outlet, address) if address else Piece("strong", outlet))
    if source.title:
        pieces.append(Piece("text", f", “{clipped(source.title, _TITLE)}”"))
    if source.published:
        pieces.append(Piece("text", f", {source.published}"))
    if source.said:
        pieces.append(Piece("text", f"; according to “{clipped(source.said, _TITLE)}”"))
    notes = [source.basis] if source.basis else []
    if source.status != "asserted":
        notes.append(f"told as {source.status}")
    if notes:
        pieces.append(Piece("soft", f" ({'; '.join(notes)})"))
    return tuple(pieces)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")

"""The numbers that the trees of recognition look at, first by a stretch alone.

What is yes or no stands in `features`; here are amounts: how rare the words are, how prominent the
places, how far the stretch reaches into its run of capitals. All names of an article are weighed
against one another in `company`.

Each function of `_GROUPS` gives some columns for all stretches at once; their names stand beside
it. A new number goes into the group that has its facts, with its name at the same place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geomap.mentions.entries import NONE
from geomap.mentions.entries import NUMBERS as ENTRY_NUMBERS
from geomap.mentions.persons import COLUMNS as PERSON_COLUMNS
from geomap.mentions.persons import persons
from geomap.mentions.vicinity import COLUMNS as VICINITY_COLUMNS
from geomap.mentions.vicinity import vicinity
from geomap.mentions.vocabulary import (
    CALLED_IN_LISTS,
    COUNTED_PLACES,
    FACILITY_WORDS,
    ORGANISATION_WORDS,
    PLACE_SUFFIXES,
    TITLES,
)
from geomap.mentions.word_rows import AFTER, BEFORE, WORD_LISTS, flags

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from geomap.mentions.candidates import Stretch
    from geomap.mentions.evidence import Evidence

    Block = NDArray[np.float64]

__all__ = ["COLUMNS", "measures"]

_CELLS = ("capital", "lower", "upper", "given", "surname", "towns", "givens", "surnames", "lowers")
_CAPITAL, _LOWER, _GIVEN, _TOWNS = 0, 1, 3, 5
# Of a neighbour: how it is cased, and what its class is.
_NEIGHBOUR_CELLS = (0, 1, 5, 6, 7)
# Stands for the word that there is none of: below everything that occurs.
_NO_WORD = -30.0
# How what follows after a comma fits: "Bannu, Pakistan".
_CHAIN = {"its region": 3.0, "its place": 2.0, "region": 1.0, "place": 0.5, "nothing": 0.0}
# News repeats few names more often: what is learned of those must not speak against a long list.
_OFTEN = 12.0
# How many tokens a list may have: "Cooke, Grayson and Love counties".
_LIST_REACH = 14
_LIST_MARKS = frozenset({",", "and", "&", "or"})


def measures(evidence: Evidence) -> Block:
    """Return the numbers of the stretches of one article.

    Parameters
    ----------
    evidence
        What is known of them; at least one.

    Returns
    -------
    numpy.ndarray
        A row a stretch, a column for each of `COLUMNS`.
    """
    return np.concatenate([of(evidence) for _, of in _GROUPS], axis=1, dtype=np.float64)


def _columns(columns: Sequence[ArrayLike]) -> Block:
    """Put columns side by side."""
    return np.array(columns, dtype=np.float64).T


def _words(e: Evidence) -> Block:
    """Say what plain text knows of the first and the last word, and the likeliest town inside."""
    several = (e.last - e.first > 1)[:, None]
    first = e.numbers[e.first]
    last = np.where(several, e.numbers[e.last - 1], _NO_WORD)
    lengths = e.last - e.first
    starts = np.cumsum(lengths) - lengths
    inside = np.arange(lengths.sum()) + np.repeat(e.first - starts, lengths)
    word = e.word[inside]
    towns = np.where(word, e.numbers[inside, _TOWNS], _NO_WORD)
    capitals = np.where(word, e.numbers[inside, _CAPITAL], np.inf)
    rarest = np.minimum.reduceat(capitals, starts)
    case_last = np.where(several[:, 0], last[:, _CAPITAL] - last[:, _LOWER], _NO_WORD)
    return np.column_stack(
        [
            first,
            last,
            np.maximum.reduceat(towns, starts),
            np.where(np.isinf(rarest), _NO_WORD, rarest),
            first[:, _CAPITAL] - first[:, _LOWER],
            case_last,
        ]
    )


def _shape(e: Evidence) -> Block:
    return _columns(
        [
            e.last - e.first,
            [len(raw) for raw in e.raw],
            e.count_inside(e.capital),
            e.count_inside(~e.word),
            [not raw.isalpha() and any(map(str.isdigit, raw)) for raw in e.raw],
            e.upper,
            [raw.endswith(".") for raw in e.raw],
            np.full(len(e.raw), e.headline_case),
        ]
    )


_GAZETTEER = (
    *ENTRY_NUMBERS[:5],
    "rank in named province",
    "rank in named country",
    *ENTRY_NUMBERS[5:8],
    "country share",
    *ENTRY_NUMBERS[8:],
)


def _gazetteer(e: Evidence) -> Block:
    """Say what the gazetteer says of a name; once for all of its stretches."""
    regions, votes = e.certain_regions, e.country_votes
    countries = {country for country, province in regions if province is None}
    everything = max(1, votes.total())
    row_of: dict[str | None, int] = {None: 0}
    rows: list[tuple[float, ...]] = [(NONE,) * len(_GAZETTEER)]
    for name, entry in e.entries.items():
        row_of[name] = len(rows)
        in_province = regions & entry.provinces.keys()
        in_country = countries & entry.countries.keys()
        rows.append(
            (
                *entry.numbers[:5],
                max([entry.provinces[region] for region in in_province], default=NONE),
                max([entry.countries[country] for country in in_country], default=NONE),
                *entry.numbers[5:8],
                max([votes[country] for country in entry.countries]) / everything,
                *entry.numbers[8:],
            )
        )
    return np.array(rows)[[row_of[s.name] for s in e.stretches]]


_KINDS = ("capital", *WORD_LISTS, "word")


def _kinds(e: Evidence, token: NDArray[np.intp]) -> Block:
    """Say how a neighbour is cased and which lists it is in."""
    lists = e.flags[token][:, flags(*WORD_LISTS)]
    return np.column_stack([e.capital[token], lists, e.word[token]])


def _line(e: Evidence) -> Block:
    return _columns([e.line_start, e.line_end])


def _neighbours(e: Evidence) -> Block:
    """Say what plain text knows of two neighbours on either side; a mark is no word."""
    none = len(e.lower) - 1
    beside = np.concatenate([e.before, e.after, e.before2, e.after2])
    words = np.where(e.word[beside], beside, none)
    cells = e.numbers[words][:, _NEIGHBOUR_CELLS]
    return np.hstack(np.split(cells, 4))


def _marks(e: Evidence) -> Block:
    """Say which single words and marks stand right before and behind."""
    before = e.flags[e.before][:, flags(*(f"is {word}" for word in BEFORE))]
    after = e.flags[e.after][:, flags(*(f"is {word}" for word in AFTER))]
    return np.hstack([before, after])


def _further(e: Evidence) -> Block:
    return _columns(
        [
            e.capital[e.before2],
            e.capital[e.after2],
            e.is_a("preposition")[e.before2],
            e.is_a("break")[e.before],
            e.is_a("party")[e.before2] & e.is_a("dash")[e.before],
            [_list_word(e, s.last) for s in e.stretches],
        ]
    )


def _list_word(e: Evidence, start: int) -> float:
    """Tell what the list that goes on behind a name is of: counties (1), avenues (-1)."""
    at, until = start, min(len(e.lower) - 1, start + _LIST_REACH)
    while at < until and (e.capital[at] or e.lower[at] in _LIST_MARKS):
        at += 1
    if at == start or not e.capital[at - 1]:
        return 0.0
    # The word behind the list, or its last one where headlines give it a capital.
    words = {e.lower[at - 1], e.lower[at]}
    return float(not words.isdisjoint(COUNTED_PLACES)) - (not words.isdisjoint(CALLED_IN_LISTS))


def _chain(e: Evidence) -> Block:
    """Say how the place behind a comma fits, and how prominent the one before a comma is."""
    none = len(e.lower) - 1
    opens = e.is_a("opens a region")
    behind = np.full(len(e.first), NONE)
    for i in np.flatnonzero(opens[e.after] & (e.after2 < none)).tolist():
        behind[i] = _CHAIN[e.region_behind(e.stretches[i])]
    # Of every token the rank of the best name that ends with it.
    ends = np.zeros(none + 1)
    np.maximum.at(ends, e.last[e.named] - 1, e.ranks[e.named])
    follows = opens[e.before] & (e.before2 < none)
    return _columns([behind, np.where(follows, ends[e.before2], NONE)])


def _run(e: Evidence) -> Block:
    """Say where the stretch stands in its run of capitals, and what that begins and ends with."""
    return np.array([_in_run(e, s) for s in e.stretches])


def _in_run(e: Evidence, stretch: Stretch) -> tuple[float, ...]:
    run = e.scene.run_of.get(stretch.first)
    if run is None:
        return (NONE,) * 8
    first, last = run[0], run[1] - 1
    return (
        stretch.first - run[0],
        run[1] - stretch.last,
        run[1] - run[0],
        e.given_logs[first],
        e.lower[first] in TITLES,
        e.lower[last] in ORGANISATION_WORDS,
        e.lower[last] in FACILITY_WORDS,
        e.lower[last] in PLACE_SUFFIXES,
    )


def _position(e: Evidence) -> Block:
    starts = np.array([s.start for s in e.stretches], dtype=np.float64)
    length = len(e.scene.text)
    return _columns([starts, starts / max(1, length), np.full(len(starts), length)])


def _strings(e: Evidence) -> Block:
    """Say what stands beside a string over the whole article."""
    strings, of = e.of_strings
    sums = e.string_sums
    count = sums["count"]
    in_lower_case = np.zeros(len(strings))
    for i, lower in enumerate(e.lower):
        if lower in strings and e.word[i] and not e.capital[i]:
            in_lower_case[strings[lower]] += 1
    return _columns(
        [
            np.minimum(count, _OFTEN),
            sums["strong preposition"] / count,
            sums["person"] / count,
            sums["reporting verb"] / count,
            (sums["capital before"] + sums["capital behind"]) / count,
            sums["possessive"] / count,
            np.minimum(sums["strong preposition"], _OFTEN),
            in_lower_case,
        ]
    )[of]


def _nesting(e: Evidence) -> Block:
    """Count and rank longer names of the gazetteer around a stretch, and shorter ones inside."""
    outer, inner = e.overlaps.outer, e.overlaps.inner
    size = len(e.first)
    around, inside = e.named[outer], e.named[inner]
    longest, rank_around, rank_inside = np.zeros(size), np.full(size, NONE), np.full(size, NONE)
    np.maximum.at(longest, inner[around], (e.last - e.first)[outer[around]])
    np.maximum.at(rank_around, inner[around], e.ranks[outer[around]])
    np.maximum.at(rank_inside, outer[inside], e.ranks[inner[inside]])
    return _columns(
        [
            np.bincount(inner[around], minlength=size),
            rank_around,
            longest,
            np.bincount(outer[inside], minlength=size),
            rank_inside,
        ]
    )


def _people(e: Evidence) -> Block:
    return _columns([[raw.lower() in e.surnames for raw in e.raw], e.demonyms])


_GROUPS: tuple[tuple[tuple[str, ...], Callable[[Evidence], Block]], ...] = (
    (
        (
            *(f"first {cell}" for cell in _CELLS),
            *(f"last {cell}" for cell in _CELLS),
            "towns at most",
            "capital at least",
            "first case",
            "last case",
        ),
        _words,
    ),
    (
        ("tokens", "letters", "capitals", "marks", "digit", "upper", "dot", "headline case"),
        _shape,
    ),
    (_GAZETTEER, _gazetteer),
    (tuple(f"before {kind}" for kind in _KINDS), lambda e: _kinds(e, e.before)),
    (tuple(f"after {kind}" for kind in _KINDS), lambda e: _kinds(e, e.after)),
    (("line start", "line end"), _line),
    (
        tuple(
            f"{side} {_CELLS[cell]}"
            for side in ("before", "after", "before2", "after2")
            for cell in _NEIGHBOUR_CELLS
        ),
        _neighbours,
    ),
    (
        (*(f"before is {word}" for word in BEFORE), *(f"after is {word}" for word in AFTER)),
        _marks,
    ),
    (
        (
            "before2 capital",
            "after2 capital",
            "before2 preposition",
            "after a break",
            "behind a party",
            "list of",
        ),
        _further,
    ),
    (("region behind", "rank of place before"), _chain),
    (
        (
            "run left",
            "run right",
            "run length",
            "run given name",
            "run title",
            "run organisation",
            "run facility",
            "run suffix",
        ),
        _run,
    ),
    (("offset", "share of text", "text length"), _position),
    (
        (
            "string count",
            "string prepositions",
            "string persons",
            "string reports",
            "string in runs",
            "string possessive",
            "string preposition count",
            "string in lower case",
        ),
        _strings,
    ),
    (
        (
            "longer names around",
            "rank of longer name",
            "tokens of longer name",
            "shorter names inside",
            "rank of shorter name",
        ),
        _nesting,
    ),
    (("surname of a person", "demonym"), _people),
    (PERSON_COLUMNS, persons),
    (VICINITY_COLUMNS, vicinity),
)
COLUMNS: tuple[str, ...] = tuple(name for names, _ in _GROUPS for name in names)

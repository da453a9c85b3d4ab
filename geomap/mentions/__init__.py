"""Text -> place names: gazetteer matches and capitalised runs, accepted or rejected.

The stages in order: `matcher` (every name that the gazetteer knows), `candidates` (those and the
runs that no name covers), `evidence` (what is known of them: `word_rows`, `entries`), `features`,
`measures` and `company` (what speaks for them), `accept` (which are places), `relative`. Text that
is not English goes its own way: `languages`, `scripts` (names in it), `rules` (which count).
"""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING

import numpy as np

from geomap.mentions.accept import THRESHOLD, chosen, rows_of, shipped_model
from geomap.mentions.candidates import Scene, Stretch, candidates
from geomap.mentions.entries import is_demonym
from geomap.mentions.languages import foreign, language_of
from geomap.mentions.lowercase import SCORE, small_names
from geomap.mentions.matcher import Match, matches
from geomap.mentions.relative import border_at, relation_at
from geomap.mentions.rules import find_by_rules
from geomap.model import Mention, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomap.gazetteer import Gazetteer
    from geomap.mentions.accept import AcceptModel, Rows
    from geomap.model import MentionKind
    from geomap.outlets import Home

__all__ = ["Match", "find", "kind_of", "language_of", "matches"]

# A demonym is told by its name alone; only a longer accepted name around it can overrule it.
_DEMONYM_SCORE = 0.9
# A region is called so in one piece; less likely than this it is none.
_LIKELY_REGION = 0.3


def find(
    text: str,
    gazetteer: Gazetteer,
    *,
    model: AcceptModel | None = None,
    home: Home | None = None,
) -> tuple[Mention, ...]:
    """Find the place names of a text, demonyms and relative places as their own kinds.

    Parameters
    ----------
    text
        The article's text; may be empty.
    gazetteer
        Where the names come from.
    model
        What accepts or rejects; None for the shipped model. Text in another language than English
        is read by rules, without it.
    home
        Where the publisher is at home; None where that is not known.

    Returns
    -------
    tuple of Mention
        In text order, without overlaps; spans slice `text` to the mention.
    """
    if (language := foreign(text)) is not None:
        return find_by_rules(text, gazetteer, language)
    scene = Scene.of(text)
    stretches = candidates(scene, gazetteer)
    rows = rows_of(scene, stretches, gazetteer, home)
    demonyms = set(compress(stretches, rows.evidence.demonyms))
    chances = _with_whole_regions(rows, (model or shipped_model()).probabilities(rows))
    scores = _with_demonyms(rows, chances)
    accepted = chosen(list(zip(stretches, scores, strict=True)))
    small = small_names(scene, gazetteer, [stretch for stretch, _ in accepted])
    return tuple(
        _mention(text, stretch, score, is_demonym=stretch in demonyms)
        for stretch, score in sorted([*accepted, *((stretch, SCORE) for stretch in small)])
    )


def _with_whole_regions(rows: Rows, chances: NDArray[np.float64]) -> list[float]:
    """Let a region come before the part of its name: "Central Asia", not "Asia"."""
    evidence, overlaps = rows.evidence, rows.evidence.overlaps
    regions = np.array(
        [entry is not None and entry.best.feature_class == "L" for entry in evidence.entry_of],
        dtype=bool,
    )
    raised = chances.copy()
    whole = (regions & (chances >= _LIKELY_REGION))[overlaps.outer]
    # On a tie the longer one is taken.
    np.maximum.at(raised, overlaps.outer[whole], chances[overlaps.inner[whole]])
    found: list[float] = raised.tolist()
    return found


def _with_demonyms(rows: Rows, chances: Sequence[float]) -> list[float]:
    """Give demonyms their score, behind every likely name around them: "British Columbia"."""
    evidence, overlaps = rows.evidence, rows.evidence.overlaps
    people = evidence.demonyms
    scores = [
        _DEMONYM_SCORE if demonym else chance
        for chance, demonym in zip(chances, people, strict=True)
    ]
    for outer, inner in zip(overlaps.outer.tolist(), overlaps.inner.tolist(), strict=True):
        if people[inner] and not people[outer] and scores[outer] >= THRESHOLD:
            scores[inner] = THRESHOLD
    return scores


def kind_of(name: str, gazetteer: Gazetteer) -> MentionKind:
    """Tell whether a name is a place's or, first of all, that of its people.

    Parameters
    ----------
    name
        A name as written.
    gazetteer
        Where the names come from.

    Returns
    -------
    str
        "demonym" where no place of more weight has the name itself, else "place".
    """
    return "demonym" if is_demonym(gazetteer.places_called(name)) else "place"


def _mention(text: str, stretch: Stretch, score: float, *, is_demonym: bool) -> Mention:
    name = text[stretch.start : stretch.end]
    if is_demonym:
        relation = border_at(text, stretch.start, stretch.end, name)
    else:
        relation = relation_at(text, stretch.start, stretch.end)
    return Mention(
        span=Span(start=stretch.start, end=stretch.end),
        text=name,
        kind="demonym" if is_demonym else "relative" if relation else "place",
        relation=relation,
        score=_DEMONYM_SCORE if is_demonym else round(score, 4),
    )

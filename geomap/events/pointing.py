"""Places that a sentence points to: "there", "in the city", "the province"."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from geomap.events.where import acting

if TYPE_CHECKING:
    from geomap.events.scene import Scene
    from geomap.model import Resolution, Span

__all__ = ["pointed", "told_in"]

_NOUNS = {
    "city": ("PPL",),
    "town": ("PPL",),
    "village": ("PPL",),
    "settlement": ("PPL",),
    "capital": ("PPLC", "PPLA"),
    "port": ("PPL", "PRT", "HBR"),
    "province": ("ADM1", "RGN"),
    "state": ("ADM1",),
    "governorate": ("ADM1",),
    "region": ("ADM1", "RGN", "ADM2"),
    "district": ("ADM2", "ADM3", "PPLX"),
    "county": ("ADM2", "ADM1"),
    "island": ("ISL", "ADM"),
    "camp": ("CMP", "PPL"),
    "enclave": ("RGN", "ADM1", "TERR", "PPL"),
    "territory": ("RGN", "ADM1", "TERR", "PCLD"),
}
# "The city of X" and "the city council" point to nothing that came before.
_THE = re.compile(
    r"\b(?:in|at|across|around|outside|near|throughout|on|hit|hits|rocked|shook|struck|shelled"
    r"|bombed|attacked|stormed|entered|captured|into|over)"
    r" (?:the|this|that) (?:[a-z-]+ )?"
    rf"(?P<noun>{'|'.join(_NOUNS)})\b(?! (?:of|council|hall|centre|center|police|government|court"
    r"|limits)\b|-)(?!,? [A-Z])"
)
_THERE = re.compile(
    r"(?<![Nn]or )\bthere\b(?! (?:is|was|were|are|has|have|had|will|would|should|could|can|may"
    r"|might|must|seem\w*|appear\w*|exist\w*|been|to be)\b|[’'])"
)
_OUTSIDE = re.compile(r"(?:Outside|Inside|Nearby),")
# How far the pointing word may stand from the event's, in characters.
_REACH = 90
# What is pointed to was named in this sentence or one of the last three.
_SENTENCES_BACK = 3


def pointed(scene: Scene, index: int, trigger: Span) -> Resolution | None:
    """Return the place that a sentence points back to for its event.

    Parameters
    ----------
    scene
        The article.
    index
        The trigger's sentence.
    trigger
        The event word.

    Returns
    -------
    Resolution or None
        The nearest earlier place of the kind that the noun says, any but a country for "there"
        (a country where nothing else was named); None where the sentence points to nothing.
    """
    text, sentence = scene.article.text, scene.sentences[index]
    low = max(sentence.start, trigger.start - _REACH)
    high = min(sentence.end, trigger.end + _REACH)
    noun = _THE.search(text, low, high)
    there = _THERE.search(text, low, high) or _OUTSIDE.match(text, sentence.start, high)
    if noun is not None:
        kinds = _NOUNS[noun["noun"]]
        return _last(scene, index, noun.start(), kinds)
    if there is None:
        return None
    return _last(scene, index, there.start(), ())


def _last(scene: Scene, index: int, offset: int, kinds: tuple[str, ...]) -> Resolution | None:
    """Return the last place of a kind before an offset, sentence by sentence; () is any kind."""
    text = scene.article.text
    for back in range(min(index, _SENTENCES_BACK) + 1):
        sentence = scene.sentences[index - back]
        named = scene.places_in(sentence)
        agents = acting(text, sentence, named)
        fitting = [
            r
            for r in named
            if r.place is not None
            and r.mention.kind != "demonym"
            and r.mention.span.end <= offset
            and r.mention.span not in agents
            and (r.place.feature.startswith(kinds) if kinds else True)
        ]
        fine = [r for r in fitting if r.place and not r.place.feature.startswith("PCL")]
        if fine or fitting:
            return (fine or fitting)[-1] if kinds else (fine or fitting)[0]
    return None


def told_in(scene: Scene, resolution: Resolution) -> Span | None:
    """Return the sentence that names a place.

    Parameters
    ----------
    scene
        The article.
    resolution
        A place of the article.

    Returns
    -------
    Span or None
        None for a name that stands in no sentence.
    """
    start = resolution.mention.span.start
    at = bisect_right(scene.sentences, start, key=lambda s: s.start) - 1
    found = scene.sentences[at] if at >= 0 else None
    return found if found is not None and found.contains(resolution.mention.span) else None

"""From an article and its resolved places to its events."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geomap.events.areas import Ground
from geomap.events.assemble import build
from geomap.events.deeds import deed
from geomap.events.drafts import Draft, family
from geomap.events.merge import merge
from geomap.events.scene import Scene, scene
from geomap.events.status import negated
from geomap.events.triggers import find, without
from geomap.events.utterances import utterance
from geomap.events.vetoes import summed_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geomap.events.triggers import Trigger
    from geomap.gazetteer import Gazetteer
    from geomap.model import Article, Event, Resolution

__all__ = ["extract"]

# Prose has no sentence this long, in characters: it is a list or a table.
_LONGEST = 2000
# Who asks, asserts nothing; a speaker's name may stand before.
_QUESTION = re.compile(
    r"(?:[A-Z][\w.’' -]{0,40}: )?[“\"]?(?:Did|Do|Does|Was|Were|Is|Are|Has|Have|Had|Will|Would|Could"
    r"|Can|Should|Who|What|Why|How|When|Where|Which)\b[^.!]*\?[”\"]?\s*$"
)
# How many accounts a text keeps in mind to refer back to.
_MEMORY = 60


def extract(
    article: Article, resolutions: Sequence[Resolution], gazetteer: Gazetteer | None = None
) -> tuple[Event, ...]:
    """Return the events of an article, each with the sentences that prove it.

    An event is one happening at one place. Triggers of one sentence or of adjacent sentences of a
    paragraph merge when their types, places, dates and standing agree, and so do mentions of one
    named meeting anywhere; a happening at several places gives several events of one incident.
    A headline counts only for what the text below does not tell. The venue is a place of the
    sentence ("linked"), else that of the neighbouring sentence which it leans on ("inherited"),
    else, for what officials say, the dateline ("document"), else none. The publication day by
    itself never dates an event.

    Parameters
    ----------
    article
        The article; relative dates need its publication day.
    resolutions
        Its place names, resolved, in text order.
    gazetteer
        Whose outlines the areas of borders, coasts and parts of provinces are measured on; None
        to do without them.

    Returns
    -------
    tuple[Event, ...]
        In the order of their triggers; empty for an article that reports none.
    """
    cut = scene(article, resolutions, gazetteer)
    body = [index for index in range(len(cut.sentences)) if index not in cut.headlines]
    told = merge(_read(cut, body))
    families = {family(draft.type) for draft in told}
    above = merge(_read(cut, sorted(cut.headlines)))
    drafts = [*told, *(d for d in above if family(d.type) not in families)]
    return build(article, drafts, Ground(cut.resolutions, gazetteer))


def _read(cut: Scene, indexes: Iterable[int]) -> list[Draft]:
    """Return the drafts of some sentences, in text order."""
    seen: set[str] = set()
    drafts: list[Draft] = []
    for index in indexes:
        if cut.sentences[index].end - cut.sentences[index].start > _LONGEST:
            continue
        words = cut.words(index).rstrip(".!? ")
        # Pages repeat a sentence as a standfirst or a pull quote: it is one account.
        if words not in seen:
            seen.add(words)
            drafts.extend(_drafts(cut, index, drafts[-_MEMORY:]))
    return drafts


def _drafts(cut: Scene, index: int, before: Sequence[Draft]) -> list[Draft]:
    """Return the drafts of one sentence; `before` holds those of the earlier ones."""
    text, sentence = cut.article.text, cut.sentences[index]
    if _QUESTION.match(sentence.of(text)):
        return []
    triggers = [
        without(trigger, text, [r.mention.span for r in cut.places_in(trigger.span)])
        for trigger in find(text, sentence)
        if not (cut.dateline and cut.dateline.overlaps(trigger.span))
        and not negated(text, sentence, trigger.span)
    ]
    deeds = [t for t in triggers if family(t.type) != "utterance"]
    # "Met to discuss" is one meeting.
    if any(family(t.type) == "encounter" and not _matter(text, t) for t in deeds):
        deeds = [t for t in deeds if not _matter(text, t)]
    summed = [t for t in deeds if summed_up(cut, index, t)]
    drafts = [deed(cut, index, t, before) for t in deeds if t not in summed]
    kinds = {family(t.type) for t in summed}
    found = [d for d in drafts if d is not None and not (family(d.type) in kinds and _vague(d))]
    for trigger in triggers:
        if family(trigger.type) == "utterance":
            said = utterance(cut, index, trigger, found, before)
            if said is not None:
                found.append(said)
    return found


def _matter(text: str, trigger: Trigger) -> bool:
    """Tell whether a trigger names what a meeting is about."""
    return trigger.span.of(text).lower().startswith("discuss")


def _vague(draft: Draft) -> bool:
    """Tell whether a draft beside a summary has no place of its own: it is part of the sum."""
    return draft.basis != "linked" or all(
        r.place is not None and r.place.feature.startswith("PCL") for _, r in draft.places
    )

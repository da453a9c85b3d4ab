"""A reading as marked-up HTML: what a notebook shows of it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geomap.model import Event, Place, Reading, Resolution

__all__ = ["marked_up"]

# Okabe and Ito's palette (colour-blind safe), paler, so that black text stands out on it.
_COLOURS = {"place": "#cfe8f7", "relative": "#cfe8f7", "demonym": "#ececec", "trigger": "#fbe3c0"}
_MARK = "padding:0 .15em;border-radius:.2em;color:#000;background:{}"
# A longer article would make a notebook endless; its events and places still stand below.
_SHOWN_CHARS = 20_000


def marked_up(reading: Reading) -> str:
    """Return an article with its places and events marked, as a piece of HTML.

    Every text of the article is escaped. A mark tells on hovering which place was chosen and why,
    and what stands behind it in the list.

    Parameters
    ----------
    reading
        What one article says.

    Returns
    -------
    str
        One `div` element without scripts; the title, the text, and a table of the events.
    """
    article = reading.article
    spans = [(r.mention.span, _place_mark(r)) for r in reading.resolutions]
    marks = [(span.start, span.end, opening) for span, opening in spans]
    taken = [(start, end) for start, end, _ in marks]
    for event in reading.events:
        start, end = event.trigger.start, event.trigger.end
        if all(end <= first or last <= start for first, last in taken):
            taken.append((start, end))
            words = f"{event.type}, {event.status}, {event.confidence:.2f}"
            marks.append((start, end, _opened("trigger", words)))
    shown = article.text[:_SHOWN_CHARS]
    pieces, at = [], 0
    for start, end, opening in sorted(marks):
        if end > len(shown) or start < at:
            continue
        pieces += [escape(shown[at:start]), opening, escape(shown[start:end]), "</mark>"]
        at = end
    pieces.append(escape(shown[at:]))
    if len(article.text) > _SHOWN_CHARS:
        pieces.append(f" … ({len(article.text):,} characters)")
    title = f"<strong>{escape(article.title)}</strong>" if article.title else ""
    text = "".join(pieces)
    return (
        f'<div class="geomap-reading" dir="auto">{title}'
        f'<p style="white-space:pre-wrap">{text}</p>{_table(reading.events)}</div>'
    )


def _place_mark(resolution: Resolution) -> str:
    kind = resolution.mention.kind
    if not resolution.candidates:
        return _opened(kind, "not in the gazetteer")
    best, *others = resolution.candidates
    if not resolution.accepted:
        return _opened(kind, f"none of these: {_named(best.place)} and {len(others)} more")
    words = [f"{_named(best.place)} ({best.score:.2f})", *best.reasons]
    if others:
        words.append(f"rather than {_named(others[0].place)} ({others[0].score:.2f})")
    return _opened(kind, "; ".join(words))


def _named(place: Place) -> str:
    parts = (place.name, place.admin1, place.country)
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _opened(kind: str, words: str) -> str:
    style = _MARK.format(_COLOURS[kind])
    return f'<mark class="geomap-{kind}" style="{style}" title="{escape(words)}">'


def _table(events: tuple[Event, ...]) -> str:
    if not events:
        return "<p>No events.</p>"
    rows = []
    for event in events:
        place = event.place.place if event.place else None
        when = event.when.text if event.when else ""
        cells = (event.type, event.status, _named(place) if place else "", when)
        rows.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    head = "".join(f"<th>{name}</th>" for name in ("type", "status", "place", "when"))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"

"""Datelines: where, when and by whom an article was filed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.articles.days import DAY_PHRASE
from geomap.articles.vocabulary import FILING_CITIES, NOT_PLACES, PARTICLES
from geomap.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Dateline", "dateline"]

# A headline, a standfirst and a byline may stand before the dateline, hardly more.
_SEARCHED = 300
# "SOUTH WAZIRISTAN, Pakistan, Wednesday, September 13, 2023 (Agence France-Presse) -" has 81.
_LONGEST = 110
# A line this long, or with a full stop, is the story and no headline.
_BODY = 60
# "US -", "UN:" and "FBI -" are labels; "ROME:" is a place.
_SHORTEST_CAPITALS = 4

_LINE_START = re.compile(r"^[^\S\n]*(?=\S)", re.MULTILINE)
_AFTER_STOP = re.compile(r"[.!?][\"'”’)]?\s+(?=[^\W\d_]{2})")

# U+FFFD is what is left of a dash whose bytes were lost.
_TERMINATOR = re.compile(
    r"\s?(?:[—–―\ufffd]|--+)\s?|\s[-_]\s|(?<=\))\s?[-_:]\s?|-\s|:(?=\s|[^\W\d_])\s?|(?<=/)\.?\s"
    r"|(?<=\))\s*\n"
)
_WORD = r"[^\W\d_](?:[^\W\d_]|[.'’-](?=[^\W\d_]))*\.?"
_AGENCY = r"[A-Z][^()/\n]{1,48}"
_DAY = rf"(?i:{DAY_PHRASE})"
_HEAD = re.compile(
    rf"\(?(?P<place>{_WORD}(?:(?:,\s*|\s|/|\s?&\s?){_WORD}){{0,7}}?)\)?"
    rf"(?:[,.]{{0,2}}\s*(?P<day>{_DAY}))?[,.]?"
    rf"(?:\s*\((?P<paren>{_AGENCY})\)|\s*/(?P<slash>{_AGENCY})/"
    r"|\s+(?P<bare>[A-Z]{2,}(?:\.[A-Z]+)?))?"
    rf"(?:[,.]?\s*(?P<later>{_DAY}))?[,.]?\s*",
)
_BRACKETED = re.compile(
    rf"\[(?P<place>{_WORD}(?:(?:,\s*|\s){_WORD}){{0,5}}?),\s*(?P<day>{_DAY})[^\]\n]{{0,12}}\]"
)
# Some archives have lost all behind the place: "LONDON The prime minister ...".
_UNMARKED = re.compile(
    r"\s*(?P<place>[A-Z]{3,}(?: [A-Z]{3,}){1,2}|[A-Z]{4,})(?= (?:A |[A-Z][a-z.’'-]))"
)


_AGENCY_WORD = re.compile(
    r"\b(?:News|Press|Agency|Times|Wire|Reuters|Post|Service|Radio|TV|Media|Staff|Xinhua|Network"
    r"|Correspondent|Bureau|Interfax|Novosti|Pajhwok|Bloomberg|Monitor|Tribune|Daily|Report"
    r"|Sputnik|Anadolu|Kyodo|Yonhap|Petra|Today|Online|Desk|[A-Z]{2,6})\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """Where, and often when and by which agency, an article was filed.

    `span` covers all of it with the dash, colon or bracket behind it; `place` covers the names
    ("TROY, N.C."). `day` is the day phrase as written, `agency` the agency's name, or None.
    """

    span: Span
    place: Span
    day: str | None
    agency: str | None


def dateline(text: str) -> Dateline | None:
    """Find the dateline of an article.

    Only the first 300 characters are looked at, at the beginning of lines and, for places in
    capitals, behind a headline's stop. Whether a gazetteer knows the place is not asked.

    Parameters
    ----------
    text
        The text of an article.

    Returns
    -------
    Dateline or None
        The first dateline, or None: most texts have none.
    """
    for start, opens_line in _starts(text):
        found = _bracketed(text, start) or _dateline_at(text, start, opens_line=opens_line)
        if found is not None:
            return found
    return _unmarked(text)


def _starts(text: str) -> Iterator[tuple[int, bool]]:
    """Yield where a dateline may begin, and whether a line begins there."""
    starts = {found.end(): False for found in _AFTER_STOP.finditer(text, 0, _SEARCHED)}
    starts |= {found.end(): True for found in _LINE_START.finditer(text, 0, _SEARCHED)}
    yield from sorted(starts.items())


def _bracketed(text: str, start: int) -> Dateline | None:
    found = _BRACKETED.match(text, start)
    if found is None or not _is_place(found["place"]):
        return None
    return _filed(found, Span(start=start, end=found.end()), found["day"], None)


def _dateline_at(text: str, start: int, *, opens_line: bool) -> Dateline | None:
    for stop in _TERMINATOR.finditer(text, start + 2, start + _LONGEST):
        head = _HEAD.fullmatch(text, start, stop.start())
        if head is None:
            continue
        if not _is_place(head["place"]) or not _is_filed(text, head, stop, opens_line=opens_line):
            return None
        agency = head["paren"] or head["slash"] or head["bare"]
        return _filed(head, Span(start=start, end=stop.end()), head["day"] or head["later"], agency)
    return None


def _filed(head: re.Match[str], span: Span, day: str | None, agency: str | None) -> Dateline:
    start, end = head.span("place")
    name = head["place"]
    # The stop of "Moscow. 3 January." is not the name's; that of "N.C." and ", Calif." is.
    if name.endswith(".") and "," not in name and "." not in name[:-1]:
        end -= 1
    return Dateline(span=span, place=Span(start=start, end=end), day=day, agency=agency)


def _unmarked(text: str) -> Dateline | None:
    """Find a city in capitals with nothing behind it, if the text or the filing cities know it."""
    found = _UNMARKED.match(text)
    if found is None or not _is_place(found["place"]):
        return None
    if not _is_known(found["place"].title(), text, found.end()):
        return None
    start, end = found.span("place")
    return _filed(found, Span(start=start, end=end), None, None)


def _is_place(name: str) -> bool:
    words = re.findall(r"[^\W\d_][^\s,/&]*", name)
    plain = [word for word in words if word.lower() not in PARTICLES]
    return (
        bool(plain)
        and words[0][0].isupper()
        and plain[0].lower().rstrip(".") not in NOT_PLACES
        and not any(word[0].islower() for word in plain)
    )


def _is_known(city: str, text: str, position: int) -> bool:
    """Tell whether a name is a filing city, or the story says "in" or "near" it."""
    if city in FILING_CITIES:
        return True
    return re.search(rf"\b(?:in|near|outside) {re.escape(city)}\b", text[position:]) is not None


def _is_filed(text: str, head: re.Match[str], stop: re.Match[str], *, opens_line: bool) -> bool:
    """Weigh what stands around a name that could be a dateline's place."""
    city = head["place"].partition(",")[0]
    capitals = city.isupper() and len(city) >= _SHORTEST_CAPITALS
    if not opens_line and not capitals:
        return False
    agency = head["paren"] or head["slash"] or head["bare"]
    if agency is not None:
        return _AGENCY_WORD.search(agency) is not None or (capitals and "\n" not in stop[0])
    if "\n" in stop[0] or stop[0].startswith((".", " .")):
        return False
    if head["day"] or head["later"]:
        return True
    following = text[stop.end() : stop.end() + 3].lstrip("\"'“‘«([")
    if not following or following[0].islower():
        return False
    return capitals or city != head["place"] or _opens_story(text, stop.end(), city)


def _opens_story(text: str, start: int, city: str) -> bool:
    """Tell whether a name in mixed case that nothing else marks is a known city before a story."""
    line_end = text.find("\n", start)
    body = text[start : line_end if line_end >= 0 else len(text)].rstrip()
    whole = len(body) > _BODY or body.endswith((".", "”", '"'))
    return whole and _is_known(city, text, start)

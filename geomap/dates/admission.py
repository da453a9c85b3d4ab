"""What a running text must show before an ambiguous form counts as a date."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geomap.dates import grammar as g

if TYPE_CHECKING:
    from collections.abc import Callable

    from geomap.dates.modifiers import Left

__all__ = ["admitted", "admitted_alone"]

# Words and given names that are spelt like a month or a weekday: they need their capital.
_AMBIGUOUS = {"may", "march", "mar", "jan", "dec", "sep", "sat", "sun", "wed", "mon", "fri", "tue"}
_PERSONS = {"may", "april", "june", "august", "jan", "mar"}
_SHORTEST_WEEKDAY = 6
_NAMES = ("month", "month2", "wd", "feast", "name")
# Prepositions that also stand before plain numbers.
_COUNTING = {"of", "by", "from", "over", "after", "between", "within"}
_NOT_BEFORE_YEARS = {"to", "for", "at", "on", "into"}
_TIME_ONLY = {"in", "during", "since", "until", "throughout", "over", "by"}
_COUNTED = g.spaced(g.COUNTED)
_TITLE = re.compile(
    r" (?:Times|Telegraph|Mirror|Herald|Express|Mail|Tribune|Independent|Mercury|Age|World|Star|"
    r"People|Post|Night (?:Live|Football))(?!\w)"
)
# "The March 23 Movement", "May 1 Square": named after a day, and no date.
_NAMESAKE = re.compile(
    r" (?:Movement|Brigades?|Martyrs|Front|Alliance|Party|Army|Regiment|Battalion|Mosque|Square|"
    r"Street|Avenue|Boulevard|Bridge|Stadium|Airport|University|Hospital|Hotel|Mine|Dam)(?!\w)"
)
_NICKNAME = re.compile(r"(?:Good|Black|Bloody|Super|Cyber|Ruby|Freaky) $")
_NAME_REACH = 32  # characters: how long a word before a date may be to be seen whole
_CAPITAL_BEFORE = re.compile(r"(?<!\w)[A-Z]\w*[^\S\n]$")


def admitted_alone(rule: g.Rule, match: re.Match[str], left: Left) -> bool:
    """Tell whether a match in a phrase given by itself is a date.

    Parameters
    ----------
    rule
        The rule that matched.
    match
        Its match in the lower-case phrase.
    left
        The words left of it.

    Returns
    -------
    bool
        True, but for an abbreviated weekday with an article: "Sun" is a Sunday, "the sun" is not.
    """
    return rule.policy != "weekday" or not left.the or match["wd"].endswith(("day", "."))


def admitted(
    rule: g.Rule, match: re.Match[str], left: Left, text: str, *, paired: bool = False
) -> bool:
    """Tell whether a match in running text is a date.

    Parameters
    ----------
    rule
        The rule that matched.
    match
        Its match in the lower-case text.
    left
        The words left of it.
    text
        The text as it was given.
    paired
        Whether it stands behind "and" or "to" and another date of its kind: then its capital is
        enough.

    Returns
    -------
    bool
        True when the text shows what the rule's policy asks for.
    """
    if not _capitals(rule, match, text) or _NAMESAKE.match(text, match.end()):
        return False
    return paired or _POLICIES[rule.policy](match, left, text)


def _capitals(rule: g.Rule, match: re.Match[str], text: str) -> bool:
    """Tell whether names have the capitals that keep "may" and "march" apart from May and March."""
    for name, word in match.groupdict().items():
        if name not in _NAMES or not word or not word[0].isalpha():
            continue
        if text[match.start(name)].isupper():
            continue
        strict = rule.policy in {"name", "weekday"} or name in {"feast", "name"}
        if strict or word.rstrip(".") in _AMBIGUOUS:
            return False
    return True


def _name(match: re.Match[str], left: Left, text: str) -> bool:
    """Bare months: "in May", "the July raid", but not "by May", which may be a person."""
    if left.part or left.prep in {"in", "during", "since", "until", "throughout", "till"}:
        return True
    word, end = match["month"].rstrip("."), match.end()
    possessive = text[end : end + 2] in {"'s", "\u2019s"}
    return bool(left.prep or left.the or possessive) and word not in _PERSONS | {"march"}


def _weekday(match: re.Match[str], left: Left, text: str) -> bool:
    """Weekdays, but neither newspapers nor nicknames; abbreviations need a preposition."""
    start = match.start()
    if _TITLE.match(text, match.end("wd")):
        return False
    if _NICKNAME.search(text, max(0, start - _NAME_REACH), start):
        return False
    word = match["wd"].rstrip(".")
    return len(word) >= _SHORTEST_WEEKDAY or left.prep in {"on", "since", "until", "by"}


def _year(match: re.Match[str], left: Left, text: str) -> bool:
    """Numbers from 1000 to 2199 that stand as years do: "in 2014", "early 2022", "(1998)"."""
    if left.part:
        return True
    if text[match.start() - 1 : match.start()] == "(":
        return text[match.end() : match.end() + 1] == ")"
    if "year2" in match.groupdict() and left.the:
        return True
    if not left.prep or left.prep in _NOT_BEFORE_YEARS:
        return False
    return left.prep not in _COUNTING or not _COUNTED.match(match.string, match.end())


def _determined(_: re.Match[str], left: Left, __: str) -> bool:
    return left.the or left.prep in _TIME_ONLY


def _feast(match: re.Match[str], left: Left, _: str) -> bool:
    """Feasts: "during Ramadan", but neither Ramadan, who is a person, nor a Christmas tree."""
    named = len(match["feast"].split()) > 1 or match["year"] or match["short"] or match["yref"]
    return bool(named or left.prep or left.part)


def _season(match: re.Match[str], left: Left, text: str) -> bool:
    """Bare seasons: "in spring", but not "in Spring Valley"."""
    place = text[match.start()].isupper() and text[match.end() + 1 : match.end() + 2].isupper()
    return left.prep in _TIME_ONLY and not place


def _unit(_: re.Match[str], left: Left, __: str) -> bool:
    """Count "week" and its like only after "the end of the", "later in the"."""
    return left.the and left.part not in {"", "week of", "month of", "day of", "eve of"}


def _no_title(match: re.Match[str], _: Left, text: str) -> bool:
    """Count "today", but not in "Russia Today"."""
    start = match.start()
    capital = text[start].isupper()
    return not (capital and _CAPITAL_BEFORE.search(text, max(0, start - _NAME_REACH), start))


_POLICIES: dict[str, Callable[[re.Match[str], Left, str], bool]] = {
    "free": lambda *_: True,
    "name": _name,
    "weekday": _weekday,
    "year": _year,
    "determined": _determined,
    "rolling": lambda _, left, __: left.the and not left.part,
    "feast": _feast,
    "season": _season,
    "unit": _unit,
    "untitled": _no_title,
    "lone": lambda *_: False,
}

"""The vocabulary of date phrases, as fragments of regular expressions over lower-case text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from geomap.dates.intervals import Reading

__all__ = [
    "CLOCK",
    "COUNTED",
    "DAY",
    "DAYPART",
    "DAY_WORD",
    "MONTH",
    "MONTHS",
    "NOT_A_DATE",
    "NUMBER",
    "ORDINALS",
    "SEASON",
    "SEPARATOR",
    "UNIT",
    "WEEKDAY",
    "WEEKDAYS",
    "YEAR",
    "YEAR_WORDS",
    "ZONE",
    "Context",
    "Rule",
    "build",
    "count_of",
    "groups_of",
    "month_number",
    "spaced",
    "unit_of",
    "weekday_number",
    "year_of",
]

Policy = Literal[
    "free",
    "name",
    "weekday",
    "year",
    "determined",
    "rolling",
    "season",
    "feast",
    "unit",
    "untitled",
    "lone",
]

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CARDINALS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty"),
)
_TENS = {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_DAY_WORDS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth"),
    *("seventeenth", "eighteenth", "nineteenth", "twentieth"),
)
# "A few" is read as three, as HeidelTime and Recognizers-Text do; "several" as the same.
_VAGUE = {"few": 3, "several": 3, "some": 3}
ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "final": 4,
    "last": 4,
    "latter": 4,
}

MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|jun\.|july?|jul\.|"
    r"aug(?:ust|\.)?|sep(?:tember|t\.|t|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
    r"(?!\w)"
)
WEEKDAY = (
    r"(?:mon(?:day|\.)?|tue(?:sday|s\.|s|\.)?|wed(?:nesday|s\.|s|\.)?|"
    r"thu(?:rsday|rs\.|rs|r\.|r|\.)?|fri(?:day|\.)?|sat(?:urday|\.)?|sun(?:day|\.)?)(?!\w)"
)
# What stands behind a number that measures and so is no day and no year.
NOT_A_DATE = (
    r"(?!\w|[.,:]\d|-?%| (?:percent|per cent|pct|km|kilomet(?:er|re)s|met(?:er|re)s|miles|feet|ft|"
    r"acres|hectares|tons|tonnes|kg|pounds|dollars|euros|rupees|degrees|points|seats|votes|shares|"
    r"houses|homes|households|villages|cases|deaths|times|hours|hrs|gmt|b\.?c|"
    r"million|billion|thousand|hundred)(?!\w))"
)
# What stands behind a number of people: "of 1500 soldiers" is no year, "in 1990 soldiers" is one.
COUNTED = (
    r" (?:people|persons|soldiers|troops|men|women|children|civilians|others|members|fighters|"
    r"militants|rebels|insurgents|prisoners|detainees|refugees|migrants|families|dead|injured|"
    r"wounded|victims|workers|students|officers|protest[eo]rs|demonstrators|supporters|"
    r"passengers|residents|voters|jobs|companies|schools|cars|vehicles)(?!\w)"
)
DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?" + NOT_A_DATE
# Transcripts write a day in letters: "March first", "the twenty-second of May".
DAY_WORD = (
    rf"(?:(?:twenty|thirty)(?:-| )(?:{'|'.join(_DAY_WORDS[:9])})|thirtieth|"
    rf"{'|'.join(sorted(_DAY_WORDS, key=len, reverse=True))})(?!\w)"
)
_ONES = "|".join(_CARDINALS[1:10])
_TEENS = "|".join(_CARDINALS[10:20])
# "Nineteen eighty-nine", "nineteen oh five", "two thousand and three".
YEAR_WORDS = (
    r"(?:(?:seventeen|eighteen|nineteen|twenty)(?: |-)(?:hundred|"
    rf"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:(?: |-)(?:{_ONES}))?|{_TEENS}|"
    rf"(?:oh?)(?: |-)(?:{_ONES}))|two thousand(?: (?:and )?(?:{_ONES}|{_TEENS}))?)(?!\w)"
)
YEAR = r"(?:1\d|20|21)\d\d" + NOT_A_DATE
NUMBER = (
    r"(?:an?(?: (?:couple of|couple|few))?|few|several|some|"
    rf"(?:{'|'.join((*_TENS, 'twenty'))})-(?:{'|'.join(_CARDINALS[1:10])})|"
    rf"{'|'.join((*sorted(_CARDINALS[1:], key=len, reverse=True), *_TENS))}|\d{{1,3}})(?!\w)"
)
UNIT = r"(?:hour|day|night|weekend|week|fortnight|month|quarter|year|decade|century|centurie)"
SEASON = r"(?:spring|summer|autumn|fall|winter)(?!\w)"
DAYPART = (
    r"(?: (?:(?:early|late|mid)(?:-| )?)?(?:morning|afternoon|evening|night|noon|midday|dawn|"
    r"lunchtime)(?!\w))"
)
ZONE = (
    r"(?:gmt|utc|z|bst|w?est|cest|cet|eest|eet|msk|trt|irst|aft|pkt|ist|npt|[ecmp][sd]?t|"
    r"local time|[+-]\d\d:?\d\d)(?!\w)"
)
CLOCK = (
    r"(?:(?:,? (?:at |around |about )?|t)(?:(?:[01]?\d|2[0-4])[:.][0-5]\d(?::[0-5]\d(?:\.\d+)?)?"
    rf"(?: ?[ap]\.?m(?:\.|(?!\w)))?|\d{{1,2}} ?[ap]\.?m(?:\.|(?!\w))|noon|midnight|"
    r"\d{4} ?hours|\d{4}(?= ?(?:gmt|utc|z)(?!\w)))"
    rf"(?: ?{ZONE})?)"
)
SEPARATOR = r"(?: ?[-\u2010-\u2015/] ?| (?:and|to|through|thru|until|till|or|&) )"
# One gap between two words: any white space, but no empty line. Possessive: a run of blanks is
# walked once.
_GAP = r"(?=\s)[^\S\n]*+\n?+[^\S\n]*+"
_GROUP = re.compile(r"\?P<\w+>")
_NUMBERED = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a phrase is read against.

    `anchor` is the last single day that the text has named, `topic` the beginning of the last date
    of any precision, `future` tells that the words before
    the phrase point ahead, `lone` that the phrase was given by itself, `the` that an article stands
    before it.
    """

    published: date | None
    anchor: date | None = None
    topic: date | None = None
    future: bool = False
    lone: bool = False
    the: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One form of date phrase.

    `pattern` finds it, `source` is the same without named groups, `read` gives its meaning or None
    where there is no such day. `policy` names what a running text must show before it counts
    (module admission), `kind` what may be joined into a range by "and" or "to".
    """

    pattern: re.Pattern[str]
    source: str
    read: Callable[[re.Match[str], Context], Reading | None]
    policy: Policy
    kind: str


def build(
    source: str,
    reader: Callable[[re.Match[str], Context], Reading | None],
    *,
    policy: Policy = "free",
    kind: str = "",
) -> Rule:
    """Return a rule.

    Parameters
    ----------
    source
        A regular expression over lower-case text; each blank stands for one gap between words.
    reader
        What gives the meaning of a match.
    policy
        What a running text must show, see `Rule`.
    kind
        What may be joined into a range; "" for nothing.

    Returns
    -------
    Rule
        The compiled rule; its pattern ends at the end of a word.
    """
    guarded = rf"(?:{_with_gaps(source)})(?!\w)"
    return Rule(re.compile(guarded), _GROUP.sub("?:", guarded), reader, policy, kind)


def spaced(source: str) -> re.Pattern[str]:
    """Return a compiled pattern.

    Parameters
    ----------
    source
        A regular expression; each blank stands for one gap between words.

    Returns
    -------
    re.Pattern of str
        The pattern.
    """
    return re.compile(_with_gaps(source))


def _with_gaps(source: str) -> str:
    return source.replace(" ?", f"(?:{_GAP})?").replace(" ", _GAP)


def groups_of(match: re.Match[str]) -> dict[str, str]:
    """Return the named groups that took part in a match.

    Parameters
    ----------
    match
        A match of a rule.

    Returns
    -------
    dict of str to str
        Name to text, with single blanks inside; groups that are empty are left out.
    """
    return {name: " ".join(value.split()) for name, value in match.groupdict().items() if value}


def month_number(word: str) -> int:
    """Return the number of a month.

    Parameters
    ----------
    word
        Its English name or abbreviation, in lower case.

    Returns
    -------
    int
        1 (January) to 12.
    """
    return MONTHS.index(word[:3]) + 1


def weekday_number(word: str) -> int:
    """Return the number of a weekday.

    Parameters
    ----------
    word
        Its English name or abbreviation, in lower case.

    Returns
    -------
    int
        0 (Monday) to 6, as `date.weekday`.
    """
    return WEEKDAYS.index(word[:3])


def unit_of(word: str) -> str:
    """Return the singular of a unit's name.

    Parameters
    ----------
    word
        "weeks", "centuries", "day".

    Returns
    -------
    str
        The singular.
    """
    word = word.removesuffix("s")
    return "century" if word == "centurie" else word


def count_of(word: str) -> int:
    """Return the number that a quantity stands for.

    Parameters
    ----------
    word
        "3", "3rd", "twenty-five", "a couple of", "several", "an".

    Returns
    -------
    int
        The number; "a few" and "several" are 3, "a" is 1.
    """
    digits = _NUMBERED.search(word)
    if digits:
        return int(digits[0])
    if word in _DAY_WORDS or word.endswith(("th", "st", "nd", "rd")):
        return _ordinal(word)
    last = word.rsplit(maxsplit=1)[-1]
    if "couple" in word:
        return 2
    if last in _VAGUE:
        return _VAGUE[last]
    tens, _, ones = last.partition("-")
    value = _TENS.get(tens) or (_CARDINALS.index(tens) if tens in _CARDINALS else 1)
    return value + (_CARDINALS.index(ones) if ones else 0)


def _ordinal(word: str) -> int:
    """Return the number of "first", "twenty-second", "thirtieth"."""
    tens, _, ones = word.replace(" ", "-").partition("-")
    if ones:
        return {"twenty": 20, "thirty": 30}[tens] + _DAY_WORDS.index(ones) + 1
    return 30 if word == "thirtieth" else _DAY_WORDS.index(word) + 1


def year_of(words: str) -> int:
    """Return the year that is written in letters.

    Parameters
    ----------
    words
        What `YEAR_WORDS` matches: "nineteen eighty-nine", "two thousand and three".

    Returns
    -------
    int
        The year.
    """
    first, *rest = words.replace("-", " ").split()
    numbers = [_TENS.get(w) or (_CARDINALS.index(w) if w in _CARDINALS else 0) for w in rest]
    if first == "two":
        return 2000 + sum(numbers)
    return 100 * _CARDINALS.index(first) + sum(numbers)

"""How many people an account says were killed or injured, as ranges."""

from __future__ import annotations

import re
from typing import Final

from geomap.model import Casualties

__all__ = ["fatalities", "injured"]

_WORDS: Final = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
} | {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "a": 1,
    "an": 1,
    "another": 1,
    "a couple": 2,
    "both": 2,
    "a dozen": 12,
    "two dozen": 24,
    "three dozen": 36,
    "a hundred": 100,
}
# "Dozens" is two dozen or more, "scores" two score or more, and so on; "several" is three or more.
_AT_LEAST: Final = {
    "several": 3,
    "several dozen": 36,
    "dozens": 24,
    "scores": 40,
    "hundreds": 200,
    "thousands": 2000,
}
# More dead than this in one report is a war's toll or a misread number, not one happening.
_HIGHEST: Final = 500_000

_ONES = "one|two|three|four|five|six|seven|eight|nine"
_NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+|\d{1,6}"
    rf"|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-(?:{_ONES}))?"
    r"|two dozen|three dozen|a dozen|a couple(?: of)?|a hundred"
    rf"|{_ONES}|zero|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|several dozen|several|dozens|scores|hundreds|thousands|another|both|an?)"
)
_SPELT = rf"(?:{_ONES}|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen)"
_HEDGE = (
    r"(?:at least|more than|over|no fewer than|not less than|up to|as many as|fewer than|less than"
    r"|about|around|some|nearly|almost|roughly|approximately|an estimated|all|the|another)"
)
_COUNT = (
    rf"(?:between (?P<low>{_NUMBER}) and (?P<high>{_NUMBER})"
    rf"|(?P<from>\d+|{_SPELT})(?:-| to )(?P<to>\d+|{_SPELT})"
    rf"|(?P<hedge>(?:{_HEDGE} )*)(?P<number>{_NUMBER}))(?![\w%]|-(?:year|day|hour|week|month|old)"
    rf"|:\d"
    r"|(?:st|nd|rd|th)\b)(?! (?:percent|per cent|years?|days?|hours?|km|miles|o'clock|million"
    r"|times))"
)
# "Killed at a bus stop" holds no number.
_FIGURE = rf"(?!(?:an?|another|one) ){_COUNT}"
_FILL = (
    r"(?:of (?:the|its|their|his) )?(?:(?!(?:injur|wound|kill|hurt|and|but|when"
    r"|after|leav|left)\w*\b)[\w’'-]+,? ){0,6}?"
)
_KIN = (
    r"(?:attacker|bomber|assailant|gunman|driver|pilot|bodyguard|guard|interpreter|cameraman"
    r"|son|daughter|wife|husband|brother|sister|mother|father|child|baby|grandson|granddaughter"
    r"|grandmother|grandfather|nephew|niece|cousin|uncle|aunt|aide|deputy|colleague)"
)
_VICTIMS = (
    rf"(?:{_KIN}s?|"
    r"people|persons?|civilians?|soldiers?|troops|police\w*|officers?|m[ae]n|wom[ae]n|child\w*"
    r"|boys?|girls?|militants?|rebels?|fighters?|insurgents?|terrorists?|attackers?|gunm[ae]n"
    r"|sailors?|marines?|monks?|priests?|infants?|bab(?:y|ies)|tourists?|relatives|locals|crew"
    r"|students?|teachers?|workers?|villagers?|farmers?|passengers?|protesters?|demonstrators?"
    r"|journalists?|guards?|members?|personnel|residents?|worshippers?|prisoners?|hostages?"
    r"|captives|others?|lives"
    r"|bodies|victims?|pilgrims?|miners?|refugees?|migrants?|drivers?|doctors?|nurses?|\w+ers?"
    r"|\w+ians?|\w+is|employees?|servicem[ae]n|inmates?|shoppers|bystanders?|killed|dead)"
)
_BE = (
    r"(?:(?:were|was|are|is|have been|has been|had been|being|have|has|had"
    r"|lay) )?(?:\w+ly )?(?:also )?"
)
_DEAD = (
    r"(?:killed|dead|died|slain|shot dead|murdered|massacred|beheaded|executed|martyred"
    r"|assassinated|gunned down|perished|fatally (?:shot|wounded|stabbed|injured))"
)
_HURT = r"(?:injured|wounded|hurt|maimed)"


def _compile(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


_KILLED: Final = _compile(
    rf"\b(?:kill(?:ed|ing|s)?|murder(?:ed|ing)|massacr(?:ed|ing)|execut(?:ed|ing)|behead(?:ed|ing)"
    rf"|claim(?:ed|ing|s) the lives of|slaughter(?:ed|ing)|shot dead) [“\"]?{_COUNT}"
    rf"(?! (?:\w+ )?(?:injured|wounded|hurt))(?= {_FILL}{_VICTIMS}\b|[.,;]| in\b| and\b| on\b)",
    rf"\b{_COUNT} (?:(?:of|by) )?{_FILL}{_BE}{_DEAD}\b",
    rf"\b(?:death )?toll(?! of (?:injured|wounded))(?:[,;]? [\w’'-]+){{0,14}}? (?:to|at|of|is|was"
    rf"|reached|reaching|stood at|passed|past) {_FIGURE}",
    rf"\b(?:number|count) of (?:people |civilians |those |the )?(?:killed|dead|deaths|fatalities"
    rf"|victims)(?:[,;]? [\w’'-]+){{0,16}}? (?:to|at|was|is|reached|stood at|passed) {_FIGURE}",
    rf"\b(?:deaths|fatalities) (?:[\w’'-]+ ){{0,6}}?(?:to|at|reached|stood at) {_FIGURE}",
    rf"\bleft {_COUNT} {_FILL}dead\b",
    rf"\b(?:claim(?:ed|ing|s)|took|taken) {_COUNT} lives\b",
    rf"\b{_COUNT} bodies\b",
    rf"\bbodies of {_COUNT}(?= {_FILL}{_VICTIMS})",
    rf"\b{_COUNT} {_FILL}(?:deaths|fatalities)\b",
    rf"\b(?:deaths|killing) of {_COUNT}(?= {_FILL}{_VICTIMS})",
)
_INJURED: Final = _compile(
    rf"\b(?:injur|wound|maim)(?:ed|ing|s) {_COUNT}(?= {_FILL}{_VICTIMS}\b|[.,;]| in\b| on\b| at\b"
    rf"| near\b| and\b|$)",
    rf"\b{_COUNT}(?! of the (?:wounded|injured)) {_FILL}{_BE}{_HURT}\b",
    rf"\b{_COUNT} {_FILL}(?:sustained|suffered) (?:\w+ )?injuries\b",
    rf"\bleft {_COUNT} {_FILL}{_HURT}\b",
)
# Two groups under one verb are one toll.
_HALF_BEFORE: Final = re.compile(rf"\b{_COUNT} {_FILL}{_VICTIMS} and $", re.IGNORECASE)
_HALF_BEHIND: Final = re.compile(
    rf" {_FILL}{_VICTIMS} and {_COUNT}"
    rf"(?= {_FILL}{_VICTIMS}\b(?! (?:\w+ ){{0,2}}(?:injur|wound|hurt)))",
    re.IGNORECASE,
)
_HALF_REACH = 80
_VERB_FIRST: Final = re.compile(
    r"kill|murder|massacr|execut|behead|claim|slaughter|shot|injur|wound|maim|death|toll|number"
    r"|count|left|fatal",
    re.IGNORECASE,
)
# "Killed two men and" belongs to the verb before it.
_GOVERNED: Final = re.compile(
    rf"\b(?:kill|wound|injur|maim|hurt)\w* (?:{_HEDGE} )*$", re.IGNORECASE
)
_REWORDED: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (rf"\b(?:an?|the)(?: entire)? family of ({_NUMBER})\b", r"\1 people"),
        (r"\ban? (?:\w+ )?couple(?! of\b)", "two people"),
        (r"\ba husband and (?:his )?wife\b", "two people"),
        (r"\blost (?:their lives|his life|her life)\b", "died"),
        (r"\bsuccumbed to (?:their|his|her) (?:injuries|wounds)\b", "died"),
        (r"\b(kill\w*) (?:him|her|them)sel(?:f|ves) and\b", r"\1"),
        (r"\b(?:a further|an additional)\b", "another"),
        (r"\banother (?=\d|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)", ""),
        (r"\b(kill\w*) everyone on board, (?:all )?", r"\1 "),
        (
            r"\b(and|kill\w*|injur\w*|wound\w*) (?:his|her|their|the) (?=" + _KIN + r"\b)",
            r"\1 one ",
        ),
        (r"\b(and) (?:his|her|their|its) (?=" + _NUMBER + r" )", r"\1 "),
        (
            rf"\bwas killed (?:along|together) with ({_NUMBER} \w+)",
            r"one person and \1 were killed",
        ),
        # Neither is told by itself.
        (r"\b(?:killed|dead) (?:or|and/or) (?:wounded|injured|hurt)\b", "harmed"),
        (
            (
                r"\b(?:no[ -]one|nobody|none of the \w+|no \w+)"
                r"(?= (?:\w+ )?(?:was|were|died|has|have|dead))|(?<=left )no one"
            ),
            "nil",
        ),
    )
)
# "No one was hurt" and "no casualties" speak of both; "no immediate reports of" of neither.
# "Ann Roe was shot dead".
_ONE_NAMED: Final = re.compile(
    r"\b(?!Nobody|None|No\b|Everyone)[A-Z][\w’'-]+ (?:was|has been|had been) (?:\w+ly )?(?:killed"
    r"|assassinated|shot dead"
    r"|murdered|beheaded|gunned down|stabbed to death|fatally (?:shot|wounded|stabbed))\b"
)
_NO_DEAD: Final = re.compile(
    r"\b(?:no[ -]one|nobody|none of the \w+|no (?:people|person|civilians?|soldiers?|passengers?"
    r"|residents?|staff|lives?)) (?:else )?(?:(?:was|were|has been|have been|is|are) )?"
    r"(?:reported )?"
    r"(?:killed|hurt|harmed|dead|died|lost)\b|\b(?:left|killed|killing) (?:no[ -]one|nobody)\b"
    r"|\b(?:no|without(?: any)?) (?:casualties|deaths|fatalities|loss of life)\b",
    re.IGNORECASE,
)
_NO_INJURED: Final = re.compile(
    r"\b(?:no[ -]one|nobody|none of the \w+|no (?:people|person|civilians?|soldiers?|passengers?"
    r"|residents?|staff)) (?:else )?(?:(?:was|were|has been|have been|is|are) )?(?:reported )?"
    r"(?:injured|wounded|hurt|harmed)\b|\b(?:injured|wounded|hurting) (?:no[ -]one|nobody)\b"
    r"|\b(?:no|without(?: any)?) (?:casualties|injuries)\b",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"kill|dead|\bdie|death|toll|murder|massacr|execut|behead|slain|martyr|lives|assassin|slaughter"
    r"|gunned|perish|fatal|injur|wound|hurt|maim|bodies|succumb|lost",
    re.IGNORECASE,
)


def _value(word: str) -> tuple[int, bool]:
    """Return a number and whether it is only a lower bound."""
    low = word.lower().removesuffix(" of")
    if low in _AT_LEAST:
        return _AT_LEAST[low], True
    if low in _WORDS:
        return _WORDS[low], False
    tens, _, ones = low.partition("-")
    if tens in _WORDS and ones in _WORDS:
        return _WORDS[tens] + _WORDS[ones], False
    return int(low.replace(",", "")), False


def _range(found: re.Match[str]) -> Casualties | None:
    parts = found.groupdict()
    pair = next(
        ((parts[a], parts[b]) for a, b in (("low", "high"), ("from", "to")) if parts.get(a)), None
    )
    if pair:
        low, high = _value(pair[0])[0], _value(pair[1])[0]
        return Casualties(low=low, best=(low + high) // 2, high=high) if low <= high else None
    value, open_ended = _value(parts["number"])
    hedge = (parts["hedge"] or "").lower()
    if not 0 < value <= _HIGHEST:
        return None
    if open_ended or re.search(r"at least|than|over|not less", hedge):
        if re.search(r"fewer than|less than", hedge) and not re.search(r"no fewer|not less", hedge):
            return Casualties(low=0, best=value, high=value)
        return Casualties(low=value, best=value, high=None)
    if re.search(r"up to|as many as", hedge):
        return Casualties(low=0, best=value, high=value)
    return Casualties(low=value, best=value, high=value)


def _largest(text: str, patterns: tuple[re.Pattern[str], ...]) -> Casualties | None:
    if not _CUE.search(text):
        return None
    ranges = []
    masked = _one_group(_plainly(text))
    for pattern in patterns:
        for found in pattern.finditer(masked):
            value = _range(found)
            if value is not None:
                ranges.append(_coordinated(value, masked, found))
    return max(ranges, key=lambda c: (c.best, c.low)) if ranges else None


def _plainly(text: str) -> str:
    """Write as a number of people what is said in other words ("a family of five")."""
    for pattern, plain in _REWORDED:
        text = pattern.sub(plain, text)
    return text


def _coordinated(value: Casualties, text: str, found: re.Match[str]) -> Casualties:
    """Add the other half of "six hostages and all four attackers were killed"."""
    if _VERB_FIRST.match(found.group()):
        half = _HALF_BEHIND.match(text, found.end())
    else:
        half = _HALF_BEFORE.search(text, max(0, found.start() - _HALF_REACH), found.start())
        governed = half and _GOVERNED.search(text, max(0, half.start() - _HALF_REACH), half.start())
        half = None if governed or (half and _CUE.search(half.group())) else half
    other = _range(half) if half else None
    if other is None:
        return value
    high = None if None in (value.high, other.high) else (value.high or 0) + (other.high or 0)
    return Casualties(low=value.low + other.low, best=value.best + other.best, high=high)


def _one_group(text: str) -> str:
    """Hide subsets ("including three children"), which are no counts of their own."""
    return re.sub(r"\b(?:including|among them) [^,.;]*", lambda m: "_" * len(m.group()), text)


def fatalities(text: str) -> Casualties | None:
    """Return the number of people that a text says were killed.

    Parameters
    ----------
    text
        The sentences of one happening. Where several numbers are given, the largest counts: they
        are reports of one toll or parts of it. Only two groups under one verb add up ("killed two
        soldiers and a driver").

    Returns
    -------
    Casualties or None
        People as low, best and high; "at least 12" is 12, 12, None, "between 10 and 15" is 10, 12,
        15, "up to 9" is 0, 9, 9, "dozens" is 24, 24, None, "no one was hurt" 0, 0, 0. None where no
        number is given.
    """
    found = _largest(text, _KILLED)
    if found is None and _ONE_NAMED.search(text):
        return Casualties(low=1, best=1, high=1)
    none = found is None and _NO_DEAD.search(text)
    return Casualties(low=0, best=0, high=0) if none else found


def injured(text: str) -> int | None:
    """Return the number of people that a text says were injured.

    Parameters
    ----------
    text
        The sentences of one happening.

    Returns
    -------
    int or None
        The best figure, the largest where several are given, 0 for "no one was hurt"; None where no
        number is given.
    """
    value = _largest(text, _INJURED)
    if value is None:
        return 0 if _NO_INJURED.search(text) else None
    return value.best

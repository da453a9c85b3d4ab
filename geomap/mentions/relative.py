"""Places given by their way from another: "20 km north of Kharkiv", "between Quetta and Chaman"."""

from __future__ import annotations

import re

from geomap.model import Relation

__all__ = ["border_at", "relation_at", "relation_before"]

_MAIN = r"(?:north|south|east|west)"
_BEARING = (
    rf"(?:{_MAIN}[- ]?(?:north|south)[- ]?(?:east|west)|(?:north|south)[- ]?(?:east|west)|{_MAIN}"
    r"|[NS]\.?[EW]\.?|[NSEW]\.?[NS]\.?[EW]\.?)(?:ern)?(?:wards?)?"
)
_UNITS_KM = {
    "km": 1.0,
    "kms": 1.0,
    "kilometer": 1.0,
    "kilometre": 1.0,
    "mile": 1.609344,
    "mi": 1.609344,
    "metre": 0.001,
    "meter": 0.001,
    "m": 0.001,
    "yard": 0.0009144,
    "nautical mile": 1.852,
}
_UNIT = r"(?:nautical mile|" + "|".join(sorted(_UNITS_KM, key=len, reverse=True)) + r")s?"
# "A few" and "several" as newspapers use them for distances; a dozen stays a dozen.
_NUMBERS = {
    "a": 1.0,
    "an": 1.0,
    "one": 1.0,
    "two": 2.0,
    "three": 3.0,
    "four": 4.0,
    "five": 5.0,
    "six": 6.0,
    "seven": 7.0,
    "eight": 8.0,
    "nine": 9.0,
    "ten": 10.0,
    "eleven": 11.0,
    "twelve": 12.0,
    "fifteen": 15.0,
    "twenty": 20.0,
    "thirty": 30.0,
    "forty": 40.0,
    "fifty": 50.0,
    "sixty": 60.0,
    "eighty": 80.0,
    "hundred": 100.0,
    "a hundred": 100.0,
    "two hundred": 200.0,
    "three hundred": 300.0,
    "a dozen": 12.0,
    "two dozen": 24.0,
    "a couple of": 2.0,
    "a few": 4.0,
    "several": 5.0,
    "half a": 0.5,
    "a few hundred": 400.0,
    "several hundred": 500.0,
}
_NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?(?: ?(?:-|–|to) ?\d+(?:\.\d+)?)?|"
    + "|".join(sorted(_NUMBERS, key=len, reverse=True))
    + ")"
)
_DISTANCE = (
    rf"(?<![\w.,$€£])(?P<number>{_NUMBER})[ -]?(?P<unit>{_UNIT})\b"
    r"(?: \([^()]{1,30}\)|, or [^,]{1,20},)?"
)
_TOWN = r"(?:(?:cit(?:y|ies)|towns?|villages?|capital|port|port city|districts?|provinces?) of )?"
_KIND = rf"(?:(?:the|its|their) )?(?:(?:\w+ ){{0,2}}?{_TOWN})?(?:the )?"
_OFF = re.compile(
    rf"(?:{_DISTANCE}(?: (?:to the |away |due |further )?)?)?"
    rf"(?:(?P<bearing>{_BEARING})\s+(?:of|from)|(?:away )?from|outside|(?:off|offshore from)"
    rf"(?: the coast of)?)\s+(?:the )?{_TOWN}(?:the )?$",
    re.IGNORECASE,
)
_COASTAL = re.compile(r"\boff(?:shore from)?(?: the coast of)? ", re.IGNORECASE)
# "The north of X" and "northern X" lie in X; "north of X" lies outside.
_PART = re.compile(
    rf"(?:\b(?:in|across|over|throughout|into) (?:the )?|(?<!to )\bthe )(?:far |extreme )?"
    rf"(?P<of>{_BEARING})"
    r"(?: (?:part|half|side|suburbs?|outskirts|edge|end|corner|tip|countryside|districts?"
    r"|neighbou?rhoods?|sector)s?)? of "
    rf"{_KIND}$"
    rf"|(?:^|[^\w])(?P<dir>(?:(?:north|south)-?(?:east|west)|north|south|east|west)(?:ern)?) "
    rf"{_TOWN}$",
    re.IGNORECASE,
)
_AROUND = re.compile(
    r"\b(?:outskirts|suburbs?|edges?|environs|vicinity|periphery|fringes?|surroundings"
    rf"|surrounding areas?) of (?:the )?{_TOWN}$|\bjust outside (?:of )?(?:the )?{_TOWN}$",
    re.IGNORECASE,
)
_BORDER = re.compile(
    r"\b(?:border|frontier)(?:s|lands?| area| region| zone| strip)? (?:with|to|of) (?:the )?"
    r"(?:neighbou?ring )?$",
    re.IGNORECASE,
)
_BORDER_AFTER = re.compile(
    r"\s?[-–/]\s?(?:the )?(?P<other>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,2}) (?:border|frontier)"
    r"(?! (?:guards?|police|forces?|patrols?))"
)
_BORDER_OWN = re.compile(
    r"(?:[’']s)? (?:(?:\w+ern|shared|common|land|disputed|porous|long) )?(?:border|frontier)s?\b"
    r"(?! (?:guards?|police|forces?|patrols?|control|crossings?|posts?|town|village|city|troops"
    r"|agents?|officials?|security|walls?|fences?|disputes?|talks|rows?|issues?|policy|agreements?"
    r"|deals?|closures?|trade|demarcation|commission|minist\w+)\b)"
)
_BORDER_WORD = re.compile("border|frontier", re.IGNORECASE)
_BORDER_BETWEEN = re.compile(r"\b(?:border|frontier)(?: area| region| zone)? between (?:the )?$")
_DRIVE = re.compile(
    r"\b(?P<hours>an?|one|two|three|four|five|six|half an|\d+)[- ](?P<unit>hour|minute)[’']?s?[’']?"
    r"(?:[- ]and[- ]a[- ]half)?[’']?[- ](?P<by>drive|walk|flight|ride)(?: away)? (?:\w+ )?"
    rf"(?:from|of|outside) (?:the )?{_TOWN}$",
    re.IGNORECASE,
)
# Loose means: rough roads, a walker's pace, a short hop with its climb.
_PACE_KMH = {"drive": 60.0, "ride": 50.0, "walk": 5.0, "flight": 500.0}
# What happens between two parties is on no way from the one to the other.
_PARTIES = re.compile(
    r"\b(?:talks?|negotiat\w+|meetings?|met|clash\w*|fighting|fought|wars?|conflicts?|relations?"
    r"|relationship|ties|tensions?|agreements?|deals?|truces?|cease-?fires?|dialogue|match\w*|games?"
    r"|cooperation|trade|disputes?|summits?|differences?|contacts?|battles?|exchanges?|exchanged"
    r"|feud|standoff|peace|mediat\w+|rift|links?|gap|choose|pact|diplomatic|split|violence"
    r"|hostilities|confrontation|skirmish\w*|rivalry|partnership|swap|hotline|calls?|friendship"
    r"|understandings?|arrangements?|correspondence|letters?|distrust|mistrust|communication"
    r"|coordination|competition|struggles?|fight|showdown|alliance|axis|accord|treaty|rapprochement|divi\w+|distinguish\w*|border|frontier|balance|handover)\b"
    r"(?: \w+){0,4} $",
    re.IGNORECASE,
)
_BETWEEN = re.compile(rf"\b(?:[Bb]etween|from) (?:the )?{_TOWN}$")
_BETWEEN_AFTER = re.compile(
    r"(?: (?:district|province|city|town))? (?:and|to) (?:the )?(?:(?:city|town|village) of )?"
    r"(?P<other>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,2})"
)
_FROM = re.compile(r"\bfrom (?:the )?(?:\w+ of )?$")
_ROAD = re.compile(
    r"\b(?:roads?|highways?|motorways?|routes?|railway|line|pipeline|stretch|convoy|bus|train"
    r"|flight|ferry)\b[^.,;]{0,25}$",
    re.IGNORECASE,
)
_ROAD_AFTER = re.compile(
    r"\s?[-–]\s?(?P<other>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)?) (?:\w+ )?"
    r"(?:highway|road|motorway|railway|route|line|pipeline)\b"
)
# "20 km to the north of X" is no part of X.
_DISTANCE_JUST = re.compile(rf"{_DISTANCE} (?:to|away to)?(?: the)?$", re.IGNORECASE)
# A relation reaches back no further than this from the anchor's name, nor forward from it.
_REACH = 90
# How every relation of `_OFF` ends: most names have no such words before them, and looking for
# these only takes a tenth of the time.
_ENDING = re.compile(rf"(?:of|from|outside|off)\s+(?:the )?{_TOWN}(?:the )?$")
# Cheap looks that spare most names the dear ones: what every part of a place holds, and how all
# other relations end.
_BEARING_WORD = re.compile(r"north|south|east|west| [nsew.]{2,6}(?:ern)?(?:wards?)? ")
_LEADING_TO = re.compile(r"(?:of|from|outside|off|the)\s+$")
_CORNERS = {"n": "north", "s": "south", "e": "east", "w": "west"}


def relation_before(text: str, start: int, name: str) -> Relation | None:
    """Read the bearing or distance that stands right before an anchor's name.

    Parameters
    ----------
    text
        The article's text.
    start
        Where the anchor's name begins.
    name
        The anchor's name as written.

    Returns
    -------
    Relation or None
        None where neither a bearing nor a distance is given.
    """
    if not _ENDING.search(text[max(0, start - _REACH) : start].lower()):
        return None
    match = _OFF.search(text, max(0, start - _REACH), start)
    if match is None or not (match["bearing"] or match["number"]):
        return None
    distance = None
    if match["number"]:
        scale = _UNITS_KM[_singular(match["unit"])]
        distance = round(_number(match["number"]) * scale, 3)
    sea = match["bearing"] is None and _COASTAL.search(match.group()) is not None
    return Relation(
        bearing=_compass(match["bearing"]),
        distance_km=distance,
        of=name,
        way="offshore" if sea else "off",
    )


def relation_at(text: str, start: int, end: int) -> Relation | None:
    """Read how what is meant lies to the place whose name stands at a stretch.

    Parameters
    ----------
    text
        The article's text.
    start
        Where the anchor's name begins.
    end
        Where it ends.

    Returns
    -------
    Relation or None
        None where the name means the place itself.
    """
    name = text[start:end]
    if found := border_at(text, start, end, name) or _between(text, start, end, name):
        return found
    before = text[max(0, start - _REACH) : start].lower()
    if _BEARING_WORD.search(before) and (found := _part(text, start, name)):
        return found
    if not _LEADING_TO.search(before):
        return None
    return (
        _around(text, start, name)
        or _drive(text, start, name)
        or relation_before(text, start, name)
    )


def border_at(text: str, start: int, end: int, name: str) -> Relation | None:
    """Read the border that a country's or its people's name stands for: "the Iranian border".

    Parameters
    ----------
    text
        The article's text.
    start
        Where the name begins.
    end
        Where it ends.
    name
        The name as written.

    Returns
    -------
    Relation or None
        None where no border is meant; guards and crossings are none.
    """
    low = max(0, start - _REACH)
    if after := _BORDER_AFTER.match(text, end):
        return Relation(bearing=None, distance_km=None, of=name, way="border", other=after["other"])
    behind = _BORDER_WORD.search(text, low, start) is not None
    if behind and _BORDER_BETWEEN.search(text, low, start):
        other = _BETWEEN_AFTER.match(text, end)
        named = other["other"] if other else None
        return Relation(bearing=None, distance_km=None, of=name, way="border", other=named)
    if (behind and _BORDER.search(text, low, start)) or _BORDER_OWN.match(text, end):
        return Relation(bearing=None, distance_km=None, of=name, way="border")
    return None


def _between(text: str, start: int, end: int, name: str) -> Relation | None:
    if after := _ROAD_AFTER.match(text, end):
        return Relation(
            bearing=None, distance_km=None, of=name, way="between", other=after["other"]
        )
    low = max(0, start - _REACH)
    after = _BETWEEN_AFTER.match(text, end)
    before = after and _BETWEEN.search(text, low, start)
    if before is None or after is None or _PARTIES.search(text, low, before.start()):
        return None
    joined = text[end : after.start("other")].strip().startswith("to")
    from_here = _FROM.search(text, before.start(), start) is not None
    # "From A to B" is a way only for roads and what runs on them: troops were moved from A to B.
    if from_here != joined or (
        from_here and not _ROAD.search(text, max(0, start - _REACH), start - len("from "))
    ):
        return None
    return Relation(bearing=None, distance_km=None, of=name, way="between", other=after["other"])


def _part(text: str, start: int, name: str) -> Relation | None:
    match = _PART.search(text, max(0, start - _REACH), start)
    if match is None or _DISTANCE_JUST.search(text, max(0, start - _REACH), match.start()):
        return None
    bearing = _compass(match["of"] or match["dir"])
    return Relation(bearing=bearing, distance_km=None, of=name, way="part")


def _around(text: str, start: int, name: str) -> Relation | None:
    if _AROUND.search(text, max(0, start - _REACH), start):
        return Relation(bearing=None, distance_km=None, of=name, way="around")
    return None


def _drive(text: str, start: int, name: str) -> Relation | None:
    match = _DRIVE.search(text, max(0, start - _REACH), start)
    if match is None:
        return None
    said = match["hours"].lower()
    hours = 0.5 if said.startswith("half") else _number(said)
    if match["unit"].lower() == "minute":
        hours /= 60
    distance = round(hours * _PACE_KMH[match["by"].lower()], 1)
    return Relation(bearing=None, distance_km=distance, of=name, way="travel")


def _singular(unit: str) -> str:
    bare = unit.lower()
    return bare if bare in _UNITS_KM else bare.removesuffix("s")


def _number(said: str) -> float:
    """Read a number in figures or words; of a range the middle."""
    bare = said.lower()
    if bare in _NUMBERS:
        return _NUMBERS[bare]
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", bare):
        return float(bare.replace(",", ""))
    ends = [float(part.replace(",", ".")) for part in re.split(r"\s?(?:-|–|to)\s?", bare)]
    return sum(ends) / len(ends)


def _compass(said: str | None) -> str | None:
    """Return a bearing in one piece: "N.E.", "north-easterly" and "north east" are "northeast"."""
    if said is None:
        return None
    bare = re.sub(r"[^a-z]", "", said.lower())
    if set(bare) <= set(_CORNERS):
        return "".join(_CORNERS[letter] for letter in bare)
    return re.sub(r"wards?$|ern(?:wards?)?$", "", bare)

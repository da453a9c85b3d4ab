"""Places given by their way from another: "20 km north of Kharkiv"."""

from __future__ import annotations

import re

from geomap.mentions.vocabulary import BEARINGS
from geomap.model import Relation

__all__ = ["relation_before"]

_BEARING = "|".join(sorted(BEARINGS, key=len, reverse=True))
_UNITS_KM = {"km": 1.0, "kilometer": 1.0, "kilometre": 1.0, "mile": 1.609344, "mi": 1.609344}
_UNIT = "|".join(sorted(_UNITS_KM, key=len, reverse=True))
_KIND = r"(?:the )?(?:(?:city|town|village|capital|port|district|province) of )?(?:the )?"
_PATTERN = re.compile(
    rf"(?:(?P<number>\d+(?:[.,]\d+)?)[ -]?(?P<unit>{_UNIT})s?\b(?: \([^()]{{1,30}}\))?"
    rf"(?: (?:to the |away )?)?)?"
    rf"(?:(?P<bearing>{_BEARING})\s+(?:of|from)|(?:away )?from|outside)\s+{_KIND}$",
    re.IGNORECASE,
)
# How every relation ends: most names have no such words before them, and looking for these only
# takes a tenth of the time.
_ENDING = re.compile(rf"(?:of|from|outside)\s+{_KIND}$")
# A relation reaches back no further than this from the anchor's name.
_REACH = 90


def relation_before(text: str, start: int, name: str) -> Relation | None:
    """Read the relation that stands right before an anchor's name.

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
    match = _PATTERN.search(text, max(0, start - _REACH), start)
    if match is None or not (match["bearing"] or match["number"]):
        return None
    bearing = match["bearing"]
    distance = None
    if match["number"]:
        number = float(match["number"].replace(",", "."))
        distance = round(number * _UNITS_KM[match["unit"].lower()], 3)
    return Relation(
        bearing=bearing.lower().replace("-", "") if bearing else None,
        distance_km=distance,
        of=name,
    )

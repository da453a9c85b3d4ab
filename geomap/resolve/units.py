"""The strings of an article and the places that each may be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.folding import fold
from geomap.resolve.names import name_of, people_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.gazetteer import Gazetteer, Named
    from geomap.model import Mention, Span
    from geomap.resolve.names import Name

__all__ = ["CUES", "Unit", "units"]

# A word beside a name that says what kind of place it is -> the feature codes that it fits.
CUES: dict[str, tuple[str, ...]] = {
    "county": ("ADM2", "ADM1"),
    "counties": ("ADM2",),
    "parish": ("ADM2",),
    "district": ("ADM2", "ADM3", "ADM1"),
    "districts": ("ADM2", "ADM3", "ADM1"),
    "province": ("ADM1",),
    "provinces": ("ADM1",),
    "state": ("ADM1",),
    "governorate": ("ADM1",),
    "governorates": ("ADM1",),
    "region": ("ADM1", "RGN"),
    "oblast": ("ADM1",),
    "oblasts": ("ADM1",),
    "prefecture": ("ADM1", "ADM2"),
    "territory": ("ADM1", "TERR"),
    "republic": ("PCLI", "ADM1"),
    "department": ("ADM1", "ADM2"),
    "township": ("ADM3", "PPL"),
    "townships": ("ADM3", "PPL"),
    "city": ("PPL",),
    "town": ("PPL",),
    "village": ("PPL",),
    "municipality": ("PPL", "ADM3", "ADM2"),
    "neighborhood": ("PPLX",),
    "neighbourhood": ("PPLX",),
    "capital": ("PPLC", "PPLA"),
    "river": ("STM",),
    "lake": ("LK",),
    "island": ("ISL",),
    "islands": ("ISLS", "PCL"),
    "sea": ("SEA",),
    "valley": ("VAL",),
    "mountains": ("MTS",),
    "airport": ("AIRP",),
    "airfield": ("AIRF",),
}
_TRAILING = re.compile(rf" (?:{'|'.join(CUES)}|area|metro|coast|border)$")
# Words that make of a place's name that of something in it: "Bank of Japan", "Nenagh Hospital".
# Waters and mountains are left out: Lake Vermont is in Minnesota.
_OF_A_PLACE = frozenset(
    """
    of the at for and de la north south east west northern southern eastern western central upper
    lower greater downtown metro metropolitan city town village county district state national
    international municipal regional federal royal township twp twp. university college school
    academy institute hospital clinic bank police department council court airport station bridge
    church mosque temple cathedral abbey market hotel park stadium arena zoo museum library
    estate prison jail centre center hall office house square street road avenue camp base
    barracks headquarters parliament assembly government embassy conservation area reserve
    """.split()
)
# "St. Michael's Hospital" is named after the man.
_SAINTS = ("st. ", "st ", "saint ")
_COMMA = re.compile(r",\s+")
_WORD_AFTER = re.compile(r" ([A-Za-z]+)\b")
# "Cooke, Grayson and Love counties": the word behind a list of names is said of each of them.
_LIST_AFTER = re.compile(
    r"(?:(?:, and|, &|,| and| &) [A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*)?){1,12}"
    r" (counties|provinces|districts|governorates|oblasts|townships|islands)\b"
)
_KIND_BEFORE = re.compile(r"(?:\b(?:[Tt]he|[Ii]n) ([A-Za-z]+) of |\b([A-Za-z]+) )$")
_KIND_REACH = 20
_LEADING = re.compile(
    r"^(?:the|greater|downtown|central|upper|lower|(?:north|south)(?:east|west)?(?:ern)?|east(?:ern)?"
    r"|west(?:ern)?|city of|town of|state of|province of|village of|district of|county of) "
)


@dataclass(frozen=True, slots=True)
class Unit:
    """All mentions of one string in an article, with the places it may be.

    `members` are indexes into the article's mentions, `cue` is the kind word in the name itself
    ("Bannu district"), `reduced` tells that only a shorter form of the string is in the gazetteer.
    """

    key: str
    members: tuple[int, ...]
    name: Name
    cue: str | None
    reduced: bool

    @property
    def places(self) -> tuple[Named, ...]:
        """The places it may be."""
        return self.name.places

    @property
    def priors(self) -> tuple[float, ...]:
        """How prominent each of them is."""
        return self.name.ranks


def units(text: str, mentions: Sequence[Mention], gazetteer: Gazetteer) -> list[Unit]:
    """Group the mentions of an article by their folded string.

    Parameters
    ----------
    text
        The article's text.
    mentions
        The mentions of one article, in text order.
    gazetteer
        Where the places come from.

    Returns
    -------
    list of Unit
        In order of first appearance.
    """
    taken = {m.span.end for m in mentions if m.kind != "demonym"}
    beside = [_cue_beside(text, mention.span, taken) for mention in mentions]
    groups = _groups(text, mentions, beside)
    found = []
    for (key, demonym, _), members in groups.items():
        form = _form_of(key, gazetteer)
        found.append(
            Unit(
                key=key,
                members=tuple(members),
                name=gazetteer.about(form, people_of if demonym else name_of),
                cue=_cue(key, [beside[i] for i in members]),
                reduced=form != key,
            )
        )
    return found


def _groups(
    text: str, mentions: Sequence[Mention], beside: Sequence[str | None]
) -> dict[tuple[str, bool, str], list[int]]:
    """Put mentions of one string together, apart where the text itself says that they differ.

    "From Paris, Texas, to Paris, France": two places. A mention without a region behind it means
    what the one before it meant. "Kharkiv" in the dateline is no "Kharkiv region".
    """
    keys = [fold(mention.text) for mention in mentions]
    behind = [
        keys[i + 1] if i + 1 < len(mentions) and _COMMA.fullmatch(text, m.span.end, after) else ""
        for i, m in enumerate(mentions)
        for after in [mentions[i + 1].span.start if i + 1 < len(mentions) else len(text)]
    ]
    regions: dict[tuple[str, bool], set[str]] = {}
    for key, mention, region in zip(keys, mentions, behind, strict=True):
        if region:
            regions.setdefault((key, mention.kind == "demonym"), set()).add(region)
    groups: dict[tuple[str, bool, str], list[int]] = {}
    meant: dict[tuple[str, bool], str] = {}
    kinds = [cue if cue and CUES[cue][0].startswith("ADM") else None for cue in beside]
    for i, (key, mention, region) in enumerate(zip(keys, mentions, behind, strict=True)):
        string = key, mention.kind == "demonym"
        if len(regions.get(string, ())) > 1:
            meant[string] = region or meant.get(string, "")
        groups.setdefault((*string, kinds[i] or meant.get(string, "")), []).append(i)
    return groups


def _cue(key: str, beside: Sequence[str | None]) -> str | None:
    """Return the word that says what kind of place it is, in the name or beside a mention."""
    inside = _TRAILING.search(key)
    if inside and inside.group().strip() in CUES:
        return inside.group().strip()
    return next((cue for cue in beside if cue), None)


def _cue_beside(text: str, span: Span, taken: set[int]) -> str | None:
    """Return the kind word beside one mention: "Bannu district", "the district of Bannu".

    `taken` holds the ends of the article's place names: in "Bannu district of Khyber ..." the
    word belongs to the name before it. "A residential district of Kharkiv" is a part of it.
    """
    after = _WORD_AFTER.match(text, span.end)
    if after and after[1].lower() in CUES:
        return after[1].lower()
    if listed := _LIST_AFTER.match(text, span.end):
        return listed[1]
    before = _KIND_BEFORE.search(text, max(0, span.start - _KIND_REACH), span.start)
    word = (before[1] or before[2]) if before else None
    if before and word and word.lower() in CUES and before.start() - 1 not in taken:
        return word.lower()
    return None


def _form_of(key: str, gazetteer: Gazetteer) -> str:
    """Return a string or the first of its shorter forms that the gazetteer knows; else itself."""
    if gazetteer.named(key):
        return key
    return next((form for form in map(fold, _shorter_forms(key)) if gazetteer.named(form)), key)


def _shorter_forms(key: str) -> list[str]:
    """Return what may be left of a name: without unit words, then without all that surrounds it."""
    without_end, without_start = _TRAILING.sub("", key), _LEADING.sub("", key)
    forms = [without_end, without_start, _LEADING.sub("", without_end), *_inner_names(key)]
    return [form for form in dict.fromkeys(forms) if form != key and len(form) > 2]  # noqa: PLR2004 - "the"


def _inner_names(key: str) -> list[str]:
    """Return the stretches of a name that only general words stand around, the longest first."""
    words = key.split()
    own = [i for i, word in enumerate(words) if word not in _OF_A_PLACE]
    if not own:
        return []
    spans = [(i, j) for i in range(own[0] + 1) for j in range(own[-1] + 1, len(words) + 1)]
    spans.sort(key=lambda span: (span[0] - span[1], span[0]))
    inner = (" ".join(words[i:j]) for i, j in spans)
    return [form for form in inner if not form.startswith(_SAINTS)]

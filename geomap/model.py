"""The frozen values that every stage shares.

Offsets count code points of the article's text, end exclusive. Coordinates are WGS 84 degrees.
Scores lie between 0 and 1. Lists and tuples stand best first. Values are built with keywords.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date  # noqa: TC003 - the annotations are part of the public interface
from typing import Literal

__all__ = [
    "Actor",
    "Area",
    "Article",
    "Candidate",
    "Casualties",
    "Event",
    "FieldConfidence",
    "GeoPrecision",
    "Incident",
    "LocationBasis",
    "Mention",
    "MentionKind",
    "Place",
    "Reading",
    "Relation",
    "Report",
    "Resolution",
    "Role",
    "Span",
    "Status",
    "When",
    "digest",
]

MentionKind = Literal["place", "demonym", "relative"]
LocationBasis = Literal["linked", "inherited", "document", "none"]
GeoPrecision = Literal["exact", "town", "district", "province", "country", "none"]
WhenPrecision = Literal["day", "week", "month", "year", "unknown"]
WhenBasis = Literal["explicit", "relative", "publication"]
Status = Literal["asserted", "alleged", "planned", "threatened", "denied", "hypothetical"]
Role = Literal["attacker", "target", "host", "participant", "speaker", "actor"]

# 16 hex digits: 64 bits, so that a million articles collide with a chance below one in ten million.
_DIGEST_BYTES = 8


def digest(*parts: str) -> str:
    """Return a short stable digest of some strings, the same on every machine.

    Parameters
    ----------
    *parts
        The strings, in order; lone surrogates are allowed.

    Returns
    -------
    str
        16 lower-case hexadecimal digits (BLAKE2b).
    """
    state = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        state.update(len(data).to_bytes(8, "big"))
        state.update(data)
    return state.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """A stretch of an article's text: code points, end exclusive."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            msg = f"a span needs 0 <= start <= end, not {self.start}..{self.end}"
            raise ValueError(msg)

    def of(self, text: str) -> str:
        """Return the stretch of `text` that this span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two spans share at least one character."""
        return min(self.end, other.end) > max(self.start, other.start)

    def contains(self, other: Span) -> bool:
        """Tell whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One news article. `text` is kept character for character as it was given, cleaned 1:1.

    `id` is the given one, else the digest. `digest` covers text and url. `title` is context: it is
    never part of `text`. Empty strings stand for "not given" nowhere: those fields are None.
    """

    text: str
    id: str = ""
    title: str | None = None
    published: date | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        value = digest(self.text, self.url or "")
        object.__setattr__(self, "digest", value)
        if not self.id:
            object.__setattr__(self, "id", value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """How a relative place lies to its anchor: "20 km north of Kharkiv".

    `bearing` is a compass word ("north", "southeast") or None, `distance_km` a number or None,
    `of` the anchor's name as written.
    """

    bearing: str | None
    distance_km: float | None
    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place name, a demonym or a relative place as it stands in the text.

    `score` is how sure the recogniser is that this stretch names a place (or, for a demonym, its
    people).
    """

    span: Span
    text: str
    kind: MentionKind = "place"
    relation: Relation | None = None
    score: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry of the gazetteer.

    `id` is "geonames:1168197" or, for entries of our own, "geomap:...". `feature` is a GeoNames
    feature code (PPLC, ADM1, PCLI ...). `country` is the ISO 3166-1 alpha-2 code or None (seas,
    continents). `admin1` and `admin2` are names or None. `population` is 0 when unknown.
    """

    id: str
    name: str
    feature: str
    country: str | None
    admin1: str | None
    admin2: str | None
    lat: float
    lon: float
    population: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place that a mention may mean, with its score and the reasons in words."""

    place: Place
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """A mention and the places that it may be, best first.

    `accepted` is False where "none of these" is the answer: the candidates are then the rejected
    ones.
    """

    mention: Mention
    candidates: tuple[Candidate, ...] = ()
    accepted: bool = True

    @property
    def place(self) -> Place | None:
        """The best candidate's place, or None for "none of these"."""
        return self.candidates[0].place if self.accepted and self.candidates else None


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A date phrase as an interval of days with its precision.

    Either end may be None ("since August"); both are None when nothing can be known without a
    publication day, and `precision` is then "unknown".
    """

    first: date | None
    last: date | None
    text: str
    precision: WhenPrecision
    basis: WhenBasis
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody who takes part, as a stretch of the text."""

    span: Span
    text: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Casualties:
    """A number of people as a range; `high` is None for "at least"."""

    low: int
    best: int
    high: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A circle on the ground for an event that has no point."""

    lat: float
    lon: float
    radius_km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldConfidence:
    """How sure each field of an event is; None where the event has no such field."""

    type: float
    place: float | None
    when: float | None
    status: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One happening at one place, with the sentences that prove it.

    `evidence` is never empty. `incident` ties events of one article that are one happening
    (several places hit) together; casualties belong to the incident and are never summed.
    """

    id: str
    type: str
    trigger: Span
    evidence: tuple[Span, ...]
    place: Resolution | None
    location_basis: LocationBasis
    geo_precision: GeoPrecision
    when: When | None
    actors: tuple[Actor, ...]
    fatalities: Casualties | None
    injured: int | None
    status: Status
    attributed_to: Span | None
    area: Area | None
    incident: str | None
    confidence: float
    field_confidence: FieldConfidence

    def __post_init__(self) -> None:
        if not self.evidence:
            msg = "an event needs at least one sentence of evidence"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one article says: its place names, resolved, and its events."""

    article: Article
    resolutions: tuple[Resolution, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One article's account of an incident."""

    article: Article
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One real-world event: what one or many articles say of it, every source kept.

    The headline fields (`type` ... `confidence`) are those of the merged account; `reports` holds
    each article's own.
    """

    id: str
    type: str
    place: Resolution | None
    geo_precision: GeoPrecision
    area: Area | None
    when: When | None
    fatalities: Casualties | None
    injured: int | None
    status: Status
    confidence: float
    reports: tuple[Report, ...]

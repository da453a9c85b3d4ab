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
    "RelationWay",
    "Report",
    "Resolution",
    "Role",
    "Span",
    "Status",
    "Ties",
    "When",
    "digest",
]

MentionKind = Literal["place", "demonym", "relative"]
RelationWay = Literal["off", "offshore", "part", "around", "border", "between", "travel"]
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
    """A stretch of an article's text.

    Parameters
    ----------
    start
        Code points before the first one that it covers.
    end
        Code points before the first one behind it; not less than `start`.

    Raises
    ------
    ValueError
        The offsets are negative or the wrong way round.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            msg = f"a span needs 0 <= start <= end, not {self.start}..{self.end}"
            raise ValueError(msg)

    def of(self, text: str) -> str:
        """Return the stretch of a text that this span covers.

        Parameters
        ----------
        text
            The text that the offsets count in.

        Returns
        -------
        str
            Empty for an empty span.
        """
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Tell whether two spans share a character.

        Parameters
        ----------
        other
            The other span.

        Returns
        -------
        bool
            False for spans that only touch.
        """
        return min(self.end, other.end) > max(self.start, other.start)

    def contains(self, other: Span) -> bool:
        """Tell whether another span lies wholly inside this one.

        Parameters
        ----------
        other
            The other span.

        Returns
        -------
        bool
            True for equal spans too.
        """
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One news article.

    Its `digest` covers text and url.

    Parameters
    ----------
    text
        The text as given, cleaned one character for one.
    id
        The given id; empty for the digest.
    title
        Context, not part of the text by itself; None where there is none.
    published
        The publication day; None when unknown.
    source
        The outlet; None when unknown.
    url
        Where it was published; None when unknown.
    language
        ISO 639-1 code; None when unknown.
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

    Parameters
    ----------
    bearing
        A compass word in one piece ("north", "southeast"); None where only a distance is given.
    distance_km
        Kilometres from the anchor; None where only a bearing is given.
    of
        The anchor's name as written.
    way
        "off" at a bearing or distance, "offshore" seawards, "part" for a side of the anchor itself
        ("northern X"), "around" for its outskirts, "border" along its border, "between" it and
        another, "travel" for a distance told in hours.
    other
        The second anchor's name as written: the other end, the country across the border; None
        where there is none.
    """

    bearing: str | None
    distance_km: float | None
    of: str
    way: RelationWay = "off"
    other: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place name, a demonym or a relative place as it stands in the text.

    Parameters
    ----------
    span
        Where it stands.
    text
        What stands there.
    kind
        A place, a demonym, or the anchor of a relative place.
    relation
        How the place meant lies to the anchor; None unless the kind is "relative", or the mention a
        demonym beside "border".
    score
        How sure the recogniser is that the stretch names a place (or its people), 0 to 1.
    """

    span: Span
    text: str
    kind: MentionKind = "place"
    relation: Relation | None = None
    score: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry of the gazetteer.

    Parameters
    ----------
    id
        "geonames:1168197" or, for entries of our own, "geomap:...".
    name
        The name that English news uses.
    feature
        GeoNames feature code: PPLC, ADM1, PCLI ...
    country
        ISO 3166-1 alpha-2 code; None for seas, continents and regions of several countries.
    admin1
        Name of the first-level unit; None where there is none.
    admin2
        Name of the second-level unit; None where there is none.
    lat
        Latitude, degrees.
    lon
        Longitude, degrees.
    population
        Inhabitants; 0 when unknown.
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
    """A place that a mention may mean.

    Parameters
    ----------
    place
        The place.
    score
        How likely it is meant, 0 to 1.
    reasons
        Why, in words, the weightiest first; may be empty.
    """

    place: Place
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """A mention and the places that it may be.

    Parameters
    ----------
    mention
        The mention.
    candidates
        The places, best first; empty where the gazetteer has none.
    accepted
        False where "none of these" is the answer: the candidates are then the rejected ones.
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

    Parameters
    ----------
    first
        First day; None for an open beginning, or when nothing can be known.
    last
        Last day; None for an open end ("since August"), or when nothing can be known.
    text
        The phrase as written.
    precision
        How closely the phrase gives the time; "unknown" when both ends are None.
    basis
        What the interval rests on: the phrase alone, the phrase and the publication day, or the
        publication day itself.
    span
        Where the phrase stands; None for a phrase given by itself.
    """

    first: date | None
    last: date | None
    text: str
    precision: WhenPrecision
    basis: WhenBasis
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody who takes part, as a stretch of the text.

    Parameters
    ----------
    span
        Where they are named.
    text
        What stands there.
    role
        What they do in the event.
    """

    span: Span
    text: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Casualties:
    """A number of people as a range.

    Parameters
    ----------
    low
        The smallest number that the text allows.
    best
        The number that it gives, or the middle of its range.
    high
        The largest number that it allows; None for "at least".
    """

    low: int
    best: int
    high: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A circle on the ground for an event that has no point.

    Parameters
    ----------
    lat
        Latitude of the centre, degrees.
    lon
        Longitude of the centre, degrees.
    radius_km
        Radius, kilometres.
    """

    lat: float
    lon: float
    radius_km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldConfidence:
    """How sure each field of an event is, 0 to 1.

    Parameters
    ----------
    type
        The type.
    place
        The place; None without one.
    when
        The date; None without one.
    status
        The status.
    """

    type: float
    place: float | None
    when: float | None
    status: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One happening at one place, with the sentences that prove it.

    Parameters
    ----------
    id
        Digest of article, type, place and evidence: the same input gives the same id.
    type
        A code of the taxonomy, "group.subtype".
    trigger
        The word or words that tell of it.
    evidence
        Whole sentences, one to three, in text order.
    place
        Where; None without a place.
    location_basis
        Whether the place stands with the trigger, is taken from a neighbouring sentence or from
        the document, or is not given.
    geo_precision
        How closely the text gives the place.
    when
        When; None without a date.
    actors
        Who takes part; may be empty.
    fatalities
        The dead; None when not told. They belong to the incident and are never summed.
    injured
        The injured; None when not told.
    status
        Whether it is told as a fact, or as alleged, planned, threatened, denied or conditional.
    attributed_to
        Who says so; None where the article itself does.
    area
        The circle that a relative place gives; None for all others.
    incident
        Ties events of one article that are one happening at several places; None for one alone.
    confidence
        How sure the whole is, 0 to 1.
    field_confidence
        How sure each field is.

    Raises
    ------
    ValueError
        There is no evidence.
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
    """What one article says.

    Parameters
    ----------
    article
        The article, its publication day filled in where the text gives it.
    resolutions
        Its place names with their places, in text order.
    events
        Its events, in text order.
    """

    article: Article
    resolutions: tuple[Resolution, ...]
    events: tuple[Event, ...]

    def _repr_html_(self) -> str:
        """Show the reading marked up in a notebook."""
        from geomap.markup import marked_up

        return marked_up(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One article's account of an incident.

    Parameters
    ----------
    article
        The article.
    event
        What it says.
    """

    article: Article
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One real-world event: what one or many articles say of it, every source kept.

    Parameters
    ----------
    id
        Digest of the ids of its events.
    type
        The type of the merged account, "group.subtype".
    place
        The most precise place that the accounts agree on; None without one.
    geo_precision
        How closely that is known.
    area
        The circle that a relative place gives; None for all others.
    when
        The tightest interval; None without a date.
    fatalities
        The range over all accounts; None when none tells.
    injured
        The highest number told; None when none tells.
    status
        The status of the merged account.
    confidence
        How sure the whole is, 0 to 1.
    reports
        Each article's own account.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """What a reader has decided about pairs of events; grouping honours it.

    Parameters
    ----------
    together
        Pairs of event ids that are one incident, whatever else speaks against it.
    apart
        Pairs of event ids that are never one incident; where both are said, this holds.
    """

    together: frozenset[tuple[str, str]] = frozenset()
    apart: frozenset[tuple[str, str]] = frozenset()

    def __post_init__(self) -> None:
        for name in ("together", "apart"):
            pairs = frozenset((min(pair), max(pair)) for pair in getattr(self, name))
            if any(left == right for left, right in pairs):
                raise ValueError("a pair of events needs two events")
            object.__setattr__(self, name, pairs)

    def __or__(self, other: Ties) -> Ties:
        """Return what both say."""
        return Ties(together=self.together | other.together, apart=self.apart | other.apart)

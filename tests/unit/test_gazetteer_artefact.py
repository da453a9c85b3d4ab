"""The built gazetteer: what the runtime and its users may rely on."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import shapely

FOLDER = Path(__file__).resolve().parents[2] / "gazetteer"
FILES = ("places.parquet", "names.parquet", "shapes.parquet")
KHYBER_PAKHTUNKHWA = "geonames:1168873"


def table(name):
    return pq.read_table(FOLDER / name, memory_map=False)


def own(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def places():
    return {row["id"]: row for row in table("places.parquet").to_pylist()}


@pytest.fixture(scope="module")
def names():
    return table("names.parquet")


@pytest.fixture(scope="module")
def forms(places, names):
    """Name and kind to the ids of the places that bear it."""
    ids = list(places)
    found = {}
    for place, name, kind in zip(
        names["place"].to_pylist(),
        names["name"].to_pylist(),
        names["kind"].to_pylist(),
        strict=True,
    ):
        found.setdefault((name, kind), set()).add(ids[place])
    return found


@pytest.fixture(scope="module")
def shapes():
    return {row["id"]: row for row in table("shapes.parquet").to_pylist()}


def test_digests_fit():
    lines = (FOLDER / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    recorded = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert recorded == {
        name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() for name in FILES
    }


def test_size_and_counts(places, names):
    assert len(places) >= 300_000
    assert names.num_rows >= 1_400_000
    assert sum((FOLDER / name).stat().st_size for name in FILES[:2]) <= 20e6
    assert (FOLDER / FILES[2]).stat().st_size <= 4e6


def test_columns():
    expected = {
        "places.parquet": "id:string name:string feature:string cls:string country:string "
        "admin1:string admin2:string lat:double lon:double population:int64",
        "names.parquet": "place:int32 name:string kind:string lang:string",
        "shapes.parquet": "id:string kind:string country:string name:string wkb:binary",
    }
    found = {
        name: " ".join(f"{field.name}:{field.type}" for field in table(name).schema)
        for name in FILES
    }
    assert found == expected


def test_ids_are_unique(places):
    assert len(places) == table("places.parquet").num_rows


def test_coordinates_are_on_the_map_and_not_at_null_island(places):
    off = [
        row["id"]
        for row in places.values()
        if not (-90 <= row["lat"] <= 90 and -180 <= row["lon"] <= 180)
        or abs(row["lat"]) + abs(row["lon"]) < 0.01
    ]
    assert off == []


def test_classes_and_codes_are_well_formed(places):
    assert {row["cls"] for row in places.values()} <= set("APLHTSRUV")
    countries = {row["country"] for row in places.values()} - {None}
    assert all(len(code) == 2 and code.isascii() and code.isupper() for code in countries)
    assert not any("" in (row["country"], row["admin1"], row["admin2"]) for row in places.values())


def test_each_place_has_one_canonical_name_and_it_is_its_name(places, names):
    canonical = [
        (place, name)
        for place, name, kind in zip(
            names["place"].to_pylist(),
            names["name"].to_pylist(),
            names["kind"].to_pylist(),
            strict=True,
        )
        if kind == "c"
    ]
    assert canonical == [(row, place["name"]) for row, place in enumerate(places.values())]


def test_names_are_sorted_and_not_repeated(names):
    keys = list(zip(names["place"].to_pylist(), names["name"].to_pylist(), strict=True))
    assert keys == sorted(set(keys))


def test_no_alternate_is_a_code_or_an_address(names):
    alternates = {
        name
        for name, kind in zip(names["name"].to_pylist(), names["kind"].to_pylist(), strict=True)
        if kind == "a"
    }
    bad = [
        name
        for name in alternates
        if "http" in name or name.isdecimal() or (len(name) == 1 and name.isascii())
    ]
    assert bad == []


@pytest.mark.parametrize(
    ("geonameid", "name", "feature", "country"),
    [
        (1138958, "Kabul", "PPLC", "AF"),
        (1149361, "Afghanistan", "PCLI", "AF"),
        (1168197, "Peshawar", "PPLA", "PK"),
        (1168579, "Pakistan", "PCLI", "PK"),
        (1168873, "Khyber Pakhtunkhwa", "ADM1", "PK"),
        (1170880, "Mardan", "PPLA2", "PK"),
        (1176615, "Islamabad", "PPLC", "PK"),
        (1183459, "Bannu District", "ADM2", "PK"),
        (1183460, "Bannu", "PPLA2", "PK"),
        (1220409, "Tajikistan", "PCLI", "TJ"),
        (1221874, "Dushanbe", "PPLC", "TJ"),
        (1275339, "Mumbai", "PPLA", "IN"),
        (290030, "Doha", "PPLC", "QA"),
        (703448, "Kyiv", "PPLC", "UA"),
        (709718, "Donbas", "RGN", "UA"),
        (281132, "Gaza Strip", "ADM1", "PS"),
        (6252001, "United States", "PCLI", "US"),
        (4187348, "Charlton County", "ADM2", "US"),
        (2653940, "Cambridgeshire", "ADM2", "GB"),
        (6296680, "Schiphol", "AIRP", "NL"),
        (319675, "Incirlik Air Base", "AIRB", "TR"),
    ],
)
def test_telling_places(places, geonameid, name, feature, country):
    row = places[f"geonames:{geonameid}"]
    assert (row["name"], row["feature"], row["country"]) == (name, feature, country)


@pytest.mark.parametrize(
    ("name", "kind", "geonameid"),
    [
        ("Afghan", "d", 1149361),
        ("Britons", "d", 2635167),
        ("Pakistani", "d", 1168579),
        ("Tajik", "d", 1220409),
        ("Tajiks", "d", 1220409),
        ("Bombay", "h", 1275339),
        ("Kiev", "h", 703448),
        ("DRC", "x", 203312),
        ("Ky.", "x", 6254925),
        ("N.C.", "x", 4482348),
        ("U.S.", "x", 6252001),
        ("UK", "x", 2635167),
        ("Burma", "a", 1327865),
        ("Türkiye", "a", 298795),
        ("Charlton", "a", 4187348),
        ("Charlton Co.", "a", 4187348),
        ("W. Columbia", "a", 4600541),
        ("Oaxaca State", "a", 3522509),
        ("Calamba City", "a", 1720685),
        ("ACT", "x", 2177478),
        ("کابل", "a", 1138958),
    ],
)
def test_telling_names(forms, name, kind, geonameid):
    assert f"geonames:{geonameid}" in forms[name, kind]


def test_divisions_of_the_second_order_have_the_ids_of_geonames(places):
    own_ids = [
        row["id"]
        for row in places.values()
        if row["feature"] == "ADM2" and row["id"].startswith("geomap:")
    ]
    assert own_ids == []


def test_a_place_of_the_own_tables_is_not_there_twice(places):
    """A base or an airport that a source has too is one place, under the source's id."""
    holders = [row["id"] for row in places.values() if row["name"] == "Shindand Air Base"]
    assert holders == ["geonames:1454312"]


def test_an_ambiguous_demonym_stands_at_each_country(places, forms):
    countries = {places[key]["country"] for key in forms["Congolese", "d"]}
    assert countries == {"CD", "CG"}


def test_the_capital_alone_is_called_islamabad_in_south_asia(places, forms):
    holders = {
        places[key]["country"] for kind in "cah" for key in forms.get(("Islamabad", kind), ())
    }
    assert "BD" not in holders


def test_every_country_of_the_own_table_is_there_once_with_its_name(places):
    found = Counter(
        (row["country"], row["name"]) for row in places.values() if row["feature"].startswith("PCL")
    )
    assert found == Counter((row["iso2"], row["name"]) for row in own("countries.csv"))


@pytest.mark.parametrize("name", ["countries.csv", "regions.csv", "places.csv"])
def test_own_rows_have_a_basis_and_no_empty_alias(name):
    rows = own(name)
    assert all(row["basis"] for row in rows)
    listed = [alias for row in rows for alias in row["aliases"].split("|") if row["aliases"]]
    assert all(alias == alias.strip() != "" for alias in listed)


def test_shapes_are_valid_polygons_of_their_place(places, shapes):
    for row in shapes.values():
        shape = shapely.from_wkb(row["wkb"])
        assert shape.is_valid, row["id"]
        assert shape.geom_type in {"Polygon", "MultiPolygon"}
        place = places[row["id"]]
        assert (row["country"], row["name"]) == (place["country"], place["name"])


def test_every_country_has_a_shape(places, shapes):
    countries = {key for key, row in places.items() if row["feature"].startswith("PCL")}
    assert countries == {key for key, row in shapes.items() if row["kind"] == "country"}


@pytest.mark.parametrize(
    ("inside", "outline"),
    [
        ("geonames:1168197", KHYBER_PAKHTUNKHWA),
        ("geonames:1183460", KHYBER_PAKHTUNKHWA),
        ("geonames:1138958", "geonames:1149361"),
        ("geonames:703448", "geonames:690791"),
        ("geonames:706483", "geonames:706482"),
        ("geonames:1429434", "geonames:6957555"),
    ],
)
def test_towns_lie_within_their_outline(places, shapes, inside, outline):
    town = places[inside]
    assert shapely.from_wkb(shapes[outline]["wkb"]).covers(shapely.Point(town["lon"], town["lat"]))


def test_neighbours_share_their_edge(shapes):
    punjab, sindh = (shapely.from_wkb(shapes[f"geonames:{i}"]["wkb"]) for i in (1167710, 1164807))
    assert shapely.intersection(punjab, sindh).length > 0.1
    assert shapely.intersection(punjab, sindh).area == pytest.approx(0, abs=1e-6)


def test_the_own_table_holds_the_places_of_conflict_news():
    rows = own("places.csv")
    assert len(rows) >= 2_700
    assert len({(row["name"], row["feature"], row["country"], row["admin1"]) for row in rows}) >= (
        1_500
    )
    assert {"CMPRF", "PSTB", "AIRB", "INSM", "DAM", "PRN", "PASS", "PRT"} <= {
        row["feature"] for row in rows
    }


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Torkham", "AF"),
        ("Mir Ali", "PK"),
        ("Saraqib", "SY"),
        ("Klishchiivka", "UA"),
        ("Zaatari", "JO"),
        ("Sambisa Forest", "NG"),
        ("Rubaya", "CD"),
        ("Macomia", "MZ"),
        ("Laukkai", "MM"),
        ("Kajaki Dam", "AF"),
        ("Al-Anad Air Base", "YE"),
        ("Camp Bondsteel", "XK"),
        ("Western Ghats", "IN"),
        ("Neches River", "US"),
        ("Upper Peninsula", "US"),
        ("Kafr al-Dik", "PS"),
        ("Majdal Zoun", "LB"),
        ("Canapé Vert", "HT"),
        ("Second Thomas Shoal", "PH"),
        ("Nyanzale", "CD"),
    ],
)
def test_places_of_the_news_are_known(places, forms, name, country):
    holders = {places[key]["country"] for kind in "cah" for key in forms.get((name, kind), ())}
    assert country in holders


def test_each_place_without_a_foreign_id_has_an_origin(places):
    """An id of ours comes from a row of the tables, from an airport, a hamlet or a division."""
    listed = {
        (row["name"], row["feature"], row["country"])
        for table in ("regions.csv", "places.csv")
        for row in own(table)
        if row["lat"] and row["basis"]
    }
    built = {"AIRP", "AIRB", "PPL", "ADM1"}
    orphans = [
        row["id"]
        for row in places.values()
        if row["id"].startswith("geomap:")
        and row["feature"] not in built
        and (row["name"], row["feature"], row["country"] or "") not in listed
    ]
    assert orphans == []


def test_rows_with_coordinates_lie_in_or_near_their_country(shapes):
    """Ceasefire lines and simplified coasts leave a margin; islands and shoals may lie far out."""
    countries = {
        row["country"]: shapely.from_wkb(row["wkb"])
        for row in shapes.values()
        if row["kind"] == "country"
    }
    far = [
        (row["name"], row["country"])
        for row in own("places.csv")
        if row["lat"]
        and row["country"]
        and not row["feature"].startswith(("ISL", "SHOL"))
        and countries[row["country"]].distance(shapely.Point(float(row["lon"]), float(row["lat"])))
        > 1
    ]
    assert far == []


def test_every_state_has_its_postal_and_its_older_short_forms():
    rows = [row for row in own("abbreviations.csv") if row["country"] == "US"]
    postal = {row["target"] for row in rows if row["basis"] == "USPS postal code"}
    older = {row["target"] for row in rows if row["basis"] == "AP style and older usage"}
    assert len(postal) == 50
    # Neither AP nor older usage shortens these two.
    assert postal - older == {"Ohio", "Utah"}
    assert all(row["basis"] for row in rows)

from __future__ import annotations

import logging
import pickle
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from geomap.errors import GazetteerError, InputError, OutputError, PlaceNotFoundError
from geomap.gazetteer import (
    Gazetteer,
    OwnName,
    add_names,
    export_names,
    list_names,
    remove_names,
)
from geomap.gazetteer import own as own_module
from geomap.gazetteer.own_rows import names_as_csv, read_names

PESHAWAR = "geonames:1168197"
GOOD = """\
name,lat,lon,id,country,admin1,feature,population,aliases,language
Camp Alder,34.25,71.5,,PK,Khyber Pakhtunkhwa,MILB,0,Alder Base|کیمپ ایلڈر,ur
Weir Nine,-1.5,29.25,weir-9,cd,,dam,,,
"=HYPERLINK(""http://x"")",10,20,,,,,,,
"""


@pytest.fixture
def cache(gazetteer, tmp_path):
    """A folder of its own, with the shipped index in it and no own names."""
    index = Path(gazetteer.info()["index"])
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / index.name).symlink_to(index, target_is_directory=True)
    return tmp_path / "cache"


@pytest.fixture
def write(tmp_path):
    def written(text, name="names.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return written


def row(name="Camp Alder", lat="34.25", lon="71.5", **others):
    """A whole list of one place."""
    columns = {"name": name, "lat": lat, "lon": lon, **others}
    return f"{','.join(columns)}\n{','.join(columns.values())}\n"


def test_good_names_are_added_and_found(cache, write):
    report = add_names(write(GOOD), folder=cache)
    assert (report.added, report.replaced, report.unchanged) == (3, 0, 0)
    assert report.problems == ()
    gazetteer = Gazetteer(cache)
    camp = gazetteer.find("camp alder")[0]
    assert camp.id == "user:camp-alder"
    assert (camp.feature, camp.country, camp.admin1) == ("MILB", "PK", "Khyber Pakhtunkhwa")
    assert (camp.lat, camp.lon, camp.population) == (34.25, 71.5, 0)
    assert gazetteer.find("کیمپ ایلڈر") == [camp]
    assert gazetteer.get("user:weir-9").country == "CD"
    assert gazetteer.get("user:weir-9").feature == "DAM"
    assert gazetteer.feature_class("DAM") == "S"
    assert gazetteer.info()["own places"] == 3


def test_text_that_looks_like_a_formula_is_text(cache, write, tmp_path):
    add_names(write(GOOD), folder=cache)
    assert list_names(folder=cache)[2].name == '=HYPERLINK("http://x")'
    export_names(tmp_path / "out.csv", folder=cache)
    assert '"=HYPERLINK(""http://x"")"' in (tmp_path / "out.csv").read_text()


def test_adding_twice_changes_nothing(cache, write):
    path = write(GOOD)
    add_names(path, folder=cache)
    before = (cache / "own" / "names.sqlite").read_bytes()
    report = add_names(path, folder=cache)
    assert (report.added, report.replaced, report.unchanged) == (0, 0, 3)
    assert (cache / "own" / "names.sqlite").read_bytes() == before


def test_the_same_id_is_replaced(cache, write):
    add_names(write(GOOD), folder=cache)
    report = add_names(write(row(lat="34.5")), folder=cache)
    assert (report.added, report.replaced) == (0, 1)
    assert list_names(folder=cache)[0].lat == 34.5
    assert len(list_names(folder=cache)) == 3


BROKEN = {
    "empty": ("", 1, "", "empty"),
    "blank lines": ("\n\n \n", 1, "", "empty"),
    "header alone": ("name,lat,lon\n", 1, "", "no rows"),
    "no header": ("Camp Alder,34.25,71.5\n", 1, "name", "required"),
    "no lon": ("name,lat\nCamp Alder,34\n", 1, "lon", "required"),
    "unknown column": (row(colour="red"), 1, "", "unknown column"),
    "column twice": ("name,lat,lon,lat\na b,1,2,1\n", 1, "lat", "twice"),
    "semicolons": ("name;lat;lon\nCamp Alder;34.25;71.5\n", 1, "", "commas"),
    "tabs": ("name\tlat\tlon\nCamp Alder\t34.25\t71.5\n", 1, "", "commas"),
    "too few cells": ("name,lat,lon\nCamp Alder,34.25\n", 2, "", "2 cells below 3"),
    "too many cells": ("name,lat,lon\nCamp Alder,34.25,71.5,x\n", 2, "", "4 cells below 3"),
    "open quote": ('name,lat,lon\n"Camp Alder,34.25,71.5\n', 2, "", "not CSV"),
    "quote inside": ('name,lat,lon\n"Camp" Alder,34.25,71.5\n', 2, "", "not CSV"),
    "not UTF-8": (row(name="Caf").encode() + b"\xe9,1,2\n", 3, "", "UTF-8"),
    "UTF-16": (row().encode("utf-16"), 1, "", "UTF-8"),
    "NUL": (row(name="Camp\0Alder"), 2, "name", "unprintable"),
    "line break": (row(name='"Camp\nAlder"'), 2, "name", "line break"),
    "no name": (row(name=""), 2, "name", "needed"),
    "blank name": (row(name="   "), 2, "name", "needed"),
    "name of signs": (row(name="?!"), 2, "name", "letters"),
    "name of one letter": (row(name="A"), 2, "name", "one letter"),
    "name too long": (row(name="A long name " * 9), 2, "name", "at most 80"),
    "no lat": (row(lat=""), 2, "lat", "needed"),
    "lat 91": (row(lat="91"), 2, "lat", "between -90 and 90"),
    "lat -90.01": (row(lat="-90.01"), 2, "lat", "between -90 and 90"),
    "lat like a longitude": (row(lat="171.5", lon="34"), 2, "lat", "swapped"),
    "lat NaN": (row(lat="nan"), 2, "lat", "decimal degrees"),
    "lat infinite": (row(lat="inf"), 2, "lat", "decimal degrees"),
    "lat with exponent": (row(lat="3e1"), 2, "lat", "decimal degrees"),
    "lat in words": (row(lat="north"), 2, "lat", "decimal degrees"),
    "lat with a letter": (row(lat="34.25N"), 2, "lat", "decimal degrees"),
    "lat in other digits": (row(lat="٣٤"), 2, "lat", "decimal degrees"),
    "decimal comma": (row(lat='"34,25"'), 2, "lat", "decimal comma"),
    "lon 181": (row(lon="181"), 2, "lon", "between -180 and 180"),
    "lon of minutes": (row(lon="71 30 00"), 2, "lon", "decimal degrees"),
    "swapped for the country": (row(lat="71.5", lon="34.25", country="PK"), 2, "lat", "swap them"),
    "country in full": (row(country="Pakistan"), 2, "country", "ISO 3166"),
    "country of nobody": (row(country="QQ"), 2, "country", "ISO 3166"),
    "country UK": (row(lat="51", lon="0", country="UK"), 2, "country", "write GB"),
    "feature of nobody": (row(feature="CASTLE"), 2, "feature", "no feature code"),
    "feature class": (row(feature="P"), 2, "feature", "no feature code"),
    "population of text": (row(population="many"), 2, "population", "digits only"),
    "population below zero": (row(population="-5"), 2, "population", "digits only"),
    "population of halves": (row(population="10.5"), 2, "population", "digits only"),
    "population above all": (row(population="9" * 30), 2, "population", "digits only"),
    "alias of signs": (row(aliases="Alder Base|--"), 2, "aliases", "letters"),
    "language in full": (row(language="Pashto"), 2, "language", "language code"),
    "id with blanks": (row(id="camp alder"), 2, "id", "an id has"),
    "id of another space": (row(id="wikidata:Q1"), 2, "id", "an id has"),
    "id twice": ("name,lat,lon,id\nAlder,1,2,x\nBirch,3,4,x\n", 3, "id", "line 2"),
    "name twice": ("name,lat,lon\nAlder,1,2\nALDER,3,4\n", 3, "id", "id of its own"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_list_is_told_row_by_row_and_adds_nothing(cache, write, case):
    text, line, column, reason = BROKEN[case]
    report = add_names(write(text), folder=cache)
    assert (report.added, report.replaced, report.unchanged) == (0, 0, 0)
    first = report.problems[0]
    assert (first.line, first.column) == (line, column)
    assert reason in first.reason
    assert "\n" not in str(first)
    assert list_names(folder=cache) == []


def test_one_wrong_row_keeps_the_right_ones_out(cache, write):
    text = GOOD + "Lat Ninety-One,91,5,,,,,,,\n,1,2,,,,,many,,\n"
    report = add_names(write(text), folder=cache)
    assert [(p.line, p.column) for p in report.problems] == [
        (5, "lat"),
        (6, "name"),
        (6, "population"),
    ]
    assert str(report.problems[0]) == (
        "line 5, lat: a latitude lies between -90 and 90: are lat and lon swapped? (found '91')"
    )
    assert list_names(folder=cache) == []


def test_a_line_is_counted_from_where_its_row_begins(write):
    _, problems = read_names(write('name,lat,lon\n\n"Old\nMill",91,0\nBirch,92,0\n'))
    assert [(p.line, p.column) for p in problems] == [(3, "name"), (3, "lat"), (5, "lat")]


def test_joiners_belong_to_a_name(write):
    (name,), problems = read_names(write(row(name="اردوگاه\u200cنو")))
    assert problems == []
    assert name.name == "اردوگاه\u200cنو"


def test_a_byte_order_mark_and_capital_headers_are_fine(write):
    names, problems = read_names(write("\ufeffName,LAT,Lon\r\nOld Mill,1,2\r\n"))
    assert problems == []
    assert names == [OwnName(id="user:old-mill", name="Old Mill", lat=1.0, lon=2.0)]


@pytest.mark.parametrize("kind", ["missing", "folder"])
def test_an_unreadable_list_is_one_line(cache, tmp_path, kind):
    path = tmp_path if kind == "folder" else tmp_path / "none.csv"
    with pytest.raises(InputError, match="cannot be read") as caught:
        add_names(path, folder=cache)
    assert "\n" not in str(caught.value)


def test_export_and_add_give_the_same_names(cache, write, tmp_path):
    add_names(write(GOOD), folder=cache)
    names = list_names(folder=cache)
    assert export_names(tmp_path / "out.csv", folder=cache) == 3
    report = add_names(tmp_path / "out.csv", folder=tmp_path / "other")
    assert report.added == 3
    assert list_names(folder=tmp_path / "other") == names
    export_names(tmp_path / "again.csv", folder=tmp_path / "other")
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "out.csv").read_bytes()


def test_a_tiny_number_is_written_without_an_exponent(write):
    name = OwnName(id="user:null-island", name="Null Island", lat=0.00001, lon=-0.000002)
    assert read_names(write(names_as_csv([name]))) == ([name], [])


def test_export_needs_a_folder(cache, write, tmp_path):
    add_names(write(GOOD), folder=cache)
    with pytest.raises(OutputError, match="no folder"):
        export_names(tmp_path / "none" / "out.csv", folder=cache)


@pytest.mark.parametrize("wanted", ["user:weir-9", "weir-9", "WEIR NINE"])
def test_remove_takes_ids_and_names(cache, write, wanted):
    add_names(write(GOOD), folder=cache)
    assert [own.id for own in remove_names([wanted], folder=cache)] == ["user:weir-9"]
    assert len(list_names(folder=cache)) == 2
    assert Gazetteer(cache).get("user:weir-9") is None


def test_remove_is_all_or_nothing(cache, write):
    add_names(write(GOOD), folder=cache)
    with pytest.raises(PlaceNotFoundError, match="Old Mill"):
        remove_names(["Weir Nine", "Old Mill"], folder=cache)
    assert len(list_names(folder=cache)) == 3


def test_remove_asks_which_one(cache, write):
    add_names(write("name,lat,lon,id\nAlder,1,2,x\nAlder,3,4,y\n"), folder=cache)
    with pytest.raises(InputError, match="user:x, user:y"):
        remove_names(["Alder"], folder=cache)
    assert len(list_names(folder=cache)) == 2


def test_own_names_outrank_their_namesakes(cache, write):
    add_names(write(row(name="Paris", lat="33.66", lon="-95.55", country="US")), folder=cache)
    found = Gazetteer(cache).find("Paris")
    assert found[0].id == "user:paris"
    assert found[1].id == "geonames:2988507"
    assert Gazetteer(cache, own=False).find("Paris")[0].id == "geonames:2988507"


def test_an_own_place_takes_the_place_of_a_known_one(cache, write, gazetteer):
    text = row(name="Pekhawar", lat="34.5", lon="71.9", id=PESHAWAR, country="PK", feature="PPLA")
    add_names(write(text), folder=cache)
    own = Gazetteer(cache)
    moved = own.get(PESHAWAR)
    assert (moved.name, moved.lat, moved.population) == ("Pekhawar", 34.5, 0)
    # Its known names lead there too, and nothing is left where it was.
    assert [p for p in own.find("Peshawar") if p.id == PESHAWAR] == [moved]
    assert PESHAWAR in {p.id for p in gazetteer.near(34.008, 71.578, radius_km=5)}
    assert PESHAWAR not in {p.id for p in own.near(34.008, 71.578, radius_km=5)}
    assert own.near(34.5, 71.9, radius_km=0.1) == [moved]
    assert PESHAWAR not in {p.id for p in own.cities(71.5, 33.9, 71.6, 34.1, limit=50)}


def test_own_names_are_matched_in_text(cache, write):
    from geomap.mentions import matches

    add_names(write(row(aliases="Mount Alder")), folder=cache)
    own = Gazetteer(cache)
    text = "Shots were heard near Camp Alder, below Mt. Alder and west of Peshawar."
    found = {text[m.start : m.end] for m in matches(text, own)}
    assert {"Camp Alder", "Mt. Alder", "Peshawar"} <= found
    assert {n.place.id for n in own.places_called("Mt. Alder")} == {"user:camp-alder"}


KHYBER, JALALABAD = ("34.25", "71.5"), ("34.4", "70.4")


@pytest.mark.parametrize(
    ("lat", "lon", "given", "country", "admin1"),
    [
        (*KHYBER, {}, "PK", "Khyber Pakhtunkhwa"),
        (*KHYBER, {"country": "PK"}, "PK", "Khyber Pakhtunkhwa"),
        (*KHYBER, {"admin1": "Frontier"}, "PK", "Frontier"),
        (*JALALABAD, {"country": "PK"}, "PK", None),
        (*JALALABAD, {"feature": "PCLD"}, "AF", None),
        ("10", "-40", {}, None, None),
    ],
)
def test_country_and_unit_are_those_of_the_point(cache, write, lat, lon, given, country, admin1):
    path = write(row(lat=lat, lon=lon, **given))
    found = Gazetteer(cache, names=[path]).find("Camp Alder")[0]
    assert (found.country, found.admin1) == (country, admin1)
    add_names(path, folder=cache)
    (kept,) = list_names(folder=cache)
    assert (kept.country, kept.admin1) == (country, admin1)
    assert Gazetteer(cache).find("Camp Alder") == [found]


def test_own_names_have_their_language(cache, write):
    add_names(write(GOOD), folder=cache)
    opened = Gazetteer(cache)
    camp = opened.find("Camp Alder")[0]
    assert [n.text for n in opened.names(camp, "ur")] == ["Camp Alder", "Alder Base", "کیمپ ایلڈر"]
    assert opened.label(camp, "ur") == "Camp Alder"
    weir = opened.find("Weir Nine")[0]
    assert [(n.text, n.language) for n in opened.names(weir)] == [("Weir Nine", None)]


def test_a_list_serves_one_gazetteer_alone(cache, write):
    one = write(row(), "one.csv")
    two = write(row(lat="35"), "two.csv")
    both = Gazetteer(cache, names=[one, two])
    assert both.find("Camp Alder")[0].lat == 35
    assert Gazetteer(cache, names=[two, one]).find("Camp Alder")[0].lat == 34.25
    assert list_names(folder=cache) == []
    travelled = pickle.loads(pickle.dumps(both))  # noqa: S301 - as worker processes do
    assert travelled.find("Camp Alder") == both.find("Camp Alder")


def test_a_broken_list_of_a_project_is_one_line(cache, write):
    with pytest.raises(InputError, match=r"names\.csv: line 2, lat: .* \(and 1 more\)") as caught:
        Gazetteer(cache, names=[write(row(lat="91", lon="181"))])
    assert "\n" not in str(caught.value)


def broken_file(path, kind):
    if kind == "foreign":
        path.unlink()
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE place (id TEXT)")
        database.close()
        return
    data = path.read_bytes()
    contents = {
        "text": b"name,lat,lon\n" * 100,
        "empty": b"",
        "truncated": data[: len(data) // 2],
        "torn trie": data.replace(b"We love Marisa.", b"We love nobody."),
    }
    path.write_bytes(contents[kind])


@pytest.mark.parametrize("kind", ["foreign", "text", "empty", "truncated", "torn trie"])
def test_a_file_of_own_names_that_is_none_is_one_warning(cache, write, caplog, kind):
    add_names(write(GOOD), folder=cache)
    file = cache / "own" / "names.sqlite"
    broken_file(file, kind)
    before = file.read_bytes()
    with caplog.at_level(logging.WARNING):
        own = Gazetteer(cache)
        assert own.find("Kabul")[0].feature == "PPLC"
        assert own.near(34.25, 71.5, radius_km=5) is not None
    warnings = [r.getMessage() for r in caplog.records if "left out" in r.getMessage()]
    assert len(warnings) == 1
    assert "\n" not in warnings[0]
    assert file.read_bytes() == before


def test_damage_found_while_reading_leaves_the_rest(cache, write, caplog):
    own = Gazetteer(cache, names=[write(GOOD)])
    own._stack.layers[0].index.database.close()
    with caplog.at_level(logging.WARNING):
        assert own.find("Camp Alder") == []
        assert own.find("Kabul")[0].feature == "PPLC"
        assert own.get("user:weir-9") is None
    assert [r.getMessage().count("left out") for r in caplog.records] == [1]


@pytest.mark.parametrize("kind", ["foreign", "text", "truncated"])
def test_a_foreign_file_is_never_overwritten(cache, write, kind):
    add_names(write(GOOD), folder=cache)
    file = cache / "own" / "names.sqlite"
    broken_file(file, kind)
    before = file.read_bytes()
    with pytest.raises(GazetteerError, match="own names") as caught:
        add_names(write(row(name="Birch Ford")), folder=cache)
    assert "\n" not in str(caught.value)
    assert file.read_bytes() == before


def test_names_of_another_version_are_read_and_filled_anew(cache, write, monkeypatch):
    add_names(write(GOOD), folder=cache)
    monkeypatch.setattr(own_module, "_LAYOUT", 99)
    assert Gazetteer(cache).find("Camp Alder")[0].id == "user:camp-alder"
    assert add_names(write(GOOD), folder=cache).unchanged == 3


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path, write):
    (tmp_path / "blocked").write_text("a file")
    with pytest.raises(GazetteerError, match="GEOMAP_CACHE") as caught:
        add_names(write(GOOD), folder=tmp_path / "blocked")
    assert "\n" not in str(caught.value)


def test_a_failed_write_leaves_the_old_names(cache, write, monkeypatch):
    add_names(write(GOOD), folder=cache)

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("geomap.output.os.fsync", full)
    with pytest.raises(OutputError, match="no space left"):
        add_names(write(row(name="Birch Ford")), folder=cache)
    assert len(list_names(folder=cache)) == 3
    assert sorted(p.name for p in (cache / "own").iterdir()) == ["names.lock", "names.sqlite"]


def test_two_processes_add_without_loss(cache, write):
    code = "import sys; from pathlib import Path; from geomap.gazetteer import add_names; "
    code += "add_names(sys.argv[1], folder=Path(sys.argv[2]))"
    paths = [write(row(name=f"Camp {word}"), f"{word}.csv") for word in ("Alder", "Birch", "Cedar")]
    runs = [subprocess.Popen([sys.executable, "-c", code, path, cache]) for path in paths]
    assert [run.wait(timeout=60) for run in runs] == [0, 0, 0]
    assert {own.name for own in list_names(folder=cache)} == {
        "Camp Alder",
        "Camp Birch",
        "Camp Cedar",
    }


def test_the_users_folder_is_where_the_environment_says(monkeypatch, tmp_path, write):
    monkeypatch.setenv("GEOMAP_CACHE", str(tmp_path / "mine"))
    add_names(write(row()))
    assert (tmp_path / "mine" / "own" / "names.sqlite").is_file()
    assert [own.id for own in list_names()] == ["user:camp-alder"]
    monkeypatch.delenv("GEOMAP_CACHE")
    assert own_module.own_folder().name == "geomap"

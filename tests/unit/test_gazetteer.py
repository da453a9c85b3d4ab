from __future__ import annotations

import json
import logging
import pickle
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from geomap.errors import ArtefactError, GazetteerError
from geomap.gazetteer import Gazetteer, artefact, distance_km
from geomap.gazetteer import index as index_module


@pytest.mark.parametrize(
    ("name", "place_id"),
    [
        ("Kabul", "geonames:1138958"),
        ("kābul", "geonames:1138958"),
        ("کابل", "geonames:1138958"),
        ("Peshawar", "geonames:1168197"),
        ("Islamabad", "geonames:1176615"),
        ("Dushanbe", "geonames:1221874"),
        ("Doha", "geonames:290030"),
        ("Khyber Pakhtunkhwa", "geonames:1168873"),
        ("Tajik", "geonames:1220409"),
        ("the United States", "geonames:6252001"),
        ("U.S.", "geonames:6252001"),
        ("Georgia", "geonames:614540"),
        ("Paris", "geonames:2988507"),
    ],
)
def test_find_puts_the_place_that_news_means_first(gazetteer, name, place_id):
    assert gazetteer.find(name)[0].id == place_id


@pytest.mark.parametrize(
    ("name", "place_id"),
    [
        ("تهران", "geonames:112931"),
        ("اسلام‌آباد", "geonames:1176615"),
        ("اسلام آباد", "geonames:1176615"),
        ("پېښور", "geonames:1168197"),
        ("پشاور", "geonames:1168197"),
        ("القاهرة", "geonames:360630"),
        ("Москва", "geonames:524901"),
        ("Київ", "geonames:703448"),
        ("Кабул", "geonames:1138958"),
        ("Душанбе", "geonames:1221874"),
        ("Αθήνα", "geonames:264371"),
        ("ירושלים", "geonames:281184"),
        ("काबुल", "geonames:1138958"),
        ("नई दिल्ली", "geonames:1261481"),
        ("喀布尔", "geonames:1138958"),
        ("北京", "geonames:1816670"),
        ("東京", "geonames:1850147"),
        ("カブール", "geonames:1138958"),
        ("서울", "geonames:1835848"),
        ("평양", "geonames:1871859"),
        ("İstanbul", "geonames:745044"),
    ],
)
def test_capitals_are_known_in_their_scripts(gazetteer, name, place_id):
    assert gazetteer.find(name)[0].id == place_id


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Mt Sinjar", "Mount Sinjar"),
        ("Mt. Sinjar", "Mount Sinjar"),
        ("Saint Helens", "St Helens"),
        ("Ft Bragg", "Fort Bragg"),
        ("Sault Ste Marie", "Sault Ste. Marie"),
        ("the Ft. Bragg", "Fort Bragg"),
        ("Sta. Cruz", "Santa Cruz"),
        ("Sto Domingo", "Santo Domingo"),
        ("Pt. Moresby", "Port Moresby"),
        ("Pt. Pleasant", "Point Pleasant"),
    ],
)
def test_short_and_full_spellings_find_each_other(gazetteer, name, other):
    found = {place.id for place in gazetteer.find(name, limit=100)}
    assert found & {place.id for place in gazetteer.find(other, limit=100)}


def test_another_spelling_counts_only_when_none_is_spelled_so(gazetteer):
    assert "spelled 'mount sinjar' there" in gazetteer.search("Mt. Sinjar")[0].reasons
    for exact in ("Saint Louis", "St. Louis"):
        assert all("spelled" not in c.reasons[-1] for c in gazetteer.search(exact))
    # Two towns of two spellings stay two.
    assert gazetteer.find("Saint John", country="CA")[0].admin1 == "New Brunswick"


def test_texts_are_matched_in_the_other_spelling(gazetteer):
    names = list(gazetteer.prefixes("mt sinjar and beyond"))
    assert "mt sinjar" in names
    assert {n.place.country for n in gazetteer.named("mt sinjar")} == {"IQ"}
    assert names == sorted(names, key=len)
    assert all(gazetteer.named(name) for name in names)


def test_find_filters(gazetteer):
    assert {p.country for p in gazetteer.find("Paris", country="us")} == {"US"}
    assert gazetteer.find("Kabul", feature="ADM1")[0].feature == "ADM1"
    assert gazetteer.find("Kabul", feature="A")[0].feature.startswith("ADM")
    assert {p.admin1 for p in gazetteer.find("Springfield", admin1="illinois")} == {"Illinois"}
    assert len(gazetteer.find("San Antonio", limit=3)) == 3
    assert gazetteer.find("Kabul", country="XX") == []


@pytest.mark.parametrize("name", ["xqzzwv", "", "   ", "\ud800", "a" * 500, "?!"])
def test_nonsense_finds_nothing(gazetteer, name):
    assert gazetteer.find(name) == []
    assert gazetteer.suggest(name) == ()


def test_a_similar_name_is_found_and_marked(gazetteer):
    best = gazetteer.search("Dushanbee")[0]
    assert best.place.id == "geonames:1221874"
    assert best.score <= 0.5
    assert "no place has that name" in best.reasons[0]
    assert "Dushanbe" in gazetteer.suggest("Dushanbee")


def test_scores_share_one(gazetteer):
    scores = [c.score for c in gazetteer.search("Paris", limit=1000)]
    assert sum(scores) == pytest.approx(1)
    assert scores == sorted(scores, reverse=True)


def test_get_knows_ids(gazetteer):
    place = gazetteer.get("geonames:1168197")
    assert (place.name, place.country, place.admin1) == ("Peshawar", "PK", "Khyber Pakhtunkhwa")
    assert gazetteer.get("geonames:0") is None
    assert gazetteer.country("pk").id == "geonames:1168579"
    assert gazetteer.country("XX") is None


def test_near_measures_and_sorts(gazetteer):
    places = gazetteer.near(34.008, 71.578, radius_km=40)
    gaps = [distance_km(34.008, 71.578, p.lat, p.lon) for p in places]
    assert "geonames:1168197" in {p.id for p in places}
    assert gaps == sorted(gaps)
    assert max(gaps) <= 40
    assert gazetteer.near(34.008, 71.578, radius_km=40, limit=2) == places[:2]


def test_near_crosses_the_antimeridian(gazetteer):
    lons = {p.lon > 0 for p in gazetteer.near(-16.8, 180.0, radius_km=300)}
    assert lons == {True, False}


@pytest.mark.parametrize(("lat", "lon", "radius_km"), [(91, 0, 1), (0, 181, 1), (0, 0, -1)])
def test_near_refuses_what_is_not_on_earth(gazetteer, lat, lon, radius_km):
    with pytest.raises(ValueError, match="not a circle on Earth"):
        gazetteer.near(lat, lon, radius_km=radius_km)


def test_distance_is_great_circle():
    # Kabul to Peshawar; across the antimeridian; from pole to pole.
    assert distance_km(34.528, 69.172, 34.008, 71.578) == pytest.approx(228.6, abs=1)
    assert distance_km(0, 179, 0, -179) == pytest.approx(222.4, abs=0.5)
    assert distance_km(90, 0, -90, 0) == pytest.approx(20015, abs=1)


@pytest.mark.parametrize(
    ("lat", "lon", "country", "admin1", "nearest"),
    [
        (34.01, 71.58, "Pakistan", "Khyber Pakhtunkhwa", "Peshawar"),
        (34.5, 69.2, "Afghanistan", "Kabul", None),
        (45.0, 34.0, "Ukraine", "Crimea", None),
        (1.29, 103.85, "Singapore", None, "Singapore"),
        (-90.0, 12.0, "Antarctica", None, None),
        (65.7, -180.0, "Russia", "Chukotka", None),
        (65.7, 180.0, "Russia", "Chukotka", None),
    ],
)
def test_locate_says_what_lies_at_a_point(gazetteer, lat, lon, country, admin1, nearest):
    location = gazetteer.locate(lat, lon)
    assert location.country.name == country
    assert admin1 in (None, location.admin1 and location.admin1.name)
    assert nearest in (None, location.nearest.name)
    place = location.nearest
    assert location.distance_km == pytest.approx(distance_km(lat, lon, place.lat, place.lon))


def test_locate_falls_back_on_a_town_of_the_coast(gazetteer):
    # Towns just outside their country's simplified outline.
    beach = gazetteer.find("Gwadar", country="PK")[0]
    location = gazetteer.locate(beach.lat - 0.15, beach.lon)
    assert location.country.id == "geonames:1168579"
    assert location.admin1.name == "Balochistan"


def test_locate_knows_no_country_at_sea(gazetteer):
    location = gazetteer.locate(0.0, -30.0)
    assert (location.country, location.admin1) == (None, None)
    assert location.distance_km > 300
    assert location.nearest.feature.startswith("PPL")


@pytest.mark.parametrize(("lat", "lon"), [(90.1, 0), (0, 180.1), (float("nan"), 0)])
def test_locate_refuses_what_is_not_on_earth(gazetteer, lat, lon):
    with pytest.raises(ValueError, match="not a point on Earth"):
        gazetteer.locate(lat, lon)


FIJI = {
    "short way": [(177, -20), (-178, -20), (-178, -15), (177, -15)],
    "beyond 180": [(177, -20), (182, -20), (182, -15), (177, -15)],
    "beyond -180": [(-183, -20), (-178, -20), (-178, -15), (-183, -15)],
    "five corners": [(177, -20), (180, -21), (-178, -20), (-178, -15), (177, -15)],
}


@pytest.mark.parametrize("drawn", FIJI)
def test_within_crosses_the_antimeridian(gazetteer, drawn):
    import shapely

    found = gazetteer.within(shapely.Polygon(FIJI[drawn]))
    boxes = shapely.union_all([shapely.box(177, -20, 180, -15), shapely.box(-180, -20, -178, -15)])
    assert {p.name for p in found} >= {"Suva", "Fiji"}
    assert {p.country for p in found} <= {"FJ", None}
    assert {p.id for p in gazetteer.within(boxes)} <= {p.id for p in found}
    assert [p.population for p in found] == sorted((p.population for p in found), reverse=True)


def test_within_takes_wide_rectangles_as_they_are_drawn(gazetteer):
    import shapely

    names = {p.name for p in gazetteer.within(shapely.box(-178, -18.2, 177, -18.1))}
    assert "Suva" not in names
    assert names


def test_within_holds_a_pole(gazetteer):
    import shapely

    ring = shapely.Polygon([(0, 77), (90, 77), (180, 77), (-90, 77)])
    assert {"Longyearbyen"} <= {p.name for p in gazetteer.within(ring)}
    assert all(p.lat >= 77 for p in gazetteer.within(ring))
    southern = shapely.Polygon([(0, -70), (-90, -70), (180, -70), (90, -70)])
    assert all(p.lat <= -70 for p in gazetteer.within(southern))
    assert gazetteer.within(southern)


def test_within_leaves_holes_out(gazetteer):
    import shapely

    around = shapely.box(69, 34, 70, 35)
    hole = shapely.box(69.1, 34.4, 69.4, 34.7)
    names = {p.name for p in gazetteer.within(around.difference(hole))}
    assert "Kabul" in {p.name for p in gazetteer.within(hole) if p.feature == "PPLC"}
    assert "geonames:1138958" not in {p.id for p in gazetteer.within(around.difference(hole))}
    assert names


def test_within_takes_any_geometry(gazetteer):
    import shapely

    kabul = gazetteer.get("geonames:1138958")
    point = shapely.Point(kabul.lon, kabul.lat)
    assert gazetteer.within(point)[0] == kabul
    collection = shapely.GeometryCollection([point, shapely.LineString([(0, 0), (0, 0.001)])])
    assert gazetteer.within(collection) == gazetteer.within(point)
    assert gazetteer.within(shapely.Polygon()) == []
    bow = shapely.Polygon([(69, 34), (70, 35), (70, 34), (69, 35)])
    assert gazetteer.within(bow)


@pytest.mark.parametrize(
    ("coordinates", "reason"),
    [
        ([(0, 0), (1, 91), (2, 0)], "latitude"),
        ([(0, 0), (1e9, 1), (2, 0)], "longitude"),
    ],
)
def test_within_refuses_what_is_not_on_earth(gazetteer, coordinates, reason):
    import shapely

    with pytest.raises(ValueError, match=reason):
        gazetteer.within(shapely.Polygon(coordinates))
    with pytest.raises(ValueError, match="not a number"):
        gazetteer.within(shapely.Point(float("inf"), 1))


def test_within_refuses_what_is_no_geometry(gazetteer):
    with pytest.raises(TypeError, match="a shapely geometry is needed, not tuple"):
        gazetteer.within((0, 0, 1, 1))


def test_cities_puts_capitals_first(gazetteer):
    names = [p.name for p in gazetteer.cities(60, 24, 77, 38, limit=5)]
    assert {"Kabul", "Islamabad"} <= set(names[:3])


def test_labels_are_in_the_readers_language(gazetteer):
    province = gazetteer.get("geonames:1168873")
    assert gazetteer.label(province, "ru") == "Хайбер-Пахтунхва"
    assert {n.language for n in gazetteer.names(province, "fa")} == {"fa"}
    names = gazetteer.names(province)
    assert names[0].text == province.name
    assert len({(n.text, n.language) for n in names}) == len(names)
    kabul = gazetteer.find("Kabul")[0]
    assert gazetteer.names(kabul, "tlh") == []
    assert gazetteer.label(kabul, "tlh") == "Kabul"


def test_geometry_holds_its_capital(gazetteer):
    from shapely.geometry import Point

    afghanistan = gazetteer.country("AF")
    shape = gazetteer.geometry(afghanistan)
    assert shape.is_valid
    assert shape.contains(Point(69.17, 34.53))
    assert gazetteer.geometry(gazetteer.find("Peshawar")[0]) is None
    assert len(gazetteer.shapes("country")) > 200


def test_info_and_verify(gazetteer):
    info = gazetteer.info()
    assert info["places"] >= 290_000
    assert gazetteer.verify() == []


def test_it_travels_to_another_process(gazetteer):
    travelled = pickle.loads(pickle.dumps(gazetteer))  # noqa: S301 - as worker processes do
    assert travelled.find("Kabul") == gazetteer.find("Kabul")


@pytest.fixture
def copied(gazetteer, tmp_path):
    """A cache folder of its own, with a good index in it."""
    source = Path(gazetteer.info()["index"])
    shutil.copytree(source, tmp_path / source.name)
    return tmp_path / source.name


@pytest.fixture
def quick_build(monkeypatch, gazetteer):
    """Stand a copy of a good index in for the long build."""
    source = Path(gazetteer.info()["index"])
    built = []

    def build(_root, target, _progress):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)
        built.append(target)

    monkeypatch.setattr(index_module, "_build", build)
    return built


@pytest.mark.parametrize("name", ["places.sqlite", "names.marisa", "meta.json"])
@pytest.mark.parametrize("damage", ["truncated", "emptied", "missing", "overwritten"])
def test_a_damaged_index_is_built_again(copied, quick_build, caplog, name, damage):
    path = copied / name
    data = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        half, zeros = data[: len(data) // 2], b"\0" * len(data)
        kept = {"truncated": half, "emptied": b"", "overwritten": zeros}
        path.write_bytes(kept[damage])
    with caplog.at_level(logging.WARNING):
        assert Gazetteer(copied.parent).find("Kabul")[0].feature == "PPLC"
    assert quick_build == [copied]
    assert len([r for r in caplog.records if "building it again" in r.getMessage()]) == 1


def test_damage_found_while_reading_is_mended(copied, quick_build, caplog):
    gazetteer = Gazetteer(copied.parent)
    database = copied / "places.sqlite"
    size = database.stat().st_size
    with database.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * (size - 16384))
    assert gazetteer.find("Kabul")[0].feature == "PPLC"
    assert quick_build == [copied]
    assert "building it again" in caplog.text


def test_an_unwritable_cache_is_one_line(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(GazetteerError, match="GEOMAP_CACHE") as caught:
        Gazetteer(blocked / "cache")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "error", [sqlite3.OperationalError("database or disk is full"), OSError(28, "No space left")]
)
def test_a_full_disk_is_one_line(small_artefact, monkeypatch, error):
    def full(*_):
        raise error

    monkeypatch.setattr(index_module, "_write_database", full)
    with pytest.raises(GazetteerError, match=r"cannot be written \(.*GEOMAP_CACHE"):
        Gazetteer(small_artefact)
    assert [p.suffix for p in small_artefact.iterdir()] == [".lock"]


def test_what_a_killed_build_left_is_swept_up(small_artefact):
    Gazetteer(small_artefact)
    (built,) = [p for p in small_artefact.iterdir() if p.is_dir()]
    left = built.with_name(f"{built.name}.building-abc123")
    built.rename(left)
    assert Gazetteer(small_artefact).find("Alpha")
    assert not left.exists()


def test_verify_says_what_to_do(small_artefact):
    index = index_module.open_index(Path(Gazetteer(small_artefact).info()["index"]))
    lines = "\n".join(index.database.iterdump())
    damaged = sqlite3.connect(":memory:")
    damaged.executescript(f"{lines}\nDELETE FROM posting WHERE place = 1;")
    (problem,) = index_module.index_problems(index._replace(database=damaged))
    damaged.close()
    assert "built again" in problem


def test_the_cache_folder_may_start_with_a_tilde(monkeypatch):
    monkeypatch.setenv("GEOMAP_CACHE", "~/somewhere")
    assert index_module.cache_folder() == Path.home() / "somewhere"


def test_a_damaged_artefact_is_refused(tmp_path, monkeypatch):
    for name in (artefact.PLACES, artefact.NAMES, artefact.SHAPES, "SHA256SUMS"):
        shutil.copy(artefact.artefact_path(name), tmp_path / name)
    monkeypatch.setattr(artefact, "_data_folder", lambda: tmp_path)
    artefact.check_artefact(artefact.PLACES, artefact.NAMES, artefact.SHAPES)
    data = (tmp_path / artefact.NAMES).read_bytes()
    (tmp_path / artefact.NAMES).write_bytes(data[:-1] + b"!")
    with pytest.raises(ArtefactError, match=r"names\.parquet.*damaged.*install geomap again"):
        Gazetteer(tmp_path / "cache")
    (tmp_path / artefact.NAMES).unlink()
    with pytest.raises(ArtefactError, match="missing"):
        Gazetteer(tmp_path / "cache")


SMALL = {
    "places": [
        ("geonames:1", "Alpha", "PPLC", "P", "AA", "01", None, 1.0, 2.0, 500),
        ("geonames:2", "Beta", "ADM1", "A", "AA", "01", None, 1.1, 2.1, 900),
    ],
    "names": [(0, "Alpha", "c"), (0, "Alpha", "a"), (0, "Álpha", "a"), (1, "Beta", "c")],
}


@pytest.fixture
def small_artefact(tmp_path, monkeypatch):
    import hashlib

    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = [
        "id",
        "name",
        "feature",
        "cls",
        "country",
        "admin1",
        "admin2",
        "lat",
        "lon",
        "population",
    ]
    folder = tmp_path / "data"
    folder.mkdir()
    rows = [dict(zip(columns, row, strict=True)) for row in SMALL["places"]]
    names = [
        dict(zip(("place", "name", "kind"), row, strict=True)) | {"lang": None}
        for row in SMALL["names"]
    ]
    pq.write_table(pa.Table.from_pylist(rows), folder / "places.parquet")
    pq.write_table(pa.Table.from_pylist(names), folder / "names.parquet")
    sums = "".join(
        f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
        for name in ("places.parquet", "names.parquet")
    )
    (folder / "SHA256SUMS").write_text(sums)
    monkeypatch.setattr(artefact, "_data_folder", lambda: folder)
    return tmp_path / "cache"


def test_the_index_is_built_whole(small_artefact):
    steps = []
    gazetteer = Gazetteer(small_artefact, progress=lambda step, share: steps.append((step, share)))
    assert [p.id for p in gazetteer.find("ALPHA")] == ["geonames:1"]
    assert gazetteer.find("Alpha")[0].admin1 == "Beta"
    shares = [share for _, share in steps]
    assert shares == sorted(shares)
    assert steps[-1] == ("done", 1.0)
    assert sorted(p.name.partition(".")[2] for p in small_artefact.iterdir()) == ["", "lock"]


def test_an_index_of_a_dump_adds_what_the_embedded_one_lacks(small_artefact, monkeypatch):
    small = Gazetteer(small_artefact)
    folder = Path(small.info()["index"])
    monkeypatch.undo()
    both = Gazetteer(own=False, indexes=[folder])
    assert both.get("geonames:1").admin1 == "Beta"
    assert "geonames:2" in {p.id for p in both.find("Beta", limit=100)}
    assert both.find("Kabul")[0].id == "geonames:1138958"
    assert both.info()["dump places"] == 2
    assert both.verify() == []
    travelled = pickle.loads(pickle.dumps(both))  # noqa: S301 - as worker processes do
    assert travelled.get("geonames:1") == both.get("geonames:1")


def test_an_index_that_is_none_is_one_line(tmp_path):
    with pytest.raises(GazetteerError, match="build the index first"):
        Gazetteer(indexes=[tmp_path / "none"])
    with pytest.raises(GazetteerError, match="damaged") as caught:
        Gazetteer(indexes=[tmp_path])
    assert "\n" not in str(caught.value)


def test_an_interrupted_build_leaves_nothing(small_artefact, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(index_module, "_write_database", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Gazetteer(small_artefact)
    assert [p.suffix for p in small_artefact.iterdir()] == [".lock"]


def test_processes_that_start_together_build_once(gazetteer):
    # Both wait for one lock and then open the one index.
    code = "from geomap.gazetteer import Gazetteer; print(Gazetteer().info()['names'])"
    runs = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    outputs = {run.communicate(timeout=120)[0].strip() for run in runs}
    assert outputs == {str(gazetteer.info()["names"])}


def test_the_samples_are_recorded(gazetteer):
    folder = Path(gazetteer.info()["index"])
    meta = json.loads((folder / "meta.json").read_text())
    assert set(meta["samples"]) == {"places.sqlite", "names.marisa"}
    with sqlite3.connect(folder / "places.sqlite") as database:
        assert database.execute("PRAGMA quick_check").fetchone() == ("ok",)

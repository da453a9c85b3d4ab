from __future__ import annotations

import json
import sqlite3
import threading
from dataclasses import replace
from datetime import date

import pytest
import shapely

from geomap.errors import (
    EventNotFoundError,
    InputError,
    PlaceNotFoundError,
    StoreBusyError,
    StoreError,
)
from geomap.model import Area, Article, Place, Reading
from geomap.query import Query
from geomap.records import EVENT_COLUMNS
from geomap.store import Store, opening, provenance, schema
from geomap.store.base import Provenance
from geomap.store.codec import decode, encode
from geomap.store.frame import check_frame

HOSTILE = [
    "'; DROP TABLE events; --",
    "x\"y'z",
    "{{ 7*191 }} ${X()} <script>",
    "nul \x00 and half \ud800 a letter",
    "=HYPERLINK(1)",
    "%s %(x)s ? :name",
]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "incidents.gpkg"


@pytest.fixture(params=["geopackage", "postgis"])
def where(request):
    """Return where a store of each kind shall be."""
    if request.param == "geopackage":
        return request.getfixturevalue("tmp_path") / "incidents.gpkg"
    return request.getfixturevalue("server").address()


@pytest.fixture
def store(where, gazetteer):
    with Store(where, gazetteer=gazetteer) as opened:
        yield opened


def ids(frame) -> list[str]:
    return sorted(frame["article_id"])


def test_adding_twice_adds_nothing(store, reading_of):
    readings = [reading_of("a"), reading_of("b")]
    assert (store.add(readings).added, store.add(readings).unchanged) == (2, 2)
    assert len(store.events()) == 2
    assert store.info()["articles"] == 2


def test_one_reading_may_be_added_by_itself(store, reading_of):
    assert store.add(reading_of()).events == 1


def test_a_store_takes_readings_only(store):
    with pytest.raises(InputError, match="takes readings, not str"):
        store.add(["text"])


def test_another_text_is_a_new_version_and_the_old_one_is_kept(store, reading_of):
    old = reading_of("a", told=[("Bannu", 32.99, 70.6), ("Tank", 32.2, 70.4)])
    new = reading_of("a", text="Gunmen attacked Bannu again.")
    store.add(old)
    report = store.add(new)
    assert (report.replaced, report.events, report.removed) == (1, 1, 2)
    assert len(store.events()) == 1
    assert list(store.readings()) == [new]
    assert store.versions("a") == [old]
    # The geometry that no event lies at any more is gone.
    assert store.info()["site_points"] == 1


def test_another_day_is_a_new_version_too(store, reading_of):
    store.add(reading_of("a", published=date(2023, 1, 1)))
    assert store.add(reading_of("a", published=date(2023, 1, 2))).replaced == 1


def test_the_same_article_twice_in_one_addition(store, reading_of):
    report = store.add([reading_of("a"), reading_of("a"), reading_of("a", text="Another text.")])
    assert (report.added, report.unchanged, report.replaced) == (1, 1, 1)


def test_two_events_of_one_id_are_refused_and_nothing_is_written(store, reading_of):
    one, other = reading_of("a"), reading_of("b")
    twin = replace(other, events=(replace(other.events[0], id=one.events[0].id),))
    with pytest.raises(InputError, match="one id"):
        store.add([one, twin])
    assert store.add(one).added == 1


def test_readings_of_real_articles_come_back_as_they_were(store, samples, gazetteer):
    from geomap.articles import read_articles
    from geomap.pipeline import Pipeline

    pipeline = Pipeline(gazetteer)
    readings = [pipeline.read(article) for article in read_articles(samples)]
    store.add(readings)
    assert list(store.readings()) == readings
    assert [a.id for a in store.articles()] == [r.article.id for r in readings]
    frame = store.events()
    check_frame(frame)
    assert sorted(frame.index) == sorted(e.id for r in readings for e in r.events)
    assert {i.id for i in store.incidents()} == set(frame["incident_id"])


def test_a_damaged_reading_is_one_line(reading_of):
    with pytest.raises(StoreError, match="damaged"):
        decode(encode(reading_of())[:-9], "")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_data(store, reading_of, text):
    reading = reading_of(f"id {text}", title=text, source=text, url=text, text=f"Blast {text} end.")
    store.add(reading)
    assert list(store.readings()) == [reading]
    (row,) = store.iter_events(source=(text,))
    clean = text.replace("\x00", "\ufffd").replace("\ud800", "\ufffd")
    assert row["title"] == clean
    assert len(store.events(text=f'"{text}" blast')) == 1
    assert len(store.events(admin1=(text,))) == 0
    assert store.info()["events"] == 1


def test_near_a_name_a_point_and_a_geometry(store, reading_of):
    store.add(reading_of("bannu"))
    store.add(reading_of("kabul", told=[("Kabul", 34.53, 69.17)], country="AF"))
    assert ids(store.events(near="Bannu, PK", radius_km=20)) == ["bannu"]
    assert ids(store.events(near=(34.5, 69.2), radius_km=20)) == ["kabul"]
    assert ids(store.events(near=shapely.box(69, 34, 70, 35), radius_km=1)) == ["kabul"]
    assert ids(store.events(near="Afghanistan", radius_km=0)) == ["kabul"]
    assert ids(store.events(country="AF")) == ["kabul"]


def test_an_unknown_name_is_told_with_what_was_meant(store):
    with pytest.raises(PlaceNotFoundError, match="did you mean") as error:
        store.events(near="Peshawarr")
    assert "Peshawar" in error.value.suggestions


def test_a_box_and_a_disc_cross_the_antimeridian(store, reading_of):
    store.add(reading_of("east", told=[("A", -17.0, 179.9)]))
    store.add(reading_of("west", told=[("B", -17.0, -179.9)]))
    store.add(reading_of("edge", told=[("C", -17.0, 180.0)]))
    assert ids(store.events(bbox=(179, -18, -179, -16))) == ["east", "edge", "west"]
    assert ids(store.events(bbox=(-180, -18, -179, -16))) == ["edge", "west"]
    assert ids(store.events(near=(-17.0, -179.95), radius_km=30)) == ["east", "edge", "west"]
    across = shapely.box(179.5, -18, 180.5, -16)
    assert ids(store.events(within=across)) == ["east", "edge", "west"]


def test_a_province_is_near_a_town_only_if_asked_for(store, reading_of):
    store.add(reading_of("kp", told=[("Khyber Pakhtunkhwa", 34.5, 72.0)], precision="province"))
    near = {"near": (34.0, 71.5), "radius_km": 50}
    assert ids(store.events(**near)) == []
    assert ids(store.events(**near, where="possible")) == ["kp"]
    assert ids(store.events(near=(34.0, 71.5), radius_km=500)) == ["kp"]


def test_an_area_lies_in_its_circle(store, reading_of):
    area = Area(lat=33.0, lon=70.0, radius_km=20)
    store.add(reading_of("north", area=area))
    (row,) = store.iter_events()
    assert (row["lat"], row["lon"], row["radius_km"]) == (33.0, 70.0, 20)
    assert row["geometry"].geom_type == "Polygon"
    assert ids(store.events(near=(33.0, 70.0), radius_km=21)) == ["north"]
    assert ids(store.events(near=(33.0, 70.0), radius_km=15)) == []
    assert ids(store.events(near=(33.0, 70.3), radius_km=15, where="possible")) == ["north"]


@pytest.mark.parametrize("place", [(90.0, 0.0), (-89.95, 10.0), (0.0, 179.99), (89.0, -180.0)])
def test_circles_at_the_ends_of_the_map_stay_on_it(store, reading_of, place):
    lat, lon = place
    store.add(reading_of("far", area=Area(lat=lat, lon=lon, radius_km=300)))
    (row,) = store.iter_events()
    west, south, east, north = row["geometry"].bounds
    assert -180 <= west <= east <= 180
    assert -90 <= south <= north <= 90
    assert row["geometry"].is_valid
    assert ids(store.events(near=place, radius_km=1, where="possible")) == ["far"]


@pytest.mark.parametrize("lat", [float("nan"), float("inf"), 91.0])
def test_a_position_off_the_earth_is_no_geometry(store, reading_of, lat):
    store.add(reading_of("lost", told=[("Nowhere", lat, 10.0)]))
    (row,) = store.iter_events()
    assert row["geometry"] is None
    assert ids(store.events(bbox=(-180, -90, 180, 90), where="possible")) == []


def test_what_is_known_to_its_country_has_no_geometry(store, reading_of):
    store.add(reading_of("pk", precision="country"))
    (row,) = store.iter_events()
    assert (row["geometry"], row["lat"], row["country"]) == (None, None, "PK")


def test_within_a_file(store, reading_of, tmp_path):
    store.add(reading_of("bannu"))
    file = tmp_path / "area.geojson"
    file.write_text(shapely.to_geojson(shapely.box(70, 32, 71, 33)), encoding="utf-8")
    assert ids(store.events(within=file)) == ["bannu"]
    assert ids(store.events(within=str(file), bbox=(0, 0, 1, 1))) == []
    with pytest.raises(InputError, match=r"no file .*nowhere"):
        store.events(within=tmp_path / "nowhere.geojson")
    file.write_text(shapely.to_geojson(shapely.Point(1, 2)), encoding="utf-8")
    with pytest.raises(InputError, match="other shapes"):
        store.events(within=file)
    file.write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read"):
        store.events(within=file)


def test_types_status_confidence_source_and_text(store, reading_of):
    store.add(reading_of("a", kind="battle.clash", status="alleged", confidence=0.5, source="Ünit"))
    store.add(reading_of("b", kind="violence.attack", text="A car bomb went off in the bazaar."))
    assert ids(store.events(types="battle.*")) == ["a"]
    assert ids(store.events(types="violence.attack,battle.clash")) == ["a", "b"]
    assert ids(store.events(types="*")) == ["a", "b"]
    assert ids(store.events(status="alleged")) == ["a"]
    assert ids(store.events(min_confidence=0.6)) == ["b"]
    assert ids(store.events(source="unit")) == ["a"]
    assert ids(store.events(text="BAZAAR bomb")) == ["b"]
    assert ids(store.events(text='"car bomb"')) == ["b"]
    assert ids(store.events(text='"bomb car"')) == []
    assert ids(store.events(text="baz*")) == ["b"]
    assert ids(store.events(admin1="khyber pakhtunkhwa")) == ["a", "b"]


def test_an_unknown_type_is_told_with_what_was_meant(store):
    with pytest.raises(InputError, match=r"violence\.\*"):
        store.events(types="violance.*")


def test_an_unknown_filter_is_told(store):
    with pytest.raises(InputError, match="nearby"):
        store.events(nearby="Kabul")


def test_options_narrow_a_query(store, reading_of):
    store.add([reading_of("a"), reading_of("b", country="AF")])
    assert ids(store.events(Query(types="violence.*"), country="AF")) == ["b"]


def test_dates_overlap_lie_within_or_are_unknown(store, reading_of):
    store.add(reading_of("day", day=date(2023, 3, 7)))
    store.add(reading_of("none", day=None))
    month = reading_of("month")
    when = replace(month.events[0].when, first=date(2023, 3, 1), last=date(2023, 3, 31))
    store.add(replace(month, events=(replace(month.events[0], when=when),)))
    open_ = reading_of("open")
    when = replace(open_.events[0].when, first=date(2023, 3, 5), last=None)
    store.add(replace(open_, events=(replace(open_.events[0], when=when),)))
    days = {"since": "2023-03-06", "until": "2023-03-10"}
    assert ids(store.events(**days)) == ["day", "month", "open"]
    assert ids(store.events(**days, dates="within")) == ["day"]
    assert ids(store.events(**days, dates="any")) == ["day", "month", "none", "open"]
    assert ids(store.events(until="2023-03-02")) == ["month"]
    assert ids(store.events(since="2023-03-02", dates="within")) == ["day", "open"]


def test_order_limit_and_page(store, reading_of):
    for number in range(5):
        day = None if number == 4 else date(2023, 1, 1 + number)
        store.add(reading_of(str(number), day=day, confidence=number / 10))
    listed = [list(store.events(order=o)["article_id"]) for o in ("date", "-date", "-confidence")]
    assert listed == [list("01234"), list("32104"), list("43210")]
    assert list(store.events(limit=2, offset=1)["article_id"]) == ["1", "2"]
    assert list(store.events(offset=3)["article_id"]) == ["3", "4"]
    assert store.count(limit=1) == 5


def test_counts(store, reading_of):
    store.add([reading_of("a"), reading_of("b"), reading_of("c", day=None, country="AF")])
    counts = store.counts()
    assert list(counts.columns) == ["type", "admin1", "month", "events"]
    assert counts["events"].sum() == 3
    by = store.counts(by=("group", "country", "year"))
    assert list(by["country"]) == ["AF", "PK"]
    assert list(by["year"].fillna("none")) == ["none", "2023"]
    assert list(by["events"]) == [1, 2]
    with pytest.raises(InputError, match="drop"):
        store.counts(by="drop")


def test_an_empty_store_gives_empty_frames(store):
    frame = store.events()
    check_frame(frame)
    assert len(frame) == 0
    assert store.incidents() == []
    assert store.counts().empty


def test_the_frame_has_its_types(store, reading_of):
    store.add([reading_of("a", published=date(1066, 1, 3)), reading_of("b", day=None)])
    frame = store.events()
    check_frame(frame)
    assert frame.loc[frame["article_id"] == "a", "published"].item().year == 1066
    assert frame["title"].dtype == object
    assert frame["title"].isna().all()
    assert frame.crs.to_epsg() == 4326
    with pytest.raises(InputError, match="no column type"):
        check_frame(frame.drop(columns="type"))
    with pytest.raises(InputError, match="EPSG"):
        check_frame(frame.to_crs(3857))


def test_the_sql_can_be_seen_and_carries_no_value(store):
    statement, values = store.sql(country="PK", text="bomb", bbox=(1, 2, 3, 4))
    assert "PK" not in statement
    assert "bomb" not in statement
    assert len(values) == statement.count("?") == 3


def test_incidents_hold_all_accounts_and_explain_shows_them(store, reading_of):
    one = reading_of("a", source="Wire")
    two = reading_of("b", source="Post", country="PK")
    store.add([one, two])
    (incident,) = store.incidents(source="Wire")
    assert {report.article.id for report in incident.reports} == {"a", "b"}
    explained = store.explain(one.events[0].id)
    assert explained.event == one.events[0]
    assert explained.incident == incident
    assert "[ber 0.]" in str(explained)
    assert "known; near" in str(explained)
    assert two.events[0].id in str(explained)


def test_an_unknown_event_is_told(store):
    with pytest.raises(EventNotFoundError, match="no event 'x'"):
        store.explain("x")


def test_a_split_holds_and_can_be_undone(store, reading_of):
    readings = [reading_of(name) for name in "abc"]
    store.add(readings)
    (incident,) = store.incidents()
    out = readings[0].events[0].id
    store.split(incident.id, out)
    assert sorted(len(i.reports) for i in store.incidents()) == [1, 2]
    store.add(reading_of("d"))
    groups = [{r.article.id for r in i.reports} for i in store.incidents()]
    assert all(not ({"a"} < g and g & {"b", "c"}) for g in groups)
    store.undo_split(out)
    assert len(store.incidents()) == 1
    with pytest.raises(EventNotFoundError, match="never split"):
        store.undo_split(out)


def test_a_wrong_split_is_told(store, reading_of):
    reading = reading_of()
    store.add(reading)
    (incident,) = store.incidents()
    event_id = reading.events[0].id
    with pytest.raises(InputError, match="no other event"):
        store.split(incident.id, event_id)
    with pytest.raises(EventNotFoundError, match="not of"):
        store.split("other", event_id)


def test_grouping_can_wait(where, reading_of):
    with Store(where, group=False) as store:
        store.add([reading_of("a"), reading_of("b")])
        assert store.events()["incident_id"].isna().all()
        assert store.regroup() == 1
        assert store.events()["incident_id"].nunique() == 1


def test_runs_say_what_made_a_reading(store, reading_of):
    store.add(reading_of())
    (run,) = store.runs()
    assert (run.kind, run.articles, run.finished) == ("add", 1, None)
    assert run.provenance == provenance.current()
    assert len(run.provenance.models) == 64


def test_rerun_reads_what_another_version_has_read(store, gazetteer, monkeypatch):
    from geomap.pipeline import Pipeline
    from geomap.store import core

    pipeline = Pipeline(gazetteer)
    text = "A car bomb killed six people in Peshawar on Monday, police said."
    good = pipeline.read(Article(text=text, id="a", published=date(2023, 1, 3)))
    older = Provenance(version="0.0.1", gazetteer="g", models="m")
    with monkeypatch.context() as patch:
        patch.setattr(core, "current", lambda: older)
        store.add(replace(good, events=()))
    report = store.rerun(pipeline)
    assert report.articles == 1
    (change,) = report.changes
    assert change.added == tuple(event.id for event in good.events)
    assert list(store.readings()) == [good]
    assert len(store.events()) == len(good.events)
    assert store.versions("a") == []  # the article is the same
    assert store.rerun(pipeline).articles == 0
    assert store.rerun(pipeline, everything=True).changes == ()


def test_has_knows_an_article_by_its_text(store, reading_of):
    reading = reading_of("a")
    store.add(reading)
    assert store.has(reading.article)
    assert not store.has(replace(reading.article, text="Other."))
    assert not store.has(replace(reading.article, id="b"))


def test_a_closed_store_says_so(where):
    store = Store(where)
    store.close()
    store.close()
    with pytest.raises(ValueError, match="closed"):
        store.events()


def test_a_closed_store_leaves_no_log(path, reading_of):
    with Store(path) as store:
        store.add(reading_of())
    assert not path.with_name("incidents.gpkg-wal").exists()


def test_threads_share_a_store(store, reading_of):
    def work(name):
        for number in range(5):
            store.add(reading_of(f"{name}{number}"))
            store.count()

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.count() == 20


def test_an_iterator_sees_the_store_as_it_was(store, reading_of):
    store.add([reading_of(str(number)) for number in range(3)])
    rows = store.rows()
    first = next(rows)
    store.add(reading_of("later"))
    assert len([first, *rows]) == 3


def test_a_missing_store_is_not_made_to_be_asked(where):
    for _ in range(2):
        with pytest.raises(StoreError, match="no such store"):
            Store(where, create=False)


def test_a_folder_is_no_store(tmp_path):
    with pytest.raises(StoreError, match="is a folder"):
        Store(tmp_path)
    with pytest.raises(StoreError, match="no folder"):
        Store(tmp_path / "nowhere" / "x.gpkg")


def test_strangers_files_are_refused_and_left_alone(path):
    path.write_bytes(b"just some text, long enough to be read as a header of a file" * 20)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="no store of geomap"):
        Store(path)
    assert path.read_bytes() == before


def test_a_foreign_geopackage_and_database_are_refused(path):
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE t (a)")
    database.execute(f"PRAGMA application_id = {0x47504B47}")
    database.close()
    with pytest.raises(StoreError, match="is a GeoPackage, but no store"):
        Store(path)


def test_a_newer_store_is_refused(path):
    Store(path).close()
    database = sqlite3.connect(path)
    database.execute("UPDATE geomap_meta SET value = '99' WHERE key = 'schema'")
    database.commit()
    database.close()
    with pytest.raises(StoreError, match="newer geomap"):
        Store(path)


def test_another_kind_of_store_is_refused():
    with pytest.raises(StoreError, match="mysql"):
        Store("mysql://user:secret@host/db")


def older(path):
    """Make a store say that its tables are of the version before."""
    database = sqlite3.connect(path)
    database.execute("UPDATE geomap_meta SET value = '0' WHERE key = 'schema'")
    database.commit()
    database.close()


def test_an_older_store_is_migrated_with_a_copy_beside_it(path, reading_of, monkeypatch):
    with Store(path) as store:
        store.add(reading_of())
    older(path)

    def add_column(database):
        database.execute("ALTER TABLE articles ADD COLUMN note TEXT")

    monkeypatch.setattr(schema, "MIGRATIONS", {0: add_column})
    with Store(path) as store:
        assert store.count() == 1
        assert store.info()["schema"] == 1
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT note FROM articles").fetchall() == [(None,)]
    database.close()
    database = sqlite3.connect(path.with_name("incidents.gpkg.backup-0"))
    assert database.execute("SELECT count(*) FROM events").fetchone() == (1,)
    database.close()


def test_a_migration_that_fails_changes_nothing(path, reading_of, monkeypatch):
    with Store(path) as store:
        store.add(reading_of())
    older(path)

    def fail(database):
        database.execute("DROP TABLE mentions")
        database.execute("SELECT nonsense")

    monkeypatch.setattr(schema, "MIGRATIONS", {0: fail})
    with pytest.raises(StoreError, match="nonsense"):
        Store(path)
    database = sqlite3.connect(path)
    assert database.execute("SELECT count(*) FROM mentions").fetchone() == (1,)
    database.close()


def test_a_busy_store_says_who_holds_it(path, reading_of):
    with Store(path) as store:
        store.add(reading_of("a"))
        other = opening.connect(path, "rw", 0.1)
        other.execute("BEGIN IMMEDIATE")
        try:
            with Store(path, timeout=0.1) as waiting, pytest.raises(StoreBusyError) as error:
                waiting.add(reading_of("b"))
            told = str(error.value)
            assert "is writing to it" in told
            assert "this process" in told or "another program" in told
        finally:
            other.close()
        assert store.add(reading_of("b")).added == 1


def test_every_row_of_the_frame_is_a_column_of_the_layers(path, reading_of):
    with Store(path) as store:
        store.add(reading_of())
    database = sqlite3.connect(path)
    for layer in ("event_points", "event_areas"):
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({layer})")]
        assert columns[:2] == ["OGC_FID", "geom"]
        assert sorted(columns[2:]) == sorted(EVENT_COLUMNS)
    database.close()


def test_json_columns_hold_json(store, reading_of):
    store.add(reading_of())
    (row,) = store.iter_events()
    assert all(isinstance(json.loads(row[c]), list) for c in ("marks", "actors", "reasons"))


def test_an_event_without_any_place(store):
    reading = Reading(article=Article(text="Nothing."), resolutions=(), events=())
    assert store.add(reading).added == 1
    assert list(store.readings()) == [reading]


def test_a_place_with_nothing_but_coordinates(store, reading_of):
    reading = reading_of("sea", country=None)
    place = reading.events[0].place
    assert isinstance(place.place, Place)
    store.add(reading)
    (row,) = store.iter_events()
    assert row["country"] is None

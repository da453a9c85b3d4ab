"""What is a server's own: addresses, rights, indexes, and who waits for whom."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest
import shapely

from geomap.errors import InputError, StoreBusyError, StoreError
from geomap.model import Area
from geomap.store import Store
from geomap.store.postgis import backend, connection
from geomap.store.postgis.address import parse_address
from geomap.store.words import words


@pytest.fixture
def address(server):
    return server.address()


def schema_of(address):
    return address.partition("schema=")[2]


def mixed(reading_of):
    """Return readings whose events are of all kinds: points, areas, nowhere, hostile words."""
    area = Area(lat=33.0, lon=70.0, radius_km=20)
    return [
        reading_of("point", source="Wire", title="A\ttab, a \\ and\na line"),
        reading_of("other", told=[("Tank", 32.2, 70.4), ("Bannu", 32.99, 70.6)], source="Post"),
        reading_of("area", area=area, kind="battle.clash", status="alleged", day=None),
        reading_of("none", precision="country", country="AF", confidence=0.25),
        reading_of("odd", text="'; DROP TABLE events; -- \\N \x00 \ud800 $1 ? :x %s", source="'\""),
        reading_of(
            "fiji", told=[("Fiji", -17.0, 180.0)], text="Émeute à Müller-Straße, йод हिन्दी."
        ),
    ]


QUERIES = [
    {},
    {"order": "id", "limit": 3, "offset": 1},
    {"order": "-date", "offset": 2},
    {"order": "confidence"},
    {"order": "-confidence"},
    {"bbox": (70, 32, 71, 34), "where": "possible"},
    {"bbox": (179, -18, -179, -16)},
    {"near": (33.0, 70.0), "radius_km": 21},
    {"within": shapely.box(70, 32, 71, 33)},
    {"types": "violence.*", "country": "PK", "status": "asserted"},
    {"source": "wire,post", "min_confidence": 0.5},
    {"admin1": "KHYBER pakhtunkhwa"},
    {"since": "2023-03-01", "until": "2023-03-31", "dates": "any"},
    {"text": "emeute"},
    {"text": '"muller straße"'},
    {"text": "gunm* attacked"},
    {"text": '"attacked gunmen"'},
    {"text": "йод"},
]


def test_both_stores_answer_alike(address, tmp_path, reading_of):
    readings = mixed(reading_of)
    newer = [replace(readings[0], article=replace(readings[0].article, title="New")), readings[1]]
    with Store(tmp_path / "s.gpkg") as file, Store(address) as server:
        for batch in (readings, newer):
            assert file.add(batch) == server.add(batch)
        for query in QUERIES:
            assert list(file.rows(**query)) == list(server.rows(**query)), query
            assert file.count(**query) == server.count(**query)
            assert file.incidents(**query) == server.incidents(**query)
            for by in ("month", ("group", "source", "year"), ("admin1", "day")):
                assert file.counts(by=by, **query).equals(server.counts(by=by, **query))
        assert list(file.readings()) == list(server.readings())
        assert file.versions("point") == server.versions("point") != []
        tables = [dict(store.info(), store=None) for store in (file, server)]
        assert tables[0] == tables[1]


def test_an_export_is_the_same_file(address, tmp_path, reading_of):
    with Store(tmp_path / "s.gpkg") as file, Store(address) as server:
        for store, name in ((file, "a"), (server, "b")):
            store.add(mixed(reading_of))
            for form in ("geojson", "csv"):
                store.export(tmp_path / f"{name}.{form}", order="id")
    for form in ("geojson", "csv"):
        one, other = (tmp_path / f"{name}.{form}" for name in "ab")
        assert one.read_bytes() == other.read_bytes()


def test_words_in_ascii_are_those_of_the_full_text_search():
    text = "It's a U.N.-led car-bomb, 12,5% of_all\t(AK-47)!"
    assert words([text]) == [w[:-1] for w in words([f"{text} é"])]
    assert words(["", "Ünit", "--"]) == [[], ["unit"], []]


def test_the_password_is_in_no_message(server):
    server.sql("DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN PASSWORD 'right'")
    address = server.address(user="guest:wrong-secret")
    with pytest.raises(StoreError, match="the password is wrong") as error:
        Store(address)
    assert "wrong-secret" not in str(error.value)
    assert "wrong-secret" not in repr(parse_address(address))
    assert "\n" not in str(error.value)


def test_a_password_may_come_from_the_environment(server, monkeypatch):
    server.sql("DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN PASSWORD 'right'")
    monkeypatch.setenv("PGPASSWORD", "right")
    with pytest.raises(StoreError, match="may not do that"):
        Store(server.address(user="guest"))


def test_who_may_only_read_is_told_so(server, address, reading_of):
    with Store(address) as store:
        store.add(reading_of())
        list(store.rows())
    schema = schema_of(address)
    server.sql(
        "DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN;"
        f"GRANT USAGE ON SCHEMA {schema} TO reader;"
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO reader"
    )
    try:
        with Store(server.address(schema, user="reader")) as store:
            assert store.count() == 1
            assert len(store.events()) == 1
            with pytest.raises(StoreError, match="write-protected"):
                store.add(reading_of("b"))
    finally:
        server.sql("DROP OWNED BY reader; DROP ROLE reader")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("postgresql://u@127.0.0.1:1/x", "cannot be reached"),
        ("postgresql://u@/x?host=/nowhere", "cannot be reached"),
        ("postgresql://u@h:port/x", "is none"),
        ("postgresql://u@h/x?schema=A%22b", "small letters"),
        ("postgresql://u@h/x?shema=a", "knows no option 'shema'"),
        ("postgresql://u@h/x?sslmode=maybe", "verify-full"),
    ],
)
def test_a_wrong_address_is_one_line(address, told):
    with pytest.raises(StoreError, match=told) as error:
        Store(address)
    assert "\n" not in str(error.value)


def test_an_address_says_what_libpq_reads_in_it(monkeypatch):
    monkeypatch.delenv("PGPASSWORD", raising=False)
    found = parse_address("postgres://a%40b:p%2Fq@[::1]:6000/d%20b?schema=own")
    assert (found.user, found.password, found.host, found.port) == ("a@b", "p/q", "::1", 6000)
    assert (found.database, found.schema, found.sslmode) == ("d b", "own", "prefer")
    assert found.name == "postgresql://a%40b@[::1]:6000/d%20b?schema=own"
    bare = parse_address("postgresql:///news")
    assert (bare.password, bare.host, bare.port, bare.schema) == (None, "localhost", 5432, "geomap")


def test_a_database_that_is_not_fit_is_told(server):
    with pytest.raises(StoreError, match="no such database"):
        Store(server.address(database="nowhere"))
    server.sql("CREATE DATABASE bare TEMPLATE template0")
    with pytest.raises(StoreError, match="CREATE EXTENSION postgis"):
        Store(server.address(database="bare"))
    server.sql("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
    server.sql("CREATE SCHEMA gis; CREATE EXTENSION postgis SCHEMA gis", "latin")
    with pytest.raises(StoreError, match="make one in UTF8"):
        Store(server.address(database="latin"))


def test_postgis_may_live_in_another_schema(server, reading_of):
    server.sql("CREATE DATABASE apart TEMPLATE template0")
    server.sql("CREATE SCHEMA gis; CREATE EXTENSION postgis SCHEMA gis", "apart")
    with Store(server.address(database="apart")) as store:
        store.add(reading_of())
        assert len(store.events(bbox=(70, 32, 71, 33))) == 1


def test_foreign_newer_and_damaged_schemas_are_refused(server, address):
    schema = schema_of(address)
    server.sql(f"CREATE SCHEMA {schema}; CREATE TABLE {schema}.mine (a int)")
    with pytest.raises(StoreError, match="holds other tables"):
        Store(address)
    other = server.address()
    Store(other).close()
    meta = f"{schema_of(other)}.geomap_meta"
    server.sql(f"UPDATE {meta} SET value = '99' WHERE key = 'schema'")
    with pytest.raises(StoreError, match="newer geomap"):
        Store(other)
    server.sql(f"UPDATE {meta} SET value = 'x' WHERE key = 'schema'")
    with pytest.raises(StoreError, match="is damaged"):
        Store(other)


def test_an_older_store_is_migrated_wholly_or_not(server, address, reading_of, monkeypatch):
    with Store(address) as store:
        store.add(reading_of())
    schema = schema_of(address)
    server.sql(f"UPDATE {schema}.geomap_meta SET value = '0' WHERE key = 'schema'")

    def fail(database):
        database.all("DROP TABLE mentions")
        database.all("SELECT nonsense")

    monkeypatch.setattr(backend, "MIGRATIONS", {0: fail})
    with pytest.raises(StoreError, match="nonsense"):
        Store(address)
    assert server.sql(f"SELECT count(*) FROM {schema}.mentions") == "1"
    step = {0: lambda database: database.all("ALTER TABLE articles ADD COLUMN note text")}
    monkeypatch.setattr(backend, "MIGRATIONS", step)
    with Store(address) as store:
        assert store.info()["schema"] == 1
    assert server.sql(f"SELECT note IS NULL FROM {schema}.articles") == "t"


def plan(store, server, address, **query):
    """Return how the server goes about a query, told that going through everything is dear."""
    statement, values = store.sql(**query)
    for value in values:
        literal = "{" + ",".join(map(str, value)) + "}" if isinstance(value, list) else str(value)
        doubled = literal.replace("'", "''")
        statement = statement.replace("?", f"'{doubled}'", 1)
    schema = schema_of(address)
    return server.sql(
        f"SET search_path = {schema}, public; SET enable_seqscan = off; EXPLAIN {statement}"
    )


def test_the_indexes_serve_the_queries(server, address, reading_of):
    with Store(address) as store:
        store.add(reading_of(str(n), told=[(f"P{n}", 32 + n / 50, 70.0)]) for n in range(100))
        server.sql(f"VACUUM ANALYZE {schema_of(address)}.events")
        assert "events_site" in plan(store, server, address, bbox=(69, 32, 71, 32.1))
        assert "events_words" in plan(store, server, address, text="bomb")
        assert "events_days" in plan(store, server, address, since="2023-01-01", dates="within")
        assert "events_kind" in plan(store, server, address, country="AF", types="battle.clash")
    near = (
        "EXPLAIN SELECT id FROM site_points g WHERE g.geom && ST_MakeEnvelope(69, 32, 71, 32.1,"
        " 4326)"
    )
    told = server.sql(
        f"SET search_path = {schema_of(address)}, public; SET enable_seqscan = off; {near}"
    )
    assert "site_points_geom" in told


def test_other_programs_see_dates_and_typed_geometries(server, address, reading_of):
    with Store(address) as store:
        store.add(mixed(reading_of))
    schema = schema_of(address)
    path = f"SET search_path = {schema}, public;"
    kinds = server.sql(
        f"{path} SELECT DISTINCT GeometryType(geom), pg_typeof(date_first) FROM event_points"
    )
    assert kinds == "POINT|date"
    area = f"{path} SELECT GeometryType(geom), ST_SRID(geom), date_first FROM event_areas"
    assert server.sql(area) == "MULTIPOLYGON|4326|"


ADDER = """
import sys
sys.path.insert(0, sys.argv[4])
from conftest import make_reading
from geomap.store import Store
with Store(sys.argv[1], group=False) as store:
    for number in range(int(sys.argv[3])):
        name = f"{sys.argv[2]}{number}"
        store.add([make_reading(name), make_reading(f"shared{number}")])
        print(name, flush=True)
"""


def adder(repository, address, prefix, count, **options):
    environment = {**os.environ, "PYTHONPATH": str(repository)}
    return subprocess.Popen(
        [sys.executable, "-c", ADDER, address, prefix, str(count), str(repository / "tests")],
        env=environment, text=True, **options,
    )  # fmt: skip


def test_three_processes_lose_nothing(address, repository):
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    adders = [adder(repository, address, prefix, 10, **pipes) for prefix in "abc"]
    assert [process.communicate()[1] for process in adders] == ["", "", ""]
    with Store(address, create=False, group=False) as store:
        names = [article.id for article in store.articles()]
        assert len(names) == len(set(names)) == store.count() == 40
        assert store.info()["site_points"] == 1


def test_what_was_acknowledged_outlives_a_kill(address, repository):
    process = adder(repository, address, "k", 10_000, stdout=subprocess.PIPE)
    told = [process.stdout.readline().strip() for _ in range(5)]
    process.send_signal(signal.SIGKILL)
    told += process.stdout.read().split("\n")[:-1]
    process.stdout.close()
    process.wait()
    with Store(address, create=False, group=False) as store:
        kept = {article.id for article in store.articles()}
        assert set(filter(None, told)) <= kept
        assert store.count() == len(kept)


def test_a_busy_store_says_who_holds_it(address, reading_of):
    with Store(address) as store, Store(address, timeout=0.05) as waiting:
        with store._backend._writing():
            with pytest.raises(StoreBusyError, match=rf"geomap \({os.getpid()}\) on the server"):
                waiting.add(reading_of())
            assert waiting.count() == 0  # readers do not wait
        assert waiting.add(reading_of()).added == 1


def test_a_broken_connection_is_told_and_the_next_call_has_another(server, address, reading_of):
    with Store(address) as store:
        store.add(reading_of())
        (own,) = store._backend._idle
        ((process,),) = own.all("SELECT pg_backend_pid()")
        server.sql(f"SELECT pg_terminate_backend({process})")
        with pytest.raises(StoreError, match=r"connection broke|terminating"):
            store.count()
        assert store.count() == 1


def test_a_failed_addition_leaves_nothing_behind(address, reading_of):
    one, other = reading_of("a"), reading_of("b")
    twin = replace(other, events=(replace(other.events[0], id=one.events[0].id),))
    with Store(address) as store:
        with pytest.raises(InputError, match="one id"):
            store.add([one, twin])
        assert store.info()["articles"] == store.info()["site_points"] == 0


def test_ids_and_words_of_any_length(address, reading_of):
    name = "x" * 9000
    with Store(address) as store:
        store.add(
            reading_of(name, source="y" * 9000, text=f"Blast {'z' * 5000} {'w ' * 20_000}end.")
        )
        assert store.add(reading_of("b", published=date(9999, 12, 31))).added == 1
        assert len(store.events(source="y" * 9000)) == 1
        assert len(store.events(text="blast zzz*")) == 1


def test_without_the_driver_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pg8000.exceptions", None)
    with pytest.raises(StoreError, match=re.escape("pip install 'geomap[postgis]'")):
        Store("postgresql://u@h/x")


def test_a_refusal_is_told_even_if_the_goodbye_fails():
    from pg8000.exceptions import DatabaseError, InterfaceError

    def refused():
        try:
            raise DatabaseError({"C": "3D000", "M": 'database "x" does not exist'})
        finally:
            raise InterfaceError("network error") from BrokenPipeError()

    with pytest.raises(StoreError, match="no such database"), connection.guarded("here"):
        refused()


def test_copy_escapes_what_it_would_read_otherwise():
    rows = [("a\tb\\N\n\r", None, 1, 0.5, b"\x00\xff", "plain", "")]
    assert list(connection._chunks(rows)) == [
        b"a\\tb\\\\N\\n\\r\t\\N\t1\t0.5\t\\\\x00ff\tplain\t\n"
    ]

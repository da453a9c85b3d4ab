"""What the store costs beside others: `python bench/store.py [EVENTS ...]`, 10k and 100k if none.

Synthetic events cluster like real ones: a few hot spots, many places with few events. The same
questions are asked of a store in a file, of a store in PostgreSQL, and of four ways to do without:
GeoPandas in memory, a GeoPackage written and read by pyogrio, DuckDB, and PostGIS with one plain
table of events, each where it is installed. Times are medians; ratios are of one run.
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import struct
import sys
import tempfile
import time
import zlib
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import shapely

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from geomap.model import digest
from geomap.records import EVENT_COLUMNS
from geomap.store import Store
from geomap.store.base import ROW_COLUMNS, EventRow, PreparedArticle, Site
from geomap.store.provenance import current

EVENTS_AN_ARTICLE = 4
# Articles in one transaction: some 16,000 events.
BATCH = 4096
ROUNDS = 7
CENTRE = (34.0, 71.5)
RADIUS_M = 50_000
BOX = (71.0, 33.5, 72.0, 34.5)
TYPES = ("battle.clash", "violence.attack", "explosion.bombing", "protest.demonstration")
WORDS = [
    *("gunmen", "police", "soldiers", "attacked", "a", "post", "near", "the", "market", "on"),
    *("Monday", "killing", "at", "least", "six", "people", "and", "wounding", "dozens"),
    *("officials", "said", "in", "district", "after", "days", "of", "fighting", "between"),
    *("rebels", "troops", "who", "had", "moved", "into", "villages", "along", "border", "road"),
]
START = date(2015, 1, 1)


def places_of(chance, number):
    """Return positions around hot spots, a few of which hold most, and how heavy each is."""
    spots = [CENTRE, *((chance.uniform(-35, 60), chance.uniform(-120, 140)) for _ in range(400))]
    weights = [1 / rank for rank in range(1, len(spots) + 1)]
    found = []
    for spot in chance.choices(spots, weights, k=number):
        lat = max(-85.0, min(85.0, chance.gauss(spot[0], 0.7)))
        lon = (chance.gauss(spot[1], 0.7) + 180) % 360 - 180
        found.append((lat, lon))
    return found, [1 / rank for rank in range(1, number + 1)]


def articles(number):
    """Yield prepared articles with `number` events together, the same ones every time."""
    chance = random.Random(number)  # noqa: S311 - the same events every time
    places, weights = places_of(chance, max(100, number // 20))
    sites = [_site(lat, lon) for lat, lon in places]
    noise = [zlib.compress(chance.randbytes(700) + b"x" * 2000) for _ in range(50)]
    drawn = iter(chance.choices(range(len(places)), weights, k=number))
    for article in range(number // EVENTS_AN_ARTICLE):
        told = [next(drawn) for _ in range(EVENTS_AN_ARTICLE)]
        yield PreparedArticle(
            article_id=f"article-{article}",
            digest=f"{article:016x}",
            stamp=f"{article:016x}",
            title=f"What happened, number {article}",
            published="2023-01-03",
            source=f"Outlet {article % 40}",
            source_key=f"outlet {article % 40}",
            url=f"https://example.org/news/{article}",
            language="en",
            text=" ".join(chance.choices(WORDS, k=300)),
            reading=noise[article % len(noise)],
            events=[_event(chance, article, n, p, places[p], sites[p]) for n, p in enumerate(told)],
            mentions=[],
        )


def _site(lat, lon):
    wkb = struct.pack("<BIdd", 1, 1, lon, lat)
    return Site(digest("point", wkb.hex()), "point", wkb, lon, lat, lon, lat)


def _event(chance, article, number, place, position, site):
    lat, lon = position
    day = (START + timedelta(days=chance.randrange(3000))).isoformat()
    record = dict.fromkeys(ROW_COLUMNS) | {
        "event_id": digest(str(article), str(number)),
        "type": chance.choice(TYPES),
        "status": "asserted",
        "date_first": day,
        "date_last": day,
        "date_precision": "day",
        "date_text": "on Monday",
        "date_basis": "relative",
        "place": f"Place {place}",
        "place_id": f"gn:{place}",
        "country": "PK",
        "admin1": "Khyber Pakhtunkhwa",
        "geo_precision": "town",
        "location_basis": "linked",
        "lat": lat,
        "lon": lon,
        "fatalities_low": number,
        "fatalities_best": number,
        "fatalities_high": number,
        "trigger": "attacked",
        "quote": " ".join(chance.choices(WORDS, k=22)),
        "marks": '[{"kind": "text", "text": "Gunmen "}, {"kind": "trigger", "text": "attacked"}]',
        "actors": '[{"text": "Gunmen", "role": "attacker"}]',
        "reasons": '["known to 1,200,000", "near the places around it"]',
        "rejected": "[]",
        "confidence": round(chance.random(), 3),
        "confidence_type": 0.9,
        "confidence_place": 0.8,
        "confidence_status": 0.7,
    }
    values = tuple(record[column] for column in ROW_COLUMNS)
    return EventRow(values=values, admin1_key="khyber pakhtunkhwa", site=site)


class Clock:
    """Collects what each engine takes for each question."""

    def __init__(self):
        self.times, self.answers = {}, {}

    def ask(self, engine, question, work, rounds=ROUNDS):
        """Time some work, after a first time that fills the caches."""
        self.answers[engine, question] = work()
        times = []
        for _ in range(rounds):
            start = time.perf_counter()
            work()
            times.append(time.perf_counter() - start)
        self.times[engine, question] = statistics.median(times)

    def show(self):
        """Print milliseconds, and how often as long as a store in a file each engine takes."""
        questions = list(dict.fromkeys(question for _, question in self.times))
        engines = list(dict.fromkeys(engine for engine, _ in self.times))
        for question in questions:
            own = self.times["store", question]
            cells = [
                f"{engine} {self.times[engine, question] * 1e3:,.1f} ms"
                f" ({self.times[engine, question] / own:.2f}x, {self.answers[engine, question]:,})"
                for engine in engines
                if (engine, question) in self.times
            ]
            print(f"  {question:<22} {'; '.join(cells)}")


def polygons():
    """Return twenty circles and hexagons around the busiest spot."""
    lat, lon = CENTRE
    chance = random.Random(3)  # noqa: S311 - the same ones every time
    middles = [(lon + chance.gauss(0, 0.8), lat + chance.gauss(0, 0.8)) for _ in range(20)]
    return [shapely.Point(middle).buffer(0.2, quad_segs=8) for middle in middles]


def fill(backend, prepared):
    """Write prepared articles in batches; return events a second of wall and of CPU time."""
    run = backend.begin_run("add", current())
    wall, cpu, events, batch = 0.0, 0.0, 0, []

    def flush():
        nonlocal wall, cpu, events
        start, start_cpu = time.perf_counter(), time.process_time()
        events += backend.write(batch, run, anew=False).events
        wall += time.perf_counter() - start
        cpu += time.process_time() - start_cpu
        batch.clear()

    for article in prepared:
        batch.append(article)
        if len(batch) == BATCH:
            flush()
    flush()
    return events / wall, events / cpu


def ask_store(clock, engine, store):
    """Ask a store everything."""
    where = {"bbox": BOX}
    days = {"since": "2018-01-01", "until": "2018-12-31", "types": "violence.attack"}
    clock.ask(engine, "bbox", lambda: store.count(**where))
    clock.ask(engine, "radius 50 km", lambda: store.count(near=CENTRE, radius_km=50))
    clock.ask(engine, "bbox, year and type", lambda: store.count(**where, **days))
    clock.ask(
        engine,
        "20 polygons",
        lambda: sum(store.count(within=polygon) for polygon in polygons()),
        rounds=3,
    )
    clock.ask(engine, "bbox, first 100 rows", lambda: len(list(store.rows(**where, limit=100))))
    clock.ask(
        engine, "bbox, all rows", lambda: len(list(store.rows(**where, order="id"))), rounds=3
    )


def frame_of(store):
    """Return all events as a frame with points, days as texts."""
    rows = list(store.rows(order="id"))
    frame = pd.DataFrame([row[:-1] for row in rows], columns=EVENT_COLUMNS)
    points = shapely.from_wkb([row[-1] for row in rows])
    return geopandas.GeoDataFrame(frame, geometry=points, crs=4326)


def within_days(frame):
    """Return which events of a frame are of the wanted year and type."""
    days = (frame["date_first"] <= "2018-12-31") & (frame["date_last"] >= "2018-01-01")
    return days & (frame["type"] == "violence.attack")


def ask_geopandas(clock, frame):
    """Ask a frame in memory by its STRtree; distances on the ellipsoid, as a store has them."""
    from pyproj import Geod

    geod, tree = Geod(ellps="WGS84"), frame.sindex
    wanted = within_days(frame).to_numpy()
    box, (lat, lon) = shapely.box(*BOX), CENTRE

    def near():
        around = tree.query(shapely.Point(lon, lat).buffer(0.7))
        points = frame.geometry.iloc[around]
        full = np.full(len(around), lon), np.full(len(around), lat)
        _, _, metres = geod.inv(*full, points.x.to_numpy(), points.y.to_numpy())
        return int((metres <= RADIUS_M).sum())

    engine = "geopandas"
    clock.ask(engine, "bbox", lambda: len(tree.query(box, predicate="intersects")))
    clock.ask(engine, "radius 50 km", near)
    clock.ask(
        engine,
        "bbox, year and type",
        lambda: int(wanted[tree.query(box, predicate="intersects")].sum()),
    )
    clock.ask(
        engine,
        "20 polygons",
        lambda: tree.query(polygons(), predicate="intersects").shape[1],
        rounds=3,
    )


def ask_pyogrio(clock, path):
    """Ask the GeoPackage that pyogrio wrote."""
    import pyogrio

    def read(**options):
        columns = ["event_id", "date_first", "date_last", "type"]
        return pyogrio.read_dataframe(path, layer="events", columns=columns, **options)

    def joined():
        found = 0
        for polygon in polygons():
            found += len(read(mask=polygon))
        return found

    days = "type = 'violence.attack' AND date_first <= '2018-12-31' AND date_last >= '2018-01-01'"
    clock.ask("pyogrio", "bbox", lambda: len(read(bbox=BOX)), rounds=3)
    clock.ask("pyogrio", "bbox, year and type", lambda: len(read(bbox=BOX, where=days)), rounds=3)
    clock.ask("pyogrio", "20 polygons", joined, rounds=1)
    clock.ask(
        "pyogrio",
        "bbox, all rows",
        lambda: len(pyogrio.read_dataframe(path, layer="events", bbox=BOX)),
        rounds=3,
    )


def ask_duckdb(clock, frame):
    """Ask DuckDB, without its spatial extension, which is no part of the package."""
    import duckdb

    plain = pd.DataFrame(frame.drop(columns="geometry"))  # noqa: F841 - DuckDB finds it by name
    west, south, east, north = BOX
    lat, lon = CENTRE
    with duckdb.connect() as database:
        database.execute("CREATE TABLE events AS SELECT * FROM plain")
        box = f"lon BETWEEN {west} AND {east} AND lat BETWEEN {south} AND {north}"
        disc = (
            f"2 * 6371.0088 * asin(sqrt(pow(sin(radians(lat - {lat}) / 2), 2) + cos(radians(lat))"
            f" * cos(radians({lat})) * pow(sin(radians(lon - {lon}) / 2), 2))) <= 50"
        )
        days = (
            "type = 'violence.attack' AND date_first <= '2018-12-31' AND date_last >= '2018-01-01'"
        )

        def count(condition):
            sql = f"SELECT count(*) FROM events WHERE {condition}"  # noqa: S608 - our own
            return database.execute(sql).fetchone()[0]

        clock.ask("duckdb", "bbox", lambda: count(box))
        clock.ask("duckdb", "radius 50 km", lambda: count(disc))
        clock.ask("duckdb", "bbox, year and type", lambda: count(f"{box} AND {days}"))


def ask_postgis(clock, database):
    """Ask PostGIS for a plain table of events with a GiST index, as one makes it by hand."""
    west, south, east, north = BOX
    lat, lon = CENTRE
    point = f"ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326)"
    box = f"ST_Intersects(geom, ST_MakeEnvelope({west}, {south}, {east}, {north}, 4326))"
    disc = f"ST_DWithin(geog, {point}::geography, 50000)"
    days = "type = 'violence.attack' AND date_first <= '2018-12-31' AND date_last >= '2018-01-01'"

    def count(condition, *values):
        sql = f"SELECT count(*) FROM plain WHERE {condition}"  # noqa: S608 - our own
        return database.all(sql, values)[0][0]

    def joined():
        shapes = [polygon.wkb_hex for polygon in polygons()]
        inside = "ST_Intersects(geom, ST_SetSRID(?::geometry, 4326))"
        return sum(count(inside, shape) for shape in shapes)

    engine = "plain postgis"
    clock.ask(engine, "bbox", lambda: count(box))
    clock.ask(engine, "radius 50 km", lambda: count(disc))
    clock.ask(engine, "bbox, year and type", lambda: count(f"{box} AND {days}"))
    clock.ask(engine, "20 polygons", joined, rounds=3)
    columns = ", ".join(f'"{column}"' for column in EVENT_COLUMNS)
    sql = f"SELECT {columns}, ST_AsBinary(geom) FROM plain WHERE {box}"  # noqa: S608 - our own
    first = f"{sql} ORDER BY date_first, event_id LIMIT 100"
    clock.ask(engine, "bbox, first 100 rows", lambda: len(database.all(first)))
    clock.ask(engine, "bbox, all rows", lambda: len(database.all(sql)), rounds=3)


def make_plain(database, frame):
    """Fill one plain table of events."""
    numbers = frame.select_dtypes("number").columns
    columns = ", ".join(f'"{c}" {"float8" if c in numbers else "text"}' for c in EVENT_COLUMNS)
    database.all(f"CREATE TABLE plain ({columns}, geom geometry(Point, 4326))")
    names = ", ".join(f'"{column}"' for column in EVENT_COLUMNS)
    points = shapely.to_wkb(shapely.set_srid(frame.geometry.to_numpy(), 4326), include_srid=True)
    plain = frame.drop(columns="geometry").astype(object)
    plain = plain.where(plain.notna(), None)
    rows = zip(plain.itertuples(index=False), points, strict=True)
    database.copy("plain", f"{names}, geom", ((*row, wkb.hex()) for row, wkb in rows))
    database.all("ALTER TABLE plain ADD COLUMN geog geography(Point, 4326)")
    database.all("UPDATE plain SET geog = geom::geography")
    database.all("CREATE INDEX ON plain USING gist (geom)")
    database.all("CREATE INDEX ON plain USING gist (geog)")
    database.all("VACUUM ANALYZE plain")


@contextmanager
def a_server():
    """Give the tests' PostgreSQL server, or None where there is none."""
    import pytest
    from server import running

    try:
        context = running()
        server = context.__enter__()
    except pytest.skip.Exception as missing:
        print(f"  without PostGIS: {missing}")
        yield None
        return
    try:
        yield server
    finally:
        context.__exit__(None, None, None)


def write_pyogrio(store, frame, path):
    """Write what a store holds as two plain layers, events and articles, and time it."""
    import pyogrio

    start = time.perf_counter()
    pyogrio.write_dataframe(frame, path, layer="events", driver="GPKG")
    took = time.perf_counter() - start
    readings = ((r.article_id, r.text, r.reading.hex()) for r in store._backend.readings())
    articles_frame = pd.DataFrame(readings, columns=["article_id", "text", "reading"])
    # As bytes it would have half the size, but pyogrio writes no binary columns.
    articles_frame["reading"] = articles_frame["reading"].str[::2]
    pyogrio.write_dataframe(articles_frame, path, layer="articles", driver="GPKG")
    return len(frame) / took


def measure(number, folder):
    """Measure everything for one number of events."""
    clock, path = Clock(), folder / "s.gpkg"
    print(f"{number:,} events")
    with Store(path, group=False) as store:
        wall, cpu = fill(store._backend, articles(number))
    print(f"  store: {wall:,.0f} events/s loaded, {cpu:,.0f} a CPU-second")
    start = time.perf_counter()
    with Store(path, group=False) as store:
        print(f"  store: opened in {(time.perf_counter() - start) * 1e3:.1f} ms")
        ask_store(clock, "store", store)
        frame = frame_of(store)
        other = folder / "pyogrio.gpkg"
        rate = write_pyogrio(store, frame, other)
    sizes = [file.stat().st_size / 1e6 for file in (path, other)]
    print(f"  pyogrio: {rate:,.0f} events/s written without articles, words and sites")
    print(
        f"  size: store {sizes[0]:,.0f} MB, pyogrio {sizes[1]:,.0f} MB: {sizes[0] / sizes[1]:.2f}x"
    )
    ask_geopandas(clock, frame)
    ask_pyogrio(clock, other)
    with suppress(ImportError):
        ask_duckdb(clock, frame)
    with a_server() as server:
        if server is not None:
            with Store(server.address(), group=False) as store:
                wall, cpu = fill(store._backend, articles(number))
                print(
                    f"  store in PostgreSQL: {wall:,.0f} events/s loaded, {cpu:,.0f} a CPU-second"
                )
                with store._backend._connection() as database:
                    database.all("VACUUM ANALYZE")
                    ask_store(clock, "store in postgresql", store)
                    make_plain(database, frame)
                    ask_postgis(clock, database)
    clock.show()


def main():
    for number in [int(word.replace("_", "")) for word in sys.argv[1:]] or [10_000, 100_000]:
        folder = Path(tempfile.mkdtemp(dir=os.environ.get("GEOMAP_BENCH")))
        try:
            measure(number, folder)
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()

"""A store gives back what it was given, and finds what a look at every event finds."""

from __future__ import annotations

import random
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geomap.incidents import group
from geomap.model import (
    Actor,
    Area,
    Article,
    Candidate,
    Casualties,
    Event,
    FieldConfidence,
    Mention,
    Place,
    Reading,
    Relation,
    Resolution,
    Span,
    Ties,
    When,
)
from geomap.store import Store
from geomap.store.codec import decode, encode, storable
from geomap.store.grouping import Blocks

TEXT = st.text(max_size=12)
MAYBE_TEXT = st.none() | TEXT
SCORES = st.floats(0, 1)
DAYS = st.none() | st.dates()
SPANS = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(
    lambda pair: Span(start=min(pair), end=max(pair))
)
PLACES = st.builds(
    Place,
    id=TEXT,
    name=TEXT,
    feature=TEXT,
    country=MAYBE_TEXT,
    admin1=MAYBE_TEXT,
    admin2=MAYBE_TEXT,
    lat=st.floats(allow_nan=False),
    lon=st.floats(allow_nan=False),
    population=st.integers(0, 10**9),
)
RESOLUTIONS = st.builds(
    Resolution,
    mention=st.builds(
        Mention,
        span=SPANS,
        text=TEXT,
        kind=st.sampled_from(["place", "demonym", "relative"]),
        relation=st.none()
        | st.builds(
            Relation, bearing=MAYBE_TEXT, distance_km=st.none() | st.floats(0, 100), of=TEXT
        ),
        score=SCORES,
    ),
    candidates=st.lists(
        st.builds(
            Candidate, place=PLACES, score=SCORES, reasons=st.lists(TEXT, max_size=2).map(tuple)
        ),
        max_size=2,
    ).map(tuple),
    accepted=st.booleans(),
)
WHENS = st.builds(
    When,
    first=DAYS,
    last=DAYS,
    text=TEXT,
    precision=st.sampled_from(["day", "week", "month", "year", "unknown"]),
    basis=st.sampled_from(["explicit", "relative", "publication"]),
    span=st.none() | SPANS,
)


def events(places):
    return st.builds(
        Event,
        id=st.uuids().map(str),
        type=st.sampled_from(["battle.clash", "violence.attack", "odd"]),
        trigger=SPANS,
        evidence=st.lists(SPANS, min_size=1, max_size=2).map(tuple),
        place=st.none() | places,
        location_basis=st.sampled_from(["linked", "inherited", "document", "none"]),
        geo_precision=st.sampled_from(["exact", "town", "district", "province", "country", "none"]),
        when=st.none() | WHENS,
        actors=st.lists(
            st.builds(Actor, span=SPANS, text=TEXT, role=st.sampled_from(["attacker", "target"])),
            max_size=2,
        ).map(tuple),
        fatalities=st.none()
        | st.builds(
            Casualties,
            low=st.integers(0, 9),
            best=st.integers(0, 9),
            high=st.none() | st.integers(0, 9),
        ),
        injured=st.none() | st.integers(0, 9),
        status=st.sampled_from(["asserted", "alleged", "planned"]),
        attributed_to=st.none() | SPANS,
        area=st.none()
        | st.builds(
            Area, lat=st.floats(-90, 90), lon=st.floats(-180, 180), radius_km=st.floats(0, 300)
        ),
        incident=MAYBE_TEXT,
        confidence=SCORES,
        field_confidence=st.builds(
            FieldConfidence,
            type=SCORES,
            place=st.none() | SCORES,
            when=st.none() | SCORES,
            status=SCORES,
        ),
    )


@st.composite
def readings(draw):
    found = draw(st.lists(RESOLUTIONS, max_size=2).map(tuple))
    places = st.one_of(RESOLUTIONS, *([st.sampled_from(found)] if found else []))
    article = draw(
        st.builds(
            Article,
            text=st.text(max_size=60),
            id=TEXT,
            title=MAYBE_TEXT,
            published=DAYS,
            source=MAYBE_TEXT,
            url=MAYBE_TEXT,
            language=MAYBE_TEXT,
        )
    )
    told = draw(st.lists(events(places), max_size=2).map(tuple))
    return Reading(article=article, resolutions=found, events=told)


@given(readings())
@settings(max_examples=100)
def test_decoding_undoes_encoding(reading):
    assert decode(encode(reading), storable(reading.article.text)) == reading
    lean = decode(encode(reading), storable(reading.article.text), mentions=False)
    assert lean == replace(reading, resolutions=())


@pytest.fixture(params=["geopackage", "postgis"], scope="module")
def where(request):
    """Return what gives the place of a new store of each kind."""
    if request.param == "geopackage":
        folder = request.getfixturevalue("tmp_path_factory").mktemp("stores")
        return lambda: Path(tempfile.mkdtemp(dir=folder)) / "x.gpkg"
    return request.getfixturevalue("server").address


def version(reading):
    """Return what tells readings apart: what is read twice is kept as it was read first."""
    return storable(reading.article.id), reading.article.digest


@given(st.lists(readings(), max_size=3, unique_by=version))
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_a_store_gives_back_what_it_was_given(where, given_readings):
    latest = {storable(reading.article.id): reading for reading in given_readings}
    with Store(where()) as store:
        store.add(given_readings)
        kept = {storable(reading.article.id): reading for reading in store.readings()}
        assert kept == latest
        rows = list(store.rows())
        assert {row[0] for row in rows} == {e.id for r in latest.values() for e in r.events}


# -- queries against a look at every event ---------------------------------------------------------

CENTRES = [(34.0, 71.5), (-17.0, 179.9), (-17.2, -179.8), (0.0, 0.0), (78.2, 15.6), (-89.5, 30.0)]
TYPES = ["battle.clash", "battle.territory_taken", "violence.attack", "diplomacy.meeting"]
STATUSES = ["asserted", "alleged", "planned"]
START = date(2023, 1, 1)


def make_events(make_reading):
    """Return readings of one event each: clustered points, and circles of all sizes."""
    chance = random.Random(7)  # noqa: S311 - the same events every time
    for number in range(250):
        lat, lon = chance.choice(CENTRES)
        lat = max(-90.0, min(90.0, lat + chance.gauss(0, 0.5)))
        lon = (lon + chance.gauss(0, 0.5) + 180) % 360 - 180
        area = None
        if number % 5 == 0:
            area = Area(lat=lat, lon=lon, radius_km=chance.choice([1, 20, 150]))
        first = START + timedelta(days=chance.randrange(300))
        reading = make_reading(
            f"{number}",
            told=[(f"Place {number % 40}", lat, lon)],
            country=chance.choice(["PK", "AF", "FJ"]),
            kind=chance.choice(TYPES),
            status=chance.choice(STATUSES),
            confidence=chance.random(),
            source=chance.choice([None, "Wire", "Post"]),
            day=first,
            area=area,
            text=f"{chance.choice(['Troops', 'A car bomb'])} and {chance.choice('xyz')} end.",
        )
        event = reading.events[0]
        last = chance.choice([first, first + timedelta(days=30), None])
        when = chance.choice([None, replace(event.when, first=first, last=last)])
        yield replace(reading, events=(replace(event, when=when),))


@pytest.fixture(scope="module")
def filled(reading_of, where):
    with Store(where(), group=False) as store:
        store.add(make_events(reading_of))
        yield store, list(store.iter_events())


def found(store, **query):
    return {row["event_id"] for row in store.iter_events(**query)}


def kilometres(lat, lon, other_lat, other_lon):
    return Geodesic.WGS84.Inverse(lat, lon, other_lat, other_lon)["s12"] / 1000


def edge_kilometres(lat, lon, geometry):
    """Return the distances of points close together along the edge of a polygon."""
    dense = shapely.get_coordinates(shapely.segmentize(geometry.boundary, 0.01))
    centre = [np.full(len(dense), value) for value in (lon, lat)]
    return Geod(ellps="WGS84").inv(*centre, *dense.T)[2] / 1000


@given(
    st.sampled_from(CENTRES),
    st.floats(-1, 1),
    st.floats(-1, 1),
    st.floats(0, 400),
)
@settings(max_examples=30)
def test_near_is_what_geographiclib_measures(filled, centre, north, east, radius):
    store, rows = filled
    lat = max(-90.0, min(90.0, centre[0] + north))
    lon = (centre[1] + east + 180) % 360 - 180
    sure = found(store, near=(lat, lon), radius_km=radius)
    for row in rows:
        if row["geometry"].geom_type == "Point":
            away = kilometres(lat, lon, row["lat"], row["lon"])
            if abs(away - radius) > 1e-6:
                assert (row["event_id"] in sure) == (away < radius)


@given(st.sampled_from(CENTRES[:4]), st.floats(-1, 1), st.floats(-1, 1), st.floats(1, 400))
@settings(max_examples=10)
def test_areas_are_near_wholly_or_in_part(filled, centre, north, east, radius):
    store, rows = filled
    lat, lon = centre[0] + north, (centre[1] + east + 180) % 360 - 180
    sure = found(store, near=(lat, lon), radius_km=radius)
    maybe = found(store, near=(lat, lon), radius_km=radius, where="possible")
    assert sure <= maybe
    for row in rows:
        if row["geometry"].geom_type == "Point":
            continue
        away = edge_kilometres(lat, lon, row["geometry"])
        inside = row["geometry"].contains(shapely.Point(lon, lat))
        least, most = 0 if inside else min(away), max(away)
        # Points along the edge stand a kilometre apart.
        if abs(least - radius) > 1:
            assert (row["event_id"] in maybe) == (least < radius)
        if abs(most - radius) > 1:
            assert (row["event_id"] in sure) == (most < radius)


SIDES = st.floats(-180, 180) | st.sampled_from([-180.0, 180.0, 179.5, -179.5])


@given(SIDES, SIDES, st.floats(-90, 90), st.floats(-90, 90))
@settings(max_examples=30)
def test_a_box_is_what_a_comparison_says(filled, west, east, one, other):
    store, rows = filled
    south, north = min(one, other), max(one, other)
    box = (west, south, east, north)
    sure, maybe = (found(store, bbox=box, where=where) for where in ("certain", "possible"))
    assert sure <= maybe
    wide = east - west if west <= east else east - west + 360
    solid = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    region = shapely.union_all([shapely.box(w, south, e, north) for w, e in solid])
    for row in rows:
        shape = row["geometry"]
        if shape.geom_type == "Point":
            inside = wide == 360 or (row["lon"] - west) % 360 <= wide
            assert (row["event_id"] in sure) == (inside and south <= row["lat"] <= north)
            assert (row["event_id"] in maybe) == (row["event_id"] in sure)
        elif region.area > 0:
            assert (row["event_id"] in sure) == region.covers(shape)
            if {west, east}.isdisjoint({-180.0, 180.0}):
                assert (row["event_id"] in maybe) == region.intersects(shape)


@given(
    st.sampled_from(CENTRES[:5]),
    st.lists(st.tuples(st.floats(-2, 2), st.floats(-1, 1)), min_size=3, max_size=6),
)
@settings(max_examples=25)
def test_a_polygon_is_what_shapely_says(filled, centre, corners):
    store, rows = filled
    lat, lon = centre
    ring = [(lon + x, max(-89.0, min(89.0, lat + y))) for x, y in corners]
    polygon = shapely.MultiPoint(ring).convex_hull
    if polygon.geom_type != "Polygon" or polygon.area < 1e-6:
        return
    sure, maybe = (found(store, within=polygon, where=where) for where in ("certain", "possible"))
    for row in rows:
        shape = row["geometry"]
        turns = [shapely.affinity.translate(polygon, xoff=turn) for turn in (-360, 0, 360)]
        touches = any(turn.intersects(shape) for turn in turns)
        assert (row["event_id"] in maybe) == touches
        if shape.geom_type == "Point":
            assert (row["event_id"] in sure) == touches
        elif abs(lon) < 170:
            assert (row["event_id"] in sure) == polygon.covers(shape)


@given(
    st.sampled_from(["violence.*", "battle.clash", "battle", "diplomacy.*,violence.attack"]),
    st.sampled_from([None, "PK", "PK,FJ"]),
    st.sampled_from([None, "asserted", "alleged,planned"]),
    st.sampled_from([None, "wire", "POST,wire"]),
    st.sampled_from([None, "bomb", "car bomb", '"car bomb"', "tro*", "x", '"bomb car"']),
    st.floats(0, 1),
)
@settings(max_examples=30)
def test_codes_and_words_are_what_a_look_says(
    filled, types, country, status, source, text, confidence
):
    store, rows = filled
    given_ones = {"country": country, "status": status, "source": source, "text": text}
    query = {name: value for name, value in given_ones.items() if value is not None}
    got = found(store, types=types, min_confidence=confidence, **query)

    def fits(row):
        kinds = [kind.removesuffix(".*") for kind in types.split(",")]
        quote = row["quote"].lower()
        words = quote.replace(".", "").split()
        return (
            any(row["type"] == kind or row["type"].startswith(f"{kind}.") for kind in kinds)
            and (country is None or row["country"] in country)
            and (status is None or row["status"] in status)
            and (source is None or (row["source"] or "?").lower() in source.lower())
            and row["confidence"] >= confidence
            and {
                None: True,
                "bomb": "bomb" in words,
                "car bomb": "bomb" in words and "car" in words,
                '"car bomb"': "car bomb" in quote,
                "tro*": "troops" in words,
                "x": "x" in words,
                '"bomb car"': "bomb car" in quote,
            }[text]
        )

    assert got == {row["event_id"] for row in rows if fits(row)}


DATES = st.none() | st.integers(-40, 340).map(lambda days: START + timedelta(days=days))


@given(DATES, DATES, st.sampled_from(["overlap", "within", "any"]))
@settings(max_examples=30)
def test_days_are_what_a_comparison_says(filled, since, until, policy):
    store, rows = filled
    if since and until and since > until:
        since, until = until, since
    got = found(store, since=since, until=until, dates=policy)

    def fits(row):
        first, last = (row[c] and date.fromisoformat(row[c]) for c in ("date_first", "date_last"))
        if since is None and until is None:
            return True
        if first is None and last is None:
            return policy == "any"
        if policy == "within":
            after = since is None or (first is not None and first >= since)
            return after and (until is None or (last is not None and last <= until))
        starts = until is None or first is None or first <= until
        return starts and (since is None or last is None or last >= since)

    assert got == {row["event_id"] for row in rows if fits(row)}


@given(
    st.sampled_from(["date", "-date", "confidence", "-confidence", "id"]),
    st.integers(0, 300),
    st.integers(0, 300),
    st.sampled_from([{}, {"bbox": (60, 20, 80, 50)}, {"bbox": (-180, -90, 180, 90)}]),
    st.sampled_from([{}, {"types": "violence.*"}, {"since": "2023-04-01"}, {"dates": "any"}]),
)
@settings(max_examples=60)
def test_a_page_is_a_part_of_the_whole(filled, order, limit, offset, where, what):
    store, _ = filled
    query = {"order": order, **where, **what}
    whole = [row[0] for row in store.rows(**query)]
    page = [row[0] for row in store.rows(**query, limit=limit, offset=offset)]
    assert page == whole[offset : offset + limit]


@given(st.sets(st.sampled_from(["type", "group", "country", "month", "source"]), min_size=1))
@settings(max_examples=10)
def test_counts_add_up(filled, by):
    store, rows = filled
    assert store.counts(by=sorted(by))["events"].sum() == len(rows)


@given(
    st.sampled_from(CENTRES[:4]),
    DATES,
    DATES,
    st.sampled_from(["overlap", "within", "any"]),
    st.sampled_from(["*", "violence.*", "battle.clash"]),
)
@settings(max_examples=25)
def test_a_region_and_days_are_those_in_both(filled, centre, since, until, policy, types):
    store, _ = filled
    if since and until and since > until:
        since, until = until, since
    here = {"near": centre, "radius_km": 60}
    days = {"since": since, "until": until, "dates": policy, "types": types}
    assert found(store, **here, **days) == found(store, **here) & found(store, **days)
    assert store.count(**here, **days) == len(found(store, **here, **days))


# -- grouping --------------------------------------------------------------------------------------


@given(
    st.lists(
        st.tuples(
            st.integers(0, 5),  # the article
            st.sampled_from(["Bannu", "Tank", "Kohat"]),
            st.sampled_from(["battle.clash", "violence.attack", "diplomacy.meeting"]),
            st.none() | st.integers(0, 40),
            st.none() | st.integers(0, 12),  # days that it lasts; None for an open end
            st.none() | st.sampled_from(["one", "two"]),
            st.none() | st.integers(1, 3),
        ),
        max_size=14,
    ),
    st.sampled_from([1, 4, 100]),
    st.integers(0, 4),
)
@settings(max_examples=150)
def test_parts_are_grouped_as_the_whole(reading_of, told, most, apart):
    by_article = {}
    for number, (article, place, kind, start, lasts, incident, dead) in enumerate(told):
        reading = reading_of(f"{number}", told=[(place, 33.0 + len(place), 70.6)], kind=kind)
        (event,) = reading.events
        first = start is not None and START + timedelta(days=start)
        last = first and lasts is not None and first + timedelta(days=lasts)
        when = replace(event.when, first=first, last=last or None) if first else None
        toll = dead and Casualties(low=dead, best=dead, high=dead)
        event = replace(event, when=when, incident=incident, fatalities=toll or None)
        by_article.setdefault(article, []).append(event)
    texts = {article: reading_of(f"a{article}").article for article in by_article}
    whole = [
        Reading(article=texts[article], resolutions=(), events=tuple(events))
        for article, events in by_article.items()
    ]
    by_id = {reading.article.id: reading for reading in whole}
    ids = sorted(event.id for reading in whole for event in reading.events)
    ties = Ties(apart=frozenset(pairwise(ids[: apart + 1])))
    blocks = Blocks(lambda names: (by_id[name] for name in names), ties, most)
    for reading in whole:
        blocks.note(reading)
    parts = [{(i.id, i.type, i.when) for i in group(load, ties=ties)} for load in blocks.loads()]
    wanted = {(i.id, i.type, i.when) for i in group(whole, ties=ties)}
    assert sum(map(len, parts)) == len(wanted)
    assert set().union(*parts) == wanted

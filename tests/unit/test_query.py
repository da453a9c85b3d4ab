from __future__ import annotations

from datetime import date, datetime

import pytest
import shapely

from geomap.errors import CoordinateError, InputError
from geomap.query import DEFAULT_RADIUS_KM, Query


def test_a_query_without_filters_is_empty():
    query = Query()
    assert not query.is_spatial
    assert query.days == (None, None)
    assert query.describe() == ""


def test_strings_of_a_command_line_become_values():
    query = Query(
        near="34.0, 71.5",
        radius_km="20",
        bbox="69.2,33.5,72.1,35",
        country="pk, AF,pk",
        types="violence.*,battle.clash",
        since="2022-01-01",
        until=datetime(2023, 1, 1, 12, 0),  # noqa: DTZ001 - a naive one is what users have
        status="asserted",
    )
    assert query.near == (34.0, 71.5)
    assert query.radius_km == 20
    assert query.box == (69.2, 33.5, 72.1, 35.0)
    assert query.country == ("PK", "AF")
    assert query.types == ("violence.*", "battle.clash")
    assert query.days == (date(2022, 1, 1), date(2023, 1, 1))
    assert query.status == ("asserted",)
    assert query.is_spatial


def test_names_and_files_stay_as_given():
    query = Query(near=" Peshawar, PK ", within="districts.geojson")
    assert query.near == "Peshawar, PK"
    assert query.within == "districts.geojson"
    assert query.radius_km == DEFAULT_RADIUS_KM


def test_a_name_may_begin_with_a_number():
    assert Query(near="6th of October City").near == "6th of October City"


def test_a_name_with_a_comma_can_be_given_in_a_tuple():
    assert Query(source=("Wire, The",)).source == ("Wire, The",)


def test_phrases():
    query = Query(text='"car bomb" market* , Kabul')
    assert query.phrases() == [("car bomb", False), ("market*", True), ("Kabul", False)]


def test_describe_names_what_is_set():
    described = Query(near="Peshawar", country="PK,AF").describe()
    assert described == "near=Peshawar radius_km=50.0 country=PK,AF"


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"near": ""}, "near"),
        ({"near": (1.0,)}, "near"),
        ({"near": shapely.Point()}, "near"),
        ({"radius_km": 5}, "radius_km"),
        ({"near": "Kabul", "radius_km": -1}, "radius_km"),
        ({"near": "Kabul", "radius_km": float("nan")}, "radius_km"),
        ({"bbox": "1,2,3"}, "bbox"),
        ({"bbox": (0, 10, 1, 5)}, "bbox"),
        ({"bbox": (0, -91, 1, 5)}, "bbox"),
        ({"bbox": (0, float("nan"), 1, 5)}, "bbox"),
        ({"bbox": 5}, "bbox"),
        ({"near": (float("nan"), 71.5)}, "not a number"),
        ({"since": "10000-01-01"}, "since"),
        ({"within": shapely.Point(1, 2)}, "within"),
        ({"within": shapely.Polygon()}, "within"),
        ({"country": "Pakistan"}, "country"),
        ({"country": 5}, "country"),
        ({"types": "violence.*; DROP TABLE events"}, "types"),
        ({"since": "yesterday"}, "since"),
        ({"since": "2023-02-01", "until": "2023-01-01"}, "since"),
        ({"status": "certain"}, "status"),
        ({"min_confidence": 2}, "min_confidence"),
        ({"min_confidence": "high"}, "min_confidence"),
        ({"text": " ... "}, "text"),
        ({"where": "maybe"}, "where"),
        ({"dates": "never"}, "dates"),
        ({"order": "random()"}, "order"),
        ({"limit": -1}, "limit"),
        ({"offset": 1.5}, "offset"),
    ],
)
def test_a_wrong_filter_is_named(given, named):
    with pytest.raises(InputError, match=named):
        Query(**given)


def test_a_wrong_coordinate_says_so():
    with pytest.raises(CoordinateError, match="latitude"):
        Query(near=(120.0, 5.0))

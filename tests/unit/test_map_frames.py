"""Maps of frames: what the columns of a store's frame mean, and what a poor frame says."""

from __future__ import annotations

import json
import math
from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geomap.errors import InputError
from geomap.maps import draw
from geomap.maps.frames import is_frame, marks_of_frame
from geomap.maps.spots import Spots


class Atlas:
    """An empty world with one known outline."""

    def shapes(self, _kind):
        return []

    def cities(self, *_box, limit):
        return [][:limit]

    def geometry(self, place):
        return shapely.box(0, 40, 10, 50) if place.id == "x:province" else None

    def country(self, _code):
        return None


FULL = {
    "article_id": "a1",
    "title": "Depot raided",
    "source": "The Bell",
    "url": "https://bell.example/1",
    "published": "2024-05-07",
    "type": "violence.attack",
    "status": "alleged",
    "date_first": "2024-05-06",
    "date_last": "2024-05-06",
    "date_precision": "day",
    "date_text": "on Monday",
    "date_basis": "relative",
    "place": "Westford",
    "place_id": "x:1",
    "country": "AA",
    "admin1": "North",
    "admin2": None,
    "geo_precision": "town",
    "location_basis": "linked",
    "lat": 45.5,
    "lon": 5.25,
    "radius_km": None,
    "fatalities_low": 4,
    "fatalities_best": 5,
    "fatalities_high": 6,
    "injured": 2,
    "attributed_to": "the mayor",
    "trigger": "stormed",
    "quote": "Raiders stormed a depot in Westford.",
    "marks": json.dumps(
        [
            ["text", "Raiders "],
            ["trigger", "stormed"],
            ["text", " a depot in "],
            ["place", "Westford"],
        ]
    ),
    "actors": json.dumps([{"text": "Raiders", "role": "attacker"}]),
    "reasons": json.dumps(["named Westford"]),
    "rejected": json.dumps(["Westford, BB"]),
    "incident_id": "i1",
    "confidence": 0.8,
    "confidence_type": 0.9,
    "confidence_place": 0.7,
    "confidence_when": None,
    "confidence_status": 1.0,
}


def frame_of(*rows):
    return pd.DataFrame(list(rows), index=[f"e{n}" for n in range(len(rows))])


def full(**changes):
    return FULL | changes


def marks(frame):
    return marks_of_frame(frame, Spots(Atlas()))


def test_a_frame_of_the_store_gives_all_that_it_says():
    (mark,) = marks(frame_of(full()))
    assert (mark.id, mark.incident, mark.type, mark.title) == (
        "e0",
        "i1",
        "violence.attack",
        "Depot raided",
    )
    assert (mark.first, mark.last, mark.date) == (date(2024, 5, 6),) * 2 + (
        "6 May 2024, to the day",
    )
    assert (mark.place, mark.within, mark.precision, mark.status) == (
        "Westford",
        "North, AA",
        "town",
        "alleged",
    )
    assert mark.casualties == "4–6 killed (most likely 5), 2 injured"
    assert (mark.confidence, mark.fields) == (0.8, (0.9, 0.7, None, 1.0))
    assert (mark.actors, mark.why, mark.rejected) == (
        (("Raiders", "attacker"),),
        ("named Westford",),
        ("Westford, BB",),
    )
    (source,) = mark.sources
    assert (source.outlet, source.url, source.published) == (
        "The Bell",
        "https://bell.example/1",
        "7 May 2024",
    )
    assert source.quote[1] == ("trigger", "stormed")
    assert (source.said, source.status) == ("the mayor", "alleged")


def test_type_and_a_position_are_enough():
    spots = Spots(Atlas())
    (mark,) = marks_of_frame(frame_of({"type": "riot.mob", "lat": 45, "lon": 5}), spots)
    assert (spots.lats, spots.lons, mark.spot) == ([45.0], [5.0], 0)
    assert (mark.date, mark.precision, mark.title) == ("No date given", "exact", "Mob violence")
    assert mark.sources[0].outlet == "Unnamed source"


@pytest.mark.parametrize(
    ("columns", "missing"),
    [
        (["lat", "lon"], "no column type;"),
        (["type"], r"no column geometry \(or lat and lon\);"),
        (["type", "lat"], r"no column geometry \(or lon\);"),
        ([], r"no column type, no geometry \(or lat and lon\);"),
    ],
)
def test_a_frame_without_what_is_needed_says_which(columns, missing):
    with pytest.raises(InputError, match=missing):
        draw(pd.DataFrame(columns=columns), gazetteer=Atlas())


def test_rows_of_one_incident_at_one_place_are_its_sources():
    other = full(
        source="The Post", fatalities_low=3, fatalities_best=7, fatalities_high=None, injured=9
    )
    (mark,) = marks(frame_of(full(), other))
    assert [source.outlet for source in mark.sources] == ["The Bell", "The Post"]
    assert (mark.casualties, mark.killed) == ("at least 3 killed, 9 injured", 7)


def test_rows_of_one_incident_at_two_towns_are_two_marks():
    rows = [full(), full(place="Eastford", lon=6.0), full(geo_precision="country", source="Third")]
    found = marks(frame_of(*rows))
    assert [mark.place for mark in found] == ["Westford", "Eastford"]
    assert [len(mark.sources) for mark in found] == [2, 1]


def test_the_closest_account_is_the_headline_and_the_tightest_date_counts():
    vague = full(geo_precision="province", place="North", place_id="x:province", confidence=1.0)
    month = full(date_first="2024-05-01", date_last="2024-05-31", confidence=0.1)
    (mark,) = marks(frame_of(vague, month))
    assert (mark.place, mark.date) == ("Westford", "6 May 2024, to the day")


@pytest.mark.parametrize(
    ("changes", "km"),
    [
        ({"radius_km": 12.5}, 12.5),
        ({"geo_precision": "district"}, 25.0),
        ({"geo_precision": "province"}, 80.0),
    ],
)
def test_what_is_no_point_is_a_circle(changes, km):
    spots = Spots(Atlas())
    marks_of_frame(frame_of(full(**changes)), spots)
    assert [area["km"] for area in spots.areas] == [km]


def test_a_known_province_is_its_outline():
    spots = Spots(Atlas())
    marks_of_frame(frame_of(full(geo_precision="province", place_id="x:province")), spots)
    assert "polygons" in spots.areas[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"geo_precision": "country"},
        {"geo_precision": "none"},
        {"lat": None},
        {"lon": math.nan},
        {"lat": math.inf},
        {"lat": 95.0},
        {"lon": "here"},
    ],
)
def test_what_has_no_position_is_listed(changes):
    (mark,) = marks(frame_of(full(**changes)))
    assert mark.spot is None


def test_geometry_counts_before_columns_and_is_brought_to_degrees():
    frame = gpd.GeoDataFrame(
        [{"type": "riot.mob"}] * 3,
        geometry=[shapely.Point(0, 0), shapely.box(0, 0, 10, 10), None],
        crs=3857,
    )
    spots = Spots(Atlas())
    found = marks_of_frame(frame, spots)
    assert [mark.spot for mark in found] == [0, 1, None]
    assert max(map(abs, spots.lons)) < 0.001
    assert "polygons" in spots.areas[0]


NAN = float("nan")


@pytest.mark.parametrize(
    ("geometry", "drawn"),
    [
        (shapely.box(170, -20, 190, -10), True),
        (
            shapely.MultiPolygon([shapely.box(170, -20, 180, 0), shapely.box(-180, -20, -170, 0)]),
            True,
        ),
        (shapely.box(-180, 80, 180, 90), True),
        (shapely.box(-180, -90, 180, 90), True),
        (shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), True),
        (shapely.Point(0, 90), True),
        (shapely.Point(-180, -90), True),
        (shapely.Point(1, 2, 3), True),
        (shapely.Point(), False),
        (shapely.Polygon(), False),
        (shapely.Point(NAN, 1), False),
        (shapely.Point(0, 91), False),
        (shapely.LineString([(0, 0), (1, 1)]), False),
        (None, False),
    ],
)
def test_every_geometry_is_drawn_or_listed(geometry, drawn):
    frame = gpd.GeoDataFrame({"type": ["riot.mob"]}, geometry=[geometry], crs=4326)
    (mark,) = marks(frame)
    assert (mark.spot is not None) is drawn
    assert draw(frame, gazetteer=Atlas()).get_root().render().count("geomapShow(") == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"date_first": "9999-12-31", "date_last": "0001-01-01"},
        {"date_first": pd.Timestamp("2024-01-01", tz="UTC")},
        {"radius_km": -5}, {"radius_km": 1e9}, {"radius_km": NAN},
        {"fatalities_best": -3}, {"fatalities_low": 9, "fatalities_best": 5, "fatalities_high": 2},
        {"confidence": 7.0}, {"confidence": "high"},
        {"title": b"bytes", "quote": {"a": 1}, "actors": ["a"]},
    ],
)  # fmt: skip
def test_cells_that_make_no_sense_stop_no_map(changes):
    frame = frame_of(full(**changes))
    assert len(marks(frame)) == 1
    assert "geomapShow(" in draw(frame, gazetteer=Atlas()).get_root().render()


def test_the_geometry_may_have_another_name():
    frame = gpd.GeoDataFrame([{"type": "riot.mob"}], geometry=[shapely.Point(5, 45)], crs=4326)
    spots = Spots(Atlas())
    marks_of_frame(frame.rename_geometry("where"), spots)
    assert spots.lats == [45.0]


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (pd.Timestamp("2024-05-06 12:00"), date(2024, 5, 6)),
        (date(2024, 5, 6), date(2024, 5, 6)),
        ("2024-05-06T10:00:00Z", date(2024, 5, 6)),
        (pd.NaT, None),
        ("soon", None),
        (20240506, None),
    ],
)
def test_days_are_read_from_whatever_holds_one(value, day):
    (mark,) = marks(frame_of(full(date_first=value, date_last=value)))
    assert mark.first == day


@pytest.mark.parametrize("text", ["", "not json", "{}", '[["trigger"]]', "[1]", None, math.nan])
def test_marks_that_cannot_be_read_leave_the_plain_quote(text):
    (mark,) = marks(frame_of(full(marks=text)))
    assert mark.sources[0].quote == (("text", FULL["quote"]),)


@pytest.mark.parametrize("name", ["actors", "reasons", "rejected"])
@pytest.mark.parametrize("text", ["broken", "{}", "3", None])
def test_lists_that_cannot_be_read_are_empty(name, text):
    (mark,) = marks(frame_of(full(**{name: text})))
    assert {"actors": mark.actors, "reasons": mark.why, "rejected": mark.rejected}[name] == ()


def test_unknown_statuses_and_precisions_are_what_is_said_without_them():
    (mark,) = marks(frame_of(full(status="rumoured", geo_precision="street")))
    assert (mark.status, mark.precision) == ("asserted", "exact")


def test_layers_by_a_column_of_the_frame():
    frame = frame_of(full(incident_id="1", side="red"), full(incident_id="2", side=None))
    page = draw(frame, layers_by="side", gazetteer=Atlas()).get_root().render()
    assert '"label":"red","section":"side"' in page
    with pytest.raises(InputError, match="no column 'team', only article_id"):
        draw(frame, layers_by="team", gazetteer=Atlas())


def test_an_empty_frame_is_a_map_that_says_so():
    page = draw(frame_of(full()).iloc[:0], gazetteer=Atlas()).get_root().render()
    assert '"summary":"No incidents"' in page


def test_frames_are_told_by_what_they_can_do():
    assert is_frame(frame_of(full()))
    assert not is_frame([full()])
    assert not is_frame({"columns": 1})

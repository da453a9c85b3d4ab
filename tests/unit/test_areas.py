"""The circles of relative places: never the anchor's own point, as wide as the words are vague."""

from __future__ import annotations

import pytest

from geomap import Gazetteer
from geomap.events.areas import Ground, area
from geomap.gazetteer import distance_km
from geomap.model import Candidate, Mention, Place, Relation, RelationWay, Resolution, Span

KHARKIV = Place(
    id="test:1", name="Kharkiv", feature="PPLA", country="UA", admin1="Kharkiv", admin2=None,
    lat=49.98, lon=36.25, population=1_430_000,
)  # fmt: skip


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer()


def _known(gazetteer: Gazetteer, name: str, country: str | None = None) -> Place:
    return gazetteer.find(name, country=country)[0]


def _at(place: Place, relation: Relation | None, start: int = 0) -> Resolution:
    mention = Mention(
        span=Span(start=start, end=start + len(place.name)),
        text=place.name,
        kind="relative" if relation else "place",
        relation=relation,
    )
    return Resolution(mention=mention, candidates=(Candidate(place=place, score=0.9),))


def _related(
    way: RelationWay,
    bearing: str | None = None,
    distance: float | None = None,
    other: str | None = None,
) -> Relation:
    return Relation(bearing=bearing, distance_km=distance, of="X", way=way, other=other)


def _gap(place: Place, lat: float, lon: float) -> float:
    return distance_km(place.lat, place.lon, lat, lon)


@pytest.mark.parametrize("bearing", ["north", "northeast", "eastsoutheast", "southwest", "west"])
def test_a_distance_and_a_bearing_lead_away_from_the_anchor(bearing: str) -> None:
    found = area(_at(KHARKIV, _related("off", bearing, 20.0)))
    assert found is not None
    assert _gap(KHARKIV, found.lat, found.lon) == pytest.approx(20.0, abs=0.01)
    assert found.radius_km == 10.0


def test_bearings_run_clockwise_from_north() -> None:
    north = area(_at(KHARKIV, _related("off", "north", 20.0)))
    east = area(_at(KHARKIV, _related("off", "east", 20.0)))
    assert north is not None
    assert east is not None
    assert (north.lat > KHARKIV.lat, north.lon) == (True, KHARKIV.lon)
    assert (east.lon > KHARKIV.lon, round(east.lat, 1)) == (True, round(KHARKIV.lat, 1))


def test_a_distance_alone_is_a_circle_around() -> None:
    found = area(_at(KHARKIV, _related("off", None, 20.0)))
    assert found is not None
    assert (found.lat, found.lon, found.radius_km) == (49.98, 36.25, 20.0)


def test_a_bearing_alone_is_outside_a_large_city() -> None:
    found = area(_at(KHARKIV, _related("off", "south")))
    assert found is not None
    assert _gap(KHARKIV, found.lat, found.lon) >= 15.0


def test_a_bearing_off_a_river_is_as_wide_as_a_province() -> None:
    river = Place(
        id="test:2", name="Euphrates", feature="STM", country=None, admin1=None, admin2=None,
        lat=31.0, lon=47.4, population=0,
    )  # fmt: skip
    found = area(_at(river, _related("off", "east")))
    assert found is not None
    assert found.radius_km >= 100


@pytest.mark.parametrize(
    ("relation", "widest"),
    [
        (_related("around"), 30.0),
        (_related("part", "east"), 10.0),
        (_related("travel", None, 60.0), 81),
    ],
)
def test_vague_words_are_circles_no_wider_than_they_need(relation: Relation, widest: float) -> None:
    found = area(_at(KHARKIV, relation))
    assert found is not None
    assert 1.0 <= found.radius_km <= widest


def test_a_side_lies_on_that_side(gazetteer: Gazetteer) -> None:
    mali = _known(gazetteer, "Mali")
    north = area(_at(mali, _related("part", "north")), Ground(gazetteer=gazetteer))
    south = area(_at(mali, _related("part", "south")), Ground(gazetteer=gazetteer))
    assert north is not None
    assert south is not None
    assert north.lat > 18.0
    assert south.lat < 15.0


def test_between_two_towns_is_the_whole_way(gazetteer: Gazetteer) -> None:
    quetta, chaman = _known(gazetteer, "Quetta"), _known(gazetteer, "Chaman", "PK")
    first = _at(quetta, _related("between", other="Chaman"))
    second = _at(chaman, None, start=20)
    found = area(first, Ground(resolutions=(first, second)))
    assert found is not None
    assert _gap(quetta, found.lat, found.lon) == pytest.approx(found.radius_km, rel=0.01)
    assert _gap(chaman, found.lat, found.lon) == pytest.approx(found.radius_km, rel=0.01)


def test_a_way_without_a_known_end_has_no_area() -> None:
    first = _at(KHARKIV, _related("between", other="Nowhere"))
    assert area(first, Ground(resolutions=(first,))) is None
    assert area(first) is None


def test_a_border_is_the_stretch_beside_the_place_that_is_named(gazetteer: Gazetteer) -> None:
    iran, zaranj = _known(gazetteer, "Iran"), _known(gazetteer, "Zaranj", "AF")
    anchor = _at(iran, _related("border"))
    found = area(anchor, Ground(gazetteer=gazetteer, near=zaranj))
    assert found is not None
    assert _gap(zaranj, found.lat, found.lon) < 60
    assert found.radius_km == 20.0


def test_the_border_of_two_countries_lies_between_them(gazetteer: Gazetteer) -> None:
    iran, pakistan = _known(gazetteer, "Iran"), _known(gazetteer, "Pakistan")
    found = area(_at(iran, _related("border")), Ground(gazetteer=gazetteer, near=pakistan))
    assert found is not None
    assert 25 < found.lat < 30
    assert 60 < found.lon < 64


def test_a_border_with_nobody_beside_it_is_left_open(gazetteer: Gazetteer) -> None:
    iran = _known(gazetteer, "Iran")
    assert area(_at(iran, _related("border")), Ground(gazetteer=gazetteer)) is None
    assert area(_at(iran, _related("border"))) is None


def test_off_a_port_is_out_at_sea(gazetteer: Gazetteer) -> None:
    port = _known(gazetteer, "Mogadishu")
    found = area(_at(port, _related("offshore", None, 50.0)), Ground(gazetteer=gazetteer))
    assert found is not None
    assert _gap(port, found.lat, found.lon) == pytest.approx(50.0, abs=0.1)
    assert found.lon > port.lon
    around = area(_at(port, _related("offshore", None, 50.0)))
    assert around is not None
    assert around.radius_km == 75.0


def test_what_is_not_relative_has_no_area() -> None:
    assert area(_at(KHARKIV, None)) is None
    assert area(Resolution(mention=_at(KHARKIV, _related("off", "north", 5.0)).mention)) is None
    assert area(_at(KHARKIV, _related("off", "north", float("nan")))) is None
    assert area(_at(KHARKIV, _related("off", "north", -3.0))) is None

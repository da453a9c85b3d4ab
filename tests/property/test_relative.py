"""Relations and their areas hold for any text and any place on Earth."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from geomap.events.areas import area
from geomap.gazetteer import distance_km
from geomap.mentions.relative import relation_at
from geomap.model import Candidate, Mention, Place, Relation, Resolution, Span

VOCABULARY = """
20 km miles north of the from between and to near border with outskirts a two-hour drive eastern off
just outside Quetta - Chaman highway S.W. half several , ( )
"""
WORDS = st.sampled_from(VOCABULARY.split())
WAYS = st.sampled_from(["off", "offshore", "part", "around", "travel"])
BEARINGS = st.sampled_from([None, "north", "southeast", "westnorthwest", "nowhere"])


@given(st.lists(WORDS, max_size=12), st.lists(WORDS, max_size=5))
def test_any_words_around_a_name_are_read(before: list[str], after: list[str]) -> None:
    lead = " ".join([*before, ""])
    text = f"{lead}Kabul {' '.join(after)}"
    found = relation_at(text, len(lead), len(lead) + len("Kabul"))
    if found is not None:
        assert found.of == "Kabul"
        assert found.distance_km is None or found.distance_km >= 0


@given(
    st.floats(-89, 89),
    st.floats(-180, 180),
    WAYS,
    BEARINGS,
    st.none() | st.floats(0, 5000),
    st.integers(0, 30_000_000),
)
def test_an_area_is_a_circle_on_earth(
    lat: float, lon: float, way: str, bearing: str | None, distance: float | None, people: int
) -> None:
    place = Place(
        id="test:1", name="X", feature="PPL", country=None, admin1=None, admin2=None,
        lat=lat, lon=lon, population=people,
    )  # fmt: skip
    relation = Relation(bearing=bearing, distance_km=distance, of="X", way=way)  # type: ignore[arg-type]
    mention = Mention(span=Span(start=0, end=1), text="X", kind="relative", relation=relation)
    found = area(Resolution(mention=mention, candidates=(Candidate(place=place, score=1.0),)))
    if found is None:
        assert way == "part"
        return
    assert -90 <= found.lat <= 90
    assert -180 <= found.lon <= 180
    assert found.radius_km >= 1
    reach = distance_km(lat, lon, found.lat, found.lon)
    assert math.isfinite(reach)
    assert reach <= max(distance or 0.0, 30.0) + 0.01

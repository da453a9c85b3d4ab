from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.coordinates import parse
from geomap.errors import CoordinateError

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)
SECONDS = st.integers(0, 59)


@given(LATITUDES, LONGITUDES, st.sampled_from([", ", ",", ";", " "]))
def test_decimal_pairs_come_back(lat, lon, between):
    read = parse(f"{lat:.7f}{between}{lon:.7f}")
    assert read == pytest.approx((lat, lon), abs=1e-7)


@given(LATITUDES, LONGITUDES)
def test_iso_6709_comes_back(lat, lon):
    assert parse(f"{lat:+010.6f}{lon:+011.6f}/") == pytest.approx((lat, lon), abs=1e-6)


@given(st.integers(0, 89), SECONDS, SECONDS, st.sampled_from("NS"), st.integers(0, 179), SECONDS)
def test_each_way_to_write_minutes_reads_the_same(degrees, minutes, seconds, letter, east, more):
    pairs = {
        parse(f"{degrees} {minutes} {seconds} {letter} {east} {more} {seconds} E"),
        parse(f"{degrees}°{minutes}′{seconds}″{letter} {east}°{more}′{seconds}″E"),
        parse(f"{letter}{degrees} {minutes} {seconds} E{east} {more} {seconds}"),
        parse(f"{east} {more} {seconds} E, {degrees} {minutes} {seconds} {letter}"),
        parse(f"{degrees}:{minutes}:{seconds}{letter} {east}:{more}:{seconds}E"),
    }
    lat = degrees + minutes / 60 + seconds / 3600
    assert len(pairs) == 1
    assert pairs.pop()[0] == pytest.approx(lat if letter == "N" else -lat)


@given(st.text() | st.text("0123456789.,;+-°'\" NSEWnsewgeo:/", max_size=30))
def test_any_text_is_read_onto_the_earth_or_refused(text):
    try:
        lat, lon = parse(text)
    except CoordinateError:
        return
    assert -90 <= lat <= 90
    assert -180 <= lon <= 180


@given(st.integers(0, 89), st.integers(0, 9), st.integers(0, 179), st.integers(0, 9))
def test_decimal_commas_are_never_guessed(lat, tenth, lon, other):
    with pytest.raises(CoordinateError, match=rf"write {lat}\.{tenth}, {lon}\.{other}"):
        parse(f"{lat},{tenth} {lon},{other}")

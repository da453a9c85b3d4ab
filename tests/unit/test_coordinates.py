from __future__ import annotations

import warnings

import pytest

from geomap.coordinates import box_contains, checked, parse, swapped_hint
from geomap.errors import CoordinateError, InputError

AFGHANISTAN = box_contains(60.5, 29.4, 74.9, 38.5)


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("34.5, 66.1", 34.5, 66.1),
        ("34.5 66.1", 34.5, 66.1),
        ("34.5;66.1", 34.5, 66.1),
        (" (34.5, 66.1) ", 34.5, 66.1),
        ("34,71", 34, 71),
        ("+34.5 -066.10", 34.5, -66.1),
        ("\u221234.5, 66.1", -34.5, 66.1),
        ("34.5° 66.1°", 34.5, 66.1),
        ("34.5°N, 66.1°W", 34.5, -66.1),
        ("34.5n 66.1e", 34.5, 66.1),
        ("N34E66", 34, 66),
        ("34 30 00 N 66 06 00 E", 34.5, 66.1),
        ("34°30′00″N 66°06′00″E", 34.5, 66.1),
        ("34º30'0''S, 66º06'W", -34.5, -66.1),
        ("N34 30.5 E66 06.2", 34 + 30.5 / 60, 66 + 6.2 / 60),
        ("66 06 E 34 30 S", -34.5, 66.1),
        ("-34°30'00\", 66°06'00\"", -34.5, 66.1),
        ("34:30:00 66:06:00", 34.5, 66.1),
        ("+34.5+066.1/", 34.5, 66.1),
        ("-343000-0660600/", -34.5, -66.1),
        ("+3430.5+06606.2+1200CRSWGS_84/", 34 + 30.5 / 60, 66 + 6.2 / 60),
        ("geo:34.5,-66.1", 34.5, -66.1),
        ("geo:34.5,66.1,1200;crs=wgs84;u=35", 34.5, 66.1),
        ("۳۴٫۵، ۶۶٫۱", 34.5, 66.1),
        ("-0, -0", 0, 0),
    ],
)
def test_reads(text, lat, lon):
    assert parse(text) == pytest.approx((lat, lon), abs=1e-12)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no coordinates given"),
        ("()", "no coordinates given"),
        ("Kabul", "not a pair"),
        ("34.5", "not a pair"),
        ("34.5,", "not a pair"),
        ("37N", "not a pair"),
        ("34,5 66,1", r"write 34\.5, 66\.1"),
        ("34,5; -66,1", r"write 34\.5, -66\.1"),
        ("34,5,66,1", "decimal commas"),
        ("1e3,5", "exponents"),
        ("66.1E34.5N", "exponents"),
        ("nan, 5", "not a number"),
        ("5, -inf", "not a number"),
        ("91, 0", "latitude 91"),
        ("0, 181", "longitude 181"),
        ("134.5, 66.1", r"66\.1, 134\.5\?"),
        ("+91+000/", "latitude 91"),
        ("34 60 N 66 00 E", "less than 60"),
        ("34.5 30 N 66 E", "only the last"),
        ("-34 S 66 E", "leave one out"),
        ("34 N 66 S", "one of E and W"),
        ("34 30 00 66 06 00", "add N or S"),
        ("42SUD1234567890", "MGRS"),
        ("42S UD 12345 67890", "MGRS"),
        ("42S 512345 3812345", "UTM"),
        ("https://maps.example/@34.5,66.1", "web address"),
        ("geo:34.5,66.1;crs=moon", "moon"),
        ("1" * 500, "too long"),
    ],
)
def test_refuses_with_the_reason(text, why):
    with pytest.raises(CoordinateError, match=why):
        parse(text)


def test_a_refusal_is_an_input_error():
    assert issubclass(CoordinateError, InputError)


def test_warns_of_a_swapped_pair_and_gives_it_as_written():
    with pytest.warns(UserWarning, match="outside Afghanistan, 34.5, 66.1 inside"):
        assert parse("66.1, 34.5", country="Afghanistan", contains=AFGHANISTAN) == (66.1, 34.5)


@pytest.mark.parametrize("text", ["34.5, 66.1", "10, 20", "66.1 N 34.5 E"])
def test_does_not_warn_of_others(text):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        parse(text, country="Afghanistan", contains=AFGHANISTAN)


def test_a_country_needs_its_outline():
    with pytest.raises(TypeError, match="contains"):
        parse("34.5, 66.1", country="Afghanistan")


def test_no_hint_where_the_swapped_pair_is_off_the_earth():
    assert swapped_hint(10, 120, lambda lat, _: lat > 90) is None


@pytest.mark.parametrize(("lon", "inside"), [(179, True), (-179, True), (180, True), (0, False)])
def test_a_box_may_cross_the_antimeridian(lon, inside):
    assert box_contains(177, -20, -178, -12)(-17, lon) is inside


@pytest.mark.parametrize("pair", [(float("nan"), 0), (0, float("inf")), (-90.1, 0), (0, 200)])
def test_numbers_are_checked(pair):
    with pytest.raises(CoordinateError):
        checked(*pair)

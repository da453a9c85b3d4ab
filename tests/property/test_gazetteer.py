from __future__ import annotations

import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from geomap.errors import GazetteerError
from geomap.folding import fold, leading_spellings, spellings
from geomap.gazetteer import OwnName, distance_km
from geomap.gazetteer import own as own_module
from geomap.gazetteer.layers import Layer
from geomap.gazetteer.own_rows import names_as_csv, read_names
from geomap.gazetteer.shapes import split_at_antimeridian
from geomap.gazetteer.stack import Stack

# Whole tenths, so that points fall on edges, corners, poles and the antimeridian.
lats = st.integers(-900, 900).map(lambda tenths: tenths / 10)
lons = st.integers(-1800, 1800).map(lambda tenths: tenths / 10)
points = st.lists(st.tuples(lats, lons), min_size=1, max_size=60)
words = st.text(st.sampled_from("abcdeàßкабکابल日-' "), min_size=2, max_size=12).filter(
    lambda text: sum(map(str.isalpha, text)) > 1 and text == text.strip()
)


def places(located, country=None):
    return [
        OwnName(id=f"user:{i}", name=f"Place {i}", lat=lat, lon=lon, country=country)
        for i, (lat, lon) in enumerate(located)
    ]


def layer_of(names, tmp_path_factory):
    index = own_module._filled(names, tmp_path_factory.getbasetemp())
    return Layer(index, label="synthetic", units="names")


def ids(found):
    return {entry.row[0] for entry in found}


@given(
    located=points, west=lons, width=st.integers(1, 1799), south=lats, height=st.integers(1, 900)
)
def test_within_a_box_equals_brute_force(tmp_path_factory, located, west, width, south, height):
    north, east = min(90.0, south + height / 10), west + width / 10
    assume(north > south)
    stack = Stack([layer_of(places(located), tmp_path_factory)])
    found = ids(stack.inside(split_at_antimeridian(shapely.box(west, south, east, north))))

    def inside(lat, lon):
        turned = any(west <= lon + turn <= east for turn in (-360, 0, 360))
        return south <= lat <= north and (turned or abs(lat) == 90)

    assert found == {f"user:{i}" for i, point in enumerate(located) if inside(*point)}


@given(located=points, ring=st.lists(st.tuples(lons, lats), min_size=3, max_size=8))
def test_within_a_ring_equals_brute_force(tmp_path_factory, located, ring):
    # Rings away from the seams, which have one reading only.
    flat = [(lon * 0.49, lat * 0.9) for lon, lat in ring]
    area = shapely.make_valid(shapely.Polygon(flat))
    stack = Stack([layer_of(places(located), tmp_path_factory)])
    expected = {
        f"user:{i}"
        for i, (lat, lon) in enumerate(located)
        if area.intersects(shapely.Point(lon, lat))
    }
    assert ids(stack.inside(split_at_antimeridian(shapely.Polygon(flat)))) == expected


@given(located=points, lat=lats, lon=lons, radius_km=st.floats(0, 20_020))
def test_circle_equals_brute_force(tmp_path_factory, located, lat, lon, radius_km):
    stack = Stack([layer_of(places(located), tmp_path_factory)])
    found = stack.circle(lat, lon, radius_km)
    gaps = [gap for gap, _ in found]
    assert gaps == sorted(gaps)
    expected = {
        f"user:{i}" for i, point in enumerate(located) if distance_km(lat, lon, *point) <= radius_km
    }
    assert ids(entry for _, entry in found) == expected
    nearest, _ = stack.nearest(lat, lon, "P")
    assert nearest == min(distance_km(lat, lon, *point) for point in located)


@given(lower=points, upper=points)
def test_a_higher_layer_hides_the_same_ids(tmp_path_factory, lower, upper):
    low = layer_of(places(lower), tmp_path_factory)
    high = layer_of(places(upper, country="PK"), tmp_path_factory)
    stack = Stack([high, low])
    world = stack.inside([shapely.box(-180, -90, 180, 90)])
    assert len(world) == len(ids(world)) == max(len(lower), len(upper))
    for i in range(max(len(lower), len(upper))):
        place = stack.get(f"user:{i}")
        assert (place.lat, place.lon) == (upper[i] if i < len(upper) else lower[i])
        assert [named.place for named in stack.called(f"place {i}")] == [place]


@given(
    text=st.text(max_size=30), layers=st.lists(st.lists(words, max_size=5), min_size=1, max_size=3)
)
def test_prefixes_of_layers_are_those_of_each(tmp_path_factory, text, layers):
    built = [
        layer_of(
            [OwnName(id=f"user:{i}", name=name, lat=0.0, lon=0.0) for i, name in enumerate(names)],
            tmp_path_factory,
        )
        for names in layers
    ]
    for line in (fold(text), *(fold(name) + " on" for names in layers for name in names)):
        found = list(Stack(built).prefixes(line))
        known = {fold(name) for names in layers for name in names}
        assert found == sorted((n for n in known if line.startswith(n)), key=len)


names = st.builds(
    OwnName,
    id=st.from_regex(r"(user|geomap):[a-z0-9.-]{1,12}", fullmatch=True),
    name=words,
    lat=st.floats(-90, 90),
    lon=st.floats(-180, 180),
    admin1=st.none() | words,
    feature=st.sampled_from(["PPL", "MILB", "DAM"]),
    population=st.integers(0, 10**9),
    aliases=st.lists(words, max_size=3, unique=True).map(tuple),
    language=st.none() | st.sampled_from(["ps", "ur", "zh-Hant"]),
)


@given(listed=st.lists(names, min_size=1, max_size=8, unique_by=lambda name: name.id))
def test_a_list_written_reads_back_the_same(tmp_path_factory, listed):
    path = tmp_path_factory.getbasetemp() / "listed.csv"
    path.write_text(names_as_csv(listed), encoding="utf-8", newline="")
    assert read_names(path) == (listed, [])
    with own_module._filled(listed, path.parent).database as database:
        assert own_module._stored(database, path) == listed


@given(
    data=st.binary(max_size=200)
    | st.text(max_size=200).map(lambda t: f"name,lat,lon\n{t}".encode())
)
def test_any_file_is_read_or_told(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(data)
    read, problems = read_names(path)
    assert read or problems
    assert all("\n" not in problem.reason for problem in problems)


@given(data=st.binary(max_size=300))
def test_other_bytes_are_no_file_of_own_names(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.sqlite"
    path.write_bytes(data)
    with pytest.raises(GazetteerError) as caught:
        own_module._open(path)
    assert "\n" not in str(caught.value)


spelled = st.lists(
    st.sampled_from(
        ["saint", "st.", "st", "mt", "mount", "ft.", "fort", "ste", "sta.", "pt.", "port", "elbrus"]
    ),
    min_size=1,
    max_size=4,
).map(" ".join)


@given(name=spelled)
def test_spellings_lead_back(name):
    others = spellings(name)
    assert name not in others
    assert len(set(others)) == len(others)
    if len(others) <= 2:  # one such word: each form gives the others
        assert all(name in spellings(other) for other in others)
    word, forms = leading_spellings(name)
    assert name.startswith(word)
    assert {form + name[len(word) :] for form in forms} <= set(others)

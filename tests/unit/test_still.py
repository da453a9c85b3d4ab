"""Still maps: what is drawn, where, and in which words."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pandas as pd
import pytest
import shapely

import geomap as gm
from geomap.maps.given import marks_of
from geomap.maps.spots import Spots
from geomap.maps.still import static_map
from geomap.maps.still.ground import frame_around
from geomap.maps.still.picture import width_of
from geomap.maps.still.raster import require_matplotlib

SVG = "{http://www.w3.org/2000/svg}"


class Atlas:
    """One square country, its one town, and the outline of its one province."""

    def shapes(self, kind):
        shape = type("Shape", (), {})()
        shape.place_id, shape.country, shape.name = f"x:{kind}", "AA", "Westland"
        shape.wkb = shapely.to_wkb(shapely.box(0, 40, 10, 50))
        return [shape]

    def cities(self, *_box, limit):
        return [][:limit]

    def geometry(self, place):
        return shapely.box(2, 42, 4, 44) if place.name == "North" else None

    def country(self, _code):
        return None


def frame_of(*rows):
    """Return a frame of events; each row is a dict."""
    usual = {"type": "riot.mob", "lat": 45.0, "lon": 5.0, "place": "Westford"}
    return pd.DataFrame([usual | row for row in rows]).astype({"lat": float, "lon": float})


def drawn(frame, **options):
    return static_map(frame, gazetteer=Atlas(), **options)


def texts(made):
    return [node.text for node in ET.fromstring(made.svg).iter(f"{SVG}text")]  # noqa: S314 - ours


def test_a_picture_names_and_describes_itself():
    made = drawn(frame_of({}, {"lat": 46.0, "place": "Eastford"}), title="Two towns")
    root = ET.fromstring(made.svg)  # noqa: S314 - ours
    assert root.get("role") == "img"
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert title.text == "Two towns"
    assert desc.text == made.alt
    assert made.alt == (
        "Map of 2 incidents, without a date: Riots 2. Places: Eastford 1, Westford 1."
    )


def test_the_same_data_give_the_same_bytes():
    frame = frame_of({}, {"lat": 46.0})
    assert drawn(frame).svg == drawn(frame).svg
    assert drawn(frame).png == drawn(frame).png
    assert drawn(frame).pdf == drawn(frame).pdf


def test_names_legend_scale_and_credits_are_written():
    written = texts(drawn(frame_of({"lat": 44.7})))
    assert {"Westford", "WESTLAND", "Riots (1)"} <= set(written)
    assert any(re.fullmatch(r"\d+ km", words) for words in written)
    credit = next(words for words in written if "CC BY 4.0" in words)
    assert "GeoNames" in credit
    assert "Natural Earth" in credit


def test_what_is_known_to_its_country_is_told_and_never_drawn():
    vague = {"geo_precision": "country", "place": "Westland", "lat": None, "lon": None}
    made = drawn(frame_of({}, vague, vague))
    assert "Located only to country, so not drawn: Westland 2." in texts(made)
    assert "Riots (1)" in texts(made)
    assert made.alt.endswith("Located only to country, so not drawn: Westland 2.")


def test_a_province_is_hatched_and_the_legend_says_so():
    made = drawn(frame_of({"geo_precision": "province", "place": "North"}))
    assert "<pattern" in made.svg
    assert "Somewhere in the hatched area" in texts(made)
    assert "<pattern" not in drawn(frame_of({})).svg


def test_several_at_a_place_are_counted():
    written = texts(drawn(frame_of({}, {}, {})))
    assert "3" in written
    assert "So many incidents at a place" in written


def test_statuses_are_told_apart_and_denied_ones_left_out():
    rows = [{"status": "alleged"}, {"status": "planned", "lat": 46.0}, {"status": "denied"}]
    written = texts(drawn(frame_of(*rows)))
    assert {"Alleged", "Planned"} <= set(written)
    assert "Denied or hypothetical, so not drawn: 1." in written
    assert "Riots (2)" in written


def test_a_crowd_of_points_is_gathered():
    rows = [{"lat": 40 + n % 30 / 3, "lon": n // 30 / 2} for n in range(600)]
    numbers = [int(words) for words in texts(drawn(frame_of(*rows))) if words.isdigit()]
    assert 5 < len(numbers) < 300
    assert 500 < sum(numbers) <= 600


def test_the_map_of_nothing_says_so():
    made = static_map([], gazetteer=Atlas())
    assert made.alt == "A map without incidents."
    assert "No incidents" in texts(made)


def test_data_across_the_antimeridian_lie_side_by_side():
    made = drawn(
        frame_of({"lat": -17.0, "lon": 179.0}, {"lat": -18.0, "lon": -179.0, "place": "B"})
    )
    width, height = made.size
    assert width / height < 2.5
    frame = frame_around([179.0, -18.0, 181.0, -17.0], 1000.0, 0.0)
    assert 0 < frame.at(-17.0, 179.0)[0] < frame.at(-18.0, -179.0)[0] < 1000


@pytest.mark.parametrize(
    "bounds", [None, [0, 0, 0, 0], [-180, -85, 180, 85], [0, 89, 10, 90], [170, -1, 190, 1]]
)
def test_a_frame_holds_its_data_and_is_no_strip(bounds):
    frame = frame_around(bounds, 800.0, 10.0)
    assert 1 < frame.width / frame.height < 3
    if bounds:
        west, south, east, north = bounds
        assert frame.holds(*frame.at(min(north, 89.9), (west + east) / 2))
        assert frame.holds(*frame.at((south + north) / 2, west + 0.01))


def test_a_still_map_is_saved_in_three_forms(tmp_path):
    made = drawn(frame_of({}))
    heads = {"svg": b"<svg ", "png": b"\x89PNG", "pdf": b"%PDF"}
    for form, head in heads.items():
        path = tmp_path / f"map.{form}"
        made.save(path)
        assert path.read_bytes().startswith(head)
    with pytest.raises(gm.OutputError, match=r"\.svg, \.png or \.pdf"):
        made.save(tmp_path / "map.bmp")
    with pytest.raises(gm.OutputError, match="no folder"):
        made.save(tmp_path / "none" / "map.svg")


def test_notebooks_get_a_picture_that_exports_show():
    bundle = drawn(frame_of({}))._repr_mimebundle_()
    assert sorted(bundle) == ["image/png", "image/svg+xml", "text/plain"]


def test_a_live_map_carries_its_picture_in_a_notebook():
    live = gm.draw(frame_of({}), title="Here", gazetteer=Atlas(), layers_by="place")
    bundle = live._repr_mimebundle_(include=None, exclude=None)
    assert sorted(bundle) == ["image/png", "image/svg+xml", "text/plain"]
    assert "Westford (1)" in bundle["image/svg+xml"]
    assert "Here" in bundle["image/svg+xml"]


def test_without_matplotlib_the_svg_remains(monkeypatch, tmp_path):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    made = drawn(frame_of({}))
    assert "image/png" not in made._repr_mimebundle_()
    made.save(tmp_path / "map.svg")
    with pytest.raises(gm.OutputError, match=r"pip install 'geomap\[report\]'"):
        made.save(tmp_path / "map.png")
    with pytest.raises(gm.OutputError, match="a DOCX needs matplotlib"):
        require_matplotlib("a DOCX")


def test_wrong_options_are_refused():
    with pytest.raises(gm.InputError, match="borders"):
        drawn(frame_of({}), borders="all")
    with pytest.raises(gm.InputError, match="width"):
        drawn(frame_of({}), width=10)
    with pytest.raises(gm.InputError, match="not int"):
        static_map([1], gazetteer=Atlas())
    with pytest.raises(gm.InputError, match="type"):
        drawn(pd.DataFrame({"lat": [1.0]}))


def test_readings_are_grouped_first(reading_of):
    readings = [reading_of("a"), reading_of("b")]
    marks = marks_of(readings, Spots(Atlas()))
    assert len(marks) == 1
    assert len(marks[0].sources) == 2


def test_widths_grow_with_text_and_weight():
    assert width_of("", 12) == 0
    assert width_of("ill", 12) < width_of("mmm", 12)
    assert width_of("abc", 12) < width_of("abc", 12, bold=True)
    assert width_of("北京", 12) == 24

"""Whatever text is given, a report and a still map hold it as text."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from types import SimpleNamespace

import hypothesis.strategies as st
import pandas as pd
import pytest
import shapely
from hypothesis import example, given
from markdown_it import MarkdownIt

from geomap.elements import element, plain, web_address
from geomap.maps.still import static_map
from geomap.maps.still.ground import frame_around
from geomap.model import Casualties
from geomap.report.cases import in_total
from geomap.report.markdown import escaped

ANYTHING = st.text(st.characters(codec=None), max_size=60)
MARKUP = st.text(st.sampled_from("*_`[]()<>!#|~$^{}\\&;:/.-+=1a \n@\"'"), max_size=30)
TAGS = {"d", "p", "blockquote"}


class Atlas:
    """One square country."""

    def shapes(self, kind):
        wkb = shapely.to_wkb(shapely.box(0, 40, 10, 50))
        return [SimpleNamespace(place_id=kind, country="AA", name="Westland", wkb=wkb)]

    def cities(self, *_box, limit):
        return [][:limit]

    def geometry(self, _place):
        return None

    def country(self, _code):
        return None


ATLAS = Atlas()


def parsed(markup):
    return ET.fromstring(markup)  # noqa: S314 - ours


@given(ANYTHING)
def test_elements_hold_any_text(text):
    root = parsed(element("p", {"title": text}, text))
    # XML reads every break of a line as one sign, and one in an attribute as a blank.
    assert (root.text or "") == plain(text).replace("\r\n", "\n").replace("\r", "\n")
    assert len(root) == 0
    assert plain(plain(text)) == plain(text)


@given(st.one_of(ANYTHING, MARKUP), st.sampled_from(["{}", "word {} word", "> {}"]))
def test_markdown_holds_any_text(text, where):
    rendered = MarkdownIt("commonmark").render(where.replace("{}", escaped(text)))
    root = parsed(f"<d>{rendered}</d>")
    assert {node.tag for node in root.iter()} <= TAGS
    words = " ".join("".join(root.itertext()).split())
    assert " ".join(plain(text).split()) in words


@given(st.one_of(ANYTHING, MARKUP.map("https://a.example/{}".format)))
def test_addresses_are_ascii_without_what_ends_them(text):
    address = web_address(text)
    if address is not None:
        assert address.lower().startswith(("http://", "https://"))
        assert address.isascii()
        assert not set(address) & set(" <>\"'`(){}|\\^\n")


POSITIONS = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@example([(0.0, 0.0)], "0\r0")  # readers of XML make a line feed of it: failed one run in many
@given(st.lists(POSITIONS, min_size=1, max_size=6), ANYTHING)
def test_every_position_lies_in_its_frame(positions, text):
    frame = pd.DataFrame(
        {"type": "riot.mob", "lat": [p[0] for p in positions], "lon": [p[1] for p in positions]}
    )
    frame["place"] = pd.Series([text] * len(frame), dtype=object)
    made = static_map(frame, title=text, gazetteer=ATLAS)
    root = parsed(made.svg)
    assert plain(text).strip("\r\n") in (root.find("{*}title").text or "") or not text
    width, height = made.size
    assert 0.8 < width / height < 3


@pytest.mark.parametrize("width", [300.0, 1000.0])
@given(st.data())
def test_frames_hold_their_bounds(width, data):
    west, east = sorted((data.draw(st.floats(-180, 180)), data.draw(st.floats(-180, 180))))
    south, north = sorted((data.draw(st.floats(-90, 90)), data.draw(st.floats(-90, 90))))
    frame = frame_around([west, south, east, north], width, 0.0)
    middle = frame.at((south + north) / 2, (west + east) / 2)
    assert frame.holds(*middle)
    assert 1.2 < frame.width / frame.height < 3


TOLLS = st.builds(
    lambda low, more, most, is_open: Casualties(
        low=low, best=low + more, high=None if is_open else low + more + most
    ),
    st.integers(0, 50),
    st.integers(0, 9),
    st.integers(0, 9),
    st.booleans(),
)


@given(st.lists(TOLLS, max_size=6))
def test_totals_keep_their_order(tolls):
    total = in_total(tolls)
    assert (total is None) == (not tolls)
    if total:
        assert total.low <= total.best
        assert total.high is None or total.best <= total.high
        assert (total.high is None) == any(toll.high is None for toll in tolls)

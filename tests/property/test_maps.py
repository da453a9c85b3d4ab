"""What holds for every scene: quotes are verbatim, data blocks inert and complete."""

from __future__ import annotations

import json
from itertools import accumulate

import shapely
from hypothesis import given
from hypothesis import strategies as st

from geomap.maps.basemap import SCALE, encode_polygon
from geomap.maps.page import _block
from geomap.maps.scene import _marked
from geomap.model import Span

TEXTS = st.text(alphabet=st.characters(), max_size=80)
NO_SURROGATES = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=80)


@given(text=TEXTS, data=st.data())
def test_marked_quotes_are_verbatim(text, data):
    ends = st.integers(0, len(text))
    pairs = data.draw(st.lists(st.tuples(ends, ends), max_size=4))
    spans = [Span(start=min(pair), end=max(pair)) for pair in pairs]
    shown = data.draw(ends.map(lambda end: Span(start=0, end=end)))
    pieces = _marked(text, shown, [(span, "place") for span in spans])
    assert "".join(piece for _, piece in pieces) == shown.of(text)


@given(text=NO_SURROGATES)
def test_data_blocks_are_inert_and_complete(text):
    block = _block({"title": text, "incidents": [{"title": text}]})
    assert not set(block) & set("<>&\u2028\u2029")
    assert json.loads(block) == {"title": text, "incidents": [{"title": text}]}


@given(text=TEXTS)
def test_every_text_can_be_written(text):
    assert json.loads(_block({"title": text}).encode().decode())["title"] is not None


@given(
    west=st.integers(-179, 100),
    south=st.integers(-80, 60),
    wide=st.integers(1, 50),
    high=st.integers(1, 20),
)
def test_encoded_outlines_keep_their_bounds(west, south, wide, high):
    box = shapely.box(west, south, west + wide, south + high)
    ((ring,),) = encode_polygon(box)
    eastings, northings = list(accumulate(ring[::2])), list(accumulate(ring[1::2]))
    assert (min(eastings), max(eastings)) == (west * SCALE, (west + wide) * SCALE)
    assert (min(northings), max(northings)) == (south * SCALE, (south + high) * SCALE)

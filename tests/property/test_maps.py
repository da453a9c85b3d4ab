"""What holds for every scene: quotes are verbatim, data blocks inert and complete."""

from __future__ import annotations

import json
from itertools import accumulate

import shapely
from hypothesis import given
from hypothesis import strategies as st

from geomap.maps.basemap import SCALE, encode_polygon
from geomap.maps.marks import _marked, host_of
from geomap.maps.page import _block
from geomap.maps.scene import _joined, _steps
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


@given(pieces=st.lists(st.tuples(st.sampled_from(["text", "trigger", "place"]), NO_SURROGATES)))
def test_marks_of_quotes_cut_out_what_was_marked(pieces):
    text, marked = _joined(pieces)
    assert text == "".join(words for _, words in pieces)
    units = text.encode("utf-16-le")
    ends = zip(marked[::3], marked[1::3], strict=True)
    cut = [units[2 * at : 2 * (at + length)].decode("utf-16-le") for at, length in ends]
    assert cut == [words for kind, words in pieces if kind != "text"]


@given(numbers=st.lists(st.integers(-5, 10**6)))
def test_steps_add_up_to_the_numbers(numbers):
    assert list(accumulate(_steps(numbers))) == numbers


@given(url=TEXTS)
def test_only_http_and_https_have_a_host(url):
    assert host_of(url) is None or url.lower().startswith(("http://", "https://"))


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

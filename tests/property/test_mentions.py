from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geomap import mentions
from geomap.model import Article
from geomap.resolve import resolve

words = st.sampled_from(
    [
        "Kabul",
        "KABUL",
        "Kābul",
        "Sana'a",
        "Sana’a",
        "New",
        "York",
        "St.",
        "Louis",
        "U.S.",
        "Bannu",
        "district",
        "of",
        "the",
        "in",
        "near",
        "Afghan",
        "officials",
        "met",
        "20",
        "km",
        "north",
        "of",
        "Kharkiv",
        ",",
        ".",
        "(",
        ")",
        "'",
        "-",
        "\n",
        "\n\n",
        "President",
        "Khan",
        "Heart",
        "Asia",
        "كابل",
        "Ка́бул",
        "é",
        "\u200c",
    ]
)
texts = st.lists(st.one_of(words, st.text(max_size=6)), max_size=40).map(" ".join)
# The gazetteer is only read, so one for all examples is right.
relaxed = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)


@relaxed
@given(text=texts)
def test_spans_slice_to_the_mention_and_never_overlap(gazetteer, text):
    end = 0
    for mention in mentions.find(text, gazetteer):
        assert mention.span.of(text) == mention.text
        assert mention.text.strip() == mention.text != ""
        assert mention.span.start >= end
        assert 0 <= mention.score <= 1
        end = mention.span.end


@relaxed
@given(text=texts)
def test_resolutions_answer_every_mention_in_order(gazetteer, text):
    found = mentions.find(text, gazetteer)
    resolved = resolve(Article(text=text), found, gazetteer)
    assert tuple(r.mention for r in resolved) == found
    for resolution in resolved:
        scores = [c.score for c in resolution.candidates]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)
    assert resolve(Article(text=text), found, gazetteer) == resolved

from __future__ import annotations

from dataclasses import asdict

from hypothesis import given
from hypothesis import strategies as st

from geomap.evaluate import GoldArticle, Guess, Toponym, score
from geomap.model import Article, Span

TEXT = "abc def ghi jkl mno pqr"

spans = st.tuples(st.integers(0, 20), st.integers(1, 3)).map(
    lambda pair: Span(start=pair[0], end=pair[0] + pair[1])
)
# Marked names do not overlap one another.
slots = st.builds(
    lambda i, n: Span(start=3 * i, end=3 * i + n), st.integers(0, 6), st.integers(1, 3)
)
points = st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180))
ids = st.none() | st.sampled_from(["1", "2", "3"])
toponyms = st.builds(
    Toponym,
    span=slots,
    text=st.just("x"),
    point=points,
    geonames_id=ids,
    label=st.sampled_from([None, "PPL", "Demonym", "Non_Toponym"]),
)
guesses = st.lists(st.builds(Guess, span=spans, place_id=ids, point=points), max_size=8)
gold = st.lists(toponyms, max_size=7, unique_by=lambda t: t.span.start).map(
    lambda found: [GoldArticle(article=Article(id="a", text=TEXT), toponyms=tuple(found))]
)


@given(gold, guesses)
def test_figures_are_shares(marked, found):
    figures = asdict(score(marked, {"a": found}, is_demonym=bool))
    assert all(0 <= value <= 1 for key, value in figures.items() if key != "linked_gold")


@given(gold)
def test_the_gold_itself_is_perfect(marked):
    perfect = [
        Guess(span=t.span, place_id=t.geonames_id, point=t.point)
        for t in marked[0].toponyms
        if t.label != "Non_Toponym"
    ]
    found = score(marked, {"a": perfect}, is_demonym=lambda _: False)
    if found.linked_gold:
        assert found.det_f1 == found.id == 1.0


@given(gold, guesses)
def test_the_order_of_guesses_does_not_matter(marked, found):
    distinct = list({guess.span: guess for guess in found}.values())
    scores = [
        score(marked, {"a": order}, is_demonym=lambda _: False)
        for order in (distinct, distinct[::-1])
    ]
    assert scores[0] == scores[1]

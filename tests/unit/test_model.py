from __future__ import annotations

import dataclasses

import pytest

from geomap import errors, model
from geomap.model import Article, Candidate, Mention, Place, Resolution, Span, digest

KABUL = Place(
    id="geonames:1138958",
    name="Kabul",
    feature="PPLC",
    country="AF",
    admin1="Kabul",
    admin2=None,
    lat=34.52813,
    lon=69.17233,
)


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2)])
def test_a_span_has_an_order(start, end):
    with pytest.raises(ValueError, match=f"{start}..{end}"):
        Span(start=start, end=end)


def test_spans_touch_and_hold():
    word, rest, whole = Span(start=0, end=5), Span(start=5, end=9), Span(start=0, end=9)
    assert not word.overlaps(rest)
    assert word.overlaps(whole)
    assert whole.contains(rest)
    assert not rest.contains(whole)
    assert whole.contains(whole)
    assert word.of("Kabul fell") == "Kabul"


def test_an_article_is_known_by_its_text_and_url():
    article = Article(text="Kabul fell.")
    assert article.id == article.digest == Article(text="Kabul fell.").id
    assert Article(text="Kabul fell.", url="https://a.example").digest != article.digest
    assert Article(text="Kabul fell.", id="7").id == "7"
    assert Article(text="Kabul fell.", id="7").digest == article.digest
    assert len(Article(text="\ud800").digest) == 16


def test_digests_keep_parts_apart():
    assert digest("ab", "c") != digest("a", "bc")
    assert digest() != digest("")


def test_none_of_these_is_an_answer():
    mention = Mention(span=Span(start=0, end=5), text="Kabul")
    candidates = (Candidate(place=KABUL, score=0.2),)
    assert Resolution(mention=mention, candidates=candidates).place == KABUL
    assert Resolution(mention=mention, candidates=candidates, accepted=False).place is None
    assert Resolution(mention=mention).place is None


def test_an_event_needs_its_proof():
    fields = {f.name: None for f in dataclasses.fields(model.Event)}
    with pytest.raises(ValueError, match="evidence"):
        model.Event(**{**fields, "evidence": ()})


@pytest.mark.parametrize("name", [n for n in model.__all__ if n[0].isupper()])
def test_values_are_frozen_and_slotted(name):
    value = getattr(model, name)
    if not dataclasses.is_dataclass(value):
        return
    assert value.__dataclass_params__.frozen
    assert "__slots__" in vars(value)
    assert all(f.kw_only or not f.init for f in dataclasses.fields(value))


@pytest.mark.parametrize("name", errors.__all__)
def test_every_error_is_ours_and_a_builtin(name):
    error = getattr(errors, name)
    assert issubclass(error, errors.GeomapError)
    builtins = {ValueError, OSError, RuntimeError, LookupError}
    assert error is errors.GeomapError or any(issubclass(error, b) for b in builtins)
    assert name in errors.__doc__


def test_errors_carry_what_the_caller_needs():
    error = errors.PlaceNotFoundError("Kandhar", ("Kandahar",))
    assert (error.name, error.suggestions) == ("Kandhar", ("Kandahar",))
    assert str(error) == "no place named 'Kandhar': did you mean Kandahar?"
    assert str(errors.PlaceNotFoundError("Xq")) == "no place named 'Xq'"
    assert errors.ArticleError("a.txt:3", "is empty").where == "a.txt:3"

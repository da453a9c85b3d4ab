from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from geomap.folding import fold, fold_mapped

texts = st.text(
    alphabet=st.one_of(
        st.sampled_from("aAéßæ'’- \n\tکيآ\u0301\u200cİıŁ가"), st.characters(codec="utf-8")
    )
)


@given(texts)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(texts)
def test_a_running_text_folds_as_a_name_does(text):
    assert fold_mapped(text).text.split() == fold(text).split()


@given(texts)
def test_every_folded_character_came_from_the_text(text):
    folded = fold_mapped(text)
    origins = [folded.start(index) for index in range(len(folded.text))]
    assert all(0 <= origin < len(text) for origin in origins)
    assert origins == sorted(origins)
    assert all(folded.at(origin) <= i for i, origin in enumerate(origins))

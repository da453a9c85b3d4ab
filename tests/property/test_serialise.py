from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from geomap.serialise import safe_cell


@given(st.text())
def test_a_cell_never_begins_like_a_formula_and_loses_nothing(text):
    cell = safe_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell in (text, f"'{text}")


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_a_cell_survives_the_file(text):
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow([safe_cell(text)])
    buffer.seek(0)
    assert next(csv.reader(buffer)) == [safe_cell(text)]

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.articles import read_articles
from geomap.articles.parts import parts, read_part
from geomap.errors import ArticleError

TEXTS = st.text(st.sampled_from("abc \n\r\",;'\té国𐀀\u2028\x85"), min_size=0, max_size=30)
ROWS = st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=25)


def as_csv(rows, ending):
    file = io.StringIO()
    writer = csv.writer(file, lineterminator=ending)
    writer.writerow(["title", "text"])
    writer.writerows(rows)
    return file.getvalue().encode()


def as_json(rows, ending):
    lines = [json.dumps({"title": t, "text": x}, ensure_ascii=t == "a") for t, x in rows]
    return ending.join([*lines, ""]).encode()


def whole(path):
    problems = []
    articles = list(read_articles(path, on_error=problems.append))
    return articles, [str(problem) for problem in problems]


def in_parts(path, size):
    found = list(parts(path, part_bytes=size))
    items = [item for part in found for item in read_part(part)]
    articles = [item for item in items if not isinstance(item, ArticleError)]
    return (articles, [str(i) for i in items if isinstance(i, ArticleError)]), found


@settings(max_examples=150)
@given(
    rows=ROWS,
    form=st.sampled_from(["csv", "jsonl"]),
    ending=st.sampled_from(["\n", "\r\n"]),
    bad=st.sampled_from([b"", b"nonsense\n", b"\n\n", b"\xff\xfe,\n", b'"open']),
    size=st.integers(1, 400),
)
def test_cuts_change_nothing(tmp_path_factory, rows, form, ending, bad, size):
    path = tmp_path_factory.mktemp("parts") / f"rows.{form}"
    data = (as_csv if form == "csv" else as_json)(rows, ending)
    middle = data.find(b"\n", len(data) // 2) + 1
    path.write_bytes(data[:middle] + bad + data[middle:])
    cut, found = in_parts(path, size)
    assert cut == whole(path)
    ends = [part.end for part in found]
    if len(found) > 1:
        assert [part.start for part in found] == [0, *ends[:-1]]
    assert len({part.digest for part in found}) == len(found)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_known_parts_are_not_looked_for(tmp_path, form, monkeypatch):
    path = tmp_path / f"rows.{form}"
    rows = [("a", f"Kabul {n}") for n in range(200)]
    path.write_bytes((as_csv if form == "csv" else as_json)(rows, "\n"))
    found = list(parts(path, part_bytes=500))
    assert len(found) > 4
    assert all(part.lines for part in found) == (form == "csv")
    by_start = {part.start: (part.end, part.lines) for part in found}
    monkeypatch.setattr("geomap.articles.parts.csv_rows", None)
    again = parts(path, part_bytes=500, known=lambda part: by_start.get(part.start))
    assert list(again) == found

from __future__ import annotations

import tempfile
from contextlib import closing, suppress
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.gazetteer.dump import build_dump_index
from geomap.gazetteer.dump.rows import RowError, parse_name, parse_place
from geomap.gazetteer.index import index_problems, name_key, open_index

GOOD = [
    "1",
    "Zar",
    "Zar",
    "",
    "34",
    "71",
    "P",
    "PPL",
    "PK",
    "",
    "",
    "",
    "",
    "",
    "5",
    "",
    "",
    "",
    "",
]
NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(
    str.strip
)


@given(st.integers(0, 18), st.text(max_size=8))
def test_a_damaged_column_is_refused_or_stays_within_bounds(column, text):
    columns = [*GOOD[:column], text, *GOOD[column + 1 :]]
    with suppress(RowError):
        place = parse_place("\t".join(columns).encode("utf-8", "surrogatepass"))
        assert -90 <= place.lat <= 90
        assert -180 <= place.lon <= 180
        assert place.name
        assert place.population >= 0
        assert "\r" not in "".join(map(str, place))
        assert "\0" not in "".join(map(str, place))


@given(st.binary(max_size=60))
def test_any_bytes_are_a_row_or_refused(line):
    for parse in (parse_place, parse_name):
        with suppress(RowError):
            parse(line)


@settings(max_examples=25, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=30))
def test_every_name_is_found_again_at_its_place(names):
    rows = ["\t".join([str(n), name, *GOOD[2:]]) for n, name in enumerate(names, start=1)]
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "PK.txt", Path(folder) / "index"
        source.write_bytes("\n".join(rows).encode())
        assert build_dump_index(source, target).places == len(names)
        index = open_index(target)
        with closing(index.database) as database:
            for n, name in enumerate(names, start=1):
                for key in filter(None, {name_key(name), "zar"}):
                    found = database.execute(
                        "SELECT id FROM posting JOIN place ON row = place WHERE key = ?",
                        (index.trie[key],),
                    ).fetchall()
                    assert (f"geonames:{n}",) in found
            assert index_problems(index) == []

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from geomap.errors import GazetteerError, IndexDamagedError
from geomap.gazetteer import Gazetteer, dump_folder
from geomap.gazetteer.dump import build_dump_index, files
from geomap.gazetteer.index import KIND_RANKS, index_problems, name_key, open_index

RANK_NAMES = {rank: kind for kind, rank in KIND_RANKS.items()}


def row(number=1, name="Zarkot", other="", lat="34.1", lon="71.2", **changes):
    """Return one row of a country file."""
    columns = {
        "id": number, "name": name, "ascii": name, "other": other, "lat": lat, "lon": lon,
        "cls": "P", "feature": "PPL", "country": "PK", "cc2": "", "admin1": "03", "admin2": "",
        "admin3": "", "admin4": "", "population": "500", "elevation": "", "dem": "",
        "zone": "Asia/Karachi", "modified": "2024-01-01",
    }  # fmt: skip
    return "\t".join(str(value) for value in (columns | changes).values())


def alternate(place, language, name, flags="", until=""):
    """Return one row of alternateNamesV2; `flags` holds any of p, s, c, h."""
    marks = ["1" if flag in flags else "" for flag in "psch"]
    return "\t".join(["9", str(place), language, name, *marks, "", until])


def zipped(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.txt", text)
    return path


OWN_PLACES = [
    {"id": "geomap:ppl.pk.bar-zarkot", "name": "Bar Zarkot", "feature": "PPL", "cls": "P",
     "country": "PK", "admin1": "03", "admin2": None, "lat": 34.12, "lon": 71.22,
     "population": 900},
    {"id": "geonames:777", "name": "Shipped", "feature": "PPL", "cls": "P", "country": "PK",
     "admin1": "03", "admin2": None, "lat": 34.1, "lon": 71.2, "population": 0},
    {"id": "geomap:adm2.PK.03.77", "name": "Lower Zarkot", "feature": "ADM2", "cls": "A",
     "country": "PK", "admin1": "03", "admin2": "77", "lat": 30.0, "lon": 71.0, "population": 0},
    {"id": "geomap:ppl.pk.shipped", "name": "Shipped", "feature": "PPL", "cls": "P",
     "country": "PK", "admin1": "03", "admin2": None, "lat": 34.1, "lon": 71.2, "population": 0},
]  # fmt: skip
OWN_PLACES.append(
    OWN_PLACES[0] | {"id": "geomap:gulf.xx.zar", "name": "Gulf of Zar", "feature": "GULF",
                     "cls": "H", "country": None, "admin1": None, "lat": 12.0, "lon": 48.0}
)  # fmt: skip
OWN_NAMES = [
    (0, "Bar Zarkot", "c", None),
    (0, "Upper Zarkot", "a", "en"),
    (1, "Shipped", "c", None),
    (2, "Lower Zarkot", "c", None),
    (3, "Shipped", "c", None),
    (4, "Gulf of Zar", "c", None),
]


@pytest.fixture(autouse=True)
def small_gazetteer(artefact_of):
    artefact_of(OWN_PLACES, OWN_NAMES)


@pytest.fixture
def dump(tmp_path):
    folder = tmp_path / "dump"
    folder.mkdir()
    return folder


@pytest.fixture
def target(tmp_path):
    return tmp_path / "index"


def build(dump, target, *rows, **tables):
    """Build from PK.txt with these rows and tables given by file name."""
    (dump / "PK.txt").write_text("\n".join(rows) + "\n", encoding="utf-8", newline="")
    for name, lines in tables.items():
        (dump / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return build_dump_index(dump, target)


def called(target, name):
    """Return {id: kind} of the places of a name."""
    index = open_index(target)
    with closing(index.database) as database:
        key = index.trie.get(name_key(name))
        rows = database.execute(
            "SELECT place.id, kind FROM posting JOIN place ON row = place WHERE key = ?", (key,)
        )
        return {place.removeprefix("geonames:"): RANK_NAMES[kind] for place, kind in rows}


def place(target, number):
    with closing(open_index(target).database) as database:
        return database.execute(
            "SELECT name, feature, cls, country, admin1, admin2, lat, lon, population FROM place "
            "WHERE id = ?",
            (f"geonames:{number}",),
        ).fetchone()


def test_a_country_file_becomes_an_index(dump, target):
    report = build(dump, target, row(1, "Zarkot", "Zar Kot,زرکوټ"), row(2, "Far Zarkot"))
    assert (report.places, report.names, report.bad_rows, report.problems) == (2, 4, 0, ())
    assert called(target, "ZARKOT") == {"1": "c"}
    assert called(target, "Zar-Kot") == {"1": "a"}
    assert called(target, "زرکوټ") == {"1": "a"}
    assert place(target, 1) == ("Zarkot", "PPL", "P", "PK", "03", None, 34.1, 71.2, 500)
    assert index_problems(open_index(target)) == []
    assert sorted(path.name for path in target.iterdir()) == [
        "meta.json",
        "names.marisa",
        "places.sqlite",
    ]


def test_zips_are_streamed_and_text_files_hide_their_zip(dump, target):
    zipped(dump / "PK.zip", PK=row(1, "Old"), readme="not a row")
    zipped(dump / "AF.zip", AF=row(2, "Zipped", country="AF"))
    report = build(dump, target, row(1, "New"))
    assert [Path(file).name for file in report.files] == ["AF.txt", "PK.txt"]
    assert called(target, "Zipped") == {"2": "c"}
    assert called(target, "Old") == {}


@pytest.mark.parametrize("name", ["PK.zip", "AF.txt", "mine.txt", "mine.zip"])
def test_a_single_file_is_enough(tmp_path, target, name):
    source = tmp_path / name
    if source.suffix == ".zip":
        zipped(source, **{source.stem: row()})
    else:
        source.write_text(row(), encoding="utf-8")
    assert build_dump_index(source, target).places == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (row().rpartition("\t")[0], "18 columns instead of 19"),
        (row() + "\tmore", "20 columns instead of 19"),
        (row(name="Zar\0kot"), "a NUL character"),
        (row(name="Zar\rkot"), "a carriage return within the row"),
        (row(lat="91"), "latitude 91 is not between -90 and 90"),
        (row(lon="-200"), "longitude -200 is not between -180 and 180"),
        (row(lat="NaN"), "latitude NaN is not between -90 and 90"),
        (row(lon="inf"), "longitude inf is not between -180 and 180"),
        (row(lat=""), "latitude '' is no number"),
        (row(lat="3_4"), "latitude '3_4' is no number"),
        (row("x7"), "id 'x7' is no GeoNames id"),
        (row("²"), "id '²' is no GeoNames id"),
        (row(10**12), "id '1000000000000' is no GeoNames id"),
        (row(0), "id '0' is no GeoNames id"),
        (row(7), "id 7 stands further up already"),
        (row(name=" "), "no name"),
        (row(country="PAK"), "country 'PAK' is no ISO alpha-2 code"),
        (row(population="many"), "population 'many' is no number of people"),
        (row(population="9" * 19), f"population '{'9' * 19}' is no number of people"),
    ],
)
def test_a_bad_row_is_told_and_costs_no_other(dump, target, line, reason):
    report = build(dump, target, row(7, "First"), line, row(8, "Last"))
    assert report.problems == (f"{dump / 'PK.txt'}:2: {reason}",)
    assert (report.bad_rows, report.places) == (1, 2)
    assert called(target, "Last") == {"8": "c"}


def test_bytes_that_are_not_utf8_are_a_bad_row(dump, target):
    (dump / "PK.txt").write_bytes(b"\n".join([row(1).encode(), b"2\tZ\xff\t", row(3).encode()]))
    report = build_dump_index(dump, target)
    assert report.problems == (f"{dump / 'PK.txt'}:2: not UTF-8 (byte 4)",)
    assert report.places == 2


def test_only_the_first_bad_rows_are_told_but_all_are_counted(dump, target):
    report = build(dump, target, row(1), *["no row"] * 1000)
    assert report.bad_rows == 1000
    assert len(report.problems) == 20


def test_line_ends_of_windows_are_no_part_of_the_row(dump, target):
    (dump / "PK.txt").write_bytes(f"{row(1)}\r\n{row(2)}\r\n".encode())
    assert build_dump_index(dump, target).places == 2


def test_a_place_of_two_files_is_taken_once(dump, target):
    (dump / "cities500.txt").write_text(row(1, "Elsewhere") + "\n" + row(2, "Other"))
    report = build(dump, target, row(1, "Zarkot"))
    assert (report.places, report.repeated, report.bad_rows) == (2, 1, 0)
    assert place(target, 1)[0] == "Zarkot"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (alternate(1, "ps", "Zed"), "a"),
        (alternate(1, "", "Zed"), "a"),
        (alternate(1, "en", "Zed", "p"), "c"),
        (alternate(1, "fr", "Zed", "p"), "a"),
        (alternate(1, "en", "Zed", "s"), "x"),
        (alternate(1, "en", "Zed", "c"), "x"),
        (alternate(1, "abbr", "Zed"), "x"),
        (alternate(1, "en", "Zed", "ps"), "x"),
        (alternate(1, "en", "Zed", "h"), "h"),
        (alternate(1, "en", "Zed", "ph"), "h"),
        (alternate(1, "en", "Zed", until="1947"), "h"),
        (alternate(1, "en", "Zed", until="9999"), "a"),
        (alternate(1, "en", "Zed").rpartition("\t")[0].rpartition("\t")[0], "a"),
        (alternate(1, "link", "Zed"), None),
        (alternate(1, "iata", "Zed"), None),
        (alternate(1, "unlc", "Zed"), None),
        (alternate(2, "en", "Zed"), None),
    ],
)
def test_kinds_of_alternate_names(dump, target, line, kind):
    report = build(dump, target, row(1), alternateNamesV2=[line])
    assert called(target, "zed") == ({"1": kind} if kind else {})
    assert report.unmatched == (line.split("\t")[1] == "2")
    assert index_problems(open_index(target)) == []


def test_what_is_told_of_a_name_outranks_its_mere_listing(dump, target):
    report = build(
        dump,
        target,
        row(1, "Zarkot", "Old Fort,ZRKA1,Fort,New Fort"),
        alternateNamesV2=[
            alternate(1, "en", "Old Fort", "h"),
            alternate(1, "icao", "ZRKA1"),
            alternate(1, "en", "Fort"),
            alternate(1, "ur", "Zarkot", "h"),
        ],
    )
    kinds = {n: called(target, n).get("1") for n in ("Zarkot", "Old Fort", "Fort", "New Fort")}
    assert kinds == {"Zarkot": "c", "Old Fort": "h", "Fort": "a", "New Fort": "a"}
    assert called(target, "ZRKA1") == {}
    assert report.names == 4


def test_capitals_are_codes_but_for_countries_and_units(dump, target):
    build(dump, target, row(1, "Zarkot", "ZRK,12"), row(2, "Union", "UZK", cls="A", feature="PCLI"))
    assert called(target, "ZRK") == called(target, "12") == {}
    assert called(target, "UZK") == {"2": "a"}


def test_the_name_that_english_prefers_is_the_places_name(dump, target):
    build(dump, target, row(1, "Zarkoṯ"), alternateNamesV2=[alternate(1, "en", "Goldfort", "p")])
    assert place(target, 1)[0] == "Goldfort"
    assert called(target, "Zarkot") == called(target, "Goldfort") == {"1": "c"}


def test_bad_rows_of_other_tables_are_told(dump, target):
    report = build(
        dump,
        target,
        row(1),
        alternateNamesV2=["1\t1\ten", alternate("x", "en", "Zed"), alternate(1, "en", "")],
        hierarchy=["1"],
        admin1CodesASCII=["PK.03\tNorth\tNorth", "PK\tNorth\tNorth\t5"],
        countryInfo=["#ISO", "PK\tPAK"],
    )
    reasons = sorted(problem.partition(".txt:")[2] for problem in report.problems)
    assert reasons == [
        "1: 3 columns instead of 10",
        "1: 3 columns instead of 4",
        "1: no pair of ids",
        "2: 'PK' is no code of a unit",
        "2: 2 columns instead of 19",
        "2: id 'x' is no GeoNames id",
        "3: no name",
    ]
    assert report.places == 1


def test_country_and_unit_tables_fill_what_rows_lack(dump, target):
    country = ["PK", "PAK", "586", "PK", "Zarkistan", "", "", "900", *[""] * 8, "10", "", ""]
    build(
        dump,
        target,
        row(10, "Republic of Zarkistan", feature="PCLI", cls="", admin1="00", population=""),
        row(11, "Northland", feature="", cls="", admin1="", population="7"),
        row(12, "Zarkot", population="40"),
        row(13, "Big Zarkot", lat="35.5", population="60"),
        countryInfo=["\t".join(country)],
        featureCodes_en=["A.PCLI\tindependent\t", "null\tnot available\t"],
        admin1CodesASCII=["PK.03\tNorth\tNorth\t11"],
        admin2Codes=["PK.03.77\tLower\tLower\t78", "PK.09.1\tNowhere\tNowhere\t79"],
    )
    assert place(target, 10)[:5] == ("Zarkistan", "PCLI", "A", "PK", None)
    assert place(target, 10)[8] == 900
    assert called(target, "Republic of Zarkistan") == {"10": "c"}
    assert place(target, 11)[:5] == ("Northland", "ADM1", "A", "PK", "03")
    assert called(target, "north") == {"11": "c"}
    assert place(target, 78) is None


def test_a_unit_without_a_row_stands_at_its_largest_town(dump, target):
    report = build(
        dump,
        target,
        row(12, population="40"),
        row(13, lat="35.5", population="60"),
        admin1CodesASCII=["PK.03\tNorth\tNorth\t11"],
    )
    assert report.seated == 1
    assert place(target, 11) == ("North", "ADM1", "A", "PK", "03", None, 35.5, 71.2, 100)
    assert called(target, "North") == {"11": "c"}


def test_the_hierarchy_fills_units_and_its_faults_do_no_harm(dump, target):
    lost = {"admin1": ""}
    report = build(
        dump,
        target,
        row(1, "North", cls="A", feature="ADM1", admin1="03"),
        row(2, "Lower", cls="A", feature="ADM2", admin1="03", admin2="77"),
        row(3, "Village", **lost),
        row(4, "Looped", **lost),
        row(5, "Orphan", **lost),
        row(6, "Abroad", country="AF", **lost),
        row(7, "Nearly", **lost),
        hierarchy=[
            "2\t3\tADM", "1\t2\tADM", "4\t4\tADM", "999\t5\tADM", "1\t6\tADM", "8\t7\t", "1\t8\t",
            "1\t5\ttourism",
        ],
    )  # fmt: skip
    units = [place(target, n)[4:6] for n in (3, 4, 5, 6, 7)]
    assert units == [("03", "77"), (None, None), (None, None), (None, None), ("03", None)]
    assert report.filled == 2


def test_a_member_with_a_path_is_left_alone(dump, target):
    with zipfile.ZipFile(dump / "PK.zip", "w") as archive:
        archive.writestr("PK.txt", row(1))
        archive.writestr("../AF.txt", row(2))
        archive.writestr("/etc/IQ.txt", row(3))
        archive.writestr("..\\IR.txt", row(4))
    assert build_dump_index(dump, target).places == 1
    assert not (dump.parent / "AF.txt").exists()


def spoil(path, kind):
    """Write a dump file that cannot be used."""
    good = zipped(path, PK="\n".join(row(n, f"Zar{n * 7919 % 10007}") for n in range(1, 3000)))
    data = bytearray(good.read_bytes())
    if kind == "truncated":
        path.write_bytes(data[: len(data) // 2])
    elif kind == "corrupt":
        data[2000:2100] = bytes(100)
        path.write_bytes(data)
    elif kind == "encrypted":
        directory = data.rindex(b"PK\x01\x02")
        data[6] |= 1
        data[directory + 8] |= 1
        path.write_bytes(data)
    elif kind == "bomb":
        zipped(path, PK=row() + "\n" + "\n" * 2**26)
    elif kind == "empty member":
        zipped(path, PK="")
    elif kind == "no rows":
        zipped(path, PK="nothing\n")
    elif kind == "one line":
        zipped(path, PK="".join(str(n * 7919 % 10007) for n in range(2**17)))
    elif kind == "no member":
        zipped(path, readme="a")
    elif kind == "empty":
        path.write_bytes(b"")


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("truncated", "a damaged zip"),
        ("corrupt", "a damaged zip"),
        ("encrypted", "encrypted"),
        ("bomb", "refused"),
        ("empty member", "the file is empty"),
        ("no rows", "no place could be read"),
        ("one line", "a line of more than"),
        ("no member", "no GeoNames dump file"),
        ("empty", "a damaged zip"),
    ],
)
def test_an_unusable_file_is_one_line_and_the_old_index_stays(tmp_path, target, kind, reason):
    folder = tmp_path / "dump"
    folder.mkdir()
    build(folder, target, row(1, "Kept"))
    source = tmp_path / "PK.zip"
    spoil(source, kind)
    with pytest.raises(GazetteerError, match=reason) as caught:
        build_dump_index(source, target)
    assert str(caught.value).startswith(str(source))
    assert "\n" not in str(caught.value)
    assert called(target, "Kept") == {"1": "c"}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["PK.zip", "dump", "index", "index.lock"]


def test_more_lines_than_geonames_has_are_refused(dump, target, monkeypatch):
    monkeypatch.setitem(files._MAX_LINES, "places", 5)
    with pytest.raises(GazetteerError, match="more than 5 lines"):
        build(dump, target, *map(row, range(1, 8)))


@pytest.mark.parametrize("name", ["nowhere", "dump"])
def test_a_source_without_files_is_told(dump, target, name):
    with pytest.raises(GazetteerError, match=name):
        build_dump_index(dump.parent / name, target)
    assert not target.exists()


@pytest.mark.parametrize(
    "at",
    ["reading the dump", "gathering names", "sorting names", "writing names", "sorting places"],
)
def test_cancelling_leaves_the_old_index(dump, target, at):
    build(dump, target, row(1, "Kept"))
    (dump / "AF.txt").write_text(row(2, "Later"))

    def cancel(step, _share):
        if step == at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_dump_index(dump, target, progress=cancel)
    assert called(target, "Kept") == {"1": "c"}
    assert not list(dump.parent.glob("index.building-*"))


def test_progress_rises_to_one(dump, target):
    (dump / "PK.txt").write_text(row())
    steps = []
    build_dump_index(dump, target, progress=lambda step, share: steps.append((share, step)))
    assert [share for share, _ in steps] == sorted(share for share, _ in steps)
    assert steps[-1] == (1.0, "done")


def in_child(code, *paths):
    program = (
        f"import sys\nfrom pathlib import Path\nSOURCE, TARGET = map(Path, sys.argv[1:3])\n{code}"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, paths)], stderr=subprocess.PIPE, text=True
    )


def test_a_full_disk_is_one_line_and_the_old_index_stays(dump, target):
    build(dump, target, row(1, "Kept"))
    (dump / "AF.txt").write_text("\n".join(row(n, f"Zar {n}") for n in range(2, 20_000)))
    child = in_child(
        "import resource\n"
        "from geomap.gazetteer.dump import build_dump_index\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))\n"
        "build_dump_index(SOURCE, TARGET)",
        dump,
        target,
    )
    _, errors = child.communicate(timeout=60)
    assert errors.splitlines()[-1].startswith("geomap.errors.GazetteerError: ")
    assert "cannot be written" in errors.splitlines()[-1]
    assert called(target, "Kept") == {"1": "c"}
    assert not list(dump.parent.glob("index.building-*"))


def test_a_killed_build_leaves_the_old_index_and_the_next_one_clears_up(dump, target):
    build(dump, target, row(1, "Kept"))
    child = in_child(
        "import time\n"
        "from geomap.gazetteer.dump import build_dump_index\n"
        "def wait(step, share):\n"
        "    if step == 'sorting names': time.sleep(60)\n"
        "build_dump_index(SOURCE, TARGET, progress=wait)",
        dump,
        target,
    )
    until = time.monotonic() + 30
    while not list(dump.parent.glob("index.building-*/names.marisa")):
        assert time.monotonic() < until
        time.sleep(0.05)
    os.kill(child.pid, signal.SIGKILL)
    child.communicate(timeout=30)
    assert called(target, "Kept") == {"1": "c"}
    build(dump, target, row(1, "Again"))
    assert called(target, "Again") == {"1": "c"}
    assert not list(dump.parent.glob("index.building-*"))


def test_an_index_that_was_moved_aside_by_a_killed_build_comes_back(dump, target):
    build(dump, target, row(1, "Kept"))
    aside = target.with_name("index.building-x1")
    aside.mkdir()
    target.rename(aside / "replaced")
    (dump / "PK.txt").write_text("no row")
    with pytest.raises(GazetteerError):
        build_dump_index(dump, target)
    assert called(target, "Kept") == {"1": "c"}


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs a folder nobody can write to")
def test_a_folder_that_cannot_be_written_is_one_line(dump):
    (dump / "PK.txt").write_text(row())
    with pytest.raises(GazetteerError, match="cannot be written") as caught:
        build_dump_index(dump, Path("/proc/geomap/index"))
    assert "\n" not in str(caught.value)


def test_an_empty_text_file_is_one_line_and_the_old_index_stays(dump, target):
    build(dump, target, row(1, "Kept"))
    (dump / "AF.txt").write_bytes(b"")
    with pytest.raises(GazetteerError, match=r"AF\.txt: the file is empty"):
        build_dump_index(dump, target)
    assert called(target, "Kept") == {"1": "c"}


def test_two_builds_at_once_both_end_well(dump, target):
    (dump / "PK.txt").write_text("\n".join(row(n, f"Zar {n}") for n in range(1, 2000)))
    reports = []
    threads = [
        threading.Thread(target=lambda: reports.append(build_dump_index(dump, target)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [report.places for report in reports] == [1999, 1999]
    assert index_problems(open_index(target)) == []


def stacked(tmp_path, target):
    """Return the small gazetteer with an index of a dump below it."""
    return Gazetteer(tmp_path / "cache", indexes=[target], own=False)


def test_several_sources_are_one_index(tmp_path, target):
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "IQ.txt").write_text(row(3, "Third", country="IQ"))
    first = zipped(tmp_path / "PK.zip", PK=row(1, "First"))
    second = zipped(tmp_path / "AF.zip", AF=row(2, "Second", country="AF") + "\n" + row(1, "No"))
    report = build_dump_index([first, second, folder], target)
    assert (report.places, report.repeated) == (3, 1)
    assert [Path(file).name for file in report.files] == ["PK.txt", "AF.txt", "IQ.txt"]
    assert place(target, 1)[0] == "First"
    with closing(open_index(target).database) as database:
        taken = database.execute("SELECT name, size, url FROM origin").fetchall()
    sizes = [(path.name, path.stat().st_size, None) for path in (first, second, folder / "IQ.txt")]
    assert taken == sizes


@pytest.mark.parametrize("folder", ["alternatenames", "elsewhere"])
def test_a_countrys_names_are_told_from_its_places_by_their_columns(tmp_path, target, folder):
    (tmp_path / "dump" / folder).mkdir(parents=True)
    zipped(tmp_path / "dump" / "PK.zip", PK=row(1))
    zipped(tmp_path / "dump" / folder / "PK.zip", PK=alternate(1, "fa", "Zed"))
    sources = [tmp_path / "dump"]
    if folder == "elsewhere":
        sources.append(tmp_path / "dump" / folder / "PK.zip")
    assert build_dump_index(sources, target).places == 1
    assert called(target, "zed") == {"1": "a"}


def test_names_alone_are_no_dump(tmp_path, target):
    source = zipped(tmp_path / "PK.zip", PK=alternate(1, "fa", "Zed"))
    with pytest.raises(GazetteerError, match="no GeoNames dump file with places"):
        build_dump_index(source, target)


def test_a_place_of_our_own_gets_its_geonames_id_and_stands_there_once(tmp_path, dump, target):
    build(dump, target, row(5, "Bar-Zarkot", "Oberzark", population="300"))
    both = stacked(tmp_path, target)
    (found,) = both.find("Bar Zarkot")
    assert (found.id, found.name, found.population) == ("geonames:5", "Bar Zarkot", 900)
    assert (found.lat, found.lon) == (34.1, 71.2)
    for name in ("Upper Zarkot", "Oberzark"):
        assert both.find(name) == [found]
    (named,) = both.places_called("Oberzark")
    assert named.listed
    assert both.get("geomap:ppl.pk.bar-zarkot") == both.get("geonames:5") == found
    near = [p.id for p in both.near(34.1, 71.2, radius_km=10)]
    assert near.count("geonames:5") == 1
    assert "geomap:ppl.pk.bar-zarkot" not in near
    assert ("Upper Zarkot", "en") in [(n.text, n.language) for n in both.names(found)]


@pytest.mark.parametrize(
    "changes",
    [
        {"lat": "34.5"},
        {"country": "AF"},
        {"cls": "H", "feature": "STM"},
        {"cls": "S", "feature": "RSTN"},
    ],
)
def test_another_place_of_the_name_is_no_twin(tmp_path, dump, target, changes):
    build(dump, target, row(5, "Bar Zarkot", **changes))
    found = {p.id for p in stacked(tmp_path, target).find("Bar Zarkot")}
    assert found == {"geonames:5", "geomap:ppl.pk.bar-zarkot"}


@pytest.mark.parametrize(("lon", "kept"), [("46.5", 1), ("60", 2)])
def test_a_gulfs_point_may_lie_far_off(tmp_path, dump, target, lon, kept):
    gulf = {"cls": "H", "feature": "GULF", "country": "", "admin1": "", "lat": "12", "lon": lon}
    build(dump, target, row(5, "Gulf of Zar", **gulf))
    assert len(stacked(tmp_path, target).find("Gulf of Zar")) == kept


def test_the_nearest_of_two_is_the_twin(tmp_path, dump, target):
    near = {"lat": "34.121", "lon": "71.221"}
    build(dump, target, row(5, "Bar Zarkot"), row(6, "Bar Zarkot", **near), row(7, "Bar Zarkot"))
    both = stacked(tmp_path, target)
    assert both.get("geomap:ppl.pk.bar-zarkot").id == "geonames:6"
    assert len(both.find("Bar Zarkot")) == 3


def test_a_unit_is_a_twin_by_its_codes(tmp_path, dump, target):
    build(
        dump,
        target,
        row(1, admin2="77"),
        admin2Codes=["PK.03.77\tZarkot-e Sufla\tZarkot-e Sufla\t78"],
    )
    both = stacked(tmp_path, target)
    assert both.get("geomap:adm2.PK.03.77").id == "geonames:78"
    assert [p.id for p in both.find("Lower Zarkot")] == ["geonames:78"]


def test_what_is_shipped_by_id_stands_there_once(tmp_path, dump, target):
    build(dump, target, row(777, "Shipped"))
    found = [p.id for p in stacked(tmp_path, target).find("Shipped")]
    # Ours beside it is another place, or it would not be shipped beside it.
    assert sorted(found) == ["geomap:ppl.pk.shipped", "geonames:777"]


def test_names_keep_their_spelling_language_and_marks(tmp_path, dump, target):
    build(
        dump,
        target,
        row(1, "Zarkot", "ZARKÔT,Zar Kot"),
        row(2, "Other"),
        alternateNamesV2=[
            alternate(1, "fa", "زرکوت"),
            alternate(1, "fa", "زرکوټ", "p"),
            alternate(1, "fa-AF", "زرکوت ۲"),
            alternate(1, "", "ZARKÔT"),
            alternate(1, "fr", "Ancien Zarkot", "h"),
            alternate(1, "fr", "Zarquot"),
            alternate(1, "en", "Zed", "ps"),
            alternate(1, "en", "Zarkot City", "o"),
            alternate(1, "iata", "ZRK"),
        ],
    )
    both = stacked(tmp_path, target)
    zarkot = both.get("geonames:1")
    every = both.names(zarkot)
    assert every[0].text == "Zarkot"
    assert [n.text for n in every if n.language is None] == ["Zarkot", "ZARKÔT"]
    assert [n.text for n in both.names(zarkot, "FA")] == ["زرکوت", "زرکوټ", "زرکوت ۲"]
    assert [n.text for n in both.names(zarkot, "fa-AF")] == ["زرکوت ۲"]
    assert [n.text for n in both.names(zarkot, "fa-IR")] == ["زرکوت", "زرکوټ"]
    former, plain = both.names(zarkot, "fr")
    assert (former.kind, former.marks, plain.marks) == ("historic", ("historic",), ())
    assert both.label(zarkot, "fa") == "زرکوټ"
    assert both.label(zarkot, "fr") == "Zarquot"
    assert both.label(zarkot, "en") == "Zed"
    assert both.label(zarkot, "ja") == "Zarkot"
    other = both.get("geonames:2")
    assert [n.text for n in both.names(other)] == ["Other"]
    assert both.label(other, "fa") == "Other"


def test_names_without_a_table_of_names_are_those_of_the_row(tmp_path, dump, target):
    build(dump, target, row(1, "Zarkot", "Zar Kot,زرکوټ"))
    both = stacked(tmp_path, target)
    found = both.names(both.get("geonames:1"))
    assert [(n.text, n.language) for n in found] == [
        ("Zarkot", None),
        ("Zar Kot", None),
        ("زرکوټ", None),
    ]


def test_a_place_that_is_not_held_has_no_names(tmp_path, dump, target):
    build(dump, target, row(1))
    both = stacked(tmp_path, target)
    foreign = replace(both.get("geonames:1"), id="geonames:999999")
    assert both.names(foreign) == []
    assert both.label(foreign, "fa") == "Zarkot"


def test_an_index_of_another_version_is_told(dump, target):
    build(dump, target, row())
    meta = json.loads((target / "meta.json").read_text())
    (target / "meta.json").write_text(json.dumps(meta | {"layout": 0}))
    with pytest.raises(IndexDamagedError, match="another version"):
        open_index(target)


@pytest.mark.parametrize("damage", ["another version", "damaged"])
def test_a_dump_that_cannot_be_used_is_one_line_and_the_rest_works(tmp_path, dump, caplog, damage):
    standing = dump_folder(tmp_path / "cache")
    build(dump, standing, row(1, "Zarkot"))
    assert Gazetteer(tmp_path / "cache").find("Zarkot")
    if damage == "damaged":
        (standing / "names.marisa").write_bytes(b"")
    else:
        meta = json.loads((standing / "meta.json").read_text())
        (standing / "meta.json").write_text(json.dumps(meta | {"layout": 0}))
    caplog.clear()
    opened = Gazetteer(tmp_path / "cache")
    assert opened.find("Shipped")
    assert not opened.places_called("Zarkot")
    (told,) = caplog.messages
    assert damage in told
    assert "geomap gazetteer build" in told


def test_the_genuine_formats_are_read_without_a_bad_row(shared, dump, target):
    data = shared / "data" / "gazetteer"
    some = ("AF.zip", "TJ.zip", "alternateNamesV2.zip", "hierarchy.zip")
    for path in (*map(data.joinpath, some), *data.glob("*.txt")):
        (dump / path.name).symlink_to(path)
    report = build_dump_index(dump, target)
    assert report.problems == ()
    assert report.places > 40_000
    assert report.seated > 100
    assert called(target, "Kabul")["1138958"] == "c"
    assert called(target, "Gulf of Aden")["80303"] == "c"
    assert called(target, "Torkham")
    assert place(target, 1220409)[:4] == ("Tajikistan", "PCLI", "A", "TJ")
    assert index_problems(open_index(target)) == []

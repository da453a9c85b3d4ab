from __future__ import annotations

import hashlib
import http.server
import io
import re
import sqlite3
import threading
import zipfile
from contextlib import closing

import pytest
from typer.testing import CliRunner

from geomap import cli
from geomap.errors import FetchError, GazetteerError, GeomapError, InputError, OfflineError
from geomap.gazetteer import Gazetteer, own, update_dump
from geomap.gazetteer.dump import update
from geomap.gazetteer.index import open_index

ROW = "{id}\t{name}\t{name}\t\t34.5\t69.5\tP\tPPL\tAF\t\t13" + "\t" * 4 + "1200" + "\t" * 4
TABLES = {
    "no-country.zip": ROW.format(id=9999002, name="Openwater").replace("\tAF\t", "\t\t"),
    "hierarchy.zip": "6295630\t6255147\tADM",
    "admin1CodesASCII.txt": "AF.99\tNorth\tNorth\t9999003",
    "admin2Codes.txt": "AF.99.1\tLow\tLow\t9999004",
    "countryInfo.txt": "#ISO",
    "featureCodes_en.txt": "P.PPL\tpopulated place\t",
}


def zipped(name, text):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return data.getvalue()


def files(place="Qolbezhabad"):
    """Return what GeoNames has of one country, by path."""
    found = {
        name: zipped(name.replace(".zip", ".txt"), text) if name.endswith("zip") else text.encode()
        for name, text in TABLES.items()
    }
    found["AF.zip"] = zipped("AF.txt", ROW.format(id=9999001, name=place))
    names = f"9\t9999001\tfa\t{place}-e Naw\t1\t\t\t\t\t"
    found["alternatenames/AF.zip"] = zipped("AF.txt", names)
    return found


class Mirror(http.server.BaseHTTPRequestHandler):
    """Gives files, and each of `faults` in its own way."""

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.answer(body=False)

    def do_GET(self):
        try:
            self.answer(body=True)
        except OSError:
            self.close_connection = True

    def answer(self, *, body):
        name = self.path.removeprefix("/dump/")
        self.server.seen.append((self.command, name))
        fault = self.server.faults.get(name, "")
        data = self.server.files.get(name)
        if fault == "moved":
            return self.redirect(f"/dump/moved/{name}")
        if "://" in fault:
            return self.redirect(fault)
        data = self.server.files.get(name.removeprefix("moved/"), data)
        if data is None or fault in ("404", "500"):
            return self.plain(int(fault or 404), b"")
        if fault == "no head" and not body:
            return self.plain(405, b"")
        kind = "text/html" if fault == "page" else "application/octet-stream"
        length = len(data) + 1000 * (fault == "cut")
        if fault == "grows" and body:
            data += b"more"
            length = len(data)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("ETag", '"v1"')
        if fault != "unsized":
            self.send_header("Content-Length", str(length))
        self.end_headers()
        if body:
            self.send(data, fault)
        return None

    def send(self, data, fault):
        if fault == "stall":
            self.wfile.write(data[:100])
            self.wfile.flush()
            self.server.ended.wait(5)
            return
        self.wfile.write(data)

    def redirect(self, target):
        self.send_response(302)
        self.send_header("Location", target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def plain(self, status, data):
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture(autouse=True)
def small_gazetteer(artefact_of):
    capital = {"id": "geonames:1", "name": "Alpha", "feature": "PPLC", "cls": "P", "country": "AA",
               "admin1": "01", "admin2": "", "lat": 1.0, "lon": 2.0, "population": 500}  # fmt: skip
    artefact_of([capital], [(0, "Alpha", "c", "en")])


@pytest.fixture
def mirror(monkeypatch):
    monkeypatch.delenv("GEOMAP_OFFLINE", raising=False)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as server:
        server.daemon_threads = True
        server.files, server.faults, server.seen = files(), {}, []
        server.ended = threading.Event()
        server.url = f"http://127.0.0.1:{server.server_port}/dump/"
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        yield server
        server.ended.set()
        server.shutdown()


@pytest.fixture
def fetch(mirror, tmp_path):
    def call(*countries, **options):
        return update_dump(countries or ("AF",), source=mirror.url, folder=tmp_path, **options)

    return call


def index_of(folder):
    return own.dump_folder(folder)


def names_in(folder):
    """Return the names of the places that the folder's index of a dump has."""
    with closing(open_index(index_of(folder)).database) as database:
        return {name for (name,) in database.execute("SELECT name FROM place")}


def test_a_country_is_fetched_and_taken_in(fetch, mirror, tmp_path):
    shown, steps = [], []
    report = fetch(
        confirm=lambda plan: shown.append(plan) or True,
        progress=lambda step, share: steps.append((share, step)),
    )
    (plan,) = shown
    assert plan.size == sum(map(len, mirror.files.values()))
    assert {file.name for file in plan.files} == set(mirror.files)
    assert report.built.places == 2
    assert names_in(tmp_path) == {"Qolbezhabad", "Openwater"}
    assert [share for share, _ in steps] == sorted(share for share, _ in steps)
    assert steps[0][1] == "fetching AF.zip"
    assert steps[-1] == (1.0, "done")
    by_name = {origin.name: origin for origin in report.origins}
    fetched = by_name["alternatenames/AF.zip"]
    assert fetched.url == f"{mirror.url}alternatenames/AF.zip"
    assert fetched.etag == '"v1"'
    assert fetched.sha256 == hashlib.sha256(mirror.files["alternatenames/AF.zip"]).hexdigest()
    assert sorted(path.name for path in index_of(tmp_path).parent.iterdir()) == [
        "dump",
        "dump.lock",
        "dump.update.lock",
    ]


def test_the_gazetteer_says_where_its_dump_came_from(fetch, mirror, tmp_path):
    fetch()
    opened = Gazetteer(tmp_path)
    said = opened.info()["dump files"]
    assert f"AF.zip ({len(mirror.files['AF.zip'])} bytes, {mirror.url}AF.zip" in said
    (found,) = opened.find("Qolbezhabad")
    assert opened.label(found, "fa") == "Qolbezhabad-e Naw"


def test_without_countries_the_world_is_asked_for(mirror, tmp_path):
    mirror.files["allCountries.zip"] = zipped("allCountries.txt", ROW.format(id=5, name="Worldly"))
    mirror.files["alternateNamesV2.zip"] = zipped("alternateNamesV2.txt", "9\t5\tfa\tZ\t\t\t\t\t\t")
    update_dump(source=mirror.url, folder=tmp_path)
    assert names_in(tmp_path) == {"Worldly", "Openwater"}


def test_nothing_is_fetched_before_the_answer_nor_after_a_no(fetch, mirror, tmp_path):
    assert fetch(confirm=lambda _plan: False) is None
    assert {name for method, name in mirror.seen if method == "GET"} == {"SHA256SUMS"}
    assert not index_of(tmp_path).exists()


def test_a_redirect_within_the_server_is_followed(fetch, mirror, tmp_path):
    mirror.faults["AF.zip"] = "moved"
    assert fetch().origins[0].url.endswith("/moved/AF.zip")
    assert "Qolbezhabad" in names_in(tmp_path)


@pytest.mark.parametrize("fault", ["no head", "unsized"])
def test_a_file_whose_size_is_not_told_is_fetched_all_the_same(fetch, mirror, tmp_path, fault):
    mirror.faults["AF.zip"] = fault
    sizes = []
    fetch(confirm=lambda plan: sizes.append(plan.size) or True)
    assert sizes == [None]
    assert "Qolbezhabad" in names_in(tmp_path)


def bomb():
    return zipped("AF.txt", ROW.format(id=5, name="Bomb") + "\n" * 2**26)


FAULTS = {
    "another host": ({"AF.zip": "http://127.0.0.2:1/x"}, {}, "another server"),
    "a private address": ({"AF.zip": "http://10.0.0.1/AF.zip"}, {}, "another server"),
    "a file address": ({"AF.zip": "file:///etc/passwd"}, {}, "only http and https"),
    "a page": ({"AF.zip": "page"}, {}, "a web page instead"),
    "missing": ({"AF.zip": "404"}, {}, "answers 404"),
    "broken": ({"hierarchy.zip": "500"}, {}, "answers 500"),
    "cut off": ({"AF.zip": "cut"}, {}, "not a whole answer"),
    "another size than shown": ({"AF.zip": "grows"}, {}, "more than|instead of"),
    "silent": ({"AF.zip": "stall"}, {}, "no complete answer in time"),
    "a page in disguise": ({}, {"AF.zip": b"<html>" + b"x" * 900}, "no zip file"),
    "a page for a table": ({}, {"countryInfo.txt": b"\n<!DOCTYPE html>" + b"x" * 99}, "no table"),
    "half a zip": ({}, {"AF.zip": files()["AF.zip"][:-30]}, "a damaged zip"),
    "a path in a zip": ({}, {"AF.zip": zipped("../AF.txt", "x" * 999)}, "not just AF.txt"),
    "a stranger in a zip": ({}, {"AF.zip": zipped("setup.exe", "x" * 999)}, "not just AF.txt"),
    "a bomb": ({}, {"AF.zip": bomb()}, "as no GeoNames file does: refused"),
    "empty": ({}, {"AF.zip": b""}, "0 bytes"),
    "no places": ({}, {"AF.zip": zipped("AF.txt", "nothing at all"), "no-country.zip": zipped(
        "no-country.txt", "nothing")}, "no place could be read"),
    "a wrong digest": ({}, {"SHA256SUMS": b"0" * 64 + b"  AF.zip\n"}, "SHA-256"),
    "digests that are none": ({}, {"SHA256SUMS": b"<html>"}, "SHA256SUMS:1: no line"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_a_surprise_is_one_line_and_the_old_gazetteer_stays(
    fetch, mirror, tmp_path, monkeypatch, case
):
    fetch()
    faults, changed, reason = FAULTS[case]
    mirror.files = files("Laterabad") | changed
    mirror.faults = faults
    monkeypatch.setattr(update, "_STALL_SECONDS", 0.3)
    with pytest.raises(GeomapError, match=reason) as caught:
        fetch(accept_smaller=True)
    assert "\n" not in str(caught.value)
    assert "Qolbezhabad" in names_in(tmp_path)
    assert not list(index_of(tmp_path).parent.glob("dump.*ing-*"))


def test_the_whole_has_a_deadline(fetch, mirror, tmp_path, monkeypatch):
    mirror.faults["AF.zip"] = "stall"
    monkeypatch.setattr(update, "_SECONDS", 0.3)
    with pytest.raises(FetchError, match="in time"):
        fetch()
    assert not index_of(tmp_path).exists()


def test_a_file_that_shrank_is_taken_only_on_demand(fetch, mirror, tmp_path):
    mirror.files["AF.zip"] = zipped(
        "AF.txt", "\n".join(ROW.format(id=n, name=f"Zar {n * 7919}") for n in range(1, 300))
    )
    fetch()
    mirror.files = files("Smallabad")
    with pytest.raises(FetchError, match="less than half of the last one"):
        fetch()
    assert "Smallabad" not in names_in(tmp_path)
    fetch(accept_smaller=True)
    assert "Smallabad" in names_in(tmp_path)


@pytest.mark.parametrize("where", ["beside the files", "given"])
def test_right_digests_are_accepted(fetch, mirror, tmp_path, where):
    lines = "".join(f"{hashlib.sha256(d).hexdigest()}  {n}\n" for n, d in mirror.files.items())
    if where == "given":
        (tmp_path / "sums").write_text(lines)
        fetch(sums=tmp_path / "sums")
    else:
        mirror.files["SHA256SUMS"] = lines.encode()
        fetch()
    assert "Qolbezhabad" in names_in(tmp_path)


def test_given_digests_must_be_of_every_file(fetch, tmp_path):
    (tmp_path / "sums").write_text("0" * 64 + "  AF.zip\n")
    with pytest.raises(InputError, match="has no digest of alternatenames"):
        fetch(sums=tmp_path / "sums")
    with pytest.raises(InputError, match="cannot be read"):
        fetch(sums=tmp_path / "nowhere")


@pytest.mark.parametrize("step", ["fetching AF.zip", "reading the dump", "sorting names"])
def test_cancelling_leaves_the_old_gazetteer_and_nothing_else(fetch, mirror, tmp_path, step):
    fetch()
    mirror.files = files("Laterabad")

    def cancel(now, _share):
        if now == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(progress=cancel)
    assert "Qolbezhabad" in names_in(tmp_path)
    assert not list(index_of(tmp_path).parent.glob("dump.*ing-*"))


def test_what_a_killed_update_left_is_swept_up(fetch, tmp_path):
    left = index_of(tmp_path).parent / "dump.fetching-x1"
    left.mkdir(parents=True)
    (left / "AF.zip").write_text("half")
    fetch()
    assert not left.exists()


def test_only_one_update_runs_at_a_time(fetch):
    def again(_plan):
        fetch()
        return True

    with pytest.raises(GazetteerError, match="another update is under way"):
        fetch(confirm=again)


def test_a_full_disk_is_told_before_anything_is_fetched(fetch, mirror, monkeypatch):
    monkeypatch.setattr(update, "_ROOM", 10**15)
    with pytest.raises(GazetteerError, match="GB free"):
        fetch()
    assert {name for method, name in mirror.seen if method == "GET"} == {"SHA256SUMS"}


def test_a_disk_that_fills_up_is_one_line(fetch, tmp_path, monkeypatch):
    def full(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    fetch()
    monkeypatch.setattr(update, "save", full)
    with pytest.raises(GazetteerError, match="No space left") as caught:
        fetch()
    assert "\n" not in str(caught.value)
    assert "Qolbezhabad" in names_in(tmp_path)


@pytest.mark.parametrize("code", ["AFG", "a1", ""])
def test_what_is_no_country_is_told(fetch, mirror, code):
    with pytest.raises(InputError, match="is no country"):
        fetch(code)
    assert mirror.seen == []


def test_no_network_no_update(fetch, monkeypatch):
    monkeypatch.setenv("GEOMAP_OFFLINE", "1")
    with pytest.raises(OfflineError):
        fetch()


def test_a_private_server_must_be_named_by_the_user(tmp_path, mirror, monkeypatch):
    monkeypatch.setattr(update, "GEONAMES", mirror.url)
    with pytest.raises(FetchError, match="not a public address"):
        update_dump(["AF"], source=mirror.url, folder=tmp_path)


def test_an_old_index_of_another_layout_tells_no_sizes(fetch, tmp_path):
    fetch()
    with closing(sqlite3.connect(index_of(tmp_path) / "places.sqlite")) as database:
        database.execute("DROP TABLE origin")
        database.commit()
    fetch()
    assert "Qolbezhabad" in names_in(tmp_path)


@pytest.fixture
def run(tmp_path, monkeypatch, mirror):
    monkeypatch.setattr(own, "own_folder", lambda _folder=None: tmp_path / "own")

    def invoke(*arguments, **options):
        given = ["gazetteer", "update", "AF", "--from", mirror.url, *arguments]
        return CliRunner().invoke(cli.app, given, **options)

    return invoke


def test_the_command_asks_and_says_what_it_fetches(run, mirror):
    result = run("--yes")
    assert result.exit_code == 0, result.stderr
    total = sum(map(len, mirror.files.values()))
    assert f"8 files, {total:,} bytes, from {mirror.url}" in result.stderr
    assert re.search(r"\d+  alternatenames/AF.zip$", result.stderr, re.MULTILINE)
    assert "2 places, " in result.stdout
    assert "CC BY 4.0" in result.stdout


def test_without_a_terminal_the_command_refuses_before_it_asks_anyone(run, mirror):
    result = run()
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert "--yes" in result.stderr
    assert mirror.seen == []


@pytest.mark.parametrize(("answer", "fetched"), [("y\n", True), ("n\n", False)])
def test_on_a_terminal_the_answer_counts(run, tmp_path, monkeypatch, answer, fetched):
    monkeypatch.setattr("geomap.cli.gazetteer.can_ask", lambda: True)
    result = run(input=answer)
    assert result.exit_code == 0, result.stderr
    assert "Fetch them?" in result.stderr
    assert (tmp_path / "own" / "dump").exists() == fetched


def test_a_failure_of_the_command_is_one_line_behind_the_plan(run, mirror):
    mirror.faults["AF.zip"] = "404"
    result = run("--yes")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1

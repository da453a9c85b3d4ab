from __future__ import annotations

import http.server
import json
import logging
import sqlite3
import subprocess
import sys
import threading
import time
import traceback

import pytest
from geopy.exc import (
    GeocoderParseError,
    GeocoderQueryError,
    GeocoderRateLimited,
    GeocoderServiceError,
    GeocoderTimedOut,
    GeocoderUnavailable,
)
from geopy.extra.rate_limiter import RateLimiter
from geopy.point import Point

from geomap.coordinates import parse
from geomap.errors import CoordinateError, FetchTimeoutError, InputError, OutputError
from geomap.geocode import Chain, GazetteerGeocoder, Service, country_contains
from geomap.geocode.pace import hold_off, wait_turn

CONTACT = "desk@newsroom.example"
# A name that no gazetteer holds and none is like.
NOWHERE = "Qwxzplatz Vvorrunk"
PHOTON = {
    "features": [
        {
            "geometry": {"coordinates": [69.5, 34.25]},
            "properties": {"name": "Qwxzplatz", "country": "Afghanistan", "countrycode": "AF"},
        }
    ]
}


@pytest.fixture
def coder(gazetteer):
    return GazetteerGeocoder(gazetteer=gazetteer)


@pytest.mark.parametrize(
    ("query", "country", "admin1"),
    [
        ("Peshawar", "PK", "Khyber Pakhtunkhwa"),
        ("Peshawar, Pakistan", "PK", "Khyber Pakhtunkhwa"),
        ("springfield, illinois", "US", "Illinois"),
        ("Paris", "FR", None),
        ("Paris, Texas, USA", "US", "Texas"),
        ("Paris, TX", "US", "Texas"),
        ("Hyderabad, Sindh", "PK", "Sindh"),
        ("Georgia, USA", "US", "Georgia"),
        ("Georgia", "GE", None),
        ("کابل", "AF", None),
        ({"city": "Paris", "state": "Texas", "country": "United States"}, "US", "Texas"),
        ({"country": "Chad"}, "TD", None),
    ],
)
def test_a_name_with_what_it_lies_in(coder, query, country, admin1):
    raw = coder.geocode(query).raw
    assert raw["country"] == country
    assert admin1 in (None, raw["admin1"])


def test_a_location_says_why_and_whose(coder):
    location = coder.geocode("Peshawar, Pakistan")
    assert location.address == "Peshawar, Khyber Pakhtunkhwa, Pakistan"
    assert (location.latitude, location.longitude) == pytest.approx((34.01, 71.58), abs=0.05)
    assert location.raw["id"] == "geonames:1168197"
    assert location.raw["feature"] == "PPLA"
    assert location.raw["population"] > 1_000_000
    assert location.raw["score"] > 0.9
    assert location.raw["reasons"] == ["its usual name"]
    assert "GeoNames" in location.raw["attribution"]


@pytest.mark.parametrize("query", ["", " , ", None, float("nan"), NOWHERE, "Peshawar, France"])
def test_nothing_is_none(coder, query):
    assert coder.geocode(query) is None
    assert coder.geocode(query, exactly_one=False) is None


def test_a_name_that_is_only_like_it_is_marked(coder):
    raw = coder.geocode("Peshawer").raw
    assert raw["name"] == "Peshawar"
    assert raw["score"] <= 0.5
    assert "no place has that name" in raw["reasons"][0]


def test_lists_are_best_first_and_limited(coder):
    found = coder.geocode("Springfield", exactly_one=False, country_codes="us")
    scores = [location.raw["score"] for location in found]
    assert len(found) > 5
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) == pytest.approx(1)
    assert (
        coder.geocode("Springfield", exactly_one=False, limit=2, country_codes=["US"]) == found[:2]
    )


def test_countries_are_kept(coder):
    assert coder.geocode("Hyderabad", country_codes="PK").raw["country"] == "PK"
    assert coder.geocode("Hyderabad", country_codes="PK,IN").raw["country"] == "IN"


@pytest.mark.parametrize(
    "query", [7, ["Kabul"], {"street": "Main St 1"}, {"postalcode": "12345"}, {"town": "Kabul"}]
)
def test_other_queries_are_refused(coder, query):
    with pytest.raises(GeocoderQueryError):
        coder.geocode(query)


@pytest.mark.parametrize(
    "query", ["33.98, 71.55", "33 58 48 N 71 33 00 E", (33.98, 71.55), Point(33.98, 71.55)]
)
def test_reverse_gives_the_nearest_town(coder, query):
    location = coder.reverse(query)
    assert location.raw["country"] == "PK"
    assert location.raw["distance_km"] < 10


def test_reverse_lists_the_nearest_first(coder):
    found = coder.reverse((33.98, 71.55), exactly_one=False, limit=4)
    distances = [location.raw["distance_km"] for location in found]
    assert len(found) == 4
    assert distances == sorted(distances)
    assert found[0] == coder.reverse((33.98, 71.55))


def test_reverse_crosses_the_antimeridian(coder):
    assert coder.reverse((-16.8, -179.99)).raw["country"] == "FJ"


def test_reverse_far_out_at_sea_is_none(coder):
    assert coder.reverse((-48.9, -123.4)) is None
    assert coder.reverse((-48.9, -123.4), exactly_one=False) is None


@pytest.mark.parametrize("query", ["Kabul", "34,5 69,2", (91, 0), (0, 200), (1,), None])
def test_reverse_refuses_what_is_no_point(coder, query):
    with pytest.raises(GeocoderQueryError):
        coder.reverse(query)


def test_it_works_inside_the_rate_limiter(coder):
    limited = RateLimiter(coder.geocode, min_delay_seconds=0)
    assert limited("Kabul").raw["country"] == "AF"
    assert limited(NOWHERE) is None


def test_it_works_as_provider_of_geopandas(gazetteer):
    import pandas as pd
    from geopandas.tools import geocode, reverse_geocode

    names = pd.Series(["Kabul", NOWHERE, None, pd.NA], dtype=object)
    frame = geocode(names, provider=GazetteerGeocoder, gazetteer=gazetteer)
    assert list(frame.geometry.is_empty) == [False, True, True, True]
    assert list(frame.address.isna()) == [False, True, True, True]
    assert frame.geometry[0].y == pytest.approx(34.5, abs=0.1)
    back = reverse_geocode(frame.geometry[:1], provider=GazetteerGeocoder, gazetteer=gazetteer)
    assert back.address[0].startswith("Kabul")


def test_a_country_warns_of_a_swapped_pair(gazetteer):
    inside = country_contains(gazetteer, "af")
    assert inside(34.5, 69.2)
    assert not inside(33.98, 71.55)
    with pytest.warns(UserWarning, match="swapped"):
        parse("69.2, 34.5", country="Afghanistan", contains=inside)
    with pytest.raises(CoordinateError):
        country_contains(gazetteer, "XX")


class Stub(http.server.BaseHTTPRequestHandler):
    """Answers every path in the way that the test has chosen."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.seen.append(self.path)
        try:
            self.server.behave(self)
        except OSError:
            self.close_connection = True

    def give(self, body, status=200, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())


def drip(handler):
    handler.give(b"")
    for _ in range(100):
        handler.wfile.write(b" ")
        time.sleep(0.05)


@pytest.fixture
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stub) as running:
        running.seen = []
        running.behave = lambda handler: handler.give(PHOTON)
        running.address = f"http://127.0.0.1:{running.server_port}"
        threading.Thread(target=running.serve_forever, args=[0.02], daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def own(server):
    return Service(provider="photon", url=server.address, interval_s=0)


@pytest.fixture
def chain(gazetteer, own, tmp_path, monkeypatch):
    monkeypatch.delenv("GEOMAP_OFFLINE", raising=False)
    monkeypatch.setenv("GEOMAP_CACHE", str(tmp_path))

    def make(*services, **options):
        return Chain(gazetteer, services=services or [own], contact=CONTACT, **options)

    return make


def test_without_services_nothing_leaves_and_nothing_is_written(gazetteer, tmp_path, monkeypatch):
    monkeypatch.setenv("GEOMAP_CACHE", str(tmp_path))
    chain = Chain(gazetteer)
    assert chain.geocode("Peshawar").raw["provider"] == "gazetteer"
    assert chain.geocode(NOWHERE) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("contact", [None, "", "geopy", "desk@"])
def test_services_want_a_contact(gazetteer, own, contact):
    with pytest.raises(InputError, match="contact"):
        Chain(gazetteer, services=[own], contact=contact)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"provider": "google"}, "no such"),
        ({"provider": "pelias"}, "no public server"),
        ({"provider": "geonames"}, "needs a key"),
        ({"provider": "photon", "interval_s": 0.5}, "at least 1"),
        ({"provider": "photon", "url": "https://photon.komoot.io", "interval_s": 0}, "at least 1"),
        ({"provider": "photon", "url": "file:///srv"}, "only http"),
        ({"provider": "photon", "url": "http://localhost/photon"}, "without a path"),
        ({"provider": "photon", "url": "http://localhost", "interval_s": float("nan")}, "at least"),
    ],
)
def test_a_service_is_checked(wrong, why):
    with pytest.raises(InputError, match=why):
        Service(**wrong)


def test_a_cache_without_folder_is_refused_at_once(chain, tmp_path):
    with pytest.raises(OutputError, match="no folder"):
        chain(cache=tmp_path / "missing" / "answers.sqlite")


def test_what_the_gazetteer_has_is_not_asked(chain, server):
    assert chain().geocode("Peshawar, Pakistan").raw["provider"] == "gazetteer"
    assert chain().reverse((33.98, 71.55)).raw["provider"] == "gazetteer"
    assert server.seen == []


def test_an_answer_is_kept_with_its_source(chain, server):
    first = chain().geocode(NOWHERE)
    again = chain().geocode(NOWHERE)
    assert len(server.seen) == 1
    assert (first.latitude, first.longitude) == (34.25, 69.5)
    assert first.raw["provider"] == "photon"
    assert "OpenStreetMap" in first.raw["attribution"]
    assert first.raw["retrieved"].endswith("+00:00")
    assert first.raw["response"] == PHOTON["features"][0]
    assert (first.raw["cached"], again.raw["cached"]) == (False, True)
    assert (again.address, again.point) == (first.address, first.point)


def test_none_is_kept_too_until_it_is_old(chain, server):
    server.behave = lambda handler: handler.give({"features": []})
    assert chain().geocode(NOWHERE) is None
    assert chain().geocode(NOWHERE) is None
    assert len(server.seen) == 1
    assert chain(keep_missing_days=0).geocode(NOWHERE) is None
    assert len(server.seen) == 2


def test_old_answers_are_asked_anew(chain, server):
    chain().geocode(NOWHERE)
    assert chain(keep_days=0).geocode(NOWHERE).raw["cached"] is False
    assert len(server.seen) == 2


def test_other_questions_are_other_answers(chain, server):
    chain().geocode(NOWHERE)
    assert chain().geocode(NOWHERE, country_codes="PK") is None
    assert len(chain().geocode(NOWHERE, exactly_one=False)) == 1
    assert len(server.seen) == 3


def test_a_service_goes_before_a_name_that_is_only_like_it(chain, server):
    assert chain().geocode("Peshawer").raw["provider"] == "photon"
    server.behave = lambda handler: handler.give(b"", status=500)
    assert chain().geocode("Kandahaar").raw["provider"] == "gazetteer"


def test_reverse_asks_where_nobody_lives(chain):
    assert chain().reverse((-48.9, -123.4)).raw["provider"] == "photon"


OFF_THE_EARTH = {"features": [{"geometry": {"coordinates": [0, 95]}, "properties": {}}]}
MISBEHAVIOUR = {
    "broken": ({"body": b"oops", "status": 500}, GeocoderServiceError),
    "html": ({"body": b"<html>Sign in</html>"}, GeocoderParseError),
    "deep": ({"body": b"[" * 100_000}, GeocoderParseError),
    "other shape": ({"body": []}, GeocoderParseError),
    "empty place": ({"body": {"features": [{}]}}, GeocoderParseError),
    "off the Earth": ({"body": OFF_THE_EARTH}, GeocoderParseError),
    "cut off": ({"body": b'{"features"', "Content_Length": "500"}, GeocoderUnavailable),
    "huge": ({"body": bytes(3_000_000)}, GeocoderUnavailable),
    "slow": (None, GeocoderTimedOut),
    "file": ({"body": b"", "status": 302, "Location": "file:///etc/hosts"}, GeocoderServiceError),
    "inside": ({"body": b"", "status": 302, "Location": "http://10.0.0.1"}, GeocoderServiceError),
}


@pytest.mark.filterwarnings("ignore:Latitude normalization:UserWarning")  # geopy's own
@pytest.mark.parametrize("name", MISBEHAVIOUR)
def test_misbehaviour_is_an_error_and_is_not_kept(chain, server, name):
    answer, error = MISBEHAVIOUR[name]
    server.behave = lambda handler: handler.give(**answer) if answer else drip(handler)
    with pytest.raises(error):
        chain().geocode(NOWHERE, timeout=0.5)
    server.behave = lambda handler: handler.give(PHOTON)
    assert chain().geocode(NOWHERE).raw["cached"] is False


def test_a_server_that_asks_for_a_pause_gets_it(chain, server):
    server.behave = lambda handler: handler.give(b"", status=429, Retry_After="30")
    with pytest.raises(GeocoderRateLimited) as caught:
        chain().geocode(NOWHERE)
    assert caught.value.retry_after == 30
    with pytest.raises(GeocoderTimedOut, match="left alone"):
        chain().geocode(NOWHERE)
    assert len(server.seen) == 1


def test_the_next_service_is_asked_when_one_fails(chain, server, own):
    other = Service(
        provider="pelias", url=f"{server.address}", interval_s=0, attribution="Town atlas"
    )

    def behave(handler):
        broken = handler.path.startswith("/api")
        handler.give(b"" if broken else PHOTON, status=503 if broken else 200)

    server.behave = behave
    raw = chain(own, other).geocode(NOWHERE).raw
    assert (raw["provider"], raw["attribution"]) == ("pelias", "Town atlas")


def test_the_switch_leaves_cache_and_gazetteer(chain, server, monkeypatch):
    chain().geocode(NOWHERE)
    monkeypatch.setenv("GEOMAP_OFFLINE", "1")
    assert chain().geocode(NOWHERE).raw["cached"] is True
    assert chain().geocode("Another " + NOWHERE) is None
    assert chain().geocode("Kabul").raw["country"] == "AF"
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("provider", "body", "asked"),
    [
        ("nominatim", [{"lat": "34.25", "lon": "69.5", "display_name": "Q"}], "countrycodes=af"),
        ("geonames", {"geonames": [{"lat": "34.25", "lng": "69.5", "name": "Q"}]}, "country=AF"),
        ("pelias", PHOTON, "boundary.country=AF"),
        ("photon", PHOTON, "q=Qwxzplatz"),
    ],
)
def test_each_provider_is_read(chain, server, provider, body, asked):
    server.behave = lambda handler: handler.give(body)
    service = Service(provider=provider, url=server.address, key="desk", interval_s=0)
    location = chain(service).geocode(NOWHERE, country_codes="AF")
    assert (location.latitude, location.longitude) == (34.25, 69.5)
    assert asked.lower() in server.seen[0].lower()


def test_a_key_is_never_in_an_error(chain, server, caplog):
    server.behave = drip
    service = Service(provider="geonames", url=server.address, key="s3cretname", interval_s=0)
    with caplog.at_level(logging.DEBUG, "geomap"), pytest.raises(GeocoderTimedOut) as caught:
        chain(service).geocode(NOWHERE, timeout=0.3)
    shown = "".join(traceback.format_exception(caught.value))
    assert "s3cretname" not in shown
    assert "s3cretname" not in caplog.text


def test_a_damaged_cache_is_put_aside(chain, tmp_path, server):
    path = tmp_path / "answers.sqlite"
    path.write_bytes(b"not a database, " * 500)
    assert chain(cache=path).geocode(NOWHERE).raw["cached"] is False
    assert chain(cache=path).geocode(NOWHERE).raw["cached"] is True
    assert path.with_name("answers.sqlite.damaged").exists()
    assert len(server.seen) == 1


def test_a_cache_that_cannot_be_written_is_only_logged(chain, tmp_path, caplog):
    path = tmp_path / "answers.sqlite"
    held = sqlite3.connect(path)
    held.execute("CREATE TABLE answer (other TEXT)")
    held.close()
    assert chain(cache=path).geocode(NOWHERE).raw["cached"] is False
    assert "not kept" in caplog.text


def test_turns_are_kept_apart_over_processes(tmp_path):
    code = (
        "import pathlib, sys, time\n"
        "from geomap.geocode.pace import wait_turn\n"
        "for _ in range(2):\n"
        "    wait_turn('h:1', interval_s=0.4, timeout_s=60, folder=pathlib.Path(sys.argv[1]))\n"
        "    print(time.time())\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    times = sorted(float(line) for run in runs for line in run.communicate()[0].split())
    assert len(times) == 4
    # A process may be late to print, by which the next seems early.
    assert times[-1] - times[0] >= 3 * 0.4 - 0.2


def test_a_turn_that_comes_too_late_is_not_taken(tmp_path):
    hold_off("h:1", seconds=20, folder=tmp_path)
    start = time.monotonic()
    with pytest.raises(FetchTimeoutError, match="left alone for"):
        wait_turn("h:1", interval_s=1, timeout_s=5, folder=tmp_path)
    wait_turn("other:1", interval_s=1, timeout_s=5, folder=tmp_path)
    assert time.monotonic() - start < 1


@pytest.mark.parametrize("content", ["", "soon", "nan", "9e99", "0"])
def test_a_broken_turn_does_not_lock_a_server_out(tmp_path, content):
    (tmp_path / "h_1.turn").write_text(content)
    wait_turn("h:1", interval_s=1, timeout_s=0.5, folder=tmp_path)

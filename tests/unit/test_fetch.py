from __future__ import annotations

import gzip
import http.server
import os
import socket
import threading
import time

import pytest

from geomap import fetch
from geomap.errors import (
    FetchError,
    FetchTimeoutError,
    HttpStatusError,
    InputError,
    OfflineError,
    RefusedAddressError,
)
from geomap.fetch import Limits, check_contact, get, open_host

CONTACT = "desk@newsroom.example"
TARGETS = {
    "/to/file": "file:///etc/passwd",
    "/to/private": "http://10.0.0.1/",
    "/to/password": "http://u:p@10.0.0.1/",
    "/to/loop": "/to/loop",
    "/to/fine": "/fine",
}
ANSWERS = {
    "/fine": ("Zürich".encode(), {"Content_Type": "text/plain"}),
    "/status": (b"busy", {"Retry_After": "7"}),
    "/short": (b"half", {"Content_Length": "100"}),
    "/announced": (b"", {"Content_Length": "99999999999"}),
    "/chunkscut": (b"5\r\nab", {"Transfer_Encoding": "chunked"}),
    "/zip": (gzip.compress(b"packed"), {"Content_Encoding": "gzip"}),
    "/bomb": (gzip.compress(bytes(50_000_000)), {"Content_Encoding": "gzip"}),
    "/halfzip": (gzip.compress(b"packed")[:-9], {"Content_Encoding": "gzip"}),
    "/nozip": (b"not packed", {"Content_Encoding": "gzip"}),
    "/brotli": (b"?", {"Content_Encoding": "br"}),
}


class Misbehaving(http.server.BaseHTTPRequestHandler):
    """Answers each path in its own way."""

    def log_message(self, *_):
        pass

    def answer(self, body=b"", status=200, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers)))
        try:
            self.route()
        except OSError:
            self.close_connection = True

    def route(self):
        path = self.path.partition("?")[0]
        if path.startswith("/to/"):
            neighbour = f"http://127.0.0.1:{self.server.server_port + 1}/"
            self.answer(status=302, Location=TARGETS.get(path, neighbour))
        elif path == "/huge":
            self.answer()
            while True:
                self.wfile.write(bytes(100_000))
        elif path.startswith("/drip"):
            if path == "/dripbody":
                self.answer(Content_Length="1000")
            for _ in range(200):
                self.wfile.write(b"H")
                time.sleep(0.05)
        else:
            body, headers = ANSWERS[path]
            self.answer(body, 429 if path == "/status" else 200, **headers)


@pytest.fixture(scope="module")
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Misbehaving) as running:
        running.seen = []
        threading.Thread(target=running.serve_forever, args=[0.02], daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def ask(server):
    def call(path, **limits):
        address = f"http://127.0.0.1:{server.server_port}{path}"
        kept = Limits(open_hosts=frozenset({open_host(address)}), **{"seconds": 5.0} | limits)
        return get(address, contact=CONTACT, limits=kept)

    return call


@pytest.fixture(autouse=True)
def online(monkeypatch):
    monkeypatch.delenv("GEOMAP_OFFLINE", raising=False)


def test_gives_the_body_and_says_who_asks(ask, server):
    answer = ask("/fine?q=Kabul city")
    assert answer.text() == "Zürich"
    assert answer.headers["content-type"] == "text/plain"
    path, headers = server.seen[-1]
    assert path == "/fine?q=Kabul%20city"
    assert headers["User-Agent"] == f"geomap ({CONTACT})"


def test_unpacks(ask):
    assert ask("/zip").body == b"packed"


def test_follows_a_redirect(ask):
    assert ask("/to/fine").url.endswith("/fine")


@pytest.mark.parametrize(
    ("path", "error", "why"),
    [
        ("/to/file", RefusedAddressError, "only http and https"),
        ("/to/private", RefusedAddressError, "10.0.0.1 is not a public"),
        ("/to/neighbour", RefusedAddressError, "127.0.0.1 is not a public"),
        ("/to/password", RefusedAddressError, "password"),
        ("/to/loop", FetchError, "more than 2 redirects"),
        ("/status", HttpStatusError, "answers 429"),
        ("/short", FetchError, "not a whole answer"),
        ("/chunkscut", FetchError, "not a whole answer"),
        ("/halfzip", FetchError, "end early"),
        ("/nozip", FetchError, "not a whole answer"),
        ("/brotli", FetchError, "encoded as br"),
        ("/announced", FetchError, "99999999999 bytes"),
        ("/huge", FetchError, "more than 10000000 bytes"),
        ("/bomb", FetchError, "more than 10000000 bytes"),
    ],
)
def test_misbehaviour_is_one_clear_error(ask, path, error, why):
    with pytest.raises(error, match=why):
        ask(path)


def test_a_status_keeps_its_headers(ask):
    with pytest.raises(HttpStatusError) as caught:
        ask("/status")
    assert (caught.value.status, caught.value.headers["retry-after"]) == (429, "7")


@pytest.mark.parametrize("path", ["/dripbody", "/dripheaders"])
def test_the_deadline_is_for_the_whole(ask, path):
    start = time.monotonic()
    with pytest.raises(FetchTimeoutError):
        ask(path, seconds=0.4)
    assert time.monotonic() - start < 2


def test_a_body_just_within_the_limit_is_whole(ask):
    assert len(ask("/fine", max_bytes=7).body) == 7
    with pytest.raises(FetchError, match="more than 6"):
        ask("/fine", max_bytes=6)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://example.org/", "kabul", "http://", "http://[::1", "http://h:x/"],
)
def test_other_addresses_are_refused(url):
    with pytest.raises(RefusedAddressError):
        get(url, contact=CONTACT)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_a_name_that_leads_inside_is_refused(monkeypatch, address):
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("connected"))
    with pytest.raises(RefusedAddressError, match="not a public address"):
        get("http://innocent.example/", contact=CONTACT)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses_are_public(address):
    assert fetch._is_public(address)


def test_a_look_up_that_hangs_meets_the_deadline(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(1) or [])
    with pytest.raises(FetchTimeoutError, match="not found in time"):
        get("http://slow.example/", contact=CONTACT, limits=Limits(seconds=0.2))


def test_https_is_never_left_for_http(monkeypatch):
    elsewhere = fetch._Redirect("http://plain.example/")
    monkeypatch.setattr(fetch, "_ask", lambda *_: elsewhere)
    with pytest.raises(RefusedAddressError, match="from https"):
        get("https://safe.example/", contact=CONTACT)


def test_https_from_a_server_without_it_is_an_error(server):
    address = f"https://127.0.0.1:{server.server_port}/"
    limits = Limits(seconds=5, open_hosts=frozenset({open_host(address)}))
    with pytest.raises(FetchError, match="cannot be reached"):
        get(address, contact=CONTACT, limits=limits)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_silent_server_meets_the_deadline(scheme):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"{scheme}://127.0.0.1:{silent.getsockname()[1]}/"
        limits = Limits(seconds=0.3, open_hosts=frozenset({open_host(address)}))
        with pytest.raises(FetchTimeoutError):
            get(address, contact=CONTACT, limits=limits)


def test_nobody_there_is_an_error():
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    limits = Limits(open_hosts=frozenset({f"127.0.0.1:{port}"}))
    with pytest.raises(FetchError, match="cannot be reached"):
        get(f"http://127.0.0.1:{port}/", contact=CONTACT, limits=limits)


def test_the_switch_is_off_for_all(ask, server, monkeypatch):
    monkeypatch.setenv("GEOMAP_OFFLINE", "1")
    before = len(server.seen)
    with pytest.raises(OfflineError):
        ask("/fine")
    assert len(server.seen) == before


@pytest.mark.parametrize("value", ["", "0"])
def test_the_switch_can_be_left_on(ask, monkeypatch, value):
    monkeypatch.setitem(os.environ, "GEOMAP_OFFLINE", value)
    assert ask("/fine").body


@pytest.mark.parametrize(
    "contact", [None, "", "me", "a@b", "x@y.example\r\nHost: z", "ü@y.example", "https://page"]
)
def test_who_cannot_be_reached_may_not_ask(contact):
    with pytest.raises(InputError, match="contact"):
        check_contact(contact)


@pytest.mark.parametrize("contact", [CONTACT, " https://newsroom.example/contact "])
def test_contacts(contact):
    assert check_contact(contact) == contact.strip()

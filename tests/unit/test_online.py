from __future__ import annotations

import gzip
import http.server
import sys
import threading
import time
from datetime import date

import pytest
from typer.testing import CliRunner

from geomap import cli, fetch
from geomap.articles import online, read_articles
from geomap.articles.online import Online
from geomap.articles.robots import Rules, parse_robots
from geomap.errors import InputError
from geomap.fetch import open_host

pytest.importorskip("trafilatura", reason="needs the extra 'web'")
pytest.importorskip("feedparser", reason="needs the extra 'web'")

BODY = "".join(
    f"<p>Officials said on Monday that road number {n} between Mardan and Peshawar was open"
    " again after repairs, and that more traders were expected to use it this week.</p>"
    for n in range(8)
)
PAGE = (
    '<html lang="en"><head><title>Road opens</title>'
    '<meta property="article:published_time" content="2023-01-03T10:00:00Z">'
    '<meta property="og:site_name" content="Example Post"></head><body>'
    "<nav><a href='/'>Home</a> <a href='/a'>Subscribe now</a></nav>"
    f"<article><h1>Road opens</h1>{BODY}"
    "</article><footer>All rights reserved, Example Post</footer></body></html>"
)
RSS = """<?xml version="1.0" encoding="iso-8859-1"?><rss version="2.0"><channel>
<title>Example Wire</title><language>en</language>
<item><guid>one</guid><title>Talks</title><link>/talks</link>
<pubDate>Tue, 03 Jan 2023 10:00:00 +0000</pubDate>
<description>&lt;p&gt;Ministers met in Dushanbe &amp;amp; Peşawar.&lt;/p&gt;</description></item>
<item><guid>two</guid><title>Nothing</title></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Desk</title><entry><id>x</id>
<title>Quiet</title><updated>2023-01-04T00:00:00Z</updated><link href="https://e.example/x"/>
<content type="html">Kabul was quiet.</content></entry></feed>"""
ANSWERS = {
    "/page": (200, "text/html; charset=utf-8", PAGE),
    "/short": (200, "text/html", "<html><body><p>Kabul was quiet on Monday.</p></body></html>"),
    "/empty": (200, "text/html", "<html><body></body></html>"),
    "/rss": (200, "application/rss+xml", RSS),
    "/atom": (200, "text/xml", ATOM),
    "/notes": (200, "text/plain", "Kabul was quiet."),
    "/image": (200, "image/png", "\x89PNG"),
    "/gone": (404, "text/html", "gone"),
    "/private/page": (200, "text/html", PAGE),
    "/robots.txt": (200, "text/plain", "User-agent: *\nDisallow: /private/"),
    "/bomb.xml": (200, "text/xml", '<!DOCTYPE l [<!ENTITY a "x">]><rss><item>&a;</item></rss>'),
}


class Site(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.seen.append((self.path, self.headers["User-Agent"], time.monotonic()))
        if self.path.startswith("/to/"):
            self.send_response(302)
            target = self.path.removeprefix("/to")
            self.send_header("Location", self.server.targets.get(target, target))
            self.end_headers()
            return
        if self.path == "/huge":
            body, kind, status = bytes(50_000_000), "text/html", 200
        else:
            status, kind, text = self.server.answers.get(self.path, (404, "text/html", ""))
            body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(gzip.compress(body))


@pytest.fixture
def site(monkeypatch):
    monkeypatch.delenv("GEOMAP_OFFLINE", raising=False)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        server.seen = []
        server.answers = dict(ANSWERS)
        server.targets = {"/private": "http://10.0.0.1/", "/file": "file:///etc/passwd"}
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def ask(site):
    address = f"http://127.0.0.1:{site.server_port}"
    web = Online(
        contact="desk@newsroom.example",
        open_hosts=frozenset({open_host(address)}),
        interval_s=0.0,
    )

    def call(*paths):
        errors = []
        given = [address + path for path in paths]
        return list(read_articles(given, online=web, on_error=errors.append)), errors

    return call


def test_a_page_is_its_article(ask, site):
    (article,), errors = ask("/page")
    assert errors == []
    assert article.text.count("between Mardan and Peshawar") == 8
    assert "Subscribe" not in article.text
    assert "rights reserved" not in article.text
    assert (article.title, article.source, article.language) == ("Road opens", "Example Post", "en")
    assert article.published == date(2023, 1, 3)
    assert article.url.endswith("/page")
    assert {agent for _, agent, _ in site.seen} == {"geomap (desk@newsroom.example)"}


def test_the_day_of_an_undated_page_is_the_one_given(site):
    url = f"http://127.0.0.1:{site.server_port}/short"
    web = Online(open_hosts=frozenset({open_host(url)}), interval_s=0.0)
    (article,) = read_articles(url, online=web, published="2023-01-09")
    assert (article.text, article.published) == ("Kabul was quiet on Monday.", date(2023, 1, 9))
    assert {agent for _, agent, _ in site.seen} == {"geomap"}


def test_a_feed_is_its_items(ask):
    (talks, quiet), errors = ask("/rss", "/atom")
    assert talks.text == "Ministers met in Dushanbe & Peşawar."
    assert (talks.id, talks.title, talks.source) == ("one", "Talks", "Example Wire")
    assert (talks.published, talks.language) == (date(2023, 1, 3), "en")
    assert talks.url.endswith("/talks")
    assert (quiet.text, quiet.url) == ("Kabul was quiet.", "https://e.example/x")
    assert [str(error).rpartition("/")[2] for error in errors] == ["rss, item 2: has no text"]


def test_plain_text_is_an_article(ask):
    (article,), errors = ask("/notes")
    assert (article.text, errors) == ("Kabul was quiet.", [])


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/empty", "holds no text"),
        ("/image", "neither a page nor a feed"),
        ("/gone", "answers 404"),
        ("/huge", "more than 5000000 bytes"),
        ("/private/page", "robots.txt does not allow"),
        ("/to/private", "not a public address"),
        ("/to/private/page", "robots.txt does not allow"),
        ("/to/file", "only http and https"),
        ("/bomb.xml", "has no text"),
    ],
)
def test_what_cannot_be_had_is_one_error(ask, path, why):
    articles, (error,) = ask(path)
    assert articles == []
    assert why in str(error)


def test_a_redirect_is_followed_and_its_address_kept(ask):
    (article,), _ = ask("/to/page")
    assert article.url.endswith("/page")
    assert "/to/" not in article.url


def test_private_addresses_are_refused(site):
    url = f"http://127.0.0.1:{site.server_port}/page"
    (error,) = Online().items(url)
    assert "not a public address" in str(error)
    assert site.seen == []


@pytest.mark.parametrize(("status", "free"), [(404, True), (403, True), (429, False), (503, False)])
def test_without_robots_all_is_allowed_unless_the_site_is_ill(ask, site, status, free):
    site.answers["/robots.txt"] = (status, "text/plain", "")
    articles, errors = ask("/page")
    assert (len(articles), len(errors)) == (1, 0) if free else (0, 1)


def test_robots_is_asked_for_once(ask, site):
    ask("/page", "/notes", "/rss")
    assert [path for path, _, _ in site.seen].count("/robots.txt") == 1


def test_one_host_is_asked_slowly(site, monkeypatch):
    url = f"http://127.0.0.1:{site.server_port}"
    site.answers["/robots.txt"] = (200, "text/plain", "User-agent: geomap\nCrawl-delay: 7")
    now, slept = [100.0], []

    def sleep(seconds):
        slept.append(round(seconds, 3))
        now[0] += seconds

    clock = type("Clock", (), {"monotonic": lambda: now[0], "sleep": sleep})
    monkeypatch.setattr(online, "time", clock)
    web = Online(open_hosts=frozenset({open_host(url)}))
    assert len(list(web.items(f"{url}/page"))) == len(list(web.items(f"{url}/notes"))) == 1
    assert slept == [0, 1, 7]
    site.answers["/robots.txt"] = (200, "text/plain", "User-agent: *\nCrawl-delay: 3600")
    (error,) = Online(open_hosts=frozenset({open_host(url)})).items(f"{url}/page")
    assert "3600 s" in str(error)


def test_the_network_can_be_switched_off(ask, site, monkeypatch):
    monkeypatch.setenv("GEOMAP_OFFLINE", "1")
    articles, (error,) = ask("/page")
    assert (articles, site.seen) == ([], [])
    assert "GEOMAP_OFFLINE" in str(error)


@pytest.mark.parametrize("missing", ["trafilatura", "feedparser"])
def test_without_the_extra_it_is_told_before_anything_is_fetched(monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(InputError, match=r"geomap\[web\]"):
        Online()


def test_the_command_line_fetches_only_when_asked(site, monkeypatch, tmp_path):
    url = f"http://127.0.0.1:{site.server_port}/page"
    runner = CliRunner()
    refused = runner.invoke(cli.app, ["read", url])
    assert (refused.exit_code, site.seen) == (1, [])
    assert "--online" in refused.stderr
    private = runner.invoke(cli.app, ["read", url, "--online"])
    assert (private.exit_code, site.seen) == (1, [])
    monkeypatch.setattr(fetch, "_is_public", lambda _: True)
    monkeypatch.setattr(online, "_INTERVAL_S", 0.0)
    monkeypatch.setenv("GEOMAP_CONTACT", "desk@newsroom.example")
    read = runner.invoke(cli.app, ["read", url, "--online"])
    assert (read.exit_code, read.stderr) == (0, "")
    assert "Peshawar" in read.stdout
    path = tmp_path / "s.gpkg"
    for known in (0, 1):
        added = runner.invoke(cli.app, ["add", url, "--online", "--store", str(path), "--resume"])
        assert f"{known} known already" in added.stdout
    monkeypatch.setenv("GEOMAP_CONTACT", "nobody")
    assert "contact" in runner.invoke(cli.app, ["read", url, "--online"]).stderr


ROBOTS = """
# a comment
User-agent: other
Disallow: /

User-agent: GEOMAP  # us
User-agent: third
Disallow: /a
Allow: /a/b
Disallow: /*.pdf$
Disallow:
Crawl-delay: 2.5

User-agent: *
Disallow: /
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/a", False),
        ("/a/c?d", False),
        ("/a/b", True),
        ("/a/b/c", True),
        ("/%61", False),
        ("/x.pdf", False),
        ("/x.pdfs", True),
        ("/b/a", True),
    ],
)
def test_robots(path, allowed):
    rules = parse_robots(ROBOTS)
    assert rules.delay_s == 2.5
    assert rules.allow(f"https://site.example{path}") is allowed


def test_robots_of_no_use():
    assert parse_robots("") == Rules()
    assert parse_robots("<html>no</html>\nDisallow: /") == Rules()
    assert not parse_robots("User-agent: *\nDisallow: *").allow("https://s.example/x")
    assert parse_robots("User-agent: *\nCrawl-delay: soon").delay_s == 0.0
    hostile = Rules(paths=(("/" + "*a" * 5000 + "$", False),))
    assert hostile.allow("https://s.example/" + "a" * 4000 + "b")

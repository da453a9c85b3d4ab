"""Pages and feeds of the web -> articles, politely: robots.txt, one host at a time, no crawling."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from geomap import fetch
from geomap.articles.days import first_day
from geomap.articles.encoding import clean, decode
from geomap.articles.page_text import page_parts
from geomap.articles.pages import page_article, plain_article
from geomap.articles.robots import Rules, parse_robots
from geomap.errors import ArticleError, FetchError, HttpStatusError, InputError, RefusedAddressError
from geomap.model import Article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from geomap.articles.rows import Item

__all__ = ["Online"]

# The longest page of a newspaper has some 2 MB; repeated text makes the extraction slow beyond it.
_PAGE_LIMITS = fetch.Limits(seconds=30.0, max_bytes=5_000_000, redirects=3)
# RFC 9309 asks for 500 kB at least.
_ROBOTS_LIMITS = fetch.Limits(seconds=10.0, max_bytes=1_000_000, redirects=3)
# Between two requests to one host.
_INTERVAL_S = 1.0
# A site that wants more than this between two requests does not want a run of them.
_LONGEST_DELAY_S = 60.0
_NOBODY = Rules(paths=(("/", False),))
_CLIENT_ERRORS = range(400, 500)
_TOO_MANY = 429
_PAGE_TYPES = frozenset({"", "text/html", "application/xhtml+xml"})
_FEED_STARTS = ("<rss", "<feed", "<rdf:rdf")
_SNIFFED = 1000
# What the bytes are encoded in by now, whatever the feed's own declaration says.
_AS_UTF_8 = {"content-type": "application/xml; charset=utf-8"}


class Online:
    """Fetches inputs that are addresses of the web.

    Addresses that lead to private hosts are refused, as are redirects there; a site's robots.txt
    holds; one host is asked once a second, or as slowly as it wishes.

    Parameters
    ----------
    contact
        An e-mail address or a page where whoever runs this can be reached; sent to the servers.
        None sends nothing of the kind.
    open_hosts
        "host:port" of servers of one's own, which may have a private address.
    interval_s
        Seconds between two requests to one host, at least; None for one.

    Raises
    ------
    InputError
        The packages of the extra `web` are missing, or the contact is none.
    """

    def __init__(
        self,
        *,
        contact: str | None = None,
        open_hosts: frozenset[str] = frozenset(),
        interval_s: float | None = None,
    ) -> None:
        _require_packages()
        self._contact = contact and fetch.check_contact(contact)
        self._open_hosts = open_hosts
        self._interval_s = _INTERVAL_S if interval_s is None else interval_s
        self._rules: dict[str, Rules] = {}
        self._next: dict[str, float] = {}

    def items(self, url: str) -> Iterator[Item]:
        """Fetch one address and read what is there.

        Parameters
        ----------
        url
            The http or https address of a page, or of an RSS or Atom feed.

        Yields
        ------
        Article or ArticleError
            The article of a page, or the items of a feed with the text that the feed holds; an
            error for what cannot be had or holds no text.
        """
        try:
            answer = self._fetched(url)
        except FetchError as error:
            yield ArticleError(url, str(error).removeprefix(f"{url}: "))
            return
        yield from _items(answer, url)

    def _fetched(self, url: str) -> fetch.Answer:
        self._ask_leave(url)  # here, so that waiting for one's turn costs nothing of the deadline

        def ask_leave(other: str) -> None:
            if other != url:
                self._ask_leave(other)

        limits = replace(_PAGE_LIMITS, open_hosts=self._open_hosts)
        return fetch.page(url, contact=self._contact, limits=limits, before=ask_leave)

    def _ask_leave(self, url: str) -> None:
        """Wait for one's turn at a host, and refuse what its robots.txt does not allow."""
        host = fetch.open_host(url)
        rules = self._rules_of(url, host)
        if not rules.allow(url):
            raise RefusedAddressError(f"{url}: the site's robots.txt does not allow it")
        if rules.delay_s and rules.delay_s > _LONGEST_DELAY_S:
            raise RefusedAddressError(
                f"{url}: the site's robots.txt wants {rules.delay_s:.0f} s between two requests"
            )
        self._wait(host, rules.delay_s or 0.0)

    def _rules_of(self, url: str, host: str) -> Rules:
        origin = f"{urlsplit(url).scheme}://{host}"
        if origin not in self._rules:
            self._wait(host, 0.0)
            self._rules[origin] = self._fetched_rules(urljoin(url, "/robots.txt"))
        return self._rules[origin]

    def _fetched_rules(self, url: str) -> Rules:
        """Return a site's rules; none where there is no such file, all where it cannot be had."""
        limits = replace(_ROBOTS_LIMITS, open_hosts=self._open_hosts)
        try:
            answer = fetch.page(url, contact=self._contact, limits=limits)
        except HttpStatusError as error:
            free = error.status in _CLIENT_ERRORS and error.status != _TOO_MANY
            return Rules() if free else _NOBODY
        except RefusedAddressError:
            raise
        except FetchError as error:
            raise FetchError(f"its robots.txt cannot be had, so nothing is ({error})") from error
        return parse_robots(answer.text())

    def _wait(self, host: str, delay_s: float) -> None:
        now = time.monotonic()
        turn = max(now, self._next.get(host, now))
        self._next[host] = turn + max(self._interval_s, delay_s)
        time.sleep(turn - now)


def _items(answer: fetch.Answer, url: str) -> Iterator[Item]:
    """Yield what a server gave as articles."""
    kind, _, parameters = answer.headers.get("content-type", "").lower().partition(";")
    kind = kind.strip()
    declared = parameters.rpartition("charset=")[2].strip(" \"'") or None
    text = clean(decode(answer.body, declared=declared))
    start = text[:_SNIFFED].lower()
    found: Article | None = None
    if any(mark in start for mark in _FEED_STARTS):
        yield from _feed_articles(text, url)
        return
    if kind in _PAGE_TYPES or "<html" in start:
        found = _page(text, answer.url)
    elif kind == "text/plain":
        plain = plain_article(text)
        found = plain and _addressed(plain, answer.url)
    else:
        yield ArticleError(url, f"is {kind}, neither a page nor a feed")
        return
    yield found or ArticleError(url, "holds no text")


def _require_packages() -> None:
    try:
        import feedparser  # noqa: F401
        import trafilatura  # noqa: F401
    except ImportError as error:
        raise InputError(
            f"--online: needs the package {error.name}: pip install 'geomap[web]', or save the"
            " pages as files, which needs nothing"
        ) from error
    # What it makes of a damaged page is our business, and no line on stderr.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def _page(text: str, url: str) -> Article | None:
    """Return the article of a page: trafilatura's text, and what the page says of itself."""
    import trafilatura

    said = page_article(text)
    found = trafilatura.extract(text, include_comments=False, include_tables=False)
    if found is None or not found.strip():
        return None if said is None else _addressed(said, url)
    if said is None:
        return Article(text=clean(found), url=url)
    return _addressed(replace(said, text=clean(found), id=""), url)


def _addressed(article: Article, url: str) -> Article:
    """Return an article with the address that it was fetched from where it tells none."""
    return replace(article, url=urljoin(url, article.url) if article.url else url, id="")


def _feed_articles(text: str, url: str) -> Iterator[Item]:
    import feedparser

    # As bytes: a string could be taken for the name of a file.
    feed = feedparser.parse(text.encode(), response_headers=_AS_UTF_8)
    if not feed.entries:
        yield ArticleError(url, "holds no items of an RSS or Atom feed")
        return
    for number, entry in enumerate(feed.entries, start=1):
        article = _entry_article(entry, feed.feed, url)
        yield article or ArticleError(f"{url}, item {number}", "has no text")


def _entry_article(entry: Any, feed: Any, url: str) -> Article | None:  # noqa: ANN401 - feedparser's dicts
    bodies = [part.get("value", "") for part in entry.get("content", ())]
    bodies.append(entry.get("summary", ""))
    text = next(filter(None, (page_parts(clean(body)).text for body in bodies)), "")
    if not text:
        return None
    link = entry.get("link")
    return Article(
        text=clean(text),
        id=entry.get("id") or "",
        title=page_parts(clean(entry.get("title", ""))).text or None,
        published=first_day(entry.get("published") or entry.get("updated")),
        source=clean(feed.get("title", "")) or None,
        url=urljoin(url, link) if link else None,
        language=feed.get("language") or None,
    )

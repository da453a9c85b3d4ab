"""The one guarded door to the network: requests with limits on address, time, size and redirects.

It is used only by what was configured to use it. Environment proxies are not consulted: behind a
proxy the address that is connected to could not be checked.
"""

from __future__ import annotations

import hashlib
import http.client
import io
import ipaddress
import os
import queue
import re
import socket
import ssl
import threading
import time
import zlib
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, NamedTuple, TypeVar
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from geomap.errors import (
    FetchError,
    FetchTimeoutError,
    HttpStatusError,
    InputError,
    OfflineError,
    RefusedAddressError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    _Taker = Callable[["_Response", "_Hop", "Limits"], "T"]

__all__ = [
    "Answer",
    "Limits",
    "Saved",
    "check_contact",
    "get",
    "head",
    "is_offline",
    "open_host",
    "page",
    "save",
]

T = TypeVar("T")

# A download is taken as it lies there, and no operator needs to know by whom.
_PLAIN_HEADERS = {"User-Agent": "geomap", "Accept": "*/*", "Accept-Encoding": "identity"}
# One read from the socket, and the most that one step of decompression may give.
_CHUNK = 64 * 1024
# The well-known NAT64 prefix (RFC 6052): the last 32 bits are an IPv4 address.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OK = range(200, 300)
_PORTS = {"http": 80, "https": 443}
# An e-mail address or the address of a page: what an operator can answer to.
_CONTACT = re.compile(r"[^\s@()<>]+@[^\s@()<>]+\.[^\s@()<>]+|https?://[^\s()<>]+\.[^\s()<>]+")
# What quoting leaves alone in a path or a query: RFC 3986 and escapes that are there already.
_SAFE = "/?:@!$&'()*+,;=~%-._"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How far a fetch may go.

    Parameters
    ----------
    seconds
        For the whole answer, redirects included, from the look-up of the name to the last byte.
    max_bytes
        Of the body, after decompression.
    redirects
        Followed at most; each new address is checked like the first.
    open_hosts
        "host:port" of servers that may have a private or loopback address: those that the user
        run and has configured.
    stall_seconds
        The longest silence within an answer; None for no limit but that of the whole.
    same_host
        Whether redirects to another server are refused.
    """

    seconds: float = 30.0
    max_bytes: int = 10_000_000
    redirects: int = 2
    open_hosts: frozenset[str] = field(default=frozenset())
    stall_seconds: float | None = None
    same_host: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server gave.

    Parameters
    ----------
    url
        Where it came from in the end.
    headers
        Its headers, their names in lower case.
    body
        The bytes, decompressed.
    """

    url: str
    headers: dict[str, str]
    body: bytes

    def text(self) -> str:
        """Return the body as text.

        Returns
        -------
        str
            Read as UTF-8; what is not becomes U+FFFD.
        """
        return self.body.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What was fetched into a file.

    Parameters
    ----------
    url
        Where it came from in the end.
    headers
        The server's headers, their names in lower case.
    size
        How many bytes it has.
    sha256
        Its digest, hexadecimal.
    """

    url: str
    headers: dict[str, str]
    size: int
    sha256: str


class _Hop(NamedTuple):
    """One request on the way to an answer."""

    url: str
    parts: SplitResult
    host: str
    port: int
    ends: float


class _Request(NamedTuple):
    """What is asked, whichever address it goes to in the end."""

    method: str
    headers: dict[str, str]
    limits: Limits
    # Told each address before it is asked, the redirected ones too; what it raises ends the fetch.
    before: Callable[[str], None] | None = None


class _Redirect(NamedTuple):
    """Where else to ask."""

    target: str


class _WriteError(Exception):
    """What came could not be written: no fault of the network."""


def is_offline() -> bool:
    """Tell whether the environment variable GEOMAP_OFFLINE switches the network off.

    Returns
    -------
    bool
        True when it is set to anything but nothing and "0".
    """
    return os.environ.get("GEOMAP_OFFLINE", "0") not in ("", "0")


def check_contact(contact: str | None) -> str:
    """Check that operators of a service can reach whoever asks.

    Parameters
    ----------
    contact
        An e-mail address, or the address of a page that has one.

    Returns
    -------
    str
        The same, without outer blanks.

    Raises
    ------
    InputError
        It is missing or neither of the two.
    """
    plain = (contact or "").strip()
    if not _CONTACT.fullmatch(plain) or not plain.isascii():
        raise InputError(
            f"contact {contact!r}: online services want to know who asks, "
            "give an e-mail address or the https:// address of a page"
        )
    return plain


def open_host(url: str) -> str:
    """Name the server of an address as `Limits.open_hosts` wants it.

    Parameters
    ----------
    url
        An http or https address.

    Returns
    -------
    str
        "host:port" in lower case.

    Raises
    ------
    RefusedAddressError
        The address is not http or https, or carries a password.
    """
    hop = _hop(url, 0.0)
    return f"{hop.host}:{hop.port}"


def get(
    url: str, *, contact: str, limits: Limits | None = None, accept: str = "application/json"
) -> Answer:
    """Fetch an address.

    Parameters
    ----------
    url
        An http or https address without user name and password.
    contact
        An e-mail address or page, sent in the User-Agent.
    limits
        How far to go; None for the usual limits.
    accept
        The Accept header.

    Returns
    -------
    Answer
        The whole body; never half of one.

    Raises
    ------
    InputError
        There is no contact.
    OfflineError
        GEOMAP_OFFLINE is set.
    RefusedAddressError
        The address, or one that it redirects to, is not http or https, leads to a private host
        that is not among the open ones, or leaves https for http.
    FetchTimeoutError
        The deadline passed.
    HttpStatusError
        The status is not 2xx.
    FetchError
        The server cannot be reached, the answer is cut off, too big, or redirects too often.
    """
    limits = limits or Limits()
    headers = {
        "User-Agent": f"geomap ({check_contact(contact)})",
        "Accept": accept,
        "Accept-Encoding": "gzip",
    }
    return _followed(_Request("GET", headers, limits), url, _taken)


def page(
    url: str,
    *,
    contact: str | None = None,
    limits: Limits | None = None,
    before: Callable[[str], None] | None = None,
) -> Answer:
    """Fetch a page or a feed for reading.

    Parameters
    ----------
    url
        As for `get`.
    contact
        An e-mail address or page, sent in the User-Agent; None to tell only that geomap asks.
    limits
        How far to go; None for the usual limits.
    before
        Told each address before it is asked, those of redirects too; an exception that it raises
        ends the fetch.

    Returns
    -------
    Answer
        The whole body; never half of one.

    Raises
    ------
    InputError
        The contact is neither an e-mail address nor that of a page.
    FetchError
        As `get` raises it.
    """
    headers = {
        "User-Agent": "geomap" if contact is None else f"geomap ({check_contact(contact)})",
        "Accept": "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml,"
        " application/xml;q=0.9, text/plain;q=0.8, */*;q=0.1",
        "Accept-Encoding": "gzip",
    }
    return _followed(_Request("GET", headers, limits or Limits(), before), url, _taken)


def head(url: str, *, limits: Limits | None = None) -> dict[str, str]:
    """Ask what an address holds, without fetching it.

    Parameters
    ----------
    url
        As for `get`.
    limits
        How far to go; None for the usual limits.

    Returns
    -------
    dict
        The server's headers, their names in lower case.

    Raises
    ------
    FetchError
        As `get` raises it.
    """
    request = _Request("HEAD", _PLAIN_HEADERS, limits or Limits())
    return _followed(request, url, lambda response, _hop, _limits: _headers(response))


def save(
    url: str,
    out: IO[bytes],
    *,
    limits: Limits | None = None,
    advance: Callable[[int], None] | None = None,
) -> Saved:
    """Fetch an address into a file, in memory that does not grow with it.

    Parameters
    ----------
    url
        As for `get`.
    out
        Where the bytes go as they come; after an error it holds some of them.
    limits
        How far to go; None for the usual limits.
    advance
        Told how many bytes came since the last call; None for silence. An exception that it
        raises ends the fetch.

    Returns
    -------
    Saved
        What came: all of it.

    Raises
    ------
    FetchError
        As `get` raises it.
    OSError
        The file cannot be written.
    """

    def written(response: _Response, hop: _Hop, limits: Limits) -> Saved:
        size, digest = 0, hashlib.sha256()
        for chunk in _body(response, hop, limits):
            size += len(chunk)
            digest.update(chunk)
            try:
                out.write(chunk)
            except OSError as error:
                raise _WriteError(error) from error
            if advance:
                advance(len(chunk))
        headers = _headers(response)
        return Saved(url=hop.url, headers=headers, size=size, sha256=digest.hexdigest())

    try:
        return _followed(_Request("GET", _PLAIN_HEADERS, limits or Limits()), url, written)
    except _WriteError as error:
        raise error.args[0] from None


def _followed(request: _Request, url: str, take: _Taker[T]) -> T:
    """Make a request and those that the answers redirect to."""
    if is_offline():
        raise OfflineError(f"{url}: not fetched, GEOMAP_OFFLINE is set")
    limits = request.limits
    hop = _hop(url, time.monotonic() + limits.seconds)
    for _ in range(limits.redirects + 1):
        if request.before:
            request.before(hop.url)
        answer = _ask(hop, request, take)
        if not isinstance(answer, _Redirect):
            return answer
        following = _hop(urljoin(hop.url, answer.target), hop.ends)
        if hop.parts.scheme == "https" and following.parts.scheme != "https":
            raise RefusedAddressError(f"{hop.url}: redirects from https to {following.url}")
        if limits.same_host and not _same_server(hop, following):
            raise RefusedAddressError(f"{hop.url}: redirects to another server, {following.url}")
        hop = following
    raise FetchError(f"{url}: more than {limits.redirects} redirects")


def _same_server(hop: _Hop, other: _Hop) -> bool:
    """Tell whether two addresses are of one server; http and https at their own ports are."""
    usual = all(h.port == _PORTS[h.parts.scheme] for h in (hop, other))
    return hop.host == other.host and (usual or hop.port == other.port)


def _hop(url: str, ends: float) -> _Hop:
    """Take an address apart and refuse what is never asked for."""
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii").rstrip(".").lower()
    except ValueError as error:
        raise RefusedAddressError(f"{url}: not an address, {error}") from error
    if parts.scheme not in _PORTS or not host:
        raise RefusedAddressError(f"{url}: only http and https addresses are fetched")
    if parts.username is not None or parts.password is not None:
        raise RefusedAddressError(f"{parts.scheme}://...@{host}: carries a user name or a password")
    return _Hop(url, parts, host, port if port is not None else _PORTS[parts.scheme], ends)


def _ask(hop: _Hop, request: _Request, take: _Taker[T]) -> T | _Redirect:
    """Make one request."""
    limits = request.limits
    try:
        sock = _connect(hop, limits)
        connection = http.client.HTTPConnection(hop.host, hop.port)
        connection.default_port = _PORTS[hop.parts.scheme]
        connection.sock = sock
        try:
            sent = request.headers | {"Connection": "close"}
            connection.request(request.method, _target(hop.parts), headers=sent)
            with _Response(sock, hop.ends, request.method, limits.stall_seconds) as response:
                return _redirect_of(response, hop) or take(response, hop, limits)
        finally:
            connection.close()
    except FetchError:
        raise
    except TimeoutError as error:
        raise FetchTimeoutError(f"{hop.url}: no complete answer in time") from error
    except (http.client.HTTPException, zlib.error) as error:
        raise FetchError(f"{hop.url}: not a whole answer ({error!r})") from error
    except OSError as error:
        raise FetchError(f"{hop.url}: cannot be reached, {error.strerror or error}") from error


def _target(parts: SplitResult) -> str:
    query = f"?{parts.query}" if parts.query else ""
    return quote((parts.path or "/") + query, safe=_SAFE)


def _connect(hop: _Hop, limits: Limits) -> socket.socket:
    """Connect to an address that was checked itself, so that the name cannot change in between."""
    found = _addresses(hop)
    if f"{hop.host}:{hop.port}" not in limits.open_hosts:
        for address in found:
            if not _is_public(address):
                raise RefusedAddressError(
                    f"{hop.url}: {address} is not a public address; "
                    "name a server of your own in the configuration"
                )
    failure: OSError | None = None
    for address in found:
        try:
            sock = socket.create_connection((address, hop.port), timeout=_left(hop.ends))
        except OSError as error:
            failure = error
            continue
        if hop.parts.scheme == "http":
            return sock
        return _encrypted(sock, hop)
    raise failure or FetchError(f"{hop.url}: {hop.host} has no address")


def _encrypted(sock: socket.socket, hop: _Hop) -> socket.socket:
    try:
        sock.settimeout(_left(hop.ends))
        return ssl.create_default_context().wrap_socket(sock, server_hostname=hop.host)
    except OSError:
        sock.close()
        raise


def _addresses(hop: _Hop) -> list[str]:
    """Look a name up, in a thread of its own because the system's look-up knows no deadline."""
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            rows = socket.getaddrinfo(hop.host, hop.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            answers.put(error)
        else:
            answers.put(list(dict.fromkeys(str(row[4][0]) for row in rows)))

    threading.Thread(target=look_up, daemon=True).start()
    try:
        answer = answers.get(timeout=_left(hop.ends))
    except queue.Empty:
        raise FetchTimeoutError(f"{hop.url}: the name {hop.host} is not found in time") from None
    if isinstance(answer, UnicodeError):
        raise RefusedAddressError(f"{hop.url}: {hop.host} is not a name") from answer
    if isinstance(answer, Exception):
        raise answer
    return answer


def _is_public(address: str) -> bool:
    """Tell whether an address is of the open Internet, whatever it is wrapped in."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner:
            return inner.is_global and not inner.is_multicast
    return ip.is_global and not ip.is_multicast


def _left(ends: float) -> float:
    """Return the seconds that are left, never none: a timeout of 0 would mean not to wait."""
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _DeadlineReader(io.RawIOBase):
    """Reads a socket, each read with what is left of one deadline for all."""

    def __init__(
        self, sock: socket.socket, raw: io.RawIOBase, ends: float, stall: float | None
    ) -> None:
        super().__init__()
        self._stall = stall
        self._sock = sock
        self._raw = raw
        self._ends = ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int | None:  # type: ignore[override]
        left = _left(self._ends)
        self._sock.settimeout(left if self._stall is None else min(left, self._stall))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    """A response whose status line, headers and body share one deadline."""

    def __init__(self, sock: socket.socket, ends: float, method: str, stall: float | None) -> None:
        super().__init__(sock, method=method)
        self.fp = io.BufferedReader(_DeadlineReader(sock, self.fp.detach(), ends, stall))
        self.begin()


def _headers(response: _Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.getheaders()}


def _redirect_of(response: _Response, hop: _Hop) -> _Redirect | None:
    """Return where a response redirects to; None for one with what was asked for."""
    headers = _headers(response)
    if response.status in _REDIRECTS and headers.get("location"):
        return _Redirect(headers["location"])
    if response.status not in _OK:
        raise HttpStatusError(hop.url, response.status, headers)
    return None


def _taken(response: _Response, hop: _Hop, limits: Limits) -> Answer:
    """Read a response whole."""
    body = bytearray()
    for chunk in _body(response, hop, limits):
        body += chunk
    return Answer(url=hop.url, headers=_headers(response), body=bytes(body))


def _body(response: _Response, hop: _Hop, limits: Limits) -> Iterator[bytes]:
    """Give the body of a response, decompressed, as long as it is not too big."""
    if response.length is not None and response.length > limits.max_bytes:
        raise FetchError(f"{hop.url}: {response.length} bytes, more than {limits.max_bytes}")
    coding = _headers(response).get("content-encoding", "identity").strip().lower()
    if coding in ("gzip", "x-gzip"):
        chunks = _inflated(_chunks(response))
    elif coding in ("identity", ""):
        chunks = _chunks(response)
    else:
        raise FetchError(f"{hop.url}: encoded as {coding}, which was not asked for")
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limits.max_bytes:
            raise FetchError(f"{hop.url}: more than {limits.max_bytes} bytes")
        yield chunk


def _chunks(response: _Response) -> Iterator[bytes]:
    """Give the body as it comes, and fail when it ends early."""
    while chunk := response.read1(_CHUNK):
        yield chunk
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)


def _inflated(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Decompress gzip in steps of bounded size, so that a bomb is noticed while it is small."""
    state = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    for chunk in chunks:
        waiting = chunk
        while waiting and not state.eof:
            yield state.decompress(waiting, _CHUNK)
            waiting = state.unconsumed_tail
    # What is left inside the decompressor is at most one step.
    yield state.flush()
    if not state.eof:
        raise zlib.error("the compressed data end early")

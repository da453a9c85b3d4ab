"""The one guarded door to the network: a GET with limits on address, time, size and redirects.

It is used only by what was configured to use it. Environment proxies are not consulted: behind a
proxy the address that is connected to could not be checked.
"""

from __future__ import annotations

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
from typing import TYPE_CHECKING, NamedTuple
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
    from collections.abc import Iterator

__all__ = ["Answer", "Limits", "check_contact", "get", "is_offline", "open_host"]

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
        runs and has configured.
    """

    seconds: float = 30.0
    max_bytes: int = 10_000_000
    redirects: int = 2
    open_hosts: frozenset[str] = field(default=frozenset())


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


class _Hop(NamedTuple):
    """One request on the way to an answer."""

    url: str
    parts: SplitResult
    host: str
    port: int
    ends: float


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
        "Connection": "close",
    }
    if is_offline():
        raise OfflineError(f"{url}: not fetched, GEOMAP_OFFLINE is set")
    hop = _hop(url, time.monotonic() + limits.seconds)
    for _ in range(limits.redirects + 1):
        answer = _ask(hop, headers, limits)
        if isinstance(answer, Answer):
            return answer
        following = _hop(urljoin(hop.url, answer), hop.ends)
        if hop.parts.scheme == "https" and following.parts.scheme != "https":
            raise RefusedAddressError(f"{hop.url}: redirects from https to {following.url}")
        hop = following
    raise FetchError(f"{url}: more than {limits.redirects} redirects")


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


def _ask(hop: _Hop, headers: dict[str, str], limits: Limits) -> Answer | str:
    """Make one request; a redirect gives where it leads."""
    try:
        sock = _connect(hop, limits)
        connection = http.client.HTTPConnection(hop.host, hop.port)
        connection.default_port = _PORTS[hop.parts.scheme]
        connection.sock = sock
        try:
            connection.request("GET", _target(hop.parts), headers=headers)
            with _Response(sock, hop.ends) as response:
                return _taken(response, hop, limits)
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

    def __init__(self, sock: socket.socket, raw: io.RawIOBase, ends: float) -> None:
        super().__init__()
        self._sock = sock
        self._raw = raw
        self._ends = ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int | None:  # type: ignore[override]
        self._sock.settimeout(_left(self._ends))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    """A response whose status line, headers and body share one deadline."""

    def __init__(self, sock: socket.socket, ends: float) -> None:
        super().__init__(sock, method="GET")
        self.fp = io.BufferedReader(_DeadlineReader(sock, self.fp.detach(), ends))
        self.begin()


def _taken(response: _Response, hop: _Hop, limits: Limits) -> Answer | str:
    """Read a response: the body, where it redirects to, or an error."""
    headers = {name.lower(): value for name, value in response.getheaders()}
    if response.status in _REDIRECTS and headers.get("location"):
        return headers["location"]
    if response.status not in _OK:
        raise HttpStatusError(hop.url, response.status, headers)
    if response.length is not None and response.length > limits.max_bytes:
        raise FetchError(f"{hop.url}: {response.length} bytes, more than {limits.max_bytes}")
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding in ("gzip", "x-gzip"):
        chunks = _inflated(_chunks(response))
    elif coding in ("identity", ""):
        chunks = _chunks(response)
    else:
        raise FetchError(f"{hop.url}: encoded as {coding}, which was not asked for")
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > limits.max_bytes:
            raise FetchError(f"{hop.url}: more than {limits.max_bytes} bytes")
    return Answer(url=hop.url, headers=headers, body=bytes(body))


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

"""Every exception that geomap raises on purpose.

* GeomapError
  x InputError (ValueError)        what was given cannot be read: a file, a row, an option
    + ArticleError                 one article or one file of articles
    + PublishedError               a publication day that is not a date
    + CoordinateError              a pair of coordinates that is not one, or can be read two ways
  x OutputError (OSError)          a result cannot be written where it was asked for
  x GazetteerError (RuntimeError)  the gazetteer itself is unusable
    + ArtefactError                the shipped data does not match its recorded digest
    + IndexDamagedError            the index in the cache is broken (it is rebuilt on sight)
  x FetchError (OSError)           something asked of the network cannot be had
    + OfflineError                 the network is switched off
    + RefusedAddressError          the address is one that is never asked
    + FetchTimeoutError (TimeoutError)  the answer was not complete in time
    + HttpStatusError              the server answered, but not with what was asked for
  x StoreError (OSError)           a store cannot be opened, read or written
    + StoreBusyError (TimeoutError)  somebody else is writing to it
    + EventNotFoundError (LookupError)  it holds no event or incident of that id
  x PlaceNotFoundError (LookupError)  no place of that name; carries what was probably meant

Each message says what is wrong, where, and what to do. Each child is also a builtin, so that
callers who do not know geomap catch it too.
"""

from __future__ import annotations

__all__ = [
    "ArtefactError",
    "ArticleError",
    "CoordinateError",
    "EventNotFoundError",
    "FetchError",
    "FetchTimeoutError",
    "GazetteerError",
    "GeomapError",
    "HttpStatusError",
    "IndexDamagedError",
    "InputError",
    "OfflineError",
    "OutputError",
    "PlaceNotFoundError",
    "PublishedError",
    "RefusedAddressError",
    "StoreBusyError",
    "StoreError",
]


class GeomapError(Exception):
    """Base of every error that geomap raises on purpose."""


class InputError(GeomapError, ValueError):
    """What was given cannot be used: a missing path, a wrong option, an unreadable file."""


class ArticleError(InputError):
    """One article, or one file of articles, cannot be read.

    Parameters
    ----------
    where
        The path, with ``:line`` behind it where a row is meant.
    reason
        What is wrong with it and what to do, without a full stop.
    """

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason


class PublishedError(InputError):
    """A publication day was given that is not a date."""


class CoordinateError(InputError):
    """A text is not a pair of coordinates, or can be read as more than one."""


class OutputError(GeomapError, OSError):
    """A result cannot be written where it was asked for."""


class GazetteerError(GeomapError, RuntimeError):
    """The gazetteer is unusable."""


class ArtefactError(GazetteerError):
    """The shipped gazetteer does not match its recorded digest."""


class IndexDamagedError(GazetteerError):
    """The index in the cache is incomplete or broken."""


class FetchError(GeomapError, OSError):
    """Something asked of the network cannot be had."""


class OfflineError(FetchError):
    """The network is switched off by the environment variable GEOMAP_OFFLINE."""


class RefusedAddressError(FetchError):
    """The address is one that is never asked: another scheme, a private host, a password in it."""


class FetchTimeoutError(FetchError, TimeoutError):
    """The answer was not complete within its deadline."""


class HttpStatusError(FetchError):
    """The server answered, but not with what was asked for.

    Parameters
    ----------
    url
        What was asked for.
    status
        The HTTP status code.
    headers
        The answer's headers, their names in lower case; None for none.
    """

    def __init__(self, url: str, status: int, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{url}: the server answers {status}")
        self.url = url
        self.status = status
        self.headers = headers or {}


class StoreError(GeomapError, OSError):
    """A store cannot be opened, read or written: foreign, newer, damaged, or out of reach."""


class StoreBusyError(StoreError, TimeoutError):
    """Somebody else has been writing to the store for longer than one waits."""


class EventNotFoundError(StoreError, LookupError):
    """The store holds no event, or no incident, of that id."""


class PlaceNotFoundError(GeomapError, LookupError):
    """No place has that name.

    Parameters
    ----------
    name
        The name that was looked for.
    suggestions
        Names that do exist and look like it, best first; may be empty.
    """

    def __init__(self, name: str, suggestions: tuple[str, ...] = ()) -> None:
        hint = f": did you mean {', '.join(suggestions)}?" if suggestions else ""
        super().__init__(f"no place named {name!r}{hint}")
        self.name = name
        self.suggestions = suggestions

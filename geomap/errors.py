"""Every exception that geomap raises on purpose.

* GeomapError
  x InputError (ValueError)        what was given cannot be read: a file, a row, an option
    + ArticleError                 one article or one file of articles
    + PublishedError               a publication day that is not a date
  x OutputError (OSError)          a result cannot be written where it was asked for
  x GazetteerError (RuntimeError)  the gazetteer itself is unusable
    + ArtefactError                the shipped data does not match its recorded digest
    + IndexDamagedError            the index in the cache is broken (it is rebuilt on sight)
  x PlaceNotFoundError (LookupError)  no place of that name; carries what was probably meant

Each message says what is wrong, where, and what to do. Each child is also a builtin, so that
callers who do not know geomap catch it too.
"""

from __future__ import annotations

__all__ = [
    "ArtefactError",
    "ArticleError",
    "GazetteerError",
    "GeomapError",
    "IndexDamagedError",
    "InputError",
    "OutputError",
    "PlaceNotFoundError",
    "PublishedError",
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


class OutputError(GeomapError, OSError):
    """A result cannot be written where it was asked for."""


class GazetteerError(GeomapError, RuntimeError):
    """The gazetteer is unusable."""


class ArtefactError(GazetteerError):
    """The shipped gazetteer does not match its recorded digest."""


class IndexDamagedError(GazetteerError):
    """The index in the cache is incomplete or broken."""


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

"""Inputs as parts that can be read one by one: whole files, and stretches of long tables.

A part is named by its path and its bytes, so that it can be read by another process or another
day; `read_parts` gives what `read_articles` gives, whatever the cuts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from geomap.articles import reading
from geomap.articles.encoding import wide_encoding
from geomap.articles.rows import (
    ROW_LIMIT,
    csv_columns,
    csv_rows,
    csv_table_articles,
    json_articles,
)
from geomap.errors import ArticleError
from geomap.model import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from geomap.articles.online import Online
    from geomap.articles.rows import Item

    Known = Callable[["Part"], tuple[int, int] | None]

__all__ = ["PART_BYTES", "Part", "parts", "read_part", "total_bytes"]

# Half a minute of reading: what an interruption may cost, and much against what a part costs.
PART_BYTES = 2_000_000
_NO_CUTS = 1 << 62
_CHUNK = 1 << 20
# The lines of a text as Python's text files give them, their ends kept.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some bytes of an input.

    Parameters
    ----------
    path
        The file; "-" for standard input; or an address of the web.
    size
        Bytes of the whole file; -1 for what has none.
    changed
        When the file was changed last, nanoseconds.
    start
        The first byte.
    end
        One behind the last byte; None for the whole input.
    line
        The number of the line at `start`; None where nobody has counted.
    lines
        How many lines it has; None where nobody has counted.
    encoding
        The codec of a table of text; None where each line tells its own.
    """

    path: str
    size: int = -1
    changed: int = 0
    start: int = 0
    end: int | None = None
    line: int | None = 1
    lines: int | None = None
    encoding: str | None = None

    def __str__(self) -> str:
        return self.path if self.end is None else f"{self.path} (bytes {self.start} to {self.end})"

    @property
    def length(self) -> int:
        """How many bytes it has; 0 where that is not known."""
        return max(0, (self.size if self.end is None else self.end) - self.start)

    @property
    def digest(self) -> str:
        """What tells it from others, and from itself before a change of its file."""
        return digest(self.path, *map(str, (self.size, self.changed, self.start, self.end)))


def parts(
    inputs: str | Path | Iterable[str | Path],
    *,
    part_bytes: int = PART_BYTES,
    known: Known | None = None,
    online: bool = False,
) -> Iterator[Part | ArticleError]:
    """Give the parts of some inputs, without reading the articles.

    Parameters
    ----------
    inputs
        As for `read_articles`.
    part_bytes
        Tables that are longer are cut, at the next end of a row.
    known
        Asked for each beginning of a part of a CSV file, whose cuts have to be looked for: gives
        where the part is known to end and how many lines it has, or None.
    online
        Whether addresses of the web are inputs.

    Yields
    ------
    Part or ArticleError
        In input order, and an error for each input that is none.
    """
    listed = [inputs] if isinstance(inputs, str | Path) else inputs
    for given in listed:
        if str(given) == reading.STDIN or (online and reading.is_url(given)):
            yield Part(path=str(given))
            continue
        for path in reading.expand(given):
            if isinstance(path, ArticleError):
                yield path
                continue
            try:
                yield from _file_parts(path, part_bytes, known)
            except OSError as error:
                yield ArticleError(str(path), f"cannot be read: {error.strerror or error}")


def read_part(
    part: Part, *, published: date | None = None, online: Online | None = None
) -> Iterator[Item]:
    """Read the articles of a part.

    Parameters
    ----------
    part
        The part.
    published
        The publication day of articles that do not give their own.
    online
        What fetches a part that is an address of the web.

    Yields
    ------
    Article or ArticleError
        In their order.
    """
    try:
        for item in _items(part, online):
            yield item if isinstance(item, ArticleError) else reading.dated(item, published)
    except OSError as error:
        yield ArticleError(part.path, f"cannot be read: {error.strerror or error}")


def _items(part: Part, online: Online | None) -> Iterator[Item]:
    if part.size < 0:
        if part.path == reading.STDIN:
            yield from reading.stdin_items()
        elif online is not None:
            yield from online.items(part.path)
        return
    if part.end is None:
        yield from reading.file_items(Path(part.path))
        return
    with Path(part.path).open("rb") as stream:
        if Path(part.path).suffix.lower() in reading.JSON:
            yield from _json_items(stream, part, part.end)
        else:
            yield from _csv_items(stream, part)


def _file_parts(path: Path, part_bytes: int, known: Known | None) -> Iterator[Part]:
    found = path.stat()
    whole = Part(path=str(path), size=found.st_size, changed=found.st_mtime_ns)
    suffix = path.suffix.lower()
    if found.st_size <= part_bytes or suffix not in reading.JSON + reading.CSV:
        yield whole
        return
    with path.open("rb") as stream:
        head = stream.read(reading.SAMPLE)
        if reading.unreadable(head) or wide_encoding(head):
            yield whole  # and its reader says why, or reads it in one go
        elif suffix in reading.JSON:
            if head.lstrip()[:1] == b"{" and head.split(None, 1)[0] != b"{":
                yield from _json_parts(stream, whole, part_bytes)
            else:
                yield whole
        else:
            yield from _csv_parts(stream, whole, part_bytes, known)


def _json_parts(stream: IO[bytes], whole: Part, part_bytes: int) -> Iterator[Part]:
    """Cut JSON Lines at the next line end, which takes no reading of what lies between."""
    start = 0
    while start < whole.size:
        stream.seek(min(start + part_bytes, whole.size))
        while (line := stream.readline(_CHUNK)) and not line.endswith(b"\n"):
            pass
        end = min(stream.tell(), whole.size)
        yield replace(whole, start=start, end=end, line=1 if start == 0 else None)
        start = end


def _json_items(stream: IO[bytes], part: Part, end: int) -> Iterator[Item]:
    stream.seek(part.start)
    before: int | None = None if part.line is None else part.line - 1
    lines = reading.bounded_lines(stream, ROW_LIMIT)
    for item in json_articles(_until(lines, stream, end), part.path, whole=part.start == 0):
        if isinstance(item, ArticleError) and part.start:
            if before is None:
                before = _lines_before(stream, part.start)
            path, _, number = item.where.rpartition(":")
            yield ArticleError(f"{path}:{before + int(number)}", item.reason)
        else:
            yield item


def _until(lines: Iterator[bytes | None], stream: IO[bytes], end: int) -> Iterator[bytes | None]:
    while stream.tell() < end and (line := next(lines, b"")) != b"":
        yield line


def _lines_before(stream: IO[bytes], start: int) -> int:
    """Count the lines before a byte, and leave the stream where it stands."""
    here = stream.tell()
    stream.seek(0)
    number, left = 0, start
    while left and (chunk := stream.read(min(left, _CHUNK))):
        number += chunk.count(b"\n")
        left -= len(chunk)
    stream.seek(here)
    return number


class _Lines:
    """The lines of a table of text from a byte on, and where a cut could be made."""

    def __init__(self, stream: IO[bytes], part: Part, encoding: str) -> None:
        self._stream = stream
        self._end = part.size if part.end is None else part.end
        self._waiting: list[str] = []
        self._encoding = encoding
        self.number = part.line or 1
        stream.seek(part.start)
        self.offset = part.start

    def __iter__(self) -> Iterator[str]:
        while self._waiting or self._fill():
            self.number += 1
            yield self._waiting.pop()

    def _fill(self) -> bool:
        if self.offset >= self._end:
            return False
        line = self._stream.readline(ROW_LIMIT)
        # The mark of UTF-8 is no letter of the header.
        codec = "utf-8-sig" if self.offset == 0 and self._encoding == "utf-8" else self._encoding
        self.offset += len(line)
        self._waiting = _LINE.findall(line.decode(codec, "replace"))[::-1]
        return bool(self._waiting)

    @property
    def between(self) -> bool:
        """Whether all that was read so far has been given."""
        return not self._waiting


def _csv_parts(
    stream: IO[bytes], whole: Part, part_bytes: int, known: Known | None
) -> Iterator[Part]:
    """Cut a CSV file between rows, which a quoted line end makes a matter of reading them."""
    encoding = reading.table_encoding(stream).removesuffix("-sig")
    columns, delimiter, above = _header(stream, whole, encoding)
    if "text" not in columns:
        yield whole
        return
    start, line = 0, 1
    while start < whole.size:
        begun = replace(whole, start=start, line=line, encoding=encoding)
        end, count = (known and known(begun)) or _next_cut(
            stream, begun, part_bytes, (delimiter, above if start == 0 else 0)
        )
        yield whole if end - start >= whole.size else replace(begun, end=end, lines=count)
        start, line = end, line + count


def _next_cut(
    stream: IO[bytes], begun: Part, part_bytes: int, form: tuple[str, int]
) -> tuple[int, int]:
    """Return where a part can end, and how many lines it has then."""
    delimiter, above = form
    lines = _Lines(stream, begun, begun.encoding or "utf-8")
    given = iter(lines)
    for _ in range(above):
        next(given)
    for _row in csv_rows(given, delimiter):
        if lines.between and lines.offset - begun.start >= part_bytes:
            break
    return lines.offset, lines.number - (begun.line or 1)


def _header(stream: IO[bytes], whole: Part, encoding: str) -> tuple[list[str], str, int]:
    """Return the columns of a CSV file, its delimiter, and how many lines they take."""
    lines = _Lines(stream, whole, encoding)
    for line in lines:
        if line.strip():
            return *csv_columns(line), lines.number - 1
    return [], ",", 0


def _csv_items(stream: IO[bytes], part: Part) -> Iterator[Item]:
    encoding = part.encoding or "utf-8"
    whole = Part(path=part.path, size=part.size)
    columns, delimiter, above = _header(stream, whole, encoding)
    given = iter(_Lines(stream, part, encoding))
    begun = (part.line or 1) - 1
    if part.start == 0:
        for _ in range(above):
            next(given)
        begun = above
    yield from csv_table_articles(given, (columns, delimiter), part.path, begun)


def total_bytes(inputs: str | Path | Iterable[str | Path]) -> int:
    """Return how many bytes some inputs have in all; what has no size counts nothing.

    Parameters
    ----------
    inputs
        As for `read_articles`.

    Returns
    -------
    int
        The sum over the files.
    """
    found = parts(inputs, part_bytes=_NO_CUTS)
    return sum(part.length for part in found if isinstance(part, Part))

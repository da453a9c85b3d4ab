"""Files, folders, globs and stdin to articles, in input order and one at a time."""

from __future__ import annotations

import difflib
import glob
import io
import os
import re
import stat
import sys
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING

from geomap.articles.days import parse_day
from geomap.articles.encoding import (
    clean,
    damaged_encoding,
    decode,
    is_foreign,
    wide_encoding,
)
from geomap.articles.feeds import feed_articles
from geomap.articles.pages import markdown_article, page_article, plain_article
from geomap.articles.rows import (
    ROW_LIMIT,
    TEXT_LIMIT,
    csv_articles,
    json_articles,
    json_object,
    too_long,
)
from geomap.errors import ArticleError
from geomap.model import Article

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from geomap.articles.online import Online
    from geomap.articles.rows import Item

__all__ = [
    "CSV",
    "JSON",
    "SAMPLE",
    "STDIN",
    "bounded_lines",
    "dated",
    "expand",
    "file_items",
    "is_url",
    "read_articles",
    "stdin_items",
    "table_encoding",
    "unreadable",
]

_TEXTS: dict[str, Callable[[str], Article | None]] = {
    ".txt": plain_article,
    ".md": markdown_article,
    ".html": page_article,
    ".htm": page_article,
}
JSON = (".jsonl", ".ndjson")
CSV = (".csv", ".tsv")
_FEEDS = (".xml", ".rss", ".atom")
_KNOWN = (*_TEXTS, *JSON, *CSV, *_FEEDS)

_MAGIC = {
    b"%PDF-": "a PDF; extract its text first (pdftotext)",
    b"PK\x03\x04": "a zip archive or an office document; unpack it or save it as text",
    b"\x1f\x8b": "gzip data; decompress it first",
    b"BZh": "bzip2 data; decompress it first",
    b"\xfd7zXZ": "xz data; decompress it first",
    b"\x28\xb5\x2f\xfd": "zstd data; decompress it first",
    b"7z\xbc\xaf": "a 7z archive; unpack it first",
    b"Rar!": "a rar archive; unpack it first",
    b"\xd0\xcf\x11\xe0": "an old office document; save it as text",
    b"{\\rtf": "an RTF document; save it as plain text",
    b"SQLite format 3": "a database, not text",
    b"\x7fELF": "a program, not text",
    b"\x89PNG": "an image, not text",
    b"\xff\xd8\xff": "an image, not text",
    b"GIF8": "an image, not text",
}
STDIN = "-"
_WEB = re.compile(r"https?://", re.IGNORECASE)
_BINARY = "binary data, not text"
_SIGNATURE = max(map(len, _MAGIC))

# Text has hardly any; machine code and compressed data have one byte in eight.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
_CONTROL_SHARE = 0.1
SAMPLE = 65_536
_CHUNK = 1 << 20
_SHOWN = 120
# What a pipe holds ready at first may be a few bytes, too few to judge by.
_TELLING = 1024


def read_articles(
    inputs: str | Path | Iterable[str | Path],
    *,
    published: date | str | None = None,
    on_error: Callable[[ArticleError], None] | None = None,
    online: Online | None = None,
) -> Iterator[Article]:
    """Read articles from files, folders, globs, standard input and, if asked to, the web.

    Parameters
    ----------
    inputs
        One input or several: a .txt, .md, .html, .jsonl, .ndjson, .csv or .tsv file, a saved
        RSS or Atom feed (.xml, .rss, .atom), a folder (walked sorted, known suffixes only), a
        glob, or "-" for standard input, which is plain text or JSONL. Rows have `id, title, text,
        published, source, url, language`; only the text is required.
    published
        The publication day of articles that do not give their own: a date, or a string in one of
        the forms of the rows.
    on_error
        Called with each file or row that cannot be read, and the rest goes on.
    online
        What fetches inputs that are http or https addresses of pages and feeds; None to refuse
        them.

    Returns
    -------
    iterator of Article
        In input order, read while it is consumed; rows are never all in memory.

    Raises
    ------
    ArticleError
        While it is consumed, for the first file or row that cannot be read, unless `on_error` is
        given.
    PublishedError
        At once, if `published` is not a date.
    """
    day = parse_day(published)
    listed = [inputs] if isinstance(inputs, str | Path) else inputs
    return _articles(chain.from_iterable(_input_items(online, g) for g in listed), day, on_error)


def _articles(
    items: Iterable[Item],
    day: date | None,
    on_error: Callable[[ArticleError], None] | None,
) -> Iterator[Article]:
    for item in items:
        if isinstance(item, Article):
            yield dated(item, day)
        elif on_error is None:
            raise item
        else:
            on_error(item)


def dated(article: Article, day: date | None) -> Article:
    """Return an article with a publication day, its own if it has one."""
    return replace(article, published=day) if day and article.published is None else article


def _input_items(online: Online | None, given: str | Path) -> Iterator[Item]:
    if str(given) == STDIN:
        yield from stdin_items()
        return
    if online is not None and is_url(given):
        yield from online.items(str(given))
        return
    for path in expand(given):
        if isinstance(path, ArticleError):
            yield path
            continue
        try:
            yield from file_items(path)
        except OSError as error:
            yield ArticleError(str(path), f"cannot be read: {error.strerror or error}")


def is_url(given: str | Path) -> bool:
    """Tell whether an input is an address of the web."""
    return isinstance(given, str) and _WEB.match(given) is not None


def expand(given: str | Path) -> Iterator[Path | ArticleError]:
    """Yield the files that an input stands for."""
    name = str(given)
    shown = name if len(name) <= _SHOWN else f"{name[:_SHOWN]}..."
    if not name:
        yield ArticleError("''", "is an empty name; give a file or a folder, '.' for this one")
        return
    path = Path(given).expanduser()
    try:
        if path.is_dir():
            yield from _walk(path)
            return
        exists = path.exists()
    except PermissionError as error:
        yield ArticleError(shown, f"cannot be read: {error.strerror}")
        return
    except (OSError, ValueError):
        exists = False
    if exists:
        yield path
    elif glob.has_magic(name):
        yield from _matches(name)
    else:
        yield ArticleError(shown, _missing(path, name))


def _walk(folder: Path) -> Iterator[Path | ArticleError]:
    """Yield the articles' files below a folder, each folder's files before its sub-folders."""
    problems: list[OSError] = []
    empty = True
    for root, folders, names in os.walk(folder, onerror=problems.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if _is_article_file(name):
                empty = False
                yield _regular(Path(root, name))
    for problem in problems:
        yield ArticleError(str(problem.filename), f"cannot be read: {problem.strerror}")
    if empty and not problems:
        yield ArticleError(str(folder), f"holds no articles; geomap reads {' '.join(_KNOWN)}")


def _regular(path: Path) -> Path | ArticleError:
    """Return a path that was found, not named, or an error where reading it might never end."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return path  # opening it says why
    return path if stat.S_ISREG(mode) else ArticleError(str(path), "is no regular file")


def _is_article_file(name: str) -> bool:
    """Tell by its name whether a file found by walking is read; hidden ones are not."""
    return not name.startswith(".") and Path(name).suffix.lower() in _KNOWN


def _matches(pattern: str) -> Iterator[Path | ArticleError]:
    path = Path(pattern).expanduser()
    parts = path.relative_to(path.anchor)
    hidden = {part for part in path.parts if part.startswith(".")}
    files = [
        found
        for found in sorted(Path(path.anchor).glob(str(parts)))
        if _is_article_file(found.name)
        and not found.is_dir()
        and all(part in hidden for part in found.parts if part.startswith("."))
    ]
    yield from map(_regular, files)
    if not files:
        yield ArticleError(pattern, f"matches no article; geomap reads {' '.join(_KNOWN)}")


def _missing(path: Path, name: str) -> str:
    if _WEB.match(name):
        return "is a URL; give --online to fetch it, or save the page as a file"
    if re.match(r"\w{2,}://", name):
        return "is a URL; save the page as a file first"
    try:
        siblings = [sibling.name for sibling in path.parent.iterdir()]
    except (OSError, ValueError):
        return "does not exist, nor does its folder"
    near = difflib.get_close_matches(path.name, siblings, n=1)
    hint = f"; did you mean {path.parent / near[0]}?" if near else ""
    return f"does not exist{hint}"


def file_items(path: Path) -> Iterator[Item]:
    """Yield the articles of a file and what is wrong with it; raises what opening it raises."""
    suffix = path.suffix.lower()
    where = str(path)
    with path.open("rb") as stream:
        if suffix in JSON or suffix in CSV:
            yield from _table_items(stream, where, suffix)
        elif suffix in _TEXTS or suffix in _FEEDS:
            yield from _text_items(stream.read(TEXT_LIMIT + 1), where, suffix)
        elif not suffix:
            yield from _stream_items(stream, where)
        else:
            yield ArticleError(where, _unknown_kind(suffix, stream.read(_SIGNATURE)))


def _unknown_kind(suffix: str, start: bytes) -> str:
    """Return why a file whose suffix geomap does not know is not read."""
    if suffix == ".json":
        return "is JSON; write one article a line, as .jsonl (jq -c)"
    unknown = f"of an unknown kind; geomap reads {' '.join(_KNOWN)}"
    return f"is {next((_MAGIC[magic] for magic in _MAGIC if start.startswith(magic)), unknown)}"


def stdin_items() -> Iterator[Item]:
    """Yield the articles that stand on standard input."""
    if sys.stdin is None:
        yield ArticleError("stdin", "is closed")
        return
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        stream = io.BytesIO(sys.stdin.read().encode("utf-8", "surrogatepass"))
    yield from _stream_items(stream, "stdin")


def _stream_items(stream: IO[bytes], where: str) -> Iterator[Item]:
    """Read a stream without a suffix: JSONL when its first line says so, else plain text."""
    ready = stream.peek(SAMPLE) if isinstance(stream, io.BufferedReader) else b""
    problem = unreadable(ready) if len(ready) >= _TELLING else None
    if problem is not None:
        yield ArticleError(where, problem)
        return
    head = []
    for line in bounded_lines(stream, ROW_LIMIT):
        head.append(line)
        if line is None or line.strip():
            break
    first = head[-1] if head else b""
    row = json_object(decode(first)) if first and b"{" in first[:64] else None
    if row is not None:
        yield from json_articles(chain(head, bounded_lines(stream, ROW_LIMIT)), where)
    elif first is None:
        yield ArticleError(where, too_long())
    else:
        begun = b"".join(line for line in head if line is not None)
        yield from _text_items(begun + stream.read(TEXT_LIMIT + 1), where, ".txt")


def _text_items(data: bytes, where: str, suffix: str) -> Iterator[Item]:
    problem = unreadable(data)
    if problem is None and len(data) > TEXT_LIMIT:
        problem = too_long()
    if problem is not None:
        yield ArticleError(where, problem)
    elif suffix in _FEEDS:
        yield from feed_articles(decode(data), where)
    else:
        yield _TEXTS[suffix](clean(decode(data))) or ArticleError(where, "holds no text")


def unreadable(data: bytes) -> str | None:
    """Return why data is no text, or None when it is."""
    if not data:
        return "is empty"
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            return f"is {kind}"
    if is_foreign(data[:SAMPLE]):
        return "is in an encoding that nothing names; save it as UTF-8"
    sample = decode(data[:SAMPLE])
    if len(_CONTROL.findall(sample)) > _CONTROL_SHARE * len(sample):
        return f"is {_BINARY}"
    return None


def _table_items(stream: IO[bytes], where: str, suffix: str) -> Iterator[Item]:
    head = stream.read(SAMPLE)
    problem = unreadable(head)
    if problem is not None:
        yield ArticleError(where, problem)
        return
    wide = wide_encoding(head)
    stream.seek(0)
    if suffix in JSON and wide is None:
        yield from json_articles(bounded_lines(stream, ROW_LIMIT), where)
        return
    encoding = wide or table_encoding(stream)
    with io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="") as text:
        lines = _bounded_text_lines(text)
        yield from json_articles(lines, where) if suffix in JSON else csv_articles(lines, where)


def table_encoding(stream: IO[bytes]) -> str:
    """Choose the codec of a whole table without holding it, and rewind."""
    encoding = damaged_encoding(iter(lambda: stream.read(_CHUNK), b""))
    stream.seek(0)
    return "utf-8-sig" if encoding == "utf-8" else encoding


def bounded_lines(stream: IO[bytes], limit: int) -> Iterator[bytes | None]:
    """Yield the lines of a stream, None for one beyond the limit, which is never held whole."""
    while line := stream.readline(limit):
        if len(line) < limit or line.endswith(b"\n"):
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(limit)
        yield None


def _bounded_text_lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(ROW_LIMIT):
        yield line

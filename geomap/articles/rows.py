"""Articles as rows: JSON Lines and CSV, streamed, a bad row never hiding the others."""

from __future__ import annotations

import csv
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from geomap.articles.days import parse_day
from geomap.articles.encoding import clean, decode
from geomap.errors import ArticleError, PublishedError
from geomap.model import Article

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = [
    "ROW_LIMIT",
    "TEXT_LIMIT",
    "Item",
    "csv_articles",
    "csv_columns",
    "csv_rows",
    "csv_table_articles",
    "json_articles",
    "json_object",
    "too_long",
]

Item: TypeAlias = Article | ArticleError

# One article. A long book has 2 million characters; ten of them in one file are a collection.
TEXT_LIMIT = 20_000_000
# JSON may write a character as six bytes (a letter as "\\u0628").
ROW_LIMIT = 6 * TEXT_LIMIT

_FIELDS = ("id", "title", "source", "url", "language")
_DELIMITERS = (",", ";", "\t", "|")


def too_long() -> str:
    """Return the reason why a text is not read, and what to do."""
    return (
        f"holds more than {TEXT_LIMIT // 1_000_000} MB of text, the most of one article; split it,"
        " or write one article a row as JSONL"
    )


def json_object(line: str) -> dict[str, Any] | None:
    """Read one line of JSON Lines.

    Parameters
    ----------
    line
        The decoded line.

    Returns
    -------
    dict or None
        The object that it holds, or None for anything else.
    """
    try:
        value = json.loads(line, strict=False)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def json_articles(
    lines: Iterable[bytes | str | None], where: str, *, whole: bool = True
) -> Iterator[Item]:
    """Yield the articles of JSON Lines, and an error for each line that holds none.

    Parameters
    ----------
    lines
        The lines, or None for one that is too long to be read.
    where
        The path, for messages.
    whole
        Whether the lines are those of a file from its beginning on.

    Yields
    ------
    Article or ArticleError
        In the order of the lines; blank lines are skipped.
    """
    rows = 0
    for number, line in enumerate(lines, start=1):
        place = f"{where}:{number}"
        if line is None:
            rows += 1
            yield ArticleError(place, too_long())
            continue
        if not line.strip():
            continue
        rows += 1
        text = line if isinstance(line, str) else decode(line)
        if whole and rows == 1 and text.strip() in {"{", "["}:
            yield ArticleError(place, "is JSON over many lines; write one object a line (jq -c)")
            return
        row = json_object(text)
        if row is None:
            yield ArticleError(place, "is not a JSON object; write one object a line")
        else:
            yield from _row_articles(row, place)
    if whole and not rows:
        yield ArticleError(where, "holds no rows")


def csv_articles(lines: Iterable[str], where: str) -> Iterator[Item]:
    """Yield the articles of a CSV file, and an error for each row that holds none.

    Parameters
    ----------
    lines
        The decoded lines with their line ends, the header first. The delimiter (comma, semicolon,
        tab or bar) is the one that gives the header a column `text`.
    where
        The path, for messages.

    Yields
    ------
    Article or ArticleError
        In the order of the rows.
    """
    numbered = enumerate(lines, start=1)
    above, header = next(((number, line) for number, line in numbered if line.strip()), (1, ""))
    columns, delimiter = csv_columns(header)
    if "text" not in columns:
        found = ", ".join(repr(name) for name in columns if name) or "none"
        yield ArticleError(f"{where}:{above}", f"has no column 'text'; its columns are {found}")
        return
    empty = True
    rows = (line for _, line in numbered)
    for item in csv_table_articles(rows, (columns, delimiter), where, above):
        empty = False
        yield item
    if empty:
        yield ArticleError(where, "holds no rows")


def csv_table_articles(
    lines: Iterable[str], header: tuple[list[str], str], where: str, above: int
) -> Iterator[Item]:
    """Yield the articles of rows of a CSV file.

    Parameters
    ----------
    lines
        The decoded lines, from the beginning of a row on.
    header
        The columns and the delimiter.
    where
        The path, for messages.
    above
        How many lines of the file stand before them.

    Yields
    ------
    Article or ArticleError
        In the order of the rows.
    """
    columns, delimiter = header
    for number, cells in csv_rows(lines, delimiter):
        place = f"{where}:{above + number}"
        if isinstance(cells, csv.Error):
            yield ArticleError(place, _not_csv(cells))
        else:
            yield from _cells_articles(columns, cells, place)


def csv_rows(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Take lines of CSV apart.

    Parameters
    ----------
    lines
        The decoded lines, from the beginning of a row on; taken as they are needed.
    delimiter
        Stands between two cells.

    Yields
    ------
    tuple of int and list of str or csv.Error
        The line at which each row begins, counted from 1, and its cells or what is wrong with them;
        rows without any content are left out.
    """
    # Strict, so that an open quote is an error and not one text of all the rows behind it.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            with _wide_fields():
                cells = next(reader, None)
        except csv.Error as error:
            yield number, error
            continue
        if cells is None:
            return
        if any(cells):
            yield number, cells


def _not_csv(error: csv.Error) -> str:
    if str(error) == "unexpected end of data":
        return "opens a quote that nothing closes; close it to have the rows behind it read"
    return f"is not CSV ({error}); double the quotes inside a field"


def _cells_articles(columns: list[str], cells: list[str], where: str) -> Iterator[Item]:
    if len(cells) > len(columns):
        reason = f"has {len(cells)} fields, the header {len(columns)}; quote the text"
        yield ArticleError(where, reason)
    else:
        yield from _row_articles(dict(zip(columns, cells, strict=False)), where)


@contextmanager
def _wide_fields() -> Iterator[None]:
    """Let csv take fields beyond its 128 kB; the limit is the whole process's, so put it back."""
    before = csv.field_size_limit(ROW_LIMIT)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def csv_columns(header: str) -> tuple[list[str], str]:
    """Return the columns that a header names, and the delimiter.

    Parameters
    ----------
    header
        The first line.

    Returns
    -------
    tuple of list of str and str
        The names in lower case where one of them is `text`; else as they stand between commas.
    """
    for delimiter in _DELIMITERS:
        row = next(csv.reader([header], delimiter=delimiter), [])
        names = [name.strip().lower() for name in row]
        if "text" in names:
            return names, delimiter
    return [name.strip() for name in next(csv.reader([header]), [])], ","


def _row_articles(row: Mapping[str, object], where: str) -> Iterator[Item]:
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        yield ArticleError(where, _no_text(row))
        return
    if len(text) > TEXT_LIMIT:
        yield ArticleError(where, too_long())
        return
    values: dict[str, str | None] = {}
    for name in _FIELDS:
        value = row.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int | float | None):
            yield ArticleError(where, f"{name!r} is not a string; the article is read without it")
            value = None
        values[name] = clean(str(value)).strip() or None if value is not None else None
    published = row.get("published")
    day = None
    try:
        day = parse_day(published if published is None else str(published))
    except PublishedError as error:
        yield ArticleError(where, f"published {error}; the article is read without it")
    yield Article(
        text=clean(text),
        id=values["id"] or "",
        title=values["title"],
        published=day,
        source=values["source"],
        url=values["url"],
        language=values["language"],
    )


def _no_text(row: Mapping[str, object]) -> str:
    """Return why a row is no article."""
    if "text" not in row:
        return f"has no 'text'; its fields are {', '.join(map(repr, row)) or 'none'}"
    if row["text"] is None:
        return "its 'text' is null"
    return "its 'text' is empty" if isinstance(row["text"], str) else "its 'text' is not a string"

"""One connection to a PostgreSQL server, and what its errors mean for a store.

Statements have `?` for each parameter; values travel apart from them, their types inferred by the
server. Text goes in bulk through COPY.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from geomap.errors import InputError, StoreBusyError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from geomap.store.postgis.address import Address

__all__ = ["Connection", "guarded"]

# Bytes of a message of COPY: fewer calls to the system, and no more than a network buffer.
_CHUNK = 1 << 16
_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"})
# Classes and codes of the SQL standard's states, and PostgreSQL's own.
_MEANINGS = {
    "28P01": "the password is wrong, or none is given: put it into the address or PGPASSWORD",
    "28000": "the server lets this user in from here under no password: see its pg_hba.conf",
    "3D000": "there is no such database: make it with createdb",
    "42501": "this user may not do that: ask the owner of the database for the right",
    "25006": "is write-protected: ask the server that others follow",
    "53100": "cannot be written, the disk of the server is full",
    "53300": "the server takes no more connections: try again later",
    "57P03": "the server is starting or stopping: try again later",
}
_BUSY = frozenset({"55P03", "40001", "40P01"})
_TWIN = "23505"


class Connection:
    """A connection whose statements find the tables of one store.

    Parameters
    ----------
    address
        Where the store is.
    timeout
        Seconds to wait for others who write.
    """

    def __init__(self, address: Address, timeout: float) -> None:
        from pg8000.native import Connection as Native

        place = (
            {"unix_sock": f"{address.host}/.s.PGSQL.{address.port}"}
            if address.is_socket
            else {"host": address.host, "port": address.port, "ssl_context": _ssl(address.sslmode)}
        )
        self._native = Native(
            address.user,
            password=address.password,
            database=address.database,
            application_name=f"geomap ({os.getpid()})",
            startup_params={
                "lock_timeout": str(max(1, round(timeout * 1000))),
                "client_encoding": "utf8",
                # Quotes are data to no statement of ours, but a stranger's setting may say so.
                "standard_conforming_strings": "on",
                "search_path": f'"{address.schema}", public',
            },
            **place,
        )
        self._statements: dict[str, str] = {}

    def close(self) -> None:
        """Let go of it, whatever state it is in."""
        with suppress(Exception):
            self._native.close()

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[list[Any]]:
        """Run a statement and return its rows; an empty list where it has none."""
        statement = self._statements.get(sql)
        if statement is None:
            statement = self._statements[sql] = _numbered(sql)
        if values:
            context = self._native.execute_unnamed(statement, vals=values)
        else:
            context = self._native.execute_simple(statement)
        rows: list[list[Any]] | None = context.rows
        return rows or []

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run a statement and return how many rows it changed."""
        count: int = self._native.execute_unnamed(_numbered(sql), vals=values).row_count
        return count

    def copy(self, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
        """Append rows to a table; None is NULL, bytes are a bytea."""
        self._native.execute_unnamed(f"COPY {table} ({columns}) FROM STDIN", stream=_chunks(rows))


def _ssl(mode: str) -> Any:  # noqa: ANN401 - False, True, None or a context of ssl
    """Return what the driver takes for a mode: it encrypts unless told not to."""
    if mode == "verify-full":
        from ssl import create_default_context

        return create_default_context()
    return {"disable": False, "prefer": None, "require": True}[mode]


def _numbered(sql: str) -> str:
    """Return a statement with `$1`, `$2` instead of question marks."""
    first, *rest = sql.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))


def _chunks(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Give rows in the text format of COPY, many at a time."""
    lines, size = [], 0
    for row in rows:
        line = "\t".join([_cell(value) for value in row])
        lines.append(line)
        size += len(line)
        if size > _CHUNK:
            yield ("\n".join(lines) + "\n").encode()
            lines, size = [], 0
    if lines:
        yield ("\n".join(lines) + "\n").encode()


def _cell(value: Any) -> str:  # noqa: ANN401 - whatever a column holds
    if value is None:
        return r"\N"
    if type(value) is str:
        return value.translate(_ESCAPES) if not value.isalnum() else value
    if type(value) is bytes:
        return rf"\\x{value.hex()}"
    return repr(value)


@contextmanager
def guarded(name: str) -> Iterator[None]:
    """Turn what the driver says into one line about a store."""
    try:
        from pg8000.exceptions import DatabaseError, InterfaceError
    except ImportError as error:
        raise StoreError(
            f"{name}: needs the package pg8000: pip install 'geomap[postgis]'"
        ) from error
    try:
        yield
    except DatabaseError as error:
        raise _told(name, error) from error
    except (InterfaceError, OSError) as error:
        if isinstance(error, StoreError):
            raise
        # The driver says goodbye to a server that refuses it, and may stumble over that.
        refused = error.__context__
        while refused is not None and not isinstance(refused, DatabaseError):
            refused = refused.__context__
        if refused is not None:
            raise _told(name, refused) from error
        raise StoreError(
            f"{name}: the server cannot be reached, or the connection broke: is it running there?"
        ) from error


def _told(name: str, error: Exception) -> Exception:
    fields = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    code, said = str(fields.get("C", "")), str(fields.get("M", error)).partition("\n")[0]
    if code in _BUSY:
        return StoreBusyError(f"{name}: somebody else is writing to it: wait, or end that first")
    if code == _TWIN:
        return InputError(f"{name}: two events or articles have one id ({said})")
    meaning = _MEANINGS.get(code)
    return StoreError(f"{name}: {meaning} ({said})" if meaning else f"{name}: {said}")

"""Where a PostgreSQL store is, as its address says: libpq's form, without what nobody may see."""

from __future__ import annotations

import getpass
import os
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from geomap.errors import StoreError

__all__ = ["Address", "parse_address"]

_SCHEME = ("postgresql", "postgres")
_FORM = "write postgresql://USER:PASSWORD@HOST:PORT/DATABASE, and ?schema=NAME where it matters"
_OPTIONS = ("schema", "host", "port", "sslmode")
_SSL = ("disable", "prefer", "require", "verify-full")
_PORT = 5432
# A name that needs no thought about case or quoting, and no longer than PostgreSQL keeps it.
_NAME = re.compile("[a-z_][a-z0-9_]{0,62}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a store is.

    Parameters
    ----------
    user
        Who asks.
    password
        Their password; None for none.
    host
        Name or number of the server, or the folder of its socket.
    port
        Its port.
    database
        The database.
    schema
        The schema that holds the tables.
    sslmode
        "disable", "prefer", "require" or "verify-full", as in libpq.
    """

    user: str
    password: str | None = field(repr=False)
    host: str
    port: int
    database: str
    schema: str
    sslmode: str

    @property
    def is_socket(self) -> bool:
        """Whether the host is the folder of a socket."""
        return self.host.startswith("/")

    @property
    def name(self) -> str:
        """What errors call the store: the address without the password."""
        user, database = quote(self.user, safe=""), quote(self.database, safe="")
        if self.is_socket:
            return f"postgresql://{user}@/{database}?host={self.host}&schema={self.schema}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"postgresql://{user}@{host}:{self.port}/{database}?schema={self.schema}"


def parse_address(text: str) -> Address:
    """Return what an address says.

    Parameters
    ----------
    text
        "postgresql://USER:PASSWORD@HOST:PORT/DATABASE?schema=NAME"; what is left out is the own
        name, no password (or PGPASSWORD), localhost, 5432, the user's name, and "geomap".

    Returns
    -------
    Address
        Where the store is.

    Raises
    ------
    StoreError
        It is no such address; the message does not repeat a password.
    """
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise StoreError(f"the address of the store is none: {_FORM}") from error
    options = dict(parse_qsl(parts.query))
    unknown = sorted(options.keys() - set(_OPTIONS))
    if parts.scheme not in _SCHEME or parts.fragment or unknown:
        what = f"knows no option {unknown[0]!r:.40}" if unknown else "is none"
        raise StoreError(f"the address of the store {what}: {_FORM}")
    user = unquote(parts.username or "") or getpass.getuser()
    schema, sslmode = options.get("schema", "geomap"), options.get("sslmode", "prefer")
    given_port = options.get("port", "")
    if not _NAME.fullmatch(schema):
        raise StoreError(f"schema {schema!r:.80}: small letters, digits and _ only, 63 at most")
    if sslmode not in _SSL:
        raise StoreError(f"sslmode {sslmode!r:.40} is not among {', '.join(_SSL)}")
    password = unquote(parts.password) if parts.password else os.environ.get("PGPASSWORD")
    return Address(
        user=user,
        password=password,
        host=options.get("host") or host or "localhost",
        port=int(given_port) if given_port.isdecimal() else port or _PORT,
        database=unquote(parts.path.lstrip("/")) or user,
        schema=schema,
        sslmode=sslmode,
    )

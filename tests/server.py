"""A PostgreSQL server with PostGIS for one test run: its own folder, a socket, no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

# Debian keeps the programs of each version apart, and none of them in PATH.
_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
# PostgreSQL refuses to be run by root; Debian's package brings this user, every system has nobody.
_USERS = ("postgres", "nobody")


class Server:
    """A running server.

    Databases are copies of one that has PostGIS; the user is always the one who may do everything.
    """

    def __init__(self, folder, programs, user):
        self.folder, self._programs, self._user = folder, programs, user
        self._schemas = 0

    def run(self, *command, check=True, **options):
        """Run one of the server's programs as its user."""
        environment = {**os.environ, "PGHOST": str(self.folder), "PGUSER": "owner"}
        program, *arguments = command
        return subprocess.run(
            [self._programs / program, *map(str, arguments)],
            user=self._user, env=environment, cwd=self.folder, check=check,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, **options,
        )  # fmt: skip

    def sql(self, statement, database="geomap"):
        """Run a statement and return what psql prints of it."""
        return self.run(
            "psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement
        ).stdout.strip()

    def address(self, schema=None, *, user="owner", database="geomap"):
        """Return an address of a store, in a schema that no other test has."""
        self._schemas += 1
        name = schema or f"s{self._schemas}"
        return f"postgresql://{user}@/{database}?host={self.folder}&schema={name}"


@contextmanager
def running():
    """Give a server, or skip the test with what it needs."""
    programs = next((p for p in _PROGRAMS if (p / "initdb").exists()), None)
    control = Path("/usr/share/postgresql") / (programs.parent.name if programs else "")
    if programs is None or not (control / "extension" / "postgis.control").exists():
        pytest.skip("needs PostgreSQL with PostGIS (apt: postgresql-15-postgis-3)")
    user = next((u for u in _USERS if _exists(u)), None) if os.geteuid() == 0 else None
    # Not pytest's folder, which nobody else may enter; a socket's path must be short, too.
    folder = Path(tempfile.mkdtemp(prefix="geomap-pg-"))
    server = Server(folder, programs, user)
    try:
        if user:
            shutil.chown(folder, user)
        options = ["--no-sync", "--encoding=UTF8", "--locale=C", "--username=owner", "--auth=trust"]
        server.run("initdb", *options, "-D", folder / "data")
        # One user is asked for a password, as on a real server.
        (folder / "data" / "pg_hba.conf").write_text(
            "local all guest scram-sha-256\nlocal all all trust\n"
        )
        settings = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        start = ("-w", "-t", "60", "-D", folder / "data", "-l", folder / "log", "-o", settings)
        server.run("pg_ctl", "start", *start)
        server.run("createdb", "geomap")
        server.sql("CREATE EXTENSION postgis")
        yield server
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            server.run("pg_ctl", "stop", "-m", "immediate", "-D", folder / "data", check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _exists(user):
    import pwd

    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True

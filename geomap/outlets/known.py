"""Outlets whose home is general knowledge: `known.csv`, made by `gazetteer/outlets.py`."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from geomap.outlets.homes import Home

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Outlet", "known_home", "known_outlets"]

_TABLE = Path(__file__).with_name("known.csv")

# How far around its home an outlet reports, in kilometres, and which share of its articles play
# there: a town paper's readers, a state, a country. Rounded from what `learn_homes` finds for
# local papers; the wider ones are a judgement.
_REACH: dict[str, tuple[float, float]] = {
    "local": (30.0, 0.8),
    "regional": (150.0, 0.6),
    "national": (500.0, 0.4),
}
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://")
# Hosts that serve the same outlet's pages.
_SERVES = re.compile(r"^(?:www\d?|m|amp|edition|mobile|beta|rss|feeds)\.")
_THE = re.compile(r"^the\s+")
# Longer strings are no host and no name: nothing is searched in them.
_LONGEST = 300


class Outlet(NamedTuple):
    """A row of the table; `home` is None for an international outlet."""

    name: str
    home: Home | None


@cache
def known_outlets() -> Mapping[str, Outlet]:
    """Return the shipped table: host without "www." -> outlet, sorted by host."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {row["domain"]: Outlet(row["name"], _home(row)) for row in csv.DictReader(file)}


def _home(row: Mapping[str, str]) -> Home | None:
    if row["scope"] not in _REACH:
        return None
    scope: Literal["local", "regional", "national"] = row["scope"]  # type: ignore[assignment]
    spread_km, confidence = _REACH[scope]
    return Home(
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        country=row["country"],
        admin1=row["admin1"] or None,
        spread_km=spread_km,
        confidence=confidence,
        articles=0,
        scope=scope,
    )


@cache
def _by_name() -> Mapping[str, Home | None]:
    """Name in lower case -> home; names that outlets of several homes share are left out."""
    homes: dict[str, set[Home | None]] = {}
    for outlet in known_outlets().values():
        homes.setdefault(_plain(outlet.name), set()).add(outlet.home)
    return {name: next(iter(found)) for name, found in homes.items() if name and len(found) == 1}


def _plain(name: str) -> str:
    return _THE.sub("", " ".join(name.casefold().split()))


def known_home(source: str | None, url: str | None = None) -> Home | None:
    """Look up where an article's publisher is at home.

    Parameters
    ----------
    source
        The publisher as a host ("www.thetowntalk.com"), an address, or a name that says where it
        is ("The Denver Post").
    url
        The article's address, asked where the source tells nothing.

    Returns
    -------
    Home or None
        None for an outlet that is not in the table, or at home everywhere.
    """
    for text in (source, url):
        if not text or len(text) > _LONGEST:
            continue
        host = _host(text)
        while "." in host:
            if host in known_outlets():
                return known_outlets()[host].home
            host = host.partition(".")[2]
        if _plain(text) in _by_name():
            return _by_name()[_plain(text)]
    return None


def _host(text: str) -> str:
    """Return the host of an address, or the text itself where it is none."""
    rest = _SCHEME.sub("", text.strip().casefold())
    host = re.split(r"[/?#\s]", rest, maxsplit=1)[0].rpartition("@")[2].partition(":")[0]
    return _SERVES.sub("", host.rstrip("."))

"""Where publishers are at home: learned from their articles (`homes`), or known (`known`)."""

from __future__ import annotations

from geomap.outlets.homes import (
    OUTLETS_SCHEMA,
    Home,
    home_of,
    is_local,
    learn_homes,
    read_homes,
    write_homes,
)
from geomap.outlets.known import known_home, known_outlets

__all__ = [
    "OUTLETS_SCHEMA",
    "Home",
    "home_of",
    "is_local",
    "known_home",
    "known_outlets",
    "learn_homes",
    "read_homes",
    "write_homes",
]

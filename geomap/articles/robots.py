"""robots.txt (RFC 9309): whether a site lets geomap fetch an address, and how slowly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

__all__ = ["Rules", "parse_robots"]

# What a site may call us; case is free.
_AGENT = "geomap"
_ANY = "*"
# RFC 9309, 2.5: at least so much is read.
_MOST_CHARS = 500_000
_SAFE = "/?:@!$&'()*+,;=~%-._"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a site asks of geomap.

    Parameters
    ----------
    paths
        Patterns of paths, and whether those are allowed; "*" stands for anything, "$" for the end.
    delay_s
        Seconds that it wants between two requests; None for no wish.
    """

    paths: tuple[tuple[str, bool], ...] = ()
    delay_s: float | None = None

    def allow(self, url: str) -> bool:
        """Tell whether an address may be fetched.

        Parameters
        ----------
        url
            The address.

        Returns
        -------
        bool
            As the longest pattern says that fits; True where none does, and of two equally long
            ones where one allows it.
        """
        parts = urlsplit(url)
        path = _plain((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        fitting = [(len(p), allowed) for p, allowed in self.paths if _fits(p, path)]
        return max(fitting, default=(0, True))[1]


def parse_robots(text: str) -> Rules:
    """Read the rules of a robots.txt that are meant for geomap.

    Parameters
    ----------
    text
        The file; lines that say nothing known are passed over.

    Returns
    -------
    Rules
        Those of the groups that name geomap; where there is none, those for everybody.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    agents: list[str] = []
    open_group = False
    for line in text[:_MOST_CHARS].splitlines():
        name, _, value = (part.strip() for part in line.partition("#")[0].partition(":"))
        key = name.lower()
        if key == "user-agent":
            agents = [*agents, value.lower()] if open_group else [value.lower()]
            open_group = True
            for agent in agents:
                groups.setdefault(agent, [])
        elif key in {"allow", "disallow", "crawl-delay"}:
            open_group = False
            for agent in agents:
                groups[agent].append((key, value))
    ours = groups.get(_AGENT, groups.get(_ANY, []))
    delays = [value for key, value in ours if key == "crawl-delay"]
    return Rules(
        paths=tuple((_plain(v), key == "allow") for key, v in ours if key != "crawl-delay" and v),
        delay_s=max(map(_seconds, delays), default=None),
    )


def _seconds(text: str) -> float:
    return float(text) if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text) else 0.0


def _plain(path: str) -> str:
    """Return a path with each letter written in one way."""
    return quote(unquote(path), safe=_SAFE)


def _fits(pattern: str, path: str) -> bool:
    """Match piece by piece, which takes no longer for a hostile pattern."""
    end = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for number, piece in enumerate(others, start=1):
        if end and number == len(others):
            return path.endswith(piece) and len(path) - len(piece) >= at
        at = path.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return not end or at == len(path)

"""HTML and XML put together from elements, so that text can only ever be text.

What is not itself an element is escaped on the way in: there is no template that data could reach.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Element", "balanced", "clipped", "element", "plain", "web_address"]

# What HTML closes by itself, and what an end tag would break.
_VOID = frozenset({"br", "col", "hr", "img", "link", "meta"})
# Not allowed in XML 1.0, or not writable as UTF-8: controls, lone surrogates, non-characters.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile("[\u2028\u2029\u0085]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
# Marks that turn the direction of all that follows, and what ends them.
_OPEN_OVERRIDES, _END_OVERRIDE = "\u202a\u202b\u202d\u202e", "\u202c"
_OPEN_ISOLATES, _END_ISOLATE = "\u2066\u2067\u2068", "\u2069"
_HOST = re.compile(r"https?://[^/?#\s@\\]+(?=[/?#]|$)", re.IGNORECASE)
_SAFE_BYTES = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#@!&*+,;=%"
)


class Element(str):
    """Markup that is ready: it is never escaped again."""

    __slots__ = ()


def element(name: str, attributes: Mapping[str, object] | None = None, *content: str) -> Element:
    """Return an element of HTML or XML.

    Parameters
    ----------
    name
        A constant of ours, never data.
    attributes
        Their names are constants too; values are escaped, and None leaves the attribute out.
    *content
        Elements as they are, and text, which is escaped.

    Returns
    -------
    Element
        With an end tag, but for the void elements of HTML.
    """
    given = "".join(
        f' {key}="{_escaped(str(value))}"'
        for key, value in (attributes or {}).items()
        if value is not None
    )
    if name in _VOID:
        return Element(f"<{name}{given} />")
    inner = "".join(part if isinstance(part, Element) else _escaped(part) for part in content)
    return Element(f"<{name}{given}>{inner}</{name}>")


def _escaped(text: str) -> str:
    return plain(text).translate(_ESCAPES)


def plain(text: str) -> str:
    """Return a text that every format can hold.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        Controls, lone surrogates and non-characters are U+FFFD, line separators are blanks,
        carriage returns are line feeds, and marks that turn the direction of writing end with
        the text.
    """
    even = text.replace("\r\n", "\n").replace("\r", "\n")  # as every reader of XML makes them
    return balanced(_UNWRITABLE.sub("\ufffd", _BREAKS.sub(" ", even)))


def balanced(text: str) -> str:
    """Return a text whose marks of direction end with it.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        The same, with an end for each mark that was left open.
    """
    open_marks: list[str] = []
    for sign in text:
        if sign in _OPEN_OVERRIDES:
            open_marks.append(_END_OVERRIDE)
        elif sign in _OPEN_ISOLATES:
            open_marks.append(_END_ISOLATE)
        elif open_marks and sign == open_marks[-1]:
            open_marks.pop()
    return text + "".join(reversed(open_marks))


def clipped(text: str, most: int) -> str:
    """Return a text, cut with an ellipsis where it is longer than `most` code points."""
    return text if len(text) <= most else text[: most - 2].rstrip() + " …"


def web_address(url: str | None) -> str | None:
    """Return a web address that is safe to link, else None.

    Parameters
    ----------
    url
        Any text, or None.

    Returns
    -------
    str or None
        An http or https address in ASCII, all else percent-encoded; None for other addresses.
    """
    if not url or not _HOST.match(url):
        return None
    data = url.encode("utf-8", "replace")
    return "".join(chr(byte) if byte in _SAFE_BYTES else f"%{byte:02X}" for byte in data)

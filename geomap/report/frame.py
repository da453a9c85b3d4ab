"""A page inside another one: an iframe that carries its page with it and may not touch ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geomap.elements import Element, plain
from geomap.errors import InputError

if TYPE_CHECKING:
    from folium import Map

__all__ = ["embed", "framed", "page_of"]

_LENGTH = re.compile(r"\d+(?:\.\d+)?(?:px|em|rem|vh|%)")
# No access to the page around it; links open in a tab of their own, and files can be saved.
_SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads"
# One line without a blank one: Markdown ends a block of HTML there.
_QUOTED = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "\n": "&#10;",
        "\r": "&#13;",
        # Site generators look for their own templates in every page.
        "{": "&#123;",
        "}": "&#125;",
    }
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def embed(map: Map, *, height: int | str = 480, title: str = "Map of incidents") -> str:  # noqa: A002 - what it is
    """Return a map as a snippet of HTML for any page.

    Parameters
    ----------
    map
        What `draw` returned, or any `folium.Map`.
    height
        Pixels, or a length of CSS such as "60vh".
    title
        What a screen reader says of it.

    Returns
    -------
    str
        An `iframe` in one line, which carries the whole map and needs no other file. It is
        sandboxed: the map cannot reach the page that it stands in.

    Raises
    ------
    InputError
        The height is no length.
    """
    length = f"{height}px" if isinstance(height, int) else height
    if not _LENGTH.fullmatch(length):
        raise InputError(f"height: {height!r} is no length: write 480, '480px' or '60vh'")
    return framed(page_of(map), length, title)


def page_of(map: Map) -> str:  # noqa: A002 - as above
    """Return the whole page of a map."""
    page: str = map.get_root().render()
    return _SURROGATE.sub("\ufffd", page)


def framed(page: str, height: str, title: str) -> Element:
    """Return an iframe that carries a page.

    Parameters
    ----------
    page
        A whole HTML page.
    height
        A length of CSS; a constant of ours, or checked.
    title
        What a screen reader says of it.

    Returns
    -------
    Element
        One line.
    """
    return Element(
        f'<iframe title="{plain(title).translate(_QUOTED)}" sandbox="{_SANDBOX}" '
        f'referrerpolicy="no-referrer" loading="lazy" allowfullscreen '
        f'style="display:block;width:100%;height:{height};border:0" '
        f'srcdoc="{page.translate(_QUOTED)}"></iframe>'
    )

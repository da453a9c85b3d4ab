"""A picture -> SVG: text that stays text, a title and a description, no script and no link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.elements import Element, element, plain
from geomap.maps.still.picture import FONT, Disc, Figure, Path, Picture, Text
from geomap.model import digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.maps.still.picture import Item, Point

__all__ = ["to_svg"]

_HALO_WIDTH = 3.0


def to_svg(picture: Picture) -> str:
    """Return a picture as an SVG document, without an XML declaration.

    Parameters
    ----------
    picture
        The picture.

    Returns
    -------
    str
        One `svg` element, which may stand in a page or a file. The same picture, the same text.
    """
    # Several pictures may stand in one page: their parts must not share names.
    key = "gm" + digest(picture.title, picture.description, repr(picture.figure.box))[:8]
    left, top, width, height = (_short(side) for side in picture.figure.box)
    clip = element("rect", {"x": left, "y": top, "width": width, "height": height})
    hatches = _hatches(picture.figure, key)
    return element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {_short(picture.width)} {_short(picture.height)}",
            "width": _short(picture.width),
            "height": _short(picture.height),
            "role": "img",
            "aria-labelledby": f"{key}-title {key}-desc",
            "font-family": FONT,
        },
        element("title", {"id": f"{key}-title"}, picture.title),
        element("desc", {"id": f"{key}-desc"}, picture.description),
        element("defs", {}, element("clipPath", {"id": f"{key}-clip"}, clip), *hatches.values()),
        element("rect", {"width": "100%", "height": "100%", "fill": "#fff"}),
        element(
            "g",
            {"clip-path": f"url(#{key}-clip)"},
            *(_item(item, key) for item in picture.figure.items),
        ),
        *(_item(item, key) for item in picture.items),
    )


def _hatches(figure: Figure, key: str) -> dict[str, Element]:
    """Return a pattern for each colour that hatches something."""
    colours = {
        item.stroke: None
        for item in figure.items
        if isinstance(item, Path) and item.hatched and item.stroke
    }
    line = {"d": "M0 0V7", "stroke-width": "1.6", "stroke-opacity": "0.55"}
    size = {"width": "7", "height": "7", "patternUnits": "userSpaceOnUse"}
    return {
        colour: element(
            "pattern",
            {"id": _hatch(key, colour), **size, "patternTransform": "rotate(45)"},
            element("path", {**line, "stroke": colour}),
        )
        for colour in colours
    }


def _hatch(key: str, colour: str) -> str:
    return f"{key}-{colour.removeprefix('#')}"


def _item(item: Item, key: str) -> Element:
    if isinstance(item, Text):
        return _text(item)
    if isinstance(item, Disc):
        place = {"cx": _short(item.x), "cy": _short(item.y), "r": _short(item.radius)}
        return element("circle", place | _pen(item) | {"fill": item.fill}, *_tooltip(item.title))
    fill = f"url(#{_hatch(key, item.stroke)})" if item.hatched and item.stroke else item.fill
    attributes: dict[str, object] = {
        "d": "".join(_line(line, closed=item.closed) for line in item.lines),
        "fill": fill or "none",
        "fill-opacity": None if item.opacity == 1 else _short(item.opacity),
        "fill-rule": "evenodd" if item.closed and len(item.lines) > 1 else None,
    }
    return element("path", attributes | _pen(item), *_tooltip(item.title))


def _tooltip(title: str) -> tuple[Element, ...]:
    return (element("title", {}, title),) if title else ()


def _pen(item: Path | Disc) -> dict[str, object]:
    if item.stroke is None:
        return {}
    return {
        "stroke": item.stroke,
        "stroke-width": None if item.width == 1 else _short(item.width),
        "stroke-dasharray": " ".join(map(_short, item.dash)) or None,
        "stroke-linejoin": "round",
    }


def _text(item: Text) -> Element:
    attributes: dict[str, object] = {
        "x": _short(item.x),
        "y": _short(item.y),
        "font-size": _short(item.size),
        "fill": item.colour,
        "font-weight": "600" if item.bold else None,
        "text-anchor": None if item.anchor == "start" else item.anchor,
        "letter-spacing": _short(item.spacing) if item.spacing else None,
    }
    if item.halo:
        attributes |= {
            "stroke": "#fff",
            "stroke-opacity": "0.85",
            "stroke-width": _short(_HALO_WIDTH),
            "stroke-linejoin": "round",
            "paint-order": "stroke",
        }
    # The first strong letter turns the line, not what stands around it.
    attributes["style"] = "unicode-bidi:isolate"
    return element("text", attributes, plain(item.text))


def _line(points: Sequence[Point], *, closed: bool) -> str:
    """Return the path of a line in steps of a tenth of a pixel."""
    whole = [(round(10 * x), round(10 * y)) for x, y in points]
    parts = [f"M{_tenths(whole[0][0])} {_tenths(whole[0][1])}l"]
    last = whole[0]
    steps = []
    for point in whole[1:]:
        if point != last:
            steps.append(f"{_tenths(point[0] - last[0])} {_tenths(point[1] - last[1])}")
            last = point
    # A minus parts two numbers as well as a blank does.
    path = parts[0] + " ".join(steps or ["0 0"]).replace(" -", "-")
    return path + ("z" if closed else "")


def _tenths(value: int) -> str:
    return str(value // 10) if value % 10 == 0 else f"{value / 10:.1f}"


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")

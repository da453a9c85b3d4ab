"""A picture -> PNG or PDF, drawn by matplotlib, which the extra `report` brings.

Text is drawn with its own fonts, so that the file looks the same on every machine.
"""

from __future__ import annotations

import io
import re
import warnings
from typing import TYPE_CHECKING, Any, Literal

from geomap.elements import plain
from geomap.errors import OutputError
from geomap.maps.still.picture import Disc, Path, Text

if TYPE_CHECKING:
    from geomap.maps.still.picture import Item, Picture

__all__ = ["can_rasterise", "require_matplotlib", "to_bytes"]

# A pixel of the picture is a 96th of an inch, as in CSS; print asks for 200 to 300 dots an inch.
_PIXELS_PER_INCH, _POINTS_PER_PIXEL = 96.0, 0.75
_DOTS = 200
# Control characters have no shape in any font.
_SHAPELESS = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\t\n\r]")
# The order of writing in which matplotlib's shapers are found; DejaVu comes with it.
_FONTS = ["DejaVu Sans"]


def can_rasterise() -> bool:
    """Tell whether matplotlib is installed."""
    from importlib.util import find_spec

    return find_spec("matplotlib") is not None


def require_matplotlib(what: str) -> None:
    """Check that matplotlib is there.

    Parameters
    ----------
    what
        What needs it, for the message.

    Raises
    ------
    OutputError
        It is not installed.
    """
    if not can_rasterise():
        raise OutputError(f"{what} needs matplotlib: pip install 'geomap[report]'")


def to_bytes(picture: Picture, form: Literal["png", "pdf"]) -> bytes:
    """Return a picture as the bytes of a file.

    Parameters
    ----------
    picture
        The picture.
    form
        PNG has 200 dots an inch.

    Returns
    -------
    bytes
        The same picture, the same bytes, with one version of matplotlib.

    Raises
    ------
    OutputError
        matplotlib is not installed.
    """
    require_matplotlib(form.upper())
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    size = (picture.width / _PIXELS_PER_INCH, picture.height / _PIXELS_PER_INCH)
    style: dict[Any, Any] = {
        "font.family": _FONTS, "text.parse_math": False, "pdf.fonttype": 42, "hatch.linewidth": 0.8,
        "path.simplify": False,
    }  # fmt: skip
    with rc_context(style), warnings.catch_warnings():
        # A letter that the font lacks is a box; that is no news to whoever asked for the file.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure = Figure(figsize=size, facecolor="white")
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, picture.width)
        axes.set_ylim(picture.height, 0)
        left, top, width, height = picture.figure.box
        clip = _box(left, top, width, height)
        order = 0
        for item in picture.figure.items:
            order += 1
            for artist in _draw(axes, item, order):
                artist.set_clip_path(clip, transform=axes.transData)
        for item in picture.items:
            order += 1
            _draw(axes, item, order)
        data = io.BytesIO()
        figure.savefig(data, format=form, dpi=_DOTS, metadata=_metadata(picture, form))
    return data.getvalue()


def _metadata(picture: Picture, form: str) -> dict[str, Any]:
    """Return title and description, without the time of day."""
    if form == "pdf":
        return {
            "Title": _shaped(picture.title), "Subject": _shaped(picture.description),
            "Creator": "geomap", "CreationDate": None,
        }  # fmt: skip
    return {
        "Title": _shaped(picture.title), "Description": _shaped(picture.description),
        "Software": "geomap",
    }  # fmt: skip


def _shaped(text: str) -> str:
    return _SHAPELESS.sub(" ", plain(text))


def _box(left: float, top: float, width: float, height: float) -> Any:  # noqa: ANN401 - matplotlib's
    from matplotlib.path import Path as Line

    right, bottom = left + width, top + height
    return Line([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)])


def _draw(axes: Any, item: Item, order: int) -> list[Any]:  # noqa: ANN401 - as above
    """Draw an item and return what it became."""
    if isinstance(item, Text):
        return [_write(axes, item, order)]
    from matplotlib.patches import Circle, PathPatch

    pen: dict[str, Any] = {
        "edgecolor": item.stroke or "none",
        "linewidth": item.width * _POINTS_PER_PIXEL if item.stroke else 0,
        "joinstyle": "round",
        "zorder": order,
    }
    if item.dash:
        # matplotlib counts dashes in widths of the line.
        pen["linestyle"] = (0, tuple(length / item.width for length in item.dash))
    if isinstance(item, Disc):
        circle = Circle((item.x, item.y), item.radius, facecolor=item.fill, **pen)
        return [axes.add_patch(circle)]
    line = _line(item)
    fill = {"facecolor": item.fill or "none", "alpha": item.opacity if item.fill else None}
    if item.hatched:
        fill["hatch"] = "////"
    return [axes.add_patch(PathPatch(line, **fill, **pen))]


def _line(item: Path) -> Any:  # noqa: ANN401 - as above
    from matplotlib.path import Path as Line

    points: list[tuple[float, float]] = []
    codes: list[Any] = []
    for part in item.lines:
        points += part
        codes += [Line.MOVETO, *[Line.LINETO] * (len(part) - 1)]
        if item.closed:
            points.append(part[0])
            codes.append(Line.CLOSEPOLY)
    return Line(points, codes)


def _write(axes: Any, item: Text, order: int) -> Any:  # noqa: ANN401 - as above
    from matplotlib.patheffects import withStroke

    text = _shaped(item.text)
    if item.spacing:
        # Thin blanks: matplotlib cannot spread letters.
        text = "\u2009".join(text)
    halo = [withStroke(linewidth=3 * _POINTS_PER_PIXEL, foreground="#ffffffd9")]
    return axes.text(
        item.x,
        item.y,
        text,
        # DejaVu is a tenth wider than what the picture was measured with.
        size=item.size * _POINTS_PER_PIXEL * 0.9,
        color=item.colour,
        ha={"start": "left", "middle": "center", "end": "right"}[item.anchor],
        va="baseline",
        weight="bold" if item.bold else "normal",
        path_effects=halo if item.halo else None,
        zorder=order,
    )

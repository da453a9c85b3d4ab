"""Still maps, for print and pages without scripts: SVG by ourselves, PNG, PDF by matplotlib."""

from __future__ import annotations

import base64
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.elements import plain
from geomap.errors import InputError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geomap.maps.basemap import Atlas, Borders
    from geomap.maps.still.layout import Content
    from geomap.maps.still.picture import Picture
    from geomap.model import Incident, Reading

__all__ = ["StaticMap", "static_map", "still_of"]

_FORMS = ("svg", "png", "pdf")
_NARROWEST, _BROADEST = 240, 4000


class StaticMap:
    """A still map. Notebooks show it, and keep a picture that exported files show too.

    Parameters
    ----------
    picture
        What it consists of.
    """

    def __init__(self, picture: Picture) -> None:
        self._picture = picture

    @property
    def alt(self) -> str:
        """The map in words, made from the data."""
        return plain(self._picture.description)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height, pixels."""
        return self._picture.width, self._picture.height

    @cached_property
    def svg(self) -> str:
        """The map as one `svg` element, with title and description."""
        from geomap.maps.still.svg import to_svg

        return to_svg(self._picture)

    @cached_property
    def png(self) -> bytes:
        """The map as a PNG of 200 dots an inch."""
        from geomap.maps.still.raster import to_bytes

        return to_bytes(self._picture, "png")

    @cached_property
    def pdf(self) -> bytes:
        """The map as a PDF of one page."""
        from geomap.maps.still.raster import to_bytes

        return to_bytes(self._picture, "pdf")

    def save(self, path: str | Path) -> None:
        """Write the map; an older file is replaced when the new one is complete.

        Parameters
        ----------
        path
            Ends in .svg, .png or .pdf; its folder must exist.

        Raises
        ------
        OutputError
            The ending is another one, matplotlib is missing for .png and .pdf, or the path cannot
            be written.
        """
        from geomap.output import replacing

        form = Path(path).suffix.lower().removeprefix(".")
        if form not in _FORMS:
            raise OutputError(f"{path}: a still map is .svg, .png or .pdf")
        content = self.svg.encode() if form == "svg" else self.png if form == "png" else self.pdf
        with replacing(path) as file:
            file.write(content)

    def _repr_mimebundle_(self, **_options: object) -> dict[str, str]:
        """Give notebooks the SVG, the PNG where it can be made, and the words."""
        from geomap.maps.still.raster import can_rasterise

        bundle = {"image/svg+xml": self.svg, "text/plain": self.alt}
        if can_rasterise():
            bundle["image/png"] = base64.b64encode(self.png).decode("ascii")
        return bundle


def static_map(
    events: Iterable[Incident] | Iterable[Reading] | Any,  # noqa: ANN401 - a frame, not imported
    *,
    title: str | None = None,
    gazetteer: Atlas | None = None,
    borders: Borders = "de_facto",
    language: str | None = None,
    width: int = 1000,
) -> StaticMap:
    """Return a map as a picture, with legend, scale, attribution and a description in words.

    Parameters
    ----------
    events
        What to show, as `draw` takes it: incidents, readings or a frame of events. None at all
        gives a map that says so.
    title
        The heading; None leaves it out.
    gazetteer
        Gives the basemap and the outlines of provinces; None takes the embedded one.
    borders
        "de_facto", "claims" (disputed borders and claims dotted) or "none"; the foot says which.
    language
        A code such as "ar", to name countries and towns in that language as far as the gazetteer
        tells their names in it; None for the usual names.
    width
        Pixels, a 96th of an inch each; the height follows from the data.

    Returns
    -------
    StaticMap
        The same input gives the same SVG, byte for byte.

    Raises
    ------
    InputError
        If something else than incidents, readings or a frame is given, a frame lacks a needed
        column, `borders` or `language` is unknown, or the width is not within 240 and 4000.
    """
    from geomap.maps.basemap import BORDERS, build_basemap
    from geomap.maps.given import marks_of
    from geomap.maps.layers import layers_of_types
    from geomap.maps.look import require_language, require_one_of
    from geomap.maps.spots import Spots
    from geomap.maps.still.layout import Content

    require_one_of("borders", borders, BORDERS)
    require_language(language)
    if not _NARROWEST <= width <= _BROADEST:
        raise InputError(f"width: {width} is not within {_NARROWEST} and {_BROADEST} pixels")
    if gazetteer is None:
        from geomap.gazetteer import Gazetteer

        gazetteer = Gazetteer()
    spots = Spots(gazetteer)
    marks = marks_of(events, spots)
    content = Content(
        marks=marks,
        layers=layers_of_types([mark.type for mark in marks]),
        spots=spots,
        basemap=build_basemap(gazetteer, spots.bounds(), borders=borders, language=language),
        title=title,
        borders=borders,
    )
    return still_of(content, float(width))


def still_of(content: Content, width: float = 1000.0) -> StaticMap:
    """Return the still map of some content, `width` pixels wide."""
    from geomap.maps.still.layout import compose

    return StaticMap(compose(content, width))

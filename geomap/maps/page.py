"""A scene -> a `folium.Map` that is one self-contained page.

folium compiles what it renders as a Jinja template a second time, so nothing from an article may
pass through it. Our templates hold constant text, ids and marks; once the page is rendered the
marks are replaced by Leaflet, the viewer and the data, the latter as a JSON block that only the
viewer reads.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
import re
import warnings
import zlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, BinaryIO

from branca.element import Figure, MacroElement
from folium import Map
from folium.elements import JSCSSMixin
from folium.map import Icon, Layer, LayerControl
from jinja2 import Template

from geomap.model import digest
from geomap.output import replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from branca.element import Element

    from geomap.maps.still import StaticMap

__all__ = ["IncidentMap"]

CREDITS = "GeoNames, OpenTravelData CC BY 4.0 · Natural Earth · Leaflet."
# The rooms of the viewer, joined to one script in this order; each is a function of its own.
VIEWER = (
    "base", "inflate", "data", "filter", "ground", "symbols", "marks", "overlays", "cards", "panel",
    "legend", "time", "table", "share", "tools", "paper", "main",
)  # fmt: skip
# Smaller members stay readable in the page's source; larger ones shrink to a quarter.
_PACK_FROM = 100_000
# Level 6 takes half as long again for 2 % less, level 4 gives 8 % more.
_LEVEL = 5
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_CONTROL = "geomap_control"
# Without tiles there is nothing to see closer than this.
_MAX_ZOOM = 12
_MARK = re.compile(r"/\*geomap:(\w+):([\w.]+)\*/")
# folium's own: with it a telephone cannot enlarge the page. Ours stands beside it.
_NO_ZOOM = re.compile(
    r'<meta name="viewport" content="width=device-width,\s*initial-scale=1\.0, '
    r'maximum-scale=1\.0, user-scalable=no" />\s*'
)
# Ends a script or opens a comment inside one, or ends a line in older JavaScript.
_UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
_SURROGATE = re.compile("[\ud800-\udfff]")
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_REMOTE = re.compile(
    r"""<(?:script|img|iframe)\b[^>]*?\bsrc\s*=\s*["']?((?:https?:)?//[^\s"'>]+)"""
    r"""|<link\b[^>]*?\bhref\s*=\s*["']?((?:https?:)?//[^\s"'>]+)"""
    r"""|L\.tileLayer(?:\.wms)?\(\s*["']((?:https?:)?//[^\s"']+)""",
    re.IGNORECASE,
)


class _GroupLayer(Layer):
    """One group of event types: folium's layer control lists it, the viewer draws it."""

    _template = Template(
        "{% macro script(this, kwargs) %}var {{ this.get_name() }} = L.layerGroup();{% endmacro %}"
    )

    def __init__(self, number: int, key: str, map_id: str) -> None:
        # Its name may be data: a mark stands for it until folium's templates have run.
        name = f"/*geomap:{map_id}:layer.{number}*/"
        super().__init__(name=name, overlay=True, control=True, show=True)
        self._name = "IncidentLayer"
        self._id = f"{map_id}_{key}"


class _Head(MacroElement):
    """The marks for Leaflet, the styles, the viewer and the data."""

    _template = Template(
        """
        {% macro header(this, kwargs) %}
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <title>/*geomap:{{ this.map_id }}:title*/</title>
            <style>/*geomap:{{ this.map_id }}:leaflet.css*/</style>
            <style>/*geomap:{{ this.map_id }}:viewer.css*/</style>
            <script>/*geomap:{{ this.map_id }}:leaflet.js*/</script>
            <script>/*geomap:{{ this.map_id }}:compat.js*/</script>
            <script>/*geomap:{{ this.map_id }}:viewer.js*/</script>
        {% endmacro %}
        {% macro html(this, kwargs) %}
            <script type="application/json" id="geomap_{{ this.map_id }}">/*geomap:{{ this.map_id }}:scene*/</script>
        {% endmacro %}
        """  # noqa: E501 - the block may not gain white space
    )

    def __init__(self, map_id: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "IncidentHead"
        self._id = self.map_id = map_id


class _Viewer(MacroElement):
    """The call that starts the viewer on the map and its layers."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            geomapShow({{ this.map_name }}, "geomap_{{ this._id }}", [{{ this.layers }}]);
        {% endmacro %}
        """
    )

    def __init__(self, map_name: str, map_id: str, layers: list[_GroupLayer | None]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "IncidentViewer"
        self._id = map_id
        self.map_name = map_name
        self.layers = ", ".join(layer.get_name() if layer else "null" for layer in layers)


class _IconSupport(JSCSSMixin):
    """The files that folium's `Icon` loads; a map without one goes without them."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "IconSupport"
        self.default_js = [link for link in Map.default_js if link[0] != "leaflet"]
        self.default_css = [link for link in Map.default_css if link[0] != "leaflet_css"]


class _Page(Figure):
    """A figure that renders the same text each time, with the marks of its maps replaced."""

    def render(self, **kwargs: object) -> str:
        """Return the whole page."""
        parts = (self.header, self.html, self.script)
        before = [part._children.copy() for part in parts]  # noqa: SLF001 - branca has no other way
        try:
            page = super().render(**kwargs)
        finally:
            # Rendering adds to the parts; a second rendering would add the same again.
            for part, children in zip(parts, before, strict=True):
                part._children = children  # noqa: SLF001 - as above
        for element in _tree(self):
            if isinstance(element, IncidentMap):
                page = element.fill(page)
        return page


class IncidentMap(Map):
    """A `folium.Map` that shows incidents, self-contained and without network requests.

    Layers, controls and plugins of folium can be added to it as to any map.

    Parameters
    ----------
    scene
        What `build_scene` returns, with its `basemap`.
    still
        Makes the picture that a notebook keeps beside the page; None for none.
    """

    def __init__(self, scene: dict[str, Any], still: Callable[[], StaticMap] | None = None) -> None:
        tiles = scene.get("tiles")
        self._tile_host: str | None = tiles["host"] if tiles else None
        super().__init__(
            location=[20, 0],
            zoom_start=2,
            tiles=None,
            control_scale=True,
            zoom_control="bottomright",
            minZoom=2,
            maxZoom=max(_MAX_ZOOM, tiles["max_zoom"]) if tiles else _MAX_ZOOM,
            zoomSnap=0.5,
        )
        self._still = still
        # Own lists: folium's belong to the class, and adding to them would reach every map.
        self.default_js: list[tuple[str, str]] = []
        self.default_css: list[tuple[str, str]] = []
        block = _block(scene)
        self._id = digest(block)
        self._texts = {
            "scene": block,
            "title": html.escape(_clean(scene.get("title") or "Incidents")),
        }
        _Page().add_child(self)
        self.add_child(_Head(self._id), name="geomap_head")
        layers = [
            _GroupLayer(number, layer["key"], self._id) if layer["present"] else None
            for number, layer in enumerate(scene["layers"])
        ]
        for number, layer in enumerate(layers):
            if layer:
                self._texts[f"layer.{number}"] = _script_text(scene["layers"][number]["label"])
                self.add_child(layer)
        self.add_child(_Viewer(self.get_name(), self._id, layers), name="geomap_viewer")
        if any(layers):
            control = LayerControl()
            control._id = self._id  # noqa: SLF001 - branca draws a random one
            self.add_child(control, name=_CONTROL)

    def _repr_mimebundle_(self, **_options: object) -> dict[str, str]:
        """Give notebooks a picture beside the page: exported files, which run nothing, show it."""
        return self._still()._repr_mimebundle_() if self._still else {}

    def render(self, **kwargs: object) -> None:  # type: ignore[override]  # MacroElement does the same
        """Render the map into its figure; layer controls go last, after all that they list."""
        self._arrange()
        super().render(**kwargs)  # type: ignore[no-untyped-call]

    def _arrange(self) -> None:
        """Put the parts in the order that they need, those a user added included."""
        children = self._children
        controls = [name for name in children if isinstance(children[name], LayerControl)]
        for name in controls:
            children.move_to_end(name)
        if len(controls) > 1:
            children.pop(_CONTROL, None)
        if any(isinstance(element, Icon) for element in _tree(self)):
            self.add_child(_IconSupport(), name="geomap_icons", index=1)

    def fill(self, page: str) -> str:
        """Replace this map's marks in a rendered page; a page without them comes back as it is."""

        def text_of(mark: re.Match[str]) -> str:
            if mark[1] != self._id:
                return mark[0]
            text = self._texts.get(mark[2])
            return _asset(mark[2]) if text is None else text

        filled = _MARK.sub(text_of, _NO_ZOOM.sub("", page))
        if filled == page or remote_links(page) or not self._is_plain():
            return filled
        return filled.replace("<head>", f"<head>\n{_policy(filled, self._tile_host)}", 1)

    def _is_plain(self) -> bool:
        """Tell whether the map holds nothing but our own parts."""
        ours = (_Head, _Viewer, _GroupLayer, LayerControl)
        return all(isinstance(child, ours) for child in self._children.values())

    def save(
        self,
        outfile: str | bytes | Path | BinaryIO,
        close_file: bool = True,  # noqa: FBT001, FBT002 - folium's signature
        **kwargs: object,
    ) -> None:
        """Write the page so that the old file or the whole new one stands there.

        Parameters
        ----------
        outfile
            A path, whose folder must exist, or a binary file.
        close_file
            Whether a file given as `outfile` is closed.
        **kwargs
            Handed to folium's rendering.

        Raises
        ------
        OutputError
            If the path cannot be written.
        """
        page = self.get_root().render(**kwargs)
        if self._tile_host:
            warnings.warn(
                f"the map loads its ground from {self._tile_host} whenever somebody looks at it,"
                " and tells that server where they look; many tile servers refuse pages that are"
                " opened from a disk, so put it on a web server",
                UserWarning,
                stacklevel=2,
            )
        if links := remote_links(page):
            warnings.warn(
                "the map loads from the network: "
                + ", ".join(links)
                + "; to embed a script or style in place of its link, add its text to"
                " map.get_root().html as an Element, as the page on maps shows",
                UserWarning,
                stacklevel=2,
            )
        data = _clean(page).encode()
        if isinstance(outfile, (str, bytes, os.PathLike)):
            with replacing(os.fsdecode(outfile)) as file:
                file.write(data)
            return
        outfile.write(data)
        if close_file:
            outfile.close()


def remote_links(page: str) -> list[str]:
    """Return the addresses that a page loads by itself, each once; links to click do not count."""
    # A filled data block may quote any address; it loads none. By hand: it may have many megabytes.
    first, *rest = page.split('<script type="application/json"')
    code = "".join([first, *(part.partition("</script>")[2] for part in rest)])
    found = (next(filter(None, groups)) for groups in _REMOTE.findall(code))
    return list(dict.fromkeys(found))


def _tree(element: Element) -> Iterator[Element]:
    """Give an element and all below it."""
    yield element
    for child in list(element._children.values()):  # noqa: SLF001 - branca has no other way
        yield from _tree(child)


def _clean(text: str) -> str:
    """Replace lone surrogates, which no encoding can write."""
    return _SURROGATE.sub("\ufffd", text)


def _script_text(text: str) -> str:
    """Return a text for the inside of a script's string that Leaflet takes for HTML."""
    return json.dumps(html.escape(_clean(text)))[1:-1].translate(_UNSAFE)


def _block(scene: dict[str, Any]) -> str:
    """Return a scene as JSON that is inert inside a script element."""
    members = (f'"{key}":{_packed_member(key, value)}' for key, value in scene.items())
    return "{" + ",".join(members) + "}"


def _packed_member(key: str, value: object) -> str:
    """Return one member as JSON; texts are packed chunk by chunk, so that one can be read alone."""
    if key == "texts" and isinstance(value, list):
        return "[" + ",".join(map(_packed, value)) + "]"
    return _packed(value)


def _packed(value: object) -> str:
    """Return a value as JSON, a large one deflated in base64."""
    text = _JSON.encode(value)
    text = text if text.isascii() else _clean(text)
    if len(text) > _PACK_FROM:
        packed = zlib.compress(text.encode(), _LEVEL)
        return f'{{"deflate":"{base64.b64encode(packed).decode("ascii")}"}}'
    return text.translate(_UNSAFE)


def _policy(page: str, tile_host: str | None) -> str:
    """Return a content security policy: only this page's own inline scripts may run."""
    scripts: Iterable[str] = dict.fromkeys(_INLINE_SCRIPT.findall(page))
    hashes = (base64.b64encode(hashlib.sha256(text.encode()).digest()) for text in scripts)
    images = f"data: {tile_host}" if tile_host else "data:"
    allowed = " ".join(f"'sha256-{value.decode('ascii')}'" for value in hashes)
    return (
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        f"script-src {allowed}; style-src 'unsafe-inline'; img-src {images}; "
        "base-uri 'none'; form-action 'none'\" />"
    )


@cache
def _asset(name: str) -> str:
    """Return a constant part of the page: a script or a style of ours or of Leaflet."""
    own = resources.files("geomap.maps").joinpath("viewer")
    if name == "viewer.js":
        return "".join(own.joinpath(f"{room}.js").read_text("utf-8") for room in VIEWER)
    if not name.startswith("leaflet"):
        text = own.joinpath(name).read_text("utf-8")
        return text + _default_icons() if name == "compat.js" else text
    folder = resources.files("js_lib_leaflet").joinpath("static", "js_lib_leaflet")
    text = folder.joinpath(name).read_text("utf-8")
    if name.endswith(".js"):
        return re.sub(r"//# sourceMappingURL=\S*", "", text)
    return re.sub(r"url\((images/[\w.-]+)\)", lambda link: f"url({_image(link[1])})", text)


def _default_icons() -> str:
    """Return the script that gives Leaflet's default marker its images."""
    names = {
        "iconUrl": "marker-icon",
        "iconRetinaUrl": "marker-icon-2x",
        "shadowUrl": "marker-shadow",
    }
    images = {key: _image(f"images/{name}.png") for key, name in names.items()}
    return f"L.Icon.Default.mergeOptions({json.dumps(images)});\n"


def _image(path: str) -> str:
    """Return one of Leaflet's images as a data URI."""
    folder = resources.files("js_lib_leaflet").joinpath("static", "js_lib_leaflet")
    data = base64.b64encode(folder.joinpath(*path.split("/")).read_bytes()).decode("ascii")
    return f"data:image/png;base64,{data}"

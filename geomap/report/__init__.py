"""Incidents -> reports in HTML, Markdown, DOCX and notebooks, every claim with its quote."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.errors import InputError, OutputError
from geomap.report.frame import embed, page_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geomap.maps.basemap import Atlas, Borders
    from geomap.model import Incident, Reading
    from geomap.report.blocks import Block

__all__ = ["embed", "report_form", "write_report"]

_FORMS = {".html": "html", ".htm": "html", ".md": "md", ".docx": "docx", ".ipynb": "ipynb"}
_WITH_PAGE = frozenset({"html", "ipynb"})


def write_report(
    events: Iterable[Incident] | Iterable[Reading] | Any,  # noqa: ANN401 - a frame, not imported
    path: str | Path,
    *,
    title: str | None = None,
    asked: str | None = None,
    gazetteer: Atlas | None = None,
    borders: Borders = "de_facto",
    limit: int = 200,
) -> list[Path]:
    """Write a report: key figures, map, chart, table, and each incident with quotes and sources.

    Parameters
    ----------
    events
        Incidents, readings (grouped into incidents first), or a frame of events as a store's
        queries return. None at all gives a report that says so.
    path
        Ends in .html, .md, .docx or .ipynb; its folder must exist. An older file is replaced when
        the new one is complete. Markdown keeps its pictures beside it: `brief-map.svg` and
        `brief-chart.svg` for `brief.md`.
    title
        The heading; None for "Incident report".
    asked
        What the events were chosen by, in words; None leaves it out.
    gazetteer
        Gives the basemap and the outlines of provinces; None takes the embedded one.
    borders
        "de_facto", "claims" or "none", as for `draw`.
    limit
        How many incidents are told with their quotes: beyond, those with the most dead. The
        figures, the map and the chart are always of all.

    Returns
    -------
    list of Path
        What was written, the report first.

    Raises
    ------
    InputError
        Something else than incidents, readings or a frame is given, or an option is wrong.
    OutputError
        The ending is another one, the path cannot be written, or a DOCX is asked for without
        matplotlib (the extra `report`).
    """
    from geomap.output import require_folder

    target = Path(path)
    form = report_form(target)
    if limit < 0:
        raise InputError(f"limit: {limit} is less than 0")
    if form == "docx":
        from geomap.maps.still.raster import require_matplotlib

        require_matplotlib("a DOCX")
    require_folder(target)
    blocks = _blocks(
        events,
        {"gazetteer": gazetteer, "borders": borders},
        _Wording(title or "Incident report", asked, limit),
        with_page=form in _WITH_PAGE,
    )
    return _written(blocks, target, form)


def report_form(path: str | Path) -> str:
    """Return what kind of report a path is for: html, md, docx or ipynb.

    Parameters
    ----------
    path
        The file to be written.

    Returns
    -------
    str
        Told by its ending alone.

    Raises
    ------
    OutputError
        Its ending is another one.
    """
    form = _FORMS.get(Path(path).suffix.lower())
    if form is None:
        raise OutputError(f"{path}: a report is .html, .md, .docx or .ipynb")
    return form


class _Wording:
    """What a caller says of a report."""

    __slots__ = ("asked", "limit", "title")

    def __init__(self, title: str, asked: str | None, limit: int) -> None:
        self.title, self.asked, self.limit = title, asked, limit


def _blocks(
    events: Any,  # noqa: ANN401 - see write_report
    options: dict[str, Any],
    wording: _Wording,
    *,
    with_page: bool,
) -> list[Block]:
    from geomap.maps import draw
    from geomap.maps.spots import Spots
    from geomap.maps.still import static_map
    from geomap.report.cases import cases_of, prepared
    from geomap.report.content import Shown, blocks_of

    if options["gazetteer"] is None:
        from geomap.gazetteer import Gazetteer

        options["gazetteer"] = Gazetteer()
    given = prepared(events)
    shown = Shown(
        title=wording.title,
        asked=wording.asked,
        still=static_map(given, **options),
        page=page_of(draw(given, **options)) if with_page else None,
        limit=wording.limit,
        # Not `from geomap import`: the package's table of names reaches what stands above.
        version=import_module("geomap").__version__,
    )
    return blocks_of(cases_of(given, Spots(options["gazetteer"])), shown)


def _written(blocks: Sequence[Block], target: Path, form: str) -> list[Path]:
    """Write the pictures that stand beside a report, and at last the report."""
    from geomap.output import replacing
    from geomap.report.blocks import Image

    beside: dict[Path, bytes] = {}
    if form == "html":
        from geomap.report.html import to_html

        content = to_html(blocks).encode()
    elif form == "ipynb":
        from geomap.report.notebook import to_notebook

        content = to_notebook(blocks).encode()
    elif form == "docx":
        from geomap.report.docx import to_docx

        content = to_docx(blocks)
    else:
        from geomap.report.markdown import to_markdown

        images = [block for block in blocks if isinstance(block, Image)]
        files = {i.name: target.with_name(f"{target.stem}-{i.name}.svg") for i in images}
        beside = {files[image.name]: image.picture.svg.encode() for image in images}
        addresses = {name: _relative(file.name) for name, file in files.items()}
        content = to_markdown(blocks, addresses).encode()
    for path, data in {**beside, target: content}.items():
        with replacing(path) as file:
            file.write(data)
    return [target, *beside]


def _relative(name: str) -> str:
    """Return a file's name as an address; nothing in it can end the link or begin another."""
    data = name.encode("utf-8", "surrogateescape")
    kept = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"
    return "".join(chr(byte) if byte in kept else f"%{byte:02X}" for byte in data)

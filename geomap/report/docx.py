"""The blocks of a report -> DOCX, the few parts of it that a report needs, by the standard library.

Text stands in `w:t` elements and nowhere else: no field, no macro, no link to a file.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from typing import TYPE_CHECKING

from geomap.elements import Element, element
from geomap.report.blocks import Bullets, Heading, Image, Paragraph, Quote, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.report.blocks import Block, Piece

__all__ = ["to_docx"]

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# A page of A4 with margins of 2 cm, in twentieths of a point; pictures in English Metric Units.
_PAGE = {"w:w": "11906", "w:h": "16838"}
_MARGIN, _EMU_WIDE, _EMU_HIGH = "1134", 6_120_000, 8_200_000
_FULL_WIDTH = "5000"  # fiftieths of a per cent
# The page between its margins; signs, beyond which a column's text is broken anyway.
_TWIPS_WIDE, _BROADEST = 9638, 32
# The archive has no time of day: the same report is the same file.
_STAMP = (1980, 1, 1, 0, 0, 0)
_SHADES = {"trigger": "FFE3A3", "place": "CFE5FF"}
_RULE = '<w:pBdr><w:left w:val="single" w:sz="18" w:space="8" w:color="0B5CAD"/></w:pBdr>'
_QUOTED = f'<w:keepLines/>{_RULE}<w:spacing w:before="100"/><w:ind w:left="284" w:right="284"/>'
_STYLES: tuple[tuple[str, str, str, str, str], ...] = (
    # id, name, based on, properties of the paragraph, of its text; sizes in half points
    ("Normal", "Normal", "", '<w:spacing w:after="80"/>', '<w:sz w:val="21"/>'),
    ("Title", "Title", "Normal", '<w:spacing w:after="60"/>', '<w:b/><w:sz w:val="40"/>'),
    ("Heading2", "heading 2", "Normal",
     '<w:keepNext/><w:spacing w:before="320" w:after="100"/><w:outlineLvl w:val="1"/>',
     '<w:b/><w:sz w:val="28"/>'),
    ("Heading3", "heading 3", "Normal",
     '<w:keepNext/><w:spacing w:before="240" w:after="40"/><w:outlineLvl w:val="2"/>',
     '<w:b/><w:sz w:val="23"/>'),
    ("Quote", "Quote", "Normal", _QUOTED, ""),
    ("Caption", "caption", "Normal", "", '<w:color w:val="5B626B"/><w:sz w:val="18"/>'),
    ("Cell", "Cell", "Normal", '<w:spacing w:after="0"/>', '<w:sz w:val="17"/>'),
    ("ListBullet", "List Bullet", "Normal", '<w:ind w:left="284" w:hanging="200"/>', ""),
)  # fmt: skip
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="D9DCE0"/>'
    for side in ("top", "bottom", "insideH")
)


class _Links:
    """What a document leads to: pictures in the archive, and pages on the web."""

    def __init__(self) -> None:
        self.rows: list[Element] = []

    def add(self, kind: str, target: str, *, outside: bool = False) -> str:
        """Return the id of a new relationship."""
        name = f"rId{len(self.rows) + 1}"
        attributes = {"Id": name, "Type": f"{_OFFICE}/{kind}", "Target": target}
        if outside:
            attributes["TargetMode"] = "External"
        self.rows.append(element("Relationship", attributes))
        return name

    def xml(self) -> str:
        """Return the part that lists them."""
        return element("Relationships", {"xmlns": f"{_PACKAGE}/relationships"}, *self.rows)


def to_docx(blocks: Sequence[Block]) -> bytes:
    """Return a report as a Word document.

    Parameters
    ----------
    blocks
        What it consists of; the first is its title.

    Returns
    -------
    bytes
        A DOCX archive; the same report, the same bytes.

    Raises
    ------
    OutputError
        matplotlib is not installed: Word shows no SVG by itself.
    """
    links, pictures = _Links(), [block for block in blocks if isinstance(block, Image)]
    links.add("styles", "styles.xml")
    body = [_block(block, links) for block in blocks]
    first = blocks[0]
    title = first.text if isinstance(first, Heading) else ""
    margins = {f"w:{side}": _MARGIN for side in ("top", "right", "bottom", "left")}
    section = element("w:sectPr", {}, element("w:pgSz", _PAGE), element("w:pgMar", margins))
    names = {
        "xmlns:w": _WORD, "xmlns:r": _OFFICE, "xmlns:a": f"{_DRAWING}/main",
        "xmlns:pic": f"{_DRAWING}/picture", "xmlns:wp": f"{_DRAWING}/wordprocessingDrawing",
    }  # fmt: skip
    document = element("w:document", names, element("w:body", {}, *body, section))
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _root(),
        "docProps/core.xml": _core(title),
        "word/document.xml": document,
        "word/styles.xml": _styles(),
        "word/_rels/document.xml.rels": links.xml(),
    }
    parts |= {f"word/media/{image.name}.png": image.picture.png for image in pictures}
    return _archive(parts)


def _archive(parts: dict[str, str | bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            content = part if isinstance(part, bytes) else (_DECLARATION + part).encode()
            archive.writestr(
                zipfile.ZipInfo(name, _STAMP), content, compress_type=zipfile.ZIP_DEFLATED
            )
    return data.getvalue()


def _content_types() -> Element:
    xml = "application/xml"
    core = "application/vnd.openxmlformats-package.core-properties+xml"
    defaults = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": xml,
        "png": "image/png",
    }
    parts = {
        "/word/document.xml": f"{_TYPE}.document.main+xml",
        "/word/styles.xml": f"{_TYPE}.styles+xml",
        "/docProps/core.xml": core,
    }
    return element(
        "Types",
        {"xmlns": f"{_PACKAGE}/content-types"},
        *(element("Default", {"Extension": k, "ContentType": v}) for k, v in defaults.items()),
        *(element("Override", {"PartName": k, "ContentType": v}) for k, v in parts.items()),
    )


def _root() -> Element:
    targets = (
        (f"{_OFFICE}/officeDocument", "word/document.xml"),
        (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    )
    rows = (
        element("Relationship", {"Id": f"rId{number}", "Type": kind, "Target": target})
        for number, (kind, target) in enumerate(targets, 1)
    )
    return element("Relationships", {"xmlns": f"{_PACKAGE}/relationships"}, *rows)


def _core(title: str) -> Element:
    names = {
        "xmlns:cp": f"{_PACKAGE}/metadata/core-properties",
        "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    }
    return element(
        "cp:coreProperties",
        names,
        element("dc:title", {}, title),
        element("dc:creator", {}, "geomap"),
    )


def _styles() -> Element:
    made = []
    for key, name, base, paragraph, run in _STYLES:
        attributes = {"w:type": "paragraph", "w:styleId": key}
        if not base:
            attributes["w:default"] = "1"
        made.append(
            element(
                "w:style",
                attributes,
                element("w:name", {"w:val": name}),
                *((element("w:basedOn", {"w:val": base}),) if base else ()),
                Element(f"<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr>"),
            )
        )
    fonts = '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Arial" w:eastAsia="Arial"/>'
    defaults = Element(
        f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts}</w:rPr></w:rPrDefault></w:docDefaults>"
    )
    return element("w:styles", {"xmlns:w": _WORD}, defaults, *made)


def _block(block: Block, links: _Links) -> Element:
    if isinstance(block, Heading):
        style = "Title" if block.level == 1 else f"Heading{block.level}"
        return _paragraph(style, [_run(block.text)])
    if isinstance(block, Paragraph):
        return _paragraph("Normal", _inline(block.pieces, links))
    if isinstance(block, Quote):
        return _paragraph("Quote", _inline(block.pieces, links))
    if isinstance(block, Bullets):
        items = ([_run("• "), *_inline(item, links)] for item in block.items)
        return Element("".join(_paragraph("ListBullet", runs) for runs in items))
    if isinstance(block, Table):
        return _table(block, links)
    drawn = _paragraph("Normal", [_drawing(block, links)])
    return Element(drawn + _paragraph("Caption", [_run(block.caption)]))


def _paragraph(style: str, runs: Sequence[Element]) -> Element:
    # Right to left as its first words are.
    turned = (Element("<w:bidi/>"),) if runs and "<w:rtl/>" in runs[0] else ()
    properties = element("w:pPr", {}, element("w:pStyle", {"w:val": style}), *turned)
    return element("w:p", {}, properties, *runs)


def _inline(pieces: Sequence[Piece], links: _Links) -> list[Element]:
    return [_piece(piece, links) for piece in pieces]


def _piece(piece: Piece, links: _Links) -> Element:
    if piece.kind == "link":
        target = links.add("hyperlink", piece.target, outside=True)
        look = '<w:color w:val="0B5CAD"/><w:u w:val="single"/>'
        return element("w:hyperlink", {"r:id": target}, _run(piece.text, look))
    if piece.kind == "strong":
        return _run(piece.text, "<w:b/>")
    if piece.kind == "soft":
        return _run(piece.text, '<w:color w:val="5B626B"/>')
    if piece.kind in _SHADES:
        shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{_SHADES[piece.kind]}"/>'
        return _run(piece.text, shade)
    return _run(piece.text)


def _run(text: str, look: str = "") -> Element:
    """Return a stretch of text; `look` is a constant of ours."""
    # Breaks in a run are elements of their own: here a line is enough.
    line = " ".join(text.splitlines()) if len(text) > 1 else text
    words = element("w:t", {"xml:space": "preserve"}, line)
    turned = "<w:rtl/>" if _runs_left(line) else ""
    return Element(f"<w:r><w:rPr>{look}{turned}</w:rPr>{words}</w:r>")


def _runs_left(text: str) -> bool:
    """Tell whether a text runs from right to left: whether its first letter does."""
    for sign in text:
        direction = unicodedata.bidirectional(sign)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


def _table(table: Table, links: _Links) -> Element:
    widths = _widths(table)
    names = [[_run(name, "<w:b/>")] for name in table.head]
    rows = [_row(names, widths, head=True)] if table.head else []
    rows += [_row([_inline(cell, links) for cell in row], widths, head=False) for row in table.rows]
    look = Element(
        f'<w:tblPr><w:tblW w:w="{_FULL_WIDTH}" w:type="pct"/>'
        f'<w:tblBorders>{_BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
    )
    grid = element("w:tblGrid", {}, *(element("w:gridCol", {"w:w": str(w)}) for w in widths))
    # A paragraph behind it keeps two tables apart.
    return Element(element("w:tbl", {}, look, grid, *rows) + _paragraph("Normal", []))


def _widths(table: Table) -> list[int]:
    """Return the width of each column: room for its longest word, and more where more is told."""
    told = [["".join(piece.text for piece in cell) for cell in row] for row in table.rows]
    columns = list(zip(*([list(table.head)] if table.head else []), *told, strict=True))
    words = [
        max(len(word) for cell in column for word in [*cell.split(), ""]) for column in columns
    ]
    needs = [
        3 + max(1.2 * word, max(map(len, column)) / 2.5)
        for word, column in zip(words, columns, strict=True)
    ]
    shares = [min(need, _BROADEST) for need in needs]
    return [round(_TWIPS_WIDE * share / sum(shares)) for share in shares]


def _row(cells: Sequence[Sequence[Element]], widths: Sequence[int], *, head: bool) -> Element:
    # A heading is repeated on each page, and no row is torn.
    look = Element(f"<w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>")
    boxes = (
        element(
            "w:tc",
            {},
            element("w:tcPr", {}, element("w:tcW", {"w:w": str(width), "w:type": "dxa"})),
            _paragraph("Cell", runs),
        )
        for runs, width in zip(cells, widths, strict=True)
    )
    return element("w:tr", {}, look, *boxes)


def _drawing(image: Image, links: _Links) -> Element:
    """Return a picture as wide as the page, with its words for those who do not see it."""
    target = links.add("image", f"media/{image.name}.png")
    wide, high = image.picture.size
    scale = min(_EMU_WIDE / wide, _EMU_HIGH / high)
    extent = {"cx": str(int(wide * scale)), "cy": str(int(high * scale))}
    number = target.removeprefix("rId")
    named = {"id": number, "name": image.name, "descr": image.picture.alt}
    shape = Element(
        '<pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        + element("a:ext", extent)
        + '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
    )
    fill = element(
        "pic:blipFill",
        {},
        element("a:blip", {"r:embed": target}),
        Element("<a:stretch><a:fillRect/></a:stretch>"),
    )
    about = element("pic:nvPicPr", {}, element("pic:cNvPr", named), Element("<pic:cNvPicPr/>"))
    picture = element("pic:pic", {}, about, fill, shape)
    data = element("a:graphicData", {"uri": f"{_DRAWING}/picture"}, picture)
    inline = element(
        "wp:inline",
        {},
        element("wp:extent", extent),
        element("wp:docPr", named),
        element("a:graphic", {}, data),
    )
    return element("w:r", {}, element("w:drawing", {}, inline))

"""Maps in pages of MkDocs: `<div data-geomap="samples"></div>` becomes the map of samples.py."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import geomap as gm

_PLACE = re.compile(r'<div data-geomap="([a-z_]+)"></div>')


def on_page_content(html: str, **_given: object) -> str:
    """Return a page with its maps, each from the function `drawn` of a script beside this file."""

    def framed(found: re.Match[str]) -> str:
        script = runpy.run_path(str(Path(__file__).with_name(f"{found[1]}.py")))
        return gm.embed(script["drawn"](), height="70vh")

    return _PLACE.sub(framed, html)

"""An index out of GeoNames dump files: the full gazetteer, or any countries of it.

`files` finds and streams them, `rows` reads single lines, `names` sorts what the lines name, and
`build` puts the index together.
"""

from __future__ import annotations

from geomap.gazetteer.dump.build import DumpReport, build_dump_index

__all__ = ["DumpReport", "build_dump_index"]

"""The blocks of a report -> a Jupyter notebook whose pictures survive any export."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from geomap.model import digest
from geomap.report.blocks import Heading, Image
from geomap.report.frame import framed
from geomap.report.markdown import to_markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.report.blocks import Block

__all__ = ["to_notebook"]

# JupyterLab reads mathematics between two of these, even when written as a number.
_DOLLAR = "&#36;"


def to_notebook(blocks: Sequence[Block]) -> str:
    """Return a report as a notebook of format 4.5.

    Parameters
    ----------
    blocks
        What it consists of.

    Returns
    -------
    str
        JSON. Text stands in Markdown cells; the pictures are outputs that hold the live map, a
        PNG where one can be made, the SVG and the words. No cell's code comes from data.
    """
    cells: list[dict[str, Any]] = []
    run: list[Block] = []

    def flush() -> None:
        if run:
            cells.append(_markdown(run, len(cells)))
            run.clear()

    for block in blocks:
        if isinstance(block, Image):
            flush()
            cells.append(_output(block, len(cells)))
        else:
            if isinstance(block, Heading):
                flush()
            run.append(block)
    flush()
    notebook = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _markdown(blocks: Sequence[Block], number: int) -> dict[str, Any]:
    # An element around it ends what would be mathematics.
    source = to_markdown(blocks, {}).replace(_DOLLAR, f"<span>{_DOLLAR}</span>")
    return {
        "cell_type": "markdown",
        "id": _id(number),
        "metadata": {},
        "source": source.rstrip("\n").splitlines(keepends=True),
    }


def _output(image: Image, number: int) -> dict[str, Any]:
    bundle: dict[str, str] = image.picture._repr_mimebundle_()
    if image.page is not None:
        bundle["text/html"] = framed(image.page, "560px", "Map of incidents")
    shown = {
        "output_type": "display_data",
        "data": {
            kind: data if kind == "image/png" else data.splitlines(keepends=True)
            for kind, data in sorted(bundle.items())
        },
        "metadata": {},
    }
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": _id(number),
        "metadata": {},
        "outputs": [shown],
        "source": [f"# The {image.name}, as it was when this report was written."],
    }


def _id(number: int) -> str:
    return digest("cell", str(number))[:8]

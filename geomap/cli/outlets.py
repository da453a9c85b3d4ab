"""`geomap outlets`: where publishers are at home."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from geomap.cli.inputs import READING_OPTIONS, Inputs, read_inputs, require_place
from geomap.cli.query import with_options
from geomap.cli.terminal import print_table

__all__ = ["outlets_app"]

outlets_app = typer.Typer(no_args_is_help=True, help="Where publishers are at home.")


@outlets_app.command(
    epilog="Examples:\n\n$ geomap outlets learn archive/ -o outlets.json\n\n"
    "$ geomap outlets learn 'news/*.jsonl' -o outlets.json --workers 2"
)
@with_options("reading", {k: v for k, v in READING_OPTIONS.items() if k != "outlets"})
def learn(
    inputs: Inputs,
    *,
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="The JSON file to write.")
    ],
    reading: dict[str, Any],
) -> None:
    """Estimate where each publisher is at home from its articles (their `source`).

    National publishers have no home and are left out. The file is used only where it is given.
    """
    from geomap.outlets import learn_homes, write_homes

    require_place(output)
    with read_inputs(inputs, **reading) as readings:
        homes = learn_homes(readings)
        write_homes(homes, Path(output))
    typer.echo(f"{len(homes)} publishers with a home written to {output}")


@outlets_app.command(
    epilog="Examples:\n\n$ geomap outlets show outlets.json\n\n"
    "$ geomap outlets show outlets.json | head"
)
def show(
    outlets: Annotated[Path, typer.Argument(metavar="FILE", help="What `learn` wrote.")],
) -> None:
    """List the homes in a file that `learn` wrote."""
    from geomap.outlets import read_homes

    print_table(
        ("outlet", "country", "admin1", "lat", "lon", "spread km", "sure", "articles"),
        [
            (
                outlet,
                home.country or "",
                home.admin1 or "",
                f"{home.lat:.2f}",
                f"{home.lon:.2f}",
                f"{home.spread_km:.0f}",
                f"{home.confidence:.2f}",
                f"{home.articles}",
            )
            for outlet, home in read_homes(outlets).items()
        ],
    )

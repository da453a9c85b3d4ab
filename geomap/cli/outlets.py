"""`geomap outlets`: where publishers are at home."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations at run time
from typing import Annotated

import typer

from geomap.cli.terminal import print_table

__all__ = ["outlets_app", "show"]

outlets_app = typer.Typer(no_args_is_help=True, help="Where publishers are at home.")


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

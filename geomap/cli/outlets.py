"""`geomap outlets`: where publishers are at home."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geomap.cli.inputs import How, Inputs, read_inputs, require_place, with_reading
from geomap.cli.terminal import print_table

__all__ = ["outlets_app"]

outlets_app = typer.Typer(no_args_is_help=True, help="Where publishers are at home.")


@outlets_app.command(
    epilog="Examples:\n\n$ geomap outlets learn archive/ -o outlets.json\n\n"
    "$ geomap outlets learn 'news/*.jsonl' -o outlets.json --workers 2"
)
@with_reading
def learn(
    inputs: Inputs,
    *,
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="The JSON file to write.")
    ],
    how: How,
) -> None:
    """Estimate where each publisher is at home from its articles (their `source`).

    National publishers have no home and are left out. The file is used only where it is given;
    with --outlets, what was learned before helps to place the articles.
    """
    from geomap.outlets import learn_homes, write_homes

    require_place(output)
    with read_inputs(inputs, how) as readings:
        homes = learn_homes(readings)
        write_homes(homes, Path(output))
    typer.echo(f"{len(homes)} publishers with a home written to {output}")


@outlets_app.command(
    epilog="Examples:\n\n$ geomap outlets show\n\n$ geomap outlets show outlets.json | head"
)
def show(
    outlets: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="What `learn` wrote.")
    ] = None,
) -> None:
    """List the homes in a file that `learn` wrote, or without one those that geomap knows.

    What `learn` found out about a publisher, given with --outlets, goes before what is known.
    """
    from geomap.outlets import known_outlets, read_homes

    if outlets is None:
        homes = {host: row.home for host, row in known_outlets().items() if row.home}
    else:
        homes = read_homes(outlets)
    print_table(
        ("outlet", "scope", "country", "admin1", "lat", "lon", "spread km", "sure", "articles"),
        [
            (
                outlet,
                home.scope,
                home.country or "",
                home.admin1 or "",
                f"{home.lat:.2f}",
                f"{home.lon:.2f}",
                f"{home.spread_km:.0f}",
                f"{home.confidence:.2f}",
                f"{home.articles}",
            )
            for outlet, home in homes.items()
        ],
    )

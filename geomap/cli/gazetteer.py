"""`geomap gazetteer`: what is known of places, and your own names."""

from __future__ import annotations

import typer

from geomap.cli.terminal import complain, open_gazetteer

__all__ = ["gazetteer_app"]

gazetteer_app = typer.Typer(no_args_is_help=True, help="What is known of the world's places.")


@gazetteer_app.command(
    epilog="Examples:\n\n$ geomap gazetteer info\n\n$ GEOMAP_CACHE=/tmp/cache geomap gazetteer info"
)
def info() -> None:
    """Say what the gazetteer holds, where its index lies and whose data it is."""
    for key, value in open_gazetteer().info().items():
        typer.echo(f"{key:<16}{value:,}" if isinstance(value, int) else f"{key:<16}{value}")


@gazetteer_app.command(
    epilog="Examples:\n\n$ geomap gazetteer verify\n\n$ geomap gazetteer verify && geomap demo"
)
def verify() -> None:
    """Check the shipped data and the index built from it against their recorded digests."""
    problems = open_gazetteer().verify()
    for problem in problems:
        complain(problem)
    if problems:
        raise typer.Exit(1)
    typer.echo("the gazetteer is whole")

"""`geomap gazetteer`: what is known of places, and your own names."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations at run time
from typing import Annotated

import typer

from geomap.cli.terminal import complain, open_gazetteer, print_table, progress_bar

__all__ = ["gazetteer_app"]

# More of them are one mistake made again and again.
_SHOWN_PROBLEMS = 20

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


@gazetteer_app.command(
    epilog="Examples:\n\n$ geomap gazetteer build geonames/\n\n$ geomap gazetteer build PK.zip"
)
def build(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="DUMP", help="A folder of GeoNames dump files, or one .zip or .txt."
        ),
    ],
) -> None:
    """Take in the places of a GeoNames dump, below the shipped ones; an older dump goes."""
    from geomap.gazetteer.dump import build_dump_index
    from geomap.gazetteer.own import dump_folder

    with progress_bar() as progress:
        report = build_dump_index(source, dump_folder(), progress=progress)
    for problem in report.problems:
        complain(problem)
    typer.echo(f"{report.places:,} places, {report.names:,} names from {', '.join(report.files)}")
    if report.bad_rows:
        complain(f"{report.bad_rows:,} rows of the dump could not be read and were left out")
        raise typer.Exit(1)


@gazetteer_app.command(
    epilog="Examples:\n\n$ geomap gazetteer add villages.csv\n\n"
    "$ geomap gazetteer add villages.csv && geomap place Sabzdara"
)
def add(
    csv: Annotated[
        Path,
        typer.Argument(
            metavar="CSV",
            help="Columns name, lat, lon; and id, country, admin1, feature, population, aliases,"
            " language where they are known.",
        ),
    ],
) -> None:
    """Add your own names, above all others: the whole list, or nothing where a row is wrong."""
    from geomap.gazetteer import add_names

    report = add_names(csv)
    for problem in report.problems[:_SHOWN_PROBLEMS]:
        complain(f"{csv}: {problem}")
    if report.problems:
        complain(f"{csv}: {len(report.problems)} rows are wrong: nothing was added")
        raise typer.Exit(1)
    typer.echo(
        f"{report.added} added, {report.replaced} replaced, {report.unchanged} known already"
    )


@gazetteer_app.command(
    epilog="Examples:\n\n$ geomap gazetteer remove Sabzdara\n\n"
    "$ geomap gazetteer remove user:sabzdara"
)
def remove(
    names: Annotated[list[str], typer.Argument(metavar="NAME", help="Names or ids of your own.")],
) -> None:
    """Remove own names; none is removed where one of them is not known."""
    from geomap.gazetteer import remove_names

    for name in remove_names(names):
        typer.echo(f"removed {name.name} ({name.id})")


@gazetteer_app.command(
    "list", epilog="Examples:\n\n$ geomap gazetteer list\n\n$ geomap gazetteer list | wc -l"
)
def list_() -> None:
    """List your own names."""
    from geomap.gazetteer import list_names

    print_table(
        ("place", "id", "feature", "country", "lat", "lon", "aliases"),
        [
            (n.name, n.id, n.feature, n.country or "", f"{n.lat}", f"{n.lon}", ", ".join(n.aliases))
            for n in list_names()
        ],
    )


@gazetteer_app.command(
    epilog="Examples:\n\n$ geomap gazetteer export own.csv\n\n"
    "$ geomap gazetteer export backup.csv && geomap gazetteer list"
)
def export(
    output: Annotated[Path, typer.Argument(metavar="CSV", help="The file to write.")],
) -> None:
    """Write your own names as a list that `add` reads."""
    from geomap.gazetteer import export_names

    typer.echo(f"{export_names(output)} names written to {output}")

"""`geomap gazetteer`: what is known of places, and your own names."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations at run time
from typing import TYPE_CHECKING, Annotated

import typer

from geomap.cli.terminal import can_ask, complain, open_gazetteer, plain, print_table, progress_bar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomap.gazetteer import DumpReport, UpdatePlan

__all__ = ["gazetteer_app"]

# More of them are one mistake made again and again.
_SHOWN_PROBLEMS = 20
_WRONG_USAGE = 2
# `geomap.gazetteer.dump.GEONAMES`, which would load the network's door for every command.
_GEONAMES = "https://download.geonames.org/export/dump/"

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
    epilog="Examples:\n\n$ geomap gazetteer build geonames/\n\n"
    "$ geomap gazetteer build PK.zip AF.zip alternatenames/PK.zip"
)
def build(
    sources: Annotated[
        list[Path],
        typer.Argument(
            metavar="DUMP...", help="Folders of GeoNames dump files, or single .zip or .txt files."
        ),
    ],
) -> None:
    """Take in the places of GeoNames dumps, below the shipped ones; what was built before goes."""
    from geomap.gazetteer import build_dump_index, dump_folder

    with progress_bar() as progress:
        report = build_dump_index(sources, dump_folder(), progress=progress)
    _tell_built(report)


@gazetteer_app.command(
    epilog="Examples:\n\n$ geomap gazetteer update PK AF\n\n"
    "$ geomap gazetteer update --yes --from https://mirror.example/geonames/"
)
def update(
    countries: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CC]...", help="Two-letter country codes; none for the world."),
    ] = None,
    *,
    source: Annotated[
        str, typer.Option("--from", metavar="URL", help="Where the files lie.")
    ] = _GEONAMES,
    sums: Annotated[
        Path | None,
        typer.Option(
            "--sha256",
            metavar="FILE",
            help="Digests that the files must have, as sha256sum writes them; default the"
            " SHA256SUMS beside the files, where there is one.",
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Fetch without asking.")] = False,
    accept_smaller: Annotated[
        bool,
        typer.Option(
            "--accept-smaller", help="Take files of less than half the size of the last ones."
        ),
    ] = False,
) -> None:
    """Fetch GeoNames dump files over the network and take them in, as `build` does.

    What is to be fetched is shown, and you are asked, before anything is.
    """
    from geomap.gazetteer import update_dump

    if not yes and not can_ask():
        complain("update fetches files over the network: there is nobody to ask, say --yes")
        raise typer.Exit(_WRONG_USAGE)

    def confirmed(plan: UpdatePlan) -> bool:
        for line in _plan_lines(plan):
            typer.echo(plain(line), err=True)
        return yes or typer.confirm("Fetch them?", err=True)

    with progress_bar() as progress:
        report = update_dump(
            countries or (),
            source=source,
            sums=sums,
            confirm=confirmed,
            accept_smaller=accept_smaller,
            progress=progress,
        )
    if report is None:
        typer.echo("nothing was fetched")
        return
    _tell_built(report.built)


def _plan_lines(plan: UpdatePlan) -> Iterator[str]:
    """Say what an update will fetch, and from where."""
    total = "unknown size" if plan.size is None else f"{plan.size:,} bytes"
    yield f"{len(plan.files)} files, {total}, from {plan.source}, GeoNames's data, CC BY 4.0:"
    for file in plan.files:
        size = "?" if file.size is None else f"{file.size:,}"
        yield f"{size:>14}  {file.name}{'' if file.sha256 is None else '  (digest known)'}"
    yield f"The index goes to {plan.target}; one that is there is replaced when the new is whole."


def _tell_built(report: DumpReport) -> None:
    """Say what an index took in; rows that could not be read fail the command."""
    for problem in report.problems:
        complain(problem)
    typer.echo(f"{report.places:,} places, {report.names:,} names from {', '.join(report.files)}")
    typer.echo("data: GeoNames (geonames.org), CC BY 4.0")
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

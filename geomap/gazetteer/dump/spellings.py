"""Names as they are spelled, gathered by place on the disk."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from geomap.gazetteer.spelled import encoded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["SpellingStore"]

# Places of one file: a hundred thousand names, some 20 MB while they are sorted; and no more than
# 200 files for all of GeoNames, of the 1,000 that a process may open.
_SHARE = 2**16
_BUFFER = 2**17


class SpellingStore:
    """Spelled names with their places, waiting to be gathered.

    Parameters
    ----------
    folder
        An existing folder for the files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self._writers: dict[int, Callable[[str], int]] = {}

    def add(self, row: int, name: str, kind: str, language: str = "", marks: str = "") -> None:
        """Enter a name of a place; kind and marks are the letters of `spelled.encoded`."""
        share = row // _SHARE
        write = self._writers.get(share)
        if write is None:
            file = self._path(share).open("w", encoding="utf-8", newline="\n", buffering=_BUFFER)
            write = self._writers[share] = self._stack.enter_context(file).write
        write(f"{row}\t{encoded(name, kind, language, marks)}\n")

    def close(self) -> None:
        """Finish writing; a second call does nothing."""
        self._stack.close()

    def gathered(self) -> Iterator[tuple[int, str]]:
        """Give the names of each place, once they are all written.

        Yields
        ------
        tuple of int and str
            Row, ascending, and the encoded names with line feeds between them, as they came; a
            name of which nothing is told is left out where something is told of the same.
        """
        self.close()
        for share in sorted(self._writers):
            path = self._path(share)
            with path.open(encoding="utf-8", newline="\n") as file:
                entries = [
                    (int(row), line)
                    for row, _, line in (text[:-1].partition("\t") for text in file)
                ]
            path.unlink()  # the database needs the space
            entries.sort(key=itemgetter(0))
            for row, lines in groupby(entries, key=itemgetter(0)):
                yield row, "\n".join(_distinct([line for _, line in lines]))

    def _path(self, share: int) -> Path:
        return self._folder / f"spelled-{share}"


def _distinct(lines: list[str]) -> list[str]:
    """Drop doubles, and bare alternates that another line tells more of."""
    told = {line.rpartition("\t")[2] for line in lines if not line.startswith("a\t\t")}
    return [
        line
        for line in dict.fromkeys(lines)
        if not line.startswith("a\t\t") or line.rpartition("\t")[2] not in told
    ]

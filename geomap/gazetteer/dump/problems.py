"""Counting the lines that could not be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geomap.gazetteer.dump.files import DumpFile

__all__ = ["Problems"]

# Enough to see what is wrong with a file; a million lines would hide it.
_FIRST = 20


class Problems:
    """How many lines were no rows, and why the first of them were not."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[str] = []

    def bad_row(self, file: DumpFile, line: int, reason: str) -> None:
        """Count a line.

        Parameters
        ----------
        file
            The file that has it.
        line
            Its number, from 1.
        reason
            What is wrong with it, without a full stop.
        """
        self.count += 1
        if len(self.first) < _FIRST:
            self.first.append(f"{file.label}:{line}: {reason}")

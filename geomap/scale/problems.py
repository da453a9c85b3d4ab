"""What could not be read, in memory that does not grow with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geomap.errors import ArticleError

__all__ = ["Problems"]

# More bad articles are one mistake made again and again; the others are counted.
_KEPT = 20


@dataclass(slots=True)
class Problems:
    """What could not be read: the first of it in words, and how much it is in all."""

    kept: list[ArticleError] = field(default_factory=list)
    number: int = 0

    def note(self, problem: ArticleError) -> None:
        """Take one in.

        Parameters
        ----------
        problem
            What is wrong.
        """
        self.number += 1
        if len(self.kept) < _KEPT:
            self.kept.append(problem)

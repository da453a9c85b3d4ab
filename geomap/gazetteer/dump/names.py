"""Tens of millions of names, sorted on the disk.

Names are written to a few dozen files by the hash of what the index knows them by, so that all of
one name lie in one file; each file is then small enough to be looked at in memory.
"""

from __future__ import annotations

from array import array
from contextlib import ExitStack
from typing import TYPE_CHECKING

from geomap.gazetteer.dump.rows import CODE, COLUMN
from geomap.gazetteer.index import KIND_BITS, KIND_RANKS, PLACE_BITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["NameStore", "resolved", "sort_postings", "write_trie"]

# A share of 40 million names, the most that GeoNames could give, is then some 60 MB in memory.
_SHARES = 64
_BUFFER = 2**17
_KIND_MASK = (1 << KIND_BITS) - 1
_PLACE_MASK = (1 << PLACE_BITS) - 1


class NameStore:
    """Names with their places, waiting to be sorted.

    Parameters
    ----------
    folder
        An existing folder for the files.
    """

    def __init__(self, folder: Path) -> None:
        self._stack = ExitStack()
        self._names = [folder / f"names-{share}" for share in range(_SHARES)]
        self._codes = [folder / f"codes-{share}" for share in range(_SHARES)]
        with ExitStack() as stack:
            self._writers = [
                stack.enter_context(
                    path.open("w", encoding="utf-8", newline="\n", buffering=_BUFFER)
                ).write
                for path in (*self._names, *self._codes)
            ]
            self._stack = stack.pop_all()

    def add(self, key: str, place: int, kind: int) -> None:
        """Enter a name of a place.

        Parameters
        ----------
        key
            What the index knows it by, not empty.
        place
            The place's row.
        kind
            A rank of `KIND_RANKS`, or `COLUMN`, or `CODE`.
        """
        share = hash(key) % _SHARES + (_SHARES if kind == CODE else 0)
        self._writers[share](f"{key}\t{place << KIND_BITS | kind}\n")

    def close(self) -> None:
        """Finish writing; a second call does nothing."""
        self._stack.close()

    def shares(self) -> Iterator[Iterator[tuple[str, int]]]:
        """Give the names by shares, once they are all written.

        Yields
        ------
        iterator of tuple of str and int
            Key and, packed into one integer, place and kind. Codes are left out.
        """
        self.close()
        for names, codes in zip(self._names, self._codes, strict=True):
            no_names = {(key, value >> KIND_BITS) for key, value in _entries(codes)}
            yield (
                (key, value)
                for key, value in _entries(names)
                if not no_names
                or value & _KIND_MASK != COLUMN
                or (key, value >> KIND_BITS) not in no_names
            )


def _entries(path: Path) -> Iterator[tuple[str, int]]:
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            key, _, value = line.partition("\t")
            yield key, int(value)


def write_trie(names: NameStore, path: Path, tell: Callable[[float], None]) -> None:
    """Write the trie of distinct names.

    Parameters
    ----------
    names
        The names.
    path
        Where.
    tell
        Told the share of the names that is done, 0 to 1.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    import marisa_trie

    def distinct() -> Iterator[str]:
        for done, share in enumerate(names.shares()):
            tell(done / _SHARES)
            yield from {key for key, _ in share}

    trie = marisa_trie.Trie(distinct())
    try:
        trie.save(str(path))
    except RuntimeError as error:
        raise OSError(f"{path.name}: {error}") from error


def sort_postings(names: NameStore, path: Path, tell: Callable[[float], None]) -> array[int]:
    """Return which places have which names, sorted.

    Parameters
    ----------
    names
        The names.
    path
        Where their trie lies.
    tell
        Told the share of the names that is done, 0 to 1.

    Returns
    -------
    array of int
        The trie's key, the place's row and the kind, packed; ascending.
    """
    import marisa_trie
    import numpy as np

    trie = marisa_trie.Trie()
    trie.mmap(str(path))
    packed = array("q")
    for done, share in enumerate(names.shares()):
        tell(done / _SHARES)
        keys: dict[str, int] = {}
        for name, value in share:
            key = keys.get(name)
            if key is None:
                key = keys[name] = trie[name]
            packed.append(key << PLACE_BITS + KIND_BITS | value)
    np.frombuffer(packed, dtype=np.int64).sort()
    return packed


def resolved(packed: array[int]) -> Iterator[tuple[int, int, int]]:
    """Give each key and place once, with the strongest kind that is told.

    Parameters
    ----------
    packed
        What `sort_postings` gave.

    Yields
    ------
    tuple of int
        Key, place, and a rank of `KIND_RANKS`: a name whose kind is told nowhere is an alternate.
    """
    before = -1
    alternate = KIND_RANKS["a"]
    for value in packed:
        head = value >> KIND_BITS
        if head != before:
            before = head
            kind = value & _KIND_MASK
            yield head >> PLACE_BITS, head & _PLACE_MASK, alternate if kind == COLUMN else kind

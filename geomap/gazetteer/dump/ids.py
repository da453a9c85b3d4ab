"""A compact table from GeoNames ids to small numbers."""

from __future__ import annotations

from array import array

__all__ = ["IdTable"]

# Ids lie dense in stretches: a page is made when its first id comes, so that one country's ids
# cost little and all 13 million cost 55 MB, where a dict would cost a gigabyte.
_PAGE_BITS = 14
_EMPTY_PAGE = array("i", [-1]) * (1 << _PAGE_BITS)
_IN_PAGE = (1 << _PAGE_BITS) - 1


class IdTable:
    """GeoNames id -> a number that is not negative."""

    def __init__(self) -> None:
        self._pages: dict[int, array[int]] = {}

    def __setitem__(self, key: int, value: int) -> None:
        page = self._pages.get(key >> _PAGE_BITS)
        if page is None:
            page = self._pages[key >> _PAGE_BITS] = _EMPTY_PAGE[:]
        page[key & _IN_PAGE] = value

    def get(self, key: int) -> int:
        """Return the number of an id; -1 for an id that has none."""
        page = self._pages.get(key >> _PAGE_BITS)
        return -1 if page is None else page[key & _IN_PAGE]

from __future__ import annotations

import os
import signal
from functools import partial

import pytest

from geomap.crew import Failed, each
from geomap.errors import GazetteerError, GeomapError


def double():
    return lambda number: 2 * number


def moody(folder):
    """Return what dies on 13 always, on 7 once, and raises on 5."""

    def do(number):
        if number == 5:
            raise ValueError("five")
        seen = folder / str(number)
        if number == 13 or (number == 7 and not seen.exists()):
            seen.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    return do


def unusable():
    raise GazetteerError("no place for the index")


def stillborn():
    os.kill(os.getpid(), signal.SIGKILL)


def unlucky():
    def do(_number):
        raise GazetteerError("the index is gone")

    return do


def batches(numbers, size=4):
    return (tuple(numbers[i : i + size]) for i in range(0, len(numbers), size))


@pytest.mark.parametrize("workers", [1, 3])
def test_results_keep_the_order(workers):
    numbers = list(range(30))
    assert list(each(batches(numbers), double, workers=workers)) == [2 * n for n in numbers]


def test_nothing_starts_no_process():
    assert list(each(iter([]), unusable, workers=2)) == []


@pytest.mark.parametrize("size", [1, 4])
def test_a_killed_process_loses_and_doubles_nothing(tmp_path, size):
    numbers = list(range(20))
    found = list(each(batches(numbers, size), partial(moody, tmp_path), workers=2))
    assert [n for n in found if not isinstance(n, Failed)] == [
        n for n in numbers if n not in (5, 13)
    ]
    assert [f.item for f in found if isinstance(f, Failed)] == [5, 13]
    assert "five" in found[5].reason
    assert "ended the process" in found[13].reason


def test_what_cannot_begin_is_told():
    with pytest.raises(GeomapError, match="no place for the index"):
        list(each(batches([1]), unusable, workers=1))
    with pytest.raises(GeomapError, match="fewer --workers"):
        list(each(batches([1]), stillborn, workers=2))


def test_an_error_that_is_not_the_items_own_ends_all():
    with pytest.raises(GeomapError, match="the index is gone"):
        list(each(batches([1, 2, 3]), unlucky, workers=2))


def test_items_are_taken_as_they_are_needed():
    taken = []

    def endless():
        for number in range(10_000):
            taken.append(number)
            yield (number,)

    results = each(endless(), double, workers=2)
    assert next(results) == 0
    results.close()
    assert len(taken) < 20

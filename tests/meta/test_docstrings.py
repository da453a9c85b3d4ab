"""What geomap exports says what it takes, gives and raises."""

from __future__ import annotations

import inspect

import pytest
from numpydoc.validate import validate

import geomap

# No extended summary, example or "see also" is asked for; types stand in signatures only.
EXEMPT = {"ES01", "EX01", "SA01", "PR04", "GL08", "YD01"}


def exported() -> list[str]:
    paths = []
    for name in geomap.__all__:
        value = getattr(geomap, name)
        if inspect.ismodule(value):
            paths += [f"{value.__name__}.{member}" for member in value.__all__]
            continue
        path = f"{value.__module__}.{value.__qualname__}"
        methods = vars(value).items() if inspect.isclass(value) else ()
        paths.append(path)
        paths += [f"{path}.{m}" for m, f in methods if inspect.isfunction(f) and m[0] != "_"]
    return sorted(set(paths))


@pytest.mark.parametrize("path", exported())
def test_public_docstrings_are_complete(path):
    assert [error for error in validate(path)["errors"] if error[0] not in EXEMPT] == []

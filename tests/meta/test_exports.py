from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
import sys

import pytest

import geomap

HEAVY = ("spacy", "pandas", "geopandas", "folium", "numpy", "pyarrow", "shapely", "dateparser")
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(geomap.__path__, "geomap.")
    if module.name != "geomap.__main__"
)


def loaded_by(*arguments: str) -> set[str]:
    """Return which heavy packages a fresh interpreter has loaded at its end."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments], capture_output=True, text=True, check=True
    )
    names = {line.rpartition("|")[2].strip() for line in run.stderr.splitlines()}
    return names.intersection(HEAVY)


def test_every_public_name_is_there():
    assert [name for name in geomap.__all__ if not hasattr(geomap, name)] == []


def test_public_names_are_sorted_and_listed():
    assert geomap.__all__ == sorted(geomap.__all__)
    assert set(geomap.__all__) <= set(dir(geomap))


def test_the_lazy_table_and_the_typed_imports_agree(repository):
    tree = ast.parse((repository / "geomap" / "__init__.py").read_text(encoding="utf-8"))
    typed = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module.startswith("geomap.")
        for alias in node.names
    }
    assert typed == geomap._HOME
    assert {*typed, *geomap._MODULES} == set(geomap.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nonsense"):
        _ = geomap.nonsense


@pytest.mark.parametrize("name", MODULES)
def test_each_module_lists_what_it_has(name):
    module = importlib.import_module(name)
    listed = getattr(module, "__all__", None)
    assert listed is not None
    assert [entry for entry in listed if not hasattr(module, entry)] == []


def test_import_is_cheap():
    assert loaded_by("-c", "import geomap") == set()


@pytest.mark.parametrize("arguments", [("--help",), ("place", "Kabul"), ("gazetteer", "info")])
def test_light_commands_stay_light(arguments):
    assert loaded_by("-m", "geomap", *arguments) == set()

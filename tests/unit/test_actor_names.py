"""One name for every spelling of an armed group or of a state's forces."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from geomap.actor_names import canonical_actor


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("TTP", "Tehrik-i-Taliban Pakistan"),
        ("the Pakistani Taliban", "Tehrik-i-Taliban Pakistan"),
        ("Tehreek-e-Taliban Pakistan (TTP)", "Tehrik-i-Taliban Pakistan"),
        ("suspected TTP militants", "Tehrik-i-Taliban Pakistan"),
        ("Taliban fighters", "Afghan Taliban"),
        ("ISIS-K", "Islamic State Khorasan Province"),
        ("the Islamic State group", "Islamic State"),
        ("al-Shabab", "Al-Shabaab"),
        ("M23 rebels", "March 23 Movement"),
        ("Israeli warplanes", "Israel forces"),
        ("the IDF", "Israel forces"),
        ("U.S. troops", "United States forces"),
        ("two Pakistani soldiers", "Pakistan forces"),
        ("South Sudanese army", "South Sudan forces"),
    ],
)
def test_one_name_for_each(text: str, name: str) -> None:
    assert canonical_actor(text) == name


@pytest.mark.parametrize("text", ["", "gunmen", "the government", "police", "Pakistani doctors"])
def test_nobody_in_particular(text: str) -> None:
    assert canonical_actor(text) is None


def test_the_table_is_large_and_names_nobody_twice() -> None:
    table = tomllib.loads(files("geomap").joinpath("actor_names.toml").read_text("utf-8"))
    assert len(table["groups"]) + len(table["states"]) >= 250
    for group, others in table["groups"].items():
        assert all(canonical_actor(name) == group for name in (group, *others)), group
    for state, services in table["forces"].items():
        assert all(canonical_actor(name) == f"{state} forces" for name in services), state

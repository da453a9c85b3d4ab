"""The event types and their names in ACLED, PLOVER, CAMEO and CASE 2021."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["TypeInfo", "taxonomy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeInfo:
    """One event type: its code, what it means, and its names in other schemes.

    The four crosswalks stand best first; an empty one means that the scheme has no such type.
    """

    code: str
    label: str
    definition: str
    example: str
    acled: tuple[str, ...]
    plover: tuple[str, ...]
    cameo: tuple[str, ...]
    case: tuple[str, ...]

    @property
    def group(self) -> str:
        """The part of the code before the dot, "battle" or "diplomacy"."""
        return self.code.partition(".")[0]


def _names(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


@cache
def taxonomy() -> Mapping[str, TypeInfo]:
    """Return every event type by its code, in the order of the table.

    Returns
    -------
    Mapping[str, TypeInfo]
        Read-only; the keys are codes such as "battle.clash".
    """
    text = resources.files("geomap").joinpath("taxonomy.toml").read_text("utf-8")
    types = {
        code: TypeInfo(
            code=code,
            label=row["label"],
            definition=row["definition"],
            example=row["example"],
            acled=_names(row["acled"]),
            plover=_names(row["plover"]),
            cameo=_names(row["cameo"]),
            case=_names(row["case"]),
        )
        for code, row in tomllib.loads(text)["types"].items()
    }
    return MappingProxyType(types)

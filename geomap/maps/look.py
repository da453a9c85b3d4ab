"""How a map looks: the options of `draw` that change no incident."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from geomap.errors import InputError
from geomap.maps.basemap import BORDERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geomap.maps.basemap import Borders

__all__ = ["Look", "LookOptions", "require_language", "require_one_of"]

Theme = Literal["auto", "light", "dark"]
# As BCP 47 writes them: "ar", "zh-Hant", "pt-BR".
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class LookOptions(TypedDict, total=False):
    """The options as keywords."""

    borders: Borders
    theme: Theme
    flows: bool
    language: str | None
    tiles: str | Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The options with their defaults, checked."""

    borders: Borders = "de_facto"
    theme: Theme = "auto"
    flows: bool = False
    language: str | None = None
    tiles: str | Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        require_one_of("borders", self.borders, BORDERS)
        require_one_of("theme", self.theme, ("auto", "light", "dark"))
        require_language(self.language)


def require_one_of(name: str, value: str, known: Iterable[str]) -> None:
    """Raise `InputError` where an option is none of its known values."""
    if value not in known:
        raise InputError(f"{name}: {value!r} is none of {', '.join(known)}")


def require_language(language: str | None) -> None:
    """Raise `InputError` where a language is given and is no code of one."""
    if language is not None and not _LANGUAGE.fullmatch(language):
        raise InputError(f"language: {language!r} is no code such as ar, fr or zh-Hant")

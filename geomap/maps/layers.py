"""Layers: what the marks of a map are grouped by, and the symbol of each group."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["GROUPS", "STATUSES", "Group", "group_key", "layers_of_types", "layers_of_values"]


class Group(NamedTuple):
    """One layer of the map: marks that share a symbol."""

    key: str
    label: str
    section: str
    shape: str
    colour: str


# Okabe and Ito's palette (colour-blind safe, jfly.uni-koeln.de/color), each with its own shape so
# that the map reads in black and white too; diplomacy alone is round.
GROUPS = (
    Group("battle", "Battles", "Incidents", "diamond", "#D55E00"),
    Group("explosion", "Explosions", "Incidents", "burst", "#E69F00"),
    Group("violence", "Violence against people", "Incidents", "triangle", "#CC79A7"),
    Group("protest", "Protests", "Incidents", "square", "#56B4E9"),
    Group("riot", "Riots", "Incidents", "pentagon", "#F0E442"),
    Group("strategic", "Strategic developments", "Incidents", "hexagon", "#009E73"),
    Group("crime", "Organised crime", "Incidents", "plus", "#2B2B2B"),
    Group("disaster", "Disasters", "Incidents", "drop", "#999999"),
    Group("other", "Other", "Incidents", "bar", "#999999"),
    Group("diplomacy", "Diplomacy", "Diplomacy", "ring", "#0072B2"),
)
_GROUP_KEYS = {group.key: index for index, group in enumerate(GROUPS)}
_OTHER = _GROUP_KEYS["other"]

# From the surest to the least sure, as the values of `Event.status`.
STATUSES = {
    "asserted": "Reported as fact",
    "alleged": "Alleged",
    "planned": "Planned",
    "threatened": "Threatened",
    "denied": "Denied",
    "hypothetical": "Hypothetical",
}
# As many values as there are symbols get a layer of their own; the rest shares the last one.
_SYMBOLS = [group for group in GROUPS if group.key != "other"]
_NOTHING = "Not given"


def group_key(code: str) -> str:
    """Return the group of an event type, "other" for one that no layer is made for."""
    return GROUPS[_group_index(code)].key


def _group_index(code: str) -> int:
    return _GROUP_KEYS.get(code.partition(".")[0], _OTHER)


def layers_of_types(codes: Sequence[str]) -> tuple[list[Group], list[int]]:
    """Return the layers of some event types, those without a mark included, and each mark's own.

    Parameters
    ----------
    codes
        The type of each mark.

    Returns
    -------
    tuple
        All groups of types, and for each mark the number of its group.
    """
    numbers = {code: _group_index(code) for code in set(codes)}
    return list(GROUPS), [numbers[code] for code in codes]


def layers_of_values(values: Sequence[str | None], section: str) -> tuple[list[Group], list[int]]:
    """Return a layer for each of the most frequent values, and each mark's own.

    Parameters
    ----------
    values
        The value of each mark; None and empty text share a layer.
    section
        The heading over the layers in the legend.

    Returns
    -------
    tuple
        The layers, the most frequent value first, and for each mark the number of its layer.
    """
    labels = [str(value).strip() if value is not None else "" for value in values]
    labels = [label or _NOTHING for label in labels]
    ranked = sorted(Counter(labels).items(), key=lambda pair: (-pair[1], pair[0]))
    if len(ranked) > len(_SYMBOLS):
        kept = [label for label, _ in ranked[: len(_SYMBOLS)]]
        rest = f"Others ({len(ranked) - len(kept)})"
    else:
        kept, rest = [label for label, _ in ranked], None
    layers = [
        Group(f"v{index}", label, section, symbol.shape, symbol.colour)
        for index, (label, symbol) in enumerate(zip(kept, _SYMBOLS, strict=False))
    ]
    if rest:
        layers.append(Group("rest", rest, section, "bar", "#999999"))
    numbers = {label: index for index, label in enumerate(kept)}
    return layers, [numbers.get(label, len(kept)) for label in labels]

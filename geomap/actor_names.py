"""Names of armed groups and of states' forces: every spelling of one actor is that actor."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

__all__ = ["canonical_actor", "group_names"]

_SERVICES = (
    r"(?:armed |security |special |ground |air |naval |government |defen[cs]e |border |riot )*"
    r"(?:army|military|troops?|soldiers?|forces?|air ?forces?|navy|police(?:m[ae]n)?|"
    r"police officers?|rangers|commandos?|marines|paratroopers|warplanes?|(?:fighter )?jets?|"
    r"aircraft|artillery|drones?|missiles?|gunboats|helicopters?|tanks|border guards?|"
    r"coast ?guard|security personnel|personnel|gendarmes|paramilitar(?:y|ies)|intelligence)"
)
_SHORTEST = 3
# Given names, offices, firms and file types.
_OFTEN_OTHERS = (
    "AAH AGC ASG Amal Azov BKI BRA CMA CNF CPC DPR EMC EPP ESN Fatah GAM GNA HIG HPG HuM JAS JI "
    "JeM JuA JuD KNA LPR LRA LeJ LeT MIT MRC NAS NDA NLF NRF NTJ NUG OPM PCC PDF PIJ PRC RIRA RSO "
    "SLA SLM SNA SRA SSA STC Seleka Shane Shene TAK TIP TRF UBA UPC VDP Wagner Zetas UDA CNF G9 3R "
    "Polisario"
)
_AMBIGUOUS = frozenset(_OFTEN_OTHERS.split())
# Words around a name that say nothing of who it is.
_LEADING = re.compile(
    r"^(?:(?:the|a|an|its|their|several|some|two|three|four|suspected|alleged|armed|unidentified|"
    r"dozens of|hundreds of|members of|fighters of|fighters from|elements of|outlawed|banned|"
    r"proscribed|so-called) )+"
)
_TRAILING = re.compile(
    r"(?: (?:group|movement|militants?|fighters?|insurgents?|rebels?|terrorists?|gunm[ae]n|"
    r"commanders?|members?|forces|militias?|militiam[ae]n|organi[sz]ation|network|guerrillas?|"
    r"spokes(?:man|woman|person)|leaders?|extremists?|jihadists?|suicide bombers?|bombers?|"
    r"separatists?))+$"
)
# "Tehreek-e-Taliban Pakistan (TTP)" gives its short name in brackets.
_ASIDE = re.compile(r"(?<=\w) \([A-Z][\w/-]*\)$")
_APART = re.compile(r"[-‐-―_/]+")
_DROPPED = re.compile(r"['’ʼ`.,()\"“”]")


def canonical_actor(text: str) -> str | None:
    """Return the one name of an armed group or of a state's forces.

    Parameters
    ----------
    text
        What a text calls an actor: "TTP militants", "the Pakistani Taliban", "Israeli warplanes".

    Returns
    -------
    str or None
        The group's name ("Tehrik-i-Taliban Pakistan"), or the state's with "forces" behind it
        ("Israel forces"); None for whoever is in no table, and for an empty text.
    """
    names, states = _tables()
    exact = names.get(_plain(text))
    if exact is not None:
        return exact
    core = _LEADING.sub("", _plain(_ASIDE.sub("", text)))
    found = names.get(core) or names.get(_TRAILING.sub("", core))
    if found is not None:
        return found
    serving = states.fullmatch(core)
    return f"{_state(serving['state'])} forces" if serving is not None else None


def group_names() -> list[str]:
    """Return the names of armed groups that stand for them in any text, longest first.

    Returns
    -------
    list of str
        As written in the table, without those that mean something else more often ("Shane", "PDF")
        and those of one or two letters.
    """
    return sorted(
        {
            name
            for canonical, others in _table()["groups"].items()
            for name in (canonical, *others)
            if len(name) >= _SHORTEST and name not in _AMBIGUOUS and "," not in name
        },
        key=lambda name: (-len(name), name),
    )


def _plain(text: str) -> str:
    """Return a name in lower case, without its hyphens, marks and doubled blanks."""
    return " ".join(_DROPPED.sub("", _APART.sub(" ", text.casefold())).split())


@cache
def _table() -> dict[str, dict[str, list[str] | str]]:
    source = files("geomap").joinpath("actor_names.toml").read_text(encoding="utf-8")
    return tomllib.loads(source)


@cache
def _state(adjective: str) -> str:
    """Return the state that an adjective, in plain form, belongs to."""
    return next(str(name) for word, name in _table()["states"].items() if _plain(word) == adjective)


@cache
def _tables() -> tuple[dict[str, str], re.Pattern[str]]:
    """Return the plain names of all groups and services, and what matches a state's forces."""
    table = _table()
    names: dict[str, str] = {}
    for canonical, others in table["groups"].items():
        for name in (canonical, *others):
            names.setdefault(_plain(name), canonical)
    for state, services in table["forces"].items():
        for name in services:
            names.setdefault(_plain(name), f"{state} forces")
    words = sorted((re.escape(_plain(word)) for word in table["states"]), key=len, reverse=True)
    return names, re.compile(rf"(?P<state>{'|'.join(words)}) {_SERVICES}")

"""What made a reading: the version of geomap, and the digests of the gazetteer and the models."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import import_module, resources

from geomap.gazetteer.artefact import artefact_digest
from geomap.store.base import Provenance

__all__ = ["current"]

_PACKAGES = ("geomap", "geomap.mentions", "geomap.resolve", "geomap.events", "geomap.dates")
_MODELS = (".json", ".toml", ".tsv", ".npz", ".txt")


@cache
def current() -> Provenance:
    """Return what makes a reading in this process.

    Returns
    -------
    Provenance
        The models' digest covers the names and the bytes of all weights and word lists.
    """
    state = hashlib.sha256()
    for package in _PACKAGES:
        files = (f for f in resources.files(package).iterdir() if f.name.endswith(_MODELS))
        for file in sorted(files, key=lambda f: f.name):
            data = file.read_bytes()
            state.update(f"{package}/{file.name} {len(data)}\n".encode())
            state.update(data)
    # By name: the package's own module stands above this one.
    version: str = import_module("geomap").__version__
    return Provenance(version=version, gazetteer=artefact_digest(), models=state.hexdigest())

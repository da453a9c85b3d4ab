from __future__ import annotations

import subprocess
import sys
import sysconfig
import zipfile

import pytest


@pytest.fixture(scope="module")
def wheel(repository, tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder],
        cwd=repository, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    return next(folder.glob("*.whl"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "geomap/_data/SHA256SUMS",
        "geomap/_data/names.parquet",
        "geomap/_data/places.parquet",
        "geomap/_data/shapes.parquet",
        "geomap/maps/viewer/main.js",
        "geomap/maps/viewer/viewer.css",
        "geomap/maps/waters.parquet",
        "geomap/py.typed",
        "geomap/samples/01-peshawar-market.txt",
        "geomap/taxonomy.toml",
    ],
)
def test_the_wheel_holds_its_data(wheel, name):
    assert name in zipfile.ZipFile(wheel).namelist()


@pytest.mark.slow
def test_the_wheel_holds_its_licence_and_nothing_foreign(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    assert {name.split("/")[0].split("-")[0] for name in names} == {"geomap"}


@pytest.mark.slow
def test_the_installed_wheel_works(wheel, tmp_path):
    home = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    python = home / "bin" / "python"
    # The dependencies are those of this environment, so that nothing is downloaded.
    (site,) = home.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index",
         "--force-reinstall", "--ignore-installed", "--quiet", wheel],
        check=True,
    )  # fmt: skip
    where = subprocess.run(
        [python, "-c", "import geomap; print(geomap.__file__)"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert str(home) in where
    run = subprocess.run(
        [home / "bin" / "geomap", "demo"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    assert (tmp_path / "maps" / "demo.html").stat().st_size > 100_000

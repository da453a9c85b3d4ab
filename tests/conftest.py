"""Options and rules for the whole test run."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from datetime import date
from pathlib import Path

import hypothesis
import pytest

from geomap.gazetteer import Gazetteer, artefact
from geomap.model import (
    Article,
    Candidate,
    Event,
    FieldConfidence,
    Mention,
    Place,
    Reading,
    Resolution,
    Span,
    When,
    digest,
)

REPOSITORY = Path(__file__).parents[1]
SHARED = REPOSITORY.parent / "shared"

# How long an example takes says more about the machine than about geomap; bench/ measures speed.
hypothesis.settings.register_profile("geomap", deadline=None)
hypothesis.settings.load_profile("geomap")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite tests/golden/*.json from what is read now",
    )


def _refuse_skip(report):
    """Turn a skip into a failure: in CI nothing that a test needs may be missing."""
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    return _refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    return _refuse_skip((yield))


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def samples() -> Path:
    return REPOSITORY / "geomap" / "samples"


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip(f"needs the project's research data in {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer()


@pytest.fixture(scope="session")
def server():
    """Give a PostgreSQL server with PostGIS that lives as long as the run."""
    spec = importlib.util.spec_from_file_location("server", REPOSITORY / "tests" / "server.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with module.running() as started:
        yield started


@pytest.fixture
def artefact_of(tmp_path_factory, monkeypatch):
    """Return what puts some places and names where the shipped ones are."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    def put(places, names):
        folder = tmp_path_factory.mktemp("artefact")
        columns = ("place", "name", "kind", "lang")
        rows = [dict(zip(columns, row, strict=True)) for row in names]
        for name, table in (("places", places), ("names", rows)):
            pq.write_table(pa.Table.from_pylist(table), folder / f"{name}.parquet")
        sums = [
            f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
            for path in sorted(folder.glob("*.parquet"))
        ]
        (folder / "SHA256SUMS").write_text("".join(sums))
        monkeypatch.setattr(artefact, "_data_folder", lambda: folder)

    return put


def make_reading(name="a", *, told=(("Bannu", 32.99, 70.6),), **options):
    """Return a reading of a short article with one event for each (place, lat, lon).

    `kind`, `day`, `status`, `precision`, `confidence`, `text` and `area` are those of its events,
    `country` that of its places; what remains is the article's.
    """
    event = {
        key: options.pop(key, value)
        for key, value in {
            "kind": "violence.attack",
            "day": date(2023, 3, 7),
            "status": "asserted",
            "precision": "town",
            "confidence": 0.8,
            "area": None,
        }.items()
    }
    country = options.pop("country", "PK")
    sentences = [f"Gunmen attacked {place} number {i}." for i, (place, *_) in enumerate(told)]
    text = options.pop("text", None) or " ".join(sentences)
    article = Article(text=text, id=name, **options)
    places = [
        Place(
            id=f"test:{place}",
            name=place,
            feature="PPL",
            country=country,
            admin1="Khyber Pakhtunkhwa",
            admin2=None,
            lat=lat,
            lon=lon,
        )
        for place, lat, lon in told
    ]
    span = Span(start=0, end=len(text))
    found = [
        Resolution(
            mention=Mention(span=Span(start=0, end=min(i + 1, len(text))), text=text[: i + 1]),
            candidates=(Candidate(place=place, score=0.9, reasons=("known", "near")),),
        )
        for i, place in enumerate(places)
    ]
    events = tuple(_make_event(article, i, place, span, event) for i, place in enumerate(found))
    return Reading(article=article, resolutions=tuple(found), events=events)


def _make_event(article, number, place, span, given):
    day = given["day"]
    when = day and When(first=day, last=day, text="on Tuesday", precision="day", basis="relative")
    return Event(
        id=digest("event", article.id, article.digest, str(number), given["kind"]),
        type=given["kind"],
        trigger=Span(start=max(0, span.end - 6), end=span.end),
        evidence=(span,),
        place=place,
        location_basis="linked",
        geo_precision=given["precision"],
        when=when or None,
        actors=(),
        fatalities=None,
        injured=None,
        status=given["status"],
        attributed_to=None,
        area=given["area"],
        incident=None,
        confidence=given["confidence"],
        field_confidence=FieldConfidence(type=0.9, place=0.8, when=None, status=0.7),
    )


@pytest.fixture(scope="session")
def reading_of():
    return make_reading

from __future__ import annotations

import csv
import io
import itertools
import json
from datetime import date

import pytest

from geomap.model import (
    Actor,
    Area,
    Article,
    Candidate,
    Casualties,
    Event,
    FieldConfidence,
    Mention,
    Place,
    Reading,
    Relation,
    Resolution,
    Span,
    When,
)
from geomap.serialise import (
    CSV_COLUMNS,
    csv_rows,
    event_to_feature,
    geojson_lines,
    json_line,
    reading_to_dict,
    safe_cell,
)

TEXT = "Two died in Bannu on Monday, police said."
ARTICLE = Article(
    text=TEXT, id="a1", title='=HYPERLINK("x")', published=date(2023, 1, 3), source="Wire"
)
BANNU = Place(
    id="geonames:1183460", name="Bannu", feature="PPL", country="PK",
    admin1="Khyber Pakhtunkhwa", admin2=None, lat=32.98527, lon=70.60403, population=622419,
)  # fmt: skip


def span(words: str) -> Span:
    return Span(start=TEXT.index(words), end=TEXT.index(words) + len(words))


def resolution(*, accepted: bool = True, relation: Relation | None = None) -> Resolution:
    mention = Mention(span=span("Bannu"), text="Bannu", relation=relation, score=0.98765432)
    candidate = Candidate(place=BANNU, score=0.91, reasons=("its usual name",))
    return Resolution(mention=mention, candidates=(candidate,), accepted=accepted)


def event(**changes) -> Event:
    monday = date(2023, 1, 2)
    values = {
        "id": "e1",
        "type": "violence.attack",
        "trigger": span("died"),
        "evidence": (Span(start=0, end=len(TEXT)),),
        "place": resolution(),
        "location_basis": "linked",
        "geo_precision": "town",
        "when": When(
            first=monday, last=monday, text="on Monday", precision="day", basis="relative"
        ),
        "actors": (Actor(span=span("police"), text="police", role="speaker"),),
        "fatalities": Casualties(low=2, best=2, high=None),
        "injured": None,
        "status": "asserted",
        "attributed_to": span("police"),
        "area": None,
        "incident": None,
        "confidence": 0.9,
        "field_confidence": FieldConfidence(type=0.9, place=0.8, when=None, status=1.0),
    }
    return Event(**(values | changes))


def reading(*events: Event) -> Reading:
    return Reading(article=ARTICLE, resolutions=(resolution(),), events=events)


def keys(value: dict) -> str:
    return " ".join(value)


def test_the_keys_of_a_reading_stand_in_their_published_order():
    found = reading_to_dict(reading(event()))
    mention, first = found["mentions"][0], found["events"][0]
    assert keys(found) == "schema article mentions events"
    assert keys(found["article"]) == "id title published source url language chars"
    assert keys(mention) == "start end text kind relation score place candidates"
    assert keys(mention["candidates"][0]) == "id name lat lon score reasons"
    assert keys(first) == (
        "id type trigger evidence place mention location_basis geo_precision area incident "
        "attributed_to when actors fatalities injured status confidence field_confidence"
    )


def test_the_values_of_a_reading():
    found = json.loads(json_line(reading(event())))
    assert found["schema"] == "geomap.reading/1"
    assert found["article"]["chars"] == len(TEXT)
    assert found["mentions"][0]["score"] == 0.9877
    (first,) = found["events"]
    assert first["mention"] == 0
    assert first["place"]["population"] == 622419
    assert first["trigger"] == {"start": 4, "end": 8, "text": "died"}
    assert first["attributed_to"]["text"] == "police"
    assert first["when"]["first"] == first["when"]["last"] == "2023-01-02"
    assert first["fatalities"] == {"low": 2, "best": 2, "high": None}
    assert first["actors"] == [{"text": "police", "role": "speaker", "start": 29, "end": 35}]


def test_a_refused_place_keeps_its_candidates():
    found = Reading(article=ARTICLE, resolutions=(resolution(accepted=False),), events=())
    (mention,) = reading_to_dict(found)["mentions"]
    assert mention["place"] is None
    assert mention["candidates"][0]["id"] == BANNU.id


def test_what_is_not_known_is_null():
    bare = event(place=None, when=None, fatalities=None, attributed_to=None, geo_precision="none")
    (found,) = reading_to_dict(reading(bare))["events"]
    empty = ("place", "mention", "area", "incident", "attributed_to", "when", "fatalities")
    assert [found[key] for key in empty] == [None] * len(empty)


def test_a_relation_is_told_on_its_anchor():
    relation = Relation(bearing="north", distance_km=20.0, of="Bannu")
    found = Reading(article=ARTICLE, resolutions=(resolution(relation=relation),), events=())
    (mention,) = reading_to_dict(found)["mentions"]
    assert mention["relation"] == {"bearing": "north", "distance_km": 20.0, "of": "Bannu"}


@pytest.mark.parametrize(
    ("precision", "geometry"),
    [
        ("town", {"type": "Point", "coordinates": [70.60403, 32.98527]}),
        ("exact", {"type": "Point", "coordinates": [70.60403, 32.98527]}),
        ("province", None),
        ("country", None),
        ("none", None),
    ],
)
def test_only_what_has_a_point_becomes_one(precision, geometry):
    feature = event_to_feature(ARTICLE, event(geo_precision=precision))
    assert feature["geometry"] == geometry
    assert (feature["properties"]["lat"] is None) == (geometry is None)


def test_a_province_gets_its_outline_and_a_country_none():
    outline = {"type": "Polygon", "coordinates": []}
    outlines = [
        event_to_feature(ARTICLE, event(geo_precision=p), shape=lambda _: outline)["geometry"]
        for p in ("province", "country")
    ]
    assert outlines == [outline, None]


def test_a_circle_is_a_closed_ring_of_its_radius_turned_counter_clockwise():
    area = Area(lat=60.0, lon=10.0, radius_km=11.1195)
    (ring,) = event_to_feature(ARTICLE, event(area=area))["geometry"]["coordinates"]
    assert ring[0] == ring[-1] == [10.2, 60.0]
    assert max(lat for _, lat in ring) == 60.1
    area_twice = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in itertools.pairwise(ring))
    assert area_twice > 0


@pytest.mark.parametrize("count", [0, 1, 2])
def test_geojson_is_one_collection_for_any_number_of_events(count):
    text = "".join(geojson_lines([reading(*[event()] * count)]))
    found = json.loads(text)
    assert found["type"] == "FeatureCollection"
    assert len(found["features"]) == count


def test_csv_has_a_line_an_event_and_no_live_formula():
    lines = list(csv_rows([reading(event()), reading()]))
    header, row = csv.reader(io.StringIO("".join(lines), newline=""))
    assert tuple(header) == CSV_COLUMNS
    found = dict(zip(header, row, strict=True))
    assert found["title"] == '\'=HYPERLINK("x")'
    assert (found["lat"], found["fatalities_high"], found["quote"]) == ("32.98527", "", TEXT)
    assert all(line.endswith("\r\n") for line in lines)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("plain", "plain"),
        ("", ""),
        (-71.5, "-71.5"),
        (None, ""),
    ],
)
def test_cells_that_a_spreadsheet_would_run_are_made_text(value, cell):
    assert safe_cell(value) == cell


@pytest.mark.parametrize("sign", ["\x7f", "\x85", "\x9b", "\u2028", "\u2029", "\u202e", "\u2066"])
def test_no_sign_ends_a_line_of_json_or_steers_a_terminal(sign):
    article = Article(text=TEXT, title=f"a{sign}b")
    found = Reading(article=article, resolutions=(), events=(event(),))
    for text in (json_line(found), "".join(geojson_lines([found]))):
        assert sign not in text
    assert json.loads(json_line(found))["article"]["title"] == f"a{sign}b"

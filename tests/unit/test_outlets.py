from __future__ import annotations

import json
import random

import pytest

import geomap as gm
from geomap.gazetteer import distance_km
from geomap.outlets import (
    Home,
    home_of,
    known_home,
    known_outlets,
    learn_homes,
    read_homes,
    write_homes,
)

CROSSVILLE = "The mayor of Crossville said the road from Crossville to Cookeville was closed. "


def place(name, lat, lon, *, admin1="Tennessee", country="US", feature="PPL"):
    return gm.Place(
        id=f"test:{name}",
        name=name,
        feature=feature,
        country=country,
        admin1=admin1,
        admin2=None,
        lat=lat,
        lon=lon,
    )


PARIS = place("Paris", 36.302, -88.327)
JACKSON = place("Jackson", 35.615, -88.814)
LONDON = place("London", 51.51, -0.13, admin1="England", country="GB")
TOKYO = place("Tokyo", 35.69, 139.69, admin1="Tokyo", country="JP")
LIMA = place("Lima", -12.04, -77.03, admin1="Lima", country="PE")


def test_a_local_paper_is_at_home_where_its_articles_play():
    home = home_of([[PARIS], [PARIS, JACKSON], [JACKSON, LONDON], [PARIS]])
    assert home is not None
    assert (home.country, home.admin1) == ("US", "Tennessee")
    assert home.articles == 4
    assert home.confidence == 1.0
    assert home.spread_km < 100


@pytest.mark.parametrize("articles", [[], [[PARIS]], [[PARIS], [LONDON], [TOKYO], [LIMA]]])
def test_without_enough_articles_of_one_region_there_is_no_home(articles):
    assert home_of(articles) is None


def test_homes_do_not_depend_on_the_order(gazetteer):
    pipeline = gm.Pipeline(gazetteer)
    articles = [
        gm.Article(text=CROSSVILLE + more, source="crossville.example")
        for more in ("Rain fell.", "Snow fell in Nashville.", "Nobody was hurt in Knoxville.")
    ]
    articles += [gm.Article(text="A fire broke out in Lahore.", source=None)]
    readings = [pipeline.read(article) for article in articles]
    first = learn_homes(readings)
    random.Random(1).shuffle(readings)  # noqa: S311
    assert learn_homes(readings) == first
    assert set(first) == {"crossville.example"}
    assert first["crossville.example"].admin1 == "Tennessee"


def test_a_home_decides_between_namesakes(gazetteer):
    home = Home(
        lat=36.3,
        lon=-88.3,
        country="US",
        admin1="Tennessee",
        spread_km=40,
        confidence=0.9,
        articles=9,
    )
    article = gm.Article(text="Police in Paris closed a street.", source="parispi.example")
    without = gm.Pipeline(gazetteer).read(article)
    within = gm.Pipeline(gazetteer, outlets={"parispi.example": home}).read(article)
    elsewhere = gm.Pipeline(gazetteer, outlets={"other.example": home}).read(article)
    assert without.resolutions[0].place.country == "FR"
    assert within.resolutions[0].place.admin1 == "Tennessee"
    assert elsewhere == without


def test_homes_are_written_and_read_back(tmp_path):
    homes = {"b": home_of([[PARIS], [JACKSON]]), "a": home_of([[LONDON], [LONDON]])}
    write_homes(homes, tmp_path / "outlets.json")
    assert read_homes(tmp_path / "outlets.json") == homes
    assert gm.Pipeline(outlets=tmp_path / "outlets.json").outlets == homes


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"schema": "geomap.reading/1", "outlets": {}}',
        '{"schema": "geomap.outlets/1", "outlets": {"a": {"lat": 1}}}',
        json.dumps(
            {
                "schema": "geomap.outlets/1",
                "outlets": {
                    "a": {
                        "lat": 91,
                        "lon": 0,
                        "country": "US",
                        "admin1": None,
                        "spread_km": 1,
                        "confidence": 1,
                        "articles": 2,
                    }
                },
            }
        ),
    ],
)
def test_a_wrong_file_is_one_line(tmp_path, text):
    path = tmp_path / "outlets.json"
    path.write_text(text)
    with pytest.raises(gm.InputError) as error:
        read_homes(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_one_line(tmp_path):
    with pytest.raises(gm.InputError, match="No such file"):
        gm.Pipeline(outlets=tmp_path / "none.json")


@pytest.mark.parametrize(
    "source",
    [
        "thetowntalk.com",
        "www.thetowntalk.com",
        "https://www.thetowntalk.com/story/news/2010/03/07/?id=1",
        "HTTP://M.TheTownTalk.com:80",
        "sports.thetowntalk.com",
    ],
)
def test_an_outlet_is_known_by_host_and_address(source):
    home = known_home(source)
    assert home is not None
    assert (home.country, home.admin1, home.scope) == ("US", "Louisiana", "local")
    assert distance_km(home.lat, home.lon, 31.31, -92.45) < 20  # Alexandria


@pytest.mark.parametrize("source", ["The Denver Post", "denver  post", "DENVER POST"])
def test_an_outlet_is_known_by_a_name_that_says_where_it_is(source):
    home = known_home(source)
    assert home is not None
    assert home.admin1 == "Colorado"


def test_a_name_that_many_bear_tells_nothing():
    assert known_home("The Mercury") is None
    assert known_home("Daily News") is None


def test_the_address_tells_where_the_source_does_not():
    assert known_home("An unknown voice", "https://www.dawn.com/news/1") == known_home("dawn.com")
    assert known_home(None, "https://www.dawn.com/news/1").scope == "national"


@pytest.mark.parametrize(
    "source",
    [None, "", ".", "..", "com", "co.uk", "bbc.com", "\ud800", "a" * 10_000, "{{7*7}}", " "],
)
def test_what_is_no_local_outlet_has_no_home(source):
    assert known_home(source) is None
    assert known_home(source, source) is None


def test_the_known_outlets_are_whole(gazetteer):
    table = known_outlets()
    assert len(table) > 2000
    assert list(table) == sorted(table)
    for host, outlet in table.items():
        assert host == host.lower()
        assert not host.startswith("www.")
        if (home := outlet.home) is not None:
            assert abs(home.lat) <= 90
            assert abs(home.lon) <= 180
            assert gazetteer.country(home.country) is not None


def test_a_known_local_paper_means_its_own_town(gazetteer):
    pipeline = gm.Pipeline(gazetteer)
    text = "Alexandria police arrested two men on Monday. The fire chief said nobody was hurt."
    (here,) = pipeline.read(gm.Article(text=text, source="thetowntalk.com")).resolutions
    assert here.place is not None
    assert here.place.admin1 == "Louisiana"
    assert any("from the publisher's home" in reason for reason in here.candidates[0].reasons)
    (elsewhere,) = pipeline.read(gm.Article(text=text)).resolutions
    assert elsewhere.place is None or elsewhere.place.admin1 != "Louisiana"


@pytest.mark.parametrize(
    ("text", "source", "country"),
    [
        ("Police in Hyderabad arrested two men.", "dawn.com", "PK"),
        ("Police in Hyderabad arrested two men.", "thehindu.com", "IN"),
        ("Clashes in Tripoli left five dead.", "dailystar.com.lb", "LB"),
        ("Clashes in Tripoli left five dead.", "libyaobserver.ly", "LY"),
        ("A fire in London killed two.", "dawn.com", "GB"),
    ],
)
def test_a_national_paper_means_the_city_of_its_country(gazetteer, text, source, country):
    (found,) = gm.Pipeline(gazetteer).read(gm.Article(text=text, source=source)).resolutions
    assert found.place is not None
    assert found.place.country == country

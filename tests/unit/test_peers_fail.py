"""What other geoparsers are known to get wrong."""

from __future__ import annotations

import pytest

import geomap as gm


@pytest.fixture(scope="module")
def pipeline():
    return gm.Pipeline()


def said(pipeline, text, **about):
    found = pipeline.read(gm.Article(text=text, **about)).resolutions
    return [
        (r.mention.text, r.place and f"{r.place.country or '-'} {r.place.feature} {r.place.admin1}")
        for r in found
        if r.mention.kind != "demonym"
    ]


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ("The port of Long Beach, CA, reopened.", "Long Beach", "US PPL California"),
        ("Envoys of the USA left.", "USA", "US PCLI None"),
        ("Troops of the U.S left the area.", "U.S", "US PCLI None"),
        ("The UK recalled its envoy.", "UK", "GB PCLI None"),
        ("TROY, N.C. (AP) - Two were hurt in a fire.", "TROY", "US PPLA2 North Carolina"),
        ("Students marched in Columbia, South Carolina.", "Columbia", "US PPLA South Carolina"),
        ("Lawmakers in Albany passed the bill.", "Albany", "US PPLA New York"),
        ("A blast hit LONDON on Tuesday.", "LONDON", "GB PPLC England"),
        ("A blast hit london on Tuesday.", "london", "GB PPLC England"),
        ("A fair in Sant Cugat del Vallès.", "Sant Cugat del Vallès", "ES PPLA3 Catalonia"),
        ("Toronto", "Toronto", "CA PPLA Ontario"),
        ("Shelling hit (Kharkiv) overnight.", "Kharkiv", "UA PPLA Kharkiv Oblast"),
        ("Police in “Peshawar” said so.", "Peshawar", "PK PPLA Khyber Pakhtunkhwa"),
        ("Fighting in Khyber\nPakhtunkhwa.", "Khyber\nPakhtunkhwa", "PK ADM1 Khyber Pakhtunkhwa"),
        ("Georgia and Russia fought near Tbilisi.", "Georgia", "GE PCLI None"),
        ("Georgia voted, from Atlanta to Savannah.", "Georgia", "US ADM1 Georgia"),
        ("The minister spoke in Islamabad.", "Islamabad", "PK PPLC Islamabad"),
        ("A bomb went off in Kabul.", "Kabul", "AF PPLC Kabul"),
        ("Police in Cologne said so.", "Cologne", "DE PPLA2 North Rhine-Westphalia"),
        ("Paris Police Department officers left.", "Paris", "FR PPLC Île-de-France"),
        ("Clashes south of Krasnohorivka, Donetsk Oblast.", "Krasnohorivka", None),
    ],
)
def test_a_name_is_the_place_that_is_meant(pipeline, text, name, place):
    found = dict(said(pipeline, text))
    assert name in found
    if place is not None:
        assert found[name] == place


def test_one_name_that_is_no_place_loses_nothing_else(pipeline):
    found = dict(said(pipeline, "The Soviet Union fell; crowds filled Kyiv and Vilnius."))
    assert {"Kyiv", "Vilnius"} <= found.keys()


def test_two_places_of_one_name_in_one_article(pipeline):
    found = said(pipeline, "From Paris, Texas, he flew to Paris, France.")
    assert [place for name, place in found if name == "Paris"] == [
        "US PPLA2 Texas",
        "FR PPLC Île-de-France",
    ]


def test_a_town_and_the_region_around_it_in_one_article(pipeline):
    text = "KHARKIV, Ukraine - Shells fell. Officials of the Kharkiv region left."
    found = [place for name, place in said(pipeline, text) if name.upper() == "KHARKIV"]
    assert found == ["UA PPLA Kharkiv Oblast", "UA ADM1 Kharkiv Oblast"]


def test_many_mentions_in_one_article(pipeline):
    text = "Rebels entered Goma. " * 200
    found = said(pipeline, text)
    assert len(found) >= 195
    assert {place for _, place in found} == {"CD PPLA North Kivu"}

from __future__ import annotations

import pytest

from geomap import mentions
from geomap.mentions.relative import relation_before
from geomap.mentions.tokens import tokens


def names(text, gazetteer, kind=None):
    found = mentions.find(text, gazetteer)
    return [m.text for m in found if kind is None or m.kind == kind]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("U.S. troops in Sana'a", ["U.S.", "troops", "in", "Sana'a"]),
        ("Kabul's airport", ["Kabul", "'s", "airport"]),
        ("Afghan-Pakistani talks", ["Afghan", "-", "Pakistani", "talks"]),
        ("near St. Louis.", ["near", "St.", "Louis", "."]),
        ("3,000 men", ["3,000", "men"]),
        ("", []),
    ],
)
def test_tokens(text, cut):
    assert [text[t.start : t.end] for t in tokens(text)] == cut


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("shelling hit KABUL and Kandahar's airport", ["KABUL", "Kandahar"]),
        ("in Kābul today", ["Kābul"]),
        ("in New\nYork today", ["New\nYork"]),
        ("Kabulistan", []),
        ("kabul", []),
        ("near al-Bab on Friday", ["al-Bab"]),
        ("", []),
    ],
)
def test_matcher_knows_names_at_word_boundaries(gazetteer, text, matched):
    longest = {}
    for start, end, _ in mentions.matches(text, gazetteer):
        longest[start] = max(end, longest.get(start, 0))
    found = [text[start:end] for start, end in longest.items()]
    assert [name for name in matched if name in found] == matched
    assert matched or not found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Gunmen attacked a police post in Bannu district of Khyber Pakhtunkhwa on Monday.",
            ["Bannu", "Khyber Pakhtunkhwa"],
        ),
        ("Ministers met in Dushanbe and later flew to Doha.", ["Dushanbe", "Doha"]),
        ("PESHAWAR, March 7 (Example Wire) - Two men were shot in Mardan.", ["PESHAWAR", "Mardan"]),
        ("The fighting spread to Kunduz, in northern Afghanistan.", ["Kunduz", "Afghanistan"]),
        ("Long Beach, Calif., was quiet.", ["Long Beach", "Calif."]),
    ],
)
def test_places_are_found(gazetteer, text, expected):
    found = names(text, gazetteer)
    for name in expected:
        assert any(f.startswith(name) for f in found), (name, found)


@pytest.mark.parametrize(
    ("text", "unwanted"),
    [
        ("Envoys arrived for the Heart of Asia conference.", "Asia"),
        ("NATO said on Monday that March was quiet.", "NATO"),
        ("In March and May they were reading Of Mice and Men.", "March"),
        ("Reading about the war, he wept. May he rest.", "Reading"),
        ("He told the New York Times that talks went on.", "New York"),
        ("President Jordan Smith spoke to reporters.", "Jordan"),
    ],
)
def test_look_alikes_are_not(gazetteer, text, unwanted):
    assert unwanted not in names(text, gazetteer)


def test_demonyms_are_their_own_kind(gazetteer):
    text = "Afghan and Pakistani officials met British envoys in Kabul."
    assert names(text, gazetteer, "demonym") == ["Afghan", "Pakistani", "British"]
    assert names(text, gazetteer, "place") == ["Kabul"]


@pytest.mark.parametrize(
    ("before", "bearing", "distance_km"),
    [
        ("a village 20 km north of ", "north", 20.0),
        ("about 5 miles (8 km) south-west of the city of ", "southwest", 8.047),
        ("30 kilometres from ", None, 30.0),
        ("fighting South of ", "south", None),
        ("12.5 km to the east of ", "east", 12.5),
    ],
)
def test_relations(before, bearing, distance_km):
    relation = relation_before(before + "Kharkiv", len(before), "Kharkiv")
    assert (relation.bearing, relation.distance_km, relation.of) == (
        bearing,
        distance_km,
        "Kharkiv",
    )


@pytest.mark.parametrize("before", ["in ", "the north and ", "arrived from ", "outside ", ""])
def test_no_relation(before):
    assert relation_before(before + "Kharkiv", len(before), "Kharkiv") is None


def test_relative_places_keep_their_anchor(gazetteer):
    text = "Shells fell 20 km north of Kharkiv on Friday."
    (mention,) = [m for m in mentions.find(text, gazetteer) if m.text == "Kharkiv"]
    assert mention.kind == "relative"
    assert mention.relation.distance_km == 20


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\n", "???", "(((", "A" * 5000, "\x00", "\ufffd", "كابل", "北京", "a\u0301" * 50],
)
def test_odd_texts_are_read(gazetteer, text):
    for mention in mentions.find(text, gazetteer):
        assert mention.span.of(text) == mention.text

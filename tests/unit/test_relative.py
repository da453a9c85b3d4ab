"""Relations between what is meant and the place that is named, in any wording."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geomap.mentions.relative import border_at, relation_at, relation_before

if TYPE_CHECKING:
    from geomap.model import Relation


def _relation(marked: str) -> Relation | None:
    """Read the relation at the name between square brackets."""
    start, end = marked.index("["), marked.index("]") - 1
    return relation_at(marked.replace("[", "").replace("]", ""), start, end)


@pytest.mark.parametrize(
    ("marked", "bearing", "distance"),
    [
        ("20 km north of [Kharkiv]", "north", 20.0),
        ("some 20km north of [Kharkiv]", "north", 20.0),
        ("about 20 kilometres to the north of [Kharkiv]", "north", 20.0),
        ("20 kilometers (12 miles) northward of [Kharkiv]", "north", 20.0),
        ("twenty km due north of the city of [Kharkiv]", "north", 20.0),
        ("12 miles south-west of [Khost]", "southwest", 19.312),
        ("12 miles southwest of [Khost]", "southwest", 19.312),
        ("12 miles to the south west of [Khost]", "southwest", 19.312),
        ("12 miles SW of [Khost]", "southwest", 19.312),
        ("12 miles S.W. of [Khost]", "southwest", 19.312),
        ("a village south of [Krasnohorivka], Donetsk Oblast", "south", None),
        ("just south of the town of [Krasnohorivka]", "south", None),
        ("NNE of [Kidal]", "northnortheast", None),
        ("north-north-east of [Kidal]", "northnortheast", None),
        ("a dozen kilometres east of [Gao]", "east", 12.0),
        ("half a mile from [Kidal]", None, 0.805),
        ("500 metres from [Mardan]", None, 0.5),
        ("1,200 km from [Nome]", None, 1200.0),
        ("several kilometres outside [Gao]", None, 5.0),
        ("a few miles away from [Gao]", None, 6.437),
        ("5.5 miles from [Gao]", None, 8.851),
        ("20 to 30 km west of [Gao]", "west", 25.0),
        ("a couple of miles west of [Gao]", "west", 3.219),
    ],
)
def test_a_bearing_or_a_distance_lies_off_the_anchor(
    marked: str, bearing: str | None, distance: float | None
) -> None:
    found = _relation(marked)
    assert found is not None
    assert (found.bearing, found.distance_km, found.way) == (bearing, distance, "off")
    assert found.of == marked[marked.index("[") + 1 : marked.index("]")]


@pytest.mark.parametrize(
    ("marked", "distance"),
    [
        ("10 miles off [Hodeidah]", 16.093),
        ("60 nautical miles off [Somalia]", 111.12),
        ("30 km off the coast of [Yemen]", 30.0),
        ("three kilometres offshore from [Lagos]", 3.0),
    ],
)
def test_what_lies_off_a_coast_lies_seawards(marked: str, distance: float) -> None:
    found = _relation(marked)
    assert found is not None
    assert (found.way, found.distance_km, found.bearing) == ("offshore", distance, None)


@pytest.mark.parametrize(
    ("marked", "bearing"),
    [
        ("in eastern [Ghouta]", "east"),
        ("in the east of [Mosul]", "east"),
        ("in the eastern part of [Mosul]", "east"),
        ("the western suburbs of [Aleppo]", "west"),
        ("in north-eastern [Syria]", "northeast"),
        ("northern districts of [Taiz]", "north"),
        ("Northern [Iraq] was calm", "north"),
        ("in the far south of [Mali]", "south"),
        ("in the west of [Kandahar] province", "west"),
    ],
)
def test_a_side_of_a_place_is_part_of_it(marked: str, bearing: str) -> None:
    found = _relation(marked)
    assert found is not None
    assert (found.way, found.bearing, found.distance_km) == ("part", bearing, None)


@pytest.mark.parametrize(
    "marked",
    [
        "on the outskirts of [Tripoli]",
        "in the outskirts of the city of [Tripoli]",
        "in a suburb of [Tripoli]",
        "in the vicinity of [Tripoli]",
        "just outside [Tripoli]",
        "on the edge of [Tripoli]",
    ],
)
def test_outskirts_lie_around(marked: str) -> None:
    found = _relation(marked)
    assert found is not None
    assert found.way == "around"


@pytest.mark.parametrize(
    ("marked", "other"),
    [
        ("near the border with [Iran]", None),
        ("close to the frontier with neighbouring [Iran]", None),
        ("along the border with [Iran]", None),
        ("villages near the [Iran] border", None),
        ("near the [Iranian] border", None),
        ("on the [Syria]-Lebanon border", "Lebanon"),
        ("the border between [Armenia] and Azerbaijan", "Azerbaijan"),
        ("along [Syria]'s northern border", None),
    ],
)
def test_a_border_is_a_line(marked: str, other: str | None) -> None:
    found = _relation(marked)
    assert found is not None
    assert (found.way, found.other) == ("border", other)


@pytest.mark.parametrize(
    ("marked", "other"),
    [
        ("A bomb exploded between [Quetta] and Chaman.", "Chaman"),
        ("on the road between [Quetta] and Chaman.", "Chaman"),
        ("somewhere between the towns of [Bannu] and Miran Shah.", "Miran Shah"),
        ("on the [Kabul]-Kandahar highway", "Kandahar"),
        ("the highway from [Kabul] to Kandahar", "Kandahar"),
        ("halfway between [Gao] and Kidal", "Kidal"),
    ],
)
def test_a_way_has_two_ends(marked: str, other: str) -> None:
    found = _relation(marked)
    assert found is not None
    assert (found.way, found.other) == ("between", other)


@pytest.mark.parametrize(
    ("marked", "distance"),
    [
        ("a two-hour drive from [Maiduguri]", 120.0),
        ("two hours' drive from [Maiduguri]", 120.0),
        ("a 30-minute walk from [Goma]", 2.5),
        ("an hour's drive outside [Maiduguri]", 60.0),
    ],
)
def test_a_journey_is_a_loose_distance(marked: str, distance: float) -> None:
    found = _relation(marked)
    assert found is not None
    assert (found.way, found.distance_km) == ("travel", distance)


@pytest.mark.parametrize(
    "marked",
    [
        "a bomb in [Quetta]",
        "talks between [India] and Pakistan",
        "tension between [Delhi] and Beijing",
        "fighting between [Moscow] and Kyiv",
        "a ceasefire deal between [Israel] and Hamas",
        "troops flew from [Bamako] to Gao",
        "[Iran]ian border guards fired",
        "the [Iran] border guards fired",
        "the song South of the Border played in [London]",
        "a crowd north of 50 people met in [Paris]",
        "fled from [Aleppo]",
        "raised $20m from [Qatar]",
        "[Turkey] closed its border",
        "[Turkey] closed borders on Monday",
        "the [Mexico] border wall was finished",
        "an understanding between [Kabul] and Washington",
        "a long-running war of words and competition between [Riyadh] and Doha",
        "the 20-kilometre run in [Berlin]",
        "to the west, [Gao] fell",
        "central [Baghdad]",
    ],
)
def test_other_words_relate_nothing(marked: str) -> None:
    assert _relation(marked) is None


def test_the_narrow_reading_knows_bearings_and_distances_alone() -> None:
    text = "on the outskirts of Tripoli"
    assert relation_before(text, len("on the outskirts of "), "Tripoli") is None
    assert relation_at("", 0, 0) is None
    assert border_at("Iran", 0, 4, "Iran") is None

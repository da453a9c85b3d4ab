"""Scenes, basemaps and pages: what a map says, and that no text of an article runs."""

from __future__ import annotations

import base64
import json
import re
import zlib
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate, pairwise
from pathlib import Path

import folium
import folium.plugins
import pytest
import shapely

import geomap.maps
from geomap.errors import ArtefactError, InputError, OutputError
from geomap.maps import draw, waters
from geomap.maps.basemap import SCALE, build_basemap, encode_polygon
from geomap.maps.layers import GROUPS, group_key, layers_of_types, layers_of_values
from geomap.maps.marks import host_of, marks_of_incidents
from geomap.maps.page import VIEWER, IncidentMap, remote_links
from geomap.maps.scene import CHUNK, NO_DAY, build_scene
from geomap.maps.spots import Spots
from geomap.maps.words import casualty_words, date_words, place_words, type_label
from geomap.model import (
    Area,
    Article,
    Candidate,
    Casualties,
    Event,
    FieldConfidence,
    Incident,
    Mention,
    Place,
    Reading,
    Report,
    Resolution,
    Span,
    When,
)

TEXT = "Raiders stormed a depot in Westford at dawn, the mayor said."
CANARY = "{{ cycler.__init__.__globals__.os.mkdir(dict(pwned=1)|first) }}"
HOSTILE = (
    "{{7*7}} {% promo {# c ${alert(1)} ` \\ </script><script>window.hit=1</script> "
    "<img src=x onerror=window.hit=1> <!-- \u2028 \u202e \ud800 " + CANARY
)


@dataclass(frozen=True)
class Shape:
    place_id: str
    country: str | None
    name: str
    wkb: bytes


class Atlas:
    """Two square countries that share the border at 10 degrees east, the first in two halves."""

    boxes = (("AA", "Westland", 0, 40, 10, 50), ("BB", "Eastland", 10, 40, 20, 50))

    def shapes(self, kind):
        halves = (("AA", "North", 0, 45, 10, 50), ("AA", "South", 0, 40, 10, 45))
        rows = self.boxes if kind == "country" else halves
        return [Shape(row[1], *row[:2], shapely.to_wkb(shapely.box(*row[2:]))) for row in rows]

    def cities(self, west, south, east, north, *, limit):
        return [town()][:limit] if west < 5 < east and south < 45 < north else []

    def geometry(self, place):
        return shapely.box(0, 45, 10, 50) if place.feature == "ADM1" else None

    def country(self, code):
        return town(name="Westland", feature="PCLI", admin1=None) if code == "AA" else None


def town(**changes):
    values = {
        "id": "geonames:1",
        "name": "Westford",
        "feature": "PPLC",
        "country": "AA",
        "admin1": "North",
        "admin2": None,
        "lat": 45.5,
        "lon": 5.25,
    }
    return Place(**values | changes)


def incident(*, text=TEXT, place=None, article=None, **changes):
    """Return an incident of one report whose first two words hold the trigger."""
    place = town() if place is None else place
    trigger = Span(start=text.index(" ") + 1, end=text.index(" ", text.index(" ") + 1))
    mention = Mention(span=Span(start=0, end=0), text=place.name)
    if place.name in text:
        start = text.index(place.name)
        mention = Mention(span=Span(start=start, end=start + len(place.name)), text=place.name)
    event = Event(
        id="e1",
        type="violence.attack",
        trigger=trigger,
        evidence=(Span(start=0, end=len(text)),),
        place=Resolution(mention=mention, candidates=(Candidate(place=place, score=0.9),)),
        location_basis="linked",
        geo_precision="town",
        when=None,
        actors=(),
        fatalities=None,
        injured=None,
        status="asserted",
        attributed_to=None,
        area=None,
        incident=None,
        confidence=0.8,
        field_confidence=FieldConfidence(type=0.9, place=0.9, when=None, status=0.9),
    )
    source = Article(text=text, **{"title": "Depot raided", "source": "The Bell"} | (article or {}))
    values = {
        "id": "i1",
        "type": event.type,
        "place": event.place,
        "geo_precision": "town",
        "area": None,
        "when": None,
        "fatalities": None,
        "injured": None,
        "status": "asserted",
        "confidence": 0.8,
        "reports": (Report(article=source, event=event),),
    }
    return Incident(**values | changes)


def marks_of(*incidents, atlas=None):
    """Return the marks of some incidents, and the spots they lie at."""
    spots = Spots(atlas)
    return marks_of_incidents(incidents, spots), spots


def scene_of(*incidents, atlas=None, **options):
    marks, spots = marks_of(*incidents, atlas=atlas)
    return build_scene(marks, spots, layers_of_types([mark.type for mark in marks]), **options)


def only(shown, atlas=None):
    """Return the one mark of an incident."""
    ((mark,), _) = marks_of(shown, atlas=atlas)
    return mark


def text_of(scene, name, row=0, part="marks"):
    """Return a text of a scene as the viewer reads it: steps added up, looked up in the table."""
    chunk = scene["texts"][row // CHUNK]
    column = chunk[part][name]
    if isinstance(column, dict):
        return chunk["strings"][column["from"] + column["by"] * (row % CHUNK)]
    return chunk["strings"][list(accumulate(column))[row % CHUNK]]


def points_of(line):
    """Return the points of a line or ring that is written as steps."""
    return list(zip(accumulate(line[::2]), accumulate(line[1::2]), strict=True))


def block_of(page):
    """Return the scene that a page carries, its packed members unpacked."""
    (text,) = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    scene = {key: unpacked(value) for key, value in json.loads(text).items()}
    return scene | {"texts": [unpacked(chunk) for chunk in scene["texts"]]}


def unpacked(value):
    if isinstance(value, dict) and "deflate" in value:
        return json.loads(zlib.decompress(base64.b64decode(value["deflate"])))
    return value


@pytest.mark.parametrize(
    ("first", "last", "precision", "words"),
    [
        (date(2021, 3, 30), date(2021, 3, 31), "day", "30–31 March 2021, to the day"),
        (date(2021, 3, 30), date(2021, 3, 30), "day", "30 March 2021, to the day"),
        (date(2021, 3, 29), date(2021, 4, 4), "week", "29 March – 4 April 2021, to the week"),
        (date(2020, 2, 1), date(2020, 2, 29), "month", "February 2020, to the month"),
        (date(2020, 1, 1), date(2020, 12, 31), "year", "2020, to the year"),
        (
            date(2020, 12, 28),
            date(2021, 1, 3),
            "week",
            "28 December 2020 – 3 January 2021, to the week",
        ),
        (date(2021, 8, 5), None, "day", "since 5 August 2021, to the day"),
        (None, date(2021, 8, 5), "unknown", "until 5 August 2021, precision unknown"),
        (None, None, "unknown", "“then” – no date can be known"),
    ],
)
def test_dates_in_words(first, last, precision, words):
    when = When(first=first, last=last, text="then", precision=precision, basis="explicit")
    assert date_words(when) == words


def test_no_date_in_words():
    assert date_words(None) == "No date given"


@pytest.mark.parametrize(
    ("dead", "injured", "words"),
    [
        ((4, 5, 6), 12, "4–6 killed (most likely 5), 12 injured"),
        ((4, 4, 6), None, "4–6 killed"),
        ((40, 40, None), None, "at least 40 killed"),
        ((6, 6, 6), None, "6 killed"),
        ((0, 0, 0), 0, "nobody killed, 0 injured"),
        (None, None, None),
    ],
)
def test_casualties_in_words(dead, injured, words):
    range_ = dead and Casualties(low=dead[0], best=dead[1], high=dead[2])
    assert casualty_words(range_, injured) == words


def test_type_labels_come_from_the_table_or_are_made():
    assert type_label("battle.clash") == "Armed clash"
    assert type_label("cyber.data_theft") == "Cyber: data theft"


def test_place_words_do_not_repeat_the_place():
    assert place_words(town(name="North"), "Westland") == "Westland"
    assert place_words(town(admin2="Dale"), "Westland") == "Dale, North, Westland"


@pytest.mark.parametrize("precision", ["exact", "town"])
def test_a_town_is_a_point_at_its_stored_coordinates(precision):
    scene = scene_of(incident(geo_precision=precision), atlas=Atlas())
    assert (scene["columns"]["lat"], scene["columns"]["lon"]) == ([4550000], [525000])
    assert scene["areas"] == []
    assert scene["bounds"] == [5.25, 45.5, 5.25, 45.5]
    assert text_of(scene, "within") == "North, Westland"


@pytest.mark.parametrize(("precision", "km"), [("district", 25.0), ("province", 80.0)])
def test_an_outline_that_is_not_known_is_a_circle(precision, km):
    _, spots = marks_of(incident(geo_precision=precision), atlas=Atlas())
    assert [area["km"] for area in spots.areas] == [km]
    assert (spots.lats, spots.lons) == ([45.5], [5.25])


def test_a_province_is_its_polygon():
    place = town(name="North", feature="ADM1", admin1=None)
    shown = [incident(place=place, geo_precision="province")] * 2
    _, spots = marks_of(*shown, atlas=Atlas())
    (area,) = spots.areas
    ((ring,),) = area["polygons"]
    assert set(points_of(ring)) == {(0, 45000), (10000, 45000), (10000, 50000), (0, 50000)}
    assert 0 < spots.lons[0] < 10
    assert 45 < spots.lats[0] < 50


def test_an_area_is_its_circle_whatever_the_precision():
    area = Area(lat=46.0, lon=5.0, radius_km=12.0)
    _, spots = marks_of(incident(area=area, geo_precision="district"))
    assert (spots.areas[0]["km"], spots.lats) == (12.0, [46.0])


@pytest.mark.parametrize("radius", [0.0, float("nan"), -3.0])
def test_a_circle_without_a_radius_is_a_point(radius):
    spots = Spots(None)
    assert spots.circle(45.0, 5.0, radius) == spots.point(45.0, 5.0)
    assert spots.areas == []


@pytest.mark.parametrize(
    "changes",
    [
        {"geo_precision": "country"},
        {"geo_precision": "none", "place": None},
        {"place": town(lat=float("nan"))},
        {"place": town(lon=500.0)},
    ],
)
def test_what_has_no_position_is_listed_and_never_drawn(changes):
    shown = incident(**{key: value for key, value in changes.items() if value is not None})
    if "place" in changes and changes["place"] is None:
        shown = replace(shown, place=None)
    scene = scene_of(shown, atlas=Atlas())
    assert scene["columns"]["spot"] == [-1]
    assert scene["columns"]["placed"] == [0 if changes.get("place", True) is None else 1]
    assert scene["bounds"] is None


def test_incidents_of_one_town_share_a_spot():
    marks, _ = marks_of(incident(), incident(place=town(id="geonames:2")))
    assert [mark.spot for mark in marks] == [0, 0]


@pytest.mark.parametrize(
    ("lons", "west", "east"),
    [
        ([10.0, 30.0], 10.0, 30.0),
        ([179.0, -179.0], 179.0, 181.0),
        ([-170.0, 170.0, 175.0], 170.0, 190.0),
        ([-100.0, 100.0], -100.0, 100.0),
        ([0.0], 0.0, 0.0),
    ],
)
def test_bounds_take_the_shorter_way_round(lons, west, east):
    spots = Spots(None)
    for lon in lons:
        spots.point(-17.0, lon)
    assert spots.bounds() == pytest.approx([west, -17.0, east, -17.0])


def test_an_outline_across_the_antimeridian_is_as_wide_as_it_is():
    spots = Spots(None)
    both = shapely.MultiPolygon(
        [shapely.box(177, -19, 180, -16), shapely.box(-180, -19, -178, -16)]
    )
    spots.outline(both, "Islands")
    assert spots.bounds() == [177.0, -19.0, 182.0, -16.0]


def test_the_quote_is_verbatim_with_trigger_and_place_marked():
    (source,) = only(incident()).sources
    assert "".join(text for _, text in source.quote) == TEXT
    assert ("trigger", "stormed") in source.quote
    assert ("place", "Westford") in source.quote


def test_marks_of_a_quote_count_as_the_viewer_does():
    text = "\N{FIRE} Raiders stormed a depot in Westford."
    scene = scene_of(incident(text=text, article={"title": "x"}))
    quote = text_of(scene, "quote", part="sources").encode("utf-16-le")
    marked = scene["texts"][0]["sources"]["marks"]["all"]
    cuts = [
        quote[2 * at : 2 * (at + length)]
        for at, length in zip(marked[::3], marked[1::3], strict=True)
    ]
    assert [cut.decode("utf-16-le") for cut in cuts] == ["Raiders", "Westford"]
    assert marked[2::3] == [1, 2]


def test_an_endless_sentence_is_cut_around_its_trigger():
    text = "Raiders stormed " + "on and on " * 1000
    (source,) = only(incident(text=text)).sources
    assert ("trigger", "stormed") in source.quote
    assert source.quote[-1] == ("text", " …")
    assert sum(len(piece) for _, piece in source.quote) < 1000


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://bell.example/1", "bell.example"),
        ("HTTP://user:word@Bell.Example:8080?x", "bell.example"),
        ("https://[2001:db8::1]/x", "[2001:db8::1]"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("http://[broken", None),
        ("https://", None),
        (" https://bell.example/1", None),
        (None, None),
    ],
)
def test_only_web_addresses_become_links(url, host):
    assert host_of(url) == host
    (source,) = only(incident(article={"url": url})).sources
    assert source.url == (url if host else None)


def test_the_outlet_falls_back_to_the_host():
    shown = incident(article={"source": None, "url": "https://bell.example/1"})
    assert only(shown).sources[0].outlet == "bell.example"


def test_a_title_is_made_from_the_first_words():
    assert only(incident(article={"title": None})).title == TEXT


def test_days_are_counted_from_1970_and_open_ends_have_none():
    known = When(
        first=date(1970, 1, 3), last=date(1970, 1, 5), text="", precision="day", basis="explicit"
    )
    scene = scene_of(incident(when=known), incident(when=replace(known, last=None)), incident())
    first, after = scene["columns"]["first"], scene["columns"]["last"]
    assert first == [2, 2, NO_DAY]
    assert [a + b for a, b in zip(first, after, strict=True)] == [4, NO_DAY, NO_DAY]


def test_texts_are_cut_into_chunks_that_stand_alone():
    shown = [incident(article={"title": f"Depot {number}"}) for number in range(CHUNK + 3)]
    scene = scene_of(*shown)
    assert [len(chunk["strings"]) for chunk in scene["texts"]] > [CHUNK, 3]
    assert text_of(scene, "title", CHUNK + 1) == f"Depot {CHUNK + 1}"


def test_layers_of_values_are_the_most_frequent_and_the_rest():
    values = [letter for index, letter in enumerate("abcdefghijklm") for _ in range(index + 1)]
    layers, numbers = layers_of_values([*values, None, " "], "Letter")
    assert [layer.label for layer in layers] == [*"mlkjihgfe", "Others (5)"]
    assert len({layer.shape for layer in layers}) == len(layers)
    assert layers[numbers[-1]].label == "Others (5)"
    assert numbers[0] == len(layers) - 1


def test_few_values_need_no_rest():
    layers, numbers = layers_of_values(["a", None, "b", "b"], "Letter")
    assert [layer.label for layer in layers] == ["b", "Not given", "a"]
    assert numbers == [2, 1, 0, 0]


def test_unknown_types_have_a_group_of_their_own():
    assert group_key("cyber.data_theft") == "other"
    assert group_key("diplomacy.talks") == "diplomacy"


def test_each_group_has_its_own_symbol():
    assert len({group.shape for group in GROUPS}) == len(GROUPS)


def test_a_common_border_is_no_coast():
    basemap = build_basemap(Atlas(), [8.0, 44.0, 12.0, 46.0])
    assert basemap["borders"] == [[10000, 40000, 0, 10000]]
    assert not any(line[0] == 10000 == line[0] + line[2] for line in basemap["coast"])


def test_the_frame_of_the_cut_is_no_coast():
    basemap = build_basemap(Atlas(), [4.0, 46.4, 4.2, 46.6])
    assert basemap["extent"][1] > 40
    edges = [edge for line in basemap["coast"] for edge in pairwise(points_of(line))]
    assert edges
    assert all(a[0] == b[0] == 0 or a[1] == b[1] == 50 * SCALE for a, b in edges)


def test_the_line_between_provinces_is_drawn_once():
    basemap = build_basemap(Atlas(), [4.0, 44.0, 6.0, 46.0])
    assert basemap["provinces"] in ([[0, 45000, 10000, 0]], [[10000, 45000, -10000, 0]])


def test_a_basemap_across_the_antimeridian_has_both_sides():
    class Islands(Atlas):
        boxes = (("AA", "Westland", 170, -20, 180, -10), ("AA", "Eastland", -180, -20, -170, -10))

    basemap = build_basemap(Islands(), [179.0, -16.0, 181.0, -15.0])
    assert basemap["extent"][0] < 180 < basemap["extent"][2]
    eastings = {x for rings in basemap["land"] for x, _ in points_of(rings[0])}
    assert max(eastings) > 180 * SCALE > min(eastings)
    assert not any(
        a[0] == b[0] == 180 * SCALE
        for line in basemap["coast"]
        for a, b in pairwise(points_of(line))
    )


@pytest.mark.parametrize(
    ("borders", "solid", "dotted"),
    [("de_facto", 1, 0), ("claims", 0, 1), ("none", 0, 0)],
)
def test_a_disputed_border_is_drawn_as_asked(borders, solid, dotted):
    class Neighbours(Atlas):
        boxes = (("IN", "Westland", 0, 40, 10, 50), ("PK", "Eastland", 10, 40, 20, 50))

    basemap = build_basemap(Neighbours(), [8.0, 44.0, 12.0, 46.0], borders=borders)
    assert (len(basemap["borders"]), len(basemap["disputed"])) == (solid, dotted)


def test_without_bounds_there_is_the_world_alone():
    assert set(build_basemap(Atlas(), None)) == {"world", "waters", "countries"}
    assert build_basemap(None, [0, 0, 1, 1]) == {}


def test_polygons_keep_their_holes():
    ring = shapely.box(0, 0, 10, 10).difference(shapely.box(4, 4, 6, 6))
    ((outer, inner),) = encode_polygon(ring)
    assert (len(outer), len(inner)) == (10, 10)


def test_the_same_input_gives_the_same_bytes(tmp_path):
    first = draw([incident()], title="A", gazetteer=Atlas())
    first.save(tmp_path / "1.html")
    first.save(tmp_path / "2.html")
    draw([incident()], title="A", gazetteer=Atlas()).save(str(tmp_path / "3.html"))
    pages = {path.read_bytes() for path in tmp_path.iterdir()}
    assert len(pages) == 1


def test_hostile_text_reaches_no_template(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "Raiders stormed " + HOSTILE
    place = town(name=HOSTILE, admin1=HOSTILE, country=HOSTILE)
    article = {"title": HOSTILE, "source": HOSTILE, "url": "https://x.example/" + HOSTILE}
    shown = incident(text=text, place=place, article=article, type=HOSTILE)
    drawn = draw([shown], title=HOSTILE, gazetteer=Atlas())
    drawn.save("map.html")
    assert CANARY in drawn.get_root()._repr_html_().replace("&#x27;", "'")
    assert [path.name for path in tmp_path.iterdir()] == ["map.html"]
    page = Path("map.html").read_text("utf-8")
    assert "window.hit=1</script>" not in page
    assert "<img" not in page
    assert text_of(block_of(page), "title") == HOSTILE.replace("\ud800", "\ufffd")


def test_the_map_of_nothing_says_so(tmp_path):
    draw([], gazetteer=Atlas()).save(tmp_path / "map.html")
    scene = block_of((tmp_path / "map.html").read_text("utf-8"))
    assert scene["summary"] == "No incidents"
    assert scene["bounds"] is None


def test_large_members_travel_packed():
    shown = [
        incident(article={"title": f"Depot {number}"}, text=f"{TEXT} {number}" * 5)
        for number in range(500)
    ]
    page = draw(shown, gazetteer=Atlas()).get_root().render()
    assert "Depot 7" not in page
    assert text_of(block_of(page), "title", 7) == "Depot 7"


def test_the_page_loads_nothing_and_says_so_in_a_policy():
    page = draw([incident()], gazetteer=Atlas()).get_root().render()
    assert remote_links(page) == []
    assert not re.search(r"<script[^>]*\bsrc=|<link|url\((?!data:|#default#VML)", page)
    assert page.index("Content-Security-Policy") < page.index("<script")
    assert "default-src 'none'" in page


def test_notebooks_show_the_whole_page():
    shown = draw([incident()], gazetteer=Atlas())._repr_html_()
    assert "geomapShow" in shown
    assert "Depot raided" in shown


def test_groups_are_layers_of_folium():
    talks = incident(type="diplomacy.talks")
    drawn = draw([incident(), talks], gazetteer=Atlas())
    layers = [c for c in drawn._children.values() if isinstance(c, folium.map.Layer)]
    page = drawn.get_root().render()
    assert len(layers) == 2
    # Names may be data: folium's templates see a mark in their place.
    assert not any("Diplomacy" in layer.layer_name for layer in layers)
    control = page[page.rindex("base_layers :") :]
    assert [name in control for name in ("Violence against people", "Diplomacy")] == [True, True]


def test_layers_of_the_user_are_listed_too():
    drawn = draw([incident()], gazetteer=Atlas())
    folium.FeatureGroup(name="My posts").add_to(drawn)
    page = drawn.get_root().render()
    script = page[page.rindex("<script>") :]
    assert script.index("L.featureGroup") < script.index("L.control.layers")
    assert '"My posts"' in script
    assert '"Violence against people"' in script


def test_a_layer_control_of_the_user_takes_the_place_of_ours():
    drawn = draw([incident()], gazetteer=Atlas())
    folium.LayerControl(collapsed=False).add_to(drawn)
    assert drawn.get_root().render().count("L.control.layers(\n") == 1


def test_what_the_user_puts_into_the_page_stays(tmp_path):
    drawn = draw([incident()], gazetteer=Atlas())
    drawn.get_root().html.add_child(folium.Element("<p>my note</p>"))
    drawn.save(tmp_path / "1.html")
    drawn.save(tmp_path / "2.html")
    assert (tmp_path / "2.html").read_text("utf-8").count("<p>my note</p>") == 1


@pytest.mark.parametrize(
    ("part", "address"),
    [
        (folium.TileLayer("https://tiles.example/{z}/{x}/{y}.png", attr="x"), "tiles.example"),
        (folium.plugins.Fullscreen(), "cdn.jsdelivr.net"),
        (folium.Marker([45, 5], icon=folium.Icon(color="red")), "awesome-markers"),
    ],
)
def test_saving_names_what_the_page_would_load(part, address, tmp_path):
    drawn = draw([incident()], gazetteer=Atlas())
    part.add_to(drawn)
    with pytest.warns(UserWarning, match=address):
        drawn.save(tmp_path / "map.html")
    assert "Content-Security-Policy" not in (tmp_path / "map.html").read_text("utf-8")


def test_the_lists_of_folium_stay_as_they_are():
    before = [*folium.Map.default_js], [*folium.Map.default_css]
    draw([incident()], gazetteer=Atlas()).add_js_link("mine", "https://x.example/a.js")
    assert ([*folium.Map.default_js], [*folium.Map.default_css]) == before
    assert draw([incident()], gazetteer=Atlas()).default_js == []


def test_a_missing_folder_is_one_clear_error(tmp_path):
    drawn = draw([], gazetteer=Atlas())
    with pytest.raises(OutputError, match="no folder"):
        drawn.save(tmp_path / "none" / "map.html")


def test_a_map_is_written_to_an_open_file_too(tmp_path):
    with (tmp_path / "map.html").open("wb") as file:
        draw([], gazetteer=Atlas()).save(file, close_file=False)
        assert not file.closed
    assert b"geomapShow" in (tmp_path / "map.html").read_bytes()


def test_readings_are_grouped_into_incidents():
    (report,) = incident().reports
    reading = Reading(article=report.article, resolutions=(), events=(report.event,))
    page = draw([reading], gazetteer=Atlas()).get_root().render()
    assert text_of(block_of(page), "title") == "Depot raided"


@pytest.mark.parametrize("value", [["Westford"], "Westford", {"type": []}, None, 5, [None]])
def test_other_values_are_refused(value):
    with pytest.raises(InputError, match="incidents, readings or a frame, not "):
        draw(value, gazetteer=Atlas())


def test_one_incident_is_a_map_of_one():
    page = draw(incident(), gazetteer=Atlas()).get_root().render()
    assert block_of(page)["count"] == 1


def test_a_map_is_a_folium_map():
    assert isinstance(draw([], gazetteer=Atlas()), IncidentMap)
    assert issubclass(IncidentMap, folium.Map)


@pytest.mark.parametrize("name", [*VIEWER, "compat"])
def test_the_viewer_never_turns_text_into_markup(name):
    code = (Path(geomap.maps.__file__).parent / "viewer" / f"{name}.js").read_text("utf-8")
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|\beval\b|new Function|document\.write"
    assert not re.search(forbidden, code)
    assert '"use strict"' in code
    assert code.count("\n") < 400


def test_every_room_of_the_viewer_is_in_the_page():
    page = draw([], gazetteer=Atlas()).get_root().render()
    folder = Path(geomap.maps.__file__).parent / "viewer"
    assert {path.stem for path in folder.glob("*.js")} == {*VIEWER, "compat"}
    assert all((folder / f"{room}.js").read_text("utf-8") in page for room in VIEWER)


def test_hostile_names_of_layers_reach_no_template(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = incident(article={"source": HOSTILE})
    draw([shown], layers_by="source", gazetteer=Atlas()).save("map.html")
    assert [path.name for path in tmp_path.iterdir()] == ["map.html"]
    page = Path("map.html").read_text("utf-8")
    assert "<img src=x" not in page
    assert block_of(page)["layers"][0]["label"] == HOSTILE.strip().replace("\ud800", "\ufffd")


@pytest.mark.parametrize("layers_by", ["type", "status", "source", "country", "precision"])
def test_layers_by_any_of_the_known_ways(layers_by):
    page = draw([incident()], layers_by=layers_by, gazetteer=Atlas()).get_root().render()
    present = [layer["label"] for layer in block_of(page)["layers"] if layer["present"]]
    assert present == {
        "type": ["Violence against people"],
        "status": ["Asserted"],
        "source": ["The Bell"],
        "country": ["AA"],
        "precision": ["town"],
    }.get(layers_by)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"layers_by": "colour"}, "colour"),
        ({"borders": "mine"}, "borders"),
        ({"theme": "blue"}, "theme"),
        ({"language": "Arabic"}, "language: 'Arabic' is no code"),
        ({"tiles": "nowhere"}, "no provider"),
        ({"tiles": 5}, "not int"),
        ({"tiles": "Thunderforest OpenCycleMap"}, "needs a key"),
        ({"tiles": {"url": "https://a.example/{z}/{x}/{y}.png"}}, "attribution is missing"),
        ({"tiles": {"url": "https://a.example/{z}/{x}", "attribution": "Us"}}, "no address"),
        ({"tiles": {"url": "http://a.example/{z}/{x}/{y}", "attribution": "Us"}}, "no https"),
        ({"tiles": {"url": "https://a.example; x/{z}/{x}/{y}", "attribution": "Us"}}, "no https"),
    ],
)
def test_unknown_options_are_refused_by_name(options, words):
    with pytest.raises(InputError, match=words):
        draw([incident()], gazetteer=Atlas(), **options)


TILES = {"url": "https://{s}.tiles.example/{z}/{x}/{y}.png", "attribution": "<b>Us</b>"}


def test_online_tiles_are_asked_for_alone_and_told_in_a_warning(tmp_path):
    drawn = draw([incident()], gazetteer=Atlas(), tiles=TILES)
    with pytest.warns(UserWarning, match=r"https://\*\.tiles\.example .* opened from a disk"):
        drawn.save(tmp_path / "map.html")
    page = (tmp_path / "map.html").read_text("utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert "img-src data: https://*.tiles.example;" in policy
    assert "connect-src" not in policy
    assert block_of(page)["tiles"]["url"] == TILES["url"]


def test_tiles_are_off_by_default():
    page = draw([incident()], gazetteer=Atlas()).get_root().render()
    assert block_of(page)["tiles"] is None
    assert "img-src data:;" in page


def test_a_name_that_xyzservices_knows_is_enough():
    page = draw([], gazetteer=Atlas(), tiles="OpenStreetMap").get_root().render()
    tiles = block_of(page)["tiles"]
    assert tiles["url"] == "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
    assert "OpenStreetMap contributors" in tiles["attribution"]


class Speaking(Atlas):
    """An atlas that knows some names in French."""

    def names(self, place, language=None):
        return [place.name] if language == "fr" else []

    def label(self, place, language):
        town = place.feature.startswith("P") and place.feature != "PCLI"
        return f"{place.name}-sur-Mer" if town and language == "fr" else place.name


def test_names_in_the_readers_language_as_far_as_they_are_told():
    scene = block_of(draw([incident()], gazetteer=Speaking(), language="fr").get_root().render())
    assert scene["language"] == "fr"
    assert [city[0] for city in scene["basemap"]["cities"]] == ["Westford-sur-Mer"]
    # Their code is what the reader's browser names them by.
    assert [row[-1] for row in scene["basemap"]["countries"]] == ["BB", "AA"]


def test_a_language_without_names_of_towns_is_told():
    with pytest.warns(UserWarning, match="no name of these towns in 'ar'"):
        page = draw([incident()], gazetteer=Speaking(), language="ar").get_root().render()
    assert [city[0] for city in block_of(page)["basemap"]["cities"]] == ["Westford"]


def test_lakes_and_rivers_are_drawn_where_they_are():
    basemap = build_basemap(Atlas(), [30.0, -3.0, 36.0, 1.0])
    assert basemap["rivers"]
    corners = [point for rings in basemap["lakes"] for point in points_of(rings[0])]
    # Lake Victoria.
    assert any(32_500 < x < 33_500 and -2_500 < y < 500 for x, y in corners)
    assert len(basemap["waters"]) > 20


def test_damaged_waters_are_refused(monkeypatch):
    monkeypatch.setattr(waters, "_DIGEST", "0" * 64)
    waters.read_waters.cache_clear()
    with pytest.raises(ArtefactError, match="install geomap again"):
        waters.read_waters()


def test_the_basemap_of_the_world_stays_small(gazetteer):
    for bounds in ([-120.0, -40.0, 150.0, 60.0], [60.0, 24.0, 76.0, 38.0]):
        text = json.dumps(build_basemap(gazetteer, bounds), separators=(",", ":"))
        assert len(base64.b64encode(zlib.compress(text.encode(), 5))) < 400_000


def test_the_footer_says_how_borders_are_drawn():
    for borders, words in (
        ("de_facto", "de facto"),
        ("claims", "claims dotted"),
        ("none", "not drawn"),
    ):
        page = draw([], borders=borders, gazetteer=Atlas()).get_root().render()
        assert words in block_of(page)["credits"]


def test_a_full_disk_leaves_the_old_map(tmp_path, monkeypatch):
    path = tmp_path / "map.html"
    path.write_text("old")

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutputError, match="no space left"):
        draw([incident()], gazetteer=Atlas()).save(path)
    assert path.read_text() == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["map.html"]


def test_maps_of_very_many_events_say_what_they_do(monkeypatch):
    monkeypatch.setattr(geomap.maps, "_LARGE", 1)
    with pytest.warns(UserWarning, match="narrow the query"):
        draw([incident()] * 2, gazetteer=Atlas())
    monkeypatch.setattr(geomap.maps, "_TOO_LARGE", 1)
    with pytest.raises(InputError, match="more than one page can hold"):
        draw([incident()] * 2, gazetteer=Atlas())


def test_articles_without_outlet_headline_and_link_are_counted_apart():
    bare = {"title": None, "source": None}
    told = [incident(article=bare | {"id": number}) for number in ("a", "b", "b")]
    assert " · 2 articles" in scene_of(*told)["summary"]


def luminance(colour):
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first, second):
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_colours_have_the_contrast_of_wcag(theme):
    style = (Path(geomap.maps.__file__).parent / "viewer" / "viewer.css").read_text("utf-8")
    block = re.findall(r"--gm-land.*?\}", style, re.DOTALL)[theme]
    colours = dict(re.findall(r"--gm-([a-z]+): (#[0-9a-f]{6})", block))
    # Names on the canvas, which axe does not see, and words on cards.
    for name, grounds in {
        "city": "land sea", "country": "land sea", "text": "card hover trigger place",
        "soft": "card hover", "link": "card",
    }.items():  # fmt: skip
        for ground in grounds.split():
            assert contrast(colours[name], colours[ground]) >= 4.5, (name, ground)
    # Lines and bars.
    for name, ground in (
        ("border", "land"), ("disputed", "land"), ("flow", "land"), ("bar", "card"),
        ("barlight", "card"),
    ):  # fmt: skip
        assert contrast(colours[name], colours[ground]) >= 3, (name, ground)

"""Texts that are no prose: an event may be missed in them, never invented."""

from __future__ import annotations

import time

import pytest

from geomap import Pipeline

PUBLISHED = "2024-07-10"
TOWNS = ("Mardan", "Quetta", "Kano", "Goma", "Kharkiv", "Homs", "Mosul", "Herat")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


@pytest.fixture(scope="module")
def pipeline():
    return Pipeline()


def events(pipeline, text):
    """Return type, place and status of the events of a text."""
    found = pipeline.read(text, published=PUBLISHED).events
    return [
        (e.type, e.place.place.name if e.place and e.place.place else None, e.status) for e in found
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t\n ",
        "Kabul. Kandahar. Herat.",
        "Kabul, 9 July 2024",
        "Weather for Kharkiv: 21 C, wind from the east. Tides at Odesa: 06:12 and 18:40.",
        "Flights from Dubai | Peshawar 06:15 | Quetta 07:40 | Karachi 08:05",
        "Squad: Khan (Lahore), Shah (Peshawar), Malik (Quetta), Afridi (Bannu).",
        "Sehir | Tarih\nAnkara | 3 Mart\nIzmir | 4 Mart",
        "Der Minister reiste am Montag nach Kiew, wo er den Präsidenten traf.",
        "Une bombe a explosé lundi à Bamako, faisant six morts, selon la police.",
        "Hombres armados mataron a dos personas el lunes en Culiacán.",
        "В понедельник при обстреле Харькова погибли два человека.",
        "قُتل ستة أشخاص في انفجار في حلب يوم الاثنين.",
        "Bomba in un mercato di Kano: due morti, dice la polizia.",
    ],
)
def test_what_tells_of_no_event_in_english_gives_none(pipeline, text):
    assert events(pipeline, text) == []


def test_without_a_place_nothing_is_placed(pipeline):
    assert events(pipeline, "Gunmen shot dead two traders on Monday, police said.") == [
        ("violence.attack", None, "asserted")
    ]


def test_without_a_day_nothing_is_dated(pipeline):
    found = pipeline.read("A car bomb killed two people in Mardan.", published=PUBLISHED).events
    assert [event.when for event in found] == [None]


def test_a_table_never_joins_the_cells_of_two_rows(pipeline):
    rows = ["Town | What | Dead", "Mardan | car bomb | 2", "Kano | none reported | 0"]
    assert {place for _, place, _ in events(pipeline, "\n".join(rows))} <= {"Mardan", None}


def test_a_list_gives_each_item_its_own_place(pipeline):
    items = [
        "- In Mardan, a roadside bomb killed two policemen on Monday.",
        "- In Kano, gunmen abducted nine pupils on Tuesday.",
        "- In Lagos, the naira fell to a new low on Tuesday.",
    ]
    assert events(pipeline, "\n".join(items)) == [
        ("explosion.remote", "Mardan", "asserted"),
        ("violence.abduction", "Kano", "asserted"),
    ]


def test_a_ticker_keeps_its_items_apart(pipeline):
    text = "BLAST KILLS SIX IN QUETTA *** OIL UP 2 PCT IN LONDON *** RAIN IN LAHORE"
    assert {place for _, place, _ in events(pipeline, text)} <= {"Quetta", None}


def test_a_question_of_a_transcript_asserts_nothing(pipeline):
    text = (
        "REPORTER: Did your forces shell Goma on Monday?\n"
        "SPOKESMAN: No, our forces did not shell Goma.\n"
        "REPORTER: Will the minister travel to Kigali?\n"
        "SPOKESMAN: We have nothing to announce."
    )
    assert [e for e in events(pipeline, text) if e[2] == "asserted"] == []


def test_two_thousand_events_are_read_in_a_time_that_grows_with_them(pipeline):
    def read(count):
        text = "\n\n".join(
            f"Gunmen killed {n + 2} people in {TOWNS[n % len(TOWNS)]} on {DAYS[n % 5]}."
            for n in range(count)
        )
        start = time.process_time()
        found = pipeline.read(text, published=PUBLISHED).events
        return len(found), time.process_time() - start

    read(10)
    few, short = read(250)
    many, long = read(2000)
    assert (few, many) == (250, 2000)
    assert long < 8 * short * 3

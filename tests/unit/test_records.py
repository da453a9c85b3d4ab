from __future__ import annotations

import json

from geomap.records import BASIC_COLUMNS, EVENT_COLUMNS, event_record, full_record


def test_the_columns_of_a_row_are_the_published_ones(reading_of):
    reading = reading_of()
    (event,) = reading.events
    assert tuple(event_record(reading.article, event)) == BASIC_COLUMNS
    assert tuple(full_record(reading.article, event)) == EVENT_COLUMNS
    assert set(BASIC_COLUMNS) < set(EVENT_COLUMNS)


def test_lists_travel_as_json(reading_of):
    reading = reading_of()
    row = full_record(reading.article, reading.events[0])
    assert "".join(text for _, text in json.loads(row["marks"])) == row["quote"]
    assert json.loads(row["reasons"]) == ["known", "near"]
    assert json.loads(row["rejected"]) == []

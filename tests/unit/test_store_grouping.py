"""A store is grouped in parts that memory holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from geomap.model import Ties
from geomap.store.grouping import Blocks

START = date(2023, 1, 1)


def campaign(reading_of, number):
    """Return readings whose days leave no gap, every one of another town."""
    for day in range(number):
        reading = reading_of(str(day), told=[(f"Town {day}", 10 + day, 70.0)])
        (event,) = reading.events
        first = START + timedelta(days=day)
        when = replace(event.when, first=first, last=first + timedelta(days=3))
        yield replace(reading, events=(replace(event, when=when),))


def test_what_hangs_together_in_time_alone_is_grouped_in_parts(reading_of):
    readings = {reading.article.id: reading for reading in campaign(reading_of, 60)}
    asked = []

    def read(names):
        asked.append(len(names))
        return (readings[name] for name in names)

    blocks = Blocks(read, Ties(), most=10)
    for reading in readings.values():
        blocks.note(reading)
    loads = [[reading.article.id for reading in load] for load in blocks.loads()]
    assert sorted(name for load in loads for name in load) == sorted(readings)
    assert max(map(len, loads)) == 10
    assert max(asked) <= 10


def test_an_article_that_has_fewer_events_meanwhile_does_no_harm(reading_of):
    reading = reading_of("a", told=[("Bannu", 33.0, 70.6), ("Tank", 32.2, 70.4)])
    blocks = Blocks(lambda _names: [replace(reading, events=reading.events[:1])], Ties(), most=1)
    blocks.note(reading)
    loads = list(blocks.loads())
    assert [len(reading.events) for load in loads for reading in load] == [1, 0]

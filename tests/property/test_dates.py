"""Invariants of date phrases over any text."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.dates import find, normalize
from geomap.dates.calendars import islamic_date, solar_hijri_date

if TYPE_CHECKING:
    from geomap.model import When

WORDS = [
    *("on", "in", "since", "until", "by", "before", "after", "the", "of", "a", "and", "to", "-"),
    *("from", "between", "early", "late", "mid", "end of", "beginning of", "last", "this", "next"),
    *("past", "few", "day", "days", "week", "month", "year", "years", "weekend", "quarter", "ago"),
    *("earlier", "later", "same", "following", "Monday", "tue.", "Friday", "January", "Mar", "May"),
    *("3", "31", "29th", "2023", "1066", "1990s", "'98", "'90s", "3-5", "12/1/2022", "2023-01-03"),
    *("yesterday", "today", "tonight", "night", "summer", "first", "third", "fiscal", "two", ","),
    *("several", "hours", "Jadi", "1401", "Ramadan", "1444", "Eid", "Christmas", "Eve", ".", "20"),
    *("will", "said", "people", "noon", "9 a.m.", "overnight", "ended", "February", "29"),
]
PHRASES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)
TEXTS = PHRASES | st.text(max_size=80)
PUBLISHED = st.none() | st.dates()


def check(when: When) -> None:
    """Check what holds for every reading."""
    known = when.first is not None and when.last is not None
    if known:
        assert when.first <= when.last
        assert when.first != when.last or when.precision == "day"
    assert when.text == when.text.strip()
    assert (when.precision == "unknown") == (when.first is None and when.last is None)


@given(TEXTS, PUBLISHED)
def test_spans_slice_to_the_text_in_order(text: str, published: dt.date | None) -> None:
    end = 0
    for when in find(text, published):
        assert when.span.start >= end
        assert when.span.of(text) == when.text != ""
        end = when.span.end
        check(when)


@settings(deadline=None)  # dateparser loads its languages at the first foreign phrase
@given(PHRASES, PUBLISHED)
def test_normalize_is_deterministic_whatever_the_case(
    phrase: str, published: dt.date | None
) -> None:
    when = normalize(phrase, published)
    assert when == normalize(phrase, published)
    upper = normalize(phrase.upper(), published)
    assert (when is None) == (upper is None)
    if when is not None:
        assert (when.first, when.last, when.basis) == (upper.first, upper.last, upper.basis)
        check(when)


@settings(deadline=None)
@given(PHRASES, PUBLISHED)
def test_a_lone_phrase_means_the_same_in_a_text(text: str, published: dt.date | None) -> None:
    for phrase in {when.text for when in find(text, published)}:
        found = find(phrase, published)
        if [when.text for when in found] == [phrase]:
            alone = normalize(phrase, published)
            # By itself a day without a year may be the coming one, in a text it is the past one.
            if alone.first is None or published is None or alone.first <= published:
                assert alone == replace(found[0], span=None)


@given(st.dates(dt.date(1000, 1, 1), dt.date(2199, 12, 31)), st.dates())
def test_every_written_day_is_read_back(day: dt.date, published: dt.date) -> None:
    number = f"{day.day} {day:%b} {day.year}"
    for phrase in (day.isoformat(), f"{day:%B} {day.day}, {day.year}", f"{day:%A}, {number}"):
        when = normalize(phrase, published)
        assert (when.first, when.last, when.basis) == (day, day, "explicit")


@given(st.integers(1178, 1500), st.integers(1, 12), st.integers(1, 29))
def test_solar_hijri_years_follow_one_another(year: int, month: int, day: int) -> None:
    here = solar_hijri_date(year, month, day)
    new_year = solar_hijri_date(year, 1, 1)
    after = solar_hijri_date(year + 1, 1, 1)
    assert new_year <= here < after
    assert (after - new_year).days in {365, 366}
    assert (new_year.month, new_year.day) in {(3, 19), (3, 20), (3, 21), (3, 22)}


@given(st.integers(1, 1600), st.integers(1, 12), st.integers(1, 29))
def test_islamic_years_have_354_or_355_days(year: int, month: int, day: int) -> None:
    new_year, after = islamic_date(year, 1, 1), islamic_date(year + 1, 1, 1)
    assert new_year <= islamic_date(year, month, day) < after
    assert (after - new_year).days in {354, 355}

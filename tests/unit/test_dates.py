"""What date phrases mean, read on Tuesday 3 January 2023 unless another day is given."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import pytest

from geomap.dates import find, normalize
from geomap.errors import PublishedError
from geomap.model import Span, When

TUESDAY = "2023-01-03"


def interval(when: When | None) -> str:
    """Write an interval as "first..last", one day as that day, an open end as nothing."""
    assert when is not None
    ends = [end.isoformat() if end else "" for end in (when.first, when.last)]
    return ends[0] if ends[0] == ends[1] and ends[0] else "..".join(ends)


DAYS = {
    "3 January 2023": "2023-01-03",
    "3rd January 2023": "2023-01-03",
    "3rd of January, 2023": "2023-01-03",
    "the 3rd of January 2023": "2023-01-03",
    "January 3, 2023": "2023-01-03",
    "January 3rd, 2023": "2023-01-03",
    "Jan. 3, 2023": "2023-01-03",
    "Jan 3 2023": "2023-01-03",
    "Sept. 11, 2001": "2001-09-11",
    "Sep 11 2001": "2001-09-11",
    "3-Jan-2023": "2023-01-03",
    "Tuesday, January 3, 2023": "2023-01-03",
    "Tues., Jan. 3, 2023": "2023-01-03",
    "on 12 May 1998": "1998-05-12",
    "February 29, 2024": "2024-02-29",
    "2023-01-03": "2023-01-03",
    "2023/01/03": "2023-01-03",
    "2023-01-03T14:00:00Z": "2023-01-03",
    "2023-01-03 14:00": "2023-01-03",
    "03.01.2023": "2023-01-03",
    "3.1.2023": "2023-01-03",
    "13/1/2022": "2022-01-13",
    "1/13/2022": "2022-01-13",
    "3/3/2022": "2022-03-03",
    "10/31/89": "1989-10-31",
    "19980108": "1998-01-08",
    "980108": "1998-01-08",
    "3 January 2023 14:00 GMT": "2023-01-03",
    "January 3, 2023 at 2 p.m.": "2023-01-03",
    "early on 3 March 2022": "2022-03-03",
    "the night of March 3, 2022": "2022-03-03",
    "9/11": "2001-09-11",
    "12 Jadi 1401": "2023-01-02",
    "Jadi 12, 1401": "2023-01-02",
    "1 Hamal 1404": "2025-03-21",
    "1 Farvardin 1403": "2024-03-20",
    "22 Bahman 1357": "1979-02-11",
    "30 Hut 1399": "2021-03-20",
    "12 Ramadan 1444": "2023-04-03",
    "10 Muharram 1445 AH": "2023-07-28",
    "Christmas Day 2022": "2022-12-25",
    "Christmas Eve 2021": "2021-12-24",
    "Easter Sunday 2022": "2022-04-17",
    "Good Friday 2022": "2022-04-15",
    "the eve of Eid al-Adha 2022": "2022-07-09",
}
STRETCHES = {
    "January 2023": "2023-01-01..2023-01-31",
    "Feb. 2024": "2024-02-01..2024-02-29",
    "February, 1998": "1998-02-01..1998-02-28",
    "May '98": "1998-05-01..1998-05-31",
    "2023-01": "2023-01-01..2023-01-31",
    "2022-W05": "2022-01-31..2022-02-06",
    "early January 2022": "2022-01-01..2022-01-10",
    "mid-January 2022": "2022-01-11..2022-01-20",
    "late January 2022": "2022-01-21..2022-01-31",
    "the end of February 2022": "2022-02-21..2022-02-28",
    "in 2022 alone": "2022-01-01..2022-12-31",
    "in 1066": "1066-01-01..1066-12-31",
    "1989": "1989-01-01..1989-12-31",
    "the year 2000": "2000-01-01..2000-12-31",
    "fiscal 1989": "1989-01-01..1989-12-31",
    "FY2022": "2022-01-01..2022-12-31",
    "the beginning of 2022": "2022-01-01..2022-04-30",
    "mid-2022": "2022-05-01..2022-08-31",
    "the end of 2022": "2022-09-01..2022-12-31",
    "spring 2021": "2021-03-01..2021-05-31",
    "the summer of 2021": "2021-06-01..2021-08-31",
    "fall 2021": "2021-09-01..2021-11-30",
    "winter 2021": "2021-12-01..2022-02-28",
    "early summer 2021": "2021-06-01..2021-06-30",
    "the first quarter of 2023": "2023-01-01..2023-03-31",
    "1989's third quarter": "1989-07-01..1989-09-30",
    "the 1989 third quarter": "1989-07-01..1989-09-30",
    "Q3 2022": "2022-07-01..2022-09-30",
    "the second half of 2022": "2022-07-01..2022-12-31",
    "the first nine months of 1989": "1989-01-01..1989-09-30",
    "the nine months ended Sept. 30, 1989": "1989-01-01..1989-09-30",
    "the year ended March 31, 1989": "1988-04-01..1989-03-31",
    "the 1990s": "1990-01-01..1999-12-31",
    "1980's": "1980-01-01..1989-12-31",
    "the '90s": "1990-01-01..1999-12-31",
    "the early 1990s": "1990-01-01..1993-12-31",
    "the mid-1980s": "1984-01-01..1986-12-31",
    "the late 1970s": "1977-01-01..1979-12-31",
    "the 19th century": "1801-01-01..1900-12-31",
    "the twenty-first century": "2001-01-01..2100-12-31",
    "Jan 3\u20134, 2023": "2023-01-03..2023-01-04",
    "30 and 31 March 2022": "2022-03-30..2022-03-31",
    "from 3 to 5 March 2022": "2022-03-03..2022-03-05",
    "March 30 to April 2, 2022": "2022-03-30..2022-04-02",
    "March 30, 2022 to April 2": "2022-03-30..2022-04-02",
    "December 30 to January 2, 2022": "2021-12-30..2022-01-02",
    "between March and June 2022": "2022-03-01..2022-06-30",
    "November to February 2022": "2021-11-01..2022-02-28",
    "November 2021 to March 2022": "2021-11-01..2022-03-31",
    "between 1975 and 1990": "1975-01-01..1990-12-31",
    "1939-45": "1939-01-01..1945-12-31",
    "the 1980s and 1990s": "1980-01-01..1999-12-31",
    "since 2007": "2007-01-01..",
    "since early 2022": "2022-01-01..",
    "until March 2022": "..2022-03-31",
    "by the end of 2023": "..2023-12-31",
    "before 2014": "..2013-12-31",
    "after March 3, 2022": "2022-03-04..",
    "Ramadan 1444": "2023-03-23..2023-04-21",
    "Ramadan 2022": "2022-04-03..2022-05-02",
    "Eid al-Fitr 2022": "2022-05-03..2022-05-05",
    "Hamal 1401": "2022-03-21..2022-04-20",
}
RELATIVE = {
    "on Tuesday": "2023-01-03",
    "Tuesday night": "2023-01-03",
    "late Tuesday": "2023-01-03",
    "Tues.": "2023-01-03",
    "on Monday": "2023-01-02",
    "Monday's": "2023-01-02",
    "Wednesday": "2022-12-28",
    "Friday afternoon": "2022-12-30",
    "9 a.m. Friday": "2022-12-30",
    "Friday at 9 a.m.": "2022-12-30",
    "last Tuesday": "2022-12-27",
    "last Friday night": "2022-12-30",
    "next Tuesday": "2023-01-10",
    "next Friday": "2023-01-06",
    "this Friday": "2023-01-06",
    "Tuesday next week": "2023-01-10",
    "Monday of last week": "2022-12-26",
    "a week ago Monday": "2022-12-26",
    "Monday, two weeks ago": "2022-12-19",
    "two weeks from Friday": "2023-01-20",
    "by Friday": "..2023-01-06",
    "between Monday and Thursday": "2022-12-26..2022-12-29",
    "Saturday and Sunday": "2022-12-31..2023-01-01",
    "Monday through Friday": "2022-12-26..2022-12-30",
    "yesterday": "2023-01-02",
    "yesterday morning": "2023-01-02",
    "tomorrow": "2023-01-04",
    "the day before yesterday": "2023-01-01",
    "the day after tomorrow": "2023-01-05",
    "last night": "2023-01-02",
    "overnight": "2023-01-02..2023-01-03",
    "March 30": "2023-03-30",
    "30 March": "2023-03-30",
    "on Sept. 30": "2022-09-30",
    "Dec. 28": "2022-12-28",
    "January 3": "2023-01-03",
    "January 20": "2023-01-20",
    "March 3, last year": "2022-03-03",
    "March 3-5": "2023-03-03..2023-03-05",
    "30 and 31 March": "2023-03-30..2023-03-31",
    "December 30 and January 2": "2022-12-30..2023-01-02",
    "In November": "2022-11-01..2022-11-30",
    "late November": "2022-11-21..2022-11-30",
    "last November": "2022-11-01..2022-11-30",
    "in November last year": "2022-11-01..2022-11-30",
    "next March": "2023-03-01..2023-03-31",
    "this March": "2023-03-01..2023-03-31",
    "July and August": "2022-07-01..2022-08-31",
    "from November to January": "2022-11-01..2023-01-31",
    "since August": "2022-08-01..",
    "until March": "..2022-03-31",
    "a week ago": "2022-12-26..2023-01-01",
    "two weeks earlier": "2022-12-19..2022-12-25",
    "three days ago": "2022-12-31",
    "10 days ago": "2022-12-24",
    "24 hours ago": "2023-01-02",
    "two months ago": "2022-11-01..2022-11-30",
    "thirteen months ago": "2021-12-01..2021-12-31",
    "a year ago": "2022-01-01..2022-12-31",
    "a year earlier": "2022-01-01..2022-12-31",
    "nearly twenty-five years ago": "1998-01-01..1998-12-31",
    "a decade ago": "2010-01-01..2019-12-31",
    "a year ago today": "2022-01-03",
    "a few days ago": "2022-12-29..2023-01-01",
    "several years ago": "2016-01-01..2020-12-31",
    "two weeks from now": "2023-01-16..2023-01-22",
    "last week": "2022-12-26..2023-01-01",
    "this week": "2023-01-02..2023-01-08",
    "next week": "2023-01-09..2023-01-15",
    "last month": "2022-12-01..2022-12-31",
    "this month": "2023-01-01..2023-01-31",
    "next month": "2023-02-01..2023-02-28",
    "last year": "2022-01-01..2022-12-31",
    "this year": "2023-01-01..2023-12-31",
    "next year": "2024-01-01..2024-12-31",
    "last weekend": "2022-12-31..2023-01-01",
    "over the weekend": "2022-12-31..2023-01-01",
    "this weekend": "2023-01-07..2023-01-08",
    "last quarter": "2022-10-01..2022-12-31",
    "last summer": "2022-06-01..2022-08-31",
    "next summer": "2023-06-01..2023-08-31",
    "last winter": "2021-12-01..2022-02-28",
    "this winter": "2022-12-01..2023-02-28",
    "summer": "2022-06-01..2022-08-31",
    "late last month": "2022-12-21..2022-12-31",
    "early next year": "2024-01-01..2024-04-30",
    "the end of last week": "2022-12-30..2023-01-01",
    "the end of the month": "2023-01-21..2023-01-31",
    "earlier this week": "2023-01-02..2023-01-03",
    "earlier this month": "2023-01-01..2023-01-03",
    "later this week": "2023-01-04..2023-01-08",
    "later in the year": "2023-01-04..2023-12-31",
    "so far this year": "2023-01-01..2023-01-03",
    "since the beginning of the year": "2023-01-01..",
    "the past few days": "2022-12-31..2023-01-03",
    "in recent days": "2022-12-31..2023-01-03",
    "in recent weeks": "2022-12-13..2023-01-03",
    "the past 24 hours": "2023-01-02..2023-01-03",
    "the last two weeks": "2022-12-20..2023-01-03",
    "the past three months": "2022-10-03..2023-01-03",
    "the past week": "2022-12-27..2023-01-03",
    "the last year": "2022-01-03..2023-01-03",
    "the next two weeks": "2023-01-03..2023-01-17",
    "Christmas": "2022-12-25",
    "on New Year's Eve": "2022-12-31",
    "New Year's Day": "2023-01-01",
    "the eve of Christmas": "2022-12-24",
    "Ramadan": "2022-04-03..2022-05-02",
    "8 Saur": "2022-04-28",
    "the third quarter": "2022-07-01..2022-09-30",
    "third-quarter": "2022-07-01..2022-09-30",
    "last year's third quarter": "2022-07-01..2022-09-30",
    "the first half of last year": "2022-01-01..2022-06-30",
    "the latest quarter": "2022-10-01..2022-12-31",
    "the year-ago period": "2022-01-01..2022-12-31",
    "the same period last year": "2022-01-01..2022-12-31",
    "the week ended Friday": "2022-12-24..2022-12-30",
    "the week of March 6": "2023-03-06..2023-03-12",
    "the previous year": "2022-01-01..2022-12-31",
    "the year before": "2022-01-01..2022-12-31",
    "the week before last": "2022-12-19..2022-12-25",
    "the previous day": "2023-01-02",
    "the current fiscal year": "2023-01-01..2023-12-31",
    "the six months to September": "2022-04-01..2022-09-30",
    "the following week": "2023-01-09..2023-01-15",
}


@pytest.mark.parametrize(("phrase", "expected"), (DAYS | STRETCHES).items())
def test_written_out(phrase: str, expected: str) -> None:
    when = normalize(phrase)
    assert interval(when) == expected
    assert (when.basis, when.text, when.span) == ("explicit", phrase, None)
    assert normalize(phrase, TUESDAY) == when


@pytest.mark.parametrize(("phrase", "expected"), RELATIVE.items())
def test_needs_the_publication_day(phrase: str, expected: str) -> None:
    when = normalize(phrase, TUESDAY)
    assert interval(when) == expected
    assert when.basis == "relative"


@pytest.mark.parametrize("phrase", RELATIVE)
def test_stays_a_phrase_without_it(phrase: str) -> None:
    when = normalize(phrase)
    assert when == When(first=None, last=None, text=phrase, precision="unknown", basis="relative")


@pytest.mark.parametrize(
    "phrase", ["today", "tonight", "now", "this morning", "earlier today", "earlier in the day"]
)
def test_the_publication_day_itself(phrase: str) -> None:
    when = normalize(phrase, TUESDAY)
    assert (interval(when), when.precision, when.basis) == (TUESDAY, "day", "publication")
    assert normalize(phrase).precision == "unknown"


@pytest.mark.parametrize(
    ("published", "phrase", "expected"),
    [
        ("1989-10-26", "the third quarter", "1989-07-01..1989-09-30"),
        ("1989-10-26", "the fourth quarter", "1989-10-01..1989-12-31"),
        ("1989-10-26", "the latest quarter", "1989-07-01..1989-09-30"),
        ("1989-10-26", "the year-ago quarter", "1988-07-01..1988-09-30"),
        ("1989-10-26", "the first nine months", "1989-01-01..1989-09-30"),
        ("1989-10-26", "the nine months ended Sept. 30", "1989-01-01..1989-09-30"),
        ("1989-10-26", "Nov. 15", "1989-11-15"),
        ("1989-10-26", "November", "1989-11-01..1989-11-30"),
        ("1989-10-26", "August", "1989-08-01..1989-08-31"),
        ("1998-02-13", "02/13/1998 14:26:00", "1998-02-13"),
        ("1998-02-13", "two months ago", "1997-12-01..1997-12-31"),
        ("2024-03-31", "a month ago", "2024-02-01..2024-02-29"),
        ("2023-01-08", "last weekend", "2022-12-31..2023-01-01"),
        ("2023-01-08", "the weekend", "2023-01-07..2023-01-08"),
        ("2023-01-02", "last night", "2023-01-01"),
        ("2023-04-01", "March 30 to April 2", "2023-03-30..2023-04-02"),
        ("2022-12-20", "Tuesday, January 3", "2023-01-03"),
        ("2022-06-01", "the past 12 months", "2021-06-01..2022-06-01"),
        ("2023-05-01", "Eid al-Fitr", "2023-04-22..2023-04-24"),
    ],
)
def test_other_publication_days(published: str, phrase: str, expected: str) -> None:
    assert interval(normalize(phrase, published)) == expected


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (None, "2023-01-01..2023-12-31"),
        ("2023-01-03", "2023-01-03"),
        ("2023-02-01", "2023-01-03"),
        ("2023-06-01", "2023-01-01..2023-12-31"),
    ],
)
def test_day_or_month_first_is_not_guessed(published: str | None, expected: str) -> None:
    assert interval(normalize("1/3/2023", published)) == expected


@pytest.mark.parametrize(
    "phrase",
    [
        *("", "   ", "2,022 people", "room 2023", "killed 1990 people", "1500 soldiers"),
        *("31 February 2023", "31 April", "Feb. 29, 2023", "31 Hut 1401", "30 Safar 1444"),
        *("two weeks", "three", "the sun", "sat on", "Mar Thoma", "the eve of Eid"),
        *("on the eve of the election", "second", "Peshawar", "1 Hamal 0", "99/99/2023"),
        *("5-3 March 2022", "in 300 BC", "in 1200 BC", "x" * 500),
    ],
)
def test_no_date(phrase: str) -> None:
    assert normalize(phrase, TUESDAY) is None


def test_eid_alone_is_one_of_two() -> None:
    assert normalize("Eid", TUESDAY).precision == "unknown"


@pytest.mark.parametrize(
    ("phrase", "precision"),
    [
        ("on Monday", "day"),
        ("since Monday", "day"),
        ("Tuesday and Wednesday", "day"),
        ("between Monday and Thursday", "day"),
        ("March 3-5", "day"),
        ("30 November and 2 December", "day"),
        ("last week", "week"),
        ("the past few days", "week"),
        ("the past week", "week"),
        ("over the weekend", "week"),
        ("late November", "month"),
        ("since August", "month"),
        ("the past month", "month"),
        ("the third quarter", "year"),
        ("last summer", "year"),
        ("the 1990s", "year"),
    ],
)
def test_precision_is_that_of_the_ends_or_the_length(phrase: str, precision: str) -> None:
    assert normalize(phrase, TUESDAY).precision == precision


@pytest.mark.parametrize(
    "published", [dt.date(2023, 1, 3), dt.datetime(2023, 1, 3, 23, tzinfo=dt.UTC), " 2023-01-03 "]
)
def test_publication_day_as_date_or_string(published: dt.date | str) -> None:
    assert interval(normalize("yesterday", published)) == "2023-01-02"


@pytest.mark.parametrize("published", ["yesterday", "2023-02-31", "03.01.2023"])
def test_bad_publication_day(published: str) -> None:
    with pytest.raises(PublishedError, match="publication day"):
        normalize("last week", published)
    with pytest.raises(PublishedError, match="publication day"):
        find("last week", published)


@pytest.mark.parametrize(
    ("phrase", "published", "expected", "basis"),
    [
        ("3 de enero de 2023", None, "2023-01-03", "explicit"),
        ("3 Ocak 2023", TUESDAY, "2023-01-03", "explicit"),
        ("gestern", TUESDAY, "2023-01-02", "relative"),
        ("il y a trois jours", TUESDAY, "2022-12-31", "relative"),
    ],
)
def test_other_languages(phrase: str, published: str | None, expected: str, basis: str) -> None:
    when = normalize(phrase, published)
    assert (interval(when), when.basis) == (expected, basis)


def test_other_languages_fill_nothing_in() -> None:
    assert normalize("gestern").precision == "unknown"
    assert normalize("3 de enero", TUESDAY) is None


FOUND = {
    "Troops left the valley on Monday and came back late Tuesday.": {
        "on Monday": "2023-01-02",
        "late Tuesday": "2023-01-03",
    },
    "The post was shelled on Saturday and Sunday.": {
        "on Saturday and Sunday": "2022-12-31..2023-01-01"
    },
    "Aid came in from 3 to 5 March, but since August nothing has.": {
        "from 3 to 5 March": "2022-03-03..2022-03-05",
        "since August": "2022-08-01..",
    },
    "A mine killed two on 3 March 2022. The same day a bus burned; two days later it rained.": {
        "on 3 March 2022": "2022-03-03",
        "The same day": "2022-03-03",
        "two days later": "2022-03-05",
    },
    "He was seized on March 3, 2022, freed the next day and shot the following week.": {
        "on March 3, 2022": "2022-03-03",
        "the next day": "2022-03-04",
        "the following week": "2022-03-07..2022-03-13",
    },
    "She fled on 9 June 2021, a day earlier than he did.": {
        "on 9 June 2021": "2021-06-09",
        "a day earlier": "2021-06-08",
    },
    "In 2014 the town fell. Later that year it was retaken.": {
        "In 2014": "2014-01-01..2014-12-31",
        "Later that year": "2014-01-01..2014-12-31",
    },
    "He worked on Monday and sat down in March and may return.": {
        "on Monday": "2023-01-02",
        "in March": "2022-03-01..2022-03-31",
    },
    "The envoys will meet in Doha on Friday.": {"on Friday": "2023-01-06"},
    "The envoys met in Doha on Friday.": {"on Friday": "2022-12-30"},
    "The vote is due in March.": {"in March": "2023-03-01..2023-03-31"},
    "The offensive of 2022 (and the one of 1996) failed in 1500 villages.": {
        "2022": "2022-01-01..2022-12-31",
        "1996": "1996-01-01..1996-12-31",
    },
    "The siege (1992) ended in 1996.": {
        "1992": "1992-01-01..1992-12-31",
        "in 1996": "1996-01-01..1996-12-31",
    },
    "It was the deadliest raid in 2022 alone, the July blast apart.": {
        "in 2022 alone": "2022-01-01..2022-12-31",
        "the July": "2022-07-01..2022-07-31",
    },
    "At noon on Saturday the shelling stopped.": {"At noon on Saturday": "2022-12-31"},
    "Fighters entered the town in the\nearly 1990s.": {
        "in the\nearly 1990s": "1990-01-01..1993-12-31"
    },
    "Last week's raid and yesterday's blast hit the same street.": {
        "Last week": "2022-12-26..2023-01-01",
        "yesterday": "2023-01-02",
    },
    "\u0130zmir was quiet on Monday.": {"on Monday": "2023-01-02"},
    "On 3 March and 5 October 2022 two posts fell.": {
        "On 3 March": "2022-03-03",
        "5 October 2022": "2022-10-05",
    },
}


@pytest.mark.parametrize(("text", "expected"), FOUND.items())
def test_found_in_text(text: str, expected: dict[str, str]) -> None:
    found = find(text, TUESDAY)
    assert {when.text: interval(when) for when in found} == expected
    assert all(when.span.of(text) == when.text for when in found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "They may march on; the sun sat on the second hill in a mar of dec.",
        "Theresa May and Jan Egeland met April Glaspie and August Wilson.",
        "Bishops of the Mar Thoma church spoke to the Sun and the Sunday Times.",
        "Some 2,022 people, 1500 soldiers and 1990 others in room 2023 watched Russia Today.",
        "At least 1990 people fled; a convoy of 2000 soldiers came from 1300 km away.",
        "Of 1800 refugees, 1990 were moved by 2000 troops over two weeks.",
        "Version 1.2.34 of 10.11.12.13 scored 3-2 at 14:30 for $1999.",
        "The week was long, the year hard, and now the day ends in Spring Valley.",
        "The Good Friday agreement held on 31 February 2023.",
        "Ramadan Shallah saw a Christmas tree on Black Friday.",
        "The 1990-strong crowd of the fall of the wall met the next few.",
    ],
)
def test_nothing_found(text: str) -> None:
    assert find(text, TUESDAY) == []


def test_order_and_spans() -> None:
    text = "On Monday, 2 January 2023, and again today."
    assert [when.span for when in find(text, TUESDAY)] == [
        Span(start=0, end=25),
        Span(start=37, end=42),
    ]


def test_without_a_publication_day_only_written_years_are_known() -> None:
    known, unknown = find("He fled in May 1998 and came back last month.")
    assert interval(known) == "1998-05-01..1998-05-31"
    assert (unknown.first, unknown.last, unknown.precision) == (None, None, "unknown")


def test_anaphora_without_a_day_before_it_is_unknown() -> None:
    (when,) = find("The same day a second bomb went off.", TUESDAY)
    assert (when.first, when.precision, when.basis) == (None, "unknown", "relative")


def test_dateparser_is_loaded_only_when_asked() -> None:
    code = (
        "import sys; from geomap.dates import find, normalize;"
        "find('on Monday', '2023-01-03'); normalize('last week');"
        "sys.exit('dateparser' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On Friday the envoy will fly to Oslo.", "2023-01-06"),
        ("It rained. On Friday, the two sides are due to meet.", "2023-01-06"),
        ("On Friday the envoy said that he will fly home.", "2022-12-30"),
        ("They promised to meet again in June.", "2023-06-01"),
        ("They agreed to a truce on Friday.", "2022-12-30"),
    ],
)
def test_a_plan_lies_ahead(text: str, expected: str) -> None:
    (when,) = find(text, TUESDAY)
    assert when.first.isoformat() == expected


def test_a_phrase_at_the_start_of_a_paragraph_is_without_the_line_break() -> None:
    (when,) = find("All was quiet.\n\nLast month, it rained.", TUESDAY)
    assert when.text == "Last month"

from __future__ import annotations

from geomap.events.people import holders, two_people
from geomap.model import Span


def test_people_are_known_by_the_office_that_an_article_gives_them():
    text = "Foreign Minister Ann Roe landed on Monday. Roe then met Ben Doe, a trader."
    assert holders(text) == {"Ann", "Roe"}


def test_nobody_is_known_without_an_office():
    assert holders("Ann Roe met Ben Doe.") == frozenset()
    assert holders("") == frozenset()


def test_two_people_are_named_by_first_and_last_name():
    words = "Ann Roe held talks with Ben Doe in New Delhi."
    place = Span(start=words.index("New"), end=words.index("."))
    assert two_people(words, [place])
    assert not two_people("Ann Roe held talks in New Delhi.", [Span(start=22, end=31)])

from __future__ import annotations

import pytest

from geomap.elements import Element, balanced, clipped, element, plain, web_address


def test_text_is_escaped_and_elements_are_not():
    inner = element("b", {}, "1 < 2 & 3")
    assert inner == "<b>1 &lt; 2 &amp; 3</b>"
    assert element("p", {"title": 'a "quote" <'}, inner, "</p>") == (
        '<p title="a &quot;quote&quot; &lt;"><b>1 &lt; 2 &amp; 3</b>&lt;/p&gt;</p>'
    )
    assert isinstance(inner, Element)


def test_an_attribute_of_none_is_left_out_and_void_elements_close_themselves():
    assert element("br", {"id": None}) == "<br />"
    assert element("p", {"id": None, "n": 0}) == '<p n="0"></p>'


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("nul \x00", "nul \ufffd"),
        ("half \ud800", "half \ufffd"),
        ("a\u2028b\u2029c\u0085d", "a b c d"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("\u202eabc", "\u202eabc\u202c"),
        ("\u2067a\u202eb\u202c", "\u2067a\u202eb\u202c\u2069"),
        ("", ""),
    ],
)
def test_plain_text_can_be_written_anywhere(given, written):
    assert plain(given) == written
    assert balanced(written) == written


def test_an_endless_text_is_cut():
    assert clipped("abcdefgh", 8) == "abcdefgh"
    assert clipped("abcdefghi", 8) == "abcdef …"


@pytest.mark.parametrize(
    ("given", "linked"),
    [
        ("https://bell.example/a?b=c#d", "https://bell.example/a?b=c#d"),
        ("HTTP://bell.example", "HTTP://bell.example"),
        ('https://b.example/"x<y>(z) é\\', "https://b.example/%22x%3Cy%3E%28z%29%20%C3%A9%5C"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//bell.example", None),
        ("https://", None),
        ("https://user@bell.example/", None),
        ("file:///etc/passwd", None),
        ("", None),
        (None, None),
    ],
)
def test_only_addresses_of_the_web_are_linked(given, linked):
    assert web_address(given) == linked

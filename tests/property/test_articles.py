from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.articles import (
    clean,
    dateline,
    decode,
    paragraphs,
    publication_day,
    read_articles,
    sentences,
)
from geomap.articles.page_text import page_parts
from geomap.model import Article, Span

any_text = st.text(alphabet=st.characters(), max_size=200)
# Pieces that the rules look at, so that their combinations are met often.
newsy = st.lists(
    st.sampled_from(
        [
            *"aBé1.!?…。؟()[]“”\"'»-–—_:,/#@",
            *" \n\r\t\u2028\u2029\u00a0\x0b\x85\ufffd",
            *("Mr.", "U.S.", "p.m.", "KABUL", "Kabul", "(AP)", "Jan. 3, 2023", "The ", "\n\n"),
            *("Published: ", "tweet on Tuesday", "– A (@b) ", "Jan", "word " * 12),
        ]
    ),
    max_size=60,
).map("".join)
texts = any_text | newsy
markup = st.lists(
    st.sampled_from(
        [
            *("<p>", "</p>", "<div>", "</div>", "<article>", "<script>", "</script>", "<!--"),
            *("-->", "<![", "<!", "<", ">", "&amp;", "&#0;", "&#xD800;", "<title>", "<br>"),
            *("text ", "<h1>", "<script type=application/ld+json>", '{"datePublished": [1]}'),
            *("<nav", "<form>", '="', "<time datetime=2023-01-03>", "<meta name=date>"),
        ]
    ),
    max_size=40,
).map("".join)


def covered(text: str, spans: tuple[Span, ...]) -> None:
    """Check that the spans are in order, trimmed, and leave out nothing but white space."""
    position = 0
    for span in spans:
        assert text[position : span.start].strip() == ""
        piece = span.of(text)
        assert piece
        assert piece == piece.strip()
        position = span.end
    assert text[position:].strip() == ""


@given(texts)
def test_sentences_and_paragraphs_cover_the_text(text: str) -> None:
    covered(text, sentences(text))
    covered(text, paragraphs(text))


@given(texts)
def test_no_sentence_crosses_a_paragraph(text: str) -> None:
    blocks = paragraphs(text)
    assert all(any(block.contains(span) for block in blocks) for span in sentences(text))


@given(texts)
def test_clean_keeps_length_and_gives_utf8(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    assert clean(cleaned) == cleaned
    cleaned.encode()


@given(st.binary(max_size=300), st.none() | st.text(max_size=12) | st.just("windows-1251"))
def test_decode_never_raises(data: bytes, declared: str | None) -> None:
    decode(data, declared=declared)


@given(st.text(max_size=100).filter(lambda text: "\x00" not in text))
def test_valid_utf8_comes_back(text: str) -> None:
    assert decode(text.encode()) == text.removeprefix("\ufeff")


@given(st.text(alphabet=st.characters(categories=["Ll", "Lu"], max_codepoint=0x24F), min_size=20))
def test_one_bad_byte_among_many_good_ones_harms_nothing_else(text: str) -> None:
    good = f"é{text}ø"
    assert decode(b"\xff" + good.encode()) == f"\ufffd{good}"


@given(texts)
def test_a_dateline_lies_in_the_head_and_holds_its_place(text: str) -> None:
    found = dateline(text)
    assert found is None or (found.span.contains(found.place) and found.span.start < 300)


@given(texts)
def test_publication_day_never_raises(text: str) -> None:
    publication_day(Article(text=text))


@given(markup)
def test_any_markup_is_read(page: str) -> None:
    parts = page_parts(page)
    assert parts.text == parts.text.strip()


# It writes files, which a busy disk makes slow.
@settings(deadline=None)
@given(st.lists(st.tuples(st.text(min_size=1), st.text(min_size=1)), min_size=1, max_size=5))
def test_jsonl_round_trip(rows: list[tuple[str, str]]) -> None:
    rows = [(clean(name).strip() or "x", clean(text).strip() or "x") for name, text in rows]
    lines = [json.dumps({"id": name, "text": text}, ensure_ascii=False) for name, text in rows]
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.jsonl")
        path.write_text("\n".join(lines), encoding="utf-8", newline="")
        assert [(article.id, article.text) for article in read_articles(path)] == rows

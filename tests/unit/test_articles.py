from __future__ import annotations

import csv
import io
import json
import os
import sys
import threading
import time
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from geomap.articles import (
    clean,
    dateline,
    decode,
    paragraphs,
    publication_day,
    read_articles,
    sentences,
    with_publication_day,
)
from geomap.articles.days import parse_day
from geomap.articles.page_text import page_parts
from geomap.articles.rows import TEXT_LIMIT
from geomap.errors import ArticleError, PublishedError
from geomap.model import Article

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def split(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


def gather(inputs: str | Path | Iterable[str | Path]) -> tuple[list[Article], list[str]]:
    errors: list[ArticleError] = []
    return list(read_articles(inputs, on_error=errors.append)), [str(error) for error in errors]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"\xef\xbb\xbfKabul", "Kabul"),
        ("Peşāwar".encode("utf-16"), "Peşāwar"),
        ("Peşāwar".encode("utf-32"), "Peşāwar"),
        ("Two men were held".encode("utf-16-le"), "Two men were held"),
        ("Two men were held".encode("utf-16-be"), "Two men were held"),
        ("Two men were held".encode("utf-32-be"), "Two men were held"),
        ("وصل الوفد إلى كابول".encode("utf-16-le"), "وصل الوفد إلى كابول"),
        ("the café “Roma”".encode("cp1252"), "the café “Roma”"),
    ],
)
def test_decode_finds_the_encoding(data: bytes, text: str) -> None:
    assert decode(data) == text


def test_a_few_bad_bytes_do_not_turn_the_rest_into_mojibake() -> None:
    data = "Peşāwar, Bājaur".encode().replace(b", ", b"\xff\xfe,\xc3 ")
    assert decode(data) == "Peşāwar\ufffd\ufffd,\ufffd Bājaur"


@pytest.mark.parametrize(
    ("declared", "text"), [("windows-1251", "Взрыв в Киеве"), ("CP1256", "انفجار في كابول")]
)
def test_decode_uses_the_declared_charset(declared: str, text: str) -> None:
    assert decode(text.encode(declared), declared=declared) == text
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}"><p>{text}'
    assert decode(page.encode(declared)).endswith(text)


@pytest.mark.parametrize("declared", ["windows-1251", "utf-16", "rot13", "no-such-charset", ""])
def test_valid_utf8_outranks_what_is_declared(declared: str) -> None:
    assert decode("Peşāwar".encode(), declared=declared) == "Peşāwar"


def test_clean_replaces_one_for_one() -> None:
    assert clean("a\x00b\ud83dc\r\n\u200f") == "a\ufffdb\ufffdc\r\n\u200f"


@pytest.mark.parametrize(
    "text",
    [
        "Gen. Zia and Lt. Col. A. B. Khan met Mr. Noor on Jan. 3 near St. Mary’s.",
        "The U.S. Army flew 3.5 tonnes to Charleston, W. Va. and to Washington, D.C. yesterday.",
        "Doors open at 8 p.m. Tuesday and close at 9 a.m. GMT.",
        "Item No. 5 on p. 12 of Smith et al. v. Jones was struck.",
        "“Who did this?” she asked",
        "They paused ... and went on, e.g. to Herat (approx. 40 km off).",
        "Yahoo! said it would leave",
        "The letter is at www.Example.org and a.b@News.example here",
    ],
)
def test_one_sentence(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(
    "pieces",
    [
        ("He left the U.S.", "The army stayed."),
        ("They met at 5 p.m.", "Officials declined to comment."),
        ("“We will not go.”", "He paused.", "(Nobody spoke.)", "Then it ended!"),
        ("The answer is no.", "She repeated it…", "Why?!", "Nobody knows."),
        ("It cost 40.", "Twelve came.", "[Four left.]"),
        ("قتل ثلاثة.", "هل انتهى؟", "لا نعرف."),
        ("वह आया।", "वह गया।"),
        ("He grew up with John F. Noor Jr.", "After that he left."),
    ],
)
def test_sentences_end_where_they_should(pieces: tuple[str, ...]) -> None:
    assert split(" ".join(pieces)) == list(pieces)


def test_sentences_without_a_blank_between_them() -> None:
    assert split("It was calm for days.Kabul fell.”Then it rained.") == [
        "It was calm for days.",
        "Kabul fell.”",
        "Then it rained.",
    ]
    assert split("他说。她走了。") == ["他说。", "她走了。"]


def test_paragraphs_end_at_line_breaks() -> None:
    text = "A headline without a stop\r\n\r\nFirst line of it\nSecond Line\n\u2029 \n Third.\n"
    assert [span.of(text) for span in paragraphs(text)] == [
        "A headline without a stop",
        "First line of it",
        "Second Line",
        "Third.",
    ]
    assert split(text) == [span.of(text) for span in paragraphs(text)]


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "Soldiers on Sunday reached the outskirts of the town of Al\n"
        "Bab after a week of shelling that had forced most of the\n"
        "Kurdish families who still lived there to leave for good.\n"
        "They found it empty.\n"
        "A second column turned north to the road that leads to the\n"
        "Turkish border and was stopped by mines."
    )
    assert [span.of(text)[:8] for span in paragraphs(text)] == ["Soldiers", "A second"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_wrapped_lines_are_one_paragraph_with_any_line_end(end: str) -> None:
    lines = (
        "The governor of the province told reporters that the road to the",
        "Torkham crossing would stay closed until the Frontier Corps had cleared",
        "it, and that families from Landi Kotal and Jamrud had been moved to the",
        "Peshawar side. He gave no day.",
    )
    text = end.join((*lines, "", "Traders said they had lost much."))
    assert [len(span.of(text).split(end)) for span in paragraphs(text)] == [4, 1]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("A car bomb went off in\nPeshawar on Monday.", 1),
        ("Envoys of the\r\nUnited Nations came.", 1),
        ("What we know of it\nPeshawar was hit.", 2),
        ("Talks go on in\n\nPeshawar was hit.", 2),
        ("The\nPeshawar", 2),
        ("Main\nPeshawar", 2),
    ],
)
def test_a_line_that_ends_with_a_link_goes_on(text: str, count: int) -> None:
    assert len(paragraphs(text)) == count


def test_blank_text_has_no_sentences() -> None:
    assert sentences(" \n\t\u00a0") == paragraphs("") == ()


@pytest.mark.parametrize(
    ("head", "place", "day", "agency"),
    [
        ("KABUL, March 30 (Reuters) - ", "KABUL", "March 30", "Reuters"),
        ("Islamabad, Pakistan – ", "Islamabad, Pakistan", None, None),
        ("TROY, N.C. (AP) _ ", "TROY, N.C.", None, "AP"),
        ("PESHAWAR: ", "PESHAWAR", None, None),
        ("BEIRUT (AP) — ", "BEIRUT", None, "AP"),
        ("Moscow. 3 January. INTERFAX.COM - ", "Moscow", "3 January.", "INTERFAX.COM"),
        ("MOSCOW, January 3. /TASS/. ", "MOSCOW", "January 3", "TASS"),
        ("KABUL, Afghanistan, Jan. 3, 2023 (AFP) -", "KABUL, Afghanistan", "Jan. 3, 2023", "AFP"),
        ("[Kabul, 3 March]", "Kabul", "3 March", None),
        ("PORT-AU-PRINCE, Haiti — ", "PORT-AU-PRINCE, Haiti", None, None),
        ("Tehran, Jan 3, IRNA – ", "Tehran", "Jan 3", "IRNA"),
        ("(NEW YORK) — ", "NEW YORK", None, None),
        ("Kabul: ", "Kabul", None, None),
        ("BEIRUT (AP) \ufffd ", "BEIRUT", None, "AP"),
    ],
)
@pytest.mark.parametrize("above", ["", "Four held after raid\n\n", "By A Reporter\r\n"])
def test_dateline(above: str, head: str, place: str, day: str | None, agency: str | None) -> None:
    text = f"{above}{head}The governor said on Monday that four men had been held after the raid."
    found = dateline(text)
    assert found is not None
    assert found.span.of(text).strip() == head.strip()
    assert (found.place.of(text), found.day, found.agency) == (place, day, agency)


def test_dateline_behind_a_headline_on_the_same_line() -> None:
    text = "Man found in lake. HUDSON -- Officials said on Monday that he had drowned."
    found = dateline(text)
    assert found is not None
    assert found.place.of(text) == "HUDSON"


@pytest.mark.parametrize(
    "piece",
    [".", ". ", '."', "A. ", "Ab.", " ", "\n", "!", ".[1", "A.A-A'", "AB, ", "10:10 ", "– a (@b) "],
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    text = piece * 100_000 + "a"
    begun = time.process_time()
    assert sentences(text)[-1].end == len(text)
    dateline(text)
    publication_day(Article(text=text))
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "piece", ["<", "<!", "<!--", "</", '<a href="', "<div>", "<![x", "<?", "&a"]
)
def test_hostile_markup_takes_linear_time(piece: str) -> None:
    begun = time.process_time()
    page_parts(piece * 30_000)
    page_parts(piece * 30_000 + ">")
    assert time.process_time() - begun < 5


def test_dateline_that_has_lost_its_marks() -> None:
    text = "SAN MARCO The mayor resigned on Monday. Voters in San Marco were surprised."
    found = dateline(text)
    assert found is not None
    assert found.span.of(text) == "SAN MARCO"
    assert dateline("NATO Secretary General visits. He was in Oslo.") is None


@pytest.mark.parametrize(
    "text",
    [
        "The attack - the worst in years - was claimed by nobody.",
        "Breaking: The mayor has resigned, the city council announced on Monday evening.",
        "BREAKING: The mayor has resigned.",
        "Smith (left) - The captain of the team for many years - resigned on Monday.",
        "Analysis – The mayor has resigned, and what that means for the city is not yet clear.",
        "Noor: We will never leave this city, whatever the army and the militias may do to us.",
        "Tuesday, January 3 - The mayor resigned.",
        "Police said Jan. 3 - a Tuesday - was the day.",
        "UN: The council met on Monday.",
        "He said: The war is over.",
        "",
    ],
)
def test_no_dateline(text: str) -> None:
    assert dateline(text) is None


def test_a_dateline_far_down_is_not_looked_for() -> None:
    assert dateline("word " * 70 + "\nKABUL, March 30 (Reuters) - The mayor resigned.") is None


@pytest.mark.parametrize(
    "text",
    [
        "KABUL, Jan. 3, 2023 (AFP) - The mayor resigned.",
        "Published: 3 January 2023\n\nThe mayor resigned.",
        "The mayor resigned.\n\nPublished in The Courier, January 3rd, 2023",
        "Mayor resigns\nLast updated: Tue 3 Jan 2023 10:00 GMT\nHe said so.",
        "By Ann Reporter | January 3, 2023 | 10:30 AM\n\nThe mayor resigned.",
        "Ann B. Reporter Jr., The Courier January 3, 2023 2:36 pm. The mayor resigned.",
        "CITY NEWS Posted Tuesday, January 3, 2023 1:19PM CST\n\nThe mayor resigned.",
        "In a tweet on Tuesday he resigned.\n\nI resign – A Mayor (@mayor) January 3, 2023\n\nSo.",
        "He posted it today.\n\nI resign — A Mayor (@mayor) January 3, 2023",
        "He tweeted yesterday.\n\nI resign — A Mayor (@mayor) January 2, 2023",
    ],
)
def test_publication_day_in_the_text(text: str) -> None:
    article = Article(text=text, id="a")
    assert publication_day(article) == date(2023, 1, 3)
    assert with_publication_day(article) == Article(text=text, id="a", published=date(2023, 1, 3))


@pytest.mark.parametrize(
    "text",
    [
        "KABUL, Jan. 3 (AFP) - The mayor resigned.",
        "The report was published on 3 January 2021 and led to arrests.",
        "By January 3, 2023, the rebels had left the city.",
        "The mayor resigned on January 3, 2023.",
        "In a tweet on Friday he resigned.\n\nI resign – A Mayor (@mayor) January 3, 2023",
        "In a tweet last Tuesday he resigned.\n\nI resign – A Mayor (@mayor) January 3, 2023",
        "In a tweet on Tuesday he quit. He left on May 5, 2023.\n\nBye – M (@m) January 3, 2023",
        "I resign – A Mayor (@mayor) January 3, 2023",
        "",
    ],
)
def test_no_safe_publication_day(text: str) -> None:
    article = Article(text=text)
    assert publication_day(article) is None
    assert with_publication_day(article) is article


def test_a_given_publication_day_stands() -> None:
    article = Article(text="Published: 3 January 2023", published=date(2020, 2, 2))
    assert publication_day(article) == date(2020, 2, 2)


@pytest.mark.parametrize(
    "value",
    [
        "2023-01-03",
        "20230103",
        "2023-01-03T23:59:59.5+05:00",
        "2023-01-03 10:00:00Z",
        "Tue, 03 Jan 2023 10:00:00 GMT",
        "3 January 2023",
        "Tuesday, Jan. 3, 2023 at 10:00 am EST",
        date(2023, 1, 3),
        datetime(2023, 1, 3, 23, 59, tzinfo=UTC),
    ],
)
def test_parse_day(value: date | str) -> None:
    assert parse_day(value) == date(2023, 1, 3)


@pytest.mark.parametrize(
    "value", ["03/01/2023", "2023-13-01", "31 February 2023", "Jan 2023", "yesterday", "x" * 999]
)
def test_parse_day_refuses_what_is_no_date_or_has_two_readings(value: str) -> None:
    with pytest.raises(PublishedError, match="is not a date"):
        parse_day(value)
    assert parse_day(" ") is None


def test_a_text_file_keeps_every_character(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Mayor resigns\r\n\r\nHe s\x00id – so.\r\n".encode())
    [article] = read_articles(path)
    assert article.text == "Mayor resigns\r\n\r\nHe s\ufffdid – so.\r\n"
    assert article.title == "Mayor resigns"
    assert article.id == article.digest


@pytest.mark.parametrize(
    "text",
    ["He resigned.\n\nSo.", "He\n\nSo it was.", "One long line\nanother", "By Ann Noor\n\nIt is"],
)
def test_a_first_line_that_may_be_no_title(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    [article] = read_articles(tmp_path / "a.txt")
    assert article.title is None


def test_markdown(tmp_path: Path) -> None:
    text = '---\ntitle: "Mayor: out"\ndate: 2023-01-03\nurl: https://x.example\n---\n# No\n\nSo.\n'
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    (tmp_path / "b.md").write_text("Above\n\n# Mayor resigns #\n\nSo.", encoding="utf-8")
    first, second = read_articles(tmp_path)
    assert first.text == "# No\n\nSo.\n"
    assert (first.title, first.published) == ("Mayor: out", date(2023, 1, 3))
    assert first.url == "https://x.example"
    assert second.title == "Mayor resigns"


PAGE = """<!doctype html><html lang="en-GB"><head>
<title>Mayor resigns | The Courier</title><link rel="canonical" href="https://c.example/1">
<meta property="og:site_name" content="The Courier"><!-- <p>comment</p> -->
<script type="application/ld+json">{"@graph": [{"datePublished": "2023-01-03T05:00:00Z"}]}</script>
</head><body><nav><p>Home</p></nav><header><h1>Mayor resigns</h1></header>
<article><p>The mayor &amp; his&nbsp;wife<br>left the <b>ci</b>ty.<p>Nobody knows why.
<figure><figcaption>A photo</figcaption></figure><aside><p>Read more</p></aside>
<h2>Reaction</h2><ul><li>Relief<li>Joy</ul><script>var x = "<p>no</p>";</script></article>
<footer><p>Imprint</p></footer></body></html>"""


def test_html(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    [article] = read_articles(tmp_path / "a.html")
    assert article.text == (
        "The mayor & his wife\nleft the city.\n\nNobody knows why.\n\nReaction\n\nRelief\n\nJoy"
    )
    assert article.title == "Mayor resigns"
    assert article.published == date(2023, 1, 3)
    assert (article.source, article.url) == ("The Courier", "https://c.example/1")
    assert article.language == "en-GB"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<form><div>All of it is in a form.</div></form>", "All of it is in a form."),
        ("<div>Loose text.<br><br>More of it.</div>", "Loose text.\n\nMore of it."),
        ("<main><p>Kept.</p></main><p>Not.</p>", "Kept."),
        ("<p>a</b></div></p><p>b<![foo[ x ]]><p>c <!-- open", "a\n\nb\n\nc"),
        ("<div>" * 5_000 + "deep" + "</div>" * 5_000, "deep"),
        ("<pre>one\ntwo</pre>", "one\ntwo"),
        ("1 < 2 <", "1 < 2 <"),
    ],
)
def test_html_of_all_sorts(tmp_path: Path, page: str, text: str) -> None:
    (tmp_path / "a.htm").write_text(page, encoding="utf-8")
    [article] = read_articles(tmp_path / "a.htm")
    assert article.text == text


RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:media="http://search.yahoo.com/mrss/"><channel><title>The Courier</title>
<language>en</language><item><title>Mayor &amp;amp; wife</title><link>https://c.example/1</link>
<media:description>No</media:description><description>Short</description>
<content:encoded><![CDATA[<p>He left.</p><p>So did she.</p>]]></content:encoded>
<pubDate>Tue, 03 Jan 2023 10:00:00 GMT</pubDate><guid>g1</guid></item>
<item><title>Nothing</title></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>Courrier</title>
<entry><id>e1</id><title>Le&nbsp;maire</title><link rel="self" href="x"/>
<link href="https://c.example/2"/><published>2023-01-03T10:00:00Z</published>
<summary>Il est parti.</summary></entry></feed>"""


def test_feeds(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(RSS, encoding="utf-8")
    (tmp_path / "b.atom").write_text(ATOM, encoding="utf-8")
    (rss, atom), errors = gather(tmp_path)
    assert rss.text == "He left.\n\nSo did she."
    assert (rss.id, rss.title, rss.source) == ("g1", "Mayor & wife", "The Courier")
    assert (rss.url, rss.language) == ("https://c.example/1", "en")
    assert rss.published == atom.published == date(2023, 1, 3)
    assert (atom.text, atom.id, atom.title) == ("Il est parti.", "e1", "Le maire")
    assert (atom.source, atom.url, atom.language) == ("Courrier", "https://c.example/2", "fr")
    assert errors == [f"{tmp_path / 'a.xml'}, item 2: has no text"]


@pytest.mark.parametrize(
    ("feed", "reason"),
    [
        ("<rss>\n<item></rss>", ":2: is not XML"),
        ("<root/>", "holds no items"),
        ('<!DOCTYPE r [<!ENTITY a "b">]><rss><item><title>&a;</title></item></rss>', "document"),
    ],
)
def test_xml_that_is_no_feed(tmp_path: Path, feed: str, reason: str) -> None:
    (tmp_path / "a.xml").write_text(feed, encoding="utf-8")
    with pytest.raises(ArticleError, match=reason):
        list(read_articles(tmp_path / "a.xml"))


def test_jsonl_gives_its_good_rows_and_names_the_bad_ones(tmp_path: Path) -> None:
    row = {"id": 7, "title": " T ", "text": "So\x00.", "published": "2023-01-03T10:00:00Z"}
    lines = [
        json.dumps(row),
        "",
        '{"text": "broken',
        '{"id": "b", "body": "no text"}',
        "[1]",
        '{"text": "\\ud800", "published": "03/01/2023", "source": ["x"]}',
        "[" * 100_000,
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    articles, errors = gather(path)
    assert articles[0] == Article(id="7", title="T", text="So\ufffd.", published=date(2023, 1, 3))
    assert (articles[1].text, articles[1].published, articles[1].source) == ("\ufffd", None, None)
    assert [error.removeprefix(f"{path}:").split(":")[0] for error in errors] == list("345667")
    assert "its fields are 'id', 'body'" in errors[1]
    assert "YYYY-MM-DD" in "".join(errors)


def test_jsonl_in_other_encodings(tmp_path: Path) -> None:
    line = json.dumps({"text": "Café in Peşāwar"}, ensure_ascii=False)
    (tmp_path / "a.jsonl").write_text(line, encoding="utf-8-sig")
    (tmp_path / "b.jsonl").write_text(f"{line}\r\n{line}\r\n", encoding="utf-16")
    (tmp_path / "c.ndjson").write_bytes(b'{"text": "Caf\xe9"}\n')
    assert [article.text for article in read_articles(tmp_path)] == ["Café in Peşāwar"] * 3 + [
        "Café"
    ]


def test_json_that_is_not_jsonl_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('[\n{"text": "a"},\n{"text": "b"}\n]', encoding="utf-8")
    articles, errors = gather(tmp_path / "a.jsonl")
    assert articles == []
    assert len(errors) == 1
    assert "one object a line" in errors[0]


@pytest.mark.parametrize(
    ("suffix", "delimiter", "encoding"),
    [("csv", ",", "utf-8-sig"), ("csv", ";", "cp1252"), ("tsv", "\t", "utf-16")],
)
def test_csv(tmp_path: Path, suffix: str, delimiter: str, encoding: str) -> None:
    limit = csv.field_size_limit()
    long = "Café, “so”\r\n; " * 20_000
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([["Id", "Text", "published"], ["1", long, "2023-01-03"], ["2", "b", ""]])
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(out.getvalue().encode(encoding))
    first, second = read_articles(path)
    assert (first.id, first.text, first.published) == ("1", long, date(2023, 1, 3))
    assert (second.id, second.text) == ("2", "b")
    assert csv.field_size_limit() == limit


def test_csv_errors(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,one\n2,two,three\n3,"a "b" c"\n4,four\n5,"open\n', encoding="utf-8")
    articles, errors = gather(path)
    assert [article.text for article in articles] == ["one", "four"]
    assert [error.removeprefix(f"{path}:")[0] for error in errors] == ["3", "4", "6"]
    path.write_text("id,body\n1,x\n", encoding="utf-8")
    assert gather(path)[1] == [f"{path}:1: has no column 'text'; its columns are 'id', 'body'"]
    path.write_text("id,text\n", encoding="utf-8")
    assert gather(path)[1] == [f"{path}: holds no rows"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \n", "holds no text"),
        (b"%PDF-1.7\n%", "is a PDF"),
        (b"PK\x03\x04\x14", "is a zip archive"),
        (b"\x1f\x8b\x08\x00", "decompress it"),
        (bytes(range(256)) * 9, "is binary data"),
        ("Делегация прибыла в Ташкент".encode("cp1251"), "in an encoding that nothing names"),
        ("代表团抵达塔什干进行会谈".encode("gbk"), "in an encoding that nothing names"),
        (b"x" * (TEXT_LIMIT + 1), "write one article a row as JSONL"),
    ],
    ids=["empty", "blank", "pdf", "zip", "gzip", "binary", "cp1251", "gbk", "large"],
)
def test_files_that_hold_no_article(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(ArticleError, match=reason) as caught:
        list(read_articles(path))
    assert caught.value.where == str(path)


@pytest.mark.parametrize(
    "data",
    [
        "Ein Grüppchen überquerte in Köln die Brücke".encode("latin-1"),
        "Делегация прибыла в Ташкент".encode() + b" \xff\xfe",
        "<meta charset=cp1251>Делегация прибыла".encode("cp1251"),
        "é, è, à".encode("latin-1"),
    ],
    ids=["western", "damaged", "declared", "few"],
)
def test_a_text_whose_encoding_is_clear_is_read(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.html").write_bytes(data)
    assert gather(tmp_path / "a.html")[1] == []


def test_a_table_in_an_unnamed_encoding_is_refused(tmp_path: Path) -> None:
    rows = "id,text\n1,Делегация прибыла в Ташкент и встретилась с министром\n"
    (tmp_path / "a.csv").write_bytes(rows.encode("cp1251"))
    assert gather(tmp_path)[1] == [
        f"{tmp_path / 'a.csv'}: is in an encoding that nothing names; save it as UTF-8"
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('{"id": "a"}', "has no 'text'; its fields are 'id'"),
        ("{}", "has no 'text'; its fields are none"),
        ('{"text": null}', "its 'text' is null"),
        ('{"text": 7}', "its 'text' is not a string"),
        ('{"text": " "}', "its 'text' is empty"),
        ('{"text": "a", "id": true}', "'id' is not a string; the article is read without it"),
    ],
)
def test_a_row_says_what_is_wrong_with_it(tmp_path: Path, row: str, reason: str) -> None:
    (tmp_path / "a.jsonl").write_text(row, encoding="utf-8")
    assert gather(tmp_path)[1] == [f"{tmp_path / 'a.jsonl'}:1: {reason}"]


def test_an_open_quote_says_that_it_hides_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('text\n"open\nhidden\n', encoding="utf-8")
    assert gather(path)[1] == [
        f"{path}:2: opens a quote that nothing closes; close it to have the rows behind it read"
    ]


def test_what_a_folder_or_glob_finds_is_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    (tmp_path / "b.txt").mkdir()
    (tmp_path / "c.txt").write_text("c", encoding="utf-8")
    for given in (tmp_path, str(tmp_path / "*.txt")):
        articles, errors = gather(given)
        assert [article.text for article in articles] == ["c"]
        assert errors == [f"{tmp_path / 'a.txt'}: is no regular file"]


def test_a_named_pipe_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "rows")
    writer = os.open(tmp_path / "rows", os.O_RDWR)
    os.write(writer, b'{"text": "a"}\n')
    articles = read_articles(tmp_path / "rows", published="2023-01-03")
    threading.Timer(0.2, os.close, [writer]).start()
    assert [article.text for article in articles] == ["a"]


@pytest.mark.parametrize("given", ["-", "/dev/zero"])
def test_endless_zeros_end(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    with open("/dev/zero", encoding="latin-1") as zeros:  # noqa: PTH123 - stands for stdin
        monkeypatch.setattr(sys, "stdin", zeros)
        ((), (error,)) = gather(given)
    assert "is binary data" in error


def test_kinds_of_files_that_geomap_does_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n")
    (tmp_path / "b.json").write_bytes(b"[]")
    (tmp_path / "c.xyz").write_bytes(b"")
    _, errors = gather([tmp_path / name for name in ("a.pdf", "b.json", "c.xyz")])
    reasons = ("is a PDF; extract", "is JSON; write one article a line", "is of an unknown kind")
    assert all(reason in error for reason, error in zip(reasons, errors, strict=True))


def test_inputs_keep_their_order_and_folders_are_walked_sorted(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "sub/c.txt", "x.pdf", ".hidden.txt", ".git/d.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name, encoding="utf-8")
    given = [tmp_path / "sub/c.txt", tmp_path, str(tmp_path / "**/*.txt")]
    texts = [article.text for article in read_articles(given)]
    assert texts == ["sub/c.txt", "a.md", "b.txt", "sub/c.txt", "b.txt", "sub/c.txt"]


def test_inputs_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_text("x", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.txt").symlink_to("gone")
    (tmp_path / "a.docx").write_bytes(b"x")
    inputs = [
        "artcle.txt",
        "no/a.txt",
        "empty",
        "*.csv",
        "broken.txt",
        "a.docx",
        "x\x00y",
        "z" * 999,
    ]
    given = [*(str(tmp_path / name) for name in inputs), "https://x.example/a", ""]
    articles, errors = gather(given)
    assert articles == []
    assert f"did you mean {tmp_path / 'article.txt'}?" in errors[0]
    assert "nor does its folder" in errors[1]
    assert "holds no articles" in errors[2]
    assert "matches no article" in errors[3]
    assert "does not exist" in errors[4]
    assert "unknown kind" in errors[5]
    assert "does not exist" in errors[6]
    assert len(errors[7]) < 400
    assert "is a URL" in errors[8]
    assert errors[9].startswith("'': is an empty name")
    assert len(errors) == len(given)


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x", encoding="utf-8")

    def refuse(*_args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    assert gather(path) == ([], [f"{path}: cannot be read: Permission denied"])
    monkeypatch.setattr("pathlib.Path.is_dir", refuse)
    assert gather(path) == ([], [f"{path}: cannot be read: Permission denied"])


def test_without_a_handler_the_first_error_is_raised_and_not_before(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    articles = read_articles([tmp_path / "a.txt", tmp_path / "none.txt"])
    assert next(articles).text == "x"
    with pytest.raises(ArticleError):
        next(articles)


def test_the_publication_day_fills_gaps_only(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "a", "published": "2020-02-02"}\n{"text": "b"}', encoding="utf-8")
    days = [article.published for article in read_articles(path, published="2023-01-03")]
    assert days == [date(2020, 2, 2), date(2023, 1, 3)]
    with pytest.raises(PublishedError):
        read_articles(path, published="soon")


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (b"Plain {text}.\nMore.", ["Plain {text}.\nMore."]),
        (b'\n{"text": "a"}\n{"text": "b"}\n', ["a", "b"]),
        (b'{"text": "a"}', ["a"]),
        (b'{"id": "no text"}\n{"text": "b"}\n', ["b"]),
        (b'{"no": "text"} so it is plain', ['{"no": "text"} so it is plain']),
        ("Plain ā".encode("utf-16"), ["Plain ā"]),
    ],
)
def test_standard_input(monkeypatch: pytest.MonkeyPatch, data: bytes, texts: list[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert [article.text for article in gather("-")[0]] == texts


def test_standard_input_without_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert gather("-")[1] == ["stdin: is empty"]
    monkeypatch.setattr(sys, "stdin", None)
    assert gather("-")[1] == ["stdin: is closed"]


def test_rows_stream(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "a"}\n' * 3 + "broken\n", encoding="utf-8")
    articles = read_articles(path)
    assert [next(articles).text for _ in range(3)] == ["a", "a", "a"]
    with pytest.raises(ArticleError, match=":4: "):
        next(articles)

"""Bytes to text without mojibake, and text cleaned without moving a character."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["clean", "damaged_encoding", "decode", "is_foreign", "wide_encoding"]

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# The longer marks come first: UTF-32-LE begins with the mark of UTF-16-LE.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Enough to see the NUL pattern of UTF-16 and the head of a page (HTML asks for 1,024).
_SAMPLE = 4096

# Even Arabic or Cyrillic UTF-16 has a zero byte for each blank, about one character in six.
_NUL_SHARE = 0.05
_FEWEST_NULS = 2

# The codecs of the WHATWG Encoding Standard; "utf-7", "rot13", "zlib" and the like stay out.
_KNOWN = re.compile(
    r"(?:ascii|utf-8|cp(?:1006|125\d|437|8[56]\d|874|932|949|950)|iso8859-\d+|koi8-[rtu]"
    r"|mac-cyrillic|mac-roman|gb2312|gbk|gb18030|hz|big5|big5hkscs|euc_jp|euc_kr|shift_jis"
    r"|iso2022_jp|johab|tis-620|ptcp154)"
)

# WHATWG Encoding Standard: what a label stands for in practice is the vendor's superset.
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}

_DECLARED = re.compile(
    rb"""<meta[^>]{1,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})"""
    rb"""|<\?xml[^>]{1,100}?encoding\s*=\s*["']([\w.:-]{2,40})""",
    re.IGNORECASE,
)

# Bytes that no cp1252 text has: five are undefined, and 0xFF would be a y with diaeresis.
_NOT_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d\xff]")

# Letters beyond ASCII are a tenth of the letters of French or Polish, a quarter in Vietnamese, and
# nearly all in Cyrillic, Arabic or Chinese; a handful of them proves nothing.
_FOREIGN_SHARE = 0.4
_FEWEST_FOREIGN = 8
_HIGH = re.compile(rb"[\x80-\xff]")
_LETTERS = re.compile(rb"[A-Za-z]")
# Binary data has one of them in ten bytes, text hardly any.
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CONTROL_SHARE = 0.01

_ENCODED_REPLACEMENT = REPLACEMENT.encode()
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_DAMAGED = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """Replace what no text may hold, one character for one.

    NUL and lone surrogates become U+FFFD. Nothing else changes and nothing moves, line ends
    included, so that offsets into the result are offsets into `text`.

    Parameters
    ----------
    text
        Any string; the empty one is returned as it is.

    Returns
    -------
    str
        A string of the same length that can be encoded as UTF-8.
    """
    return _DAMAGED.sub(REPLACEMENT, text)


def decode(data: bytes, *, declared: str | None = None) -> str:
    """Decode the bytes of a text file; never raises.

    A byte order mark decides first, then the NUL pattern of unmarked UTF-16 and UTF-32, then valid
    UTF-8, then the declared charset, then UTF-8 with its few bad bytes replaced, and cp1252 where
    the data has more bad bytes than good multibyte sequences.

    Parameters
    ----------
    data
        The whole text. Empty bytes give the empty string.
    declared
        The charset that a header names, in any spelling; an unknown name is ignored. Without it
        the ``<meta charset>`` or XML declaration of data that begins with markup is used.

    Returns
    -------
    str
        The text without its byte order mark; each undecodable sequence is one U+FFFD.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    wide = wide_encoding(data)
    if wide is not None:
        return data.decode(wide, "replace")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        encoding = damaged_encoding([data], declared or _declared_in(data))
        return data.decode(encoding, "replace")
    # ISO-2022-JP and HZ look like ASCII: only their escapes and the declaration tell.
    if text.isascii() and (b"\x1b$" in data or b"~{" in data):
        named = _codec(declared or _declared_in(data))
        if named in {"iso2022_jp", "hz"}:
            return data.decode(named, "replace")
    return text


def wide_encoding(data: bytes) -> str | None:
    """Recognise UTF-16 or UTF-32 by its mark or by where the zero bytes of its head stand.

    Parameters
    ----------
    data
        The beginning of a file, or all of it.

    Returns
    -------
    str or None
        A codec that takes the data from its first byte, or None for one-byte encodings and UTF-8.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return None if encoding == "utf-8" else encoding[: -len("-le")]
    sample = data[: min(_SAMPLE, len(data) // 4 * 4)] or data[: len(data) // 2 * 2]
    pairs = len(sample) // 2
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if pairs > 1 and sample[2::4].count(0) + sample[3::4].count(0) == pairs:
        return "utf-32-le"
    if pairs > 1 and sample[::4].count(0) + sample[1::4].count(0) == pairs:
        return "utf-32-be"
    if max(even, odd) < max(_FEWEST_NULS, _NUL_SHARE * pairs):
        return None
    return "utf-16-le" if even == 0 else "utf-16-be" if odd == 0 else None


def is_foreign(data: bytes) -> bool:
    """Tell whether data is text in an encoding that can only be guessed.

    Parameters
    ----------
    data
        The beginning of a file, or all of it. Empty bytes are not foreign.

    Returns
    -------
    bool
        True for, say, Cyrillic in cp1251 without a declaration: as cp1252 it would be mojibake.
        False for UTF-8, UTF-16 and UTF-32, what declares its charset, Western text, binary data.
    """
    if wide_encoding(data) is not None or _codec(_declared_in(data)) is not None:
        return False
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(data)
    replaced = text.count(REPLACEMENT)
    good = len(_NOT_ASCII.findall(text)) - replaced
    if replaced - data.count(_ENCODED_REPLACEMENT) <= good:
        return False
    high, plain = len(_HIGH.findall(data)), len(_LETTERS.findall(data))
    return high >= max(_FEWEST_FOREIGN, _FOREIGN_SHARE * (high + plain)) and len(
        _CONTROLS.findall(data)
    ) <= _CONTROL_SHARE * len(data)


def _declared_in(data: bytes) -> str | None:
    head = data[:_SAMPLE]
    if not head.lstrip().startswith(b"<"):
        return None
    found = _DECLARED.search(head)
    return (found[1] or found[2]).decode("ascii", "replace") if found else None


def _codec(declared: str | None) -> str | None:
    """Return the codec for a declared charset, or None for UTF-8 and for names of no charset."""
    try:
        name = codecs.lookup(declared or "").name
    except (LookupError, ValueError):
        return None
    return _SUPERSETS.get(name, name) if _KNOWN.fullmatch(name) and name != "utf-8" else None


def damaged_encoding(chunks: Iterable[bytes], declared: str | None = None) -> str:
    """Choose the codec of data that is not valid UTF-8: another one, or UTF-8 with bad bytes.

    Parameters
    ----------
    chunks
        The data in order, in pieces of any size.
    declared
        The charset that the data declares, if it does.

    Returns
    -------
    str
        "utf-8" unless the bad bytes outnumber the good multibyte sequences; then the declared
        charset or "cp1252".
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    bad = good = 0
    plausible = True
    for chunk in chunks:
        text = decoder.decode(chunk)
        replaced = text.count(REPLACEMENT)
        bad += replaced - chunk.count(_ENCODED_REPLACEMENT)
        good += len(_NOT_ASCII.findall(text)) - replaced
        plausible = plausible and _NOT_CP1252.search(chunk) is None
    if bad <= good:
        return "utf-8"
    return _codec(declared) or ("cp1252" if good or plausible else "utf-8")

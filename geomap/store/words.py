"""The words of a quote, the same in every store: those that SQLite's full text search sees.

A GeoPackage leaves this to FTS5; a server is given these words, so that both find the same.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["TOKENIZER", "words"]

# How both take text apart: runs of letters and digits, without case and, in Latin, accents.
TOKENIZER = "unicode61 remove_diacritics 2"
# What that comes to in ASCII, ten times as fast.
_ASCII_WORD = re.compile("[0-9a-z]+")


def words(texts: Sequence[str]) -> list[list[str]]:
    """Return the words of some texts.

    Parameters
    ----------
    texts
        The texts.

    Returns
    -------
    list of list of str
        Of each text its words in order, in lower case; an empty list for a text without any.
    """
    found = [_ASCII_WORD.findall(text.lower()) if text.isascii() else [] for text in texts]
    others = [number for number, text in enumerate(texts) if not text.isascii()]
    if others:
        with closing(sqlite3.connect(":memory:")) as database:
            database.execute(f"CREATE VIRTUAL TABLE t USING fts5(text, tokenize='{TOKENIZER}')")
            database.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, instance)")
            database.executemany(
                "INSERT INTO t (rowid, text) VALUES (?, ?)",
                ((number, texts[number]) for number in others),
            )
            for number, term in database.execute('SELECT doc, term FROM v ORDER BY doc, "offset"'):
                found[number].append(term)
    return found

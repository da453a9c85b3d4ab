"""Files, folders, globs and stdin to `Article`s, cleaned once; the units of their text.

Offsets slice the text as it was given: cleaning replaces characters one for one.
"""

from __future__ import annotations

from geomap.articles.datelines import Dateline, dateline
from geomap.articles.encoding import clean, decode
from geomap.articles.publication import publication_day, with_publication_day
from geomap.articles.reading import read_articles
from geomap.articles.segments import paragraphs, sentences

__all__ = [
    "Dateline",
    "clean",
    "dateline",
    "decode",
    "paragraphs",
    "publication_day",
    "read_articles",
    "sentences",
    "with_publication_day",
]

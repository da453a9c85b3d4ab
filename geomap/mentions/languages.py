"""Which language a text is in, by its script and its function words."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from string import ascii_letters

from geomap.folding import fold

__all__ = ["Language", "foreign", "language_of", "vocabulary"]

# The beginning of an article tells its language; more would only cost time.
_SAMPLE = 2000
# Letters that only one of the languages of a script has. In names and quotations they stand in
# texts of another language too, hence they only add to what the function words say.
_LETTERS = {
    "ar": "ةىأإؤ",
    "ps": "ټډړږښڼېۍځڅګ",
    "ur": "ٹڈڑےںہھ",
    "ru": "ыэъё",
    "uk": "іїєґ",
    "tr": "ğışİŞĞ",
    "es": "ñ¿¡",
    "de": "ßäöü",
    "fr": "œèêù",
    "pt": "ãõ",
}
_PLAIN = ("en", "fr", "es", "de", "it", "pt", "nl", "tr")
_RANGES = {
    "Latn": "\u00c0-\u024f\u1e00-\u1eff",
    "Cyrl": "\u0400-\u052f",
    "Arab": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff",
    "Hebr": "\u0590-\u05ff",
    "Grek": "\u0370-\u03ff\u1f00-\u1fff",
    "Deva": "\u0900-\u097f",
    "Hang": "\uac00-\ud7af\u1100-\u11ff",
    "Kana": "\u3041-\u30ff",
    "Hani": "\u3400-\u4dbf\u4e00-\u9fff",
}
_OTHER = "Zyyy"
_SCRIPTS = {script: re.compile(f"[{letters}]") for script, letters in _RANGES.items()}
_LANGUAGES = {
    "Latn": _PLAIN,
    "Cyrl": ("ru", "uk"),
    "Arab": ("ar", "fa", "ps", "ur"),
    "Hebr": ("he",),
    "Grek": ("el",),
    "Deva": ("hi",),
}
_ASCII = re.compile("[\\x00-\x7f]+")
_PLAIN_LETTERS = ascii_letters.encode()
# One Chinese character says as much as several letters, and Japanese mixes it with kana.
_WEIGHTS = {"Hani": 3, "Kana": 3, "Hang": 2}
# A Japanese text holds at least this share of kana among its characters; a Chinese one none.
_KANA_SHARE = 0.1
_WORD = re.compile("[\\w\u0900-\u0963]+")
_ASCII_WORD = re.compile("[a-z0-9_]+")
# Two function words may be a name ("Los de Abajo"); a sentence holds three and of one language.
_FEWEST = 3
_LEAD = 1.3
# One function word in six is the least that running text of these languages has; Turkish has
# suffixes where others have such words.
_SHARE = {"tr": 0.05}
_LEAST_SHARE = 1 / 7


@dataclass(frozen=True, slots=True)
class Language:
    """The closed word classes of a language, folded: see `languages.toml`."""

    code: str
    stop: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]
    against: frozenset[str]
    tail: frozenset[str]
    common: frozenset[str]


@cache
def vocabulary(code: str) -> Language:
    """Return the word classes of a language; all empty for one without a table."""
    table = _tables().get(code, {})
    words = {
        name: frozenset(fold(word) for word in table.get(name, "").split())
        for name in ("stop", "before", "after", "against", "tail", "common")
    }
    return Language(code=code, **words)


@cache
def _tables() -> dict[str, dict[str, str]]:
    path = Path(__file__).with_name("languages.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def language_of(text: str) -> str | None:
    """Tell the language of a text.

    Parameters
    ----------
    text
        Any text; may be empty. Its first 2,000 characters are looked at.

    Returns
    -------
    str or None
        ISO 639-1: ar, de, el, en, es, fa, fr, he, hi, it, ja, ko, nl, ps, pt, ru, tr, uk, ur or
        zh; None where the text is too short or too mixed to be sure.
    """
    return _language(text[:_SAMPLE])[1]


def foreign(text: str) -> Language | None:
    """Return the word classes of a text's language; None for English and what may be English.

    Parameters
    ----------
    text
        Any text; may be empty.

    Returns
    -------
    Language or None
        Without words for a text in another script than Latin whose language is not known.
    """
    script, code = _language(text[:_SAMPLE])
    if code == "en" or (code is None and script in {None, "Latn"}):
        return None
    return vocabulary(code or "")


# An article is asked for its language twice, by the pipeline and by the stage that reads names.
@lru_cache(maxsize=16)
def _language(sample: str) -> tuple[str | None, str | None]:
    """Return the script and the language of a text, each None where it cannot be told."""
    script = "Latn" if sample.isascii() else _script(sample)
    if script in {"Hani", "Kana"}:
        return script, _east_asian(sample)
    if script == "Hang":
        return script, "ko"
    if script is None or script not in _LANGUAGES:
        return script, None
    return script, _by_words(sample, script)


def _script(sample: str) -> str | None:
    """Return the script of most letters."""
    rest = _ASCII.sub("", sample)
    found = {name: len(pattern.findall(rest)) for name, pattern in _SCRIPTS.items()}
    counts = {name: _WEIGHTS.get(name, 1) * count for name, count in found.items()}
    counts[_OTHER] = sum(map(str.isalpha, rest)) - sum(found.values())
    plain = sample.encode("ascii", "ignore")
    counts["Latn"] += len(plain) - len(plain.translate(None, _PLAIN_LETTERS))
    counts["Hani"] += counts["Kana"]
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] > 0 else None


def _east_asian(sample: str) -> str:
    kana, han = (len(_SCRIPTS[name].findall(sample)) for name in ("Kana", "Hani"))
    return "ja" if kana > _KANA_SHARE * (kana + han) else "zh"


def _by_words(sample: str, script: str) -> str | None:
    """Tell the language by its function words; one that several share counts for each a part."""
    languages = _LANGUAGES[script]
    # "l'armée" and "Ankara'da" hold a function word each, which folding would hide.
    words = _words(sample.replace("'", " ").replace("’", " "))
    stops = _stops(languages)
    hits, shares = dict.fromkeys(languages, 0.0), dict.fromkeys(languages, 0.0)
    for word, count in Counter(filter(stops.__contains__, words)).items():
        for code in stops[word]:
            hits[code] += count
            shares[code] += count / len(stops[word])
    if not sample.isascii():
        rest = _ASCII.sub("", sample)
        for code in languages:
            letters = sum(map(rest.count, _LETTERS.get(code, ""))) / 2
            hits[code] += letters
            shares[code] += letters
    best, *others = sorted(languages, key=lambda code: -shares[code])
    second = max((shares[code] for code in others), default=0.0)
    least = max(_FEWEST, _SHARE.get(best, _LEAST_SHARE) * len(words)) if script == "Latn" else 1
    return best if hits[best] >= least and shares[best] >= _LEAD * second else None


def _words(text: str) -> list[str]:
    """Return the folded words of a text; those in ASCII, which need lower case alone, first."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    parts = text.split()
    others = [part for part in parts if "`" in part or not part.isascii()]
    plain = [part for part in parts if part.isascii() and "`" not in part]
    return _ASCII_WORD.findall(" ".join(plain).lower()) + _WORD.findall(fold(" ".join(others)))


@cache
def _stops(languages: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Map each function word to the languages that have it.

    One Latin letter says nothing: "N.C." is no French.
    """
    found: dict[str, tuple[str, ...]] = {}
    for code in languages:
        for word in sorted(vocabulary(code).stop):
            if word.isascii() and len(word) == 1:
                continue
            found[word] = (*found.get(word, ()), code)
    return found

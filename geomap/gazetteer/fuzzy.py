"""Names that look like a name nobody has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import marisa_trie

__all__ = ["similar_keys"]

# Below four letters every name is like every other; two slips need a long name to carry them.
_MIN_LENGTH, _TWO_SLIPS_LENGTH = 4, 8
# Most slips spare the first letters, and a look at all 1.3 million names would take a second.
_SHARED_PREFIX = 2
_MOST = 20


def similar_keys(trie: marisa_trie.Trie, key: str) -> list[str]:
    """Return the keys that differ from `key` by one slip, or two in a long one, nearest first.

    Parameters
    ----------
    trie
        The folded names.
    key
        A folded name; one that is too short or unlike everything has no similar ones.

    Returns
    -------
    list of str
        At most 20 keys by Damerau-Levenshtein distance (optimal string alignment), then by name.
    """
    if len(key) < _MIN_LENGTH:
        return []
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    slips = 2 if len(key) >= _TWO_SLIPS_LENGTH else 1
    pool = [k for k in trie.keys(key[:_SHARED_PREFIX]) if abs(len(k) - len(key)) <= slips]
    pool += [k for k in _first_letters_slipped(trie, key) if k not in pool]
    found = process.extract(
        key, pool, scorer=OSA.distance, score_cutoff=slips, limit=_MOST, processor=None
    )
    return [name for name, *_ in sorted(found, key=lambda hit: (hit[1], hit[0]))]


def _first_letters_slipped(trie: marisa_trie.Trie, key: str) -> list[str]:
    """Try one slip in the first two letters: left out, doubled or swapped."""
    tries = {key[1:], key[0] + key[2:], key[1] + key[0] + key[2:]}
    tries |= {letter + key[1:] for letter in "abcdefghijklmnopqrstuvwxyz"}
    tries |= {letter + key for letter in "abcdefghijklmnopqrstuvwxyz"}
    return sorted(k for k in tries if k != key and k in trie)

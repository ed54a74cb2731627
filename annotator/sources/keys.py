"""A word or a name as written -> what it is compared by.

Case, accents, dots, possessives, the Arabic article and the way vowels are written in
Latin letters are set aside, for comparison and never for show.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from annotator.sources.words import Words, words

LONG_ENOUGH: Final = 5
"""Letters from which vowels may vary; in shorter names they tell people apart
("Dina", "Dana")."""

_SERVANT: Final = re.compile(r"abd(?:[aeu][lr]|u)?-?(?=[a-z]{3})")
_VOWELS: Final = re.compile(r"[aeiouwy]+")


@lru_cache(maxsize=2**16)
def fold(word: str) -> str:
    """Give a word without case, accents, dots, apostrophes and a possessive s.

    >>> [fold(w) for w in ("U.S.", "Erdoğan’s", "SANAs", "Qur'an")]
    ['us', 'erdogan', 'sana', 'quran']
    """
    if re.fullmatch(r"[A-Z]{2,}s", word):
        word = word[:-1]
    word = re.sub(r"['’`][sS]?$", "", word)
    plain = unicodedata.normalize("NFKD", word.casefold().replace("ı", "i"))
    return re.sub(r"[^\w-]|_", "", "".join(c for c in plain if c.isalnum() or c == "-"))


def proper_key(lows: Sequence[str]) -> tuple[str, ...]:
    """Give what proper names are compared by.

    The Arabic article goes; particles and "Abd" join the word after them, so that
    the last word is a family name.

    >>> proper_key(["rami", "abdel-rahman"]) == proper_key(["rami", "abdulrahman"])
    True
    >>> proper_key(["bashar", "al-assad"]), proper_key(["mohammed", "bin", "salman"])
    (('bashar', 'assad'), ('mohammed', 'binsalman'))
    """
    table = words()
    pieces = [p for low in lows for p in low.split("-") if p]
    kept = [
        p
        for i, p in enumerate(pieces)
        if p not in table.arabic_article or i == len(pieces) - 1
    ]
    out: list[str] = []
    held = ""
    for i, piece in enumerate(kept):
        last = i == len(kept) - 1
        if not last and piece in table.particles:
            held += piece
        elif not last and re.fullmatch(r"abd(?:[aeu][lr]|u)?", piece):
            held += "abd"
        elif piece not in table.small:
            whole = _SERVANT.sub("abd", piece) if piece.startswith("abd") else piece
            out.append(held + table.spelling.get(whole, whole))
            held = ""
    return _without_aliases(tuple(out), table)


def _without_aliases(key: tuple[str, ...], table: Words) -> tuple[str, ...]:
    """Put a known abbreviation for its expansion at the beginning of a name."""
    for size in range(min(4, len(key)), 0, -1):
        if key[:size] in table.alias:
            return (table.alias[key[:size]], *key[size:])
    return key


def transliteration(word: str) -> str:
    """Give what stays of a name when its vowels are written another way.

    >>> len({transliteration(w) for w in ("mohammed", "muhammad", "mohamad")})
    1
    >>> transliteration("hassan") == transliteration("hussein")
    False
    >>> transliteration("maria") == transliteration("marie")
    False
    """
    word = re.sub(r"(\w)\1+", r"\1", word)
    if len(word) < LONG_ENOUGH:
        return word
    body, last = re.sub(r"(?:iy|y|ei|ey)$", "i", word), ""
    if re.search(r"[aeiou]$", body):
        body, last = body[:-1], body[-1]
    first = {"u": "o", "e": "i"}.get(body[0], body[0])
    return first + _VOWELS.sub(_vowel, body[1:]) + last


def _vowel(match: re.Match[str]) -> str:
    return "2" if set(match[0]) & set("ouw") else "1"

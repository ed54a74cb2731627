"""A name -> what it is compared by.

Case, accents, dots, possessives and the Arabic article are set aside, and so is how
vowels are written in Latin letters where the rest of two names agrees.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import Indel

from annotator.states import fold as fold_phrase

LONG_ENOUGH: Final = 5
"""Letters from which vowels may vary; in shorter names they tell people apart
("Dina", "Dana")."""

ALIKE: Final = 0.7
"""Least share of letters in common, in order, of two spellings of one name: above
"Hassan" and "Hussein" (0.55), below "Mohammed" and "Muhammad" (0.71)."""

_ARTICLES: Final = frozenset(
    {"al", "el", "ul", "as", "ad", "an", "ar", "at", "ash", "the"}
)
_SERVANT: Final = frozenset({"abd", "abdel", "abdul", "abdal", "abdol"})
_VOWELS: Final = re.compile(r"[aeiouy]+")


@lru_cache(maxsize=2**16)
def fold(name: str) -> str:
    """Give a name without case, accents, dots, possessive and article.

    >>> fold("The U.S. Senate's"), fold("Erdoğan’s")
    ('us senate', 'erdogan')
    """
    return fold_phrase(name)


@lru_cache(maxsize=2**16)
def words_of(name: str) -> tuple[str, ...]:
    """Give the folded words of a name, without Arabic articles inside it.

    >>> words_of("Bashar al-Assad") == words_of("Bashar Assad")
    True
    >>> words_of("Rami Abdel-Rahman") == words_of("Rami Abdul Rahman")
    True
    """
    pieces = [p for p in re.split(r"[\s-]+", fold(name)) if p]
    out: list[str] = []
    servant = ""
    for i, piece in enumerate(pieces):
        last = i == len(pieces) - 1
        if piece in _ARTICLES and not last:
            continue
        if piece in _SERVANT and not last:
            servant = "abd"
            continue
        out.append(servant + (re.sub(r"^abd[aeou]l(?=\w{3})", "abd", piece)))
        servant = ""
    return tuple(out)


@lru_cache(maxsize=2**16)
def skeleton(word: str) -> str:
    """Give a word with its vowels unsaid and doubled letters once.

    >>> {skeleton(w) for w in ("mohammed", "muhammad", "mohamad")}
    {'m_h_m_d'}
    """
    if len(word) < LONG_ENOUGH:
        return word
    once = re.sub(r"(\w)\1+", r"\1", word)
    bare = _VOWELS.sub("_", once)
    end = once[-1] if bare.endswith("_") and once[-1] in "aou" else ""
    return bare + end


def same_spelling(left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether two names differ at most in how they are written in Latin letters.

    >>> same_spelling(["mohammed", "saleh"], ["muhammad", "salih"])
    True
    >>> same_spelling(["hassan", "saleh"], ["hussein", "saleh"])
    False
    >>> same_spelling(["maria", "lind"], ["marie", "lind"])
    False
    """
    return len(left) == len(right) and all(
        a == b
        or (
            skeleton(a) == skeleton(b)
            and Indel.normalized_similarity(_once(a), _once(b)) >= ALIKE
        )
        for a, b in zip(left, right, strict=True)
    )


def abbreviates(acronym: str, name: str) -> bool:
    """Whether the letters of an acronym stand in a name in order, the first first.

    >>> abbreviates("isis", "islamic state"), abbreviates("cnn", "daily post")
    (True, False)
    """
    letters = iter(name.replace(" ", ""))
    return name[:1] == acronym[:1] and all(c in letters for c in acronym)


def _once(word: str) -> str:
    return re.sub(r"(\w)\1+", r"\1", word)

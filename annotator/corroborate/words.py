"""Text -> tokens, their stems, and keys under which spellings of a name meet."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final, NamedTuple

from snowballstemmer import stemmer

_TOKEN: Final = re.compile(
    r"""\d{1,3}(?:[,\u00a0\u202f\x20]\d{3})+(?![\d])(?:\.\d+)?  # 9,000 and 9 000
    |\d+(?:\.\d+)?
    |(?:[^\W\d_]\.){2,}                                         # U.S.
    |[^\W\d_]+(?:['’][^\W\d_]+)*
    |[%$€£]
    |[^\w\s]""",
    re.VERBOSE,
)
_VOWELS: Final = re.compile(r"[aeiouy]+")
_CONSONANT_W: Final = re.compile(r"w(?=[aeiouy])")
_ARTICLE: Final = re.compile(r"^(?:al|el|ad|ar|as|at|az|ez|an|ash|the)[-'’ ]+")
_NOT_LETTERS: Final = re.compile(r"[^a-z]+")
_ENGLISH: Final = stemmer("english")

_SOUNDS: Final = (("ph", "f"), ("q", "k"), ("c", "k"), ("x", "ks"))
"""Letters that transliterations use for the same sound."""


class Token(NamedTuple):
    """A word, number or mark, and where it starts in its text."""

    text: str
    start: int

    @property
    def stem(self) -> str:
        """Its word stem in lower case; the mark or number itself otherwise."""
        return stem(self.text)


def tokens(text: str) -> list[Token]:
    """Give the words, numbers and marks of a text.

    >>> [t.text for t in tokens("9 000 left U.S.-held areas (6.3%).")]
    ['9 000', 'left', 'U.S.', '-', 'held', 'areas', '(', '6.3', '%', ')', '.']
    """
    return [Token(m[0], m.start()) for m in _TOKEN.finditer(text)]


@cache
def stem(word: str) -> str:
    """Give a word's English stem (Porter 2)."""
    return str(_ENGLISH.stemWord(word.casefold().replace("’", "'")))


@cache
def name_key(name: str) -> str:
    """Give what is common to the spellings of one word of a name.

    Vowels go but for a leading one; how many syllables there are stays, or short
    names that differ in their vowels alone would meet.

    >>> name_key("Sheikhun") == name_key("Shaykhoun"), name_key("Raqqa")
    (True, 'rk2')
    >>> name_key("Homs") == name_key("Hamas")
    False
    """
    flat = unicodedata.normalize("NFKD", name.casefold())
    flat = _ARTICLE.sub("", flat)
    flat = _NOT_LETTERS.sub("", flat.encode("ascii", "ignore").decode())
    if not flat:
        return name.casefold()
    if len(flat) > 4:
        flat = flat.removesuffix("s")
    for written, sound in _SOUNDS:
        flat = flat.replace(written, sound)
    flat = _CONSONANT_W.sub("v", flat).replace("w", "u")
    flat = flat.rstrip("h") or flat
    syllables = len(_VOWELS.findall(flat))
    consonants = _VOWELS.sub("", flat[1:])
    once = re.sub(r"(.)\1+", r"\1", flat[0] + consonants)
    return f"{'a' if once[0] in 'aeiouy' else once[0]}{once[1:]}{syllables}"

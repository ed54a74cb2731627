"""A stretch of text -> its words, with what capitals and possessives say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from annotator.attribute.nouns import HONORIFICS
from annotator.records import Sentence, Span

_TOKEN: Final = re.compile(r"(?:[^\W\d_]\.){2,}|@\w+|[^\W_]+(?:[-–'’&/][^\W_]+)*")
_ARTICLE_PREFIX: Final = re.compile(r"(?:al|el|ul|as|ad|an|ar|at|ash|az)[-–]", re.I)
_POSSESSIVE: Final = re.compile(r"(?<=.)['’]s?$", re.I)
_BREAK: Final = re.compile(r"[.:!?\"“”„«»‘(\[—–•*|]")

ARTICLES_KEPT: Final = 64
"""Four batches: actors are found before the encoder reads one, speakers after."""


class Token(NamedTuple):
    """A word.

    `name` is it without a possessive, `lower` that in small letters; `initial` says
    that its place alone may have given it a capital.
    """

    start: int
    end: int
    text: str
    name: str
    lower: str
    capital: bool
    initial: bool


def sentence_tokens(
    text: str, sentences: Sequence[Sentence]
) -> tuple[tuple[Token, ...], ...]:
    """Words of each sentence, in order: kept for whoever asks next of the same text."""
    return _of_spans(text, tuple(s.span for s in sentences))


@lru_cache(maxsize=ARTICLES_KEPT)
def _of_spans(text: str, spans: tuple[Span, ...]) -> tuple[tuple[Token, ...], ...]:
    return tuple(tuple(_tokenise(text, span)) for span in spans)


def _tokenise(text: str, span: Span) -> Iterator[Token]:
    """Words of a stretch, in order."""
    before = span.start
    for match in _TOKEN.finditer(text, span.start, span.end):
        word, start = match[0], match.start()
        gap = text[before:start]
        initial = before == span.start or (
            gap != " " and _BREAK.search(gap.lstrip(".")) is not None
        )
        before = match.end()
        name = _POSSESSIVE.sub("", word) if "'" in word or "’" in word else word
        lower = name.lower().rstrip(".")
        yield Token(start, before, word, name, lower, _is_cap(word), initial)


def _is_cap(word: str) -> bool:
    if word[0].isupper() or word[0] == "@":
        return True
    return "-" in word and _ARTICLE_PREFIX.sub("", word)[:1].isupper()


def touches(text: str, left: Token, right: Token) -> bool:
    """Whether nothing but a space, or the point of a title, parts two words."""
    gap = text[left.end : right.start]
    if gap.strip() == ".":
        return left.lower in HONORIFICS or len(left.text) == 1
    return gap.isspace() and "\n" not in gap

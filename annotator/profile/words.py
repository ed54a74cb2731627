"""A scored article -> the narrator's words, and where they stand.

What a source is said to say is left out, and so are headings and sentences that were
not read: an outlet's vocabulary is what it writes in its own voice.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import pairwise
from sys import intern
from typing import Final, NamedTuple

import regex

from annotator.records import ScoredArticle, Span


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD: Final = regex.compile(
    r"(?:\p{L}\.){2,}|\p{L}[\p{L}\p{M}\u200c\u200d]*"
    r"(?:['’\-\u2010\u2011][\p{L}\p{M}\u200c\u200d]+)*|\S"
)
"""A word, or one mark or digit at which a pair of words ends."""

_CHUNK: Final = regex.compile(r"\S+")

_ADDRESS: Final = ("@", "://", "www.")
"""What only addresses, of pages and of people, have in them."""

_LONGEST: Final = 40
"""Letters; anything longer is no word of any language but an address, a run of
letters without spaces, or an attack."""

_LINKS: Final = _words(
    """
    a an the this that these those and or but nor of in on at to for from by with as
    into than is are was were be been being has have had having do does did will would
    can could may might shall should must it its there which who whom
    """
)
"""English words that only join others: a pair with one ("of the", "the regime") says
no more than the other word alone, and such pairs are most of all pairs. Pronouns are
not among them: "our troops" and "their troops" differ."""


class Term(NamedTuple):
    """A word or a pair of words where it stands; `span` is into `Article.text`."""

    term: str
    sentence_id: str
    span: Span


def terms_of(scored: ScoredArticle) -> Counter[str]:
    """Count the words and the pairs of words that the narrator uses.

    Returns
    -------
    Counter
        "regime", "armed rebels"; empty for an article that was skipped.
    """
    return Counter(term for _, (term, _, _) in _found(scored))


def find_terms(
    scored: ScoredArticle, only: Collection[str] | None = None
) -> Iterator[Term]:
    """Find the words and the pairs of words that the narrator uses, or `only` some.

    Words are runs of letters of any script with inner apostrophes and hyphens, in
    small letters (NFKC, casefold), a final "'s" left off; scripts without spaces are
    not cut into words. A pair stands in one sentence, in the narrator's voice, with
    nothing but a space between its words, neither of which only links others ("of",
    "is"). Words of the outlet's own name and of the byline, the latter as the byline
    writes them, are not counted: what an outlet says most is its name.

    Returns
    -------
    iterator of Term
        Of each stretch of the narrator's, the words and then the pairs.
    """
    for sentence_id, (term, start, end) in _found(scored):
        if only is None or term in only:
            yield Term(term, sentence_id, Span(start, end))


def _found(scored: ScoredArticle) -> Iterator[tuple[str, Placed]]:
    """Give the terms of the narrator's stretches, each with its sentence's id."""
    article = scored.article
    read = {
        s.sentence_id
        for s in scored.sentences
        if s.kind == "body" and s.skipped is None
    }
    own = own_words(article.outlet)
    byline = frozenset(_WORD.findall(article.author or ""))
    for voiced in scored.voices:
        if voiced.voice == "outlet" and voiced.sentence_id in read:
            for placed in _terms(article.text, voiced.span, own, byline):
                yield voiced.sentence_id, placed


def own_words(outlet: str | None) -> frozenset[str]:
    """Give the words of an outlet's name, but for those that only link others.

    >>> sorted(own_words("The Lake Courier - News"))
    ['courier', 'lake', 'news']
    """
    words = (_folded(found) for found in _WORD.findall(outlet or ""))
    return frozenset(words) - _LINKS - {""}


Placed = tuple[str, int, int]
"""A word, mark or term, and where it starts and ends in the text of the article."""


def _terms(
    text: str, stretch: Span, own: Collection[str], byline: Collection[str]
) -> Iterator[Placed]:
    """Words of a stretch in order, then its pairs."""
    words = []
    for token, start, end in _tokens(text, stretch):
        word = "" if token in byline else _folded(token)
        words.append(("" if word in own else intern(word), start, end))
    yield from (found for found in words if found[0])
    for (first, start, _), (second, _, end) in pairwise(words):
        if first and second and _LINKS.isdisjoint((first, second)):
            yield intern(f"{first} {second}"), start, end


def _tokens(text: str, stretch: Span) -> Iterator[Placed]:
    """Words and marks of a stretch; an address counts as one mark."""
    addresses: Iterator[Span] = iter(())
    if any(text.find(mark, *stretch) >= 0 for mark in _ADDRESS):
        addresses = _addresses(text, stretch)
    start = stretch.start
    for address in addresses:
        yield from _marks(text, Span(start, address.start))
        yield "@", *address
        start = address.end
    yield from _marks(text, Span(start, stretch.end))


def _addresses(text: str, stretch: Span) -> Iterator[Span]:
    for chunk in _CHUNK.finditer(text, *stretch):
        if any(mark in chunk[0] for mark in _ADDRESS):
            yield Span(*chunk.span())


def _marks(text: str, stretch: Span) -> Iterator[Placed]:
    return ((m[0], m.start(), m.end()) for m in _WORD.finditer(text, *stretch))


@lru_cache(maxsize=1 << 16)
def _folded(token: str) -> str:
    """Give the word in the form it is counted in; "" for what is no word.

    >>> [_folded(t) for t in ("Regime’s", "U.S.", "ﬁghters", "co‑operate", "7", "—")]
    ['regime', 'u.s.', 'fighters', 'co-operate', '', '']
    """
    if not token[0].isalpha() or len(token) > _LONGEST:
        return ""
    plain = unicodedata.normalize("NFKC", token).casefold()
    plain = plain.replace("’", "'").replace("\u2010", "-")
    return plain.removesuffix("'s")

"""Two results folders -> the articles in both, in pairs, and their sentences in pairs.

Folders are read in step and in bounded memory, whatever the order of their articles.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from itertools import islice, zip_longest
from typing import Final

from annotator.errors import BadResults
from annotator.records import ScoredArticle, Sentence
from annotator.store import Results

MOST_WAITING: Final = 10_000_000
"""Characters of articles that wait in memory for their counterpart; with their labels
about 100 MB. Where more would have to, both folders are read once more for them."""


def labelled(results: Results) -> Iterator[ScoredArticle]:
    """Give whole articles with the machine's labels and nothing else found in them."""
    rows = results.sentences()
    for stored in results.articles():
        own = list(islice(rows, stored.n_sentences))
        yield ScoredArticle(
            stored.article,
            tuple(sentence for sentence, _ in own),
            {s.sentence_id: label for s, label in own if label},
        )


def paired(
    old: Results,
    new: Results,
    shared: Collection[str],
    most_waiting: int = MOST_WAITING,
) -> Iterator[tuple[ScoredArticle, ScoredArticle]]:
    """Give each article that both folders have, as it is in one and in the other.

    Parameters
    ----------
    shared
        Ids of these articles.
    most_waiting
        Characters held at once; a single article may be longer.

    Raises
    ------
    BadResults
        If a folder was written anew in the meantime and lacks an article now.
    """
    left = set(shared)
    while left:
        before = len(left)
        yield from _round(old, new, left, most_waiting)
        if len(left) == before:
            raise BadResults(
                f"{old.path} or {new.path} changed while it was read; compare again"
            )


def _round(
    old: Results, new: Results, left: set[str], most_waiting: int
) -> Iterator[tuple[ScoredArticle, ScoredArticle]]:
    """Read both folders once, and take from `left` each article that is given.

    An article that finds no room to wait in is passed over on both sides.
    """
    waiting: tuple[dict[str, ScoredArticle], ...] = ({}, {})
    passed_over: set[str] = set()
    held = 0
    for step in zip_longest(_those(old, left), _those(new, left)):
        for side, one in enumerate(step):
            if one is None or one.article.article_id in passed_over:
                continue
            article_id = one.article.article_id
            if other := waiting[1 - side].pop(article_id, None):
                held -= len(other.article.text)
                left.discard(article_id)
                yield (other, one) if side else (one, other)
            elif not held or held + len(one.article.text) <= most_waiting:
                waiting[side][article_id] = one
                held += len(one.article.text)
            else:
                passed_over.add(article_id)


def _those(results: Results, ids: set[str]) -> Iterator[ScoredArticle]:
    return (a for a in labelled(results) if a.article.article_id in ids)


def sentence_pairs(
    old: ScoredArticle, new: ScoredArticle
) -> Iterator[tuple[Sentence, Sentence]]:
    """Give the sentences that an article has in both folders, in their order.

    Where its text is the same they are those with the same span; else those with the
    same text but for white space, as far as their order is the same.
    """
    if old.article.text == new.article.text:
        at = {sentence.span: sentence for sentence in old.sentences}
        for sentence in new.sentences:
            if there := at.get(sentence.span):
                yield there, sentence
        return
    texts = [
        [_text(scored, sentence) for sentence in scored.sentences]
        for scored in (old, new)
    ]
    for i, j in in_order(*texts):
        yield old.sentences[i], new.sentences[j]


def _text(scored: ScoredArticle, sentence: Sentence) -> str:
    return " ".join(scored.article.text[slice(*sentence.span)].split())


def in_order(
    old: Sequence[Hashable], new: Sequence[Hashable]
) -> Iterator[tuple[int, int]]:
    """Pair equal items whose order is the same; both indices rise.

    Between the common beginning and the common end, the n-th of several equal items
    goes with the n-th. Of these pairs as many are taken as can be. Takes n log n steps
    at the worst, where `difflib` and a longest common subsequence may take n squared.

    >>> list(in_order("abcdef", "xbdcef"))
    [(1, 1), (2, 3), (4, 4), (5, 5)]
    """
    head = _common(old, new)
    tail = _common(reversed(old[head:]), reversed(new[head:]))
    place = {
        item: i for i, item in enumerate(_numbered(old[head : len(old) - tail]), head)
    }
    middle = [
        (place[item], j)
        for j, item in enumerate(_numbered(new[head : len(new) - tail]), head)
        if item in place
    ]
    yield from zip(range(head), range(head), strict=True)
    for k in _rising([i for i, _ in middle]):
        yield middle[k]
    yield from ((len(old) - n, len(new) - n) for n in range(tail, 0, -1))


def _common(one: Iterable[Hashable], other: Iterable[Hashable]) -> int:
    """Count the items that both begin with."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _numbered(items: Iterable[Hashable]) -> Iterator[tuple[Hashable, int]]:
    seen: Counter[Hashable] = Counter()
    for item in items:
        seen[item] += 1
        yield item, seen[item]


def _rising(numbers: Sequence[int]) -> list[int]:
    """Give the indices of a longest rising subsequence (Fredman 1975).

    `ends` has, for each length, where the one with the lowest last number ends.
    """
    ends: list[int] = []
    before: list[int | None] = []
    for at, number in enumerate(numbers):
        length = bisect_left(ends, number, key=numbers.__getitem__)
        before.append(ends[length - 1] if length else None)
        ends[length : length + 1] = [at]
    taken = []
    last = ends[-1] if ends else None
    while last is not None:
        taken.append(last)
        last = before[last]
    return taken[::-1]

"""Results -> the few sentences behind each figure that the report embeds.

A figure opens for sentences it rests on: a sample bounded in number, spread over
articles, the same whenever the report is written. Which articles and which of their
sentences are chosen hangs on a hash of their ids alone, so that nothing is picked for
being striking; sentences of articles that the page shows in full go before others, so
that they can be read where they stand.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import Final, NamedTuple

from annotator.records import PolarityTowards, ScoredArticle, Sentence
from annotator.report.contents import LETTERS, cut
from annotator.report.evidence import Cell, Mention, Wanted, mentions
from annotator.report.terminal import safe
from annotator.store import Results

EACH: Final = 5
"""Sentences behind one figure."""

TEXT_BYTES: Final = 600_000
"""Text of sentences whose article is not shown in full; the rest is left out."""

SENTENCE_WIDTH, TITLE_WIDTH = 400, 120
"""Characters after which a sentence or a title is cut off where it is embedded."""


class Chosen(NamedTuple):
    """A sentence behind a cell; sorts with the first to be shown first.

    `mark` is where the name or term stands in `text`, or None; `by_people` says whether
    people gave the label.
    """

    rank: tuple[int, bool, bytes]
    article: int
    place: int
    letter: str
    text: str
    origin: tuple[str, str]
    mark: tuple[int, int] | None
    polarity: PolarityTowards | None
    by_people: bool = False


class Samples(NamedTuple):
    """What the page embeds (see `embedded`), and the ids its sentences need."""

    data: dict[str, object]
    anchors: set[str]


def collect(results: Results, cells: Iterable[Cell], shown: int) -> Samples:
    """Choose the sentences behind each cell, in the order of the cells.

    Copies count once in each outlet, as in the figures.

    Parameters
    ----------
    shown
        How many articles, from the first, the page shows in full.
    """
    cells = list(cells)
    by_outlet: defaultdict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_outlet[cell.outlet].append(cell)
    wanted = {outlet: Wanted(own) for outlet, own in by_outlet.items()}
    chosen, totals = defaultdict[Cell, list[Chosen]](list), Counter[Cell]()
    seen: set[tuple[str, str]] = set()
    for number, (scored, linked) in enumerate(results.linked()):
        outlet = scored.article.outlet or ""
        origin = scored.article.duplicate_of or scored.article.article_id
        if outlet not in wanted or (outlet, origin) in seen or scored.skipped:
            continue
        seen.add((outlet, origin))
        found = mentions(scored, linked, wanted[outlet])
        for cell, own in _by_cell(found, scored, wanted[outlet].cells).items():
            totals[cell] += len(own)
            for candidate in _ranked(scored, number, own, number < shown):
                insort(chosen[cell], candidate, key=lambda c: c.rank)
            del chosen[cell][EACH:]
    return embedded([(totals[c], chosen[c]) for c in cells], shown, TEXT_BYTES)


def embedded(
    behind: Sequence[tuple[int, Sequence[Chosen]]], shown: int, room: int
) -> Samples:
    """Lay out sentences so that each is embedded once, in `room` bytes of text.

    Returns
    -------
    Samples
        ``cells``: for each cell how many sentences there are in all, then for each
        one shown its number in ``sentences``, where its mark starts and ends (-1
        where it has none), and its polarity (null where it has none).
        ``sentences``: article number and index and, where that article is not shown
        in full, letter, text and whether people gave the label. ``articles``: title
        and outlet of those.
    """
    numbers: dict[tuple[int, int], int] = {}
    sentences: list[list[int | str]] = []
    origins: dict[int, tuple[str, str]] = {}
    cells: list[list[object]] = []
    for total, own in behind:
        cells.append([total])
        for c in own:
            key = (c.article, c.place)
            if key not in numbers:
                row: list[int | str] = [c.article, c.place]
                if c.article >= shown:
                    room -= len(c.text.encode("utf-8"))
                    if room < 0:
                        continue
                    row += [c.letter, c.text, c.by_people]
                    origins[c.article] = c.origin
                numbers[key] = len(sentences)
                sentences.append(row)
            cells[-1].append([numbers[key], *(c.mark or (-1, -1)), c.polarity])
    anchors = {f"s{article}-{place}" for article, place in numbers if article < shown}
    return Samples(
        {"cells": cells, "sentences": sentences, "articles": origins}, anchors
    )


Behind = dict[str, tuple[Sentence, Mention]]
"""By sentence id: a sentence behind a cell, and its first mention of it."""


def _by_cell(
    found: Iterable[Mention], scored: ScoredArticle, wanted: set[Cell]
) -> dict[Cell, Behind]:
    sentences = {s.sentence_id: s for s in scored.sentences}
    behind: defaultdict[Cell, Behind] = defaultdict(dict)
    for mention in found:
        sentence = sentences.get(mention.sentence_id)
        if sentence and mention.cell in wanted:
            own = behind[mention.cell]
            own.setdefault(sentence.sentence_id, (sentence, mention))
    return behind


def _ranked(
    scored: ScoredArticle, number: int, own: Behind, in_page: bool
) -> Iterator[Chosen]:
    """Rank what one article has behind one cell.

    The first sentence of every article goes before the second of any.
    """
    by_hash = sorted((blake2b(i.encode(), digest_size=8).digest(), i) for i in own)
    for nth, (key, sentence_id) in enumerate(by_hash[:EACH]):
        yield _chosen(scored, number, *own[sentence_id], (nth, not in_page, key))


def _chosen(
    scored: ScoredArticle,
    number: int,
    sentence: Sentence,
    mention: Mention,
    rank: tuple[int, bool, bytes],
) -> Chosen:
    article = scored.article
    text, mark = article.text[sentence.start : sentence.end], None
    if mention.span and sentence.start <= mention.span.start < sentence.end:
        start = len(safe(text[: mention.span.start - sentence.start]))
        mark = (start, start + len(safe(article.text[slice(*mention.span)])))
    name = sentence.sentence_id
    title, outlet = article.title or "untitled article", article.outlet or ""
    return Chosen(
        rank,
        number,
        sentence.index,
        LETTERS[scored.label_of(name)] if name in scored.labels else "n",
        cut(text, SENTENCE_WIDTH),
        (cut(title, TITLE_WIDTH), cut(outlet, TITLE_WIDTH)),
        mark,
        mention.polarity,
        name in scored.verdicts,
    )

"""Unlabelled articles -> how often the tagger's labels flip when names are swapped.

    python benchmarks/swaps.py ARTICLES --without train.jsonl dev.jsonl
        [--swap "outlet names"] [--articles 500] [--model compact]

`annotator audit` counts flips on labelled sentences, few of which name an outlet. A
flip needs no label: here sentences come from any articles that a swap changes, but
those in the files behind `--without`, drawn at random. Four sentences on either side
are read with each. Articles are drawn with replacement for the interval.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from annotator.ingest import read
from annotator.records import Article
from annotator.segment import segment
from annotator.tag.tagger import Tagger, Text
from annotator.train.audit import Swap, read_swaps
from annotator.train.scores import draws, figure_of

AROUND = 4
"""Sentences read before and after one that names somebody."""


def main() -> None:
    """Print the share of labels that flip."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles_file", type=Path)
    parser.add_argument("--without", type=Path, nargs="*", default=[])
    parser.add_argument("--swap", default="outlet names")
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--model", default="compact")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    (swap,) = (s for s in read_swaps() if s.name == asked.swap)
    known = {
        json.loads(line)["article"] for path in asked.without for line in path.open()
    }
    articles = [
        item
        for item in read([asked.articles_file])
        if isinstance(item, Article)
        and item.article_id not in known
        and swap.change(item.text) != item.text
    ]
    random.Random(asked.seed).shuffle(articles)
    drawn = (text for a in articles for text in stretches(a, swap))
    texts = list(itertools.islice(drawn, asked.articles))
    tagger = Tagger(asked.model)
    counts = np.array(list(counted(tagger, texts, swap)))
    flips, changed = counts.sum(axis=0)
    drawn = draws(len(counts), seed=0) @ counts
    print(
        f"{tagger.version}, {swap.name}: {flips} labels of {changed:,} sentences in "
        f"{len(texts)} articles flip, {figure_of(drawn[:, 0] / drawn[:, 1])}"
    )


def stretches(article: Article, swap: Swap) -> Iterator[Text]:
    """Give the sentences that a swap changes with those around them, as one text."""
    cut = segment(article, readable=frozenset({"en"}))
    body = [article.text[s.start : s.end] for s in cut if s.skipped is None]
    near = {
        place
        for n, sentence in enumerate(body)
        if swap.change(sentence) != sentence
        for place in range(max(0, n - AROUND), min(len(body), n + AROUND + 1))
    }
    if near:
        yield Text(tuple(body[n] for n in sorted(near)), article.title)


def counted(tagger: Tagger, texts: list[Text], swap: Swap) -> Iterator[tuple[int, int]]:
    """Of each text how many labels flip, and how many sentences the swap changes."""
    swapped = [
        Text(
            tuple(swap.change(s) for s in text.sentences),
            text.title and swap.change(text.title),
        )
        for text in texts
    ]
    before, after = tagger.tag(texts), tagger.tag(swapped)
    for text, other, one, two in zip(texts, swapped, before, after, strict=True):
        flips = [
            best(b.probabilities) != best(a.probabilities)
            for sentence, changed, b, a in zip(
                text.sentences, other.sentences, one, two, strict=True
            )
            if sentence != changed
        ]
        yield sum(flips), len(flips)


def best(probabilities: tuple[float, ...]) -> int:
    """Place of the likeliest label."""
    return max(range(len(probabilities)), key=probabilities.__getitem__)


if __name__ == "__main__":
    main()

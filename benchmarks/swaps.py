"""Unlabelled articles -> how often the tagger's labels flip when names are swapped.

    python benchmarks/swaps.py ARTICLES --without train.jsonl dev.jsonl
        [--swap "outlet names"] [--articles 500] [--model compact]

`annotator audit` counts flips on labelled sentences, few of which name an outlet. A
flip needs no label: here sentences come from any articles that a swap changes, but
those in the files behind `--without`, drawn at random. Four sentences on either side
are read with each. Articles are drawn with replacement for the interval. Flips are also
counted without what the model takes for captions and other furniture, which `annotator
score` flags: a photographer's credit is hardly a claim of anybody.
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
from annotator.tag.flags import PROBABLY_FURNITURE
from annotator.tag.tagger import Tagger, Text
from annotator.train.audit import Swap, read_swaps
from annotator.train.distill import is_among
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
        and not is_among(item, known)
        and swap.change(item.text) != item.text
    ]
    random.Random(asked.seed).shuffle(articles)
    drawn = (text for a in articles for text in stretches(a, swap))
    texts = list(itertools.islice(drawn, asked.articles))
    tagger = Tagger(asked.model)
    print(f"{tagger.version}, {swap.name}, {len(texts)} articles")
    counts = np.array(list(counted(tagger, texts, swap)))
    for told, columns in (("all", counts[:, :2]), ("body text", counts[:, 2:])):
        flips, changed = columns.sum(axis=0)
        drawn = draws(len(columns), seed=0) @ columns
        share = figure_of(drawn[:, 0] / drawn[:, 1])
        print(f"{told}: {flips} labels of {changed:,} sentences flip, {share}")


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


def counted(
    tagger: Tagger, texts: list[Text], swap: Swap
) -> Iterator[tuple[int, int, int, int]]:
    """Of each text how many labels flip, and how many sentences the swap changes.

    Both of all sentences first, then of those taken for body text in both forms.
    """
    swapped = [
        Text(
            tuple(swap.change(s) for s in text.sentences),
            text.title and swap.change(text.title),
        )
        for text in texts
    ]
    before, after = tagger.tag(texts), tagger.tag(swapped)
    for text, other, one, two in zip(texts, swapped, before, after, strict=True):
        found = [
            (
                best(b.probabilities) != best(a.probabilities),
                min(b.body, a.body) >= PROBABLY_FURNITURE,
            )
            for sentence, changed, b, a in zip(
                text.sentences, other.sentences, one, two, strict=True
            )
            if sentence != changed
        ]
        body = [flips for flips, is_body in found if is_body]
        yield sum(flips for flips, _ in found), len(found), sum(body), len(body)


def best(probabilities: tuple[float, ...]) -> int:
    """Place of the likeliest label."""
    return max(range(len(probabilities)), key=probabilities.__getitem__)


if __name__ == "__main__":
    main()

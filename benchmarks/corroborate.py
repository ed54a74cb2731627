"""Corroboration -> how well an encoder serves it, its matches to read, and its growth.

    python benchmarks/corroborate.py pairs compact
    python benchmarks/corroborate.py pairs sentence-transformers/all-MiniLM-L6-v2
    python benchmarks/corroborate.py matches RESULTS --encoder ENCODER --show 40
    python benchmarks/corroborate.py growth ARTICLES.jsonl.gz --sizes 1000 4000 12000

`pairs` judges the invented claims of `tests/corroborations.toml`. `matches` reads a
results folder and prints pairs of claims of different outlets, in random order.
`growth` takes every sentence for a reported fact and hashed words for an encoder, so
that it times corroboration alone; seconds are of the processor.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.random_projection import GaussianRandomProjection

from annotator.corroborate import Comparisons, Corroborated, corroborate
from annotator.corroborate.claims import claims
from annotator.corroborate.collection import LEAST_SIMILARITY, Embed
from annotator.corroborate.origins import outlet_key
from annotator.corroborate.relations import relate
from annotator.records import Article, Label, ScoredArticle
from annotator.segment import segment

sys.path.insert(0, str(Path(__file__).parents[1]))

KINDS = ("agrees", "differs_in_figures", "contradicts", "other_event")


def encoder(name: str) -> Embed:
    """Give the encoder of a shipped model, or one that a package or the hub carries."""
    from annotator.errors import BadModel
    from annotator.tag.embedding import Embedder
    from annotator.tag.encoders import encoder_folder

    try:
        return Embedder(name)
    except BadModel:
        return Embedder(encoder_folder(name, Path(tempfile.gettempdir())))


def pairs(embed: Embed) -> None:
    """Print how alike each kind of pair is, and what is made of it."""
    from tests.test_corroborate import pairs as scenes

    for split in ("development", "held_out"):
        rows = list(scenes(split))
        firsts = list({one.article.text: one for _, one, _ in rows}.values())
        others = [*firsts[1:], firsts[0]]
        rows += [("unrelated", *two) for two in zip(firsts, others, strict=True)]
        read = [(kind, claims(one), claims(two)) for kind, one, two in rows]
        told = [(kind, one[0], two[0]) for kind, one, two in read if one and two]
        vectors = embed([c.text for _, *both in told for c in both])
        alike = np.sum(vectors[::2] * vectors[1::2], axis=1)
        by_kind = defaultdict(list)
        found: Counter[tuple[str, str]] = Counter()
        for (kind, one, two), likeness in zip(told, alike.tolist(), strict=True):
            by_kind[kind].append(likeness)
            near = likeness >= LEAST_SIMILARITY
            match = relate(one, two, likeness, lambda _: 6.0) if near else None
            found[kind, match.relation if match else "no match"] += 1
        print(f"{split}: {len(rows)} pairs, {len(rows) - len(told)} without a claim")
        for kind, values in by_kind.items():
            low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
            above = np.mean(np.subtract.outer(by_kind["agrees"], values) > 0)
            made = {got: n for (k, got), n in sorted(found.items()) if k == kind}
            print(
                f"  {kind:<20}{low:6.2f} {middle:5.2f} {high:5.2f}  "
                f"agreeing pairs are more alike: {above:.2f}  {made}"
            )


def matches(results: Path, embed: Embed, show: int, seed: int) -> None:
    """Print the counts of a collection and pairs of different outlets to be read."""
    from annotator.store import read_results

    articles = list(read_results(results).scored())
    started = time.process_time()
    found = corroborate(articles, embed)
    spent = time.process_time() - started
    print(f"{spent:.0f} s, {1000 * spent / len(articles):.0f} s a thousand articles")
    told = {
        s.sentence_id: (a.article.outlet, a.article.text[s.start : s.end])
        for a in articles
        for s in a.sentences
    }
    counts(found)
    across = [
        pair
        for pair in found.pairs
        if outlet_key(told[pair.sentence_id][0]) != outlet_key(told[pair.other_id][0])
    ]
    random.Random(seed).shuffle(across)
    for pair in across[:show]:
        print(f"\n{pair.relation}, same origin: {pair.same_origin}; {pair.reason}")
        for name in (pair.sentence_id, pair.other_id):
            print("  {}: {}".format(*told[name]))


def counts(found: Corroborated) -> None:
    """Print how many pairs, claims and losses of each kind there are."""
    print(Counter((p.relation, p.same_origin) for p in found.pairs))
    print(Counter(min(s.origins, 4) for s in found.standings if s.articles > 1))
    print(Counter(loss.place for loss in found.losses), len(found.standings), "claims")


def growth(path: Path, sizes: list[int], one_week: bool) -> None:
    """Print seconds and vectors compared for ever more articles of one file."""
    from annotator.ingest import Options, read

    found = (item for item in read([path], Options()) if isinstance(item, Article))
    articles = [unlabelled(article) for article in islice(found, max(sizes))]
    print(f"{'articles':>9} {'claims':>9} {'pairs':>8} {'compared':>13} {'seconds':>8}")
    for size in sizes:
        done = Comparisons()
        chosen = [within_a_week(a) for a in articles[:size]] if one_week else articles
        started = time.process_time()
        result = corroborate(chosen[:size], hashed, comparisons=done)
        spent = time.process_time() - started
        print(
            f"{size:>9,} {len(result.standings):>9,} {len(result.pairs):>8,} "
            f"{done.count:>13,} {spent:>8.0f}",
            flush=True,
        )


def unlabelled(article: Article) -> ScoredArticle:
    """Take every sentence of an article for a reported fact."""
    sentences = segment(article)
    labels = {
        s.sentence_id: Label(s.sentence_id, "reported_fact", (1, 0, 0, 0), 1, (), "")
        for s in sentences
        if s.skipped is None
    }
    return ScoredArticle(article, sentences, labels)


def within_a_week(scored: ScoredArticle) -> ScoredArticle:
    """Move an article into one week of 2020: the densest collection there can be."""
    from dataclasses import replace

    day = 1 + sum(map(ord, scored.article.article_id)) % 7
    moved = replace(scored.article, published=f"2020-06-{day:02}")
    return replace(scored, article=moved)


def hashed(texts: list[str]) -> NDArray[np.float32]:
    """Stand in for an encoder: hashed words, projected to 128 dimensions."""
    counted = HashingVectorizer(n_features=2**14, stop_words="english")
    project = GaussianRandomProjection(128, random_state=0)
    project.fit(np.zeros((1, 2**14)))
    vectors = np.zeros((len(texts), 128), dtype=np.float32)
    for start in range(0, len(texts), 4096):
        some = counted.transform(texts[start : start + 4096])
        vectors[start : start + 4096] = project.transform(some)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def main() -> None:
    """Run one of the three."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    judged = commands.add_parser("pairs")
    judged.add_argument("encoder")
    shown = commands.add_parser("matches")
    shown.add_argument("results", type=Path)
    shown.add_argument("--encoder", required=True)
    shown.add_argument("--show", type=int, default=40)
    shown.add_argument("--seed", type=int, default=0)
    grown = commands.add_parser("growth")
    grown.add_argument("articles", type=Path)
    grown.add_argument("--sizes", type=int, nargs="+", default=[1000, 4000, 12000])
    grown.add_argument("--one-week", action="store_true")
    options = parser.parse_args()
    if options.command == "pairs":
        pairs(encoder(options.encoder))
    elif options.command == "matches":
        matches(options.results, encoder(options.encoder), options.show, options.seed)
    else:
        growth(options.articles, options.sizes, options.one_week)


if __name__ == "__main__":
    main()

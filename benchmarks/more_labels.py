"""Labels without text, and the articles they are of -> a claims file to train on.

    python benchmarks/more_labels.py abp.jsonl fakes.jsonl --beside train.jsonl \
        --out both.jsonl
    python benchmarks/more_labels.py abp.jsonl fakes.jsonl --beside train.jsonl \
        --spans spans.jsonl --out spanned.jsonl

Articles that training would keep back are left out, so that models trained with these
labels and without them are measured on the same.

`more_labels.jsonl` beside this file has a stretch of some eight sentences a line:
corpus and article, where each sentence begins and ends in the text as `annotator` reads
it, and its labels by their initials (N for `not_body`), the defensible second behind a
stroke. They were given by a language model after the codebook, in six passes. Each
labelled 70 training sentences blind, saw where it differed, and labelled 70 others:
kappa 0.74 to 0.96, then 0.90 to 1.00. The sentences are those that `compact` was least
sure of or that sounded like allegations, and some at random; none is of an article of
dev or train.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotator.codebook import LABELS, NOT_BODY
from annotator.ingest import read
from annotator.records import Article
from annotator.train.data import split_of

LABELLED = Path(__file__).with_name("more_labels.jsonl")
NAMES = dict(zip("FCOAN", (*LABELS, NOT_BODY), strict=True))
CONTEXT = 2
"""Sentences before a labelled one that are shown with it."""


def main() -> None:
    """Write the claims file, and say how many labels found their sentences."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", type=Path, nargs="+")
    parser.add_argument(
        "--beside", type=Path, help="claims that are written before these"
    )
    parser.add_argument(
        "--spans", type=Path, help="of those claims, only articles that have spans here"
    )
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    with LABELLED.open(encoding="utf-8") as lines:
        wanted = {f"{s['corpus']}:{s['article']}": s for s in map(json.loads, lines)}
    total = sum(len(stretch["labels"]) for stretch in wanted.values())
    written = 0
    with asked.out.open("w", encoding="utf-8") as out:
        if asked.beside:
            out.writelines(beside(asked.beside, asked.spans))
        for article in read(asked.articles):
            if not isinstance(article, Article) or not article.source_id:
                continue
            # A collection may hold an article twice.
            stretch = wanted.pop(article.source_id, None)
            if stretch and split_of(stretch["article"]) == "train":
                for row in rows_of(article, stretch):
                    out.write(json.dumps(row, ensure_ascii=False) + "\n")
                    written += 1
    print(f"{written:,} of {total:,} labels written to {asked.out}")


def beside(claims: Path, spans: Path | None) -> Iterator[str]:
    """Lines of a claims file, of articles with spans alone where these are given."""
    lines = claims.read_text(encoding="utf-8").splitlines(keepends=True)
    if spans is None:
        yield from lines
        return
    with spans.open(encoding="utf-8") as rows:
        spanned = {json.loads(row)["id"] for row in rows}
    found = [json.loads(line) for line in lines]
    articles = {row["article"] for row in found if row["id"] in spanned}
    yield from (
        line
        for line, row in zip(lines, found, strict=True)
        if row["article"] in articles
    )


def rows_of(article: Article, stretch: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Rows as in a claims file, for the sentences of one stretch."""
    texts = [article.text[start:end] for start, end in stretch["at"]]
    for index, (text, codes) in enumerate(zip(texts, stretch["labels"], strict=True)):
        accept = [NAMES[code] for code in codes.split("/")]
        if accept[0] != NOT_BODY:
            accept = [label for label in accept if label != NOT_BODY]
        yield {
            "id": f"{article.source_id}:{index}",
            "corpus": stretch["corpus"],
            "article": stretch["article"],
            "index": index,
            "outlet": article.outlet,
            "title": article.title,
            "text": text,
            "context": texts[max(0, index - CONTEXT) : index],
            "label": accept[0],
            "accept": accept,
            "source_kind": None,
        }


if __name__ == "__main__":
    main()

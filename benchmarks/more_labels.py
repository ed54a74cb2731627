"""Labels without text, and the articles they are of -> a claims file to train on.

    python benchmarks/more_labels.py abp.jsonl fakes.jsonl --out more.jsonl
    cat train.jsonl more.jsonl > both.jsonl

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

LABELLED = Path(__file__).with_name("more_labels.jsonl")
NAMES = dict(zip("FCOAN", (*LABELS, NOT_BODY), strict=True))
CONTEXT = 2
"""Sentences before a labelled one that are shown with it."""


def main() -> None:
    """Write the claims file, and say how many labels found their sentences."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    with LABELLED.open(encoding="utf-8") as lines:
        wanted = {f"{s['corpus']}:{s['article']}": s for s in map(json.loads, lines)}
    total = sum(len(stretch["labels"]) for stretch in wanted.values())
    written = 0
    with asked.out.open("w", encoding="utf-8") as out:
        for article in read(asked.articles):
            if not isinstance(article, Article) or not article.source_id:
                continue
            # A collection may hold an article twice.
            if stretch := wanted.pop(article.source_id, None):
                for row in rows_of(article, stretch):
                    out.write(json.dumps(row, ensure_ascii=False) + "\n")
                    written += 1
    print(f"{written:,} of {total:,} labels written to {asked.out}")


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

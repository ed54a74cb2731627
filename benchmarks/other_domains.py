"""Labelled sentences of other domains, a model -> how far it travels.

    python benchmarks/other_domains.py tests/other_domains.toml --model compact

The file holds `[[article]]` tables with domain, title and, in their order,
`[[article.sentence]]` with text, label and accept. Nothing in it trained a model.
Intervals are 95 %, from drawing articles with replacement: with seven articles a
domain they are wide, and say so.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annotator.codebook import LABELS
from annotator.report.terminal import SHORT
from annotator.tag.folder import load_model
from annotator.tag.shelf import model_folder
from annotator.train.data import claims_of, column_of, runs_of
from annotator.train.evaluate import probabilities
from annotator.train.formats import Row
from annotator.train.groups import by_group
from annotator.train.measure import Labelled, labelled
from annotator.train.mistakes import mistakes, write_mistakes
from annotator.train.scores import Scores, score

SHORTER = [SHORT[name] for name in LABELS]


def rows_of(path: Path) -> Iterator[Row]:
    """Claims rows of the file, an article a domain and number."""
    articles = tomllib.loads(path.read_text(encoding="utf-8"))["article"]
    for number, article in enumerate(articles, 1):
        name = f"{article['domain']} {number}"
        about = {
            "article": name,
            "title": article["title"],
            "domain": article["domain"],
        }
        for index, sentence in enumerate(article["sentence"]):
            yield Row(f"{path}, {name}", {**about, "index": index, **sentence})


def show(name: str, scores: Scores) -> None:
    labels = "  ".join(
        f"{short} {s.f1.value:.3f} [{s.f1.low:.2f}, {s.f1.high:.2f}] ({s.support})"
        for short, s in zip(SHORTER, scores.labels, strict=True)
    )
    print(f"{name}: {scores.confusion.sum()} sentences")
    print(f"  macro-F1 {scores.macro_f1}  accuracy {scores.accuracy}")
    print(f"  defensible {scores.lenient}  calibration {scores.calibration_error}")
    print(f"  F1  {labels}")
    print("  labelled     predicted" + "".join(f"{short:>9}" for short in SHORTER))
    for short, counts in zip(SHORTER, scores.confusion, strict=True):
        print(f"  {short:<22}" + "".join(f"{n:>9}" for n in counts))


def measure(path: Path, model: str, errors: Path | None) -> None:
    claims = claims_of(path, rows_of(path))
    runs = runs_of(claims)
    rows = labelled(runs)
    likely = probabilities(load_model(model_folder(model)), runs)
    domain_of = column_of(claims, "domain")
    domains = np.array([domain_of[str(row.sentence.id)] for row in rows])
    for domain in dict.fromkeys(domains.tolist()):
        show(domain, _scores(rows, likely, domains == domain))
    show("all", _scores(rows, likely, np.full(len(rows), True)))
    found = by_group(rows, likely, "domain", domain_of)
    print(f"spread {found.spread:.3f}, by chance under {found.spread_by_chance:.3f}")
    if errors:
        write_mistakes(mistakes(rows, likely), errors)


def _scores(
    rows: Sequence[Labelled], likely: NDArray[np.float64], inside: NDArray[np.bool_]
) -> Scores:
    return score([rows[i] for i in np.flatnonzero(inside)], likely[inside])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sentences", type=Path)
    parser.add_argument("--model", default="compact")
    parser.add_argument("--errors", type=Path, help="CSV of the sentences got wrong")
    arguments = parser.parse_args()
    measure(arguments.sentences, arguments.model, arguments.errors)


if __name__ == "__main__":
    main()

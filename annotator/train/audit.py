"""A model and labelled sentences -> how often its labels flip when names do.

A label says how a sentence is offered, so it should not depend on which outlet,
side, party, gender or name stands in it. Each swap is made in every sentence of a
window at once, and the sentences it changed are labelled again.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

from annotator.codebook import LABELS
from annotator.report.terminal import safe
from annotator.tag.tagger import Tagger, Text
from annotator.train.data import Run, read_runs
from annotator.train.scores import Figure, draws, figure_of

EXAMPLES = 5
"""Flips shown of each swap."""


@dataclass(frozen=True, slots=True)
class Swap:
    """A change that is made to a text; `neutral` if it should change no label."""

    name: str
    neutral: bool
    change: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Flip:
    """A sentence whose label a swap changed."""

    before: str
    after: str
    label_before: str
    label_after: str


@dataclass(frozen=True, slots=True)
class SwapResult:
    """What a swap did: sentences it changed, share of labels that flipped."""

    name: str
    neutral: bool
    changed: int
    flipped: Figure
    examples: tuple[Flip, ...]


def audit(folder: Path, data: Path) -> tuple[str, list[SwapResult]]:
    """Audit a model folder on the sentences of a claims file.

    Returns
    -------
    version, results
        The model's version, and a result for each swap of `swaps.toml`.
    """
    tagger = Tagger(folder)
    runs = read_runs(data)
    texts = [Text(tuple(s.text for s in r.sentences), r.title) for r in runs]
    labels = _labels(tagger, texts)
    return tagger.version, [
        _result(swap, tagger, runs, texts, labels) for swap in read_swaps()
    ]


def read_swaps() -> list[Swap]:
    """The swaps of `swaps.toml`."""
    source = files("annotator.train").joinpath("swaps.toml")
    rows: list[dict[str, Any]] = tomllib.loads(source.read_text("utf-8"))["swap"]
    return [
        Swap(
            row["name"],
            row["neutral"],
            swapper(row["pairs"]) if "pairs" in row else stripper(row["strip"]),
        )
        for row in rows
    ]


def swapper(pairs: Sequence[Sequence[str]]) -> Callable[[str], str]:
    """A function that swaps words both ways, keeping a capital at their start.

    Examples
    --------
    >>> swapper([["he", "she"], ["the Guardian", "RT"]])("He told the Guardian she ran")
    'She told RT he ran'
    """
    other: dict[str, str] = {}
    for one, two in pairs:
        other.setdefault(one.lower(), two)
        other.setdefault(two.lower(), one)
    longest_first = sorted(other, key=len, reverse=True)
    words = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.I)

    def swapped(match: re.Match[str]) -> str:
        word = other[match[0].lower()]
        return word[0].upper() + word[1:] if match[0][0].isupper() else word

    return lambda text: words.sub(swapped, text)


def stripper(characters: str) -> Callable[[str], str]:
    """A function that takes characters out.

    >>> stripper(",")("So, it fell, he said")
    'So it fell he said'
    """
    table = str.maketrans("", "", characters)
    return lambda text: text.translate(table)


def _labels(tagger: Tagger, texts: Sequence[Text]) -> list[list[str]]:
    return [
        [LABELS[int(np.argmax(s.probabilities))] for s in tagged]
        for tagged in tagger.tag(texts)
    ]


def _result(
    swap: Swap,
    tagger: Tagger,
    runs: Sequence[Run],
    texts: Sequence[Text],
    labels: Sequence[Sequence[str]],
) -> SwapResult:
    changed = [
        Text(
            tuple(swap.change(s) or s for s in text.sentences),
            swap.change(text.title) if text.title else None,
        )
        for text in texts
    ]
    touched = [i for i, text in enumerate(texts) if changed[i] != text]
    after = dict(
        zip(touched, _labels(tagger, [changed[i] for i in touched]), strict=True)
    )
    counts: dict[str, list[int]] = {}
    flips = []
    for i in touched:
        for j, sentence in enumerate(runs[i].sentences):
            new = changed[i].sentences[j]
            if sentence.label not in LABELS or new == sentence.text:
                continue
            flip = Flip(sentence.text, new, labels[i][j], after[i][j])
            of_article = counts.setdefault(runs[i].article, [0, 0])
            of_article[0] += 1
            if flip.label_before != flip.label_after:
                of_article[1] += 1
                flips.append(flip)
    sums = np.array(list(counts.values()) or [[0, 0]])
    drawn = draws(len(sums), seed=0) @ sums
    return SwapResult(
        swap.name,
        swap.neutral,
        int(sums[:, 0].sum()),
        figure_of(drawn[:, 1] / np.maximum(drawn[:, 0], 1)),
        tuple(flips[:EXAMPLES]),
    )


def audit_table(version: str, results: Sequence[SwapResult]) -> Table:
    """A row a swap."""
    table = Table(title=f"{version}: share of labels that flip", box=None)
    for name in ("swap", "sentences changed", "flipped", "should be"):
        table.add_column(name, justify="left" if name == "swap" else "right")
    for r in results:
        wanted = "none" if r.neutral else ""
        table.add_row(safe(r.name), f"{r.changed:,}", str(r.flipped), wanted)
    return table


def write_audit(version: str, results: Sequence[SwapResult], out: Path) -> None:
    """Write `audit.json`, without the sentences: those belong to the data."""
    record = {
        "model": version,
        "swaps": [
            {k: v for k, v in asdict(r).items() if k != "examples"} for r in results
        ],
    }
    (out / "audit.json").write_text(
        json.dumps(record, indent=2) + "\n", encoding="utf-8"
    )

"""A tagger and runs with marked spans -> how well each layer's spans are found.

Exact: both ends right. Overlap: at least one character in common with a marked
span, counted for precision over what was found and for recall over what is
marked. Source kind: over marked attributions whose source (or cue, where no source
is marked) was found by overlap, the share whose kind is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotator.records import MarkedSpan, Span, SpanLayer
from annotator.tag.model import SPAN_LAYERS
from annotator.tag.tagger import Tagger, Text
from annotator.train.data import Run
from annotator.train.scores import Figure, draws, figure_of


@dataclass(frozen=True, slots=True)
class SpanScores:
    """How well the spans of one layer are found; `marked` counts the true ones."""

    exact_f1: Figure
    overlap_f1: Figure
    marked: int


@dataclass(frozen=True, slots=True)
class AllSpanScores:
    """Scores by layer, and of source kinds over `kinds` attributions."""

    layers: dict[SpanLayer, SpanScores]
    kind_accuracy: Figure
    kinds: int
    sentences: int
    articles: int


@dataclass(slots=True)
class _Counts:
    """What is counted of one article.

    `layers` has a row a layer: found, marked, exact, found that overlap, marked
    that are overlapped. `kinds` has the source kinds judged, and those right.
    """

    layers: NDArray[np.int64]
    kinds: NDArray[np.int64]


def score_spans(tagger: Tagger, runs: Sequence[Run]) -> AllSpanScores:
    """Score the sentences of the runs that have marked spans."""
    counts: dict[str, _Counts] = {}
    sentences = 0
    for run, found in _tagged(tagger, runs):
        one = counts.setdefault(
            run.article,
            _Counts(np.zeros((len(SPAN_LAYERS), 5), np.int64), np.zeros(2, np.int64)),
        )
        for sentence, marks in zip(run.sentences, found, strict=True):
            if sentence.spans is not None:
                sentences += 1
                _count(one, sentence.spans, marks)
    layers = np.stack([c.layers for c in counts.values()])
    kinds = np.stack([c.kinds for c in counts.values()])
    drawn = draws(len(counts), seed=0)
    judged = drawn @ kinds
    return AllSpanScores(
        {
            layer: _layer_scores(np.tensordot(drawn, layers[:, i], axes=1))
            for i, layer in enumerate(SPAN_LAYERS)
        },
        figure_of(judged[:, 1] / np.maximum(judged[:, 0], 1)),
        int(kinds[:, 0].sum()),
        sentences,
        len(counts),
    )


def _tagged(
    tagger: Tagger, runs: Sequence[Run]
) -> Iterator[tuple[Run, list[tuple[MarkedSpan, ...]]]]:
    chosen = [r for r in runs if any(s.spans is not None for s in r.sentences)]
    texts = [Text(tuple(s.text for s in r.sentences), r.title) for r in chosen]
    for run, tagged in zip(chosen, tagger.tag(texts), strict=True):
        yield run, [t.spans for t in tagged]


def _count(
    counts: _Counts, marked: Sequence[MarkedSpan], found: Sequence[MarkedSpan]
) -> None:
    for i, layer in enumerate(SPAN_LAYERS):
        wanted = {m.span for m in marked if m.layer == layer}
        got = {m.span for m in found if m.layer == layer}
        counts.layers[i] += (
            len(got),
            len(wanted),
            len(got & wanted),
            sum(any(overlap(g, w) for w in wanted) for g in got),
            sum(any(overlap(g, w) for g in got) for w in wanted),
        )
    for mark in marked:
        if mark.kind is None or mark.layer not in ("source", "cue"):
            continue
        kinds = [
            f.kind
            for f in found
            if f.layer == mark.layer and overlap(f.span, mark.span)
        ]
        if kinds:
            counts.kinds += (1, kinds[0] == mark.kind)


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans have a character in common."""
    return one.start < other.end and other.start < one.end


def _layer_scores(sums: NDArray[np.int64]) -> SpanScores:
    found, marked, exact, hit, reached = sums.T.astype(float)
    precision = hit / np.maximum(found, 1)
    recall = reached / np.maximum(marked, 1)
    return SpanScores(
        figure_of(2 * exact / np.maximum(found + marked, 1)),
        figure_of(2 * precision * recall / np.maximum(precision + recall, 1e-9)),
        int(marked[0]),
    )

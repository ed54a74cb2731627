"""Spans are scored as the definition says, on a case worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from annotator.records import MarkedSpan, Span, TaggedSentence
from annotator.tag.tagger import Text
from annotator.train.data import LabelledSentence, Run
from annotator.train.span_scores import overlap, score_spans

LIKELY = (1.0, 0.0, 0.0, 0.0)


@dataclass
class Found:
    """Stands for a tagger: finds what it is told to."""

    spans: list[tuple[MarkedSpan, ...]]

    def tag(self, texts: list[Text]) -> list[list[TaggedSentence]]:
        marks = iter(self.spans)
        return [
            [TaggedSentence(LIKELY, 1.0, next(marks)) for _ in t.sentences]
            for t in texts
        ]


def source(start: int, end: int, kind: str | None = None) -> MarkedSpan:
    return MarkedSpan("source", Span(start, end), kind=kind)


def test_exact_overlap_and_kind_of_a_worked_example() -> None:
    marked = (source(0, 5, "ngo"), source(10, 15, "military"), source(20, 25, "ngo"))
    found = (source(0, 5, "ngo"), source(12, 18, "ngo"), source(30, 35, "ngo"))
    runs = [
        Run(name, None, None, (LabelledSentence("x" * 40, spans=marked),), 0)
        for name in ("one", "two")
    ]
    got = score_spans(Found([found] * 2), runs)  # type: ignore[arg-type]
    layer = got.layers["source"]
    assert layer.marked == 6
    assert layer.exact_f1.value == pytest.approx(1 / 3)
    assert layer.overlap_f1.value == pytest.approx(2 / 3)
    assert (got.kind_accuracy.value, got.kinds) == (0.5, 4)
    assert got.layers["cue"].exact_f1.value == 0


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ((0, 5), (5, 9), False),
        ((0, 5), (4, 9), True),
        ((0, 9), (2, 3), True),
        ((6, 9), (0, 6), False),
    ],
)
def test_spans_overlap_in_a_character(
    one: tuple[int, int], other: tuple[int, int], wanted: bool
) -> None:
    assert overlap(Span(*one), Span(*other)) is wanted

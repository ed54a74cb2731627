"""Spans of a sentence become attributions: nearest source, cue and content together."""

from __future__ import annotations

import pytest

from annotator.attribute import attributions, loaded_terms
from annotator.records import MarkedSpan, Sentence, Span, SpanLayer, TaggedSentence

LIKELY = (0.0, 1.0, 0.0, 0.0)


def marked(text: str, **layers: list[str]) -> TaggedSentence:
    """The first place of each given stretch, marked in its layer."""
    spans = []
    for layer, stretches in layers.items():
        name: SpanLayer = layer  # type: ignore[assignment]
        for words in stretches:
            at = text.index(words)
            spans.append(MarkedSpan(name, Span(at, at + len(words)), kind="ngo"))
    return TaggedSentence(LIKELY, 1.0, tuple(spans))


Row = tuple[str | None, str | None, str | None, str | None]


@pytest.mark.parametrize(
    ("text", "layers", "rows"),
    [
        (
            "Orman said the bridge fell.",
            {
                "source": ["Orman"],
                "cue": ["said"],
                "content": ["the bridge fell"],
            },
            [("Orman", "said", "the bridge fell", "indirect")],
        ),
        (
            "“We are done,” Orman said.",
            {"source": ["Orman"], "cue": ["said"], "content": ["We are done"]},
            [("Orman", "said", "We are done", "direct")],
        ),
        (
            "Orman said the bridge was “a ruin” by noon.",
            {
                "source": ["Orman"],
                "cue": ["said"],
                "content": ["the bridge was “a ruin” by noon"],
            },
            [("Orman", "said", "the bridge was “a ruin” by noon", "mixed")],
        ),
        (
            "Orman said it fell, but Deniz denied it.",
            {
                "source": ["Orman", "Deniz"],
                "cue": ["said", "denied"],
                "content": ["it fell"],
            },
            [
                ("Orman", "said", "it fell", "indirect"),
                ("Deniz", "denied", None, None),
            ],
        ),
        (
            "The bridge reportedly fell.",
            {"cue": ["reportedly"], "content": ["The bridge"]},
            [(None, "reportedly", "The bridge", "indirect")],
        ),
        (
            "“We are done.”",
            {"content": ["“We are done.”"]},
            [(None, None, "“We are done.”", "direct")],
        ),
        (
            "Orman: it fell.",
            {"source": ["Orman"], "content": ["it fell"]},
            [("Orman", None, "it fell", "indirect")],
        ),
        (
            "And it fell,” Orman said.",
            {"source": ["Orman"], "cue": ["said"], "content": ["And it fell"]},
            [("Orman", "said", "And it fell", "direct")],
        ),
        ("The bridge fell.", {}, []),
    ],
)
def test_spans_are_paired_within_a_sentence(
    text: str, layers: dict[str, list[str]], rows: list[Row]
) -> None:
    before = "Before. "
    sentence = Sentence("a:1", "a", 1, len(before), len(before) + len(text))
    whole = before + text

    def words(span: Span | None) -> str | None:
        return whole[span.start : span.end] if span else None

    got = attributions(sentence, marked(text, **layers), whole)
    assert [
        (words(a.source), words(a.cue), words(a.content), a.form) for a in got
    ] == rows
    assert all(a.source_kind == "ngo" for a in got)


def test_a_loaded_term_points_into_the_article() -> None:
    sentence = Sentence("a:1", "a", 1, 10, 30)
    mark = MarkedSpan("loaded", Span(4, 10), polarity="-", voice="quoted")
    (term,) = loaded_terms(sentence, TaggedSentence(LIKELY, 1.0, (mark,)))
    assert (term.span, term.polarity, term.voice) == (Span(14, 20), "-", "quoted")

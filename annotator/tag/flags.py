"""What the tagger said of a sentence -> a label, and why a person should look."""

from __future__ import annotations

from typing import Final

from annotator.codebook import LABELS
from annotator.records import Label, TaggedSentence

CLOSE_CALL: Final = 0.20
"""Margin between the two best labels under which a person should look.
`annotator evaluate` prints how many of the errors it catches on labelled data."""

UNSURE: Final = "less sure than the target error asks"

PROBABLY_FURNITURE: Final = 0.5
"""Probability of being body text under which a sentence is questioned."""


def decide(
    sentence_id: str, tagged: TaggedSentence, model: str, least_confidence: float = 0.0
) -> Label:
    """The label of a sentence, flagged with reasons in words.

    `least_confidence` is what a target error asks for; see
    `Description.confidence_for`.
    """
    ranked = sorted(range(len(LABELS)), key=lambda i: -tagged.probabilities[i])
    best, second = ranked[:2]
    label = LABELS[best]
    return Label(
        sentence_id=sentence_id,
        label=label,
        probabilities=tagged.probabilities,
        confidence=tagged.probabilities[best],
        flag_reasons=tuple(_reasons(tagged, best, second, least_confidence)),
        model=model,
    )


def _reasons(
    tagged: TaggedSentence, best: int, second: int, least_confidence: float
) -> list[str]:
    p = tagged.probabilities
    reasons = []
    if LABELS[best] == "unverifiable_allegation":
        reasons.append("allegation: no source that could be asked")
    if p[best] - p[second] < CLOSE_CALL:
        reasons.append(
            f"close call: {_named(best, p[best])}, {_named(second, p[second])}"
        )
    if p[best] < least_confidence:
        reasons.append(f"{UNSURE}: {p[best]:.0%} of {least_confidence:.0%}")
    if tagged.body < PROBABLY_FURNITURE:
        reasons.append("may be a caption, heading or widget, not body text")
    if tagged.cut:
        reasons.append("very long: the model read only its beginning")
    return reasons


def _named(label: int, probability: float) -> str:
    return f"{LABELS[label].replace('_', ' ')} {probability:.0%}"

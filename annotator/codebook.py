"""Nothing -> the names of the codebook: four labels, source kinds, spans.

The order of `LABELS` is the order of every probability vector, column and chart
in the project. `docs/codebook.md` holds the rules behind the names.
"""

from __future__ import annotations

from typing import Final, Literal

LabelName = Literal[
    "reported_fact", "attributed_claim", "opinion", "unverifiable_allegation"
]

LABELS: Final[tuple[LabelName, ...]] = (
    "reported_fact",
    "attributed_claim",
    "opinion",
    "unverifiable_allegation",
)

MEANING: Final[dict[LabelName, str]] = {
    "reported_fact": "the outlet says it in its own voice; the world can be checked",
    "attributed_claim": "someone who can be asked says it",
    "opinion": "the writer judges, predicts, exhorts or mocks",
    "unverifiable_allegation": "it is said to be so, and nobody can be asked",
}

NOT_BODY: Final = "not_body"
"""Training data's mark for captions, headings and widgets; never a label."""

SOURCE_KINDS: Final[tuple[str, ...]] = (
    "named_person",
    "government",
    "military",
    "armed_group",
    "intergovernmental",
    "ngo",
    "media_outlet",
    "document",
    "expert_named",
    "unnamed_official",
    "unnamed_other",
    "hearsay",
)

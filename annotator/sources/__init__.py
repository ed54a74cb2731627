"""Scored articles -> who is cited over all of them, how, and how far to rely on it.

`Ledger` joins the names of a source and counts; `Claims` keeps what each is cited for;
`sourcing` looks at one article;
`grade_source` and `grade_claim` apply the rules of `grades.toml`.
"""

from annotator.sources.citations import cite
from annotator.sources.claims import Claim, Claims
from annotator.sources.grades import (
    grade_claim,
    grade_source,
    track_records,
    voices_of,
)
from annotator.sources.ledger import Ledger
from annotator.sources.overrides import (
    overrides_by_subject,
    overriding,
    read_overrides,
)
from annotator.sources.sourcing import sourcing, sourcing_by_outlet

__all__ = [
    "Claim",
    "Claims",
    "Ledger",
    "cite",
    "grade_claim",
    "grade_source",
    "overrides_by_subject",
    "overriding",
    "read_overrides",
    "sourcing",
    "sourcing_by_outlet",
    "track_records",
    "voices_of",
]

"""A CSV of people's grades -> overrides, each beside the machine's grade.

Columns: `subject` (a source's id or name, or a sentence id), `reliability`,
`credibility`, `reviewer`, `note`. A grade that is left empty is not overridden.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from annotator.errors import BadManifest
from annotator.records.sources import (
    SCALES,
    Axis,
    Grade,
    Override,
    SourceProfile,
)

REQUIRED: Final = ("subject", "reviewer")
LONGEST_FIELD: Final = 10_000
"""Characters; a longer field is no note but a broken quotation mark."""


def read_overrides(path: Path) -> tuple[Override, ...]:
    """Read the overrides of a file, in its order.

    Raises
    ------
    BadManifest
        Where a column is missing, a grade is none, or a row is graded nowhere.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadManifest(
            f"{path}: cannot be read as UTF-8 text ({error}); save it as CSV UTF-8"
        ) from error
    rows = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in REQUIRED if name not in (rows.fieldnames or ())]
    if missing:
        raise BadManifest(
            f"{path}: no column {', '.join(missing)}; expected subject, reliability, "
            "credibility, reviewer, note"
        )
    try:
        return tuple(_override(path, rows.line_num, row) for row in rows)
    except csv.Error as error:
        raise BadManifest(
            f"{path}: line {rows.line_num} is no CSV ({error}); check its quotation "
            "marks"
        ) from error


def overrides_by_subject(
    overrides: Iterable[Override], profiles: Iterable[SourceProfile]
) -> dict[str, Override]:
    """Key overrides by source id or sentence id; a later one of a subject wins.

    A name matches without regard to case. What is no source's name or id is kept as
    it is, for a sentence id.

    Raises
    ------
    BadManifest
        Where a name is that of several sources.
    """
    by_name: defaultdict[str, set[str]] = defaultdict(set)
    for profile in profiles:
        for name in (profile.name, profile.source_id):
            by_name[name.casefold()].add(profile.source_id)
    found: dict[str, Override] = {}
    for override in overrides:
        ids = sorted(by_name.get(override.subject.casefold(), {override.subject}))
        if len(ids) > 1:
            raise BadManifest(
                f"{override.subject!r} names {len(ids)} sources: {', '.join(ids)}; "
                "write the id of the one meant"
            )
        found[ids[0]] = override
    return found


def overriding(grade: Grade, overrides: Mapping[str, Override]) -> str | None:
    """Give the person's grade of the same subject and axis, if there is one."""
    override = overrides.get(grade.subject)
    if override is None:
        return None
    return override.reliability if grade.axis == "reliability" else override.credibility


def _override(path: Path, line: int, row: Mapping[str, str | None]) -> Override:
    """Read one row."""
    fields = {k: (v or "").strip() for k, v in row.items() if isinstance(k, str)}
    subject, reviewer = fields["subject"], fields["reviewer"]
    if not subject or not reviewer:
        raise BadManifest(f"{path}: line {line} needs a subject and a reviewer")
    if max(map(len, fields.values())) > LONGEST_FIELD:
        raise BadManifest(
            f"{path}: line {line} has a field of over {LONGEST_FIELD} characters; "
            "check its quotation marks"
        )
    reliability = _letter(path, line, "reliability", fields)
    credibility = _letter(path, line, "credibility", fields)
    if reliability is None and credibility is None:
        raise BadManifest(
            f"{path}: line {line} grades {subject!r} neither in reliability (A to F) "
            "nor in credibility (1 to 6)"
        )
    return Override(subject, reliability, credibility, reviewer, fields.get("note", ""))


def _letter(path: Path, line: int, axis: Axis, fields: Mapping[str, str]) -> str | None:
    """Read a grade; None where it is empty."""
    value = fields.get(axis, "").upper()
    if not value:
        return None
    scale = SCALES[axis]
    if len(value) != 1 or value not in scale:
        raise BadManifest(
            f"{path}: line {line} has {axis} {value[:20]!r}; expected one of "
            f"{', '.join(scale)}"
        )
    return value

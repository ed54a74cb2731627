"""A results folder -> what its articles add up to: sources, grades, corroborations.

Each function reads the folder's own tables and writes tables beside them, which can
be written again. Claims are compared before sources are traced, because a source's
grade rests on how its claims stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from annotator.corroborate import Corroborated, Embed, corroborate
from annotator.records import (
    Attribution,
    Grade,
    Override,
    SourceProfile,
    Sourcing,
    Standing,
    TrackRecord,
)
from annotator.sources import (
    Ledger,
    grade_claim,
    grade_source,
    overrides_by_subject,
    read_overrides,
    sourcing,
    sourcing_by_outlet,
    track_records,
    voices_of,
)
from annotator.store import Results, events, read_results, sources, write_derived


@dataclass(frozen=True, slots=True)
class Traced:
    """The sources of a collection.

    Attributes
    ----------
    sources
        The most cited first.
    grades
        Of reliability, by source id.
    overrides
        By source id or sentence id.
    sourcing
        Of each outlet.
    """

    sources: tuple[SourceProfile, ...]
    grades: dict[str, Grade]
    overrides: dict[str, Override]
    sourcing: tuple[Sourcing, ...]


def compare_claims(path: Path, embed: Embed, window: int = 3) -> Corroborated:
    """Compare the claims of a results folder's articles with each other.

    Writes `corroborations.parquet`, `standings.parquet` and `losses.parquet`.

    Parameters
    ----------
    window
        Most days between two reports of one event.

    Raises
    ------
    BadResults
        If the folder is not finished, or is being written.
    """
    found = corroborate(read_results(path).scored(), embed, window=window)
    write_derived(
        path,
        {
            "corroborations": map(events.corroboration_row, found.pairs),
            "standings": map(events.standing_row, found.standings),
            "losses": map(events.loss_row, found.losses),
        },
    )
    return found


def trace_sources(path: Path, overrides: Path | None = None) -> Traced:
    """Join the sources of a results folder's articles, count and grade them.

    Writes `sources.parquet`, `grades.parquet` and `sourcing.parquet`. Grades rest on
    corroboration where the claims were compared before.

    Parameters
    ----------
    overrides
        A person's grades, CSV; those given earlier are kept where it gives none.

    Raises
    ------
    BadResults
        If the folder is not finished, or is being written.
    BadManifest
        If the overrides break their format.
    """
    results = read_results(path)
    ledger = Ledger()
    blocks = []
    for scored in results.scored():
        if scored.skipped is None:
            ledger.add(scored)
            blocks.append(sourcing(scored))
    profiles = ledger.sources()
    given = [g for _, g in results.grades() if g]
    given += read_overrides(overrides) if overrides else ()
    by_subject = overrides_by_subject(given, profiles)
    standings = {s.sentence_id: s for s in results.standings()}
    claims = list(_claims(results, ledger))
    behind = [(source_id, a.sentence_id) for a, source_id, _ in claims]
    records = track_records(behind, standings)
    reliability = {
        p.source_id: grade_source(p, records.get(p.source_id, TrackRecord()))
        for p in profiles
    }
    grades = [*reliability.values(), *_credibility(claims, standings)]
    outlets = sourcing_by_outlet(blocks)
    write_derived(
        path,
        {
            "sources": map(sources.source_row, profiles),
            "grades": (
                sources.grade_row(grade, by_subject.get(grade.subject))
                for grade in grades
            ),
            "sourcing": map(sources.sourcing_row, [*blocks, *outlets]),
        },
    )
    return Traced(profiles, reliability, by_subject, outlets)


Claim = tuple[Attribution, str, bool]
"""An attribution, its source's id, whether another source of the text denies it."""


def _claims(results: Results, ledger: Ledger) -> Iterator[Claim]:
    for scored in results.scored():
        if scored.skipped is None:
            yield from ledger.claims(scored)


def _credibility(
    claims: list[Claim], standings: Mapping[str, Standing]
) -> Iterator[Grade]:
    """Grade the first claim of each sentence that has content."""
    voices = voices_of(((s, a.sentence_id) for a, s, _ in claims), standings)
    seen: set[str] = set()
    for attribution, _, contested in claims:
        if attribution.content is None or attribution.sentence_id in seen:
            continue
        seen.add(attribution.sentence_id)
        standing = standings.get(attribution.sentence_id)
        yield grade_claim(
            attribution,
            standing,
            voices=voices.get(standing.event_id or "") if standing else None,
            contested=contested,
        )

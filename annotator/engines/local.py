"""Paths -> a results folder, on this machine."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

from annotator.actors import read_aliases
from annotator.collection import compare_claims, profile_outlets, trace_sources
from annotator.ingest import Options, count_files, read
from annotator.pipeline import score
from annotator.profile import ArticleCounts, count, profile_counts
from annotator.records import (
    Article,
    DroppedLine,
    Failure,
    OutletProfile,
    ScoredArticle,
)
from annotator.report.html import write_report
from annotator.store import ResultsWriter, read_results
from annotator.tag.embedding import Embedder
from annotator.tag.flags import UNSURE
from annotator.tag.tagger import Tagger


@dataclass(slots=True)
class Progress:
    """How far a run is.

    Attributes
    ----------
    files
        Files found before the run began.
    files_read
        Files of which at least one article was read or that failed.
    sentences
        Sentences that were given a label.
    flagged
        Sentences a person should look at.
    unsure
        Of these, those less sure than the target error asks.
    """

    files: int
    files_read: int = 0
    articles: int = 0
    skipped: int = 0
    duplicates: int = 0
    sentences: int = 0
    sentences_skipped: int = 0
    flagged: int = 0
    unsure: int = 0
    dropped: int = 0
    failures: int = 0
    seconds: float = 0.0
    skipped_reasons: Counter[str] = field(default_factory=Counter)
    failed: list[Failure] = field(default_factory=list)

    @property
    def coverage(self) -> float:
        """Share of labels sure enough for the target error."""
        return 1 - self.unsure / self.sentences if self.sentences else 0.0

    @property
    def sentences_per_second(self) -> float:
        """Labelled sentences a second since the run began."""
        return self.sentences / self.seconds if self.seconds else 0.0


FAILURES_KEPT = 20
"""Failures a closing message can show; all of them are in `errors.jsonl`."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A finished run: what it came to, and where it lies."""

    path: Path
    progress: Progress
    profiles: tuple[OutletProfile, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """What is made of all articles once each is scored.

    Attributes
    ----------
    compare
        Whether to compare the claims of different articles (`corroborate`), which
        holds all of them in memory.
    actors
        Names of actors that belong together, TOML.
    """

    compare: bool = False
    actors: Path | None = None


def score_paths(
    paths: Sequence[str | Path],
    out: Path,
    tagger: Tagger,
    options: Options = Options(),  # noqa: B008 (frozen)
    target_error: float | None = None,
    report: Callable[[Progress], None] = lambda _: None,
    together: Together = Together(),
) -> Scored:
    """Score files and folders into a results folder, and write its report.

    Sources are traced and outlets profiled over all articles.

    Parameters
    ----------
    paths
        Files, folders, or ``-`` for standard input.
    out
        The results folder; an earlier one there is replaced when this is done.
    target_error
        Flag whatever must be looked at for at most this share of the other labels
        to be wrong.
    report
        Called after every article.
    together
        What is made of all articles.

    Raises
    ------
    BadModel
        If the model cannot promise the target error.
    BadManifest
        If the manifest or an alias table breaks its format; nothing is scored then.
    BadResults
        If `out` holds anything but results, or is being written.
    """
    if together.actors:
        read_aliases(together.actors)
    least = 0.0 if target_error is None else tagger.confidence_for(target_error)
    started = perf_counter()
    begun = datetime.now(UTC)
    source = read(paths, options, stdin=sys.stdin.buffer)
    progress = Progress(count_files(paths, options))
    counts: list[ArticleCounts] = []
    seen: set[str] = set()
    with ResultsWriter(out) as writer:
        for item in score(source, tagger, least):
            _write(item, writer, progress, counts)
            seen.add(_path_of(item))
            progress.files_read = min(len(seen), progress.files)
            progress.seconds = perf_counter() - started
            report(progress)
        profiles = profile_counts(counts)
        facts = _facts(paths, options, tagger, progress, begun)
        if target_error is not None:
            facts["target_error"] = {
                "at_most": target_error,
                "least_confidence": least,
                "coverage": progress.coverage,
            }
        writer.finish(profiles, facts)
    if together.compare:
        compare_claims(out, Embedder())
    trace_sources(out)
    profile_outlets(out, together.actors)
    write_report(read_results(out), out / "report.html")
    return Scored(out, progress, profiles)


def _write(
    item: ScoredArticle | DroppedLine | Failure,
    writer: ResultsWriter,
    progress: Progress,
    counts: list[ArticleCounts],
) -> None:
    match item:
        case DroppedLine():
            writer.add_dropped(item)
            progress.dropped += 1
        case Failure():
            writer.add_failure(item)
            progress.failures += 1
            if len(progress.failed) < FAILURES_KEPT:
                progress.failed.append(item)
        case ScoredArticle():
            _write_article(item, writer)
            _count(item, progress)
            counts.append(count(item.article, item.sentences, item.labels))


def _write_article(scored: ScoredArticle, writer: ResultsWriter) -> None:
    writer.add_article(
        scored.article,
        scored.sentences,
        scored.labels,
        status="skipped" if scored.skipped else "scored",
        reason=scored.skipped,
        headline=scored.headline,
    )
    writer.add_attributions(scored.article, scored.attributions)
    writer.add_voices(scored.article, scored.voices)
    writer.add_loaded_terms(scored.article, scored.loaded_terms)
    writer.add_stances(scored.article, scored.stances)


def _count(scored: ScoredArticle, progress: Progress) -> None:
    if scored.skipped:
        progress.skipped += 1
        progress.skipped_reasons[scored.skipped] += 1
    else:
        progress.articles += 1
    progress.duplicates += scored.article.duplicate_of is not None
    progress.sentences += len(scored.labels)
    progress.sentences_skipped += len(scored.sentences) - len(scored.labels)
    progress.flagged += sum(label.flagged for label in scored.labels.values())
    progress.unsure += sum(
        reason.startswith(UNSURE)
        for label in scored.labels.values()
        for reason in label.flag_reasons
    )


def _path_of(item: ScoredArticle | DroppedLine | Failure) -> str:
    match item:
        case ScoredArticle(article=Article(source_path=path)):
            return path
        case DroppedLine(source_path=path) | Failure(path=path):
            return path


def _facts(
    paths: Sequence[str | Path],
    options: Options,
    tagger: Tagger,
    progress: Progress,
    begun: datetime,
) -> dict[str, object]:
    """What `run.json` says of a run."""
    return {
        "started": begun.isoformat(timespec="seconds"),
        "seconds": round(progress.seconds, 3),
        "code_version": version("source-annotator"),
        "model": tagger.version,
        "paths": [str(p) for p in paths],
        "options": {
            name: str(value) if isinstance(value, Path) else value
            for name in options.__dataclass_fields__
            if (value := getattr(options, name)) is not None
        },
        "counts": {
            name: getattr(progress, name)
            for name in (
                "files",
                "articles",
                "skipped",
                "duplicates",
                "sentences",
                "sentences_skipped",
                "flagged",
                "dropped",
                "failures",
            )
        },
        "skipped_reasons": dict(progress.skipped_reasons),
    }

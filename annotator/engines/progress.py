"""What a run has come to so far -> how far it is, in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from annotator.records import Article, DroppedLine, Failure, ScoredArticle
from annotator.tag.flags import UNSURE

FAILURES_KEPT: Final = 20
"""Failures a closing message can show; all of them are in `errors.jsonl`."""

COUNTED: Final = (
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
"""The counts that `run.json` holds."""


@dataclass(slots=True)
class Progress:
    """How far a run is.

    Attributes
    ----------
    files
        Files found before the run began.
    files_read
        Files of which at least one article was read or that failed.
    kept
        Articles, of all, that an earlier run had scored.
    sentences
        Sentences that have a label.
    sentences_scored
        Of these, those that were given it by this run.
    stage
        What is being done, in words; articles are scored where it is empty.
    flagged
        Sentences a person should look at.
    unsure
        Of these, those less sure than the target error asks.
    """

    files: int
    files_read: int = 0
    articles: int = 0
    kept: int = 0
    skipped: int = 0
    duplicates: int = 0
    sentences: int = 0
    sentences_scored: int = 0
    sentences_skipped: int = 0
    flagged: int = 0
    unsure: int = 0
    dropped: int = 0
    failures: int = 0
    seconds: float = 0.0
    stage: str = ""
    skipped_reasons: Counter[str] = field(default_factory=Counter)
    failed: list[Failure] = field(default_factory=list)
    _path: str | None = None

    @property
    def coverage(self) -> float:
        """Share of labels sure enough for the target error."""
        return 1 - self.unsure / self.sentences if self.sentences else 0.0

    @property
    def sentences_per_second(self) -> float:
        """Sentences labelled a second since the run began."""
        return self.sentences_scored / self.seconds if self.seconds else 0.0

    def add(
        self, item: ScoredArticle | DroppedLine | Failure, kept: bool = False
    ) -> None:
        """Count one more thing, in the order files were read."""
        match item:
            case ScoredArticle(article=Article(source_path=path)):
                self._add_article(item, kept)
            case DroppedLine(source_path=path):
                self.dropped += 1
            case Failure(path=path):
                self.failures += 1
                if len(self.failed) < FAILURES_KEPT:
                    self.failed.append(item)
        if path != self._path:
            self._path = path
            self.files_read = min(self.files_read + 1, self.files)

    def _add_article(self, scored: ScoredArticle, kept: bool) -> None:
        if scored.skipped:
            self.skipped += 1
            self.skipped_reasons[scored.skipped] += 1
        else:
            self.articles += 1
        self.kept += kept
        self.duplicates += scored.article.duplicate_of is not None
        self.sentences += len(scored.labels)
        self.sentences_scored += 0 if kept else len(scored.labels)
        self.sentences_skipped += len(scored.sentences) - len(scored.labels)
        self.flagged += sum(label.flagged for label in scored.labels.values())
        self.unsure += sum(
            reason.startswith(UNSURE)
            for label in scored.labels.values()
            for reason in label.flag_reasons
        )

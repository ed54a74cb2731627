"""Paths -> a results folder, scored by an engine and resumed where it was cut.

 read ─► batches ─► engine ─► tables in `.partial` ─► the results folder, at once
            ▲                   ├─► gathered ─► sources, profiles, report
            └─ kept articles ◄─ parts, some dozens of articles each

Articles come out in the order they went in. Batches are cut by their place in that
order alone, so that a resumed run forms the same ones, and no list of all articles is
ever held.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Final, NamedTuple

from annotator.actors import read_aliases
from annotator.engines.engine import Engine, Scores
from annotator.engines.identity import Inputs, digest_of, recipe_of
from annotator.engines.progress import COUNTED, Progress
from annotator.errors import BadResults, Interrupted
from annotator.ingest import (
    NearDuplicates,
    Options,
    fingerprints,
    is_address,
    read,
    without_secrets,
)
from annotator.profile import ArticleCounts, count, profile_counts
from annotator.records import (
    Article,
    DroppedLine,
    Failure,
    InputFile,
    OutletProfile,
    ScoredArticle,
)
from annotator.store import Elsewhere, Kept, Parts, Results, ResultsWriter, read_results

if TYPE_CHECKING:
    from annotator.gathered import Gathered

BATCH_ARTICLES: Final = 16
"""Enough windows of like length for full batches of tokens; what Ctrl-C waits for."""
PART_ARTICLES: Final = 64
"""What a run that is killed scores again: some twenty seconds on two cores."""


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


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be scored, how, and where to.

    Attributes
    ----------
    paths
        Files, folders, addresses that fsspec knows, or ``-`` for standard input.
    out
        The results folder, or an address for it that fsspec knows; earlier results
        there are replaced when this is done.
    target_error
        Flag whatever must be looked at for at most this share of the other labels
        to be wrong.
    fresh
        Score everything anew, whatever an earlier run has scored.
    """

    paths: Sequence[str | Path]
    out: str | Path
    options: Options = field(default_factory=Options)
    target_error: float | None = None
    together: Together = field(default_factory=Together)
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    """A finished run: what it came to, and where it lies, a path or an address.

    `unchanged` says that there was nothing to do: `progress` counts what is there.
    """

    path: str | Path
    progress: Progress
    profiles: tuple[OutletProfile, ...]
    unchanged: bool = False


def score_paths(
    job: Job,
    engine: Engine,
    report: Callable[[Progress], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> Scored:
    """Score files and folders into a results folder, and write its report.

    What an earlier run into the folder scored of the same articles is taken over; a
    folder that is as it was costs reading its files. Sources are traced and outlets
    profiled over all articles.

    Parameters
    ----------
    report
        Called after every article, and before each thing made of all of them.
    stop
        Asked after every batch; once it is true the run keeps what it has and ends.

    Raises
    ------
    BadModel
        If the model cannot promise the target error.
    BadManifest
        If the manifest or an alias table breaks its format; nothing is scored then.
    BadResults
        If `out` holds anything but results, is being written, or cannot be.
    Interrupted
        If `stop` said so.
    """
    if not is_address(job.out):
        return _Run(job, Path(job.out), engine, report, stop).scored()
    with TemporaryDirectory() as folder:
        out = Path(folder)
        there = Elsewhere(str(job.out), out)
        report(Progress(0, stage="bringing what is there"))
        there.bring()
        found = _Run(job, out, engine, report, stop, there.send_part).scored()
        if not found.unchanged:
            report(replace(found.progress, stage="sending the results"))
            there.send()
        return replace(found, path=there.address)


def _together(
    job: Job, out: Path, gathered: Gathered | None
) -> dict[str, Callable[[], object]]:
    """Give what is made of all articles; it is imported once they are scored."""
    from annotator.collection import compare_claims, profile_outlets, trace_sources
    from annotator.report.html import write_report

    roll = gathered.roll if gathered else None
    stages: dict[str, Callable[[], object]] = {
        "tracing sources": lambda: trace_sources(
            out, cited=gathered.hand_over() if gathered else None
        ),
        "profiling outlets": lambda: profile_outlets(
            out, job.together.actors, roll=roll
        ),
        "writing the report": lambda: write_report(
            read_results(out), out / "report.html"
        ),
    }
    if not job.together.compare:
        return stages
    from annotator.tag.embedding import Embedder

    return {"comparing claims": lambda: compare_claims(out, Embedder()), **stages}


class _Asked(NamedTuple):
    """An article of a batch: as it was scored before, or its place among the others."""

    article: Article
    digest: str
    kept: ScoredArticle | None


_Item = _Asked | DroppedLine | Failure


class _Run:
    """One run of a job into a folder of this machine; `keep` is told of its parts."""

    def __init__(
        self,
        job: Job,
        out: Path,
        engine: Engine,
        report: Callable[[Progress], None],
        stop: Callable[[], bool],
        keep: Callable[[Path], None] = lambda _: None,
    ) -> None:
        actors = job.together.actors
        self._aliases = read_aliases(actors) if actors else None
        self._job, self._out, self._report = job, out, report
        self._engine, self._stop, self._keep = engine, stop, keep
        error = job.target_error
        self._least = 0.0 if error is None else engine.confidence_for(error)
        self._recipe = recipe_of(engine.version, self._least)
        self._source = read(job.paths, job.options, stdin=sys.stdin.buffer)
        self._piped = "-" in map(str, job.paths)
        self._begun, self._started = datetime.now(UTC), perf_counter()
        self._counts: list[ArticleCounts] = []
        self.progress = Progress(0)
        self.profiles: tuple[OutletProfile, ...] = ()
        self.gathered: Gathered | None = None
        self._gathers = True

    def scored(self) -> Scored:
        """Score, and make what is made of all articles, if anything has changed."""
        if done := self.unchanged():
            return done
        with closing(self):
            self.score()
            for stage, make in _together(self._job, self._out, self.gathered).items():
                self.progress.stage = stage
                self._report(self.progress)
                make()
        return Scored(self._out, self.progress, self.profiles)

    def close(self) -> None:
        """Let go of the files of what was gathered."""
        if self.gathered:
            self.gathered.close()

    def _inputs(self) -> Inputs:
        options, together = self._job.options, self._job.together
        named = (options.manifest, options.aliases, together.actors)
        how = f"{self._recipe} {together!r}"
        return Inputs(options, filter(None, named), how)

    def unchanged(self) -> Scored | None:
        """Give the results that are there, if scoring again would give the same."""
        report = self._out / "report.html"
        if self._job.fresh or self._piped or not report.exists():
            return None
        try:
            results = read_results(self._out)
        except BadResults:
            return None
        inputs = self._inputs()
        for file in self._files():
            inputs.add(file)
        if inputs.digest() is None or inputs.digest() != results.run.get("inputs"):
            return None
        return Scored(self._out, _counted(results), results.outlets(), unchanged=True)

    def score(self) -> None:
        """Read, score and store, and put the results into place."""
        with ResultsWriter(self._out) as writer:
            inputs = self._inputs()
            for file in self._files():
                inputs.add(file)
                writer.add_file(file)
                self.progress.files += 1
            kept = None if self._job.fresh else Kept(self._out, self._recipe)
            parts = Parts(self._out, self._recipe, self._facts())
            store = _Storing(writer, parts, self._keep)
            under_way: deque[tuple[list[_Item], Callable[[], Scores]]] = deque()
            for batch in self._batches(kept):
                new = [i.article for i in batch if isinstance(i, _Asked) and not i.kept]
                wait = self._engine.submit(new, self._least) if new else list
                under_way.append((batch, wait))
                while len(under_way) > self._engine.ahead:
                    self._finish(*under_way.popleft(), store)
            while under_way:
                self._finish(*under_way.popleft(), store)
            self.profiles = tuple(profile_counts(self._counts))
            facts = self._facts() | self._outcome()
            writer.finish(
                self.profiles,
                facts if self._piped else facts | {"inputs": inputs.digest()},
            )

    def _files(self) -> Iterator[InputFile]:
        return fingerprints(self._job.paths, self._job.options)

    def _batches(self, kept: Kept | None) -> Iterator[list[_Item]]:
        """Cut what is read into batches, each of so many articles."""
        seen = NearDuplicates()
        batch: list[_Item] = []
        articles = 0
        for item in self._source:
            if not isinstance(item, Article):
                batch.append(item)
                continue
            digest = digest_of(item, self._recipe)
            twin = seen.first_seen(item.article_id, item.text)
            article = replace(item, duplicate_of=twin)
            before = kept.take(digest) if kept else None
            batch.append(_Asked(article, digest, before and _as_now(before, twin)))
            articles += 1
            if articles == BATCH_ARTICLES:
                yield batch
                batch, articles = [], 0
        yield batch

    def _finish(
        self, batch: list[_Item], wait: Callable[[], Scores], store: _Storing
    ) -> None:
        """Wait for the scores of a batch and store it."""
        new = iter(wait())
        for item in batch:
            kept = isinstance(item, _Asked) and item.kept is not None
            digest = item.digest if isinstance(item, _Asked) else None
            found = (item.kept or next(new)) if isinstance(item, _Asked) else item
            store.add(found, digest, kept)
            if isinstance(found, ScoredArticle):
                self._counts.append(count(found.article, found.sentences, found.labels))
                self._gather(found)
            self.progress.add(found, kept)
            self.progress.seconds = perf_counter() - self._started
            self._report(self.progress)
        if self._stop():
            store.flush()
            done = self.progress.articles + self.progress.skipped
            raise Interrupted(
                f"stopped: {done:,} articles are scored and kept; give the same "
                "command again to go on"
            )

    def _gather(self, found: ScoredArticle) -> None:
        """Count an article in, while the engine scores others.

        A fault ends the gathering and not the scoring: the stage that reads the tables
        then meets it, once all articles are there.
        """
        if not self._gathers:
            return
        try:
            if self.gathered is None:
                # Loaded beside the first batch, not before it.
                from annotator.gathered import Gathered

                self.gathered = Gathered(self._out, self._aliases)
            self.gathered.add(found)
        except Exception:
            self.close()
            self.gathered, self._gathers = None, False

    def _facts(self) -> dict[str, object]:
        """What `run.json` says of a run from its beginning."""
        options = self._job.options
        return {
            "started": self._begun.isoformat(timespec="seconds"),
            "code_version": version("source-annotator"),
            "model": self._engine.version,
            "paths": [without_secrets(p) for p in self._job.paths],
            "options": {
                name: str(value) if isinstance(value, Path) else value
                for name in Options.__dataclass_fields__
                if (value := getattr(options, name)) is not None
            },
        }

    def _outcome(self) -> dict[str, object]:
        """What `run.json` says of a run that ended."""
        progress, at_most = self.progress, self._job.target_error
        outcome: dict[str, object] = {
            "seconds": round(progress.seconds, 3),
            "counts": {name: getattr(progress, name) for name in COUNTED},
            "skipped_reasons": dict(progress.skipped_reasons),
        }
        if at_most is not None:
            outcome["target_error"] = {
                "at_most": at_most,
                "least_confidence": self._least,
                "coverage": progress.coverage,
            }
        return outcome


class _Storing:
    """Everything that is found, into the tables; what is new also into parts."""

    def __init__(
        self, writer: ResultsWriter, parts: Parts, keep: Callable[[Path], None]
    ) -> None:
        self._writer, self._parts, self._keep = writer, parts, keep
        self._new: list[tuple[ScoredArticle, str]] = []
        self._dropped: list[DroppedLine] = []

    def add(
        self,
        item: ScoredArticle | DroppedLine | Failure,
        digest: str | None,
        kept: bool,
    ) -> None:
        """Store one thing."""
        match item:
            case DroppedLine():
                self._writer.add_dropped(item)
                self._dropped.append(item)
            case Failure():
                self._writer.add_failure(item)
            case ScoredArticle():
                self._writer.add(item, digest)
                if digest and not kept:
                    self._new.append((item, digest))
        if len(self._new) >= PART_ARTICLES:
            self.flush()

    def flush(self) -> None:
        """Keep what is new since the last part."""
        if self._new:
            self._keep(self._parts.add(self._new, self._dropped))
        self._new, self._dropped = [], []


def _as_now(scored: ScoredArticle, twin: str | None) -> ScoredArticle:
    """Give a kept article, marked as the copy that it is now."""
    return replace(scored, article=replace(scored.article, duplicate_of=twin))


def _counted(results: Results) -> Progress:
    """Count what a finished folder holds."""
    counts = results.run["counts"]
    progress = Progress(**{name: counts[name] for name in COUNTED})
    progress.files_read = progress.files
    progress.kept = progress.articles + progress.skipped
    progress.skipped_reasons.update(results.run["skipped_reasons"])
    return progress

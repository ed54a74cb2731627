"""`annotator score`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.progress import Progress, TaskID

from annotator import DEFAULT_MODEL
from annotator.cli.engines import (
    EngineName,
    EngineOption,
    RayAddress,
    Workers,
    engine_of,
)
from annotator.cli.inputs import (
    MAX_BYTES,
    MAX_CHARS,
    Aliases,
    Compare,
    Fresh,
    Manifest,
    MaxBytes,
    MaxChars,
    Out,
    OutletFromFolder,
    Paths,
    TargetError,
)
from annotator.cli.terminal import Actors, Model, interrupts, many, progress_bar

if TYPE_CHECKING:
    from annotator.engines.progress import Progress as ScoreProgress
    from annotator.engines.run import Scored


def score(  # noqa: PLR0913 an argument an option
    paths: Paths,
    out: Out = "results",
    model: Model = DEFAULT_MODEL,
    manifest: Manifest = None,
    outlet_from_folder: OutletFromFolder = False,
    aliases: Aliases = None,
    target_error: TargetError = None,
    compare: Compare = False,
    actors: Actors = None,
    fresh: Fresh = False,
    max_bytes: MaxBytes = MAX_BYTES,
    max_chars: MaxChars = MAX_CHARS,
    engine: EngineOption = EngineName.LOCAL,
    workers: Workers = None,
    ray_address: RayAddress = None,
) -> None:
    """Score articles: a label for every sentence, a profile for every outlet.

    Reads .txt, .md, .html, .json, .jsonl, .csv, .tsv, .parquet, .docx and .pdf, and
    .gz of the text ones. Files that cannot be read are listed in `errors.jsonl`.

    A run that was stopped or killed goes on where it was when the same command is
    given again; so does one whose files have changed, which scores those alone.

    The exit status is 1 if nothing could be scored, 130 if it was interrupted.

        annotator score seeds --manifest seeds/manifest.csv --out results
    """
    console = Console(stderr=True)
    with progress_bar(console) as bar:
        task = bar.add_task("loading the model", total=None)
        from annotator.engines.run import Job, Together, score_paths
        from annotator.ingest import Options

        options = Options(manifest, outlet_from_folder, aliases, max_bytes, max_chars)
        together = Together(compare, actors)
        job = Job(paths, out, options, target_error, together, fresh)
        made = engine_of(model, engine, workers, ray_address)
        with made as scorer, interrupts(console) as stop:
            shown = partial(show, bar, task)
            scored = score_paths(job, scorer, shown, stop.is_set)
    show_scored(scored, target_error)
    if not scored.progress.articles:
        raise typer.Exit(1)


def show(bar: Progress, task: TaskID, done: ScoreProgress) -> None:
    """Show how far a run is."""
    rate = f"{done.articles:,} articles, {done.sentences_per_second:.0f} sentences/s"
    bar.update(
        task,
        total=None if done.stage else done.files,
        completed=done.files_read,
        description=done.stage or rate,
    )


def show_scored(scored: Scored, target_error: float | None) -> None:
    """Print the closing table of a run, and what it came to."""
    from annotator.report.terminal import outlet_table, safe

    console = Console()
    done = scored.progress
    if scored.profiles:
        console.print(outlet_table(scored.profiles))
    facts = [
        f"{many(done.articles, 'article')} scored, "
        f"{many(done.sentences, 'sentence')}, {done.flagged:,} flagged for review"
    ]
    if target_error is not None:
        facts.append(
            f"{done.coverage:.0%} of the labels are sure enough that at most "
            f"{target_error:.0%} of them are wrong; the others are flagged"
        )
    facts += [
        f"{many(n, 'article')} skipped: {reason}"
        for reason, n in done.skipped_reasons.items()
    ]
    if done.duplicates:
        facts.append(f"near-copies, counted once an outlet: {done.duplicates:,}")
    if done.dropped:
        left_out = many(done.dropped, "line")
        facts.append(f"{left_out} left out of the articles: dropped.parquet")
    if scored.unchanged:
        facts.append("nothing has changed since; --fresh scores everything anew")
    elif done.kept:
        facts.append(f"{many(done.kept, 'article')} of them scored by an earlier run")
    for line in facts:
        console.print(line, markup=False, highlight=False)
    for failure in done.failed:
        line = f"not read: {safe(failure.path)}: {safe(failure.reason)}"
        console.print(line, markup=False, highlight=False, style="yellow")
    if done.failures:
        console.print(
            f"{many(done.failures, 'failure')} in all: {scored.path}/errors.jsonl",
            markup=False,
            highlight=False,
        )
    closing = [f"report: {scored.path}/report.html"]
    if isinstance(scored.path, Path):
        closing.insert(0, f"slant, outlet by outlet: annotator profile {scored.path}")
    for line in closing:
        console.print(line, markup=False, highlight=False, soft_wrap=True)

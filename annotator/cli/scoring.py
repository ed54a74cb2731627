"""`annotator score`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from annotator import DEFAULT_MODEL
from annotator.cli.terminal import Actors, Model, interrupts, many, progress_bar

if TYPE_CHECKING:
    from annotator.engines.progress import Progress as ScoreProgress
    from annotator.engines.run import Scored


def score(  # noqa: PLR0913 an argument an option
    paths: Annotated[
        list[str], typer.Argument(help="Files or folders; `-` reads standard input.")
    ],
    out: Annotated[
        Path, typer.Option(help="Results folder; earlier results in it are replaced.")
    ] = Path("results"),
    model: Model = DEFAULT_MODEL,
    manifest: Annotated[
        Path | None,
        typer.Option(
            help="CSV with a column path and any of outlet, title, author, "
            "published, url, language, topic.",
            metavar="CSV",
        ),
    ] = None,
    outlet_from_folder: Annotated[
        bool,
        typer.Option(
            "--outlet-from-folder",
            help="Where nothing better names the outlet, take the folder's name.",
        ),
    ] = False,
    aliases: Annotated[
        Path | None,
        typer.Option(
            help="CSV with the columns name and outlet, put before the shipped table.",
            metavar="CSV",
        ),
    ] = None,
    target_error: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            max=1.0,
            help="Flag what must be looked at for at most this share of the other "
            "labels to be wrong, 0.05 say.",
            metavar="SHARE",
        ),
    ] = None,
    compare: Annotated[
        bool,
        typer.Option(
            "--compare",
            help="Also look for claims of several articles about one event, as "
            "`annotator corroborate` does.",
        ),
    ] = False,
    actors: Actors = None,
    fresh: Annotated[
        bool,
        typer.Option(
            "--fresh",
            help="Score everything anew, whatever an earlier run into the folder "
            "has scored.",
        ),
    ] = False,
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
        from annotator.engines.local import InProcess
        from annotator.engines.run import Job, Together, score_paths
        from annotator.ingest import Options
        from annotator.tag.tagger import Tagger

        tagger = Tagger(model)

        def show(progress: ScoreProgress) -> None:
            bar.update(
                task,
                total=progress.files,
                completed=progress.files_read,
                description=f"{progress.articles:,} articles, "
                f"{progress.sentences_per_second:.0f} sentences/s",
            )

        options = Options(
            manifest=manifest, outlet_from_folder=outlet_from_folder, aliases=aliases
        )
        together = Together(compare, actors)
        job = Job(paths, out, options, target_error, together, fresh)
        with interrupts(console) as stop:
            scored = score_paths(job, InProcess(tagger), show, stop.is_set)
    _show_scored(scored, target_error)
    if not scored.progress.articles:
        raise typer.Exit(1)


def _show_scored(scored: Scored, target_error: float | None) -> None:
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
    for line in (
        f"slant, outlet by outlet: annotator profile {scored.path}",
        f"report: {scored.path / 'report.html'}",
    ):
        console.print(line, markup=False, highlight=False, soft_wrap=True)

"""Command line -> calls of the package, and their results in the terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from annotator import DEFAULT_MODEL
from annotator.errors import AnnotatorError

if TYPE_CHECKING:
    from annotator.engines.local import Progress as ScoreProgress
    from annotator.engines.local import Scored


app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Tag each sentence of news as **reported fact**, **attributed claim**, "
    "**opinion** or **unverifiable allegation**, and add them up per outlet.\n\n"
    "Start with `annotator score FOLDER`, then open `results/report.html`.",
)

Model = Annotated[
    str, typer.Option(help="A shipped model, or the folder of one.", metavar="NAME")
]


@app.command()
def score(
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
            "published, url, language.",
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
) -> None:
    """Score articles: a label for every sentence, a profile for every outlet.

    Reads .txt, .md, .html, .json, .jsonl, .csv, .tsv, .parquet, .docx and .pdf, and
    .gz of the text ones. Files that cannot be read are listed in `errors.jsonl`.

    The exit status is 1 if nothing could be scored.

        annotator score seeds --manifest seeds/manifest.csv --out results
    """
    console = Console(stderr=True)
    with _bar(console) as bar:
        task = bar.add_task("loading the model", total=None)
        from annotator.engines.local import score_paths
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
        scored = score_paths(paths, out, tagger, options, target_error, show)
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
        f"{_many(done.articles, 'article')} scored, "
        f"{_many(done.sentences, 'sentence')}, {done.flagged:,} flagged for review"
    ]
    if target_error is not None:
        facts.append(
            f"{done.coverage:.0%} of the labels are sure enough that at most "
            f"{target_error:.0%} of them are wrong; the others are flagged"
        )
    facts += [
        f"{_many(n, 'article')} skipped: {reason}"
        for reason, n in done.skipped_reasons.items()
    ]
    if done.duplicates:
        facts.append(f"near-copies, counted once an outlet: {done.duplicates:,}")
    if done.dropped:
        left_out = _many(done.dropped, "line")
        facts.append(f"{left_out} left out of the articles: dropped.parquet")
    for line in facts:
        console.print(line, markup=False, highlight=False)
    for failure in done.failed:
        line = f"not read: {safe(failure.path)}: {safe(failure.reason)}"
        console.print(line, markup=False, highlight=False, style="yellow")
    if done.failures:
        console.print(
            f"{_many(done.failures, 'failure')} in all: {scored.path}/errors.jsonl",
            markup=False,
            highlight=False,
        )
    console.print(f"report: {scored.path / 'report.html'}", markup=False)


def _many(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


@app.command()
def train(
    config: Annotated[
        Path, typer.Option(help="models/<name>/config.toml of the model to make.")
    ],
    claims: Annotated[
        Path, typer.Option(help="JSON Lines of labelled sentences (claims format).")
    ],
    spans: Annotated[
        Path | None, typer.Option(help="JSON Lines of attributions and loaded terms.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Model folder; the config's own by default.")
    ] = None,
    work: Annotated[
        Path | None, typer.Option(help="Checkpoints; runs/<name> by default.")
    ] = None,
) -> None:
    """Train a model from a configuration; a killed run goes on where it stopped.

    Nine tenths of the articles train, a twentieth says when to stop and a twentieth
    fits the calibration.

        annotator train --config models/compact/config.toml --claims train.jsonl
    """
    from annotator.train.config import read_config
    from annotator.train.loop import Progress as Step
    from annotator.train.run import train as run

    folder = out or config.parent
    settings = read_config(config)
    console = Console(stderr=True)
    with _bar(console) as bar:
        task = bar.add_task("reading", total=None)

        def show(step: Step) -> None:
            bar.update(
                task,
                total=step.steps,
                completed=step.step,
                description=f"epoch {step.epoch + 1}, loss {step.loss:.3f}, "
                f"{step.sentences_per_second:.0f} sentences/s",
            )

        work = work or Path("runs") / folder.name
        made = run(settings, claims, spans, folder, work, show)
    Console().print(f"{made.version} written to {folder}", markup=False)


@app.command()
def evaluate(
    model: Annotated[str, typer.Argument(help="A shipped model or a model folder.")],
    data: Annotated[
        Path, typer.Option(help="JSON Lines of labelled sentences (claims format).")
    ],
    baselines: Annotated[
        Path | None,
        typer.Option(help="Claims file to fit a majority and a word baseline on."),
    ] = None,
    spans: Annotated[
        Path | None,
        typer.Option(
            help="Spans file for the sentences of --baselines: scores spans on the "
            "articles that no training run sees."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for metrics.json and confusion.png.")
    ] = None,
) -> None:
    """Measure a model on labelled sentences, with 95 % intervals.

    annotator evaluate compact --data dev.jsonl --baselines train.jsonl
    """
    from annotator.tag.folder import model_folder
    from annotator.train.evaluate import evaluate as run
    from annotator.train.evaluate import score_table, span_table, write_evaluation

    found = run(model_folder(model), data, baselines, spans)
    console = Console()
    console.print(score_table(found))
    if found.spans:
        console.print(span_table(found.spans))
    if out:
        write_evaluation(found, out)


@app.command()
def gate(
    model: Annotated[str, typer.Argument(help="A shipped model or a model folder.")],
    data: Annotated[
        Path, typer.Option(help="The labelled sentences its floors are pinned to.")
    ],
) -> None:
    """Fail if a model is below the floors in its `floors.toml`.

    The exit status is 1 then, and 2 if the floors belong to other data.

        annotator gate compact --data dev.jsonl
    """
    from annotator.tag.folder import model_folder
    from annotator.train.evaluate import evaluate as run
    from annotator.train.gate import shortfalls

    folder = model_folder(model)
    below = shortfalls(run(folder, data, None, None), folder)
    for line in below or ["no figure is below its floor"]:
        Console().print(line, markup=False, highlight=False)
    if below:
        raise typer.Exit(1)


@app.command()
def audit(
    model: Annotated[str, typer.Argument(help="A shipped model or a model folder.")],
    data: Annotated[
        Path, typer.Option(help="JSON Lines of labelled sentences (claims format).")
    ],
    out: Annotated[Path | None, typer.Option(help="Folder for audit.json.")] = None,
) -> None:
    """Swap outlets, sides, parties, genders and names, and count labels that flip.

    annotator audit compact --data dev.jsonl
    """
    from annotator.report.terminal import safe
    from annotator.tag.folder import model_folder
    from annotator.train.audit import audit as run
    from annotator.train.audit import audit_table, write_audit

    version, results = run(model_folder(model), data)
    console = Console()
    console.print(audit_table(version, results))
    for result in results:
        for flip in result.examples:
            console.print(
                f"{result.name}: {flip.label_before} -> {flip.label_after}: "
                f"{safe(flip.after)}",
                markup=False,
                highlight=False,
            )
    if out:
        write_audit(version, results, out)


@app.command()
def calibrate(
    model: Annotated[str, typer.Argument(help="A shipped model or a model folder.")],
    claims: Annotated[
        Path, typer.Option(help="The claims file the model was trained from.")
    ],
) -> None:
    """Fit a model's probabilities anew on the articles kept back for it.

    Writes the temperature and the error bounds behind `score --target-error` into
    `model.json`; the weights stay as they are.

        annotator calibrate compact --claims train.jsonl
    """
    from annotator.tag.folder import model_folder
    from annotator.train.run import recalibrate

    found = recalibrate(model_folder(model), claims)
    Console().print(f"{found.version}: temperature {found.temperature:.2f}")


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )


def main() -> None:
    """Run the command line; what a user can mend is shown as one line."""
    try:
        app()
    except AnnotatorError as error:
        from annotator.report.terminal import safe

        Console(stderr=True).print(f"error: {safe(str(error))}", markup=False)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit("interrupted: nothing was written")

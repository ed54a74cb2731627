"""`annotator train`, `evaluate`, `gate`, `audit` and `calibrate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from annotator.cli.terminal import progress_bar
from annotator.train.data import Part


def train(  # noqa: PLR0913 an argument an option
    config: Annotated[
        Path, typer.Option(help="models/<name>/config.toml of the model to make.")
    ],
    claims: Annotated[
        Path,
        typer.Option(
            help="Labelled sentences: claims rows as JSON Lines, JSON, CSV or Parquet, "
            "or an export of Label Studio or doccano; told from the content."
        ),
    ],
    spans: Annotated[
        Path | None, typer.Option(help="JSON Lines of attributions and loaded terms.")
    ] = None,
    stances: Annotated[
        Path | None,
        typer.Option(
            help="JSON Lines of sentiment towards a named actor: sentence, mention, "
            "from, to, polarity."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Model folder; the config's own by default.")
    ] = None,
    work: Annotated[
        Path | None, typer.Option(help="Checkpoints; runs/<name> by default.")
    ] = None,
    articles: Annotated[
        list[Path] | None,
        typer.Option(
            help="Unlabelled articles, in any format that `score` reads, for a "
            "configuration that names a teacher. May be given more than once."
        ),
    ] = None,
    without: Annotated[
        list[Path] | None,
        typer.Option(
            help="Labelled sentences whose articles the teacher is not asked about: "
            "those you evaluate on. May be given more than once.",
            metavar="FILE",
        ),
    ] = None,
) -> None:
    """Train a model from a configuration; a killed run goes on where it stopped.

    Nine tenths of the articles train, a twentieth says when to stop and a twentieth
    fits the calibration. A row that names no article is an article of its own.
    docs/training-data.md describes the formats; every row that is wrong is named.

        annotator train --config models/compact/config.toml --claims train.jsonl
    """
    from annotator.train.config import read_config
    from annotator.train.progress import Progress as Step
    from annotator.train.run import Material
    from annotator.train.run import train as run

    folder = out or config.parent
    settings = read_config(config)
    console = Console(stderr=True)
    with progress_bar(console) as bar:
        task = bar.add_task("reading", total=None)

        def show(step: Step) -> None:
            bar.update(
                task,
                total=step.steps,
                completed=step.step,
                description=f"{step}, {step.sentences_per_second:.0f} sentences/s",
            )

        work = work or Path("runs") / folder.name
        given = Material(
            claims, spans, stances, tuple(articles or ()), tuple(without or ())
        )
        made = run(settings, given, folder, work, show)
    Console().print(f"{made.version} written to {folder}", markup=False)


def evaluate(  # noqa: PLR0913 an argument an option
    model: Annotated[str, typer.Argument(help="A shipped model or a model folder.")],
    data: Annotated[
        Path | None,
        typer.Option(help="Labelled sentences, in any format that `train` takes."),
    ] = None,
    baselines: Annotated[
        Path | None,
        typer.Option(help="Claims file to fit a majority and a word baseline on."),
    ] = None,
    spans: Annotated[
        Path | None,
        typer.Option(
            help="Spans file to score, read with the sentences around them where "
            "--baselines or --data has those."
        ),
    ] = None,
    stances: Annotated[
        list[Path] | None,
        typer.Option(
            help="JSON Lines of sentiment towards a named actor to score. May be given "
            "more than once.",
            metavar="FILE",
        ),
    ] = None,
    split: Annotated[
        Part,
        typer.Option(help="The articles of --spans to score, by a hash of their id."),
    ] = Part.HELD_OUT,
    group: Annotated[
        list[str] | None,
        typer.Option(
            help="Also by each value of this column of --data: outlet, topic.. May "
            "be given more than once.",
            metavar="COLUMN",
        ),
    ] = None,
    errors: Annotated[
        Path | None,
        typer.Option(
            help="CSV to write of the sentences got wrong, worst first.", metavar="CSV"
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for metrics.json, confusion.png and reliability.png."
        ),
    ] = None,
) -> None:
    """Measure a model on labelled sentences, spans or stances, with 95 % intervals.

    annotator evaluate compact --data dev.jsonl --baselines train.jsonl
    """
    from annotator.tag.shelf import model_folder
    from annotator.train import present
    from annotator.train.evaluate import evaluate as run
    from annotator.train.evaluate import evaluate_spans
    from annotator.train.mistakes import write_mistakes
    from annotator.train.stance_scores import evaluate_stances

    console = Console()
    folder = model_folder(model)
    if not (data or spans or stances):
        raise typer.BadParameter(
            "nothing to measure on: give --data, --spans or --stances"
        )
    found = run(folder, data, baselines, spans, split, group or []) if data else None
    found_spans = found.spans if found else None
    if spans and not found:
        found_spans = evaluate_spans(folder, spans, [], split)
    leaning = [evaluate_stances(folder, path) for path in stances or ()]
    if found:
        console.print(present.score_table(found))
        for grouping in found.groupings:
            console.print(present.group_table(grouping))
    if found_spans:
        console.print(present.span_table(found_spans, split))
    if leaning:
        console.print(present.stance_table(leaning))
    if errors and found:
        write_mistakes(found.mistakes, errors)
    if out:
        present.write_scores(found, found_spans, leaning, out)


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
    from annotator.tag.shelf import model_folder
    from annotator.train.evaluate import evaluate as run
    from annotator.train.gate import shortfalls

    folder = model_folder(model)
    below = shortfalls(run(folder, data, None, None), folder)
    for line in below or ["no figure is below its floor"]:
        Console().print(line, markup=False, highlight=False)
    if below:
        raise typer.Exit(1)


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
    from annotator.tag.shelf import model_folder
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


def calibrate(
    model: Annotated[str, typer.Argument(help="A shipped model or a model folder.")],
    claims: Annotated[
        Path, typer.Option(help="The claims file the model was trained from.")
    ],
    spans: Annotated[
        Path | None, typer.Option(help="The spans it was trained from, if any.")
    ] = None,
    stances: Annotated[
        Path | None, typer.Option(help="The stances it was trained from, if any.")
    ] = None,
) -> None:
    """Fit a model's probabilities anew on the articles kept back for it.

    Writes the temperature, the error bounds behind `score --target-error` and how
    readily spans are opened into `model.json`; the weights stay as they are.

        annotator calibrate compact --claims train.jsonl
    """
    from annotator.tag.shelf import model_folder
    from annotator.train.run import recalibrate

    found = recalibrate(model_folder(model), claims, spans, stances)
    line = f"{found.version}: temperature {found.temperature:.2f}"
    Console().print(line, markup=False)

"""`annotator learn`: what people decided teaches the next model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from annotator import DEFAULT_MODEL
from annotator.cli.decisions import bring_decisions
from annotator.cli.terminal import Database, Model, many, progress_bar
from annotator.cli.together import Results

if TYPE_CHECKING:
    from rich.table import Table

    from annotator.train.changes import Change
    from annotator.train.learn import Learned
    from annotator.train.progress import Progress as Step


def learn(  # noqa: PLR0913 an argument an option
    results: Results,
    model: Model = DEFAULT_MODEL,
    claims: Annotated[
        Path | None,
        typer.Option(
            help="Labelled sentences that the model learned from: four of them are "
            "repeated for each one decided, so that it does not forget."
        ),
    ] = None,
    dev: Annotated[
        Path | None,
        typer.Option(help="Labelled sentences that no model learned from, to measure."),
    ] = None,
    spans: Annotated[
        Path | None,
        typer.Option(help="The spans of --claims, where they stand in another file."),
    ] = None,
    stances: Annotated[
        Path | None, typer.Option(help="The stances that the model learned from.")
    ] = None,
    db: Database = None,
    config: Annotated[
        Path | None,
        typer.Option(
            help="Settings of the training, as in models/<name>/config.toml; the "
            "encoder and start in it are not used.",
            metavar="TOML",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the new model; models/NAME-reviewed by default. It must "
            "not exist yet.",
            metavar="FOLDER",
        ),
    ] = None,
    work: Annotated[
        Path | None,
        typer.Option(
            help="Checkpoints and the new model before it is installed; runs/<name> "
            "by default.",
            metavar="FOLDER",
        ),
    ] = None,
) -> None:
    """Teach a model what people decided in a review, and install it if it is no worse.

    Three quarters of the articles with decisions teach, the others measure the model
    before and after. It is installed only if as many of those are labelled right as
    before and macro-F1 on --dev falls by no more than 0.005; else the exit status is 1
    and the new model stays under --work.

        annotator learn results --claims train.jsonl --dev dev.jsonl --out models/mine
    """
    from annotator.store import read_results
    from annotator.tag.shelf import model_folder
    from annotator.train.config import read_config
    from annotator.train.learn import Known
    from annotator.train.learn import learn as run

    folder = model_folder(model)
    out = out or Path("models") / f"{folder.name}-reviewed"
    work = work or Path("runs") / out.name
    settings = read_config(config) if config else None
    bring_decisions(results, db)
    with progress_bar(Console(stderr=True)) as bar:
        task = bar.add_task("reading", total=None)

        def show(step: Step) -> None:
            bar.update(
                task, total=step.steps, completed=step.step, description=str(step)
            )

        known = Known(claims, spans, stances, dev)
        done = run(read_results(results), folder, known, settings, (out, work), show)
    _show(done, out)
    if not done.installed:
        raise typer.Exit(1)


def _show(done: Learned, out: Path) -> None:
    console = Console()
    console.print(_table(done))
    facts = [
        f"learned from {many(done.decided, 'sentence')} that people decided and "
        f"{done.replayed:,} repeated; measured on {done.held_out:,} held out",
        *done.missing,
        *(f"worse: {c.figure} on {c.data} {_told(c)}" for c in done.changes if c.worse),
        f"{done.description.version} written to {out}"
        if done.installed
        else f"nothing was installed; the new model is in {done.candidate}",
    ]
    for line in facts:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _told(change: Change) -> str:
    fall = -change.difference.value
    return f"fell by {fall:.3f}, at most {change.tolerance:g} may be lost"


def _table(done: Learned) -> Table:
    from rich.table import Table

    table = Table(
        box=None,
        caption="95 % intervals in brackets, articles drawn with replacement, the same "
        "for both models.",
    )
    table.caption_justify = "left"
    for column in ("", "before", "after", "difference"):
        table.add_column(column, justify="right" if column else "left")
    for change in done.changes:
        title = f"{change.figure}, {change.data} ({change.sentences:,})"
        figures = (change.before, change.after, change.difference)
        table.add_row(title, *map(str, figures))
    return table

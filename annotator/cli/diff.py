"""`annotator diff`: how the labels of two results folders differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import nlargest
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from annotator.cli.terminal import many, progress_bar

if TYPE_CHECKING:
    from annotator.comparison import Change, Comparison, OutletShift
    from annotator.store import Results

LONGEST_SHOWN: Final = 300
"""Characters of a sentence that are shown; files have it whole."""


def diff(
    old: Annotated[
        Path, typer.Argument(help="A results folder, as `annotator score` writes it.")
    ],
    new: Annotated[
        Path, typer.Argument(help="Another, of the same articles or some of them.")
    ],
    limit: Annotated[
        int,
        typer.Option(min=0, help="Changed sentences and outlets shown; 0 shows all."),
    ] = 20,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Also write all changed sentences to this .csv, .jsonl or .parquet.",
            metavar="FILE",
        ),
    ] = None,
    exit_code: Annotated[
        bool,
        typer.Option("--exit-code", help="Exit with 1 if any label changed."),
    ] = False,
) -> None:
    """List the labels that differ between two results folders.

    Of two models, two versions of the program, or before and after files changed.
    Articles are the same where their ids are: the same file path, the same place in
    the file. In an article whose text changed, sentences are the same where their text
    and order are. Compares what the machine said, whatever people decided since.

        annotator diff results-before results-after --out changes.csv
    """
    from annotator.comparison import SUFFIXES, Comparison, compare, written
    from annotator.store import read_results

    if out and out.suffix.lower() not in SUFFIXES:
        raise typer.BadParameter(
            f"got {out.name!r}, expected a name that ends in {', '.join(SUFFIXES)}",
            param_hint="--out",
        )
    before, after = read_results(old), read_results(new)
    comparison = Comparison()
    with progress_bar(Console(stderr=True)) as bar:
        task = bar.add_task("reading", total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, description="comparing", completed=done, total=total)

        changes: Iterable[Change] = compare(before, after, comparison, show)
        try:
            surest = _surest(written(changes, out) if out else changes, limit)
        except OSError as e:
            raise typer.BadParameter(f"{out} cannot be written: {e.strerror}") from e
    _show(before, after, comparison, surest, limit)
    if out:
        _say(f"all {many(comparison.changes, 'change')}: {out}")
    if exit_code and comparison.changes:
        raise typer.Exit(1)


def _surest(changes: Iterable[Change], limit: int) -> list[Change]:
    """Take the changes in which both models were the most sure, all if limit is 0."""
    by_confidence = attrgetter("confidence")
    if limit:
        return nlargest(limit, changes, by_confidence)
    return sorted(changes, key=by_confidence, reverse=True)


def _show(
    old: Results,
    new: Results,
    comparison: Comparison,
    surest: Sequence[Change],
    limit: int,
) -> None:
    console = Console()
    for name, results in (("old", old), ("new", new)):
        _say(f"{name}: {results.path}, model {results.run.get('model', 'unknown')}")
    _say(
        f"{many(comparison.articles, 'article')} in both, {comparison.changed:,} of "
        f"them with another text; {comparison.removed:,} only in old, "
        f"{comparison.added:,} only in new"
    )
    share = comparison.changes / max(comparison.sentences, 1)
    _say(
        f"{many(comparison.sentences, 'sentence')} compared, "
        f"{many(comparison.changes, 'label')} changed ({share:.2%})"
    )
    if comparison.only_old or comparison.only_new:
        _say(
            f"sentences of these articles without a labelled counterpart: "
            f"{comparison.only_old:,} in old, {comparison.only_new:,} in new"
        )
    if comparison.flagged_old or comparison.flagged_new:
        _say(
            f"flagged for review in one only: {comparison.flagged_old:,} in old, "
            f"{comparison.flagged_new:,} in new"
        )
    moved = [shift for shift in comparison.outlets if any(shift.points or ())]
    if comparison.changes:
        console.print(_label_table(comparison))
    if moved:
        console.print(_outlet_table(moved[: limit or None], len(moved)))
    if surest:
        console.print(_change_table(surest, comparison.changes))


def _label_table(comparison: Comparison) -> Table:
    from annotator.codebook import LABELS
    from annotator.report.terminal import SHORT

    table = _table("Sentences by their label in old (rows) and in new (columns).")
    table.add_column("")
    for label in LABELS:
        table.add_column(SHORT[label], justify="right", min_width=7)
    for was in LABELS:
        cells = (
            Text(f"{comparison.labels[was, now]:,}", "dim" if was == now else "")
            for now in LABELS
        )
        table.add_row(SHORT[was], *cells)
    return table


def _outlet_table(shifts: Sequence[OutletShift], moved: int) -> Table:
    from annotator.codebook import LABELS
    from annotator.report.terminal import SHORT, UNKNOWN, percent, safe

    table = _table(
        f"Share of each label in new, and percentage points from old to new; "
        f"{len(shifts):,} of {many(moved, 'outlet')} whose shares changed."
    )
    table.add_column("outlet", overflow="fold", min_width=14, max_width=30)
    for label in LABELS:
        table.add_column(SHORT[label], justify="right", no_wrap=True)
    for shift in shifts:
        cells = (
            Text(percent(share)).append(f" {points:+.1f}", "" if points else "dim")
            for share, points in zip(shift.new, shift.points or (), strict=True)
        )
        name = UNKNOWN if shift.outlet is None else safe(shift.outlet)
        table.add_row(Text(name), *cells)
    return table


def _change_table(changes: Sequence[Change], found: int) -> Table:
    from annotator.report.terminal import SHORT, UNKNOWN, safe

    table = _table(
        f"{len(changes):,} of {many(found, 'changed label')}, first those in which the "
        "less sure of the two confidences is highest."
    )
    table.add_column("from", no_wrap=True)
    table.add_column("to", no_wrap=True)
    table.add_column("sentence", overflow="fold")
    for change in changes:
        outlet = UNKNOWN if change.outlet is None else safe(change.outlet)
        sentence = Text(_shortened(safe(change.text)))
        sentence.append(f"\n{outlet}, {safe(change.sentence_id_new)}", "dim")
        table.add_row(
            Text(f"{SHORT[change.label_old]} {change.confidence_old:.2f}"),
            Text(f"{SHORT[change.label_new]} {change.confidence_new:.2f}"),
            sentence,
        )
    return table


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def _table(caption: str) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), caption=caption)
    table.caption_justify = "left"
    return table


def _say(line: str) -> None:
    from annotator.report.terminal import safe

    Console().print(safe(line), markup=False, highlight=False, soft_wrap=True)

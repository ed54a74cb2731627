"""An evaluation -> tables for a terminal, `metrics.json`, pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from rich.table import Table
from rich.text import Text

from annotator.codebook import LABELS
from annotator.report.figures import confusion_picture, reliability_picture
from annotator.report.terminal import safe
from annotator.train.confidence import Promise
from annotator.train.evaluate import Evaluation
from annotator.train.groups import Grouping
from annotator.train.span_scores import AllSpanScores
from annotator.train.stance_scores import NAMES as STANCE_NAMES
from annotator.train.stance_scores import StanceScores


def score_table(evaluation: Evaluation) -> Table:
    """A row a figure, a column a model."""
    table = Table(
        title=Text(
            f"{safe(evaluation.data)}: {evaluation.sentences:,} sentences of "
            f"{evaluation.articles:,} articles"
        ),
        caption="95 % intervals in brackets, articles drawn with replacement.",
        box=None,
    )
    table.add_column("")
    for name in evaluation.scores:
        table.add_column(name, justify="right")
    every = list(evaluation.scores.values())
    table.add_row("macro-F1", *(str(s.macro_f1) for s in every), style="bold")
    for i, name in enumerate(LABELS):
        n = every[0].labels[i].support
        title = f"F1 {name.replace('_', ' ')} ({n})"
        table.add_row(title, *(str(s.labels[i].f1) for s in every))
    table.add_row("accuracy", *(str(s.accuracy) for s in every))
    table.add_row("defensible label", *(str(s.lenient) for s in every))
    table.add_row("calibration error", *(str(s.calibration_error) for s in every))
    for promise in evaluation.promises:
        for title, figure in _promise_rows(promise):
            table.add_row(title, figure)
    return table


def _promise_rows(promise: Promise) -> Iterator[tuple[str, str]]:
    name = f"at --target-error {promise.target_error:g}"
    if promise.coverage is None:
        yield f"{name}: coverage", "not promised"
    else:
        yield f"{name}: coverage", str(promise.coverage)
        yield f"{name}: error", str(promise.error)
    yield f"{name}: within reach", str(promise.within_reach)


def span_table(scores: AllSpanScores, part: str) -> Table:
    """A row a span layer; `part` says which articles were scored."""
    table = Table(
        title=f"spans: {scores.sentences:,} sentences of {scores.articles:,} articles "
        f"({part})",
        box=None,
    )
    for column in ("", "exact F1", "overlap F1", "marked"):
        table.add_column(column, justify="right" if column else "left")
    for name, s in scores.layers.items():
        table.add_row(name, str(s.exact_f1), str(s.overlap_f1), f"{s.marked:,}")
    table.add_row(
        "source kind", f"accuracy {scores.kind_accuracy}", "", f"{scores.kinds:,}"
    )
    return table


def group_table(grouping: Grouping) -> Table:
    """A row a group."""
    caption = (
        f"Spread of macro-F1 {grouping.spread:.3f}; by chance it stays under "
        f"{grouping.spread_by_chance:.3f} in 95 of 100. Left out, of groups too small "
        f"or of none: {grouping.left_out:,} sentences."
    )
    table = Table(title=Text(f"by {safe(grouping.column)}"), caption=caption, box=None)
    table.caption_justify = "left"
    table.add_column("", overflow="fold")
    for column in ("macro-F1", "accuracy", "sentences", "articles"):
        table.add_column(column, justify="right", no_wrap=True)
    for group in grouping.groups:
        table.add_row(
            Text(safe(group.name)),
            str(group.macro_f1),
            str(group.accuracy),
            f"{group.sentences:,}",
            f"{group.articles:,}",
        )
    return table


def stance_table(files: Sequence[StanceScores]) -> Table:
    """A row a figure, a column a file."""
    table = Table(title="stance towards a named actor", box=None)
    table.add_column("")
    for one in files:
        table.add_column(Text(f"{safe(one.data)} ({one.stances:,})"), justify="right")
    table.add_row("macro-F1", *(str(f.macro_f1) for f in files), style="bold")
    for i, name in enumerate(STANCE_NAMES):
        table.add_row(f"F1 {name}", *(str(f.f1[i]) for f in files))
    table.add_row("accuracy", *(str(f.accuracy) for f in files))
    table.add_row("calibration error", *(str(f.calibration_error) for f in files))
    return table


def write_scores(
    evaluation: Evaluation | None,
    spans: AllSpanScores | None,
    stances: Sequence[StanceScores],
    out: Path,
) -> None:
    """Write `metrics.json`, `confusion.png` and `reliability.png` into a folder.

    The pictures are of the labels. No sentence is in them: those belong to the data.
    """
    record = _label_record(evaluation) if evaluation else {}
    if spans:
        record["spans"] = asdict(spans)
    if stances:
        record["stances"] = [asdict(one) for one in stances]
    out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(record, indent=2) + "\n"
    (out / "metrics.json").write_text(text, encoding="utf-8")
    if evaluation:
        _write_pictures(evaluation, out)


def _label_record(evaluation: Evaluation) -> dict[str, object]:
    record: dict[str, object] = {
        "data": evaluation.data,
        "data_sha256": evaluation.data_sha256,
        "sentences": evaluation.sentences,
        "articles": evaluation.articles,
        "scores": {
            name: asdict(s) | {"confusion": s.confusion.tolist()}
            for name, s in evaluation.scores.items()
        },
    }
    for name in ("promises", "reliability", "groupings"):
        record[name] = [asdict(item) for item in getattr(evaluation, name)]
    return record


def _write_pictures(evaluation: Evaluation, out: Path) -> None:
    first = next(iter(evaluation.scores.values()))
    confusion_picture(first.confusion, out / "confusion.png")
    bins = [
        (b.confidence, b.accuracy.value, b.accuracy.low, b.accuracy.high)
        for b in evaluation.reliability
    ]
    reliability_picture(np.array(bins), out / "reliability.png")

"""`annotator profile`: what outlets assert, how they name, towards whom they lean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console, RenderableType
from rich.table import Table

from annotator.cli.decisions import bring_decisions
from annotator.cli.terminal import Actors, Database, many
from annotator.cli.together import Results

if TYPE_CHECKING:
    from annotator.collection import Profiled

FILE_WIDTH = 120
"""Columns of a table that is written to a file."""


class Format(StrEnum):
    """How profiles are given out."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def profile(  # noqa: PLR0913 an argument an option
    results: Results,
    by: Annotated[
        str,
        typer.Option(
            help="What figures are grouped by: outlet, topic or month, or several with "
            "commas (`outlet,topic`). Articles whose topic or month is not known are "
            "left out then, and counted.",
            metavar="GROUPS",
        ),
    ] = "outlet",
    measure: Annotated[
        list[str] | None,
        typer.Option(
            help="Show this figure: opinion, loaded, hedging, named, stance..; a wrong "
            "name lists them all. May be given more than once. Without it a table has "
            "five of them and what sets each outlet apart, CSV and JSON have all.",
            metavar="NAME",
        ),
    ] = None,
    actors: Actors = None,
    output: Annotated[
        Format,
        typer.Option(
            "--format",
            help="A table to read; csv, a line a figure, for spreadsheets; json, one "
            "object with everything.",
        ),
    ] = Format.TABLE,
    top: Annotated[
        int, typer.Option(min=1, help="Actors, differences and outlets in a table.")
    ] = 20,
    out: Annotated[
        Path | None,
        typer.Option(help="Write to this file instead of showing it.", metavar="FILE"),
    ] = None,
    figures: Annotated[
        Path | None,
        typer.Option(
            help="Also draw each figure of the report here, as PNG and SVG.",
            metavar="FOLDER",
        ),
    ] = None,
    db: Database = None,
) -> None:
    """Profile outlets: what they assert, how they name, towards whom they lean.

    Every figure has a 95 % interval from resampling whole articles; where there are too
    few it says about how many more it takes. Outlets are compared with all others, on
    the same topics and events where the articles share some (for events, run
    `annotator corroborate` first), and only differences that so many comparisons would
    not give by chance are shown. Whether outlets differ along one axis is tested; the
    axis is never given a name.

    Where people decided on a sentence in a review, their label counts and not the
    machine's; every row says how many do, and `decisions.parquet` has them all.

    Writes `actors.parquet`, `mentions.parquet`, `profiles.parquet`,
    `differences.parquet`, `namings.parquet`, `terms.parquet`, `axis.parquet`, and the
    report anew.

        annotator profile results --by outlet,topic --measure loaded --measure stance
    """
    from annotator.collection import profile_outlets
    from annotator.report.html import write_report
    from annotator.store import read_results

    groups, measures = _groups(by), _measures(measure or ())
    with Console(stderr=True).status("profiling outlets"):
        bring_decisions(results, db)
        found = profile_outlets(results, actors, groups)
        stored = read_results(results)
        write_report(stored, results / "report.html")
        if figures:
            from annotator.report.charts import write_figures

            with _written_to(figures):
                write_figures(stored, figures)
    show = partial(_show, _only(found, measures), output, groups, measures, top)
    if out is None:
        show(Console())
        return
    # With a byte order mark spreadsheets read UTF-8.
    encoding = "utf-8-sig" if output is Format.CSV else "utf-8"
    with _written_to(out), out.open("w", encoding=encoding, newline="") as file:
        show(Console(file=file, width=FILE_WIDTH))


@contextmanager
def _written_to(path: Path) -> Iterator[None]:
    """Say which path cannot be written, as an option given wrongly."""
    try:
        yield
    except OSError as e:
        raise typer.BadParameter(f"{path} cannot be written: {e.strerror}") from e


def _groups(by: str) -> tuple[str, ...]:
    from annotator.profile.estimates import PARTS

    given = tuple(dict.fromkeys(part.strip() for part in by.split(",")))
    if not set(given) <= set(PARTS):
        raise typer.BadParameter(
            f"got {by!r}, expected one or more of {', '.join(PARTS)}, with commas",
            param_hint="--by",
        )
    return given


def _measures(names: Sequence[str]) -> tuple[str, ...]:
    """Check names of measures; none stands for the choice of the format."""
    from annotator.profile import MEASURES

    if unknown := [name for name in names if name not in MEASURES]:
        raise typer.BadParameter(
            f"no measure {unknown[0]!r}: expected one of {', '.join(MEASURES)}",
            param_hint="--measure",
        )
    return tuple(dict.fromkeys(names))


def _only(found: Profiled, measures: Sequence[str]) -> Profiled:
    """Keep the figures asked for; all where none is."""
    if not measures:
        return found
    return replace(
        found,
        estimates=tuple(e for e in found.estimates if e.measure in measures),
        differences=tuple(d for d in found.differences if d.measure in measures),
    )


def _show(
    found: Profiled,
    output: Format,
    groups: Sequence[str],
    measures: Sequence[str],
    top: int,
    console: Console,
) -> None:
    from annotator.report.profile_files import estimates_csv, profiles_json

    match output:
        case Format.CSV:
            console.file.write(
                estimates_csv(found.estimates, found.actors, found.labels_by_people)
            )
        case Format.JSON:
            facts = {n: getattr(found, n) for n in ("articles", "left_out")}
            text = profiles_json({"by": groups} | facts, found.tables())
            console.file.write(text)
        case Format.TABLE:
            for each in _tables(found, groups, measures, top):
                if not isinstance(each, Table) or each.row_count:
                    console.print(each, markup=False, highlight=False)
                    console.print()


def _tables(
    found: Profiled, groups: Sequence[str], measures: Sequence[str], top: int
) -> Iterator[RenderableType]:
    """Give what is shown, in order; what compares outlets only where they are asked."""
    from annotator.profile.measures import STANCE
    from annotator.report import terminal_distinctive as distinctive
    from annotator.report import terminal_profiles as tables

    shown = [name for name in measures or tables.MOST_ASKED if name != STANCE]
    if shown:
        yield tables.estimate_table(found.estimates, shown, groups)
        yield from filter(None, [tables.not_enough(found.estimates, shown, top)])
        yield from filter(None, [tables.people_text(found.labels_by_people, top)])
    if found.left_out:
        unknown = " or ".join(group for group in groups if group != "outlet")
        of_all = f"{found.left_out:,} of {many(found.articles, 'article')}"
        yield f"Left out of these figures: {of_all}, whose {unknown} is not known."
    yield tables.stance_table(found.estimates, found.actors, top)
    if not found.actors:
        yield "No actors: the articles name none, or were scored without them."
    if tuple(groups) == ("outlet",):
        yield tables.difference_table(found.differences, found.actors, top)
        if not measures:
            yield distinctive.distinctive_table(
                found.terms, found.namings, found.actors, top
            )
            yield distinctive.axis_table(found.axis)

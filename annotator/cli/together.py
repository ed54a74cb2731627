"""`annotator sources` and `corroborate`: what a results folder's articles add up to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from annotator.cli.terminal import Actors, many

Results = Annotated[
    Path, typer.Argument(help="A results folder, as `annotator score` writes it.")
]


def sources(
    results: Results,
    top: Annotated[
        int, typer.Option(min=1, help="Sources shown, the most cited first.")
    ] = 20,
    overrides: Annotated[
        Path | None,
        typer.Option(
            help="Your own grades: a CSV with the columns subject (a source's name or "
            "id, or a sentence id), reliability, credibility, reviewer, note. They "
            "stand beside the machine's.",
            metavar="CSV",
        ),
    ] = None,
) -> None:
    """List who is cited, how often, how, and how far each can be relied on.

    Joins the names of each source over all articles and grades it by the Admiralty
    code, from how it is cited here and from nothing else; docs/grades.md explains the
    rules. Writes `sources.parquet`, `grades.parquet`, `sourcing.parquet`, and the
    report anew.

        annotator sources results --top 40
    """
    from annotator.collection import trace_sources
    from annotator.report.html import write_report
    from annotator.report.terminal_sources import source_table
    from annotator.store import read_results

    traced = trace_sources(results, overrides)
    write_report(read_results(results), results / "report.html")
    console = Console()
    console.print(
        source_table(traced.sources, traced.grades, traced.overrides, limit=top)
    )
    shown = min(top, len(traced.sources))
    console.print(
        f"{shown:,} of {many(len(traced.sources), 'source')}; all of them, with the "
        f"reasons for each grade: {results}/sources.parquet, grades.parquet",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def corroborate(
    results: Results,
    window: Annotated[
        int, typer.Option(min=0, help="Most days between two reports of one event.")
    ] = 3,
    top: Annotated[
        int, typer.Option(min=1, help="Events and lost attributions shown.")
    ] = 20,
    encoder: Annotated[
        str,
        typer.Option(
            help="Encoder that compares meanings: a folder or a hub name.",
            metavar="NAME",
        ),
    ] = "sentence-transformers/all-MiniLM-L6-v2",
    actors: Actors = None,
) -> None:
    """Set claims of different articles about the same event side by side.

    Copies, wire text and outlets that cite one another count as one origin. Says which
    claims agree, differ in their figures, contradict each other or stand alone, and
    where a headline or an outlet drops the source or the "allegedly" that another
    passage has. Writes `corroborations.parquet`, `standings.parquet`,
    `losses.parquet`, and anew what rests on them: grades, the profiles of outlets,
    which are compared on the same events, and the report.

        annotator corroborate results --window 5
    """
    from annotator.actors import read_aliases
    from annotator.collection import compare_claims, profile_outlets, trace_sources
    from annotator.report.html import write_report
    from annotator.report.terminal_events import event_table, loss_table, summary
    from annotator.report.together import told_claims
    from annotator.store import read_results
    from annotator.tag.embedding import Embedder

    if actors:
        read_aliases(actors)
    console = Console()
    with Console(stderr=True).status("comparing claims"):
        found = compare_claims(results, Embedder(encoder), window)
        trace_sources(results)
        profile_outlets(results, actors)
        stored = read_results(results)
        write_report(stored, results / "report.html")
    if found.pairs:
        ids = {i for p in found.pairs for i in (p.sentence_id, p.other_id)}
        told = {i: c.told for i, c in told_claims(stored, ids).items()}
        console.print(event_table(found.pairs, found.standings, told, top))
    if found.losses:
        console.print(loss_table(found.losses, top))
    console.print(summary(found.standings))

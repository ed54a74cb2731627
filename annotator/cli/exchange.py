"""`annotator export` and `import`: sentences to other programs, and back from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console

from annotator.cli.decisions import log_of
from annotator.cli.terminal import Database, many
from annotator.cli.together import Results
from annotator.codebook import LABELS

if TYPE_CHECKING:
    from annotator.codebook import LabelName
    from annotator.export import Added, Imported, Item, Known
    from annotator.records import Attribution, ScoredArticle
    from annotator.store import Results as Stored

MOST_BYTES: Final = 500_000_000
"""Larger files are refused, since one is held in memory: this much is some 200,000
sentences of Label Studio."""


class Format(StrEnum):
    """What is written."""

    LABEL_STUDIO = "label-studio"
    DOCCANO = "doccano"
    PRODIGY = "prodigy"
    DOCBIN = "docbin"
    BRAT = "brat"
    W3C = "w3c"
    CLAIM = "claim"
    MISP = "misp"
    CSV = "csv"
    JSONL = "jsonl"


class Returning(StrEnum):
    """What comes back."""

    LABEL_STUDIO = "label-studio"
    DOCCANO = "doccano"
    PRODIGY = "prodigy"


class What(StrEnum):
    """Which sentences."""

    FLAGGED = "flagged"
    ALL = "all"
    DECIDED = "decided"


def export(
    results: Results,
    to: Annotated[Format, typer.Option("--format", help="Of which program.")],
    out: Annotated[
        Path, typer.Option(help="File to write; for brat a folder.", metavar="PATH")
    ],
    what: Annotated[
        What,
        typer.Option(
            help="Sentences the machine flagged, all that have a label, or those that "
            "people decided."
        ),
    ] = What.FLAGGED,
    outlet: Annotated[
        str | None, typer.Option(help="Only of this outlet.", metavar="NAME")
    ] = None,
    label: Annotated[
        str | None,
        typer.Option(
            help="Only with this label: people's where they gave one.", metavar="NAME"
        ),
    ] = None,
    db: Database = None,
) -> None:
    """Write sentences with labels and spans for other programs.

    People's labels and spans stand in place of the machine's where there are some, and
    each row says whose it has. docs/exchange.md says how each format is laid out, and
    what comes back from it.

        annotator export results --format label-studio --out tasks.json
    """
    from annotator.export import Scope, items, write_export
    from annotator.store import read_results

    scope = Scope(what.value, outlet, _label(label))
    stored = read_results(results)
    with Console(stderr=True).status("writing"):
        known = _known(stored, results, db)
        sentences = _Counted(
            item for scored in stored.scored() for item in items(scored, known, scope)
        )
        with _file(out):
            written = write_export(sentences, to.value, out, datetime.now(UTC))
    paths = " and ".join(map(str, written))
    _tell(
        f"{many(sentences.sentences, 'sentence')}, {sentences.by_people:,} of them "
        f"labelled by people, in {paths}"
    )


def import_(
    results: Results,
    file: Annotated[
        Path, typer.Argument(help="As the program exported it.", show_default=False)
    ],
    source: Annotated[
        Returning, typer.Option("--format", help="Of which program it is.")
    ],
    reviewer: Annotated[
        str | None,
        typer.Option(
            help="Who annotated: needed where the file does not say (doccano), and put "
            "in place of the one name it has.",
            metavar="NAME",
        ),
    ] = None,
    db: Database = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Say what would be added, and add nothing."),
    ] = False,
) -> None:
    """Take annotations that were made elsewhere into the log of decisions.

    The file must come from `annotator export`. Importing it twice adds nothing. What
    cannot be read, or whose sentence is not there exactly once, is listed with its
    line and left out.

        annotator import results annotated.json --format label-studio --reviewer Amal
    """
    from annotator.export import READERS, add, decisions
    from annotator.store import read_results

    stored = read_results(results)
    data = _bytes(file)
    with (
        Console(stderr=True).status("reading"),
        log_of(results, db, make=not dry_run) as log,
    ):

        def account_of(name: str) -> str:
            held = log.account(name) if log else None
            return held.name if held else name

        found = decisions(
            READERS[source.value](data),
            stored.scored(),
            source.value,
            datetime.now(UTC),
            reviewer,
            account_of,
        )
        added = add(found, log, store=not dry_run)
    _report(found, added, dry_run)


class _Counted:
    """Sentences on their way to a file, counted as they go by."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = items
        self.sentences = self.by_people = 0

    def __iter__(self) -> Iterator[Item]:
        for item in self._items:
            self.sentences += 1
            self.by_people += item.labelled_by == "people"
            yield item


def _known(stored: Stored, results: Path, db: str | None) -> Known:
    """Gather what people said, from the log or else its copy, and the grades."""
    from annotator.decisions import current, verdicts
    from annotator.export import Known
    from annotator.report.grading import Grading

    grading = Grading(stored)

    def grades(
        scored: ScoredArticle, found: Attribution
    ) -> tuple[str | None, str | None]:
        source = grading.reliability(scored, found)
        claim = grading.credibility(scored, found)
        return source and source.value, claim and claim.value

    with log_of(results, db) as log:
        made = tuple(log.decisions() if log else stored.decisions())
    settled = verdicts(made)
    notes: dict[str, list[str]] = {}
    for decision in current(made):
        verdict = settled.get(decision.sentence_id)
        if verdict and decision.note and decision.label == verdict.label:
            notes.setdefault(decision.sentence_id, []).append(decision.note)
    return Known(settled, {i: "\n".join(own) for i, own in notes.items()}, grades)


@contextmanager
def _file(path: Path) -> Iterator[None]:
    """Say which file is at fault, as an argument given wrongly."""
    try:
        yield
    except OSError as e:
        raise typer.BadParameter(f"{e.filename or path}: {e.strerror}") from e


def _bytes(file: Path) -> bytes:
    with _file(file), file.open("rb") as opened:
        data = opened.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise typer.BadParameter(f"{file} is larger than {MOST_BYTES:,} bytes")
    return data


def _label(name: str | None) -> LabelName | None:
    for label in LABELS:
        if name == label:
            return label
    if name is None:
        return None
    raise typer.BadParameter(
        f"got {name!r}, expected one of {', '.join(LABELS)}", param_hint="--label"
    )


def _report(found: Imported, added: Added, dry_run: bool) -> None:
    for refused in added.refused:
        where = f"line {refused.line}"
        if refused.sentence_id:
            where += f", sentence {refused.sentence_id:.40}"
        _tell(f"refused: {where}: {refused.reason}")
    counts = {
        "would be added" if dry_run else "added": added.new,
        "there already": added.same,
        "unchanged since the export": found.unchanged,
        "not annotated": found.untouched,
        "refused": len(added.refused),
    }
    told = ", ".join(f"{n:,} {name}" for name, n in counts.items() if n)
    _tell(f"Decisions: {told or 'none'}.")


def _tell(line: str) -> None:
    from annotator.report.terminal import safe

    Console().print(safe(line), markup=False, highlight=False, soft_wrap=True)

"""Corroborations, standings and losses -> tables for the terminal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rich.table import Table
from rich.text import Text

from annotator.records import AttributionLoss, Corroboration, Relation, Standing
from annotator.report.terminal import UNKNOWN, safe

RELATIONS: Final[dict[Relation, tuple[str, str]]] = {
    "contradicts": ("contradicted", "red"),
    "differs_in_figures": ("figures differ", "yellow"),
    "agrees": ("agreeing", "green"),
}
"""What an event is called by the relation in it that most asks for a look, and its
colour; the most pressing first."""

EVENTS_CAPTION: Final = (
    "An origin is counted once however many articles print it. Contradicted events "
    "first, then those with differing figures, then those with most origins."
)
LOSSES_CAPTION: Final = "Above what is asserted, below what it is based on."


@dataclass(frozen=True, slots=True)
class Told:
    """What is shown of a claim: who printed it, when, and its sentence."""

    outlet: str | None
    published: str | None
    text: str


def summary(standings: Iterable[Standing]) -> Text:
    """Give in one line how many claims agree, differ, contradict and stand alone."""
    standings = list(standings)
    shared = [s for s in standings if s.event_id is not None]
    alone = len(standings) - len(shared)
    one = sum(s.articles > 1 and s.origins == 1 for s in shared)
    counts = (
        (sum(s.origins > 1 for s in shared), "with several origins"),
        (one, "in several articles but of one origin"),
        (sum(s.differing > 0 for s in shared), "with other figures elsewhere"),
        (sum(s.contradicting > 0 for s in shared), "contradicted"),
        (alone, "alone"),
    )
    parts = ", ".join(f"{count:,} {what}" for count, what in counts)
    return Text(f"{len(standings):,} claims: {parts}")


def event_table(
    pairs: Iterable[Corroboration],
    standings: Iterable[Standing],
    told: Mapping[str, Told],
    most: int = 20,
) -> Table:
    """Lay out events, a claim a line, for 80 columns and more.

    Parameters
    ----------
    told
        By sentence id; claims missing from it are left out.
    most
        Events shown; the caption says how many there are.
    """
    by_event: dict[str, list[Corroboration]] = defaultdict(list)
    for pair in pairs:
        by_event[pair.event_id].append(pair)
    standing = {s.sentence_id: s for s in standings}
    ranked = sorted(by_event.values(), key=lambda e: rank(e, standing))
    table = _table(EVENTS_CAPTION, "event", "claims")
    for event in ranked[:most]:
        table.add_row(_verdict(event, standing), _claims(event, told))
    if len(ranked) > most:
        table.caption = f"{most:,} of {len(ranked):,} events. {EVENTS_CAPTION}"
    return table


def loss_table(losses: Iterable[AttributionLoss], most: int = 20) -> Table:
    """Lay out lost attributions, both passages a line, for 80 columns and more."""
    losses = list(losses)
    table = _table(LOSSES_CAPTION, "lost", "asserted, and as attributed")
    for loss in losses[:most]:
        where = "in the headline" if loss.place == "headline" else "between outlets"
        lost = Text(safe(loss.lost), style="bold")
        lost.append(f"\n{where}", style="not bold dim")
        both = _line(loss.asserted_outlet, loss.asserted)
        both.append("\n")
        both.append_text(_line(loss.attributed_outlet, loss.attributed))
        table.add_row(lost, both)
    if len(losses) > most:
        table.caption = f"{most:,} of {len(losses):,} losses. {LOSSES_CAPTION}"
    return table


def _table(caption: str, narrow: str, wide: str) -> Table:
    table = Table(box=None, padding=(0, 1, 1, 0), caption=caption)
    table.caption_justify = "left"
    table.add_column(narrow, min_width=16, max_width=24, overflow="fold")
    table.add_column(wide, ratio=1, overflow="fold")
    return table


def pressing(event: Iterable[Corroboration]) -> Relation:
    """Give the relation in an event that most asks for a look."""
    there = {pair.relation for pair in event}
    return next(relation for relation in RELATIONS if relation in there)


def rank(
    event: Sequence[Corroboration], standing: Mapping[str, Standing]
) -> tuple[int, int, str]:
    """Give what events are sorted by, the most pressing first."""
    origins = max(most_agreeing(event, standing, "origins"), 1)
    return list(RELATIONS).index(pressing(event)), -origins, event[0].event_id


def most_agreeing(
    event: Iterable[Corroboration], standing: Mapping[str, Standing], field: str
) -> int:
    """Give the largest number of a standing's `field` among an event's claims."""
    ids = {i for pair in event for i in (pair.sentence_id, pair.other_id)}
    counts = (getattr(standing[i], field) for i in ids if i in standing)
    return max(counts, default=0)


def _verdict(event: Sequence[Corroboration], standing: Mapping[str, Standing]) -> Text:
    """Give what an event is called, and its articles and origins under that."""
    name, colour = RELATIONS[pressing(event)]
    text = Text(name, style=f"bold {colour}")
    articles, origins = (
        most_agreeing(event, standing, f) for f in ("articles", "origins")
    )
    most = f"{_many(articles, 'article')}, {_many(origins, 'origin')}"
    text.append(
        f"\nmost in agreement:\n{most}",
        style="not bold default",
    )
    for pair in event:
        if pair.relation == "differs_in_figures":
            figures = f"{pair.figure} / {pair.other_figure}"
            text.append(f"\n{safe(figures)}", style="not bold yellow")
            break
    return text


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _claims(event: Iterable[Corroboration], told: Mapping[str, Told]) -> Text:
    """Give the claims of an event, each once, in the order of the records."""
    ids = dict.fromkeys(i for p in event for i in (p.sentence_id, p.other_id))
    lines = Text()
    for claim in (told[i] for i in ids if i in told):
        if lines:
            lines.append("\n")
        lines.append_text(_line(claim.outlet, claim.text, claim.published))
    return lines


def _line(outlet: str | None, passage: str, published: str | None = None) -> Text:
    line = Text(safe(outlet or UNKNOWN), style="bold" if outlet else "italic")
    day = f", {safe(published[:10])}" if published else ""
    line.append(f"{day}: ", style="not bold not italic dim")
    line.append(safe(passage), style="not bold not italic")
    return line

"""Estimates and differences -> tables for the terminal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from rich.table import Table
from rich.text import Text

from annotator.profile.measures import MEASURES, STANCE, MeasureKind
from annotator.records import Actor, Difference, Estimate, Group
from annotator.report.terminal import UNKNOWN, safe

MOST_ASKED: Final = (
    "opinion",
    "unverifiable_allegation",
    "loaded",
    "hedging",
    "named",
)
"""Measures shown where none is asked for: as many as 80 columns hold."""

BEYOND_CHANCE: Final = 0.05
"""False discoveries allowed among the differences shown."""

ESTIMATES_CAPTION: Final = (
    "[95 % interval, articles resampled]. ~12 more: not enough data, about 12 more "
    "articles needed."
)
STANCES_CAPTION: Final = (
    "Mean stance from -1 to 1 [95 % interval], most negative first; only where there "
    "is enough data."
)
DIFFERENCES_CAPTION: Final = (
    "Against all other outlets together [95 % interval], the surest first. q: share of "
    "false discoveries to expect among differences as sure as this. Within topics or "
    "events: like is compared with like."
)


INTERVAL_WIDTHS: Final[dict[MeasureKind, int]] = {"share": 7, "rate": 11, "mean": 13}
"""Characters that the widest interval takes: five measures fit into 80 columns."""


def estimate_table(
    estimates: Iterable[Estimate], measures: Sequence[str], by: Sequence[str]
) -> Table:
    """Lay out groups with enough data for any of the measures, a group a row."""
    table = bare_table(ESTIMATES_CAPTION)
    for part in by:
        table.add_column(part, overflow="fold", min_width=8, max_width=26)
    table.add_column("articles", justify="right")
    for name in measures:
        measure = MEASURES[name]
        width = max(map(len, measure.title.split()))
        table.add_column(
            measure.title,
            justify="right",
            min_width=max(width, INTERVAL_WIDTHS[measure.kind]),
        )
    for group, found in _by_group(estimates, measures).items():
        if any(e.low is not None for e in found.values()):
            articles = max(e.articles for e in found.values())
            cells = (_cell(found.get(name)) for name in measures)
            table.add_row(*_parts(group, by), f"{articles:,}", *cells)
    return table


def not_enough(
    estimates: Iterable[Estimate], measures: Sequence[str], most: int = 20
) -> Text | None:
    """Say which groups have too little data for all the measures; None if none has."""
    lacking = []
    for group, found in _by_group(estimates, measures).items():
        if all(e.low is None for e in found.values()):
            needed = min(e.needed for e in found.values())
            lacking.append(f"{group_name(group)} (about {needed:,} more)")
    if not lacking:
        return None
    text = Text("Not enough data, and the articles needed: ", style="bold")
    text.append("; ".join(lacking[:most]), style="not bold")
    if len(lacking) > most:
        text.append(f"; and {len(lacking) - most:,} others", style="not bold")
    return text


def people_text(labels_by_people: Mapping[Group, int], most: int = 20) -> Text | None:
    """Say how many of the labels of each group people gave; None if they gave none."""
    given = sorted(labels_by_people.items(), key=lambda one: -one[1])
    if not given:
        return None
    named = [f"{group_name(group)} ({count:,})" for group, count in given[:most]]
    if len(given) > most:
        named.append(f"and {len(given) - most:,} others")
    text = Text("Labels given by people, counted in these figures: ", style="bold")
    return text.append("; ".join(named), style="not bold")


def stance_table(
    estimates: Iterable[Estimate], actors: Iterable[Actor], most: int = 20
) -> Table:
    """Lay out towards whom each group leans, an actor a row, the most named first."""
    by_actor: defaultdict[str, list[Estimate]] = defaultdict(list)
    for estimate in estimates:
        if estimate.actor_id and estimate.low is not None:
            by_actor[estimate.actor_id].append(estimate)
    table = bare_table(STANCES_CAPTION)
    table.add_column("towards", overflow="fold", min_width=16, max_width=26)
    for title in ("the narrator", "those quoted"):
        table.add_column(title, ratio=1, overflow="fold")
    there = (actor for actor in actors if actor.actor_id in by_actor)
    for actor in islice(there, most):
        name = Text(safe(actor.name), style="bold")
        name.append(f"\n{actor.mentions:,} mentions", style="not bold dim")
        found = by_actor[actor.actor_id]
        table.add_row(name, _leanings(found, "outlet"), _leanings(found, "quoted"))
    return table


def difference_table(
    differences: Iterable[Difference], actors: Iterable[Actor], most: int = 20
) -> Table | Text:
    """Lay out the differences that are beyond chance, the surest first, or say none."""
    differences = list(differences)
    names = {actor.actor_id: actor.name for actor in actors}
    beyond = sorted(
        (d for d in differences if d.q <= BEYOND_CHANCE),
        key=lambda d: (d.q, d.p, -abs(d.difference)),
    )
    if not differences:
        return Text("No outlet has enough data to be compared with the others.")
    if not beyond:
        return Text(
            f"None of {len(differences):,} differences between an outlet and all "
            f"others is beyond chance (q up to {BEYOND_CHANCE})."
        )
    table = bare_table(
        f"{min(most, len(beyond)):,} of {len(beyond):,} differences with q up to "
        f"{BEYOND_CHANCE}, out of {len(differences):,} compared. {DIFFERENCES_CAPTION}"
    )
    table.add_column("outlet", overflow="fold", min_width=12, max_width=26)
    table.add_column("in", overflow="fold", min_width=14, max_width=30)
    table.add_column("more or less", justify="right", min_width=12)
    table.add_column("q", justify="right", no_wrap=True)
    table.add_column("articles", justify="right", no_wrap=True)
    for d in beyond[:most]:
        kind = MEASURES[d.measure].kind
        shift = Text(number(d.difference, kind, signed=True))
        shift.append(f" {between(d.low, d.high, kind)}", style="dim")
        table.add_row(
            outlet_name(d.outlet),
            _compared(d, names),
            shift,
            "<0.001" if d.q < 0.001 else f"{d.q:.3f}",
            f"{d.articles:,} / {d.others:,}",
        )
    return table


def number(value: float, kind: MeasureKind, *, signed: bool = False) -> str:
    r"""Give a figure as it is read; a difference of shares in percentage points.

    >>> number(0.571, "share"), number(4.21, "rate"), number(-0.3, "mean")
    ('57\xa0%', '4.2', '−0.30')
    >>> number(0.12, "share", signed=True), number(-1.5, "rate", signed=True)
    ('+12\xa0points', '−1.5')
    """
    plus = "+" if signed or kind == "mean" else ""
    scaled = 100 * value if kind == "share" else value
    shown = f"{scaled:{plus}z.{_PLACES[kind]}f}".replace("-", "−")
    if kind != "share":
        return shown
    return f"{shown}\N{NO-BREAK SPACE}{'points' if signed else '%'}"


def between(low: float, high: float, kind: MeasureKind) -> str:
    """Give an interval as it is read, without a space at which a line could end.

    >>> between(0.49, 0.651, "share"), between(-0.4, 0.1, "mean")
    ('[49–65]', '[−0.40,+0.10]')
    """
    ends = (number(end, kind).partition("\N{NO-BREAK SPACE}")[0] for end in (low, high))
    return f"[{(',' if min(low, high) < 0 or kind == 'mean' else '–').join(ends)}]"


def group_name(group: Group) -> str:
    """Give a group in a few words.

    >>> group_name(Group("Herald", month="2031-05")), group_name(Group(""))
    ('Herald, 2031-05', 'unknown outlet')
    """
    parts = (group.outlet, group.topic, group.month)
    given = (part for part in parts if part is not None)
    return ", ".join(safe(part) or UNKNOWN for part in given)


def bare_table(caption: str) -> Table:
    """Make a table without lines, a caption under it."""
    told = Text(caption, style="table.caption")
    table = Table(box=None, padding=(0, 1, 0, 0), caption=told)
    table.caption_justify = "left"
    return table


def outlet_name(name: str | None) -> Text:
    """Give the name of an outlet, topic or month that may be unknown."""
    return Text(safe(name), style="bold") if name else Text(UNKNOWN, style="italic")


_PLACES: Final[Mapping[MeasureKind, int]] = {"share": 0, "rate": 1, "mean": 2}


def _by_group(
    estimates: Iterable[Estimate], measures: Sequence[str]
) -> dict[Group, dict[str, Estimate]]:
    """Gather the estimates of each group, by measure; those of actors are left out."""
    groups: defaultdict[Group, dict[str, Estimate]] = defaultdict(dict)
    for estimate in estimates:
        if estimate.actor_id is None and estimate.measure in measures:
            groups[estimate.group][estimate.measure] = estimate
    return groups


def _parts(group: Group, by: Sequence[str]) -> list[Text]:
    values = (getattr(group, part) for part in by)
    return [outlet_name(value) for value in values]


def _cell(estimate: Estimate | None) -> Text:
    """Give a figure with its interval, or what it takes to have one."""
    if estimate is None or estimate.value is None:
        return Text("–")
    if estimate.low is None or estimate.high is None:
        return Text(f"~{estimate.needed:,} more", style="dim")
    kind = MEASURES[estimate.measure].kind
    cell = Text(number(estimate.value, kind))
    cell.append(f" {between(estimate.low, estimate.high, kind)}", style="dim")
    return cell


def _leanings(estimates: Iterable[Estimate], voice: str) -> Text:
    """Give how groups lean, one a line."""
    there = [e for e in estimates if e.voice == voice and e.value is not None]
    lines = []
    for e in sorted(there, key=lambda e: e.value or 0.0):
        line = Text(f"{number(e.value or 0.0, 'mean')} ")
        line.append(f"{between(e.low or 0.0, e.high or 0.0, 'mean')} ", style="dim")
        line.append(group_name(e.group))
        lines.append(line)
    return Text("\n").join(lines)


def _compared(difference: Difference, names: Mapping[str, str]) -> Text:
    """Say what is compared, towards whom, and within what."""
    measure = MEASURES[difference.measure]
    text = Text(measure.title)
    if difference.measure == STANCE and difference.actor_id:
        towards = names.get(difference.actor_id, difference.actor_id)
        who = "the narrator" if difference.voice == "outlet" else "those quoted"
        text.append(f" of {who} towards {safe(towards)}")
    if measure.kind == "rate":
        text.append(f" {measure.unit}", style="dim")
    if difference.within:
        text.append(f", within {difference.within}s", style="dim")
    return text

"""Stances of outlets -> a panel for each actor that several outlets name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from annotator.records import Actor, Estimate, Voice
from annotator.report.readings import Reading, Signs, TooFew, reading_of, too_few
from annotator.report.scales import Scale, scale_of

ACTORS_SHOWN, OUTLETS_SHOWN = 12, 20
VOICES: Final[tuple[Voice, Voice]] = ("outlet", "quoted")


@dataclass(frozen=True, slots=True)
class StancePanel:
    """How outlets lean towards one actor, the most favourable narrator first.

    Each row is an outlet with the readings of its narrator and of the voices it
    quotes; None where there is too little.
    """

    actor: Actor
    rows: list[tuple[str, dict[Voice, Reading | None]]]
    too_few: list[TooFew]
    scale: Scale


def stances_of(
    estimates: Iterable[Estimate], signs: Signs, actors: Iterable[Actor]
) -> list[StancePanel]:
    """Make a panel for each actor that two outlets or more can be compared on."""
    by_actor: defaultdict[str, dict[str, dict[Voice, Estimate]]] = defaultdict(dict)
    for e in estimates:
        if e.actor_id is not None and e.voice is not None:
            by_outlet = by_actor[e.actor_id]
            by_outlet.setdefault(e.group.outlet or "", {})[e.voice] = e
    panels = (
        _stance(actor, by_actor[actor.actor_id], signs)
        for actor in actors
        if actor.actor_id in by_actor
    )
    compared = [panel for panel in panels if len(panel.rows) > 1]
    return compared[:ACTORS_SHOWN]


def _stance(
    actor: Actor, by_outlet: Mapping[str, Mapping[Voice, Estimate]], signs: Signs
) -> StancePanel:
    rows: list[tuple[str, dict[Voice, Reading | None]]] = []
    for outlet, by_voice in by_outlet.items():
        read = {
            v: reading_of(by_voice[v], signs) if v in by_voice else None for v in VOICES
        }
        if any(read.values()):
            rows.append((outlet, read))
    rows.sort(key=lambda row: -_mentions(row[1].values()))
    rows = sorted(rows[:OUTLETS_SHOWN], key=_favour, reverse=True)
    ends = [x for _, by in rows for r in by.values() if r for x in (r.low, r.high)]
    narrated = [by["outlet"] for by in by_outlet.values() if "outlet" in by]
    return StancePanel(actor, rows, too_few(narrated), scale_of(ends, symmetrical=True))


def _mentions(readings: Iterable[Reading | None]) -> float:
    return sum(r.estimate.denominator for r in readings if r)


def _favour(row: tuple[str, Mapping[Voice, Reading | None]]) -> tuple[bool, float, str]:
    """Order outlets by the narrator's leaning; those without one come last."""
    outlet, readings = row
    narrator, quoted = readings["outlet"], readings["quoted"]
    leaning = narrator or quoted
    return narrator is not None, leaning.value if leaning else 0.0, outlet

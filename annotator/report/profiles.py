"""Profiles of outlets -> what the report and the figures show of them.

What is shown is bounded; the report says how much there is besides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from annotator.profile.measures import MEASURES, STANCE, Measure
from annotator.records import (
    Actor,
    AxisPlace,
    Difference,
    Estimate,
    OutletAxis,
)
from annotator.report.contents import cut
from annotator.report.evidence import Cell
from annotator.report.naming import (
    NamingMatrix,
    OutletTerms,
    naming_matrix,
    terms_by_outlet,
)
from annotator.report.readings import (
    Reading,
    Signs,
    TooFew,
    is_of_an_outlet,
    reading_of,
    signs_of,
    too_few,
)
from annotator.report.scales import Scale, scale_of
from annotator.report.stances import StancePanel, stances_of
from annotator.report.terminal import UNKNOWN
from annotator.store import Results

HEADLINE: Final = (
    "opinion",
    "unverifiable_allegation",
    "loaded",
    "attributions",
    "named",
    "hedging",
)
"""Measures that are shown at once; the others are folded away."""

OUTLETS_SHOWN: Final = 40
NAME_WIDTH: Final = 60
"""Characters after which the name of an outlet, an actor or a measure is cut off."""

DIFFERENCES_SHOWN: Final = 40
LOADING_SHOWN: Final = 12
"""Names and stances shown at either end of the axis."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One measure over outlets, the largest figure first.

    Attributes
    ----------
    mean
        The figure of all outlets' articles together.
    left_out
        Outlets beyond those shown.
    """

    name: str
    measure: Measure
    rows: list[Reading]
    too_few: list[TooFew]
    scale: Scale
    mean: float
    articles: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Compared:
    """A difference on the same topics or events, with what it is in."""

    difference: Difference
    title: str
    measure: Measure
    actor: str | None


class AxisParts(NamedTuple):
    """Outlets in order of their place; and of all features, the outermost."""

    outlets: list[AxisPlace]
    low: list[AxisPlace]
    high: list[AxisPlace]
    features: int


@dataclass(frozen=True, slots=True)
class ProfilesSection:
    """Everything shown of outlets' profiles.

    Attributes
    ----------
    within
        Differences on the same topics or events, the surest first.
    total_within, compared
        Such differences in all; and differences of any kind that were tested.
    """

    panels: list[Panel]
    folded: list[Panel]
    matrix: NamingMatrix | None
    stances: list[StancePanel]
    actors: list[Actor]
    words: list[OutletTerms]
    axis: OutletAxis | None
    axis_scale: Scale
    within: list[Compared]
    total_within: int
    compared: int

    @property
    def cells(self) -> list[Cell]:
        """The figures that sentences stand behind, each once."""
        readings = [r for p in (*self.panels, *self.folded) for r in p.rows]
        readings += [
            r for p in self.stances for _, by in p.rows for r in by.values() if r
        ]
        cells = [r.cell for r in readings]
        cells += self.matrix.cells if self.matrix else []
        cells += [cell for own in self.words for cell in own.cells]
        return list(dict.fromkeys(cells))

    def titles(self, cells: Iterable[Cell]) -> list[str]:
        """Say what each cell holds, in words."""
        names = {actor.actor_id: actor.name for actor in self.actors}
        return [_title(cell, names.get(cell.actor_id or "", "")) for cell in cells]


def _title(cell: Cell, actor: str) -> str:
    outlet, actor, name = (
        cut(text, NAME_WIDTH) for text in (cell.outlet or UNKNOWN, actor, cell.name)
    )
    if cell.what == "measure":
        return f"{outlet} · {MEASURES[cell.name].title}"
    if cell.what == STANCE:
        voice = "quoted voices" if cell.name == "quoted" else "narrator"
        return f"{outlet} · stance towards {actor}, {voice}"
    if cell.what == "naming":
        return f"{outlet} · {actor} called “{name}”"
    return f"{outlet} · “{name}”"


def profiles_section(results: Results) -> ProfilesSection | None:
    """Choose what is shown; None where outlets were not profiled."""
    if not results.has("profiles"):
        return None
    estimates = [e for e in results.estimates() if is_of_an_outlet(e)]
    differences = list(results.differences())
    actors = list(results.actors())
    signs = signs_of(differences)
    panels = _panels(estimates, signs)
    axis = results.axis()
    places = [x for p in axis.places for x in (p.place, p.low, p.high)] if axis else []
    within = sorted((d for d in differences if d.within), key=lambda d: (d.q, d.p))
    return ProfilesSection(
        panels=[panels[name] for name in HEADLINE if name in panels],
        folded=[panel for name, panel in panels.items() if name not in HEADLINE],
        matrix=naming_matrix(list(results.namings()), actors),
        stances=stances_of(estimates, signs, actors),
        actors=actors,
        words=terms_by_outlet(results.terms()),
        axis=axis,
        axis_scale=scale_of(x for x in places if x is not None),
        within=_compared(within[:DIFFERENCES_SHOWN], actors),
        total_within=len(within),
        compared=len(differences),
    )


def _panels(estimates: Sequence[Estimate], signs: Signs) -> dict[str, Panel]:
    """Make a panel a measure, in the order of `MEASURES`."""
    by_measure: defaultdict[str, list[Estimate]] = defaultdict(list)
    for estimate in estimates:
        if estimate.actor_id is None:
            by_measure[estimate.measure].append(estimate)
    return {
        name: _panel(name, by_measure[name], signs)
        for name in MEASURES
        if name in by_measure
    }


def _panel(name: str, estimates: Sequence[Estimate], signs: Signs) -> Panel:
    largest = sorted(estimates, key=lambda e: -e.articles)
    read = [r for e in largest if (r := reading_of(e, signs))]
    rows = sorted(read[:OUTLETS_SHOWN], key=lambda r: -r.value)
    total = sum(e.denominator for e in estimates)
    scale = estimates[0].scale
    mean = scale * sum(e.numerator for e in estimates) / total
    return Panel(
        name=name,
        measure=MEASURES[name],
        rows=rows,
        too_few=too_few(largest),
        scale=scale_of([mean, *(x for r in rows for x in (r.low, r.high))]),
        mean=mean,
        articles=sum(e.articles for e in estimates),
        left_out=len(read) - len(rows),
    )


def axis_parts(axis: OutletAxis) -> AxisParts:
    """Part an axis into its outlets and what loads most on either end."""
    places = sorted(axis.places, key=lambda p: (p.place, p.name))
    features = [p for p in places if p.what != "outlet"]
    return AxisParts(
        outlets=[p for p in places if p.what == "outlet"][:OUTLETS_SHOWN],
        low=[p for p in features if p.place < 0][:LOADING_SHOWN],
        high=[p for p in reversed(features) if p.place > 0][:LOADING_SHOWN],
        features=len(features),
    )


def _compared(
    differences: Iterable[Difference], actors: Iterable[Actor]
) -> list[Compared]:
    names = {actor.actor_id: actor.name for actor in actors}
    return [
        Compared(
            d,
            MEASURES[d.measure].title,
            MEASURES[d.measure],
            names.get(d.actor_id, d.actor_id) if d.actor_id else None,
        )
        for d in differences
        if d.measure in MEASURES
    ]

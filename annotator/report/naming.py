"""Namings and distinctive terms -> the naming matrix and the lists that are shown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from annotator.profile.naming import OTHER
from annotator.records import Actor, DistinctiveTerm, Naming, Polarity, Share
from annotator.report.evidence import Cell

OUTLETS_ACROSS: Final = 16
"""As many columns as a printed page holds."""

ACTORS_SHOWN, NAMES_SHOWN = 15, 8
TERM_OUTLETS_SHOWN, TERMS_SHOWN = 30, 10


class NamingCell(NamedTuple):
    """How often one outlet uses one name."""

    share: Share
    cell: Cell

    @property
    def step(self) -> int:
        """The share in tenths, rounded up: 0 for none, 10 for all."""
        return -int(-10 * (self.share.value or 0) // 1)


class NameRow(NamedTuple):
    """A name of an actor, and a cell an outlet; None where that has no figure."""

    name: str
    loaded: Polarity | None
    neutral: str | None
    cells: list[NamingCell | None]


class NamingGroup(NamedTuple):
    """An actor with its names, the commonest first, and mentions by outlet."""

    actor: Actor
    rows: list[NameRow]
    mentions: list[int]


@dataclass(frozen=True, slots=True)
class NamingMatrix:
    """What outlets call the actors that go by several names.

    `outlets` are the columns; `outlets_left_out` and `actors_left_out` count what
    there is besides.
    """

    outlets: list[str]
    groups: list[NamingGroup]
    outlets_left_out: int
    actors_left_out: int

    @property
    def cells(self) -> list[Cell]:
        """The cells that sentences stand behind."""
        rows = (row for group in self.groups for row in group.rows)
        return [c.cell for row in rows for c in row.cells if c and c.share.count]


@dataclass(frozen=True, slots=True)
class OutletTerms:
    """The terms that set one outlet most apart.

    `more` and `less` are what it uses more and less than the rest, the most telling
    first.
    """

    outlet: str
    more: list[DistinctiveTerm]
    less: list[DistinctiveTerm]

    @property
    def cells(self) -> list[Cell]:
        """The cells that sentences stand behind."""
        return [Cell(self.outlet, "term", t.term) for t in (*self.more, *self.less)]


def naming_matrix(
    namings: Sequence[Naming], actors: Iterable[Actor]
) -> NamingMatrix | None:
    """Lay out the actors with several names, those with a loaded name first.

    None where no actor has two names.
    """
    by_actor: defaultdict[str, list[Naming]] = defaultdict(list)
    for naming in namings:
        by_actor[naming.actor_id].append(naming)
    several = [
        (actor, by_actor[actor.actor_id])
        for actor in actors
        if len({n.name for n in by_actor[actor.actor_id]}) > 1
    ]
    if not several:
        return None
    several.sort(key=lambda pair: not any(n.loaded for n in pair[1]))
    mentions = Counter[str]()
    for _, own in several[:ACTORS_SHOWN]:
        mentions += _totals(own)
    largest = [outlet for outlet, _ in mentions.most_common(OUTLETS_ACROSS)]
    outlets = sorted(largest, key=str.casefold)
    return NamingMatrix(
        outlets,
        [_group(actor, own, outlets) for actor, own in several[:ACTORS_SHOWN]],
        len({n.outlet for n in namings} - set(outlets)),
        max(0, len(several) - ACTORS_SHOWN),
    )


def _totals(namings: Iterable[Naming]) -> Counter[str]:
    """Give each outlet's mentions of one actor."""
    return Counter({n.outlet: n.share.total for n in namings})


def _group(
    actor: Actor, namings: Sequence[Naming], outlets: Sequence[str]
) -> NamingGroup:
    """Choose the commonest names, and loaded ones before others."""
    by_name: defaultdict[str, dict[str, Naming]] = defaultdict(dict)
    uses, loaded = Counter[str](), set[str]()
    for naming in namings:
        by_name[naming.name][naming.outlet] = naming
        uses[naming.name] += naming.share.count
        if naming.loaded:
            loaded.add(naming.name)
    chosen = sorted(uses, key=lambda n: (n not in loaded, n == OTHER, -uses[n], n))
    chosen = sorted(chosen[:NAMES_SHOWN], key=lambda n: (n == OTHER, -uses[n], n))
    totals = _totals(namings)
    return NamingGroup(
        actor,
        [_row(by_name[name], outlets) for name in chosen],
        [totals[outlet] for outlet in outlets],
    )


def _row(by_outlet: dict[str, Naming], outlets: Iterable[str]) -> NameRow:
    namings = list(by_outlet.values())
    neutral = Counter(n.neutral for n in namings if n.neutral).most_common(1)
    return NameRow(
        namings[0].name,
        next((n.loaded for n in namings if n.loaded), None),
        neutral[0][0] if neutral else None,
        [_cell(by_outlet[o]) if o in by_outlet else None for o in outlets],
    )


def _cell(naming: Naming) -> NamingCell:
    cell = Cell(naming.outlet, "naming", naming.name, naming.actor_id)
    return NamingCell(naming.share, cell)


def terms_by_outlet(terms: Iterable[DistinctiveTerm]) -> list[OutletTerms]:
    """Gather the most telling terms of each outlet, outlets in order of name."""
    by_outlet: defaultdict[str, list[DistinctiveTerm]] = defaultdict(list)
    for term in terms:
        by_outlet[term.outlet].append(term)
    largest = sorted(by_outlet, key=lambda o: -sum(t.count for t in by_outlet[o]))
    return [
        OutletTerms(
            outlet,
            _first([t for t in by_outlet[outlet] if t.z > 0]),
            _first([t for t in by_outlet[outlet] if t.z < 0]),
        )
        for outlet in sorted(largest[:TERM_OUTLETS_SHOWN], key=str.casefold)
    ]


def _first(terms: Iterable[DistinctiveTerm]) -> list[DistinctiveTerm]:
    return sorted(terms, key=lambda t: -abs(t.z))[:TERMS_SHOWN]

"""Words, names and the axis that set outlets apart -> tables for the terminal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from rich.table import Table
from rich.text import Text

from annotator.profile.naming import OTHER, PLAIN
from annotator.records import Actor, AxisPlace, DistinctiveTerm, Naming, OutletAxis
from annotator.report.terminal import safe
from annotator.report.terminal_profiles import bare_table, between, number, outlet_name

TERMS_SHOWN: Final = 6
NAMES_SHOWN: Final = 3
FEATURES_SHOWN: Final = 6

DISTINCTIVE_CAPTION: Final = (
    "Narrator's words only, the outlets that stand out most first. Words: with the "
    "z-score of their log-odds against all other outlets. Names: share of the "
    "narrator's mentions, and the share in all other outlets."
)
AXIS_CAPTION: Final = (
    "Outlets by their place on the first axis [95 % interval]. Which end is which "
    "means nothing; what lies at each end says what the axis is about."
)


def distinctive_table(
    terms: Iterable[DistinctiveTerm],
    namings: Iterable[Naming],
    actors: Iterable[Actor],
    most: int = 20,
) -> Table:
    """Lay out the words and names that set each outlet apart."""
    names = {actor.actor_id: actor.name for actor in actors}
    words: defaultdict[str, list[DistinctiveTerm]] = defaultdict(list)
    called: defaultdict[str, list[Naming]] = defaultdict(list)
    for term in terms:
        if term.z > 0:
            words[term.outlet].append(term)
    for naming in namings:
        if _stands_out(naming):
            called[naming.outlet].append(naming)
    ranked = sorted(
        {*words, *called},
        key=lambda o: (-max((t.z for t in words[o]), default=0.0), o.casefold(), o),
    )
    shown = f"{min(most, len(ranked)):,} of {len(ranked):,} outlets. "
    table = bare_table(f"{shown}{DISTINCTIVE_CAPTION}")
    table.add_column("outlet", overflow="fold", min_width=12, max_width=26)
    table.add_column("its words and names", ratio=1, overflow="fold")
    for outlet in ranked[:most]:
        lines = [_words(words[outlet])] if words[outlet] else []
        lines += [_named(naming, names) for naming in _loudest(called[outlet])]
        table.add_row(outlet_name(outlet), Text("\n").join(lines))
    return table


def axis_table(axis: OutletAxis) -> Table | Text:
    """Lay out the axis, or say that there is none."""
    if not axis.told:
        return Text.assemble(("First axis: ", "bold"), safe(axis.note))
    table = bare_table(f"{safe(axis.note)} {AXIS_CAPTION}")
    for title in ("outlet", "place", "what lies towards its end"):
        table.add_column(title, overflow="fold")
    outlets = sorted(
        (p for p in axis.places if p.what == "outlet"), key=lambda p: p.place
    )
    features = sorted(
        (p for p in axis.places if p.what != "outlet"), key=lambda p: p.place
    )
    for place in outlets:
        at = Text(number(place.place, "mean"))
        if place.low is not None and place.high is not None:
            at.append(f" {between(place.low, place.high, 'mean')}", style="dim")
        end = Text()
        if place is outlets[0]:
            end = _end(features[:FEATURES_SHOWN])
        elif place is outlets[-1]:
            end = _end(features[-FEATURES_SHOWN:][::-1])
        table.add_row(outlet_name(place.name), at, end)
    return table


def _stands_out(naming: Naming) -> bool:
    """Whether it is a name, used more than in all other outlets beyond chance."""
    low, others = naming.share.low, naming.others.value
    if low is None or others is None or naming.name in (PLAIN, OTHER):
        return False
    return low > others


def _loudest(namings: Iterable[Naming]) -> list[Naming]:
    """Give loaded names first, then those furthest from the other outlets."""

    def rank(naming: Naming) -> tuple[bool, float]:
        gap = (naming.share.value or 0.0) - (naming.others.value or 0.0)
        return naming.loaded is None, -gap

    return sorted(namings, key=rank)[:NAMES_SHOWN]


def _words(terms: Iterable[DistinctiveTerm]) -> Text:
    ranked = sorted(terms, key=lambda t: (-t.z, t.term))[:TERMS_SHOWN]
    text = Text()
    for term in ranked:
        text.append(f"{', ' if text else ''}{safe(term.term)}")
        text.append(f" {term.z:.1f}", style="dim")
    return text


def _named(naming: Naming, names: Mapping[str, str]) -> Text:
    """Say what an outlet calls an actor, how often, and what others call it."""
    actor = safe(names.get(naming.actor_id, naming.actor_id))
    sign = f" ({naming.loaded})".replace("-", "−") if naming.loaded else ""
    text = Text(f"{actor}: “{safe(naming.name)}”{sign} ")
    share, low, high = naming.share.value, naming.share.low, naming.share.high
    text.append(number(share or 0.0, "share"))
    text.append(f" {between(low or 0.0, high or 0.0, 'share')}", style="dim")
    text.append(f", others {number(naming.others.value or 0.0, 'share')}")
    if naming.neutral:
        text.append(f", who say “{safe(naming.neutral)}”")
    return text


def _end(features: Iterable[AxisPlace]) -> Text:
    return Text(", ".join(f"{safe(f.name)} ({f.what})" for f in features))

"""Matched claims -> events, and how each claim stands among all.

A group of claims is an event if it hangs together: two groups become one only if
at least half of the pairs between them match, so that a chain of claims, each like the
next, does not join what happened on Monday to what happened elsewhere on Thursday.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from annotator.corroborate.claims import Claim
from annotator.corroborate.figures import Figure
from annotator.corroborate.origins import Origin, groups, outlet_key
from annotator.corroborate.relations import Match
from annotator.records import Corroboration, Relation, Standing

_HANGS_TOGETHER: Final = 0.5


@dataclass(frozen=True, slots=True)
class Link:
    """Two matching claims, by their place among all, the earlier first."""

    one: int
    other: int
    similarity: float
    match: Match


def events(
    claims: Sequence[Claim], links: Sequence[Link], first: Sequence[int]
) -> dict[int, int]:
    """Give the event of each claim that has one, as the place of its first claim.

    The links of most likeness are followed first. Claims of one article need not
    match each other. `first` gives the place of the claim that each one copies, its
    own where it copies none; a copy is of the event of what it copies, and only the
    others have links.
    """
    linked = {(link.one, link.other) for link in links}
    group: dict[int, list[int]] = {}
    for link in sorted(links, key=lambda k: (-k.similarity, k.one, k.other)):
        one = group.setdefault(link.one, [link.one])
        other = group.setdefault(link.other, [link.other])
        if one is not other and _hang_together(claims, linked, one, other):
            one.extend(other)
            for member in other:
                group[member] = one
    found = {i: min(members) for i, members in group.items() if len(members) > 1}
    for copy, original in enumerate(first):
        if copy != original:
            found[copy] = found.setdefault(original, original)
    return found


def _hang_together(
    claims: Sequence[Claim],
    linked: set[tuple[int, int]],
    one: Sequence[int],
    other: Sequence[int],
) -> bool:
    pairs = [
        (min(a, b), max(a, b))
        for a in one
        for b in other
        if claims[a].article_id != claims[b].article_id
    ]
    matching = sum(pair in linked for pair in pairs)
    return matching >= max(1, _HANGS_TOGETHER * len(pairs))


def corroborations(
    claims: Sequence[Claim],
    links: Iterable[Link],
    event: Mapping[int, int],
    origins: Mapping[str, Origin],
) -> tuple[Corroboration, ...]:
    """Give the records of the links inside events, event by event."""
    inside = [k for k in links if event.get(k.one, -1) == event.get(k.other, -2)]
    inside.sort(key=lambda k: (event[k.one], k.one, k.other))
    return tuple(_record(claims, link, event[link.one], origins) for link in inside)


def _record(
    claims: Sequence[Claim], link: Link, event: int, origins: Mapping[str, Origin]
) -> Corroboration:
    one, other, match = claims[link.one], claims[link.other], link.match
    same = origins[one.sentence_id].same(origins[other.sentence_id])
    figure, against = match.figure, match.other_figure
    return Corroboration(
        one.sentence_id,
        other.sentence_id,
        _event_id(claims, event),
        match.relation,
        round(link.similarity, 4),
        same,
        figure.written if figure else None,
        against.written if against else None,
        _kind(figure) if figure else None,
        match.reason,
    )


def _kind(figure: Figure) -> str:
    return " ".join(part for part in (figure.noun, figure.act) if part)


def _event_id(claims: Sequence[Claim], event: int) -> str:
    return f"event:{claims[event].sentence_id}"


def standings(
    claims: Sequence[Claim],
    pairs: Sequence[Corroboration],
    origins: Mapping[str, Origin],
) -> tuple[Standing, ...]:
    """Give the standing of every claim, in the order of `claims`.

    Only claims that were matched with a claim itself, or with a copy of it, count
    for or against it, not all of its event.
    """
    by_id = {claim.sentence_id: claim for claim in claims}
    event: dict[str, str] = {}
    for pair in pairs:
        event[pair.sentence_id] = event[pair.other_id] = pair.event_id
    members: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, event_id in event.items():
        members[event_id, origins[name].text].append(name)
    related: dict[tuple[str, str], dict[Relation, set[str]]] = defaultdict(dict)
    for pair in pairs:
        one, other = (origins[i].text for i in (pair.sentence_id, pair.other_id))
        for text, against in ((one, other), (other, one)):
            texts = related[pair.event_id, text].setdefault(pair.relation, set())
            texts.add(against)
    found = []
    for claim in claims:
        name = claim.sentence_id
        if name not in event:
            found.append(Standing(name, None, origin=origins[name].words))
            continue
        event_id, text = event[name], origins[name].text
        said = {
            relation: [i for t in sorted(texts) for i in members[event_id, t]]
            for relation, texts in related[event_id, text].items()
        }
        agreeing = {*members[event_id, text], *said.get("agrees", ())}
        articles = [by_id[i] for i in agreeing]
        found.append(
            Standing(
                name,
                event_id,
                len({c.article_id for c in articles}),
                len({outlet_key(c.outlet) or c.article_id for c in articles}),
                groups(origins[i] for i in agreeing),
                groups(origins[i] for i in said.get("contradicts", ())),
                groups(origins[i] for i in said.get("differs_in_figures", ())),
                origins[name].words,
            )
        )
    return tuple(found)

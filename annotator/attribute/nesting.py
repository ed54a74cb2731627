"""Sayings of an article -> which stands inside which, and the weakest link of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from annotator.attribute.saying import Saying, is_citation

CHECKABILITY: Final = (
    "document",
    "government",
    "military",
    "intergovernmental",
    "ngo",
    "media_outlet",
    "expert_named",
    "named_person",
    "armed_group",
    "unnamed_official",
    "unnamed_other",
    "hearsay",
)
"""Source kinds from what is easiest to check to what cannot be. A document can be
opened by anyone; bodies keep records and answer for them, states and their armies
most formally; a named person can be asked but keeps no record, an expert under a
professional name; an armed group can be asked only at a distance; an unnamed official
only through the body; an unnamed person not at all; and hearsay is nobody."""

_RANK: Final = {kind: rank for rank, kind in enumerate(CHECKABILITY)}


def parents(found: Sequence[Saying], text: str) -> list[int | None]:
    """For each saying the one whose content it stands in, the innermost.

    `found` is in order of the text; contents do not leave their sentence.
    """
    result: list[int | None] = [None] * len(found)
    start = 0
    for end in range(1, len(found) + 1):
        if end == len(found) or found[end].sentence != found[start].sentence:
            for i in range(start, end):
                result[i] = _innermost(i, found, range(start, end))
                if is_citation(found[i], text):
                    result[i] = _citing(i, found, range(start, end))
            start = end
    return result


def _innermost(at: int, found: Sequence[Saying], among: Iterable[int]) -> int | None:
    holding = [j for j in among if j != at and _holds(found[j], found[at])]
    return min(holding, key=lambda j: _length(found[j]), default=None)


def _citing(at: int, found: Sequence[Saying], among: Iterable[int]) -> int | None:
    """Who cites: the one with a source of its own and the same content."""
    same = (j for j in among if j != at and found[j].content == found[at].content)
    return next((j for j in same if found[j].source is not None), None)


def _holds(outer: Saying, inner: Saying) -> bool:
    """Whether a saying's content holds another's cue or source, and not the reverse."""
    anchor, content = inner.anchor, outer.content
    if content is None:
        return False
    place = anchor or inner.content
    if place is None or not content.start <= place.start < content.end:
        return False
    if anchor is None and inner.content == content:
        return False
    back = inner.content
    other = outer.anchor
    mutual = back and other and back.start <= other.start < back.end
    return not mutual or _length(outer) > _length(inner)


def _length(saying: Saying) -> int:
    return saying.content.end - saying.content.start if saying.content else 0


def depths(parent: Sequence[int | None]) -> list[int]:
    """How many sayings each stands in."""
    result: list[int] = []
    for at in range(len(parent)):
        depth, above, seen = 0, parent[at], {at}
        while above is not None and above not in seen:
            seen.add(above)
            depth, above = depth + 1, parent[above]
        result.append(depth)
    return result


def weakest(
    kinds: Sequence[str | None], parent: Sequence[int | None]
) -> list[str | None]:
    """The kind hardest to check from the narrator to each saying's source."""
    result: list[str | None] = []
    for at in range(len(kinds)):
        chain, above = {at}, parent[at]
        while above is not None and above not in chain:
            chain.add(above)
            above = parent[above]
        known = [k for i in chain if (k := kinds[i]) in _RANK]
        result.append(max(known, key=lambda k: _RANK[k], default=None))
    return result

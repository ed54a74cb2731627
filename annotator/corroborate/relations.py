"""Two claims with like meaning -> whether they report one event, and how they relate.

Likeness of meaning finds claims but cannot judge them: a contradicting near-copy is
as alike as a paraphrase. What decides is what both name: who and where, when, what
happened or did not, how many, and who did it. Where that does not suffice, there is
no match: precision comes before recall.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from annotator.corroborate.claims import Claim
from annotator.corroborate.dates import Days, named_weekdays
from annotator.corroborate.figures import Figure
from annotator.corroborate.lexicon import lexicon
from annotator.corroborate.words import name_key, tokens
from annotator.records import Relation

Weigh = Callable[[str], float]
"""How much a name tells: the logarithm of how seldom articles name it."""

INHERITED: Final = 0.5
"""What a name counts that one claim has and only the other's article has."""

_ENOUGH_NAMES: Final = 3.5
"""Weight of names in common: one that 3 % of many articles have, or two or three that
more have."""
_MANY_NAMES: Final = 5.0
"""Weight at which names tie claims together by themselves: one that 0.7 % have."""
_COVERED: Final = 0.5
"""Least share of the names that must not set the claims apart."""
_COVERED_WELL: Final = 0.67
"""The same where the claims differ, and another event is the simpler explanation."""
_MEANS_THE_SAME: Final = 0.6
"""Likeness without which claims of the same day agree only if a telling figure does."""
_ALIKE: Final = 0.74
"""The same where no day is named."""
_ALMOST_THE_SAME: Final = 0.86
"""The same where a day of publication is unknown."""
_RECENT: Final = 4
"""Days before its publication of which a claim without a date may speak."""
_FURTHEST: Final = 4.0
"""Ratio above which differing figures are those of different events."""


@dataclass(frozen=True, slots=True)
class Match:
    """Two claims of one event and what that rests on."""

    relation: Relation
    figure: Figure | None
    other_figure: Figure | None
    reason: str


@dataclass(frozen=True, slots=True)
class _Common:
    """What two claims have in common.

    `shared` are names as written, `names` their weight and `covered` the share of it
    in that of all names; `same` and `different` are figures of one kind.
    """

    shared: tuple[str, ...]
    names: float
    covered: float
    day: bool
    acts: frozenset[str]
    same: tuple[Figure, Figure] | None
    different: tuple[Figure, Figure] | None
    similarity: float

    @property
    def telling(self) -> bool:
        """Whether they have a figure in common that others hardly have by chance."""
        return self.same is not None and self.same[0].telling and self.same[1].telling

    @property
    def anchors(self) -> int:
        """How many independent things besides an act and a name tie them together."""
        return sum(
            (
                self.day,
                self.telling,
                self.names >= _MANY_NAMES,
                self.similarity >= _ALIKE,
                self.similarity >= _ALMOST_THE_SAME,
            )
        )


def relate(one: Claim, other: Claim, similarity: float, weigh: Weigh) -> Match | None:
    """Give how two claims relate; None where they need not be about one event."""
    if not _days_meet(one, other):
        return None
    common = _common(one, other, similarity, weigh)
    clash = _clash(one, other, common)
    by_others = _other_side(one, other, common)
    if by_others and not (common.day or common.telling or common.similarity >= _ALIKE):
        return None
    if not _one_event(one, other, common, clash):
        return None
    if clash is not None:
        return Match("contradicts", None, None, f"{clash}; {_told(common)}")
    if common.different is not None:
        first, second = common.different
        what = f"{first.written} against {second.written}"
        return Match("differs_in_figures", first, second, f"{what}; {_told(common)}")
    return Match("agrees", None, None, _told(common))


def _one_event(one: Claim, other: Claim, common: _Common, clash: str | None) -> bool:
    acts = common.acts - lexicon().weak
    if not (one.names or other.names):
        return _one_event_without_names(common, acts)
    differ = clash is not None or common.different is not None
    if common.names < _ENOUGH_NAMES:
        return False
    if common.covered < (_COVERED_WELL if differ else _COVERED):
        return False
    full = common.names >= 2 * _MANY_NAMES and common.covered >= _COVERED_WELL
    if not (acts or clash or (common.acts and full and common.similarity >= _ALIKE)):
        return False
    undated = one.day is None or other.day is None
    if undated and not common.telling and common.similarity < _ALMOST_THE_SAME:
        return False
    if clash is None and common.different is not None:
        if _ratio(*common.different) > _FURTHEST:
            return False
    elif not common.telling:
        dated = common.day or differ
        if not (dated or (one.past and other.past)):
            return False
        if common.similarity < (_MEANS_THE_SAME if dated else _ALIKE):
            return False
    return common.anchors >= 1 + undated + (common.different is not None)


def _one_event_without_names(common: _Common, acts: frozenset[str]) -> bool:
    """Whether an act, a day, a figure and near-copied words make up for names."""
    alike = common.similarity >= _ALIKE
    return common.telling and common.day and bool(acts) and alike


def _days_meet(one: Claim, other: Claim) -> bool:
    """Whether both may speak of the same day, a day's slip of the clock allowed.

    A claim that names a day is held against the days that the other names, or else
    against those shortly before the other's publication.
    """
    if one.day is None or other.day is None:
        first, second = named_weekdays(one.passage), named_weekdays(other.passage)
        if first and second and not first & second:
            return False
    if one.named_days and other.named_days:
        return any(a.within(1, b) for a in one.named_days for b in other.named_days)
    for named, unnamed in ((one, other), (other, one)):
        if named.named_days and unnamed.day is not None:
            recent = Days(unnamed.day - _RECENT, unnamed.day + 1)
            return any(d.within(0, recent) for d in named.named_days)
    return True


def _common(one: Claim, other: Claim, similarity: float, weigh: Weigh) -> _Common:
    shared = one.names & other.names
    inherited = (one.names & other.context | other.names & one.context) - shared
    names = sum(map(weigh, shared)) + INHERITED * sum(map(weigh, inherited))
    apart = min(
        sum(map(weigh, one.names - other.names - other.context)),
        sum(map(weigh, other.names - one.names - one.context)),
    )
    same, different = _compared(one, other)
    day = any(
        a.last - a.first <= 1 and a.within(0, b) and b.last - b.first <= 1
        for a in one.named_days
        for b in other.named_days
    )
    return _Common(
        _written(one, shared | inherited),
        names,
        names / (names + apart) if names else 0.0,
        day,
        (one.acts | one.denied) & (other.acts | other.denied),
        same,
        different,
        similarity,
    )


def _written(claim: Claim, names: frozenset[str]) -> tuple[str, ...]:
    """Give the names of a claim as it has them, each once, for a reader."""
    words = (w.text for w in tokens(claim.passage) if w.text[0].isupper())
    return tuple(dict.fromkeys(w for w in words if name_key(w) in names))


def _compared(
    one: Claim, other: Claim
) -> tuple[tuple[Figure, Figure] | None, tuple[Figure, Figure] | None]:
    """Give the first figures of the same things that agree, and that do not.

    Figures differ only if none of the same kind agrees: "9 killed, 4 of them
    children" and "4 children killed" do not.
    """
    pairs = [(a, b) for a in one.figures for b in other.figures if a.same_kind(b)]
    same = [(a, b) for a, b in pairs if a.agrees(b)]
    settled = {f for pair in same for f in pair}
    different = [(a, b) for a, b in pairs if a not in settled and b not in settled]
    return next(iter(same), None), next(iter(different), None)


def _ratio(one: Figure, other: Figure) -> float:
    low, high = sorted((one.high, other.high))
    return high / low if low else float("inf")


def _clash(one: Claim, other: Claim, common: _Common) -> str | None:
    """Say why both cannot be right; None where they can."""
    for first, second in ((one, other), (other, one)):
        if denied := first.denied & second.acts - second.denied - first.acts:
            return f"one denies what the other says ({_listed(denied)})"
    if common.different is not None and not all(f.high for f in common.different):
        return "one says there were none"
    for act in one.acts - other.acts:
        for against in other.acts - one.acts:
            if (act, against) in lexicon().opposites:
                return f"{act} against {against}"
    if _other_side(one, other, common):
        return f"done by {_listed(one.sides)} against {_listed(other.sides)}"
    return None


def _other_side(one: Claim, other: Claim, common: _Common) -> bool:
    """Whether the same violent act is laid at the door of another side."""
    violent = bool(common.acts & lexicon().violence)
    return violent and bool(one.sides and other.sides) and not one.sides & other.sides


def _told(common: _Common) -> str:
    """Say in words what ties two claims together."""
    parts = [f"same {_listed(common.acts)}"] if common.acts else []
    parts.append(" ".join(common.shared) or "names of both articles")
    if common.day:
        parts.append("the same day")
    if common.same is not None:
        parts.append(f"{common.same[0].written} and {common.same[1].written}")
    return f"{', '.join(parts)}; likeness {common.similarity:.2f}"


def _listed(words: frozenset[str]) -> str:
    return ", ".join(sorted(words))

"""Source profiles, claims and their standing -> grades of the Admiralty code.

The rules are in `grades.toml` and see nothing but the figures listed there; this
module looks the figures up and applies the rules. `docs/grades.md` says what the
grades mean and what they do not.
"""

from __future__ import annotations

import operator
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from annotator.records import Share, Standing
from annotator.records.sources import (
    SCALES,
    Axis,
    Grade,
    SourceProfile,
    TrackRecord,
)

Figures = Mapping[str, float | str | None]
"""What rules may look at; None where it is not known."""

_OPERATORS: Final[dict[str, Callable[[float, float], bool]]] = {
    "=": operator.eq,
    ">=": operator.ge,
    "<=": operator.le,
    "<": operator.lt,
    ">": operator.gt,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a rule, as "judged >= 3" or "identity in named role"."""

    figure: str
    operator: str
    values: tuple[str, ...]

    def holds(self, figures: Figures) -> bool:
        """Whether it holds; never, where the figure is not known."""
        value = figures[self.figure]
        if value is None:
            return False
        if isinstance(value, str):
            return value in self.values
        return _OPERATORS[self.operator](value, float(self.values[0]))


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the table; of `grade`, `at_most` and `lower` it has one."""

    id: str
    axis: Axis
    when: tuple[Condition, ...]
    says: str
    grade: str | None = None
    at_most: str | None = None
    lower: int = 0
    floor: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The rules in order, the words of the code, and the figures rules may see."""

    version: int
    rules: tuple[Rule, ...]
    meaning: Mapping[str, Mapping[str, str]]
    observable: Mapping[str, Mapping[str, str]]


@cache
def table() -> Table:
    """Read `grades.toml`."""
    text = files(__package__).joinpath("grades.toml").read_text(encoding="utf-8")
    read = tomllib.loads(text)
    rules = tuple(
        Rule(**row | {"when": tuple(_condition(c) for c in row["when"])})
        for row in read["rule"]
    )
    return Table(read["version"], rules, read["meaning"], read["observable"])


def grade_source(profile: SourceProfile, record: TrackRecord) -> Grade:
    """Grade a source's reliability; its name is used in the sentence alone."""
    kinds = Counter({t.value: t.count for t in profile.kinds})
    known = sum(kinds.values())
    figures: Figures = {
        "identity": profile.identity,
        "first_hand": profile.first_hand.value,
        "document": Share(kinds["document"], known).value,
        "position": profile.position.value,
        "stake": profile.stake.value,
        "relay": Share(kinds["media_outlet"], known).value,
        "judged": record.upheld.total,
        "corroborated": record.corroborated,
        "contradicted": record.contradicted,
        "upheld": record.upheld.value,
    }
    return _graded(profile.source_id, profile.name, "reliability", figures)


def grade_claim(
    sentence_id: str,
    standing: Standing | None,
    *,
    voices: int | None = None,
    contested: bool = False,
) -> Grade:
    """Grade the credibility of what a sentence's source says.

    The source's own grade has no say in it: the two axes are to be judged apart.

    Parameters
    ----------
    standing
        None where the claim was not compared with others.
    voices
        How many different sources stand behind the claims that agree; None if
        unknown (see `voices_of`).
    contested
        Whether another source of the same text denies it.
    """
    origins = standing.origins if standing else 1
    contradicting = standing.contradicting if standing else 0
    figures: Figures = {
        "agreeing": origins - 1,
        "contradicting": contradicting,
        "balance": origins - contradicting,
        "differing": standing.differing if standing else 0,
        "voices": voices,
        "contested": float(contested),
    }
    return _graded(sentence_id, "This claim", "credibility", figures)


def voices_of(
    claims: Iterable[tuple[str, str]], standings: Mapping[str, Standing]
) -> dict[str, int]:
    """Count the different voices behind each event.

    Parameters
    ----------
    claims
        Source id and sentence id of each attribution.
    standings
        By sentence id. A sentence of an event that is nobody's claim is told by its
        article, a voice of its own.

    Returns
    -------
    dict
        By event id.
    """
    voices: defaultdict[str, set[str]] = defaultdict(set)
    spoken: set[str] = set()
    for source_id, sentence_id in claims:
        spoken.add(sentence_id)
        standing = standings.get(sentence_id)
        if standing and standing.event_id:
            voices[standing.event_id].add(source_id)
    for sentence_id, standing in standings.items():
        if standing.event_id and sentence_id not in spoken:
            voices[standing.event_id].add("article " + sentence_id.rsplit(":", 1)[0])
    return {event: len(who) for event, who in voices.items()}


def track_records(
    claims: Iterable[tuple[str, str]], standings: Mapping[str, Standing]
) -> dict[str, TrackRecord]:
    """Count, by source id, how the claims of each source stand.

    A sentence counts once for a source. Agreement among claims that all come from
    one source is none: such a claim stands alone.
    """
    claims = sorted(set(claims))
    voices = voices_of(claims, standings)
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for source_id, sentence_id in claims:
        if standing := standings.get(sentence_id):
            counts[source_id][_outcome(standing, voices)] += 1
    return {source_id: TrackRecord(**c) for source_id, c in counts.items()}


def _outcome(standing: Standing, voices: Mapping[str, int]) -> str:
    """Give the field of `TrackRecord` in which a claim counts."""
    if standing.contradicting and standing.contradicting >= standing.origins:
        return "contradicted"
    if standing.origins > 1 and voices.get(standing.event_id or "", 0) > 1:
        return "corroborated"
    return "differing" if standing.differing else "alone"


def _graded(subject: str, name: str, axis: Axis, figures: Figures) -> Grade:
    value, fired, reasons = _judged(axis, tuple(figures.items()))
    rules = table()
    meaning = rules.meaning[axis][value]
    return Grade(
        subject,
        axis,
        value,
        fired,
        f"{name}: {value} ({meaning}), because {reasons}.",
        rules.version,
    )


@lru_cache(maxsize=1024)
def _judged(
    axis: Axis, known: tuple[tuple[str, float | str | None], ...]
) -> tuple[str, tuple[str, ...], str]:
    """Apply the rules of an axis in their order: the grade, what fired, and why.

    Most claims of a collection have the same few figures.
    """
    figures = dict(known)
    scale = SCALES[axis]
    value = ""
    fired: list[Rule] = []
    for rule in table().rules:
        if rule.axis != axis or not all(c.holds(figures) for c in rule.when):
            continue
        new = _applied(rule, value, scale)
        if new != value:
            fired.append(rule)
            value = new
    reasons = "; ".join(rule.says.format(**figures) for rule in fired)
    return value, tuple(rule.id for rule in fired), reasons


def _applied(rule: Rule, value: str, scale: str) -> str:
    """Give the grade after a rule that fires."""
    if not value or rule.grade:
        return value or rule.grade or scale[-1]
    if value == scale[-1]:
        return value
    place = scale.index(value)
    if rule.at_most:
        return scale[max(place, scale.index(rule.at_most))]
    floor = scale.index(rule.floor) if rule.floor else len(scale) - 2
    return scale[max(place, min(place + rule.lower, floor))]


def _condition(text: str) -> Condition:
    """Read a condition.

    >>> _condition("identity in named role")
    Condition(figure='identity', operator='in', values=('named', 'role'))
    """
    match = re.fullmatch(r"(\w+) (is|in|=|>=|<=|<|>) (.+)", text)
    if match is None:
        raise ValueError(f"no condition: {text!r}; write 'figure operator value'")
    return Condition(match[1], match[2], tuple(match[3].split()))

"""Tokens of a claim -> its figures: how many, of what, suffering or doing what.

"at least nine people were killed" -> 9 people, killed; "dozens" is a range.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from annotator.corroborate.lexicon import lexicon
from annotator.corroborate.words import Token

_UNITS: Final[dict[str, int]] = {
    word: number
    for number, word in (
        *enumerate(
            (
                "zero",
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "eleven",
                "twelve",
                "thirteen",
                "fourteen",
                "fifteen",
                "sixteen",
                "seventeen",
                "eighteen",
                "nineteen",
            )
        ),
        (20, "twenty"),
        (30, "thirty"),
        (40, "forty"),
        (50, "fifty"),
        (60, "sixty"),
        (70, "seventy"),
        (80, "eighty"),
        (90, "ninety"),
    )
}
_JOINED: Final = {"hundred", "thousand", *(w for w, n in _UNITS.items() if n >= 20)}
"""Words that "-" or "and" may join to a smaller number."""
_SCALES: Final = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "m": 1e6,
    "bn": 1e9,
}
_VAGUE: Final = {
    "dozens": (20, 99),
    "scores": (40, 199),
    "hundreds": (200, 999),
    "thousands": (2e3, 9999),
}
_NONE: Final = {"nobody", "none", "no-one"}
_ABOUT: Final = {"about", "some", "around", "nearly", "almost", "approximately"}
_OVER: Final = {"over", "than"}
_ABOUT_IS: Final = 0.1
"""What "about 100" may be off by, either way; "more than 100" upward only."""
_VERBS: Final = {"was", "were", "been", "be", "are", "is"}
_TELLING: Final = 5
"""Least exact figure that events hardly share by chance."""
_NEAR: Final = 7
"""Tokens between a figure and the act it counts."""
_NEVER_COUNTED: Final = {"attack", "use", "find"}
_NUMBERED: Final = {"Article", "Resolution", "No", "Highway", "Channel", "Chapter"}
_BEFORE_A_YEAR: Final = {"in", "since", "of", "by", "from", "until"}
_STOPS: Final = frozenset('.,;:()"”“')
_CURRENCIES: Final = {"$", "€", "£"}
_MAGNITUDE: Final = "magnitud"
_LOOK: Final = 5
"""Tokens after a figure among which its noun is looked for."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity.

    Attributes
    ----------
    low, high
        What it may be, both ends included; "no" and "nobody" are 0.
    of
        Stem of what is counted, or "%", "$"; None where no noun follows.
    act
        What was done to, or by, those counted; an act of the lexicon.
    part
        Whether it counts a part of another figure ("including six children").
    written, noun
        The figure, and what is counted, as the text has them.
    """

    low: float
    high: float
    of: str | None
    act: str | None
    part: bool
    written: str
    noun: str | None

    def same_kind(self, other: Figure) -> bool:
        """Whether both count the same, so that they can be compared."""
        if self.part != other.part or (self.act and other.act not in (None, self.act)):
            return False
        if self.act and self.act == other.act:
            return self.of == other.of or None in (self.of, other.of)
        return self.of is not None and self.of == other.of

    def agrees(self, other: Figure) -> bool:
        """Whether both can be right as they are written."""
        return self.low <= other.high and other.low <= self.high

    @property
    def telling(self) -> bool:
        """Whether another event would have the same one only by chance."""
        return self.low == self.high and self.low >= _TELLING


def figures(
    text: str, words: Sequence[Token], acts: Sequence[str | None]
) -> tuple[Figure, ...]:
    """Give the figures of a claim in the order of its text.

    `words` are the text's tokens, and `acts` the act that each of them stands for,
    if any.
    """
    found: list[Figure] = []
    at = 0
    while at < len(words):
        read = _number(words, at)
        if read is None:
            at += 1
            continue
        low, high, stop = read
        figure = _figure(text, words, acts, (at, stop), (low, high))
        if figure is not None:
            found.append(figure)
        at = stop
    return tuple(found)


def _number(words: Sequence[Token], at: int) -> tuple[float, float, int] | None:
    """Read the number that starts at a token: its range, and where it ends."""
    text = words[at].text.casefold()
    if text in _VAGUE:
        return (*_VAGUE[text], at + 1)
    nxt = words[at + 1].text.casefold() if at + 1 < len(words) else ""
    if text in _NONE or (text == "no" and nxt.isalpha() and nxt != "longer"):
        return 0, 0, at + (2 if nxt == "one" else 1)
    total, stop = _value(words, at)
    return None if stop == at else (total, total, stop)


def _value(words: Sequence[Token], at: int) -> tuple[float, int]:
    """Read digits or number words with their scale; `at` again where there are none."""
    total, part, stop = 0.0, 0.0, at
    while stop < len(words):
        text = words[stop].text.casefold()
        if text[0].isdigit() and text.isascii() and stop == at:
            part = float(text.replace(",", "").replace(" ", ""))
        elif text in _UNITS and (part % 10 == 0 or stop == at):
            part += _UNITS[text]
        elif text == "a" and stop == at and _is_scale(words, stop + 1):
            part = 0.5 if at and words[at - 1].text.casefold() == "half" else 1
        elif text == "dozen" and stop > at:
            part *= 12
        elif text in _SCALES and stop > at:
            total, part = total + (part or 1) * _SCALES[text], 0.0
        elif not (
            text in ("-", "and")
            and stop > at
            and words[stop - 1].text.casefold() in _JOINED
            and stop + 1 < len(words)
            and words[stop + 1].text.casefold() in _UNITS
        ):
            break
        stop += 1
    return total + part, stop


def _is_scale(words: Sequence[Token], at: int) -> bool:
    return at < len(words) and words[at].text.casefold() in ("dozen", *_SCALES)


def _figure(
    text: str,
    words: Sequence[Token],
    acts: Sequence[str | None],
    where: tuple[int, int],
    value: tuple[float, float],
) -> Figure | None:
    """Give the figure written at `where`; None of what is a name, a date or an age."""
    at, stop = where
    if _is_part_of_a_name(words, at):
        return None
    first = at
    while first and words[first - 1].text.casefold() in lexicon().words["qualifiers"]:
        first -= 1
    qualifiers = {w.text.casefold() for w in words[first:at]}
    of, noun = _counted(words, stop)
    if at and words[at - 1].text in _CURRENCIES:
        of = noun = words[at - 1].text
    of = of or _measured(words, at)
    act = _act(words, acts, first, stop)
    measures = lexicon().words["measures"]
    if of in measures and "sentence" in acts:
        act = "sentence"
    elif of in measures or (of is None and act is None):
        return None
    if not value[1] and act is None:
        return None
    low, high = value
    if qualifiers & _ABOUT:
        low, high = low * (1 - _ABOUT_IS), high * (1 + _ABOUT_IS)
    elif qualifiers & _OVER and "less" not in qualifiers:
        high *= 1 + _ABOUT_IS
    last = words[stop - 1]
    written = text[words[first].start : last.start + len(last.text)]
    before = {w.stem for w in words[max(0, first - 2) : first]}
    after = [w.text.casefold() for w in words[stop : stop + 3]]
    part = bool({"includ", "among"} & before or {"among", "them", "those"} & {*after})
    part = part or after[:2] in (["of", "the"], ["of", "whom"])
    return Figure(low, high, of, act, part, written, noun or of)


def _is_part_of_a_name(words: Sequence[Token], at: int) -> bool:
    """Whether it numbers a thing or a year: "F-16", "Resolution 2118", "in 2013"."""
    if not at or not words[at].text[0].isdigit():
        return False
    before, number = words[at - 1], words[at]
    if before.start + len(before.text) == number.start:
        first = words[at - 2] if before.text == "-" and at > 1 else before
        return first.text[0].isalpha()
    if before.text in _NUMBERED:
        return True
    year = number.text.isdecimal() and 1900 <= int(number.text) <= 2100
    return year and before.text.casefold() in _BEFORE_A_YEAR


def _counted(words: Sequence[Token], stop: int) -> tuple[str | None, str | None]:
    """Give the stem of the noun counted, and the noun itself.

    It is the first that is known to be counted, else the next noun.
    """
    same, skipped = lexicon().same_count, lexicon().words["passed_over"]
    following = []
    for word in words[stop : stop + _LOOK]:
        if word.text in _STOPS:
            break
        if word.text == "%" or word.stem in ("percent", "cent"):
            return "%", "%"
        if word.text.islower() and word.text.isalpha() and word.text not in skipped:
            following.append(word)
    if not following:
        return None, None
    first = following[0]
    known = (w for w in following if w.stem in same or w.stem in same.values())
    noun = first if first.stem in lexicon().words["measures"] else next(known, first)
    if noun is first and noun.stem in lexicon().acts and noun.stem not in same:
        return None, None
    return same.get(noun.stem, noun.stem), noun.text


def _measured(words: Sequence[Token], at: int) -> str | None:
    """Give the noun before a figure: "a magnitude of 6.3", "magnitude 6.3"."""
    before = words[max(0, at - 2) : at]
    if before and before[-1].text == "of":
        return before[0].stem if before[0].text.isalpha() else None
    return _MAGNITUDE if before and before[-1].stem == _MAGNITUDE else None


def _act(
    words: Sequence[Token], acts: Sequence[str | None], at: int, stop: int
) -> str | None:
    """Give the act that counts a figure: its verb after it, else the nearest.

    In "one child was killed and 7 people were injured", 7 is not nearest to "injured".
    """
    verb = False
    for i in range(stop, min(len(words), stop + _NEAR)):
        if not words[i].text.isalpha() or words[i].text == "and":
            break
        verb = verb or words[i].text in _VERBS
        if acts[i] and acts[i] not in _NEVER_COUNTED and (verb or i <= stop + 1):
            return acts[i]
    weak = lexicon().weak
    near = [
        (act in weak, at - i if i < at else i - stop + 1, act)
        for i in range(max(0, at - _NEAR), min(len(acts), stop + _NEAR))
        if (act := acts[i]) and act not in _NEVER_COUNTED
    ]
    return min(near)[2] if near else None

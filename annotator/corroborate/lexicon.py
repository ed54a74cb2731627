"""`lexicon.toml` -> the words of acts, outcomes, denial and sides, by stem."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from annotator.corroborate.words import stem


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word lists with stems for keys.

    Attributes
    ----------
    acts, sides
        Stem to the acts, or sides of a conflict, it stands for.
    phrases
        Acts told by two words that follow each other.
    weak
        Acts too common to tie two sentences together.
    opposites
        Pairs of acts that cannot both be the outcome, in either order.
    same_count
        Stem of what is counted to the stem it is counted under.
    wires
        Key of a news agency to the names it is credited with.
    words
        Further lists in lower case, "measures" by stem; each says there what it is.
    """

    acts: Mapping[str, str]
    phrases: Mapping[tuple[str, str], str]
    weak: frozenset[str]
    opposites: frozenset[tuple[str, str]]
    negators: frozenset[str]
    denials: frozenset[str]
    sides: Mapping[str, str]
    violence: frozenset[str]
    same_count: Mapping[str, str]
    wires: Mapping[str, tuple[str, ...]]
    words: Mapping[str, frozenset[str]]


@cache
def lexicon() -> Lexicon:
    """Read the word lists, once."""
    text = files(__package__).joinpath("lexicon.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    acts: dict[str, str] = {}
    phrases: dict[tuple[str, str], str] = {}
    for act, words in table["acts"].items():
        for first, _, second in (word.partition(" ") for word in words):
            if second:
                phrases[stem(first), stem(second)] = act
            else:
                acts[stem(first)] = act
    one_way = set(table["opposites"].items())
    return Lexicon(
        acts,
        phrases,
        frozenset(table["weak"]["acts"]),
        frozenset(one_way | {(b, a) for a, b in one_way}),
        frozenset(table["negation"]["words"]),
        frozenset(stem(word) for word in table["negation"]["cues"]),
        {stem(w): side for side, words in table["sides"].items() for w in words},
        frozenset(table["violence"]["acts"]),
        {stem(w): stem(to) for w, to in table["same_count"].items()},
        {key: tuple(names) for key, names in table["wires"].items()},
        {name: frozenset(words) for name, words in table["words"].items()}
        | {"measures": frozenset(map(stem, table["words"]["measures"]))},
    )

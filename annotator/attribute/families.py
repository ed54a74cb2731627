"""`families.toml` -> the class nouns that name an actor, by how they are written."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from annotator.attribute.phrases import singular
from annotator.records import ActorKind, Polarity

LONGEST: Final = 3
"""Words of the longest noun in the table."""


class Noun(NamedTuple):
    """A class noun.

    `head` is its singular; `plural` says that it names people of a class, not a
    whole; `in_names` that a proper name may end in it ("Free Northern Army").
    """

    family: str
    head: str
    kind: ActorKind
    polarity: Polarity | None
    plural: bool
    in_names: bool


class Families(NamedTuple):
    """What each holds is said in `families.toml`.

    `nouns` are by their words in small letters, `openings` their first words, and
    `modifiers` by the singular of a class, as it stands before a weak noun ("rebel
    groups").
    """

    nouns: dict[str, Noun]
    openings: frozenset[str]
    modifiers: dict[str, Noun]
    qualifiers: frozenset[str]
    weak: frozenset[str]
    definite: frozenset[str]
    owned: frozenset[str]
    abstract: frozenset[str]
    belongings: frozenset[str]
    before_belongings: frozenset[str]
    qualities: frozenset[str]
    no_qualities: frozenset[str]
    no_actors: frozenset[str]


_POLARITIES: Final[dict[str, Polarity | None]] = {
    "neutral": None,
    "negative": "-",
    "positive": "+",
}


def head_polarities() -> dict[str, Polarity]:
    """Give the head nouns that are loaded whatever the context, with their polarity."""
    return {n.head: n.polarity for n in families().nouns.values() if n.polarity}


@cache
def families() -> Families:
    """Read the table."""
    text = files(__package__).joinpath("families.toml").read_text(encoding="utf-8")
    read = tomllib.loads(text)
    lists = {n: frozenset(v) for n, v in read.items() if isinstance(v, list)}
    plural_only = lists.pop("plural_only")
    nouns: dict[str, Noun] = {}
    for family, table in read.items():
        if not isinstance(table, dict):
            continue
        for column, polarity in _POLARITIES.items():
            for word in table.get(column, ()):
                one = word if word in plural_only else singular(word)
                nouns[word] = Noun(
                    family,
                    one,
                    table["kind"],
                    polarity,
                    plural=one != word or word in plural_only,
                    in_names=table["in_names"],
                )
    modifiers = {
        n.head: n for word, n in nouns.items() if n.plural and n.head != word
    } | {word: nouns[word] for word in ("opposition", "militia", "resistance")}
    openings = frozenset(word.split()[0] for word in nouns)
    return Families(nouns=nouns, openings=openings, modifiers=modifiers, **lists)

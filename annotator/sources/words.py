"""`words.toml` -> the words by which a source's name is taken apart."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Words(NamedTuple):
    """What each holds is said in `words.toml`.

    `titles` are all words that may stand right before a person's name.
    """

    links: frozenset[str]
    small: frozenset[str]
    arabic_article: frozenset[str]
    particles: frozenset[str]
    clauses: frozenset[str]
    determiners: frozenset[str]
    pronouns: frozenset[str]
    honorifics: frozenset[str]
    offices: frozenset[str]
    posts: frozenset[str]
    functions: frozenset[str]
    crowds: frozenset[str]
    bodies: frozenset[str]
    appositions: frozenset[str]
    parties: frozenset[str]
    witnesses: frozenset[str]
    sides: frozenset[str]
    spelling: dict[str, str]
    alias: dict[tuple[str, ...], str]
    multiword: dict[tuple[str, ...], str]
    titles: frozenset[str]


@cache
def words() -> Words:
    """Read the table."""
    text = files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    read = tomllib.loads(text)
    sets = {n: frozenset(v) for n, v in read.items() if isinstance(v, list)}
    return Words(
        **sets,
        spelling=read["spelling"],
        alias={tuple(k.split()): v for k, v in read["alias"].items()},
        multiword={tuple(k.split()): v for k, v in read["multiword"].items()},
        titles=sets["honorifics"] | sets["offices"] | sets["posts"],
    )


def singular(word: str) -> str:
    """Give the singular of a plural made by rule.

    >>> [singular(w) for w in ("sources", "agencies", "witnesses", "press")]
    ['source', 'agency', 'witness', 'press']
    """
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word

"""A cue as written -> its class (said, claimed, denied ...), by `cues.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

UNKNOWN_CUE: Final = "other"
"""The class of a cue that is not in the table."""


_NEGATION: Final = re.compile(r"\b(?:not|never)\b|n['’]t\b")


class _Table(NamedTuple):
    """`rank` is the place of each class; a lower one wins."""

    forms: dict[str, str]
    phrases: re.Pattern[str]
    classes: dict[str, str]
    rank: dict[str, int]


def cue_class(cue: str) -> str:
    """Give the class of a cue, `UNKNOWN_CUE` if the table has none of its words.

    >>> [cue_class(c) for c in ("strongly denied", "Said in a", "called on", "meh")]
    ['denied', 'said', 'demanded', 'other']

    To deny a denial is no denial:

    >>> cue_class("did not deny")
    'other'
    """
    table = _table()
    text = " ".join(cue.casefold().split())
    found = {table.classes[m[0]] for m in table.phrases.finditer(text)}
    words = re.findall(r"[a-z]+", table.phrases.sub(" ", text))
    found |= {table.forms[word] for word in words if word in table.forms}
    if _NEGATION.search(text):
        found -= {"denied"}
    return min(found, key=table.rank.__getitem__, default=UNKNOWN_CUE)


@cache
def _table() -> _Table:
    """Read the table."""
    text = files(__package__).joinpath("cues.toml").read_text(encoding="utf-8")
    read = tomllib.loads(text)
    forms: dict[str, str] = {}
    classes: dict[str, str] = {}
    for name, entry in read["class"].items():
        for verb in entry.get("verbs", ()):
            for form in (*_inflected(verb), *read["irregular"].get(verb, ())):
                forms.setdefault(form, name)
        for phrase in entry.get("phrases", ()):
            classes.setdefault(phrase, name)
    longest_first = sorted(classes, key=len, reverse=True)
    phrases = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")
    return _Table(forms, phrases, classes, {n: i for i, n in enumerate(read["class"])})


def _inflected(verb: str) -> Iterator[str]:
    """Give the regular forms of a verb.

    >>> " ".join(_inflected("deny")), " ".join(_inflected("accuse"))
    ('deny denies denied denying', 'accuse accuses accused accusing')
    """
    yield verb
    if re.search(r"[^aeiou]y$", verb):
        yield from (verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing")
    elif verb.endswith("e"):
        yield from (verb + "s", verb + "d", verb[:-1] + "ing")
    else:
        third = "es" if re.search(r"(?:s|x|ch|sh)$", verb) else "s"
        yield from (verb + third, verb + "ed", verb + "ing")

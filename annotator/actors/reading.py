"""One naming of an actor -> the key by which it is counted.

A plain name is keyed by its words, a class noun by whose it is and its family, so
that "Syrian regime" and "Syria's government" have one key.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, Literal, NamedTuple

from annotator.actors.keys import fold, words_of
from annotator.records import Stance
from annotator.states import (
    state_named,
    state_of_capital,
    state_of_people,
    state_of_seat,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LONGEST: Final = 200
"""Characters of a name that are read; a longer one is a fault of the text."""

Form = Literal["name", "short", "state", "family", "bare", "alias", "apart"]


class Key(NamedTuple):
    """What names are counted by.

    Attributes
    ----------
    form
        name: `words` of a plain name. short: one word that may be a family name, and
        its outlet. state: its name. family: whose ("=" before a state), family, and
        the noun where each noun is an actor by itself. bare: family, and whose it may
        be. alias: the name in the user's table. apart: a name the table bars.
    """

    form: Form
    words: tuple[str, ...]


class Family(NamedTuple):
    """What each holds is said in `families.toml`."""

    label: str
    whose: str


_STATE: Final = "="
_SMALL: Final = frozenset({"of", "the", "for"})
_SAME_STATE: Final = _words(
    """
    arab armed defence defense air military security federal royal
    """
)
"""Words beside a state's adjective in the name of its own army."""

_BACKED: Final = re.compile(
    r".+-(?:backed|led|linked|supported|sponsored|funded|trained|armed)$", re.I
)
_COALITION: Final = "coalition"
_LOYAL: Final = re.compile(r"pro-\w+", re.I)


@cache
def families() -> Mapping[str, Family]:
    """Read the table."""
    text = files(__package__).joinpath("families.toml").read_text(encoding="utf-8")
    return {name: Family(**row) for name, row in tomllib.loads(text).items()}


def family_of(name: str) -> Family:
    """Give a family's row; one that is not in the table is called by its name."""
    return families().get(name) or Family(name, "nobody")


def is_state(owner: str) -> bool:
    """Whether an owner in a key is a state."""
    return owner.startswith(_STATE)


def state_in(owner: str) -> str:
    """Give the state of an owner that is one."""
    return owner.removeprefix(_STATE)


def as_owner(state: str) -> str:
    """Give a state as the owner in a key."""
    return _STATE + state


def read(stance: Stance, outlet: str | None) -> Key | None:
    """Key one naming; None where nothing is left of the name.

    A class noun that does not say whose it is has the form "bare", with its family
    alone.
    """
    target = stance.target[:LONGEST]
    words = words_of(target)
    if not words:
        return None
    if stance.family is None:
        state = state_named(target)
        if state is not None and stance.kind in {"state", "unknown", "body"}:
            return Key("state", (state,))
        if len(words) == 1 and stance.kind in {"person", "unknown"}:
            return Key("short", (words[0], outlet or ""))
        return Key("name", words)
    if stance.head is None:
        seat = state_of_seat(target) or state_of_capital(target)
        return Key("family", (as_owner(seat), stance.family, "")) if seat else None
    return _of_family(target, stance.family, stance.head)


def _of_family(target: str, family: str, head: str) -> Key:
    """Key a phrase by whose it is, and a name that says nothing of that by itself."""
    noun = head if family_of(family).whose == "itself" else ""
    words = target.split()
    proper = len(words) > 1 and all(w[0].isupper() or w in _SMALL for w in words)
    _, _, behind = target.partition(" of ")
    if behind and not proper:
        owner = _owner(behind.split(), proper=False)
    else:
        words = words[: -len(head.split())]
        owner = _leading(words) if family == _COALITION else None
        owner = owner or _owner(words, proper=proper)
    if noun and not (owner and is_state(owner)):
        return Key("name", words_of(noun))
    if owner is not None:
        return Key("family", (owner, family, noun))
    return Key("name", words_of(target)) if proper else Key("bare", (family,))


def _leading(words: list[str]) -> str | None:
    """Say which state leads ("Saudi-led coalition")."""
    for word in words:
        leader, _, led = word.rpartition("-")
        state = state_of_people(leader) or state_named(leader) if leader else None
        if state and led == "led":
            return as_owner(state)
    return None


def _owner(words: list[str], *, proper: bool) -> str | None:
    """Say whose an actor is by the words before or behind its noun.

    In a proper name only a state is an owner, and only where all other words are
    usual in the names of states' armies.
    """
    loyal = next((w for w in words if _LOYAL.fullmatch(w)), None)
    if loyal:
        return fold(loyal)
    kept = [w for w in words if w != w.lower() and not _BACKED.fullmatch(w)]
    state = state_named(" ".join(kept)) if kept else None
    states = [s for w in kept if (s := state_of_people(w) or state_named(w))]
    if state is None and states:
        state = states[0]
    rest = [w for w in kept if not (state_of_people(w) or state_named(w))]
    if state is not None and (not proper or all(fold(w) in _SAME_STATE for w in rest)):
        return as_owner(state)
    if proper or not rest:
        return None
    return " ".join(words_of(" ".join(rest))) or None

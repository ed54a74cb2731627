"""A TOML file of names that mean one actor -> the table that has the last word.

    [[actor]]
    name = "Syrian government"
    kind = "body"                        # optional, as are family, also and never
    family = "leadership"
    also = ["Assad clan", "the palace"]
    never = ["Syrian interim government"]

Names match whole, without regard to case, accents, dots and "the".
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, get_args

from annotator.actors.keys import fold
from annotator.errors import BadManifest
from annotator.records import ActorKind

_LISTS: Final = ("also", "never")
_TEXTS: Final = ("name", "kind", "family")


@dataclass(frozen=True, slots=True)
class Alias:
    """One actor as a user describes it.

    Attributes
    ----------
    also, never
        Names that mean it, and names that do not, however they are spelt.
    """

    name: str
    kind: ActorKind | None = None
    family: str | None = None
    also: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Aliases:
    """The actors of a table; `meant` and `barred` are by folded name.

    Attributes
    ----------
    actors
        The user's.
    known
        Those shipped with the program: a name that the user's table has, or bars, is
        none of theirs, and an actor whose own name it has is the user's.
    """

    actors: tuple[Alias, ...] = ()
    known: tuple[Alias, ...] = ()
    meant: Mapping[str, Alias] = field(init=False)
    barred: Mapping[str, Alias] = field(init=False)

    def __post_init__(self) -> None:
        meant = {fold(n): a for a in self.actors for n in (a.name, *a.also)}
        barred = {fold(n): a for a in self.actors for n in a.never}
        for alias in self.known:
            actor = meant.get(fold(alias.name), alias)
            for name in map(fold, (alias.name, *alias.also)):
                if name not in barred:
                    meant.setdefault(name, actor)
        object.__setattr__(self, "meant", meant)
        object.__setattr__(self, "barred", barred)

    def with_known(self) -> Aliases:
        """Add the bodies that the world's news knows by several names."""
        path = files("annotator").joinpath("bodies.toml")
        return Aliases(self.actors, _read(str(path), path.read_text(encoding="utf-8")))


def read_aliases(path: Path) -> Aliases:
    """Read an alias table.

    Raises
    ------
    BadManifest
        Where it cannot be read, has an unknown key or a value of the wrong kind, or
        gives one name to two actors.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadManifest(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadManifest(f"{path}: is no TOML in UTF-8 ({error})") from error
    return Aliases(_read(str(path), text))


def _read(path: str, text: str) -> tuple[Alias, ...]:
    """Read the rows of a table."""
    try:
        read = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadManifest(f"{path}: is no TOML in UTF-8 ({error})") from error
    tables = read.pop("actor", [])
    if read or not isinstance(tables, list):
        unknown = ", ".join(read)[:100] or "a single table"
        raise BadManifest(f"{path}: expected [[actor]] tables only; got {unknown}")
    actors = tuple(_alias(path, i, table) for i, table in enumerate(tables, 1))
    _check_names(path, actors)
    return actors


def _alias(path: str, number: int, table: Any) -> Alias:
    """Read one table, of this number."""
    where = f"{path}: actor {number}"
    if not isinstance(table, dict):
        raise BadManifest(f"{where}: expected a table; got {table!r:.60}")
    for key, value in table.items():
        if key in _TEXTS and not (isinstance(value, str) and value.strip()):
            raise BadManifest(f"{where}: {key} must be a text; got {value!r:.60}")
        if key in _LISTS and not _are_texts(value):
            raise BadManifest(f"{where}: {key} must be a list of texts")
        if key not in _TEXTS + _LISTS:
            known = ", ".join(_TEXTS + _LISTS)
            raise BadManifest(f"{where}: unknown key {key[:60]!r}; expected {known}")
    if "name" not in table:
        raise BadManifest(f"{where}: has no name")
    if table.get("kind") not in (None, *get_args(ActorKind)):
        kinds = ", ".join(get_args(ActorKind))
        raise BadManifest(f"{where}: kind {table['kind']!r:.60}; expected {kinds}")
    return Alias(**table | {n: tuple(table.get(n, ())) for n in _LISTS})


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(v, str) and fold(v) for v in value
    )


def _check_names(path: str, actors: tuple[Alias, ...]) -> None:
    """Raise where a name means two actors, or both means and does not mean one."""
    owner: dict[str, Alias] = {}
    for actor in actors:
        for name in {fold(n) for n in (actor.name, *actor.also)}:
            other = owner.setdefault(name, actor)
            if other is not actor:
                raise BadManifest(
                    f"{path}: {name!r} is given to {other.name!r} and {actor.name!r}; "
                    "leave it with one"
                )
    for actor in actors:
        for name in actor.never:
            if owner.get(fold(name)) is actor:
                raise BadManifest(
                    f"{path}: {name!r} both means {actor.name!r} and never does"
                )

"""Bytes of a file of annotations -> its JSON objects, each with its line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from reprlib import repr as shown
from typing import Any, Final, NoReturn

from annotator.errors import BadExchange

_SPACE: Final = " \t\n\r"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Which sentence a record is about, as exported; None where that was lost."""

    sentence_id: str | None = None
    article_id: str | None = None
    prefix: str | None = None
    suffix: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that gives no decision, and why."""

    line: int
    reason: str
    sentence_id: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One object of a file, and the line it begins on."""

    line: int
    value: dict[str, Any]

    def text(self, name: str) -> str | None:
        """Give a field that is text; None of any other."""
        value = self.value.get(name)
        return value if isinstance(value, str) else None

    def sentence(self) -> str:
        """Give the sentence that is annotated.

        Raises
        ------
        BadExchange
            If there is none.
        """
        if not (text := self.text("text")):
            raise BadExchange("there is no text")
        return text

    def anchor(self) -> Anchor:
        """Give what says which sentence it is."""
        return Anchor(*map(self.text, Anchor.__slots__))


def json_lines(data: bytes) -> Iterator[Record | Refused]:
    """Read one object a line, as JSON has it; a line that holds none is refused.

    Raises
    ------
    BadExchange
        If it is not UTF-8.
    """
    for number, line in enumerate(_text(data).split("\n"), 1):
        if line.strip(_SPACE):
            try:
                yield _record(number, _only(line.strip(_SPACE)))
            except BadExchange as e:
                yield Refused(number, str(e))


def json_array(data: bytes) -> Iterator[Record | Refused]:
    """Read a list of objects, one at a time; one that is no object is refused.

    Raises
    ------
    BadExchange
        If it is not UTF-8, or no list in JSON: after a fault there is no telling where
        the next object begins.
    """
    text = _text(data)
    at, line, counted = _next(text, 0), 1, 0
    if text[at : at + 1] != "[":
        raise BadExchange(
            f"got {text[at : at + 20]!r}, expected a list of tasks in JSON"
        )
    at = _next(text, at + 1)
    while text[at : at + 1] != "]":
        line, counted = line + text.count("\n", counted, at), at
        try:
            value, at = _decoded(text, at)
        except BadExchange as e:
            raise BadExchange(f"line {line}: {e}") from e
        try:
            yield _record(line, value)
        except BadExchange as e:
            yield Refused(line, str(e))
        at = _next(text, at)
        if text[at : at + 1] == ",":
            at = _next(text, at + 1)
        elif text[at : at + 1] != "]":
            raise BadExchange(
                f"line {line}: the list of tasks breaks off after this one"
            )
    if _next(text, at + 1) < len(text):
        raise BadExchange("more follows after the list of tasks")


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        raise BadExchange(f"byte {e.start + 1} is not UTF-8; export it anew") from e


def _next(text: str, at: int) -> int:
    """Give the place of the next character that is no white space."""
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at


def _no_number(name: str) -> NoReturn:
    raise BadExchange(f"{name} is no number in JSON")


_DECODER: Final = json.JSONDecoder(parse_constant=_no_number)


def _decoded(text: str, at: int) -> tuple[object, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except RecursionError:
        raise BadExchange("it is nested too deep") from None
    except ValueError as e:
        raise BadExchange(f"it is not JSON: {e!s:.80}") from e


def _only(text: str) -> object:
    """Read a text that holds one value and nothing else."""
    value, end = _decoded(text, 0)
    if end < len(text):
        raise BadExchange("more follows after the object")
    return value


def _record(line: int, value: object) -> Record:
    if not isinstance(value, dict):
        raise BadExchange(f"got {shown(value)}, expected an object")
    return Record(line, value)

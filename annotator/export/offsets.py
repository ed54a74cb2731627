"""Offsets in code points <-> offsets in UTF-16 units, as JavaScript counts."""

from __future__ import annotations


def to_utf16(text: str, at: int) -> int:
    r"""Count the UTF-16 units before a code point.

    >>> to_utf16("\N{PERSONAL COMPUTER} on", 2)
    3
    """
    return at + sum(map(_is_pair, text[:at]))


def from_utf16(text: str, at: int) -> int | None:
    r"""Count the code points before a UTF-16 unit.

    Returns
    -------
    int or None
        None inside a surrogate pair, and outside of the text.

    >>> from_utf16("\N{PERSONAL COMPUTER} on", 3)
    2
    >>> from_utf16("\N{PERSONAL COMPUTER} on", 1) is None
    True
    """
    unit = 0
    for place, character in enumerate(text):
        if unit >= at:
            return place if unit == at else None
        unit += 1 + _is_pair(character)
    return len(text) if unit == at else None


def _is_pair(character: str) -> bool:
    return character > "\uffff"

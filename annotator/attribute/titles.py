"""The words beside a name -> its role, and the gender of who bears it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from annotator.attribute.first_names import MEN, WOMEN
from annotator.attribute.lexicon import (
    DETERMINERS,
    NOT_NAMES,
    PREPOSITIONS,
    VERBS_AFTER_NAME,
)
from annotator.attribute.nouns import BODIES, HONORIFICS, ROLES, Gender
from annotator.attribute.tokens import Token, touches

ROLE_WORDS: Final = ROLES.keys() | HONORIFICS.keys()
_APPOSITION: Final = re.compile(
    r"\s*(?:,|\(|–|—)?\s*(?:(?:who|which) (?:is|was|heads|leads)\s+)?(?:\d\d,\s*)?"
)
_OPEN_APPOSITION: Final = ROLES.keys() | {"a", "an", "the"}
_REACH: Final = 7
"""Words of an apposition that are searched for its role."""


def gender_of_name(word: str) -> Gender | None:
    """Gender of a first name in small letters, accents left out."""
    bare = unicodedata.normalize("NFKD", word)
    plain = "".join(c for c in bare if not unicodedata.combining(c))
    return "m" if plain in MEN else "f" if plain in WOMEN else None


def gender_of_role(role: Iterable[str]) -> Gender | None:
    """Gender that an honorific or a role tells."""
    found = (HONORIFICS.get(word) or ROLES.get(word) for word in role)
    return next((g for g in found if g), None)


def role_before(text: str, tokens: Sequence[Token], start: int) -> Sequence[Token]:
    """Words of a role in small letters that end right before a name."""
    at = start
    while (
        at
        and start - at < 4
        and touches(text, tokens[at - 1], tokens[at])
        and tokens[at - 1].text.islower()
        and tokens[at - 1].text not in DETERMINERS | PREPOSITIONS | NOT_NAMES
    ):
        at -= 1
    block = tokens[at:start]
    if not block or block[-1].text not in ROLE_WORDS | BODIES:
        return ()
    while block and block[0].text in VERBS_AFTER_NAME:
        block = block[1:]
    return block


def role_after(text: str, tokens: Sequence[Token], end: int) -> tuple[str, ...]:
    """Words of an apposition after a name, or nothing.

    "Leyla Orman, minister of transport", "Sultan a local activist", "Orman, 45, who
    heads the agency". Without a comma an article must open it.
    """
    if end >= len(tokens):
        return ()
    gap = _APPOSITION.match(text, tokens[end - 1].end)
    comma = gap is not None and gap[0].strip() != ""
    words: list[str] = []
    for i in range(end, min(end + _REACH, len(tokens))):
        token = tokens[i]
        if i > end and not touches(text, tokens[i - 1], token):
            if token.text.isdigit() or tokens[i - 1].text.isdigit():
                continue
            break
        if token.text in VERBS_AFTER_NAME and token.text not in {"is", "was"}:
            break
        words.append(token.lower)
    opens = bool(words) and (words[0] in _OPEN_APPOSITION or comma)
    at = next((i for i, w in enumerate(words) if w in ROLES), None)
    if at is None or not opens or "and" in words[:at]:
        return ()
    return tuple(w for w in words if w not in DETERMINERS | {"who", "is", "was"})

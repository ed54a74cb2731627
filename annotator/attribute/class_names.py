"""A sentence's words and names -> the actors that it names by a class.

"The regime", "Syrian government forces", "US-backed rebels", "Senate Democrats": a
noun of `families.toml` with the words before it that say whose or of what sort.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from annotator.attribute.families import LONGEST, Noun, families
from annotator.attribute.lexicon import (
    BETWEEN,
    DETERMINERS,
    NOT_NAMES,
    PREPOSITIONS,
    PRONOUNS,
    VERBS_AFTER_NAME,
    word_list,
)
from annotator.attribute.mentions import Mention
from annotator.attribute.phrases import Names
from annotator.attribute.tokens import Token, touches
from annotator.records import Span
from annotator.states import state_of_people

PLACED: Final = word_list(
    """
    in at near inside across outside around into throughout within toward towards
    onto via through beyond over
    """
)
"""Prepositions before a place."""

REACH: Final = 5
"""Words before a noun that may say whose, or of what sort, its people are; a name
among them counts as one."""

_SIDED: Final = re.compile(
    r"(?:pro|anti|non)-\w.*|.+-(?:backed|led|linked|affiliated|aligned|supported"
    r"|controlled|allied|trained|funded|dominated|run|held|sponsored|armed)",
    re.I,
)
_HELD: Final = re.compile(r"([^\W_]+)-(?:held|controlled)", re.I)
_QUALITY: Final = re.compile(r"[a-z]{3,}(?:al|ic|ive|ous|less|ful|ary|ian)")
_ALLIED: Final = frozenset({"led", "backed"})
"""What a state's initials may have behind a hyphen ("U.S.-led")."""

_DEFINITE: Final = word_list(
    """
    the this that these those its their his her our
    """
)
NOT_AFTER_VERB: Final = word_list(
    """
    to the a an that its their his her no not any all it them him more how what
    whether itself
    """
)
_PAST: Final = word_list(
    """
    took fell began held lost won came went gave made sent shot struck cut put set
    left kept met fought broke built brought bought drove grew hit let ran rose saw
    spoke spent stood swept threw withdrew knew paid sought found felt became chose
    dealt laid forbade hid overran seem want need remain wants blew tore sank
    """
)
_FUNCTION: Final = (
    VERBS_AFTER_NAME | PREPOSITIONS | NOT_NAMES | DETERMINERS | BETWEEN | PRONOUNS
)
_LOOSE: Final = frozenset({"forces", "fighter"})
"""Heads that a class before them puts into its own family ("rebel forces")."""

_WITH_OWNER: Final = frozenset({"leadership", "army", "armed group"})
"""Families whose owner may stand behind the noun ("the government of Belarus")."""


class ClassName(NamedTuple):
    """A phrase that names an actor by a class noun; `proper` where it is a name."""

    span: Span
    noun: Noun
    proper: bool = False


def class_names(
    text: str, tokens: Sequence[Token], names: Names
) -> Iterator[ClassName]:
    """Phrases of one sentence, in order of the text; they do not overlap."""
    at, least = 0, 0
    while at < len(tokens):
        phrase = _holder(text, tokens, at, least, names)
        size, noun = _noun_at(text, tokens, at) if phrase is None else (1, None)
        if noun is not None:
            phrase = _phrase(text, tokens, range(at, at + size), least, noun, names)
        at += max(size, 1)
        if phrase:
            yield phrase
            while at < len(tokens) and tokens[at].start < phrase.span.end:
                at += 1
            least = at


def _noun_at(text: str, tokens: Sequence[Token], at: int) -> tuple[int, Noun | None]:
    """The longest class noun that begins at a word, and how many words it has."""
    table = families()
    most = LONGEST if tokens[at].lower in table.openings else 0
    for size in range(min(most, len(tokens) - at), 0, -1):
        words = tokens[at : at + size]
        noun = table.nouns.get(" ".join(w.lower for w in words))
        if noun and all(touches(text, a, b) for a, b in pairwise(words)):
            return (0, None) if _is_none(tokens, at, size) else (size, noun)
    before, word = tokens[at - 1] if at else None, tokens[at].lower
    if before and word in table.weak and touches(text, before, tokens[at]):
        return 1, table.modifiers.get(before.lower)
    if word in table.modifiers and _has_belongings(text, tokens, at + 1):
        noun = table.modifiers[word]
        return 1, noun if noun.family in table.before_belongings else None
    return 0, None


def _is_none(tokens: Sequence[Token], at: int, size: int) -> bool:
    """Whether a noun and the word before it mean no actor ("social media")."""
    words = tokens[max(at - 1, 0) : at + size]
    return " ".join(w.lower for w in words) in families().no_actors


def _holder(
    text: str, tokens: Sequence[Token], at: int, least: int, names: Names
) -> ClassName | None:
    """The holder of a place ("rebel-held", "Syrian government-controlled")."""
    found = _HELD.fullmatch(tokens[at].text) if "-" in tokens[at].text else None
    if found is None:
        return None
    table, holder = families(), found[1].lower()
    noun = table.modifiers.get(holder) or table.nouns.get(holder)
    if noun is None or noun.family not in table.before_belongings:
        return None
    least = max(least, at - REACH)
    start = tokens[_with_qualifiers(text, tokens, at, least, names)].start
    return ClassName(Span(start, tokens[at].start + len(holder)), noun)


def _has_belongings(text: str, tokens: Sequence[Token], at: int) -> bool:
    """Whether a word says what the noun before it has, does or is made up of."""
    return (
        0 < at < len(tokens)
        and tokens[at].text in families().belongings
        and touches(text, tokens[at - 1], tokens[at])
    )


def _phrase(
    text: str,
    tokens: Sequence[Token],
    at: range,
    least: int,
    noun: Noun,
    names: Names,
) -> ClassName | None:
    """The phrase around the noun at these words; it begins at `least` or later."""
    first, last = tokens[at.start], tokens[at.stop - 1]
    proper = names.at(last.start + 1)
    if proper is not None and len(proper.words) > len(at):
        if noun.in_names and _is_head(first, last, proper):
            return ClassName(proper.span, noun, proper=last.capital)
        if proper.span.end > last.end or last.capital:
            return None
    least = max(least, at.start - REACH)
    start = _with_qualifiers(text, tokens, at.start, least, names)
    end = _with_owner(text, tokens, at.stop, noun, names)
    word = " ".join(tokens[i].lower for i in at)
    name = last.text.isupper() or (last.capital and not first.initial)
    whole = not noun.plural and not name and end == last.end
    has = noun.family in families().before_belongings and _has_belongings(
        text, tokens, at.stop
    )
    if whole and not has and _modifies(text, tokens, at.stop, word):
        return None
    owned = end > last.end or not all(map(_is_quality, tokens[start : at.start]))
    if not (owned or has) and not _means_an_actor(text, tokens, start, word):
        return None
    if start < at.start and (word in families().weak or noun.head in _LOOSE):
        noun = families().modifiers.get(tokens[at.start - 1].lower, noun)
    finish = end if end > last.end else last.start + len(last.name)
    return ClassName(Span(tokens[start].start, finish), noun)


def _is_head(first: Token, last: Token, name: Mention) -> bool:
    """Whether a name ends in the noun, or has an "of" behind it."""
    words = [w.lower() for w in name.words]
    behind = words[words.index(last.lower) + 1 :] if last.lower in words else []
    return first.capital and behind[:1] in ([], ["of"], ["for"])


def _with_qualifiers(
    text: str, tokens: Sequence[Token], at: int, least: int, names: Names
) -> int:
    """Index of the first word that says whose, or of what sort, a noun is."""
    owned = False
    while at > least and touches(text, tokens[at - 1], tokens[at]):
        before, reach = tokens[at - 1], at - 1
        if before.text in _ALLIED and text[before.start - 1] == "-" and reach > least:
            at = reach - 1
            continue
        if not _is_sort(before) and (owned or not state_of_people(before.name)):
            name = None if owned else names.at(before.start + 1)
            while name is not None and reach and tokens[reach].start > name.span.start:
                reach -= 1
            named = name is not None and before.capital and reach >= least
            if not named or _is_place(tokens, reach, before):
                break
        owned = owned or before.capital
        at = reach
    return at


def _is_sort(word: Token) -> bool:
    """Whether a word before a noun says of what sort its people are."""
    if _SIDED.fullmatch(word.text) or _is_quality(word):
        return True
    table = families()
    sorts = table.qualifiers | table.modifiers.keys() | {"government", "regime", "army"}
    own = word.capital and not word.initial and word.lower != "islamist"
    return word.lower in sorts and not own


def _is_quality(word: Token) -> bool:
    """Whether an adjective says what somebody thinks of an actor."""
    table = families()
    if word.text in table.qualifiers or word.text in table.no_qualities:
        return False
    return word.text in table.qualities or _QUALITY.fullmatch(word.text) is not None


def _is_place(tokens: Sequence[Token], start: int, last: Token) -> bool:
    """Whether a name before a noun says where ("in Karma rebels said")."""
    placed = start > 0 and tokens[start - 1].lower in PLACED | {"from", "of", "to"}
    return placed and last.text == last.name


def _with_owner(
    text: str, tokens: Sequence[Token], after: int, noun: Noun, names: Names
) -> int:
    """Place after "of Belarus" behind a noun, or after the noun."""
    end = tokens[after - 1].end
    linked = after + 1 < len(tokens) and tokens[after].text == "of"
    if not linked or noun.family not in _WITH_OWNER:
        return end
    owner = after + 1 + (tokens[after + 1].lower == "the")
    name = names.at(tokens[owner].start + 1) if owner < len(tokens) else None
    if name is None or not tokens[owner].capital:
        following = tokens[owner + 1 : owner + 3]
        name = next((n for t in following if (n := names.at(t.start + 1))), None)
        if name is None or name.whole.start > tokens[owner].start:
            return end
    return name.span.end


def _modifies(text: str, tokens: Sequence[Token], after: int, word: str) -> bool:
    """Whether a noun only stands before another ("government officials")."""
    possessive = tokens[after - 1].text != tokens[after - 1].name
    if after >= len(tokens) or possessive:
        return False
    following = tokens[after]
    if not touches(text, tokens[after - 1], following) or following.capital:
        return False
    low = following.lower
    if low in {"to", "against"} and word in families().abstract:
        return True
    return is_noun(low, tokens[after + 1].lower if after + 1 < len(tokens) else "")


def is_noun(word: str, beyond: str) -> bool:
    """Whether a small word behind a name is the noun that the name only qualifies.

    It is none if it may be a verb of the name's; `beyond` is the word behind it.
    """
    if word in _FUNCTION or word in _PAST or word.endswith(("ly", "ed")):
        return False
    return not (word.endswith("s") and beyond in NOT_AFTER_VERB)


def _means_an_actor(text: str, tokens: Sequence[Token], at: int, word: str) -> bool:
    """Whether a noun without an owner means somebody, and not whoever does it."""
    table = families()
    before = tokens[at - 1] if at else None
    close = before is not None and touches(text, before, tokens[at])
    if word in table.owned:
        return False
    return word not in table.definite or (
        close and before is not None and before.lower in _DEFINITE
    )

"""A source as written -> what its head is: a pronoun, a name, a role, a body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from annotator.attribute.entities import Entities
from annotator.attribute.lexicon import (
    ANONYMOUS,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    SOME,
)
from annotator.attribute.mentions import Mention
from annotator.attribute.nouns import (
    BODIES,
    CLASSES,
    COLLECTIVE,
    DOCUMENTS,
    FREE_ROLES,
    HONORIFICS,
    KINDS_OF_BODY,
    LOOSE_BODIES,
    NATIONS,
    UNNAMED,
)
from annotator.attribute.phrases import Names, can_be_asked, is_role, singular
from annotator.records import Span

PEOPLE: Final = frozenset({"named_person", "expert_named"})
_APPOSED: Final = re.compile(r"[^\W\d_],\s+(?:the\s+)?$", re.I)
HeadKind = Literal["pronoun", "name", "role", "body", "document", "unnamed", "other"]

_WORD: Final = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:[-'’&][^\W_]+)*")
_SPACE: Final = re.compile(r"\s+")
_CLAUSE: Final = re.compile(r",? (?:who|whom|that|which)$")
"""What opens a clause on the source, where the tagger has taken it for part of it."""
_POSSESSIVE: Final = re.compile(r"['’]s?$")


@dataclass(frozen=True, slots=True)
class Head:
    """What a source phrase says of who speaks.

    Attributes
    ----------
    word
        Its head noun in small letters, in the singular; a pronoun as it is.
    names
        Numbers of the names that are its head; several in "Warren and Fisher".
    plain
        The phrase without determiners and numerals.
    definite
        Whether "the", "that" or a possessive opens it, or nothing does.
    some
        Whether it speaks of a part of a crowd ("some Republicans").
    owner
        The possessive pronoun that opens it.
    with_body
        Whether it names a body, or a nation, to ask.
    modifiers
        Small-letter words beside the head.
    """

    kind: HeadKind
    word: str
    plain: str
    names: tuple[int, ...] = ()
    plural: bool = False
    definite: bool = False
    some: bool = False
    owner: str = ""
    with_body: bool = False
    modifiers: frozenset[str] = frozenset()


def read_head(
    span: Span, names: Names, entities: Entities, kind: str | None = None
) -> Head:
    """Read a source phrase; `kind` is what the tagger calls the source."""
    text = names.text
    words = [Span(*m.span()) for m in _WORD.finditer(text, *span)]
    plain = _plain(text, span, words)
    if not words:
        return Head("other", "", plain)
    first = text[slice(*words[0])].lower()
    if len(words) == 1 and first in PRONOUNS | {"who"}:
        return Head("pronoun", first, first, plural=first in {"they", "them", "both"})
    named = _named(span, words, names, entities, kind in PEOPLE)
    if named:
        part = first in SOME
        return Head("name", "", plain, named, plural=len(named) > 1, some=part)
    return _common(span, words, plain, names)


def _plain(text: str, span: Span, words: list[Span]) -> str:
    """The phrase in one line without the determiners before it."""
    start, end = span
    for word in words:
        low = text[slice(*word)].lower()
        if low not in DETERMINERS | ANONYMOUS and not low.isdigit():
            start = word.start
            break
    plain = _SPACE.sub(" ", text[start:end]).strip(" ,;:\"“”'‘’")
    plain = _CLAUSE.sub("", plain)
    head, _, rest = plain.partition(" ")
    common = (
        start == span.start
        and head.istitle()
        and (can_be_asked(head.lower()) or not rest)
    )
    return plain[0].lower() + plain[1:] if common else plain


def _named(
    span: Span,
    words: list[Span],
    names: Names,
    entities: Entities,
    is_person: bool,
) -> tuple[int, ...]:
    """The names at the head of a phrase, if it has one.

    "Observatory director Rami Abdel Rahman" ends with its head, "Laila Kiki of The
    Syria Campaign" begins with it.
    """
    inside = [
        i for i in names.within(span) if names.mentions[i].span.end <= span.end + 2
    ]
    if not inside:
        return ()
    text, last = names.text, names.mentions[inside[-1]]
    if _opens_with_name(span, names.mentions[inside[0]], is_person, text):
        return (inside[0],)
    at_end = span.end - last.span.end <= 2 and not last.modifier
    apposed = _APPOSED.search(text[span.start : last.span.start]) is not None
    likely = last.kind != "body" and (is_person or len(inside) == 1)
    person = likely or apposed or _is_person(inside[-1], last, entities)
    before = text[span.start : last.whole.start].lower().split()
    while before and before[-1] in DETERMINERS:
        before.pop()
    if at_end and person and not (before and before[-1] in PREPOSITIONS - {"across"}):
        pair = _pair(inside, names, entities, text)
        return pair or (inside[-1],)
    end = _segment_end(span, words, names)
    heads = [i for i in inside if names.mentions[i].span.end <= end]
    if not heads:
        return ()
    pair = _pair(heads, names, entities, text)
    if pair:
        return pair
    while len(heads) > 1 and _stands_beside(heads, names):
        heads.pop()
    head = names.mentions[heads[-1]]
    rest = [w for w in words if head.span.end <= w.start < end]
    rest = [w for w in rest if not _is_tail(text[slice(*w)])]
    if rest and not _names_its_kind(heads[-1], rest, names, entities):
        return ()
    return (heads[-1],)


def _opens_with_name(span: Span, first: Mention, is_person: bool, text: str) -> bool:
    """Whether a phrase is a person's name, a comma and more about that person."""
    lead = text[span.start : first.whole.start].strip()
    behind = text[first.span.end : span.end].lstrip()
    person = first.kind == "person" or (is_person and len(first.words) > 1)
    return person and not lead and behind[:1] in tuple(",(")


def _stands_beside(heads: list[int], names: Names) -> bool:
    """Whether the last name only explains the one before ("the Center, an NGO")."""
    left, right = (names.mentions[i] for i in heads[-2:])
    between = names.text[left.span.end : right.whole.start].split()
    return bool(between) and between[0] in {"a", "an", ",", "the"}


def _names_its_kind(
    number: int, rest: list[Span], names: Names, entities: Entities
) -> bool:
    """Whether a common noun behind a body's name says what it is ("SANA agency")."""
    mention, text = names.mentions[number], names.text
    if _is_person(number, mention, entities) or mention.words[0].lower() in NATIONS:
        return False
    gap = text[mention.span.end : rest[0].start]
    return gap.isspace() and text[slice(*rest[-1])].lower() in KINDS_OF_BODY


def _is_tail(word: str) -> bool:
    return word.lower() in {"s", "himself", "herself", "itself", "and"}


def _is_person(number: int, mention: Mention, entities: Entities) -> bool:
    entity = entities.of(number)
    rivals = entities.rivals(number)
    return (
        mention.kind == "person"
        or bool(rivals)
        or (entity is not None and entity.kind == "person")
    )


def _pair(
    inside: list[int], names: Names, entities: Entities, text: str
) -> tuple[int, ...]:
    if len(inside) < 2:
        return ()
    left, right = (names.mentions[i] for i in inside[-2:])
    between = text[left.span.end : right.whole.start].strip()
    people = [_is_person(i, names.mentions[i], entities) for i in inside[-2:]]
    alike = not any(people) or "body" not in {left.kind, right.kind}
    return tuple(inside[-2:]) if alike and between in {"and", "and the"} else ()


def _segment_end(span: Span, words: list[Span], names: Names) -> int:
    """Where the phrase before the first preposition or comma ends."""
    text = names.text
    for i, word in enumerate(words):
        name = names.at(word.start + 1) or names.at(word.end - 1)
        inside = name is not None and name.span.start < word.start
        gap = text[words[i - 1].end : word.start] if i else ""
        if i and not inside and set(gap) & set(",(–—"):
            return words[i - 1].end
        if i and not inside and text[slice(*word)] in PREPOSITIONS:
            return words[i - 1].end
    return span.end


def _common(span: Span, words: list[Span], plain: str, names: Names) -> Head:
    """A phrase whose head is a common noun."""
    text = names.text
    end = _segment_end(span, words, names)
    segment = [text[slice(*w)] for w in words if w.end <= end] or [
        text[slice(*words[0])]
    ]
    nouns = [_POSSESSIVE.sub("", word).lower() for word in segment]
    last = next((n for n in reversed(nouns) if can_be_asked(n)), nouns[-1])
    word = singular(last)
    first = segment[0].lower()
    lower = {text[slice(*w)].lower().rstrip(".") for w in words}
    capital = bool(names.within(span)) or bool(lower & NATIONS)
    plural = last != word and last not in COLLECTIVE
    behind = {text[slice(*w)].lower() for w in words if w.start >= end}
    return Head(
        kind=_kind_of(last, word),
        word=word if last not in UNNAMED or is_role(word) else last,
        plain=plain,
        plural=plural,
        definite=first in {"the", "that", "this", "these", "those"}
        or (first not in DETERMINERS and not plural),
        some=first in SOME,
        owner=first if first in {"his", "her", "their", "its", "our", "my"} else "",
        with_body=capital
        or bool((behind | lower - {last, word}) & BODIES - LOOSE_BODIES),
        modifiers=frozenset(lower) - DETERMINERS - PREPOSITIONS - {last, word},
    )


def _kind_of(last: str, word: str) -> HeadKind:
    if last in CLASSES:
        return "body"
    if word in DOCUMENTS and last not in BODIES:
        return "unnamed" if last in UNNAMED else "document"
    if is_role(word) or word in HONORIFICS:
        return "role"
    if last in UNNAMED or word in UNNAMED or word in FREE_ROLES:
        return "unnamed"
    if last in BODIES or word in BODIES:
        return "body"
    return "other"

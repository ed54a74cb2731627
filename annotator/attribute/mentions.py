"""Article text -> the names in it, each with its title, role and gender.

Rules over capitalised words: neither a model nor a gazetteer of places. A name that
nothing shows to be a person or a body stays `unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple

from annotator.attribute.lexicon import (
    DATES,
    JOINERS,
    NOT_NAMES,
    PARTICLES,
    PREPOSITIONS,
    VERBS_AFTER_NAME,
)
from annotator.attribute.nouns import (
    BODIES,
    CLASSES,
    NATIONS,
    ROLE_MODIFIERS,
    ROLES,
    UNNAMED,
    Gender,
)
from annotator.attribute.titles import (
    ROLE_WORDS,
    gender_of_name,
    gender_of_role,
    role_after,
    role_before,
)
from annotator.attribute.tokens import Token, sentence_tokens, touches
from annotator.records import Sentence, Span

MentionKind = Literal["person", "body", "unknown"]

_PERSON_STARTS: Final = frozenset(
    {"abu", "abou", "abd", "abdel", "abdul", "bin", "umm"}
)
_BANDED: Final = frozenset({"committee", "campaign", "coalition", "movement"})
"""Bodies that may have their purpose in the name ("Committee to Protect Birds")."""

_QUALIFIES: Final = ("-based", "-backed", "-linked", "-led", "-run", "-affiliated")


_COMMON: Final = ROLE_WORDS | UNNAMED | CLASSES


class _Known(NamedTuple):
    """What an article tells of its capitals.

    Words whose capital counts, words in small letters, and places where a source
    begins that has a name.
    """

    capital: set[str]
    small: set[str]
    sources: frozenset[int]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text.

    Attributes
    ----------
    span
        Of the name alone.
    whole
        With the title and role before it.
    words, name
        Of the name, as written, without a possessive.
    role
        Words of the roles beside it, small letters.
    modifier
        Whether it only stands before another noun ("the Obama administration").
    """

    span: Span
    whole: Span
    words: tuple[str, ...]
    name: str
    kind: MentionKind
    gender: Gender | None = None
    role: tuple[str, ...] = ()
    modifier: bool = False


def find_mentions(
    text: str, sentences: Sequence[Sentence], sources: frozenset[int] = frozenset()
) -> list[Mention]:
    """Names in the sentences of an article, in order of the text.

    `sources` are places where a source that is said to have a name begins: the
    capital of its first word counts, though it opens a sentence.
    """
    tokens = sentence_tokens(text, sentences)
    seen = {t.name for ts in tokens for t in ts if not t.initial and t.capital}
    small = {t.text for ts in tokens for t in ts if t.text.islower()}
    return [
        mention
        for ts in tokens
        if not _shouted(ts)
        for mention in _of_sentence(text, ts, _Known(seen, small, sources))
    ]


def _shouted(tokens: Sequence[Token]) -> bool:
    """Whether capitals say nothing here: all of a long sentence is in them."""
    return len(tokens) > 6 and sum(t.text.isupper() for t in tokens) > len(tokens) * 0.7


def _of_sentence(
    text: str, tokens: Sequence[Token], known: _Known
) -> Iterator[Mention]:
    at = 0
    while at < len(tokens):
        end = _run_end(text, tokens, at)
        start = at
        while start < end and _is_small_word(text, tokens[start]):
            start += 1
        start = _after_shouting(tokens, start, end)
        qualifies = start + 1 == end and tokens[start].text.endswith(_QUALIFIES)
        if start < end and not (qualifies or _just_initial(tokens, start, end, known)):
            yield from _of_run(text, tokens, start, end)
        at = max(end, at + 1)


def _is_small_word(text: str, token: Token) -> bool:
    """Whether a word with a capital begins no name: neither an acronym nor initial."""
    word = token.text
    initial = len(word) == 1 and text[token.end : token.end + 1] == "."
    acronym = len(word) > 1 and word.isupper()
    small = re.split("['’]", token.lower)[0] in NOT_NAMES
    return small and not initial and not acronym


def _after_shouting(tokens: Sequence[Token], start: int, end: int) -> int:
    """Skip what only qualifies or precedes a name ("UK-based", "MUST WATCH")."""
    while start + 1 < end and (
        tokens[start].text.endswith(_QUALIFIES)
        or (tokens[start].lower in NATIONS and gender_of_name(tokens[start + 1].lower))
    ):
        start += 1
    loud = start
    while loud < end and tokens[loud].text.isupper() and len(tokens[loud].text) > 1:
        loud += 1
    return loud if start + 1 < loud < end else start


def _just_initial(tokens: Sequence[Token], start: int, end: int, known: _Known) -> bool:
    """Whether the one capital is that of the sentence."""
    first = tokens[start]
    if end - start > 1 or not first.initial or first.name in known.capital:
        return False
    word = first.lower
    if word in known.small or {word, word.rstrip("s")} & _COMMON or word in BODIES:
        return True
    following = tokens[end].lower if end < len(tokens) else ""
    named = following in VERBS_AFTER_NAME or first.start in known.sources
    return not named and first.text == first.name


def _run_end(text: str, tokens: Sequence[Token], at: int) -> int:
    """Index after the capitalised run that starts at a token; `at` if none does."""
    if not tokens[at].capital:
        return at
    end, body = at + 1, tokens[at].lower in BODIES
    while end < len(tokens) and tokens[end - 1].text == tokens[end - 1].name:
        reach = _next_in_run(text, tokens, end, body or _is_role(tokens[end - 1]))
        if reach == end:
            break
        body = body or any(t.lower in BODIES for t in tokens[end:reach])
        end = reach
    return end


def _next_in_run(text: str, tokens: Sequence[Token], end: int, joins: bool) -> int:
    """Index after the next word of a run, small words before it included."""
    small = tokens[end].text in JOINERS and (joins or _is_sons_of(text, tokens, end))
    small = small or (tokens[end].text == "to" and tokens[end - 1].lower in _BANDED)
    reach = end
    while (
        reach < len(tokens)
        and reach - end < 3
        and touches(text, tokens[reach - 1], tokens[reach])
    ):
        if tokens[reach].capital:
            # "the Senate on Tuesday"
            dated = reach > end and tokens[reach].lower in DATES
            return end if dated else reach + 1
        if tokens[reach].text not in PARTICLES and not (
            small and (reach == end or tokens[reach].text == "the")
        ):
            break
        reach += 1
    return end


def _is_sons_of(text: str, tokens: Sequence[Token], end: int) -> bool:
    """Whether "the" and one capital stand before an "of" ("the Sons of Sahl")."""
    return (
        tokens[end].text == "of"
        and end > 1
        and tokens[end - 2].lower == "the"
        and not _is_role(tokens[end - 1])
        and touches(text, tokens[end - 2], tokens[end - 1])
    )


def _is_role(token: Token) -> bool:
    return token.lower in ROLE_WORDS and token.lower not in BODIES


def _of_run(
    text: str, tokens: Sequence[Token], start: int, end: int
) -> Iterator[Mention]:
    """Mentions in one capitalised run: a person after or before a role, a body."""
    run = tokens[start:end]
    first_role = next((i for i, t in enumerate(run) if _is_role(t)), None)
    body_at = next((i for i, t in enumerate(run) if t.lower in BODIES), None)
    joined = body_at is not None and any(t.text in JOINERS for t in run[:first_role])
    if first_role is not None and not joined:
        yield from _around_role(text, tokens, start, end, first_role)
        return
    if body_at is not None:
        given = next(
            (
                i
                for i in range(body_at + 1, len(run))
                if gender_of_name(run[i].lower)
                and run[i - 1].text not in JOINERS
                and len(run) - i < 5
            ),
            len(run),
        )
        yield _mention(text, tokens, start, start + given, "body")
        if given < len(run):
            yield _mention(text, tokens, start + given, end, "person")
        return
    yield _mention(text, tokens, start, end, _guess(run))


def _around_role(
    text: str, tokens: Sequence[Token], start: int, end: int, first: int
) -> Iterator[Mention]:
    """Names before and after the first block of role words in a run."""
    run = tokens[start:end]
    after = first
    while after < len(run) and (
        _is_role(run[after]) or run[after].lower in ROLE_MODIFIERS
    ):
        after += 1
    of = after < len(run) and run[after].text in JOINERS
    if of:
        given = (i for i in range(after + 1, len(run)) if gender_of_name(run[i].lower))
        after = next(given, after + 2 if after + 2 < len(run) else len(run))
    while first and run[first - 1].lower in ROLE_MODIFIERS | NATIONS:
        first -= 1
    rest = run[after:]
    body_after = any(t.lower in BODIES for t in rest)
    named_before = first > 1 and _guess(run[:first]) == "person"
    if (
        rest
        and not _is_role(rest[0])
        and not named_before
        and not (body_after and not gender_of_name(rest[0].lower))
    ):
        if first:
            yield _mention(
                text, tokens, start, start + first, _body_or_unknown(run[:first])
            )
        stop = next((i for i, t in enumerate(rest) if _is_role(t)), len(rest))
        person = _mention(text, tokens, start + after, start + after + stop, "person")
        yield replace(
            person,
            whole=Span(min(run[0].start, person.whole.start), person.whole.end),
            role=(*person.role, *(t.lower for t in run[:after])),
            gender=person.gender or gender_of_role(t.lower for t in run[:after]),
        )
    elif body_after and not named_before:
        yield _mention(text, tokens, start, end, "body")
    elif first:
        kind = _body_or_unknown(run[:first])
        named = _mention(text, tokens, start, start + first, kind)
        if named_before:
            role = tuple(t.lower for t in run[first:])
            named = replace(named, kind="person", role=(*named.role, *role))
        yield named


def _body_or_unknown(run: Sequence[Token]) -> MentionKind:
    acronym = len(run) == 1 and run[0].name.rstrip(".").isupper()
    return "body" if acronym or any(t.lower in BODIES for t in run) else "unknown"


def _guess(run: Sequence[Token]) -> MentionKind:
    first = run[0].lower
    if len(run) == 1:
        return _body_or_unknown(run)
    given = gender_of_name(first) or first in _PERSON_STARTS
    initial = any(len(t.text.rstrip(".")) == 1 for t in run[:-1])
    if given or initial or any(t.text in PARTICLES for t in run[1:]):
        return "person"
    return "unknown"


def _mention(
    text: str, tokens: Sequence[Token], start: int, end: int, kind: MentionKind
) -> Mention:
    """A name with what stands beside it: a small-letter role, an apposition."""
    before = role_before(text, tokens, start)
    if kind == "person" and before and before[-1].text not in ROLE_WORDS:
        before = ()
    after = tokens[end : end + 1]
    touching = bool(after) and touches(text, tokens[end - 1], after[0])
    noun = after[0].text if touching else ""
    if kind == "unknown" and (
        noun in BODIES or any(t.text in BODIES for t in before[-1:])
    ):
        kind = "body"
    if kind == "unknown" and before and before[-1].text in ROLES:
        kind = "person"
    role = tuple(t.lower for t in before)
    shared = noun in ROLES and (kind != "person" or end - start == 1)
    alone = kind == "unknown" and end - start == 1 and start > 0
    behind_of = alone and tokens[start - 1].text in PREPOSITIONS
    if kind != "body" and not shared and not behind_of:
        behind = role_after(text, tokens, end)
        if behind and kind == "unknown":
            kind = "person"
        role += behind
    last = tokens[end - 1]
    finish = last.start + len(last.name)
    return Mention(
        span=Span(tokens[start].start, finish),
        whole=Span((before[0] if before else tokens[start]).start, finish),
        words=tuple(t.name for t in tokens[start:end]),
        name=" ".join(text[tokens[start].start : finish].split()),
        kind=kind,
        gender=gender_of_name(tokens[start].lower) or gender_of_role(role),
        role=role,
        modifier=last.text != last.name or noun in BODIES or shared,
    )

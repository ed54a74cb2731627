"""Article text -> the names in it, each with its title, role and gender.

Rules over capitalised words: neither a model nor a gazetteer of places. A name that
nothing shows to be a person or a body stays `unknown`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple

from annotator.attribute.first_names import MEN, WOMEN
from annotator.attribute.lexicon import (
    BODIES,
    CLASSES,
    DETERMINERS,
    HONORIFICS,
    JOINERS,
    NATIONS,
    NOT_NAMES,
    PARTICLES,
    PREPOSITIONS,
    ROLE_MODIFIERS,
    ROLES,
    UNNAMED,
    VERBS_AFTER_NAME,
    Gender,
)
from annotator.attribute.tokens import Token, tokenise, touches
from annotator.records import Sentence, Span

MentionKind = Literal["person", "body", "unknown"]

_PERSON_STARTS: Final = frozenset(
    {"abu", "abou", "abd", "abdel", "abdul", "bin", "umm"}
)
_ROLE_WORDS: Final = ROLES.keys() | HONORIFICS.keys()
_APPOSITION: Final = re.compile(
    r"\s*(?:,|\(|–|—)?\s*(?:(?:who|which) (?:is|was|heads|leads)\s+)?(?:\d\d,\s*)?"
)
_OPEN_APPOSITION: Final = ROLES.keys() | {"a", "an", "the"}
_QUALIFIES: Final = ("-based", "-backed", "-linked", "-led", "-run", "-affiliated")
_REACH: Final = 7
"""Words of an apposition that are searched for its role."""


_COMMON: Final = _ROLE_WORDS | UNNAMED | CLASSES


class _Known(NamedTuple):
    """Words of the article with a capital that counts, in small letters, and places
    where a source begins that has a name.
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
    tokens = [list(tokenise(text, s.span)) for s in sentences]
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
        while (
            start < end
            and tokens[start].lower in NOT_NAMES
            and (not tokens[start].text.isupper() or len(tokens[start].text) < 2)
        ):
            start += 1
        start = _after_shouting(tokens, start, end)
        if start < end and not _just_initial(tokens, start, end, known):
            yield from _of_run(text, tokens, start, end)
        at = max(end, at + 1)


def _after_shouting(tokens: Sequence[Token], start: int, end: int) -> int:
    """Skip what only qualifies or precedes a name ("UK-based", "MUST WATCH")."""
    while start + 1 < end and tokens[start].text.endswith(_QUALIFIES):
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
    if word in known.small or {word, word.rstrip("s")} & _COMMON:
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
    reach = end
    while (
        reach < len(tokens)
        and reach - end < 3
        and touches(text, tokens[reach - 1], tokens[reach])
    ):
        if tokens[reach].capital:
            return reach + 1
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
    return token.lower in _ROLE_WORDS and token.lower not in BODIES


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
                if _gender(run[i].lower) and len(run) - i < 5
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
        given = (i for i in range(after + 1, len(run)) if _gender(run[i].lower))
        after = next(given, after + 2 if after + 2 < len(run) else len(run))
    while first and run[first - 1].lower in ROLE_MODIFIERS | NATIONS:
        first -= 1
    rest = run[after:]
    body_after = any(t.lower in BODIES for t in rest)
    named_before = first > 1 and _guess(run[:first]) == "person"
    if rest and not named_before and not (body_after and not _gender(rest[0].lower)):
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
            gender=person.gender or _first_gender(run[:after]),
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
    given = _gender(first) or first in _PERSON_STARTS
    initial = any(len(t.text.rstrip(".")) == 1 for t in run[:-1])
    if given or initial or any(t.text in PARTICLES for t in run[1:]):
        return "person"
    return "unknown"


def _gender(word: str) -> Gender | None:
    bare = unicodedata.normalize("NFKD", word)
    plain = "".join(c for c in bare if not unicodedata.combining(c))
    return "m" if plain in MEN else "f" if plain in WOMEN else None


def _first_gender(role: Sequence[Token]) -> Gender | None:
    found = (HONORIFICS.get(t.lower) or ROLES.get(t.lower) for t in role)
    return next((g for g in found if g), None)


def _mention(
    text: str, tokens: Sequence[Token], start: int, end: int, kind: MentionKind
) -> Mention:
    """A name with what stands beside it: a small-letter role, an apposition."""
    before = _role_before(text, tokens, start)
    if kind == "person" and before and before[-1].text not in _ROLE_WORDS:
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
        behind = _role_after(text, tokens, end)
        if behind and kind == "unknown":
            kind = "person"
        role += behind
    last = tokens[end - 1]
    finish = last.start + len(last.name)
    return Mention(
        span=Span(tokens[start].start, finish),
        whole=Span((before or tokens[start:])[0].start, finish),
        words=tuple(t.name for t in tokens[start:end]),
        name=" ".join(text[tokens[start].start : finish].split()),
        kind=kind,
        gender=_gender(tokens[start].lower) or _gender_of(role),
        role=role,
        modifier=last.text != last.name or noun in BODIES or shared,
    )


def _gender_of(role: Sequence[str]) -> Gender | None:
    found = (HONORIFICS.get(word) or ROLES.get(word) for word in role)
    return next((g for g in found if g), None)


def _role_before(text: str, tokens: Sequence[Token], start: int) -> Sequence[Token]:
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
    if not block or block[-1].text not in _ROLE_WORDS | BODIES:
        return ()
    while block and block[0].text in VERBS_AFTER_NAME:
        block = block[1:]
    return block


def _role_after(text: str, tokens: Sequence[Token], end: int) -> tuple[str, ...]:
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

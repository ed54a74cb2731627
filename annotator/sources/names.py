"""A source as written -> its name: what it is compared by, what shape it has.

"Syrian army spokesman Adnan Deniz" is a person, "a Britain-based monitoring group" a
wording, "spokesman for the Syrian army" an office. Articles, titles, possessives,
case, accents, dots and the Arabic article are set aside for comparison, never for
show. Whether two names are one source is for `linking` to say.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from annotator.sources.keys import fold, proper_key
from annotator.sources.words import Words, singular, words

Shape = Literal["proper", "office", "wording"]

LONGEST: Final = 300
"""Characters of a source that are read; a longer one is a tagger's mistake."""


_WORD: Final = re.compile(r"[^\W_]+(?:[.'’`&\-‐‑][^\W_]+)*")
_BREAK: Final = re.compile(r"[,;:()\[\]{}\"“”„«»–—]|\s-\s")
_BELONGING: Final = frozenset({"of", "from", "at", "with"})
_PLACED: Final = re.compile(r".-(?:based|run|owned|controlled)$")
_RELATED: Final = re.compile(r".-(?:affiliated|linked|backed|led|aligned|allied)$")
_DEMONYM: Final = re.compile(r"(?:[aeiou]an|ish|ese|i|ench|utch|reek|ern|rab|iss)$")
_CAPITAL: Final = re.compile(r"(?:[a-z]{2,3}-)?[^\W\d_a-z]")


@dataclass(frozen=True, slots=True)
class Name:
    """A source's name; two with the same key and shape are the same source.

    Attributes
    ----------
    key
        Folded words in order; for an office sorted, so that "army spokesman" and
        "spokesman for the army" agree.
    text
        For show: without determiners and titles, else as written.
    person
        Whether it may be a person's: a proper name without a word for a body.
    capital
        Whether it holds a proper noun.
    office
        Whether an office or a function was stated with it.
    """

    key: tuple[str, ...]
    shape: Shape
    text: str = field(compare=False)
    person: bool = field(compare=False, default=False)
    capital: bool = field(compare=False, default=False)
    office: bool = field(compare=False, default=False)


class _Word(NamedTuple):
    text: str
    low: str
    capital: bool


@lru_cache(maxsize=4096)
def parse(phrase: str, common: frozenset[str] = frozenset()) -> Name | None:
    """Take a source apart; None for pronouns and for what holds no name at all.

    `common` are words that the article also writes in lower case, so that a capital
    at the start of a sentence makes no proper noun. An article names the same sources
    again and again: the last answers are remembered.

    >>> parse("Mr. Adnan Deniz, a spokesman for the army").text
    'Adnan Deniz'
    >>> parse("the Britain-based Lake Observatory monitoring group").text
    'Lake Observatory'
    >>> parse("Activists", frozenset({"activists"})).shape
    'wording'
    """
    parts = [_part(p, common) for p in _BREAK.split(phrase[:LONGEST])]
    names = [name for name in parts if name]
    if not names:
        return None
    first = names[0]
    if first.shape == "proper":
        return first
    return next((n for n in names if n.shape == "proper" and n.person), first)


def _part(phrase: str, common: Collection[str]) -> Name | None:
    """Take one stretch without punctuation apart."""
    table = words()
    found = _joined_offices(_words(phrase, common), table)
    indefinite = bool(found) and found[0].text.casefold() in {"a", "an"}
    while found and _says_nothing(found, table):
        found = found[1:]
    if not found or (len(found) <= 2 and _is_pronoun(found[0], table)):
        return None
    titles = [i for i, w in enumerate(found) if _is_title(w, table)]
    if titles:
        return _titled(found, titles, table)
    if indefinite and sum(w.capital for w in found) < 2 and not found[-1].capital:
        return _phrase(found, "wording")
    return _untitled(found, table)


def _words(phrase: str, common: Collection[str]) -> list[_Word]:
    """Give the words up to a relative clause or a verb."""
    table = words()
    found: list[_Word] = []
    for match in _WORD.finditer(phrase):
        text = match[0]
        if text in table.clauses and found:
            break
        found.append(_Word(text, fold(text), bool(_CAPITAL.match(text))))
    if found and found[0].low in common and not any(w.capital for w in found[1:2]):
        found[0] = found[0]._replace(capital=False)
    return [w for w in found if w.low]


def _joined_offices(found: list[_Word], table: Words) -> list[_Word]:
    """Make one word of an office of several."""
    out: list[_Word] = []
    i = 0
    while i < len(found):
        for size in (3, 2):
            lows = tuple(w.low for w in found[i : i + size])
            if lows in table.multiword:
                text = " ".join(w.text for w in found[i : i + size])
                out.append(_Word(text, table.multiword[lows], found[i].capital))
                i += size
                break
        else:
            out.append(found[i])
            i += 1
    return out


def _says_nothing(found: Sequence[_Word], table: Words) -> bool:
    """Whether the first word tells no source from another."""
    word = found[0]
    if len(found) > 1 and found[1].capital and _RELATED.search(word.text):
        return True
    return (
        (word.low in table.determiners and not word.text.isupper())
        or word.text in {"A", "I"}
        or word.low.isdecimal()
        or bool(_PLACED.search(word.text))
    )


def _is_title(word: _Word, table: Words) -> bool:
    parts = word.low.split("-")
    return singular(word.low) in table.posts or table.titles.issuperset(parts)


def _is_pronoun(word: _Word, table: Words) -> bool:
    return word.low in table.pronouns and (
        len(word.text) == 1 or not word.text.isupper()
    )


def _titled(found: list[_Word], titles: list[int], table: Words) -> Name:
    """Name what holds a title: the person beside it, else the office or post."""
    stated = any(found[i].low in table.offices | table.functions for i in titles)
    if titles[0] > 1 and found[titles[0] - 1].low == "of":
        return _phrase(found, "wording")
    after = _capital_run(found[titles[-1] + 1 :])
    if after and not _has(after, table.bodies):
        return _proper(after, table, office=stated)
    if after and titles[-1] == 0 and found[0].low in table.posts:
        return _proper(after, table)
    before = _before_office(found[: titles[0]], found[titles[0] :], table)
    if before:
        return _proper(before, table, office=stated)
    if any(found[i].low in table.offices for i in titles):
        return _phrase(found, "office", office=True)
    return _phrase(found, "wording", office=stated)


def _before_office(
    head: Sequence[_Word], rest: Sequence[_Word], table: Words
) -> list[_Word]:
    """Give a name that stands before its office: "Adnan Deniz head of ..."."""
    run = _capital_run(head)
    if len(run) < 2 or _has(run, table.bodies):
        return []
    if len(run) == len(head):
        linked = len(rest) > 1 and rest[1].low in table.links
        return run if linked and rest[0].low in table.offices else []
    return run if head[len(run)].text in {"a", "an", "the"} else []


def _untitled(found: list[_Word], table: Words) -> Name:
    """Name what holds no title: a person, a body or a wording."""
    for i, word in enumerate(found[1:], 1):
        if word.text in {"a", "an", "the"} and found[i - 1].low not in table.links:
            found = found[:i]
            break
    run = _capital_run(found)
    belongs = len(found) > len(run) and found[len(run)].low in _BELONGING
    if belongs and len(run) in (2, 3) and not _has(run, table.bodies):
        return _proper(run, table)
    head = found[-1]
    generic = singular(head.low) in table.posts | table.crowds
    if generic and (not head.capital or len(found) == 1):
        return _phrase(found, "wording")
    found = _without_appositions(found, table)
    first = next((i for i, w in enumerate(found) if w.capital), None)
    if first is None or any(w.low in table.links for w in found[:first]):
        return _phrase(found, "wording")
    while first and found[first - 1].low in table.particles:
        first -= 1
    return _proper(found[first:], table)


def _without_appositions(found: list[_Word], table: Words) -> list[_Word]:
    """Leave out what a name is called besides: "the news agency", "a monitor"."""
    kinds = table.appositions | table.bodies
    for i in range(len(found) - 1, 0, -1):
        before = found[i - 1]
        if before.low in table.appositions and not before.capital:
            run = _capital_run(found[i:])
            if len(run) == len(found) - i and not _all(run, kinds):
                return run
    end = len(found)
    while end > 1 and not found[end - 1].capital and _trailing(found[end - 1], table):
        end -= 1
        if not any(w.capital for w in found[:end]):
            return found
    if end == 1 and (
        found[-1].low not in table.appositions or _DEMONYM.search(found[0].low)
    ):
        return found
    return found if _all(found[:end], kinds) else found[:end]


def _trailing(word: _Word, table: Words) -> bool:
    return word.low in table.appositions or word.low not in table.bodies


def _capital_run(found: Sequence[_Word]) -> list[_Word]:
    """Give the leading capitalised words, with particles between them."""
    particles = words().particles | words().arabic_article
    end = 0
    for i, word in enumerate(found):
        if word.capital:
            end = i + 1
        elif word.low.split("-")[0] not in particles:
            break
        elif "-" in word.text:
            end = i + 1
    return list(found[:end])


def _has(found: Sequence[_Word], lows: Collection[str]) -> bool:
    return any(w.low in lows for w in found)


def _all(found: Sequence[_Word], lows: Collection[str]) -> bool:
    return all(w.low in lows for w in found)


def _proper(found: list[_Word], table: Words, *, office: bool = False) -> Name:
    """Make a proper name; a capital on a word for bodies alone makes none."""
    if len(found) == 1 and found[0].low in table.bodies | table.appositions:
        return _phrase(found, "wording", office=office)
    key = proper_key([w.low for w in found])
    return Name(
        key,
        "proper",
        " ".join(w.text for w in found),
        person=not _has(found, table.bodies) and len(key) <= 5,
        capital=True,
        office=office,
    )


def _phrase(found: list[_Word], shape: Shape, *, office: bool = False) -> Name:
    table = words()
    lows = [w.low for w in found if w.low not in table.determiners | table.links]
    key = tuple(singular(low) for low in proper_key(lows))
    return Name(
        tuple(sorted(key)) if shape == "office" else key,
        shape,
        " ".join(w.text for w in found),
        capital=any(w.capital for w in found),
        office=office,
    )

"""Names of an article -> who they are: all names of one person or body together."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from annotator.attribute.lexicon import JOINERS
from annotator.attribute.mentions import Mention, MentionKind
from annotator.attribute.nouns import HONORIFICS, NATIONS, Gender
from annotator.records import Span

_PREFIX: Final = ("al-", "el-", "al ", "el ", "ul-", "as-", "ad-", "an-", "ar-")
_ALIAS: Final = re.compile(
    r"\s*[,(]?\s*(?:(?:also|better|widely)\s+)?(?:known\s+(?:to\s+(?:\w+\s+){1,3})?as"
    r"|alias|nicknamed|a\.?k\.?a\.?)\s+[\"“‘']?"
)
_NO_INITIAL: Final = JOINERS | {"the", "and"}
_NOT_ALONE: Final = frozenset(
    {"united", "north", "south", "east", "west", "new", "syrian", "national", "human"}
)
"""Words too common in names for one of them to stand for the whole."""

_UNINDEXED: Final = JOINERS | NATIONS
_ANY: Final = "*"
"""Stands for the rest of a first name of which an initial may be given."""

_LONGEST: Final = 9
"""Words of a name whose parts are looked for."""

Word = TypeVar("Word", bound=Hashable)
_Index = dict[Word, dict[int, "Entity"]]
"""Entities by number, in the order they were found, under a word or some."""


@dataclass(slots=True)
class Entity:
    """A person or body of the article.

    Attributes
    ----------
    name, named_at
        The fullest name and where it stands.
    gender
        None where nothing tells, or two things disagree.
    roles
        Small-letter words of all its roles.
    """

    number: int
    name: str
    named_at: Span
    kind: MentionKind
    gender: Gender | None = None
    roles: set[str] = field(default_factory=set)


class Entities:
    """The people and bodies of an article.

    Parameters
    ----------
    text
        The article's.
    mentions
        In order of the text.
    """

    def __init__(self, text: str, mentions: Sequence[Mention]) -> None:
        self.all: list[Entity] = []
        self._by_key: dict[tuple[str, ...], Entity] = {}
        self._by_last: _Index[str] = defaultdict(dict)
        self._by_word: _Index[str] = defaultdict(dict)
        self._by_initials: _Index[str] = defaultdict(dict)
        self._by_ends: _Index[tuple[str, str]] = defaultdict(dict)
        self._by_part: _Index[tuple[str, ...]] = defaultdict(dict)
        self._of: dict[int, Entity | None] = {}
        self._shared: dict[int, tuple[Entity, ...]] = {}
        order = sorted(range(len(mentions)), key=lambda i: (_is_short(mentions[i]), i))
        expansions = _expansions(text, mentions)
        for i in order:
            self._join(i, mentions[i], expansions)

    def of(self, number: int) -> Entity | None:
        """Whom a mention names; None where two are equally likely."""
        return self._of.get(number)

    def rivals(self, number: int) -> tuple[Entity, ...]:
        """The people of the same short name, where one mention fits several."""
        return self._shared.get(number, ())

    def full_names(self) -> dict[int, str]:
        """The fullest name of each mention that names one entity, by number."""
        return {i: e.name for i, e in self._of.items() if e is not None}

    def _join(self, number: int, mention: Mention, expansions: dict[int, int]) -> None:
        key = tuple(_bare(w) for w in mention.words)
        known = self._by_key.get(key)
        if known is not None and not _agree(known, mention):
            known = None
        if known is None and number in expansions:
            known = self._of.get(expansions[number])
        if known is None:
            fitting = self._fitting(key, mention)
            if len(fitting) > 1:
                self._of[number] = None
                self._shared[number] = tuple(fitting)
                return
            known = fitting[0] if fitting else self._new(mention)
        self._of[number] = known
        self._remember(key, known)
        _learn(known, mention)

    def _fitting(self, key: tuple[str, ...], mention: Mention) -> list[Entity]:
        """Entities a name that has not been seen before may stand for."""
        if len(key) > 1:
            near = self._sharing_words(key, mention.kind == "body")
            fits = [e for e in near if _agree(e, mention)]
            return fits if len(fits) == 1 else []
        fits = [e for e in self._of_one_word(key[0], mention) if _agree(e, mention)]
        if len(fits) > 1:
            fits = [e for e in fits if e.kind == "person"] or fits
            fits = [e for e in fits if mention.gender and e.gender] or fits
        return fits

    def _of_one_word(self, word: str, mention: Mention) -> Collection[Entity]:
        """By family name, that without its apostrophe, by initials, by any word."""
        bare = self._by_last.get(word.removesuffix("s"), {}).values()
        found: Collection[Entity] = self._by_last.get(word, {}).values()
        found = found or [e for e in bare if e.kind == "person"]
        if not found and mention.kind != "person" and mention.words[0].isupper():
            found = self._by_initials.get(word.replace(".", ""), {}).values()
        if not found and word not in _NOT_ALONE:
            found = self._by_word.get(word, {}).values()
        return found

    def _sharing_words(self, key: tuple[str, ...], is_body: bool) -> Sequence[Entity]:
        """Bodies whose name has all the words; people with the name or a part of it."""
        if is_body:
            return self._bodies_with(key)
        first, last = key[0], key[-1]
        initials = (first, first[:1]) if len(first) > 1 else (first, first + _ANY)
        near = {
            number: e
            for start in initials
            for number, e in self._by_ends.get((start, last), {}).items()
        }
        same = [e for _, e in sorted(near.items()) if _same(key, e)]
        if same:
            return same
        parts = {
            number: e
            for part in _parts(key)
            for number, e in self._by_part.get(part, {}).items()
            if _part(key, e) and self._is_near(key, e)
        }
        return [e for _, e in sorted(parts.items())]

    def _is_near(self, key: tuple[str, ...], entity: Entity) -> bool:
        """Whether a telling word is in common: the last, or the first of the name."""
        number = entity.number
        return number in self._by_last.get(key[-1], {}) or (
            number in self._by_word.get(key[0], {})
        )

    def _bodies_with(self, key: tuple[str, ...]) -> list[Entity]:
        """Bodies that end as the name does and have all its words."""
        ending = self._by_last.get(key[-1], {})
        holding = [self._by_word.get(w, {}) for w in key[:-1] if w not in _UNINDEXED]
        fewest = min([ending, *holding], key=len)
        words = set(key)
        return [
            e
            for number, e in fewest.items()
            if number in ending and e.kind == "body" and words <= {*_words_of(e)}
        ]

    def _new(self, mention: Mention) -> Entity:
        entity = Entity(len(self.all), mention.name, mention.span, mention.kind)
        self.all.append(entity)
        return entity

    def _remember(self, key: tuple[str, ...], entity: Entity) -> None:
        if key in self._by_key:
            return
        self._by_key[key] = entity
        number, first, last = entity.number, key[0], key[-1]
        self._by_last[last][number] = entity
        for word in set(key[:-1]) - _UNINDEXED:
            self._by_word[word][number] = entity
        if len(key) == 1:
            return
        initials = "".join(w[0] for w in key if w not in _NO_INITIAL)
        self._by_initials[initials][number] = entity
        self._by_ends[first, last][number] = entity
        self._by_ends[first[:1] + _ANY, last][number] = entity
        for part in _parts(key):
            self._by_part[part][number] = entity


def _is_short(mention: Mention) -> bool:
    return len(mention.words) == 1


def _bare(word: str) -> str:
    """A word of a name without capitals, Arabic article and missing apostrophe."""
    low = word.lower().replace("’", "'").replace("–", "-").rstrip(".")
    for prefix in _PREFIX:
        low = low.removeprefix(prefix)
    return low


def _words_of(entity: Entity) -> tuple[str, ...]:
    return tuple(_bare(w) for w in entity.name.split())


def _parts(key: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """All runs of two words or more; none of what is too long for a name."""
    if len(key) <= _LONGEST:
        for start in range(len(key) - 1):
            for end in range(start + 2, len(key) + 1):
                yield key[start:end]


def _same(key: tuple[str, ...], entity: Entity) -> bool:
    """Whether two names of several words can be of one person: the first agree."""
    first = _bare(entity.name.split()[0])
    if " " not in entity.name:
        return False
    if key[0] == first:
        return True
    short, long = sorted((key[0], first), key=len)
    return len(short) == 1 and long.startswith(short)


def _part(key: tuple[str, ...], entity: Entity) -> bool:
    """Whether one name is a part of the other ("Abdel Rahman", "Rami Abdel Rahman")."""
    name = _words_of(entity)
    short, long = sorted((key, name), key=len)
    return len(short) > 1 and any(
        long[i : i + len(short)] == short for i in range(len(long) - len(short) + 1)
    )


def _agree(entity: Entity, mention: Mention) -> bool:
    """Whether kind and gender leave it open that a mention means an entity."""
    kinds = {entity.kind, mention.kind}
    if kinds == {"person", "body"}:
        if mention.kind == "person" or len(mention.words) > 1:
            return entity.name == mention.name
        return mention.modifier or len(mention.words[0]) > 3
    titled = any(w in HONORIFICS for w in mention.role)
    if titled and entity.kind == "body":
        return False
    return not (mention.gender and entity.gender and mention.gender != entity.gender)


def _learn(entity: Entity, mention: Mention) -> None:
    name = mention.name
    fuller = (len(mention.words), len(name)) > (
        len(entity.name.split()),
        len(entity.name),
    )
    if fuller:
        entity.name, entity.named_at = name, mention.span
    if entity.kind == "unknown":
        entity.kind = mention.kind
    entity.gender = entity.gender or mention.gender
    entity.roles.update(mention.role)


def _expansions(text: str, mentions: Sequence[Mention]) -> dict[int, int]:
    """Acronyms in brackets behind what they stand for, or before it."""
    pairs: dict[int, int] = {}
    for i in range(1, len(mentions)):
        left, right = mentions[i - 1], mentions[i]
        between = text[left.span.end : right.span.start]
        if _ALIAS.fullmatch(between):
            pairs[i] = i - 1
        if between.strip() != "(":
            continue
        if len(right.words) == 1 and sum(map(str.isupper, right.words[0])) > 1:
            pairs[i] = i - 1
        elif len(left.words) == 1 and left.words[0].isupper():
            pairs[i - 1] = i
    return pairs

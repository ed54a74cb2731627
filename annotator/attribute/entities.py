"""Names of an article -> who they are: all names of one person or body together."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

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
        self._by_last: dict[str, list[Entity]] = defaultdict(list)
        self._by_word: dict[str, list[Entity]] = defaultdict(list)
        self._by_initials: dict[str, list[Entity]] = defaultdict(list)
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

    def _of_one_word(self, word: str, mention: Mention) -> Sequence[Entity]:
        """By family name, that without its apostrophe, by initials, by any word."""
        bare = self._by_last.get(word.removesuffix("s"), ())
        found = self._by_last.get(word) or [e for e in bare if e.kind == "person"]
        if not found and mention.kind != "person" and mention.words[0].isupper():
            found = self._by_initials.get(word.replace(".", ""), [])
        if not found and word not in _NOT_ALONE:
            found = self._by_word.get(word, [])
        return found

    def _sharing_words(self, key: tuple[str, ...], is_body: bool) -> Sequence[Entity]:
        """Bodies whose name has all the words; people with the name or a part of it."""
        last = self._by_last.get(key[-1], [])
        if is_body:
            words = set(key)
            return [
                e
                for e in last
                if e.kind == "body" and words <= {_bare(w) for w in e.name.split()}
            ]
        near = [*last, *self._by_word.get(key[0], [])]
        same = [e for e in last if _same(key, e)]
        return same or list({e.number: e for e in near if _part(key, e)}.values())

    def _new(self, mention: Mention) -> Entity:
        entity = Entity(len(self.all), mention.name, mention.span, mention.kind)
        self.all.append(entity)
        return entity

    def _remember(self, key: tuple[str, ...], entity: Entity) -> None:
        if key in self._by_key:
            return
        self._by_key[key] = entity
        if entity not in self._by_last[key[-1]]:
            self._by_last[key[-1]].append(entity)
        for word in set(key[:-1]) - JOINERS - NATIONS:
            if entity not in self._by_word[word]:
                self._by_word[word].append(entity)
        initials = "".join(w[0] for w in key if w not in _NO_INITIAL)
        if len(key) > 1 and entity not in self._by_initials[initials]:
            self._by_initials[initials].append(entity)


def _is_short(mention: Mention) -> bool:
    return len(mention.words) == 1


def _bare(word: str) -> str:
    """A word of a name without capitals, Arabic article and missing apostrophe."""
    low = word.lower().replace("’", "'").replace("–", "-").rstrip(".")
    for prefix in _PREFIX:
        low = low.removeprefix(prefix)
    return low


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
    name = tuple(_bare(w) for w in entity.name.split())
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

"""An article's names -> which of them name an actor, and of what kind.

A name that nothing shows to be a person, a body or a state counts where the article
has it act ("said", "launched", "by X") and does not speak of it as a place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from annotator.attribute.entities import Entities, Entity
from annotator.attribute.full_names import full_names
from annotator.attribute.lexicon import DAYS, word_list
from annotator.attribute.mentions import Mention
from annotator.attribute.nouns import BODIES, KINDS_OF_BODY, NATIONS, UNNAMED
from annotator.attribute.titles import gender_of_name
from annotator.attribute.tokens import Token
from annotator.attribute.uses import Uses
from annotator.records import ActorKind, Span
from annotator.states import (
    fold,
    is_known_body,
    is_shared,
    state_named,
    state_of_capital,
    state_of_people,
    state_of_seat,
)

TITLED: Final = 0.7
"""Share of words with a capital from which on a line without a full stop is a title;
running text of the news keeps below it, however many names it has."""


_NO_BODIES: Final = word_list(
    """
    tv gdp covid covid-19 hiv aids dna ai ceo pm mp ied gmt est usd iq id dvd cd pc
    daca lgbt lgbtq lgbtqia am ok dc d.c ph.d phd suv vip nsfw faq rip asap hq
    """
)
"""Acronyms of things and offices."""

_ALONE: Final = word_list(
    """
    house senate congress parliament army party state states nations front
    """
)
"""Nouns of bodies that are a name by themselves, and stand for no longer one."""

_NOT_ALONE: Final = word_list("international independent daily weekly defence defense")
"""Words of bodies' names that are none by themselves."""

_NO_NAMES: Final = word_list(
    """
    act acts law laws bill treaty convention amendment agreement accord accords deal
    war wars prize award awards day week month year bowl cup street avenue road river
    airport highway square hall clause protocol constitution plan
    """
)
"""Last words of names that are no actor's, though a body's noun may stand in them."""

_DAY: Final = re.compile(rf"\s+(?:{'|'.join(sorted(DAYS))})$", re.I)
_DOMAIN: Final = re.compile(r"\.[a-z]")


class ProperName(NamedTuple):
    """A name of an actor; `family` is "leadership" for a capital or a seat."""

    span: Span
    name: str
    kind: ActorKind
    family: str | None = None


class ProperNames:
    """The names of an article, read as actors.

    Parameters
    ----------
    text
        The article's.
    sentences
        The words of each sentence, in order.
    mentions
        All its names, in order of the text.
    """

    def __init__(
        self,
        text: str,
        sentences: Sequence[Sequence[Token]],
        mentions: Sequence[Mention],
    ) -> None:
        self._mentions = mentions
        self._entities = Entities(text, mentions)
        self._uses = Uses(text, sentences, mentions)
        self._titled = [_is_titled(text, tokens) for tokens in sentences]
        self._text = text
        self._small = {
            t.text for tokens in sentences for t in tokens if t.text.islower()
        }
        in_title = [self._titled[self._uses.sentence_of(m)] for m in mentions]
        self._full_names = full_names(mentions, self._entities, in_title)
        self._running = {
            fold(m.name)
            for m in mentions
            if not self._titled[self._uses.sentence_of(m)]
        }
        self._peoples = {
            state_of_people(name) for name in self._running if " " not in name
        }

    def within(self, numbers: Sequence[int]) -> Iterator[ProperName]:
        """Read the mentions of these numbers; those that name no actor are left out."""
        for number in numbers:
            found = self._read(number)
            if found is not None:
                yield found

    def _read(self, number: int) -> ProperName | None:
        mention = self._mentions[number]
        titled = self._titled[self._uses.sentence_of(mention)]
        if titled and fold(mention.name) not in self._running:
            return None
        if self._is_no_name(mention):
            return None
        state = state_named(mention.name)
        if state and (not is_shared(mention.name) or state in self._peoples):
            return self._of_state(mention)
        known = is_known_body(mention.name)
        if all(_is_adjective(word) for word in mention.words):
            named = (
                known and mention.name.isupper() and not self._uses.qualifies(mention)
            )
            body = ProperName(mention.span, mention.name, "body")
            return body if named else _of_people(mention)
        if state_of_seat(mention.name):
            return ProperName(mention.span, mention.name, "body", "leadership")
        if state_of_capital(mention.name):
            acts = self._uses.acts(mention) and not self._uses.is_placed(mention)
            capital = ProperName(mention.span, mention.name, "body", "leadership")
            return capital if acts else None
        if known:
            return ProperName(mention.span, mention.name, "body")
        return self._of_person(number, mention) or self._of_body(number, mention)

    def _is_no_name(self, mention: Mention) -> bool:
        """Whether capitals stand for a day, a law, a shout or part of an address."""
        last = mention.words[-1].lower()
        if _DOMAIN.match(self._text, mention.span.end):
            return True
        if len(mention.words) > 1:
            return last in _NO_NAMES and mention.kind != "person"
        shouted = len(last) > 2 and mention.name.isupper() and last in self._small
        return shouted or last in UNNAMED or last.removesuffix("s") in DAYS

    def _of_state(self, mention: Mention) -> ProperName | None:
        """A state where it acts or is dealt with, and is no place."""
        uses = self._uses
        place = uses.is_placed(mention) or uses.is_part_of_address(mention)
        if place or uses.has_part(mention) or uses.before(mention)[:1] == ["of"]:
            return None
        adjective = state_of_people(mention.name) and uses.qualifies(mention)
        if adjective or uses.is_before_office(mention):
            return None
        return ProperName(mention.span, mention.name, "state")

    def _of_person(self, number: int, mention: Mention) -> ProperName | None:
        """A person, surely by title or first name, else where the text has them act."""
        entity = self._entities.of(number)
        person = entity if entity is not None and entity.kind == "person" else None
        name = self._full_names[person.number] if person else mention.name
        rivals = self._entities.rivals(number)
        namesakes = bool(rivals) and all(r.kind == "person" for r in rivals)
        named = mention.kind == "person" or (person and _ends_in(name, mention.name))
        if not (named or namesakes) or self._uses.is_place(mention):
            return None
        if not namesakes and not self._is_sure(mention, name, person):
            return None
        return ProperName(_within(mention, name, self._text), name, "person")

    def _is_sure(self, mention: Mention, name: str, person: Entity | None) -> bool:
        """Whether a title, a first name or what a name does shows a person."""
        told = (person.gender or person.roles) if person else mention.role
        first = gender_of_name(name.split()[0].lower())
        alone = " " not in name and not first and mention.whole == mention.span
        if (told or mention.gender or first) and not alone:
            return True
        return self._uses.is_actor(mention)

    def _of_body(self, number: int, mention: Mention) -> ProperName | None:
        """A body by its own words, or a name that acts."""
        if fold(mention.name) in _NO_BODIES or mention.name[-1].isdigit():
            return None
        if self._is_body(mention):
            name = _DAY.sub("", mention.name)
            span = _within(mention, name, self._text)
            return ProperName(span, _DAY.sub("", self._full(number, mention)), "body")
        if self._uses.is_actor(mention):
            return ProperName(mention.span, mention.name, "unknown")
        return None

    def _is_body(self, mention: Mention) -> bool:
        """Whether its own words, or the noun behind it, show a body."""
        words = [word.lower().rstrip(".") for word in mention.words]
        if words[0] in _NOT_ALONE and len(words) == 1:
            return False
        if any(w in BODIES or w.removesuffix("s") in BODIES for w in words):
            return True
        if len(mention.words) == 1 and mention.name.isupper() and len(mention.name) > 1:
            return True
        behind = self._uses.behind(mention)
        return bool(behind) and behind[0] in KINDS_OF_BODY - {"station", "site"}

    def _full(self, number: int, mention: Mention) -> str:
        """The fullest name of a body, for an acronym and a noun that stands for it."""
        entity = self._entities.of(number)
        if entity is None or entity.kind != "body" or len(mention.words) > 1:
            return mention.name
        word = mention.words[0]
        if word.isupper() and not _abbreviates(word, entity.name):
            return mention.name
        if not word.isupper() and word.lower() in _ALONE:
            return mention.name
        return entity.name


def _within(mention: Mention, name: str, text: str) -> Span:
    """Where a name stands within a mention that has taken more words in."""
    start, end = mention.span
    at = text.find(name, start, end) if name != mention.name else -1
    return Span(at, at + len(name)) if at >= 0 else mention.span


def _of_people(mention: Mention) -> ProperName | None:
    """A people in the plural ("the Russians")."""
    word = mention.words[-1]
    if len(mention.words) > 1 or not word.endswith("s") or not word[1:].islower():
        return None
    if state_of_people(word) is None or fold(word) in NATIONS:
        return None
    return ProperName(mention.span, mention.name, "group")


def _is_adjective(word: str) -> bool:
    return state_of_people(word) is not None or word.lower() in NATIONS


def _abbreviates(acronym: str, name: str) -> bool:
    """Whether an acronym has the letters of a name in order, and is no part of it."""
    letters = iter(fold(name))
    low = fold(acronym)
    own = acronym in name.split()
    return not own and low[0] == fold(name)[0] and all(c in letters for c in low)


def _ends_in(name: str, short: str) -> bool:
    """Whether a short name can stand for a person's: its last or its first words."""
    name, short = fold(name), fold(short)
    return (
        name == short
        or name.endswith((" " + short, "-" + short))
        or (name.startswith(short + " "))
    )


def _is_titled(text: str, tokens: Sequence[Token]) -> bool:
    """Whether the capitals of a line are those of a title."""
    words = [t for t in tokens if len(t.text) > 3 and t.text[0].isalpha()]
    if len(words) < 4 or text[tokens[-1].end : tokens[-1].end + 1] in {".", "!", "?"}:
        return False
    return sum(t.capital for t in words) > TITLED * len(words)

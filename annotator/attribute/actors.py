"""Article text and its sentences -> whom each sentence names.

mentions ─ class_names ─► "the regime", "rebels" ─┐
         └ proper_names ─► "Elif Karaman", "Iran" ─┴► mentions of actors
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from annotator.attribute.class_names import ClassName, class_names
from annotator.attribute.mentions import Mention, find_mentions
from annotator.attribute.phrases import Names
from annotator.attribute.proper_names import ProperName, ProperNames
from annotator.attribute.tokens import Token, sentence_tokens
from annotator.records import ActorMention, Sentence
from annotator.states import (
    is_known_body,
    state_named,
    state_of_capital,
    state_of_people,
)

LONGEST_PERSON: Final = 5
LONGEST_BODY: Final = 9
"""Words of a name ("Sheikha Mozah bint Nasser al-Missned", "Organisation for the
Prohibition of Chemical Weapons of the Lake States")."""


def find_actors(text: str, sentences: Sequence[Sentence]) -> list[ActorMention]:
    """Find the actors that sentences name, by rules.

    Persons, bodies, states that act, and classes of `families.toml`; docs/actors.md
    says what is left out. Pronouns are no mentions.

    Parameters
    ----------
    text
        The article's.
    sentences
        In order of the text.

    Returns
    -------
    list of ActorMention
        In order of the text. Spans are inside their sentence and do not overlap.
    """
    tokens = sentence_tokens(text, sentences)
    found = find_mentions(text, sentences, _known_openings(tokens))
    mentions = [m for m in found if not _is_furniture(m)]
    names = Names(text, mentions)
    proper = ProperNames(text, tokens, mentions)
    return [
        mention
        for sentence, words in zip(sentences, tokens, strict=True)
        for mention in _of_sentence(text, sentence, words, names, proper)
    ]


def _is_furniture(mention: Mention) -> bool:
    """Whether a run of capitals is too long for a name: a menu, a list of tags."""
    longest = LONGEST_BODY if mention.kind == "body" else LONGEST_PERSON
    return len(mention.words) > longest


def _known_openings(sentences: Sequence[Sequence[Token]]) -> frozenset[int]:
    """Places where a sentence opens with a word whose capital is always its own."""
    return frozenset(
        token.start
        for tokens in sentences
        for token in tokens
        if token.initial
        and token.capital
        and (
            state_named(token.name)
            or state_of_capital(token.name)
            or state_of_people(token.name)
            or is_known_body(token.name)
        )
    )


def _of_sentence(
    text: str,
    sentence: Sentence,
    tokens: Sequence[Token],
    names: Names,
    proper: ProperNames,
) -> Iterator[ActorMention]:
    classes = list(class_names(text, tokens, names))
    openings = {token.start for token in tokens if token.initial}
    taken = {n for c in classes for n in names.within(c.span)}
    free = [n for n in names.within(sentence.span) if n not in taken]
    found: list[ClassName | ProperName] = [*classes, *proper.within(free)]
    for actor in sorted(found, key=lambda f: f.span):
        if isinstance(actor, ProperName):
            yield ActorMention(
                sentence.sentence_id, actor.span, actor.name, actor.kind, actor.family
            )
        else:
            noun = actor.noun
            yield ActorMention(
                sentence.sentence_id,
                actor.span,
                _name(text, actor, names, openings),
                "body" if actor.proper else noun.kind,
                noun.family,
                noun.head,
            )


def _name(text: str, actor: ClassName, names: Names, openings: set[int]) -> str:
    """Give the phrase, without a capital that only its place gives it."""
    start, end = actor.span
    phrase = " ".join(text[start:end].split())
    own = names.at(start + 1) or state_of_people(phrase.split()[0])
    return phrase if own or start not in openings else phrase[0].lower() + phrase[1:]

"""Tokens of a sentence -> what happened or did not, who did it, and what is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from annotator.corroborate.lexicon import lexicon
from annotator.corroborate.words import Token, name_key

_NEGATION_REACHES: Final = 4
"""Tokens after a negation within which an act is denied."""
_AGENT_REACHES: Final = 5
"""Tokens between those who act and their act."""
_OPENS: Final = frozenset('.:“"')
"""Marks after which a capital letter may only open a sentence."""
_BREAKS: Final = frozenset(',;:.()“”"—–')
"""Marks that end a clause."""


def acts(words: Sequence[Token]) -> list[str | None]:
    """Give the act that each word stands for: of the lexicon, else a verb's stem."""
    known, phrases = lexicon().acts, lexicon().phrases
    found: list[str | None] = []
    for at, word in enumerate(words):
        act = known.get(word.stem)
        if act is None and at:
            act = phrases.get((words[at - 1].stem, word.stem))
        capital = word.text[0].isupper() and at
        if act is None and not capital and len(word.text) > 4:
            hyphened = at and words[at - 1].text in "-–"
            act = word.stem if word.text.endswith("ed") and not hyphened else None
        found.append(None if capital and not word.text.isupper() else act)
    return found


def denied(words: Sequence[Token], acts: Sequence[str | None]) -> frozenset[str]:
    """Give the acts that a negation stands shortly before, in the same clause.

    "It was not clear whether", "could not confirm that" deny nothing.
    """
    phrases, unsure = lexicon().phrases, lexicon().words["unsure"]
    found = set()
    for at, act in enumerate(acts):
        if act is None or (at and (words[at - 1].stem, words[at].stem) in phrases):
            continue
        clause: list[Token] = []
        for before in reversed(words[max(0, at - _NEGATION_REACHES) : at]):
            if before.text in _BREAKS:
                break
            clause.append(before)
        if negated(clause) and not unsure & {w.text.casefold() for w in clause}:
            found.add(act)
    return frozenset(found)


def negated(words: Iterable[Token]) -> bool:
    """Whether a negation stands among words."""
    negators = lexicon().negators
    return any(w.text.casefold().replace("’", "'") in negators for w in words)


def hedged(words: Iterable[Token]) -> bool:
    """Whether a word stands among words that leaves open if it is so."""
    hedges = lexicon().words["hedges"]
    return any(w.text.casefold() in hedges for w in words)


def past(words: Sequence[Token]) -> bool:
    """Whether something is told in the simple past, as events are.

    "Fighters control the town and have declared a state" tells how things stand.
    """
    simple, perfect = lexicon().words["past"], lexicon().words["perfect"]
    for at, word in enumerate(words):
        before = {w.text.casefold() for w in words[max(0, at - 2) : at]}
        regular = word.text.endswith("ed") and len(word.text) > 3
        if word.text.casefold() in simple or (regular and not perfect & before):
            return True
    return False


def sides(words: Sequence[Token], acts: Sequence[str | None]) -> frozenset[str]:
    """Give the sides named as acting: just before a violent act, or after "by".

    What only holds a place ("government-held", "the rebel town of") is no actor.
    """
    sides, violence = lexicon().sides, lexicon().violence
    found: set[str] = set()
    for at, word in enumerate(words):
        side = sides.get(word.stem)
        held = "-" in [w.text for w in words[at + 1 : at + 2]]
        if side is None or held:
            continue
        clause = list(_up_to_a_break(words[max(0, at - 4) : at][::-1]))
        after = range(at + 1, min(len(words), at + _AGENT_REACHES))
        active = next((i for i in after if acts[i] in violence), None)
        between = words[at + 1 : active] if active else ()
        if "by" in clause or (active and _may_act(between, clause)):
            found.add(side)
    return frozenset(found)


def _up_to_a_break(words: Iterable[Token]) -> Iterator[str]:
    for word in words:
        if word.text in _BREAKS:
            return
        yield word.text.casefold()


def _may_act(between: Sequence[Token], before: Sequence[str]) -> bool:
    """Whether nothing makes the words before an act suffer it, or stand elsewhere."""
    passive = {"was", "were", "been", "by", "being", "of", "in", "on", "at", "and"}
    object_of = {"on", "against", "at", "of", "killed", "not", "in", "from"}
    return not passive & {w.text.casefold() for w in between} and not (
        object_of & set(before[:2])
    )


def names(
    words: Sequence[Token], known: frozenset[str], *, every: bool = False
) -> frozenset[str]:
    """Give the keys of the names among words.

    The first word of a sentence is a name if it is one elsewhere in the article; of
    a title all of whose words are capitalised, only such words are.
    """
    found = set()
    for at, word in enumerate(words):
        text = word.text
        if not text[0].isupper() or text.casefold() in lexicon().words["no_names"]:
            continue
        key = name_key(text)
        after_break = at == 0 or words[at - 1].text in _OPENS
        if key in known or not (after_break or every):
            found.add(key)
    return frozenset(found)


def may_be_names(words: Iterable[Token]) -> frozenset[str]:
    """Give the keys of capitalised words, be they names or not."""
    return frozenset(name_key(w.text) for w in words if w.text[0].isupper())


def names_inside(sentences: Iterable[Sequence[Token]]) -> frozenset[str]:
    """Give the keys of words that inside sentences are always capitalised."""
    capital: set[str] = set()
    lower: set[str] = set()
    for words in sentences:
        for before, word in pairwise(words):
            if word.text[0].isupper() and before.text not in _OPENS:
                capital.add(word.text)
            elif word.text[0].islower():
                lower.add(word.text)
    return frozenset(name_key(w) for w in capital if w.casefold() not in lower)

"""Article text and its names -> noun phrases that can be asked, found by place.

A phrase is a pronoun, a name with its title, or words around a role ("a rebel
spokesman") or a body ("the Turkish army").
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

from annotator.attribute.lexicon import (
    BETWEEN,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    VERBS_AFTER_NAME,
)
from annotator.attribute.mentions import Mention
from annotator.attribute.nouns import BODIES, DOCUMENTS, ROLES, UNNAMED
from annotator.records import Span

_WORD: Final = re.compile(r"[^\W_](?:[^\s()\[\]\"“”«»,;:!?—]*[^\W_])?")
_REACH: Final = 90
"""Characters a phrase may reach from the verb; longer ones are left to the tagger."""


def singular(word: str) -> str:
    """Take a plural's ending off ("spokesmen", "agencies", "sources")."""
    if word.endswith("men") and len(word) > 4:
        return word[:-3] + "man"
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


_TRADE: Final = re.compile(
    r".{3,}(?:ologist|ographer|ician|maker|keeper|player|worker|holder|master|mistress"
    r"|monger|wright|woman|person|graph|grower|owner)"
)


def is_role(word: str) -> bool:
    """Whether a small-letter noun names what a person does."""
    return (
        word in ROLES
        or _TRADE.fullmatch(word) is not None
        or ("-" in word and word.rpartition("-")[2] in ROLES)
    )


def can_be_asked(word: str) -> bool:
    """Whether a small-letter noun names a role, a body, a document or a crowd."""
    single = singular(word)
    lists = (BODIES, DOCUMENTS, UNNAMED)
    return is_role(single) or any(word in w or single in w for w in lists)


class Names:
    """The names of an article, found by place.

    Parameters
    ----------
    text
        The article's.
    mentions
        In order of the text.
    """

    def __init__(self, text: str, mentions: Sequence[Mention]) -> None:
        self.text = text
        self.mentions = mentions
        self._starts = [m.span.start for m in mentions]
        self._ends = [m.span.end for m in mentions]

    def within(self, span: Span) -> list[int]:
        """Numbers of the names that lie in a span, or overlap its edge."""
        first = bisect_right(self._ends, span.start)
        return list(range(first, bisect_left(self._starts, span.end)))

    def at(self, place: int) -> Mention | None:
        """The name that a place lies inside of, its first letter left out."""
        number = bisect_left(self._starts, place) - 1
        if number >= 0 and place < self._ends[number]:
            return self.mentions[number]
        return None

    def before(self, place: int, least: int) -> Span | None:
        """The phrase that ends right before a verb at `place`, from `least` on."""
        least = max(least, place - _REACH)
        words = [
            Span(*m.span())
            for m in _WORD.finditer(self.text, least, place)
            if m.start() >= least
        ]
        while words and self._may_stand_between(words[-1]):
            words.pop()
        if not words or self.text[words[-1].end : place].strip(" \t,").startswith("."):
            return None
        gap = self.text[words[-1].end : place]
        if set(gap) & set('"“”;:()') or "\n" in gap:
            return None
        return self._ending(words)

    def after(self, place: int, most: int) -> Span | None:
        """The phrase that begins right after a cue that ends at `place`."""
        most = min(most, place + _REACH)
        words = [Span(*m.span()) for m in _WORD.finditer(self.text, place, most)]
        if not words or self.text[place : words[0].start].strip():
            return None
        return self._starting(words)

    def _may_stand_between(self, word: Span) -> bool:
        text = self.text[slice(*word)]
        return text.lower() in BETWEEN or (text.islower() and text.endswith("ly"))

    def _ending(self, words: Sequence[Span]) -> Span | None:
        last = words[-1]
        text = self.text[slice(*last)]
        if text.lower() in PRONOUNS:
            return last
        name = self.at(last.end - 1)
        if name is not None and not (name.modifier and name.span.end > last.end):
            start = name.whole.start
            if name.whole.end < last.end - 2:
                return None
            start = self._with_determiner(words, start)
            return self._with_head([w for w in words if w.end <= start], start, last)
        opens = len(words) == 1 and text.istitle()
        if not (text.islower() or opens) or not can_be_asked(text.lower()):
            return None
        at = len(words) - 1
        while at and len(words) - at < 6 and self._modifies(words[at - 1], words[at]):
            at -= 1
        return Span(self._with_determiner(words, words[at].start), last.end)

    def _with_head(self, words: Sequence[Span], start: int, last: Span) -> Span | None:
        """A name with the phrase it belongs to by "of", "in" or "from", if any."""
        if not words or self.text[slice(*words[-1])] not in PREPOSITIONS:
            return Span(start, last.end)
        belongs = self.text[slice(*words[-1])] in {"of", "in", "from", "at", "with"}
        if self.text[words[-1].end : start].strip() or not belongs or len(words) < 2:
            return None
        head = self._ending(words[:-1])
        return Span(head.start, last.end) if head else None

    def _modifies(self, left: Span, right: Span) -> bool:
        word = self.text[slice(*left)]
        if self.text[left.end : right.start].strip():
            return False
        stops = DETERMINERS | PREPOSITIONS | VERBS_AFTER_NAME | {"and", "but", "that"}
        return word.lower() not in stops

    def _with_determiner(self, words: Sequence[Span], start: int) -> int:
        left = [w for w in words if w.end <= start]
        while (
            left
            and self.text[slice(*left[-1])].lower() in DETERMINERS
            and not self.text[left[-1].end : start].strip()
        ):
            start = left.pop().start
        return start

    def _starting(self, words: Sequence[Span]) -> Span | None:
        first = words[0]
        if self.text[slice(*first)].lower() in PRONOUNS - {
            "their",
            "his",
            "her",
            "its",
        }:
            return first
        for i, word in enumerate(words[:7]):
            if i and self.text[words[i - 1].end : word.start].strip(" .\t"):
                return None
            text = self.text[slice(*word)]
            name = self.at(word.end - 1) or self.at(word.start + 1)
            if name is not None and not name.modifier:
                return Span(first.start, name.span.end)
            if name is None and text.islower() and can_be_asked(text):
                beyond = words[i + 1 : i + 2]
                after = self.at(beyond[0].start + 1) if beyond else None
                touches = beyond and self.text[word.end : beyond[0].start] == " "
                if after is not None and touches:
                    return Span(first.start, after.span.end)
                return Span(first.start, word.end)
            if name is None and text.lower() in PREPOSITIONS | VERBS_AFTER_NAME:
                return None
        return None

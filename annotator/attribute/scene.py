"""An article read so far -> who and what has been named and has spoken in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from annotator.attribute.entities import Entities, Entity
from annotator.attribute.heads import Head, read_head
from annotator.attribute.lexicon import SPEECH
from annotator.attribute.nouns import BODIES, DOCUMENTS, LIKE_BODIES, NATIONS, ROLES
from annotator.attribute.phrases import Names
from annotator.attribute.referents import Choice, Discourse, Referent
from annotator.attribute.saying import Saying
from annotator.records import Article, Sentence, Span

UNNAMED_KINDS: Final = frozenset({"unnamed_other", "unnamed_official", "hearsay"})

AS_WRITTEN: Final = 0.7
DESCRIBED: Final = 0.3
"""Confidence in a phrase given as it is written, with a name in it and without one:
"spokesman for the Syrian army", "harbour pilot"."""

SUBJECT: Final = 0.9
OTHER: Final = 0.5
POSSESSOR: Final = 0.3
"""Weights of a name that opens its sentence, of one further on, and of one that only
stands before another noun."""

_OPENING: Final = 30
"""Characters that two words before a subject may take."""

_ISSUED_WITHIN: Final = 25
"""Characters from a cue to the document it is said in ("said on Monday in a memo")."""

_OF_NAME: Final = re.compile(r"\s+of\s+(?:the\s+)?")
_NOUN: Final = re.compile(r"(?:['’]s?)?\s(\w+)")
_WORD: Final = re.compile(r"\w+")


class Scene:
    """What an article has named up to a place, and who has spoken.

    Attributes
    ----------
    phrases
        By noun, sentence and place of "the Trump administration" and the like.
    by_role
        People by a word of their roles.
    next_name
        Number of the first name not yet heard.
    """

    def __init__(
        self, article: Article, sentences: Sequence[Sentence], names: Names
    ) -> None:
        self.article = article
        self.names = names
        self.entities = Entities(article.text, names.mentions)
        self.discourse = Discourse()
        starts = [s.start for s in sentences]
        self.sentence_of = [
            bisect_right(starts, m.span.start) - 1 for m in names.mentions
        ]
        self.by_role: dict[str, list[Entity]] = defaultdict(list)
        for entity in self.entities.all:
            for word in entity.roles if entity.kind == "person" else ():
                self.by_role[word].append(entity)
        self.phrases = self._phrases_with_names()
        self.next_name = 0
        self._next_sentence = 0
        self._sentences = sentences
        self._kinds: dict[int, str] = {}

    def _phrases_with_names(self) -> dict[str, list[tuple[int, Span]]]:
        found: dict[str, list[tuple[int, Span]]] = defaultdict(list)
        for number, mention in enumerate(self.names.mentions):
            noun = _NOUN.match(self.names.text, mention.span.end)
            if mention.modifier and noun and noun[1] in BODIES:
                span = Span(mention.span.start, noun.end())
                found[noun[1]].append((self.sentence_of[number], span))
        return found

    def hear(self, until: int) -> None:
        """Read on to a place: names and bodies before it are known from now on."""
        while (
            self._next_sentence < len(self._sentences)
            and self._sentences[self._next_sentence].start < until
        ):
            self._hear_opening(self._next_sentence)
            self._next_sentence += 1
        mentions = self.names.mentions
        while (
            self.next_name < len(mentions)
            and mentions[self.next_name].span.start < until
        ):
            self._hear_name(self.next_name)
            self.next_name += 1

    def _hear_name(self, number: int) -> None:
        entity = self.entities.of(number)
        if entity is None or (entity.kind == "unknown" and _says_little(entity.name)):
            return
        referent = self.referent(entity, self.sentence_of[number])
        weight = self._weight(number)
        self.discourse.named.appendleft(replace(referent, weight=weight))

    def _hear_opening(self, number: int) -> None:
        """Let a body that opens a sentence by a common noun be known."""
        sentence, text = self._sentences[number], self.names.text
        first = text[sentence.start : sentence.start + 4].lower()
        if not first.startswith(("the ", "a ", "an ")):
            return
        span = self.names.after(sentence.start, sentence.end)
        head = read_head(span, self.names, self.entities) if span else None
        if span is None or head is None or head.kind != "body":
            return
        if head.word in LIKE_BODIES and self.discourse.knows_a_body():
            return
        of = _OF_NAME.match(text, span.end, sentence.end)
        name = self.names.at(of.end() + 1) if of else None
        plain = f"{head.plain} of {name.name}" if name else head.plain
        referent = Referent(number, plain, span, word=head.word, weight=SUBJECT)
        self.discourse.named.appendleft(referent)

    def opens(self, number: int) -> bool:
        """Whether a name is the subject that opens its sentence."""
        return self._weight(number) == SUBJECT

    def _weight(self, number: int) -> float:
        mention = self.names.mentions[number]
        start = self._sentences[self.sentence_of[number]].start
        if mention.modifier:
            return POSSESSOR
        if mention.whole.start - start > _OPENING:
            return OTHER
        lead = self.names.text[start : mention.whole.start]
        return SUBJECT if len(lead.split()) <= 2 else OTHER

    def referent(self, entity: Entity, sentence: int) -> Referent:
        """An entity as one spoken of in a sentence."""
        return Referent(
            sentence,
            entity.name,
            entity.named_at,
            entity,
            kind=self.kind_of(entity),
            gender=entity.gender,
            person=entity.kind == "person",
        )

    def as_written(self, head: Head, saying: Saying) -> Choice:
        """A source by its own phrase."""
        referent = Referent(
            saying.sentence,
            head.plain,
            saying.source,
            word=head.word,
            kind=saying.kind,
            gender=ROLES.get(head.word),
            person=head.kind in {"role", "unnamed"},
            plural=head.plural,
        )
        named = any(map(str.isupper, head.plain))
        return Choice(referent, AS_WRITTEN if named else DESCRIBED)

    def kind_of(self, entity: Entity) -> str | None:
        """The source kind an entity had when it first spoke."""
        return self._kinds.get(entity.number)

    def speak(self, referent: Referent, cue: Span | None) -> None:
        """Let it be known who has spoken, and in which document ("in a statement")."""
        self.discourse.sources.appendleft(referent)
        entity, kind = referent.entity, referent.kind
        if entity is not None and kind and kind not in UNNAMED_KINDS:
            self._kinds.setdefault(entity.number, kind)
        if cue is None or referent.name is None or (referent.person and not entity):
            return
        beside = self.names.text[cue.start : cue.end + _ISSUED_WITHIN].lower()
        for word in _WORD.findall(beside):
            if word in DOCUMENTS and word not in SPEECH:
                issued = replace(referent, word=word, person=False, kind="document")
                self.discourse.named.appendleft(issued)


def _says_little(name: str) -> bool:
    """Whether a name is one word, or adjectives of peoples ("British Muslim")."""
    words = name.lower().split()
    return len(words) == 1 or NATIONS.issuperset(words)

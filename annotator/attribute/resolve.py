"""Sayings and the names of an article -> who each source is.

A source is given the fullest name the article has for it. Unnamed people stay
unresolved; those who speak for a named body are given as written, without
determiners ("two Pentagon officials" -> "Pentagon officials").
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from annotator.attribute.entities import Entities, Entity
from annotator.attribute.heads import Head, read_head
from annotator.attribute.lexicon import (
    ANY_BODY,
    BODIES,
    CORRESPONDENTS,
    DOCUMENTS,
    FREE_ROLES,
    IT,
    LIKE_BODIES,
    LIKE_ROLES,
    MEN_PRONOUNS,
    OF_BODIES,
    OWNERS,
    ROLES,
    SPEECH,
    THEY,
    VAGUE,
    WOMEN_PRONOUNS,
    Gender,
)
from annotator.attribute.pairing import Saying
from annotator.attribute.phrases import Names
from annotator.attribute.referents import (
    GENDER_UNKNOWN,
    NAMESAKES,
    SLOWLY,
    Choice,
    Discourse,
    Referent,
)
from annotator.records import Article, Sentence, Span

UNNAMED_KINDS: Final = frozenset({"unnamed_other", "unnamed_official", "hearsay"})

NAMED: Final = 0.95
ONE_NAME: Final = 0.8
AS_WRITTEN: Final = 0.7
BY_ROLE: Final = 0.85
SHARED: Final = 0.9
DESCRIBED: Final = 0.3
IN_FULL: Final = 0.65
GUESSED: Final = 0.4
"""Confidences: a full name; a single word never spelled out; a phrase that names a
body; a description without any name; a role only one person of the article has; a factor for a source
taken over from the sentence beside; a body whose fuller phrase stands elsewhere; the
person who spoke last, on nothing else."""


SUBJECT: Final = 0.9
OTHER: Final = 0.5
POSSESSOR: Final = 0.3
"""Weights of a name that opens its sentence, of one further on, and of one that only
stands before another noun."""

_OPENING: Final = 30
"""Characters that two words before a subject may take."""

MAYBE: Final = 0.5
"""How well a pronoun fits a name that nothing shows to be a person, or a body."""

_OF_NAME: Final = re.compile(r"\s+of\s+(?:the\s+)?")
_NOUN: Final = re.compile(r"(?:['’]s?)?\s(\w+)")
_WORD: Final = re.compile(r"\w+")
_ISSUED_WITHIN: Final = 25


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who a source is; `name` is None where that is not clear."""

    name: str | None = None
    confidence: float | None = None
    named_at: Span | None = None
    kind: str | None = None


class Resolver:
    """Resolves the sources of one article, in order of the text."""

    def __init__(
        self, article: Article, sentences: Sequence[Sentence], names: Names
    ) -> None:
        self._article = article
        self._names = names
        self._entities = Entities(article.text, names.mentions)
        self._sentences = sentences
        self._discourse = Discourse()
        self._kinds: dict[int, str] = {}
        self._by_role: dict[str, list[Entity]] = defaultdict(list)
        for entity in self._entities.all:
            for word in entity.roles if entity.kind == "person" else ():
                self._by_role[word].append(entity)
        self._next_name = self._next_sentence = 0
        starts = [s.start for s in sentences]
        self._sentence_of = [
            bisect_right(starts, m.span.start) - 1 for m in names.mentions
        ]
        self._phrases = self._phrases_with_names()

    def resolve(
        self, found: Sequence[Saying], shared: Mapping[int, int]
    ) -> list[Resolution]:
        """Who speaks each saying, in the order given.

        `shared` says of sayings without a source whose source they share.
        """
        order = sorted(
            range(len(found)),
            key=lambda i: (found[i].source or found[i].content or (0,))[0],
        )
        results: dict[int, Resolution] = {}
        for i in order:
            if found[i].source is not None:
                results[i] = self._of_source(found[i])
            elif i not in shared:
                results[i] = self._of_bare(found[i])
        for i, link in shared.items():
            results[i] = _taken_over(results[link], found[i])
        return [results[i] for i in range(len(found))]

    def _of_bare(self, saying: Saying) -> Resolution:
        """A quotation nobody beside it speaks: the subject of the sentence before."""
        if saying.cue is not None or saying.content is None:
            return Resolution(kind="hearsay" if saying.cue else saying.kind)
        self._hear_names(saying.content.start)
        chosen = self._discourse.pick(
            saying.sentence, lambda r: float(r.weight >= SUBJECT), reach=2
        )
        if chosen is None or chosen.referent.name is None:
            return Resolution(kind=saying.kind)
        referent = chosen.referent
        sure = round(chosen.confidence * GUESSED, 3)
        return Resolution(
            referent.name, sure, referent.named_at, referent.kind or saying.kind
        )

    def _phrases_with_names(self) -> dict[str, list[tuple[int, Span]]]:
        """Sentence and place of "the Trump administration", by its noun."""
        found: dict[str, list[tuple[int, Span]]] = defaultdict(list)
        for number, mention in enumerate(self._names.mentions):
            noun = _NOUN.match(self._names.text, mention.span.end)
            if mention.modifier and noun and noun[1] in BODIES:
                span = Span(mention.span.start, noun.end())
                found[noun[1]].append((self._sentence_of[number], span))
        return found

    def full_names(self) -> dict[int, str]:
        """The fullest name of each mention, by number."""
        found = ((i, self._entities.of(i)) for i in range(len(self._names.mentions)))
        return {i: e.name for i, e in found if e is not None}

    def _of_source(self, saying: Saying) -> Resolution:
        assert saying.source is not None  # noqa: S101
        self._hear_names(saying.source.start)
        head = read_head(saying.source, self._names, self._entities, saying.kind)
        choice = self._choose(head, saying)
        kind = self._kind(saying, head, choice)
        if choice is None:
            if head.kind != "pronoun":
                self._speak(self._unnamed(head, saying, kind))
            return Resolution(kind=kind)
        referent = replace(
            choice.referent, sentence=saying.sentence, weight=1.0, kind=kind
        )
        self._speak(referent)
        self._issue(referent, saying)
        if referent.name is None:
            return Resolution(kind=kind)
        return Resolution(referent.name, choice.confidence, referent.named_at, kind)

    def _hear_names(self, until: int) -> None:
        """Let the names before a place be known to have been read."""
        mentions = self._names.mentions
        while (
            self._next_sentence < len(self._sentences)
            and self._sentences[self._next_sentence].start < until
        ):
            self._hear_opening(self._next_sentence)
            self._next_sentence += 1
        while (
            self._next_name < len(mentions)
            and mentions[self._next_name].span.start < until
        ):
            number = self._next_name
            self._next_name += 1
            entity = self._entities.of(number)
            if entity is None or (entity.kind == "unknown" and " " not in entity.name):
                continue
            sentence = self._sentence_of[number]
            weight = self._weight(number)
            referent = self._referent(entity, sentence)
            self._discourse.named.appendleft(replace(referent, weight=weight))

    def _hear_opening(self, number: int) -> None:
        """Let a body that opens a sentence by a common noun be known."""
        sentence = self._sentences[number]
        span = self._names.after(sentence.start, sentence.end)
        if span is None:
            return
        head = read_head(span, self._names, self._entities)
        if head.kind != "body" or head.owner or not self._opens_with_the(sentence):
            return
        of = _OF_NAME.match(self._names.text, span.end, sentence.end)
        name = self._names.at(of.end() + 1) if of else None
        if name is not None:
            head = replace(head, plain=f"{head.plain} of {' '.join(name.words)}")
        referent = Referent(number, head.plain, span, word=head.word, weight=SUBJECT)
        self._discourse.named.appendleft(referent)

    def _opens_with_the(self, sentence: Sentence) -> bool:
        first = self._names.text[sentence.start : sentence.start + 4].lower()
        return first.startswith(("the ", "a ", "an "))

    def _weight(self, number: int) -> float:
        """A subject's more than another's, a possessor's least."""
        mention = self._names.mentions[number]
        start = self._sentences[self._sentence_of[number]].start
        if mention.modifier:
            return POSSESSOR
        if mention.whole.start - start > _OPENING:
            return OTHER
        lead = self._names.text[start : mention.whole.start]
        return SUBJECT if len(lead.split()) <= 2 else OTHER

    def _referent(self, entity: Entity, sentence: int) -> Referent:
        return Referent(
            sentence,
            entity.name,
            entity.named_at,
            entity,
            kind=self._kinds.get(entity.number),
            gender=entity.gender,
            person=entity.kind == "person",
        )

    def _speak(self, referent: Referent) -> None:
        self._discourse.sources.appendleft(referent)
        entity = referent.entity
        if entity is not None and referent.kind and referent.kind not in UNNAMED_KINDS:
            self._kinds.setdefault(entity.number, referent.kind)

    def _issue(self, referent: Referent, saying: Saying) -> None:
        """Keep that "the statement" is theirs who "said in a statement"."""
        if saying.cue is None or (referent.person and referent.entity is None):
            return
        start, end = saying.cue
        words = _WORD.findall(self._names.text[start : end + _ISSUED_WITHIN].lower())
        for word in words:
            if word in DOCUMENTS and word not in SPEECH:
                issued = replace(referent, word=word, person=False, kind="document")
                self._discourse.named.appendleft(issued)

    def _unnamed(self, head: Head, saying: Saying, kind: str | None) -> Referent:
        gender = ROLES.get(head.word)
        if head.kind == "pronoun":
            gender = "m" if head.word in MEN_PRONOUNS else gender
            gender = "f" if head.word in WOMEN_PRONOUNS else gender
        person = head.kind in {"role", "unnamed"} or gender is not None
        return Referent(
            saying.sentence,
            None,
            word=head.word,
            kind=kind,
            gender=gender,
            person=person,
            plural=head.plural,
            modifiers=head.modifiers,
        )

    def _choose(self, head: Head, saying: Saying) -> Choice | None:
        if head.kind == "pronoun":
            return self._of_pronoun(head, saying)
        if head.kind == "name":
            return self._of_name(head, saying)
        if head.owner == "our" and head.word in CORRESPONDENTS:
            outlet = self._article.outlet
            name = f"{outlet} {head.word}" if outlet else head.plain
            return Choice(Referent(saying.sentence, name, person=True), AS_WRITTEN)
        if head.owner in OWNERS and head.kind == "body":
            return self._of_owned(head, saying)
        if head.kind == "role":
            return self._of_role(head, saying)
        if head.kind in {"body", "document"}:
            return self._of_thing(head, saying)
        return self._of_rest(head, saying)

    def _of_pronoun(self, head: Head, saying: Saying) -> Choice | None:
        word = head.word
        if word in MEN_PRONOUNS | WOMEN_PRONOUNS:
            gender = "m" if word in MEN_PRONOUNS else "f"
            return self._discourse.pick(saying.sentence, lambda r: _is_one(r, gender))
        if word in THEY:
            return self._discourse.pick(saying.sentence, _are_several)
        return self._discourse.pick(
            saying.sentence,
            lambda r: _is_thing(r) if word in IT else 0.0,
        )

    def _of_owned(self, head: Head, saying: Saying) -> Choice | None:
        """Of "his office": "Lucien Maréchal's office"."""
        pronoun = OWNERS[head.owner]
        chosen = self._of_pronoun(Head("pronoun", pronoun, pronoun), saying)
        if chosen is None or chosen.referent.name is None:
            return None
        name = f"{chosen.referent.name}'s {head.plain}"
        referent = Referent(saying.sentence, name, chosen.referent.named_at)
        return Choice(replace(referent, word=head.word), chosen.confidence)

    def _of_name(self, head: Head, saying: Saying) -> Choice | None:
        entities = [self._entities.of(i) for i in head.names]
        if len(entities) > 1 and all(entities):
            name = " and ".join(e.name for e in entities if e)
            at = self._names.mentions[head.names[0]].span
            return Choice(
                Referent(saying.sentence, name, at, person=True, plural=True), NAMED
            )
        entity = entities[-1]
        if entity is None:
            rivals = self._entities.rivals(head.names[-1])
            return self._discourse.pick(
                saying.sentence,
                lambda r: float(any(r.entity is e for e in rivals)),
                reach=10_000,
                fades=SLOWLY,
                even=NAMESAKES,
            )
        person = saying.kind in {"named_person", "expert_named"}
        referent = self._referent(entity, saying.sentence)
        if entity.kind == "unknown":
            referent = replace(referent, person=person)
        sure = NAMED if " " in entity.name or entity.kind == "body" else ONE_NAME
        return Choice(referent, sure)

    def _of_role(self, head: Head, saying: Saying) -> Choice | None:
        """Of "the minister": who has that role; else a phrase with its body."""
        as_written = self._as_written(head, saying)
        if head.plural or not head.definite or head.owner:
            if _can_be_found(head, saying):
                return as_written
            return self._of_officials(head, saying)
        earlier = self._discourse.pick(
            saying.sentence,
            lambda r: float(r.entity is None and r.word == head.word and r.person),
        )
        words = {head.word, *LIKE_ROLES.get(head.word, ())}
        people = {id(e): e for w in words for e in self._by_role.get(w, ())}
        people = {k: e for k, e in people.items() if _may_hold(e, head)}
        fitting = _best_by_role(list(people.values()), head)
        if len(fitting) == 1 and (earlier is None or earlier.referent.name is None):
            unnamed = earlier is not None and earlier.confidence > BY_ROLE
            if not unnamed:
                return Choice(self._referent(fitting[0], saying.sentence), BY_ROLE)
        if earlier is not None:
            return earlier
        if fitting:
            return self._discourse.pick(
                saying.sentence,
                lambda r: float(any(r.entity is e for e in fitting)),
                reach=10_000,
                fades=SLOWLY,
            )
        if head.with_body:
            return as_written
        known = saying.kind not in {"unnamed_other", "hearsay"}
        last = self._discourse.pick(
            saying.sentence,
            lambda r: _is_one(r, ROLES.get(head.word)) * float(_is_known_person(r)),
            reach=1,
        )
        if last is not None:
            return Choice(last.referent, GUESSED)
        return as_written if known and head.word not in FREE_ROLES else None

    def _of_officials(self, head: Head, saying: Saying) -> Choice | None:
        """Bare "officials": those of the body spoken of just before."""
        if head.word != "official" or head.modifiers or head.owner or not head.plural:
            return None
        body = self._discourse.pick(
            saying.sentence,
            lambda r: float(r.word in BODIES and r.kind not in UNNAMED_KINDS),
            reach=2,
        )
        if body is None or body.referent.name is None:
            return None
        name = f"{body.referent.name} officials"
        referent = Referent(saying.sentence, name, body.referent.named_at, plural=True)
        return Choice(replace(referent, word=head.word, kind=saying.kind), GUESSED)

    def _of_thing(self, head: Head, saying: Saying) -> Choice | None:
        """A body or document by a common noun: the same named before, else as it is."""
        if head.with_body and not (head.kind == "document" and head.owner):
            return self._as_written(head, saying)
        same = self._named_with(head, saying) if head.definite else None
        same = same or self._named_later(head, saying)
        if same is not None:
            return same
        if head.owner or head.word in ANY_BODY:
            return None
        if saying.kind in UNNAMED_KINDS:
            return None
        return self._as_written(head, saying)

    def _named_with(self, head: Head, saying: Saying) -> Choice | None:
        """The thing of this noun that was named or spoke before."""
        kinds = LIKE_BODIES.get(head.word, frozenset())
        plain = head.word

        def fits(referent: Referent) -> float:
            if referent.person or (referent.plural and not head.plural):
                return 0.0
            if referent.word == plain:
                return 1.0
            if plain in DOCUMENTS and referent.word in DOCUMENTS:
                return 0.9
            name = (referent.name or "").lower().split()
            if referent.entity is not None and plain in name:
                return 1.0
            if head.kind == "document" or not referent.entity:
                return 0.0
            kind = referent.kind or (
                "" if referent.entity.kind == "unknown" else saying.kind
            )
            return 0.8 * float(kind in kinds and saying.kind in {kind, *kinds})

        chosen = self._discourse.pick(saying.sentence, fits, reach=12)
        if chosen is not None or head.kind == "document":
            return chosen if chosen and chosen.referent.name else None
        return self._in_full(head, saying)

    def _in_full(self, head: Head, saying: Saying) -> Choice | None:
        """Of "the administration" that was "the Trump administration" before."""
        told = self._phrases.get(head.word, ())
        at = bisect_right([s for s, _ in told], saying.sentence) - 1
        if not told or head.plural or not head.definite:
            return None
        span = told[max(at, 0)][1]
        name = self._names.text[slice(*span)]
        referent = Referent(saying.sentence, name, span, word=head.word)
        return Choice(replace(referent, kind=saying.kind), IN_FULL)

    def _named_later(self, head: Head, saying: Saying) -> Choice | None:
        """Of "a monitoring group said" whose name follows within two sentences."""
        if head.word not in LIKE_BODIES or head.definite:
            return None
        for number in range(self._next_name, len(self._names.mentions)):
            ahead = self._sentence_of[number] - saying.sentence
            entity = self._entities.of(number)
            if ahead > 2:
                return None
            if entity is not None and entity.kind == "body" and " " in entity.name:
                return Choice(self._referent(entity, saying.sentence), GUESSED + 0.2)
        return None

    def _of_rest(self, head: Head, saying: Saying) -> Choice | None:
        """Crowds and what no list knows."""
        earlier = self._discourse.pick(
            saying.sentence,
            lambda r: float(r.entity is None and bool(r.word) and r.word == head.word),
        )
        if head.definite and earlier is not None and not head.with_body:
            return earlier
        official = saying.kind == "unnamed_official" and head.word.startswith("source")
        known = head.kind == "other" and saying.kind not in UNNAMED_KINDS
        if (head.with_body and official) or known:
            return self._as_written(head, saying)
        return None

    def _as_written(self, head: Head, saying: Saying) -> Choice:
        referent = Referent(
            saying.sentence,
            head.plain,
            saying.source,
            word=head.word,
            kind=saying.kind,
            gender=ROLES.get(head.word),
            person=head.kind in {"role", "unnamed"},
            plural=head.plural,
            modifiers=head.modifiers,
        )
        named = any(map(str.isupper, head.plain))
        return Choice(referent, AS_WRITTEN if named else DESCRIBED)

    def _kind(self, saying: Saying, head: Head, choice: Choice | None) -> str | None:
        """The tagger's guess, mended by what the source turned out to be."""
        if choice is None or choice.referent.name is None:
            if choice is not None and choice.referent.kind and head.kind == "pronoun":
                return choice.referent.kind
            return saying.kind
        entity = choice.referent.entity
        if entity is None:
            return choice.referent.kind or saying.kind
        known = self._kinds.get(entity.number)
        if entity.kind == "person":
            if saying.kind == "expert_named":
                return saying.kind
            return known or "named_person"
        if saying.kind in UNNAMED_KINDS | {None, "named_person"} or head.kind != "name":
            return known or saying.kind
        return saying.kind


def _can_be_found(head: Head, saying: Saying) -> bool:
    """Whether an unnamed person's phrase says where to ask for them."""
    if head.owner or head.word in FREE_ROLES:
        return False
    if not head.plural and saying.kind not in UNNAMED_KINDS:
        return True
    placed = head.modifiers - VAGUE - {"two", "three"}
    return head.with_body or (saying.kind == "unnamed_official" and bool(placed))


def _taken_over(link: Resolution | None, saying: Saying) -> Resolution:
    if link is None:
        return Resolution(kind=saying.kind)
    sure = None if link.confidence is None else round(link.confidence * SHARED, 3)
    return replace(link, confidence=sure, kind=link.kind or saying.kind)


def _is_one(referent: Referent, gender: Gender | None) -> float:
    """How well a singular person of a gender fits."""
    entity = referent.entity
    if entity is not None and entity.kind == "unknown" and not referent.person:
        return MAYBE
    if not referent.person or referent.plural:
        return 0.0
    if gender is None or referent.gender == gender:
        return 1.0
    return 0.0 if referent.gender else GENDER_UNKNOWN


def _is_known_person(referent: Referent) -> bool:
    return referent.entity is not None and referent.entity.kind == "person"


def _is_thing(referent: Referent) -> float:
    entity = referent.entity
    if referent.plural or (entity is not None and entity.kind == "person"):
        return 0.0
    if entity is not None and entity.kind == "unknown":
        return MAYBE
    return 0.0 if referent.person else 1.0


def _are_several(referent: Referent) -> float:
    if referent.plural:
        return 1.0
    return 0.0 if referent.person else 0.7


def _may_hold(entity: Entity, head: Head) -> bool:
    """Whether neither gender nor another office speaks against a role."""
    gender = ROLES.get(head.word)
    other = (entity.roles & OF_BODIES) - head.modifiers - {head.word}
    exact = head.word in entity.roles
    return entity.gender in {None, gender or entity.gender} and (exact or not other)


def _best_by_role(people: Sequence[Entity], head: Head) -> list[Entity]:
    """Those of a role whose role words share most with the phrase's others."""
    if not people:
        return []
    exact = [e for e in people if head.word in e.roles] or list(people)
    shared = [len(head.modifiers & (e.roles | _words_of(e))) for e in exact]
    most = max(shared)
    return [e for e, n in zip(exact, shared, strict=True) if n == most]


def _words_of(entity: Entity) -> set[str]:
    return {w.lower() for w in entity.name.split()} - BODIES

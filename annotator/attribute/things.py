"""A body, a document or a crowd that speaks -> its name, or what it is called."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import Final

from annotator.attribute.heads import Head
from annotator.attribute.lexicon import OWNERS
from annotator.attribute.nouns import ANY_BODY, DOCUMENTS, LIKE_BODIES
from annotator.attribute.people import of_pronoun
from annotator.attribute.referents import Choice, Referent
from annotator.attribute.saying import Saying
from annotator.attribute.scene import UNNAMED_KINDS, Scene

_IN_FULL: Final = 0.65
_NAMED_LATER: Final = 0.6
"""Confidence in a body whose fuller phrase stands elsewhere, and in one whose name
follows."""

_REACH: Final = 12
"""Sentences back that "the group" or "the report" may point."""

_LATER: Final = 2
"""Sentences within which the name of "a monitoring group" follows (the codebook)."""


def of_thing(scene: Scene, head: Head, saying: Saying) -> Choice | None:
    """A body or document by a common noun: the same named before, else as it is."""
    if head.owner in OWNERS and head.kind == "body":
        return _owned(scene, head, saying)
    if head.with_body and not head.owner:
        return scene.as_written(head, saying)
    same = _named_before(scene, head, saying) or _named_later(scene, head, saying)
    if same is not None:
        return same
    if head.owner or head.word in ANY_BODY or saying.kind in UNNAMED_KINDS:
        return None
    return scene.as_written(head, saying)


def of_crowd(scene: Scene, head: Head, saying: Saying) -> Choice | None:
    """Crowds, and what no list knows."""
    earlier = scene.discourse.pick(
        saying.sentence,
        lambda r: float(r.entity is None and bool(r.word) and r.word == head.word),
    )
    if head.definite and earlier is not None and not head.with_body:
        return earlier
    official = saying.kind == "unnamed_official" and head.word.startswith("source")
    known = (
        head.kind == "other" or head.word == "media"
    ) and saying.kind not in UNNAMED_KINDS
    if (head.with_body and official) or known:
        return scene.as_written(head, saying)
    return None


def _owned(scene: Scene, head: Head, saying: Saying) -> Choice | None:
    """Of "his office": "Lucien Maréchal's office"."""
    chosen = of_pronoun(scene, OWNERS[head.owner], saying.sentence)
    if chosen is None or chosen.referent.name is None:
        return None
    name = f"{chosen.referent.name}'s {head.plain}"
    referent = Referent(saying.sentence, name, chosen.referent.named_at)
    return Choice(replace(referent, word=head.word), chosen.confidence)


def _named_before(scene: Scene, head: Head, saying: Saying) -> Choice | None:
    """The thing of this noun that was named, or spoke, before."""
    if not head.definite:
        return None
    chosen = scene.discourse.pick(
        saying.sentence, lambda r: _fits(r, head, saying), reach=_REACH
    )
    if chosen is not None:
        return chosen if chosen.referent.name else None
    return _in_full(scene, head, saying) if head.kind != "document" else None


def _fits(referent: Referent, head: Head, saying: Saying) -> float:
    """How well something spoken of before fits a noun."""
    if referent.person or (referent.plural and not head.plural):
        return 0.0
    if referent.word == head.word:
        return 1.0
    if head.word in DOCUMENTS and referent.word in DOCUMENTS:
        return 0.9
    entity = referent.entity
    if entity is None:
        return 0.0
    if head.word in entity.name.lower().split():
        return 1.0
    if head.kind == "document":
        return 0.0
    kinds = LIKE_BODIES.get(head.word, frozenset())
    kind = referent.kind or (saying.kind if entity.kind == "body" else None)
    return 0.8 * float(kind in kinds and saying.kind in {kind, *kinds})


def _in_full(scene: Scene, head: Head, saying: Saying) -> Choice | None:
    """Of "the administration" that was "the Trump administration" before."""
    told = scene.phrases.get(head.word, ())
    if not told or head.plural:
        return None
    at = bisect_right([sentence for sentence, _ in told], saying.sentence) - 1
    span = told[max(at, 0)][1]
    name = scene.names.text[slice(*span)]
    referent = Referent(saying.sentence, name, span, word=head.word)
    return Choice(replace(referent, kind=saying.kind), _IN_FULL)


def _named_later(scene: Scene, head: Head, saying: Saying) -> Choice | None:
    """Of "a monitoring group" whose name follows, at the head of a later sentence.

    A body named in passing is more likely the one the report is about.
    """
    if head.word not in LIKE_BODIES or head.definite:
        return None
    for number in range(scene.next_name, len(scene.names.mentions)):
        entity = scene.entities.of(number)
        if scene.sentence_of[number] > saying.sentence + _LATER:
            return None
        if entity is None or entity.kind != "body" or " " not in entity.name:
            continue
        if scene.opens(number):
            return Choice(scene.referent(entity, saying.sentence), _NAMED_LATER)
    return None

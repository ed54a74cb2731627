"""Sayings and the names of an article -> who each source is.

A source is given the fullest name the article has for it. Unnamed people stay
unresolved; those who speak for a named body are given as written, without
determiners ("two Pentagon officials" -> "Pentagon officials"). A description without
any name in it ("harbour pilot") has a confidence under one half: it means the same
source within its article only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from annotator.attribute.heads import Head, read_head
from annotator.attribute.nouns import ROLES
from annotator.attribute.people import of_name, of_pronoun, of_role
from annotator.attribute.quotations import QUOTE_MARKS
from annotator.attribute.referents import GUESSED, Choice, Referent
from annotator.attribute.saying import Saying
from annotator.attribute.scene import SUBJECT, UNNAMED_KINDS, Scene
from annotator.attribute.things import of_crowd, of_thing
from annotator.records import Span

_SHARED: Final = 0.9
"""What is left of a confidence where the source is taken over from beside."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who a source is; `name` is None where that is not clear."""

    name: str | None = None
    confidence: float | None = None
    named_at: Span | None = None
    kind: str | None = None


def resolve(
    found: Sequence[Saying], shared: Mapping[int, int], scene: Scene
) -> list[Resolution]:
    """Who speaks each saying, in the order given.

    Parameters
    ----------
    shared
        For sayings without a source of their own, the one whose source they share.
    scene
        Of the article, nothing heard yet.
    """
    results: dict[int, Resolution] = {}
    for i in sorted(range(len(found)), key=lambda i: _place(found[i])):
        saying = found[i]
        if saying.source is not None:
            results[i] = _of_source(scene, saying, saying.source)
        elif i not in shared:
            results[i] = _of_bare(scene, saying)
    for i, link in shared.items():
        results[i] = _taken_over(results[link], found[i])
    return [results[i] for i in range(len(found))]


def _place(saying: Saying) -> int:
    return saying.source.start if saying.source else saying.first


def _of_source(scene: Scene, saying: Saying, source: Span) -> Resolution:
    scene.hear(source.start)
    head = read_head(source, scene.names, scene.entities, saying.kind)
    choice = _choose(scene, head, saying)
    kind = _kind(scene, saying, head, choice)
    if choice is None or choice.referent.name is None:
        if choice is not None or head.kind != "pronoun":
            scene.speak(_unnamed(head, saying, kind), saying.cue)
        return Resolution(kind=kind)
    referent = replace(choice.referent, sentence=saying.sentence, weight=1.0, kind=kind)
    scene.speak(referent, saying.cue)
    return Resolution(referent.name, choice.confidence, referent.named_at, kind)


def _choose(scene: Scene, head: Head, saying: Saying) -> Choice | None:
    if head.some and head.kind in {"name", "body"}:
        return None
    if head.kind == "pronoun":
        return of_pronoun(scene, head.word, saying.sentence)
    if head.kind == "name":
        return of_name(scene, head, saying)
    if head.kind == "role":
        return of_role(scene, head, saying)
    if head.kind in {"body", "document"}:
        return of_thing(scene, head, saying)
    return of_crowd(scene, head, saying)


def _unnamed(head: Head, saying: Saying, kind: str | None) -> Referent:
    """Somebody without a name who has spoken, and whom a pronoun may mean next."""
    gender = ROLES.get(head.word)
    return Referent(
        saying.sentence,
        None,
        word=head.word,
        kind=kind,
        gender=gender,
        person=head.kind in {"role", "unnamed"} or gender is not None,
        plural=head.plural,
    )


def _of_bare(scene: Scene, saying: Saying) -> Resolution:
    """A quotation nobody beside it speaks: the subject of the sentences before."""
    if saying.cue is not None or saying.content is None:
        return Resolution(kind="hearsay" if saying.cue else saying.kind)
    at = saying.content.start
    if not set(scene.names.text[max(0, at - 1) : at]) & set(QUOTE_MARKS):
        return Resolution(kind=saying.kind)
    scene.hear(at)
    chosen = scene.discourse.pick(
        saying.sentence, lambda r: float(r.weight == SUBJECT), reach=2
    )
    if chosen is None or chosen.referent.name is None:
        return Resolution(kind=saying.kind)
    referent = chosen.referent
    sure = round(chosen.confidence * GUESSED, 3)
    kind = referent.kind or saying.kind
    return Resolution(referent.name, sure, referent.named_at, kind)


def _taken_over(link: Resolution, saying: Saying) -> Resolution:
    sure = None if link.confidence is None else round(link.confidence * _SHARED, 3)
    return replace(link, confidence=sure, kind=link.kind or saying.kind)


def _kind(
    scene: Scene, saying: Saying, head: Head, choice: Choice | None
) -> str | None:
    """The tagger's guess, mended by what the source turned out to be."""
    if choice is None:
        return saying.kind
    referent, entity = choice.referent, choice.referent.entity
    if referent.name is None and head.kind != "pronoun":
        return saying.kind
    if entity is None:
        return referent.kind or saying.kind
    known = scene.kind_of(entity)
    if entity.kind == "person":
        expert = saying.kind == "expert_named"
        return saying.kind if expert else known or "named_person"
    doubtful = saying.kind in UNNAMED_KINDS | {None, "named_person"}
    if doubtful or head.kind != "name":
        return known or saying.kind
    return saying.kind

"""A pronoun, name or role that speaks -> the person it means."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from annotator.attribute.entities import Entity
from annotator.attribute.heads import Head
from annotator.attribute.lexicon import MEN_PRONOUNS, THEY, WOMEN_PRONOUNS
from annotator.attribute.nouns import (
    BODIES,
    CORRESPONDENTS,
    FREE_ROLES,
    LIKE_ROLES,
    NATIONS,
    OF_BODIES,
    ROLES,
    VAGUE,
    Gender,
)
from annotator.attribute.referents import (
    GENDER_UNKNOWN,
    GUESSED,
    MAYBE,
    NAMESAKES,
    SLOWLY,
    Choice,
    Referent,
)
from annotator.attribute.saying import Saying
from annotator.attribute.scene import AS_WRITTEN, UNNAMED_KINDS, Scene

_NAMED: Final = 0.95
_ONE_NAME: Final = 0.8
_BY_ROLE: Final = 0.85
"""Confidence in a full name, in a single word never spelled out, and in a role that
only one person of the article has."""

_A_BODY_AS_THEY: Final = 0.7
"""How well "they" fits one body: British usage, and groups."""

_PEOPLE: Final = frozenset({"named_person", "expert_named"})
_ANYWHERE: Final = 10_000
"""Sentences back, where nobody else of that name or role could be meant."""


def of_pronoun(scene: Scene, word: str, sentence: int) -> Choice | None:
    """Whom a pronoun means in a sentence, by its number."""
    pick = scene.discourse.pick
    if word == "who":
        return pick(sentence, lambda r: _is_one(r, None), reach=0)
    if word in MEN_PRONOUNS:
        return pick(sentence, lambda r: _is_one(r, "m"))
    if word in WOMEN_PRONOUNS:
        return pick(sentence, lambda r: _is_one(r, "f"))
    return pick(sentence, _are_several if word in THEY else _is_thing)


def of_name(scene: Scene, head: Head, saying: Saying) -> Choice | None:
    """Whom a name means; None where two bear it and neither has just spoken."""
    entities = [scene.entities.of(i) for i in head.names]
    if len(entities) > 1 and all(entities):
        name = " and ".join(e.name for e in entities if e)
        at = scene.names.mentions[head.names[0]].span
        both = Referent(saying.sentence, name, at, person=True, plural=True)
        return Choice(both, _NAMED)
    entity = entities[-1]
    if entity is None:
        rivals = scene.entities.rivals(head.names[-1])
        return scene.discourse.pick(
            saying.sentence,
            lambda r: float(any(r.entity is e for e in rivals)),
            reach=_ANYWHERE,
            fades=SLOWLY,
            even=NAMESAKES,
        )
    if entity.name.lower() in NATIONS and saying.kind in _PEOPLE:
        last = scene.discourse.pick(saying.sentence, _is_known_person, reach=1)
        return Choice(last.referent, GUESSED) if last else None
    referent = scene.referent(entity, saying.sentence)
    if entity.kind == "unknown":
        referent = replace(referent, person=saying.kind in _PEOPLE)
    sure = " " in entity.name or entity.kind == "body"
    return Choice(referent, _NAMED if sure else _ONE_NAME)


def of_role(scene: Scene, head: Head, saying: Saying) -> Choice | None:
    """Of "the minister": who has that role; else a phrase that says where to ask."""
    if head.owner == "our" and head.word in CORRESPONDENTS:
        outlet = scene.article.outlet
        name = f"{outlet} {head.word}" if outlet else head.plain
        return Choice(Referent(saying.sentence, name, person=True), AS_WRITTEN)
    if head.plural or not head.definite or head.owner:
        if _can_be_found(head, saying):
            return scene.as_written(head, saying)
        return _officials(scene, head, saying)
    earlier = scene.discourse.pick(
        saying.sentence,
        lambda r: float(r.entity is None and r.word == head.word and r.person),
    )
    fitting = _of_that_role(scene, head)
    unnamed = earlier is not None and earlier.confidence > _BY_ROLE
    described = earlier is not None and earlier.referent.name is not None
    if len(fitting) == 1 and not unnamed and not described:
        return Choice(scene.referent(fitting[0], saying.sentence), _BY_ROLE)
    if earlier is not None:
        return earlier
    if fitting:
        return scene.discourse.pick(
            saying.sentence,
            lambda r: float(any(r.entity is e for e in fitting)),
            reach=_ANYWHERE,
            fades=SLOWLY,
        )
    return _of_role_unheard(scene, head, saying)


def _of_role_unheard(scene: Scene, head: Head, saying: Saying) -> Choice | None:
    """A role nobody was said to have: as it is, or the person who spoke last."""
    if head.with_body:
        return scene.as_written(head, saying)
    gender = ROLES.get(head.word)
    last = scene.discourse.pick(
        saying.sentence, lambda r: _is_one(r, gender) * _is_known_person(r), reach=1
    )
    if last is not None and not head.modifiers:
        return Choice(last.referent, GUESSED)
    if saying.kind in {"unnamed_other", "hearsay"} or head.word in FREE_ROLES:
        return None
    return scene.as_written(head, saying)


def _officials(scene: Scene, head: Head, saying: Saying) -> Choice | None:
    """Bare "officials": those of the body spoken of just before."""
    if head.word != "official" or head.modifiers or head.owner or not head.plural:
        return None
    body = scene.discourse.pick(
        saying.sentence,
        lambda r: float(r.word in BODIES and r.kind not in UNNAMED_KINDS),
        reach=2,
    )
    if body is None or body.referent.name is None:
        return None
    name = f"{body.referent.name} officials"
    referent = Referent(saying.sentence, name, body.referent.named_at, plural=True)
    return Choice(replace(referent, word=head.word, kind=saying.kind), GUESSED)


def _can_be_found(head: Head, saying: Saying) -> bool:
    """Whether an unnamed person's phrase says where to ask for them."""
    if head.owner or head.word in FREE_ROLES:
        return False
    if not head.plural and saying.kind not in UNNAMED_KINDS:
        return True
    official = saying.kind == "unnamed_official"
    return official and (head.with_body or bool(head.modifiers - VAGUE))


def _of_that_role(scene: Scene, head: Head) -> list[Entity]:
    """Those of a role whose role words share most with the phrase's others."""
    words = {head.word, *LIKE_ROLES.get(head.word, ())}
    people = {e.number: e for w in words for e in scene.by_role.get(w, ())}
    holders = [e for _, e in sorted(people.items()) if _may_hold(e, head)]
    exact = [e for e in holders if head.word in e.roles] or holders
    shared = [len(head.modifiers & (e.roles | _words_of(e))) for e in exact]
    most = max(shared, default=0)
    return [e for e, n in zip(exact, shared, strict=True) if n == most]


def _may_hold(entity: Entity, head: Head) -> bool:
    """Whether neither gender nor another office speaks against a role."""
    gender = ROLES.get(head.word)
    other = (entity.roles & OF_BODIES) - head.modifiers - {head.word}
    exact = head.word in entity.roles
    return entity.gender in {None, gender or entity.gender} and (exact or not other)


def _words_of(entity: Entity) -> frozenset[str]:
    return frozenset(entity.name.lower().split()) - BODIES


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


def _is_known_person(referent: Referent) -> float:
    entity = referent.entity
    return float(entity is not None and entity.kind == "person")


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
    return 0.0 if referent.person else _A_BODY_AS_THEY

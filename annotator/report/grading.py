"""The grades of a results folder -> the grade of one attribution, with its reasons."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

from annotator.records import Attribution, Axis, ScoredArticle, SourceProfile
from annotator.store import Results

DETERMINER: Final = re.compile(r"^(?:the|an?|this|that|these|those)\s+", re.IGNORECASE)
"""Names of sources are stored without it."""


class Graded(NamedTuple):
    """A grade as it stands: a person's where one was given, else the machine's."""

    value: str
    reasons: tuple[str, ...]


class Grading:
    """What each source and claim was graded; empty before sources were traced."""

    def __init__(self, results: Results) -> None:
        self._source_of = _unambiguous(results.sources())
        self._grades: dict[tuple[Axis, str], Graded] = {}
        for grade, override in results.grades():
            given = override and getattr(override, grade.axis)
            reasons = [grade.sentence]
            if override and given:
                reasons.append(f"{override.reviewer} gave {given}. {override.note}")
            self._grades[grade.axis, grade.subject] = Graded(
                given or grade.value, tuple(reasons)
            )

    def reliability(self, scored: ScoredArticle, found: Attribution) -> Graded | None:
        """Give the grade of who speaks; None where the name fits no source or several.

        Attributions do not say which source of `sources.parquet` they were counted to,
        so the name decides: the article's fullest, or the words of the sentence.
        """
        name = found.resolved_source
        if name is None and found.source is not None:
            name = scored.article.text[slice(*found.source)]
        source_id = self._source_of.get(_key(name)) if name else None
        return self._grades.get(("reliability", source_id)) if source_id else None

    def credibility(self, scored: ScoredArticle, found: Attribution) -> Graded | None:
        """Give the grade of what is said: of the sentence's first claim, no other."""
        claims = (
            a
            for a in scored.attributions
            if a.sentence_id == found.sentence_id and a.content is not None
        )
        if next(claims, None) != found:
            return None
        return self._grades.get(("credibility", found.sentence_id))


def _unambiguous(profiles: Iterable[SourceProfile]) -> dict[str, str]:
    """Give the source of each name that only one goes by; a main name goes first."""
    main: defaultdict[str, set[str]] = defaultdict(set)
    variants: defaultdict[str, set[str]] = defaultdict(set)
    for profile in profiles:
        main[_key(profile.name)].add(profile.source_id)
        for variant in profile.variants:
            variants[_key(variant.value or "")].add(profile.source_id)
    return {
        name: min(ids)
        for name, ids in (variants | main).items()
        if name and len(ids) == 1
    }


def _key(name: str) -> str:
    return DETERMINER.sub("", name.strip(), count=1).casefold()

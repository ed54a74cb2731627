"""Nothing -> the record that the steps of attribution hand to one another."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.records import Span


@dataclass(frozen=True, slots=True)
class Saying:
    """Source, cue and content that belong together; spans are into the article.

    `kind` is the tagger's guess of the source kind.
    """

    sentence: int
    source: Span | None
    cue: Span | None
    content: Span | None
    kind: str | None

    @property
    def anchor(self) -> Span | None:
        """Where it is said that somebody says it: the cue, else the source."""
        return self.cue or self.source

    @property
    def first(self) -> int:
        """Where it begins."""
        return min(s.start for s in (self.source, self.cue, self.content) if s)


def is_citation(saying: Saying, text: str) -> bool:
    """Whether one source names another as its own ("citing two officials")."""
    words = text[slice(*saying.cue)].lower().split() if saying.cue else []
    return bool(
        {"citing", "quoting", "cited", "quoted", "quotes", "cites"} & set(words)
    )

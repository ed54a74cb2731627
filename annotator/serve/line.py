"""Articles one by one -> those that wait, in batches, first come first served."""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Condition

from annotator.records import Article, ScoredArticle


class Closed(Exception):
    """The line takes no more articles."""


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """An article in the line.

    Attributes
    ----------
    since
        When it came, by `time.monotonic`.
    answer
        Cancelled when nobody waits for it any more.
    """

    article: Article
    since: float
    answer: Future[ScoredArticle]

    @property
    def characters(self) -> int:
        """What there is to read."""
        return len(self.article.text)


class Line:
    """Articles that wait for the model."""

    def __init__(self) -> None:
        self._waiting: deque[Waiting] = deque()
        self._changed = Condition()
        self._closed = False

    def put(self, article: Article) -> Future[ScoredArticle]:
        """Put an article at the end.

        Raises
        ------
        Closed
            After `close`.
        """
        waiting = Waiting(article, time.monotonic(), Future())
        with self._changed:
            if self._closed:
                raise Closed
            self._waiting.append(waiting)
            self._changed.notify()
        return waiting.answer

    def take(self, articles: int, characters: int) -> list[Waiting]:
        """Take what is at the front, waiting for at least one article.

        At most so many articles and characters, but for a first article that is longer;
        those whose answer was cancelled are passed over. Empty once the line is closed.
        """
        with self._changed:
            taken: list[Waiting] = []
            while not taken:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                if self._closed:
                    return []
                taken = self._front(articles, characters)
            return taken

    def close(self) -> None:
        """Take no more, and cancel what waits."""
        with self._changed:
            self._closed = True
            for waiting in self._waiting:
                waiting.answer.cancel()
            self._waiting.clear()
            self._changed.notify_all()

    def _front(self, articles: int, characters: int) -> list[Waiting]:
        taken: list[Waiting] = []
        while self._waiting and len(taken) < articles:
            if taken and self._waiting[0].characters > characters:
                break
            waiting = self._waiting.popleft()
            if waiting.answer.set_running_or_notify_cancel():
                taken.append(waiting)
                characters -= waiting.characters
        return taken

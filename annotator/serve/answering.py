"""Articles as they were sent -> what is found in each, or why there is nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any, Final, TypeAlias

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import HTTPException, Request

from annotator.errors import UnreadableInput
from annotator.ingest.outlets import load_aliases
from annotator.records import Article, ScoredArticle
from annotator.serve.answers import Found
from annotator.serve.bodies import ArticleBody, Unfit
from annotator.serve.line import Closed
from annotator.serve.reading import read_article
from annotator.serve.room import Full
from annotator.serve.scorer import Scorer

Outcome: TypeAlias = Found | Exception
"""An `HTTPException` is a refusal; any other exception is a fault of the program."""

PAGES_AT_ONCE: Final = 1
"""Pages parsed beside the model: Python runs one thread at a time, and a hostile page
takes some ten seconds."""

CLIENT_GONE: Final = 499
"""As nginx logs it; nobody is there to read it."""


class Answering:
    """Takes requests, as far as there is room, and waits for their answers."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer
        self._aliases = load_aliases()
        self._pages = CapacityLimiter(PAGES_AT_ONCE)

    async def outcomes(
        self, request: Request, bodies: Sequence[ArticleBody | Unfit]
    ) -> list[Outcome]:
        """Score the articles of one request, in their order.

        Raises
        ------
        HTTPException
            413, 429 or 503 where none of them is taken; 499 where the client has gone.
        """
        self.refuse_unless_ready()
        articles = [body for body in bodies if isinstance(body, ArticleBody)]
        most = self._scorer.limits.max_characters
        if (asked := sum(a.characters for a in articles)) > most:
            raise _too_long(asked, most)
        # A page may be much longer than the article on it; none is refused for ever.
        weight = min(sum(a.weight for a in articles), self._scorer.limits.queue)
        try:
            with self._scorer.room.hold(weight):
                return await self._held(request, bodies)
        except Full as full:
            raise HTTPException(
                429,
                f"too much is waiting; ask again in {full.retry_after} s",
                {"Retry-After": str(full.retry_after)},
            ) from full
        except Closed as closed:
            raise _stopping() from closed

    def refuse_unless_ready(self) -> None:
        """Raise 503 while the model loads or the service stops."""
        if self._scorer.stopping:
            raise _stopping()
        if not self._scorer.ready:
            headers = {"Retry-After": "1"}
            raise HTTPException(503, "the model is being loaded", headers)

    async def _held(
        self, request: Request, bodies: Sequence[ArticleBody | Unfit]
    ) -> list[Outcome]:
        read = self._within_limit([await self._read(body) for body in bodies])
        if await request.is_disconnected():
            raise HTTPException(CLIENT_GONE)
        put = self._scorer.line.put
        answers = [put(item) for item in read if isinstance(item, Article)]
        scored = iter(await _unless_gone(request, answers))
        outcomes = [next(scored) if isinstance(r, Article) else r for r in read]
        return await run_sync(_laid_out, outcomes)

    def _within_limit(
        self, read: Sequence[Article | Exception]
    ) -> list[Article | Exception]:
        """Refuse those that, once read off their pages, are too long for a request."""
        most, taken = self._scorer.limits.max_characters, 0
        kept: list[Article | Exception] = []
        for item in read:
            if isinstance(item, Article):
                asked = taken + len(item.text) + len(item.title or "")
                if asked > most:
                    kept.append(_too_long(asked, most))
                    continue
                taken = asked
            kept.append(item)
        return kept

    async def _read(self, body: ArticleBody | Unfit) -> Article | Exception:
        if isinstance(body, Unfit):
            return HTTPException(422, body.detail)
        if body.html is None:
            return read_article(body, self._aliases)
        try:
            return await run_sync(
                read_article, body, self._aliases, limiter=self._pages
            )
        except UnreadableInput as fault:
            return HTTPException(422, str(fault))
        except Exception as fault:
            # Of one article of a batch; it is answered like a fault in scoring it.
            return fault


async def _unless_gone(
    request: Request, answers: Sequence[Future[ScoredArticle]]
) -> list[ScoredArticle | BaseException]:
    """Wait for answers as long as the client does; what it leaves is not scored."""
    waiting = asyncio.ensure_future(_all(answers))
    gone = asyncio.ensure_future(_disconnected(request))
    either: tuple[asyncio.Future[Any], ...] = (waiting, gone)
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            raise HTTPException(CLIENT_GONE)
        return waiting.result()
    except asyncio.CancelledError:
        # The server waits no longer for the batch at work; its client should hear.
        raise _stopping() from None
    finally:
        waiting.cancel()
        gone.cancel()


async def _all(
    answers: Sequence[Future[ScoredArticle]],
) -> list[ScoredArticle | BaseException]:
    wrapped = map(asyncio.wrap_future, answers)
    return await asyncio.gather(*wrapped, return_exceptions=True)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _laid_out(
    outcomes: Sequence[ScoredArticle | BaseException],
) -> list[Outcome]:
    return [_outcome(outcome) for outcome in outcomes]


def _outcome(outcome: ScoredArticle | BaseException) -> Outcome:
    match outcome:
        case ScoredArticle():
            return Found.of(outcome)
        case Exception():
            return outcome
        case _:
            # Cancelled with all that waited when the time to stop ran out.
            return _stopping()


def _stopping() -> HTTPException:
    return HTTPException(503, "the service is stopping", {"Connection": "close"})


def _too_long(characters: int, most: int) -> HTTPException:
    return HTTPException(
        413,
        f"{characters:,} characters: expected at most {most:,} in one request; "
        "send fewer articles, or shorter ones",
    )

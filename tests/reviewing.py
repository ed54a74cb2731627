"""A small invented results folder, and clients of the review page, for its tests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from annotator.codebook import LABELS
from annotator.profile import profile
from annotator.records import (
    Article,
    Attribution,
    Corroboration,
    Grade,
    Label,
    LoadedTerm,
    Role,
    Sentence,
    Share,
    SourceProfile,
    Span,
    Tally,
)
from annotator.review import Desk, Options, create_app
from annotator.review.auth import cookie_name
from annotator.store import ResultsWriter, write_derived
from annotator.store.events import corroboration_row
from annotator.store.reviews import ReviewLog, open_log
from annotator.store.sources import grade_row, source_row

ORIGIN: Final = "http://127.0.0.1:8765"

SAID: Final = "🦉🦉 The ferry board said nine piers had closed."
DENIED: Final = "The ferry board said no pier had closed."
PLAIN: Final = "The river froze in January."
BLAMED: Final = "Reportedly the greedy guild cut the ropes."
HARSH: Final = "It was a shameful winter."

STORIES: Final = {
    "a": ("North Star", "2031-01-09", f"{PLAIN} {SAID}\n\n{BLAMED} {HARSH}"),
    "b": ("South Wind", "2031-01-10", f"{DENIED} {BLAMED}"),
    "c": (None, None, f"{HARSH} {BLAMED}"),
}
LABEL_OF: Final = {SAID: 1, DENIED: 1, PLAIN: 0, BLAMED: 3, HARSH: 2}
FLAGGED: Final = (SAID, DENIED, BLAMED)
QUEUE: Final = ["a:1", "a:2", "b:0", "b:1", "c:1"]
"""The flagged sentences in the order of the text."""

Team = Callable[..., "Client"]


class Client(TestClient):
    """A browser of one person: it says where it comes from, and sends the token."""

    def __init__(self, app: Any, cookie: str | None = None) -> None:
        super().__init__(app, base_url=ORIGIN, follow_redirects=False)
        if cookie:
            self.cookies.set(cookie_name(app.state.bench.options), cookie)
        self.headers["origin"] = ORIGIN
        self.headers["x-csrf"] = csrf_on(self.get("/sign-in").text)

    def item(self, sentence_id: str) -> dict[str, Any]:
        """Give a sentence as this person sees it."""
        answer = self.get(f"/api/items/{sentence_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def decide(
        self, sentence_id: str, label: str | None = "opinion", **more: Any
    ) -> Any:
        """Send a decision on a sentence as it stands."""
        turn = more.get("turn", "review")
        last = "last" if turn == "review" else "last_adjudication"
        after = more["after"] if "after" in more else self.item(sentence_id)[last]
        body = {"sentence_id": sentence_id, "action": "label", "label": label}
        body |= {"decision_id": new_id(), "after": after, **more}
        return self.post("/api/decisions", json=body)

    def ids(self, **wanted: Any) -> list[str]:
        """Give the ids of the queue."""
        answer = self.get("/api/queue", params=wanted)
        assert answer.status_code == 200, answer.text
        return [item["sentence_id"] for item in answer.json()["items"]]


def csrf_on(page: str) -> str:
    """Give the token of a page."""
    found = re.search(r'name="csrf" content="([0-9a-f]+)"', page)
    assert found, page
    return found[1]


_numbers = count(1)


def new_id() -> str:
    """Give an id no decision has."""
    return f"{next(_numbers):032x}"


def write_results(path: Path) -> Path:
    """Write three articles with sources, grades and a contradiction."""
    articles: list[Article] = []
    everything: list[Sentence] = []
    labels: dict[str, Label] = {}
    with ResultsWriter(path) as out:
        for article_id, (outlet, published, text) in STORIES.items():
            article = Article(
                article_id,
                f"{article_id}.txt",
                text,
                outlet=outlet,
                title=f"Ice, part {article_id}",
                published=published,
                topic="rivers" if outlet else None,
            )
            sentences = list(_sentences(article))
            own = {s.sentence_id: _label(article, s) for s in sentences}
            out.add_article(article, sentences, own, status="scored", reason=None)
            out.add_attributions(article, _attributions(article, sentences))
            out.add_loaded_terms(article, _loaded(article, sentences))
            articles.append(article)
            everything += sentences
            labels |= own
        out.finish(profile(articles, everything, labels), {"model": "made@0"})
    _derive(path)
    return path


def _sentences(article: Article) -> Iterator[Sentence]:
    found = re.finditer(r"[^\s.][^.]*\.", article.text)
    for index, match in enumerate(found):
        sentence_id = f"{article.article_id}:{index}"
        yield Sentence(sentence_id, article.article_id, index, *match.span())


def _label(article: Article, sentence: Sentence) -> Label:
    text = article.text[sentence.start : sentence.end]
    place = LABEL_OF[text]
    a, b, c, d = (0.7 if i == place else 0.1 for i in range(4))
    reasons = ("no source that could be asked",) if text in FLAGGED else ()
    name = LABELS[place]
    return Label(sentence.sentence_id, name, (a, b, c, d), 0.7, reasons, "made@0")


def _attributions(article: Article, sentences: list[Sentence]) -> Iterator[Attribution]:
    for sentence in sentences:
        at = article.text.find("The ferry board said", sentence.start, sentence.end)
        if at >= 0:
            yield Attribution(
                sentence.sentence_id,
                Span(at, at + 15),
                Span(at + 16, at + 20),
                Span(at + 21, sentence.end - 1),
                "government",
                "Ferry Board",
                form="indirect",
                attribution_id=f"{sentence.sentence_id}#0",
            )


def _loaded(article: Article, sentences: list[Sentence]) -> Iterator[LoadedTerm]:
    for sentence in sentences:
        at = article.text.find("greedy guild", sentence.start, sentence.end)
        if at >= 0:
            span = Span(at, at + 12)
            yield LoadedTerm(sentence.sentence_id, span, None, "-", "outlet")


def _derive(path: Path) -> None:
    none = Share(0, 0)
    source = SourceProfile(
        source_id="ferry-board-1",
        name="Ferry Board",
        variants=(Tally("ferry board", 2),),
        kinds=(Tally("government", 2),),
        identity="named",
        sides=(),
        cited=2,
        articles=2,
        outlets=(),
        first=None,
        last=None,
        cues=(),
        direct=none,
        contested=none,
        alone_in_article=none,
        alone_in_paragraph=none,
        first_hand=none,
        position=none,
        stake=none,
    )
    grades = (
        Grade("ferry-board-1", "reliability", "C", ("R1",), "Ferry Board: C.", 1),
        Grade("a:1", "credibility", "5", ("C1",), "This claim: 5.", 1),
    )
    pair = Corroboration("a:1", "b:0", "e1", "contradicts", 0.9, False, reason="closed")
    write_derived(
        path,
        {
            "sources": [source_row(source)],
            "grades": map(grade_row, grades),
            "corroborations": [corroboration_row(pair)],
        },
    )


@pytest.fixture(scope="session")
def river(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The invented results folder, opened; logs are kept elsewhere."""
    return Desk.open(write_results(tmp_path_factory.mktemp("river") / "results"))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[ReviewLog]:
    """An empty log of a review."""
    with open_log(tmp_path) as opened:
        yield opened


@pytest.fixture
def alone(river: Desk, log: ReviewLog) -> Client:
    """The only one there, without an account."""
    return Client(create_app(river, log, Options(order="text")))


@pytest.fixture
def team(river: Desk, log: ReviewLog) -> Team:
    """Somebody with an account, signed in; of one server as long as options agree."""
    apps: dict[Options, Any] = {}

    def join(name: str, role: Role = "reviewer", **options: Any) -> Client:
        if log.account(name) is None:
            log.add_account(name, role)
        chosen = Options(**{"order": "text", **options})
        if chosen not in apps:
            apps[chosen] = create_app(river, log, chosen)
        return Client(apps[chosen], log.open_session(name, datetime.now(UTC)))

    return join

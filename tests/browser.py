"""A browser, a server and a small invented results folder, for tests of the page."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

from annotator.codebook import LABELS, LabelName
from annotator.profile import profile
from annotator.records import Article, Attribution, Label, LoadedTerm, Sentence, Span
from annotator.review import Desk, Options, create_app
from annotator.store import ResultsWriter
from annotator.store.reviews import ReviewLog, open_log

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
)
PASSWORD: Final = "lanterns over the quiet harbour"

SAID: Final = "The harbour ministry said 40 boats were lost near pier {}."
BLAMED: Final = "Sources reportedly blame a rival port for the fire at pier {}."
PLAIN: Final = "Pier {} has stood empty since the spring."
JUDGED: Final = "The plan for pier {} is a disgrace."
HOSTILE: Final = (
    "<script>alert(1)</script> \u202eon deliw\u202c <img src=x onerror=alert(2)> 🔥🔥 "
    "burned the port, he said."
)
ARABIC: Final = "قالت الوزارة 🔥 إن أربعين قاربا فقدت قرب الميناء."
EVIL_OUTLET: Final = "<b>Evil</b> \u202e Times"


def made(article_id: str, outlet: str, lines: list[str]) -> Article:
    """An article of two lines a paragraph."""
    text = "".join(
        line + ("\n\n" if i % 2 else " ") for i, line in enumerate(lines)
    ).strip()
    return Article(
        article_id,
        f"{article_id}.txt",
        text,
        outlet=outlet,
        title=f"What burned at the port, {article_id}",
        published="2031-05-11",
        topic="ports",
    )


def label_of(sentence: Sentence, text: str) -> Label:
    """A label by what the sentence says; the flagged ones are said or blamed."""
    place = 2 if "disgrace" in text else 3 if "reportedly" in text else 0
    place = 1 if " said" in text or "قالت" in text else place
    likely = [0.1, 0.1, 0.1, 0.1]
    likely[place] = 0.7
    reasons = {
        1: ("close call: attributed claim 70%, opinion 10%",),
        3: ("allegation: no source that could be asked",),
    }.get(place, ())
    name: LabelName = LABELS[place]
    a, b, c, d = likely
    return Label(sentence.sentence_id, name, (a, b, c, d), 0.7, reasons, "made@0")


def attribution_of(article: Article, sentence: Sentence) -> Attribution | None:
    """Who says it, where the ministry does."""
    text = article.text[sentence.start : sentence.end]
    if not text.startswith("The harbour ministry said"):
        return None
    at = sentence.start
    return Attribution(
        sentence.sentence_id,
        Span(at, at + 20),
        Span(at + 21, at + 25),
        Span(at + 26, sentence.end - 1),
        "government",
        "Ministry of Harbours",
        form="indirect",
        attribution_id=f"{sentence.sentence_id}#0",
    )


def write_results(path: Path) -> Path:
    """Eighteen flagged sentences of nine articles, one of them hostile."""
    articles = [
        made(
            f"a{n}",
            "Harbour Post" if n % 2 else "Valley Times",
            [line.format(n) for line in (PLAIN, SAID, JUDGED, BLAMED, PLAIN)],
        )
        for n in range(8)
    ]
    articles.append(made("evil", EVIL_OUTLET, [PLAIN.format(9), HOSTILE, ARABIC]))
    everything: list[Sentence] = []
    labels: dict[str, Label] = {}
    with ResultsWriter(path) as out:
        for article in articles:
            sentences = _sentences(article)
            own = {
                s.sentence_id: label_of(s, article.text[s.start : s.end])
                for s in sentences
            }
            out.add_article(article, sentences, own, status="scored", reason=None)
            said = [attribution_of(article, s) for s in sentences]
            out.add_attributions(article, [a for a in said if a])
            out.add_loaded_terms(article, _loaded(article, sentences))
            everything += sentences
            labels |= own
        out.finish(profile(articles, everything, labels), {"model": "made@0"})
    return path


def _sentences(article: Article) -> list[Sentence]:
    found: list[Sentence] = []
    at = 0
    for line in article.text.replace(". ", ".\n\n").split("\n\n"):
        start = article.text.index(line, at)
        at = start + len(line)
        index = len(found)
        found.append(
            Sentence(
                f"{article.article_id}:{index}", article.article_id, index, start, at
            )
        )
    return found


def _loaded(article: Article, sentences: list[Sentence]) -> Iterator[LoadedTerm]:
    for sentence in sentences:
        at = article.text.find("rival port", sentence.start, sentence.end)
        if at >= 0:
            span = Span(at, at + len("rival port"))
            yield LoadedTerm(sentence.sentence_id, span, None, "-", "outlet")


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(results: Path, log: ReviewLog, options: Options) -> Iterator[str]:
    """Run the real server in a thread; gives its address."""
    app = create_app(Desk.open(results), log, options)
    server = uvicorn.Server(
        uvicorn.Config(app, port=options.port, log_level="warning", lifespan="off")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{options.port}"
    finally:
        server.should_exit = server.force_exit = True
        thread.join(5)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser without a window, closed at the end."""
    found = os.environ.get("ANNOTATOR_BROWSER") or next(
        filter(None, map(shutil.which, BROWSERS)), None
    )
    if found is None:
        reason = "no Chromium found; install one or set ANNOTATOR_BROWSER"
        if os.environ.get("ANNOTATOR_NEED_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=list(ARGUMENTS)
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented results folder; tests keep their logs elsewhere."""
    return write_results(tmp_path_factory.mktemp("harbour") / "results")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[ReviewLog]:
    """An empty log of a review."""
    with open_log(tmp_path) as opened:
        yield opened

"""What the service answers, whom it refuses, and how it goes."""

from __future__ import annotations

import json
import logging
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

import httpx
import pytest
import schemathesis
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.python.asgi import get_client
from schemathesis.specs.openapi.checks import response_schema_conformance
from starlette.testclient import TestClient
from typer.testing import CliRunner

from annotator.errors import BadModel
from annotator.pipeline import score_article
from annotator.records import Article
from annotator.serve import Limits, Model, Scorer, answers, create_app, server
from annotator.serve.bodies import ArticleBody
from annotator.serve.line import Closed, Line
from annotator.serve.room import Full, Room
from annotator.serve.server import Server
from annotator.store.stances import STANCES
from annotator.store.tables import SCHEMAS
from annotator.tag.tagger import Tagger, Text

HERE: Final = "http://127.0.0.1"
TOKEN: Final = "0123456789abcdef" * 4
SMALL: Final = Limits(queue=3_000, batch=4, max_characters=1_000)
RIVER: Final = (
    "The bridge at Merrow was closed on Monday. The mayor said that nobody was hurt. "
    "“It was a miracle \N{BIRD},” Ana Ferrow said."
)
PAGE: Final = (
    "<html><head><title>Bridge closed</title></head><body><article>"
    "<h1>Bridge closed</h1>"
    + "".join(
        f"<p>The bridge at Merrow was closed on day {n} of the flood, said the mayor "
        "of the town, who had asked for boats and sandbags.</p>"
        for n in range(6)
    )
    + "</article></body></html>"
)
LONG_PAGE: Final = PAGE.replace("boats", "boats, " * 50 + "sacks")


class Gated:
    """A tagger that waits at a gate, and notes what it is given."""

    def __init__(self, tagger: Tagger) -> None:
        self._tagger = tagger
        self.version = tagger.version
        self.gate = Event()
        self.gate.set()
        self.at_work = Event()
        self.batches: list[list[str]] = []

    def tag(self, texts: Sequence[Text]) -> Any:
        self.at_work.set()
        self.gate.wait(30)
        bodies = [" ".join(t.sentences) for t in texts[: len(texts) // 2]]
        self.batches.append(bodies)
        if any("fault" in body for body in bodies):
            raise RuntimeError("a fault with what was sent: secret")
        return self._tagger.tag(texts)


@pytest.fixture(scope="module")
def tagger(tiny_model: Path) -> Tagger:
    return Tagger(tiny_model)


@pytest.fixture
def gated(tagger: Tagger) -> Gated:
    return Gated(tagger)


def scorer_of(tagger: Any, limits: Limits = SMALL, wait: bool = True) -> Scorer:
    scorer = Scorer(lambda: Model(tagger), limits)
    scorer.start()
    until(lambda: scorer.ready or not wait)
    return scorer


def until(reached: Callable[[], Any], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < end, "never came"
        time.sleep(0.005)


@pytest.fixture
def scorer(gated: Gated) -> Iterator[Scorer]:
    made = scorer_of(gated)
    gated.batches.clear()
    gated.at_work.clear()
    yield made
    gated.gate.set()
    made.stop(20)


@pytest.fixture
def client(scorer: Scorer) -> TestClient:
    return TestClient(create_app(scorer), base_url=HERE)


@contextmanager
def listening(scorer: Scorer, grace: float = 20) -> Iterator[tuple[Server, int]]:
    """A real server in a thread."""
    sock = socket.create_server(("127.0.0.1", 0))
    running = Server(scorer, grace)
    thread = Thread(target=running.run, kwargs={"sockets": [sock]})
    thread.start()
    try:
        until(lambda: running.started)
        yield running, sock.getsockname()[1]
    finally:
        running.should_exit = True
        thread.join(30)
        assert not thread.is_alive()


def post(client: Any, path: str = "/articles", **body: Any) -> Any:
    return client.post(path, json=body)


class TestAnswer:
    """Everything found, named as in a results folder."""

    @pytest.mark.parametrize(
        ("columns", "table"),
        [
            (answers.ArticleColumns, SCHEMAS["articles"]),
            (answers.SentenceColumns, SCHEMAS["sentences"]),
            (answers.AttributionColumns, SCHEMAS["attributions"]),
            (answers.VoiceColumns, SCHEMAS["voices"]),
            (answers.LoadedTermColumns, SCHEMAS["loaded_terms"]),
            (answers.StanceColumns, STANCES),
        ],
    )
    def test_its_columns_are_those_of_a_results_folder(
        self, columns: type[answers.Columns], table: Any
    ) -> None:
        assert set(columns.model_fields) <= set(table.names)

    def test_an_article_comes_back_with_what_is_known_of_it(
        self, client: TestClient, gated: Gated
    ) -> None:
        known = {"id": "n-1", "title": "The bridge", "author": "R. Poe"}
        answer = post(
            client, text=RIVER, outlet="South Front", published="21 May 2024", **known
        ).json()
        article = answer["found"]["article"]
        assert answer["model"] == gated.version
        assert article["text"] == RIVER
        assert (article["source_id"], article["title"], article["author"]) == (
            "n-1",
            "The bridge",
            "R. Poe",
        )
        assert (article["outlet"], article["published"]) == ("SouthFront", "2024-05-21")
        assert (article["language"], article["status"]) == ("en", "scored")
        assert article["headline_label"]
        assert len(answer["found"]["sentences"]) == article["n_sentences"] == 3

    def test_offsets_count_code_points(self, client: TestClient) -> None:
        found = post(client, text=f"\N{BIRD}\N{BIRD} {RIVER}").json()["found"]
        text, rows = found["article"]["text"], 0
        for table in ("sentences", "loaded_terms", "stances"):
            for row in found[table]:
                assert text[row["start"] : row["end"]] == row["text"]
                rows += 1
        for row in found["attributions"]:
            for name in ("source", "cue", "content"):
                if row[name] is not None:
                    assert text[row[f"{name}_start"] : row[f"{name}_end"]] == row[name]
                    rows += 1
        assert rows > 3

    def test_the_same_article_has_the_same_id_and_another_has_another(
        self, client: TestClient
    ) -> None:
        ids = [
            post(client, text=text).json()["found"]["article"]["article_id"]
            for text in (RIVER, RIVER, RIVER + " It rained.")
        ]
        assert ids[0] == ids[1] != ids[2]

    def test_of_a_page_the_article_is_taken(self, client: TestClient) -> None:
        found = post(client, html=PAGE, outlet="The Merrow Mail").json()["found"]
        assert found["article"]["text"].startswith("The bridge at Merrow")
        assert found["article"]["title"] == "Bridge closed"
        assert found["article"]["outlet"] == "The Merrow Mail"
        assert len(found["sentences"]) == 6

    def test_what_the_model_cannot_read_is_skipped_with_a_reason(
        self, client: TestClient
    ) -> None:
        article = post(client, text="الجسر مغلق منذ يوم الاثنين كما قال العمدة")
        article = article.json()["found"]["article"]
        assert (article["status"], article["reason"]) == ("skipped", "language ar")

    @given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    def test_whatever_is_sent_spans_lie_in_the_text(
        self, client: TestClient, text: str
    ) -> None:
        answer = post(client, text=text)
        assert answer.status_code == (422 if "\0" in text else 200)
        for row in answer.json().get("found", {}).get("sentences", []):
            assert 0 <= row["start"] < row["end"] <= len(text)


class TestBatch:
    """Many articles in one request."""

    def test_one_bad_article_costs_only_itself(self, client: TestClient) -> None:
        sent = [
            {"text": RIVER},
            {"text": 7},
            {"html": "<html><body>no</body></html>"},
            "text",
            {"text": "The fault is ours."},
            {"html": LONG_PAGE},
            {"text": "It rained.", "id": "last"},
        ]
        answer = post(client, "/batches", articles=sent)
        results = answer.json()["results"]
        statuses = [200, 422, 422, 422, 500, 413, 200]
        assert [r["status"] for r in results] == statuses
        assert [r["found"] is None for r in results] == [s != 200 for s in statuses]
        assert [r["detail"] is None for r in results] == [s == 200 for s in statuses]

    def test_articles_are_answered_in_their_order(self, client: TestClient) -> None:
        sent = [{"text": f"It rained {n} days.", "id": str(n)} for n in range(9)]
        results = post(client, "/batches", articles=sent).json()["results"]
        assert [r["found"]["article"]["source_id"] for r in results] == list(
            "012345678"
        )

    @pytest.mark.parametrize("count", [0, 101])
    def test_a_batch_has_one_to_a_hundred_articles(
        self, client: TestClient, count: int
    ) -> None:
        sent = [{"text": "It rained."}] * count
        assert post(client, "/batches", articles=sent).status_code == 422


class TestRefusals:
    """What is no article, or too much, is refused in a line."""

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"null",
            b"[]",
            b"\xff\xfe",
            b"{}",
            b'{"text": ""}',
            b'{"text": null}',
            b'{"text": 1}',
            b'{"text": NaN}',
            b'{"text": "It rained.", "html": "<p>It rained."}',
            b'{"text": "It rained.", "lang": "en"}',
            b'{"text": "It rained.", "language": "english"}',
            b'{"text": "It rained.", "published": "03/04/2020"}',
            b'{"text": "It rained.", "id": "\\u0000"}',
            b'{"text": "\\ud800"}',
            b'{"text": "\\u0000"}',
            b'{"html": "<p>It rained."}',
            b"[" * 50_000,
            b'{"text":' * 10_000,
        ],
    )
    def test_a_body_that_is_no_article(self, client: TestClient, body: bytes) -> None:
        headers = {"content-type": "application/json"}
        answer = client.post("/articles", content=body, headers=headers)
        assert answer.status_code == 422
        assert isinstance(answer.json()["detail"], str)

    def test_what_another_site_can_send_through_a_browser_unasked(
        self, client: TestClient
    ) -> None:
        for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
            answer = client.post(
                "/articles",
                content=json.dumps({"text": RIVER}),
                headers={"content-type": kind},
            )
            assert answer.status_code == 422
        asked = {
            "origin": "http://evil.example",
            "access-control-request-method": "POST",
        }
        answer = client.options("/articles", headers=asked)
        assert answer.status_code == 405
        assert not [n for n in answer.headers if n.startswith("access-control")]

    @pytest.mark.parametrize(
        "body",
        [
            {"text": "It rained. " * 100},
            {"text": "It rained.", "title": "x" * 1_000},
            {"html": LONG_PAGE},
        ],
    )
    def test_an_article_that_is_too_long(self, client: TestClient, body: Any) -> None:
        answer = post(client, **body)
        assert answer.status_code == 413
        assert "at most 1,000" in answer.json()["detail"]

    def test_a_batch_that_is_too_long_together(self, client: TestClient) -> None:
        sent = [{"text": "It rained. " * 10}] * 10
        assert post(client, "/batches", articles=sent).status_code == 413

    @pytest.mark.parametrize("declared", [True, False])
    def test_a_huge_body_is_not_read_to_its_end(
        self, client: TestClient, declared: bool
    ) -> None:
        chunk, read = b" " * (1 << 19), []

        def chunks() -> Iterator[bytes]:
            for number in range(12):
                read.append(number)
                yield chunk

        content: Any = chunk * 12 if declared else chunks()
        headers = {"content-type": "application/json"}
        answer = client.post("/articles", content=content, headers=headers)
        assert answer.status_code == 413

    def test_a_fault_of_the_program_has_an_id_that_is_in_the_log_alone(
        self, client: TestClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        answer = post(client, text="The fault is ours.")
        assert answer.status_code == 500
        assert set(answer.json()) == {"detail", "id"}
        assert "secret" not in answer.text
        (record,) = [r for r in caplog.records if r.levelno == logging.ERROR]
        assert answer.json()["id"] in record.getMessage()
        assert "secret" in caplog.text
        assert post(client, text="It rained.").status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8766", 200),
        ("localhost", 200),
        ("[::1]:8766", 200),
        ("evil.example", 400),
        ("127.0.0.1.evil.example", 400),
        ("0.0.0.0:8766", 400),
        ("[", 400),
        ("", 400),
    ],
)
def test_a_name_that_was_pointed_at_this_machine_is_refused(
    client: TestClient, host: str, status: int
) -> None:
    assert client.get("/health/live", headers={"host": host}).status_code == status


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"Bearer {TOKEN[:-1]}", 401),
        (f"Bearer {TOKEN}x", 401),
        (TOKEN, 401),
        (f"Basic {TOKEN}", 401),
        ("Bearer", 401),
        ("Bearer \u00e9", 401),
        ("", 401),
    ],
)
def test_only_who_bears_the_token_is_answered(
    scorer: Scorer, header: str, status: int
) -> None:
    client = TestClient(create_app(scorer, TOKEN), base_url="http://any.example")
    headers = {b"authorization": header.encode("latin-1")}
    for path in ("/metrics", "/openapi.json"):
        assert client.get(path, headers=headers).status_code == status
    answer = client.post("/articles", json={"text": "It rained."}, headers=headers)
    assert answer.status_code == status
    assert client.get("/nowhere").status_code == 401
    assert client.get("/health/ready").status_code == 200


class TestHealth:
    """Live from the start; ready from the model on, until told to stop."""

    def test_while_the_model_loads_and_when_told_to_stop(self, tagger: Tagger) -> None:
        loaded = Event()

        def load() -> Model:
            loaded.wait(20)
            return Model(tagger)

        scorer = Scorer(load, SMALL)
        client = TestClient(create_app(scorer), base_url=HERE)
        scorer.start()

        def asked() -> list[int]:
            answers = [client.get(f"/health/{what}") for what in ("live", "ready")]
            answers.append(post(client, text="It rained."))
            return [answer.status_code for answer in answers]

        assert asked() == [200, 503, 503]
        loaded.set()
        until(lambda: scorer.ready)
        assert asked() == [200, 200, 200]
        scorer.refuse_more()
        assert asked() == [200, 503, 503]
        answer = post(client, text="It rained.")
        assert answer.headers["connection"] == "close"
        scorer.stop(20)

    def test_a_model_that_cannot_be_loaded_ends_the_service(self) -> None:
        def load() -> Model:
            raise BadModel("no such model")

        scorer, sock = Scorer(load, SMALL), socket.create_server(("127.0.0.1", 0))
        # A thread has no event loop of a browser test in it.
        with ThreadPoolExecutor(1) as elsewhere:
            served = elsewhere.submit(server.serve, scorer, sock, grace=1)
            with pytest.raises(BadModel, match="no such model"):
                served.result()


def test_what_was_done_is_counted(client: TestClient) -> None:
    post(client, text=RIVER)
    post(client, text="The fault is ours.")
    client.get("/<script>")
    lines = set(client.get("/metrics").text.splitlines())
    assert lines > {
        'annotator_requests_total{route="/articles",status="200"} 1.0',
        'annotator_requests_total{route="/articles",status="500"} 1.0',
        'annotator_requests_total{route="other",status="404"} 1.0',
        'annotator_articles_total{outcome="scored"} 1.0',
        'annotator_articles_total{outcome="failed"} 1.0',
        "annotator_sentences_total 3.0",
        "annotator_batch_articles_count 2.0",
        "annotator_queue_seconds_count 2.0",
        "annotator_model_seconds_count 2.0",
        "annotator_queue_characters 0.0",
    }


class TestTogether:
    """Requests that arrive together are tagged together."""

    def test_batches_form_and_each_answer_is_that_of_its_article_alone(
        self, tagger: Tagger
    ) -> None:
        gated = Gated(tagger)
        scorer = scorer_of(gated, Limits(batch=8))
        gated.batches.clear()
        gated.gate.clear()
        texts = [f"{RIVER} The army was in the city {n} days." * 3 for n in range(20)]
        with listening(scorer) as (_, port), ThreadPoolExecutor(20) as clients:

            def ask(text: str) -> Any:
                sent = {"text": text, "title": "The army was in the city"}
                url = f"{HERE}:{port}/articles"
                return httpx.post(url, json=sent, timeout=30).json()

            asked = [clients.submit(ask, text) for text in texts]
            until(lambda: scorer.room.taken >= sum(map(len, texts)))
            gated.gate.set()
            answered = [one.result()["found"] for one in asked]
        sizes = [len(batch) for batch in gated.batches]
        assert max(sizes) == 8
        assert sum(sizes) == 20
        for text, found in zip(texts, answered, strict=True):
            body = ArticleBody(text=text, title="The army was in the city")
            article = Article(body.article_id, "", text, title=body.title)
            alone = answers.Found.of(score_article(article, tagger)).model_dump()
            assert without_figures(found) == without_figures(alone)
            for one, other in zip(found["sentences"], alone["sentences"], strict=True):
                assert probabilities(one) == pytest.approx(
                    probabilities(other), abs=1e-3
                )

    def test_a_request_whose_client_has_gone_is_not_scored(
        self, gated: Gated, scorer: Scorer, caplog: pytest.LogCaptureFixture
    ) -> None:
        gated.gate.clear()
        with listening(scorer) as (_, port):
            first = raw(port, text="The first is at work.")
            gated.at_work.wait(20)
            held = scorer.room.taken
            gone = raw(port, text="The second has gone.")
            until(lambda: scorer.room.taken > held)
            gone.close()
            until(lambda: scorer.room.taken == held)
            third = raw(port, text="The third waits.")
            until(lambda: scorer.room.taken > held)
            gated.gate.set()
            for asking in (first, third):
                assert asking.recv(100).startswith(b"HTTP/1.1 200")
                asking.close()
        assert gated.batches == [["The first is at work."], ["The third waits."]]
        assert not caplog.records


def without_figures(found: dict[str, Any]) -> str:
    """Everything but what depends on how a batch was padded."""
    return re.sub(r"\d\.\d+(e-\d+)?|\d+%", "0", json.dumps(found, sort_keys=True))


def probabilities(row: dict[str, Any]) -> list[float]:
    return [value for name, value in row.items() if name.startswith("p_")]


def raw(port: int, **body: Any) -> socket.socket:
    """Send a request, and read nothing yet."""
    sent = json.dumps(body).encode()
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.sendall(
        b"POST /articles HTTP/1.1\r\nhost: localhost\r\n"
        b"content-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
        % (len(sent), sent)
    )
    return connection


class TestFull:
    """Beyond the queue, clients are told when to ask again."""

    def test_a_full_queue_refuses_until_there_is_room(
        self, gated: Gated, scorer: Scorer
    ) -> None:
        gated.gate.clear()
        long = "It rained. " * 90
        with listening(scorer) as (_, port), ThreadPoolExecutor(2) as clients:

            def ask() -> httpx.Response:
                url = f"{HERE}:{port}/articles"
                return httpx.post(url, json={"text": long}, timeout=30)

            held = [clients.submit(ask) for _ in range(2)]
            until(lambda: scorer.room.taken > 2 * len(long))
            refused = ask()
            assert refused.status_code == 429
            assert int(refused.headers["retry-after"]) >= 1
            gated.gate.set()
            assert [one.result().status_code for one in held] == [200, 200]
            assert ask().status_code == 200

    def test_nothing_is_promised_before_a_rate_is_known(self) -> None:
        assert told(Room(100, clock=lambda: 0.0), [100, 10]) == [0, 1]

    @pytest.mark.parametrize(
        ("asked", "waits"),
        [
            # 10 characters a second; each behind those that were refused before it.
            ([100, 10, 10, 10], [0, 1, 2, 3]),
            ([100, 50, 10], [0, 5, 10]),
            ([50, 60, 50], [0, 1, 0]),
            ([100, 100, 100, 100], [0, 10, 10, 10]),
        ],
    )
    def test_clients_come_back_as_fast_as_articles_are_scored(
        self, asked: list[int], waits: list[int]
    ) -> None:
        room = Room(100, clock=lambda: 1_000.0)
        room.scored(200, 20.0)
        assert told(room, asked) == waits

    def test_the_rate_follows_the_machine(self) -> None:
        room = Room(100, clock=lambda: 0.0)
        room.scored(100, 1.0)
        for _ in range(60):
            room.scored(100, 100.0)
        assert told(room, [100, 30]) == [0, 30]

    @pytest.mark.parametrize(
        ("asked", "waits"),
        [
            # 1 character a second: 30 in the longest wait, with room for 100.
            ([20, 10, 1], [0, 0, 1]),
            ([20, 20, 20], [0, 10, 30]),
            ([90, 1], [0, 30]),
        ],
    )
    def test_a_slow_machine_holds_no_more_than_clients_will_wait_for(
        self, asked: list[int], waits: list[int]
    ) -> None:
        room = Room(100, clock=lambda: 0.0)
        room.scored(20, 20.0)
        assert told(room, asked) == waits

    @given(asked=st.lists(st.integers(1, 100), max_size=30))
    def test_no_more_is_held_than_there_is_room_for(self, asked: list[int]) -> None:
        room = Room(100)
        with ExitStack() as holding:
            for characters in asked:
                with suppress(Full):
                    holding.enter_context(room.hold(characters))
                assert room.taken <= 100
        assert room.taken == 0

    @given(
        asked=st.lists(st.integers(1, 100), max_size=30),
        rate=st.floats(0.5, 1e6),
    )
    def test_nobody_is_sent_away_for_longer_than_a_full_queue_takes(
        self, asked: list[int], rate: float
    ) -> None:
        room = Room(100, clock=lambda: 5.0)
        room.scored(1_000, 1_000 / rate)
        assert all(waits <= 100 / rate + 1 for waits in told(room, asked))

    def test_a_queue_holds_the_largest_request(self) -> None:
        with pytest.raises(ValueError, match="cannot hold a request"):
            Limits(queue=10, max_characters=11)


def told(room: Room, asked: Sequence[int]) -> list[int]:
    """Seconds to wait of each that asks, 0 where it is let in, and stays."""
    waits = []
    with ExitStack() as holding:
        for characters in asked:
            try:
                holding.enter_context(room.hold(characters))
                waits.append(0)
            except Full as full:
                waits.append(full.retry_after)
    return waits


class TestLine:
    """First come, first served, in batches."""

    @staticmethod
    def line_of(*lengths: int) -> tuple[Line, list[Future[Any]]]:
        line = Line()
        return line, [line.put(Article(str(n), "", "x" * n)) for n in lengths]

    @pytest.mark.parametrize(
        ("lengths", "batches"),
        [
            ([1, 2, 3, 4, 5], [[1, 2, 3], [4, 5]]),
            ([9, 2, 1], [[9], [2, 1]]),
            ([5, 5, 1], [[5, 5], [1]]),
            ([99, 99], [[99], [99]]),
        ],
    )
    def test_a_batch_has_three_articles_or_ten_characters(
        self, lengths: list[int], batches: list[list[int]]
    ) -> None:
        line, _ = self.line_of(*lengths)
        taken = [[w.characters for w in line.take(3, 10)] for _ in batches]
        assert taken == batches

    def test_what_nobody_waits_for_is_passed_over(self) -> None:
        line, answers = self.line_of(9, 2, 3)
        answers[0].cancel()
        assert [w.characters for w in line.take(3, 10)] == [2, 3]

    def test_closing_cancels_what_waits(self) -> None:
        line, (answer,) = self.line_of(1)
        line.close()
        assert answer.cancelled()
        assert line.take(3, 10) == []
        with pytest.raises(Closed):
            line.put(Article("2", "", "x"))


class TestSlowClients:
    """They are dropped, and cost no connection for long."""

    @pytest.fixture(autouse=True)
    def impatient(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(server, "PATIENCE", 0.3)

    @pytest.mark.parametrize(
        "beginning",
        [
            b"",
            b"GET /health/live HTTP/1.1\r\nhost: loc",
            b"POST /articles HTTP/1.1\r\nhost: localhost\r\n"
            b"content-type: application/json\r\ncontent-length: 99\r\n\r\n{",
        ],
    )
    def test_who_does_not_finish_a_request(
        self, scorer: Scorer, beginning: bytes
    ) -> None:
        with (
            listening(scorer) as (running, port),
            socket.create_connection(("127.0.0.1", port)) as connection,
        ):
            connection.sendall(beginning)
            until(lambda: running.server_state.connections)
            until(lambda: not running.server_state.connections, 3)

    def test_who_does_not_finish_the_next_request(self, scorer: Scorer) -> None:
        with (
            listening(scorer) as (running, port),
            socket.create_connection(("127.0.0.1", port)) as connection,
        ):
            connection.sendall(b"GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n")
            assert connection.recv(1_000).startswith(b"HTTP/1.1 200")
            connection.sendall(b"GET /hea")
            until(lambda: not running.server_state.connections, 3)

    def test_who_does_not_take_an_answer(self, scorer: Scorer) -> None:
        with (
            listening(scorer) as (running, port),
            socket.create_connection(("127.0.0.1", port)) as connection,
        ):
            connection.settimeout(1)
            ask = b"GET /openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n"
            try:
                for _ in range(1_000):
                    connection.sendall(ask)
            except OSError:
                pass
            until(lambda: not running.server_state.connections, 5)

    def test_an_answer_that_takes_long_is_waited_for(
        self, gated: Gated, scorer: Scorer
    ) -> None:
        gated.gate.clear()
        with listening(scorer) as (_, port), raw(port, text="It rained.") as asking:
            time.sleep(0.6)
            gated.gate.set()
            assert asking.recv(100).startswith(b"HTTP/1.1 200")


class TestStopping:
    """What was taken is answered, what is new refused."""

    def test_time_that_runs_out_is_told_to_those_who_wait(
        self, gated: Gated, scorer: Scorer
    ) -> None:
        gated.gate.clear()
        with listening(scorer, grace=0.2) as (running, port):
            at_work = raw(port, text="It rained.")
            gated.at_work.wait(20)
            held = scorer.room.taken
            waits = raw(port, text="It snowed.")
            until(lambda: scorer.room.taken > held)
            running.handle_exit(signal.SIGTERM, None)
            assert waits.recv(100).startswith(b"HTTP/1.1 503")
            gated.gate.set()
            assert at_work.recv(100).startswith(b"HTTP/1.1 200")
            at_work.close()
            waits.close()

    def test_a_batch_that_does_not_end_is_not_waited_for(
        self, gated: Gated, scorer: Scorer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(server, "LAST_WORDS", 0.3)
        gated.gate.clear()
        with (
            listening(scorer, grace=0.1) as (running, port),
            raw(port, text="It rained.") as asking,
        ):
            gated.at_work.wait(20)
            running.handle_exit(signal.SIGTERM, None)
            assert asking.recv(100).startswith(b"HTTP/1.1 503")

    def test_sigterm_while_the_model_loads(self, tiny_model: Path) -> None:
        with served(tiny_model) as (process, port):
            until(lambda: httpx.get(f"{HERE}:{port}/health/live", timeout=30))
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0

    def test_sigterm_finishes_what_was_taken_and_exits_with_0(
        self, tiny_model: Path
    ) -> None:
        with served(tiny_model, "--batch", "1") as (process, port):
            until(lambda: ready(port), 90)
            articles = [{"text": f"{RIVER} It rained {n} days."} for n in range(60)]
            with ThreadPoolExecutor(1) as clients:
                sent = {"articles": articles}
                url = f"{HERE}:{port}/batches"
                asked = clients.submit(httpx.post, url, json=sent, timeout=60)
                until(lambda: held(port) > 0)
                process.send_signal(signal.SIGTERM)
                until(lambda: not ready(port))
                url = f"{HERE}:{port}/articles"
                refused = httpx.post(url, json=articles[0], timeout=30)
                assert refused.status_code == 503
                assert refused.headers["connection"] == "close"
                results = asked.result().json()["results"]
            assert [r["status"] for r in results] == [200] * 60
            assert process.wait(60) == 0
            assert process.stderr
            assert process.stderr.read() == "Stopped.\n"


@contextmanager
def served(model: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The command itself; killed if it is still there."""
    command = [sys.executable, "-m", "annotator", "serve", "--port", "0"]
    command += ["--model", str(model), *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            told = process.stderr.readline()
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", told)
            assert found, told
            yield process, int(found[1])
        finally:
            process.kill()


def ready(port: int) -> bool:
    # While it loads the model it may be slow to say that it does.
    return httpx.get(f"{HERE}:{port}/health/ready", timeout=30).status_code == 200


def held(port: int) -> float:
    text = httpx.get(f"{HERE}:{port}/metrics", timeout=30).text
    (value,) = re.findall(r"^annotator_queue_characters (\S+)$", text, re.M)
    return float(value)


class TestCommand:
    """Options that would leave the service open, or stuck, are refused."""

    @pytest.mark.parametrize(
        ("options", "word"),
        [
            (["--host", "0.0.0.0"], "token-file"),
            (["--queue", "10", "--max-characters", "11"], "cannot hold"),
            (["--token-file", "short"], "at least 32"),
            (["--token-file", "spaced"], "one word"),
            (["--token-file", "missing"], "cannot be read"),
        ],
    )
    def test_options(
        self,
        options: list[str],
        word: str,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        from annotator.cli.serve import serve

        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("COLUMNS", "400")
        Path("short").write_text("abc")
        Path("spaced").write_text("abc " * 20)
        app = typer.Typer()
        app.command()(serve)
        done = CliRunner().invoke(app, [*options, "--port", "0"])
        assert done.exit_code == 2
        assert word in done.output


def test_nothing_that_is_sent_breaks_the_service(client: TestClient) -> None:
    schema = schemathesis.openapi.from_dict(client.app.openapi())  # type: ignore[attr-defined]
    schema.app = client.app
    answered = set()
    with get_client(client.app) as session:
        for operation in (found.ok() for found in schema.get_all_operations()):
            for mode in GenerationMode if operation.body else [GenerationMode.POSITIVE]:

                @settings(
                    max_examples=5,
                    derandomize=True,
                    database=None,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                )
                @given(case=operation.as_strategy(generation_mode=mode))
                def send(case: Any) -> None:
                    answer = case.call(base_url=HERE, session=session)
                    checks = [not_a_server_error, response_schema_conformance]
                    case.validate_response(answer, checks=checks)
                    answered.add((case.operation.label, answer.status_code))

                send()
    assert answered >= {
        ("POST /articles", 200),
        ("POST /articles", 422),
        ("POST /batches", 200),
        ("POST /batches", 422),
        ("GET /health/live", 200),
        ("GET /health/ready", 200),
        ("GET /metrics", 200),
    }


def test_the_interface_says_what_offsets_count(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert "code points of `article.text`" in described["info"]["description"]
    assert [client.get(path).status_code for path in ("/docs", "/redoc")] == [404, 404]


def test_the_shipped_model_answers() -> None:
    scorer = scorer_of(Tagger("compact"), Limits())
    client = TestClient(create_app(scorer), base_url=HERE)
    found = post(client, text=RIVER).json()["found"]
    labels = ["reported_fact", "attributed_claim", "attributed_claim"]
    assert [s["label"] for s in found["sentences"]] == labels
    assert [a["source"] for a in found["attributions"]] == ["The mayor", "Ana Ferrow"]
    scorer.stop(20)

"""Who gets in, what they may do, and what hostile requests come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from reviewing import ORIGIN, Client, Team, csrf_on, new_id
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.python.asgi import get_client
from starlette.testclient import TestClient

from annotator.errors import BadAccount
from annotator.review import Desk, Options, create_app
from annotator.review.auth import PER_ADDRESS, PER_NAME, SignInLimits
from annotator.review.guards import HEADERS, LARGEST_BODY
from annotator.store.reviews import ReviewLog

pytest_plugins = ["reviewing"]

PASSWORD: Final = "herons wade in cold water"

DECISION: Final = {
    "decision_id": "0" * 32,
    "sentence_id": "a:1",
    "action": "label",
    "label": "opinion",
}
FORM: Final = {"name": "Ana", "password": "wrong wrong wrong"}

RIGHTS: Final = {
    # route: (body, nobody, reviewer, adjudicator)
    "GET /sign-in": (None, 200, 200, 200),
    "POST /sign-in": (FORM, 401, 401, 401),
    "POST /sign-out": ({}, 303, 303, 303),
    "GET /invite/{token}": (None, 200, 200, 200),
    "POST /invite/{token}": ({"password": PASSWORD}, 410, 410, 410),
    "GET /": (None, 303, 200, 200),
    "GET /dashboard": (None, 303, 200, 200),
    "GET /adjudicate": (None, 303, 403, 200),
    "GET /openapi.json": (None, 401, 200, 200),
    "GET /api/me": (None, 401, 200, 200),
    "GET /api/facets": (None, 401, 200, 200),
    "GET /api/queue": (None, 401, 200, 200),
    "GET /api/next": (None, 401, 200, 200),
    "GET /api/items/{sentence_id}": (None, 401, 200, 200),
    "GET /api/articles/{article_id}": (None, 401, 200, 200),
    "GET /api/progress": (None, 401, 200, 200),
    "GET /api/dashboard": (None, 401, 200, 200),
    "POST /api/decisions": (DECISION, 401, 201, 201),
    "GET /api/disputes": (None, 401, 403, 200),
    "GET /api/accounts": (None, 401, 403, 200),
    "POST /api/accounts": ({"name": "New"}, 401, 403, 201),
    "POST /api/assignments": ({"reviewers": ["Ana"]}, 401, 403, 201),
    "GET /api/decisions.jsonl": (None, 401, 403, 200),
}
PLACES: Final = {"token": "none", "sentence_id": "a:1", "article_id": "a"}


def routes(found: Iterable[Any]) -> Iterator[str]:
    """Give method and path of each route, those of routers too."""
    for route in found:
        if router := getattr(route, "original_router", None):
            yield from routes(router.routes)
        for method in getattr(route, "methods", None) or ():
            yield f"{method} {route.path}"


def ask(client: Client, route: str, body: dict[str, Any] | None) -> int:
    """Send one request of the table."""
    method, path = route.split()
    url = path.format(**PLACES)
    if body is DECISION:
        body = DECISION | {"decision_id": new_id(), "after": last_on(client)}
    form = not path.startswith("/api/")
    sent: dict[str, Any] = {"data": body} if form else {"json": body}
    answer = client.request(method, url, **(sent if body is not None else {}))
    return answer.status_code


def last_on(client: Client) -> str | None:
    """Give the id of the last decision on the sentence of the table, if one may ask."""
    answer = client.get("/api/items/a:1")
    return answer.json()["last"] if answer.status_code == 200 else None


def test_every_route_says_who_may_use_it(alone: Client) -> None:
    assert set(routes(alone.app.routes)) == set(RIGHTS)


@pytest.mark.parametrize("route", RIGHTS)
def test_rights(route: str, team: Team, log: ReviewLog) -> None:
    body, *expected = RIGHTS[route]
    ana, judge = team("Ana"), team("Judge", "adjudicator")
    nobody = Client(ana.app)
    assert [ask(c, route, body) for c in (nobody, ana, judge)] == expected


def test_a_role_that_is_taken_away_counts_from_the_next_request(
    team: Team, log: ReviewLog
) -> None:
    judge = team("Judge", "adjudicator")
    log.set_role("Judge", "reviewer")
    assert judge.get("/api/disputes").status_code == 403


@pytest.mark.parametrize(
    "forged",
    [
        {"turn": "adjudication"},
        {"role": "adjudicator"},
        {"reviewer": "Judge"},
        {"machine_label": "opinion"},
        {"at": "2031-01-01T00:00:00Z"},
    ],
)
def test_a_reviewer_cannot_decide_as_somebody_else(
    team: Team, log: ReviewLog, forged: dict[str, str]
) -> None:
    answer = team("Ana").post("/api/decisions", json=DECISION | forged)
    assert answer.status_code in (403, 422)
    assert log.count() == 0


class TestForgery:
    """A request that another page sends in somebody's name is refused."""

    @pytest.mark.parametrize(
        "changed",
        [
            {"x-csrf": ""},
            {"x-csrf": "0" * 64},
            {"x-csrf": "\N{LATIN SMALL LETTER E WITH ACUTE}".encode("latin-1")},
            {"origin": ""},
            {"origin": "null"},
            {"origin": "http://evil.example"},
            {"origin": "http://127.0.0.1:1"},
            {"origin": "http://127.0.0.1:8765.evil.example"},
            {"origin": "http://[bad"},
        ],
    )
    def test_without_token_or_from_elsewhere(
        self, alone: Client, log: ReviewLog, changed: dict[str, Any]
    ) -> None:
        answer = alone.post("/api/decisions", json=DECISION, headers=changed)
        assert answer.status_code == 403
        assert log.count() == 0

    def test_with_the_token_of_another_session(self, team: Team) -> None:
        ana, bo = team("Ana"), team("Bo")
        stolen = {"x-csrf": bo.headers["x-csrf"]}
        answer = ana.post("/api/decisions", json=DECISION, headers=stolen)
        assert answer.status_code == 403

    def test_a_form_carries_the_token_in_a_field(self, alone: Client) -> None:
        token = alone.headers.pop("x-csrf")
        for csrf, status in ((token, 401), ("0" * 64, 403), (None, 403)):
            form = FORM | ({"csrf": csrf} if csrf else {})
            assert alone.post("/sign-in", data=form).status_code == status

    def test_without_a_cookie(self, alone: Client) -> None:
        alone.cookies.clear()
        assert alone.post("/api/decisions", json=DECISION).status_code == 403


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8765", 200),
        ("localhost:9000", 200),
        ("LOCALHOST", 200),
        ("[::1]:8765", 200),
        ("evil.example", 400),
        ("127.0.0.1.evil.example", 400),
        ("192.168.1.7:8765", 400),
        ("[", 400),
        ("", 400),
    ],
)
def test_a_name_that_was_pointed_at_this_machine_is_refused(
    alone: Client, host: str, status: int
) -> None:
    assert alone.get("/api/me", headers={"host": host}).status_code == status


@pytest.mark.parametrize(
    ("options", "host", "status"),
    [
        ({"host": "192.168.1.7"}, "192.168.1.7:8765", 200),
        ({"host": "192.168.1.7"}, "192.168.1.8:8765", 400),
        ({"host": "0.0.0.0"}, "192.168.1.8:8765", 200),
        ({"host": "0.0.0.0"}, "evil.example:8765", 400),
        ({"url": "https://review.example"}, "review.example", 200),
        ({"url": "https://review.example"}, "evil.example", 400),
    ],
)
def test_a_server_for_others_knows_the_names_it_was_given(
    team: Team, options: dict[str, str], host: str, status: int
) -> None:
    ana = team("Ana", **options)
    assert ana.get("/sign-in", headers={"host": host}).status_code == status


@pytest.mark.parametrize(
    "options", [Options(host="0.0.0.0"), Options(url="https://review.example")]
)
def test_a_server_for_others_does_not_start_without_accounts(
    river: Desk, log: ReviewLog, options: Options
) -> None:
    with pytest.raises(BadAccount, match="annotator account"):
        create_app(river, log, options)


def test_the_first_account_ends_being_alone(alone: Client, log: ReviewLog) -> None:
    body = {"name": "Ana"}
    assert alone.post("/api/accounts", json=body).status_code == 422
    made = alone.post("/api/accounts", json=body | {"role": "adjudicator"})
    assert made.json()["invite"].startswith("/invite/")
    assert alone.get("/api/me").status_code == 401


@pytest.mark.parametrize(
    "path", ["/sign-in", "/", "/api/me", "/api/nothing", "/static/page.css"]
)
def test_every_answer_is_kept_apart_from_other_sites(alone: Client, path: str) -> None:
    headers = alone.get(path).headers
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in headers["content-security-policy"]
    expected = "no-cache" if path.startswith("/static/") else "no-store"
    assert headers["cache-control"] == expected


@pytest.mark.parametrize(
    ("url", "begins", "secure"),
    [(None, "annotator-", False), ("https://review.example", "__Host-", True)],
)
def test_scripts_and_other_sites_cannot_use_the_cookie(
    team: Team, url: str | None, begins: str, secure: bool
) -> None:
    fresh = TestClient(team("Ana", url=url).app, base_url=ORIGIN)
    cookie = fresh.get("/sign-in").headers["set-cookie"]
    assert cookie.startswith(begins)
    parts = {part.strip().lower() for part in cookie.split(";")}
    assert {"httponly", "samesite=strict", "path=/"} <= parts
    assert ("secure" in parts) == secure


class TestSigningIn:
    """Names and passwords, and how often they may be wrong."""

    @pytest.fixture
    def door(self, team: Team, log: ReviewLog) -> Client:
        client = Client(team("Ana").app)
        log.set_password("Ana", PASSWORD)
        return client

    def enter(self, door: Client, name: str, password: str) -> Any:
        return door.post("/sign-in", data={"name": name, "password": password})

    def test_the_right_password_opens_a_session_and_signing_out_ends_it(
        self, door: Client
    ) -> None:
        assert self.enter(door, "ana", PASSWORD).status_code == 303
        assert door.get("/api/me").json()["name"] == "Ana"
        session = dict(door.cookies)
        door.headers["x-csrf"] = csrf_on(door.get("/").text)
        assert door.post("/sign-out").status_code == 303
        door.cookies.update(session)
        assert door.get("/api/me").status_code == 401

    def test_signing_in_changes_the_cookie(self, door: Client) -> None:
        before = dict(door.cookies)
        self.enter(door, "Ana", PASSWORD)
        assert dict(door.cookies).items().isdisjoint(before.items())

    def test_a_wrong_name_and_a_wrong_password_look_alike(self, door: Client) -> None:
        pages = [self.enter(door, name, "wrong").text for name in ("Ana", "Nobody")]
        assert pages[0] == pages[1]

    def test_a_name_is_closed_after_too_many_tries_however_it_is_written(
        self, door: Client
    ) -> None:
        for _ in range(PER_NAME.amount):
            assert self.enter(door, "Ana", "wrong").status_code == 401
        refused = self.enter(door, "ANA", PASSWORD)
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0
        assert self.enter(door, "Bo", "wrong").status_code == 401

    def test_an_address_is_closed_after_too_many_tries(self) -> None:
        limits, address = SignInLimits(), "192.168.1.7"
        tries = range(PER_ADDRESS.amount)
        assert all(limits.admits(f"name {i}", address) for i in tries)
        assert not limits.admits("one more", address)
        assert limits.admits("one more", "192.168.1.8")

    def test_a_session_ends_with_the_password(
        self, door: Client, log: ReviewLog
    ) -> None:
        self.enter(door, "Ana", PASSWORD)
        log.set_password("Ana", PASSWORD * 2)
        assert door.get("/api/me").status_code == 401

    @pytest.mark.parametrize("cookie", ["", "x", "0" * 5000, "a\\000b", '"'])
    def test_a_made_up_session_is_none(self, door: Client, cookie: str) -> None:
        door.cookies.clear()
        header = {"cookie": f"annotator-8765={cookie}"}
        assert door.get("/api/me", headers=header).status_code == 401


class TestInvitations:
    """A link that lets one person in, once."""

    def accept(self, door: Client, token: str, password: str = PASSWORD) -> int:
        return door.post(f"/invite/{token}", data={"password": password}).status_code

    def test_a_link_works_once_and_looking_does_not_use_it_up(
        self, team: Team, log: ReviewLog
    ) -> None:
        door = Client(team("Ana").app)
        token = log.invite("Ana", datetime.now(UTC))
        door.get(f"/invite/{token}")
        assert self.accept(door, token, "short") == 422
        assert self.accept(door, token) == 303
        assert door.get("/api/me").json()["name"] == "Ana"
        assert self.accept(Client(door.app), token) == 410

    def test_a_link_ends(self, team: Team, log: ReviewLog) -> None:
        door = Client(team("Ana").app)
        token = log.invite("Ana", datetime.now(UTC) - timedelta(hours=49))
        assert self.accept(door, token) == 410

    def test_a_new_link_for_an_account_keeps_its_role(self, team: Team) -> None:
        judge = team("Judge", "adjudicator")
        team("Ana")
        for role, status in (("reviewer", 201), ("adjudicator", 409)):
            body = {"name": "ana", "role": role}
            assert judge.post("/api/accounts", json=body).status_code == status


def test_a_name_that_is_markup_is_shown_as_text(team: Team) -> None:
    page = team("<script>x</script>").get("/").text
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


class TestHostileRequests:
    """They are refused, in one line, and nothing breaks."""

    @pytest.mark.parametrize(
        "path",
        [
            "/static/../app.py",
            "/static/..%2fapp.py",
            "/static/%2e%2e/app.py",
            "/static//etc/passwd",
            "/static/%00",
            "/api/items/..%2f..%2frun.json",
            "/api/items/%00",
            "/api/items/a%3A1%FF",
            "/api/articles/%ED%A0%80",
            "/docs",
            "/redoc",
            f"/{'x' * 5000}",
        ],
    )
    def test_a_path_to_somewhere_else_leads_nowhere(
        self, alone: Client, path: str
    ) -> None:
        assert alone.get(path).status_code in (404, 422)

    @pytest.mark.parametrize(
        "query",
        [
            "offset=99999999999999999999999999",
            "offset=-1",
            "limit=201",
            "limit=%00",
            "order=mood",
            "step=2",
            "since=tomorrow",
            "since=99999999999999999999999999",
            "contains=%00",
            "contains=" + "x" * 201,
            "label=",
            "sql=1",
            "after=%00",
        ],
    )
    def test_a_query_that_makes_no_sense_is_refused(
        self, alone: Client, query: str
    ) -> None:
        path = "next" if query.startswith(("step", "after")) else "queue"
        assert alone.get(f"/api/{path}?{query}").status_code == 422

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"\xff\xfe",
            b"null",
            b"[]",
            b'"\\ud800"',
            b'{"note": "\\ud800"}',
            b'{"\\ud800": 1}',
            b'{"seconds": NaN}',
            b'{"seconds": ' + b"9" * 5000 + b"}",
            b"[" * 30_000,
            b'{"decision_id":' * 2_000,
        ],
    )
    def test_a_body_that_is_no_decision_is_refused(
        self, alone: Client, body: bytes
    ) -> None:
        headers = {"content-type": "application/json"}
        answer = alone.post("/api/decisions", content=body, headers=headers)
        assert answer.status_code in (400, 422)
        assert isinstance(answer.json()["detail"], str)

    @pytest.mark.parametrize("declared", [True, False])
    def test_a_huge_body_is_refused_whether_or_not_it_says_so(
        self, alone: Client, declared: bool
    ) -> None:
        def chunks() -> Iterator[bytes]:
            for _ in range(3):
                yield b" " * (LARGEST_BODY // 2)

        content: Any = b"".join(chunks()) if declared else chunks()
        headers = {"content-type": "application/json"}
        answer = alone.post("/api/decisions", content=content, headers=headers)
        assert answer.status_code == 413

    def test_an_error_says_nothing_back(self, alone: Client) -> None:
        for path in ("/<script>x", "/api/<script>x", "/invite/" + "<script>x" * 99):
            assert "<script>x" not in alone.get(path).text

    def test_an_id_that_somebody_else_used_is_refused(self, team: Team) -> None:
        ana, bo, used = team("Ana"), team("Bo"), new_id()
        assert ana.decide("a:1", decision_id=used).status_code == 201
        answer = bo.decide("a:1", decision_id=used)
        assert answer.status_code == 409
        assert answer.json()["item"]["others"] == []


def fuzzed(client: Client, wanted: Callable[[str], bool]) -> dict[str, set[int]]:
    """Send what the interface allows, and what it does not, to each route.

    Gives the status codes that came back, by route; none is above 499.
    """
    schema = schemathesis.openapi.from_dict(client.app.openapi())
    schema.app = client.app
    found = [operation.ok() for operation in schema.get_all_operations()]
    asked = [o for o in found if wanted(o.label)]
    codes: defaultdict[str, set[int]] = defaultdict(set)
    # Making the first account ends being alone, so that goes last.
    asked.sort(key=lambda operation: operation.label == "POST /api/accounts")
    with get_client(client.app) as session:
        session.cookies.update(dict(client.cookies))
        session.headers.update({n: client.headers[n] for n in ("origin", "x-csrf")})
        for operation in asked:
            takes_something = any(operation.iter_parameters()) or operation.body
            for mode in (
                GenerationMode if takes_something else [GenerationMode.POSITIVE]
            ):

                @settings(
                    max_examples=4,
                    derandomize=True,
                    database=None,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                )
                @given(case=operation.as_strategy(generation_mode=mode))
                def send(case: Any) -> None:
                    answer = case.call(base_url=ORIGIN, session=session)
                    case.validate_response(answer, checks=[not_a_server_error])
                    codes[case.operation.label].add(answer.status_code)

                send()
    return codes


def test_nothing_that_is_sent_breaks_the_server(alone: Client) -> None:
    codes = fuzzed(alone, lambda route: True)
    assert set(codes) == {route for route in RIGHTS if "/api/" in route}
    reached = {200, 201, 204, 404, 422}
    assert not [route for route, found in codes.items() if found.isdisjoint(reached)]


def test_nothing_that_a_reviewer_sends_opens_an_adjudicators_route(team: Team) -> None:
    closed = {r for r, row in RIGHTS.items() if row[2] == 403 and "/api/" in r}
    codes = fuzzed(team("Ana"), closed.__contains__)
    assert set(codes) == closed
    assert set.union(*codes.values()) <= {400, 403, 405, 422}
    assert all(403 in found for found in codes.values())

"""What the review page is told, and what becomes of what it sends."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer
from reviewing import (
    DENIED,
    PLAIN,
    QUEUE,
    SAID,
    Client,
    Team,
    new_id,
    write_results,
)
from typer.testing import CliRunner

from annotator.cli.review import account, review
from annotator.decisions import Filter
from annotator.review import Desk, Options, create_app
from annotator.review.spreading import spread
from annotator.store import read_results
from annotator.store.reviews import ReviewLog, open_log

pytest_plugins = ["reviewing"]


def test_whoever_is_alone_may_do_everything(alone: Client) -> None:
    me = alone.get("/api/me").json()
    assert (me["role"], me["alone"]) == ("adjudicator", True)


def test_an_item_has_the_sentence_in_its_article_and_all_that_was_found(
    alone: Client,
) -> None:
    item = alone.item("a:1")
    assert item["text"] == SAID
    assert (
        item["article"] | {"outlet": "North Star", "title": "Ice, part a"}
        == item["article"]
    )
    assert [(n["text"], n["gap"]) for n in item["before"]] == [(PLAIN, "paragraph")]
    assert [n["gap"] for n in item["after"]] == ["paragraph", "space"]
    assert item["machine"]["label"] == "attributed_claim"
    assert item["machine"]["probabilities"]["attributed_claim"] == 0.7
    assert item["machine"]["reasons"] == ["no source that could be asked"]


def test_spans_count_code_points_into_the_sentence(alone: Client) -> None:
    for sentence_id, marked in {
        "a:1": ["The ferry board", "said", "nine piers had closed"],
        "a:2": ["greedy guild"],
    }.items():
        item = alone.item(sentence_id)
        spans = [item["text"][s["start"] : s["end"]] for s in item["spans"]]
        assert spans == marked


def test_who_says_it_comes_with_the_grade_and_its_reasons(alone: Client) -> None:
    (said,) = alone.item("a:1")["attributions"]
    assert said["resolved_source"] == "Ferry Board"
    assert said["grade"] == {
        "reliability": "C",
        "credibility": "5",
        "reasons": ["Ferry Board: C.", "This claim: 5."],
    }


@pytest.mark.parametrize(("asked", "other"), [("a:1", DENIED), ("b:0", SAID)])
def test_either_side_of_a_contradiction_shows_the_other(
    alone: Client, asked: str, other: str
) -> None:
    (related,) = alone.item(asked)["related"]
    assert (related["relation"], related["text"]) == ("contradicts", other)


def test_an_article_is_given_sentence_by_sentence(alone: Client) -> None:
    article = alone.get("/api/articles/a").json()
    assert [s["gap"] for s in article["sentences"]] == [
        "paragraph",
        "space",
        "paragraph",
        "space",
    ]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, QUEUE),
        ({"outlet": "South Wind"}, ["b:0", "b:1"]),
        ({"outlet": ""}, ["c:1"]),
        ({"topic": ""}, ["c:1"]),
        ({"label": "attributed_claim"}, ["a:1", "b:0"]),
        ({"source": "Ferry Board", "outlet": "North Star"}, ["a:1"]),
        ({"contains": "NO PIER"}, ["b:0"]),
        ({"since": "2031-01-10"}, ["b:0", "b:1"]),
        ({"until": "2031-01-09"}, ["a:1", "a:2"]),
        ({"offset": 3}, ["b:1", "c:1"]),
        ({"limit": 2}, ["a:1", "a:2"]),
        ({"state": "decided"}, []),
    ],
)
def test_the_queue_is_filtered(
    alone: Client, wanted: dict[str, Any], found: list[str]
) -> None:
    assert alone.ids(**wanted) == found


def test_facets_count_what_the_queue_holds(alone: Client) -> None:
    facets = alone.get("/api/facets").json()
    assert {f["value"]: f["count"] for f in facets["outlets"]} == {
        "North Star": 2,
        "South Wind": 2,
        "": 1,
    }
    assert facets["sources"] == [{"value": "Ferry Board", "count": 2}]
    assert facets["orders"][0] == "text"


def test_every_sentence_can_be_asked_about_instead_of_the_flagged(
    tmp_path: Path,
) -> None:
    every = Desk.open(write_results(tmp_path / "results"), every=True)
    assert len(every.items) == 8
    assert len(every.listing("priority", Filter(), 1).items) == 8


def test_a_decided_sentence_leaves_the_queue_and_comes_back_when_undone(
    alone: Client,
) -> None:
    assert alone.decide("a:1").status_code == 201
    assert alone.ids() == QUEUE[1:]
    assert alone.ids(state="decided") == ["a:1"]
    assert alone.decide("a:1", None, action="undo").status_code == 201
    assert alone.ids() == QUEUE


def test_a_skipped_sentence_is_neither_open_nor_decided(alone: Client) -> None:
    alone.decide("a:1", None, action="skip")
    counts = alone.get("/api/progress").json()
    assert (counts["open"], counts["decided"], counts["skipped"]) == (4, 0, 1)
    assert alone.ids(state="skipped") == ["a:1"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, "a:1"),
        ({"after": "a:1"}, "a:2"),
        ({"after": "c:1"}, "a:1"),
        ({"after": "c:1", "state": "all"}, None),
        ({"after": "a:2", "step": -1}, "a:1"),
        ({"after": "a:1", "step": -1}, None),
        ({"after": "gone:9"}, "a:1"),
        ({"contains": "nothing like it"}, None),
    ],
)
def test_the_next_sentence_goes_on_from_the_last(
    alone: Client, wanted: dict[str, Any], found: str | None
) -> None:
    answer = alone.get("/api/next", params=wanted)
    assert answer.status_code == (200 if found else 204)
    assert (answer.json()["sentence_id"] if found else None) == found


def test_a_decision_is_kept_with_all_that_was_shown(
    alone: Client, log: ReviewLog
) -> None:
    span = {"layer": "cue", "start": 0, "end": 4, "kind": "hearsay"}
    alone.decide("a:2", note="guilds 🦉", seconds=2.5, spans=[span])
    (kept,) = log.decisions()
    assert (kept.reviewer, kept.label, kept.note) == (
        "reviewer",
        "opinion",
        "guilds 🦉",
    )
    assert (kept.machine_label, kept.machine_confidence, kept.model) == (
        "unverifiable_allegation",
        0.7,
        "made@0",
    )
    assert kept.spans is not None
    assert kept.spans[0].span == (0, 4)
    assert alone.item("a:2")["my_spans"][0] | span == alone.item("a:2")["my_spans"][0]


def test_the_same_decision_sent_again_is_stored_once(
    alone: Client, log: ReviewLog
) -> None:
    sent = {"decision_id": new_id(), "after": None}
    codes = [alone.decide("a:1", **sent).status_code for _ in range(3)]
    assert codes == [201, 200, 200]
    assert log.count() == 1


def test_a_decision_on_an_old_state_is_refused_with_the_newer_one(
    alone: Client, log: ReviewLog
) -> None:
    alone.decide("a:1", "opinion")
    answer = alone.decide("a:1", "reported_fact", after=None)
    assert answer.status_code == 409
    assert answer.json()["item"]["mine"]["label"] == "opinion"
    assert log.count() == 1


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"sentence_id": "a:99"}, 404),
        ({"sentence_id": "nobody"}, 404),
        ({"label": "true"}, 422),
        ({"label": None}, 422),
        ({"action": "skip"}, 422),
        ({"decision_id": "1"}, 422),
        ({"seconds": -1}, 422),
        ({"note": "\0"}, 422),
        ({"note": "x" * 4_001}, 422),
        ({"spans": [{"layer": "cue", "start": 3, "end": 3}]}, 422),
        ({"spans": [{"layer": "cue", "start": 0, "end": 10_000}]}, 422),
        ({"spans": [{"layer": "mood", "start": 0, "end": 1}]}, 422),
        ({"reviewer": "somebody else"}, 422),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(
    alone: Client, log: ReviewLog, wrong: dict[str, Any], status: int
) -> None:
    body = {"decision_id": new_id(), "sentence_id": "a:1", "action": "label"}
    body |= {"label": "opinion", "after": None}
    assert alone.post("/api/decisions", json=body | wrong).status_code == status
    assert log.count() == 0


def test_two_people_on_one_sentence_do_not_touch_each_other(team: Team) -> None:
    ana, bo = team("Ana"), team("Bo")
    assert ana.decide("a:1", "opinion").status_code == 201
    assert bo.item("a:1")["others"] == []
    assert bo.decide("a:1", "reported_fact").status_code == 201
    assert ana.item("a:1")["mine"]["label"] == "opinion"
    assert [d["reviewer"] for d in bo.item("a:1")["others"]] == ["Ana"]


def test_a_dispute_is_settled_by_an_adjudicator(team: Team) -> None:
    ana, bo, judge = team("Ana"), team("Bo"), team("Judge", "adjudicator")
    ana.decide("a:1", "opinion")
    bo.decide("a:1", "reported_fact")
    (dispute,) = judge.get("/api/disputes").json()["items"]
    assert [d["reviewer"] for d in dispute["decisions"]] == ["Ana", "Bo"]
    settled = judge.decide("a:1", "attributed_claim", turn="adjudication")
    assert settled.status_code == 201
    assert judge.get("/api/disputes").json()["items"] == []
    assert ana.item("a:1")["adjudication"]["label"] == "attributed_claim"
    assert ana.item("a:1")["mine"]["label"] == "opinion"


def test_a_decision_made_through_another_process_is_seen(
    team: Team, log: ReviewLog, tmp_path: Path, river: Desk
) -> None:
    ana = team("Ana")
    assert ana.ids() == QUEUE
    with open_log(tmp_path) as theirs:
        other = Client(
            create_app(river, theirs, Options()), ana.cookies["annotator-8765"]
        )
        other.decide("a:1")
    assert ana.ids() == QUEUE[1:]


def test_whoever_is_assigned_sentences_sees_those_only(
    team: Team, log: ReviewLog
) -> None:
    ana = team("Ana")
    log.assign([("a:2", "Ana"), ("c:1", "Ana")])
    assert ana.ids() == ["a:2", "c:1"]
    assert ana.get("/api/items/a:1").status_code == 403
    assert ana.decide("a:1", after=None).status_code == 403
    assert ana.get("/api/next", params={"after": "a:2"}).json()["sentence_id"] == "c:1"
    assert ana.get("/api/progress").json()["open"] == 2


def test_an_adjudicator_spreads_the_queue_over_reviewers(
    team: Team, log: ReviewLog
) -> None:
    judge = team("Judge", "adjudicator")
    for name in ("Ana", "Bo", "Cy"):
        log.add_account(name, "reviewer")
    body = {"reviewers": ["ana", "Bo", "Cy"], "overlap": 2, "filter": {}}
    assert judge.post("/api/assignments", json=body).json() == {"assigned": 10}
    held = log.assignments()
    assert {len(names) for names in held.values()} == {2}
    assert sorted(held) == sorted(QUEUE)
    assert judge.post("/api/assignments", json=body).json() == {"assigned": 0}
    for wrong in ({"reviewers": ["Dee"]}, {"overlap": 4}):
        assert judge.post("/api/assignments", json=body | wrong).status_code == 422


def test_spreading_is_even_and_everybody_meets_everybody() -> None:
    names = ["Ana", "Bo", "Cy", "Dee"]
    ids = [f"s{i}" for i in range(200)]
    pairs = list(spread(ids, names, overlap=2, seed=1))
    loads = [sum(name == n for _, name in pairs) for n in names]
    assert max(loads) - min(loads) <= 1
    of: dict[str, set[str]] = {}
    for sentence_id, name in pairs:
        of.setdefault(sentence_id, set()).add(name)
    assert len({frozenset(both) for both in of.values()}) == 6
    assert pairs == list(spread(ids, names, overlap=2, seed=1))


def test_the_dashboard_adds_up(team: Team) -> None:
    ana, bo, judge = team("Ana"), team("Bo"), team("Judge", "adjudicator")
    ana.decide("a:2", "opinion", seconds=30)
    bo.decide("a:2", "opinion", seconds=10)
    ana.decide("b:0", "attributed_claim", seconds=20)
    found = judge.get("/api/dashboard").json()
    north = next(o for o in found["outlets"] if o["outlet"] == "North Star")
    assert (north["articles"], north["sentences"], north["flagged"]) == (1, 4, 2)
    assert (north["decided"], north["overridden"]) == (1, 1)
    assert north["shares"]["opinion"]["people"] == 1
    assert found["agreement"]["reviewers"] == ["Ana", "Bo"]
    assert found["agreement"]["alpha"]["sentences"] == 1
    every = next(
        o for o in found["overrides"] if (o["by"], o["shown"]) == ("all", "all")
    )
    assert (every["rate"]["count"], every["rate"]["total"]) == (2, 3)
    assert [p["minutes"] for p in found["pace"]] == [50 / 60, 10 / 60]


def test_the_pace_is_that_of_the_latest_decisions(alone: Client) -> None:
    for sentence_id in QUEUE[:3]:
        alone.decide(sentence_id, seconds=6)
    progress = alone.get("/api/progress").json()
    assert progress["per_minute"] == pytest.approx(10)
    assert progress["minutes_left"] == pytest.approx(0.2)
    assert progress["today"] == 3


def test_all_decisions_can_be_taken_away_at_any_time(alone: Client) -> None:
    alone.decide("a:1")
    alone.decide("a:1", None, action="undo")
    lines = alone.get("/api/decisions.jsonl").text.splitlines()
    assert [json.loads(line)["action"] for line in lines] == ["label", "undo"]


class TestBlind:
    """The machine's answer is not in what is sent, nor to be worked out of it."""

    def test_nothing_of_the_machine_is_sent_before_the_decision(
        self, team: Team
    ) -> None:
        ana = team("Ana", blind=True)
        item = ana.item("a:1")
        assert item["machine"] is None
        assert item["spans"] == item["attributions"] == item["related"] == []
        (listed,) = ana.get("/api/queue", params={"limit": 1}).json()["items"]
        assert (listed["machine_label"], listed["reasons"]) == (None, [])
        text = json.dumps(item) + json.dumps(listed)
        assert not [
            told for told in ("attributed_claim", "0.7", "made@0") if told in text
        ]

    def test_the_decision_shows_both_and_is_kept_as_blind(
        self, team: Team, log: ReviewLog
    ) -> None:
        ana = team("Ana", blind=True)
        answer = ana.decide("a:1", "opinion").json()
        assert answer["item"]["machine"]["label"] == "attributed_claim"
        assert answer["decision"]["machine_label"] == "attributed_claim"
        assert [d.blind for d in log.decisions()] == [True]

    def test_a_second_thought_is_not_blind_and_a_skip_shows_nothing(
        self, team: Team, log: ReviewLog
    ) -> None:
        ana = team("Ana", blind=True)
        skipped = ana.decide("a:1", None, action="skip").json()
        assert skipped["item"]["machine"] is None
        assert skipped["decision"]["machine_label"] is None
        for more in ({}, {"label": None, "action": "undo"}, {"blind": True}):
            ana.decide("a:1", **more)
        assert [d.blind for d in log.decisions()] == [True, True, False, False]

    def test_one_reviewers_decision_shows_nothing_to_another(self, team: Team) -> None:
        team("Ana", blind=True).decide("a:1", "opinion")
        bo = team("Bo", blind=True)
        assert bo.item("a:1")["machine"] is None
        assert bo.item("a:1")["others"] == []
        outlets = bo.get("/api/dashboard").json()["outlets"]
        shares = [s for o in outlets for s in o["shares"].values()]
        assert {share["share"] for share in shares} == {None}

    @pytest.mark.parametrize(
        "wanted",
        [{"label": "opinion"}, {"source": "Ferry Board"}, {"order": "allegation"}],
    )
    def test_what_would_tell_it_cannot_be_asked_for(
        self, team: Team, wanted: dict[str, str]
    ) -> None:
        ana = team("Ana", blind=True)
        for path in ("/api/queue", "/api/next"):
            assert ana.get(path, params=wanted).status_code == 422
        facets = ana.get("/api/facets").json()
        assert facets["labels"] == facets["sources"] == []
        assert "allegation" not in facets["orders"]

    def test_a_blind_review_does_not_start_in_an_order_that_tells(
        self, river: Desk, log: ReviewLog
    ) -> None:
        with pytest.raises(ValueError, match="allegation"):
            create_app(river, log, Options(blind=True, order="allegation"))


class TestCommands:
    """`annotator account` and what `annotator review` refuses before it listens."""

    @staticmethod
    def run(*arguments: str) -> Any:
        app = typer.Typer()
        app.command()(account)
        app.command()(review)
        return CliRunner().invoke(app, [*arguments])

    def test_an_account_is_entered_by_a_link(self, tmp_path: Path) -> None:
        said = self.run("account", str(tmp_path), "Ana", "--role", "adjudicator").output
        token = said.split("/invite/")[1].strip()
        with open_log(tmp_path) as log:
            found = log.account("ana")
            assert found is not None
            assert found.role == "adjudicator"
            assert log.redeem(token, datetime.now(UTC)) == found

    def test_a_role_is_kept_unless_another_is_asked_for(self, tmp_path: Path) -> None:
        for arguments, role in (
            ([], "reviewer"),
            (["--role", "adjudicator"], "adjudicator"),
            ([], "adjudicator"),
        ):
            assert self.run("account", str(tmp_path), "Ana", *arguments).exit_code == 0
            with open_log(tmp_path) as log:
                found = log.account("Ana")
            assert found is not None
            assert found.role == role

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (["--order", "mood"], "priority"),
            (["--blind", "--order", "allegation"], "uncertainty"),
            (["--host", "not an address"], "listen"),
        ],
    )
    def test_a_review_that_cannot_begin_says_why(
        self, tmp_path: Path, arguments: list[str], told: str
    ) -> None:
        done = self.run("review", str(tmp_path), "--port", "0", *arguments)
        assert done.exit_code != 0
        assert told in done.output

    @pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
    def test_a_review_that_is_stopped_brings_its_decisions_home(
        self, tmp_path: Path, stop: signal.Signals
    ) -> None:
        path = write_results(tmp_path / "results")
        command = [sys.executable, "-m", "annotator", "review", str(path), "--port=0"]
        with subprocess.Popen(
            [*command, "--blind"], stdout=subprocess.PIPE, text=True
        ) as server:
            assert server.stdout is not None
            address = next(
                line.split()[2] for line in server.stdout if line.startswith("Review")
            )
            page = httpx.get(address)
            csrf = re.search(r'name="csrf" content="([^"]+)"', page.text)
            assert csrf is not None
            done = httpx.post(
                f"{address}api/decisions",
                json={
                    "decision_id": new_id(),
                    "sentence_id": "a:1",
                    "action": "label",
                    "label": "opinion",
                },
                headers={"X-CSRF": csrf[1], "Origin": address.rstrip("/")},
                cookies=page.cookies,
            )
            assert done.status_code == 201, done.text
            server.send_signal(stop)
            assert "Stopped; 1 decision kept." in server.stdout.read()
        assert [d.label for d in read_results(path).decisions()] == ["opinion"]

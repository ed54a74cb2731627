"""What the log of a review promises: nothing acknowledged is lost, changed or twice."""

from __future__ import annotations

import itertools
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Thread
from time import sleep

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from annotator.errors import BadAccount, BadResults, StaleDecision
from annotator.records import Decision, MarkedSpan, Span
from annotator.store.reviews import ReviewLog, credentials, open_log, schema
from annotator.store.reviews.accounts import SESSION
from annotator.store.reviews.database import Turns, url_of

pytest_plugins = ["postgres"]

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
PASSWORD = "a quiet street at noon"
IDS = (f"{n:032x}" for n in itertools.count(1))


def decision(**changes: object) -> Decision:
    """Make a decision with an id of its own."""
    usual = {
        "decision_id": next(IDS),
        "sentence_id": "s1",
        "article_id": "a1",
        "reviewer": "ana",
        "action": "label",
        "label": "opinion",
        "spans": None,
        "note": "",
        "seconds": 2.5,
        "at": NOW,
        "blind": False,
        "turn": "review",
        "machine_label": "reported_fact",
        "machine_confidence": 0.61,
        "model": "compact 1f2e",
    }
    return Decision(**usual | changes)


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    if request.param == "sqlite":
        return tmp_path
    return str(request.getfixturevalue("postgres"))


@pytest.fixture
def log(where: Path | str) -> Iterator[ReviewLog]:
    with open_log(where) as log:
        yield log


WHOLE = [
    decision(),
    decision(action="skip", label=None),
    decision(action="undo", label=None, note="slipped"),
    decision(spans=(), blind=True),
    decision(note="“не факт” 🕊\N{ZERO WIDTH JOINER}\N{RIGHT-TO-LEFT OVERRIDE}'; --"),
    decision(at=NOW.replace(microsecond=123456), seconds=0.1 + 0.2, origin="doccano"),
    decision(
        spans=(
            MarkedSpan("source", Span(0, 8), kind="government"),
            MarkedSpan("loaded", Span(10, 14), polarity="-", voice="quoted"),
        )
    ),
]


@pytest.mark.parametrize("sent", WHOLE, ids=str)
def test_a_decision_comes_back_as_it_was_sent(sent: Decision, log: ReviewLog) -> None:
    assert log.record(sent, None) == sent
    assert list(log.decisions()) == [sent]


def test_what_no_database_can_hold_is_replaced_one_for_one(log: ReviewLog) -> None:
    stored = log.record(decision(note="a\0b\ud800c", sentence_id="s\0"), None)
    assert (stored.note, stored.sentence_id) == ("a�b�c", "s�")
    assert log.last("s\0", "ana") == stored.decision_id


def test_times_are_in_utc_whatever_the_zone_they_came_in(log: ReviewLog) -> None:
    tehran = timezone(timedelta(hours=3, minutes=30))
    stored = log.record(decision(at=NOW.astimezone(tehran)), None)
    assert (stored.at, stored.at.tzinfo) == (NOW, UTC)
    with pytest.raises(StatementError, match="time zone"):
        log.record(decision(sentence_id="s2", at=NOW.replace(tzinfo=None)), None)


def test_a_decision_sent_again_is_stored_once(log: ReviewLog) -> None:
    first = log.record(decision(), None)
    log.record(decision(label="reported_fact"), first.decision_id)
    assert log.record(replace(first, at=NOW + timedelta(seconds=9)), None) == first
    assert log.count() == 2


def test_an_id_is_not_used_for_two_decisions(log: ReviewLog) -> None:
    first = log.record(decision(), None)
    with pytest.raises(StaleDecision, match="another decision"):
        log.record(replace(first, sentence_id="s2"), None)
    assert log.count() == 1


@pytest.mark.parametrize("action", ["label", "skip", "undo"])
def test_a_decision_follows_the_last_of_its_thread_or_is_refused(
    action: str, log: ReviewLog
) -> None:
    label = "opinion" if action == "label" else None
    first = log.record(decision(), None)
    second = log.record(decision(action=action, label=label), first.decision_id)
    assert log.last("s1", "ana") == second.decision_id
    for seen in (None, first.decision_id, "f" * 32):
        with pytest.raises(StaleDecision, match="s1 has been decided anew by ana"):
            log.record(decision(), seen)
    log.record(decision(), second.decision_id)
    assert log.count() == 3


def test_nothing_is_followed_that_is_not_there(log: ReviewLog) -> None:
    with pytest.raises(StaleDecision, match="nothing has been decided"):
        log.record(decision(), "f" * 32)


def test_people_review_apart_and_adjudicate_together(log: ReviewLog) -> None:
    for reviewer in ("ana", "ben"):
        log.record(decision(reviewer=reviewer), None)
        log.record(decision(reviewer=reviewer, sentence_id="s2"), None)
    settled = log.record(decision(reviewer="ana", turn="adjudication"), None)
    with pytest.raises(StaleDecision, match="by ana"):
        log.record(decision(reviewer="ben", turn="adjudication"), None)
    assert log.last("s1", "ben", "adjudication") == settled.decision_id
    assert log.last("s2", "ben", "adjudication") is None
    assert len(log.history("s1")) == 3


def test_decisions_come_in_order_of_arrival_and_from_any_on(
    log: ReviewLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.store.reviews.log.PAGE", 2)
    sent = [
        log.record(decision(sentence_id=f"s{i % 2}", reviewer=f"r{i}"), None)
        for i in range(5)
    ]
    assert list(log.decisions()) == sent
    assert list(log.decisions(after=sent[2].decision_id)) == sent[3:]
    assert list(log.decisions(after=sent[4].decision_id)) == []
    assert log.history("s1") == (sent[1], sent[3])


steps = st.lists(
    st.tuples(
        st.sampled_from(["label", "skip", "undo"]),
        st.sampled_from(["s1", "s2"]),
        st.sampled_from(["ana", "ben"]),
        st.sampled_from(["review", "adjudication"]),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    ),
    max_size=6,
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps)
def test_whatever_is_recorded_comes_back_equal_and_in_order(
    log: ReviewLog, steps: list[tuple[str, str, str, str, str]]
) -> None:
    before = log.count()
    example, sent = next(IDS), []
    for action, sentence, reviewer, turn, note in steps:
        made = decision(
            sentence_id=f"{sentence} of {example}",
            reviewer=reviewer,
            action=action,
            label="opinion" if action == "label" else None,
            turn=turn,
            note=note,
        )
        log.record(made, log.last(made.sentence_id, reviewer, turn))
        sent.append(made)
    assert list(log.decisions())[before:] == sent
    for sentence in {made.sentence_id for made in sent}:
        of_it = tuple(made for made in sent if made.sentence_id == sentence)
        assert log.history(sentence) == of_it


CHANGES = [
    "UPDATE decisions SET label = 'opinion'",
    "DELETE FROM decisions",
    "INSERT INTO decisions SELECT * FROM decisions WHERE true "
    "ON CONFLICT (decision_id) DO UPDATE SET note = 'changed'",
]
CHANGES_OF = {
    "sqlite": [
        "REPLACE INTO decisions SELECT * FROM decisions",
        "REPLACE INTO decisions SELECT arrival + 1, 'new', sentence_id, article_id, "
        "reviewer, action, label, spans, 'changed', seconds, at, blind, turn, "
        "machine_label, machine_confidence, model, origin, owner, number "
        "FROM decisions",
    ],
    "postgresql": ["TRUNCATE decisions"],
}


def test_the_database_itself_refuses_to_change_a_decision(
    where: Path | str, log: ReviewLog
) -> None:
    engine = create_engine(url_of(where))
    first = log.record(decision(label="reported_fact"), None)
    for statement in CHANGES + CHANGES_OF[engine.dialect.name]:
        with pytest.raises(IntegrityError, match="never changed"), engine.begin() as db:
            db.execute(text(statement))
        assert list(log.decisions()) == [first], statement
    engine.dispose()


@pytest.mark.parametrize(
    "wrong",
    [
        {"action": "skip"},
        {"label": None},
        {"action": "praise"},
        {"turn": "appeal"},
        {"seconds": -1.0},
        {"seconds": float("nan")},
        {"machine_confidence": 1.5},
    ],
    ids=str,
)
def test_what_is_no_decision_is_not_stored(
    wrong: dict[str, object], log: ReviewLog
) -> None:
    with pytest.raises(IntegrityError):
        log.record(decision(**wrong), None)
    assert log.count() == 0


def test_of_threads_that_follow_the_same_decision_one_wins(log: ReviewLog) -> None:
    first = log.record(decision(), None).decision_id

    def follow(made: Decision) -> bool:
        try:
            log.record(made, first)
        except StaleDecision:
            return False
        return True

    made = [decision(note=str(n)) for n in range(12)]
    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(follow, made)) == [False] * 11 + [True]
    assert log.count() == 2


def test_threads_get_their_turn_in_the_order_they_came() -> None:
    turns, order = Turns(), []

    def wait(n: int) -> None:
        with turns:
            order.append(n)

    with turns:
        threads = [Thread(target=wait, args=(n,)) for n in range(8)]
        for n, thread in enumerate(threads):
            thread.start()
            while turns._came < n + 2:
                sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def test_who_never_gets_a_turn_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.store.reviews.database.PATIENCE", 0.05)
    with open_log(tmp_path) as log, sqlite3.connect(tmp_path / "review.db") as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BadResults, match="database is locked"):
            log.record(decision(), None)
        assert log.count() == 0
        other.rollback()
        log.record(decision(), None)


WRITER = """
import datetime, sys
from dataclasses import replace
from annotator.errors import StaleDecision
from annotator.records import Decision
from annotator.store.reviews import open_log

first = {first!r}
with open_log({where!r}) as log:
    print("ready", flush=True)
    sys.stdin.readline()
    for n in range(40):
        id = f"{{n:016x}}{writer:016x}"
        made = replace(first, decision_id=id, sentence_id=str(n))
        try:
            print(log.record(made, None).decision_id, flush=True)
        except StaleDecision:
            pass
"""


def start_writer(writer: int, where: Path | str) -> subprocess.Popen[str]:
    """Start a process that is to decide on forty sentences once told to go."""
    script = WRITER.format(first=decision(), where=str(where), writer=writer)
    return subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_of_processes_one_wins_and_a_killed_one_loses_nothing_acknowledged(
    where: Path | str,
) -> None:
    writers = [start_writer(n, where) for n in range(3)]
    assert [writer.stdout.readline() for writer in writers] == ["ready\n"] * 3
    for writer in writers:
        writer.stdin.write("\n")
        writer.stdin.flush()
    acknowledged = [writers[0].stdout.readline()]
    writers[0].kill()
    for writer in writers:
        acknowledged += writer.communicate()[0].splitlines(keepends=True)
    assert [writer.returncode for writer in writers[1:]] == [0, 0]
    with open_log(where) as log:
        stored = list(log.decisions())
    assert sorted(int(d.sentence_id) for d in stored) == list(range(40))
    whole = {line.strip() for line in acknowledged if line.endswith("\n")}
    assert whole <= {d.decision_id for d in stored}


def test_the_tables_are_those_the_migrations_leave(
    where: Path | str, log: ReviewLog
) -> None:
    engine = create_engine(url_of(where))
    with engine.connect() as db:
        options = {"version_table": schema.VERSION_TABLE, "compare_type": True}
        context = MigrationContext.configure(db, opts=options)
        assert compare_metadata(context, schema.metadata) == []
        for table in ("accounts", "decisions"):
            checks = inspect(db).get_check_constraints(table)
            named = {c.name for c in schema.metadata.tables[table].constraints}
            assert {check["name"] for check in checks} <= named
    engine.dispose()


def test_a_review_opened_again_goes_on(where: Path | str) -> None:
    with open_log(where) as log:
        first = log.record(decision(), None)
    with open_log(where) as log:
        log.record(decision(), first.decision_id)
        assert log.count() == 2


def test_several_may_open_a_new_review_at_once(where: Path | str) -> None:
    def count(_: int) -> int:
        with open_log(where) as log:
            return log.count()

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(count, range(6))) == [0] * 6


def test_a_database_of_a_newer_version_is_refused_by_name(where: Path | str) -> None:
    open_log(where).close()
    engine = create_engine(url_of(where))
    with engine.begin() as db:
        db.execute(text("UPDATE annotator_version SET version_num = 'of_2031'"))
    engine.dispose()
    with pytest.raises(BadResults, match=r"of_2031.*newer version"):
        open_log(where)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "review.db").write_bytes(b"PK\x03\x04 no database" * 99)
    with pytest.raises(BadResults, match=r"review\.db cannot be used.*not a database"):
        open_log(tmp_path)


SECRET = "s3cret"
UNUSABLE = {
    "/no/such/folder": "no results folder",
    f"postgresql://u:{SECRET}@127.0.0.1:1/db": "127.0.0.1:1/db cannot be used",
    f"postgresql://u@127.0.0.1:1/db?password={SECRET}": "cannot be used",
    f"postgresql://u:{SECRET}@127.0.0.1:{SECRET}/db": "cannot be read",
    f"postgresql://u@127.0.0.1/db?sslmode={SECRET}&password={SECRET}": "cannot be used",
    f"mysql://u:{SECRET}@host/db": "'mysql' database, expected postgresql://",
    "sqlite://": "expected postgresql://",
    "sqlite:////no/such/folder/review.db": "unable to open",
}


@pytest.mark.parametrize(("where", "message"), UNUSABLE.items())
def test_what_cannot_be_opened_is_said_without_its_password(
    where: str, message: str
) -> None:
    with pytest.raises(BadResults, match=message) as raised:
        open_log(where)
    assert SECRET not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_only_its_owner_can_read_the_file_of_a_review(tmp_path: Path) -> None:
    with open_log(tmp_path) as log:
        log.record(decision(), None)
        made = sorted(tmp_path.glob("review.db*"))
        assert {file.stat().st_mode & 0o777 for file in made} == {0o600}
        assert len(made) == 3


def test_a_folder_that_cannot_be_written_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(BadResults, match="cannot be written: Permission denied"):
        open_log(tmp_path)


NAMES = {
    "Ana": "Ana",
    "Ａｎａ": "Ana",
    "محمد": "محمد",
    "o'Neill; DROP TABLE accounts": "o'Neill; DROP TABLE accounts",
    "x" * 64: "x" * 64,
    "x" * 65: None,
    "": None,
    " ": None,
    " ana": None,
    "ana\n": None,
    "a\0na": None,
    "\x1b[31mana": None,
    "ana\N{RIGHT-TO-LEFT OVERRIDE}": None,
    "a\N{ZERO WIDTH SPACE}na": None,
    "\N{HANGUL FILLER}": None,
    "\N{BRAILLE PATTERN BLANK}": None,
    "\ud800": None,
}


@pytest.mark.parametrize(("name", "kept"), NAMES.items(), ids=ascii)
def test_a_name_is_seen_as_it_is(name: str, kept: str | None) -> None:
    if kept is not None:
        assert credentials.fit_name(name) == kept
        return
    with pytest.raises(BadAccount, match="expected a name of 1 to 64") as raised:
        credentials.fit_name(name)
    assert str(raised.value).isprintable()


def test_spellings_of_one_name_are_one_account(log: ReviewLog) -> None:
    made = log.add_account("Ana", "reviewer")
    for spelling in ("ana", "ANA", "Ａｎａ"):
        assert log.account(spelling) == made
        with pytest.raises(BadAccount, match="an account Ana already"):
            log.add_account(spelling, "adjudicator")
    assert log.account("anna") is None


def test_accounts_come_in_order_and_change_roles(log: ReviewLog) -> None:
    for name in ("cleo", "Ana", "ben"):
        log.add_account(name, "reviewer")
    log.set_role("ANA", "adjudicator")
    assert [(a.name, a.role) for a in log.accounts()] == [
        ("Ana", "adjudicator"),
        ("ben", "reviewer"),
        ("cleo", "reviewer"),
    ]
    assert {a.created.tzinfo for a in log.accounts()} == {UTC}


REFUSED: dict[str, Callable[[ReviewLog], object]] = {
    "no account 'nobody'": lambda log: log.set_role("nobody", "reviewer"),
    "no account 'nobody' ?": lambda log: log.set_password("nobody", PASSWORD),
    "no account 'nobody' ??": lambda log: log.invite("nobody", NOW),
    "no account 'nobody' ???": lambda log: log.open_session("nobody", NOW),
    "no account 'nobody' ????": lambda log: log.assign([("s1", "nobody")]),
    "the role 'admin', expected": lambda log: log.set_role("ana", "admin"),
    "the role 'admin', expected reviewer": lambda log: log.add_account("b", "admin"),
    "11 characters, expected 12": lambda log: log.set_password("ana", "x" * 11),
    "1,001 characters": lambda log: log.set_password("ana", "x" * 1001),
    "0 characters": lambda log: log.add_account("ben", "reviewer", ""),
}


@pytest.mark.parametrize(("message", "ask"), REFUSED.items())
def test_what_an_account_cannot_be_is_said(
    message: str, ask: Callable[[ReviewLog], object], tmp_path: Path
) -> None:
    with open_log(tmp_path) as log:
        log.add_account("ana", "reviewer")
        with pytest.raises(BadAccount, match=message.rstrip(" ?")):
            ask(log)
        assert [(a.name, a.role) for a in log.accounts()] == [("ana", "reviewer")]


def test_only_the_right_password_signs_in(log: ReviewLog) -> None:
    made = log.add_account("ana", "reviewer", PASSWORD)
    log.add_account("invited only", "reviewer")
    assert log.check_password("Ana", PASSWORD) == made
    wrong = [PASSWORD.upper(), "", "x" * 1001, "\ud800" * 12, "'; --", PASSWORD + " "]
    assert [log.check_password("ana", given) for given in wrong] == [None] * len(wrong)
    assert log.check_password("nobody\0", PASSWORD) is None
    assert log.check_password("invited only", PASSWORD) is None


def test_a_password_is_the_same_however_a_keyboard_composes_it(log: ReviewLog) -> None:
    log.add_account("ana", "reviewer", "café du coin 9")
    assert log.check_password("ana", "cafe\N{COMBINING ACUTE ACCENT} du coin 9")


@pytest.mark.parametrize("name", ["ana", "invited only", "nobody"])
def test_signing_in_hashes_once_whether_or_not_there_is_an_account(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified = []
    verify = credentials.HASHER.verify

    class Counting:
        hash = staticmethod(credentials.HASHER.hash)

        def verify(self, password_hash: str, password: bytes) -> bool:
            verified.append(password_hash)
            return verify(password_hash, password)

    monkeypatch.setattr(credentials, "HASHER", Counting())
    with open_log(tmp_path) as log:
        log.add_account("ana", "reviewer", PASSWORD)
        log.add_account("invited only", "reviewer")
        assert log.check_password(name, "some other password") is None
    (used,) = verified
    assert used.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_session_ends_when_it_is_closed_or_old(log: ReviewLog) -> None:
    made = log.add_account("ana", "reviewer")
    token = log.open_session("ana", NOW)
    assert log.session(token, NOW) == made
    assert log.session(token, NOW + SESSION - timedelta(minutes=1)) == made
    assert log.session(token, NOW + SESSION) is None
    assert log.session("\ud800", NOW) is None
    other = log.open_session("ana", NOW)
    log.close_session(other)
    log.close_session(other)
    assert log.session(other, NOW) is None
    assert log.session(token, NOW) == made


def test_a_session_has_the_role_of_its_account_now(log: ReviewLog) -> None:
    log.add_account("ana", "adjudicator")
    token = log.open_session("ana", NOW)
    log.set_role("ana", "reviewer")
    account = log.session(token, NOW)
    assert account
    assert account.role == "reviewer"


def test_a_new_password_ends_sessions_and_invitations(log: ReviewLog) -> None:
    for name in ("ana", "ben"):
        log.add_account(name, "reviewer", PASSWORD)
    ended = log.open_session("ana", NOW)
    kept = log.open_session("ben", NOW)
    invitation = log.invite("ana", NOW)
    log.set_password("ana", "another quiet street")
    assert log.session(ended, NOW) is None
    assert log.session(kept, NOW)
    assert log.redeem(invitation, NOW) is None
    assert log.check_password("ana", PASSWORD) is None
    assert log.check_password("ana", "another quiet street")


def test_an_invitation_lets_in_once_and_only_the_newest_does(log: ReviewLog) -> None:
    made = log.add_account("ana", "reviewer")
    older, token = log.invite("ana", NOW), log.invite("ana", NOW)
    assert log.invited(older, NOW) is None
    assert log.invited(token, NOW) == made
    assert log.redeem(token, NOW + timedelta(hours=48)) is None
    assert log.redeem(token, NOW) == made
    assert log.redeem(token, NOW) is None
    assert log.redeem("", NOW) is None


def test_an_invitation_stays_good_until_a_fit_password_is_set(log: ReviewLog) -> None:
    log.add_account("ana", "reviewer")
    token = log.invite("ana", NOW)
    for unfit in ("", "short"):
        with pytest.raises(BadAccount, match="expected 12"):
            log.redeem(token, NOW, unfit)
    assert log.redeem(token, NOW, PASSWORD)
    assert log.check_password("ana", PASSWORD)


def test_an_invitation_is_redeemed_by_one_of_many_at_once(log: ReviewLog) -> None:
    log.add_account("ana", "reviewer")
    token = log.invite("ana", NOW)
    with ThreadPoolExecutor(6) as pool:
        let_in = list(pool.map(lambda _: log.redeem(token, NOW), range(6)))
    assert [a.name for a in let_in if a] == ["ana"]


def test_no_password_and_no_token_stands_in_the_database(
    where: Path | str, log: ReviewLog
) -> None:
    log.add_account("ana", "reviewer", PASSWORD)
    secrets = [PASSWORD, log.invite("ana", NOW), log.open_session("ana", NOW)]
    engine = create_engine(url_of(where))
    with engine.connect() as db:
        tables = (schema.accounts, schema.invites, schema.sessions)
        stored = str([db.execute(select(table)).all() for table in tables])
    engine.dispose()
    assert "$argon2id$" in stored
    assert not any(secret in stored for secret in secrets)


def test_sentences_are_assigned_once_to_each_of_several(log: ReviewLog) -> None:
    for name in ("Ana", "ben"):
        log.add_account(name, "reviewer")
    assert log.assign([("s1", "ana"), ("s1", "ben"), ("s2", "ANA"), ("s2", "ana")]) == 3
    assert log.assign([("s2", "ana"), ("s3", "ben")]) == 1
    assert log.assigned("ANA") == {"s1", "s2"}
    assert log.assigned("nobody") == frozenset()
    assert log.assignments() == {"s1": ("Ana", "ben"), "s2": ("Ana",), "s3": ("ben",)}
    assert log.assign([]) == 0


def test_a_database_that_went_away_is_said_to_have(tmp_path: Path) -> None:
    with open_log(tmp_path) as log:
        log.close()
        for file in tmp_path.glob("review.db*"):
            file.unlink()
        (tmp_path / "review.db").mkdir()
        with pytest.raises(BadResults, match=r"review\.db cannot be used"):
            log.count()

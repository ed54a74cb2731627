"""What goes wrong around the program: full disks, closed folders, old files, clocks.

A disk that is full while articles are scored, kills and Ctrl-C are in `test_resume.py`;
newer results and newer logs are in `test_store.py` and `test_review_log.py`.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from subprocess import PIPE, STDOUT, Popen
from typing import Any, Final

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from namespaces import Disk
from playwright.sync_api import Browser, expect
from reviewing import QUEUE, Client, new_id, write_results
from sqlalchemy import create_engine, text

from annotator.cli.decisions import bring_decisions
from annotator.engines.local import InProcess
from annotator.engines.run import Job, score_paths
from annotator.errors import BadResults
from annotator.ingest.dates import iso_date
from annotator.ingest.document import Options as Reading
from annotator.ingest.html import document_of_page
from annotator.records import Decision
from annotator.review import Desk, Options, bench, create_app
from annotator.review.auth import PER_NAME, SignInLimits
from annotator.review.tries import Rate, Tries
from annotator.store import read_results
from annotator.store.reviews import ReviewLog, migrations, open_log
from annotator.store.reviews.database import url_of
from annotator.tag.tagger import Tagger

pytest_plugins = ["browser", "namespaces", "postgres", "reviewing"]

NOW: Final = datetime(2031, 3, 1, 9, 30, tzinfo=UTC)
YEARS: Final = timedelta(days=3650)
STORY: Final = (
    "The bridge over the river was closed on Monday morning.\n\n"
    "Officials in {place} said {number} people were hurt when it fell.\n"
)


def decision(sentence_id: str = "a:1", **changes: Any) -> Decision:
    """Make a decision with an id of its own."""
    usual = {
        "decision_id": new_id(),
        "sentence_id": sentence_id,
        "article_id": sentence_id[0],
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
        "machine_confidence": 0.6,
        "model": "made@0",
    }
    return Decision(**usual | changes)


def held(folder: Path) -> dict[str, bytes]:
    """Every file of a results folder but the log of its review."""
    files = (p for p in folder.iterdir() if not p.name.startswith("review."))
    return {p.name: p.read_bytes() for p in files}


def in_one_process(disk: Disk, *commands: list[str]) -> list[tuple[int, str]]:
    """Exit status of commands where the disk is, and what each says, in one line."""
    done = subprocess.run(
        [*disk.enter, sys.executable, "-c", IN_ONE_PROCESS, json.dumps(commands)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return [
        (status, " ".join(said.split())) for status, said in json.loads(done.stdout)
    ]


IN_ONE_PROCESS: Final = """
import contextlib, io, json, sys
from annotator.cli import main
told = []
for command in json.loads(sys.argv[1]):
    sys.argv[1:], said = command, io.StringIO()
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            main()
    except SystemExit as ended:
        told.append([ended.code or 0, said.getvalue()])
print(json.dumps(told))
"""


# Full disks


Full = Callable[[], AbstractContextManager[None]]


@contextmanager
def used_up() -> Iterator[None]:
    """Let no file of this process grow."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        signal.signal(signal.SIGXFSZ, before)


@contextmanager
def without_room(url: str) -> Iterator[None]:
    """Let PostgreSQL say what it says where its disk is full."""
    engine = create_engine(url_of(url))
    refuse = (
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$",
        "CREATE TRIGGER no_room BEFORE INSERT ON decisions EXECUTE FUNCTION no_room()",
    )
    with engine.begin() as db:
        for line in refuse:
            db.execute(text(line))
    yield
    with engine.begin() as db:
        db.execute(text("DROP FUNCTION no_room CASCADE"))
    engine.dispose()


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def place(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[ReviewLog, Full]]:
    """A log of a review, and what lets nothing more be written to it."""
    where: Path | str = tmp_path
    full: Full = used_up
    if request.param == "PostgreSQL":
        where = str(request.getfixturevalue("postgres"))
        full = partial(without_room, where)
    with open_log(where) as log:
        yield log, full


def test_a_reviewer_is_told_that_there_is_no_room_and_loses_nothing(
    place: tuple[ReviewLog, Full], river: Desk
) -> None:
    log, full = place
    client = Client(create_app(river, log, Options(order="text")))
    assert client.decide("a:1").status_code == 201
    sent = {"sentence_id": "a:2", "decision_id": new_id()}
    with full():
        refused = client.decide(**sent)
        assert refused.status_code == 503
        assert "make room" in refused.json()["detail"]
        assert client.item("a:1")["mine"]["label"] == "opinion"
    assert client.decide(**sent).status_code == 201
    assert [d.sentence_id for d in log.decisions()] == ["a:1", "a:2"]


@contextmanager
def reviewing(disk: Disk, results: Path) -> Iterator[tuple[str, Popen[str]]]:
    """Run the review of a folder on a disk; gives its address and its process."""
    review = [sys.executable, "-u", "-m", "annotator", "review", results, "--port=0"]
    with Popen(
        [*disk.enter, *map(str, review)], stdout=PIPE, stderr=STDOUT, text=True
    ) as server:
        assert server.stdout
        lines = (line.split() for line in server.stdout)
        try:
            yield next(words[2] for words in lines if words[0] == "Review"), server
        finally:
            server.kill()


def test_a_review_on_a_full_disk_waits_for_room_and_brings_home_what_it_has(
    disk: Disk, chromium: Browser
) -> None:
    write_results(disk.seen / "results")
    results = disk.path / "results"
    with (
        reviewing(disk, results) as (address, server),
        chromium.new_page() as page,
    ):
        page.goto(address)
        expect(page.locator("#sentence")).not_to_be_empty()
        with disk.full():
            page.keyboard.press("1")
            expect(page.get_by_text("make room on its disk")).to_be_visible()
            expect(page.get_by_text("1 decision not stored yet")).to_be_visible()
        expect(page.get_by_text("make room on its disk")).to_be_hidden(timeout=20_000)
        before = held(disk.seen / "results")
        with disk.full():
            server.send_signal(signal.SIGINT)
            assert server.stdout
            said = " ".join(server.stdout.read().split())
            assert server.wait() == 2
        assert "Stopped; 1 decision kept." in said
        assert re.search("error: .*No space left on device.*make room", said)
        assert "Traceback" not in said
    assert held(disk.seen / "results") == before
    export = ["export", str(results), "--format=csv", "--what=decided"]
    ((status, said),) = in_one_process(disk, [*export, "--out", f"{disk.path}/out.csv"])
    assert (status, said[:10]) == (0, "1 sentence")


def test_decisions_come_home_whole_or_not_at_all(disk: Disk, tmp_path: Path) -> None:
    results, db = write_results(disk.seen / "results"), f"sqlite:///{tmp_path}/log.db"
    with open_log(db) as log:
        log.record(decision(), None)
    before = held(results)
    with disk.full(), pytest.raises(BadResults, match=r"No space left.*make room"):
        bring_decisions(results, db)
    assert held(results) == before
    bring_decisions(results, db)
    assert [d.label for d in read_results(results).decisions()] == ["opinion"]


# Folders that nobody may write


def test_on_a_closed_disk_who_reads_is_served_and_who_writes_is_told_what_to_do(
    disk: Disk, tmp_path: Path, tiny_model: Path
) -> None:
    plain, closed, killed = (disk.seen / n for n in ("plain", "closed", "killed"))
    write_results(plain)
    shutil.copytree(plain, closed)
    with open_log(tmp_path) as log:
        log.record(decision("a:1"), None)
        log.record(decision("a:2"), None)
        shutil.copytree(closed, killed)
        for left in tmp_path.glob("review.db*"):
            shutil.copy(left, killed)
    shutil.copy(tmp_path / "review.db", closed)
    disk.make_read_only()
    (tmp_path / "story.txt").write_text(STORY.format(place="Homs", number=4))
    reading, writing = (
        [
            line.format(here=disk.path, out=tmp_path, model=tiny_model).split()
            for line in lines.strip().splitlines()
        ]
        for lines in (READING, WRITING)
    )
    before = held(plain), held(closed)
    told = in_one_process(disk, *reading, *writing)
    for command, (status, said) in zip(reading, told, strict=False):
        assert status == 0, (command, said)
    for command, (status, said) in zip(writing, told[len(reading) :], strict=True):
        assert status == 2, (command, said)
        assert "Read-only file system" in said
        assert said.count("error:") == 1
        assert re.search("mend the rights|mend that, or .* --db", said)
    for name in ("closed", "killed"):
        exported = (tmp_path / f"{name}.jsonl").read_text().splitlines()
        assert [json.loads(line)["sentence_id"] for line in exported] == ["a:1", "a:2"]
    assert (held(plain), held(closed)) == before


READING: Final = """
export {here}/closed --format=jsonl --what=decided --out {out}/closed.jsonl
export {here}/killed --format=jsonl --what=decided --out {out}/killed.jsonl
diff {here}/closed {here}/killed --out {out}/changes.csv
"""
WRITING: Final = """
score {out}/story.txt --model {model} --out {here}/new
score {out}/story.txt --model {model} --out {here}/plain
sources {here}/closed
profile {here}/closed
review {here}/closed --port=0
account {here}/closed Ana
import {here}/closed {out}/story.txt --format=doccano
"""


def test_what_was_opened_to_be_read_is_not_decided_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_log(tmp_path) as log:
        log.record(decision(), None)
    can = os.access
    monkeypatch.setattr(os, "access", lambda p, how: p != tmp_path and can(p, how))
    with (
        open_log(tmp_path, reading=True) as log,
        pytest.raises(BadResults, match="readonly"),
    ):
        log.record(decision("a:2"), None)


# Results and logs of older versions

OLDER: Final[dict[str, dict[str, list[str]]]] = {
    "before voices": {
        "articles": ["headline_label", "headline_confidence", "topic", "digest"],
        "attributions": ["attribution_id", "named_start", "named_end", "parent_id"],
        "loaded_terms": ["attribution_id", "speaker"],
        "voices": [],
        "files": [],
    },
    "before outlets were profiled": {
        "articles": ["topic", "digest"],
        "stances": [],
        "files": [],
    },
    "before runs were resumed": {"articles": ["digest"], "files": []},
}
"""What each version's tables lacked; a table without columns was not there at all."""


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    folder = tmp_path / "stories"
    folder.mkdir()
    for number, place in enumerate(("Hama", "Idlib")):
        (folder / f"{place}.txt").write_text(STORY.format(place=place, number=number))
    return folder


@pytest.fixture(scope="module")
def engine(tiny_model: Path) -> InProcess:
    """One for all, since precision is chosen by timing and would differ."""
    return InProcess(Tagger(tiny_model))


def aged(results: Path, lacked: dict[str, list[str]]) -> None:
    """Take from a results folder what an older version did not write."""
    for made_later in ("report.html", "actors.parquet", "mentions.parquet"):
        (results / made_later).unlink()
    for name, columns in lacked.items():
        file = results / f"{name}.parquet"
        if columns:
            pq.write_table(pq.read_table(file).drop_columns(columns), file)
        else:
            file.unlink()


def rows(results: Path) -> dict[str, Any]:
    names = ("articles", "sentences", "attributions", "voices", "outlets")
    return {
        name: pq.read_table(results / f"{name}.parquet").to_pylist() for name in names
    }


@pytest.mark.parametrize("version", OLDER)
def test_older_results_are_read_or_refused_by_name_and_can_be_scored_into(
    version: str, stories: Path, tmp_path: Path, engine: InProcess
) -> None:
    job = Job([stories], tmp_path / "out")
    out = score_paths(job, engine).path
    fresh, articles = rows(out), list(read_results(out).scored())
    aged(out, OLDER[version])
    if version == "before runs were resumed":
        assert list(read_results(out).scored()) == articles
        assert Desk.open(out, every=True).items
    else:
        with pytest.raises(BadResults, match=r"older version.*score again"):
            read_results(out)
    again = score_paths(job, engine)
    assert (again.unchanged, again.progress.kept) == (False, 0)
    assert rows(out) == fresh


def test_a_column_that_a_later_stage_lacks_is_missed_by_name(tmp_path: Path) -> None:
    results = write_results(tmp_path / "results")
    file = results / "sources.parquet"
    pq.write_table(pq.read_table(file).drop_columns(["identity"]), file)
    with pytest.raises(BadResults, match=r"sources\.parquet's identity.*older version"):
        read_results(results)


NEXT: Final = """
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "first_log"

def upgrade():
    op.create_table("pens", sa.Column("name", sa.Text, primary_key=True))
"""


def test_an_older_log_is_brought_up_to_date_with_all_its_decisions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_log(tmp_path) as log:
        made = [log.record(decision(name), None) for name in QUEUE]
    newer = tmp_path / "migrations"
    shutil.copytree(Path(migrations.__file__).parent, newer)
    (newer / "versions" / "next.py").write_text(NEXT)
    config = migrations._config()
    config.set_main_option("script_location", str(newer))
    monkeypatch.setattr(migrations, "_config", lambda: config)
    with open_log(tmp_path) as log:
        assert list(log.decisions()) == made
    with sqlite3.connect(tmp_path / "review.db") as db:
        assert db.execute("SELECT count(*) FROM pens").fetchone() == (0,)
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            db.execute("DELETE FROM decisions")


# Clocks that jump


class Clock:
    """The wall clock of this process, which a test may set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NOW
        clock, of_years = self, time.localtime

        class Moments(type(datetime)):  # type: ignore[misc]
            def __instancecheck__(cls, one: object) -> bool:
                return isinstance(one, datetime)

        class Set(datetime, metaclass=Moments):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
                return (
                    clock.now.astimezone(tz) if tz else clock.now.replace(tzinfo=None)
                )

        def local(seconds: float | None = None) -> time.struct_time:
            return of_years(clock.now.timestamp() if seconds is None else seconds)

        monkeypatch.setattr(time, "time", lambda: clock.now.timestamp())
        monkeypatch.setattr(time, "localtime", local)
        for name, module in list(sys.modules.items()):
            ours = name.split(".")[0] in ("annotator", "htmldate")
            if ours and getattr(module, "datetime", None) is datetime:
                monkeypatch.setattr(module, "datetime", Set)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@given(
    st.integers(1, 3),
    st.lists(st.tuples(st.integers(0, 8), st.sampled_from("ab")), max_size=40),
)
def test_tries_are_counted_in_a_moving_window(
    most: int, asked: list[tuple[int, str]]
) -> None:
    now = 0
    tries = Tries(Rate(most, 10), lambda: now)
    made: defaultdict[str, list[int]] = defaultdict(list)
    for passed, key in asked:
        now += passed
        recent = sum(now - then < 10 for then in made[key])
        assert tries.admits(key) == (recent < most)
        if recent < most:
            made[key].append(now)
    assert len(tries._made) <= sum(
        any(now - t < 18 for t in ts) for ts in made.values()
    )


@pytest.mark.parametrize("jump", [-YEARS, YEARS], ids=["back", "forward"])
def test_a_name_is_closed_for_ten_minutes_whatever_the_clock_says(
    jump: timedelta, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = 0.0
    made = partial(Tries, clock=lambda: passed)
    monkeypatch.setattr("annotator.review.auth.Tries", made)
    limits = SignInLimits()
    assert all(limits.admits("ana", "192.168.1.7") for _ in range(PER_NAME.amount))
    clock.now += jump
    assert not limits.admits("ana", "192.168.1.7")
    passed = PER_NAME.seconds
    assert limits.admits("ana", "192.168.1.7")


@pytest.mark.parametrize(
    ("jump", "lets_in"),
    [
        (timedelta(0), True),
        (-timedelta(minutes=50), True),
        (timedelta(hours=11), True),
        (-YEARS, False),
        (YEARS, False),
    ],
)
def test_no_token_lets_in_for_longer_because_the_clock_was_set(
    jump: timedelta, lets_in: bool, tmp_path: Path
) -> None:
    with open_log(tmp_path) as log:
        log.add_account("ana", "reviewer")
        session, invitation = log.open_session("ana", NOW), log.invite("ana", NOW)
        assert bool(log.session(session, NOW + jump)) == lets_in
        assert bool(log.invited(invitation, NOW + jump)) == lets_in
        assert bool(log.redeem(invitation, NOW + jump)) == lets_in


def keep_cookies(client: Client) -> None:
    """Let a browser keep its cookies, though by the clock they may have ended."""
    for cookie in client.cookies.jar:
        cookie.expires = None


@pytest.mark.parametrize("jump", [-YEARS, YEARS], ids=["back", "forward"])
def test_the_last_decision_is_the_last_made(
    jump: timedelta, clock: Clock, alone: Client, log: ReviewLog
) -> None:
    keep_cookies(alone)
    for label in ("opinion", "attributed_claim", "reported_fact"):
        assert alone.decide("a:1", label).status_code == 201
        clock.now += jump
    assert alone.item("a:1")["mine"]["label"] == "reported_fact"
    assert alone.decide("a:1", None, action="undo").status_code == 201
    assert alone.item("a:1")["mine"]["label"] == "attributed_claim"
    made = list(log.decisions())
    assert [d.action for d in made] == ["label"] * 3 + ["undo"]
    assert [d.at - NOW for d in made] == [n * jump for n in range(4)]


def test_the_pace_is_that_of_the_decisions_made_last(
    clock: Clock, alone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_cookies(alone)
    monkeypatch.setattr(bench, "RECENT", 3)
    for sentence_id, seconds in zip(QUEUE, (60, 60, 6, 6, 6), strict=True):
        clock.now -= YEARS
        alone.decide(sentence_id, seconds=seconds)
    assert alone.get("/api/progress").json()["per_minute"] == pytest.approx(10)


def test_a_run_goes_on_over_a_jump_as_if_there_were_none(
    stories: Path, tmp_path: Path, engine: InProcess, clock: Clock
) -> None:
    late, away = stories / "Idlib.txt", tmp_path / "Idlib.txt"
    found = []
    for jump in (timedelta(0), -3 * YEARS, 3 * YEARS):
        job = Job([stories], tmp_path / f"out{jump.days}")
        late.rename(away)
        score_paths(job, engine)
        clock.now += jump
        assert score_paths(job, engine).unchanged
        away.rename(late)
        assert score_paths(job, engine).progress.kept == 1
        found.append(rows(job.out))
    assert found[0] == found[1] == found[2]


@contextmanager
def in_zone(name: str) -> Iterator[None]:
    """Move this process to a time zone."""
    with pytest.MonkeyPatch.context() as there:
        there.setenv("TZ", name)
        time.tzset()
        yield
    time.tzset()


def test_a_decision_has_its_moment_whatever_the_zone(
    alone: Client, log: ReviewLog
) -> None:
    before = datetime.now(UTC)
    with in_zone("Pacific/Kiritimati"):
        alone.decide("a:1")
        assert alone.get("/api/progress").json()["today"] == 1
    with in_zone("America/New_York"):
        alone.decide("a:2")
        made = list(log.decisions())
    assert before <= made[0].at <= made[1].at <= datetime.now(UTC)


PAGE: Final = (
    '<html><head><title>Ice</title><meta property="article:published_time" '
    'content="2020-05-{day}T10:00:00Z"></head><body><article>'
    + "".join(
        f"<p>The river froze for the {n}th time, it was said.</p>" for n in range(9)
    )
    + "</article></body></html>"
)


@pytest.mark.parametrize("year", [1971, 2004, 2068])
@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
def test_what_a_page_says_does_not_hang_on_clock_or_zone(
    year: int, zone: str, clock: Clock
) -> None:
    clock.now = NOW.replace(year=year)
    with in_zone(zone):
        # A day of its own, since the library remembers what it has judged.
        page = PAGE.replace("{day}", f"{year % 28 + 1:02}")
        assert document_of_page(page, options=Reading()).facts.published == (
            f"2020-05-{year % 28 + 1:02}"
        )
        assert iso_date("21 May 20") == "2020-05-21"
        assert iso_date("May 21, 2020 10:00 EST") == "2020-05-21T10:00:00"
        assert iso_date("21 May 2020 10:00 GMT") == "2020-05-21T10:00:00+00:00"

"""Where people decided, their label counts, and every figure says how many do."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from annotator.cli import app
from annotator.codebook import LABELS, LabelName
from annotator.collection import profile_outlets
from annotator.errors import BadResults
from annotator.profile import profile
from annotator.records import (
    Article,
    Decision,
    Group,
    Label,
    LoadedTerm,
    MarkedSpan,
    ScoredArticle,
    Sentence,
    Span,
    VoicedSpan,
)
from annotator.report.html import write_report
from annotator.store import Results, ResultsWriter, read_results
from annotator.store.decisions import (
    DECISIONS,
    decision,
    decision_row,
    write_decisions,
)
from annotator.store.reviews import open_log

FACT, CLAIM, OPINION, ALLEGATION = LABELS
AT = datetime(2031, 5, 4, 12, tzinfo=UTC)
LINES = ("The cruel council met.", "It is said the port closed.", "All left.")


def article(name: str, outlet: str | None = "Herald") -> ScoredArticle:
    """Three sentences, all reported fact; "cruel" is loaded, the second is quoted."""
    text, sentences = "", []
    for index, line in enumerate(LINES):
        start = len(text) + bool(text)
        text = f"{text} {line}".strip()
        sentences.append(Sentence(f"{name}:{index}", name, index, start, len(text)))
    flags = [(), ("nobody can be asked",), ()]
    return ScoredArticle(
        Article(name, f"{name}.txt", text, outlet=outlet, title="The port"),
        tuple(sentences),
        {
            s.sentence_id: Label(s.sentence_id, FACT, (0.7, 0.1, 0.1, 0.1), 0.7, f, "m")
            for s, f in zip(sentences, flags, strict=True)
        },
        voices=tuple(
            VoicedSpan(s.sentence_id, s.span, "quoted" if s.index == 1 else "outlet")
            for s in sentences
        ),
        loaded_terms=(LoadedTerm(f"{name}:0", Span(4, 9), "council", "-", "outlet"),),
    )


def decided(
    sentence_id: str,
    label: LabelName | None = OPINION,
    reviewer: str = "ada",
    **more: Any,
) -> Decision:
    values = {
        "decision_id": uuid4().hex,
        "sentence_id": sentence_id,
        "article_id": sentence_id.split(":", maxsplit=1)[0],
        "reviewer": reviewer,
        "action": "label",
        "label": label,
        "spans": None,
        "note": "",
        "seconds": 2.5,
        "at": AT,
        "blind": False,
        "turn": "review",
        "machine_label": FACT,
        "machine_confidence": 0.7,
        "model": "m",
    }
    return Decision(**values | more)


def results(path: Path, *articles: ScoredArticle) -> Results:
    with ResultsWriter(path) as out:
        for scored in articles:
            out.add_article(
                scored.article,
                scored.sentences,
                scored.labels,
                status="scored",
                reason=None,
            )
            out.add_voices(scored.article, scored.voices)
            out.add_loaded_terms(scored.article, scored.loaded_terms)
        profiles = profile(
            [a.article for a in articles],
            [s for a in articles for s in a.sentences],
            {k: v for a in articles for k, v in a.labels.items()},
        )
        out.finish(profiles, {"model": "m"})
    return read_results(path)


@pytest.fixture
def stored(tmp_path: Path) -> Results:
    made = [article("a"), article("b"), article("c", None)]
    return results(tmp_path / "results", *made)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
marks = st.builds(
    MarkedSpan,
    st.sampled_from(["source", "cue", "content", "loaded"]),
    st.builds(Span, st.integers(0, 9), st.integers(10, 99)),
    st.none() | st.just("government"),
    st.none() | st.sampled_from(["+", "-"]),
    st.none() | st.sampled_from(["outlet", "quoted"]),
)
decisions = st.builds(
    Decision,
    decision_id=texts,
    sentence_id=texts,
    article_id=texts,
    reviewer=texts,
    action=st.sampled_from(["label", "skip", "undo"]),
    label=st.none() | st.sampled_from(LABELS),
    spans=st.none() | st.lists(marks, max_size=3).map(tuple),
    note=texts,
    seconds=st.floats(0, 1e4),
    at=st.datetimes(datetime(1990, 1, 1), timezones=st.just(UTC)),
    blind=st.booleans(),
    turn=st.sampled_from(["review", "adjudication"]),
    machine_label=st.sampled_from(LABELS),
    machine_confidence=st.floats(0, 1),
    model=texts,
    origin=texts,
)


@settings(max_examples=60, deadline=None)
@given(decisions)
def test_a_stored_decision_comes_back_equal(made: Decision) -> None:
    row = decision_row(made)
    assert set(row) == set(DECISIONS.names)
    (read,) = pa.Table.from_pylist([row], schema=DECISIONS).to_pylist()
    assert decision(read) == made


def test_decisions_written_are_read_in_their_order_and_replace_those_before(
    stored: Results,
) -> None:
    first, second = decided("a:0"), decided("b:2", CLAIM)
    assert list(stored.decisions()) == []
    write_decisions(stored.path, [second])
    write_decisions(stored.path, [second, first])
    assert list(stored.decisions()) == [second, first]
    found = duckdb.connect().execute(
        f"SELECT reviewer FROM '{stored.path}/decisions.parquet'"
    )
    assert found.fetchall() == [("ada",), ("ada",)]


@pytest.mark.parametrize(
    ("given", "label"),
    [
        ([], FACT),
        ([decided("a:0")], OPINION),
        ([decided("a:0", FACT)], FACT),
        ([decided("a:0"), decided("a:0", CLAIM, "bob")], FACT),
        (
            [
                decided("a:0"),
                decided("a:0", CLAIM, "bob"),
                decided("a:0", ALLEGATION, "eve", turn="adjudication"),
            ],
            ALLEGATION,
        ),
        ([decided("a:0"), decided("a:0", None, action="undo")], FACT),
        ([decided("a:0", None, action="skip")], FACT),
        ([decided("gone:7")], FACT),
    ],
    ids=[
        "nobody decided",
        "one did",
        "one agreed",
        "two differ",
        "an adjudicator settled it",
        "taken back",
        "skipped",
        "on a sentence that is not here",
    ],
)
def test_the_label_that_counts_is_peoples_and_the_machines_stays(
    stored: Results, given: Sequence[Decision], label: LabelName
) -> None:
    write_decisions(stored.path, given)
    scored = next(iter(stored.scored()))
    assert scored.label_of("a:0") == label
    assert scored.labels["a:0"].label == FACT
    assert set(scored.verdicts) <= set(scored.labels)


def test_figures_count_peoples_labels_and_say_how_many(stored: Results) -> None:
    given = [decided("a:0"), decided("a:1", FACT), decided("c:1", CLAIM)]
    write_decisions(stored.path, given)
    found = profile_outlets(stored.path)
    shares = {
        (e.group.outlet, e.measure): (e.numerator, e.denominator)
        for e in found.estimates
    }
    assert shares["Herald", "opinion"] == (1, 6)
    assert shares["Herald", "reported_fact"] == (5, 6)
    assert shares["", "attributed_claim"] == (1, 3)
    assert shares["Herald", "flagged"] == (2, 6), "flags stay the machine's"
    assert found.labels_by_people == {Group("Herald"): 2, Group(""): 1}
    counts = (
        duckdb.connect()
        .execute(
            "SELECT DISTINCT outlet, labels_by_people FROM "
            f"'{stored.path}/profiles.parquet' ORDER BY outlet"
        )
        .fetchall()
    )
    assert counts == [("", 1), ("Herald", 2)]


def test_the_closing_table_counts_them_too(stored: Results) -> None:
    write_decisions(stored.path, [decided("a:0"), decided("c:1", CLAIM)])
    profile_outlets(stored.path)
    rows = {p.outlet: [s.count for s in p.labels] for p in stored.outlets()}
    assert rows == {"Herald": [5, 0, 1, 0], None: [2, 1, 0, 0]}
    assert stored.labels_by_people() == {Group("Herald"): 1, Group(""): 1}


def test_a_copy_counts_once_in_the_number_of_peoples_labels(tmp_path: Path) -> None:
    original, copy = article("a"), article("b")
    made = Article("b", "b.txt", copy.article.text, None, "Herald", duplicate_of="a")
    copy = ScoredArticle(made, copy.sentences, copy.labels, voices=copy.voices)
    stored = results(tmp_path / "results", original, copy)
    write_decisions(stored.path, [decided("a:0"), decided("b:0")])
    assert profile_outlets(stored.path).labels_by_people == {Group("Herald"): 1}


def test_without_decisions_the_closing_table_is_left_as_it_is(stored: Results) -> None:
    before = (stored.path / "outlets.parquet").read_bytes()
    found = profile_outlets(stored.path)
    assert (stored.path / "outlets.parquet").read_bytes() == before
    assert found.labels_by_people == stored.labels_by_people() == {}
    assert not stored.has("decisions")


SAME, OTHER = Span(4, 9), Span(10, 17)


@pytest.mark.parametrize(
    ("spans", "terms"),
    [
        (None, [("a:0", Span(4, 9), "council", "-", "outlet")]),
        ((), []),
        ((MarkedSpan("cue", SAME),), []),
        (
            (MarkedSpan("loaded", SAME, polarity="+"),),
            [("a:0", Span(4, 9), "council", "+", "outlet")],
        ),
        (
            (MarkedSpan("loaded", OTHER, polarity="-"),),
            [("a:0", Span(10, 17), None, "-", "outlet")],
        ),
        (
            (MarkedSpan("loaded", OTHER, polarity="-", voice="quoted"),),
            [("a:0", Span(10, 17), None, "-", "quoted")],
        ),
        ((MarkedSpan("loaded", OTHER),), []),
    ],
    ids=[
        "not corrected",
        "all taken away",
        "another layer",
        "another polarity",
        "another place",
        "another voice",
        "no polarity",
    ],
)
def test_corrected_loaded_terms_are_those_that_count(
    stored: Results, spans: tuple[MarkedSpan, ...] | None, terms: list[Any]
) -> None:
    write_decisions(stored.path, [decided("a:0", spans=spans)])
    first, second, _ = stored.scored()
    found = [
        (t.sentence_id, t.span, t.target, t.polarity, t.voice)
        for t in first.loaded_terms
    ]
    assert found == terms
    assert len(second.loaded_terms) == 1


def test_a_new_loaded_term_is_in_the_voice_in_which_it_stands(stored: Results) -> None:
    mark = MarkedSpan("loaded", Span(0, 2), polarity="-")
    write_decisions(stored.path, [decided("a:1", spans=(mark,))])
    terms = next(iter(stored.scored())).loaded_terms
    assert [(t.span, t.voice) for t in terms] == [
        (Span(4, 9), "outlet"),
        (Span(23, 25), "quoted"),
    ]


def test_a_folder_with_decisions_is_never_scored_over(stored: Results) -> None:
    write_decisions(stored.path, [decided("a:0")])
    with pytest.raises(BadResults, match=r"decisions\.parquet"):
        ResultsWriter(stored.path)


class TestReport:
    def page(self, stored: Results) -> str:
        write_report(stored, stored.path / "report.html")
        return (stored.path / "report.html").read_text("utf-8")

    def test_it_says_how_many_labels_are_peoples_and_where(
        self, stored: Results
    ) -> None:
        given = [decided("a:0"), decided("a:1", FACT), decided("c:1", CLAIM)]
        write_decisions(stored.path, given)
        profile_outlets(stored.path)
        page = self.page(stored)
        assert "People decided on 3 of the 9 labelled sentences; they gave 2 " in page
        assert "<small>2 labels given by people</small>" in page
        assert "<small>1 label given by people</small>" in page

    def test_it_shows_their_label_and_keeps_the_machines_beside_it(
        self, stored: Results
    ) -> None:
        write_decisions(stored.path, [decided("a:1", OPINION)])
        page = self.page(stored)
        assert page.count("data-h=f") == 1
        assert "Opinion, decided by people · the model: reported fact, 70 %" in page

    def test_sentences_behind_a_figure_are_marked(self, stored: Results) -> None:
        write_decisions(stored.path, [decided("a:0")])
        profile_outlets(stored.path)
        from annotator.report.evidence import Cell
        from annotator.report.samples import collect

        cells = [Cell("Herald", "measure", "opinion"), Cell("Herald", "measure", FACT)]
        found = collect(stored, cells, shown=0)
        rows = found.data["sentences"]
        assert isinstance(rows, list)
        assert [row[2:3] + row[4:] for row in rows if row[:2] == [0, 0]] == [
            ["o", True]
        ]
        assert {row[4] for row in rows if row[:2] != [0, 0]} == {False}

    def test_without_decisions_it_says_nothing_of_people(self, stored: Results) -> None:
        profile_outlets(stored.path)
        page = self.page(stored)
        assert "given by people" not in page
        assert "data-h=" not in page


def test_profile_brings_the_decisions_of_the_review_beside_it(
    stored: Results, tmp_path: Path
) -> None:
    with open_log(stored.path) as log:
        log.add_account("ada", "reviewer", None)
        log.record(decided("a:0"), None)
    out = tmp_path / "profiles.csv"
    done = CliRunner().invoke(
        app, ["profile", str(stored.path), "--format", "csv", "--out", str(out)]
    )
    assert done.exit_code == 0, done.output
    with out.open(encoding="utf-8-sig", newline="") as file:
        counted = {r["outlet"]: r["labels_by_people"] for r in csv.DictReader(file)}
    assert counted == {"Herald": "1", "": "0"}
    assert [d.sentence_id for d in stored.decisions()] == ["a:0"]


def test_profile_says_whose_labels_it_counts(stored: Results) -> None:
    write_decisions(stored.path, [decided("a:0")])
    done = CliRunner().invoke(app, ["profile", str(stored.path)])
    assert done.exit_code == 0, done.output
    said = " ".join(done.output.split())
    assert "Labels given by people, counted in these figures: Herald (1)" in said


def test_a_review_without_a_decision_changes_nothing(stored: Results) -> None:
    with open_log(stored.path) as log:
        log.add_account("ada", "reviewer", None)
    done = CliRunner().invoke(app, ["profile", str(stored.path)])
    assert done.exit_code == 0, done.output
    assert not stored.has("decisions")
